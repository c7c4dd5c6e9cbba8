r"""From the document to text: one folder of Jinja2 templates a format, one macro a node.

``templates/<format>/nodes.*.j2`` holds a macro for each node, named as the node's class; inside a template
``render(node)`` calls it.  Every text is escaped for its format unless it is :class:`markupsafe.Markup`; TeX
source passes through the filter ``tex``.  A sheet's own template folder is searched first, macro by macro, so
overriding one macro restyles one thing; what it replaces is at hand as ``shipped/<file>``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from generator.blocks import Bullets, Code, Display, Figure, Math, Numbered, Paragraph, Table, Text
from generator.document import (
    BoxedAnswer,
    Criterion,
    FieldsSpace,
    GridSpace,
    LinesSpace,
    MistakeNote,
    NumberSpace,
    Worksheet,
    WorkSpace,
)
from generator.environment import Macros, Templates
from generator.errors import AuthoringError
from generator.escaping import safe
from generator.figures.scene import Box, Group, Label, Line, Mark, Scene, Symbol
from generator.filled import FILLED, STATIC, Filled, Template, children_of, put_in
from generator.formats import FORMATS, SVG, Format, count_of, parse_formats
from generator.holes import Holes

__all__ = ["FORMATS", "SVG", "Format", "Renderer", "count_of", "figures_in", "parse_formats", "renderer"]

_ALIKE = frozenset(
    {Text, Math, Code, NumberSpace, GridSpace, FieldsSpace, LinesSpace, WorkSpace, Box, Line, Mark, Label, Symbol}
)
"""Small nodes that come again and again in a class: what equals one that was rendered has its text."""

_SHARED = frozenset({Paragraph, Display, Bullets, Numbered, Table, Group, Scene})
"""Nodes that a worksheet shares with its key: the same node has the same text."""

_MOST_REMEMBERED = 1 << 10


def _remembering(macro: Callable[[Any], str]) -> Callable[[Any], str]:
    """The macro, run only once for each node that a worksheet shares with its key.

    Nodes are known by their identity, which is quicker than to compare them; beside its text stands the node, so
    that it lives, and its identity is no other's, as long as it is remembered.
    """
    recent: dict[int, tuple[str, Any]] = {}

    def remembered(node: Any) -> str:
        known = recent.get(id(node))
        if known is not None:
            return known[0]
        text = macro(node)
        if len(recent) >= _MOST_REMEMBERED:
            recent.clear()
        recent[id(node)] = text, node
        return text

    return remembered


def _one_blank_line(text: str) -> str:
    """The text with a single empty line wherever it has several (a regular expression takes ten times as long)."""
    first, *others = text.split("\n\n\n")
    if not others:
        return text
    *between, last = [other.lstrip("\n") for other in others]
    return "\n\n".join([first, *filter(None, between), last])


class _Remembered(Macros):
    """The macros of the nodes, most of them run once for nodes that are the same or alike."""

    def __init__(self, templates: Templates, environment: Environment) -> None:
        super().__init__(templates, environment)
        self.plain = cache(super().find)

    def find(self, kind: type) -> Callable[[Any], str]:
        macro = self.plain(kind)
        if kind in _ALIKE:
            return lru_cache(maxsize=1 << 11)(macro)
        return _remembering(macro) if kind in _SHARED else macro


class Renderer:
    """Renders documents in one format, with a sheet's own templates first if it has some."""

    def __init__(self, form: Format, own_templates: Path | None = None) -> None:
        self._templates = Templates(form, own_templates)
        self._environment = self._templates.environment(self.node)
        self._macros = _Remembered(self._templates, self._environment)
        self._macros[tuple] = self._sequence
        for kind in FILLED:
            self._macros[kind] = _remembering(self._filled) if issubclass(kind, Scene) else self._filled
        self._holes = Holes(self._templates, self._written)
        self._static: dict[int, Markup] = {}
        self._formula = lru_cache(maxsize=1 << 11)(lambda tex: self._macros.plain(Math)(Math(tex)))

    def document(self, worksheet: Worksheet) -> str:
        """The whole worksheet as the text of one file."""
        return self.text(f"worksheet.{self._templates.format.extension}.j2", worksheet=worksheet)

    def text(self, template: str, **context: object) -> str:
        """What a template of the format makes of ``context``."""
        try:
            return _one_blank_line(self._environment.get_template(template).render(context))
        except JinjaError as error:
            raise self._templates.broken(error) from error

    def figure(self, scene: Scene) -> str:
        """A drawing as the text of one file (for a format of pictures)."""
        try:
            return str(self.node(scene))
        except JinjaError as error:
            raise self._templates.broken(error) from error

    def node(self, node: Any) -> Markup:
        """One node by the macro of its name; a sequence of nodes one after another."""
        return self._static.get(id(node)) or self._rendered(node)

    def _rendered(self, node: Any) -> Markup:
        """What the node's macro makes of it, remembered if all variants share the node."""
        text = safe(self._macros[type(node)](node))
        if id(node) in STATIC:
            self._static[id(node)] = text
        return text

    def _sequence(self, several: tuple[Any, ...]) -> str:
        known = self._static.get
        return "".join([known(id(node)) or self._rendered(node) for node in several])

    def _filled(self, node: Filled) -> str:
        """A node with holes, by the program of its template."""
        template = node.template
        program = template.programs.get(self) or self._program(template)
        return program(node.fillings)

    def _written(self, node: Any) -> str:
        """What :meth:`node` gives, as a plain string where that is quicker."""
        kind = type(node)
        if kind in FILLED:
            template = node.template
            return (template.programs.get(self) or self._program(template))(node.fillings)
        return self._formula(node.tex) if kind is Math else self.node(node)

    def _program(self, template: Template) -> Callable[[Sequence[Any]], str]:
        """What writes out the nodes of this template, if need be by macros like any other node."""
        program = self._holes.program(template) or (lambda fillings: self._rendered(put_in(template.node, fillings)))
        template.programs[self] = program
        return program


@cache
def renderer(form: Format, own_templates: Path | None = None) -> Renderer:
    """The renderer of a format; made once, since templates compile slowly."""
    return Renderer(form, own_templates)


def figures_in(node: Any) -> dict[str, Scene]:
    """The drawings of a document or a part of one by the stem of their file, as this document shows them."""
    figures: list[Figure] = []
    _collect_figures(node, figures)
    found: dict[str, Scene] = {}
    for figure in figures:
        shown = figure.shown
        other = found.setdefault(figure.file, shown)
        if other is not shown and other != shown:
            raise AuthoringError(f"two figures are called {figure.name!r}")
    return found


_WITHOUT_FIGURES = frozenset(
    {Text, Math, Code, Paragraph, Display, Table, BoxedAnswer, Criterion, MistakeNote, str, int}
)
"""What most of a document is made of, and no drawing can stand in."""


def _collect_figures(node: Any, found: list[Figure]) -> None:
    kind: Any = type(node)
    if kind is Figure:
        found.append(node)
    elif kind is tuple:
        for child in node:
            _collect_figures(child, found)
    elif kind in FILLED:
        for place in node.template.nodes:
            _collect_figures(node.fillings[place], found)
    elif kind not in _WITHOUT_FIGURES:
        for name in children_of(kind):
            _collect_figures(getattr(node, name), found)
