"""The small code in the foot of a page: a variant's id, to be read by a camera."""

from __future__ import annotations

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
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=_MASK).matrix
    shapes = []
    for y, row in enumerate(reversed(matrix)):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                shapes.append(f"{x} {y} {width} 1 re")
            x += width
    lines = (shapes[start : start + RECTANGLES_A_LINE] for start in range(0, len(shapes), RECTANGLES_A_LINE))
    return Markup(f"\\qrcode{{{len(matrix)}}}{{" + "\n  ".join(" ".join(line) for line in lines) + "}")  # noqa: S704
