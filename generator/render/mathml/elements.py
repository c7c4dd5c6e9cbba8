"""Mending what the library makes of TeX: elements of the wrong kind, and what browsers would draw otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from generator.render.mathml.rows import ROWS, THIN, group, mended_row, only, unwrapped, with_numbers

_ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}
_TAGS = {*_ARITY, *ROWS, "mi", "mo", "mn", "mtext", "mspace", "mtable", "mtr"}
_KEPT = {
    "stretchy", "form", "width", "height", "depth", "lspace", "rspace", "minsize", "maxsize", "displaystyle",
    "scriptlevel", "linethickness", "accent", "accentunder", "movablelimits", "class",
}  # fmt: skip
_CODE_POINT = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_LETTERS = set("∇∂∞∅⊤⋆∗")
"""Signs that stand for a thing and not for an operation on its neighbours."""


def mend(element: Element) -> None:
    """Mends the element and all within it.  Raises :class:`ValueError` if something is missing."""
    element.attrib.pop("class", None)  # classes are ours
    for child in element:
        mend(child)
    if element.text:
        element.text = _CODE_POINT.sub(lambda match: chr(int(match[1], 16)), element.text)
    _mend_sign(element)
    _mend_kind(element)
    surplus = len(element) - _ARITY.get(element.tag, len(element))
    if surplus < 0:
        raise ValueError("something is missing at its end")
    if surplus > 0:  # a matrix with its brackets, say, as the base of a power
        group(element, 0, surplus + 1)
    if element.tag in ROWS:
        element[:] = mended_row([one for child in with_numbers(list(element)) for one in unwrapped(child)])
    elif element.tag == "mtable":
        _mend_table(element)
    elif element.tag in _ARITY:
        element[:] = [only(child) for child in element]
    for name in set(element.attrib) - _KEPT:
        if not (name == "mathvariant" and element.attrib[name] == "normal"):
            del element.attrib[name]


def _mend_sign(element: Element) -> None:
    """A sign or a word of the wrong kind, or with the wrong space around it."""
    tag, text = element.tag, element.text or ""
    variant = element.get("mathvariant", "")
    if "bold" in variant:
        element.set("class", "bold")
        if "italic" not in variant:
            element.set("mathvariant", "normal")
    if tag == "mo" and (text[:1].isalpha() or text in _LETTERS):
        element.tag = "mi"
        if len(text) == 1:
            element.set("mathvariant", "normal")
    elif tag == "mi" and text == ":":
        element.tag = "mo"
        element.attrib.update(lspace="0", rspace=THIN)
    elif tag == "mo" and text in {"/", "…"}:
        element.attrib.update(lspace="0", rspace="0")


def _mend_kind(element: Element) -> None:
    """An element that browsers draw otherwise, or not at all."""
    tag, last = element.tag, element[-1] if len(element) else None
    if tag == "mover" and last is not None and last.text in {"^", "~", "→"}:
        last.set("stretchy", "false")  # the hat of one letter
    elif tag == "munder" and last is not None and last.tag == "mo" and not list(texts(element[0])):
        _become_blank(element)
    elif tag == "menclose":
        element.tag = "mrow"
        element.set("class", "boxed")
    elif tag == "mtd" and "columnalign" in element.attrib:
        element.set("class", element.attrib["columnalign"])
    elif tag not in _TAGS:
        element.tag = "mrow"


def _become_blank(element: Element) -> None:
    """A rule to write on, as a text of blanks that CSS underlines."""
    spaces = [one.get("width", "") for one in element.iter("mspace")]
    ems = sum(float(width.removesuffix("em")) for width in spaces if re.fullmatch(r"[\d.]+em", width))
    element.tag = "mtext"
    element.attrib = {"class": "blank"}
    element[:] = []
    element.text = "\u2003" * max(round(ems), 2)


def _mend_table(table: Element) -> None:
    """The columns of an alignment stand close, and their formulas are as large as on lines of their own."""
    cells = [cell for row in table for cell in row]
    if table.get("displaystyle") == "true" or any(cell.get("class") == "right" for cell in cells):
        table.attrib = {"class": "aligned", "displaystyle": "true"}
    for cell in cells:
        for child in list(cell):
            if child.tag == "mi" and not child.text:
                cell.remove(child)


def texts(element: Element) -> Iterable[str]:
    """All that is written in it."""
    return (one.text for one in element.iter() if one.text)
