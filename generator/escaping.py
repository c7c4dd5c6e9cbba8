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
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")


def one_line(text: str) -> str:
    """The text on a single line, its blanks single, without characters that cannot be seen."""
    return _UNSEEN.sub("", _BLANKS.sub(" ", text))


# ------------------------------------------------------------------------------------------------ LaTeX


@lru_cache(maxsize=4096)
def escape_latex(text: str) -> str:
    """Plain words for LaTeX: every special character prints as itself.

    A character that pdfTeX's fonts lack loses its accents; if that does not help, it becomes a question
    mark, so that a name in another script never stops the class's run.
    """
    return _NOT_PLAIN_LATEX.sub(lambda match: _latex(match[0]), one_line(text))


def _latex(character: str) -> str:
    known = _LATEX.get(character)
    if known is not None:
        return known
    if character in _IN_T1:
        return character
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # accents on their own, joiners
        return ""
    if unicodedata.category(character) == "Zs":
        return " "
    simpler = unicodedata.decomposition(character).removeprefix("<compat> ").removeprefix("<wide> ")
    if not simpler or simpler.startswith("<"):  # such as a raised 2, which is not a 2
        return "?"
    return "".join(escape_latex(chr(int(code, 16))) for code in simpler.split())


_NOT_PLAIN_LATEX = re.compile(r"[^A-Za-z0-9 .,:;!?()\[\]/*+='`@-]")
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
    return Markup(_GREEK.get(letter) or escape_latex(letter))  # noqa: S704


def by_sentence(text: str) -> Markup:
    """A paragraph of TeX with one sentence a line, as one likes to edit it."""
    return Markup(_SENTENCE_END.sub("\n", str(text)))  # noqa: S704


def by_row(tex: str) -> Markup:
    """A formula with one row of its matrices a line, as one likes to edit it."""
    return Markup(tex.replace("\\\\ ", "\\\\\n    "))  # noqa: S704


def pdf_string(text: str) -> Markup:
    r"""Plain words as a string of PDF's own for ``\pdfinfo``: as they are, or in hexadecimal UTF-16."""
    text = one_line(text)
    if _PLAIN_IN_PDF.fullmatch(text):
        return Markup(f"({text})")  # noqa: S704
    return Markup(f"<FEFF{text.encode('utf-16-be').hex().upper()}>")  # noqa: S704


_PLAIN_IN_PDF = re.compile(r"[A-Za-z0-9 .,:;!?'/+=*-]*(?:\([A-Za-z0-9 ]*\))?")
_SENTENCE_END = re.compile(r"(?<=[a-z)$\]}][.?!]) (?=[A-Z$\\])")

# --------------------------------------------------------------------------------------------- Markdown


@lru_cache(maxsize=4096)
def escape_markdown(text: str) -> str:
    """Plain words for GitHub's Markdown: nothing in them is markup, HTML, mathematics or a link."""
    return markdown_paragraph(markdown_words(text))


def markdown_words(text: str) -> Markup:
    """Plain words within a paragraph, where no list can begin."""
    escaped = _MARKDOWN_SPECIAL.sub(lambda match: _MARKDOWN.get(match[0], "\\" + match[0]), one_line(text))
    return Markup(escaped)  # noqa: S704


def markdown_paragraph(text: str) -> Markup:
    """A paragraph whose beginning is not taken for that of a list."""
    return Markup(_LIST_START.sub(r"\1\\\2", text, count=1))  # noqa: S704


def file_name(stem: str) -> Markup:
    """A file's stem as it stands in a link."""
    return Markup(quote(stem))  # noqa: S704


_MARKDOWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;", "://": "&#58;//", "www.": "www&#46;"}
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&$#|~]|://|(?i:www\.)")
_LIST_START = re.compile(r"^( ?\d{0,9})([-+=.)])")


@lru_cache(maxsize=4096)
def markdown_math(tex: str) -> Markup:
    """A formula within a line.

    GitHub reads Markdown before mathematics: where it would take something for markup (a backslash before a
    sign, a star, an underscore that could open an emphasis), the form in backticks keeps the formula whole.
    """
    tex = _BAR.sub(lambda match: _BARS[match[0]], tex)
    return Markup(f"$`{tex}`$" if _MARKDOWN_MANGLES.search(tex) else f"${tex}$")  # noqa: S704


_BAR = re.compile(r"\\?\|")
_BARS = {"|": r"\vert ", r"\|": r"\Vert "}  # a bar would end a table's cell
_MARKDOWN_MANGLES = re.compile(r"\\[^A-Za-z]|[*<>~]|(?<![A-Za-z0-9])_")


def markdown_code(text: str) -> Markup:
    """A name in code, its backticks made harmless."""
    return Markup("`" + one_line(text).replace("`", "'").replace("|", "¦") + "`")  # noqa: S704


def indented(text: str, columns: int) -> Markup:
    """Blocks as the content of a list item whose marker is ``columns`` wide."""
    return Markup(_LINE_START.sub(" " * columns, str(text).rstrip()))  # noqa: S704


def quoted(text: str) -> Markup:
    """Blocks as the content of a quotation, after its first mark."""
    return Markup(str(text).strip().replace("\n", "\n> "))  # noqa: S704


_LINE_START = re.compile(r"(?<=\n)(?=[^\n])")

# -------------------------------------------------------------------------------------------------- XML


def escape_xml(text: str) -> str:
    """Plain words for SVG."""
    return str(Markup.escape(one_line(text)))
