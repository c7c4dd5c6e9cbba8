r"""Formulas for the browser: TeX to MathML, which every browser shows without a script.

math-core reads the TeX and writes MathML Core.  Alignment, frames and blanks, for which it uses styles or elements that browsers
do not draw, become classes for CSS; digits in groups become one number.  Elements and attributes outside a short list are
refused or left out, so that no formula carries a link or a style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, fromstring, tostring

from markupsafe import Markup
from math_core import LatexError, LatexToMathML

from generator.errors import AuthoringError
from generator.errors.language import Language, current, phrase
from generator.render.speech import has_signs_to_name, name_signs

"""What is said, and copied, where there is room to write."""

PHONE_WIDTH = 12.0
"""Ems: what fits into a line of a solution on a phone 360 pixels wide."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's MathML, and about how wide it prints, in ems."""

    mathml: Markup
    ems: float

    @property
    def is_wide(self) -> bool:
        """Whether it may be wider than a phone's column, and so needs a box that scrolls."""
        return self.ems > PHONE_WIDTH


def formula(tex: str, *, display: bool = False) -> Formula:
    """Return the formula that this TeX prints, within a line or (``display``) on one of its own; what it says is in the current language.

    Raises :class:`AuthoringError` for TeX that is broken, or uses a command that has no MathML here.
    """
    return _formula(tex, display, current())


@lru_cache(maxsize=1 << 14)
def _formula(tex: str, display: bool, _: Language) -> Formula:
    try:
        mathml = _CONVERTER.convert_with_local_state(_prepared(tex), displaystyle=display)
        root = fromstring(mathml.replace("&ApplyFunction;", "\u2061"))  # noqa: S314 - the converter's own
        _mend(root)
        if has_signs_to_name(mathml):
            name_signs(root)
    except (LatexError, ValueError) as error:
        raise AuthoringError(f"the formula {tex!r} cannot be shown in HTML: {error}") from error
    written = tostring(root, encoding="unicode", short_empty_elements=False)
    return Formula(Markup(written), printed_width(root))  # noqa: S704 - escaped by tostring


@lru_cache(maxsize=1 << 14)
def pieces(tex: str) -> tuple[str, ...]:
    r"""Return the TeX of a display cut where its line may be broken: at ``\quad`` and ``\qquad`` outside of all brackets."""
    found, depth, start = [], 0, 0
    for match in _BREAKS.finditer(tex):
        sign = match[0]
        if sign in _OPENING:
            depth += 1
        elif sign in _CLOSING:
            depth -= 1
        elif depth == 0:
            found.append(tex[start : match.start()].strip())
            start = match.end()
    found.append(tex[start:].strip())
    return tuple(piece for piece in found if piece)


_OPENING = {"{", r"\begin", r"\left"}
_CLOSING = {"}", r"\end", r"\right"}
_BREAKS = re.compile(r"\\(?:begin|end|left|right|qquad|quad)(?![A-Za-z])|(?<!\\)[{}]")

_CONVERTER = LatexToMathML(fancy_error=False, macros={"dots": "…", "ldots": "…"})
_TEXT_WITH_MATH = re.compile(r"\\text\{([^{}$]*\$[^{}]*)\}")
_FENCE = re.compile(r"\\([lr])(v|V)ert\b")


def _prepared(tex: str) -> str:
    """Return the TeX as the converter understands it: no formulas within words, and a norm as one base of its square."""
    tex = _TEXT_WITH_MATH.sub(lambda words: _words_and_formulas(words[1]), tex)
    sides = [side for side, _ in _FENCE.findall(tex)]
    if sides.count("l") == sides.count("r"):
        tex = _FENCE.sub(lambda fence: rf"\{'left' if fence[1] == 'l' else 'right'}\{fence[1]}{fence[2]}ert ", tex)
    return tex


def _words_and_formulas(text: str) -> str:
    """``row $i$`` as the words and the formula side by side."""
    parts = text.split("$")
    return "".join(
        part and (rf"\text{{{part}}}" if place % 2 == 0 else f"{{{part}}}") for place, part in enumerate(parts)
    )


_TAGS = {
    "math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
}  # fmt: skip
_ATTRIBUTES = {
    "stretchy", "form", "width", "height", "depth", "lspace", "rspace", "minsize", "maxsize", "displaystyle", "display",
    "scriptlevel", "linethickness", "accent", "accentunder", "movablelimits", "mathvariant", "class",
}  # fmt: skip
_SIDE = re.compile(r"text-align: ?(left|right)")


def _mend(element: Element) -> None:
    """Mend the element and all within it; raise :class:`ValueError` for an element that browsers do not draw."""
    for child in element:
        _mend(child)
    if element.tag == "menclose" and element.get("notation") == "box":
        element.tag = "mrow"
        element.set("class", "boxed")
    elif element.tag == "munder" and element[0].tag == "mspace":
        _become_blank(element, element[0].get("width", ""))
    elif element.tag == "mtd" and (side := _SIDE.match(element.get("style", ""))):
        element.set("class", side[1])
    elif element.tag == "mtable" and element.get("displaystyle") == "true":
        element.set("class", "aligned")
    elif element.tag == "mtext":
        element.text = (element.text or "").replace(" ", "\u00a0")  # or those at its ends were lost
    element[:] = _with_whole_numbers([_without_marker(child) for child in element])
    if element.tag not in _TAGS:
        raise ValueError(f"browsers do not draw {element.tag}")
    for name in set(element.attrib) - _ATTRIBUTES:
        del element.attrib[name]


def _become_blank(element: Element, width: str) -> None:
    """Make it a rule to write on: a word that is spoken, and that CSS underlines and makes invisible."""
    element.tag, element.attrib, element[:] = "mtext", {"class": "blank"}, []
    ems = float(width.removesuffix("em")) if width.endswith("em") else 0
    element.text = phrase("figure.blank").center(max(round(ems) - 2, 0) + len(phrase("figure.blank")), "\u2003")


def _without_marker(element: Element) -> Element:
    """Return a word without the empty space that the converter puts before it."""
    is_marked = element.tag == "mrow" and len(element) == 2 and element[0].tag == "mspace" and not element[0].attrib
    return element[1] if is_marked else element


def _with_whole_numbers(row: list[Element]) -> list[Element]:
    r"""Join the groups of digits in a row: ``18\,044`` and ``18{,}044`` are one number."""
    made: list[Element] = []
    for element in row:
        if len(made) > 1 and element.tag == "mn" and re.fullmatch(r"\d{3}(?:\.\d+)?", element.text or ""):
            before, between = made[-2:]
            thin = between.tag == "mspace" and between.get("width", "").startswith("0.1666")
            comma = between.text == "," and between.get("rspace") == "0"
            if before.tag == "mn" and (thin or comma):
                before.text = f"{before.text}{',' if comma else chr(0x2009)}{element.text}"
                made.pop()
                continue
        made.append(element)
    return made


def printed_width(element: Element) -> float:
    """Return about how wide it prints, in ems; a little generous."""
    tag = element.tag
    if tag == "mspace":
        width = element.get("width", "")
        return float(width.removesuffix("em")) if re.fullmatch(r"[\d.]+em", width) else 0.0
    if element.text:
        tight = element.get("lspace") == element.get("rspace") == "0" or element.text in "()[],:/\u2061"
        space = 0.45 if tag == "mo" and not tight else 0.0
        return 0.5 * len(element.text) + space
    widths = [printed_width(child) for child in element]
    if tag == "mfrac":
        return 0.75 * max(widths, default=0.0) + 0.2
    if tag in {"mover", "munder", "munderover"}:
        return max(widths, default=0.0)
    if tag in {"msub", "msup", "msubsup"}:
        return widths[0] + 0.7 * max(widths[1:], default=0.0)
    if tag == "mtable":
        rows = [[printed_width(cell) + 0.8 for cell in row] for row in element]
        columns = max(map(len, rows), default=0)
        return sum(max((row[place] for row in rows if place < len(row)), default=0.0) for place in range(columns))
    return sum(widths) + (0.8 if tag in {"msqrt", "mroot"} else 0.0)
