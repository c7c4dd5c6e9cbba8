"""The wrong step in the worked solution of an answer that was handed in and graded with a class."""

from __future__ import annotations

from collections.abc import Mapping

from generator.grading.grader import Grader
from generator.grading.marks import Marked
from generator.practice.attempts import Attempt
from generator.practice.pointing import WrongStep, find_wrong_step
from generator.practice.store.state import Submission


def wrong_step_of_answer(
    grader: Grader, part: str, answer: str, earlier: Mapping[str, str], marked: Marked
) -> WrongStep | None:
    """Return where an answer went wrong; ``earlier`` are the answers to earlier parts."""
    attempt = Attempt("", grader.variant, grader.entry, started=0.0)
    points = marked.points or 0
    submission = Submission(
        part=part,
        text=answer,
        working={},
        reasons="",
        earlier=earlier,
        at=0.0,
        marked=marked,
        earned=points,
        share=points / marked.max_points if marked.max_points else 0.0,
        hints=0,
        after_solution=False,
    )
    return find_wrong_step(attempt, submission)
