"""Exact values in JSON: every number a text that ``sympy.sympify`` reads, vectors and matrices nested lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from generator.errors import AuthoringError, InputError, expected
from generator.numbers import exact as ex
from generator.numbers.arrays import Array
from generator.numbers.evaluation import read_plain
from generator.numbers.surds import REMEMBERED, surds, whole
from generator.numbers.tokens import MAX_DIGITS, MAX_NUMBER_CHARACTERS, UnreadableError

_TOO_LARGE = 10**MAX_DIGITS
_LONG_NUMBER = re.compile(rf"\d{{{MAX_DIGITS + 1}}}")


def encode(value: Any) -> Any:
    """Return ``value``, of any nesting, as JSON: ``"-1 - 2*sqrt(3)/3"`` for a number, the rational term first."""
    return _WRITERS[type(value)](value)


def _listed(values: Iterable[Any]) -> list[Any]:
    return [_WRITERS[type(value)](value) for value in values]


def _tabled(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _WRITERS[type(value)](value) for name, value in values.items()}


def _whole_text(x: ex.Scalar) -> str:
    return str(x.p)


def _fraction_text(x: ex.Scalar) -> str:
    return f"{x.p}/{x.q}"


@lru_cache(maxsize=REMEMBERED)
def _number_text(x: ex.Scalar) -> str:
    terms = surds(x)
    if terms is None:
        return _rational_first(x)
    return "".join(_term_text(*term, first=place == 0) for place, term in enumerate(terms))


def _term_text(p: int, q: int, radicand: int, *, first: bool) -> str:
    sign = ("-" if p < 0 else "") if first else (" - " if p < 0 else " + ")
    above = str(abs(p))
    if radicand != 1:
        above = ("" if abs(p) == 1 else f"{above}*") + f"sqrt({radicand})"
    return sign + above + ("" if q == 1 else f"/{q}")


def _rational_first(x: ex.Scalar) -> str:
    constant, rest = x.as_coeff_Add()
    text = str(rest)
    if constant == 0:
        return text
    return f"{constant} - {text[1:]}" if text.startswith("-") else f"{constant} + {text}"


def _as_it_is(value: Any) -> Any:
    return value


def _refused(value: Any) -> Any:
    raise AuthoringError(f"{value!r} has no exact text")


class _Writers(dict[type, Callable[[Any], Any]]):
    """The function that writes the values of each type, looked up once."""

    _WAYS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (tuple | list, _listed),
        (sympy.Integer, _whole_text),
        (sympy.Rational, _fraction_text),
        (sympy.Expr, _number_text),
        (str | bool | None, _as_it_is),
        (int, str),
        (Mapping, _tabled),
        (object, _refused),
    )

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = next(write for kinds, write in self._WAYS if issubclass(kind, kinds))
        return self[kind]


_WRITERS = _Writers()


def read_number(raw: Any, *, field: str) -> ex.Scalar:
    """Return a number from JSON (an integer or a text), or one that is exact already.

    Raise :class:`InputError` naming ``field``; a JSON number with a decimal point is refused, since it is
    not the number that was meant.
    """
    if type(raw) is int and -_TOO_LARGE < raw < _TOO_LARGE:
        return whole(raw)
    if isinstance(raw, str):
        return _read_text(raw, field)
    if isinstance(raw, bool) or raw is None or isinstance(raw, list | tuple | dict):
        raise InputError(expected("a number", _shown(raw)), field=field)
    if isinstance(raw, float):
        raise InputError(f'{raw!r} is not exact; write it as a text, such as "1/2" or "0.5"', field=field)
    if isinstance(raw, int | Fraction) and abs(raw) >= _TOO_LARGE:
        raise InputError(f"a number has more than {MAX_DIGITS} digits", field=field)
    return ex.exact(raw)


@lru_cache(maxsize=1 << 12)
def _read_text(text: str, field: str) -> ex.Scalar:
    """Return the number that a text says; cached, since samplers draw from short lists again and again."""
    try:
        value = read_plain(text)
    except UnreadableError as error:
        raise InputError(f"{_shown(text)}, character {error.position + 1}: {error.reason}", field=field) from error
    if not _can_be_read_again(value):
        raise InputError(
            f"written out, the number is too long or too involved: it may have {MAX_NUMBER_CHARACTERS} characters,"
            f" and integers of {MAX_DIGITS} digits",
            field=field,
        )
    return value


def _can_be_read_again(value: ex.Scalar) -> bool:
    """Return whether what :func:`encode` writes is read as the same value: a stored paper has to be made again."""
    text = _number_text(value)
    if len(text) > MAX_NUMBER_CHARACTERS or _LONG_NUMBER.search(text):
        return False
    try:
        return bool(value.is_Rational) or ex.same(read_plain(text), value)
    except UnreadableError:
        return False


def decode(raw: Any, like: Any = None) -> Any:
    """Return what :func:`encode` wrote; ``like`` is a value of the same kind, by which a word is told from a number."""
    if isinstance(raw, list):
        same_length = isinstance(like, tuple | list) and len(like) == len(raw)
        return tuple(decode(item, like[place] if same_length else None) for place, item in enumerate(raw))
    if isinstance(raw, dict):
        known = like if isinstance(like, Mapping) else {}
        keys = {str(key): key for key in known}
        return {keys.get(name, name): decode(item, known.get(keys.get(name))) for name, item in raw.items()}
    if not isinstance(raw, str) or isinstance(like, str):
        return raw
    if type(like) is int and raw.removeprefix("-").isdecimal():
        return int(raw)
    try:
        return read_plain(raw)
    except UnreadableError:
        return raw


def read_vector(raw: Any, *, field: str) -> Array:
    """A list of numbers, at least one."""
    if not isinstance(raw, list | tuple):
        raise InputError(expected("a list of numbers", _shown(raw)), field=field)
    if not raw:
        raise InputError(expected("at least one number", "an empty list"), field=field)
    if {*map(type, raw)} == {int} and min(raw) > -_TOO_LARGE and max(raw) < _TOO_LARGE:  # as most are, of samplers
        return Array(map(whole, raw))
    return Array([read_number(item, field=f"{field}[{place}]") for place, item in enumerate(raw, start=1)])


def read_matrix(raw: Any, *, field: str) -> Array:
    """A list of rows, each a list of as many numbers."""
    if not isinstance(raw, list | tuple):
        raise InputError(expected("a list of rows", _shown(raw)), field=field)
    if not raw:
        raise InputError(expected("at least one row", "an empty list"), field=field)
    rows = Array([read_vector(row, field=f"{field}[{place}]") for place, row in enumerate(raw, start=1)])
    for place, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise InputError(f"row {place} has {len(row)} entries, row 1 has {len(rows[0])}", field=field)
    return rows


def _shown(raw: Any) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."
