r"""Formulas for the browser: TeX to presentation MathML, made here and shown without a script.

:mod:`latex2mathml` reads the TeX.  What it makes is mended for MathML Core, the part that every browser draws:
brackets belong to their matrix and not to the whole line, a sign after ``=`` or ``(`` is no operation,
``\mathrm{BN}`` is one word, digits in groups are one number, alignment and frames are classes for CSS.
Elements and attributes outside a short list are left out, so that no formula can carry a link or a style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

from generator.errors import AuthoringError


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's MathML, and about how wide it prints, in ems."""

    mathml: Markup
    ems: float

    @property
    def is_wide(self) -> bool:
        """Whether it may be wider than a phone's column, and so needs a box that scrolls."""
        return self.ems > _PHONE


@lru_cache(maxsize=1 << 14)
def formula(tex: str, *, display: bool = False) -> Formula:
    """The formula that this TeX prints, within a line or (``display``) on one of its own.

    Raises :class:`AuthoringError` for TeX that is broken, or uses a command that has no MathML here.
    """
    try:
        root = convert_to_element(_prepared(tex), display="block" if display else "inline")
        _mend(root)
    except Exception as error:  # the library raises IndexError and StopIteration too
        raise AuthoringError(
            f"the formula {tex!r} cannot be read for HTML: {type(error).__name__} {error}".rstrip()
        ) from error
    left = _LEFT_OVER.search(" ".join(_texts(root)))
    if left is not None:
        raise AuthoringError(f"the formula {tex!r} cannot be shown in HTML: MathML has nothing for {left[0]!r}")
    opening = '<math display="block">' if display else "<math>"
    content = "".join(_source(child) for child in _content(root))
    return Formula(Markup(f"{opening}{content}</math>"), _width(root))  # noqa: S704 - escaped by _source


@lru_cache(maxsize=1 << 14)
def pieces(tex: str) -> tuple[str, ...]:
    r"""The TeX of a display cut where the line may be broken: at ``\quad`` and ``\qquad`` outside of all brackets."""
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


_PHONE = 12.0  # within a solution on a phone 360 pixels wide
_OPENING = {"{", r"\begin", r"\left"}
_CLOSING = {"}", r"\end", r"\right"}
_BREAKS = re.compile(r"\\(?:begin|end|left|right|qquad|quad)(?![A-Za-z])|(?<!\\)[{}]")
_LEFT_OVER = re.compile(r"\\[A-Za-z]*|[&$]")

# ------------------------------------------------------------------------------------- before the library

_ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|split|gathered)\}")
_ONE_LETTER = re.compile(r"\\math(rm|bf)\{([A-Za-z])\}")
_TEXT_WITH_MATH = re.compile(r"\\text(\{[^{}]*\$[^{}]*\})")
_LEFT_BAR, _RIGHT_BAR = re.compile(r"\\l(v|V)ert\b"), re.compile(r"\\r(v|V)ert\b")


def _prepared(tex: str) -> str:
    """The TeX without what the library misreads."""
    tex = _ALIGNED.sub(r"\\\1{align*}", tex)
    tex = _ONE_LETTER.sub(r"\\math\1{{\2}}", tex)  # or the letter would be slanted
    tex = _TEXT_WITH_MATH.sub(r"\\hbox\1", tex)
    if len(_LEFT_BAR.findall(tex)) == len(_RIGHT_BAR.findall(tex)):  # or a norm would not be one base of its square
        tex = _LEFT_BAR.sub(r"\\left\\\1ert ", tex)
        tex = _RIGHT_BAR.sub(r"\\right\\\1ert ", tex)
    return tex


# -------------------------------------------------------------------------------------- after the library

_ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}
_SCRIPTED = {"msub", "msup", "msubsup", "mover", "munder", "munderover"}
_ROWS = {"math", "mrow", "mtd", "mstyle", "msqrt", "mpadded", "mphantom"}
_TAGS = {*_ARITY, *_ROWS, "mi", "mo", "mn", "mtext", "mspace", "mtable", "mtr"}
_KEPT = {
    "stretchy", "form", "width", "height", "depth", "lspace", "rspace", "minsize", "maxsize", "displaystyle",
    "scriptlevel", "linethickness", "accent", "accentunder", "movablelimits", "class",
}  # fmt: skip
_CODE_POINT = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_THIN = "0.167em"
_SIGNS = {"−", "+", "±", "∓"}
_OPEN, _CLOSE = set("([{⟨⌊⌈"), set(")]}⟩⌋⌉!")
_BARS = {"|", "‖", "∣", "∥"}
_TALL = {"mfrac", "mtable", "munderover"}
_LETTERS = set("∇∂∞∅⊤⋆∗")
"""Signs that stand for a thing and not for an operation on its neighbours."""


def _mend(element: Element) -> None:
    """Mends the element and all within it.  Raises :class:`ValueError` if something is missing."""
    element.attrib.pop("class", None)  # classes are ours
    for child in element:
        _mend(child)
    if element.text:
        element.text = _CODE_POINT.sub(lambda match: chr(int(match[1], 16)), element.text)
    _mend_sign(element)
    _mend_kind(element)
    surplus = len(element) - _ARITY.get(element.tag, len(element))
    if surplus < 0:
        raise ValueError("something is missing at its end")
    if surplus > 0:  # a matrix with its brackets, say, as the base of a power
        _group(element, 0, surplus + 1)
    if element.tag in _ROWS:
        element[:] = _mended_row([one for child in _with_numbers(list(element)) for one in _unwrapped(child)])
    elif element.tag == "mtable":
        _mend_table(element)
    elif element.tag in _ARITY:
        element[:] = [_only(child) for child in element]
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
        element.attrib.update(lspace="0", rspace=_THIN)
    elif tag == "mo" and text in {"/", "…"}:
        element.attrib.update(lspace="0", rspace="0")


def _mend_kind(element: Element) -> None:
    """An element that browsers draw otherwise, or not at all."""
    tag, last = element.tag, element[-1] if len(element) else None
    if tag == "mover" and last is not None and last.text in {"^", "~", "→"}:
        last.set("stretchy", "false")  # the hat of one letter
    elif tag == "munder" and last is not None and last.tag == "mo" and not list(_texts(element[0])):
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


def _mended_row(row: list[Element]) -> list[Element]:
    row = _with_fences(_with_words(row))
    _pair_bars(row)
    _set_prefixes(row)
    return _with_thin_spaces(row)


def _unwrapped(element: Element) -> Iterable[Element]:
    """A group of a single thing is that thing; a group of upright letters is letters."""
    if element.tag == "mrow" and not element.get("class") and (len(element) == 1 or _is_upright(element)):
        return list(element)
    return [element]


def _only(element: Element) -> Element:
    return element[0] if element.tag == "mrow" and len(element) == 1 and not element.get("class") else element


def _is_upright(element: Element) -> bool:
    return len(element) > 1 and all(child.get("mathvariant") == "normal" for child in element)


def _with_numbers(row: list[Element]) -> list[Element]:
    r"""``18\,044`` and ``18{,}044`` are one number."""
    made: list[Element] = []
    for element in row:
        if len(made) > 1 and element.tag == "mn" and re.fullmatch(r"\d{3}(?:\.\d+)?", element.text or ""):
            before, between = made[-2:]
            comma = between.tag == "mrow" and len(between) == 1 and between[0].text == ","
            if before.tag == "mn" and (comma or (between.tag == "mspace" and between.get("width") == _THIN)):
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
                made.append(Element("mspace", width=_THIN))
        made.append(element)
    return made


_FUNCTIONS = {"log", "ln", "exp", "max", "min", "sin", "cos", "tan", "lim", "det", "sup", "inf", "dim", "Pr", "tanh"}


def _is_function(element: Element) -> bool:
    return element.tag == "mi" and element.text in _FUNCTIONS and not element.get("mathvariant")


def _begins_with_bracket(element: Element) -> bool:
    while len(element) and element.tag in _ROWS | _SCRIPTED:
        element = element[0]
    return element.tag == "mo" and element.text in _OPEN


def _core(element: Element) -> Element:
    """What scripts are attached to."""
    while element.tag in _SCRIPTED and len(element):
        element = element[0]
    return element


def _group(element: Element, start: int, end: int) -> None:
    """Puts some of the children into one row."""
    row = Element("mrow")
    row[:] = list(element)[start:end]
    row[:] = _mended_row(list(row))
    element[start:end] = [row]


def _content(root: Element) -> Sequence[Element]:
    children = list(root)
    return (
        list(children[0]) if len(children) == 1 and children[0].tag == "mrow" and not children[0].attrib else children
    )


def _texts(element: Element) -> Iterable[str]:
    return (one.text for one in element.iter() if one.text)


def _source(element: Element) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items())
    content = escape(element.text) if element.text else "".join([_source(child) for child in element])
    return f"<{element.tag}{attributes}>{content}</{element.tag}>"


# ----------------------------------------------------------------------------------------------- its width


def _width(element: Element) -> float:
    """About as wide as it prints, in ems; a little generous."""
    tag = element.tag
    if tag == "mspace":
        width = element.get("width", "")
        return float(width.removesuffix("em")) if re.fullmatch(r"[\d.]+em", width) else 0.0
    if element.text:
        space = 0.45 if tag == "mo" and element.get("form") is None and element.text not in "()[],:/" else 0.0
        return 0.5 * len(element.text) + space
    widths = [_width(child) for child in element]
    if tag == "mfrac":
        return 0.75 * max(widths, default=0.0) + 0.2
    if tag in {"munder", "mover", "munderover"}:
        return max(widths, default=0.0)
    if tag in _SCRIPTED:
        return widths[0] + 0.7 * max(widths[1:], default=0.0)
    if tag == "mtable":
        rows = [[_width(cell) + 0.8 for cell in row] for row in element]
        columns = max(map(len, rows), default=0)
        return sum(max((row[place] for row in rows if place < len(row)), default=0.0) for place in range(columns))
    return sum(widths) + (0.8 if tag in {"msqrt", "mroot"} else 0.0)
