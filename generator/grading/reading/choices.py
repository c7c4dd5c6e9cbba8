"""Answers that are no calculation: the letter of an option, true and false, sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from generator.errors.language import current, english, phrase
from generator.grading.nesting import TypedValue, Unread
from generator.numbers.tokens import (
    MAX_CHARACTERS,
    MAX_NUMBER_CHARACTERS,
    UnreadableError,
    check_length,
    describe_character,
    plain_spelling,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_TEXT = 20_000
"""The longest essay, in characters."""
MAX_ACCENTS = 30
"""Accents on a letter; no language has more, and ordering them takes time."""

# --------------------------------------------------------------------------------------------- choices

_LETTER = re.compile(
    r"(?P<letter>(?<![^\W_])[A-Za-z](?![^\W_]))|(?P<run>[A-Za-z]+)"
    r"|(?P<skip>(?:```[a-z]{1,12}(?=\s)|[\s,;.:()\[\]{}&+$/*`'=]|->|\\[a-z]{1,12}(?![A-Za-z])|\\[\[\](),;:!{}])+)|(?P<other>.)", re.DOTALL
)  # fmt: skip


def read_choice(text: str, options: int) -> TypedValue:
    """Read the letter of one of so many options, as its position from 0."""
    wanted = phrase("reading.one_letter", last=LETTERS[options - 1])
    places = _letters(text, options, wanted)
    if len(places) > 1:
        raise UnreadableError(phrase("reading.expected", what=wanted, got=len(places)), max(places.values()))
    (position,) = places
    return TypedValue(position, {}, rf"\text{{({LETTERS[position]})}}")


def read_choices(text: str, options: int) -> TypedValue:
    """Read the letters of some of so many options, as their positions from 0, in order: ``A, C``, ``ac``."""
    wanted = phrase("reading.some_letters", last=LETTERS[options - 1])
    letters = set(LETTERS[:options].casefold())
    apart = _RUN.sub(lambda run: " ".join(run[0]) if {*run[0].casefold()} <= letters else run[0], text)
    found = tuple(sorted(_letters(apart, options, wanted)))
    return TypedValue(found, {}, r"\text{" + ", ".join(f"({LETTERS[place]})" for place in found) + "}")


_RUN = re.compile(r"[A-Za-z]{2,8}")


def _letters(text: str, options: int, wanted: str) -> dict[int, int]:
    """The letters of options by their positions, with the places where they first stand; at least one."""
    beside = _words("reading.words_beside_letters")
    places: dict[int, int] = {}
    for piece in _LETTER.finditer(plain_letters(text, MAX_NUMBER_CHARACTERS)):
        word, place = piece[0], piece.start()
        if piece.lastgroup == "skip" or (piece.lastgroup == "run" and word.casefold() in beside):
            continue
        if piece.lastgroup != "letter":
            shown = describe_character(word) if len(word) == 1 else repr(word[:20])
            raise UnreadableError(phrase("reading.expected", what=wanted, got=shown), place)
        found = LETTERS.index(word.upper())
        if found >= options:
            raise UnreadableError(phrase("reading.no_such_option", letter=repr(word), wanted=wanted), place)
        places.setdefault(found, place)
    if not places:
        raise UnreadableError(phrase("reading.letter_expected", wanted=wanted))
    return places


def _words(key: str) -> frozenset[str]:
    """Return words that students type, those of the current language and the English ones."""
    return frozenset(" ".join((current().text(key), english().text(key))).split())


_NOT_IN_NAME = re.compile(r"\\text|\\math[a-z]{2}|[\s_{}$\\()*`'\".\[\]]")


def read_option(text: str, options: Sequence[str]) -> str | None:
    """Return the option that is named by its own name, ``z_11`` or ``$z_{11}$`` for ``z11``; None if none is."""
    if len(text) > MAX_NUMBER_CHARACTERS:
        return None
    words, beside = text.split(), _words("reading.words_beside_letters")
    while len(words) > 1 and words[0].strip(":").casefold() in beside:
        words.pop(0)
    wanted = _option_name("".join(words))
    found = [option for option in options if _option_name(option) == wanted]
    return found[0] if len(found) == 1 and wanted and not (len(wanted) == 1 and wanted.isalpha()) else None


def _option_name(text: str) -> str:
    return _NOT_IN_NAME.sub("", plain_spelling(text).translate(_SMALL_DIGITS)).casefold()


_SMALL_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

# ---------------------------------------------------------------------------------------------- truths

_LABEL = re.compile(
    r"(?:^|(?<=[\s,;|]))\(?(?P<label>[0-9]{1,2}|[A-Za-z]|(?i:i{1,3}|iv|vi{0,3}|ix|x))(?P<end>[.):-]|\.\)|[ ]?=[ ]?)(?=[\s(]|[A-Za-z✓✔✗✘]|$)"
    r"|(?:^|(?<=[\s,;|])|(?<=[TFtf]))(?P<number>[0-9]{1,2})(?=[ ]?[A-Za-z✓✔✗✘])"
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_TRUTH = re.compile(
    r"(?P<word>[^\W\d_]+)|(?P<sign>[01✓✔☑✅✗✘✕✖☒❌×])|(?P<skip>[\s,;.:()\[\]{}&/|\ufe0e\ufe0f]+)|(?P<other>.)",
    re.DOTALL,
)
_TRUE, _FALSE = frozenset("1✓✔☑✅"), frozenset("0✗✘✕✖☒❌×x")
_PRINT = re.compile(r"\s*(?:np\.|torch\.)?(?:array|tensor)\((?P<value>[^()=]*?)(?:, ?dtype=[a-z0-9.]{1,20})?\)\s*")
_MARKS = re.compile(r"\*\*|\$|[`'\"“”]|\\(?:text|mathrm|textbf|mathbf)(?=\{)|\\[(),;!\[\]]|\\quad(?![a-z])|#(?=[0-9])")
"""Markdown, LaTeX and quotation marks around verdicts."""
_OPEN = frozenset("?-–—_")
"""Signs for a claim that is left open, which counts as a wrong verdict."""


def read_truths(text: str, count: int) -> TypedValue:
    """Read ``count`` times true or false, as a tuple of bools: ``T F``, ``true, false``, ``1,0``, ``✓ ✗``."""
    found: list[Any] = []
    digits: list[int] = []
    last = 0
    beside = _words("reading.words_beside_verdicts")
    true, false = _TRUE | _words("reading.true_words"), _FALSE | _words("reading.false_words")
    letters = {phrase("reading.true_words")[:1], phrase("reading.false_words")[:1], "t", "f"}
    for piece in _TRUTH.finditer(_without_labels(_plain_truths(text), count)):
        if piece.lastgroup == "skip" or piece[0].casefold() in beside:
            continue
        word = piece[0].casefold()
        if piece[0] in _OPEN:
            found.append(Unread(piece[0], phrase("reading.not_decided")))
        elif word in true or word in false:
            found.append(word in true)
            digits += [piece.start()] if word in ("0", "1") else []
        elif piece.lastgroup == "word" and set(word) <= letters and len(word) <= count:
            found += [letter in true for letter in word]
        else:
            shown = describe_character(word) if len(word) == 1 else repr(word[:20])
            raise UnreadableError(
                phrase("reading.expected", what=phrase("reading.true_or_false"), got=shown), piece.start()
            )
        last = piece.start()
    if all(isinstance(one, Unread) for one in found):
        found = []
    if digits and len(digits) < len(found):
        raise UnreadableError(phrase("reading.number_beside_verdict"), digits[0])
    if len(found) != count:
        what = phrase("reading.times_true_or_false", number=count)
        raise UnreadableError(phrase("reading.expected", what=what, got=len(found)), last)
    return TypedValue(tuple(found), {}, r"\text{" + ", ".join(map(_shown, found)) + "}")


_LETTERS_ALIKE = {
    ord("Т"): "T",
    ord("т"): "t",
    **{0xFF21 + place: LETTERS[place] for place in range(26)},
    0xFF10: "0",
    0xFF11: "1",
}


def _plain_truths(text: str) -> str:
    """Return the text without ``tensor(`` … ``)``, with Latin letters for those that look alike."""
    text = _MARKS.sub(lambda found: " " * len(found[0]), check_length(text, MAX_CHARACTERS).translate(_LETTERS_ALIKE))
    printed = _PRINT.fullmatch(text)
    if printed is not None:
        start, end = printed.span("value")
        text = " " * start + text[start:end] + " " * (len(text) - end)
    return text


def _shown(truth: bool | Unread) -> str:
    return "?" if isinstance(truth, Unread) else phrase("reading.true") if truth else phrase("reading.false")


def _without_labels(text: str, count: int) -> str:
    """Return the text without labels before the verdicts, ``1. T 2. F`` or ``a) T b) F``, if they are those of all claims."""
    labels = list(_LABEL.finditer(text))
    names = [(found["label"] or found["number"]).casefold() for found in labels]
    letters = [LETTERS[place].casefold() for place in range(min(count, len(LETTERS)))]
    if names not in ([str(place) for place in range(1, count + 1)], letters, list(_ROMAN[:count])):
        return text
    for found in labels:
        text = text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    return text


# ------------------------------------------------------------------------------------------------ text

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_EMPTY_LINES = re.compile(r"\n{3,}")


def read_text(text: str) -> TypedValue:
    """Read sentences, in Unicode's composed form, with ends of lines alike and without spaces at the ends; it has no TeX."""
    check_length(text, MAX_TEXT)
    for place, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") and char not in "\t\n\r\x85":
            raise UnreadableError(phrase("reading.not_in_text", sign=describe_character(char)), place)
    if (marks := _too_many_accents(text)) is not None:
        raise UnreadableError(phrase("reading.too_many_accents", most=MAX_ACCENTS), marks)
    composed = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    lines = "\n".join(map(str.rstrip, composed.split("\n"))).strip()
    if not lines:
        raise UnreadableError(phrase("reading.nothing_here"))
    return TypedValue(_EMPTY_LINES.sub("\n\n", lines))


def _too_many_accents(text: str) -> int | None:
    """Return where more than ``MAX_ACCENTS`` combining characters follow each other, or None."""
    run = 0
    for place, char in enumerate(text):
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MAX_ACCENTS:
            return place
    return None


def plain_letters(text: str, limit: int) -> str:
    """Return the text in plain spelling, with signs that look like x as x."""
    return plain_spelling(check_length(text, limit)).replace("✕", "x").replace("⨯", "x")
