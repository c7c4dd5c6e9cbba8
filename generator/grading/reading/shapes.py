"""The shape of an array: ``[4, 128]``, ``4x128``, ``4 by 128``.

It is made of the tokens of numbers, over which one pass is made, so that its time grows with the text's length alone.
"""

from __future__ import annotations

import sympy

from generator.errors.language import phrase
from generator.grading.nesting import TypedValue
from generator.grading.reading.brackets import CLOSING, OPENING, Tokens
from generator.grading.reading.layout import strip
from generator.grading.reading.names import strip_name
from generator.numbers.syntax_errors import not_expected
from generator.numbers.tokens import MAX_NUMBER_CHARACTERS, Token, UnreadableError, tokenize

MAX_DIMENSIONS = 8
_MAX_SIZE_DIGITS = 12
CALLS = frozenset(("size", "tensorshape", "shape", "tuple", "list"))
_BY = frozenset(("x", "by", "times"))
_SIDES = {"row": 0, "rows": 0, "column": 1, "columns": 1, "col": 1, "cols": 1}
_NOUNS = frozenset((
    "matrix", "tensor", "array", "shape", "vector", "a", "an", "the", "it", "is", "has", "of", "with", "size", "dimension", "dimensions", "dim", "dims",
))  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_shape(text: str) -> TypedValue:
    """Read the shape of an array, as a tuple of positive Integers."""
    sizes = sizes_of(strip_name(strip(tokenize(text, MAX_NUMBER_CHARACTERS))))
    return TypedValue(sizes, {}, "[" + ", ".join(map(str, sizes)) + "]")


def sizes_of(tokens: Tokens) -> tuple[sympy.Integer, ...]:
    """Return the sizes that the tokens of one shape say; raise :class:`UnreadableError`."""
    reader = _ShapeReader()
    for token in _bare(tokens):
        reader.take(token)
    return reader.sizes(tokens[-1].end if tokens else 0)


def _bare(tokens: Tokens) -> list[Token]:
    r"""Return the tokens without brackets, ``torch.Size`` and the space of ``\mathbb{R}^{4 \times 128}``."""
    bare = _with_commas([token for token in tokens if token.kind not in OPENING and token.kind not in CLOSING], tokens)
    while bare and bare[-1].kind == "row" and bare[-1].text != ";":
        bare.pop()
    bare = [token for before, token in zip([None, *bare], bare, strict=False) if not _ends_line(before, token)]
    if bare and bare[0].kind == "name" and bare[0].text.casefold() in CALLS:
        return bare[1:]
    return bare[after_space(bare, 0) :]


def _with_commas(bare: list[Token], tokens: Tokens) -> list[Token]:
    """Return the sizes of ``[4 128]``, as NumPy prints them, with commas between them."""
    if len(bare) < 2 or tokens[0].kind != "[" or any(token.kind not in ("number", "tab") for token in bare):
        return bare
    sizes = [token for token in bare if token.kind == "number"]
    commas = [Token(",", ",", token.start, token.start, spaced=False) for token in sizes]
    return [token for pair in zip(commas, sizes, strict=True) for token in pair][1:]


def _ends_line(before: Token | None, token: Token) -> bool:
    """Return whether this is the end of a line, which after a comma, or before all sizes, separates nothing."""
    return token.text in ("\n", "\r", "\r\n") and (
        before is None or before.kind == "," or before.text.casefold() in CALLS
    )


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
            if token.kind != "unknown":
                raise _not_expected(token)
            example = phrase("reading.shape_example")
            raise UnreadableError(phrase("reading.reason_expected", reason=token.text, example=example), token.start)

    def _separator(self, token: Token) -> None:
        if not self._sizes or self._by is not None:
            if token.text.casefold() == "and" or token.text in ("\n", "\r", "\r\n"):
                return
            raise UnreadableError(phrase("reading.size_missing_before", text=repr(token.text)), token.start)
        self._by = token
        self._separators.append(token)

    def _size(self, token: Token) -> None:
        if self._sizes and self._by is None:
            raise UnreadableError(phrase("reading.between_sizes"), token.start)
        digits = token.text.translate(_SUPERSCRIPTS).removesuffix(".")
        if not digits.isdigit():
            raise _not_expected(token)
        if len(digits) > _MAX_SIZE_DIGITS or digits[0] == "0":
            raise UnreadableError(phrase("reading.no_size", text=digits[:20]), token.start)
        self._sizes.append(sympy.Integer(digits))
        self._by = None

    def sizes(self, end: int) -> tuple[sympy.Integer, ...]:
        """Return the sizes, once all tokens are taken."""
        if not self._sizes:
            raise UnreadableError(phrase("reading.shape_expected", example=phrase("reading.shape_example")), end)
        self._check_separators()
        if self._by is not None and self._by.kind != ",":  # (4,) is one dimension
            raise UnreadableError(phrase("reading.size_missing_at_end"), end)
        if len(self._sizes) > MAX_DIMENSIONS:
            raise UnreadableError(phrase("reading.too_many_dimensions", most=MAX_DIMENSIONS))
        return tuple(reversed(self._sizes)) if self._sides == [1, 0] else tuple(self._sizes)

    def _check_separators(self) -> None:
        """Refuse ``4 x 1,024``, whose comma may be one between thousands, and a minus that is no hyphen."""
        hyphen = next((token for token in self._separators if token.kind == "-"), None)
        if hyphen is not None and not any(token.text.casefold() == "by" for token in self._separators):
            raise _not_expected(hyphen)
        between = [token for token in self._separators if token.kind != "-"]
        for token in between:
            if _is_comma(token) != _is_comma(between[0]):
                raise UnreadableError(phrase("reading.mixed_separators"), token.start)


def _not_expected(token: Token) -> UnreadableError:
    return UnreadableError(not_expected(token, phrase("reading.shape_example")), token.start)


def _is_comma(token: Token) -> bool:
    return token.kind in (",", "row") or token.text.casefold() == "and"


def after_space(tokens: Tokens, place: int) -> int:
    r"""Return where ``\mathbb{R}^`` ends, if it begins here."""
    for space in (["{", "R", "}", "^"], ["R", "^"], ["\\R", "^"], ["R"]):
        end = place + len(space)
        if [token.text for token in tokens[place:end]] == space:
            return end if len(space) > 1 or (end < len(tokens) and tokens[end].kind == "superscript") else place
    return place


def is_by(token: Token) -> bool:
    """Return whether a token stands between two sizes, as in ``4x128``."""
    return token.kind == "*" or (token.kind == "name" and token.text.casefold() in _BY)
