"""No two students of a class share a variant while there are enough: who yields to whom.

A student's paper is drawn from the seed and her id alone.  Where that gives two students the same variant of a
problem, one of them yields and draws again, and which one is settled by their ids: neither the order of the class
list nor who else is on it matters.  The first draws stand before later ones, so that rounds come to an end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

Kind: TypeAlias = str
"""A problem at a level: what has one space of variants."""

MOST_ROUNDS = 60
"""After so many draws in vain a space counts as used up, and one more student may have each of its variants."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A student's paper as far as it concerns others: (kind, digest) of its variants, drawn ``again`` times anew."""

    student: str
    again: int
    variants: tuple[tuple[Kind, str], ...]


def room_for(students: int, spaces: Mapping[Kind, int], copies: Mapping[Kind, int]) -> dict[Kind, int]:
    """How many papers may have the same variant of a kind: one while its space is large enough.

    ``spaces`` are the numbers of variants, ``copies`` how often the kind stands on one paper.
    """
    return {kind: -(-students * copies[kind] // space) for kind, space in spaces.items()}


def who_yields(papers: Iterable[Drawn], room: Mapping[Kind, int]) -> list[Drawn]:
    """The papers that must be drawn again, in order of their students' precedence."""
    taken: Counter[tuple[Kind, str]] = Counter()
    yielding = []
    for paper in sorted(papers, key=_precedence):
        if _fits(paper, taken, room):
            taken.update(paper.variants)
        else:
            yielding.append(paper)
    return yielding


def crowded(yielding: Iterable[Drawn], papers: Iterable[Drawn], room: Mapping[Kind, int]) -> set[Kind]:
    """The kinds of which ``yielding`` papers have a variant that is used up."""
    taken = Counter(variant for paper in papers for variant in paper.variants)
    return {kind for paper in yielding for kind, digest in paper.variants if taken[kind, digest] > room[kind]}


def _fits(paper: Drawn, taken: Counter[tuple[Kind, str]], room: Mapping[Kind, int]) -> bool:
    return all(taken[variant] + count <= room[variant[0]] for variant, count in Counter(paper.variants).items())


def _precedence(paper: Drawn) -> tuple[int, bytes]:
    return paper.again, blake2b(paper.student.encode(), digest_size=8).digest()
