"""Documents in the page: nodes, formulas and styles by the templates of the HTML format, with this page's own before them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from generator.document.nodes import Block, Paragraph
from generator.practice.mastery import percent
from generator.practice.web.messages import html
from generator.render.mathml.formulas import formula, pieces
from generator.render.paths import templates_folder
from generator.render.renderer import FORMATS, Renderer, count_of, renderer


def templates() -> str:
    """The folder of the page's templates."""
    return str(templates_folder() / "practice")


def page_renderer() -> Renderer:
    """Renders nodes for this page."""
    return renderer(FORMATS["html"], templates_folder() / "practice")


@cache
def style() -> str:
    """The page's one stylesheet."""
    return page_renderer().text("style.css.j2")


@cache
def script() -> str:
    """The page's one script."""
    folder = templates_folder() / "practice"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in ("keeping.js", "practice.js"))


def version(text: str) -> str:
    """What changes when a file does, so that it can be kept for ever under its address."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


@cache
def _marker() -> Markup:
    return Markup(page_renderer().text("marker.html.j2"))  # noqa: S704 - a template of ours, without values


def _inline(blocks: tuple[Block, ...]) -> Markup:
    """Blocks within a label, where a paragraph has no place: a single paragraph by what is in it."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return page_renderer().node(blocks[0].children)
    return page_renderer().node(blocks)


def _words(tex: str) -> str:
    """A formula's letters and signs, for a name that is read aloud; tools that look for one do not look into formulas."""
    return " ".join(formula(tex).mathml.striptags().split())


def equip(environment: Environment) -> None:
    """Give the page's templates what the templates of documents have."""
    names: Mapping[str, Callable[..., Any]] = {
        "render": page_renderer().node,
        "inline": _inline,
        "scene_marker": _marker,
    }
    environment.globals.update(names, style_version=version(style()), script_version=version(script()))
    environment.filters.update(
        formula=formula,
        display_formula=lambda tex: formula(tex, display=True),
        pieces=pieces,
        words=_words,
        message=html,
        count_of=count_of,
        percent=percent,
        **{name: FORMATS["html"].filters[name] for name in ("without_key", "beyond")},
    )
