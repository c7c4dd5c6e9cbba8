"""Dropout: the printed sheet's key, the moments over all masks, other people's numbers, and the sampler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import pytest
import sympy

from generator.document.keyless import without_key
from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.draw import Draw
from generator.problem.problem import LEVELS, Variant
from generator.problems.dropout import BANK, EASY, HARD, MISTAKES, STANDARD
from generator.render.renderer import FORMATS, renderer

PROBLEM = find_problem("dropout")
CLOSENESS, TRAIN_TEST, CLAIMS = BANK["closeness"], BANK["train_test"], BANK["claims"]
PRINTED = {"x": [2, 6, 4, 4, 5, 3, 4, 4], "w": [1] * 8, "p": "3/4", "dropped": [1, 2, 3, 4, 5, 6]}
SMALL: dict[str, Any] = {"x": [2, 1, 3], "w": [1, -2, 2], "p": "1/3", "dropped": [2]}
SEEDS = range(1, 201)
SURVIVORS = {"easy": EASY, "standard": STANDARD, "hard": HARD}
NEGATIVE = {"easy": 0, "standard": 2, "hard": 3}


@pytest.fixture(scope="module", params=LEVELS)
def drawn(request: pytest.FixtureRequest) -> list[Variant]:
    """Variants of one level."""
    return [drawing.draw_variant(PROBLEM, seed, level=request.param) for seed in SEEDS]


def by_mistake(raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each mistake's wrong answers to ``raw``, as JSON has them."""
    return {mistake["name"]: mistake["answers"] for mistake in solution(PROBLEM, raw)["mistakes"]}


# ------------------------------------------------------------------------------------- the printed sheet


def test_the_printed_sheet() -> None:
    values = PROBLEM.printed().values
    assert (values.y_drop, values.y_corr, values.y_orig) == (8, 32, 32)
    assert (values.expected_drop, values.expected_corr) == (8, 32)
    assert (values.variance_drop, values.variance_corr) == (sympy.Rational(207, 8), 414)


def test_the_printed_sheet_has_exactly_its_sub_parts() -> None:
    variant = PROBLEM.printed()
    assert [part.id for part in variant.parts] == ["y_drop", "y_corr", "y_orig", "closeness", "train_test"]
    answers = encode(variant.answers())
    assert [answers[name] for name in ("y_drop", "y_corr", "y_orig")] == ["8", "32", "32"]
    assert "same expectation" in answers["closeness"]
    assert answers["train_test"].startswith("Batch normalization.")


def test_the_original_is_the_printed_sheet() -> None:
    assert PROBLEM.read(PRINTED) == PROBLEM.printed().params


# ------------------------------------------------------------------------------- expectation and variance


def test_moments_over_all_masks_of_three_units() -> None:
    values = solution(PROBLEM, SMALL)["values"]
    assert values["expected_drop"] == "4"
    assert values["variance_drop"] == "88/9"
    assert values["expected_corr"] == "6"
    assert values["variance_corr"] == "22"
    assert (values["y_drop"], values["y_corr"], values["y_orig"]) == ("8", "12", "6")


@pytest.mark.slow
def test_moments_are_those_of_the_enumerated_masks(drawn: list[Variant]) -> None:
    for variant in drawn[:20]:
        p = Fraction(int(variant.values.p.p), int(variant.values.p.q))
        terms = [int(w * x) for w, x in zip(variant.values.w, variant.values.x, strict=True)]
        for factor, name in ((Fraction(1), "drop"), (1 / (1 - p), "corr")):
            mean = square = Fraction(0)
            for mask in product((0, 1), repeat=len(terms)):
                likely = prod(1 - p if m else p for m in mask)
                y = factor * sum(m * term for m, term in zip(mask, terms, strict=True))
                mean += likely * y
                square += likely * y * y
            assert variant.values[f"expected_{name}"] == sympy.Rational(*mean.as_integer_ratio())
            assert variant.values[f"variance_{name}"] == sympy.Rational(*(square - mean**2).as_integer_ratio())


def test_many_units_are_checked_without_enumerating_all_their_masks() -> None:
    values = solution(PROBLEM, {"x": [1, 2] * 200, "w": [3, -1] * 200, "p": "1/5", "dropped": []})["values"]
    assert values["expected_drop"] == "160"
    assert values["variance_drop"] == "416"


# --------------------------------------------------------------------------------- the user's own numbers


@pytest.mark.parametrize(
    ("changes", "y_drop", "y_corr", "y_orig"),
    [
        ({"dropped": []}, "6", "9", "6"),
        ({"dropped": [3, 1, 2]}, "0", "0", "6"),
        ({"p": 0}, "8", "8", "6"),
        ({"p": "0.5"}, "8", "16", "6"),
        ({"w": ["1/2", 0, "sqrt(2)"]}, "1 + 3*sqrt(2)", "3/2 + 9*sqrt(2)/2", "1 + 3*sqrt(2)"),
    ],
)
def test_own_numbers(changes: dict[str, Any], y_drop: str, y_corr: str, y_orig: str) -> None:
    answers = solution(PROBLEM, {**SMALL, **changes})["answers"]
    assert (answers["y_drop"], answers["y_corr"], answers["y_orig"]) == (y_drop, y_corr, y_orig)
    assert list(answers) == ["y_drop", "y_corr", "y_orig", "closeness", "train_test"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"p": 1}, "p", "from 0 to below 1.*got 1$"),
        ({"p": "3/2"}, "p", "got 3/2$"),
        ({"p": "-1/3"}, "p", "got -1/3$"),
        ({"p": "log(3)"}, "p", r"got log\(3\)$"),
        ({"p": 0.5}, "p", "not exact"),
        ({"p": None}, "p", "missing"),
        ({"w": [1, 2]}, "w", "expected 3 entries, one for each unit of x; got 2"),
        ({"w": [1, 2, 3, 4]}, "w", "expected 3 entries, one for each unit of x; got 4"),
        ({"x": []}, "x", "at least one number"),
        ({"dropped": [4]}, "dropped", "expected positions of x, 1 to 3; got 4"),
        ({"dropped": [0]}, "dropped[1]", "from 1"),
        ({"dropped": [1, -1]}, "dropped[2]", "from 1"),
        ({"dropped": [1, "1/2"]}, "dropped[2]", "integer"),
        ({"dropped": [2, 1, 2]}, "dropped", "unit 2 stands twice"),
        ({"dropped": 2}, "dropped", "expected a list"),
        ({"closeness": "because"}, "closeness", "expected one of why"),
        ({"seen_drop": 3}, "seen_corr", "together"),
        ({"seen_corr": 3}, "seen_drop", "together"),
        ({"seen_drop": 3, "seen_corr": 0}, "seen_corr", "got 0"),
        ({"seen_drop": 3, "seen_corr": 2}, "seen_corr", "not smaller in size; got 2"),
        ({"seen_drop": 3, "seen_corr": -6}, "seen_corr", "of the sign of seen_drop = 3"),
        ({"q": "1/2"}, "q", "no such parameter"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_by_name(changes: dict[str, Any], field: str, message: str) -> None:
    raw = {name: value for name, value in {**SMALL, **changes}.items() if value is not None}
    with pytest.raises(InputError, match=message) as error:
        PROBLEM.read(raw)
    assert error.value.field == field


def test_the_probability_is_found_from_two_outputs() -> None:
    answers = solution(PROBLEM, {**SMALL, "seen_drop": -6, "seen_corr": -10})["answers"]
    assert answers["find_p"] == "2/5"


# ----------------------------------------------------------------------------------------------- mistakes


def test_mistakes_on_the_printed_sheet() -> None:
    """Three of them coincide with right answers there, which is why no variant may repeat its numbers."""
    wrong = by_mistake(PRINTED)
    assert wrong["inverted mask"] == {"y_drop": "24", "y_corr": "96"}
    assert wrong["p taken for keeping"] == {"y_corr": "32/3"}
    assert wrong["scaled down"] == {"y_corr": "2"}
    assert wrong["scaled by p"] == {"y_corr": "6"}
    assert wrong["corrected the full output"] == {"y_corr": "128"}
    assert wrong["scaled at test too"] == {"y_orig": "8"}
    for hidden in (
        "scaled by the realized share",
        "correction taken as exact",
        "this mask for all",
        "weights left out",
    ):
        assert hidden not in wrong


def test_mistakes_with_three_units() -> None:
    """Where x = (2, 1, 3), w = (1, -2, 2), p = 1/3, unit 2 dropped; contributions 2, -2, 6."""
    wrong = by_mistake(
        {**SMALL, "follow_ups": ["expectation"], "seen_drop": 6, "seen_corr": 10},
    )
    assert wrong == {
        "inverted mask": {"y_drop": "-2", "y_corr": "-3"},
        "weights left out": {
            "y_drop": "5",
            "y_corr": "15/2",
            # y_orig = 2 + 1 + 3 = 6, as with the weights
            "variance_drop": "28/9",
            "variance_corr": "7",
        },
        "p taken for keeping": {"y_corr": "24", "expected_drop": "2", "variance_corr": "88"},
        "scaled down": {"y_corr": "16/3", "expected_corr": "8/3", "variance_corr": "352/81"},
        "scaled by p": {"y_corr": "8/3", "expected_corr": "4/3", "variance_corr": "88/81"},
        # two of the three units survive, as 1 - p has it: dividing by the realized share shows nothing here
        "corrected the full output": {"y_corr": "9"},
        "no correction": {"y_corr": "8"},
        "corrected without dropout": {"y_orig": "9", "expected_drop": "6", "expected_corr": "9"},
        "dropout ignored on average": {"expected_drop": "6", "expected_corr": "9"},
        "survivors only": {"variance_drop": "80/9", "variance_corr": "20"},  # 2² + 6² = 40 for 44
        "standard deviation for the variance": {"variance_drop": "2*sqrt(22)/3", "variance_corr": "sqrt(22)"},
        "gave the correction": {"find_p": "5/3"},
        "correction taken as exact": {"y_orig": "12", "expected_drop": "8", "expected_corr": "12"},
        "scaled at test too": {"y_orig": "4", "expected_drop": "8/3", "expected_corr": "4"},
        "this mask for all": {"expected_drop": "8", "expected_corr": "12"},
        "masks equally likely": {
            "expected_drop": "3",
            "variance_drop": "11",
            "expected_corr": "9/2",
            "variance_corr": "99/4",
        },
        "second moment": {"variance_drop": "88/3", "variance_corr": "66"},
        "contributions not squared": {"variance_drop": "4/3", "variance_corr": "3"},
        "sum squared": {"variance_drop": "8", "variance_corr": "18"},
        "average lost to the correction": {"expected_corr": "4"},
        "correction not squared": {"variance_corr": "44/3"},
        "variance left as it was": {"variance_corr": "88/9"},
        "gave the probability of keeping": {"find_p": "3/5"},
        "quotient upside down": {"find_p": "2/3"},
    }


def test_the_realized_share_shows_where_it_is_not_p() -> None:
    wrong = by_mistake({**SMALL, "dropped": [2, 1]})
    assert wrong["scaled by the realized share"] == {"y_corr": "18"}  # 6 · 3/1 instead of 6 · 3/2


@pytest.mark.slow
def test_every_mistake_can_be_made_in_every_variant(drawn: list[Variant]) -> None:
    for variant in drawn:
        assert len(variant.wrong) == len(MISTAKES)
        assert all(answers for _, answers in variant.mistaken_answers())


# ---------------------------------------------------------------------------------------------- the sampler


@pytest.mark.slow
def test_no_bad_draw(drawn: list[Variant]) -> None:
    for variant in drawn:
        v = variant.values
        dropped, corrected, original = v.y_drop, v.y_corr, v.y_orig
        count, kept = len(v.x), len(v.x) - len(v.dropped)
        assert 6 <= count <= 8
        assert all(1 <= x <= 9 for x in v.x)
        assert {abs(w) for w in v.w} == {1, 2, 3}
        assert str(v.p) in SURVIVORS[variant.level]
        assert dropped != original * (1 - v.p)
        assert kept != count * (1 - v.p)
        assert abs(corrected - original) < abs(dropped - original)
        assert corrected.is_Integer
        assert v.found_p != v.p


@pytest.mark.slow
def test_the_numbers_stay_small(drawn: list[Variant]) -> None:
    for variant in drawn:
        v = variant.values
        assert max(abs(share) for share in v.contributions) <= 12
        for moment in (v.expected_drop, v.variance_drop, v.expected_corr, v.variance_corr):
            assert moment.q <= 5
            assert abs(moment) < 3000


@pytest.mark.slow
def test_few_draws_are_thrown_away(drawn: list[Variant]) -> None:
    assert sum(sum(variant.redraws.values()) for variant in drawn) <= 5 * len(drawn)


@pytest.mark.slow
def test_no_answer_is_easily_guessed(drawn: list[Variant]) -> None:
    for step in ("y_orig", "y_corr", "y_drop", "found_p"):
        ((_, count),) = Counter(variant.values[step] for variant in drawn).most_common(1)
        assert count <= 0.2 * len(drawn), step


@pytest.mark.slow
def test_where_some_weights_are_negative_outputs_are_as_often_negative(drawn: list[Variant]) -> None:
    few = NEGATIVE[drawn[0].level]
    turned = [variant for variant in drawn if variant.values.y_orig < 0]
    for variant in drawn:
        negative = sum(bool(weight < 0) for weight in variant.values.w)
        assert negative == (len(variant.values.w) - few if variant in turned else few)
    assert (70 < len(turned) < 130) if few else not turned


@pytest.mark.slow
def test_no_probability_is_the_common_one(drawn: list[Variant]) -> None:
    counts = Counter(str(variant.values.p) for variant in drawn)
    assert max(counts.values()) < 1.6 * len(drawn) / len(SURVIVORS[drawn[0].level])


def test_levels_differ_in_what_makes_them_hard() -> None:
    easy, hard = (drawing.draw_variant(PROBLEM, 1, level=level).values for level in ("easy", "hard"))
    assert easy.correction.is_Integer
    assert not hard.correction.is_Integer
    assert min(easy.w) > 0
    assert len(hard.x) > len(easy.x)


@pytest.mark.slow
def test_every_probability_comes_up(drawn: list[Variant]) -> None:
    assert {str(variant.params["p"]) for variant in drawn} == {*SURVIVORS[drawn[0].level]}


@pytest.mark.parametrize("level", LEVELS)
def test_every_question_and_claim_comes_up(level: str) -> None:
    drawn = [BANK.draw(Draw("dropout", level, seed), {"p": Fraction(1, 3)}, level=level) for seed in range(300)]
    for group, entries in (("closeness", CLOSENESS), ("train_test", TRAIN_TEST)):
        assert {one[group] for one in drawn} == {name for name, one in entries.items() if one.is_drawn_at(level)}
    assert {name for one in drawn for name in one["claims"]} == set(CLAIMS) - {"fixed_mask"}


@pytest.mark.parametrize(("claim", "p"), [("relu", 0), ("all_dropped", 0), ("twice_p", 0), ("mean_of_the_mask", "1/2")])
def test_a_claim_whose_verdict_hangs_on_p_is_refused_where_it_would_be_another(claim: str, p: Any) -> None:
    PROBLEM.read({**SMALL, "claims": [claim]})
    with pytest.raises(InputError, match=claim):
        PROBLEM.read({**SMALL, "p": p, "claims": [claim]})


def test_the_order_of_the_units_does_not_make_another_variant() -> None:
    forwards = PROBLEM.variant(PROBLEM.read(SMALL))
    backwards = PROBLEM.variant(PROBLEM.read({**SMALL, "x": [3, 1, 2], "w": [2, -2, 1]}))
    other_mask = PROBLEM.variant(PROBLEM.read({**SMALL, "dropped": [1]}))
    assert forwards.canonical == backwards.canonical
    assert forwards.canonical != other_mask.canonical


# -------------------------------------------------------------------------------------------- the concepts


CONCEPTS: list[dict[str, Any]] = [
    *({"closeness": name} for name in CLOSENESS),
    *({"train_test": name} for name in TRAIN_TEST),
    *({"claims": [name]} for name in CLAIMS),
]


@pytest.mark.parametrize("concept", CONCEPTS, ids=str)
def test_every_question_and_claim_renders(concept: dict[str, Any]) -> None:
    variant = PROBLEM.variant(PROBLEM.read({**SMALL, **concept}))
    with_key = exercise(variant, 1)
    for form in FORMATS.values():
        assert PROBLEM.title in str(renderer(form).node(with_key))
        assert PROBLEM.title in str(renderer(form).node(without_key(with_key)))
    for question in with_key.parts:
        assert question.points > 0
        if question.key is not None and question.key.rubric:
            assert sum(line.points for line in question.key.rubric) == question.points


def test_a_claims_answer_is_its_verdict() -> None:
    answers = solution(PROBLEM, {**SMALL, "claims": ["relu", "no_parameters"]})["answers"]
    assert answers["claims"] == [False, True]


@pytest.mark.parametrize(
    ("dropped", "words"),
    [
        ([], "no unit is dropped"),
        ([3], "unit 3 is dropped"),
        ([3, 1], "units 1 and 3 are dropped"),
        ([1, 2, 3], "units 1, 2 and 3 are dropped"),
    ],
)
def test_the_mask_in_words(dropped: list[int], words: str) -> None:
    variant = PROBLEM.variant(PROBLEM.read({**SMALL, "dropped": dropped}))
    assert words in str(renderer(FORMATS["md"]).node(exercise(variant, 1)))
