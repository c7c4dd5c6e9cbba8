"""The id of a paper: short enough to type, safe against typing errors, and enough to draw the paper again.

``7K4QM-2RT9C`` is two letters for the sheet, seven for the *stream* that all its problems are drawn from, and one
that checks the others.  The stream comes from the seed and the student, not from the sheet: a problem has the same
numbers on every sheet.

Where problems of a paper were drawn again (see :mod:`generator.classes.distinct`) its id goes on: ``WKCMN-QJR82``
becomes ``WKCMN-QJR83-425``.  For each of these problems there are two letters, how far it is below the one before and
how often it was drawn again, and at the end one that checks all.  The tenth is then not the letter that would end the
id there but the next one, so that nobody takes the beginning for the whole.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from generator.errors import InputError
from generator.problem.draw import ALPHABET, STREAM_LENGTH, hash_letters

Redraws: TypeAlias = tuple[tuple[int, int], ...]
"""Which problems of a paper were drawn again and how often: their places on the sheet, from 1 on and in order, with
the number of times."""

_SHEET = 2
_LENGTH = _SHEET + STREAM_LENGTH + 1
_GROUP = 5
_LONGEST = 400
_LAST_DIGITS = 14
"""The number of letters that end a number; the others are digits before the last."""


@dataclass(frozen=True)
class PaperId:
    """An id that has been checked: the code of its sheet, its stream, and what was drawn again."""

    sheet: str
    stream: str
    redraws: Redraws = ()

    def __str__(self) -> str:
        letters = self.sheet + self.stream
        letters += _check_letter(letters, ends=not self.redraws)
        if self.redraws:
            letters += "".join(map(_number, _steps(self.redraws)))
            letters += _check_letter(letters)
        return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


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
    if not _LENGTH <= len(letters) <= _LONGEST:
        raise InputError(
            f"an id has {_LENGTH} characters, like 7K4QM-2RT9C, or a few more; got {text[:40]!r}", field="ID"
        )
    short = PaperId(letters[:_SHEET], letters[_SHEET : _LENGTH - 1])
    ends = len(letters) == _LENGTH
    if _check_letter(letters[: _LENGTH - 1], ends=ends) != letters[_LENGTH - 1]:
        if ends and _check_letter(letters[: _LENGTH - 1], ends=False) == letters[-1]:
            raise InputError(
                f"{text[:60]!r} has a typing error, or its end is missing: such an id is longer", field="ID"
            )
        fault = "its last character does not fit the others" if ends else f"its first {_LENGTH} do not fit together"
        raise InputError(f"{text[:60]!r} has a typing error: {fault}", field="ID")
    if ends:
        return short
    redraws = _redraws(letters[_LENGTH:-1])
    if redraws is None or _check_letter(letters[:-1]) != letters[-1]:
        raise InputError(f"{text[:60]!r} has a typing error: its last characters do not fit the others", field="ID")
    return PaperId(short.sheet, short.stream, redraws)


def _check_letter(letters: str, *, ends: bool = True) -> str:
    """Weights that differ, modulo a prime, catch every wrong character and every two neighbours that changed places.

    The letter is another one where an id does not end with it.
    """
    most = len(ALPHABET) - 1
    weighted = sum((place % most + 1) * ALPHABET.index(letter) for place, letter in enumerate(letters))
    return ALPHABET[(weighted + (not ends)) % len(ALPHABET)]


def _steps(redraws: Redraws) -> Iterator[int]:
    """Numbers from 0 on, any of which mean something, so that no paper has two ids."""
    before = 0
    for place, times in redraws:
        yield from (place - before - 1, times - 1)
        before = place


def _number(number: int) -> str:
    """A number from 0 on in letters: the last is one of the first, and those before it are of the others."""
    letters = ""
    while number >= _LAST_DIGITS:
        number, digit = divmod(number - _LAST_DIGITS, len(ALPHABET) - _LAST_DIGITS)
        letters += ALPHABET[_LAST_DIGITS + digit]
    return letters + ALPHABET[number]


def _redraws(letters: str) -> Redraws | None:
    """Return the redraws that :func:`_steps` and :func:`_number` encoded, or None for other letters."""
    steps = []
    value, weight = 0, 1
    for digit in map(ALPHABET.index, letters):
        if digit < _LAST_DIGITS:
            steps.append(value + weight * digit)
            value, weight = 0, 1
        else:
            value += weight * digit  # digit - 14, and 14 that _number has taken away
            weight *= len(ALPHABET) - _LAST_DIGITS
    if weight != 1 or len(steps) % 2 or not steps:
        return None
    place = 0
    redraws = []
    for step, times in zip(steps[::2], steps[1::2], strict=True):
        place += step + 1
        redraws.append((place, times + 1))
    return tuple(redraws)
