"""What a student reads about her whole paper: one Markdown file."""

from __future__ import annotations

import re

from generator.document.nodes import Text
from generator.grading.class_marks import PaperMarks, PartMarks, ProblemMarks
from generator.render.escaping import one_line
from generator.render.renderer import FORMATS, count_of, renderer

_BACKTICKS = re.compile(r"`{3,}")


def feedback(paper: PaperMarks) -> str:
    """Her points and the message on every part that she answered."""
    whose = paper.student.name or paper.student.id
    lines = [f"# {_plain(paper.sheet)}: feedback for {_plain(whose)}", ""]
    lines.append(
        f"**{paper.points} of {count_of(paper.max_points, 'point')}**{_rest(paper.by_hand)}. Paper {_plain(paper.paper)}."
    )
    for problem in paper.problems:
        lines += ["", *_of_problem(problem)]
    return "\n".join(lines) + "\n"


def _rest(by_hand: int) -> str:
    return f"; {by_hand} more are a person's to give" if by_hand else ""


def _of_problem(problem: ProblemMarks) -> list[str]:
    points = sum(part.points for part in problem.parts)
    most = sum(part.max_points for part in problem.parts)
    lines = [f"## {problem.place} {_plain(problem.title)} ({points} of {most})"]
    for part in problem.parts:
        lines += ["", f"### {_plain(part.id)}: {_head(part)}"]
        if part.marked is not None and part.answer is not None:
            lines += ["", *_quoted(part.answer), "", part.marked.message]
    return lines


def _head(part: PartMarks) -> str:
    if part.marked is None:
        return f"no answer ({count_of(part.max_points or part.by_hand, 'point')})"
    if part.marked.points is None:
        return f"for a person to mark ({count_of(part.by_hand, 'point')})"
    return f"{part.marked.status}, {part.marked.points} of {part.marked.max_points}"


def _quoted(answer: str) -> list[str]:
    """The answer as typed, in a fence that it cannot close."""
    longest = max((len(found) for found in _BACKTICKS.findall(answer)), default=2)
    fence = "`" * (longest + 1)
    return [fence + "text", *(one_line(line) for line in answer.strip().splitlines()), fence]


def _plain(text: str) -> str:
    return str(renderer(FORMATS["md"]).node((Text(text),)))
