"""The worked solution of a part, with the place marked where a student's answer went wrong.

What the student did is known from earlier values that were given, or from the mistake that leads to the answer; otherwise only
the answer is known.  Either way there are values that are the student's, and the worked steps filled from them say what should
have followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from generator.document.nodes import BoxedAnswer
from generator.grading import messages
from generator.grading.diagnose import Diagnoser, Diagnosis
from generator.grading.follow import Followed, follow
from generator.grading.nesting import TypedValue, depth_of, reshaped_like
from generator.grading.reading.answers import entry_depth
from generator.grading.solve_again import STEP_ERRORS
from generator.numbers import exact as ex
from generator.numbers import notation
from generator.practice.attempts import Attempt
from generator.practice.store.state import Submission
from generator.practice.worked_steps import (
    Blocks,
    after_leaf,
    first_changed_step,
    highlight,
    single_changes,
    with_values,
    worked_steps,
)
from generator.problem.answers import Answer
from generator.problem.solution import Values

Status = Literal["right", "here", "after"]


@dataclass(frozen=True)
class SolutionLine:
    """A line of the worked solution.

    In a line with the status ``here`` the formula that went wrong is strong; a line ``after`` depends on it.  ``yours`` is what
    follows from the student's values instead: of a line ``here``, what comes after that formula; empty where nothing does.
    """

    blocks: Blocks
    status: Status
    yours: Blocks = ()


@dataclass(frozen=True)
class WrongStep:
    """Where an answer went wrong.

    ``step`` is the first quantity that is wrong; ``right`` and ``yours`` are its values and ``follows`` the answer that follows
    from the student's value, all as TeX, empty where there is nothing to show.  ``certain`` says whether that step is known to
    be the one, and is not just the first where a difference shows.  ``message`` is Markdown.
    """

    step: str
    certain: bool
    message: str
    right: str
    yours: str
    follows: str
    lines: tuple[SolutionLine, ...]


@dataclass(frozen=True)
class _Cause:
    """What is known about the error: the wrong step, the student's values from there on, and what to say about it."""

    step: str
    values: Values
    certain: bool
    message: str
    follows: str = ""
    in_all_rows: bool = True


def find_wrong_step(attempt: Attempt, submission: Submission) -> WrongStep | None:
    """Return where an answer went wrong; None if it is right, or no step computes it."""
    part_id, answer = submission.part, attempt.part(submission.part).answer
    if answer.step is None or submission.marked.status not in ("wrong", "partial"):
        return None
    variant, key = attempt.variant, attempt.variant.values
    typed = attempt.grader.read(part_id, submission.text)
    value = reshaped_like(typed, key[answer.step]).value
    cause = _cause(attempt, submission, typed)
    places = _places(attempt, part_id, cause, with_values(key, {answer.step: value}))
    right_steps = worked_steps(variant, part_id, key)
    wrong_steps = worked_steps(variant, part_id, cause.values)
    if len(wrong_steps) != len(right_steps):
        wrong_steps = right_steps
    answer_is_all_known = cause.step == answer.step and not cause.certain
    return WrongStep(
        step=cause.step,
        certain=cause.certain,
        message=cause.message,
        right=_tex(key[cause.step]),
        yours=_tex(value if answer_is_all_known else cause.values[cause.step]),
        follows=cause.follows,
        lines=tuple(
            _line(right, wrong, places.get(place))
            for place, (right, wrong) in enumerate(zip(right_steps, wrong_steps, strict=True))
        ),
    )


def _line(right: Blocks, wrong: Blocks, places: frozenset[int] | None) -> SolutionLine:
    if places:  # the highlighted formula filled from the wrong value would look like the student's own computation
        return SolutionLine(highlight(right, places), "here", after_leaf(wrong, max(places)) if wrong != right else ())
    return SolutionLine(right, "after", wrong) if wrong != right else SolutionLine(right, "right")


# ------------------------------------------------------------------------------------------- the cause


def _cause(attempt: Attempt, submission: Submission, typed: TypedValue) -> _Cause:
    answer, variant = attempt.part(submission.part).answer, attempt.variant
    step = answer.step
    assert step is not None
    working = attempt.grader.given(submission.part, submission.working, submission.earlier)
    followed = follow(variant, step, working) if working else Followed()
    diagnoser = Diagnoser(variant)
    if followed.wrong:
        return _from_working(attempt, answer, followed, working, diagnoser)
    diagnosis = diagnoser.diagnose(step, typed, entry_depth(answer, variant.values))
    message = " ".join(messages.causes(diagnosis, variant.values))
    if diagnosis.causes:
        return _from_mistake(attempt, diagnosis, message)
    value = reshaped_like(typed, variant.values[step]).value
    return _Cause(step, with_values(variant.values, {step: value}), False, message)


def _from_working(
    attempt: Attempt, answer: Answer, followed: Followed, working: Mapping[str, TypedValue], diagnoser: Diagnoser
) -> _Cause:
    """Return the cause where an earlier value of the student's is wrong: what follows from it is known."""
    key, first = attempt.variant.values, followed.wrong[0]
    typed = reshaped_like(working[first], key[first])
    message = messages.first_wrong(attempt.variant, first, diagnoser.diagnose(first, typed, depth_of(key[first])))
    if followed.values is None:
        return _Cause(first, with_values(key, {first: typed.value}), True, f"{message} {followed.refusal}")
    return _Cause(first, followed.values, True, message, _answer_tex(answer, followed.values))


def _from_mistake(attempt: Attempt, diagnosis: Diagnosis, message: str) -> _Cause:
    """Return the cause where mistakes lead to the answer: the first of their steps that comes out wrong.

    Of several possible causes it is the first, which is then not certain.
    """
    key, graph = attempt.variant.values, attempt.variant.problem.graph
    replaced = {name: step for mistake in diagnosis.causes[0] for name, step in mistake.replaced.items()}
    values = graph.with_steps(key, replaced)
    changed = (
        name for name in graph.names if name in replaced and name in values and not ex.same(values[name], key[name])
    )
    first = next(changed, next(iter(replaced)))
    return _Cause(first, values, len(diagnosis.causes) == 1, message, in_all_rows=not diagnosis.where)


def _answer_tex(answer: Answer, values: Values) -> str:
    """Return the answer as the key would print it; empty where the values give none, such as an option not offered."""
    with suppress(*STEP_ERRORS):
        shown = answer.shown(values)
        return shown.tex if isinstance(shown, BoxedAnswer) else ""
    return ""


def _tex(value: Any) -> str:
    """Return a value for display; empty for a word, which stands for an option."""
    return "" if isinstance(value, str) else notation.tex(value)


# ------------------------------------------------------------------------------------------- the place


def _places(attempt: Attempt, part_id: str, cause: _Cause, from_answer: Values) -> dict[int, frozenset[int]]:
    """Return, for each line in which the wrong step is computed, the leaves that show it.

    Each wrong entry is looked up separately, at the first place where it changes anything: later places use it.
    """
    variant, key = attempt.variant, attempt.variant.values
    steps = worked_steps(variant, part_id, key)
    found: dict[int, set[int]] = {}
    for changed in single_changes(key.get(cause.step), cause.values.get(cause.step)):
        place = first_changed_step(steps, worked_steps(variant, part_id, with_values(key, {cause.step: changed})))
        if place is not None:
            found.setdefault(place[0], set()).add(place[1])
    first = first_changed_step(steps, worked_steps(variant, part_id, cause.values))
    if first is not None and (not found or first < min((line, min(leaves)) for line, leaves in found.items())):
        found.setdefault(first[0], set()).add(
            first[1]
        )  # a value that depends on the step is shown before the step itself
    if not cause.in_all_rows:  # made in some rows only: those in which the answer is wrong
        others = worked_steps(variant, part_id, from_answer)
        wrong = {line for line, (a, b) in enumerate(zip(steps, others, strict=False)) if a != b}
        found = {line: leaves for line, leaves in found.items() if line in wrong} or found
    return {line: frozenset(leaves) for line, leaves in found.items()}
