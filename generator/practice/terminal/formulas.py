r"""Formulas for the terminal: ``\frac{7\sqrt{2}}{3}`` is ``7√2/3``, a matrix is a grid of lines.

The TeX is converted to MathML by :mod:`generator.render.mathml`, as for the web page, and the MathML is laid out here.  A
fraction is written on one line, with brackets where its meaning needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring

from rich.cells import cell_len

from generator.render.mathml import formula, pieces


@dataclass(frozen=True)
class Box:
    """Lines of equal width; what stands beside the box continues line ``base``."""

    lines: tuple[str, ...]
    base: int = 0

    @property
    def width(self) -> int:
        """The width in cells of the terminal."""
        return cell_len(self.lines[0])

    @property
    def is_tall(self) -> bool:
        """Whether it has more than one line."""
        return len(self.lines) > 1


def formula_box(tex: str) -> Box:
    """Return a formula as a box; raise :class:`AuthoringError` for TeX that cannot be read."""
    return _row(list(fromstring(formula(tex).mathml)), spaced=True)  # noqa: S314 - our own MathML


def formula_line(tex: str) -> str:
    """Return a formula on one line, the rows of a matrix separated by semicolons."""
    root = fromstring(formula(tex).mathml)  # noqa: S314
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            if child.tag == "mtable":
                parent[place] = Element("mtext")
                parent[place].text = "; ".join(" ".join(line.split()) for line in _table(child).lines)
    return _row(list(root), spaced=True).lines[0].strip()


def fitted_box(tex: str, width: int) -> Box:
    """Return a formula as a box of at most ``width`` cells: in pieces below each other, or on one line if it is too wide."""
    box = formula_box(tex)
    if box.width <= width:
        return box
    parts = [formula_box(piece) for piece in pieces(tex)]
    if len(parts) < 2 or max(part.width for part in parts) > width:
        return Box((formula_line(tex),))
    widest = max(part.width for part in parts)
    return Box(tuple(line + " " * (widest - cell_len(line)) for part in parts for line in part.lines))


def _beside(boxes: Sequence[Box]) -> Box:
    """Put boxes side by side, their base lines on one line."""
    if not boxes:
        return Box(("",))
    above = max(box.base for box in boxes)
    below = max(len(box.lines) - box.base for box in boxes)
    lines = [""] * (above + below)
    for box in boxes:
        start = above - box.base
        for place in range(len(lines)):
            inside = 0 <= place - start < len(box.lines)
            lines[place] += box.lines[place - start] if inside else " " * box.width
    return Box(tuple(lines), above)


# ------------------------------------------------------------------------------------------------- a row

_APPLIED = "\u2061"
"""The invisible sign of function application."""
_RELATIONS = set("=≠≤≥<>≈≡→↦∈∼⇒⇔∣")
_BINARY = set("+−·×⊙±⋅∗⋆∘")
_TALL = {"[": "⎡⎢⎣", "]": "⎤⎥⎦", "(": "⎛⎜⎝", ")": "⎞⎟⎠"}
_WORD = re.compile(r"[A-Za-zΑ-ω]{2,}$|[_^][^\s]+$|^∑")


def _row(elements: Sequence[Element], *, spaced: bool) -> Box:
    """Lay out elements side by side, with space around signs if ``spaced``: not in matrices."""
    boxes: list[Box] = []
    for place, element in enumerate(elements):
        before = elements[place - 1] if place else None
        after = elements[place + 1] if place + 1 < len(elements) else None
        if element.tag == "mo":
            box = _operator(element, spaced=spaced, first=before is None, tall=_height(element, before, after))
        else:
            box = _box(element, spaced=spaced)
            if element.tag == "mfrac" and (_multiplies(before) or _multiplies(after)) and not box.is_tall:
                box = Box((f"({box.lines[0]})",))
            if box.lines == ("",):
                continue
            if boxes and _needs_gap(boxes[-1], box):
                boxes.append(Box((" ",)))
        boxes.append(box)
    return _beside(boxes)


def _operator(element: Element, *, spaced: bool, first: bool, tall: int) -> Box:
    text = (element.text or "").replace("⋅", "·")
    if text == _APPLIED:
        return Box((" " if element.get("lspace") else "",))  # none before a bracket
    if text in _TALL and tall > 1:
        top, middle, bottom = tuple(_TALL[text])
        return Box((top, *(middle,) * (tall - 2), bottom), tall // 2)
    prefix = element.get("form") == "prefix" or (text in "+−±" and element.get("lspace") == "0") or first
    if text in _RELATIONS or (text in _BINARY and spaced and not prefix):
        return Box((f" {text} ",))
    return Box((f"{text} " if text == ":" or (text == "," and spaced) else text,))


def _height(element: Element, before: Element | None, after: Element | None) -> int:
    """Return the height of a bracket: that of the table it encloses."""
    other = after if element.text in ("[", "(") else before
    return len(other) if other is not None and other.tag == "mtable" else 1


def _multiplies(element: Element | None) -> bool:
    """Return whether a fraction beside the element is multiplied by it without a sign."""
    if element is None or element.tag in ("mtext", "mspace"):
        return False
    return element.tag != "mo" or (element.text or "") in "√∑"


def _needs_gap(before: Box, box: Box) -> bool:
    """Return whether two boxes side by side would be read as one: a word and what follows it, or two numbers."""
    left, right = before.lines[before.base], box.lines[box.base]
    if left.isspace():
        return False
    return bool(_WORD.search(left) and right[:1].isalnum()) or (left[-1:].isdigit() and right[:1].isdigit())


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


_SUPERSCRIPTS = dict(zip("0123456789+−=()nijkxT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱʲᵏˣᵀᵀ", strict=True))
_SUPERSCRIPTS |= {"′": "′", "⋆": "*", "∗": "*"}
_SUBSCRIPTS = dict(zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_MAX_SCRIPT = 4


def _script(element: Element, table: dict[str, str], sign: str) -> str:
    """Return a script in Unicode's small characters where there are such, else after ``^`` or ``_``."""
    text = _line(element).replace(" ", "")
    small = len(text) <= _MAX_SCRIPT and all(char in table for char in text)
    if text and small and (len(text) == 1 or not text.isalpha()):  # words stay words
        return "".join(table[char] for char in text)
    return f"{sign}{text}" if re.fullmatch(r"\w+|[^\w\s]", text) else f"{sign}({text})"


def _base(element: Element) -> str:
    box = _line(element)
    return f"({box})" if element.tag in ("mfrac", "msup") else box


def _sub(element: Element) -> Box:
    return Box((_base(element[0]) + _script(element[1], _SUBSCRIPTS, "_"),))


def _sup(element: Element) -> Box:
    inner = _box(element[0], spaced=False)
    raised = _script(element[1], _SUPERSCRIPTS, "^")
    if inner.is_tall:
        return _beside([inner, Box((*(" " * cell_len(raised),) * inner.base, raised), inner.base)])
    return Box((_base(element[0]) + raised,))


def _sub_sup(element: Element) -> Box:
    return Box((_base(element[0]) + _script(element[1], _SUBSCRIPTS, "_") + _script(element[2], _SUPERSCRIPTS, "^"),))


_ACCENTS = {
    "ˆ": "\u0302",
    "˜": "\u0303",
    "^": "\u0302",
    "¯": "\u0304",
    "‾": "\u0304",
    "~": "\u0303",
    "˙": "\u0307",
    "→": "\u20d7",
}


def _over(element: Element) -> Box:
    base, mark = _line(element[0]), element[1].text or ""
    if mark in _ACCENTS and cell_len(base) == 1:
        return Box((base + _ACCENTS[mark],))
    return Box((f"{base}{_script(element[1], _SUPERSCRIPTS, '^')}",))


def _table(element: Element) -> Box:
    """Lay out the cells of a table in columns."""
    spaced = any(cell.get("class") for row in element for cell in row)  # not a matrix: a system of equations, a listing
    rows = [[_row(list(cell), spaced=spaced).lines[0].strip() for cell in row] for row in element]
    sides = [cell.get("class") or "center" for cell in max(element, key=len)]
    count = max(map(len, rows))
    widths = [max((cell_len(row[place]) for row in rows if place < len(row)), default=0) for place in range(count)]
    gap = " " if element.get("class") == "aligned" else "  "
    lines = []
    for row in rows:
        cells = [*row, *[""] * (count - len(row))]
        lines.append(gap.join(_padded(*one) for one in zip(cells, widths, sides, strict=True)))
    return Box(tuple(lines), len(lines) // 2)


def _padded(cell: str, width: int, side: str) -> str:
    padding = " " * (width - cell_len(cell))
    return cell + padding if side == "left" else padding + cell


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
