"""Draws variants: a seed's numbers are sampled, solved and audited, and a bad draw is drawn again."""

from __future__ import annotations

from collections import Counter
from functools import cache

from generator.errors import AuditError, InputError, Rejected, error_context
from generator.problem import audit
from generator.problem.draw import Draw, stream
from generator.problem.parts import walk
from generator.problem.problem import Problem, Variant

MAX_ATTEMPTS = 200
"""How often a variant is drawn again before the sampler is called broken."""


def draw_variant(
    problem: Problem, seed: int | str, student: str = "", copy: int = 1, level: str = "standard"
) -> Variant:
    """Return the variant of a seed and a student, of no sheet.  See :func:`draw_from`."""
    label = f"seed {seed}" + (f", student {student!r}" if student else "")
    return draw_from(problem, stream(seed, student), copy, level, label)


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
    for attempt in range(MAX_ATTEMPTS):
        try:
            with error_context(problem.id, where, problem.source):
                params = problem.read(sample(Draw(*key, attempt)))
                variant = Variant(problem, params, problem.graph.solve(params), level, reasons)
                findings = audit.disagreements(variant)
                findings += audit.hidden_mistakes(variant)
                findings += audit.bad_signature(variant)
        except Rejected as rejection:
            reasons[str(rejection)] += 1
            continue
        wrong = [finding for finding in findings if finding.is_wrong]
        if wrong:
            raise AuditError(f"{where}: {'; '.join(map(str, wrong))}")
        if not findings:
            return variant
        reasons[str(findings[0])] += 1
    common = ", ".join(f"{reason} ({count}×)" for reason, count in reasons.most_common(4))
    raise AuditError(f"{where}: no good draw in {MAX_ATTEMPTS} attempts: {common}")


@cache
def known_parts(problem: Problem) -> frozenset[str]:
    """Return the ids of all parts, guided ones too, that the printed sheet and some variants of each level have."""
    variants = [
        problem.printed(),
        *(draw_variant(problem, seed, level=level) for level in problem.levels for seed in range(24)),
    ]
    return frozenset(part.id for variant in variants for part in walk(variant.all_parts))
