"""Which problems the students of a run draw again: the rule of :mod:`generator.classes.distinct`, put to the workers.

Whoever has a paper of an earlier run in the folder keeps it, problem by problem: one that the sheet asks as it did
before stays as it was, whatever else came to the sheet or left it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.classes import distinct
from generator.classes.chunk import Redrawn
from generator.classes.distinct import Drawn
from generator.classes.summary import EarlierPaper, Kind, Summary
from generator.paper.ids import Redraws

Draw = Callable[[Sequence[Drawn]], Iterable[Redrawn]]
"""Has problems drawn, in any order, each as often again as it says."""


@dataclass(frozen=True)
class Settlement:
    """What every student draws again, who cannot be given a paper and why, and what is to be said of it."""

    redraws: Mapping[str, Redraws]
    failures: Mapping[str, str]
    notices: tuple[str, ...]


def settle_class(first: Iterable[Summary], before: Mapping[str, EarlierPaper], draw: Draw) -> Settlement:
    """Whose problems must be drawn again after the ``first`` papers of all; ``before`` has the papers handed out."""
    failures: dict[str, str] = {}

    def redraw(yielding: Sequence[Drawn]) -> Iterator[Drawn]:
        for redrawn in draw([replace(one, again=one.again + 1) for one in yielding]):
            failures.update(redrawn.failures)
            yield from redrawn.problems

    settled = distinct.settle(_handed_out(_problems(first), before, draw), redraw)
    redraws: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in settled.problems:
        if one.again and one.student not in failures:
            redraws[one.student].append((one.place, one.again))
    return Settlement(
        {student: tuple(sorted(places)) for student, places in redraws.items()}, failures, tuple(_shared(settled))
    )


def _problems(papers: Iterable[Summary]) -> Iterator[Drawn]:
    """The problems of the papers that could be drawn, whether or not they could be printed."""
    for paper in papers:
        copies: Counter[Kind] = Counter()
        for place, (kind, digest) in enumerate(paper.variants, start=1):
            copies[kind] += 1
            if digest:
                yield Drawn(paper.student, place, kind, digest, 0, copies[kind])


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


def _shared(settled: distinct.Settled) -> Iterator[str]:
    """What is said of problems with fewer variants than students."""
    uses = Counter((one.kind, one.digest) for one in settled.problems)
    students = len({one.student for one in settled.problems})
    for kind, count in settled.shared.items():
        most = max((uses[variant] for variant in uses if variant[0] == kind), default=0)
        yield f"{kind} has {count} variants, too few for {students} students: none is on more than {most} papers"
