"""No two students of a class share a variant while there are enough: which of two who drew the same draws again.

A student's paper is drawn from the seed and her id alone.  Where that gives two students the same variant of a problem, one
of them yields and draws this problem again, and which one is settled by their ids: the order of the class list does not
matter.  The first draws stand before later ones, so that rounds come to an end.  Each kind of problem is settled as if
there were no other: what is drawn of one never moves what is drawn of another.

Whoever has a paper of an earlier run in the folder keeps it, problem by problem: one that the sheet asks as it did before
stays as it was, whatever else came to the sheet or left it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from generator.classes.summary import EarlierPaper, Kind, Summary
from generator.paper.origin import Redraws

PATIENCE = 20
"""The number of draws in vain, for each variant seen, after which the space counts as used up.

Of a space with equally likely variants one that is left is missed with probability exp(-20).
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A problem of a student's paper as far as it concerns others: its kind and its digest, drawn ``again`` times anew.

    ``place`` is that on the paper, and ``copy`` counts how often the kind has come up to there, both from 1 on.  One
    that is ``kept`` was handed out by an earlier run, and yields to nobody.
    """

    student: str
    place: int
    kind: Kind
    digest: str
    again: int = 0
    copy: int = 1
    kept: bool = False


@dataclass
class Redrawn:
    """The problems that were drawn, and the students for whom one could not be drawn, with the reason."""

    problems: list[Drawn] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """The problems that stand, and how many variants of the kinds that must be shared came to light."""

    problems: tuple[Drawn, ...]
    shared: Mapping[Kind, int]


def settle(problems: Iterable[Drawn], redraw: Callable[[list[Drawn]], Iterable[Drawn]]) -> Settled:
    """Have problems drawn again until no variant is on two papers, or on as few as its space allows.

    ``redraw`` is given the problems that yield, and gives what their students draw next in their places; one that it
    leaves out is out of the class.  The result is in the order of ``problems``.
    """
    standing = {(one.student, one.place): one for one in problems}
    spaces = _Spaces(standing.values())
    while yielding := who_yields(standing.values(), spaces.room):
        drawn = {(one.student, one.place): one for one in redraw(yielding)}
        spaces.see(drawn.values())
        for place in ((one.student, one.place) for one in yielding):
            if place in drawn:
                standing[place] = drawn[place]
            else:
                del standing[place]
        spaces.make_room(_crowded(drawn.values(), standing.values(), spaces.room), standing.values())
    return Settled(tuple(standing.values()), spaces.shared)


def who_yields(problems: Iterable[Drawn], room: Mapping[Kind, int]) -> list[Drawn]:
    """The problems that must be drawn again, in order of precedence; ``room`` for a variant is one if it is not given."""
    taken: Counter[tuple[Kind, str]] = Counter()
    yielding = []
    for one in sorted(problems, key=_precedence):
        variant = (one.kind, one.digest)
        if one.kept or taken[variant] < room.get(one.kind, 1):
            taken[variant] += 1
        else:
            yielding.append(one)
    return yielding


class _Spaces:
    """An estimate, from the draws so far, of how many variants each kind has.

    The number that a problem declares is a lower bound: to trust it would make students share what need not be shared.
    """

    def __init__(self, problems: Collection[Drawn]) -> None:
        """The first draws; where those that are kept share a variant, the space was used up before."""
        kept = Counter((one.kind, one.digest) for one in problems if one.kept)
        self.room: dict[Kind, int] = {}
        for (kind, _), count in kept.items():
            if count > 1:
                self.room[kind] = max(self.room.get(kind, 1), count)
        self._seen: dict[Kind, set[str]] = {}
        self._in_vain: Counter[Kind] = Counter()
        self.see(problems)

    @property
    def shared(self) -> Mapping[Kind, int]:
        """The variants seen of each kind that had to be shared."""
        return {kind: len(self._seen[kind]) for kind in sorted(self.room)}

    def see(self, problems: Iterable[Drawn]) -> None:
        """Count for each kind the draws since one brought a variant that was new."""
        for one in sorted(problems, key=_precedence):
            seen = self._seen.setdefault(one.kind, set())
            self._in_vain[one.kind] = self._in_vain[one.kind] + 1 if one.digest in seen else 0
            seen.add(one.digest)

    def make_room(self, crowded: Iterable[Kind], problems: Iterable[Drawn]) -> None:
        """Let more papers have the same variant of those kinds that are used up."""
        used_up = {kind for kind in crowded if self._in_vain[kind] >= PATIENCE * len(self._seen[kind])}
        if not used_up:
            return
        wanted = Counter(one.kind for one in problems)
        for kind in used_up:
            self.room[kind] = max(self.room.get(kind, 1) + 1, -(-wanted[kind] // len(self._seen[kind])))
            self._in_vain[kind] = 0


def _crowded(yielding: Iterable[Drawn], problems: Iterable[Drawn], room: Mapping[Kind, int]) -> set[Kind]:
    """The kinds of which a ``yielding`` problem has a variant that too many have."""
    taken = Counter((one.kind, one.digest) for one in problems)
    return {one.kind for one in yielding if taken[one.kind, one.digest] > room.get(one.kind, 1)}


def _precedence(one: Drawn) -> tuple[bool, int, int, bytes]:
    """Copies come after what they are copies of: a problem that is added moves none that was there."""
    return not one.kept, one.copy, one.again, blake2b(one.student.encode(), digest_size=8).digest()


Draw = Callable[[Sequence[Drawn]], Iterable[Redrawn]]
"""Has problems drawn, in any order, each as often again as it says."""


@dataclass(frozen=True)
class Settlement:
    """The redraws of each student, the students who cannot be given a paper and why, and notices for the user."""

    redraws: Mapping[str, Redraws]
    failures: Mapping[str, str]
    notices: tuple[str, ...]


def settle_class(
    first: Iterable[Summary], before: Mapping[str, EarlierPaper], draw: Draw, unchanged: Iterable[Summary] = ()
) -> Settlement:
    """Settle which problems are drawn again after the ``first`` papers of all students but those whose papers are ``unchanged``.

    ``before`` has the papers handed out.
    """
    failures: dict[str, str] = {}

    def redraw(yielding: Sequence[Drawn]) -> Iterator[Drawn]:
        for redrawn in draw([replace(one, again=one.again + 1) for one in yielding]):
            failures.update(redrawn.failures)
            yield from redrawn.problems

    kept = [replace(one, kept=True) for one in _problems(unchanged)]
    settled = settle([*kept, *_handed_out(_problems(first), before, draw)], redraw)
    redraws: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in settled.problems:
        if one.again and one.student not in failures:
            redraws[one.student].append((one.place, one.again))
    return Settlement(
        {student: tuple(sorted(places)) for student, places in redraws.items()}, failures, tuple(_shared(settled))
    )


def _problems(papers: Iterable[Summary]) -> Iterator[Drawn]:
    """The problems of the papers that were drawn, whether or not they could be printed."""
    for paper in papers:
        copies: Counter[Kind] = Counter()
        again = dict(paper.redraws)
        for place, (kind, digest) in enumerate(paper.variants, start=1):
            copies[kind] += 1
            if digest:
                yield Drawn(paper.student, place, kind, digest, again.get(place, 0), copies[kind])


def _handed_out(problems: Iterable[Drawn], before: Mapping[str, EarlierPaper], draw: Draw) -> list[Drawn]:
    """The problems, those as they were handed out that are drawn as they were then: they yield to nobody."""
    found = {(one.student, one.place): one for one in problems}
    digests = {}
    asked = []
    for place, one in found.items():
        earlier = before.get(one.student)
        known = earlier.problem(one.kind, one.copy) if earlier is not None else None
        if known is not None:
            again, digests[place] = known
            if again:
                asked.append(replace(one, again=again))
            elif one.digest == digests[place]:
                found[place] = replace(one, kept=True)
    for redrawn in draw(asked):
        for one in redrawn.problems:
            place = (one.student, one.place)
            if one.digest == digests[place]:
                found[place] = replace(one, kept=True)
    return list(found.values())


def _shared(settled: Settled) -> Iterator[str]:
    """Yield notices about problems with fewer variants than students."""
    uses = Counter((one.kind, one.digest) for one in settled.problems)
    students = len({one.student for one in settled.problems})
    for kind, count in settled.shared.items():
        most = max((uses[variant] for variant in uses if variant[0] == kind), default=0)
        yield f"{kind} has {count} variants, too few for {students} students: none is on more than {most} papers"
