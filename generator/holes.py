"""Blocks written out with holes: the macros run once for a template, on a block whose formulas are not known yet.

What a macro does with an unknown text — put it out, pass it through a filter, join it to others — is noted instead of
done, and done for each variant when the holes are filled.  Nothing else can be told of a text that is not there: whether
it is empty, how long it is, what it begins with.  A macro that asks raises :class:`Opaque`, and what it was to write is
rendered plainly for each variant.  So both ways give the same text, if only filters are functions of what they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import wraps
from operator import itemgetter
from typing import Any, NoReturn, TypeAlias

from jinja2.runtime import Macro

from generator.document import Display, Math
from generator.environment import MacroContext, Macros, Templates
from generator.escaping import safe
from generator.filled import Template
from generator.markup import STATIC
from generator.piecewise import PIECEWISE

Fillings: TypeAlias = Sequence[Any]
"""What stands in the holes of a block; see :mod:`generator.filled`."""
Program: TypeAlias = Callable[[Fillings], str]
"""Writes out a block from what fills it."""


class Opaque(Exception):  # noqa: N818 - it says what the text is
    """A template asks of an unknown text what only a known one could answer."""


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise Opaque


_ASKED = [
    "__bool__",
    "__len__",
    "__iter__",
    "__contains__",
    "__getitem__",
    "__getattr__",
    "__call__",
    "__hash__",
    "__str__",
    "__repr__",
    "__format__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__add__",
    "__radd__",
    "__mul__",
    "__rmul__",
    "__mod__",
    "__rmod__",
    "__index__",
    "__int__",
]
"""The ways to ask something of an object."""

_Unknown = type("_Unknown", (), {"__slots__": (), "__class__": property(_refuse), **dict.fromkeys(_ASKED, _refuse)})


class _Later(_Unknown):  # type: ignore[misc, valid-type]
    """What a hole is filled with, or a filter makes of it: ``of(fillings)``."""

    __slots__ = ("of",)

    def __init__(self, of: Callable[[Fillings], Any]) -> None:
        self.of = of


class _Written(_Unknown):  # type: ignore[misc, valid-type]
    """Text with holes: strings and what writes a string; ``is_safe`` if it is escaped, as what a macro returns."""

    __slots__ = ("is_safe", "pieces")

    def __init__(self, pieces: tuple[str | Program, ...], *, is_safe: bool) -> None:
        self.pieces = pieces
        self.is_safe = is_safe


class Holes:
    """Writes programs for the templates of blocks, in one format.

    ``plain`` renders a node that is known.
    """

    def __init__(self, templates: Templates, plain: Callable[[Any], str]) -> None:
        environment = templates.environment(self._render)
        self._finalize = environment.finalize
        self._plain = plain
        self._stand_ins: dict[int, tuple[Any, Callable[[Fillings], Any]]] = {}
        environment.finalize = self._put_out
        environment.concat = _joined  # type: ignore[method-assign]
        environment.context_class = _NotingContext
        environment.filters = {name: _noted(filter_) for name, filter_ in environment.filters.items()}
        environment.tests = {name: _asked(test) for name, test in dict[str, Any](environment.tests).items()}
        self._macros = Macros(templates, environment)

    def program(self, template: Template) -> Program | None:
        """What writes out the nodes of this template; None if that can be told only when a node is known."""
        try:
            text = self._render(template.with_stand_ins(self))
        except Exception:  # noqa: BLE001 - rendered plainly it succeeds, or says what is wrong and where
            return None
        finally:
            self._stand_ins.clear()
        return _program(text.pieces) if type(text) is _Written else lambda _: text

    def text(self, place: int) -> Any:
        """The text that fills the hole at this place."""
        return _Later(itemgetter(place))

    def node(self, place: int, kind: type | None = None) -> Any:
        """The node that fills the hole at this place: it is never looked into."""
        of = itemgetter(place)
        if kind is None:
            return _Later(of)
        stand_in: Any = object.__new__(kind)
        for one in fields(kind):
            object.__setattr__(stand_in, one.name, _Later(_refuse))
        self._stand_ins[id(stand_in)] = stand_in, of
        return stand_in

    def _render(self, node: Any) -> Any:
        if type(node) is tuple:
            return _escaped(_joined([self._render(child) for child in node]))
        if type(node) is _Later:
            return self._rendered_later(node.of)
        if id(node) in self._stand_ins:
            return self._rendered_later(self._stand_ins[id(node)][1])
        if id(node) in STATIC:
            return self._plain(node)
        try:
            return _escaped(self._macros[type(node)](node))
        except Exception:
            if type(node) not in {Math, Display} or type(node.tex) is not _Later:
                raise
            kind, tex = type(node), node.tex.of
            return self._rendered_later(lambda fillings: kind(tex(fillings)))

    def _rendered_later(self, node: Callable[[Fillings], Any]) -> _Written:
        return _Written((lambda fillings: self._plain(node(fillings)),), is_safe=True)

    def _put_out(self, value: Any) -> Any:
        finalize: Callable[[Any], str] = self._finalize  # type: ignore[assignment]
        if type(value) is _Later:
            made = value.of
            return _Written((lambda fillings: finalize(made(fillings)),), is_safe=True)
        if type(value) is _Written and not value.is_safe:
            write = _program(value.pieces)
            return _Written((lambda fillings: finalize(write(fillings)),), is_safe=True)
        return value if type(value) is _Written else finalize(value)


class _NotingContext(MacroContext):
    """Calls of macros within templates, whose texts may have holes."""

    def call(
        self, function: Callable[..., Any], *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **named: Any
    ) -> Any:
        result = function(*args, **named)
        return _escaped(result) if type(function) is Macro else result


def _escaped(text: Any) -> Any:
    return _Written(text.pieces, is_safe=True) if type(text) is _Written else safe(text)


def _joined(parts: Iterable[Any]) -> Any:
    """The parts one after another: what templates do with what they put out."""
    parts = list(parts)
    if not any(isinstance(part, _Unknown) for part in parts):
        return "".join(parts)
    pieces: list[str | Program] = []
    for part in parts:
        if type(part) is _Later:
            raise Opaque
        pieces += part.pieces if type(part) is _Written else (part,)
    return _Written(tuple(pieces), is_safe=False)


def _noted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that is put off where it gets an unknown text."""

    @wraps(function)
    def filtered(*args: Any, **named: Any) -> Any:
        if not any(isinstance(value, _Unknown) for value in (*args, *named.values())):
            return function(*args, **named)
        if function is safe:
            return _Written(args[0].pieces if type(args[0]) is _Written else (args[0].of,), is_safe=True)
        if function in PIECEWISE and len(args) == 1 and not named and type(args[0]) is _Written and args[0].is_safe:
            applied = _applied(function, args[0])
            if applied is not None:
                return applied
        given = [_value(value) for value in args]
        called = {name: _value(value) for name, value in named.items()}
        if len(given) == 1 and not called:
            only = given[0]
            return _Later(lambda fillings: function(only(fillings)))
        return _Later(
            lambda fillings: function(
                *[value(fillings) for value in given], **{name: value(fillings) for name, value in called.items()}
            )
        )

    return filtered


def _applied(function: Callable[..., Any], text: _Written) -> _Written | None:
    """A text with holes as a filter leaves it that can be applied to its pieces."""
    known, holes = _apart(text.pieces)
    applied = PIECEWISE[function](known)
    if applied is None:
        return None
    pieces, is_left = applied
    if is_left is None:
        following = [part for pair in zip(holes, pieces[1:], strict=True) for part in pair]
        return _Written((pieces[0], *following), is_safe=True)
    plain, template = _template(known), _template(pieces)

    def write(fillings: Fillings) -> str:
        texts = [hole(fillings) for hole in holes]
        for one in texts:
            if not is_left(one):
                return str(function(safe(plain % tuple(texts))))
        return template % tuple(texts)

    return _Written((write,), is_safe=True)


def _asked(test: Callable[..., Any]) -> Callable[..., Any]:
    """A test that is answered of what is known only."""

    @wraps(test)
    def answered(*args: Any) -> Any:
        if any(isinstance(value, _Unknown) for value in args):
            raise Opaque
        return test(*args)

    return answered


def _value(value: Any) -> Callable[[Fillings], Any]:
    """What gives the value when the holes are filled."""
    if type(value) is _Later:
        return value.of
    if type(value) is _Written:
        write = _program(value.pieces)
        return (lambda fillings: safe(write(fillings))) if value.is_safe else write
    return lambda _: value


def _program(pieces: Sequence[str | Program]) -> Program:
    """Writes the pieces one after another."""
    known, holes = _apart(pieces)
    template = _template(known)
    if len(holes) == 1:
        only = holes[0]
        return lambda fillings: template % only(fillings)
    return lambda fillings: template % tuple([hole(fillings) for hole in holes])


def _apart(pieces: Sequence[str | Program]) -> tuple[list[str], list[Program]]:
    """The known pieces around the holes, some perhaps empty, and what fills the holes."""
    known = [""]
    holes: list[Program] = []
    for piece in pieces:
        if isinstance(piece, str):
            known[-1] = "".join((known[-1], piece))  # + would escape what is not Markup
        else:
            holes.append(piece)
            known.append("")
    return known, holes


def _template(known: Sequence[str]) -> str:
    """The known pieces as a template of Python's operator ``%``."""
    return "%s".join(piece.replace("%", "%%") for piece in known)
