"""residuals-and-schedules: the printed example worked out by hand, and what its parameters allow and refuse."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from generator.document.figures.marked_curve import MarkedCurve, marked_curve_scene
from generator.errors import AuthoringError, InputError
from generator.numbers.exact import exact
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.problem import LEVELS

PROBLEM = find_problem("residuals-and-schedules")
ORIGINAL: dict[str, Any] = {
    "x": 1, "slopes": ["1/2", 2, -3, "1/2"], "shifts": [1, 0, -1, 4],
    "schedule": "cosine", "peak": "1/100", "warmup": 20, "total": 140, "drop": "1/10", "every": 40, "asked_steps": [10, 60, 100],
    "weights": [4, 8, -4, 12], "momentum": "3/4",
    "bits": 8, "vector": ["127/10", "-78/25", "11/25", "-239/25"], "activations": ["-513/100", "2037/100", "3/5", "-87/100"],
    "similarity_ratios": [[6, 2, 1], [3, 8, 1], [2, 3, 4]],
}  # fmt: skip

KEY: dict[str, Any] = {
    "residual_states": [1, 2, 6, -9, -9],
    "residual_slopes": ["1/2", 2, -3, 0],
    "residual_factors": ["3/2", 3, -2, 1],
    "residual_gradient": -9,
    "plain_states": [1, 1, 2, -3, "1/2"],
    "plain_slopes": ["1/2", 2, -3, "1/2"],
    "plain_gradient": "-3/2",
    "progress": ["1/2", "1/3", "2/3"],
    "decay": ["1/2", "3/4", "1/4"],
    "rates": ["1/200", "3/400", "1/400"],
    "ema": [4, 5, "11/4", "81/16"],
    "levels": 127,
    "scale": "1/10",
    "codes": [127, -31, 4, -96],
    "errors": [0, "1/50", "-1/25", "-1/25"],
    "affine_scale": "1/10",
    "zero_point": 51,
    "affine_codes": [0, 255, 57, 42],
    "affine_errors": ["3/100", "3/100", 0, "-3/100"],
    "contrast": ["2/3", "2/3", "4/9"],
    "contrast_loss": "-4*log(2)/3 + 4*log(3)/3",
}

WRONG: dict[str, dict[str, Any]] = {
    "skip_forgotten": {"residual_gradient": 0},
    "one_plus_product": {"residual_gradient": 1},
    "shut_gate_open": {"residual_gradient": "-27/2"},
    "one_plus_sum": {"residual_gradient": "1/2"},
    "warmup_from_one": {"rates": ["11/2000", "3/400", "1/400"]},
    "bare_cosine": {"rates": ["1/200", "1/200", "-1/200"]},
    "momentum_exchanged": {"ema": [4, 7, "-5/4", "139/16"]},
    "average_from_zero": {"ema": [1, "11/4", "17/16", "243/64"]},
    "whole_range": {
        "scale": "127/2550",
        "codes": [255, -63, 9, -192],
        "errors": [0, "-3/170", "7/850", "-1/425"],
    },
    "one_level_more": {
        "scale": "127/1280",
        "codes": [128, -31, 4, -96],
        "errors": [0, "283/6400", "-69/1600", "7/200"],
    },
    "truncated": {"codes": [127, -31, 4, -95], "errors": [0, "1/50", "-1/25", "3/50"]},
    "zero_point_sign": {
        "zero_point": -51,
        "affine_codes": [0, 153, 0, 0],
        "affine_errors": ["1023/100", "3/100", "9/2", "597/100"],
    },
    "no_zero_point": {
        "zero_point": 0,
        "affine_codes": [0, 204, 6, 0],
        "affine_errors": ["513/100", "3/100", 0, "87/100"],
    },
    "zero_point_not_subtracted": {"affine_errors": ["513/100", "513/100", "51/10", "507/100"]},
    "positive_not_below": {"contrast": [2, 2, "4/5"], "contrast_loss": "-4*log(2)/3 + log(5)/3"},
    "columns_compared": {
        "contrast": ["6/11", "8/13", "2/3"],
        "contrast_loss": "-5*log(2)/3 + log(11)/3 + log(13)/3",
    },
    "summed": {"contrast_loss": "-4*log(2) + 4*log(3)"},
}


def solved(**changed: Any) -> dict[str, Any]:
    """Solve the printed example with some of its parameters changed; None leaves one out."""
    given = {name: value for name, value in {**ORIGINAL, **changed}.items() if value is not None}
    found: dict[str, Any] = solution(PROBLEM, given)
    return found


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return bool(sympy.simplify(sympy.sympify(found) - sympy.sympify(wanted)) == 0)


def made(**changed: Any) -> dict[str, Any]:
    return {one["name"]: one["answers"] for one in solved(**changed)["mistakes"]}


def test_the_printed_example() -> None:
    values = solved()["values"]
    assert [*values] == [*KEY]  # in the order in which one computes them
    for name, wanted in KEY.items():
        assert same(values[name], wanted), name


def test_the_mistakes_of_the_printed_example() -> None:
    found = made()
    assert found.keys() == WRONG.keys()
    for name, answers in WRONG.items():
        assert found[name].keys() == answers.keys(), name
        assert all(same(found[name][part], wanted) for part, wanted in answers.items()), name


def test_codes_that_follow_from_a_scale_of_ones_own_are_clipped() -> None:
    values = PROBLEM.printed().values
    found = PROBLEM.graph.with_values(values, {"scale": exact(Fraction(1, 20))})
    assert [*found.codes] == [127, -62, 9, -127]


def rate(schedule: str, t: float, peak: float, warmup: float, total: float, drop: float, every: float) -> float:
    if t <= warmup and warmup:
        return peak * t / warmup
    u = (t - warmup) / (total - warmup)
    decay = {"linear": 1 - u, "cosine": (1 + np.cos(np.pi * u)) / 2, "step": drop ** ((t - warmup) // every)}
    return float(peak * decay[schedule])


SCHEDULES: dict[str, dict[str, Any]] = {
    "linear, from the first step to the last": {"schedule": "linear", "asked_steps": [0, 20, 21, 139, 140]},
    "linear without a warm-up": {"schedule": "linear", "warmup": 0, "asked_steps": [0, 70]},
    "cosine at every angle": {"total": 80, "asked_steps": [0, 20, 25, 26, 30, 32, 35, 40, 44, 50, 60, 65, 70, 80]},
    "cosine without a warm-up": {"warmup": 0, "total": 120, "asked_steps": [0, 20, 120]},
    "steps on a drop and before it": {"schedule": "step", "asked_steps": [20, 59, 60, 100, 139, 140]},
    "steps out of order": {"schedule": "step", "every": 7, "drop": "2/3", "asked_steps": [100, 3, 27]},
    "steps with no drop": {"schedule": "step", "every": 1000, "asked_steps": [140]},
    "a factor of 1": {"schedule": "step", "drop": 1, "asked_steps": [140]},
    "a warm-up of one step": {"schedule": "linear", "warmup": 1, "asked_steps": [0, 1, 2]},
}


@pytest.mark.parametrize("changed", SCHEDULES.values(), ids=list(SCHEDULES))
def test_rates_of_every_schedule(changed: dict[str, Any]) -> None:
    given = {**ORIGINAL, **changed}
    numbers = [float(Fraction(given[name])) for name in ("peak", "warmup", "total", "drop", "every")]
    found = [float(sympy.sympify(one)) for one in solved(**changed)["values"]["rates"]]
    assert found == pytest.approx([rate(given["schedule"], t, *numbers) for t in given["asked_steps"]])


def test_the_mistakes_of_the_other_schedules() -> None:
    linear = made(schedule="linear", total=120, asked_steps=[10, 45, 70])
    assert linear["warmup_not_subtracted"] == {"rates": ["1/200", "1/160", "1/240"]}
    assert linear["progress_not_remaining"] == {"rates": ["1/200", "1/400", "1/200"]}
    assert not {"bare_cosine", "drops_from_zero"} & linear.keys()
    step = made(schedule="step", asked_steps=[10, 50, 70])
    assert step["drops_from_zero"] == {"rates": ["1/200", "1/1000", "1/1000"]}
    assert not {"bare_cosine", "warmup_not_subtracted", "progress_not_remaining"} & step.keys()
    cosine = made(warmup=20, total=60, asked_steps=[10, 40])  # 40 of 60 is two thirds of π, too
    assert cosine["warmup_not_subtracted"] == {"rates": ["1/200", "1/400"]}


EDGES: dict[str, dict[str, Any]] = {
    "one of everything": {
        "slopes": [2], "shifts": [1], "asked_steps": [10], "weights": [3], "vector": [1], "activations": [0, 1],
        "similarity_ratios": [[3]],
    },
    "a dead plain stack": {"x": -5, "shifts": [1, 1, -1, 4]},
    "two bits": {"bits": 2, "vector": [1, "-2/5", 0], "activations": [-1, "1/10", 2]},
    "sixteen bits": {"bits": 16},
    "only positive activations": {"activations": [1, 2, "23/10"]},
    "only negative activations": {"activations": [-1, -2, "-23/10"]},
    "numbers without short decimals": {"vector": ["1/3", "-1/7"], "activations": ["-1/3", "2/7", "1/11"]},
    "an average that never moves": {"momentum": 1},
    "an average that forgets": {"momentum": 0},
    "fractions as ratios": {"similarity_ratios": [["3/2", "1/3"], ["1/5", "7/4"]]},
    "no numbers of a step schedule": {"drop": None, "every": None},
}  # fmt: skip


@pytest.mark.parametrize("changed", EDGES.values(), ids=list(EDGES))
def test_whatever_the_parameters_allow_is_solved_and_confirmed(changed: dict[str, Any]) -> None:
    found = solved(**changed)
    assert "confirmed" not in found
    given = {**ORIGINAL, **changed}
    activations = np.array([float(Fraction(one)) for one in given["activations"]])
    scale = (activations.max() - activations.min()) / (2 ** given["bits"] - 1)
    zero = np.round(-activations.min() / scale)
    codes = np.clip(np.round(activations / scale) + zero, 0, 2 ** given["bits"] - 1)
    assert [float(Fraction(one)) for one in found["values"]["affine_codes"]] == [*codes]
    ratios = np.array([[float(Fraction(one)) for one in row] for row in given["similarity_ratios"]])
    loss = -np.log(np.diag(ratios) / ratios.sum(axis=1)).mean()
    assert float(sympy.sympify(found["values"]["contrast_loss"])) == pytest.approx(loss)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"shifts": [1, 0]}, "shifts: expected 4 entries"),
        ({"shifts": [-1, 0, -1, 4]}, "shifts: in block 1 of the residual stack ReLU gets 0"),
        ({"shifts": [1, -1, -1, 4]}, "shifts: in block 2 of the plain stack ReLU gets 0"),
        ({"schedule": "exponential"}, "schedule: expected one of linear, cosine, step"),
        ({"peak": 0}, "peak: expected a positive"),
        ({"total": 20}, "total: expected more steps than the 20"),
        ({"asked_steps": [10, 150]}, "asked_steps: expected whole numbers from 0 to 140"),
        ({"asked_steps": ["1/2"]}, "asked_steps: expected whole numbers"),
        ({"asked_steps": [37]}, "asked_steps: the cosine of 17/120·π, for step 37"),
        ({"schedule": "step", "every": None}, "every: missing"),
        ({"schedule": "step", "drop": 0}, "drop: expected a positive factor"),
        ({"momentum": "3/2"}, "momentum: expected a number from 0 to 1"),
        ({"bits": 1}, "bits: expected an integer from 2 to 32"),
        ({"vector": [0, 0]}, "vector: all values have one code"),
        ({"activations": [2, 2]}, "activations: all values have one code"),
        ({"vector": ["127/10", "1/4"]}, "vector: 1/4 is halfway between two codes"),
        ({"activations": ["-1/20", "509/20"]}, "activations: .* is halfway"),
        ({"similarity_ratios": [[1, 2, 3], [4, 5, 6]]}, "similarity_ratios: expected a square table"),
        ({"similarity_ratios": [[1, 0], [1, 1]]}, "similarity_ratios: expected positive numbers"),
    ],
)
def test_what_does_not_fit_is_said_so(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**changed)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.slow
def test_no_draw_hides_what_is_asked(level: str) -> None:
    shut = 0
    for seed in range(60):
        v = drawing.draw_variant(PROBLEM, seed, level=level).values
        shut += 0 in v.residual_slopes
        assert 0 not in v.plain_slopes
        assert [*v.residual_slopes].count(0) <= (0 if level == "easy" else 1)
        assert v.residual_gradient != v.plain_gradient
        assert any(v.errors)
        assert sum(abs(code) == v.levels for code in v.codes) == 1
        assert v.activations.min() < 0 < v.activations.max()
        assert [*v.contrast].count(v.contrast.min()) == 1
        assert sympy.Rational(1, 2) not in v.contrast
    assert {"easy": shut == 0, "standard": 0 < shut < 60, "hard": shut == 60}[level]


def test_a_curve_needs_a_name_and_a_value_for_each_mark() -> None:
    curve: dict[str, Any] = {"title": "rate", "x_name": ("step",), "y_name": ("rate",), "points": [(0, 0), (10, 1)]}
    scene = marked_curve_scene(MarkedCurve(**curve, marked=[(5, 0.5)], names=["5"], values=["1/2"]))
    assert scene.description == "rate: 0, 0.2, 0.4, 0.6, 0.8, 1; step 5: 1/2."
    with pytest.raises(AuthoringError, match="a name and a value"):
        MarkedCurve(**curve, marked=[(5, 0.5)], names=[], values=["1/2"])
    with pytest.raises(AuthoringError, match="none below 0"):
        MarkedCurve(**{**curve, "points": [(0, -1), (1, 1)]}, marked=[], names=[], values=[])
