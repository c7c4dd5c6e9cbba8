"""The results of a class: each part's share of the points, which mistakes are how common, and what is left to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.grading.class_marks import PaperMarks, PartMarks
from generator.grading.marks import Status

STATUSES: tuple[Status, ...] = ("correct", "partial", "wrong", "invalid")


@dataclass
class PartSummary:
    """One part over all papers that ask it.

    ``order`` is its place among the problem's parts, ``labels`` are those on the papers, which differ where some papers lack an
    earlier part.  ``left`` is the number of papers on which it is left to a person.
    """

    place: int
    problem: str
    part: str
    title: str = ""
    order: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    papers: int = 0
    points: float = 0
    max_points: int = 0
    left: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of the points so far that was earned, answers that were not given being worth nothing."""
        return self.points / self.max_points if self.max_points else 0.0

    @property
    def label(self) -> str:
        """``2(c)(i)``; ``2(c)/(d)`` where papers differ."""
        return f"{self.place}{'/'.join(sorted(self.labels))}"

    @property
    def name(self) -> str:
        """``2(c)(i) Dropout``."""
        return f"{self.label} {self.title}"

    @property
    def blank(self) -> int:
        """The papers without an answer."""
        return self.papers - self.statuses.total()

    @property
    def commonest(self) -> str:
        """The mistake on the most papers, the first by name of equally common ones; empty if none was recognised."""
        return max(sorted(self.mistakes), key=lambda name: self.mistakes[name], default="")

    def add(self, part: PartMarks) -> None:
        """Count a paper."""
        self.papers += 1
        self.labels[part.label] += 1
        self.points += part.points
        self.max_points += part.decided
        self.left += bool(part.left)
        if part.marked is not None:
            self.statuses[part.marked.status] += 1
            self.mistakes.update(part.marked.diagnosis)


class Summary:
    """The counts of a class; papers are added one at a time."""

    def __init__(self) -> None:
        self.papers = 0
        self.sheet = ""
        self.papers_left = 0
        self.totals: Counter[tuple[float, int]] = Counter()
        self._parts: dict[tuple[int, str, str], PartSummary] = {}
        self._mistakes: Counter[tuple[str, str]] = Counter()
        self._titles: dict[str, str] = {}

    def add(self, paper: PaperMarks) -> None:
        """Count a paper."""
        self.papers += 1
        self.sheet = self.sheet or paper.sheet
        self.papers_left += bool(paper.left)
        self.totals[paper.points, sum(part.decided for _, part in paper.parts)] += 1
        for problem in paper.problems:
            self._titles[problem.id] = problem.title
            made: set[str] = set()
            for order, part in enumerate(problem.parts):
                key = (problem.place, problem.id, part.id)
                counts = self._parts.setdefault(key, PartSummary(*key, problem.title, order))
                counts.order = min(counts.order, order)
                counts.add(part)
                made |= set(part.marked.diagnosis) if part.marked is not None else set()
            self._mistakes.update((problem.id, name) for name in made)

    @property
    def parts(self) -> tuple[PartSummary, ...]:
        """All parts that are answered, in the order of the sheet."""
        return tuple(sorted(self._parts.values(), key=lambda one: (one.place, one.order)))

    @property
    def marked_parts(self) -> tuple[PartSummary, ...]:
        """The parts that have points so far."""
        return tuple(one for one in self.parts if one.max_points)

    @property
    def parts_left(self) -> tuple[PartSummary, ...]:
        """The parts that are left to a person on some paper."""
        return tuple(one for one in self.parts if one.left)

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to a person."""
        return not self.papers_left

    @property
    def hardest(self) -> PartSummary | None:
        """The part with the smallest share of its points, the first of equal ones, among those that somebody answered."""
        return min((one for one in self.marked_parts if one.statuses.total()), key=lambda one: one.share, default=None)

    @property
    def mean_share(self) -> float:
        """The share of all points that was earned."""
        most = sum(part.max_points for part in self.parts)
        return sum(part.points for part in self.parts) / most if most else 0.0

    def mistakes(self, most: int = 12) -> Iterator[tuple[str, str, int]]:
        """Yield the commonest mistakes: the problem's title, name, number of papers."""
        ranked = sorted(self._mistakes.items(), key=lambda item: (-item[1], item[0]))
        for (problem, name), count in ranked[:most]:
            yield self._titles[problem], name, count

    def percents(self) -> tuple[tuple[int, int], ...]:
        """Return totals in whole percent of the points so far, with the number of papers, in ascending order."""
        found: Counter[int] = Counter()
        for (points, most), papers in self.totals.items():
            found[int(100 * points // most) if most else 0] += papers
        return tuple(sorted(found.items()))
