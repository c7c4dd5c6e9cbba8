"""The files that stand beside a paper's texts: the style of its LaTeX, and the sheet's logo."""

from __future__ import annotations

from collections.abc import Collection

from generator.errors.language import using
from generator.paper.sheet import Sheet
from generator.render.renderer import FORMATS, renderer


def style_files(sheet: Sheet) -> dict[str, str]:
    """Return the style of a sheet's LaTeX: a copy goes with each paper, so that it compiles where it lies."""
    with using(sheet.language):
        return renderer(FORMATS["tex"], sheet.templates).companions


def images(sheet: Sheet, formats: Collection[str]) -> dict[str, bytes]:
    """Return the logo, if papers in some of these formats need it beside them: it is in an HTML page itself."""
    logo = sheet.style.logo
    if logo is None or not ("tex" in formats or ("md" in formats and logo.is_picture)):
        return {}
    return {logo.file: logo.content}


def tex_files(sheet: Sheet) -> dict[str, str | bytes]:
    """Return all that TeX needs beside a document."""
    return {**style_files(sheet), **images(sheet, ("tex",))}
