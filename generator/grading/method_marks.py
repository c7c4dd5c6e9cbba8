"""Marks for the method: an answer that is wrong, but follows from a student's own earlier values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.grading import points, telling
from generator.grading.comparing import compare, nearly, same_value
from generator.grading.diagnosing import Diagnoser, Diagnosis
from generator.grading.following import Followed
from generator.grading.kinds import entry_depth
from generator.grading.nesting import Typed, depth_of, in_line, shape
from generator.grading.remarks import where_text
from generator.problem.answers import Answer
from generator.problem.choices import Choice, Offered
from generator.problem.problem import Variant


@dataclass(frozen=True)
class Follows:
    """What an answer earns because it follows, the mistakes on the way, and what is said of it."""

    points: int
    diagnosis: Diagnosis
    sentences: list[str]


class MethodMarks:
    """Marks for the method in the answers to one variant."""

    def __init__(self, variant: Variant, diagnoser: Diagnoser) -> None:
        self._variant = variant
        self._diagnoser = diagnoser

    def following(
        self, answer: Answer, typed: Typed, followed: Followed, given: Mapping[str, Typed], worth: int
    ) -> Follows | None:
        """The marks for what follows from the student's own values, and which of those first went wrong."""
        if not followed.earns or followed.values is None:
            return None
        assert answer.step is not None
        depth = entry_depth(answer, self._variant.values)
        theirs = answer.value(followed.values)
        compared = compare(typed, theirs, depth, decimals=True)
        if compared is None or same_value(theirs, answer.value(self._variant.values)):
            return None
        near = compared.all_right or (any(one.places for one in given.values()) and nearly(typed, theirs, depth))
        first = followed.wrong[0]
        cause = self.cause(first, given)
        begin = telling.first_wrong(first, cause, self._variant.values)
        if near:
            return Follows(points.for_following(worth, 1, 1), cause, [telling.follows(followed.wrong), begin])
        again = Diagnoser(self._variant, followed.values).diagnose(answer.step, typed, depth)
        if again.causes:
            both = Diagnosis((*cause.causes, *again.causes))
            earned = points.for_mistakes(points.for_following(worth, 1, 1), 1)
            told = [begin, telling.on_top(), *telling.causes(again, self._variant.values)]
            return Follows(0 if isinstance(answer, Choice | Offered) else earned, both, told)
        if depth and compared.right > compared.total - compared.right:
            where = where_text(compared.wrong, shape(theirs, depth) or ())
            earned = points.for_following(worth, compared.right, compared.total)
            return Follows(earned, cause, [telling.follows_but(followed.wrong, where), begin])
        return None

    def cause(self, name: str, given: Mapping[str, Typed]) -> Diagnosis:
        """Which mistake led to a wrong earlier value."""
        if name not in given:
            return Diagnosis()
        right = self._variant.values[name]
        return self._diagnoser.diagnose(name, in_line(given[name], right), depth_of(right))
