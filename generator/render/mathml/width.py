"""How wide a formula prints."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from generator.render.mathml.rows import SCRIPTED


def printed_width(element: Element) -> float:
    """About as wide as it prints, in ems; a little generous."""
    tag = element.tag
    if tag == "mspace":
        width = element.get("width", "")
        return float(width.removesuffix("em")) if re.fullmatch(r"[\d.]+em", width) else 0.0
    if element.text:
        space = 0.45 if tag == "mo" and element.get("form") is None and element.text not in "()[],:/" else 0.0
        return 0.5 * len(element.text) + space
    widths = [printed_width(child) for child in element]
    if tag == "mfrac":
        return 0.75 * max(widths, default=0.0) + 0.2
    if tag in {"munder", "mover", "munderover"}:
        return max(widths, default=0.0)
    if tag in SCRIPTED:
        return widths[0] + 0.7 * max(widths[1:], default=0.0)
    if tag == "mtable":
        rows = [[printed_width(cell) + 0.8 for cell in row] for row in element]
        columns = max(map(len, rows), default=0)
        return sum(max((row[place] for row in rows if place < len(row)), default=0.0) for place in range(columns))
    return sum(widths) + (0.8 if tag in {"msqrt", "mroot"} else 0.0)
