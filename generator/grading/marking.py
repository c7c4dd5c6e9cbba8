"""One answer to one part of somebody's own numbers: what ``worksheet mark`` does."""

from __future__ import annotations

from collections.abc import Iterable

from generator.errors import InputError
from generator.grading.grader import Grader, Marked
from generator.paper.solve import arithmetic_limit, parsed
from generator.problem.problem import Problem
from generator.render.renderer import count_of


def mark_json(
    problem: Problem,
    params: str | bytes,
    part: str,
    answer: str,
    working: Iterable[str] = (),
    *,
    decimals: bool = True,
    name: str = "the parameters",
) -> Marked:
    """Mark ``answer`` to a part of the problem with the parameters in the JSON ``params``.

    ``working`` are texts ``NAME=VALUE``.  Raises :class:`InputError` naming the parameter, the part or the value at fault.
    """
    with arithmetic_limit():
        variant = problem.variant(problem.read(parsed(params, name)))
        return Grader(variant, decimals=decimals).mark(part, answer, _by_name(working))


def _by_name(working: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in working:
        name, separator, value = text.partition("=")
        name = name.strip()
        if not separator or not name:
            raise InputError(f"expected NAME=VALUE, such as mean='6 3 2'; got {text[:60]!r}", field="--working")
        if name in found:
            raise InputError(f"{name!r} is given twice", field="--working")
        found[name] = value
    return found


def as_text(marked: Marked) -> str:
    """The mark for a terminal."""
    if marked.points is None:
        head = f"for a person to mark, {count_of(marked.max_points, 'point')}"
    else:
        head = f"{marked.status}, {marked.points} of {count_of(marked.max_points, 'point')}"
    return f"{head}\n{marked.message}"
