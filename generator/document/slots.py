r"""Slots: the holes of a text, and how a value is printed in one.

Within a formula the print depends on what stands around the slot, so that the formula keeps its meaning: after
``-``, the value -3/2 becomes ``\left(-\frac{3}{2}\right)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from generator.errors import AuthoringError, did_you_mean, shown
from generator.numbers import notation

FORMATS: dict[str, Callable[[Any], str]] = {
    "sum": notation.sum_of,
    "squares": notation.sum_of_squares,
    "row": notation.row,
    "column": notation.column,
    "matrix": notation.matrix,
    "shape": notation.shape,
    "tuple": notation.tuple_,
    "factor": notation.factor,
    "bracketed": notation.bracketed,
    "signed": notation.signed,
    "coefficient": notation.coefficient,
    "number": notation.tex,
    "raw": str,
}
"""The ways in which a slot's value can be printed, by the name after the bar."""

SLOT = re.compile(r"<([A-Za-z_]\w*)((?:\[\d+\])*)(?:\|(\w+))?>")
_SPACE = r"(?:\s|~|\\[,;:!> ])*"
_SPACE_BEFORE = re.compile(_SPACE + "$")
_SPACE_AFTER = re.compile("^" + _SPACE)
_PLAIN_BEFORE = re.compile(
    r"\\(?:le|leq|ge|geq|ne|neq|lt|gt|approx|equiv|in|to|mapsto|mid|quad|qquad|text\{[^}]*\}|Rightarrow|implies|iff|colon"
    r"|max|min|begin\{[^}]*\}|lvert|lVert|dots|ldots)$"
)
_NUMBER_BEFORE = re.compile(rf"(?:\d|{SLOT.pattern})$")
_FACTOR_BEFORE = re.compile(r"[/A-Za-z)\]}]$")
_NO_FACTOR_AFTER = re.compile(
    r"$|[-+=>)\]},;.:?&|]|\\(?:\\|end|right|rvert|rVert|quad|qquad|text|pm|mid|colon|le|ge|ne|lt|gt|leq|geq|neq|approx|equiv"
    r"|in|to|mapsto|Rightarrow|implies|iff|dots|ldots|cdots)(?![A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A hole of a parsed text: which value, printed how."""

    name: str
    path: tuple[int, ...]
    print: Callable[[Any], str]
    written: str

    def tex(self, values: Mapping[str, Any]) -> str:
        """Its value as it is printed; a text as it is."""
        value = self.value(values)
        return value if isinstance(value, str) else self.printed(value)

    def printed(self, value: Any) -> str:
        """The value as it is printed, as TeX."""
        try:
            return self.print(value)
        except AuthoringError as error:
            raise AuthoringError(f"the slot {self.written}: {error.message}", text=self.written) from error
        except (TypeError, AttributeError, IndexError, ValueError) as error:
            raise AuthoringError(
                f"the slot {self.written} cannot print {shown(value)} in this way", text=self.written
            ) from error

    def value(self, values: Mapping[str, Any]) -> Any:
        """The value that it stands for."""
        try:
            whole = value = values[self.name]
        except KeyError:
            near = did_you_mean(self.name, sorted(values))
            raise AuthoringError(f"the slot {self.written} has no value{near}", text=self.written) from None
        try:
            for place in self.path:
                value = value[place]
        except (KeyError, IndexError, TypeError):
            what = f"{self.name} is {shown(whole)}, and places count from 0"
            raise AuthoringError(f"the slot {self.written} has no value: {what}", text=self.written) from None
        return value


Pieces: TypeAlias = tuple[str | Slot, ...]


def fill(pieces: Pieces, values: Mapping[str, Any]) -> str:
    """The formula with the values of its slots; a value that is a text is put in as it is.

    Raises :class:`AuthoringError` for a slot without a value.
    """
    return "".join([piece if isinstance(piece, str) else piece.tex(values) for piece in pieces])


def slot_of(match: re.Match[str], default: Callable[[Any], str]) -> Slot:
    name, path, way = match.groups()
    if way is not None and way not in FORMATS:
        raise AuthoringError(
            f"the slot {match[0]} asks for {way!r}; the formats are {', '.join(FORMATS)}", text=match[0]
        )
    places = tuple(int(place) for place in re.findall(r"\d+", path))
    return Slot(name, places, FORMATS[way] if way else default, match[0])


@cache
def math_pieces(tex: str) -> Pieces:
    """A formula cut at its slots, each of which prints its value so that it fits between its neighbours."""
    pieces: list[str | Slot] = []
    end = 0
    for match in SLOT.finditer(tex):
        if match.start() > end:
            pieces.append(tex[end : match.start()])
        pieces.append(slot_of(match, _printer(tex[: match.start()], tex[match.end() :])))
        end = match.end()
    if end < len(tex):
        pieces.append(tex[end:])
    return tuple(pieces)


def _printer(before: str, after: str) -> Callable[[Any], str]:
    """Return the printer of a value between ``before`` and ``after`` that keeps the formula's meaning."""
    before = _SPACE_BEFORE.sub("", before)
    after = _SPACE_AFTER.sub("", after)
    if before.endswith(("^", "_")):
        return _in_braces
    if after.startswith("^") or (before.endswith("{") and after.startswith("}^")):
        return notation.base
    if _PLAIN_BEFORE.search(before):
        return notation.tex
    if _NUMBER_BEFORE.search(before):
        return notation.juxtaposed
    if before.endswith("-") or _FACTOR_BEFORE.search(before):
        return notation.bracketed
    if before.endswith("+"):
        return notation.addend
    return notation.tex if _NO_FACTOR_AFTER.match(after) else notation.factor


def _in_braces(value: Any) -> str:
    return f"{{{notation.tex(value)}}}"
