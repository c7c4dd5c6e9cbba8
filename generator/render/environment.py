"""Jinja as this generator uses it: every text that a template outputs is escaped for its format.

``render(node)`` is at hand in every template.  A sheet's own template folder is searched first, macro by macro; what
it replaces is at hand as ``shipped/<file>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateNotFound
from jinja2 import TemplateError as JinjaError
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from generator.document.nodes import Paragraph
from generator.errors import TemplateError
from generator.errors.language import current, phrase
from generator.render.escaping import safe
from generator.render.formats import SVG, Format, count_of
from generator.render.letters import clusters
from generator.render.paths import templates_folder
from generator.render.phrases import phrases_for


class Templates:
    """The templates of one format, a sheet's own before the shipped ones."""

    def __init__(self, form: Format, own_templates: Path | None = None) -> None:
        self.format = form
        self._own = _folder(own_templates, form.folder)
        self._own_drawings = _folder(own_templates, SVG.folder) if form.drawings else None

    def environment(self, render: Callable[[Any], Any]) -> Environment:
        """An environment in which ``render`` is the function of that name."""
        escape = self.format.escape
        block_start, block_end, variable_start, variable_end, comment_start, comment_end = self.format.delimiters
        loader = _loader(self.format.folder, self._own)
        if self.format.base:
            loader = ChoiceLoader([loader, PrefixLoader({"base": _loader(self.format.base, None)})])
        if self.format.drawings:
            loader = ChoiceLoader([loader, PrefixLoader({"svg": _loader(SVG.folder, self._own_drawings)})])
        environment = Environment(
            loader=loader,
            autoescape=False,  # noqa: S701 - finalize does it, for whatever a template outputs
            finalize=lambda value: (
                value if type(value) is Markup else escape(value if isinstance(value, str) else str(value))
            ),
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
        environment.context_class = MacroContext
        environment.filters.update({"tex": safe, "count_of": count_of, "clusters": clusters, **self.format.filters})
        environment.tests["paragraph"] = lambda node: isinstance(node, Paragraph)
        environment.globals["render"] = render
        environment.globals["phrase"] = phrases_for(escape, self.format.filters.get("words"))
        environment.globals["phrase_text"] = phrase
        environment.globals["language"] = lambda: current().code
        if self.format.drawings:
            environment.globals["in_page"] = True
        return environment

    def own_companion(self, name: str) -> str | None:
        """A sheet's own file that stands beside a document as it is, in place of what the template of that name makes."""
        path = self._own / name if self._own is not None else None
        return path.read_text("utf-8") if path is not None and path.is_file() else None

    def modules(self, environment: Environment) -> Iterator[Any]:
        """The files with macros, the sheet's own first."""
        extension = self.format.extension
        files = [f"{folder}{file}.{extension}.j2" for folder in ("", "shipped/") for file in ("nodes", "scene")]
        if self.format.drawings:
            files += [f"svg/{folder}scene.svg.j2" for folder in ("", "shipped/")]
        if self.format.base:
            files.append(f"base/nodes.{extension}.j2")
        for file in files if self._own or self._own_drawings else [one for one in files if "shipped/" not in one]:
            try:
                yield environment.get_template(file).module
            except TemplateNotFound:
                continue

    def broken(self, error: JinjaError) -> TemplateError:
        """The error with the template and the line that it came from."""
        place = getattr(error, "filename", None) or getattr(error, "name", None)
        line = getattr(error, "lineno", None)
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename.endswith(".j2"):
                place, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        where = f"{place or self.format.folder}, line {line}" if line else place or self.format.folder
        return TemplateError(f"the template {where}: {error}")


class Macros(dict[type, Callable[[Any], Any]]):
    """The macro of each kind of node, found when first needed: the first of the kind's name."""

    def __init__(self, templates: Templates, environment: Environment) -> None:
        self._templates = templates
        self._environment = environment
        self._modules: list[Any] = []

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = self.find(kind)
        return self[kind]

    def find(self, kind: type) -> Callable[[Any], Any]:
        """The macro as a function of a node; raises :class:`TemplateError` if there is none."""
        self._modules = self._modules or list(self._templates.modules(self._environment))
        for module in self._modules:
            macro: Callable[[Any], Any] | None = getattr(module, kind.__name__, None)
            if macro is not None:
                return macro
        form = self._templates.format
        file = f"{form.folder}/nodes.{form.extension}.j2"
        raise TemplateError(f"the format {form.name} has no macro {kind.__name__!r}; add it to templates/{file}")


class MacroContext(Context):
    """Calls within templates without Jinja's bookkeeping: what a macro returns is already escaped."""

    def call(
        self, function: Callable[..., Any], *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **named: Any
    ) -> Any:
        result = function(*args, **named)
        return safe(result) if type(function) is Macro else result


def _folder(own_templates: Path | None, name: str) -> Path | None:
    own = own_templates / name if own_templates is not None else None
    return own if own is not None and own.is_dir() else None


def _loader(folder: str, own: Path | None) -> ChoiceLoader:
    """The templates of a folder, a sheet's own before the shipped ones, which are at hand as ``shipped/`` too."""
    shipped = FileSystemLoader(templates_folder() / folder)
    return ChoiceLoader([*([FileSystemLoader(own)] if own else []), shipped, PrefixLoader({"shipped": shipped})])
