"""What a screen reader says of signs that it has no word for, or a misleading one: θ⋆ is *theta star*, not a power.

Two attributes of MathML say it.  ``intent`` is the standard one, read by MathCAT (NVDA, JAWS, Orca); ``aria-label`` is read by
the speech rule engine (ChromeVox, MathJax) and by whatever takes a formula for plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from generator.errors.language import phrase
from generator.render.formula_words import words

_NORM_SIGNS = frozenset("‖∥")
_STARS = frozenset("⋆∗*★")
_TRANSPOSES = frozenset("⊤T")
_SIGNS: Mapping[str, tuple[str, str]] = {
    "⊙": ("_times_entry_by_entry", "spoken.entry_by_entry"),
    "∇": ("_gradient_of", "spoken.the_gradient_of"),
    "⊤": ("transpose", "spoken.transpose"),
}
"""Each sign's intent, and the text of the table that says it."""
_FUNCTIONS = {
    "E": ("expected-value", "spoken.expected_value"),
    "Var": ("variance", "spoken.variance"),
    "Cov": ("covariance", "spoken.covariance"),
}
_APPLIED = "\u2061"


_TO_NAME = re.compile(
    r"[‖∥⋆∗★*⊤⊙∇]|>T<|<mover|<mi[^>]*>[^<]{2,}</mi>|<mi mathvariant|0\.1666|rspace=\"0\"[^>]*>,", re.DOTALL
)


def has_signs_to_name(mathml: str) -> bool:
    """Return whether there may be anything to name in a formula as the converter wrote it: in most there is not."""
    return _TO_NAME.search(mathml) is not None


def name_signs(element: Element) -> None:
    """Give names to the signs in a formula, all within first."""
    for child in element:
        name_signs(child)
    name = _NAMES.get(element.tag)
    if name is not None:
        name(element)
    if element.tag in _ROWS:
        _group_norms(element)
        _apply_functions(element)


def say(element: Element, intent: str, label: str) -> None:
    """Have an element spoken so."""
    if intent:
        element.set("intent", intent)
    element.set("aria-label", " ".join(label.split()))


def _say_sign(element: Element, intent: str, key: str) -> None:
    """Have a sign spoken by its intent and by a text of the table."""
    say(element, intent, phrase(key))


def _identifier(element: Element) -> None:
    """Name ∇ and upright functions; a word is a word, and is not spelled."""
    text = element.text or ""
    if text in _SIGNS:
        _say_sign(element, *_SIGNS[text])
    elif text in _FUNCTIONS and (len(text) > 1 or element.get("mathvariant") == "normal"):
        _say_sign(element, *_FUNCTIONS[text])
    elif len(text) > 1 and not text.isupper() and text.isalpha():
        say(element, "", text)
    elif element.get("mathvariant") == "normal" and text.isalpha():  # an upright letter, not a "normal" one
        say(element, "", words(element))


def _operator(element: Element) -> None:
    if (text := element.text or "") in _SIGNS:
        _say_sign(element, *_SIGNS[text])


def _number(element: Element) -> None:
    """Say 18 044 as one number, not as two."""
    text = element.text or ""
    digits = re.sub(r"[\u2009,](?=\d{3})", "", text)
    if digits != text:
        say(element, digits, digits)


def _accented(element: Element) -> None:
    if element.get("accent") == "true" or len(element[1].text or "") == 1:
        say(element, "", words(element))


def _power(element: Element) -> None:
    if _is_star(element[1]):
        _say_of(element, "star:postfix($x)")
    elif _is_transpose(element[1], element[0]):
        _say_of(element, "transpose($x)")


def _is_star(exponent: Element) -> bool:
    return (exponent.text or "").strip() in _STARS


def _is_transpose(exponent: Element, base: Element) -> bool:
    sign = (exponent.text or "").strip()
    return sign in _TRANSPOSES and (sign == "⊤" or _is_matrix(base))


def _is_matrix(base: Element) -> bool:
    """Return whether a base is called like a matrix: by a capital letter."""
    return base.tag == "mi" and (base.text or "").isupper()


def _power_with_index(element: Element) -> None:
    if _is_star(element[2]) or _is_transpose(element[2], element[0]):
        say(element, "", words(element))


def _say_of(element: Element, intent: str) -> None:
    label = words(element)
    element[0].set("arg", "x")
    say(element, intent, label)


_NAMES: Mapping[str, Callable[[Element], None]] = {
    "mi": _identifier, "mo": _operator, "mn": _number, "mover": _accented, "msup": _power, "msubsup": _power_with_index,
}  # fmt: skip
_ROWS = {"math", "mrow", "mtd", "msqrt", "mstyle", "mpadded"}


def _group_norms(row: Element) -> None:
    """Make one element of two bars and what is between them, and call it a norm."""
    children = list(row)
    bars = [place for place, child in enumerate(children) if _is_bar(child) or _is_raised_bar(child)]
    if not bars or len(bars) % 2:
        return
    if len(bars) == 2 and bars == [0, len(children) - 1] and row.tag == "mrow" and _is_bar(children[-1]):
        _say_norm(row, children)
        return
    made: list[Element] = []
    after = 0
    for first, last in zip(bars[::2], bars[1::2], strict=True):
        closing, norm = children[last], Element("mrow")
        bar = closing[0] if _is_raised_bar(closing) else closing
        _say_norm(norm, [*children[first:last], bar])
        if bar is not closing:
            closing[0] = norm
        made += [*children[after:first], closing if bar is not closing else norm]
        after = last + 1
    row[:] = [*made, *children[after:]]


def _say_norm(norm: Element, parts: list[Element]) -> None:
    opening, *within, closing = parts
    if not within:
        return
    content = Element("mrow", {"arg": "x"})
    content[:] = within
    norm[:] = [opening, content, closing]
    key = "spoken.the_norm_of" if len(within) == 1 else "spoken.the_norm_of_all"
    say(norm, "norm($x)", phrase(key, inside=words(content)))


def _is_bar(element: Element) -> bool:
    return element.tag == "mo" and (element.text or "").strip() in _NORM_SIGNS


def _is_raised_bar(element: Element) -> bool:
    return element.tag in {"msup", "msub", "msubsup"} and _is_bar(element[0])


def _apply_functions(row: Element) -> None:
    """Say Linear₁(8, 4) as a function *of* its sizes, and not *times* them."""
    made: list[Element] = []
    for child in row:
        if child.tag == "mo" and child.text == "(" and made and _is_function(made[-1]):
            applied = Element("mo")
            applied.text = _APPLIED
            made.append(applied)
        made.append(child)
    row[:] = made


def _is_function(element: Element) -> bool:
    return element.tag in {"msub", "msup"} and element[0].tag == "mi" and len(element[0].text or "") > 1
