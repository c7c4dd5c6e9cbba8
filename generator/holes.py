"""Templates written out: the macros run once for a template, on a node whose formulas are not known yet.

What a macro does with an unknown text — put it out, pass it through a filter, join it to others — is noted instead of
done, and done for each variant when the holes are filled (:mod:`generator.unknown`).  A macro that asks something of it
cannot be run so, and what it was to write is rendered plainly for each variant.  So both ways give the same text, if only
filters are functions of what they are given.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from jinja2.runtime import Macro

from generator import filled
from generator.blocks import Display, Math
from generator.environment import MacroContext, Macros, Templates
from generator.programs import Fillings, Hole, Program, then
from generator.unknown import Later, Written, asked, escaped, joined, noted, program, put_out, rendered


class Holes:
    """Writes programs for templates, in one format.

    ``plain`` renders a node that is known.
    """

    def __init__(self, templates: Templates, plain: Callable[[Any], str]) -> None:
        environment = templates.environment(self._render)
        finalize: Any = environment.finalize
        self._plain = plain
        self._stand_ins: dict[int, tuple[Any, Callable[[Fillings], Any]]] = {}
        environment.finalize = lambda value: put_out(value, finalize)
        environment.concat = joined  # type: ignore[method-assign]
        environment.context_class = _NotingContext
        environment.filters = {name: noted(filter_) for name, filter_ in environment.filters.items()}
        environment.tests = {name: asked(test) for name, test in dict[str, Any](environment.tests).items()}
        self._macros = Macros(templates, environment)

    def program(self, template: filled.Template) -> Program | None:
        """What writes out the nodes of this template; None if that can be told only when a node is known."""
        try:
            text = self._render(
                filled.put_in(template.node, {hole.place: self._stand_in(hole) for hole in template.holes})
            )
        except Exception:  # noqa: BLE001 - rendered plainly it succeeds, or says what is wrong and where
            return None
        finally:
            self._stand_ins.clear()
        return program(text) if type(text) is Written else lambda _: text

    def _stand_in(self, hole: filled.Hole) -> Any:
        """What stands in the hole while the macros run."""
        of = Hole(hole.place)
        if not hole.is_node:
            return Later(of)
        stand_in: Any = object.__new__(hole.kind)
        known = dict(hole.known)
        for name in filled.children_of(hole.kind):
            object.__setattr__(stand_in, name, known[name] if name in known else Later(then(of, attrgetter(name))))
        self._stand_ins[id(stand_in)] = stand_in, of
        return stand_in

    def _render(self, node: Any) -> Any:
        if type(node) is tuple:
            return escaped(joined([self._render(child) for child in node]))
        if type(node) is Later:
            return self._rendered_later(node.of)
        if id(node) in self._stand_ins:
            return self._rendered_later(self._stand_ins[id(node)][1])
        if id(node) in filled.STATIC:
            return self._plain(node)
        try:
            return escaped(self._macros[type(node)](node))
        except Exception:
            if type(node) not in {Math, Display} or type(node.tex) is not Later:
                raise
            return self._rendered_later(then(node.tex.of, type(node)))

    def _rendered_later(self, node: Callable[[Fillings], Any]) -> Written:
        return rendered(then(node, self._plain))


class _NotingContext(MacroContext):
    """Calls of macros within templates, whose texts may have holes."""

    def call(
        self, function: Callable[..., Any], *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **named: Any
    ) -> Any:
        result = function(*args, **named)
        return escaped(result) if type(function) is Macro else result
