"""Draws variants: a seed's numbers are sampled, solved and audited, and a bad draw is drawn again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from generator.errors import AuditError, AuthoringError, InputError, Rejected, error_context, expected, line_of_error
from generator.problem import audit
from generator.problem.author_code import AuthorCode, line_of_function
from generator.problem.draw import Draw, stream
from generator.problem.giveaways import alone
from generator.problem.parts import walk
from generator.problem.problem import Problem, Variant
from generator.problem.solution import call_by_name, can_call_by_name

MAX_ATTEMPTS = 200
"""How often a variant is drawn again before the sampler is called broken."""


def draw_variant(
    problem: Problem, seed: int | str, student: str = "", copy: int = 1, level: str = "standard"
) -> Variant:
    """Return the variant of a seed and a student, of no sheet and alone on its paper.  See :func:`draw_from`."""
    label = f"seed {seed}" + (f", student {student!r}" if student else "")
    return alone(draw_from(problem, stream(seed, student), copy, level, label))


def draw_from(
    problem: Problem, source: str, copy: int = 1, level: str = "standard", label: str = "", again: int = 0
) -> Variant:
    """Return the variant of a paper's stream, audited; bad draws are drawn again, a bounded number of times.

    ``copy`` counts how often the problem has come on the sheet; ``level`` is one of its levels; ``label`` is what errors
    call the stream, which they do not show; ``again`` counts the times that somebody else had the variant.  Raises :class:`AuditError` with the
    reasons when all attempts are bad, and at once when the key and the second opinion disagree: no new draw may hide a
    wrong key.
    """
    if level not in problem.levels:
        raise InputError(f"{problem.id} has no level {level!r}; it has {', '.join(problem.levels)}", field="level")
    where = problem.id + (f" ({level})" if level != "standard" else "") + (f", {label}" if label else "")
    key: tuple[str | int, ...] = (problem.id, source)
    key += (f"copy {copy}",) * (copy > 1) + (level,) * (level != "standard") + (f"again {again}",) * (again > 0)
    sample = problem.levels[level].sample
    reasons: Counter[str] = Counter()
    where_from: dict[str, tuple[str, str]] = {}
    for attempt in range(MAX_ATTEMPTS):
        try:
            with error_context(problem.id, where, problem.home):
                with AuthorCode(problem.home, "sample()", sample):
                    params = problem.read(sampled(sample, Draw(*key, attempt)))
                with AuthorCode(problem.home, ""):
                    variant = Variant(problem, params, problem.graph.solve(params), level, reasons)
                _accept(variant)
                findings = audit.disagreements(variant)
                wrong = [finding for finding in findings if finding.is_wrong]
                if wrong:
                    raise AuditError("; ".join(map(str, wrong))).locate(line=wrong[0].line)
                findings += audit.hidden_mistakes(variant) + audit.bad_signature(variant)
        except Rejected as rejection:
            reasons[str(rejection)] += 1
            function = problem.accept if str(rejection).startswith("accept()") else sample
            line = line_of_error(rejection, problem.home) or line_of_function(function, problem.home)
            where_from.setdefault(str(rejection), ("sample()", line))
            continue
        if not findings:
            return variant
        reasons[str(findings[0])] += 1
        where_from.setdefault(str(findings[0]), ("", audit.line_of_finding(variant, findings[0])))
    common = reasons.most_common(4)
    listed = ", ".join(f"{reason} ({count}×)" for reason, count in common)
    item, line = where_from[common[0][0]]
    raise AuditError(f"no good draw in {MAX_ATTEMPTS} attempts: {listed}").locate(
        context=where, item=item, line=line or line_of_function(sample, problem.home)
    )


def _accept(variant: Variant) -> None:
    """Throw a draw away that the problem does not accept."""
    accept = variant.problem.accept
    if accept is None or not can_call_by_name(accept, variant.values.known):
        return
    with AuthorCode(variant.problem.home, "accept()", accept):
        verdict = call_by_name(accept, variant.values.known)
        if verdict is None:
            raise AuthoringError("returned nothing: is a `return` missing?")
        if not verdict:
            said = (accept.__doc__ or "").strip().partition("\n")[0].rstrip(".")
            raise Rejected(f"accept() says no: {said}" if said else "accept() says no")


def sampled(sample: Callable[[Draw], Mapping[str, Any]], draw: Draw) -> Mapping[str, Any]:
    """Return what a sampler draws; raise :class:`AuthoringError` if it is no table of parameters."""
    raw = sample(draw)
    if raw is None:
        raise AuthoringError("returned nothing: is a `return` missing?")
    if not isinstance(raw, Mapping):
        raise AuthoringError(expected("a dictionary of the parameters", repr(raw)))
    return raw


@cache
def known_parts(problem: Problem) -> frozenset[str]:
    """Return the ids of all parts, guided ones too, that the printed sheet and some variants of each level have."""
    variants = [
        *([problem.printed()] if problem.original is not None else []),
        *(draw_variant(problem, seed, level=level) for level in problem.levels for seed in range(24)),
    ]
    return frozenset(part.id for variant in variants for part in walk(variant.all_parts))
