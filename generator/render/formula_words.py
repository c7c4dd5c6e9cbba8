"""Formulas in words: for names, which are plain text, and for signs that screen readers have no word for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from generator.errors.language import phrase

_OPERATORS = {
    "+": "spoken.plus", "-": "spoken.minus", "−": "spoken.minus", "=": "spoken.equals", "*": "spoken.times", "·": "spoken.times",
    "⋅": "spoken.times", "×": "spoken.times", "⊙": "spoken.entry_by_entry", "/": "spoken.over", "∑": "spoken.sum", "∏": "spoken.product",
    "≤": "spoken.at_most", "≥": "spoken.at_least", "<": "spoken.less_than", ">": "spoken.greater_than", "≈": "spoken.about",
    "∂": "spoken.partial", "∇": "spoken.gradient_of", "∞": "spoken.infinity", "′": "spoken.prime", "'": "spoken.prime",
    "†": "spoken.dagger", "⊤": "spoken.transpose", "∗": "spoken.star", "⋆": "spoken.star", "…": "spoken.and_so_on", "⋯": "spoken.and_so_on",
}  # fmt: skip
_ACCENTS = {
    "^": "spoken.hat", "ˆ": "spoken.hat", "\u0302": "spoken.hat", "¯": "spoken.bar", "‾": "spoken.bar", "_": "spoken.bar",
    "―": "spoken.bar", "\u0304": "spoken.bar", "\u0305": "spoken.bar", "~": "spoken.tilde", "˜": "spoken.tilde",
    "\u0303": "spoken.tilde", "→": "spoken.vector", "⃗": "spoken.vector", "˙": "spoken.dot",
}  # fmt: skip
_POWERS = {"2": "spoken.squared", "3": "spoken.cubed", "T": "spoken.transpose"}
"""What each sign is called: a key of the table of texts."""
_NAMED_POWERS = ("spoken.transpose", "spoken.prime", "spoken.dagger", "spoken.star")
"""Signs that stand as exponents and are none."""
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
            return phrase("spoken.fraction", above=words(above), below=words(below))
        case "msqrt", _:
            return phrase("spoken.square_root", inside=_row(children))
        case "mroot", [base, degree]:
            return phrase("spoken.root", degree=words(degree), inside=words(base))
        case "mtable", rows:
            return phrase("spoken.matrix", rows="; ".join(", ".join(map(words, row)) for row in rows))
    return _row(children)


def _with_scripts(tag: str, base: Element, first: Element, second: Element | None = None) -> str:
    """Return a base with what stands below, above or both."""
    if tag == "mover":
        accent = _ACCENTS.get((first.text or "").strip())
        if accent is None:
            return phrase("spoken.with", base=words(base), accent=words(first))
        return phrase("spoken.accented", base=words(base), accent=phrase(accent))
    if tag == "msup":
        return f"{words(base)} {_power(words(first))}"
    if second is None:
        key = "spoken.sum_over" if _is_sum(base) else "spoken.index"
        return phrase(key, base=words(base), index=words(first))
    if tag == "munderover" or _is_sum(base):
        return phrase("spoken.from_to", base=words(base), first=words(first), last=words(second))
    return f"{phrase('spoken.index', base=words(base), index=words(first))} {_power(words(second))}"


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
            said.append(phrase("spoken.of"))
        elif text and text == function:
            function = ""
        elif element.tag == "mo" and text in _FENCES:
            key = "spoken.norm_of" if text != "|" else "spoken.absolute_value_of"
            said.append("" if is_open else phrase(key))
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
    key = _POWERS.get(words)
    if key is not None:
        return phrase(key)
    if words in [phrase(one) for one in _NAMED_POWERS]:
        return words
    return phrase("spoken.power", exponent=words)


def _operator(text: str) -> str:
    text = text.strip("\u2061\u2062\u2063\u2064 ")
    return phrase(_OPERATORS[text]) if text in _OPERATORS else text


def _letters(text: str) -> str:
    """Return letters as words: a Greek one by its name."""
    return " ".join("".join(map(_letter, unicodedata.normalize("NFKC", text))).split())


def _letter(char: str) -> str:
    name = unicodedata.name(char, "")
    if not name.startswith("GREEK "):
        return phrase(_OPERATORS[char]) if char in "′…∂∇∞⊤" else char
    word = name.split(" LETTER ")[-1].removesuffix(" SYMBOL").removeprefix("GREEK ").split()[-1].lower()
    word = {"lamda": "lambda", "lunate": "epsilon"}.get(word, word)
    return f" {phrase('spoken.capital', letter=word) if ' CAPITAL ' in name else word} "
