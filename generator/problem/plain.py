"""Plain questions: what an instructor writes in a sheet's file becomes a problem like any other.

A ``[[question]]`` is a problem without parameters, whose steps are the answers that she gives.  A ``[[pool]]`` is a problem of
one parameter, which of its questions are asked.  So whatever is done with problems is done with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from generator.document import prose
from generator.document.placement import Placement
from generator.errors import InputError, expected, shown
from generator.numbers.exact import to_float
from generator.problem.draw import Draw
from generator.problem.mistake import Mistake
from generator.problem.parameters import required, some_of
from generator.problem.parts import Part
from generator.problem.problem import Problem
from generator.problem.question_kinds import KINDS, Answered, WrongAnswer, read_answer
from generator.problem.question_table import QuestionTable
from generator.problem.solution import Step, Values, steps
from generator.problem.toml_lines import lines_by_path
from generator.problem.words import Essay

_COMMON = ("text", "kind", "solution", "hint", "room")
_SEVERAL = "Tick every right option: there may be more than one."


@dataclass(frozen=True)
class Question:
    """What is asked: a part of the problem, with its answer."""

    id: str
    text: prose.Content
    answered: Answered
    points: int
    steps: tuple[prose.Say, ...] = ()
    hint: prose.Content | None = None
    room: int = 0
    rubric: tuple[tuple[int, str], ...] = ()

    @property
    def step(self) -> str:
        """The name of the step that gives its answer."""
        return self.id.replace("-", "_")

    @cached_property
    def part(self) -> Part:
        """The part of the problem."""
        return Part(
            self.id,
            self.text,
            self.answered.answer,
            points=self.points,
            # A list, not a text: practice makes its hints from texts, in which it hides the numbers that a slot prints.
            steps=[[step] for step in self.steps],
            hint=self.hint,
            room=self.room,
            rubric=self.rubric,
        )


class PlainQuestions:
    """The plain questions of a sheet's file: :meth:`question` and :meth:`pool` give the problem of a table of it.

    ``check_nodes`` is called with what each text becomes, and raises where no page could show it.
    """

    def __init__(self, path: Path, text: str, check_nodes: Callable[[object], None] = lambda _: None) -> None:
        self._path = path.resolve()
        self._written = path
        self._lines = lines_by_path(text)
        self._pictures: list[str] = []
        self._check_nodes = check_nodes

    def in_order(self, tables: Mapping[str, Any], names: Sequence[str]) -> list[tuple[str, int]]:
        """Return the names of arrays of tables and the places in them, as they follow each other in the file."""
        places = {path: table.line for path, table in self._lines.items() if len(path) == 2}
        every = [(name, place) for name in names for place in range(len(tables.get(name, ())))]
        return sorted(every, key=lambda one: places.get(one, 0))

    def question(self, raw: Any, place: int) -> Problem:
        """Return the problem of a ``[[question]]``, from 0 on."""
        self._pictures = []
        table = self._table(raw, ("question", place), f"question {place + 1}")
        name = table.identity()
        table = replace(table, name=f"question {name!r}")
        title = table.line("title", _title(name))
        if "part" not in table.table:
            question = self._read(table, "answer", ("id", "title"))
            return self._problem(name, title, [question])
        table.check_keys(("id", "text", "part"), ("title",))
        inner = [
            self._table(one, ("question", place, "part", number), f"question {name!r}, part {number + 1}")
            for number, one in enumerate(table.items("part"))
        ]
        ids = [one.identity() for one in inner]
        _check_twice(inner, ids, "parts")
        labels = {part: f"({chr(97 + number)})" for number, part in enumerate(ids[:26])}
        table, *inner = [replace(one, placement=replace(one.placement, labels=labels)) for one in (table, *inner)]
        read = [self._read(one, part, ("id",)) for one, part in zip(inner, ids, strict=True)]
        if not read:
            raise table.error("part", "expected at least one part")
        preamble = table.text("text")
        return self._problem(name, title, read, preamble)

    def pool(self, raw: Any, place: int) -> Problem:
        """Return the problem of a ``[[pool]]``, from 0 on: as many of its questions as it picks."""
        self._pictures = []
        table = self._table(raw, ("pool", place), f"pool {place + 1}")
        name = table.identity()
        table = replace(table, name=f"pool {name!r}")
        table.check_keys(("id", "pick", "question"), ("title", "text"))
        inner = [
            self._table(one, ("pool", place, "question", number), f"pool {name!r}, question {number + 1}")
            for number, one in enumerate(table.items("question"))
        ]
        ids = [one.identity() for one in inner]
        _check_twice(inner, ids, "questions")
        pick = table.whole("pick", 0, least=1)
        if pick > len(ids):
            raise table.error("pick", expected(f"at most {len(ids)}, the number of its questions", pick))
        read = [self._read(one, part, ("id",)) for one, part in zip(inner, ids, strict=True)]
        worth = {question.id: question.part.worth for question in read}
        if len({*worth.values()}) > 1:
            listed = ", ".join(f"{question} {points}" for question, points in worth.items())
            raise table.error(
                "question", f"expected questions of equal points, since each student gets others; got {listed}"
            )
        text = table.text("text") if "text" in table.table else None
        return self._problem(name, table.line("title", _title(name)), read, preamble=text, pick=pick)

    def _table(self, raw: Any, path: tuple[str | int, ...], name: str) -> QuestionTable:
        table = QuestionTable(
            self._written,
            name,
            {},
            self._lines.get(path),
            self._pictures,
            Placement(self._path.parent, {}, True),
            self._check_nodes,
        )
        if not isinstance(raw, dict):
            raise table.error("", expected("a table", shown(raw)))
        return replace(table, table=raw)

    def _problem(
        self, name: str, title: str, questions: Sequence[Question], preamble: prose.Content | None = None, pick: int = 0
    ) -> Problem:
        """Return the problem that asks all questions, or so many as it is to ``pick``."""
        ids = [question.id for question in questions]
        return Problem(
            id=name,
            title=title,
            topic="plain question",
            parameters={"questions": required(_picked(ids, pick))} if pick else {},
            sample=partial(_sample, ids, pick),
            original={"questions": ids[:pick]} if pick else {},
            solution=[_constant(one.step, one.answered.value) for one in questions if one.answered.value is not None],
            mistakes=[
                _mistake(question, wrong, in_pool=bool(pick), alone=len(questions) == 1)
                for question in questions
                for wrong in question.answered.mistakes
            ],
            check=partial(_check, questions),
            parts=partial(_parts, questions),
            preamble=partial(_said, preamble) if preamble is not None else None,
            variants=math.comb(len(ids), pick) if pick else 1,
            counted=True,
            possible={one.id: 1 for one in questions if not isinstance(one.answered.answer, Essay)},
            source=str(self._path),
            pictures=tuple(dict.fromkeys(self._pictures)),
        )

    def _read(self, table: QuestionTable, part: str, also: tuple[str, ...]) -> Question:
        kind = table.table.get("kind")
        if kind not in KINDS:
            raise table.error("kind", expected(f"one of {', '.join(KINDS)}", shown(kind) if kind else "none"))
        keys = KINDS[kind]
        table = replace(table, name=f"{table.name} ({kind})") if part == "answer" else table
        table.check_keys((*_COMMON[:2], *keys.needed), (*_COMMON[2:], *keys.optional, *also))
        answered = read_answer(kind, table, part.replace("-", "_"))
        own = answered.answer.points
        points = table.whole("points", own or 0, least=1)
        rubric = table.rubric() if own is None else ()
        total = sum(line[0] for line in table.rubric()) if "rubric" in table.table else points
        if total != points:
            raise table.error("rubric", f"it adds up to {total}, and the question is worth {points}")
        text: prose.Content = table.text("text")
        if getattr(answered.answer, "several", False):
            text = [table.text("text"), _SEVERAL]
        slots = {} if answered.value is None or kind == "choice" else {"answer": answered.value}
        hint = table.text("hint") if "hint" in table.table else None
        steps = table.texts("solution", **slots)
        return Question(part, text, answered, points, steps, hint, table.whole("room", 0), rubric)


def question_ids(problem: Problem) -> list[str]:
    """Return the ids of all questions of a pool, or of a plain question, in the order of the file."""
    assert isinstance(problem.parts, partial)
    return [question.id for question in problem.parts.args[0]]


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _check_twice(tables: Sequence[QuestionTable], ids: Sequence[str], what: str) -> None:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            raise tables[place].error("id", f"two {what} have the id {name!r}")


def _picked(ids: Sequence[str], pick: int) -> Callable[..., tuple[str, ...]]:
    read_names = some_of(ids)

    def read(raw: Any, *, field: str) -> tuple[str, ...]:
        names: tuple[str, ...] = read_names(raw, field=field)
        if len(names) != pick:
            raise InputError(expected(f"{pick} questions", len(names)), field=field)
        return names

    return read


def _sample(ids: Sequence[str], pick: int, draw: Draw) -> Mapping[str, Any]:
    """Draw which questions are asked, in the order of the file."""
    return {"questions": sorted(draw.sample(ids, pick), key=ids.index)} if pick else {}


def _asked(questions: Sequence[Question], names: Container[str] | None) -> Iterator[Question]:
    return (one for one in questions if names is None or one.id in names)


def _parts(all_questions: Sequence[Question], values: Values) -> Iterator[Part]:
    return (one.part for one in _asked(all_questions, values.known.get("questions")))


def _check(all_questions: Sequence[Question], questions: Container[str] | None = None) -> Mapping[str, Any]:
    """The answers as floats.  No second opinion can be had but the decimals that are accepted, compared when they are read."""
    asked = _asked(all_questions, questions)
    return {one.step: _as_floats(one.answered.value) for one in asked if one.answered.value is not None}


def _as_floats(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_as_floats(one) for one in value]
    return value if isinstance(value, str) else to_float(value)


def _constant(name: str, value: Any) -> Step:
    """The step that gives an answer."""
    (step,) = steps(**{name: lambda: value})
    return step


def _mistake(question: Question, wrong: WrongAnswer, *, in_pool: bool, alone: bool) -> Mistake:
    def is_asked(questions: Container[str]) -> bool:
        return question.id in questions

    name = wrong.name if alone else f"{question.id}: {wrong.name}"
    applies = is_asked if in_pool else None
    return Mistake(name, wrong.feedback, applies=applies, **{question.step: lambda: wrong.value})


def _said(content: prose.Content, _: Values) -> prose.Content:
    return content
