"""The shape that a question itself gives its answer: that of something it prints.

Where the answer declares such a thing (``like``), its fields stand there from the start and tell nothing that the question
does not.  Where it does not, how many rows and columns there are is part of the answer, and the student says it.
"""

from __future__ import annotations

from typing import Any

from generator.errors import AuthoringError
from generator.practice.web.fields import MAX_SIDE, Grid
from generator.problem.answers import Answer, Matrix, Vector
from generator.problem.solution import Values


def stated_grid(answer: Answer, values: Values) -> Grid | None:
    """The shape of the answer's fields, from what is printed alone; None where the student has to know it.

    Also None for what is larger than a grid can be.  Raises :class:`AuthoringError` where the answer is like something that
    there is not.
    """
    if not isinstance(answer, Vector | Matrix) or not answer.like:
        return None
    rows, columns = _shape(answer, values)
    return Grid(rows, columns) if max(rows, columns) <= MAX_SIDE else None


def _shape(answer: Vector | Matrix, values: Values) -> tuple[int, int]:
    lines, _, name = answer.like.rpartition(" of ")
    printed: Any = values.known.get(name)
    is_matrix = isinstance(answer, Matrix)
    try:
        if not is_matrix and not lines:
            return 1, len(printed)
        rows, columns = len(printed), len(printed[0])
        return (rows, columns) if is_matrix else (1, {"rows": rows, "columns": columns}[lines])
    except (KeyError, TypeError):
        kind = "a matrix" if is_matrix or lines else "a vector"
        raise AuthoringError(
            f"{answer.step}: like={answer.like!r} should name {kind} that the question prints, or its rows or columns; "
            f"there are {', '.join(values.known)}"
        ) from None
