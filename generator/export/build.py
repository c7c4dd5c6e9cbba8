"""From a sheet to the tree that every target writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Protocol

from generator.document import nodes
from generator.document.keyless import without_key
from generator.document.prose import nodes as prose_nodes
from generator.errors import InputError, near
from generator.errors.language import phrase, using
from generator.export import text
from generator.export.answers import answer_of, kind_of, known_mistakes
from generator.export.figures import Pictures
from generator.export.pool import Drawn, Exercise, draw_pool
from generator.export.together import labelled
from generator.export.tree import Block, Blocks, Computed, Criterion, Export, Kind, Part, Problem, Variant, figures_in
from generator.grading.answered_parts import AnsweredParts
from generator.paper.asked import asked_parts, needed_by
from generator.paper.labels import names_on_platforms, part_labels
from generator.paper.origin import Seed
from generator.paper.paper import numbered
from generator.paper.record import variant_letters
from generator.paper.secret import Secret
from generator.paper.sheet import Sheet
from generator.paper.students import NOBODY, Student
from generator.problem import parts as problem_parts
from generator.problem import problem as problems
from generator.problem.choices import Subsets
from generator.problem.plain import question_ids
from generator.problem.word_answers import Words
from generator.tex.pdf import EngineName

UNLIMITED = nullcontext()
"""Any time that it takes."""


class Progress(Protocol):
    """Called with how many variants were just drawn, or written, and what is done now."""

    def __call__(self, count: int, what: str) -> None: ...


def nobody_watches(count: int, what: str) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class Wanted:
    """What is to be exported: ``count`` variants of each problem, of these parts ``only`` or of all but those ``without``.

    With a ``secret`` nobody else can draw the variants; ``avoid`` are exercises that must not be among them.  ``with_png``
    has the drawings made as PNG, by this ``engine`` of TeX.  A ``student`` has variants of her own.  ``limit`` is entered for
    each variant that is drawn, and for each that is read: however many there are, none may take for ever.  ``progress`` is
    called for each of both: see :meth:`steps`.
    """

    seed: Seed = 1
    count: int = 10
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    secret: Secret | None = None
    avoid: frozenset[Exercise] = frozenset()
    with_png: bool = False
    engine: EngineName | None = None
    student: Student = NOBODY
    limit: AbstractContextManager[None] = UNLIMITED
    progress: Progress = nobody_watches

    def steps(self, sheet: Sheet) -> int:
        """Return how much ``progress`` will count: the variants of the sheet, and those of its problems; plain questions have one."""
        return self.count + sum(1 if entry.is_plain else self.count for entry in sheet.entries)


def drawn_for(sheet: Sheet, wanted: Wanted) -> list[Drawn]:
    """Return the variants of an export; raises :class:`InputError` where a problem has too few."""
    pool = draw_pool(sheet, wanted.seed, wanted.count, wanted.secret, wanted.avoid, wanted.student.id)
    drawn: list[Drawn] = []
    while True:
        with wanted.limit:
            one = next(pool, None)
        if one is None:
            return drawn
        drawn.append(one)
        wanted.progress(1, "variants")


def build(sheet: Sheet, wanted: Wanted, drawn: Sequence[Drawn] | None = None) -> Export:
    """Return the sheet as a tree of the variants that are ``drawn``, or of those that are ``wanted``.

    Raises :class:`InputError` where a problem has too few variants, or a part that is named is not asked.
    """
    pictures = Pictures()
    with using(sheet.language):
        made = _Builder(sheet, wanted, pictures).export(drawn_for(sheet, wanted) if drawn is None else drawn)
    wanted.progress(0, "pictures")
    return replace(made, figures=pictures.made(sheet, wanted.engine, with_png=wanted.with_png))


def build_each(sheet: Sheet, wanted: Wanted, students: Iterable[Student]) -> Iterator[Export]:
    """Yield the sheet as a tree for each student; the pictures of all are made at once."""
    pictures = Pictures()
    with using(sheet.language):
        made = [
            _Builder(sheet, one, pictures).export(drawn_for(sheet, one))
            for one in (replace(wanted, student=student) for student in students)
        ]
    wanted.progress(0, "pictures")
    figures = pictures.made(sheet, wanted.engine, with_png=wanted.with_png)
    yield from (replace(one, figures={name: figures[name] for name in _all_figures(one)}) for one in made)


@dataclass(frozen=True)
class _Written:
    """One variant of a part, with what all variants of a question have in common."""

    kind: Kind
    points: int
    label: str
    variant: Variant


class _Builder:
    def __init__(self, sheet: Sheet, wanted: Wanted, pictures: Pictures) -> None:
        self._sheet = sheet
        self._wanted = wanted
        self._pictures = pictures
        self._omitted: list[str] = []
        self._ids = names_on_platforms(one.problem.id for one in sheet.entries)

    def export(self, drawn: Sequence[Drawn]) -> Export:
        wanted = self._wanted
        found = [
            self._problem(place, *exported) for place, exported in enumerate(exported_variants(self._sheet, drawn))
        ]
        self._check_names(found)
        chosen = tuple(problem for one in found if (problem := self._chosen(one)).parts)
        if not chosen:
            raise InputError("no part is left to export", field="--without" if wanted.without else "--parts")
        instructions = prose_nodes(self._sheet.instructions, {}) if self._sheet.instructions else ()
        return Export(
            sheet=self._sheet.name,
            title=self._sheet.title,
            language=self._sheet.language,
            instructions=text.blocks(instructions, self._pictures.name),
            problems=chosen,
            omitted=tuple(self._omitted),
            student=wanted.student,
        )

    def _check_names(self, found: Sequence[Problem]) -> None:
        there = {name for one in found for part in one.parts for name in (part.id, part.id.partition(".")[2], one.id)}
        for field, names in (("--parts", self._wanted.only), ("--without", self._wanted.without)):
            for name in names:
                if name not in there:
                    listed = ", ".join(part.id for one in found for part in one.parts)
                    raise InputError(
                        f"the sheet {self._sheet.name} asks no part {name!r}{near(name, there)}; it asks {listed}",
                        field=field,
                    )

    def _chosen(self, one: Problem) -> Problem:
        def named(part: Part, names: Collection[str]) -> bool:
            return bool({part.id, part.id.partition(".")[2], one.id} & {*names})

        parts = [
            part
            for part in one.parts
            if (not self._wanted.only or named(part, self._wanted.only)) and not named(part, self._wanted.without)
        ]
        return replace(one, parts=tuple(parts))

    def _problem(self, place: int, variants: Sequence[problems.Variant], pick: int) -> Problem:
        entry = self._sheet.entries[place]
        name = self._ids[place]
        found: dict[str, list[_Written]] = defaultdict(list)
        for variant in variants:
            with self._wanted.limit:
                asked = list(self._parts(place, variant))
            self._wanted.progress(1, "questions")
            for part, written in asked:
                if not (pick and found[part]):
                    found[part].append(written)
        heading = entry.style.title or entry.problem.heading
        tags = (entry.problem.id, entry.problem.topic, entry.level)
        parts = tuple(self._pooled(f"{name}.{part}", heading, tags, written) for part, written in found.items())
        return Problem(name, heading, parts, tuple(dict.fromkeys(map(variant_letters, variants))), pick)

    def _pooled(self, part: str, heading: str, tags: tuple[str, ...], written: Sequence[_Written]) -> Part:
        """Return a part with those of its variants that are of one kind and worth the same, as most are."""
        (kind, points), _ = Counter((one.kind, one.points) for one in written).most_common(1)[0]
        alike = [one for one in written if (one.kind, one.points) == (kind, points)]
        if len(alike) < len(written):
            self._omitted.append(
                f"{len(written) - len(alike)} of {len(written)} variants of {part}: their points, or their kind of answer, differ "
                "from those of the others"
            )
        label = alike[0].label
        return Part(part, kind, points, f"{heading} {label}", label, tags, tuple(one.variant for one in alike))

    def _parts(self, place: int, variant: problems.Variant) -> Iterator[tuple[str, _Written]]:
        """Yield the answered parts of a variant by their ids."""
        entry = self._sheet.entries[place]
        exercise = numbered(self._sheet, place + 1, variant)
        asked = asked_parts(variant, entry)
        answered = AnsweredParts(variant, entry)
        labels = part_labels(asked)
        prompts = _Prompts(without_key(exercise), asked, labels, self._pictures)
        for question in nodes.every_question(exercise):
            part = answered.parts.get(question.id)
            if part is None or question.key is None:
                continue
            answer = answered.answer(part.id)
            if isinstance(answer, Subsets):
                self._note(
                    f"{self._ids[place]}.{part.id} asks for letters for each of several labels: here it is multiple choice"
                )
            if isinstance(answer, Words):
                self._note(f"{self._ids[place]}.{part.id} asks for words that are typed: here it is multiple choice")
            made = answer_of(answer, variant, question, self._pictures.name)
            one = Variant(
                id=variant_letters(variant),
                prompt=prompts.of(part.id),
                answer=made,
                pieces=prompts.pieces(part.id),
                solution=self._solution(question, made),
                rubric=tuple(
                    Criterion(f"line-{number}", line.points, text.line(line.text))
                    for number, line in enumerate(question.key.rubric, start=1)
                ),
            )
            one = known_mistakes(one, answer, variant, answered, part.id)
            points = question.points - sum(inner.points for inner in question.parts)
            yield part.id, _Written(kind_of(answer, variant.values), points, labels[part.id], _with_figures(one))

    def _note(self, what: str) -> None:
        """Note once what of the sheet is in the export in another form."""
        if what not in self._omitted:
            self._omitted.append(what)

    def _solution(self, question: nodes.Question, answer: object) -> Blocks:
        key = question.key
        assert key is not None
        found: list[Block] = []
        if isinstance(key.answer, nodes.ModelAnswer):
            found += text.blocks(key.answer.blocks, self._pictures.name, filled=True)
        for step in key.steps:
            found += text.blocks(step, self._pictures.name, filled=True)
        if isinstance(key.answer, nodes.BoxedAnswer) and isinstance(answer, Computed):
            found.append({"p": [phrase("export.answer"), {"tex": text.portable(key.answer.tex)}]})
        claims = [space for space in question.spaces if isinstance(space, nodes.ClaimSpace)]
        for claim in claims:
            verdict = {"strong": [phrase("export.true" if claim.verdict else "export.false")]}
            reason = text.blocks(claim.reason, self._pictures.name, filled=True)
            first = (
                [{"p": [verdict, " ", *reason[0]["p"]]}]
                if reason and "p" in reason[0]
                else [{"p": [verdict]}, *reason[:1]]
            )
            found += [*first, *reason[1:]]
        return found


class _Prompts:
    """What each part of an exercise asks, complete in itself: the text before the parts, those that it needs, and its own."""

    def __init__(
        self,
        exercise: nodes.Exercise,
        asked: Iterable[problem_parts.Part],
        labels: Mapping[str, str],
        pictures: Pictures,
    ) -> None:
        self._exercise = exercise
        self._labels = labels
        self._pictures = pictures
        self._questions = {one.id: one for one in nodes.every_question(exercise)}
        parts = list(problem_parts.walk(asked))
        self._needs = {
            part.id: needed_by(part) | {before.id for before in parts[:place] if before.needed}
            for place, part in enumerate(parts)
        }
        self._above = dict(_above(exercise))

    def of(self, part: str) -> Blocks:
        """Return the blocks of a part's question; where it quotes others, each has its label."""
        *before, (_, own) = self.pieces(part)
        has_others = {name for name, _ in before} - {"", *self._above[part]}
        own = labelled(self._labels[part], own) if has_others else own
        return [*(block for _, body in before for block in body), *own]

    def pieces(self, part: str) -> tuple[tuple[str, Blocks], ...]:
        """Return what a part's question is made of, by the ids of the questions; what stands before them has none.

        Others than those that the part belongs to have their labels.
        """
        own = self._own(part)
        others = [name for name in self._questions if name in self._all_needed(own) and name not in own]
        return (
            ("", self._blocks(self._exercise.preamble)),
            *((name, labelled(self._labels[name], self._blocks(self._questions[name].body))) for name in others),
            *((name, self._blocks(self._questions[name].body)) for name in own),
        )

    def _own(self, part: str) -> list[str]:
        return [*self._above[part], part]

    def _blocks(self, content: Iterable[nodes.Block]) -> Blocks:
        return text.blocks(content, self._pictures.name)

    def _all_needed(self, names: Iterable[str]) -> set[str]:
        found = list(names)
        for name in found:
            found += [other for other in self._needs[name] if other in self._questions and other not in found]
        return {*found}


def _above(node: nodes.Exercise | nodes.Question, names: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each question's id with those of the questions that it is a part of."""
    for question in node.parts:
        yield question.id, names
        yield from _above(question, (*names, question.id))


def _with_figures(variant: Variant) -> Variant:
    """Return a variant with the ids of its pictures."""
    found: dict[str, None] = {}
    answer = variant.answer
    for content in (variant.prompt, variant.solution, *_texts(answer)):
        found |= dict.fromkeys(figures_in(content))
    return replace(variant, figures=tuple(found))


def _all_figures(export: Export) -> Iterator[str]:
    """Yield the ids of all pictures of an export."""
    yield from figures_in(export.instructions)
    for part in export.parts:
        for variant in part.variants:
            yield from variant.figures


def _texts(answer: object) -> Iterator[Blocks]:
    for option in getattr(answer, "options", ()):
        yield option.text
    for statement in getattr(answer, "statements", ()):
        yield statement.text
        yield statement.reason


def exported_variants(sheet: Sheet, drawn: Sequence[Drawn]) -> Iterator[tuple[Sequence[problems.Variant], int]]:
    """Yield the variants of each problem that are exported, and of a pool of plain questions how many a paper has (else 0).

    Plain questions have one variant, and a pool of them so many that all its questions are there.
    """
    for place, entry in enumerate(sheet.entries):
        variants = [one.variants[place] for one in drawn]
        if entry.is_plain and entry.problem.parameters:
            yield _covering(entry.problem)
        else:
            yield variants[:1] if entry.is_plain else variants, 0


def _covering(pool: problems.Problem) -> tuple[list[problems.Variant], int]:
    """Return variants of a pool of plain questions that have all of its questions, and how many of them a paper has."""
    assert pool.original is not None
    names = question_ids(pool)
    pick = len(pool.original["questions"])
    chosen = [names[start : start + pick] for start in range(0, len(names), pick)]
    chosen[-1] = names[-pick:]
    return [pool.variant(pool.read({"questions": one})) for one in chosen], pick
