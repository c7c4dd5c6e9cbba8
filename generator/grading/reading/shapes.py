"""Shapes of arrays: ``[4, 128]``, ``4x128``, ``4 by 128``; and several, perhaps with the names that they are for.

They are made of the tokens of numbers; each reader makes one pass over them, so that its time grows with the text's
length alone.
"""

from __future__ import annotations

from typing import Any

import sympy

from generator.grading.nesting import EMPTY, TypedValue, Unread
from generator.grading.reading.layout import CLOSING, OPENING, Tokens, is_group, strip, strip_name, top_level
from generator.numbers.tokens import MAX_NUMBER_CHARACTERS, Token, UnreadableError, tokenize

MAX_DIMENSIONS = 8
_MAX_SIZE_DIGITS = 12
_EXAMPLE = "a shape such as [4, 128] or 4x128"
_CALLS = frozenset(("size", "tensorshape", "shape", "tuple", "list"))
_BY = frozenset(("x", "by"))
_SIDES = {"row": 0, "rows": 0, "column": 1, "columns": 1, "col": 1, "cols": 1}
_NOUNS = frozenset(("matrix", "tensor", "array", "shape", "vector", "a", "an"))
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

# -------------------------------------------------------------------------------------------- one shape


def read_shape(text: str) -> TypedValue:
    """Read the shape of an array, as a tuple of positive Integers."""
    sizes = _sizes(strip_name(strip(tokenize(text, MAX_NUMBER_CHARACTERS))))
    return TypedValue(sizes, {}, "[" + ", ".join(map(str, sizes)) + "]")


def _sizes(tokens: Tokens) -> tuple[sympy.Integer, ...]:
    """Return the sizes that the tokens of one shape say."""
    reader = _ShapeReader()
    for token in _bare(tokens):
        reader.take(token)
    return reader.sizes(tokens[-1].end if tokens else 0)


def _bare(tokens: Tokens) -> list[Token]:
    r"""Return the tokens without brackets, ``torch.Size`` and the space of ``\mathbb{R}^{4 \times 128}``."""
    bare = [token for token in tokens if token.kind not in OPENING and token.kind not in CLOSING]
    if bare and bare[0].kind == "name" and bare[0].text.casefold() in _CALLS:
        return bare[1:]
    return bare[_after_space(bare, 0) :]


class _ShapeReader:
    def __init__(self) -> None:
        self._sizes: list[sympy.Integer] = []
        self._by: Token | None = None
        self._separators: list[Token] = []
        self._sides: list[int] = []

    def take(self, token: Token) -> None:
        """Take the next token that is no bracket."""
        word = token.text.casefold()
        if token.kind in ("number", "superscript"):
            self._size(token)
        elif token.kind == "name" and word in _SIDES and len(self._sizes) == len(self._sides) + 1:
            self._sides.append(_SIDES[word])
        elif token.kind in (",", "*", "row") or (token.kind == "name" and word in (*_BY, "and")):
            self._separator(token)
        elif token.kind == "-":  # 4-by-128
            self._separators.append(token)
        elif token.kind != "name" or word not in _NOUNS:
            reason = token.text if token.kind == "unknown" else f"{token.text[:20]!r} is not expected here"
            raise UnreadableError(f"{reason}; expected {_EXAMPLE}", token.start)

    def _separator(self, token: Token) -> None:
        if not self._sizes or self._by is not None:
            if token.text.casefold() == "and" or token.text in ("\n", "\r", "\r\n"):
                return
            raise UnreadableError(f"a size is missing before {token.text!r}", token.start)
        self._by = token
        self._separators.append(token)

    def _size(self, token: Token) -> None:
        if self._sizes and self._by is None:
            raise UnreadableError("write a comma or x between two sizes", token.start)
        digits = token.text.translate(_SUPERSCRIPTS).removesuffix(".")
        if not digits.isdigit():
            raise UnreadableError(f"{token.text[:20]!r} is not expected here; expected {_EXAMPLE}", token.start)
        if len(digits) > _MAX_SIZE_DIGITS or digits[0] == "0":
            raise UnreadableError(f"{digits[:20]} is not a size; sizes are whole numbers from 1 up", token.start)
        self._sizes.append(sympy.Integer(digits))
        self._by = None

    def sizes(self, end: int) -> tuple[sympy.Integer, ...]:
        """Return the sizes, once all tokens are taken."""
        if not self._sizes:
            raise UnreadableError(f"expected {_EXAMPLE}", end)
        self._check_separators()
        if self._by is not None and self._by.kind != ",":  # (4,) is one dimension
            raise UnreadableError("a size is missing at the end", end)
        if len(self._sizes) > MAX_DIMENSIONS:
            raise UnreadableError(f"this has more than {MAX_DIMENSIONS} dimensions")
        return tuple(reversed(self._sizes)) if self._sides == [1, 0] else tuple(self._sizes)

    def _check_separators(self) -> None:
        """Refuse ``4 x 1,024``, whose comma may be one between thousands, and a minus that is no hyphen."""
        hyphen = next((token for token in self._separators if token.kind == "-"), None)
        if hyphen is not None and not any(token.text.casefold() == "by" for token in self._separators):
            raise UnreadableError(f"'-' is not expected here; expected {_EXAMPLE}", hyphen.start)
        between = [token for token in self._separators if token.kind != "-"]
        for token in between:
            if _is_comma(token) != _is_comma(between[0]):
                raise UnreadableError("write a comma between all sizes, or x between all", token.start)


def _is_comma(token: Token) -> bool:
    return token.kind in (",", "row") or token.text.casefold() == "and"


# ---------------------------------------------------------------------------------------- several shapes

_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_MOST = 100
"""Activations in one range of names."""
_DOTS = frozenset(("\\dots", "\\ldots", "\\cdots"))


def read_shapes(text: str, count: int | None = None) -> TypedValue:
    """Read several shapes in the order of the text, one for each name: ``z_1, z_2: [4, 128]; z_3–z_6: 4x256``.

    Where ``count`` are asked for and as many parts of the text, some of them readable, are separated by ``;`` or lines, the
    others are entries that are empty or cannot be read.  Raise :class:`UnreadableError`, also for names out of order.
    """
    try:
        shapes = _shapes(text)
    except UnreadableError:
        by_entry = _shapes_by_entry(text, count)
        if by_entry is None:
            raise
        return TypedValue(by_entry)
    return TypedValue(shapes if len(shapes) == count else _shapes_by_entry(text, count) or shapes)


def _shapes_by_entry(text: str, count: int | None) -> tuple[Any, ...] | None:
    for separator in (";", "\n"):
        cells = text.split(separator)
        if len(cells) != count:
            continue
        found: list[Any] = []
        for cell in cells:
            tokens = strip_name(strip(tokenize(cell)))
            try:
                found.append(_sizes(tokens))
            except UnreadableError as error:
                typed = cell[tokens[0].start :].strip() if tokens else ""
                found.append(Unread(typed, error.reason if typed else EMPTY))
        if not all(isinstance(one, Unread) for one in found):
            return tuple(found)
    return None


def _shapes(text: str) -> tuple[Any, ...]:
    tokens = _plain(strip(tokenize(text)))
    if _is_list(tokens):
        tokens = tokens[1:-1]
    bare = {token.kind for token in top_level(tokens)} <= {"number", ",", "row", "*", "name"}
    if bare and not any(token.kind in OPENING for token in tokens) and _has_rows_of_commas(tokens):
        return tuple(_sizes(row) for row in _rows(tokens))
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
    return named or tokens[1].kind in OPENING or tokens[1].text.casefold() in _CALLS


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
        self._last = 0
        self._ranging = self._named = False

    def take(self, tokens: Tokens, place: int) -> int:
        """Take the next piece of the text, and return where the one after it begins."""
        token = tokens[place]
        if (end := _shape_end(tokens, place)) is not None and bool(self._names) == self._named:
            self._shape(tokens[place:end])
            return end
        if token.kind in ("-", ".") or token.text in _DOTS or token.text == "to":
            return self._range(tokens, place)
        if token.kind == "name" and not self._named and token.text != "and":
            return self._name(tokens, place)
        if token.kind in (":", "=") and self._names and not self._named and not self._ranging:
            self._named = True
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
            raise UnreadableError("a shape is missing after these names", end)
        if not self._shapes:
            raise UnreadableError("expected shapes such as [4, 128]; [4, 256]")
        return tuple(self._shapes)

    def _name(self, tokens: Tokens, place: int) -> int:
        end, number = _numbered_name(tokens, place)
        if number is not None and number <= self._last:
            raise UnreadableError("give the shapes in the order of the names, each name once", tokens[place].start)
        if self._ranging:
            if number is None or self._names[-1] is None or number - self._last > _MOST:
                raise UnreadableError("a range needs two numbered names, as in z_1-z_3", tokens[place].start)
            self._names += range(self._last + 1, number)
        self._names.append(number)
        self._last = self._last if number is None else number
        self._ranging = False
        return end

    def _shape(self, tokens: Tokens) -> None:
        try:
            shape = _sizes(tokens)
        except UnreadableError as error:
            raise UnreadableError(error.reason, error.position, (len(self._shapes), 0)) from error
        self._shapes += [shape] * max(1, len(self._names))
        self._names, self._named = [], False


def _no_shape(position: int) -> UnreadableError:
    return UnreadableError("expected a shape such as [4, 128]", position)


def _shape_end(tokens: Tokens, place: int) -> int | None:
    """Return where the shape that begins here ends; None if none does."""
    start = _after_space(tokens, place)
    called = tokens[start].text.casefold() in _CALLS if start < len(tokens) else False
    start += called
    if start < len(tokens) and tokens[start].kind in OPENING:
        return _group_end(tokens, start, nested=called)
    if start >= len(tokens) or tokens[start].kind not in ("number", "superscript"):
        return None
    end = start + 1
    while end + 1 < len(tokens) and _is_by(tokens[end]) and tokens[end + 1].kind in ("number", "superscript"):
        end += 2
    return end if end > start + 1 or start > place else None


def _after_space(tokens: Tokens, place: int) -> int:
    r"""Return where ``\mathbb{R}^`` ends, if it begins here."""
    for space in (["{", "R", "}", "^"], ["R", "^"], ["R"]):
        end = place + len(space)
        if [token.text for token in tokens[place:end]] == space:
            return end if len(space) > 1 or (end < len(tokens) and tokens[end].kind == "superscript") else place
    return place


def _is_by(token: Token) -> bool:
    return token.kind == "*" or (token.kind == "name" and token.text.casefold() in _BY)


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


def _numbered_name(tokens: Tokens, place: int) -> tuple[int, int | None]:
    """Return where a name such as ``z_{11}`` or ``z₁`` ends, and its number."""
    end = place + 1
    while end < len(tokens) and tokens[end].kind in ("_", "number", "{", "}") and not tokens[end].spaced:
        end += 1
    text = "".join(token.text for token in tokens[place:end] if token.kind not in ("_", "{", "}"))
    plain = text.translate(_PLAIN_DIGITS)
    digits = plain[len(plain.rstrip("0123456789")) :]
    return end, int(digits) if digits and len(digits) < 6 else None
