"""Gradient descent on a quadratic: the printed example by hand, and whatever its parameters allow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from generator.document.nodes import Figure
from generator.errors import InputError
from generator.paper.solve import solution
from generator.problem.catalogue import find_problem
from generator.problem.drawing import draw_variant
from generator.problems.gradient_descent_quadratic import PROBLEM, path_figure

KEY = {
    "curvature": ["2", "6"],
    "factors": ["3/4", "1/4"],
    "iterates": [["19", "15"], ["15", "3"], ["12", "0"]],
    "losses": ["1024", "192", "84"],
    "extremes": ["2", "6"],
    "largest_rate": "1/3",
    "best_rate": "1/4",
    "kappa": "3",
    "contraction": "1/2",
    "per_step": "1/4",
    "steps_needed": "5",
    "remaining": ["25/36", "1/4"],
    "early_theta": ["11/12", "-3/4"],
    "equivalent_lambda": ["50/11", "2"],
}

WRONG: dict[str, dict[str, Any]] = {
    "half_gradient": {"iterates": [["19", "15"], ["17", "9"], ["61/4", "21/4"]], "losses": ["1024", "496", "1069/4"]},
    "ascent": {"iterates": [["19", "15"], ["23", "27"], ["28", "48"]], "losses": ["1024", "2752", "7828"]},
    "minimum_forgotten": {
        "iterates": [["19", "15"], ["57/4", "15/4"], ["171/16", "15/16"]],
        "losses": ["1024", "777/4", "4503/64"],
    },
    "one_curvature": {"iterates": [["19", "15"], ["7", "3"], ["4", "0"]], "losses": ["1024", "64", "4"]},
    "half_forgotten": {"losses": ["2048", "384", "168"]},
    "one_over_l": {"largest_rate": "1/6"},
    "flattest_direction": {"largest_rate": "1"},
    "best_is_one_over_l": {"best_rate": "1/6"},
    "best_is_one_over_sum": {"best_rate": "1/8"},
    "rate_of_one_over_l": {"contraction": "2/3", "steps_needed": "9"},
    "momentum_rate": {"contraction": "2 - sqrt(3)", "steps_needed": "3"},
    "wrong_measure": {"steps_needed": "10"},
    "rounded_down": {"steps_needed": "4"},
    "kept_not_removed": {"early_theta": ["25/12", "-1/4"]},
    "inverted_lambda": {"equivalent_lambda": ["22/25", "18"]},
    "rule_of_thumb": {"equivalent_lambda": ["6", "6"]},
}


def solved(**changed: Any) -> dict[str, Any]:
    """The printed example with some parameters changed."""
    assert PROBLEM.original is not None
    given = {name: value for name, value in PROBLEM.original.items() if name not in ("question", "claims")}
    found: dict[str, Any] = solution(find_problem("gradient-descent-quadratic"), {**given, **changed})
    return found


def test_the_key_and_the_mistakes_of_the_printed_example() -> None:
    found = solved()
    assert {name: found["values"][name] for name in KEY} == KEY
    assert {one["name"]: one["answers"] for one in found["mistakes"]} == WRONG
    assert "confirmed" not in found


@pytest.mark.parametrize(
    ("rate", "behaviour"),
    [("1/8", "ss"), ("1/6", "ss"), ("1/4", "so"), ("1/3", "sf"), ("5/12", "sd"), ("2/3", "od"), ("5/4", "dd")],
)
def test_what_the_coordinates_do_at_any_step_size(rate: str, behaviour: str) -> None:
    assert solved(trial_rate=rate)["values"]["behaviour"] == behaviour
    assert solved(rate=rate)["values"]["behaviour"] == behaviour


@pytest.mark.parametrize(
    ("changed", "step", "value"),
    [
        ({"measure": "distance"}, "steps_needed", "10"),
        ({"tolerance": "1/1024"}, "steps_needed", "5"),
        ({"tolerance": "1/1025"}, "steps_needed", "6"),
        ({"tolerance": "99/100"}, "steps_needed", "1"),
        ({"h": [3], "t": [1], "start": [4]}, "steps_needed", "1"),
        ({"h": [3], "t": [1], "start": [4]}, "contraction", "0"),
        ({"h": [1, 1000], "tolerance": "1/100", "rate": "1/1000", "early_rate": "1/5000"}, "steps_needed", "1152"),
        ({"start": [3, -1]}, "losses", ["0", "0", "0"]),
        ({"steps": 1}, "iterates", [["19", "15"], ["15", "3"]]),
        ({"t": [0, 0]}, "early_theta", ["0", "0"]),
        ({"t": [0, 0]}, "equivalent_lambda", ["50/11", "2"]),
        ({"early_rate": "1/6", "early_steps": 1}, "equivalent_lambda", ["4", "0"]),
        ({"h": [5, 1, 3], "t": [1, -2, 3], "start": [2, 2, 2], "rate": "1/5", "early_rate": "1/10"}, "kappa", "5"),
        ({"h": ["sqrt(2)", 2]}, "kappa", "sqrt(2)"),
    ],
)
def test_the_edges_of_the_parameters(changed: dict[str, Any], step: str, value: Any) -> None:
    found = solved(**changed)
    assert found["values"][step] == value
    assert "confirmed" not in found


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"h": [0, 1]}, "h: expected positive curvatures; got 0"),
        ({"t": [1]}, "t: expected 2 entries, one for each entry of h; got 1"),
        ({"start": [1, 2, 3]}, "start: expected 2 entries"),
        ({"rate": 0}, "rate: expected a positive step size; got 0"),
        ({"tolerance": 1}, "tolerance: expected a number between 0 and 1; got 1"),
        ({"measure": "norm"}, "measure: expected one of distance, loss; got 'norm'"),
        ({"early_rate": "1/3"}, "early_rate: the stopped run ends where it began in a coordinate"),
        ({"h": [1, 100_000]}, "tolerance: more than 10000 steps are needed"),
        ({"rate": 1000, "steps": 50}, "rate: distances grow by more than 1e.30"),
    ],
)
def test_what_does_not_fit_is_said(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**changed)


def test_a_mistake_that_gives_a_neighbouring_count_is_left_out() -> None:
    named = [one["name"] for one in solved(tolerance="1/4", measure="distance")["mistakes"]]
    assert "rounded_down" in named
    assert "wrong_measure" not in named  # both would say 1


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_every_variant_agrees_with_a_run_in_floats(level: str) -> None:
    for seed in range(30):
        v = draw_variant(PROBLEM, seed, level=level).values
        h, t, theta = (np.array(v[name], dtype=float) for name in ("h", "t", "start"))
        for exact in v.iterates:
            assert np.allclose(theta, np.array(exact, dtype=float))
            theta = theta - float(v.rate) * h * (theta - t)
        away, steps = np.ones(len(h)), 0
        while True:
            size = abs(away).max() ** (1 if v.measure == "distance" else 2)
            if size <= float(v.tolerance) * (1 + 1e-12):
                break
            away, steps = away * (1 - float(v.best_rate) * h), steps + 1
        assert steps == v.steps_needed
        stopped = np.zeros(len(h))
        for _ in range(int(v.early_steps)):
            stopped = stopped - float(v.early_rate) * h * (stopped - t)
        assert np.allclose(stopped, np.array(v.early_theta, dtype=float))
        slopes = h * (stopped - t) + np.array(v.equivalent_lambda, dtype=float) * stopped
        assert np.allclose(slopes, 0)


def test_draws_never_print_the_step_sizes_that_are_asked_for() -> None:
    for level in PROBLEM.levels:
        for seed in range(60):
            v = draw_variant(PROBLEM, seed, level=level).values
            assert not {v.rate, v.trial_rate, v.early_rate} & {v.best_rate, v.largest_rate}
            assert all(theta.is_Integer for theta in v.iterates.flatten())


def test_the_drawing_of_the_iterates_has_them_in_words_or_is_left_out() -> None:
    variant = PROBLEM.printed()
    (figure,) = path_figure(variant.values)
    assert isinstance(figure, Figure)
    assert "(19, 15), (15, 3), (12, 0)" in figure.scene.description
    flat = PROBLEM.variant(PROBLEM.read({**dict(PROBLEM.original or {}), "start": [3, -1]})).values
    assert path_figure(flat) == []
