"""The wrong step in the worked solution of an answer that was handed in and graded with a class."""

from __future__ import annotations

from collections.abc import Mapping

from generator.grading.compare import compare
from generator.grading.grader import Grader
from generator.grading.marks import Marked
from generator.grading.nesting import depth_of, reshaped_like
from generator.grading.reading.answers import entry_depth
from generator.practice.attempts import Attempt
from generator.practice.pointing import WrongStep, find_wrong_step
from generator.practice.store.state import Submission


def wrong_step_of_answer(
    grader: Grader, part: str, answer: str, earlier: Mapping[str, str], marked: Marked
) -> WrongStep | None:
    """Return where an answer went wrong, if more than its rounding is; ``earlier`` are the answers to earlier parts."""
    if _is_only_rounded(grader, part, answer):
        return None
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


def _is_only_rounded(grader: Grader, part: str, text: str) -> bool:
    """Return whether every entry is right but for its rounding, which ``--exact`` does not accept."""
    answer = grader.parts[part].answer
    if answer is None or answer.step is None:
        return False
    values = grader.variant.values
    right, depth = answer.value(values), entry_depth(answer, values)
    typed = grader.read(part, text)
    typed = reshaped_like(typed, right) if depth == depth_of(right) else typed
    compared = compare(typed, right, depth, decimals=True)
    return compared is not None and (compared.all_right or compared.only_rounding)
