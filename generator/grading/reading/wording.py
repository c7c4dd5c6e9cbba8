"""Words around a number, and dates: ``The answer is 12``, ``12 parameters``; ``3/4/2024`` is no number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.errors.language import phrase
from generator.numbers.tokens import Token, UnreadableError

_LEADING = frozenset((
    "the", "answer", "ans", "result", "value", "solution", "is", "are", "equals", "equal", "to", "we", "get", "have", "it", "its",
    "so", "thus", "hence", "therefore", "final", "total", "about", "approximately", "approx", "roughly", "circa", "ca", "of",
    "my", "that", "column", "row", "i", "gives", "exactly", "this", "then", "obtain",
))  # fmt: skip
_VERBS = frozenset(("is", "are", "equals"))
_FOLLOWING = frozenset(("in", "of", "per", "ms", "px", "units"))
"""Short words that may follow a number."""
_MEANINGFUL = frozenset((
    "sqrt", "cbrt", "exp", "log", "abs", "cos", "sin", "and", "not", "nor", "minus", "plus", "times", "over", "divided", "squared", "cubed", "mod",
    "modulo", "root", "roots", "power", "hundred", "thousand", "million", "billion", "trillion", "dozen", "half", "third",
    "thirds", "quarter", "quarters", "fifth", "fifths", "tenth", "tenths", "percent", "pct", "permille", "inf", "infinity", "nan", "none", "true",
    "false", "degrees", "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "omicron", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "negative", "but", "except", "either",
))  # fmt: skip
"""Words that would change the number, or stand for another one."""
_MULTIPLES = re.compile(r"(?:kilo|mega|giga|tera|milli|micro|nano|[kmgt]i?b|[kmgt]flops?)", re.IGNORECASE)
_ENDS = frozenset(("number", "vulgar", ")", "]", "}", "|", "superscript", "%"))


def without_words(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens without words before and after a number that do not change it."""
    return _without_unit(_without_introduction(tokens))


def _without_introduction(tokens: Sequence[Token]) -> Sequence[Token]:
    run = next((place for place, token in enumerate(tokens) if token.kind != "name"), len(tokens))
    words = [token.text.casefold() for token in tokens[:run]]
    verbs = [place for place, word in enumerate(words) if word in _VERBS]
    start = verbs[-1] + 1 if verbs else 0
    while start < run and words[start] in _LEADING:
        start += 1
    if 0 < start < len(tokens) and tokens[start].kind in (".", ":"):  # approx. 12
        start += 1
    return tokens[start:] if start < len(tokens) else tokens


def _without_unit(tokens: Sequence[Token]) -> Sequence[Token]:
    end = _start_of_unit(tokens)
    if [token.text.casefold() for token in tokens[-2:]] == ["per", "cent"]:
        return _with_percent(tokens)
    if end == len(tokens) or not end or tokens[end - 1].kind not in _ENDS or not _is_apart(tokens[end]):
        return _with_percent(tokens)
    return tokens[:end]


def _is_apart(token: Token) -> bool:
    r"""Return whether a word is apart from what is before it: by a space, or as ``\\text{…}``."""
    return token.spaced or token.end - token.start > len(token.text)


def _start_of_unit(tokens: Sequence[Token]) -> int:
    """Return where the words at the end begin, which may stand in brackets."""
    end = len(tokens)
    bracketed = end > 2 and tokens[-1].kind in (")", "}") and _is_unit(tokens[-2])
    end -= bracketed
    while end and _is_unit(tokens[end - 1]):
        end -= 1
    if bracketed:
        return end - 1 if end and tokens[end - 1].kind in ("(", "{") else len(tokens)
    return end


def is_plain_word(token: Token) -> bool:
    """Return whether this is a word of at least three letters that stands for no number and no operation."""
    word = token.text.casefold()
    return token.kind == "name" and len(word) > 2 and word.isascii() and word.isalpha() and word not in _MEANINGFUL


def _is_unit(token: Token) -> bool:
    word = token.text.casefold()
    return word in _FOLLOWING or (is_plain_word(token) and _MULTIPLES.match(word) is None)


def _with_percent(tokens: Sequence[Token]) -> Sequence[Token]:
    words = [token.text.casefold() for token in tokens[-2:] if token.kind == "name"]
    if len(tokens) < 2 or (words[-1:] not in (["percent"], ["pct"]) and words != ["per", "cent"]):
        return tokens
    last = tokens[-len(words)] if words == ["per", "cent"] else tokens[-1]
    tokens = tokens[: tokens.index(last)]
    return [*tokens, Token("%", last.text, last.start, last.end, last.spaced)]


# ---------------------------------------------------------------------------------------------- dates

_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|mär(?:z)?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?"
    r"|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
_DAY, _MONTH_NUMBER = r"(?:0?[1-9]|[12][0-9]|3[01])", r"(?:0?[1-9]|1[0-2])"
_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
_DATE = re.compile(
    rf"{_DAY}[-./ ]{{1,2}}{_MONTH}[-./ ]{{0,2}}(?:[0-9]{{2}}|[0-9]{{4}})?|{_MONTH}[-./ ]{{1,2}}(?:[0-9]{{1,2}}|[0-9]{{4}})(?:,? [0-9]{{4}})?"
    rf"|(?:{_DAY}/{_MONTH_NUMBER}|{_MONTH_NUMBER}/{_DAY})/(?:19|20)?[0-9]{{2}}{_TIME}"
    rf"|(?:19|20)[0-9]{{2}}([-/.]){_MONTH_NUMBER}\1{_DAY}{_TIME}"
    rf"|{_DAY}([-.]){_MONTH_NUMBER}\2(?:19|20)[0-9]{{2}}{_TIME}"
    r"|(?:0[1-9]|[12][0-9]|3[01])\.(?:0[1-9]|1[0-2])\.|0[1-9]\.(?:0[1-9]|1[0-2])",
    re.IGNORECASE,
)


def check_date(text: str, position: int) -> None:
    """Refuse what a spreadsheet makes of ``3/4``: a date, from which it cannot be known what was typed."""
    if len(text) < 40 and _DATE.fullmatch(text.strip(" \t'\"=")) is not None:
        raise UnreadableError(phrase("reading.spreadsheet_date"), position)
