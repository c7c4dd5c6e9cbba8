r"""From the document to text: one folder of Jinja2 templates a format, one macro a node.

``templates/<format>/nodes.*.j2`` holds a macro for each node, named as the node's class; inside a template
``render(node)`` calls it.  Every text is escaped for its format unless it is :class:`markupsafe.Markup`; TeX
source passes through the filter ``tex``.  A sheet's own template folder is searched first, macro by macro, so
overriding one macro restyles one thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from generator.document import Figure, Worksheet
from generator.errors import AuthoringError, InputError, TemplateError
from generator.figures.scene import Scene
from generator.paths import templates_folder


def escape_latex(text: str) -> str:
    """Plain words for LaTeX: every special character printed as itself; control characters left out."""
    return _LATEX_SPECIAL.sub(lambda match: _LATEX[match[0]], text)


def escape_markdown(text: str) -> str:
    """Plain words for GitHub's Markdown: nothing in them is markup, HTML or mathematics."""
    return _MARKDOWN_SPECIAL.sub(lambda match: _MARKDOWN.get(match[0], "\\" + match[0]), text)


def escape_xml(text: str) -> str:
    """Plain words for SVG and HTML."""
    return str(Markup.escape(_CONTROL.sub("", text)))


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "“": "``",
    "”": "''",
    "’": "'",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "\u00a0": "~",
    **{chr(code): "" for code in (*range(32), 127)},
    "\t": " ",
    "\n": " ",
}
_LATEX_SPECIAL = re.compile("[" + re.escape("".join(_LATEX)) + "]")
_MARKDOWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;", "\n": " "}
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&$#|~\n]|(?<=^)[-+]|(?<=^\d)\.")


def markdown_math(tex: str) -> Markup:
    """A formula within a line.

    GitHub reads Markdown before mathematics: where a backslash stands before a sign, its ``$`…`$`` keeps the
    formula whole.
    """
    return Markup(f"$`{tex}`$" if _MARKDOWN_MANGLES.search(tex) else f"${tex}$")  # noqa: S704


def markdown_code(text: str) -> Markup:
    """A name in code, its backticks made harmless."""
    return Markup("`" + text.replace("`", "'").replace("\n", " ") + "`")  # noqa: S704


def indented(text: str, columns: int) -> Markup:
    """Blocks as the content of a list item whose marker is ``columns`` wide."""
    return Markup(str(text).strip().replace("\n", "\n" + " " * columns))  # noqa: S704


def count_of(number: int, noun: str) -> str:
    """``1 point``, ``2 points``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_MARKDOWN_MANGLES = re.compile(r"\\[^A-Za-z]|[*<>]")


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One output format: its folder of templates, its file ending, and how it writes plain words."""

    name: str
    folder: str
    extension: str
    escape: Callable[[str], str]
    delimiters: tuple[str, str, str, str, str, str]
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


_JINJA = ("{%", "%}", "{{", "}}", "{#", "#}")
_FOR_TEX = ("<%", "%>", "<<", ">>", "<#", "#>")

FORMATS = {
    "tex": Format("tex", "latex", "tex", escape_latex, _FOR_TEX),
    "md": Format(
        "md",
        "markdown",
        "md",
        escape_markdown,
        _JINJA,
        {"inline_math": markdown_math, "code": markdown_code, "indented": indented},
    ),
}
"""The formats of a whole worksheet."""

SVG = Format("svg", "svg", "svg", escape_xml, _JINJA)
"""Figures, for the formats that show pictures in files."""


class Renderer:
    """Renders documents in one format, with a sheet's own templates first if it has some."""

    def __init__(self, form: Format, own_templates: Path | None = None) -> None:
        self._format = form
        folders = [templates_folder() / form.folder]
        if own_templates is not None and (own_templates / form.folder).is_dir():
            folders.insert(0, own_templates / form.folder)
        self._environments = [self._environment(folders[place:]) for place in range(len(folders))]
        self._macros: dict[str, Callable[[Any], Markup]] = {}
        self._modules: list[Any] | None = None

    def document(self, worksheet: Worksheet) -> str:
        """The whole worksheet as the text of one file."""
        try:
            template = self._environments[0].get_template(f"worksheet.{self._format.extension}.j2")
            return template.render(worksheet=worksheet)
        except JinjaError as error:
            raise self._broken(error) from error

    def node(self, node: Any) -> Markup:
        """One node by the macro of its name; a sequence of nodes one after another."""
        if isinstance(node, tuple):
            return Markup("").join(self.node(child) for child in node)
        macro = self._macros.get(type(node).__name__)
        if macro is None:
            macro = self._find_macro(type(node).__name__)
        return macro(node)

    def figure(self, scene: Scene) -> str:
        """A drawing as the text of one file (for a format of pictures)."""
        try:
            return str(self.node(scene))
        except JinjaError as error:
            raise self._broken(error) from error

    def _find_macro(self, name: str) -> Callable[[Any], Markup]:
        if self._modules is None:
            self._modules = list(self._load_modules())
        for module in self._modules:
            macro = getattr(module, name, None)
            if macro is not None:
                self._macros[name] = macro
                found: Callable[[Any], Markup] = macro
                return found
        file = f"{self._format.folder}/nodes.{self._format.extension}.j2"
        raise TemplateError(f"the format {self._format.name} has no macro {name!r}; add it to templates/{file}")

    def _load_modules(self) -> Iterable[Any]:
        """The macro files, the sheet's own first."""
        for environment in self._environments:
            for file in ("nodes", "scene"):
                try:
                    template = environment.get_template(f"{file}.{self._format.extension}.j2")
                except TemplateNotFound:
                    continue
                yield template.module

    def _environment(self, folders: list[Path]) -> Environment:
        escape = self._format.escape
        block_start, block_end, variable_start, variable_end, comment_start, comment_end = self._format.delimiters
        loader: BaseLoader = FileSystemLoader(folders)
        environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            finalize=lambda value: value if isinstance(value, Markup) else Markup(escape(str(value))),
            block_start_string=block_start,
            block_end_string=block_end,
            variable_start_string=variable_start,
            variable_end_string=variable_end,
            comment_start_string=comment_start,
            comment_end_string=comment_end,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        environment.filters["tex"] = Markup
        environment.filters["count_of"] = count_of
        environment.filters.update(self._format.filters)
        environment.globals["render"] = self.node
        return environment

    def _broken(self, error: JinjaError) -> TemplateError:
        where = getattr(error, "filename", None) or getattr(error, "name", None) or self._format.folder
        line = f", line {error.lineno}" if getattr(error, "lineno", None) else ""
        return TemplateError(f"the template {where}{line}: {error}")


@cache
def renderer(form: Format, own_templates: Path | None = None) -> Renderer:
    """The renderer of a format; made once, since templates compile slowly."""
    return Renderer(form, own_templates)


def figures_in(node: Any) -> dict[str, Scene]:
    """The drawings of a document or a part of one by the stem of their file, as this document shows them."""
    found: dict[str, Scene] = {}
    for figure in _walk_figures(node):
        if found.setdefault(figure.file, figure.shown) != figure.shown:
            raise AuthoringError(f"two figures are called {figure.name!r}")
    return found


def _walk_figures(node: Any) -> Iterable[Figure]:
    if isinstance(node, Figure):
        yield node
    elif isinstance(node, tuple):
        for child in node:
            yield from _walk_figures(child)
    elif hasattr(node, "__dataclass_fields__") and not isinstance(node, Scene):
        for name in node.__dataclass_fields__:
            yield from _walk_figures(getattr(node, name))


def parse_formats(text: str) -> tuple[str, ...]:
    """``"tex,md,pdf"`` as names, each known."""
    known = (*FORMATS, "pdf")
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise InputError(f"there is no format {name!r}; there are {', '.join(known)}", field="--formats")
    if not names:
        raise InputError(f"name at least one of {', '.join(known)}", field="--formats")
    return names
