"""The small code in the foot of a page: a variant's id, to be read by a camera."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

import segno
from markupsafe import Markup

RECTANGLES_A_LINE = 10
_MASK = 3
"""Every reader knows all eight masks; trying them out for the best takes six times as long as drawing the code."""


@lru_cache(maxsize=64)
def qr(text: str) -> Markup:
    r"""``text`` as a QR code for the macro ``\\qrcode``: the modules a side, and the dark ones as PDF rectangles.

    An id of capitals, digits and dashes fits the smallest code, of 21 modules, which still reads with 15 % of it
    lost; the margin of four modules is the page's to keep.  Rectangles are ``x y width height re``, in modules,
    y upwards.
    """
    rows = segno.make_qr(text, error="m", boost_error=False, mask=_MASK).matrix
    shapes = list(_rectangles(rows))
    lines = (shapes[start : start + RECTANGLES_A_LINE] for start in range(0, len(shapes), RECTANGLES_A_LINE))
    return Markup(f"\\qrcode{{{len(rows)}}}{{" + "\n  ".join(" ".join(line) for line in lines) + "}")  # noqa: S704


def _rectangles(rows: Sequence[Sequence[int]]) -> Iterator[str]:
    """The dark modules, those side by side as one."""
    for y, row in enumerate(reversed(rows)):
        x = 0
        for dark, modules in groupby(row):
            width = len(list(modules))
            if dark:
                yield f"{x} {y} {width} 1 re"
            x += width
