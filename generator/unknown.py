"""Texts that are not known yet: what a template does with one is noted, to be done for each variant.

Nothing can be asked of such a text: whether it is empty, how long it is, what it begins with.  Who asks gets an
:class:`Opaque`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn

from generator.escaping import safe
from generator.piecewise import PIECEWISE
from generator.programs import Fillings, Guard, Pieces, Program, apart, as_hole, guarded, then, written


class Opaque(Exception):  # noqa: N818 - it says what the text is
    """A template asks of an unknown text what only a known one could answer."""


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise Opaque


_ASKED = [
    "bool", "len", "iter", "contains", "getitem", "getattr", "call", "hash", "str", "repr", "format", "eq", "ne", "lt", "le",
    "gt", "ge", "add", "radd", "mul", "rmul", "mod", "rmod", "index", "int",
]  # fmt: skip
"""The ways to ask something of an object."""

_Unknown = type(
    "_Unknown",
    (),
    {"__slots__": (), "__class__": property(_refuse), **{f"__{name}__": _refuse for name in _ASKED}},
)


class Later(_Unknown):  # type: ignore[misc, valid-type]
    """A value: ``of(fillings)``; ``is_safe`` if that is text that is escaped, though it may be a plain string."""

    __slots__ = ("is_safe", "of")

    def __init__(self, of: Callable[[Fillings], Any], *, is_safe: bool = False) -> None:
        self.of = of
        self.is_safe = is_safe


class Written(_Unknown):  # type: ignore[misc, valid-type]
    """Text with holes; ``is_safe`` if it is escaped, as what a macro returns.

    It is the ``pieces`` if the ``guards`` let them pass, and else, what takes longer, the ``sure`` ones.
    """

    __slots__ = ("guards", "is_safe", "pieces", "sure")

    def __init__(
        self, pieces: Pieces, *, is_safe: bool, sure: Pieces | None = None, guards: tuple[Guard, ...] = ()
    ) -> None:
        self.pieces = pieces
        self.is_safe = is_safe
        self.sure = pieces if sure is None else sure
        self.guards = guards


_UNKNOWN = frozenset({Later, Written})


def rendered(of: Callable[[Fillings], Any]) -> Written:
    """Escaped text that is known later."""
    return Written((of,), is_safe=True)


def escaped(text: Any) -> Any:
    """The text as one that is escaped."""
    if type(text) is Written:
        return Written(text.pieces, is_safe=True, sure=text.sure, guards=text.guards)
    return safe(text)


def joined(parts: Iterable[Any]) -> Any:
    """The parts one after another: what templates do with what they put out."""
    parts = list(parts)
    kinds = set(map(type, parts))
    if Later in kinds:
        raise Opaque
    if Written not in kinds:
        return "".join(parts)
    texts = [part if type(part) is Written else Written((part,), is_safe=False) for part in parts]
    return Written(
        tuple([piece for text in texts for piece in text.pieces]),
        is_safe=False,
        sure=tuple([piece for text in texts for piece in text.sure]),
        guards=tuple([guard for text in texts for guard in text.guards]),
    )


def put_out(value: Any, finalize: Callable[[Any], str]) -> Any:
    """What a template's ``finalize`` makes of a value."""
    if type(value) is Later:
        return rendered(value.of if value.is_safe else then(value.of, finalize))
    if type(value) is Written:
        return value if value.is_safe else rendered(then(program(value), finalize))
    return finalize(value)


def noted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is put off where it gets an unknown text."""
    gives_safe = getattr(function, "__annotations__", {}).get("return") in ("Markup", type(safe("")))

    @wraps(function)
    def filtered(*args: Any, **named: Any) -> Any:
        if _UNKNOWN.isdisjoint(map(type, args)) and _UNKNOWN.isdisjoint(map(type, named.values())):
            return function(*args, **named)
        text, *others = args
        if _UNKNOWN.isdisjoint(map(type, (*others, *named.values()))):
            if others or named:
                return Later(then(_value(text), lambda text: function(text, *others, **named)), is_safe=gives_safe)
            if type(text) is Written and (function is safe or text.is_safe):
                applied = escaped(text) if function is safe else _applied(function, text)
                if applied is not None:
                    return applied
            if function is safe and type(text) is Later:
                return Later(text.of, is_safe=True)
            return Later(then(_value(text), function), is_safe=gives_safe)
        given = [_value(value) for value in args]
        called = {name: _value(value) for name, value in named.items()}
        return Later(
            lambda fillings: function(
                *[value(fillings) for value in given], **{name: value(fillings) for name, value in called.items()}
            ),
            is_safe=gives_safe,
        )

    return filtered


def _applied(function: Callable[..., Any], text: Written) -> Written | None:
    """A text with holes as a filter leaves it that can be applied to its pieces."""
    known, holes = apart(text.pieces)
    applied = PIECEWISE[function](known) if function in PIECEWISE else None
    if applied is None:
        return None
    known, conditions = applied
    pieces = (known[0], *[piece for pair in zip(holes, known[1:], strict=True) for piece in pair])
    guards = (*text.guards, *[(tuple(holes[which]), holds) for which, holds in conditions])
    if not guards:
        return Written(pieces, is_safe=True)
    write = written(text.sure)
    sure = (lambda fillings: str(function(safe(write(fillings)))),)
    return Written(pieces, is_safe=True, sure=sure, guards=guards)


def asked(test: Callable[..., Any]) -> Callable[..., Any]:
    """A test that is answered of what is known only."""

    @wraps(test)
    def answered(*args: Any) -> Any:
        if not _UNKNOWN.isdisjoint(map(type, args)):
            raise Opaque
        return test(*args)

    return answered


def _value(value: Any) -> Callable[[Fillings], Any]:
    """What gives the value when the holes are filled."""
    if type(value) is Later:
        return then(value.of, safe) if value.is_safe else value.of
    if type(value) is Written:
        of = program(value) if value.guards else as_hole(value.pieces)
        return then(of, safe) if value.is_safe else of
    return lambda _: value


def program(text: Written) -> Program:
    """Writes the text."""
    return guarded(text.pieces, text.guards, text.sure)
