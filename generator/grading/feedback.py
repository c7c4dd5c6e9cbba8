"""A student's feedback, to be sent as it is: a page and a Markdown file with what was asked, answered, right and wrong.

Each part shows the question, her answer as it was read, the right one, the worked solution with her wrong step and what
follows from there, her points, and what a person wrote to her.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from generator.document.keyless import without_key
from generator.document.nodes import Block, Emphasis, Exercise, Figure, Image, Paragraph, Question, Text
from generator.errors.language import phrase
from generator.grading import messages
from generator.grading.class_marks import PaperMarks, PartMarks, ProblemMarks
from generator.grading.given_points import points_text
from generator.grading.grader import Grader
from generator.grading.wrong_step import SolutionLine, WrongStep, find_wrong_step
from generator.paper.paper import exercise
from generator.paper.students import file_stem
from generator.problem.words import Essay
from generator.render.escaping import fenced
from generator.render.messages import message_html
from generator.render.paths import templates_folder
from generator.render.renderer import FORMATS, WITHOUT_FIGURES, count_of, renderer

FOLDER = "feedback"
TEMPLATES = templates_folder() / "feedback"


@dataclass(frozen=True)
class PaperFeedback:
    """What a student's feedback is made from."""

    paper: PaperMarks
    graders: Sequence[Grader]


@dataclass(frozen=True)
class PartView:
    """A part as the templates show it; ``marks`` is None for one that only introduces its sub-parts."""

    label: str
    question: Question
    solved: Question
    marks: PartMarks | None
    wrong: WrongStep | None = None
    words: bool = False

    @property
    def anchor(self) -> str:
        """The label as a name within the page."""
        return self.label.replace(")(", "-").strip("()")

    @property
    def lines(self) -> Sequence[SolutionLine]:
        """The worked solution, with the wrong step marked where it is known."""
        if self.wrong is not None and self.wrong.lines:
            return self.wrong.lines
        key = self.solved.key
        return [SolutionLine(step, "right") for step in key.steps] if key is not None else ()

    @property
    def head(self) -> str:
        """Return ``2 of 3 points``, and what is left to a person."""
        part = self.marks
        if part is None:
            return ""
        if part.left == part.most:
            return phrase("feedback.points_left", points=count_of(part.most, "point"))
        rest = phrase("feedback.more_left", count=part.left) if part.left else ""
        return points_of(part.points, part.most) + rest

    @property
    def status(self) -> str:
        """The kind of result: ``correct``, ``partial``, ``wrong``, ``invalid``, ``human`` or ``blank``."""
        part = self.marks
        if part is None:
            return ""
        by_person = part.marked is None or part.marked.status == "human"
        if part.is_overridden or (part.given is not None and by_person):
            return "correct" if part.points == part.most else "partial" if part.points else "wrong"
        return part.marked.status if part.marked is not None else "blank"

    @property
    def verdict(self) -> str:
        """The result in words."""
        part = self.marks
        if part is not None and part.marked is None and part.given is None:
            if not part.manual_points or part.empty:
                return phrase("feedback.no_answer")
            return phrase("feedback.to_be_marked")
        if self.status == "partial" and part is not None and part.points == part.most:
            return phrase("feedback.it_follows")
        return phrase(_VERDICTS[self.status])

    @property
    def message(self) -> str:
        """The grader's message, where it says more than the verdict."""
        marked = self.marks.marked if self.marks is not None else None
        if marked is None or (marked.status == "correct" and not marked.rounded) or marked.status == "human":
            return ""
        return "" if marked.message == messages.not_right() else marked.message

    @property
    def message_html(self) -> str:
        """The message as HTML."""
        return message_html(self.message)

    @property
    def flag(self) -> str:
        """What stands at the wrong step, in Markdown."""
        wrong = self.wrong
        if wrong is not None and wrong.elsewhere:
            return phrase("feedback.enters_here", name=wrong.name)
        certain = wrong is not None and wrong.certain
        return phrase("feedback.went_wrong_here") if certain else phrase("feedback.must_differ_here")


_VERDICTS = {
    "correct": "feedback.right",
    "partial": "feedback.partly_right",
    "wrong": "feedback.not_right",
    "invalid": "feedback.not_readable",
    "human": "feedback.to_be_marked",
    "blank": "feedback.marked_by_a_person",
}


@dataclass(frozen=True)
class ProblemView:
    """A problem as the templates show it."""

    marks: ProblemMarks
    preamble: tuple[Block, ...]
    solved_preamble: tuple[Block, ...]
    parts: tuple[PartView, ...]

    @property
    def head(self) -> str:
        """Return ``5 of 8 points``."""
        return points_of(self.marks.points, self.marks.most)


def points_of(points: float, most: int) -> str:
    """Return ``2 of 3 points``."""
    return phrase("count.points_of", points=points_text(points), count=most)


def given_points(points: float) -> str:
    """Return ``1 point``, ``2.5 points``."""
    return phrase(
        "count.given_points", count=int(points) if points == int(points) else points, points=points_text(points)
    )


def feedback_files(feedback: PaperFeedback) -> dict[str, bytes]:
    """Return a student's page and her Markdown file by their paths."""
    paper = feedback.paper
    problems = tuple(_problem(grader, marks) for grader, marks in zip(feedback.graders, paper.problems, strict=True))
    stem = f"{FOLDER}/{file_stem(paper.student.id)}"
    page = _text("html", paper, problems)
    words = _text("md", paper, tuple(_without_drawings(one) for one in problems))
    return {f"{stem}.html": page.encode(), f"{stem}.md": words.encode()}


def _text(form: str, paper: PaperMarks, problems: tuple[ProblemView, ...]) -> str:
    return renderer(FORMATS[form], TEMPLATES).text(
        f"feedback.{form}.j2",
        paper=paper,
        problems=problems,
        name=paper.student.name or paper.student.id,
        message_html=message_html,
        points_of=points_of,
        points=given_points,
        fenced=fenced,
    )


# ---------------------------------------------------------------------------------------------- views


def _problem(grader: Grader, marks: ProblemMarks) -> ProblemView:
    solved = exercise(grader.variant, marks.place, grader.entry)
    asked = without_key(solved)
    parts = tuple(_parts(grader, marks, asked, solved))
    return ProblemView(marks, asked.preamble, solved.preamble, parts)


def _parts(grader: Grader, marks: ProblemMarks, asked: Exercise, solved: Exercise) -> Iterator[PartView]:
    by_id = {part.id: part for part in marks.parts}
    earlier: dict[str, str] = {}
    for (label, question), (_, with_key) in zip(_labelled(asked.parts), _labelled(solved.parts), strict=True):
        part = by_id.get(question.id)
        if part is None:
            yield PartView(label, question, with_key, None)
            continue
        wrong = None
        if part.answer is not None:
            if not grader.key_only and part.marked is not None and part.marked.status in ("wrong", "partial"):
                wrong = find_wrong_step(grader, part.id, part.answer, earlier=dict(earlier))
            earlier[part.id] = part.answer
        yield PartView(label, question, with_key, part, wrong, isinstance(grader.parts[part.id].answer, Essay))


def _labelled(questions: Sequence[Question], before: str = "") -> Iterator[tuple[str, Question]]:
    """Yield each question with its label, ``(c)(i)``, before its parts."""
    for question in questions:
        label = f"{before}({question.label})"
        yield label, question
        yield from _labelled(question.parts, label)


def _without_drawings(node: Any) -> Any:
    """Return the same with words in place of drawings: a Markdown file that is sent has no pictures beside it."""
    if type(node) in WITHOUT_FIGURES:
        return node
    if isinstance(node, Figure):
        return Paragraph((Emphasis((Text(phrase("feedback.figure", title=node.scene.title)),)),))
    if isinstance(node, Image):
        return Paragraph((Emphasis((Text(phrase("feedback.picture", description=node.alt)),)),))
    if isinstance(node, tuple | list):
        return tuple(_without_drawings(child) for child in node)
    if is_dataclass(node) and not isinstance(node, type | PartMarks | ProblemMarks):
        changed = {one.name: _without_drawings(getattr(node, one.name)) for one in fields(node) if one.init}
        return replace(node, **changed)
    return node
