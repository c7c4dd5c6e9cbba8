r"""The tokens of a typed number or matrix: Unicode and LaTeX spellings become one small alphabet.

Positions are those in the text as typed, so that a message can point at them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from generator.errors import InputError, expected
from generator.errors.language import phrase

MAX_CHARACTERS = 2000
"""The longest vector or matrix."""
MAX_NUMBER_CHARACTERS = 200
"""The longest number, and the longest entry of a matrix."""
MAX_DIGITS = 30


class UnreadableError(InputError):
    """A text that cannot be read, which makes an answer invalid and not wrong.

    ``reason`` says what is wrong, ``position`` where in the text as typed (from 0), ``entry`` in which row and column
    (from 0) of a vector or matrix; the message has all three, counted from 1.
    """

    def __init__(self, reason: str, position: int = 0, entry: tuple[int, int] | None = None) -> None:
        self.reason = reason
        self.position = position
        self.entry = entry
        where = [] if entry is None else [phrase("reading.row_and_column", row=entry[0] + 1, column=entry[1] + 1)]
        where.append(phrase("reading.character", place=position + 1))
        super().__init__(f"{', '.join(where)}: {reason}")


@dataclass(frozen=True)
class Token:
    """A piece of the text: its kind, its text in plain spelling, and where it starts and ends.

    Kinds are ``number``, ``vulgar`` (½), ``superscript``, ``name`` (of a variable, function or constant), ``frac``,
    ``begin``, ``end``, ``row`` (the end of one: of a line, ``;``, a double backslash), ``tab`` and ``unknown`` (what has
    no meaning in a number: its text says why); every sign is a kind of its own.
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool
    """Whether there is a space before it."""


_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_THIN = "\u2009"
"""A space that may be inside a number, between its thousands: a thin or a non-breaking one."""
_SAME_AS = {
    "-": "−‐‑‒–—﹣－",
    "*": "×·⋅∙•∗✕✖⨯⨉",
    "/": "÷⁄∕",
    "|": "∣‖",
    " ": "∴\u2002\u2003\u2004\u2005\u2008\u200a\u205f\u3000\u200b\u2060\ufeff\u00ad\u061c\u200c\u200d\u200e\u200f\u202a\u202c\u202d\u2061\u2062\u2063\u2066\u2067\u2068\u2069⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠",
    _THIN: "\u00a0\u2006\u2007\u202f",
    "'": "′’‘",
    '"': "“”„«»",
    "(": "⟨〈",
    ")": "⟩〉",
    "x": "х",  # the Cyrillic letter, which looks the same
    "X": "Х",
    "≈": "≃≅∼",
    "=": "∈→⇒⟹⟶",
    ",": "،、",
    "ᵀ": "⊤⊺",
}
_PLAIN = {ord(char): plain for plain, chars in _SAME_AS.items() for char in chars}

_ABOUT = re.compile(r"(?<![0-9A-Za-z)}\]~$\\=&,])~(?:=|(?= ?[-+0-9.√(\\]))")
"""A ``~`` that means "about", and is not a space of LaTeX's."""
_LENGTH = r"-?[0-9.]{1,6} {0,2}(?:pt|em|ex|mm|cm|in|bp|mu|\\baselineskip|\\jot)"
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:(?:\\[,;: ]|[\u2009~'])[0-9]{3})+(?:\.[0-9]*)?(?![0-9])|[0-9]{1,3}(?:_[0-9]{3})+(?![0-9_])"
    r"|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}(?![0-9.])"
    r"|[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,6}(?![0-9A-Za-z]|\.[0-9]))?)"
    r"|(?P<ratio>(?:Rational|Fraction)\( ?-?[0-9]{1,30}, ?-?[0-9]{1,30} ?\)|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,9}[/][₀₁₂₃₄₅₆₇₈₉]{1,9})"
    r"|(?P<superscript>[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<vulgar>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])"
    r"|(?P<row>\\\\\*?(?: {0,3}\[ {0,2}" + _LENGTH + r" {0,2}\])?|\\(?:tabularnewline|cr)(?![A-Za-z])|\r\n|\r|\n)"
    r"|(?P<display>\\(?:begin|end) ?\{(?:equation|displaymath|math|align|aligned|gather|gathered|split|multline)\*?\}"
    r"|&(?= {0,3}(?:=|\\approx)))"
    r"|(?P<frame>\\(?:begin|end) ?\{[A-Za-z]{1,12}\*?\}(?:\[[a-z]\])?(?:\{(?:[clrpmb|@!><* ]|\{[^{}]{0,20}\}){0,40}\})?)"
    r"|(?P<layout>\\(?:hline|toprule|midrule|bottomrule|mathstrut|strut)(?![A-Za-z])"
    r"|\\(?:cline|[hv]?phantom|hspace|vspace|label|tag|color|textcolor)\*? ?\{[^{}]{0,40}\})"
    r"|(?P<wrapped>\\(?:mathrm|operatorname|text|textrm|mathbf|textbf|mathit|mathsf|mathtt) ?\{[A-Za-z]{1,12}\})"
    r"|(?P<command>\\(?:[A-Za-z]{1,30}|[ -~]))"
    r"|(?P<module>(?:np|numpy|[mM]ath|torch|sympy|sp|jnp|jax\.numpy|mx|pd|tf|cmath|fractions)\.(?=[A-Za-z]))"
    r"|(?P<cast>(?:float|double|int|bfloat|mpf|Float|Integer|Decimal|S|sympify|tensor)(?:8|16|32|64|128)?(?=\())"
    r"|(?P<option>(?:,?[ \r\n\u2009]{0,40}(?:grad_fn|dtype|requires_grad|device)|,[ \r\n\u2009]{0,40}shape)[ ]?=[ ]?"
    r"(?:<[^<>]{0,60}>|'[^'\r\n]{0,30}'|\([^()]{0,40}\)|[A-Za-z][\w.]{0,30}))"
    r"|(?P<name>[πᵀ∞±∂]|[^\W\d_πᵀ⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<tab>\t)"
    r"|(?P<blank>[ ~\u2009\"]+|`+(?:(?<=```)[a-z]{1,12}(?=\s))?)"
    r"|(?P<dollar>\$+)"
    r"|(?P<comma>\{,\}|,)"
    r"|(?P<sign>\*\*|//|[=:]=|[-=]>|<-(?=\s)|[-+*/^()\[\]{}|;:&=_'√∛∜≈.%!])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_COMMANDS = {
    "cdot": "*", "times": "*", "ast": "*", "bullet": "*", "div": "/", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|",
    "approx": "≈", "simeq": "≈", "sim": "≈", "|": "|", "lVert": "|", "rVert": "|", "Vert": "|", "cong": "≈", "{": "{", "}": "}", "lbrack": "[", "rbrack": "]", "langle": "(", "rangle": ")", "lbrace": "{", "rbrace": "}",
    "%": "%", "_": "_", "in": "=", "colon": ":", "Rightarrow": "=", "implies": "=", "rightarrow": "=", "to": "=",
}  # fmt: skip
_DROPPED = frozenset((
    "left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "bigg", "biggl", "biggr", "displaystyle", "textstyle",
    "scriptstyle", "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathbb", "operatorname", "text", "textrm", "textbf",
    "textit", "underline", "num", "therefore", "boxed", "answerbox", "fitmath", "fbox", "mbox", "limits", "nolimits", ",", "!", ";", ":", ">", "(", ")", "[", "]", "/",
))  # fmt: skip
_BLANKS = frozenset((" ", "quad", "qquad", "enspace", "enskip", "thinspace"))
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"))
_SAME_IN_LATEX = frozenset(("pi", "ln", "log", "exp", "cos", "sin"))
_SMALL_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")


def tokenize(text: str, limit: int = MAX_CHARACTERS) -> list[Token]:
    """Return the tokens of a text of at most ``limit`` characters, without spaces; raise :class:`UnreadableError`."""
    plain = _ABOUT.sub(lambda sign: "≈".ljust(len(sign[0])), plain_spelling(check_length(text, limit)))
    tokens: list[Token] = []
    spaced = False
    for match in _TOKEN.finditer(plain):
        kind, word = str(match.lastgroup), match[0]
        if kind == "blank" or (kind == "command" and word[1:] in _BLANKS):
            spaced = True
            continue
        if kind == "ratio":
            ratio = _ratio(word, match.start(), match.end(), spaced)
            mixed = word[0] in _SUPERSCRIPTS and tokens and tokens[-1].kind == "number"  # 3 ¹/₂, as 3 1/2
            tokens += [replace(one, spaced=place == 1) for place, one in enumerate(ratio)][1:-1] if mixed else ratio
            spaced = False
            continue
        token = _token(kind, word, match.start(), match.end(), spaced, text)
        if token is not None:
            tokens.append(token)
            spaced = False
    return _without_markup(tokens)


def _ratio(word: str, start: int, end: int, spaced: bool) -> list[Token]:
    """Return ``Rational(-1, 2)`` or ``¹⁄₂`` as the quotient in brackets that it is."""
    above, below = re.findall("-?[0-9]+", word.translate(_SMALL_DIGITS))
    texts = ["(", *_signed(above), "/", *_signed(below), ")"]
    kinds = ["number" if text.isdigit() else text for text in texts]
    return [
        Token(kind, text, start, end, spaced and place == 0)
        for place, (kind, text) in enumerate(zip(kinds, texts, strict=True))
    ]


def _signed(whole: str) -> list[str]:
    return ["-", whole[1:]] if whole.startswith("-") else [whole]


def _without_markup(tokens: list[Token]) -> list[Token]:
    """Return the tokens without Markdown's ``**`` around words or numbers: a power has something on both sides."""
    marks = [
        place
        for place, token in enumerate(tokens)
        if token.text == "**"
        and (
            place in (0, len(tokens) - 1)
            or tokens[place - 1].kind in (":", "=", "row", ",")
            or tokens[place + 1].kind in (":", "row", ",", ".")
        )
    ]
    every = [place for place, token in enumerate(tokens) if token.text == "**"]
    if len(every) == 2 and every[1] in marks and every[0] + 1 < every[1]:  # no power ends a number
        marks = every
    return [token for place, token in enumerate(tokens) if place not in marks] if len(marks) == 2 else tokens


def check_length(text: str, limit: int) -> str:
    """Return ``text`` if it has at most ``limit`` characters; raise :class:`UnreadableError` if not."""
    if not isinstance(text, str):
        raise UnreadableError(expected("text", type(text).__name__))
    if len(text) > limit:
        raise UnreadableError(phrase("reading.too_long", length=len(text), most=limit), limit)
    return text


def plain_spelling(text: str) -> str:
    """Return ``text`` with ASCII for what looks alike, character by character, so that positions stay."""
    return "".join(map(_plain_character, text))


def _plain_character(char: str) -> str:
    if char.isascii() or char in _SUPERSCRIPTS + "ᵀ":
        return char
    plain = _PLAIN.get(ord(char))
    if plain is not None:
        return plain
    if unicodedata.category(char) == "No":  # 1₂ is not 12
        return char
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 and compatible.isascii() and compatible.isprintable() else char


def _token(kind: str, word: str, start: int, end: int, spaced: bool, text: str) -> Token | None:
    if kind == "number":
        word = _NOT_DIGITS.sub("", word)
        word = word.replace(".", "") if word.count(".") > 1 else word
        if sum(map(str.isdigit, re.split("[eE]", word)[0])) > MAX_DIGITS:
            kind, word = "unknown", phrase("reading.too_many_digits", most=MAX_DIGITS)
    elif kind == "frame":
        kind, word = word[1:].replace(" ", "").split("}")[0].split("{")
        word = word.removesuffix("*")
    elif kind == "wrapped":
        kind, word = "name", word[word.index("{") + 1 : -1]
    elif kind == "command":
        return _command(word[1:], start, end, spaced)
    elif kind in ("dollar", "display", "layout", "module", "cast", "option"):
        return None
    elif kind == "comma":
        kind = ","
    elif kind == "sign":
        kind = {"**": "^", "//": "/", "==": "=", ":=": "=", "=>": "=", "->": "=", "<-": "=", ";": "row"}.get(word, word)
    elif kind == "other":
        sign = describe_character(text[start])
        kind = "unknown"
        word = phrase("reading.no_number", sign=sign) if word == "?" else phrase("reading.not_in_answer", sign=sign)
    return Token(kind, word, start, end, spaced)


_NOT_DIGITS = re.compile(r"[^0-9.eE+-]")


def _command(name: str, start: int, end: int, spaced: bool) -> Token | None:
    if name in _DROPPED:
        return None
    if name in _COMMANDS:
        return Token(_COMMANDS[name], _COMMANDS[name], start, end, spaced)
    if name in _FRACTIONS:
        return Token("frac", "\\" + name, start, end, spaced)
    return Token("name", name if name in _SAME_IN_LATEX else "\\" + name, start, end, spaced)


def describe_character(char: str) -> str:
    """Return a character as a message shows it: with its name where it may be invisible or look like another."""
    if char.isascii() and char.isprintable():
        return repr(char)
    name = unicodedata.name(char, "")
    code = f"U+{ord(char):04X}" + (f" {name}" if name else "")
    return f"{char!r} ({code})" if char.isprintable() else phrase("reading.invisible_character", code=code)
