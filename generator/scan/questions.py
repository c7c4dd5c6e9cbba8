"""On which pages of a paper each of its problems stands: by the headings in its own PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from generator.errors import InputError
from generator.scan.papers import Paper

_HEADING = re.compile(r"^(?P<number>\d+) .*?\b\d+ ?points?$")


def question_pages(paper: Paper) -> dict[int, range]:
    """Return, for each problem's number, the pages from its heading to the next one's.

    A page on which a problem ends and the next begins is of both.  Raises :class:`InputError` where the PDF is not there.
    """
    if paper.pdf is None:
        raise InputError(
            f"--by question needs the worksheets' PDFs, and that of {paper.label} is not in the folder: make the class "
            "with pdf among its --formats",
            field="--in",
        )
    texts = page_texts(paper.pdf)
    first: dict[int, int] = {}
    number = 1
    for page, text in enumerate(texts, start=1):
        for line in text:
            found = _HEADING.match(line)
            if found and int(found["number"]) == number <= len(paper.problems):
                first[number] = page
                number += 1
    if len(first) < len(paper.problems):
        raise InputError(f"{paper.pdf} does not show the heading of problem {number}: sort the pages by student")
    ends = {one: first.get(one + 1, len(texts)) for one in first}
    return {one: range(first[one], ends[one] + 1) for one in first}


def page_texts(pdf: Path) -> Sequence[Sequence[str]]:
    """Return the lines of each page, their blanks made one."""
    import pypdfium2

    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = unicodedata.normalize("NFKC", page.get_textpage().get_text_bounded())
            found.append([re.sub(r"\s+", " ", line).strip() for line in text.splitlines()])
    return found
