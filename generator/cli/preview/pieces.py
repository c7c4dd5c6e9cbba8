"""Pieces of the page that show formulas: rendered where the values are."""

from __future__ import annotations

from functools import cache

from generator.render.paths import templates_folder
from generator.render.renderer import FORMATS, Renderer, renderer

TEMPLATES = templates_folder() / "preview"


@cache
def page_renderer() -> Renderer:
    """Return the renderer of HTML with the templates of this page before the shipped ones."""
    return renderer(FORMATS["html"], TEMPLATES)
