r"""Formulas for a terminal: ``\frac{7\sqrt{2}}{3}`` is ``7√2/3``, a matrix is a grid of lines.

The TeX is read by :mod:`generator.render.mathml`, the same as for the page; what is laid out here is its MathML.  A fraction is
written on one line, with as many brackets as it takes to keep its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element, fromstring

from rich.cells import cell_len

from generator.practice.boxes import Box, beside, bracketed, padded
from generator.render.mathml.formulas import formula, pieces


@lru_cache(maxsize=1 << 12)
def boxed(tex: str) -> Box:
    """The formula as lines.  Raises :class:`AuthoringError` for TeX that cannot be read."""
    return _row(list(fromstring(formula(tex).mathml)), spaced=True)  # noqa: S314 - what we wrote ourselves


@lru_cache(maxsize=1 << 12)
def flat(tex: str) -> str:
    """The formula on one line, the rows of a matrix between semicolons."""
    root = fromstring(formula(tex).mathml)  # noqa: S314
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            if child.tag == "mtable":
                parent[place] = Element("mtext")
                parent[place].text = "; ".join(" ".join(line.split()) for line in _table(child).lines)
    return _row(list(root), spaced=True).lines[0].strip()


def stacked(tex: str, width: int) -> Box:
    """The formula as lines of at most ``width`` cells, its pieces below each other and flat where that is needed."""
    box = boxed(tex)
    if box.width <= width:
        return box
    parts = [boxed(piece) for piece in pieces(tex)]
    if len(parts) < 2 or max(part.width for part in parts) > width:
        return Box((flat(tex),))
    widest = max(part.width for part in parts)
    return Box(tuple(line + " " * (widest - cell_len(line)) for part in parts for line in part.lines))


# ------------------------------------------------------------------------------------------------- a row

_APPLIED = "\u2061"
"""The sign for "of" that cannot be seen: ln of 6."""
_RELATIONS = set("=≠≤≥<>≈≡→↦∈∼⇒⇔∣")
_BINARY = set("+−·×⊙±⋅∗⋆∘")
_TALL = {"[": "⎡⎢⎣", "]": "⎤⎥⎦", "(": "⎛⎜⎝", ")": "⎞⎟⎠"}
_WORD = re.compile(r"[A-Za-zΑ-ω]{2,}$|[_^][^\s]+$|^∑")


def _row(elements: Sequence[Element], *, spaced: bool) -> Box:
    """Elements side by side; where not ``spaced``, as in a matrix, signs stand close."""
    boxes: list[Box] = []
    for place, element in enumerate(elements):
        before = elements[place - 1] if place else None
        behind = elements[place + 1] if place + 1 < len(elements) else None
        if element.tag == "mo":
            box = _sign(element, spaced=spaced, first=before is None, tall=_height(element, before, behind))
        else:
            box = _box(element, spaced=spaced)
            if element.tag == "mfrac" and (_multiplies(before) or _multiplies(behind)) and not box.is_tall:
                box = bracketed(box)
            if box.lines == ("",):
                continue
            if boxes and _needs_gap(boxes[-1], box):
                boxes.append(Box((" ",)))
        boxes.append(box)
    return beside(boxes)


def _sign(element: Element, *, spaced: bool, first: bool, tall: int) -> Box:
    text = element.text or ""
    if text == _APPLIED:
        return Box((" ",))
    if text in _TALL and tall > 1:
        top, middle, bottom = tuple(_TALL[text])
        return Box((top, *(middle,) * (tall - 2), bottom), tall // 2)
    prefix = element.get("form") == "prefix" or first
    if text in _RELATIONS or (text in _BINARY and spaced and not prefix):
        return Box((f" {text} ",))
    return Box((f"{text} " if text == ":" or (text == "," and spaced) else text,))


def _height(element: Element, before: Element | None, behind: Element | None) -> int:
    """How tall a bracket is: as the table that it holds."""
    other = behind if element.text in ("[", "(") else before
    return len(other) if other is not None and other.tag == "mtable" else 1


def _multiplies(element: Element | None) -> bool:
    """Whether a fraction beside the element is multiplied by it without a sign."""
    if element is None or element.tag in ("mtext", "mspace"):
        return False
    return element.tag != "mo" or (element.text or "") in "√∑"


def _needs_gap(before: Box, box: Box) -> bool:
    """Whether two things side by side would be read as one: a word and what follows it."""
    text, after = before.lines[before.base], box.lines[box.base]
    if text.isspace():
        return False
    return bool(_WORD.search(text) and after[:1].isalnum()) or (text[-1:].isdigit() and after[:1].isdigit())


# ------------------------------------------------------------------------------------------------ elements


def _box(element: Element, *, spaced: bool) -> Box:
    make = _ELEMENTS.get(element.tag)
    return make(element) if make else _row(list(element), spaced=spaced)


def _leaf(element: Element) -> Box:
    if element.get("class") == "blank":
        return Box(("____",))
    return Box(((element.text or "").replace("\u2009", " ").replace("\u202f", " "),))


def _space(element: Element) -> Box:
    ems = float((element.get("width") or "0").removesuffix("em") or 0)
    return Box((" " * (3 if ems >= 1 else 1 if ems >= 0.25 else 0),))


def _line(element: Element) -> str:
    box = _box(element, spaced=False)
    return "[" + "; ".join(line.strip(" ⎡⎢⎣⎤⎥⎦") for line in box.lines) + "]" if box.is_tall else box.lines[0]


_LETTER = r"[^\W\d_][\u0300-\u036f′₀-₟⁰¹²³⁴-ⁿ]*(?:_\w+)?"
_ATOM = re.compile(rf"(?:\d[\d ]*(?:\.\d+)?|{_LETTER}|√?\([^()]*\)|√\w)\Z")
_PRODUCT = re.compile(r"(?:[\w.′\u0300-\u036f⁰¹²³⁴-₿√·]|\([^()]*\))*\Z")


def _fraction(element: Element) -> Box:
    above, below = (re.sub(r"(?<=\d) (?=\d)", "", _line(side)) for side in element)
    above = above if _PRODUCT.match(above.lstrip("−")) else f"({above})"
    below = below if _ATOM.match(below) else f"({below})"
    return Box((f"{above}/{below}",))


def _root(element: Element) -> Box:
    inner = _row(list(element), spaced=False).lines[0]
    return Box((f"√{inner}" if re.fullmatch(r"\w+", inner) else f"√({inner})",))


_RAISED = dict(zip("0123456789+−=()nijkxT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱʲᵏˣᵀᵀ", strict=True))
_RAISED |= {"′": "′", "⋆": "*", "∗": "*"}
_LOWERED = dict(zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_MOST_SMALL = 4


def _script(element: Element, table: dict[str, str], sign: str) -> str:
    """What stands raised or lowered: in small letters where there are such, else after ``^`` or ``_``."""
    text = _line(element).replace(" ", "")
    small = len(text) <= _MOST_SMALL and all(char in table for char in text)
    if text and small and (len(text) == 1 or not text.isalpha()):  # a word stays one
        return "".join(table[char] for char in text)
    return f"{sign}{text}" if re.fullmatch(r"\w+|[^\w\s]", text) else f"{sign}({text})"


def _base(element: Element) -> str:
    box = _line(element)
    return f"({box})" if element.tag in ("mfrac", "msup") else box


def _sub(element: Element) -> Box:
    return Box((_base(element[0]) + _script(element[1], _LOWERED, "_"),))


def _sup(element: Element) -> Box:
    inner = _box(element[0], spaced=False)
    raised = _script(element[1], _RAISED, "^")
    if inner.is_tall:
        return beside([inner, Box((*(" " * cell_len(raised),) * inner.base, raised), inner.base)])
    return Box((_base(element[0]) + raised,))


def _sub_sup(element: Element) -> Box:
    return Box((_base(element[0]) + _script(element[1], _LOWERED, "_") + _script(element[2], _RAISED, "^"),))


_ACCENTS = {"^": "\u0302", "¯": "\u0304", "‾": "\u0304", "~": "\u0303", "˙": "\u0307", "→": "\u20d7"}


def _over(element: Element) -> Box:
    base, mark = _line(element[0]), element[1].text or ""
    if mark in _ACCENTS and cell_len(base) == 1:
        return Box((base + _ACCENTS[mark],))
    return Box((f"{base}{_script(element[1], _RAISED, '^')}",))


def _table(element: Element) -> Box:
    """Cells in columns."""
    spaced = any(cell.get("class") for row in element for cell in row)  # no matrix: a system of equations, a listing
    rows = [[_row(list(cell), spaced=spaced).lines[0].strip() for cell in row] for row in element]
    sides = [cell.get("class") or "center" for cell in max(element, key=len)]
    count = max(map(len, rows))
    widths = [max((cell_len(row[place]) for row in rows if place < len(row)), default=0) for place in range(count)]
    gap = " " if element.get("class") == "aligned" else "  "
    lines = []
    for row in rows:
        cells = [*row, *[""] * (count - len(row))]
        lines.append(gap.join(padded(*one) for one in zip(cells, widths, sides, strict=True)))
    return Box(tuple(lines), len(lines) // 2)


_ELEMENTS: dict[str, Callable[[Element], Box]] = {
    "mi": _leaf,
    "mn": _leaf,
    "mo": _leaf,
    "mtext": _leaf,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _root,
    "msub": _sub,
    "munder": _sub,
    "msup": _sup,
    "mover": _over,
    "msubsup": _sub_sup,
    "munderover": _sub_sup,
    "mtable": _table,
}
