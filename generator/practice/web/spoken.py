"""Formulas in words, for the names that a screen reader says: what is in MathML is no part of a field's name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element, fromstring

from generator.render.mathml import formula

_OPERATORS = {
    "+": "plus", "-": "minus", "−": "minus", "=": "equals", "*": "times", "·": "times", "⋅": "times", "×": "times",
    "⊙": "times, entry by entry,", "/": "over", "∑": "sum", "∏": "product", "≤": "at most", "≥": "at least",
    "<": "less than", ">": "greater than", "≈": "about", "∂": "partial", "∇": "gradient of", "∞": "infinity",
    "′": "prime", "'": "prime", "†": "dagger", "⊤": "transpose", "∗": "star", "…": "and so on", "⋯": "and so on",
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
}
_FENCES = frozenset("‖∥|")
_SUMS = frozenset("∑∏")


@lru_cache(maxsize=1 << 12)
def spoken(tex: str) -> str:
    r"""Return a formula in words that keep its structure: ``\sigma^2`` is *sigma squared*, ``z_{11}`` *z sub 11*."""
    return " ".join(_words(fromstring(formula(tex).mathml)).split())  # noqa: S314 - our own MathML


def _words(element: Element) -> str:
    children = list(element)
    if element.tag == "mo":
        return _operator(element.text or "")
    if not children:
        return _letters(element.text or "")
    if element.tag in ("msub", "munder", "msup", "msubsup", "munderover", "mover"):
        return _with_scripts(element.tag, *children)
    match element.tag, children:
        case "mfrac", [above, below]:
            return f"fraction {_words(above)} over {_words(below)} end of fraction"
        case "msqrt", _:
            return f"square root of {_row(children)}, end of root"
        case "mroot", [base, degree]:
            return f"root {_words(degree)} of {_words(base)}, end of root"
        case "mtable", rows:
            return "matrix " + "; ".join(", ".join(map(_words, row)) for row in rows)
    return _row(children)


def _with_scripts(tag: str, base: Element, first: Element, second: Element | None = None) -> str:
    """Return a base with what stands below, above or both."""
    if tag == "mover":
        accent = _ACCENTS.get((first.text or "").strip())
        return f"{_words(base)} {accent or 'with ' + _words(first)}"
    if tag == "msup":
        return f"{_words(base)} {_power(_words(first))}"
    if second is None:
        return f"{_words(base)} {'over' if _is_sum(base) else 'sub'} {_words(first)}"
    if tag == "munderover" or _is_sum(base):
        return f"{_words(base)} from {_words(first)} to {_words(second)}"
    return f"{_words(base)} sub {_words(first)} {_power(_words(second))}"


def _row(elements: Iterable[Element]) -> str:
    """Return what stands side by side; the second of two bars closes what the first opened."""
    said: list[str] = []
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
            said.append(_power(_words(element[1])))
            is_open = False
        else:
            said.append(_words(element))
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
        return _OPERATORS.get(char, char) if char in "′…∂∇∞" else char
    word = name.split(" LETTER ")[-1].removesuffix(" SYMBOL").removeprefix("GREEK ").split()[-1].lower()
    word = {"lamda": "lambda", "lunate": "epsilon"}.get(word, word)
    return f" {'capital ' if ' CAPITAL ' in name else ''}{word} "
