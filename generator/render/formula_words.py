"""Formulas in words: for names, which are plain text, and for signs that screen readers have no word for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from xml.etree.ElementTree import Element

_OPERATORS = {
    "+": "plus", "-": "minus", "−": "minus", "=": "equals", "*": "times", "·": "times", "⋅": "times", "×": "times",
    "⊙": "times, entry by entry,", "/": "over", "∑": "sum", "∏": "product", "≤": "at most", "≥": "at least",
    "<": "less than", ">": "greater than", "≈": "about", "∂": "partial", "∇": "gradient of", "∞": "infinity",
    "′": "prime", "'": "prime", "†": "dagger", "⊤": "transpose", "∗": "star", "⋆": "star", "…": "and so on", "⋯": "and so on",
}  # fmt: skip
_ACCENTS = {
    "^": "hat", "ˆ": "hat", "\u0302": "hat", "¯": "bar", "‾": "bar", "_": "bar", "―": "bar", "\u0304": "bar",
    "\u0305": "bar", "~": "tilde", "˜": "tilde", "\u0303": "tilde", "→": "vector", "⃗": "vector", "˙": "dot",
}  # fmt: skip
_POWERS = {
    "2": "squared",
    "3": "cubed",
    "T": "transpose",
    "transpose": "transpose",
    "prime": "prime",
    "dagger": "dagger",
    "star": "star",
}
_FENCES = frozenset("‖∥|")
_SUMS = frozenset("∑∏")


def words(element: Element) -> str:
    r"""Return MathML in words that keep its structure: ``\sigma^2`` is *sigma squared*, ``z_{11}`` *z sub 11*."""
    children = list(element)
    if element.tag == "mo":
        return _operator(element.text or "")
    if not children:
        return _letters(element.text or "")
    if element.tag in ("msub", "munder", "msup", "msubsup", "munderover", "mover"):
        return _with_scripts(element.tag, *children)
    match element.tag, children:
        case "mfrac", [above, below]:
            return f"fraction {words(above)} over {words(below)} end of fraction"
        case "msqrt", _:
            return f"square root of {_row(children)}, end of root"
        case "mroot", [base, degree]:
            return f"root {words(degree)} of {words(base)}, end of root"
        case "mtable", rows:
            return "matrix " + "; ".join(", ".join(map(words, row)) for row in rows)
    return _row(children)


def _with_scripts(tag: str, base: Element, first: Element, second: Element | None = None) -> str:
    """Return a base with what stands below, above or both."""
    if tag == "mover":
        accent = _ACCENTS.get((first.text or "").strip())
        return f"{words(base)} {accent or 'with ' + words(first)}"
    if tag == "msup":
        return f"{words(base)} {_power(words(first))}"
    if second is None:
        return f"{words(base)} {'over' if _is_sum(base) else 'sub'} {words(first)}"
    if tag == "munderover" or _is_sum(base):
        return f"{words(base)} from {words(first)} to {words(second)}"
    return f"{words(base)} sub {words(first)} {_power(words(second))}"


def _row(elements: Iterable[Element]) -> str:
    """Return what stands side by side; the second of two bars closes what the first opened."""
    said: list[str] = []
    elements = [*elements]
    if len(elements) == 3 and elements[1].tag == "mtable":  # its brackets need no words
        elements = elements[1:2]
    is_open = False
    function = ""
    before = None
    for element in elements:
        text = (element.text or "").strip()
        if text == "[" and before is not None and before.tag == "mi":  # E[y]
            function = "]"
            said.append("of")
        elif text and text == function:
            function = ""
        elif element.tag == "mo" and text in _FENCES:
            said.append("" if is_open else "norm of" if text != "|" else "absolute value of")
            is_open = not is_open
        elif _closes_norm(element):
            said.append(_power(words(element[1])))
            is_open = False
        else:
            said.append(words(element))
        before = element
    return " ".join(said)


def _closes_norm(element: Element) -> bool:
    return element.tag == "msup" and element[0].tag == "mo" and (element[0].text or "").strip() in _FENCES


def _is_sum(element: Element) -> bool:
    return element.tag == "mo" and (element.text or "").strip() in _SUMS


def _power(words: str) -> str:
    return _POWERS.get(words) or f"to the power {words}"


def _operator(text: str) -> str:
    text = text.strip("\u2061\u2062\u2063\u2064 ")
    return _OPERATORS.get(text, text)


def _letters(text: str) -> str:
    """Return letters as words: a Greek one by its name."""
    return " ".join("".join(map(_letter, unicodedata.normalize("NFKC", text))).split())


def _letter(char: str) -> str:
    name = unicodedata.name(char, "")
    if not name.startswith("GREEK "):
        return _OPERATORS.get(char, char) if char in "′…∂∇∞⊤" else char
    word = name.split(" LETTER ")[-1].removesuffix(" SYMBOL").removeprefix("GREEK ").split()[-1].lower()
    word = {"lamda": "lambda", "lunate": "epsilon"}.get(word, word)
    return f" {'capital ' if ' CAPITAL ' in name else ''}{word} "
