r"""Words made harmless: what stands in a name, a title or a sentence is printed, never obeyed.

Each function takes plain text and returns source of its format that prints it.  Signs that would change
how other text is read (control characters, overriding of the writing direction) are left out everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

_BLANKS = re.compile(r" *[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]\s*| {2,}")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)


def safe(text: str) -> Markup:
    """``Markup(text)``, several times faster."""
    return str.__new__(Markup, text)


def one_line(text: str) -> str:
    """The text on a single line, its blanks single, without characters that cannot be seen."""
    return _UNSEEN.sub("", _BLANKS.sub(" ", text))


# ------------------------------------------------------------------------------------------------ LaTeX


@lru_cache(maxsize=4096)
def escape_latex(text: str) -> str:
    r"""Plain words for LaTeX: every special character prints as itself.

    A letter that pdfTeX's fonts lack is put together from its accents where T1 has them (``ễ`` is ``\~{ê}``);
    one of another script is written in Latin letters (``Ж`` is ``Zh``), as is a Greek word; one or two Greek
    letters are symbols.  Any other sign, such as an emoji, becomes a question mark, so that a name never stops
    the class's run.
    """
    return _NOT_PLAIN_LATEX.sub(lambda match: _latex(match[0]), unicodedata.normalize("NFC", one_line(text)))


def _latex(cluster: str) -> str:
    """One character, with the combining marks that follow it."""
    if cluster in _LATEX:
        return _LATEX[cluster]
    if cluster in _IN_T1:
        return cluster
    if _GREEK_WORD.fullmatch(cluster):
        return _transliterated(cluster)
    letter, *marks = list(unicodedata.normalize("NFD", cluster))
    if marks and (letter.isascii() or letter in _IN_T1 or letter in _LATEX):
        return _accented(letter, marks)
    return "".join(_in_latin(character) for character in cluster)


def _accented(letter: str, marks: list[str]) -> str:
    """Accents as T1 can set them: one composed with the letter, one above that, one below; the rest are left out."""
    above = [mark for mark in marks if mark in _ABOVE]
    below = [mark for mark in marks if mark in _BELOW]
    composed = unicodedata.normalize("NFC", letter + above[0]) if above else letter
    if above and composed in _IN_T1:
        del above[0]
        letter = composed
    tex = letter if letter in _IN_T1 else _LATEX.get(letter, letter)
    if above and (letter.isalpha() and (letter.isascii() or letter in _IN_T1)):
        tex = f"\\{_ABOVE[above[0]]}{{{_DOTLESS.get(letter, tex)}}}"
    if below and letter.isalpha() and not tex.startswith(r"\ensuremath"):
        tex = f"\\{_BELOW[below[0]]}{{{tex}}}"
    return tex


def _in_latin(character: str) -> str:
    known = _LATEX.get(character)
    if known is not None:
        return known
    if character in _IN_T1 or character.isascii():
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

    return _NOT_PLAIN_LATEX.sub(lambda match: _LATEX[match[0]], anyascii(text))


_GREEK_WORD = re.compile(r"(?:[\u0370-\u03ff\u1f00-\u1fff][\u0300-\u036f]*){3,}")
_NOT_PLAIN_LATEX = re.compile(
    rf"{_GREEK_WORD.pattern}|[A-Za-z][\u0300-\u036f]+|[^A-Za-z0-9 .,:;!?()\[\]/*+='`@-][\u0300-\u036f]*"
)
_ABOVE = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v",
}  # fmt: skip
_BELOW = {"\u0323": "d", "\u0327": "c", "\u0328": "k", "\u0331": "b"}
_DOTLESS = {"i": "ı", "j": r"\j"}
_GREEK = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu",
    "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "ς": r"\varsigma", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon",
    "φ": r"\varphi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta",
    "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Υ": r"\Upsilon", "Φ": r"\Phi", "Ψ": r"\Psi",
    "Ω": r"\Omega",
}  # fmt: skip
_SIGNS = {
    "−": "-", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "∞": r"\infty", "∈": r"\in", "√": r"\surd",
    "∑": r"\sum", "∏": r"\prod", "∂": r"\partial", "∇": r"\nabla", "‖": r"\Vert", "⊙": r"\odot", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "↔": r"\leftrightarrow", "↦": r"\mapsto", "→": r"\to", "←": r"\leftarrow",
    "×": r"\times", "·": r"\cdot", "±": r"\pm", "ϵ": r"\epsilon", "ℓ": r"\ell", "∣": r"\mid", "…": r"\ldots",
}  # fmt: skip
_LATEX = {
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
    **{letter: rf"\ensuremath{{{command}}}" for letter, command in _GREEK.items()},
    **{sign: rf"\ensuremath{{{command}}}" for sign, command in _SIGNS.items()},
}
_IN_T1 = frozenset(
    "¡¢£¤¥¦§¨©ª«¬®¯°²³´µ¶¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒē"
    "ĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİıĲĳĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚț‚„†‡•‰‹›€™"
)


def greek(letter: str) -> Markup:
    r"""The TeX of a letter in a formula: ``λ`` is ``\lambda``."""
    return safe(_GREEK.get(letter) or escape_latex(letter))


def by_sentence(text: str) -> Markup:
    """A paragraph of TeX with one sentence a line, as one likes to edit it."""
    return safe(_SENTENCE_END.sub(r"\1\n", text))


def by_row(tex: str) -> Markup:
    """A formula with one row of its matrices a line, as one likes to edit it."""
    return safe(tex.replace("\\\\ ", "\\\\\n    "))


def pdf_string(text: str) -> Markup:
    r"""Plain words as a string of PDF's own for ``\pdfinfo``: as they are, or in hexadecimal UTF-16."""
    text = one_line(text)
    if _PLAIN_IN_PDF.fullmatch(text):
        return safe(f"({text})")
    return safe(f"<FEFF{text.encode('utf-16-be').hex().upper()}>")


_PLAIN_IN_PDF = re.compile(r"[A-Za-z0-9 .,:;!?'/+=*-]*(?:\([A-Za-z0-9 ]*\))?")
# This pattern and that of the formulas begin with the character to look for, and look back from there: many times as
# fast as one that begins with a look back, which is tried at every place.
_SENTENCE_END = re.compile(r"([.?!])(?<=[a-z)$\]}].) (?=[A-Z$\\])")

# --------------------------------------------------------------------------------------------- Markdown


@lru_cache(maxsize=4096)
def escape_markdown(text: str) -> str:
    """Plain words for GitHub's Markdown: nothing in them is markup, HTML, mathematics or a link."""
    return markdown_paragraph(markdown_words(text))


def markdown_words(text: str) -> Markup:
    """Plain words within a paragraph, where no list can begin."""
    escaped = _MARKDOWN_SPECIAL.sub(lambda match: _MARKDOWN.get(match[0], "\\" + match[0]), one_line(text))
    return safe(escaped)


def markdown_paragraph(text: str) -> Markup:
    """A paragraph whose beginning is not taken for that of a list."""
    if start := _LIST_START.match(text):
        text = f"{start[1]}\\{text[start.end(1) :]}"
    return safe(text)


def file_name(stem: str) -> Markup:
    """A file's stem as it stands in a link."""
    return safe(quote(stem))


_MARKDOWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;", "://": "&#58;//", "www.": "www&#46;"}
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&$#|~]|://|(?i:www\.)")
_LIST_START = re.compile(r"( ?\d{0,9})[-+=.)]")


@lru_cache(maxsize=4096)
def markdown_math(tex: str) -> Markup:
    """A formula within a line.

    GitHub reads Markdown before mathematics: where it would take something for markup (a backslash before a
    sign, a star, an underscore that could open an emphasis), the form in backticks keeps the formula whole.
    """
    if "|" in tex:
        tex = _BAR.sub(lambda match: _BARS[match[0]], tex)
    return safe(f"$`{tex}`$" if _MARKDOWN_MANGLES.search(tex) else f"${tex}$")


_BAR = re.compile(r"\\?\|")
_BARS = {"|": r"\vert ", r"\|": r"\Vert "}  # a bar would end a table's cell
_MARKDOWN_MANGLES = re.compile(r"[\\*<>~_](?:(?<=[*<>~])|(?<=\\)[^A-Za-z]|(?<=_)(?<![A-Za-z0-9]_))")


def markdown_code(text: str) -> Markup:
    """A name in code, its backticks made harmless."""
    return safe("`" + one_line(text).replace("`", "'").replace("|", "¦") + "`")


def indented(text: str, columns: int) -> Markup:
    """Blocks as the content of a list item whose marker is ``columns`` wide."""
    return safe(_LINE_START.sub("\n" + " " * columns, str(text).rstrip()))


def quoted(text: str) -> Markup:
    """Blocks as the content of a quotation, after its first mark."""
    return safe(str(text).strip().replace("\n", "\n> "))


_LINE_START = re.compile(r"\n(?=[^\n])")

# -------------------------------------------------------------------------------------------------- XML


def escape_xml(text: str) -> str:
    """Plain words for SVG and HTML."""
    return str(Markup.escape(one_line(text)))


def css_string(text: str) -> Markup:
    """A string of CSS within a page: every sign but letters, digits and a few more by its code point."""
    escaped = _NOT_PLAIN_IN_CSS.sub(lambda match: f"\\{ord(match[0]):06x}", one_line(text))
    return safe(f'"{escaped}"')


_NOT_PLAIN_IN_CSS = re.compile(r"[^A-Za-z0-9 .,:-]")
