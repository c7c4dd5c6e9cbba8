"""The small code in the foot of a page: a variant's id, to be read by a camera."""

from __future__ import annotations

from functools import lru_cache

import segno
from markupsafe import Markup

_MASK = 3
"""Every reader knows all eight masks; trying them out for the best takes six times as long as drawing the code."""


@lru_cache(maxsize=64)
def qr(text: str) -> Markup:
    r"""``text`` as a QR code for the macro ``\\qrcode``: a row of modules a line, 1 for a dark one and 0 for a light one.

    An id of capitals, digits and dashes fits the smallest code, of 21 modules, which still reads with 15 % of it
    lost; the margin of four modules is the page's to keep.
    """
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=_MASK).matrix
    return Markup("".join("\n  " + "".join(map(str, row)) + "," for row in matrix) + "\n")  # noqa: S704 - digits
