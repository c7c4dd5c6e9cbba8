"""Follow-through: what follows from a student's own earlier values, and what it earns.

Her values take the place of the solution's steps, and what depends on them is solved again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.errors.language import phrase
from generator.grading import messages
from generator.grading.compare import compare, nearly_matches
from generator.grading.diagnose import Diagnoser, Diagnosis
from generator.grading.marks import points_for_following, points_for_mistakes
from generator.grading.nesting import (
    TypedValue,
    depth_of,
    entries_of,
    flatten,
    indices_text,
    nest,
    nest_like,
    reshaped_like,
    same_shape,
    shape_of,
    shape_text,
)
from generator.grading.reading.answers import entry_depth
from generator.grading.shortcuts import shortcuts
from generator.grading.solve_again import MAX_TERMS_TYPED, STEP_ERRORS, is_short, solve_from
from generator.grading.step_names import StepNames
from generator.numbers.budget import Budget, TooInvolvedError, limited
from generator.numbers.equality import same
from generator.problem.answers import Answer
from generator.problem.choices import Choice, Offered
from generator.problem.problem import Variant
from generator.problem.solution import Solution, Values


@dataclass(frozen=True)
class Followed:
    """What follows from earlier values.

    ``values`` are those solved from them, None where that cannot be done or nothing relevant was given.  ``wrong``
    are the given names that differ from the key, in the order of the solution.  ``refusal`` says (in Markdown) why what
    follows earns no marks; ``notes`` are sentences on given values that were left out.
    """

    values: Values | None = None
    wrong: tuple[str, ...] = ()
    refusal: str = ""
    notes: tuple[str, ...] = ()

    @property
    def earns(self) -> bool:
        """Whether an answer that follows from the given values earns marks for its method."""
        return self.values is not None and bool(self.wrong) and not self.refusal


def follow(variant: Variant, step: str, given: Mapping[str, TypedValue], names: StepNames) -> Followed:
    """Solve ``step`` from the given values of earlier steps; those that it does not depend on are ignored.

    ``names`` is what the sentences call the steps.
    """
    graph = variant.problem.graph
    upstream = graph.upstream(step)
    found: dict[str, Any] = {}
    notes: list[str] = []
    for name in graph.names:  # in the order of the solution
        if name not in given:
            continue
        if name == step:
            notes.append(phrase("marking.own_answer", name=names.of(name)))
            continue
        right = variant.values[name]
        typed = reshaped_like(given[name], right)
        fault = _problem_with(names.of(name), typed, right)
        if fault:
            notes += [fault] if name in upstream else []
            continue
        found[name] = with_right_decimals_exact(typed, right, depth_of(right))
    replaced = {name: value for name, value in _split(graph, variant.values, found).items() if name in upstream}
    used = {name for name in found if name in upstream or upstream & set(_joined_steps(graph, variant.values, name))}
    if not used:
        return Followed(notes=tuple(notes))
    wrong = tuple(name for name in found if name in used and not same(found[name], variant.values[name]))
    try:
        with limited(Budget()):
            values = solve_from(graph, step, variant.values, replaced)
    except TooInvolvedError:
        refusal = phrase("marking.numbers_too_long", names=names.listed(wrong))
        return Followed(None, wrong, refusal, tuple(notes))
    except STEP_ERRORS:
        refusal = phrase("marking.cannot_be_computed", names=names.listed(wrong))
        return Followed(None, wrong, refusal, tuple(notes))
    refusal = next(shortcuts(variant, step, values, {**found, **replaced}, wrong, names), "")
    return Followed(values, wrong, refusal, tuple(notes))


def _problem_with(name: str, typed: TypedValue, right: Any) -> str:
    """Return why a given value is left out; empty if it is not."""
    depth = depth_of(right)
    if typed.unread:
        return phrase("marking.left_out_unreadable", name=name)
    if depth and not same_shape(typed.value, right, depth):
        theirs = shape_of(typed.value, depth)
        given = shape_text(theirs) if theirs else phrase("entries.other_shape")
        asked = shape_text(shape_of(right, depth) or ())
        return phrase("marking.left_out_shape", name=name, given=given, asked=asked)
    if not is_short(typed.value, right, MAX_TERMS_TYPED):
        return phrase("marking.left_out_numbers", name=name)
    return ""


def _joined_steps(graph: Solution, key: Values, name: str) -> tuple[str, ...]:
    """Return the steps that a step only joins, as (Σx², Σxy) does its two sums; none if it computes anything or copies a single one."""
    needs = graph.needs(name)
    if (
        len(needs) < 2
        or not isinstance(key[name], tuple)
        or not all(need in graph.names and need in key for need in needs)
    ):
        return ()
    entries = tuple(entry for need in needs for entry in flatten(key[need]))
    return needs if same(flatten(key[name]), entries) else ()


def _split(graph: Solution, key: Values, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given values, and those of the steps that a given one only joins."""
    given = dict(found)
    for name in found:
        entries = list(flatten(found[name]))
        for need in _joined_steps(graph, key, name):
            length = len(flatten(key[need]))
            given.setdefault(need, nest_like(entries[:length], key[need]))
            del entries[:length]
    return given


def with_right_decimals_exact(typed: TypedValue, right: Any, depth: int, *, coarse: bool = False) -> Any:
    """Return the typed value with entries that are right, but rounded, made exact; ``coarse`` ones too, if asked."""
    shape = shape_of(typed.value, depth)
    compared = compare(typed, right, depth, decimals=True)
    if compared is None or shape is None:
        return typed.value
    theirs = entries_of(right, depth)
    ours = entries_of(typed.value, depth)
    is_right = compared.is_near if coarse else compared.is_right
    return nest([theirs[i] if is_right(i) else entry for i, entry in ours.items()], shape)


# ---------------------------------------------------------------------------------------- what it earns


@dataclass(frozen=True)
class FollowMarks:
    """What an answer earns because it follows, the mistakes on the way, and the sentences for the student."""

    points: int
    diagnosis: Diagnosis
    sentences: list[str]


class FollowMarker:
    """Marks for the method, in the answers to one variant that follow from wrong earlier values."""

    def __init__(self, variant: Variant, diagnoser: Diagnoser, names: StepNames) -> None:
        self._variant = variant
        self._names = names
        self._diagnoser = diagnoser

    def mark(
        self, answer: Answer, typed: TypedValue, followed: Followed, given: Mapping[str, TypedValue], worth: int
    ) -> FollowMarks | None:
        """Return the marks for what follows from the student's own values; None where the answer does not follow."""
        if not followed.earns or followed.values is None:
            return None
        assert answer.step is not None
        depth = entry_depth(answer, self._variant.values)
        theirs = answer.value(followed.values)
        compared = compare(typed, theirs, depth, decimals=True)
        if compared is None or same(theirs, answer.value(self._variant.values)):
            return None
        near = compared.all_right or (
            any(one.places for one in given.values()) and nearly_matches(typed, theirs, depth)
        )
        first = followed.wrong[0]
        cause = self.cause(first, given)
        begin = messages.first_wrong(self._names.of(first), cause, self._variant.values)
        if near:
            return FollowMarks(
                points_for_following(worth), cause, [messages.follows(self._names.listed(followed.wrong)), begin]
            )
        again = Diagnoser(self._variant, self._names, followed.values).diagnose(answer.step, typed, depth)
        if again.causes:
            both = Diagnosis((*cause.causes, *again.causes))
            earned = points_for_mistakes(points_for_following(worth), 1)
            sentences = [begin, messages.another_mistake(), *messages.causes(again, self._variant.values)]
            return FollowMarks(0 if isinstance(answer, Choice | Offered) else earned, both, sentences)
        if depth and compared.right > compared.total - compared.right:
            where = indices_text(compared.wrong, shape_of(theirs, depth) or ())
            earned = points_for_following(worth, compared.right, compared.total)
            return FollowMarks(
                earned, cause, [messages.follows_mostly(self._names.listed(followed.wrong), where), begin]
            )
        return None

    def cause(self, name: str, given: Mapping[str, TypedValue]) -> Diagnosis:
        """Return which mistake led to a wrong earlier value."""
        if name not in given:
            return Diagnosis()
        right = self._variant.values[name]
        return self._diagnoser.diagnose(name, reshaped_like(given[name], right), depth_of(right))
