"""Tables of a class's marks for a spreadsheet: the grades, what is left to a person, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.grading.class_marks import PaperMarks, PartMarks, ProblemMarks
from generator.grading.given_points import points_text
from generator.grading.summary import PartSummary

_OWNER = ("student", "name", "section", "form", "paper")


def grades_table(papers: Sequence[PaperMarks], parts: Sequence[PartSummary]) -> Iterator[Sequence[str]]:
    """Yield a header, and for each paper its points by part, the total, all points, and what is left to a person.

    A part without an answer, and without points that a person gave, is empty.
    """
    yield (*_OWNER, *(one.label for one in parts), "total", "of", "left to a person", "not readable", "final")
    for paper in papers:
        by_part = {(problem.place, part.id): part for problem, part in paper.parts}
        points = [_points(by_part.get((one.place, one.part))) for one in parts]
        totals = (points_text(paper.points), str(paper.most), str(paper.left), str(paper.unread))
        yield (*_owner(paper), *points, *totals, "no" if paper.left else "yes")


def _owner(paper: PaperMarks) -> tuple[str, ...]:
    student = paper.student
    return student.id, student.name, student.section, student.form, paper.paper


def _points(part: PartMarks | None) -> str:
    if part is None or (part.given is None and (part.marked is None or part.marked.points is None)):
        return ""
    return points_text(part.points)


def left_table(papers: Sequence[PaperMarks]) -> Iterator[Sequence[str]]:
    """Yield a header, and each part that is left to a person: with its points filled in, a file for ``--marks``."""
    yield ("student", "form", "problem", "part", "points", "for", "comment", "of", "answer")
    for paper in papers:
        for problem, part in paper.parts:
            if part.left:
                purpose, most = ("all", part.most) if part.is_unread else ("", part.manual_points)
                yield (
                    paper.student.id, paper.student.form or part.form, str(problem.place), part.label, "", purpose, "", str(most), part.answer or ""
                )  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A part whose points, comment or answer are not what they were."""

    paper: PaperMarks
    problem: ProblemMarks
    part: PartMarks
    before: PartMarks


def changes(paper: PaperMarks, before: PaperMarks | None) -> Iterator[Change]:
    """Yield what changed since a paper was marked before; nothing where it was not."""
    if before is None:
        return
    earlier = {(problem.place, part.id): part for problem, part in before.parts}
    for problem, part in paper.parts:
        known = earlier.get((problem.place, part.id))
        if known is not None and (known.points, known.answer, known.given) != (part.points, part.answer, part.given):
            yield Change(paper, problem, part, known)


def changes_table(found: Sequence[Change]) -> Iterator[Sequence[str]]:
    """Yield a header, and a row for each change."""
    yield (*_OWNER, "problem", "part", "points before", "points now", "answer before", "answer now")
    for one in found:
        numbers = (_points(one.before), _points(one.part))
        answers = (one.before.answer or "", one.part.answer or "")
        yield (*_owner(one.paper), str(one.problem.place), one.part.label, *numbers, *answers)
