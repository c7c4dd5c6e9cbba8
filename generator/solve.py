"""The exact solution of a user's own numbers, as JSON."""

from __future__ import annotations

import json
from typing import Any

from generator import audit
from generator.encoding import encode
from generator.errors import AuditError, InputError
from generator.manifest import to_json
from generator.problem import Problem, Variant


def solve_json(problem: Problem, text: str | bytes, name: str = "the parameters") -> str:
    """The solution of the parameters in the JSON ``text`` (UTF-8), itself as JSON.

    Raises :class:`InputError` naming the parameter that does not fit, and :class:`AuditError` should the
    exact solution and the second opinion disagree.
    """
    return to_json(solution(problem, _parsed(text, name)))


def solution(problem: Problem, raw: Any) -> dict[str, Any]:
    """The encoded solution of raw parameters: values, answers by part, and each mistake's answers."""
    variant = problem.variant(problem.read(raw))
    _confirm(variant)
    return {
        "problem": problem.id,
        "params": encode(dict(variant.params)),
        "values": encode(variant.values.computed),
        "answers": encode(variant.answers()),
        "mistakes": [
            {"name": mistake.name, "answers": encode(answers)}
            for mistake, answers in variant.mistaken_answers()
            if answers
        ],
    }


def _confirm(variant: Variant) -> None:
    wrong = [finding for finding in audit.disagreements(variant) if finding.is_wrong]
    if wrong and audit.fits_floats(variant.params):
        raise AuditError(f"{variant.problem.id}: " + "; ".join(map(str, wrong)))


def _parsed(text: str | bytes, name: str) -> Any:
    def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InputError(f"stands twice in {name}", field=twice)
        return table

    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=refuse_twice)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text: byte {error.start + 1} cannot be read") from error
    except (RecursionError, ValueError) as error:
        raise InputError(f"{name} cannot be read: nested too deeply or a number too long") from error
