"""The worked solution of a part with the place in it where a student went wrong.

What she did is known from her own earlier values, or from the mistake that leads to her answer; else only her answer is.
In each case there are values that are hers, and the worked steps filled from them say what she should have got from there on.
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
from generator.practice.lines import Line, after, first_difference, marked_at, placed, single_changes, worked_lines
from generator.practice.progress import Submission
from generator.problem.answers import Answer
from generator.problem.solution import Values

Status = Literal["right", "here", "after"]


@dataclass(frozen=True)
class WorkedLine:
    """A line of the worked solution.

    In one with the status ``here`` the formula that she got wrong stands in a :class:`Strong`; one that is ``after`` rests
    on it.  ``yours`` is what follows from her values instead: of a line that is ``here`` what comes after that formula; empty
    where nothing does.
    """

    blocks: Line
    status: Status
    yours: Line = ()


@dataclass(frozen=True)
class WrongTurn:
    """Where she went wrong.

    ``step`` is the quantity that went wrong first; ``right`` and ``yours`` are its values, ``follows`` the answer that
    follows from hers, all as TeX, empty where there is nothing to show.  ``certain`` says whether that step is known, and not
    just the first that can be seen.  ``message`` is Markdown.
    """

    step: str
    certain: bool
    message: str
    right: str
    yours: str
    follows: str
    lines: tuple[WorkedLine, ...]


@dataclass(frozen=True)
class _Turn:
    """What is known of her way: the step that went wrong, her values from there on, and what is to be said."""

    step: str
    values: Values
    certain: bool
    message: str
    follows: str = ""
    everywhere: bool = True


def wrong_turn(attempt: Attempt, one: Submission) -> WrongTurn | None:
    """Where an answer went wrong; None if it is right, or no step computes it."""
    answer = attempt.part(one.part).answer
    if answer.step is None or one.marked.status not in ("wrong", "partial"):
        return None
    key = attempt.variant.values
    typed = attempt.grader.read(one.part, one.text)
    value = reshaped_like(typed, key[answer.step]).value
    turn = _turn(attempt, one, typed)
    by_answer = placed(key, {answer.step: value})
    here = _places(attempt, one.part, turn, by_answer)
    ours = worked_lines(attempt.variant, one.part, key)
    theirs = worked_lines(attempt.variant, one.part, turn.values)
    theirs = theirs if len(theirs) == len(ours) else ours
    return WrongTurn(
        step=turn.step,
        certain=turn.certain,
        message=turn.message,
        right=_tex(key[turn.step]),
        yours=_tex(value if turn.step == answer.step and not turn.certain else turn.values[turn.step]),
        follows=turn.follows,
        lines=tuple(
            _line(mine, hers, here.get(place)) for place, (mine, hers) in enumerate(zip(ours, theirs, strict=True))
        ),
    )


def _line(ours: Line, theirs: Line, here: frozenset[int] | None) -> WorkedLine:
    if here:  # the formula itself would say that hers is what comes out of it
        return WorkedLine(marked_at(ours, here), "here", after(theirs, max(here)) if theirs != ours else ())
    return WorkedLine(ours, "after" if theirs != ours else "right", theirs if theirs != ours else ())


# ---------------------------------------------------------------------------------------------- what she did


def _turn(attempt: Attempt, one: Submission, typed: TypedValue) -> _Turn:
    asked, variant = attempt.part(one.part), attempt.variant
    step = asked.answer.step
    assert step is not None
    given = attempt.grader.given(one.part, one.working, one.earlier)
    followed = follow(variant, step, given) if given else Followed()
    diagnoser = Diagnoser(variant)
    if followed.wrong:
        return _of_working(attempt, one.part, followed, given, diagnoser)
    found = diagnoser.diagnose(step, typed, entry_depth(asked.answer, variant.values))
    told = " ".join(messages.causes(found, variant.values))
    if not found.causes:
        value = reshaped_like(typed, variant.values[step]).value
        return _Turn(step, placed(variant.values, {step: value}), False, told)
    return _of_mistake(attempt, found, told)


def _of_working(
    attempt: Attempt, part_id: str, followed: Followed, given: Mapping[str, TypedValue], diagnoser: Diagnoser
) -> _Turn:
    """Her own earlier value was wrong: what follows from it is known."""
    key, answer = attempt.variant.values, attempt.part(part_id).answer
    first = followed.wrong[0]
    typed = reshaped_like(given[first], key[first])
    message = messages.first_wrong(first, diagnoser.diagnose(first, typed, depth_of(key[first])), key)
    if followed.values is None:
        return _Turn(first, placed(key, {first: typed.value}), True, f"{message} {followed.refusal}")
    return _Turn(first, followed.values, True, message, _shown(answer, followed.values))


def _shown(answer: Answer, values: Values) -> str:
    """The answer as the key would print it; empty where the values lead to none, such as to an option that is not offered."""
    with suppress(*STEP_ERRORS):
        shown = answer.shown(values)
        return shown.tex if isinstance(shown, BoxedAnswer) else ""
    return ""


def _of_mistake(attempt: Attempt, found: Diagnosis, told: str) -> _Turn:
    """A mistake leads to her answer: the first of its steps that comes out wrong.  Of several causes, the first."""
    key, graph = attempt.variant.values, attempt.variant.problem.graph
    cause = found.causes[0]
    replaced = {name: step for mistake in cause for name, step in mistake.replaced.items()}
    values = graph.with_steps(key, replaced)
    changed = (
        name for name in graph.names if name in replaced and name in values and not ex.same(values[name], key[name])
    )
    return _Turn(next(changed, next(iter(replaced))), values, len(found.causes) == 1, told, everywhere=not found.where)


# ------------------------------------------------------------------------------------------ where it shows


def _places(attempt: Attempt, part_id: str, turn: _Turn, by_answer: Values) -> dict[int, frozenset[int]]:
    """For the lines in which the wrong step is computed, which of their formulas show it.

    Each wrong entry is looked for by itself, at the first place where it changes anything: where it stands later, it is used.
    """
    key, variant = attempt.variant.values, attempt.variant
    ours = worked_lines(variant, part_id, key)
    found: dict[int, set[int]] = {}
    for changed in single_changes(key.get(turn.step), turn.values.get(turn.step)):
        place = _first(ours, worked_lines(variant, part_id, placed(key, {turn.step: changed})))
        if place is not None:
            found.setdefault(place[0], set()).add(place[1])
    first = _first(ours, worked_lines(variant, part_id, turn.values))
    if first is not None and (not found or first < min((place, min(leaves)) for place, leaves in found.items())):
        found.setdefault(first[0], set()).add(first[1])  # the prose shows what rests on the step before the step itself
    if not turn.everywhere:  # made in some rows only: those in which her answer is wrong
        hers = worked_lines(variant, part_id, by_answer)
        wrong = {place for place, (a, b) in enumerate(zip(ours, hers, strict=False)) if a != b}
        found = {place: leaves for place, leaves in found.items() if place in wrong} or found
    return {place: frozenset(leaves) for place, leaves in found.items()}


def _first(ours: tuple[Line, ...], theirs: tuple[Line, ...]) -> tuple[int, int] | None:
    for place, (mine, hers) in enumerate(zip(ours, theirs, strict=False)):
        leaf = first_difference(mine, hers)
        if leaf is not None:
            return place, leaf
    return None


def _tex(value: Any) -> str:
    """A value for display; empty for a word, which stands for an option."""
    return "" if isinstance(value, str) else notation.tex(value)
