"""A sheet for Moodle's question bank: a category for each question, with its variants.

See https://docs.moodle.org/en/Moodle_XML_format and https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.errors.language import phrase, using
from generator.export import cloze, moodle_xml
from generator.export.gaps import SIZES
from generator.export.identities import tag, tag_of_several
from generator.export.losses import Losses
from generator.export.moodle_questions import Questions
from generator.export.rules.moodle import check
from generator.export.target import Options, Target, Written
from generator.export.together import parts_together, variants_together
from generator.export.tree import Blocks, Choice, Claims, Computed, Export, Part, Problem, Variant

NEXT_STEP = (
    "in the course's question bank choose Import, the Moodle XML format and this file; then in the quiz add “a random question” "
    "from each category, and set its mark. Importing again adds the questions once more."
)


def write(export: Export, options: Options) -> Written:
    """Write the questions."""
    with using(export.language):
        writer = _Writer(export, options)
        return Written({"": moodle_xml.quiz(writer.questions())}, writer.losses(), NEXT_STEP)


class _Writer:
    def __init__(self, export: Export, options: Options) -> None:
        self._export = export
        self._hints = options.hints is not False
        self._write = Questions(export, hints=self._hints, solutions=options.solutions is not False)
        self._together = options.together
        self._losses = Losses()
        self._marks: dict[str, tuple[int, int]] = {}
        self._categories: set[str] = set()

    def questions(self) -> Iterator[str]:
        """Yield the categories and their questions."""
        for problem in self._export.problems:
            joined = self._joinable(problem) if self._together else []
            if joined:
                yield from self._joined(problem, joined)
            for part in problem.parts:
                if part in joined:
                    yield from self._reasons(part)
                else:
                    yield from self._part(part)
                    if self._together and len(problem.parts) > 1:
                        self._losses.add_part(_LOST["apart"], part.id)

    def losses(self) -> tuple[str, ...]:
        """Return what Moodle cannot say."""
        for title, (points, weights) in self._marks.items():
            self._losses.add(
                f"is the mark to set for “{title}” in the quiz: Moodle says {weights}, one for each gap", points
            )
        return self._losses.lines

    def _category(self, title: str, identity: str) -> str:
        """Return a category of its own, whatever the titles of others."""
        name = moodle_xml.name(title)
        if name in self._categories:
            name = moodle_xml.name(title, f" ({identity})")
        self._categories.add(name)
        return moodle_xml.category(self._export.title, name)

    # ------------------------------------------------------------------------------------------- one part

    def _part(self, part: Part) -> Iterator[str]:
        if part.kind == "claims":
            if cloze.fits(part):
                yield from self._with_gaps(part)
            yield from self._reasons(part)
            return
        if part.kind not in ("number", "choice", "essay") and cloze.fits(part):
            yield from self._with_gaps(part)
            return
        yield self._category(part.title, part.id)
        write = self._write.essay
        if part.kind == "number":
            write = self._write.numerical
            self._note_decimals(part)
        elif part.kind == "choice" and all(_can_be_chosen(one.answer) for one in part.variants):
            write = self._write.multichoice
        else:
            self._losses.add_part(_LOST["essays" if part.kind == "essay" else "as essays"], part.id)
        for variant in part.variants:
            yield write(part, variant)

    def _reasons(self, part: Part) -> Iterator[str]:
        """Yield the essays for the reasons of claims."""
        if not any(isinstance(one.answer, Claims) and one.answer.reason_points for one in part.variants):
            return
        self._losses.add_part(_LOST["reasons"], part.id)
        title = f"{part.title}: {phrase('worksheet.because')}"
        yield self._category(title, f"{part.id}-reasons")
        for variant in part.variants:
            yield self._write.reasons(part, variant, title)

    def _note_decimals(self, part: Part) -> None:
        if part.kind not in SIZES and not all(_is_whole(one.answer) for one in part.variants):
            self._losses.add_part(_LOST["decimals"], part.id)

    # ----------------------------------------------------------------------------------------- with gaps

    def _with_gaps(self, part: Part) -> Iterator[str]:
        yield self._category(part.title, part.id)
        for variant in part.variants:
            names = (part.title, part.id, variant.id)
            gaps = [self._gaps(part, variant)]
            self._note_mark(part.title, gaps)
            yield self._write.cloze(names, tag(part, variant), variant.prompt, gaps, variant.solution, part.tags)

    def _joined(self, problem: Problem, parts: Sequence[Part]) -> Iterator[str]:
        yield self._category(problem.title, problem.id)
        for whole in variants_together(problem, parts):
            gaps = [self._gaps(one.part, one.variant, one.labelled_prompt) for one in whole.parts]
            self._note_mark(problem.title, gaps)
            names = (problem.title, problem.id, whole.id)
            fields = [(part.id, len(piece.points)) for part, piece in zip(parts, gaps, strict=True)]
            note = tag_of_several(problem.id, whole.id, fields)
            yield self._write.cloze(names, note, whole.preamble, gaps, whole.solution, parts[0].tags)

    def _joinable(self, problem: Problem) -> list[Part]:
        """Return the parts of a problem that can stand in one question; none where those are fewer than two."""
        parts = parts_together(problem, [part for part in problem.parts if cloze.fits(part)])
        return parts if len(parts) > 1 else []

    def _gaps(self, part: Part, variant: Variant, before: Blocks = ()) -> cloze.Gaps:
        if isinstance(variant.answer, Computed):
            self._note_decimals(part)
        return cloze.gaps(part, variant, before, hints=self._hints)

    def _note_mark(self, title: str, gaps: Iterable[cloze.Gaps]) -> None:
        points = [one for piece in gaps for one in piece.points]
        weight = sum(cloze.weights(points))
        if weight != sum(points):
            self._marks[title] = (int(sum(points)), weight)


def _is_whole(answer: object) -> bool:
    return isinstance(answer, Computed) and all(one.number.exact.lstrip("-").isdecimal() for one in answer.entries)


def _can_be_chosen(answer: object) -> bool:
    return isinstance(answer, Choice) and cloze.can_be_chosen(answer)


_LOST = {
    "essays": ("essay is to be marked by hand in Moodle", "essays are to be marked by hand in Moodle"),
    "reasons": (
        "question of true or false has its reasons in an essay of its own, to be marked by hand",
        "questions of true or false have their reasons in essays of their own, to be marked by hand",
    ),
    "as essays": (
        "long answer has more numbers than gaps are good for: it is an essay, to be marked by hand",
        "long answers have more numbers than gaps are good for: they are essays, to be marked by hand",
    ),
    "decimals": (
        "question compares decimals of three digits: a fraction or a root cannot be typed in Moodle (`stack` takes them)",
        "questions compare decimals of three digits: fractions and roots cannot be typed in Moodle (`stack` takes them)",
    ),
    "apart": (
        "part cannot stand with the others of its problem: it is a question of its own, with a draw of its own",
        "parts cannot stand with the others of their problems: they are questions of their own, each with a draw of its own",
    ),
}  # fmt: skip

TARGET = Target(
    "moodle", "Moodle", "xml", write, check, takes=frozenset({"hints", "solutions", "together"}), answers_return=True
)
