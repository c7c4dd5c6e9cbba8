r"""Texts of the table within LaTeX's own conditionals: which one is printed is known only when a document is set."""

from __future__ import annotations

from markupsafe import Markup

from generator.errors.language import current
from generator.render.author_signs import author_latex
from generator.render.escaping import safe

_MOST = 100
"""Numbers that are told apart, where a language has more ways of counting than two."""


def either(condition: str, first: str, second: str) -> Markup:
    r"""Return two texts of which TeX prints one, what they have in common once: ``#1 point\ifnumequal{#1}{1}{}{s}``."""
    if first == second:
        return safe(first)
    before = _whole(_shared(first, second))
    rest = first[len(before) :], second[len(before) :]
    after = _shared(rest[0][::-1], rest[1][::-1])[::-1]
    after = after if after.count("{") == after.count("}") else ""
    one, other = (text[: len(text) - len(after)] for text in rest)
    return safe(f"{before}{condition}{{{one}}}{{{other}}}{after}")


def counted(key: str, argument: str) -> Markup:
    """Return the text of a key for a number that TeX knows as an ``argument``, such as ``#1``."""
    language = current()
    texts = {form: _filled(language.pieces(key, form), argument) for form in language.forms}
    *_, usual = language.forms
    found = texts[usual]
    for number in reversed(range(_MOST + 1)):
        form = language.form(key, number)
        if form != usual:
            found = either(rf"\ifnumequal{{{argument}}}{{{number}}}", texts[form], found)
    return safe(found)


def _filled(pieces: tuple[tuple[str, str], ...], argument: str) -> str:
    return "".join(author_latex(words) + (argument if name else "") for words, name in pieces)


def _whole(text: str) -> str:
    """Return the beginning of a text that ends between two commands, and within no braces."""
    cut = text.rfind("\\")
    if cut >= 0 and text[cut + 1 :].isalpha():
        text = text[:cut]
    return text if text.count("{") == text.count("}") else ""


def _shared(first: str, second: str) -> str:
    """Return what two texts begin with alike."""
    length = next(
        (place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return first[:length]
