"""A class as the report sees it: of each problem what was measured, and of all the aims that are missed.

An aim that is missed is a finding: something for the author of the sheet to know, not an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.fairness.measures import ANSWER_AIM, COST_AIM, Answers, Cost, Letters, percent


@dataclass(frozen=True, slots=True)
class Finding:
    """One aim that is missed; ``part`` is empty where it is about a whole problem, or about whole papers."""

    problem: str
    part: str
    measure: str
    text: str


@dataclass(frozen=True, slots=True)
class ProblemFairness:
    """One problem of the sheet; ``most_sharing`` papers have its commonest variant.

    A ``fixed`` one has nothing that is drawn: it is the same on every paper, and its variants and answers are not judged.
    """

    number: int
    id: str
    papers: int
    distinct: int
    most_sharing: int
    cost: Cost
    letters: tuple[Letters, ...]
    answers: tuple[Answers, ...]
    fixed: bool = False

    @property
    def name(self) -> str:
        """Its place on the sheet and its id, since a problem may come twice."""
        return f"{self.number}. {self.id}"

    @property
    def shared(self) -> bool:
        return self.distinct < self.papers and not self.fixed

    def findings(self) -> Iterator[Finding]:
        """The aims that are missed."""
        name = self.name
        if self.shared:
            yield Finding(
                name,
                "",
                "variants",
                f"{self.distinct} distinct variants for {self.papers} papers; up to {self.most_sharing} papers share one.",
            )
        if self.cost.missed:
            yield Finding(name, "", "cost", _cost_text(self.cost))
        for one in self.letters:
            if one.missed:
                letter, share = one.commonest
                text = f"{letter} is right on {percent(share)} of the papers (aim: at most {percent(one.aim)})."
                yield Finding(name, one.part, "letters", text)
        for answers in self.answers:
            if answers.missed:
                yield Finding(name, answers.part, "answers", _answers_text(answers))


@dataclass(frozen=True, slots=True)
class Fairness:
    """A whole class; ``whole`` is the cost of whole papers, where some ask other problems than others."""

    sheet: str
    papers: int
    problems: tuple[ProblemFairness, ...]
    whole: Cost | None = None

    @property
    def of_whole_papers(self) -> tuple[Finding, ...]:
        """The aim that whole papers miss, if they do."""
        if self.whole is None or not self.whole.missed:
            return ()
        text = f"which ask different problems: {_cost_text(self.whole)}"
        return (Finding("whole papers", "", "cost", text),)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The aims that are missed: by whole papers, and problem by problem."""
        return (*self.of_whole_papers, *(finding for problem in self.problems for finding in problem.findings()))

    @property
    def aims(self) -> int:
        """The number of aims that were judged."""
        return (self.whole is not None) + sum(
            2 + sum(one.judged for one in problem.letters) + sum(one.judged for one in problem.answers)
            for problem in self.problems
        )


def _cost_text(cost: Cost) -> str:
    return (
        f"the hand-work cost runs from {cost.smallest} to {cost.largest}, a ratio of {cost.ratio:.3f} "
        f"(aim: at most {COST_AIM})."
    )


def _answers_text(answers: Answers) -> str:
    if answers.aim > ANSWER_AIM:
        return (
            f"{answers.commonest} is right on {percent(answers.share)} of the papers (aim: at most {percent(answers.aim)}, "
            f"there being {answers.space} possible answers); {answers.distinct} occur."
        )
    if answers.distinct == 1:
        return f"{answers.commonest} is right on every paper (aim: on at most {percent(answers.aim)})."
    return (
        f"{answers.commonest} is right on {percent(answers.share)} of the papers (aim: at most "
        f"{percent(answers.aim)}); {answers.distinct} answers occur."
    )
