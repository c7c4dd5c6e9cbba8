"""The small codes in the feet of pages: sheet or key, the page's number and the paper's id, to be read by a scanner.

Which page a code will stand on TeX decides, so that a document has one for each page that there may be.  They are cheap: two
QR codes of the same size and mask differ by the exclusive or of what they say, since their error correction is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil

import segno
from segno.consts import ALPHANUMERIC_CHARS

from generator.document.nodes import Worksheet, every_question
from generator.document.page_style import USUAL_TYPE

_MASK = 3
"""Every reader knows all eight masks; trying them out for the best takes six times as long as drawing the code."""

MOST_PAGES = 99
"""Pages beyond it have the code of page 0, which stands for a page without a number."""


@dataclass(frozen=True, order=True)
class PageCode:
    """What the code of a page says; page 0 is one whose number is not known."""

    paper: str
    is_key: bool
    page: int

    @property
    def text(self) -> str:
        """The text of the code: ``S03/7K4Q-M2RT-9CXC`` is the third page of a sheet, ``K03/…`` of its key."""
        return _head(self.page, is_key=self.is_key) + self.paper


def read_code(text: str) -> PageCode | None:
    """Return what a code says, or None for one that stands on none of our pages.

    Codes of earlier versions are the bare id.
    """
    if found := _TEXT.fullmatch(text):
        return PageCode(found["paper"], found["kind"] == "K", int(found["page"] or 0))
    return None


_TEXT = re.compile(r"(?:(?P<kind>[SK])(?P<page>[0-9]{2})/)?(?P<paper>[0-9A-Z]{4,5}(?:-[0-9A-Z]{1,5})+)")


def page_codes(worksheet: Worksheet) -> Iterator[tuple[int, str]]:
    r"""Yield the numbers of the pages that there may be and their codes, for the macro ``\pagecode``; page 0 is any other page."""
    for page in range(min(_most_pages(worksheet), MOST_PAGES) + 1):
        yield page, qr(PageCode(worksheet.variant, worksheet.has_key, page))


def _most_pages(worksheet: Worksheet) -> int:
    """Return a number of pages that is enough for a document, by its parts, its layout and its size of type."""
    style = worksheet.style
    parts = sum(1 for exercise in worksheet.exercises for _ in every_question(exercise))
    pages = parts // 2 + 4
    if style.is_exam:
        pages += 1 + len(worksheet.exercises) + (parts // 2 if style.fixed else 0)
    return ceil(pages * max(1, style.font_size / USUAL_TYPE) ** 2)


def qr(code: PageCode) -> str:
    """Return a page's code: rows of modules as hexadecimal numbers, whose binary digits are 1 for a dark one; each ends with a comma.

    An id of up to sixteen capitals, digits and dashes fits the smallest code, of 21 modules, which still reads with 15 % of it
    lost; the margin of four modules is the page's to keep.
    """
    if set(code.paper) <= _ALPHANUMERIC:
        matrix = _modules(_head(0, is_key=False) + code.paper)
        change = _change(_head(code.page, is_key=code.is_key), len(code.paper))
        rows = [row ^ other for row, other in zip(matrix, change, strict=True)]
    else:  # bytes, whose number depends on the text's encoding
        rows = [*_modules(code.text)]
    digits = (len(rows) + 3) // 4
    return "".join(f"{row:0{digits}X}," for row in rows)


_ALPHANUMERIC = frozenset(ALPHANUMERIC_CHARS.decode())


def _head(page: int, *, is_key: bool) -> str:
    """Return the beginning of a code's text: of one length, and of whole pairs, in which such a code packs its characters."""
    return f"{'K' if is_key else 'S'}{page if page <= MOST_PAGES else 0:02}/"


@lru_cache(maxsize=64)
def _modules(text: str) -> tuple[int, ...]:
    """Return the rows of a code, each a number whose binary digits are the modules."""
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=_MASK).matrix
    return tuple(int("".join(map(str, row)), 2) for row in matrix)


@cache
def _change(head: str, length: int) -> tuple[int, ...]:
    """Return which modules change when a text with an id of this ``length`` begins with ``head`` and not as a sheet's page 0."""
    first, other = (_modules(beginning + "0" * length) for beginning in (_head(0, is_key=False), head))
    return tuple(row ^ changed for row, changed in zip(first, other, strict=True))
