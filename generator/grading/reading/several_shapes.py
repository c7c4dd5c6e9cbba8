"""Several shapes in one answer, perhaps with the names that they are for: ``z_1, z_2: [4, 128]; z_3–z_6: 4x256``."""

from __future__ import annotations

import re
from typing import Any

from generator.errors.language import phrase
from generator.grading.nesting import TypedValue, Unread
from generator.grading.reading.brackets import CLOSING, OPENING, Tokens, is_group, top_level
from generator.grading.reading.layout import strip
from generator.grading.reading.names import derivative_end, strip_name
from generator.grading.reading.prints import without_list_numbers
from generator.grading.reading.shapes import CALLS, after_space, is_by, sizes_of
from generator.numbers.tokens import Token, UnreadableError, tokenize

_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_MOST = 100
"""Activations in one range of names."""
_BULLET = re.compile(r"^[ ]*[-–*•][ ]+", re.MULTILINE)
_DOTS = frozenset(("\\dots", "\\ldots", "\\cdots"))


def read_shapes(text: str, count: int | None = None) -> TypedValue:
    """Read several shapes in the order of the text, one for each name: ``z_1, z_2: [4, 128]; z_3–z_6: 4x256``.

    Where ``count`` are asked for and as many parts of the text, some of them readable, are separated by ``;`` or lines, the
    others are entries that are empty or cannot be read.  Raise :class:`UnreadableError`, also for names out of order.
    """
    text = _BULLET.sub(lambda found: " " * len(found[0]), without_list_numbers(text))
    try:
        shapes = _shapes(text)
    except UnreadableError as error:
        if error.reason == phrase("reading.shape_names_out_of_order"):
            raise
        by_entry = _shapes_by_entry(text, count)
        if by_entry is None:
            raise
        return TypedValue(by_entry)
    return TypedValue(shapes if len(shapes) == count else _shapes_by_entry(text, count) or shapes)


def _shapes_by_entry(text: str, count: int | None) -> tuple[Any, ...] | None:
    for separator in (";", "\n", r",(?![^(\[]*[)\]])", r"\|"):
        cells = re.split(separator, text)
        if len(cells) != count:
            continue
        found: list[Any] = []
        for cell in cells:
            tokens = strip_name(strip(tokenize(cell)))
            try:
                found.append(sizes_of(tokens))
            except UnreadableError as error:
                typed = cell[tokens[0].start :].strip() if tokens else ""
                found.append(Unread(typed, error.reason if typed else phrase("reading.nothing_here")))
        if not all(isinstance(one, Unread) for one in found):
            return tuple(found)
    return None


def _shapes(text: str) -> tuple[Any, ...]:
    tokens = _plain(strip(tokenize(text)))
    if _is_list(tokens):
        tokens = tokens[1:-1]
    bare = {token.kind for token in top_level(tokens)} <= {"number", ",", "row", "*", "name"}
    if bare and not any(token.kind in OPENING for token in tokens) and _has_rows_of_commas(tokens):
        return tuple(sizes_of(row) for row in _rows(tokens))
    reader = _ShapesReader()
    place = 0
    while place < len(tokens):
        place = reader.take(tokens, place)
    return reader.shapes(len(text))


def _plain(tokens: Tokens) -> list[Token]:
    """Return the tokens without quotation marks, the hyphens of ``4-by-128`` and the ``.shape`` of ``z.shape``."""
    plain: list[Token] = []
    for place, token in enumerate(tokens):
        beside = [one.text.casefold() for one in (*tokens[max(place - 1, 0) : place], *tokens[place + 1 : place + 2])]
        attribute = token.kind == "." and beside[-1] == "shape"
        if token.kind == "'" or (token.kind == "-" and "by" in beside) or attribute:
            continue
        if token.text == "shape" and place and tokens[place - 1].kind == ".":
            continue
        plain.append(token)
    return plain


def _is_list(tokens: Tokens) -> bool:
    """Return whether these are brackets around several shapes, or a dictionary."""
    if len(tokens) < 3 or not is_group(tokens):
        return False
    named = tokens[0].kind == "{" and any(token.kind == ":" for token in tokens)
    return named or tokens[1].kind in OPENING or tokens[1].text.casefold() in CALLS


def _has_rows_of_commas(tokens: Tokens) -> bool:
    """Return whether these are shapes such as ``4,128; 4,128``, without names and brackets."""
    kinds = {token.kind for token in tokens}
    return "row" in kinds and "," in kinds and all(row[0].kind == "number" for row in _rows(tokens))


def _rows(tokens: Tokens) -> list[list[Token]]:
    rows: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "row":
            rows.append([])
        else:
            rows[-1].append(token)
    return [row for row in rows if row]


class _ShapesReader:
    def __init__(self) -> None:
        self._shapes: list[Any] = []
        self._names: list[int | None] = []
        self._stem, self._last = "", 0
        self._ranging = self._named = False

    def take(self, tokens: Tokens, place: int) -> int:
        """Take the next piece of the text, and return where the one after it begins."""
        token = tokens[place]
        if (end := _shape_end(tokens, place)) is not None and bool(self._names) == self._named:
            self._shape(tokens[place:end])
            return end
        if token.kind in ("-", ".") or token.text in _DOTS or token.text == "to":
            return self._range(tokens, place)
        if (end := derivative_end(tokens, place)) is not None and not self._named:
            self._names.append(None)
            return end
        if token.kind == "name" and not self._named and token.text != "and":
            return self._name(tokens, place)
        if token.kind in (":", "=") and self._names and not self._named and not self._ranging:
            self._named = True
        elif token.kind == "=" and self._shapes and not self._names:
            pass  # an arrow from one shape to the next
        elif token.text != "and" and token.kind not in (",", "row", "tab", "&", "begin", "end"):
            raise _no_shape(token.start)
        return place + 1

    def _range(self, tokens: Tokens, place: int) -> int:
        if not self._names or self._ranging or self._named:
            raise _no_shape(tokens[place].start)
        self._ranging = True
        while place + 1 < len(tokens) and tokens[place].kind == tokens[place + 1].kind == ".":
            place += 1
        return place + 1

    def shapes(self, end: int) -> tuple[Any, ...]:
        """Return all of them, once the text is at its end."""
        if self._names:
            raise UnreadableError(phrase("reading.shape_missing_after_names"), end)
        if not self._shapes:
            raise UnreadableError(phrase("reading.shapes_expected"))
        return tuple(self._shapes)

    def _name(self, tokens: Tokens, place: int) -> int:
        end, stem, number = _numbered_name(tokens, place)
        if stem != self._stem and not self._ranging:
            self._stem, self._last = stem, 0
        if number is not None and number <= self._last:
            raise UnreadableError(phrase("reading.shape_names_out_of_order"), tokens[place].start)
        if self._ranging:
            if number is None or self._names[-1] is None or number - self._last > _MOST:
                raise UnreadableError(phrase("reading.range_of_names"), tokens[place].start)
            self._names += range(self._last + 1, number)
        self._names.append(number)
        self._last = self._last if number is None else number
        self._ranging = False
        return end

    def _shape(self, tokens: Tokens) -> None:
        try:
            shape = sizes_of(tokens)
        except UnreadableError as error:
            raise UnreadableError(error.reason, error.position, (len(self._shapes), 0)) from error
        self._shapes += [shape] * max(1, len(self._names))
        self._names, self._named = [], False


def _no_shape(position: int) -> UnreadableError:
    return UnreadableError(phrase("reading.one_of_several_shapes"), position)


def _shape_end(tokens: Tokens, place: int) -> int | None:
    """Return where the shape that begins here ends; None if none does."""
    start = after_space(tokens, place)
    called = tokens[start].text.casefold() in CALLS if start < len(tokens) else False
    start += called
    if start < len(tokens) and tokens[start].kind in OPENING:
        return _group_end(tokens, start, nested=called)
    if start >= len(tokens) or tokens[start].kind not in ("number", "superscript"):
        return None
    end = start + 1
    while end + 1 < len(tokens) and is_by(tokens[end]) and tokens[end + 1].kind in ("number", "superscript"):
        end += 2
    return end if end > start + 1 or start > place else None


def _group_end(tokens: Tokens, start: int, *, nested: bool) -> int | None:
    """Return where the bracket closes; there may be others inside only if ``nested``."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += (tokens[place].kind in OPENING) - (tokens[place].kind in CLOSING)
        if depth == 0:
            return place + 1
        if depth > 1 and not nested:
            return None
    return None


def _numbered_name(tokens: Tokens, place: int) -> tuple[int, str, int | None]:
    """Return where a name such as ``z_{11}`` or ``z₁`` ends, its letters, and its number."""
    end = place + 1
    while end < len(tokens) and tokens[end].kind in ("_", "number", "{", "}") and not tokens[end].spaced:
        end += 1
    text = "".join(token.text for token in tokens[place:end] if token.kind not in ("_", "{", "}"))
    plain = text.translate(_PLAIN_DIGITS)
    stem = plain.rstrip("0123456789")
    digits = plain[len(stem) :]
    return end, stem, int(digits) if digits and len(digits) < 6 else None
