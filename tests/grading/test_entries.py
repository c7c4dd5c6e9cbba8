"""Vectors, matrices and fields of which some entries are empty or cannot be read: each entry counts for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from generator.grading.grader import Grader, mark
from generator.grading.marks import Marked, points_for_entries
from generator.grading.nesting import Index, Unread, depth_of, entries_of, flatten, shape_of
from generator.grading.reading.answers import entry_depth, read_like
from generator.numbers import notation
from generator.problem import drawing
from generator.problem.answers import Answer
from generator.problem.catalogue import find_problem
from generator.problem.choices import Choice, Subsets
from generator.problem.problem import Variant
from generator.problem.word_answers import Words
from tests.drawn import of_all_levels
from tests.practice.student import EACH

PROBLEMS = EACH
JUNK = ("?", "foo", "1/0", "(", "@#", "1,795", "3/4/2024", "987654321")


@cache
def graders(name: str) -> tuple[Grader, ...]:
    return tuple(map(Grader, of_all_levels(name, range(3, 4))))


def parts(variant: Variant) -> Iterator[tuple[str, Answer]]:
    """The parts that have entries."""
    for part in variant.computed_parts(guided=True):
        assert part.answer is not None
        if not isinstance(part.answer, Choice) and entry_depth(part.answer, variant.values):
            yield part.id, part.answer


def texts(value: Any, depth: int) -> dict[Index, str]:
    return {index: _plain(entry) for index, entry in entries_of(value, depth).items()}


def _plain(entry: Any) -> str:
    if isinstance(entry, str):
        return entry
    return notation.shape(entry).replace(r"\,", "") if isinstance(entry, tuple) else notation.plain(entry)


def joined(entries: Mapping[Index, str], between: str) -> str:
    """Return the entries as the page for practice joins its fields, and as words are typed."""
    rows: dict[Any, list[str]] = {}
    for index, text in entries.items():
        rows.setdefault(index[:-1], []).append(text)
    return "\n".join(between.join(row) for row in rows.values())


class Answered:
    """The right entries of a part, and the marks of others."""

    def __init__(self, grader: Grader, part: str, answer: Answer) -> None:
        values = grader.variant.values
        self.value, self.depth = answer.value(values), entry_depth(answer, values)
        self.words = isinstance(answer, Words)
        shapes = isinstance(answer, Subsets) or depth_of(self.value) > self.depth
        self._between = ", " if self.words else "; " if shapes else " & "
        self.right = texts(self.value, self.depth)
        self._grader, self._part = grader, part

    def mark(self, changed: Mapping[Index, str]) -> Marked:
        return self._grader.mark(self._part, joined({**self.right, **changed}, self._between))


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.slow
def test_an_entry_left_out_is_a_wrong_one_and_as_good_as_junk(name: str) -> None:
    for grader in graders(name):
        for part, answer in parts(grader.variant):
            answered = Answered(grader, part, answer)
            for index in list(answered.right)[:3]:
                if len(answered.right) < 2:
                    continue
                empty = answered.mark({index: ""})
                assert empty.status in ("partial", "wrong"), (part, empty)
                assert empty.points == points_for_entries(
                    empty.max_points, len(answered.right) - 1, len(answered.right)
                )
                assert empty.unread == [
                    {"entry": [at + 1 for at in index], "typed": "", "reason": "nothing is written here"}
                ]
                assert "empty" in empty.message
                for junk in JUNK:
                    if answered.words and "," in junk:  # two words
                        continue
                    assert answered.mark({index: junk}).points == empty.points, (part, junk)


@pytest.mark.parametrize("name", PROBLEMS)
def test_another_right_entry_never_lowers_the_mark(name: str) -> None:
    for grader in graders(name):
        for part, answer in parts(grader.variant):
            answered = Answered(grader, part, answer)
            missing = dict.fromkeys(answered.right, "")
            points = 0
            for index in reversed(list(answered.right)):
                del missing[index]
                marked = answered.mark(missing)
                assert (marked.points or 0) >= points, (part, missing)
                points = marked.points or 0
            assert points == grader.max_points(part)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.slow
def test_a_right_entry_among_those_of_a_mistake_never_lowers_the_mark(name: str) -> None:
    for grader in graders(name)[:2]:
        variant = grader.variant
        answers = dict(parts(variant))
        for _, changed in variant.mistaken_answers(guided=True):
            for part in changed.keys() & answers.keys():
                depth = entry_depth(answers[part], variant.values)
                if shape_of(changed[part], depth) != shape_of(answers[part].value(variant.values), depth):
                    continue
                answered = Answered(grader, part, answers[part])
                wrong = texts(changed[part], depth)
                first = next(iter(wrong))
                with_gap = answered.mark({**wrong, first: ""})
                filled = answered.mark({**wrong, first: answered.right[first]})
                assert (filled.points or 0) >= (with_gap.points or 0), (part, wrong)
                for junk in JUNK[:3]:
                    assert answered.mark({**wrong, first: junk}).points == with_gap.points


def test_what_was_typed_is_shown_with_why_it_cannot_be_read() -> None:
    marked = mark(find_problem("layer-norm").printed(), "mean", "6, foo, 2")
    assert marked.entries == [True, False, True]
    assert marked.unread is not None
    assert [(one["entry"], one["typed"]) for one in marked.unread] == [([2], "foo")]
    assert "Entry 2 cannot be read, `foo`: 'foo' is not known here" in marked.message
    several = mark(find_problem("layer-norm").printed(), "output", "1 2 3 4; 5 ? 7 8; ? 2 3 4")
    assert [one["entry"] for one in several.unread] == [[2, 2], [3, 1]]
    assert several.tex.count(r"\text{?}") == 2


@pytest.mark.parametrize(
    "text",
    [
        "14, ?, 17",
        "14 ? 17",
        "14 abc 17",
        "14, , 17",
        "14,,17",
        "[14, ?, 17]",
        "14; ?; 17",
        "14\n\n17",
        "14 & & 17",
        "14\t\t17",
        "14, (, 17",
        "14, [2, 17",
    ],
)
def test_a_gap_in_a_vector_is_found_however_it_is_typed(text: str) -> None:
    typed = read_like(text, tuple(flatten(find_problem("layer-norm").printed().values["mean"])))
    assert (typed.value[0], typed.value[2]) == (14, 17)
    assert list(typed.unread) == [(1,)]


def test_a_comma_at_the_end_begins_an_entry_only_where_one_is_missing() -> None:
    three = tuple(flatten(find_problem("layer-norm").printed().values["mean"]))
    assert read_like("1, 2, 3,", three).unread == {}
    assert list(read_like("1, 2,", three).unread) == [(2,)]


@pytest.mark.parametrize("text", ["?, ?, ?", "foo, bar, baz", ", ,"])
def test_an_answer_without_any_entry_that_can_be_read_is_invalid(text: str) -> None:
    marked = mark(find_problem("layer-norm").printed(), "mean", text)
    assert (marked.status, marked.points) == ("invalid", 0)


def test_nothing_follows_from_earlier_values_with_gaps() -> None:
    marked = mark(
        find_problem("layer-norm").printed(), "normalized", "1 2 3 4; 5 6 7 8; 1 2 3 4", earlier={"mean": "7, ?, 2"}
    )
    assert " was left out: not all of its entries can be read" in marked.message


def test_verdicts_that_are_left_open_are_wrong_ones() -> None:
    from generator.grading.reading.choices import read_truths

    read = read_truths("T ? F", 3)
    assert read.value == (True, Unread("?", "not decided"), False)


def test_a_right_entry_with_too_few_digits_is_not_called_wrong() -> None:
    variant = drawing.draw_variant(find_problem("layer-norm"), 22, level="hard")
    marked = mark(variant, "transformed", "0.329, 3.665, 131.5, -0.012, 1.012")
    assert marked.entries == [True, True, False, False, True]
    assert marked.message.startswith(
        "3 of 5 entries are right; look again at entry 3. Entry 4 is close, but it has too few digits"
    )
