r"""From the document to text: one folder of Jinja2 templates a format, one macro a node.

``templates/<format>/nodes.*.j2`` holds a macro for each node, named as the node's class; inside a template
``render(node)`` calls it.  Every text is escaped for its format unless it is :class:`markupsafe.Markup`; TeX
source passes through the filter ``tex``.  A sheet's own template folder is searched first, macro by macro, so
overriding one macro restyles one thing; what it replaces is at hand as ``shipped/<file>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.compiler import CodeGenerator, Frame
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from generator.document import (
    BoxedAnswer,
    Bullets,
    Code,
    Criterion,
    Display,
    FieldsSpace,
    Figure,
    GridSpace,
    LinesSpace,
    Math,
    MistakeNote,
    Numbered,
    NumberSpace,
    Paragraph,
    Table,
    Text,
    Worksheet,
    WorkSpace,
    without_key,
)
from generator.errors import AuthoringError, InputError, TemplateError
from generator.escaping import (
    by_row,
    by_sentence,
    css_string,
    escape_latex,
    escape_markdown,
    escape_xml,
    file_name,
    greek,
    indented,
    markdown_code,
    markdown_math,
    markdown_paragraph,
    markdown_words,
    pdf_string,
    quoted,
)
from generator.figures.scene import Box, Label, Line, Mark, Scene, Symbol
from generator.paths import templates_folder
from generator.prose import STATIC
from generator.qr import qr


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One output format: its folder of templates, its file ending, and how it writes plain words.

    ``delimiters`` are those of Jinja's blocks, variables and comments.  A format with ``drawings`` shows figures
    in its own text, by the templates of SVG, which find ``in_page`` defined there.
    """

    name: str
    folder: str
    extension: str
    escape: Callable[[str], str]
    delimiters: tuple[str, str, str, str, str, str]
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    drawings: bool = False


def _formula(tex: str) -> Any:
    from generator.mathml import formula  # the library that it reads TeX with is loaded for HTML alone

    return formula(tex)


def _display_formula(tex: str) -> Any:
    from generator.mathml import formula

    return formula(tex, display=True)


def _pieces(tex: str) -> tuple[str, ...]:
    from generator.mathml import pieces

    return pieces(tex)


def _beyond(blocks: tuple[Any, ...], asked: tuple[Any, ...]) -> tuple[Any, ...]:
    """The blocks that the key completes: all that are not as in ``asked``, the same without the key."""
    return tuple(block for block, blank in zip(blocks, asked, strict=True) if block is not blank)


_JINJA = ("{%", "%}", "{{", "}}", "{#", "#}")
_FOR_TEX = ("<%", "%>", "<<", ">>", "<#", "#>")

FORMATS = {
    "tex": Format(
        "tex",
        "latex",
        "tex",
        escape_latex,
        _FOR_TEX,
        {"greek": greek, "by_sentence": by_sentence, "by_row": by_row, "pdf_string": pdf_string, "qr": qr},
    ),
    "md": Format(
        "md",
        "markdown",
        "md",
        escape_markdown,
        _JINJA,
        {
            "inline_math": markdown_math,
            "code": markdown_code,
            "indented": indented,
            "quoted": quoted,
            "words": markdown_words,
            "paragraph": markdown_paragraph,
            "file_name": file_name,
        },
    ),
    "html": Format(
        "html",
        "html",
        "html",
        escape_xml,
        _JINJA,
        {
            "formula": _formula,
            "display_formula": _display_formula,
            "pieces": _pieces,
            "without_key": without_key,
            "beyond": _beyond,
            "css_string": css_string,
        },
        drawings=True,
    ),
}
"""The formats of a whole worksheet."""

SVG = Format("svg", "svg", "svg", escape_xml, _JINJA)
"""Figures, for the formats that show pictures in files."""

_ALIKE = frozenset(
    {Text, Math, Code, NumberSpace, GridSpace, FieldsSpace, LinesSpace, WorkSpace, Box, Line, Mark, Label, Symbol}
)
"""Small nodes that come again and again in a class: what equals one that was rendered has its text."""

_SHARED = frozenset({Paragraph, Display, Bullets, Numbered, Table, Scene})
"""Nodes that a worksheet shares with its key: the same node has the same text."""

_MOST_SHARED = 1 << 10


class _Context(Context):
    """Calls within templates without Jinja's bookkeeping: what a macro returns is already escaped."""

    def call(
        self, function: Callable[..., Any], *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **named: Any
    ) -> Any:
        result = function(*args, **named)
        return _safe(result) if type(function) is Macro else result


def _safe(text: str) -> Markup:
    """``Markup(text)``, several times faster."""
    return str.__new__(Markup, text)


class _Compiler(CodeGenerator):
    """Jinja's compiler, with shortcuts for what is written most often: ``render(node)``.

    It is called without a detour over the context, and what it returns is put out as it is.
    """

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if not _renders(node, frame):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        self.visit(node.args[0], frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _renders(node, frame):
            self.write(finalize.src)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _renders(node, frame):
            self.write(")")


def _renders(node: nodes.Expr, frame: Frame) -> bool:
    """Whether an expression is ``render(…)``, and the name is not one of the template's own."""
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "render"):
        return False
    load = frame.symbols.find_load(frame.symbols.ref("render"))
    plain = len(node.args) == 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    return plain and load is not None and load[0] == VAR_LOAD_RESOLVE


class _Macros(dict[type, Callable[[Any], str]]):
    """The macro of each kind of node, found when first needed."""

    def __init__(self, find: Callable[[type], Callable[[Any], str]]) -> None:
        self._find = find

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = self._find(kind)
        return self[kind]


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
        if len(recent) >= _MOST_SHARED:
            recent.clear()
        recent[id(node)] = text, node
        return text

    return remembered


def _function_of(macro: Callable[[Any], str]) -> Callable[[Any], str]:
    """What Jinja has compiled a macro of one node to, without the reading of arguments around it.

    That takes longer than most macros themselves, and is not offered to be left out; a macro with more arguments, or of
    a Jinja that calls the function something else, is called as usual.
    """
    if isinstance(macro, Macro) and len(macro.arguments) == 1 and not macro.caller:
        return getattr(macro, "_func", macro)
    return macro


def _one_blank_line(text: str) -> str:
    """The text with a single empty line wherever it has several (a regular expression takes ten times as long)."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


class Renderer:
    """Renders documents in one format, with a sheet's own templates first if it has some."""

    def __init__(self, form: Format, own_templates: Path | None = None) -> None:
        self._format = form
        own = own_templates / form.folder if own_templates is not None else None
        self._own = own if own is not None and own.is_dir() else None
        drawn = own_templates / SVG.folder if own_templates is not None and form.drawings else None
        self._own_drawings = drawn if drawn is not None and drawn.is_dir() else None
        self._environment = self._make_environment()
        self._macros = _Macros(self._macro)
        self._macros[tuple] = self._sequence
        self._static: dict[int, Markup] = {}
        self._modules: list[Any] = []

    def document(self, worksheet: Worksheet) -> str:
        """The whole worksheet as the text of one file."""
        return self.text(f"worksheet.{self._format.extension}.j2", worksheet=worksheet)

    def text(self, template: str, **context: object) -> str:
        """What a template of the format makes of ``context``."""
        try:
            return _one_blank_line(self._environment.get_template(template).render(context))
        except JinjaError as error:
            raise self._broken(error) from error

    def figure(self, scene: Scene) -> str:
        """A drawing as the text of one file (for a format of pictures)."""
        try:
            return str(self.node(scene))
        except JinjaError as error:
            raise self._broken(error) from error

    def node(self, node: Any) -> Markup:
        """One node by the macro of its name; a sequence of nodes one after another."""
        return self._static.get(id(node)) or self._rendered(node)

    def _rendered(self, node: Any) -> Markup:
        """What the node's macro makes of it, remembered if all variants share the node."""
        text = _safe(self._macros[type(node)](node))
        if id(node) in STATIC:
            self._static[id(node)] = text
        return text

    def _sequence(self, several: tuple[Any, ...]) -> str:
        known = self._static.get
        return "".join([known(id(node)) or self._rendered(node) for node in several])

    def _macro(self, kind: type) -> Callable[[Any], str]:
        """The first macro of the kind's name, the sheet's own before the shipped one."""
        self._modules = self._modules or list(self._load_modules())
        for module in self._modules:
            macro: Callable[[Any], str] | None = getattr(module, kind.__name__, None)
            if macro is not None:
                macro = _function_of(macro)
                if kind in _ALIKE:
                    return lru_cache(maxsize=1 << 11)(macro)
                return _remembering(macro) if kind in _SHARED else macro
        file = f"{self._format.folder}/nodes.{self._format.extension}.j2"
        raise TemplateError(
            f"the format {self._format.name} has no macro {kind.__name__!r}; add it to templates/{file}"
        )

    def _load_modules(self) -> Iterable[Any]:
        """The files with macros, the sheet's own first."""
        extension = self._format.extension
        files = [f"{folder}{file}.{extension}.j2" for folder in ("", "shipped/") for file in ("nodes", "scene")]
        if self._format.drawings:
            files += [f"svg/{folder}scene.svg.j2" for folder in ("", "shipped/")]
        for file in files if self._own or self._own_drawings else [one for one in files if "shipped/" not in one]:
            try:
                yield self._environment.get_template(file).module
            except TemplateNotFound:
                continue

    def _make_environment(self) -> Environment:
        escape = self._format.escape
        block_start, block_end, variable_start, variable_end, comment_start, comment_end = self._format.delimiters
        loader = _loader(self._format.folder, self._own)
        if self._format.drawings:
            loader = ChoiceLoader([loader, PrefixLoader({"svg": _loader(SVG.folder, self._own_drawings)})])
        environment = Environment(
            loader=loader,
            autoescape=False,  # noqa: S701 - finalize does it, for whatever a template puts out
            finalize=lambda value: value if type(value) is Markup else escape(str(value)),
            undefined=StrictUndefined,
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
        environment.context_class = _Context
        environment.code_generator_class = _Compiler
        environment.filters.update({"tex": _safe, "count_of": count_of, **self._format.filters})
        environment.tests["paragraph"] = lambda node: isinstance(node, Paragraph)
        environment.globals["render"] = self.node
        if self._format.drawings:
            environment.globals["in_page"] = True
        return environment

    def _broken(self, error: JinjaError) -> TemplateError:
        """The error with the template and the line that it came from."""
        place = getattr(error, "filename", None) or getattr(error, "name", None)
        line = getattr(error, "lineno", None)
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.endswith(".j2"):
                place, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        where = f"{place or self._format.folder}, line {line}" if line else place or self._format.folder
        return TemplateError(f"the template {where}: {error}")


def _loader(folder: str, own: Path | None) -> ChoiceLoader:
    """The templates of a folder, a sheet's own before the shipped ones, which are at hand as ``shipped/`` too."""
    shipped = FileSystemLoader(templates_folder() / folder)
    return ChoiceLoader([*([FileSystemLoader(own)] if own else []), shipped, PrefixLoader({"shipped": shipped})])


@cache
def renderer(form: Format, own_templates: Path | None = None) -> Renderer:
    """The renderer of a format; made once, since templates compile slowly."""
    return Renderer(form, own_templates)


def count_of(number: int, noun: str) -> str:
    """``1 point``, ``2 points``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def figures_in(node: Any) -> dict[str, Scene]:
    """The drawings of a document or a part of one by the stem of their file, as this document shows them."""
    found: dict[str, Scene] = {}
    for figure in _walk_figures(node):
        if found.setdefault(figure.file, figure.shown) != figure.shown:
            raise AuthoringError(f"two figures are called {figure.name!r}")
    return found


_WITHOUT_FIGURES = frozenset(
    {Text, Math, Code, Paragraph, Display, Table, BoxedAnswer, Criterion, MistakeNote, str, int}
)
"""What most of a document is made of, and no drawing can stand in."""


def _walk_figures(node: Any) -> Iterable[Figure]:
    if isinstance(node, Figure):
        yield node
    elif isinstance(node, tuple):
        for child in node:
            if type(child) not in _WITHOUT_FIGURES:
                yield from _walk_figures(child)
    elif is_dataclass(node) and not isinstance(node, Scene):
        for name in _fields_of(node.__class__):
            child = getattr(node, name)
            if child and type(child) not in _WITHOUT_FIGURES:
                yield from _walk_figures(child)


@cache
def _fields_of(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def parse_formats(text: str) -> tuple[str, ...]:
    """``"tex,md,html,pdf"`` as names, each known."""
    known = (*FORMATS, "pdf")
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise InputError(f"there is no format {name!r}; there are {', '.join(known)}", field="--formats")
    if not names:
        raise InputError(f"name at least one of {', '.join(known)}", field="--formats")
    return names
