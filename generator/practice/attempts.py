"""An attempt at one variant of a problem: the parts to answer, their hints, and how it is drawn, stored and rebuilt."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from generator.document import prose
from generator.document.keyless import without_key
from generator.document.nodes import Criterion, Exercise, Question
from generator.document.placement import placed
from generator.errors import InputError, WorksheetError
from generator.grading.grader import Grader
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.paper.sheet_file import find_asked
from generator.practice.hints import Step, hints_for
from generator.problem import drawing
from generator.problem.answers import Answer, Fields, Matrix, Number, Shape, Vector, decimals, takes_decimals
from generator.problem.catalogue import find_problem, problem_in_file
from generator.problem.choices import Choice, Offered, Subsets
from generator.problem.draw import stream
from generator.problem.parts import walk
from generator.problem.problem import Problem, Variant
from generator.problem.word_answers import Words
from generator.problem.words import Claims, Essay

KINDS: Mapping[type, str] = {
    Number: "number",
    Vector: "vector",
    Shape: "vector",
    Matrix: "matrix",
    Fields: "fields",
    Subsets: "subsets",
    Words: "words",
    Choice: "choice",
    Offered: "choice",
    Claims: "claims",
    Essay: "essay",
}
"""What is typed for each type of answer."""

MAX_DRAWS = 100
"""Draws before a variant that the student has had comes again: every problem of the catalogue has far more variants."""


@dataclass(frozen=True)
class AttemptPart:
    """A part to answer.

    ``label`` is its label in words (``a``, ``b i``), ``kind`` one of :data:`KINDS`.  ``max_points`` are those that the
    program marks, ``manual_points`` those that the student awards: an essay's, or those for reasons for claims.
    """

    id: str
    answer: Answer
    label: str
    kind: str
    question: Question
    max_points: int
    manual_points: int

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What the student marks: an essay's rubric, or the reasons for claims."""
        rubric = self.question.key.rubric if self.question.key and self.manual_points else ()
        return rubric[1:] if self.kind == "claims" else rubric


@dataclass(frozen=True)
class Attempt:
    """One student's attempt at one variant; the answers are in the store.

    ``id`` cannot be guessed.  ``stream`` is what the variant was drawn from.  ``exam`` is the id of the exam that the attempt
    belongs to and ``place`` its place there, from 1; else None and 0.  Times are in seconds since the epoch.
    """

    id: str
    variant: Variant
    entry: Entry
    started: float
    stream: str = ""
    exam: str | None = None
    place: int = 0

    @property
    def problem(self) -> Problem:
        """The problem that is practised."""
        return self.variant.problem

    @property
    def level(self) -> str:
        """The difficulty."""
        return self.entry.level

    @property
    def guided(self) -> bool:
        """Whether intermediate values are asked for; of single parts that is not said."""
        return self.entry.guided and not self.entry.only

    @cached_property
    def grader(self) -> Grader:
        """The grader of this variant."""
        return Grader(self.variant, self.entry)

    @cached_property
    def key(self) -> Exercise:
        """The exercise with its solution: never shown as a whole."""
        return exercise(self.variant, max(self.place, 1), self.entry)

    @cached_property
    def exercise(self) -> Exercise:
        """The exercise as the student sees it, with how many digits a decimal needs."""
        seen = without_key(self.key)
        if not any(takes_decimals(part.answer) for part in self.parts.values()):
            return seen
        return replace(seen, preamble=(*seen.preamble, *prose.nodes(decimals(), {})))

    @cached_property
    def parts(self) -> Mapping[str, AttemptPart]:
        """The parts to answer, by id, in the order of the sheet."""
        return {question.id: self._part(label, question) for label, question in _answered(self.key.parts)}

    def part(self, part_id: str) -> AttemptPart:
        """Return a part by its id; raise :class:`InputError` if it is not asked."""
        if part_id not in self.parts:
            raise InputError(
                f"{self.problem.id} asks no part {part_id!r} here; it asks {', '.join(self.parts)}", field="part"
            )
        return self.parts[part_id]

    def before(self, part_id: str) -> tuple[str, ...]:
        """Return the ids of the parts before one."""
        ids = tuple(self.parts)
        return ids[: ids.index(part_id)]

    def hints(self, part_id: str, open_steps: frozenset[str] = frozenset()) -> tuple[Step, ...]:
        """Return the hints for a part, in which the values of ``open_steps`` are not shown."""
        known = self._hints.get((part_id, open_steps))
        if known is None:
            with placed(self.grader.placement):
                known = hints_for(self.variant, self.grader.parts[part_id], tuple(self.parts), open_steps)
            self._hints[part_id, open_steps] = known
        return known

    def working_steps(self, part_id: str) -> Iterator[tuple[str, str]]:
        """Yield the steps before a part's answer that the problem's guided version asks for, each with its symbol.

        Those that another part of this attempt asks for are left out: its answer is used for them.
        """
        own = self.part(part_id).answer.step
        if own is None:
            return
        before = self.problem.graph.upstream(own)
        elsewhere = {part.answer.step for part in self.parts.values()}
        for part in walk(self.variant.all_parts):
            step = part.answer.step if part.guided and part.answer is not None else None
            if step is not None and step in before and step not in elsewhere:
                yield step, str(getattr(part.answer, "symbol", ""))

    @cached_property
    def _hints(self) -> dict[tuple[str, frozenset[str]], tuple[Step, ...]]:
        return {}

    def _part(self, label: str, question: Question) -> AttemptPart:
        answer = self.grader.parts[question.id].answer
        assert answer is not None
        kind = KINDS[type(answer)] if question.id not in self.entry.choices else "choice"
        if isinstance(answer, Choice) and answer.several:
            kind = "choices"
        max_points, manual_points = self.grader.max_points(question.id), self.grader.manual_points(question.id)
        return AttemptPart(question.id, answer, label, kind, question, max_points, manual_points)


def _answered(questions: tuple[Question, ...], before: str = "") -> Iterator[tuple[str, Question]]:
    """Yield the questions that have an answer, each with its label in words."""
    for question in questions:
        label = f"{before} {question.label}".strip()
        if question.key is not None:
            yield label, question
        yield from _answered(question.parts, label)


# --------------------------------------------------------------------------------------------- drawing


def variant_digest(variant: Variant) -> str:
    """Return a digest that two variants share if they are the same exercise."""
    return blake2b(variant.canonical.encode(), digest_size=16).hexdigest()


def draw_unseen(
    problem: Problem, level: str, seen: Sequence[str], seed: Callable[[], int], with_parts: Collection[str] = ()
) -> tuple[str, Variant]:
    """Draw an audited variant that is not among those ``seen``; return its stream and the variant.

    ``seen`` are digests, the one seen longest ago first; ``seed`` returns another seed for each draw.  After
    :data:`MAX_DRAWS` draws it is the variant among them that was seen longest ago.  It has as many of the parts
    ``with_parts`` as any that was drawn, for which at most :data:`MAX_DRAWS` variants are drawn too.
    """
    if level not in problem.levels:
        raise InputError(f"{problem.id} has no level {level!r}; it has {', '.join(problem.levels)}", field="level")
    unknown = {*with_parts} - drawing.known_parts(problem) if with_parts else ()
    if unknown:
        known = ", ".join(sorted(drawing.known_parts(problem)))
        raise InputError(f"{problem.id} has no part {', '.join(sorted(unknown))}; it has {known}", field="part")
    order = {digest: place for place, digest in enumerate(seen)}
    drawn: list[tuple[int, int, str, Variant]] = []
    for _ in range(MAX_DRAWS):
        source = stream(seed())
        variant = drawing.draw_from(problem, source, level=level)
        missing = len({*with_parts} - {part.id for part in walk(variant.all_parts)}) if with_parts else 0
        place = order.get(variant_digest(variant), -1)
        if place < 0 and not missing:
            return source, variant
        drawn.append((missing, place, source, variant))
    *_, source, variant = min(drawn, key=lambda one: one[:2])
    return source, variant


# --------------------------------------------------------------------------------------------- storing


def attempt_from_row(row: sqlite3.Row, problems: Mapping[str, Problem]) -> Attempt:
    """Rebuild an attempt from its row in the store.

    Raise :class:`InputError` if its problem is gone or no longer accepts its parameters.
    """
    problem = problems.get(row["problem"]) or _stored_problem(row["problem"], row["source"])
    try:
        variant = problem.variant(problem.read(json.loads(row["params"])))
    except WorksheetError as error:
        raise InputError(
            f"this attempt is from an older version of {problem.id} with other parameters ({error}): start another one"
        ) from error
    variant = replace(variant, level=row["level"])
    entry = entry_from_json(problem, bool(row["guided"]), row["level"], row["entry"])
    return Attempt(row["id"], variant, entry, row["started"], row["stream"], row["exam"], row["place"])


def _stored_problem(name: str, source: str) -> Problem:
    """The problem of an id, by the file that it was in: its own, or that of the sheet on which it is a plain question."""
    if source.endswith(".toml"):
        return find_asked(f"{source}:{name}")
    return problem_in_file(Path(source)) if source else find_problem(name)


def entry_json(entry: Entry) -> str:
    """Return what an entry asks beside the level and intermediate values, as it is stored."""
    asked = {
        "points": dict(entry.points),
        "choices": list(entry.choices),
        "without": list(entry.without),
        "only": list(entry.only),
    }
    return json.dumps({name: value for name, value in asked.items() if value}, ensure_ascii=False)


def entry_from_json(problem: Problem, guided: bool, level: str, text: str) -> Entry:
    """Return the entry that :func:`entry_json` stored."""
    asked = json.loads(text)
    choices, without, only = (tuple(asked.get(name, ())) for name in ("choices", "without", "only"))
    return Entry(problem, guided, asked.get("points", {}), choices, level, without, only)


def params_json(variant: Variant) -> str:
    """Return the parameters of a variant as they are stored."""
    return json.dumps(encode(dict(variant.params)), ensure_ascii=False, separators=(",", ":"))


def mistakes_json(attempt: Attempt) -> str:
    """Return, for each mistake, the parts whose answer it changes, as they are stored."""
    mistaken = attempt.variant.mistaken_answers(guided=attempt.entry.guided)
    changes = {mistake.name: [part for part in changed if part in attempt.parts] for mistake, changed in mistaken}
    return json.dumps({name: parts for name, parts in changes.items() if parts}, ensure_ascii=False)
