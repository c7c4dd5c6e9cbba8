"""Answers that are no calculation: shapes, letters of options, true and false, sentences."""

from __future__ import annotations

import re
import unicodedata

import sympy

from generator.grading.tokens import MAX_CHARACTERS, MAX_ENTRY_CHARACTERS, Unreadable, bounded, folded, named

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_TEXT = 20_000
"""The longest essay, in characters."""
MAX_MARKS = 30
"""Accents on a letter; no language has more, and ordering them takes time."""
MAX_DIMENSIONS = 8
_MAX_SIZE_DIGITS = 12

# ---------------------------------------------------------------------------------------------- shapes

_SHAPE = re.compile(
    r"(?P<size>[0-9]+)(?![.][0-9])|(?P<by>\\times|\\cdot|[x*,;]|by\b)"
    r"|(?P<wrap>\\[()\[\]]|\\(?:left|right)\b|\\[,;!:{} ]|\$+|[\[\](){}])|(?P<blank>\s+)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_SHAPE_NAME = re.compile(
    r"\s*(?:[^\W\d]|\\)[\w\\.{} ]{0,30}(?:=|:)(?=\s*\S)|\s*(?:torch\.)?size(?=\s*\()", re.IGNORECASE
)
_SHAPE_EXAMPLE = "a shape such as [4, 128] or 4x128"


def shape(text: str) -> tuple[sympy.Integer, ...]:
    """The sizes along each dimension, from 1 up."""
    plain = _plain(text, MAX_ENTRY_CHARACTERS)
    prefix = _SHAPE_NAME.match(plain)
    end = len(plain.rstrip().removesuffix("."))
    sizes: list[sympy.Integer] = []
    by: str | None = ""  # what stands between the last size and the next
    for piece in _SHAPE.finditer(plain, prefix.end() if prefix else 0, end):
        kind, word, place = piece.lastgroup, piece[0], piece.start()
        if kind == "other":
            raise Unreadable(f"{named(text[place])} has no place here; expected {_SHAPE_EXAMPLE}", place)
        if kind == "size":
            if by is None:
                raise Unreadable("write a comma or x between two sizes", place)
            sizes.append(_size(word, place))
            by = None
        elif kind == "by":
            if by is not None:
                raise Unreadable(f"a size is missing before {word!r}", place)
            by = word
    if not sizes:
        raise Unreadable(f"expected {_SHAPE_EXAMPLE}")
    _check_alike(plain, prefix.end() if prefix else 0)
    if by is not None and (by != "," or len(sizes) > 1):  # (4,) is one dimension
        raise Unreadable("a size is missing at the end", end)
    if len(sizes) > MAX_DIMENSIONS:
        raise Unreadable(f"this has more than {MAX_DIMENSIONS} dimensions")
    return tuple(sizes)


def _check_alike(plain: str, start: int) -> None:
    """Refuse ``4 x 1,024``, whose comma may stand between thousands."""
    between = [found for found in _SHAPE.finditer(plain, start) if found.lastgroup == "by"]
    for found in between:
        if (found[0] in ",;") != (between[0][0] in ",;"):
            raise Unreadable("write a comma between all sizes, or x between all", found.start())


def _size(word: str, place: int) -> sympy.Integer:
    if len(word) > _MAX_SIZE_DIGITS or int(word) == 0 or word[0] == "0":
        raise Unreadable(f"{word[:20]} is not a size; sizes are whole numbers from 1 up", place)
    return sympy.Integer(word)


# --------------------------------------------------------------------------------------------- choices

_LETTER = re.compile(
    r"(?P<letter>(?<![^\W_])[A-Za-z](?![^\W_]))|(?P<run>[A-Za-z]+)"
    r"|(?P<skip>[\s,;.:()\[\]{}&+$/]+)|(?P<other>.)", re.DOTALL
)  # fmt: skip


def choice(text: str, options: int, *, several: bool) -> tuple[int, ...]:
    """The positions of the letters in the text, each once, rising."""
    last = LETTERS[options - 1]
    expected = f"{'letters' if several else 'one letter'} from A to {last}"
    places: dict[int, int] = {}
    for piece in _LETTER.finditer(_plain(text, MAX_ENTRY_CHARACTERS)):
        word, place = piece[0], piece.start()
        match piece.lastgroup:
            case "letter":
                letters = word
            case "run" if word.casefold() in ("and", "option", "answer", "text"):
                continue
            case "run" if several and word.isupper() and len(word) <= options:
                letters = word
            case "skip":
                continue
            case _:
                raise Unreadable(
                    f"expected {expected}; got {named(word) if len(word) == 1 else repr(word[:20])}", place
                )
        for offset, letter in enumerate(letters):
            found = LETTERS.index(letter.upper())
            if found >= options:
                raise Unreadable(f"{letter!r} is none of the options; expected {expected}", place + offset)
            places.setdefault(found, place + offset)
    if not places:
        raise Unreadable(f"expected {expected}")
    if len(places) > 1 and not several:
        raise Unreadable(f"expected {expected}; got {len(places)}", max(places.values()))
    return tuple(sorted(places))


# ---------------------------------------------------------------------------------------------- truths

_TRUTH = re.compile(
    r"(?P<word>[^\W\d_]+)|(?P<sign>[01✓✔☑✅✗✘✕✖☒❌×])|(?P<skip>[\s,;.:()\[\]{}&/|\ufe0e\ufe0f]+)|(?P<other>.)",
    re.DOTALL,
)
_TRUE = frozenset(("t", "true", "y", "yes", "correct", "1", *"✓✔☑✅"))
_FALSE = frozenset(("f", "false", "n", "no", "incorrect", "wrong", "0", *"✗✘✕✖☒❌×x"))


def truths(text: str, count: int) -> tuple[bool, ...]:
    """``count`` bools."""
    found: list[bool] = []
    digits: list[int] = []
    last = 0
    for piece in _TRUTH.finditer(bounded(text, MAX_CHARACTERS)):
        if piece.lastgroup == "skip":
            continue
        word = piece[0].casefold()
        if word in _TRUE or word in _FALSE:
            found.append(word in _TRUE)
            digits += [piece.start()] if word in ("0", "1") else []
        elif piece.lastgroup == "word" and set(word) <= {"t", "f"} and len(word) <= count:
            found += [letter == "t" for letter in word]
        else:
            shown = named(word) if len(word) == 1 else repr(word[:20])
            raise Unreadable(f"expected true or false (T or F); got {shown}", piece.start())
        last = piece.start()
    if digits and len(digits) < len(found):
        raise Unreadable("a number beside true or false can be read in two ways; leave the numbers out", digits[0])
    if len(found) != count:
        raise Unreadable(f"expected {count} times true or false; got {len(found)}", last)
    return tuple(found)


# ------------------------------------------------------------------------------------------------ text

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_EMPTY_LINES = re.compile(r"\n{3,}")


def prose(text: str) -> str:
    """The text in Unicode's composed form, without control characters."""
    bounded(text, MAX_TEXT)
    for place, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") and char not in "\t\n\r\x85":
            raise Unreadable(f"{named(char)} has no place in a text", place)
    if (marks := _heap_of_marks(text)) is not None:
        raise Unreadable(f"more than {MAX_MARKS} accents on one letter", marks)
    composed = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    lines = "\n".join(map(str.rstrip, composed.split("\n"))).strip()
    if not lines:
        raise Unreadable("nothing is written here")
    return _EMPTY_LINES.sub("\n\n", lines)


def _heap_of_marks(text: str) -> int | None:
    """Where more than ``MAX_MARKS`` combining characters follow each other."""
    run = 0
    for place, char in enumerate(text):
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MAX_MARKS:
            return place
    return None


def _plain(text: str, limit: int) -> str:
    return folded(bounded(text, limit)).replace("✕", "x").replace("⨯", "x")
