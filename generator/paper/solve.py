"""The exact solution of a user's own numbers, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.json_text import to_json
from generator.paper.timeout import time_limit
from generator.problem import audit
from generator.problem.problem import Problem

MAX_SECONDS = 30.0
"""The time limit for the solution of somebody's own numbers."""

TOLERANCE = 1e-6
"""One's own numbers may be far from round: floats are given more room than with a sampled variant."""


def solve_json(problem: Problem, text: str | bytes, name: str = "the parameters") -> str:
    """The solution of the parameters in the JSON ``text`` (UTF-8), itself as JSON.

    Raises :class:`InputError` naming the parameter that does not fit, and :class:`AuditError` should the
    exact solution and the second opinion disagree.
    """
    return to_json(solution(problem, parsed(text, name)))


def solution(problem: Problem, raw: Any) -> dict[str, Any]:
    """The encoded solution of raw parameters: values, answers by part, and each mistake's answers.

    Where the numbers are too large or small for a second opinion in floats, ``"confirmed": false`` says so.
    """
    with arithmetic_limit():
        return _solution(problem, raw)


def _solution(problem: Problem, raw: Any) -> dict[str, Any]:
    variant = problem.variant(problem.read(raw))
    confirmed = audit.fits_floats(variant.params)
    if confirmed:
        audit.confirm(variant, TOLERANCE)
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
        **({} if confirmed else {"confirmed": False}),
    }


@contextmanager
def arithmetic_limit() -> Iterator[None]:
    """Refuse somebody's numbers where exact arithmetic takes longer than :data:`MAX_SECONDS`, or has results too long to write."""
    with time_limit(MAX_SECONDS) as limit:
        try:
            with limit:
                yield
        except TimeoutError as error:
            raise InputError(
                f"the exact solution of these numbers takes longer than {MAX_SECONDS:g} seconds; use smaller numbers, or "
                "fewer different roots and logarithms"
            ) from error
        except ValueError as error:
            if "integer string conversion" not in str(error):  # which is how Python says so
                raise
            most = sys.get_int_max_str_digits()
            raise InputError(
                f"the exact solution has a number of more than {most} digits; use smaller numbers"
            ) from error


def parsed(text: str | bytes, name: str) -> Any:
    """Return the value of the JSON ``text`` (UTF-8), called ``name``; no key may occur twice.  Raises :class:`InputError`."""

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
