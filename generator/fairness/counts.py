"""Is a class treated alike?  Variants, hand-work costs, letters and answers, counted over its records.

:func:`fairness` reads the records once; what it keeps grows with the number of distinct values, not of papers.
The aims are those of ``docs/fairness.md``.  One that is missed is a finding: something for the author of the
sheet to know, not an error.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from generator.encoding import read_number
from generator.errors import InputError
from generator.escaping import one_line

COST_AIM = 1.25
"""The largest hand-work cost of a problem over its smallest."""

ANSWER_AIM = 0.10
"""The share of papers on which one answer of a part is right, where it has that many answers at all."""

LETTER_FACTOR = 1.4
"""How much more often than by chance a letter may be right: 35 % of the papers where there are four options."""

FEWEST = 100
"""Shares of fewer papers than this are shown but not judged: chance alone takes them past an aim."""

_LONGEST_SHOWN = 60
_DEEPEST = 6
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Finding:
    """One aim that is missed; ``part`` is empty where it is about a whole problem."""

    problem: str
    part: str
    measure: str
    text: str


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
        return self.ratio > COST_AIM + _EPSILON


@dataclass(frozen=True, slots=True)
class Letters:
    """A multiple-choice part: on how many of ``papers`` each letter, from A, is right.

    ``chance`` is how often a letter would be right if all were right equally often.
    """

    part: str
    papers: int
    counts: tuple[int, ...]
    chance: float

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
        return self.papers >= FEWEST

    @property
    def missed(self) -> bool:
        return self.judged and self.commonest[1] > self.aim + _EPSILON


@dataclass(frozen=True, slots=True)
class Answers:
    """A part that is not answered in words: how many answers occur, and on how many papers the commonest.

    ``space`` is how many answers a student can choose from, 0 where she is given no choice.
    """

    part: str
    papers: int
    distinct: int
    commonest: str
    count: int
    space: int

    @property
    def share(self) -> float:
        return self.count / self.papers

    @property
    def aim(self) -> float:
        """At most a tenth; of few options, as much more than by chance as a letter may have."""
        return min(1.0, max(ANSWER_AIM, LETTER_FACTOR / self.space)) if self.space else ANSWER_AIM

    @property
    def judged(self) -> bool:
        return self.papers >= FEWEST

    @property
    def missed(self) -> bool:
        return self.judged and self.share > self.aim + _EPSILON


@dataclass(frozen=True, slots=True)
class ProblemFairness:
    """One problem of the sheet; ``most_sharing`` papers have its commonest variant."""

    number: int
    id: str
    papers: int
    distinct: int
    most_sharing: int
    cost: Cost
    letters: tuple[Letters, ...]
    answers: tuple[Answers, ...]

    @property
    def name(self) -> str:
        """Its place on the sheet and its id, since a problem may come twice."""
        return f"{self.number}. {self.id}"

    @property
    def shared(self) -> bool:
        return self.distinct < self.papers

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
            yield Finding(
                name,
                "",
                "cost",
                f"the hand-work cost runs from {self.cost.smallest} to {self.cost.largest}, a ratio of "
                f"{self.cost.ratio:.3f} (aim: at most {COST_AIM}).",
            )
        for one in self.letters:
            if one.missed:
                letter, share = one.commonest
                text = f"{letter} is right on {percent(share)} of the papers (aim: at most {percent(one.aim)})."
                yield Finding(name, one.part, "letters", text)
        for answers in self.answers:
            if answers.missed:
                yield Finding(name, answers.part, "answers", _told(answers))


@dataclass(frozen=True, slots=True)
class Fairness:
    """A whole class."""

    sheet: str
    papers: int
    problems: tuple[ProblemFairness, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The aims that are missed, problem by problem."""
        return tuple(finding for problem in self.problems for finding in problem.findings())

    @property
    def aims(self) -> int:
        """How many aims were judged."""
        return sum(
            2 + sum(one.judged for one in problem.letters) + sum(one.judged for one in problem.answers)
            for problem in self.problems
        )


def percent(share: float) -> str:
    """``34.6 %``, ``10 %``."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def letter_name(place: int) -> str:
    """A, B …; from the 27th option on its number."""
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def _told(answers: Answers) -> str:
    if answers.distinct == 1:
        return f"{answers.commonest} is right on every paper (aim: on at most {percent(answers.aim)})."
    return (
        f"{answers.commonest} is right on {percent(answers.share)} of the papers (aim: at most "
        f"{percent(answers.aim)}); {answers.distinct} answers occur."
    )


def fairness(records: Iterable[Mapping[str, Any]]) -> Fairness:
    """The statistics of a class from its records, all of one sheet (see :func:`generator.fairness.records.read_records`)."""
    tallies: list[_ProblemTally] = []
    sheet, papers = "", 0
    for record in records:
        if not papers:
            sheet = str(record.get("sheet", ""))
            tallies = [_ProblemTally(problem["id"]) for problem in record["problems"]]
        papers += 1
        for tally, problem in zip(tallies, record["problems"], strict=True):
            tally.add(problem)
    if not papers:
        raise InputError("there is no paper to report on")
    return Fairness(sheet, papers, tuple(tally.result(number) for number, tally in enumerate(tallies, start=1)))


@dataclass(slots=True)
class _ProblemTally:
    id: str
    papers: int = 0
    variants: Counter[str] = field(default_factory=Counter)
    costs: Counter[int] = field(default_factory=Counter)
    letters: dict[str, _LetterTally] = field(default_factory=dict)
    answers: dict[str, _AnswerTally | None] = field(default_factory=dict)  # None: answered in words

    def add(self, problem: Mapping[str, Any]) -> None:
        self.papers += 1
        self.variants[problem["canonical"]] += 1
        self.costs[problem["cost"]] += 1
        choices = problem["letters"]
        for part, choice in choices.items():
            self.letters.setdefault(part, _LetterTally()).add(choice["right"], choice["of"])
        for part, answer in problem["answers"].items():
            if part not in self.answers:
                self.answers[part] = None if part not in choices and _in_words(answer) else _AnswerTally()
            tally = self.answers[part]
            if tally is not None:
                tally.add(answer, choices[part]["of"] if part in choices else _patterns(answer))

    def result(self, number: int) -> ProblemFairness:
        total = sum(cost * count for cost, count in self.costs.items())
        return ProblemFairness(
            number=number,
            id=self.id,
            papers=self.papers,
            distinct=len(self.variants),
            most_sharing=max(self.variants.values()),
            cost=Cost(total / self.papers, tuple(sorted(self.costs.items()))),
            letters=tuple(tally.result(part) for part, tally in self.letters.items() if tally.counts),
            answers=tuple(tally.result(part) for part, tally in self.answers.items() if tally is not None),
        )


@dataclass(slots=True)
class _LetterTally:
    papers: int = 0
    counts: list[int] = field(default_factory=list)
    chances: float = 0.0

    def add(self, right: Iterable[int], options: int) -> None:
        self.papers += 1
        self.counts.extend([0] * (options - len(self.counts)))
        for place in right:
            self.counts[place] += 1
            self.chances += 1 / options

    def result(self, part: str) -> Letters:
        return Letters(part, self.papers, tuple(self.counts), self.chances / self.papers)


@dataclass(slots=True)
class _AnswerTally:
    """Counts answers by a hash, and keeps the text of the commonest only (of equals, the first to come so far)."""

    papers: int = 0
    counts: Counter[bytes] = field(default_factory=Counter)
    commonest: Any = None
    count: int = 0
    space: int = 0

    def add(self, answer: Any, space: int) -> None:
        self.papers += 1
        self.space = max(self.space, space)
        try:
            text = json.dumps(answer, sort_keys=True)
        except RecursionError as error:
            raise InputError("an answer in the manifest is nested too deeply to be one") from error
        digest = blake2b(text.encode(), digest_size=12).digest()
        self.counts[digest] += 1
        if self.counts[digest] > self.count:
            self.count, self.commonest = self.counts[digest], answer

    def result(self, part: str) -> Answers:
        return Answers(part, self.papers, len(self.counts), answer_text(self.commonest), self.count, self.space)


def _in_words(answer: Any) -> bool:
    """Whether an answer that is not one of several options is prose, not a number.

    The record alone decides, so that a report needs neither the problem's file nor the version that made it.
    """
    if not isinstance(answer, str):
        return False
    try:
        read_number(answer, field="answer")
    except InputError:
        return True
    return False


def _patterns(answer: Any) -> int:
    """How many answers claims can have: two each; 0 where the answer is something else."""
    is_verdicts = isinstance(answer, list) and bool(answer) and all(isinstance(one, bool) for one in answer)
    return 2 ** min(len(answer), 30) if is_verdicts else 0


def answer_text(answer: Any) -> str:
    """An answer for people, shortened where it is long: ``[1, 2/3]``, ``true, false``."""
    text = one_line(_text(answer))
    if isinstance(answer, list) and not any(isinstance(one, list) for one in answer) and _patterns(answer):
        text = text[1:-1]
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _text(answer: Any, depth: int = 0) -> str:
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, list):
        return "[" + ", ".join(_text(one, depth + 1) for one in answer) + "]" if depth < _DEEPEST else "[…]"
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
