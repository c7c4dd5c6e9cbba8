"""Bias, variance, and when to stop: the printed example literally, and whatever else the parameters allow."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem

PRINTED: dict[str, Any] = {
    "predictions": [2, 6, 10],
    "probabilities": ["1/2", "1/4", "1/4"],
    "truth": 3,
    "noise": [-1, 1],
    "noise_probabilities": ["1/2", "1/2"],
    "correlation": "1/4",
    "member_variance": 12,
    "members": 6,
    "bound": "37/10",
    "fold_errors": [[12, 18, 15, 11], [14, 17, 16, 15], [10, 22, 15, 12]],
    "validation": [50, 42, 45, 38, 40, 36, 37, 39, 41, 30],
    "patience": 3,
    "train": [1, 7, 7, 9],
    "test": [0, 12],
}
KEY: dict[str, Any] = {
    "mean_prediction": 5,
    "bias": 2,
    "bias_squared": 4,
    "variance": 11,
    "noise_variance": 1,
    "expected_error": 16,
    "shared": 3,
    "own": 9,
    "ensemble_variance": "9/2",
    "ensemble_limit": 3,
    "least_members": 13,
    "cv_means": [14, "31/2", "59/4"],
    "chosen": 1,
    "stop_epoch": 9,
    "kept_epoch": 6,
    "data_mean": 6,
    "data_std": 3,
    "normalized_test": [-2, 2],
}
INNER = {"stopping", "fitted_on"}
MISTAKES: dict[str, dict[str, Any]] = {
    "unweighted_mean": {"mean_prediction": 6, "bias_squared": 9, "variance": 12, "expected_error": 22},
    "bias_not_squared": {"bias_squared": 2, "expected_error": 14},
    "spread_about_truth": {"variance": 15, "expected_error": 20},
    "standard_deviation": {"variance": "sqrt(11)", "expected_error": "5 + sqrt(11)"},
    "noise_forgotten": {"expected_error": 15},
    "bias_added_unsquared": {"expected_error": 14},
    "members_independent": {"ensemble_variance": 2},
    "parts_exchanged": {"ensemble_variance": "19/2"},
    "limit_zero": {"ensemble_limit": 0},
    "floor_members": {"least_members": 12},
    "interrupted_waits": {"stop_epoch": 7},
    "one_epoch_more": {"stop_epoch": 10, "kept_epoch": 10},
    "last_epoch_kept": {"kept_epoch": 9},
    "best_of_table": {"kept_epoch": 10},
    "leaked": {"normalized_test": ["-sqrt(2)", "sqrt(2)"]},
    "test_statistics": {"normalized_test": [-1, 1]},
    "sample_deviation": {"normalized_test": ["-sqrt(3)", "sqrt(3)"]},
    "largest_error": {"chosen": 2},
    "best_single_fold": {"chosen": 3},
}


def texts(value: Any) -> Any:
    """Integers as the texts that an encoded solution has."""
    if isinstance(value, dict):
        return {name: texts(one) for name, one in value.items()}
    return [texts(one) for one in value] if isinstance(value, list) else str(value)


def solved(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = solution(find_problem("model-selection"), {**PRINTED, **changed})
    assert "confirmed" not in found
    return found


def test_the_printed_example() -> None:
    found = solved()
    assert {name: value for name, value in found["values"].items() if name not in INNER} == texts(KEY)
    assert {one["name"]: one["answers"] for one in found["mistakes"]} == texts(MISTAKES)


def test_one_prediction_and_no_noise() -> None:
    values = solved(predictions=["1/3"], probabilities=[1], noise=[0], noise_probabilities=[1])["values"]
    assert (values["variance"], values["noise_variance"], values["expected_error"]) == ("0", "0", "64/9")


def test_an_outcome_without_probability_and_roots() -> None:
    values = solved(predictions=[-1, 100, "sqrt(2)"], probabilities=["1/2", 0, "1/2"], truth=0)["values"]
    assert values["mean_prediction"] == "-1/2 + sqrt(2)/2"
    assert values["expected_error"] == "5/2"


@pytest.mark.parametrize(
    ("given", "variance", "least"),
    [
        ({"correlation": 0, "bound": 2}, "2", "6"),
        ({"correlation": 0, "bound": "19/10"}, "2", "7"),
        ({"correlation": 1, "bound": 13}, "12", "1"),
        ({"correlation": 1, "bound": 12}, "12", "1"),
        ({"correlation": "1/4", "bound": 12}, "9/2", "1"),
        ({"correlation": "1/4", "bound": 100}, "9/2", "1"),
        ({"members": 1}, "12", "13"),
        ({"members": 1000, "bound": "30001/10000"}, "3009/1000", "90000"),
        ({"member_variance": "sqrt(2)", "bound": 1}, "3*sqrt(2)/8", "2"),
    ],
)
def test_ensembles(given: dict[str, Any], variance: str, least: str) -> None:
    values = solved(**given)["values"]
    assert (values["ensemble_variance"], values["least_members"]) == (variance, least)


@pytest.mark.parametrize(
    ("losses", "patience", "stop", "kept"),
    [
        ([3, 4], 1, "2", "1"),
        ([3, 3, 2], 1, "2", "1"),
        ([5, 4, 4, 4, 1], 2, "4", "2"),
        ([-1, -2, "-3/2", -3, 0, 1], 2, "6", "4"),
        ([2, 1, 3, "1/2", 3, "1/4", 3, 4, 5], 3, "9", "6"),
        ([1] * 40, 39, "40", "1"),
    ],
)
def test_early_stopping(losses: list[Any], patience: int, stop: str, kept: str) -> None:
    values = solved(validation=losses, patience=patience)["values"]
    assert (values["stop_epoch"], values["kept_epoch"]) == (stop, kept)


def test_tied_candidates_and_a_single_fold() -> None:
    assert solved(fold_errors=[[3], [2], [2]])["values"]["chosen"] == "2"
    values = solved(fold_errors=[[1, "1/2"], ["1/2", "1/2"]] + [[-1, 5]] * 6)["values"]
    assert (values["chosen"], len(values["cv_means"])) == ("2", 8)


def test_scaling_of_any_data() -> None:
    assert solved(train=[0, 1], test=["1/2", "1/2", "1/2"])["values"]["normalized_test"] == ["0", "0", "0"]
    assert solved(train=[-1, 0, 1], test=[2])["values"]["normalized_test"] == ["sqrt(6)"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"probabilities": ["1/2", "1/2"]}, "probabilities: expected 3 entries"),
        ({"probabilities": ["1/2", "1/4", "1/8"]}, "that add up to 1"),
        ({"probabilities": ["1/2", "3/4", "-1/4"]}, "probabilities, from 0"),
        ({"noise": [0, 1]}, "noise with mean 0"),
        ({"noise_probabilities": [1]}, "noise_probabilities: expected 2 entries"),
        ({"correlation": "-1/10"}, "a correlation from 0 to 1"),
        ({"correlation": "11/10"}, "a correlation from 0 to 1"),
        ({"member_variance": 0}, "a variance above 0"),
        ({"members": 0}, "members"),
        ({"bound": 3}, "no number of members reaches 3"),
        ({"fold_errors": [[1, 2]]}, "2 to 8 candidates"),
        ({"fold_errors": [[1, 2]] * 9}, "2 to 8 candidates"),
        ({"patience": 0}, "patience"),
        ({"patience": 4}, "training never stops"),
        ({"train": [2, 2]}, "their deviation is 0"),
    ],
)
def test_what_cannot_be_selected_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**changed)


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_draws_against_plain_floats(level: str) -> None:
    """Answers of some draws by formulas that share nothing with the problem's code."""
    for seed in range(12):
        v = drawing.draw_variant(find_problem("model-selection"), seed, level=level).values
        names = ("predictions", "probabilities", "noise", "noise_probabilities")
        a, q, e, r = (np.array([float(x) for x in v[name]]) for name in names)
        outcomes = product(zip(a, q, strict=True), zip(e, r, strict=True))
        errors = [(float(v.truth) + noise - one) ** 2 * p * s for (one, p), (noise, s) in outcomes]
        assert np.isclose(float(v.expected_error), sum(errors))
        assert np.isclose(float(v.variance), q @ a**2 - (q @ a) ** 2)
        rho, sigma2 = Fraction(str(v.correlation)), Fraction(str(v.member_variance))
        reached = [M for M in range(1, 200) if rho * sigma2 + (1 - rho) * sigma2 / M <= Fraction(str(v.bound))]
        assert int(v.least_members) == reached[0]
        seen = [float(x) for x in v.validation[: int(v.stop_epoch)]]
        assert int(v.stop_epoch) - int(v.kept_epoch) == int(v.patience)
        assert min(seen) == seen[int(v.kept_epoch) - 1]
        train, test = (np.array([float(x) for x in v[name]]) for name in ("train", "test"))
        assert np.allclose([float(x.evalf()) for x in v.normalized_test], (test - train.mean()) / train.std())


def test_encoded_draws_solve_again() -> None:
    variant = drawing.draw_variant(find_problem("model-selection"), 3, level="hard")
    given = {name: encode(variant.params[name]) for name in PRINTED}
    assert solved(**given)["values"] == encode(variant.values.computed)


def test_losses_below_0_have_no_drawing() -> None:
    problem = find_problem("model-selection")
    variant = problem.variant(problem.read({**PRINTED, "validation": [-1, -2, 0, 1], "patience": 2}))
    assert [part.id for part in variant.all_parts][3] == "early_stopping"
