"""The id of a paper: short enough to type, and safe against typing errors.

A paper with public numbers has ten letters, ``7K4QM-2RT9C``: two for the sheet, seven for the *stream* that its problems are
drawn from, and one that checks the others; anyone can draw it again.  A paper drawn with a course secret has twelve,
``7K4Q-M2RT-9CXC``, which say nothing without the secret: see :mod:`generator.paper.origin`.

Papers of classes made before there was a secret have ten letters too, or more where problems were drawn again.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from generator.errors import InputError
from generator.problem.draw import ALPHABET, STREAM_LENGTH, hash_letters

_SHEET = 2
_PUBLIC = _SHEET + STREAM_LENGTH + 1

TAG, NONCE = 5, 6
"""The letters of a secret paper's id: those that vouch for sheet and secret, and those that tell it from other papers."""

_SECRET = TAG + NONCE + 1
_LONGEST = 400


@dataclass(frozen=True)
class PaperId:
    """An id that has been checked: the letters for its sheet, and those that tell it from the sheet's other papers."""

    sheet: str
    stream: str

    @property
    def is_secret(self) -> bool:
        """Whether the paper was drawn with a course secret."""
        return len(self.sheet) == TAG

    @property
    def is_public(self) -> bool:
        """Whether the id alone says what the paper was drawn from."""
        return len(self.stream) == STREAM_LENGTH

    def __str__(self) -> str:
        letters = self.sheet + self.stream
        letters += _check_letter(letters)
        group = 4 if self.is_secret else 5
        return "-".join(letters[start : start + group] for start in range(0, len(letters), group))


def sheet_code(sheet: str) -> str:
    """Two letters for a text that tells a sheet from others."""
    return hash_letters(sheet, _SHEET)


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
    if not _PUBLIC <= len(letters) <= _LONGEST or len(letters) == _SECRET - 1:
        raise InputError(
            f"an id has {_SECRET} characters, like 7K4Q-M2RT-9CXC, or {_PUBLIC}, like 7K4QM-2RT9C; got {text[:40]!r}",
            field="ID",
        )
    if _check_letter(letters[:-1]) != letters[-1]:
        raise InputError(f"{text[:60]!r} has a typing error: its last character does not fit the others", field="ID")
    head = TAG if len(letters) == _SECRET else _SHEET
    return PaperId(letters[:head], letters[head:-1])


def _check_letter(letters: str) -> str:
    """Weights that differ, modulo a prime, catch every wrong character and every two neighbours that changed places."""
    most = len(ALPHABET) - 1
    weighted = sum((place % most + 1) * ALPHABET.index(letter) for place, letter in enumerate(letters))
    return ALPHABET[weighted % len(ALPHABET)]
