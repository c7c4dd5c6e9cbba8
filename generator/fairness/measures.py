"""Measures of a problem over a class, with their aims: hand-work costs, letters, answers.

The aims are those of ``docs/fairness.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

COST_AIM = 1.4
"""The largest hand-work cost of a problem over its smallest."""

SMALL_COST = 12
"""A difference of so many marks of the pen, a minute's work, is small whatever the ratio is."""

ANSWER_AIM = 0.20
"""The share of papers on which one answer of a part is right, where it has that many answers at all."""

LETTER_FACTOR = 1.6
"""The factor over chance within which a letter may be right: 40 % of the papers where there are four options."""

FEWEST = 100
"""Shares of fewer papers than this are shown but not judged: chance alone takes them past an aim."""

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Cost:
    """The hand-work costs of a problem; ``histogram`` has (cost, papers) from the smallest cost up."""

    mean: float
    histogram: tuple[tuple[int, int], ...]

    @property
    def smallest(self) -> int:
        return self.histogram[0][0]

    @property
    def largest(self) -> int:
        return self.histogram[-1][0]

    @property
    def ratio(self) -> float:
        """Largest over smallest; a cost of 0 stands for 1."""
        return max(self.largest, 1) / max(self.smallest, 1)

    @property
    def missed(self) -> bool:
        return self.ratio > COST_AIM + _EPSILON and self.largest - self.smallest > SMALL_COST


@dataclass(frozen=True, slots=True)
class Letters:
    """A multiple-choice part: on how many of ``papers`` each letter, from A, is right.

    ``chance`` is how often a letter would be right if all were right equally often.  One that is ``fixed`` is the same on all
    papers, as its author wrote it, and is not judged.
    """

    part: str
    papers: int
    counts: tuple[int, ...]
    chance: float
    fixed: bool = False

    @property
    def shares(self) -> tuple[float, ...]:
        return tuple(count / self.papers for count in self.counts)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(letter_name(place) for place in range(len(self.counts)))

    @property
    def commonest(self) -> tuple[str, float]:
        """The letter that is right most often, and its share."""
        share = max(self.shares)
        return letter_name(self.shares.index(share)), share

    @property
    def aim(self) -> float:
        return min(1.0, LETTER_FACTOR * self.chance)

    @property
    def judged(self) -> bool:
        return self.papers >= FEWEST and not self.fixed

    @property
    def missed(self) -> bool:
        return self.judged and self.commonest[1] > self.aim + _EPSILON


@dataclass(frozen=True, slots=True)
class Answers:
    """A part: how many answers (in words: model answers) occur, and on how many papers the commonest.

    ``space`` is how many answers there can be: options or patterns of verdicts to choose from, or as many as the
    problem's author states; 0 where nothing is known.  Of options to choose from the letters are judged, which students could guess or
    copy, and not the options.  ``fixed`` is as for :class:`Letters`.
    """

    part: str
    papers: int
    distinct: int
    commonest: str
    count: int
    space: int
    is_option: bool = False
    fixed: bool = False

    @property
    def share(self) -> float:
        return self.count / self.papers

    @property
    def aim(self) -> float:
        """At most a fifth; of few possible answers, as much more than by chance as a letter may have."""
        return min(1.0, max(ANSWER_AIM, LETTER_FACTOR / self.space)) if self.space else ANSWER_AIM

    @property
    def judged(self) -> bool:
        return self.papers >= FEWEST and not self.is_option and not self.fixed

    @property
    def missed(self) -> bool:
        return self.judged and self.share > self.aim + _EPSILON


def percent(share: float) -> str:
    """``34.6 %``, ``10 %``."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def letter_name(place: int) -> str:
    """A, B …; from the 27th option on its number."""
    return chr(ord("A") + place) if place < 26 else str(place + 1)
