"""Mending a row of a formula: numbers and words in one piece, brackets with their matrix, signs with what they sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

SCRIPTED = {"msub", "msup", "msubsup", "mover", "munder", "munderover"}
ROWS = {"math", "mrow", "mtd", "mstyle", "msqrt", "mpadded", "mphantom"}
THIN = "0.167em"
_SIGNS = {"−", "+", "±", "∓"}
_OPEN, _CLOSE = set("([{⟨⌊⌈"), set(")]}⟩⌋⌉!")
_BARS = {"|", "‖", "∣", "∥"}
_TALL = {"mfrac", "mtable", "munderover"}
_FUNCTIONS = {"log", "ln", "exp", "max", "min", "sin", "cos", "tan", "lim", "det", "sup", "inf", "dim", "Pr", "tanh"}


def mended_row(row: list[Element]) -> list[Element]:
    """The elements of a row whose numbers are whole already (:func:`with_numbers`)."""
    row = _with_fences(_with_words(row))
    _pair_bars(row)
    _set_prefixes(row)
    return _with_thin_spaces(row)


def unwrapped(element: Element) -> Iterable[Element]:
    """A group of a single thing is that thing; a group of upright letters is letters."""
    if element.tag == "mrow" and not element.get("class") and (len(element) == 1 or _is_upright(element)):
        return list(element)
    return [element]


def only(element: Element) -> Element:
    """The single thing in a group, or the element itself."""
    return element[0] if element.tag == "mrow" and len(element) == 1 and not element.get("class") else element


def _is_upright(element: Element) -> bool:
    return len(element) > 1 and all(child.get("mathvariant") == "normal" for child in element)


def with_numbers(row: list[Element]) -> list[Element]:
    r"""``18\,044`` and ``18{,}044`` are one number."""
    made: list[Element] = []
    for element in row:
        if len(made) > 1 and element.tag == "mn" and re.fullmatch(r"\d{3}(?:\.\d+)?", element.text or ""):
            before, between = made[-2:]
            comma = between.tag == "mrow" and len(between) == 1 and between[0].text == ","
            if before.tag == "mn" and (comma or (between.tag == "mspace" and between.get("width") == THIN)):
                before.text = f"{before.text}{',' if comma else chr(0x2009)}{element.text}"
                made.pop()
                continue
        made.append(element)
    return made


def _with_words(row: list[Element]) -> list[Element]:
    """Upright letters in a row are one word, with the blanks between them."""
    made: list[Element] = []
    for element in row:
        last = made[-1] if made else None
        if (
            last is not None
            and last.tag == "mi"
            and last.get("mathvariant") == "normal"
            and (last.text or " ")[-1].isalnum()
            and element.get("mathvariant") == "normal"
            and element.tag == "mi"
            and (element.text or " ")[0].isalnum()
            and last.get("class") == element.get("class")
        ):
            last.text = f"{last.text}{element.text}"
        else:
            made.append(element)
    return made


def _with_fences(row: list[Element]) -> list[Element]:
    """A matrix in a group with its brackets, or they would grow as tall as anything on the line."""
    made: list[Element] = []
    for element in row:
        made.append(element)
        if len(made) > 2 and made[-2].tag == "mtable" and element.tag == made[-3].tag == "mo":
            made[-3].attrib.update(form="prefix", stretchy="true")
            element.attrib.update(form="postfix", stretchy="true")
            group = Element("mrow")
            group[:] = made[-3:]
            made[-3:] = [group]
    if len(made) == 1 and made[0].tag == "mrow" and not made[0].get("class"):
        return list(made[0])
    return made


def _pair_bars(row: Sequence[Element]) -> None:
    """Bars open and close in turn; they grow only beside what is tall, or ‖θ‖ would be as tall as its line."""
    if not any(one.tag in _TALL for element in row for one in element.iter()):
        for bar in (one for one in map(_core, row) if one.tag == "mo" and one.text in _BARS):
            bar.set("stretchy", "false")
    for bars in ({"|", "∣"}, {"‖", "∥"}):
        found = [one for one in map(_core, row) if one.tag == "mo" and one.text in bars and not one.get("form")]
        if len(found) % 2 == 0:
            for index, bar in enumerate(found):
                bar.set("form", "postfix" if index % 2 else "prefix")
                bar.set("stretchy", "false")


def _set_prefixes(row: Sequence[Element]) -> None:
    """A sign is no operation at the beginning, or after another operator or an opening bracket."""
    before: Element | None = None
    for element in row:
        if element.tag == "mspace":
            continue
        if element.tag == "mo" and element.text in _SIGNS and (before is None or _expects_operand(before)):
            element.set("form", "prefix")
        before = element


def _expects_operand(element: Element) -> bool:
    core = _core(element)
    if core.tag != "mo":
        return _is_function(core)
    if core.get("form") == "postfix" or core.text in _CLOSE or (core.text in _BARS and not core.get("form")):
        return False
    return element is core or core.text not in _OPEN


def _with_thin_spaces(row: list[Element]) -> list[Element]:
    r"""``\ln 2`` with the space that TeX puts beside the name of a function."""
    made: list[Element] = []
    for element in row:
        if made:
            last = _core(made[-1])
            after = _is_function(last) and element.tag not in {"mo", "mspace"} and not _begins_with_bracket(element)
            before = _is_function(_core(element)) and last.tag not in {"mo", "mspace"}
            if after or before:
                made.append(Element("mspace", width=THIN))
        made.append(element)
    return made


def _is_function(element: Element) -> bool:
    return element.tag == "mi" and element.text in _FUNCTIONS and not element.get("mathvariant")


def _begins_with_bracket(element: Element) -> bool:
    while len(element) and element.tag in ROWS | SCRIPTED:
        element = element[0]
    return element.tag == "mo" and element.text in _OPEN


def _core(element: Element) -> Element:
    """What scripts are attached to."""
    while element.tag in SCRIPTED and len(element):
        element = element[0]
    return element


def group(element: Element, start: int, end: int) -> None:
    """Puts some of the children into one row."""
    row = Element("mrow")
    row[:] = list(element)[start:end]
    row[:] = mended_row(list(row))
    element[start:end] = [row]
