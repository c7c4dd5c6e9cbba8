"""Answers that are words: how they are read and marked, and what a platform offers in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from generator import Mistake, Part, Problem, Words, optional, read_number, steps
from generator.export.made_options import OPTIONS, chosen_options
from generator.grading.grader import Grader
from generator.grading.reading.typed_words import read_words
from generator.numbers.tokens import UnreadableError
from generator.paper.sheet import Entry
from generator.practice.web.fields import answer_in, draft_from_text, kind_of
from generator.practice.web.previews import preview
from generator.problem.problem import Variant

MERGES = ("n+e", "s+t", "ne+st")


def parts(v: Any) -> list[Part]:
    return [
        Part("merges", "Which merges?", Words("merges"), points=3),
        Part("best", "Which sequence?", Words("best", "w"), points=1),
    ]


def no_opinion(x: float) -> Mapping[str, Any]:
    return {"merges": MERGES, "best": "AC"}


PROBLEM = Problem(
    id="words",
    title="Words",
    topic="words",
    parameters={"x": optional(read_number, 1)},
    sample=lambda draw: {"x": draw.integer(1, 9)},
    solution=steps(merges=lambda x: MERGES, best=lambda x: "AC"),
    mistakes=[
        Mistake("not counted again", "did not count again", merges=lambda: ("n+e", "e+s", "s+t")),
        Mistake("stopped early", "stopped early", merges=lambda: ("n+e", "s+t")),
        Mistake("greedy", "took the larger one", best=lambda: "AB"),
    ],
    check=no_opinion,
    parts=parts,
)


@pytest.fixture
def variant() -> Variant:
    return PROBLEM.variant({"x": 1})


@pytest.mark.parametrize(
    "text",
    [
        "n+e, s+t, ne+st",
        "n+e s+t ne+st",
        "N + E; S + T; NE + ST",
        '["n+e", "s+t", "ne+st"]',
        "[n+e, s+t, ne+st]",
        "1. n+e\n2. s+t\n3. ne+st",
        "n+e | s+t | ne+st",
        r"\text{n+e},\ \text{s+t},\ \text{ne+st}",
        r"$\boxed{\text{n+e}, \text{s+t}, \text{ne+st}}$",
        "`n+e`, `s+t`, `ne+st`.",
        "n+e → s+t -> ne+st",
    ],
)
def test_ways_to_write_a_list(text: str) -> None:
    assert read_words(text, MERGES).value == MERGES


@pytest.mark.parametrize("text", ["AC", "ac", "A C", "A, C", '"AC"', r"\text{AC}", "(A, C)", "AC.", "A→C", "A-C"])
def test_ways_to_write_a_word(text: str) -> None:
    assert read_words(text, "AC").value == "AC"


@pytest.mark.parametrize(("text", "said"), [("", "nothing"), (" , ", "nothing"), ("n?e", "a word"), ("é", "a word")])
def test_what_is_no_word(text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        read_words(text, MERGES)


def test_they_are_marked_word_by_word_and_told_apart_by_mistakes(variant: Variant) -> None:
    grader = Grader(variant, Entry(PROBLEM))
    assert grader.mark("merges", "ne+st, s+t").points == 0  # another number of words
    right = grader.mark("merges", "n+e; s+t; ne+st")
    assert (right.points, right.status) == (3, "correct")
    known = grader.mark("merges", "n+e, e+s, s+t")
    assert known.points == 1
    assert known.diagnosis == ("not counted again",)
    assert grader.mark("merges", "n+e, s+t").diagnosis == ("stopped early",)
    assert grader.mark("best", "ab").diagnosis == ("greedy",)
    assert grader.mark("best", "a c").points == 1


def test_the_page_for_practice_has_one_field(variant: Variant) -> None:
    answer = Words("merges")
    assert kind_of(answer, variant.values) == "words"
    draft = draft_from_text("words", 0, "n+e, s+t")
    assert answer_in("words", 0, draft).text == "n+e, s+t"
    assert preview("words", answer, variant.values, (), draft).tex == r"\text{n+e},\ \text{s+t}"
    assert preview("words", answer, variant.values, (), {"text": "?"}).complaints


def test_a_platform_offers_the_right_words_among_others(variant: Variant) -> None:
    for answer in (Words("merges"), Words("best")):
        offered = chosen_options(answer, variant)
        assert len(offered) == len(set(offered)) == OPTIONS
        assert answer.value(variant.values) in offered
        assert {answer.value(values) for _, values in variant.wrong} <= set(offered)
        assert not any(answer.unfit(one) for one in offered)


def test_what_is_no_word_does_not_fit_an_answer() -> None:
    assert not Words("best").unfit("AC")
    assert not Words("best").unfit(MERGES)
    for value in ("", "A B", (), ("a", 1), 3):
        assert "a word" in Words("best").unfit(value)
