"""The heights that a fixed layout reserves for parts, so that all papers of a class have their answers in the same places.

They are measured: TeX sets some dozens of papers with other numbers, and each place is as high as the highest of them, and a
line more.  A class keeps them in its records, so that whoever joins it, or has a paper made again, has the same.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pikepdf

from generator.document.nodes import Worksheet
from generator.document.student_copy import student_copy
from generator.errors import EngineError, InputError
from generator.paper.companions import tex_files
from generator.paper.paper import make_paper
from generator.paper.sheet import Sheet
from generator.paper.timeout import time_limit
from generator.render.pictures import picture_files
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf
from generator.tex.described import described
from generator.tex.run import Limits
from generator.tex.scratch import work_folder

MEASURED = 60
"""Papers that are set to find the heights."""

RESERVE = 1.2
"""A part's height beyond the highest that was seen, in sizes of type: another variant may need a line more."""

_SECONDS = 300.0

_AT = re.compile(
    r"^worksheet at (?P<place>[\w-]+): page (?P<page>\d+), (?P<x>\d+), (?P<y>\d+), (?P<width>\d+), (?P<height>\d+), (?P<depth>\d+)$",
    re.MULTILINE,
)
_SCALED_POINTS = 65536 * 72.27 / 72
"""TeX's unit in a point of PDF."""
_PLACE = re.compile(r"^worksheet place (?P<place>[\w-]+): (?P<height>[\d.]+)pt$", re.MULTILINE)


def reserved_places(sheet: Sheet, formats: Collection[str]) -> Mapping[str, int]:
    """Return the heights for a sheet's parts, in points; nothing for one whose layout is not fixed, or that TeX does not set.

    Raises :class:`EngineError` where there is no pdfTeX, and :class:`InputError` for a sheet whose variants have different parts.
    """
    if not sheet.style.fixed or not {*formats} & {"tex", "pdf"}:
        return {}
    unmeasured = replace(sheet, style=replace(sheet.style, places=()))
    copies = []
    with time_limit() as limit:
        for seed in range(1, MEASURED + 1):
            with limit:
                copies.append(student_copy(make_paper(unmeasured, seed).document))
    found: dict[str, list[float]] = {}
    for place, height in _PLACE.findall(_log(unmeasured, copies)):
        found.setdefault(place, []).append(float(height))
    for place, heights in found.items():
        if len(heights) != len(copies):
            raise InputError(
                f"{sheet.name}: the part {place.removesuffix('-answer')} is on {len(heights)} of {len(copies)} papers: a fixed "
                "layout needs the same parts on all; leave out (without = [...]) those that only some variants have",
                field="fixed",
            )
    reserve = RESERVE * sheet.style.type_size(key=False)
    return {place: math.ceil(max(heights) + reserve) for place, heights in found.items()}


@dataclass(frozen=True)
class Region:
    """A place on a page, from 1 on: its left, right, top and bottom edges in points of PDF, from the left and the top of the page."""

    page: int
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class FixedPaper:
    """A student's copy in a fixed layout as PDF, the size of its pages in points, and where its places are, by their names."""

    pdf: bytes
    width: float
    height: float
    regions: Mapping[str, Region]


def fixed_paper(document: Worksheet, sheet: Sheet, engine: pdf.Engine) -> FixedPaper:
    """Return the student's copy of a paper whose sheet has its places: ``name`` and ``id`` on the cover, ``1a-answer`` and so on.

    Raises :class:`EngineError` where TeX fails.
    """
    copy = student_copy(document)
    tex = renderer(FORMATS["tex"], sheet.templates).document(copy)
    files = tex_files(sheet) | picture_files([copy], {"tex": tex}, ["tex"])
    with work_folder() as folder:
        made = pdf.typeset(tex, files, engine, Limits.of(_SECONDS), folder)
    with pikepdf.open(io.BytesIO(made.content)) as read:
        left, bottom, right, top = map(float, read.pages[0].mediabox)
    found = {}
    for at in _AT.finditer(made.log):
        x, y, width, above, below = (int(at[name]) / _SCALED_POINTS for name in ("x", "y", "width", "height", "depth"))
        found[at["place"]] = Region(int(at["page"]), x, x + width, top - y - above, top - y + below)
    return FixedPaper(described(made.content), right - left, top - bottom, found)


def _log(sheet: Sheet, copies: Collection[Worksheet]) -> str:
    """Return what TeX says of all copies, set in one document."""
    writer = renderer(FORMATS["tex"], sheet.templates)
    first = next(iter(copies))
    tex = writer.document(replace(first, exercises=tuple(one for copy in copies for one in copy.exercises)))
    tex = tex.replace("\\begin{document}", "\\nofiles\\pdfcompresslevel=0\n\\begin{document}", 1)  # one run is enough
    files = tex_files(sheet) | picture_files(copies, {"tex": tex}, ["tex"])
    with work_folder() as folder:
        try:
            return pdf.typeset(tex, files, pdf.find_engine(), Limits.of(_SECONDS), folder).log
        except EngineError as error:
            raise EngineError(f"the places of the fixed layout cannot be measured: {error}") from error
