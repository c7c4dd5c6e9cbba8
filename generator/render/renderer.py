r"""From the document to text: one folder of Jinja2 templates a format, one macro a node.

``templates/<format>/nodes.*.j2`` holds a macro for each node, named as the node's class; inside a template
``render(node)`` calls it.  Every text is escaped for its format unless it is :class:`markupsafe.Markup`; TeX
source passes through the filter ``tex``.  A sheet's own template folder is searched first, macro by macro, so
overriding one macro restyles one thing; what it replaces is at hand as ``shipped/<file>``.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from generator.document.figures.scene import Box, Label, Line, Mark, Scene, Symbol
from generator.document.nodes import (
    BoxedAnswer,
    Code,
    Criterion,
    Display,
    FieldsSpace,
    Figure,
    GridSpace,
    LinesSpace,
    Math,
    MistakeNote,
    NumberSpace,
    Paragraph,
    Table,
    Text,
    Worksheet,
    WorkSpace,
    children,
)
from generator.errors import AuthoringError, TemplateError
from generator.errors.language import Language, current, using
from generator.render.author_signs import prints_any_script
from generator.render.environment import Macros, Templates
from generator.render.escaping import safe
from generator.render.formats import FORMATS, SVG, Format, count_of, parse_formats

__all__ = ["FORMATS", "SVG", "Format", "Renderer", "count_of", "figures_in", "parse_formats", "renderer"]

_REPEATED = frozenset(
    {Text, Math, Code, NumberSpace, GridSpace, FieldsSpace, LinesSpace, WorkSpace, Box, Line, Mark, Label, Symbol}
)
"""Small nodes that come again and again in a class: what equals one that was rendered has its text."""


def _one_blank_line(text: str) -> str:
    """The text with a single empty line wherever it has several (a regular expression takes ten times as long)."""
    first, *others = text.split("\n\n\n")
    if not others:
        return text
    *between, last = [other.lstrip("\n") for other in others]
    return "\n\n".join([first, *filter(None, between), last])


class Renderer:
    """Renders documents in one format, with a sheet's own templates first if it has some."""

    def __init__(self, form: Format, own_templates: Path | None = None) -> None:
        self._templates = Templates(form, own_templates)
        self._environment = self._templates.environment(self.node)
        self._macros = Macros(self._templates, self._environment)
        self._companions: dict[Language, dict[str, str]] = {}
        self._remembered = lru_cache(maxsize=1 << 13)(lambda node, *_: self._written(node))

    def document(self, worksheet: Worksheet) -> str:
        """The whole worksheet, in its language, as the text of one file."""
        with using(worksheet.language):
            return self.text(f"worksheet.{self._templates.format.extension}.j2", worksheet=worksheet)

    def text(self, template: str, **context: object) -> str:
        """Render a template of the format with ``context``."""
        try:
            return _one_blank_line(self._environment.get_template(template).render(context))
        except JinjaError as error:
            raise self._templates.broken(error) from error

    @property
    def companions(self) -> dict[str, str]:
        """The files that a document in the current language needs beside it, by their names: the style of LaTeX."""
        language = current()
        if language not in self._companions:
            names = self._templates.format.companions
            self._companions[language] = {name: self._companion(name) for name in names}
        return self._companions[language]

    def _companion(self, name: str) -> str:
        own = self._templates.own_companion(name)
        return self.text(f"{name}.j2") if own is None else own

    def figure(self, scene: Scene) -> str:
        """A drawing as the text of one file (for a format of pictures)."""
        try:
            return str(self.node(scene))
        except JinjaError as error:
            raise self._templates.broken(error) from error

    def broken(self, error: JinjaError) -> TemplateError:
        """What a template cannot do, with the template and its line."""
        return self._templates.broken(error)

    def node(self, node: Any) -> Markup:
        """One node by the macro of its name; a sequence of nodes one after another."""
        return safe("".join(map(self._one, node)) if type(node) is tuple else self._one(node))

    def _one(self, node: Any) -> str:
        return (
            self._remembered(node, current(), prints_any_script()) if type(node) in _REPEATED else self._written(node)
        )

    def _written(self, node: Any) -> str:
        return str(self._macros[type(node)](node))


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


WITHOUT_FIGURES = frozenset(
    {Text, Math, Code, Paragraph, Display, Table, BoxedAnswer, Criterion, MistakeNote, str, int}
)
"""The most frequent nodes, which cannot contain a drawing."""


def _collect_figures(node: Any, found: list[Figure]) -> None:
    kind: Any = type(node)
    if kind is Figure:
        found.append(node)
    elif kind is tuple:
        for child in node:
            _collect_figures(child, found)
    elif kind not in WITHOUT_FIGURES:
        for child in children(node):
            _collect_figures(child, found)
