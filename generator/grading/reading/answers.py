r"""An answer as a student types it, read exactly: numbers, vectors and matrices, and each kind of answer.

Nothing is evaluated as code; every limit is checked before the arithmetic it is for; whatever cannot be read
raises :class:`UnreadableError`, which points at the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generator.grading.nesting import Index, TypedValue, depth_of, reshaped_like, same_shape
from generator.grading.reading.choices import read_choice
from generator.grading.reading.entries import Entry, number_of, rows_of
from generator.grading.reading.shapes import read_shapes
from generator.numbers.evaluation import Evaluator
from generator.numbers.syntax_tree import decimal_places, tex
from generator.numbers.tokens import MAX_NUMBER_CHARACTERS, UnreadableError, tokenize
from generator.problem.answers import Answer, Fields
from generator.problem.choices import Choice, Offered
from generator.problem.solution import Values

# An evaluator is given where several texts share the budget of one answer.


def read_number(text: str, evaluator: Evaluator | None = None) -> TypedValue:
    """Read one number: ``-1 - 2√3/3``, ``0.25``, ``x = 3``."""
    tree = number_of(tokenize(text, MAX_NUMBER_CHARACTERS)).tree
    places = decimal_places(tree)
    return TypedValue((evaluator or Evaluator()).value(tree), {(): places} if places else {}, tex(tree))


def read_vector(text: str, evaluator: Evaluator | None = None) -> TypedValue:
    """Read a row or a column of numbers: ``[1, 2, 3]``, ``1 2 3``, ``1; 2; 3``."""
    rows = rows_of(tokenize(text))
    if len(rows) > 1 and max(map(len, rows)) > 1:
        point = "; for decimals write 1.5, not 1,5" if len(rows[0]) == 2 and "," in text and ";" in text else ""
        raise UnreadableError(
            f"expected one row or one column; this has {len(rows)} rows of {len(rows[0])} entries{point}",
            rows[1][0].start,
            (1, 0),
        )
    entries = rows[0] if len(rows) == 1 else tuple(row[0] for row in rows)
    evaluator = evaluator or Evaluator()
    value = tuple(_value(evaluator, entry) for entry in entries)
    places = _decimal_places({(i,): entry for i, entry in enumerate(entries)})
    return TypedValue(value, places, _matrix_tex([entries]))


def read_matrix(text: str, evaluator: Evaluator | None = None) -> TypedValue:
    """Read a matrix, with rows by newline, ``;``, brackets or LaTeX, all of one length."""
    rows = rows_of(tokenize(text))
    evaluator = evaluator or Evaluator()
    value = tuple(tuple(_value(evaluator, entry) for entry in row) for row in rows)
    places = _decimal_places({(i, j): entry for i, row in enumerate(rows) for j, entry in enumerate(row)})
    return TypedValue(value, places, _matrix_tex(rows))


def _value(evaluator: Evaluator, entry: Entry) -> Any:
    try:
        return evaluator.value(entry.tree)
    except UnreadableError as error:
        raise UnreadableError(error.reason, error.position, entry.place) from error


def _decimal_places(entries: Mapping[Index, Entry]) -> dict[Index, int]:
    return {index: places for index, entry in entries.items() if (places := decimal_places(entry.tree))}


def _matrix_tex(rows: Sequence[Sequence[Entry]]) -> str:
    lines = (" & ".join(tex(entry.tree) for entry in row) for row in rows)
    return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"


# ------------------------------------------------------------------------------------- kinds of answers


def read_answer(answer: Answer, values: Values, text: str) -> TypedValue:
    """Read the text as a value of the answer that it is for."""
    if isinstance(answer, Choice):
        keys = tuple(answer.options)
        if text.strip() in keys:  # as ``solve`` prints it
            return TypedValue(text.strip())
        return _option(text, keys)
    if isinstance(answer, Offered):
        return _option(text, tuple(answer.value(solution) for solution in answer.solutions))
    right = answer.value(values)
    if isinstance(answer, Fields) and depth_of(right) > 1:
        return read_shapes(text)
    return read_like(text, right)


def _option(text: str, options: tuple[Any, ...]) -> TypedValue:
    """Read the letter of an option."""
    letter = read_choice(text, len(options))
    return TypedValue(options[letter.value], {}, letter.tex)


def entry_depth(answer: Answer, values: Values) -> int:
    """Return how deep the entries are that are marked by themselves: a field that is a shape is one entry."""
    if isinstance(answer, Choice | Offered):
        return 0
    return 1 if isinstance(answer, Fields) else depth_of(answer.value(values))


def read_like(text: str, like: Any, evaluator: Evaluator | None = None) -> TypedValue:
    """Read the text as a value of the same kind as ``like``: a number, a vector, a matrix, or a word.

    A wrong shape is not unreadable, unless it would be right if commas or spaces were meant otherwise.
    """
    if isinstance(like, str):
        return TypedValue(text.strip())
    text = text.replace('"', " ")  # as ``solve`` prints exact numbers
    depth = depth_of(like)
    evaluator = evaluator or Evaluator()
    if depth == 0:
        return read_number(text, evaluator)
    if depth not in _READERS:
        raise UnreadableError("values of this kind cannot be typed")
    typed = _READERS[depth](text, evaluator)
    if not _fits(typed, like):
        _check_other_readings(text, like, lambda other: _READERS[depth](other, evaluator))
    return typed


def _read_vector_or_matrix(text: str, evaluator: Evaluator) -> TypedValue:
    try:
        return read_vector(text, evaluator)
    except UnreadableError as error:
        try:
            return read_matrix(text, evaluator)  # of another shape, which is wrong and not invalid
        except UnreadableError:
            raise error from None


_READERS = {1: _read_vector_or_matrix, 2: read_matrix}

_OTHER_READINGS = (
    (
        re.compile(r"(?<=\d),(?=\d)"),
        ".",
        "a comma between digits may be a decimal comma or separate entries; write 1.5, or a space after each comma",
    ),
    (
        re.compile(r"(?<=[\d)}]) +(?=√|\\?sqrt|\\?pi|π|e\b|\\?ln|\\?log|\\?exp|\\[dt]?frac|\()"),
        "*",
        "a space may separate entries or be part of one; write 2*√3, or separate all entries by commas",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +(?=[-+−–]\S)"),
        "",
        "a space before a sign may separate entries or be part of one; separate all entries by commas",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +([-+−–]) +"),
        r" \1",
        "a sign between spaces may begin an entry or be inside one; separate all entries by commas",
    ),
)


def _check_other_readings(text: str, right: Any, read: Callable[[str], TypedValue]) -> None:
    """Raise :class:`UnreadableError` if the text would have the right shape when commas or spaces are read otherwise."""
    for pattern, replacement, reason in _OTHER_READINGS:
        first = pattern.search(text)
        if first is None:
            continue
        try:
            other = read(pattern.sub(replacement, text))
        except UnreadableError:
            continue
        if _fits(other, right):
            raise UnreadableError(reason, first.start())


def _fits(typed: TypedValue, right: Any) -> bool:
    value = reshaped_like(typed, right).value
    return depth_of(value) == depth_of(right) and same_shape(value, right, depth_of(right))
