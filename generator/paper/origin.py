"""What a paper is drawn from: the stream of its numbers, which problems were drawn again, and the id that stands for both.

Public numbers come from the sheet's name and the seed: anyone who knows them, or the id, can draw the paper and its key.

A paper that is drawn with a course secret has an id of a *nonce* and a *tag*.  The nonce stands for the sheet, the seed, the
student and the number of her replacement papers; the stream comes from the nonce; the tag vouches for the nonce, the sheet and
the problems drawn again.  Each is a keyed hash, so that without the secret the letters of an id are random, and with it the
paper can be drawn from its id alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, islice
from typing import Literal, TypeAlias

from generator.paper.ids import NONCE, TAG, PaperId
from generator.paper.secret import Secret
from generator.paper.sheet import Sheet
from generator.problem.draw import letters_of, stream

Seed: TypeAlias = int | Literal["original"]

ORIGINAL: Literal["original"] = "original"
"""The seed of a sheet with the printed numbers."""

Redraws: TypeAlias = tuple[tuple[int, int], ...]
"""Which problems of a paper were drawn again and how often: their places on the sheet, from 1 on and in order, with
the number of times."""

_MOST_TOTAL, _MOST_ALONE, _MOST_TRIED = 5, 200, 4000
"""The redraws that are tried for an id: so many in all, or so many of one problem; of either not more than a few thousand
ways, or one of them could fit an id of another secret."""


@dataclass(frozen=True)
class Origin:
    """The id of a paper and the stream of its numbers; ``secret`` is the fingerprint of the secret, empty of public numbers."""

    id: PaperId
    stream: str = field(repr=False)
    redraws: Redraws = ()
    secret: str = ""


def public_origin(sheet: Sheet, seed: Seed, student: str = "") -> Origin:
    """Return the origin of a paper with public numbers; a problem's file has those with which ``worksheet show`` shows it."""
    source = stream(seed, student, sheet.name if sheet.path.suffix != ".py" else "")
    return Origin(PaperId(sheet.code, source), source)


def secret_origin(
    secret: Secret, sheet: Sheet, seed: Seed, student: str, redraws: Redraws = (), replacement: int = 0
) -> Origin:
    """Return the origin of a student's paper; ``replacement`` counts the papers that she was given in place of another.

    Where a sheet draws its problems, a replacement has the same ones as the first paper, unless they are very rare together.
    """
    origins = possible_origins(secret, sheet, seed, student, redraws, replacement)
    if not replacement or not sheet.picks:
        return next(origins)
    problems = _problems(sheet, secret_origin(secret, sheet, seed, student))
    first = next(origins)
    return next((one for one in chain([first], origins) if _problems(sheet, one) == problems), first)


def possible_origins(
    secret: Secret, sheet: Sheet, seed: Seed, student: str, redraws: Redraws = (), replacement: int = 0
) -> Iterator[Origin]:
    """Yield the origins that a student's paper may have: one, or for a replacement those that are tried for the same problems."""
    for again in range(_MOST_TRIED if replacement else 1):
        paper = (sheet.name, seed, student, replacement) + ((again,) if again else ())
        yield _from_nonce(secret, sheet, letters_of(secret.digest(b"nonce", repr(paper)), NONCE), redraws)


def _problems(sheet: Sheet, origin: Origin) -> list[str]:
    return [entry.problem.id for entry in sheet.for_paper(origin.stream).entries]


def origin_of(secret: Secret, sheet: Sheet, paper: PaperId) -> Origin | None:
    """Return the origin of the paper with an id; None where the secret or the sheet is another.

    Nor is a paper found whose problems were drawn again very often, as in a class with more students than variants.
    """
    asked = sheet.asked
    for redraws in _usual_redraws(sheet.length):
        if _tag(secret, sheet.name, asked, paper.stream, redraws) == paper.sheet:
            return _from_nonce(secret, sheet, paper.stream, redraws)
    return None


def _from_nonce(secret: Secret, sheet: Sheet, nonce: str, redraws: Redraws) -> Origin:
    tag = _tag(secret, sheet.name, sheet.asked, nonce, redraws)
    source = secret.digest(b"stream", repr((sheet.name, nonce))).hex()
    return Origin(PaperId(tag, nonce), source, redraws, secret.fingerprint)


def _tag(secret: Secret, sheet: str, asked: Sequence[object], nonce: str, redraws: Redraws) -> str:
    return letters_of(secret.digest(b"tag", repr((sheet, asked, nonce, redraws))), TAG)


def _usual_redraws(problems: int) -> Iterator[Redraws]:
    """Yield no redraws, then few, then many of a single problem."""
    yield from islice(_few_redraws(problems), _MOST_TRIED)
    many = (((place, times),) for times in range(1, _MOST_ALONE + 1) for place in range(1, problems + 1))
    yield from islice(many, _MOST_TRIED)


def _few_redraws(problems: int) -> Iterator[Redraws]:
    places = range(1, problems + 1)
    for total in range(_MOST_TOTAL + 1):
        for count in range(min(total, problems) + 1):
            for drawn in combinations(places, count):
                yield from (tuple(zip(drawn, times, strict=True)) for times in _sums(total, count))


def _sums(total: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write a total as a sum of so many numbers from 1 on."""
    if count == 0:
        if total == 0:
            yield ()
        return
    for first in range(1, total - count + 2):
        yield from ((first, *rest) for rest in _sums(total - first, count - 1))
