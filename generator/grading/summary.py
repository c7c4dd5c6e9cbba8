"""The results of a class: each part's share of the points, and how many papers have which mistake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.grading.class_marks import PaperMarks, PartMarks
from generator.grading.marks import Status

STATUSES: tuple[Status, ...] = ("correct", "partial", "wrong", "invalid")


@dataclass
class PartSummary:
    """One part over all papers that ask it; ``order`` is its place among the problem's parts."""

    place: int
    problem: str
    part: str
    order: int = 0
    papers: int = 0
    points: int = 0
    max_points: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of the points that was earned, answers that were not given being worth nothing."""
        return self.points / self.max_points if self.max_points else 0.0

    @property
    def name(self) -> str:
        """``2 layer-norm: output``."""
        return f"{self.place} {self.problem}: {self.part}"

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
        self.points += part.points
        self.max_points += part.max_points
        if part.marked is not None:
            self.statuses[part.marked.status] += 1
            self.mistakes.update(part.marked.diagnosis)


class Summary:
    """The counts of a class; papers are added one at a time."""

    def __init__(self) -> None:
        self.papers = 0
        self.sheet = ""
        self.manual_points = 0
        self.totals: Counter[tuple[int, int]] = Counter()
        self._parts: dict[tuple[int, str, str], PartSummary] = {}
        self._mistakes: Counter[tuple[str, str]] = Counter()

    def add(self, paper: PaperMarks) -> None:
        """Count a paper."""
        self.papers += 1
        self.sheet = self.sheet or paper.sheet
        self.manual_points = max(self.manual_points, paper.manual_points)
        self.totals[paper.points, paper.max_points] += 1
        for problem in paper.problems:
            made: set[str] = set()
            for order, part in enumerate(problem.parts):
                key = (problem.place, problem.id, part.id)
                counts = self._parts.setdefault(key, PartSummary(*key, order))
                counts.order = min(counts.order, order)
                counts.add(part)
                made |= set(part.marked.diagnosis) if part.marked is not None else set()
            self._mistakes.update((problem.id, name) for name in made)

    @property
    def parts(self) -> tuple[PartSummary, ...]:
        """The parts that are marked automatically, in the order of the sheet."""
        return tuple(
            sorted((one for one in self._parts.values() if one.max_points), key=lambda one: (one.place, one.order))
        )

    @property
    def hardest(self) -> PartSummary | None:
        """The part with the smallest share of its points, the first of equal ones, among those that somebody answered."""
        return min((one for one in self.parts if one.statuses.total()), key=lambda one: one.share, default=None)

    @property
    def mean_share(self) -> float:
        """The share of all points that was earned."""
        most = sum(part.max_points for part in self.parts)
        return sum(part.points for part in self.parts) / most if most else 0.0

    def mistakes(self, most: int = 12) -> Iterator[tuple[str, str, int]]:
        """Yield the commonest mistakes: problem, name, number of papers."""
        ranked = sorted(self._mistakes.items(), key=lambda item: (-item[1], item[0]))
        for (problem, name), count in ranked[:most]:
            yield problem, name, count

    def percents(self) -> tuple[tuple[int, int], ...]:
        """Return totals in whole percent of the points given automatically, with the number of papers, in ascending order."""
        found: Counter[int] = Counter()
        for (points, most), papers in self.totals.items():
            found[100 * points // most if most else 0] += papers
        return tuple(sorted(found.items()))
