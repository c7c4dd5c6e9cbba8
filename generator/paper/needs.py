"""What a student needs of her paper: large print, a page for the browser, a file for Word, more time."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from generator.document.page_style import LARGEST_TYPE, PageStyle
from generator.errors import near

LARGE, HTML, DOCX = "large", "html", "docx"
KNOWN = f"{LARGE}, {HTML}, {DOCX} and time+ with a percentage, such as time+50"
LARGE_TYPE = LARGEST_TYPE
"""The size of type in points of a paper in large print."""

_TIME = re.compile(r"time\+([1-9][0-9]{0,2})(?:%)?")
_WORDS = re.compile(r"[\s,;]+")


def parse_needs(text: str) -> tuple[str, ...]:
    """Return ``"Large; time+50"`` as needs in their usual order, each once.

    Raises :class:`ValueError` with what is wrong.
    """
    words = [word for word in _WORDS.split(text.casefold()) if word]
    for word in words:
        if word not in (LARGE, HTML, DOCX) and not _TIME.fullmatch(word):
            raise ValueError(f"{word!r}{near(word, (LARGE, HTML, DOCX, 'time+50'))}")
    times = {found[0].removesuffix("%") for word in words if (found := _TIME.fullmatch(word))}
    if len(times) > 1:
        raise ValueError(f"{' and '.join(sorted(times))}, two times")
    return tuple(need for need in (LARGE, HTML, DOCX, *times) if need in words or need in times)


def style_for(style: PageStyle, needs: Collection[str]) -> PageStyle:
    """Return how a student's paper looks where the sheet's look so: large print has no fixed places, for more is in each."""
    return replace(style, font_size=LARGE_TYPE, fixed=False, places=()) if LARGE in needs else style


def added_formats(needs: Collection[str], formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats of a student's paper beyond the ``formats`` of the class."""
    wanted = [need for need in (HTML, DOCX) if need in needs]
    if LARGE in needs and not {"tex", "pdf"} & {*formats}:
        wanted.append("pdf")
    return tuple(form for form in wanted if form not in formats)


def formats_for(needs: Collection[str], formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats of a student's paper in a class that is made in ``formats``."""
    return (*formats, *added_formats(needs, formats))
