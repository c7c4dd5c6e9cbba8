"""No two students of a class share a variant while there are enough: who yields to whom.

A student's paper is drawn from the seed and her id alone.  Where that gives two students the same variant of a
problem, one of them yields and draws again, and which one is settled by their ids: the order of the class list does
not matter.  The first draws stand before later ones, so that rounds come to an end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

Kind: TypeAlias = str
"""A problem at a level: what has one space of variants."""

PATIENCE = 20
"""So many draws in vain, for each variant seen, and the space counts as used up.

Of a space with equally likely variants one that is left is missed with probability exp(-20).
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A student's paper as far as it concerns others: (kind, digest) of its variants, drawn ``again`` times anew.

    One that is ``kept`` was made by an earlier run, and yields to nobody.
    """

    student: str
    again: int
    variants: tuple[tuple[Kind, str], ...]
    kept: bool = False


@dataclass(frozen=True)
class Settled:
    """The papers that stand, and how many variants of the kinds that must be shared came to light."""

    papers: tuple[Drawn, ...]
    shared: Mapping[Kind, int]


def settle(papers: Iterable[Drawn], redraw: Callable[[list[Drawn]], Iterable[Drawn]]) -> Settled:
    """Have papers drawn again until no variant is on two of them, or on as few as its space allows.

    ``redraw`` is given the papers that yield, and gives their students' next ones; one that it leaves out is out of
    the class.  The result is in the order of ``papers``.
    """
    standing = {paper.student: paper for paper in papers}
    spaces = _Spaces()
    spaces.see(standing.values())
    while yielding := who_yields(standing.values(), spaces.room):
        drawn = {paper.student: paper for paper in redraw(yielding)}
        spaces.see(drawn.values())
        for paper in yielding:
            if paper.student in drawn:
                standing[paper.student] = drawn[paper.student]
            else:
                del standing[paper.student]
        spaces.make_room(_crowded(drawn.values(), standing.values(), spaces.room), standing.values())
    return Settled(tuple(standing.values()), spaces.shared)


def who_yields(papers: Iterable[Drawn], room: Mapping[Kind, int]) -> list[Drawn]:
    """The papers that must be drawn again, in order of precedence; ``room`` for a variant is one if it is not given."""
    taken: Counter[tuple[Kind, str]] = Counter()
    yielding = []
    for paper in sorted(papers, key=_precedence):
        own = Counter(paper.variants)
        if all(taken[variant] + count <= room.get(variant[0], 1) for variant, count in own.items()):
            taken.update(own)
        else:
            yielding.append(paper)
    return yielding


class _Spaces:
    """What the draws tell of how many variants each kind has.

    The number that a problem declares is a lower bound: to trust it would make students share what need not be shared.
    """

    def __init__(self) -> None:
        self.room: dict[Kind, int] = {}
        self._seen: dict[Kind, set[str]] = {}
        self._in_vain: Counter[Kind] = Counter()

    @property
    def shared(self) -> Mapping[Kind, int]:
        """The variants seen of each kind that had to be shared."""
        return {kind: len(self._seen[kind]) for kind in sorted(self.room)}

    def see(self, papers: Iterable[Drawn]) -> None:
        """Count for each kind the draws since one brought a variant that was new."""
        for paper in sorted(papers, key=_precedence):
            for kind, digest in paper.variants:
                seen = self._seen.setdefault(kind, set())
                self._in_vain[kind] = self._in_vain[kind] + 1 if digest in seen else 0
                seen.add(digest)

    def make_room(self, crowded: Iterable[Kind], papers: Iterable[Drawn]) -> None:
        """Let more papers have the same variant of those kinds that are used up."""
        used_up = {kind for kind in crowded if self._in_vain[kind] >= PATIENCE * len(self._seen[kind])}
        if not used_up:
            return
        wanted = Counter(kind for paper in papers for kind, _ in paper.variants)
        for kind in used_up:
            self.room[kind] = max(self.room.get(kind, 1) + 1, -(-wanted[kind] // len(self._seen[kind])))
            self._in_vain[kind] = 0


def _crowded(yielding: Iterable[Drawn], papers: Iterable[Drawn], room: Mapping[Kind, int]) -> set[Kind]:
    """The kinds of which ``yielding`` papers have a variant that too many have."""
    taken = Counter(variant for paper in papers for variant in paper.variants)
    return {kind for paper in yielding for kind, digest in paper.variants if taken[kind, digest] > room.get(kind, 1)}


def _precedence(paper: Drawn) -> tuple[bool, int, bytes]:
    return not paper.kept, paper.again, blake2b(paper.student.encode(), digest_size=8).digest()
