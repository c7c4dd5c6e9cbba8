"""Names of people in LaTeX: every special character prints as itself, and letters that pdfTeX's fonts lack as near as may be."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markupsafe import Markup

from generator.render.escaping import one_line, safe


@lru_cache(maxsize=4096)
def escape_latex(text: str) -> str:
    r"""Plain words for LaTeX: every special character prints as itself.

    A letter that pdfTeX's fonts lack is put together from its accents where T1 has them (``ễ`` is ``\~{ê}``);
    one of another script is written in Latin letters (``Ж`` is ``Zh``), as is a Greek word; one or two Greek
    letters are symbols.  Any other sign, such as an emoji, becomes a question mark, so that a name never stops
    the class's run.
    """
    return _NOT_PLAIN_LATEX.sub(lambda match: _latex(match[0]), unicodedata.normalize("NFC", one_line(text)))


def name_latex(name: str) -> str:
    r"""The name of a person for LaTeX: ``\inscript{王小明}{WangXiaoMing}`` where pdfTeX cannot print it as it is written."""
    printed = escape_latex(name)
    if prints_as_written(name) or any(map(_is_no_letter, name)):
        return printed
    written = "".join(LATEX.get(letter, letter) if letter.isascii() else letter for letter in one_line(name))
    return rf"\inscript{{{written}}}{{{printed}}}"


def _is_no_letter(character: str) -> bool:
    """Return whether no font can have it: a control character, one of private use, or what stands for a broken one."""
    return unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") or character == "\ufffd"


@lru_cache(maxsize=4096)
def prints_as_written(name: str) -> bool:
    """Return whether pdfTeX has all letters of a name, with all their marks."""
    return all(map(_is_whole, _NOT_PLAIN_LATEX.findall(unicodedata.normalize("NFC", one_line(name)))))


def _is_whole(cluster: str) -> bool:
    if cluster in LATEX or cluster in IN_T1:
        return True
    letter, *marks = list(unicodedata.normalize("NFD", cluster))
    if not marks:  # a joiner, which cannot be seen, or another blank
        return unicodedata.category(letter) in ("Cf", "Zs")
    above = [mark for mark in marks if mark in ABOVE]
    below = [mark for mark in marks if mark in BELOW]
    is_composed = bool(above) and unicodedata.normalize("NFC", letter + above[0]) in IN_T1
    all_set = len(above) <= 1 + is_composed and len(below) <= 1 and len(above) + len(below) == len(marks)
    return all_set and letter.isalpha() and (letter.isascii() or letter in IN_T1)


def _latex(cluster: str) -> str:
    """One character, with the combining marks that follow it."""
    if cluster in LATEX:
        return LATEX[cluster]
    if cluster in IN_T1:
        return cluster
    if _GREEK_WORD.fullmatch(cluster):
        return _transliterated(cluster)
    letter, *marks = list(unicodedata.normalize("NFD", cluster))
    if marks and (letter.isascii() or letter in IN_T1 or letter in LATEX):
        return _accented(letter, marks)
    return "".join(_in_latin(character) for character in cluster)


def _accented(letter: str, marks: list[str]) -> str:
    """Accents as T1 can set them: one composed with the letter, one above that, one below; the rest are left out."""
    above = [mark for mark in marks if mark in ABOVE]
    below = [mark for mark in marks if mark in BELOW]
    composed = unicodedata.normalize("NFC", letter + above[0]) if above else letter
    if above and composed in IN_T1:
        del above[0]
        letter = composed
    tex = letter if letter in IN_T1 else LATEX.get(letter, letter)
    if above and (letter.isalpha() and (letter.isascii() or letter in IN_T1)):
        tex = f"\\{ABOVE[above[0]]}{{{_DOTLESS.get(letter, tex)}}}"
    if below and letter.isalpha() and not tex.startswith(r"\ensuremath"):
        tex = f"\\{BELOW[below[0]]}{{{tex}}}"
    return tex


def _in_latin(character: str) -> str:
    known = LATEX.get(character)
    if known is not None:
        return known
    if character in IN_T1 or character.isascii():
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Cf":  # joiners
        return ""
    decomposition = unicodedata.decomposition(character)
    if decomposition.startswith(("<compat>", "<wide>")):
        return "".join(escape_latex(chr(int(code, 16))) for code in decomposition.split()[1:])
    if category[0] == "M":
        return "" if category == "Me" else _transliterated(character)
    if decomposition.startswith(("<super>", "<sub>")):  # a raised 2 is not a 2
        return "?"
    if category[0] == "L":
        return _transliterated(character) or _LONG_VOWELS.get(character, "")
    return (_transliterated(character) if category[0] == "P" or category == "Nd" else "") or "?"


_LONG_VOWELS = dict.fromkeys("\u0622\u0623\u0625\u0627\u0671", "a")
"""The forms of alef, which stand for a vowel; other letters without a Latin one (a hard sign, ayin) are silent."""


def _transliterated(text: str) -> str:
    from anyascii import anyascii  # its tables cost as much to load as many a sheet to print

    return _NOT_PLAIN_LATEX.sub(lambda match: LATEX[match[0]], anyascii(text))


_GREEK_WORD = re.compile(r"(?:[\u0370-\u03ff\u1f00-\u1fff][\u0300-\u036f]*){3,}")
_NOT_PLAIN_LATEX = re.compile(
    rf"{_GREEK_WORD.pattern}|[A-Za-z][\u0300-\u036f]+|[^A-Za-z0-9 .,:;!?()\[\]/*+='`@-][\u0300-\u036f]*"
)
ABOVE = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v",
}  # fmt: skip
BELOW = {"\u0323": "d", "\u0327": "c", "\u0328": "k", "\u0331": "b"}
_DOTLESS = {"i": "ı", "j": r"\j"}
GREEK = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu",
    "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "ς": r"\varsigma", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon",
    "φ": r"\varphi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta",
    "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Υ": r"\Upsilon", "Φ": r"\Phi", "Ψ": r"\Psi",
    "Ω": r"\Omega",
}  # fmt: skip
SIGNS = {
    "−": "-", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "∞": r"\infty", "∈": r"\in", "√": r"\surd",
    "∑": r"\sum", "∏": r"\prod", "∂": r"\partial", "∇": r"\nabla", "‖": r"\Vert", "⊙": r"\odot", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "↔": r"\leftrightarrow", "↦": r"\mapsto", "→": r"\to", "←": r"\leftarrow",
    "×": r"\times", "·": r"\cdot", "±": r"\pm", "ϵ": r"\epsilon", "ℓ": r"\ell", "∣": r"\mid", "…": r"\ldots",
}  # fmt: skip
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "–": "--",
    "—": "---",
    "\u00a0": "~",
    "\u00ad": r"\-",
    "‐": "-",
    "‑": "-",
    "ẞ": "SS",
    "ο": "o",
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True)),
    **{letter: rf"\ensuremath{{{command}}}" for letter, command in GREEK.items()},
    **{sign: rf"\ensuremath{{{command}}}" for sign, command in SIGNS.items()},
}
IN_T1 = frozenset(
    "¡¢£¤¥¦§¨©ª«¬®¯°²³´µ¶¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒē"
    "ĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİıĲĳĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚț‚„†‡•‰‹›€™"
)


MARKS = r"[\u0300-\u036f\u20d7]"
"""A pattern of the combining marks."""


def clusters(text: str) -> list[str]:
    """The letters of a text, each with its marks: ``x̂y`` is ``x̂`` and ``y``, and ``ŷ`` has its mark apart from its letter."""
    return _ANY_CLUSTER.findall(unicodedata.normalize("NFD", text))


_ANY_CLUSTER = re.compile(f".{MARKS}*")


def greek(letter: str) -> Markup:
    r"""The TeX of a letter in a formula: ``λ`` is ``\lambda``."""
    return safe(GREEK.get(letter) or escape_latex(letter))
