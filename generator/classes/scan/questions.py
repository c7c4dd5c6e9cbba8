"""On which pages of a paper each of its problems stands: by the headings in its own PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from generator.classes.scan.papers import Paper
from generator.classes.scan.sources import shown
from generator.errors import InputError

_HEADING = re.compile(r"(?P<number>\d+)\s.*?\b\d+ ?points?\s*")

HEAD = 100
"""Points: what stands no lower on a page begins it."""


def question_pages(paper: Paper) -> dict[int, range]:
    """Return, for each problem's number, the pages from its heading to the next one's.

    A page on which a problem ends and the next begins is of both.  Raises :class:`InputError` where the PDF is not there.
    """
    if paper.pdf is None or paper.pages is None:
        raise InputError(
            f"--by question needs the worksheets' PDFs, and that of {paper.label} is not in the folder: make the class "
            "with pdf among its --formats",
            field="--in",
        )
    found: dict[int, range] = {}
    first = 1
    for page, number, is_first in _headings(paper.pdf):
        if number == len(found) + 2:
            found[number - 1] = range(first, page if is_first and page > first else page + 1)
        if number == len(found) + 1:
            first = page
    last = len(found) + 1
    if last != len(paper.problems):
        raise InputError(
            f"{paper.pdf} does not show the headings of its {len(paper.problems)} problems: sort the pages by student"
        )
    return {**found, last: range(first, paper.pages + 1)}


def _headings(pdf: Path) -> Iterator[tuple[int, int, bool]]:
    """Yield the page and the number of what looks like a problem's heading, and whether it begins the page."""
    with shown(pdf) as document:
        for page, one in enumerate(document, start=1):
            letters = one.get_textpage()
            text = letters.get_text_range()
            for line in re.finditer(r"[^\r\n]+", text):
                heading = _HEADING.fullmatch(unicodedata.normalize("NFKC", line[0]))
                if heading:
                    top = letters.get_charbox(line.start())[3]
                    yield page, int(heading["number"]), one.get_height() - top < HEAD
