"""Every problem's parts, marked: the key's own answer is right however it is written, each mistake is recognised."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generator.errors import WorksheetError
from generator.grading.grader import Grader
from generator.numbers import notation
from generator.numbers.encoding import encode
from generator.numbers.exact import same
from generator.problem.answers import Answer, Fields
from generator.problem.catalogue import catalogue
from generator.problem.choices import Choice, Subsets
from generator.problem.parts import Part
from generator.problem.problem import Variant
from generator.problem.solution import Values
from generator.problem.word_answers import Words
from tests.drawn import of_all_levels
from tests.practice.student import EACH

PROBLEMS = sorted(catalogue())


def variants(name: str) -> list[Variant]:
    return of_all_levels(name, range(1, 3))


def computed(variant: Variant) -> Iterator[tuple[Part, Answer]]:
    for part in variant.computed_parts(guided=True):
        assert part.answer is not None
        yield part, part.answer


def texts(answer: Answer, value: Any, values: Values) -> Iterator[str]:
    """A value as it may be typed: as JSON, as Unicode, as the TeX of the key."""
    if isinstance(answer, Choice):
        yield "ABCDEFGH"[list(answer.options).index(value)]
        yield value
        return
    yield json.dumps(encode(value))
    yield _plain(value)
    if isinstance(answer, Subsets):
        yield "; ".join(map(str.lower, value))
        yield ", ".join(f"({', '.join(chosen)})" for chosen in value)
        yield "\n".join(f"{place}: {' and '.join(chosen)}" for place, chosen in zip(answer.labels, value, strict=True))
        return
    if isinstance(answer, Words):
        yield " ".join(value).upper()
        yield "\n".join(f"{place}. {word}" for place, word in enumerate(value, start=1))
        return
    if isinstance(answer, Fields) and isinstance(value[0], tuple):
        yield "\n".join("x".join(map(str, shape)) for shape in value)
        return
    yield notation.tex(value)
    if isinstance(value, tuple):
        yield "$" + notation.tex(value) + "$"
    yield str(encode(value)).replace("'", "")


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        separator = "; " if isinstance(value[0], tuple) else ", "
        return separator.join(("[" + _plain(item) + "]") if isinstance(item, tuple) else _plain(item) for item in value)
    return value if isinstance(value, str) else notation.plain(value)


@pytest.mark.parametrize("name", EACH)
def test_the_keys_own_answer_is_right_however_it_is_written(name: str) -> None:
    for variant in variants(name):
        grader = Grader(variant)
        for part, answer in computed(variant):
            for text in texts(answer, answer.value(variant.values), variant.values):
                marked = grader.mark(part.id, text)
                assert (marked.status, marked.points) == ("correct", marked.max_points), (part.id, text, marked)
                assert not marked.rounded
                assert marked.diagnosis == ()


@pytest.mark.parametrize("name", EACH)
@pytest.mark.slow
def test_every_mistake_is_recognised_in_every_part_that_it_changes(name: str) -> None:
    for variant in variants(name):
        grader = Grader(variant)
        answers = {part.id: answer for part, answer in computed(variant)}
        for mistake, changed in variant.mistaken_answers(guided=True):
            for part_id, value in changed.items():
                answer = answers[part_id]
                if isinstance(answer, Choice) and value not in answer.options:
                    continue
                text = next(texts(answer, value, variant.values))
                marked = grader.mark(part_id, text)
                assert marked.status in ("wrong", "partial"), (mistake.name, part_id, text, marked)
                assert mistake.name in marked.diagnosis, (mistake.name, part_id, text, marked)
                assert marked.points is not None
                assert marked.points < marked.max_points


@pytest.mark.parametrize("name", EACH)
@pytest.mark.slow
def test_what_follows_from_a_wrong_earlier_answer_earns_its_method(name: str) -> None:
    followed = 0
    for variant in variants(name):
        grader = Grader(variant)
        asked = list(computed(variant))
        for mistake, wrong in variant.mistaken_answers(guided=True):
            for place, (part, answer) in enumerate(asked):
                earlier = [(before, known) for before, known in asked[:place] if before.id in wrong]
                for before, known in earlier:
                    if isinstance(known, Choice) or isinstance(answer, Choice):
                        continue
                    followed += follows(grader, mistake.name, (before, known, wrong[before.id]), (part, answer))
    assert followed > 0


def follows(grader: Grader, mistake: str, before: tuple[Part, Answer, Any], after: tuple[Part, Answer]) -> bool:
    """Whether a part rests on an earlier one; if so, what follows from its wrong answer earns what the rule says."""
    values = grader.variant.values
    (part, answer), text = after, next(texts(before[1], before[2], values))
    assert answer.step is not None
    assert before[1].step is not None
    graph = grader.variant.problem.graph
    if before[1].step not in graph.upstream(answer.step):
        return False
    try:
        expected = answer.value(graph.with_values(values, {before[1].step: before[2]}))
    except (WorksheetError, ArithmeticError, ValueError):
        return False
    if same(expected, answer.value(values)):
        return False
    marked = grader.mark(part.id, next(texts(answer, expected, values)), earlier={before[0].id: text})
    assert marked.expected_from_working == encode(expected) or "was left out" in marked.message
    if any(told in marked.message for told in ("too little", "was left out", "copy of")):
        return False
    assert marked.points == max(marked.max_points - 1, 1), (mistake, part.id, marked)
    assert "follows from your" in marked.message
    assert mistake in marked.diagnosis, (mistake, part.id, marked)
    return True
