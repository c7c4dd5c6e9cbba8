r"""An answer as a student types it, read exactly: numbers, vectors and matrices, and each kind of answer.

Nothing is evaluated as code; every limit is checked before the arithmetic it is for; whatever cannot be read
raises :class:`UnreadableError`, which points at the place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import sympy

from generator.errors.language import phrase
from generator.grading.compare import agree
from generator.grading.nesting import (
    TypedValue,
    Unread,
    depth_of,
    entries_of,
    flatten,
    nest,
    reshaped_like,
    same_shape,
    shape_of,
)
from generator.grading.reading.choices import read_choice, read_choices, read_option
from generator.grading.reading.entries import Entry, number_of, rows_of
from generator.grading.reading.label_order import check_label_order
from generator.grading.reading.loose import BLANKS, loose_rows
from generator.grading.reading.prints import without_list_numbers
from generator.grading.reading.several_shapes import read_shapes
from generator.grading.reading.shapes import read_shape
from generator.grading.reading.subsets import read_subsets
from generator.grading.reading.typed_words import read_words
from generator.numbers.equality import same
from generator.numbers.evaluation import Evaluator
from generator.numbers.syntax_tree import Node, decimal_places, tex
from generator.numbers.tokens import MAX_CHARACTERS, UnreadableError, check_length
from generator.problem.answers import Answer, Fields, Shape
from generator.problem.choices import Choice, Offered, Subsets, joined_keys, keys_in
from generator.problem.solution import Values
from generator.problem.word_answers import Words

# An evaluator is given where several texts share the budget of one answer.

Rows = Sequence[Sequence[Entry]]


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
    return _strictly(_as_row(rows), (sum(map(len, rows)),), evaluator or Evaluator())


def read_matrix(text: str, evaluator: Evaluator | None = None) -> TypedValue:
    """Read a matrix, with rows by newline, ``;``, brackets or LaTeX, all of one length."""
    rows = rows_of(text)
    return _strictly(rows, (len(rows), len(rows[0])), evaluator or Evaluator())


def _as_row(rows: Rows) -> Rows:
    return [[entry for row in rows for entry in row]]


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
    for entry, right in zip(_as_row(rows)[0], flatten(like), strict=True):
        try:
            if entry.error is not None:
                raise entry.error
            value = _value(evaluator, entry)
            _check_thousands(entry, value, right)
        except UnreadableError as error:
            if _may_be(entry.typed, right) or error.reason == phrase("reading.point_between_thousands"):
                raise
            value = Unread(entry.typed, error.reason if entry.typed else phrase("reading.nothing_here"))
            errors.append(error)
        values.append(value)
    if len(errors) == len(values):
        raise next((error for error, value in zip(errors, values, strict=True) if value.typed), errors[0])
    return _typed(rows, values, shape_of(like, depth_of(like)) or ())


def _typed(rows: Rows, values: Sequence[Any], shape: tuple[int, ...]) -> TypedValue:
    """Return the entries of ``rows`` with their values as one value of this shape."""
    entries = entries_of(nest(_as_row(rows)[0], shape), len(shape))
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


_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def _check_thousands(entry: Entry, value: Any, right: Any) -> None:
    """Refuse ``1.795`` where 1795 would be right: elsewhere the point is one between thousands."""
    ungrouped = _ungrouped(entry.tree)
    if ungrouped == entry.tree or not isinstance(right, sympy.Expr) or same(value, right):
        return
    try:
        other = Evaluator().value(ungrouped)
    except UnreadableError:
        return
    if same(other, right):
        raise UnreadableError(phrase("reading.point_between_thousands"), entry.start, entry.place)


def _ungrouped(tree: Node) -> Node:
    """Return the tree with ``1795`` for each ``1.795``."""
    text = tree.text.replace(".", "") if tree.kind == "number" and _THOUSANDS.fullmatch(tree.text) else tree.text
    return replace(tree, text=text, operands=tuple(map(_ungrouped, tree.operands)))


_GROUPED = re.compile(r"([-+−–]?)[ ]*([1-9][0-9]{0,2})(?:\{,\}|[.,])([0-9]{3})")


def _may_be(typed: str, right: Any) -> bool:
    """Return whether ``1,795`` or ``1.795`` would be right, read in one of its two ways: then it is asked about."""
    found = _GROUPED.fullmatch(typed.strip())
    if found is None or not isinstance(right, sympy.Expr):
        return False
    whole = sympy.Integer(found[2] + found[3]) * (1 if found[1] in ("", "+") else -1)
    return same(whole, right) or agree(right, sympy.Rational(whole, 1000), 3)


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
        _check_thousands(entry, typed.value, like)
        return typed
    if depth not in _READERS:
        raise UnreadableError(phrase("reading.cannot_be_typed"))
    rows = _layout(text, like)
    if rows is not None:
        return _by_entry(rows, like, evaluator)
    typed = _READERS[depth](text, evaluator)
    if not _fits(typed, like):
        _check_other_readings(text, like, lambda other: _READERS[depth](other, evaluator))
    return typed


def typed_entries(text: str, shape: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the entries of a vector or matrix as they are typed, by rows, whether each can be read or not.

    ``shape`` is the one expected; where the text has it, a vector is one row.  Raise :class:`UnreadableError` where it
    cannot be told which entries there are.
    """
    like = nest([0] * math.prod(shape), shape)
    rows = _layout(text, like)
    if rows is not None:
        entries = _as_row(rows)[0]
        rows = [entries[start : start + shape[-1]] for start in range(0, len(entries), shape[-1])]
    else:
        rows = rows_of(text)
        _check_other_readings(text, like, lambda other: _READERS[len(shape)](other, Evaluator()))
    return tuple(tuple(entry.typed for entry in row) for row in rows)


_LAST_COMMA = re.compile(r",\s{0,20}(?:[\])};]|\Z)|,[ ]{0,20}\n")
_EMPTY_ROW = re.compile(r"^[ ]*(?:[\n;]|$)|[\n;][ ]*(?=[\n;]|$)")

_WORD_ALONE = re.compile(r"(?<![^\s;])[^\W\d_]+(?![^\s;])")


def _layout(text: str, like: Any) -> Rows | None:
    """Return the rows of entries that have the right shape: of several those with the fewest that cannot be read."""
    fitting = [rows for rows in _layouts(text, like) if _has_shape(rows, like)]
    best = min(fitting, key=_unreadable, default=None)
    if best is not None and not any(entry.error is not None and entry.typed for row in best for entry in row):
        return best
    shape = shape_of(like, depth_of(like)) or ()  # 0,5 -0,75 2 has commas that separate nothing
    if best is None:
        return None if ";" in text else next(filter(_readable_as(like), loose_rows(text, shape, (r"\|", BLANKS))), None)
    return next(filter(_readable_as(like), loose_rows(text, shape)), best)


def _readable_as(like: Any) -> Callable[[Rows], bool]:
    """Return the test whether all entries of some rows can be read, or are to be asked about."""

    def readable(rows: Rows) -> bool:
        entries = zip(_as_row(rows)[0], flatten(like), strict=True)
        return all(entry.error is None or _may_be(entry.typed, right) for entry, right in entries)

    return readable


def _unreadable(rows: Rows) -> int:
    return sum(entry.error is not None for row in rows for entry in row)


def _layouts(text: str, like: Any) -> Iterator[Rows]:
    """Yield the rows of entries that the text may have."""
    texts = [check_length(text, MAX_CHARACTERS)]
    if depth_of(like) == 1 and "\n" in text.strip() and "[" in text:  # as NumPy breaks the lines of a long vector
        texts.append(re.sub("[\r\n]", " ", text))
    if (other := without_list_numbers(text)) != text:
        texts.append(other)
    readable = False
    for one in texts:
        for last_may_be_empty in (False, True) if _LAST_COMMA.search(one) is not None else (False,):
            try:
                rows = rows_of(one, last_may_be_empty=last_may_be_empty)
            except UnreadableError:
                continue
            readable = True
            yield rows
    shape = shape_of(like, depth_of(like)) or ()
    if not readable:
        yield from loose_rows(text, shape)
    elif shape[1:] in ((), (1,)) and _EMPTY_ROW.search(text) is not None:
        yield from loose_rows(text, shape, separators=("&",))
    elif _WORD_ALONE.search(text) is not None:  # which is no unit then, but an entry that cannot be read
        yield from loose_rows(text, shape, separators=(" +",))


def _has_shape(rows: Rows, like: Any) -> bool:
    ours, theirs = (len(rows), len(rows[0])), shape_of(like, depth_of(like)) or ()
    if ours == theirs:
        return True
    if not theirs:  # vectors of several lengths
        return False
    return min(ours) == 1 and max(ours) == max(theirs) == ours[0] * ours[1] == len(flatten(like))


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
        re.compile(r"(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))"),
        " ",
        "reading.space_before_digits",
    ),
    (
        re.compile(r"(?<![\d.,] )(?<=\d) (?=\d{3}(?![\d.,]))"),
        "",
        "reading.space_before_digits",
    ),
    (
        re.compile(r"(?<=\d),(?=\d{3}(?!\d))"),
        "",
        "reading.comma_between_digits",
    ),
    (
        re.compile(r"(?<=\d),(?=\d)"),
        ".",
        "reading.comma_between_digits",
    ),
    (
        re.compile(r"(?<=[\d)}]) +(?=√|\\?sqrt|\\?pi|π|e\b|\\?ln|\\?log|\\?exp|\\?cos|\\?sin|\\[dt]?frac|\()"),
        "*",
        "reading.space_in_entry",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +(?=[-+−–]\S)"),
        "",
        "reading.space_before_sign",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +([-+−–]) +"),
        r" \1",
        "reading.sign_between_spaces",
    ),
)


def _check_other_readings(text: str, right: Any, read: Callable[[str], TypedValue]) -> None:
    """Raise :class:`UnreadableError` if the text would have the right shape when commas or spaces are read otherwise."""
    for pattern, replacement, key in _OTHER_READINGS:
        first = pattern.search(text)
        if first is None:
            continue
        try:
            other = read(pattern.sub(replacement, text))
        except UnreadableError:
            continue
        if _fits(other, right):
            raise UnreadableError(phrase(key), first.start())


def _fits(typed: TypedValue, right: Any) -> bool:
    value = reshaped_like(typed, right).value
    return depth_of(value) == depth_of(right) and same_shape(value, right, depth_of(right))
