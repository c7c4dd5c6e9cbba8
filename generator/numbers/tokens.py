r"""The tokens of a typed number or matrix: Unicode and LaTeX spellings become one small alphabet.

Positions are those in the text as typed, so that a message can point at them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from generator.errors import InputError, expected

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
        where = "" if entry is None else f"row {entry[0] + 1}, column {entry[1] + 1}, "
        super().__init__(f"{where}character {position + 1}: {reason}")


@dataclass(frozen=True)
class Token:
    """A piece of the text: its kind, its text in plain spelling, and where it starts and ends.

    Kinds are ``number``, ``vulgar`` (½), ``superscript``, ``name`` (of a variable, function or constant), ``frac``,
    ``begin``, ``end``, ``row`` (the end of one: of a line, ``;``, a double backslash) and ``tab``; every sign is a
    kind of its own.
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool
    """Whether there is a space before it."""


_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_THIN = "\u2009"
_SAME_AS = {
    "-": "−‐‑‒–—﹣－",
    "*": "×·⋅∙•∗✕✖",
    "/": "÷⁄∕",
    "|": "∣",
    " ": "\u00a0\u2002\u2003\u2004\u2005\u2007\u2008\u200a\u205f\u3000\u200b\u2060\ufeff",
    _THIN: "\u2006\u202f",
    "'": "′’",
}
_PLAIN = {ord(char): plain for plain, chars in _SAME_AS.items() for char in chars}

_TOKEN = re.compile(
    r"(?P<number>[0-9]{1,3}(?:(?:\\,|\u2009)[0-9]{3})+(?:\.[0-9]*)?(?![0-9])|[0-9]+\.?[0-9]*|\.[0-9]+)"
    r"|(?P<superscript>[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<vulgar>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])"
    r"|(?P<row>\\\\|\r\n|\r|\n)"
    r"|(?P<frame>\\(?:begin|end) ?\{[a-z]{1,12}\*?\}(?:\{[clr|]{0,20}\})?)"
    r"|(?P<wrapped>\\(?:mathrm|operatorname|text|mathbf|mathit|textrm) ?\{[A-Za-z]{1,12}\})"
    r"|(?P<command>\\(?:[A-Za-z]{1,30}|[ -~]))"
    r"|(?P<name>[πᵀ∞±]|[^\W\d_πᵀ]+)"
    r"|(?P<tab>\t)"
    r"|(?P<blank>[ ~\u2009]+)"
    r"|(?P<dollar>\$+)"
    r"|(?P<comma>\{,\}|,)"
    r"|(?P<sign>\*\*|[-+*/^()\[\]{}|;&=_'√∛∜≈.%!])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_COMMANDS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "lvert": "|", "rvert": "|", "vert": "|", "approx": "≈",
    "{": "{", "}": "}", "lbrack": "[", "rbrack": "]", "%": "%",
}  # fmt: skip
_DROPPED = frozenset((
    "left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "bigg", "biggl", "biggr", "displaystyle", "textstyle",
    "mathrm", "mathbf", "operatorname", "text", "boxed", ",", "!", ";", ":", ">", "(", ")", "[", "]",
))  # fmt: skip
_BLANKS = frozenset((" ", "quad", "qquad", "enspace"))
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
_SAME_IN_LATEX = frozenset(("pi", "ln", "log", "exp"))


def tokenize(text: str, limit: int = MAX_CHARACTERS) -> list[Token]:
    """Return the tokens of a text of at most ``limit`` characters, without spaces; raise :class:`UnreadableError`."""
    plain = plain_spelling(check_length(text, limit))
    tokens: list[Token] = []
    spaced = False
    for match in _TOKEN.finditer(plain):
        kind, word = str(match.lastgroup), match[0]
        if kind == "blank" or (kind == "command" and word[1:] in _BLANKS):
            spaced = True
            continue
        token = _token(kind, word, match.start(), match.end(), spaced, text)
        if token is not None:
            tokens.append(token)
            spaced = False
    return tokens


def check_length(text: str, limit: int) -> str:
    """Return ``text`` if it has at most ``limit`` characters; raise :class:`UnreadableError` if not."""
    if not isinstance(text, str):
        raise UnreadableError(expected("text", type(text).__name__))
    if len(text) > limit:
        raise UnreadableError(f"the answer has {len(text)} characters; at most {limit} are read", limit)
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
        word = word.replace("\\,", "").replace(_THIN, "")
        if sum(map(str.isdigit, word)) > MAX_DIGITS:
            raise UnreadableError(f"a number of more than {MAX_DIGITS} digits", start)
    elif kind == "frame":
        kind, word = word[1:].replace(" ", "").split("}")[0].split("{")
    elif kind == "wrapped":
        kind, word = "name", word[word.index("{") + 1 : -1]
    elif kind == "command":
        return _command(word[1:], start, end, spaced)
    elif kind == "dollar":
        return None
    elif kind == "comma":
        kind = ","
    elif kind == "sign":
        word = "^" if word == "**" else word
        kind = "row" if word == ";" else word
    elif kind == "other":
        raise UnreadableError(f"{describe_character(text[start])} cannot be used in an answer", start)
    return Token(kind, word, start, end, spaced)


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
    return f"{char!r} ({code})" if char.isprintable() else f"the invisible character {code}"
