"""Scoring, decoding, merging, embedding: the textbook example, every mistake in it, and models and corpora of other shapes."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest
import sympy

from generator.errors import InputError
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.parts import walk
from generator.problems import _language as lm

PROBLEM = find_problem("language-model-scores")
EXAMPLE = {name: value for name, value in (PROBLEM.original or {}).items() if name != "claims"}

KEY: dict[str, Any] = {
    "log2_probability": -12, "bits": 3, "nats": "3*log(2)", "perplexity": 8, "greedy": "AA", "greedy_probability": "1/5",
    "beam": "BC", "beam_probability": "9/25", "best": "BC", "merges": ["n+e", "s+t", "ne+st"], "tokens_after": 17,
    "segmentation": ["h", "o", "nest"], "dot_ratios": [3, "1/2", "3/2"], "sigmas": ["3/4", "1/3", "3/5"],
    "pair_loss": "log(5)", "residuals": ["-1/4", "1/3", "3/5"], "gradient_center": ["7/20", "14/15"],
}  # fmt: skip

WRONG: dict[str, dict[str, Any]] = {
    "not_averaged": {"bits": 12, "nats": "12*log(2)", "perplexity": 4096},
    "sign_lost": {"log2_probability": 12, "bits": -3, "nats": "-3*log(2)", "perplexity": "1/8"},
    "arithmetic_mean": {"perplexity": "39/2"},
    "inverse_mean_probability": {"perplexity": "256/57"},
    "divided_by_ln2": {"nats": "3/log(2)"},
    "each_step_most_likely_marginal": {"greedy": "AC", "greedy_probability": "3/20"},
    "beam_is_greedy": {"beam": "AA", "beam_probability": "1/5"},
    "not_recounted": {
        "merges": ["n+e", "e+s", "s+t"], "tokens_after": 22, "segmentation": ["h", "o", "ne", "st"],
    },
    "tokens_of_types": {"tokens_after": 6},
    "sigma_complement": {
        "sigmas": ["1/4", "2/3", "2/5"], "pair_loss": "2*log(2) + log(5)", "gradient_center": ["-7/20", "16/15"],
    },
    "negatives_pushed_up": {"gradient_center": ["-13/20", "-16/15"]},
    "positive_without_minus_one": {"gradient_center": ["27/20", "14/15"]},
    "negatives_not_flipped": {"pair_loss": "-log(3) + 2*log(2) + log(5)"},
    "ascent_direction": {"gradient_center": ["-7/20", "-14/15"]},
}  # fmt: skip

TEXTS = {"greedy", "beam", "best", "merges", "segmentation"}


def plain(name: str, value: Any) -> Any:
    if name in TEXTS:
        return value
    if isinstance(value, list):
        return [plain(name, one) for one in value]
    return sympy.expand_log(sympy.sympify(value), force=True)


def solved(**changed: Any) -> dict[str, Any]:
    return solution(PROBLEM, {**EXAMPLE, **changed})


def values(*names: str, **changed: Any) -> list[Any]:
    found = solved(**changed)
    assert found.get("confirmed", True)
    return [plain(name, found["values"][name]) for name in names]


def mistakes(**changed: Any) -> dict[str, dict[str, Any]]:
    return {one["name"]: one["answers"] for one in solved(**changed)["mistakes"]}


def test_the_textbook_example() -> None:
    found = solved()["values"]
    assert {name: plain(name, found[name]) for name in KEY} == {name: plain(name, value) for name, value in KEY.items()}


def test_what_mistakes_make_of_it() -> None:
    made = mistakes()
    assert made.keys() == WRONG.keys()
    for mistake, answers in WRONG.items():
        found = {name: plain(name, value) for name, value in made[mistake].items()}
        assert found == {name: plain(name, value) for name, value in answers.items()}, mistake


# -------------------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("halvings", "bits", "perplexity"),
    [
        ([3], 3, 8),
        ([1, 2], "3/2", "2*sqrt(2)"),
        ([2, 3, 2, 3], "5/2", "4*sqrt(2)"),
        ([2, 2, 2], 2, 4),
        ([0, 0], 0, 1),
        ([1, 1, 2], "4/3", "2*2**(1/3)"),
    ],
)
def test_sentences(halvings: list[int], bits: Any, perplexity: Any) -> None:
    found = solved(halvings=halvings)["values"]
    assert sympy.sympify(found["bits"]) == sympy.sympify(bits)
    assert sympy.simplify(sympy.sympify(found["perplexity"]) - sympy.sympify(perplexity)) == 0


# --------------------------------------------------------------------------------------------- decoding


def test_longer_sequences_and_other_vocabularies() -> None:
    two = {"start": ["3/5", "2/5"], "table": [["3/5", "2/5"], [0, 1]], "length": 3}
    assert values("greedy", "greedy_probability", "beam", "best", **two) == [
        "AAA",
        sympy.Rational(27, 125),
        "BBB",
        "BBB",
    ]
    one_word = solved(length=1)
    assert [one_word["values"][name] for name in ("greedy", "beam", "best")] == ["A", "A", "A"]
    assert "beam_is_greedy" not in {one["name"] for one in one_word["mistakes"]}


def test_a_beam_that_misses_the_best_sequence() -> None:
    table = [["2/5", "7/20", "1/4"], ["3/5", "3/10", "1/10"], [0, "1/20", "19/20"]]
    model = {"start": ["1/2", "3/10", "1/5"], "table": table, "length": 3}
    assert values("beam", "best", "beam_probability", **model) == ["AAA", "CCC", sympy.Rational(2, 25)]
    made = mistakes(**model)
    assert made["beam_is_exact"]["beam"] == "CCC"
    assert "beam_is_greedy" not in made


@pytest.mark.parametrize("seed", range(20))
def test_decoding_by_enumeration(seed: int) -> None:
    v = drawing.draw_variant(PROBLEM, seed).values
    start, table = np.array(v.start, dtype=float), np.array([list(row) for row in v.table], dtype=float)
    scores = {
        ids: start[ids[0]] * np.prod([table[pair] for pair in itertools.pairwise(ids)])
        for ids in itertools.product(range(3), repeat=int(v.length))
    }
    best = max(scores, key=lambda ids: scores[ids])
    assert v.best == "".join("ABC"[one] for one in best)
    assert float(v.beam_probability) <= scores[best] + 1e-12
    assert v.greedy != v.beam


def test_ties_are_told() -> None:
    with pytest.raises(InputError, match="two next words are equally probable"):
        solved(start=["2/5", "2/5", "1/5"])
    with pytest.raises(InputError, match="two prefixes are equally probable"):
        solved(start=["1/2", "1/4", "1/4"])
    with pytest.raises(InputError, match="two sequences are equally probable"):
        table = [["2/5", "7/20", "1/4"], ["3/5", "3/10", "1/10"], [0, 0, 1]]
        solved(start=["1/2", "3/10", "1/5"], table=table)


def test_impossible_words_are_no_ties() -> None:
    table = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert values("greedy", "beam", "best", start=[1, 0, 0], table=table, length=4) == ["ABCA", "ABCA", "ABCA"]


# ---------------------------------------------------------------------------------------------- merges


def test_merges_count_occurrences_of_words() -> None:
    corpus = [["ab", 1], ["cb", 5], ["ad", 2]]
    assert values("merges", "tokens_after", corpus=corpus, merge_count=2, new_word="cbad")[0] == ["c+b", "a+d"]
    assert values("segmentation", corpus=corpus, merge_count=2, new_word="cbad") == [["cb", "ad"]]


def test_merges_of_equal_letters_go_from_left_to_right() -> None:
    found = values("merges", "tokens_after", "segmentation", corpus=[["aaab", 2]], merge_count=1, new_word="aaaa")
    assert found == [["a+a"], 6, ["aa", "aa"]]
    assert lm.joined(("a", "b", "a", "b", "a"), ("a", "b")) == ("ab", "ab", "a")


def test_a_word_that_no_merge_touches_is_its_letters() -> None:
    assert values("segmentation", new_word="ox") == [["o", "x"]]
    assert values("segmentation", new_word="nest") == [["nest"]]


def test_each_word_counted_once() -> None:
    corpus = [["ab", 9], ["cde", 1], ["cd", 2], ["fcd", 3]]
    made = mistakes(corpus=corpus, merge_count=1, new_word="abcd")
    assert values("merges", corpus=corpus, merge_count=1, new_word="abcd") == [["a+b"]]
    assert made["word_types_counted"]["merges"] == ["c+d"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"corpus": [["ab", 2], ["cd", 2]], "merge_count": 1}, "corpus: two pairs are equally frequent"),
        ({"corpus": [["ab", 2]], "merge_count": 2}, "or no pair is left"),
        ({"corpus": [["Net", 1]]}, "a word of the letters a to z"),
        ({"corpus": [["net", 0]]}, "an integer from 1"),
        ({"corpus": [["net", 1], ["net", 2]]}, "a word stands there twice"),
        ({"corpus": ["net"]}, "a word and its count"),
        ({"new_word": "two words"}, "new_word: expected a word"),
        ({"halvings": ["1/2"]}, "halvings: expected whole numbers"),
        ({"start": ["1/2", "1/2", "1/2"]}, "start: expected probabilities that add up to 1"),
        ({"table": [["2/5", "3/10", "3/10"]]}, "table: expected 3"),
        ({"table": [[1, 0], [1, 0], [1, 0]]}, "table"),
        ({"length": 9}, "length: expected at most 4096 sequences"),
        ({"others": [[1, 0, 2]]}, "others: expected 2"),
        ({"others": [["1/2", 0]]}, "others: expected vectors of whole numbers"),
        ({"b": [3, 0]}, "b: expected positive fractions"),
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        solved(**changed)


# ------------------------------------------------------------------------------------------- embeddings


def test_vectors_of_other_shapes() -> None:
    lone = {"others": [[2]], "b": ["1/3"]}
    assert values("sigmas", "gradient_center", **lone) == [[sympy.Rational(1, 10)], [sympy.Rational(-9, 5)]]
    assert {"negatives_pushed_up", "negatives_not_flipped"}.isdisjoint(mistakes(**lone))
    wide = {"others": [[-1, 1, 0], [2, 0, -1]], "b": [2, 3, 5]}
    assert values("dot_ratios", **wide) == [[sympy.Rational(3, 2), sympy.Rational(4, 5)]]


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_what_is_drawn_is_pleasant(level: str) -> None:
    for seed in range(25):
        v = drawing.draw_variant(PROBLEM, seed, level=level).values
        assert v.bits in {sympy.Rational(one, 2) for one in (3, 4, 5, 6, 8, 10)}
        assert len(set(v.dot_ratios)) == len(v.dot_ratios)
        assert all(max(ratio.p, ratio.q) <= 12 and ratio != 1 for ratio in v.dot_ratios)
        assert 1 < len(v.segmentation) < len(v.new_word)
        assert v.greedy != v.beam


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_pairs_that_are_not_counted_again_are_in_a_definite_order(level: str) -> None:
    for seed in range(40):
        v = drawing.draw_variant(PROBLEM, seed, level=level).values
        counts = sorted(lm.pair_counts(lm.letters_of(v.corpus)).values(), reverse=True)
        first = counts[: int(v.merge_count) + 1]
        assert len({*first}) == len(first)


def question_of(part: str, **changed: Any) -> str:
    asked = PROBLEM.variant(PROBLEM.read({**EXAMPLE, "claims": [], **changed}))
    return str(next(one.question for one in walk(asked.parts) if one.id == part))


@pytest.mark.parametrize("part", ["greedy_probability", "beam_probability", "tokens_after", "segmentation"])
def test_questions_stand_alone_where_the_part_before_is_left_out(part: str) -> None:
    assert not re.search(r"\b(?:that sequence|these)\b", question_of(part))


def test_the_question_on_greedy_decoding_does_not_tell_that_it_fails() -> None:
    asked = question_of("question", question="where_greedy_fails")
    assert "Is the sequence of greedy decoding the most probable one?" in asked
    assert "No, " not in asked
