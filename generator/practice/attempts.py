"""An attempt at one variant: what is asked in which part, and how it is made again from what was stored."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.document.keyless import without_key
from generator.document.nodes import Criterion, Exercise, Question
from generator.errors import InputError, WorksheetError
from generator.grading.grader import Grader
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.practice.store import Row
from generator.problem.answers import Answer, Fields, Matrix, Number, Vector
from generator.problem.catalogue import find_problem, problem_in_file
from generator.problem.choices import Choice, Offered
from generator.problem.parts import Part
from generator.problem.problem import Problem, Variant
from generator.problem.words import Claims, Essay

KINDS: Mapping[type, str] = {
    Number: "number",
    Vector: "vector",
    Matrix: "matrix",
    Fields: "fields",
    Choice: "choice",
    Offered: "choice",
    Claims: "claims",
    Essay: "essay",
}
"""What is typed for each kind of answer."""


@dataclass(frozen=True)
class AskedPart:
    """A part that is answered: ``name`` is its label in words (``a``, ``b i``); ``kind`` one of :data:`KINDS`."""

    part: Part
    name: str
    kind: str
    question: Question
    max_points: int
    by_hand: int

    @property
    def id(self) -> str:
        """The part's own id."""
        return self.part.id

    @property
    def answer(self) -> Answer:
        """What is asked for."""
        assert self.part.answer is not None
        return self.part.answer

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What the student marks herself: an essay's rubric, or of claims the reasons."""
        rubric = self.question.key.rubric if self.question.key else ()
        return rubric[1:] if self.kind == "claims" else rubric


@dataclass(frozen=True)
class Attempt:
    """One student's attempt at one variant, its answers aside: those are in the store.

    ``id`` cannot be guessed; ``hints`` are kept once they were worked out.  ``exam`` is the id of the exam that it is part of, or None.  Times are seconds of the epoch.
    """

    id: str
    variant: Variant
    entry: Entry
    started: float
    stream: str = ""
    exam: str | None = None
    place: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    hints: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def problem(self) -> Problem:
        """What is practised."""
        return self.variant.problem

    @property
    def level(self) -> str:
        """Its difficulty."""
        return self.entry.level

    @property
    def guided(self) -> bool:
        """Whether the intermediate values are asked for."""
        return self.entry.guided

    @cached_property
    def grader(self) -> Grader:
        """Marks the answers."""
        return Grader(self.variant, self.entry)

    @cached_property
    def key(self) -> Exercise:
        """The exercise with its solution: never to be shown as a whole."""
        return exercise(self.variant, max(self.place, 1), self.entry)

    @cached_property
    def shown(self) -> Exercise:
        """The exercise as the student gets it."""
        return without_key(self.key)

    @cached_property
    def parts(self) -> Mapping[str, AskedPart]:
        """The parts that are answered, by id, in the order of the sheet."""
        return {question.id: self._asked(name, question) for name, question in _questions(self.key.parts)}

    def part(self, part_id: str) -> AskedPart:
        """A part by its id; raises :class:`InputError` for one that is not asked."""
        if part_id not in self.parts:
            raise InputError(
                f"{self.problem.id} asks no part {part_id!r} here; it asks {', '.join(self.parts)}", field="part"
            )
        return self.parts[part_id]

    def before(self, part_id: str) -> tuple[str, ...]:
        """The ids of the parts that come before one."""
        ids = tuple(self.parts)
        return ids[: ids.index(part_id)]

    def _asked(self, name: str, question: Question) -> AskedPart:
        part, grader = self.grader.parts[question.id], self.grader
        kind = KINDS[type(part.answer)] if question.id not in self.entry.choices else "choice"
        return AskedPart(part, name, kind, question, grader.max_points(part.id), grader.manual_points(part.id))


def _questions(questions: tuple[Question, ...], before: str = "") -> Iterator[tuple[str, Question]]:
    for question in questions:
        name = f"{before} {question.label}".strip()
        if question.key is not None:
            yield name, question
        yield from _questions(question.parts, name)


class Attempts:
    """Makes attempts again from their rows in the store; the last ones are kept."""

    MOST = 64

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        self._problems = problems
        self._kept: OrderedDict[str, Attempt] = OrderedDict()
        self._lock = threading.Lock()

    def kept(self, attempt_id: str) -> Attempt | None:
        """The attempt if it is at hand."""
        with self._lock:
            found = self._kept.get(attempt_id)
            if found is not None:
                self._kept.move_to_end(attempt_id)
            return found

    def keep(self, attempt: Attempt) -> Attempt:
        """Keep an attempt at hand; the one that another thread kept first, if it did."""
        with self._lock:
            kept = self._kept.setdefault(attempt.id, attempt)
            self._kept.move_to_end(attempt.id)
            while len(self._kept) > self.MOST:
                self._kept.popitem(last=False)
            return kept

    def forget(self) -> None:
        """Let all of them go."""
        with self._lock:
            self._kept.clear()

    def of_row(self, row: Row) -> Attempt:
        """The attempt of a row; raises :class:`InputError` if its problem is gone or no longer takes its parameters."""
        problem = self._problem(row["problem"], row["source"])
        try:
            variant = problem.variant(problem.read(json.loads(row["params"])))
        except WorksheetError as error:
            raise InputError(
                f"this attempt is of an older {problem.id}, which took other parameters ({error}): begin another one"
            ) from error
        variant = replace(variant, level=row["level"])
        entry = Entry(problem, guided=bool(row["guided"]), level=row["level"])
        return self.keep(Attempt(row["id"], variant, entry, row["started"], row["stream"], row["exam"], row["place"]))

    def _problem(self, name: str, source: str) -> Problem:
        if name in self._problems:
            return self._problems[name]
        return problem_in_file(Path(source)) if source else find_problem(name)


def params_text(variant: Variant) -> str:
    """The parameters of a variant as they are stored."""
    return json.dumps(encode(dict(variant.params)), ensure_ascii=False, separators=(",", ":"))


def shows_text(attempt: Attempt) -> str:
    """For each mistake the parts whose answer it changes, as they are stored."""
    found = attempt.variant.mistaken_answers(guided=attempt.guided)
    return json.dumps({mistake.name: list(changed) for mistake, changed in found if changed}, ensure_ascii=False)
