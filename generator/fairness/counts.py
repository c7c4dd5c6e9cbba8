"""Is a class treated alike?  Variants, hand-work costs, letters and answers, counted over its records.

:func:`fairness` reads the records once; what it keeps grows with the number of distinct values, not of papers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from generator.errors import InputError
from generator.fairness.findings import Fairness, ProblemFairness
from generator.fairness.measures import Answers, Cost, Letters
from generator.paper.record import ProblemRecord, Record
from generator.render.escaping import one_line, shortened

_LONGEST_SHOWN = 60
_DEEPEST = 6


def fairness(records: Iterable[Record]) -> Fairness:
    """The statistics of a class from its records, all of one sheet (see :func:`generator.paper.manifest.read_records`)."""
    tallies: dict[tuple[int, str], ProblemTally] = {}
    sheet, papers = "", 0
    asked: set[tuple[str, ...]] = set()
    costs: Counter[int] = Counter()
    for record in records:
        sheet = sheet or record.sheet
        papers += 1
        asked.add(tuple(problem.id for problem in record.problems))
        costs[sum(problem.cost or 0 for problem in record.problems)] += 1
        for number, problem in enumerate(record.problems, start=1):  # which may be another on each paper
            tallies.setdefault((number, problem.id), ProblemTally(problem.id)).add(problem)
    if not papers:
        raise InputError("there is no paper to report on")
    problems = tuple(tallies[number, name].result(number) for number, name in sorted(tallies))
    return Fairness(sheet, papers, problems, _cost(costs) if len(asked) > 1 else None)


def _cost(costs: Counter[int]) -> Cost:
    return Cost(sum(cost * count for cost, count in costs.items()) / costs.total(), tuple(sorted(costs.items())))


@dataclass(slots=True)
class ProblemTally:
    """Counts one problem over the papers of a class."""

    id: str
    papers: int = 0
    variants: Counter[str] = field(default_factory=Counter)
    costs: Counter[int] = field(default_factory=Counter)
    letters: dict[str, _LetterTally] = field(default_factory=dict)
    answers: dict[str, _AnswerTally] = field(default_factory=dict)
    is_drawn: bool = False

    def add(self, problem: ProblemRecord) -> None:
        """Count the problem of one more paper."""
        self.papers += 1
        self.is_drawn |= bool(problem.params)
        self.variants[problem.canonical] += 1
        self.costs[problem.cost or 0] += 1
        choices, possible = problem.letters or {}, problem.possible
        for part, choice in choices.items():
            self.letters.setdefault(part, _LetterTally()).add(choice.right, choice.of)
        for part, answer in problem.answers.items():
            tally = self.answers.setdefault(part, _AnswerTally())
            if part in choices:
                tally.add(answer, space=choices[part].of, possible=int(possible.get(part) == 1))
                tally.is_option = True
            else:
                tally.add(answer, space=_patterns(answer), possible=possible.get(part, 0))

    def result(self, number: int) -> ProblemFairness:
        """Return what was counted of the sheet's problem with this number."""
        fixed = not self.is_drawn and len(self.variants) == 1
        return ProblemFairness(
            number=number,
            id=self.id,
            papers=self.papers,
            distinct=len(self.variants),
            most_sharing=max(self.variants.values()),
            cost=_cost(self.costs),
            letters=tuple(tally.result(part, fixed) for part, tally in self.letters.items() if tally.counts),
            answers=tuple(tally.result(part, fixed) for part, tally in self.answers.items()),
            fixed=fixed,
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

    def result(self, part: str, fixed: bool) -> Letters:
        return Letters(part, self.papers, tuple(self.counts), self.chances / self.papers, fixed)


@dataclass(slots=True)
class _AnswerTally:
    """Counts answers by a hash, and keeps the text of the commonest only (of equals, the first to come so far)."""

    papers: int = 0
    counts: Counter[bytes] = field(default_factory=Counter)
    commonest: Any = None
    count: int = 0
    space: int = 0
    possible: int = 0
    is_option: bool = False

    def add(self, answer: Any, space: int, possible: int = 0) -> None:
        """Of ``space`` answers to choose from, or of so many ``possible`` ones as the author says; 0 where that is unknown."""
        self.papers += 1
        self.space = max(self.space, space)
        self.possible = max(self.possible, possible)
        try:
            text = json.dumps(answer, sort_keys=True)
        except RecursionError as error:
            raise InputError("an answer in the manifest is nested too deeply to be one") from error
        digest = blake2b(text.encode(), digest_size=12).digest()
        self.counts[digest] += 1
        if self.counts[digest] > self.count:
            self.count, self.commonest = self.counts[digest], answer

    def result(self, part: str, fixed: bool) -> Answers:
        distinct = len(self.counts)
        space = max(self.possible, distinct) if self.possible else self.space  # an author may have counted too few
        return Answers(
            part, self.papers, distinct, answer_text(self.commonest), self.count, space, self.is_option, fixed
        )


def _patterns(answer: Any) -> int:
    """Return how many answers claims can have: two each; 0 where the answer is something else."""
    is_verdicts = isinstance(answer, list) and bool(answer) and all(isinstance(one, bool) for one in answer)
    return 2 ** min(len(answer), 30) if is_verdicts else 0


def answer_text(answer: Any) -> str:
    """An answer for people, shortened where it is long: ``[1, 2/3]``, ``true, false``."""
    text = one_line(_text(answer))
    if isinstance(answer, list) and not any(isinstance(one, list) for one in answer) and _patterns(answer):
        text = text[1:-1]
    return shortened(text, _LONGEST_SHOWN)


def _text(answer: Any, depth: int = 0) -> str:
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, list):
        return "[" + ", ".join(_text(one, depth + 1) for one in answer) + "]" if depth < _DEEPEST else "[…]"
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
