"""How each kind of answer is read: what was typed, as a value that can be held against the key's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.grading.counts import check_count
from generator.grading.nesting import Index, Typed, depth_of
from generator.grading.reading import Read, Unreadable, read_choice, read_matrix, read_number, read_vector
from generator.grading.shapes import read_shapes
from generator.grading.values import together
from generator.problem.answers import Answer, Fields
from generator.problem.choices import Choice, Offered
from generator.problem.solution import Values


def read_answer(answer: Answer, values: Values, text: str) -> Typed:
    """The text as a value of the answer that it is for.  Raises :class:`Unreadable`, which points at the place."""
    if isinstance(answer, Choice):
        keys = tuple(answer.options)
        return _chosen(text, keys, keys)
    if isinstance(answer, Offered):
        options = tuple(answer.value(solution) for solution in answer.solutions)
        return _chosen(text, options, ())
    right = answer.value(values)
    if isinstance(answer, Fields) and depth_of(right) > 1:
        return read_shapes(text)
    return read_like(text, right)


def entry_depth(answer: Answer, values: Values) -> int:
    """How deep the entries lie that are marked by themselves: a field that is a shape is one entry."""
    if isinstance(answer, Choice | Offered):
        return 0
    return 1 if isinstance(answer, Fields) else depth_of(answer.value(values))


def read_like(text: str, like: Any) -> Typed:
    """The text as a value of the same kind as ``like``: a number, a vector, a matrix, or a word.

    Raises :class:`Unreadable`.  A wrong shape is not unreadable, unless it would be right if commas or blanks were meant
    otherwise.
    """
    if isinstance(like, str):
        return Typed(text.strip(), {})
    text = text.replace('"', " ")  # as solve prints exact numbers
    depth = depth_of(like)
    if depth == 0:
        return _typed(read_number(text))
    if depth in _READERS:
        with together():  # a second look at a count that does not fit is paid from the same purse
            typed = _READERS[depth](text)
            check_count(text, typed, like, _READERS[depth])
        return typed
    raise Unreadable("values of this kind cannot be typed")


def _vector(text: str) -> Typed:
    try:
        return _typed(read_vector(text))
    except Unreadable as error:
        try:
            read = read_matrix(text)
        except Unreadable:
            raise error from None
        return _typed(read)  # it has another shape, which is wrong and not invalid


def _matrix(text: str) -> Typed:
    return _typed(read_matrix(text))


_READERS = {1: _vector, 2: _matrix}


def _typed(read: Read) -> Typed:
    return Typed(read.value, _places(read.rounded), read.tex)


def _places(rounded: Any) -> Mapping[Index, int]:
    if isinstance(rounded, tuple):
        return {(place, *rest): n for place, inner in enumerate(rounded) for rest, n in _places(inner).items()}
    return {(): rounded} if rounded else {}


def _chosen(text: str, values: tuple[Any, ...], keys: tuple[str, ...]) -> Typed:
    """The option of a letter; or, as ``solve`` prints it, of a key."""
    if text.strip() in keys:
        return Typed(text.strip(), {})
    read = read_choice(text, len(values))
    return Typed(values[read.value[0]], {}, read.tex)
