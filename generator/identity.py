"""The id of a paper: short enough to type, safe against typing errors, and enough to draw the paper again.

``7K4QM-2RT9C`` is two letters for the sheet, seven for the *stream* that all its problems are drawn from, and one
that checks the others.  The stream comes from the seed, the student and how often her paper had to be drawn
again (see :mod:`generator.classes.distinct`), not from the sheet: a problem has the same numbers on every sheet.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

from generator.errors import InputError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXY"
"""Without 0, 1, I, L, O, U and Z, which are read as others; 29 is prime, which the check needs."""

_SHEET, _STREAM = 2, 7
_LENGTH = _SHEET + _STREAM + 1


@dataclass(frozen=True)
class PaperId:
    """An id that has been checked: the code of its sheet, and its stream."""

    sheet: str
    stream: str

    def __str__(self) -> str:
        letters = self.sheet + self.stream
        return f"{letters[:5]}-{letters[5:]}{_check_letter(letters)}"


def stream(seed: int | str, student: str = "", again: int = 0) -> str:
    """The name of the stream of draws of a student's paper; ``again`` counts the times it was drawn again."""
    return _letters(repr((seed, student, again)), _STREAM)


def sheet_code(sheet: str) -> str:
    """Two letters for a text that tells a sheet from others."""
    return _letters(sheet, _SHEET)


def read_id(text: str) -> PaperId:
    """An id as somebody typed it, in any case and with any dash, or without.

    Raises :class:`InputError` saying what is wrong with it.
    """
    letters = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text).upper()
        if not letter.isspace() and unicodedata.category(letter) != "Pd"
    )
    strange = sorted(set(letters) - set(ALPHABET))
    if strange:
        shown = ", ".join(repr(letter) for letter in strange[:4])
        raise InputError(f"an id has only the characters {ALPHABET}; got {shown} in {text[:40]!r}", field="ID")
    if len(letters) != _LENGTH:
        raise InputError(f"an id has {_LENGTH} characters, like 7K4QM-2RT9C; got {text[:40]!r}", field="ID")
    if _check_letter(letters[:-1]) != letters[-1]:
        raise InputError(f"{text!r} has a typing error: its last character does not fit the others", field="ID")
    return PaperId(letters[:_SHEET], letters[_SHEET:-1])


def _letters(text: str, count: int) -> str:
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    letters = []
    for _ in range(count):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)


def _check_letter(letters: str) -> str:
    """Weights that differ, modulo a prime, catch every wrong character and every two that changed places."""
    return ALPHABET[sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, 1)) % len(ALPHABET)]
