r"""An answer as a student types it, read exactly: numbers, vectors and matrices, and each kind of answer.

Nothing is evaluated as code; every limit is checked before the arithmetic it is for; whatever cannot be read
raises :class:`UnreadableError`, which points at the place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from generator.errors.language import phrase
from generator.grading.compare import agree
from generator.grading.nesting import (
    TypedValue,
    Unread,
    depth_of,
    entries_of,
    flatten,
    nest,
    shape_of,
)
from generator.grading.reading.choices import read_choice, read_choices, read_option
from generator.grading.reading.doubts import check_other_readings, check_thousands, fits, may_be_grouped
from generator.grading.reading.entries import Entry, number_of, rows_of
from generator.grading.reading.label_order import check_label_order
from generator.grading.reading.several_shapes import read_shapes
from generator.grading.reading.shaped_rows import Rows, as_row, rows_like
from generator.grading.reading.shapes import read_shape
from generator.grading.reading.subsets import read_subsets
from generator.grading.reading.typed_words import read_words
from generator.numbers.evaluation import Evaluator
from generator.numbers.syntax_tree import decimal_places, tex
from generator.numbers.tokens import UnreadableError
from generator.problem.answers import Answer, Fields, Shape
from generator.problem.choices import Choice, Offered, Subsets, joined_keys, keys_in
from generator.problem.solution import Values
from generator.problem.word_answers import Words

# An evaluator is given where several texts share the budget of one answer.


def read_number(text: str, evaluator: Evaluator | None = None) -> TypedValue:
    """Read one number: ``-1 - 2√3/3``, ``0.25``, ``x = 3``, ``24/2 = 12``."""
    return _number(number_of(text), evaluator or Evaluator())


def _number(entry: Entry, evaluator: Evaluator) -> TypedValue:
    entry = _settled(entry, evaluator)
    places = decimal_places(entry.tree)
    return TypedValue(_value(evaluator, entry), {} if places is None else {(): places}, tex(entry.tree))


def read_vector(text: str, evaluator: Evaluator | None = None) -> TypedValue:
    """Read a row or a column of numbers: ``[1, 2, 3]``, ``1 2 3``, ``1; 2; 3``."""
    rows = rows_of(text)
    if len(rows) > 1 and max(map(len, rows)) > 1:
        reasons = [phrase("reading.one_row_or_column", rows=len(rows), columns=len(rows[0]))]
        if len(rows[0]) == 2 and "," in text and ";" in text:
            reasons.append(phrase("reading.for_decimals"))
        raise UnreadableError("; ".join(reasons), rows[1][0].start, (1, 0))
    return _strictly(as_row(rows), (sum(map(len, rows)),), evaluator or Evaluator())


def read_matrix(text: str, evaluator: Evaluator | None = None) -> TypedValue:
    """Read a matrix, with rows by newline, ``;``, brackets or LaTeX, all of one length."""
    rows = rows_of(text)
    return _strictly(rows, (len(rows), len(rows[0])), evaluator or Evaluator())


def _strictly(rows: Rows, shape: tuple[int, ...], evaluator: Evaluator) -> TypedValue:
    """Return the value of entries that can all be read; raise :class:`UnreadableError` for the first that cannot."""
    for entry in flatten(tuple(map(tuple, rows))):
        if entry.error is not None:
            raise entry.error
    evaluator.allow_for(sum(map(len, rows)))
    rows = [[_settled(entry, evaluator) for entry in row] for row in rows]
    values = [_value(evaluator, entry) for row in rows for entry in row]
    return _typed(rows, values, shape)


def _by_entry(rows: Rows, like: Any, evaluator: Evaluator) -> TypedValue:
    """Return the value of entries of which some may be empty or unreadable; raise :class:`UnreadableError` if all are."""
    values: list[Any] = []
    errors: list[UnreadableError] = []
    evaluator.allow_for(sum(map(len, rows)))
    rows = [[_settled(entry, evaluator) for entry in row] for row in rows]
    for entry, right in zip(as_row(rows)[0], flatten(like), strict=True):
        try:
            if entry.error is not None:
                raise entry.error
            value = _value(evaluator, entry)
            check_thousands(entry, value, right)
        except UnreadableError as error:
            if may_be_grouped(entry.typed, right) or error.reason == phrase("reading.point_between_thousands"):
                raise
            value = Unread(entry.typed, error.reason if entry.typed else phrase("reading.nothing_here"))
            errors.append(error)
        values.append(value)
    if len(errors) == len(values):
        raise next((error for error, value in zip(errors, values, strict=True) if value.typed), errors[0])
    return _typed(rows, values, shape_of(like, depth_of(like)) or ())


def _typed(rows: Rows, values: Sequence[Any], shape: tuple[int, ...]) -> TypedValue:
    """Return the entries of ``rows`` with their values as one value of this shape."""
    entries = entries_of(nest(as_row(rows)[0], shape), len(shape))
    places = {
        index: found
        for index, entry in entries.items()
        if entry.trees and (found := decimal_places(entry.tree)) is not None
    }
    lines = (" & ".join(map(_entry_tex, row)) for row in rows)
    matrix = r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"
    return TypedValue(nest(values, shape), places, matrix)


def _entry_tex(entry: Entry) -> str:
    if entry.trees:
        return tex(entry.tree)
    return r"\text{?}" if entry.typed else r"\square"


def _value(evaluator: Evaluator, entry: Entry) -> Any:
    """Return the value of an entry, whose sides have to agree if it is a chain of equalities."""
    try:
        value = evaluator.value(entry.tree)
        others = [(evaluator.value(tree), tree) for tree in entry.trees if tree is not entry.tree]
    except UnreadableError as error:
        raise UnreadableError(error.reason, error.position, entry.place) from error
    for other, tree in others:
        if not agree(value, other, decimal_places(tree)):
            raise UnreadableError(phrase("reading.sides_not_equal"), tree.position, entry.place)
    return value


def _settled(entry: Entry, evaluator: Evaluator) -> Entry:
    """Return ``2√3 (3.464)`` as two sides if they agree; it stays a product if they do not."""
    if not entry.aside:
        return entry
    try:
        sides = replace(entry, trees=entry.aside, aside=())
        _value(evaluator, sides)
    except UnreadableError:
        return entry
    return sides


# ------------------------------------------------------------------------------------- kinds of answers


def read_answer(answer: Answer, values: Values, text: str) -> TypedValue:
    """Read the text as a value of the answer that it is for."""
    if isinstance(answer, Choice):
        return _choice(answer, values, text)
    if isinstance(answer, Offered):
        return _option(text, tuple(answer.value(solution) for solution in answer.solutions))
    if isinstance(answer, Subsets | Fields):
        check_label_order(text, answer.labels)
    if isinstance(answer, Subsets):
        return read_subsets(text, answer.letters, len(answer.labels))
    right = answer.value(values)
    if isinstance(answer, Words):
        return read_words(text, right)
    if isinstance(answer, Fields) and depth_of(right) > 1:
        return read_shapes(text, len(right))
    return _shape(text, right) if isinstance(answer, Shape) else read_like(text, right)


def _choice(answer: Choice, values: Values, text: str) -> TypedValue:
    keys = tuple(answer.options)
    if answer.several:
        letters = read_choices(text, len(keys))
        chosen, right = [keys[place] for place in letters.value], keys_in(answer.value(values))
        ordered = [key for key in right if key in chosen] + [key for key in chosen if key not in right]
        return TypedValue(joined_keys(ordered), {}, letters.tex)
    named = read_option(text, keys)
    return _option(text, keys) if named is None else TypedValue(named)


def _shape(text: str, right: Any) -> TypedValue:
    """Read a shape, whose sizes may also be written like the entries of a vector: with spaces, or as products."""
    try:
        return read_shape(text)
    except UnreadableError:
        if _BY.search(text) is not None:
            raise
        other = read_like(text, right)
        if len(other.value) == 1 and len(right) > 1:  # 4/128
            raise
        return other


_BY = re.compile(r"[0-9]\s*(?:[x×✕X]|by)\s*[0-9]")
"""Between two sizes: such a text is a shape, and no vector of products."""


def _option(text: str, options: tuple[Any, ...]) -> TypedValue:
    """Read the letter of an option."""
    letter = read_choice(text, len(options))
    return TypedValue(options[letter.value], {}, letter.tex)


def entry_depth(answer: Answer, values: Values) -> int:
    """Return how deep the entries are that are marked by themselves: a field that is a shape is one entry."""
    if isinstance(answer, Choice | Offered):
        return 0
    return 1 if isinstance(answer, Fields | Subsets) else depth_of(answer.value(values))


def read_like(text: str, like: Any, evaluator: Evaluator | None = None) -> TypedValue:
    """Read the text as a value of the same kind as ``like``: a number, a vector, a matrix, or a word.

    A wrong shape is not unreadable, unless it would be right if commas or spaces were meant otherwise.
    """
    if isinstance(like, str):
        return TypedValue(text.strip())
    if isinstance(like, tuple) and like and isinstance(like[0], str):
        return read_words(text, like)
    depth = depth_of(like)
    evaluator = evaluator or Evaluator()
    if depth == 0:
        entry = number_of(text)
        typed = _number(entry, evaluator)
        check_thousands(entry, typed.value, like)
        return typed
    if depth not in _READERS:
        raise UnreadableError(phrase("reading.cannot_be_typed"))
    rows = rows_like(text, like)
    if rows is not None:
        return _by_entry(rows, like, evaluator)
    typed = _READERS[depth](text, evaluator)
    if not fits(typed, like):
        check_other_readings(text, like, lambda other: _READERS[depth](other, evaluator))
    return typed


def typed_entries(text: str, shape: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the entries of a vector or matrix as they are typed, by rows, whether each can be read or not.

    ``shape`` is the one expected; where the text has it, a vector is one row.  Raise :class:`UnreadableError` where it
    cannot be told which entries there are.
    """
    like = nest([0] * math.prod(shape), shape)
    rows = rows_like(text, like)
    if rows is not None:
        entries = as_row(rows)[0]
        rows = [entries[start : start + shape[-1]] for start in range(0, len(entries), shape[-1])]
    else:
        rows = rows_of(text)
        check_other_readings(text, like, lambda other: _READERS[len(shape)](other, Evaluator()))
    return tuple(tuple(entry.typed for entry in row) for row in rows)


def _read_vector_or_matrix(text: str, evaluator: Evaluator) -> TypedValue:
    try:
        return read_vector(text, evaluator)
    except UnreadableError as error:
        try:
            return read_matrix(text, evaluator)  # of another shape, which is wrong and not invalid
        except UnreadableError:
            raise error from None


_READERS = {1: _read_vector_or_matrix, 2: read_matrix}
