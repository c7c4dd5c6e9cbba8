r"""An author's words and formulas in LaTeX: every sign prints as itself, or is an error; none is changed silently.

A sign that the fonts of text lack is set as mathematics where there is such: ``ℝⁿ`` is ``\ensuremath{\mathbb{R}}\ensuremath{^{n}}``.
Names of people are another matter: see :func:`generator.render.letters.name_latex`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from markupsafe import Markup

from generator.document.nodes import PersonName
from generator.errors import AuthoringError
from generator.render.escaping import one_line, safe
from generator.render.letters import ABOVE, BELOW, GREEK, IN_T1, LATEX, MARKS, SIGNS, escape_latex, name_latex

REMEDY = "write it in words or as a formula, say --engine lualatex, or leave tex and pdf out of --formats: Markdown and HTML print it"


def latex(text: str) -> str:
    """Plain words for LaTeX: a name as near as may be, an author's words as they are."""
    return name_latex(str(text)) if isinstance(text, PersonName) else author_latex(text)


_any_script: ContextVar[bool] = ContextVar("any_script", default=False)
prints_any_script = _any_script.get
"""Whether LaTeX is written for an engine that finds fonts for other scripts."""


@contextmanager
def for_engine(name: str | None) -> Iterator[None]:
    """Write LaTeX for an engine, until the end of the block: LuaLaTeX prints words in any script that it has a font for."""
    before = _any_script.set(name == "lualatex")
    try:
        yield
    finally:
        _any_script.reset(before)


def author_latex(text: str) -> str:
    """An author's words for LaTeX.  Raises :class:`AuthoringError` for signs that the PDF's fonts lack."""
    return _author_latex(text, prints_any_script())


def titled(text: str) -> Markup:
    r"""An author's words for a title, with Latin letters for the title that the PDF has in its properties, where it needs them."""
    tex = latex(text)
    if r"\ensuremath" not in tex:
        return safe(tex)
    from anyascii import anyascii  # as for names

    return safe(rf"\texorpdfstring{{{tex}}}{{{escape_latex(anyascii(one_line(text)))}}}")


@lru_cache(maxsize=4096)
def _author_latex(text: str, any_script: bool) -> str:
    text = unicodedata.normalize("NFC", one_line(text))
    lacking = [match for match in _CLUSTER.finditer(text) if _in_text(match[0]) is None]
    if not lacking:
        return _CLUSTER.sub(lambda match: _in_text(match[0]) or "", text)
    if not any_script:
        raise AuthoringError(f"{_named(text, lacking)} not in the PDF's fonts: {REMEDY}", text=lacking[0][0])
    pieces, end = [], 0
    for start, stop in _runs(text, lacking):
        pieces += [_author_latex(text[end:start], any_script), _inscript(text[start:stop])]
        end = stop
    return "".join([*pieces, _author_latex(text[end:], any_script)])


def _runs(text: str, lacking: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield the beginning and end of each run of signs that the fonts lack, with the blanks within it."""
    first, end = lacking[0].span()
    for match in lacking[1:]:
        if text[end : match.start()].strip():
            yield first, end
            first = match.start()
        end = match.end()
    yield first, end


def _inscript(run: str) -> str:
    """Words in another script, which stop LuaLaTeX where it has no font for them."""
    return rf"\inscript{{{run}}}{{\unprintable{{{' '.join(f'U+{ord(sign):04X}' for sign in run if sign != ' ')}}}}}"


_IN_FORMULA = REMEDY.replace("in words or as a formula, say --engine lualatex", "as a command of LaTeX")

_CLUSTER = re.compile(rf"[^A-Za-z0-9 .,:;!?()\[\]/*+='`@-]{MARKS}*|[A-Za-z0-9]{MARKS}+")


def _named(text: str, lacking: list[re.Match[str]]) -> str:
    """``the sign '♞' (black chess knight) is``; of several that stand together, all of them."""
    first, end = next(_runs(text, lacking))
    signs = text[first:end]
    if len(lacking[0][0]) == len(signs) == 1:
        return f"the sign {signs!r} ({unicodedata.name(signs, 'without a name').lower()}) is"
    return f"{signs!r} is"


def _in_text(cluster: str) -> str | None:
    """One sign with its marks, as it stands among words; None if it cannot be printed."""
    if cluster in LATEX or cluster in IN_T1 or cluster.isascii():
        return escape_latex(cluster)
    if unicodedata.category(cluster[0]) in ("Zs", "Cf"):  # another blank; a joiner, which is nothing to see
        return " " if cluster[0].isspace() else ""
    kind, _, codes = unicodedata.decomposition(cluster[0]).partition(" ")
    if kind in ("<compat>", "<wide>") and len(cluster) == 1:  # such as ﬁ, one letter that looks like two
        letters = [_in_text(chr(int(code, 16))) for code in codes.split()]
        return None if None in letters else "".join(filter(None, letters))
    if cluster[0] in _BESIDE_LETTERS:
        return _BESIDE_LETTERS[cluster[0]]
    if _is_accented_latin(cluster):
        return escape_latex(cluster)
    tex = _in_formula(cluster)
    return None if tex is None else rf"\ensuremath{{{tex}}}"


_BESIDE_LETTERS = {chr(0x2460 + place): rf"\textcircled{{{place + 1}}}" for place in range(9)}


def _is_accented_latin(cluster: str) -> bool:
    """Whether T1 can set a letter with all of its marks: one composed with it, one above that and one below."""
    letter, *marks = list(unicodedata.normalize("NFD", cluster))
    above, below = [mark for mark in marks if mark in ABOVE], [mark for mark in marks if mark in BELOW]
    if not letter.isascii() or not letter.isalpha() or len(above) + len(below) < len(marks) or len(below) > 1:
        return False
    composed = unicodedata.normalize("NFC", letter + "".join(above[:1]))
    return len(above) <= 1 + (composed in IN_T1)


# ------------------------------------------------------------------------------------------------ formulas


def formula(tex: str) -> Markup:
    r"""An author's formula for LaTeX, its signs as commands: ``θ̂ ≪ z₁`` is ``{\hat{\theta}} \ll z_{1}``.

    Raises :class:`AuthoringError` for signs that the PDF's fonts lack.
    """
    if tex.isascii():
        return safe(tex)
    tex = unicodedata.normalize("NFC", tex)
    pieces = _WORDS.split(tex)  # every second one is words, in \text{…}
    lacking = [match for piece in pieces[::2] for match in _CLUSTER.finditer(piece) if _command(match) is None]
    lacking += [match for piece in pieces[1::2] for match in _CLUSTER.finditer(piece) if _in_words(match) is None]
    if lacking:
        first = lacking[0].string
        named = _named(first, [match for match in lacking if match.string == first])
        raise AuthoringError(f"{named} not in the PDF's fonts: {_IN_FORMULA}", text=tex)
    made = "".join(
        _CLUSTER.sub(lambda match: _in_words(match) or "", piece)
        if place % 2
        else _CLUSTER.sub(lambda match: _command(match) or "", piece)
        for place, piece in enumerate(pieces)
    )
    while (joined := _SCRIPTS.sub(r"\1{\2\3}", made)) != made:  # ⁿ⁺¹ is one exponent
        made = joined
    return safe(made)


_SCRIPTS = re.compile(r"([_^])\{([^{}]*)\}\1\{([^{}]*)\}")


_WORDS = re.compile(r"(\\(?:text|textrm|textbf|textit|textsf|texttt|mbox|intertext)\s*\{[^{}]*\})")


def _in_words(match: re.Match[str]) -> str | None:
    """One sign of the words in a formula; what LaTeX means by ASCII signs stays."""
    return match[0] if match[0].isascii() else _in_text(match[0])


def _command(match: re.Match[str]) -> str | None:
    """One sign of a formula; None if it cannot be printed."""
    if match[0].isascii():
        return match[0]
    if unicodedata.category(match[0][0]) in ("Zs", "Cf"):
        return "~" if match[0][0] == "\u00a0" else " " if match[0][0].isspace() else ""
    tex = _in_formula(match[0])
    if tex is None:
        words = _in_text(match[0])
        return None if words is None else rf"\text{{{words}}}"
    if tex.startswith(("_", "^")):
        return tex
    return f"{tex} " if tex[1:].isalpha() else f"{{{tex}}}"


_ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar",
    "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030c": "check", "\u20d7": "vec",
}  # fmt: skip
_MATH = {
    **GREEK, **SIGNS,
    "≪": r"\ll", "≫": r"\gg", "∕": "/", "⁄": "/", "⋅": r"\cdot", "∙": r"\bullet", "∘": r"\circ", "∗": "*", "⊗": r"\otimes",
    "⊕": r"\oplus", "∝": r"\propto", "∼": r"\sim", "≃": r"\simeq", "≅": r"\cong", "≡": r"\equiv", "∀": r"\forall",
    "∃": r"\exists", "∅": r"\emptyset", "∉": r"\notin", "∋": r"\ni", "⊂": r"\subset", "⊆": r"\subseteq", "⊃": r"\supset",
    "⊇": r"\supseteq", "∪": r"\cup", "∩": r"\cap", "∧": r"\wedge", "∨": r"\vee", "∫": r"\int", "⟨": r"\langle",
    "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "∥": r"\parallel", "⊤": r"\top",
    "⊥": r"\perp", "′": r"^{\prime}", "″": r"^{\prime\prime}", "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots",
    "⟶": r"\longrightarrow", "⟵": r"\longleftarrow", "⟹": r"\Longrightarrow", "⟺": r"\Longleftrightarrow",
    "⇐": r"\Leftarrow", "↑": r"\uparrow", "↓": r"\downarrow", "ϑ": r"\vartheta", "ϕ": r"\phi", "ħ": r"\hbar",
    "ℏ": r"\hbar", "ℑ": r"\Im", "ℜ": r"\Re", "ℵ": r"\aleph", "≮": r"\not<", "≯": r"\not>", "∖": r"\setminus", "△": r"\triangle",
    "¬": r"\neg", "µ": r"\mu", "÷": r"\div", "°": r"^{\circ}", "★": r"\star", "⋆": r"\star", "⟂": r"\perp", "⊢": r"\vdash", "∇": r"\nabla",
}  # fmt: skip
_ALPHABETS = {
    "DOUBLE-STRUCK": "mathbb", "SCRIPT": "mathcal", "BOLD SCRIPT": "mathcal", "BOLD": "mathbf", "ITALIC": "mathit",
    "SANS-SERIF": "mathsf", "MONOSPACE": "mathtt",
}  # fmt: skip


def _in_formula(cluster: str) -> str | None:
    sign, *marks = list(cluster if cluster in _MATH else unicodedata.normalize("NFD", cluster))
    tex: str | None = sign if sign.isascii() and sign.isalnum() else _MATH.get(sign) or _styled(sign)
    for mark in marks:
        if tex is None or mark not in _ACCENTS:
            return None
        tex = rf"\{_ACCENTS[mark]}{{{tex}}}"
    return tex


def _styled(sign: str) -> str | None:
    """A raised or lowered sign, a fraction, or a letter of another style: ``₁``, ``ⁿ``, ``⅓``, ``ℝ``."""
    kind, _, rest = unicodedata.decomposition(sign).partition(" ")
    plain = "".join(chr(int(code, 16)) for code in rest.split()) if kind.startswith("<") else ""
    inner = "".join(_MATH.get(one, one) for one in plain.replace("\u2212", "-"))
    if not plain or not all(one.isascii() or one in _MATH for one in plain):
        return None
    if kind in ("<sub>", "<super>"):
        return f"{'_' if kind == '<sub>' else '^'}{{{inner}}}"
    if kind == "<fraction>":
        over, _, under = plain.partition("\u2044")
        return rf"\tfrac{{{over}}}{{{under}}}"
    if kind == "<font>":
        name = unicodedata.name(sign, "")
        style = next((command for words, command in _ALPHABETS.items() if f"{words} " in name), "")
        style = style if plain.isascii() and (style != "mathcal" or plain.isupper()) else ""
        return rf"\{style}{{{plain}}}" if style else None
    return None
