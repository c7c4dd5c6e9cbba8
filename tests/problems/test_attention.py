"""Attention: the printed example to the symbol, other numbers at the edges of what is allowed, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

from generator.document.figures.scene import Box, Line
from generator.document.nodes import BoxedAnswer, Figure
from generator.errors import InputError
from generator.grading.grader import Grader
from generator.numbers.encoding import encode
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problems.attention import weights_figure

PROBLEM = find_problem("attention")
ORIGINAL: dict[str, Any] = {
    "Q": [[1, 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1]],
    "B": [[2, 1, 1, 1], [1, 2, 1, 3], [3, 1, 5, 1]],
    "V": [[6, 0], [0, 3], [4, -2]],
    "swap": [1, 2],
    "token": 1,
    "batch": 4,
    "length": 12,
    "width": 40,
    "heads": 5,
}
KEY: dict[str, Any] = {
    "keys": [["2*log(2)", 0, 0, 0], [0, "2*log(2)", 0, "2*log(3)"], ["2*log(3)", 0, "2*log(5)", 0]],
    "ratios": [[2, 1, 3], [1, 2, 5], [2, 3, 3]],
    "scores": [
        ["2*log(2)", 0, "2*log(3)"],
        [0, "2*log(2)", "2*log(5)"],
        ["2*log(2)", "2*log(3)", "2*log(3)"],
    ],
    "scaled": [["log(2)", 0, "log(3)"], [0, "log(2)", "log(5)"], ["log(2)", "log(3)", "log(3)"]],
    "exponentials": [[2, 1, 3], [1, 2, 5], [2, 3, 3]],
    "weights": [["1/3", "1/6", "1/2"], ["1/8", "1/4", "5/8"], ["1/4", "3/8", "3/8"]],
    "output": [[4, "-1/2"], ["13/4", "-1/2"], [3, "3/8"]],
    "causal_exponentials": [[2, 0, 0], [1, 2, 0], [2, 3, 3]],
    "causal_weights": [[1, 0, 0], ["1/3", "2/3", 0], ["1/4", "3/8", "3/8"]],
    "causal_output": [[6, 0], [2, 2], [3, "3/8"]],
    "swapped_weights": ["1/6", "1/3", "1/2"],
    "swapped_output": [3, 0],
    "head_width": 8,
    "shape_heads": [4, 5, 12, 8],
    "shape_scores": [4, 5, 12, 12],
    "shape_merged": [4, 12, 40],
    "projection_parameters": 6400,
}
WRONG: dict[str, dict[str, Any]] = {
    "no_scaling": {
        "scaled": KEY["scores"],
        "weights": [["2/7", "1/14", "9/14"], ["1/30", "2/15", "5/6"], ["2/11", "9/22", "9/22"]],
        "output": [["30/7", "-15/14"], ["53/15", "-19/15"], ["30/11", "9/22"]],
        "causal_output": [[6, 0], ["6/5", "12/5"], ["30/11", "9/22"]],
        "swapped_output": [3, "-3/7"],
    },
    "scale_by_d": {
        "scaled": [
            ["log(2)/2", 0, "log(3)/2"],
            [0, "log(2)/2", "log(5)/2"],
            ["log(2)/2", "log(3)/2", "log(3)/2"],
        ],
        "causal_output": [
            [6, 0],
            ["-6 + 6*sqrt(2)", "6 - 3*sqrt(2)"],
            ["6/5 + 4*sqrt(6)/5", "3/5 - sqrt(6)/10"],
        ],
        "swapped_output": [
            "-3*sqrt(2)/2 - sqrt(6)/2 + 3 + 2*sqrt(3)",
            "-5*sqrt(3)/2 - sqrt(6)/2 + 3/2 + 3*sqrt(2)",
        ],
    },
    "softmax_over_queries": {
        "weights": [["2/5", "1/6", "3/11"], ["1/5", "1/3", "5/11"], ["2/5", "1/2", "3/11"]],
        "output": [["192/55", "-1/22"], ["166/55", "1/11"], ["192/55", "21/22"]],
        "swapped_output": ["23/11", "36/55"],
    },
    "keys_as_queries": {
        "scaled": [["log(2)", 0, "log(2)"], [0, "log(2)", "log(3)"], ["log(3)", "log(5)", "log(3)"]],
        "weights": [["2/5", "1/5", "2/5"], ["1/6", "1/3", "1/2"], ["3/11", "5/11", "3/11"]],
        "output": [[4, "-1/5"], [3, 0], ["30/11", "9/11"]],
        "causal_output": [[6, 0], [2, 2], ["30/11", "9/11"]],
        "swapped_output": ["14/5", "2/5"],
    },
    "not_normalized": {
        "weights": [[2, 1, 3], [1, 2, 5], [2, 3, 3]],
        "output": [[24, -3], [26, -4], [24, 3]],
        "swapped_output": [18, 0],
    },
    "weights_transposed": {"output": [[3, "-1/8"], ["5/2", 0], ["9/2", "9/8"]]},
    "mask_forgotten": {"causal_output": KEY["output"]},
    "mask_after_softmax": {"causal_output": [[2, 0], ["3/4", "3/4"], [3, "3/8"]]},
    "mask_with_zero": {"causal_output": [[4, "1/4"], ["5/2", 1], [3, "3/8"]]},
    "mask_the_past": {"causal_output": [[4, "-1/2"], ["20/7", "-4/7"], [4, -2]]},
    "values_swapped_too": {"swapped_output": [4, "-1/2"]},
    "query_swapped": {"swapped_output": ["13/4", "-1/2"]},
    "outputs_swapped": {"swapped_both": "exchanged"},
    "heads_not_split": {"shape_heads": [4, 5, 12, 40]},
    "times_heads": {"projection_parameters": 32000},
    "no_output_projection": {"projection_parameters": 4800},
}


def exact(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [exact(one) for one in value]
    return sympy.expand_log(sympy.sympify(value, rational=True), force=True)


def solved(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = solution(PROBLEM, ORIGINAL | changed)
    return found


def test_the_key_of_the_printed_example() -> None:
    values = solved()["values"]
    assert {name: exact(values[name]) for name in KEY} == {name: exact(value) for name, value in KEY.items()}
    assert values["swapped_both"] == "unchanged"
    assert [name for name in values if name in KEY] == list(KEY)


def test_what_mistakes_make_of_it() -> None:
    made = {mistake["name"]: mistake["answers"] for mistake in solved()["mistakes"]}
    assert made.keys() == WRONG.keys()
    for name, answers in WRONG.items():
        assert {part: exact(made[name][part]) for part in answers} == {
            part: exact(value) for part, value in answers.items()
        }, name
    # scale_by_d changes further parts, with roots that are too long to print here.
    assert all(made[name].keys() == WRONG[name].keys() for name in WRONG if name != "scale_by_d")


def test_guided_parts_of_the_printed_example() -> None:
    answers = PROBLEM.printed().values
    assert exact(encode(answers["one_score"])) == exact("2*log(2)")
    assert exact(encode(answers["exponentials"])) == exact(KEY["exponentials"])
    assert exact(encode(answers["row_sums"])) == exact([6, 8, 8])


EDGES: dict[str, dict[str, Any]] = {
    "two tokens, one column": {"Q": [[1], [2]], "B": [[2], [3]], "V": [[1], [-1]]},
    "two columns, so that √d is irrational": {"Q": [[1, -1], [0, 2]], "B": [[2, 3], [1, 5]], "V": [[1, 2], [3, 4]]},
    "nine columns": {"Q": [[1] + [0] * 8, [0] * 8 + [1]], "B": [[2] * 9, [3, *[1] * 7, 5]], "V": [[1], [2]]},
    "a query of zeros": {"Q": [[0, 0], [1, 1]], "B": [[2, 3], [5, 1]], "V": [[1, 2], [3, 4]]},
    "equal keys": {"Q": [[1, 0], [0, 1]], "B": [[2, 2], [2, 2]], "V": [[1, 2], [3, 4]]},
    "fractions in B": {"Q": [[1, 1], [-2, 0]], "B": [["1/2", 3], ["2/3", "5/4"]], "V": [[1, 2], [3, 4]]},
    "halves in Q": {"Q": [["1/2", 0], [0, "3/2"]], "B": [[2, 1], [3, 5]], "V": [[1, 2], [3, 4]]},
    "roots in V": {"Q": [[1, 0], [0, 1]], "B": [[2, 1], [3, 5]], "V": [["sqrt(2)"], ["1/3"]]},
    "a token that is not exchanged": {"swap": [3, 2], "token": 1},
    "one head": {"heads": 1},
    "heads of one column": {"heads": 40},
    "sizes of 1": {"batch": 1, "length": 1, "width": 1, "heads": 1},
    "large sizes": {"batch": 10**6, "length": 10**6, "width": 10**6, "heads": 1000},
}


@pytest.mark.parametrize("changed", EDGES.values(), ids=list(EDGES))
def test_numbers_at_the_edges_agree_with_floats(changed: dict[str, Any]) -> None:
    found = solved(**changed)
    assert "confirmed" not in found

    def floats(value: Any) -> Any:
        return (
            np.array(value, dtype=object)
            if isinstance(value, str)
            else np.vectorize(lambda x: float(sympy.sympify(x)))(value)
        )

    given, values = found["params"], found["values"]
    Q, B, V = (floats(given[name]) for name in ("Q", "B", "V"))
    weights = np.exp(Q @ np.log(B).T)
    weights /= weights.sum(axis=1, keepdims=True)
    assert np.allclose(floats(values["weights"]), weights)
    assert np.allclose(floats(values["output"]), weights @ V)
    visible = np.tril(weights)
    assert np.allclose(floats(values["causal_output"]), visible @ V / visible.sum(axis=1, keepdims=True))
    i, j, token = (int(place) - 1 for place in (*given["swap"], given["token"]))
    row = weights[token].copy()
    row[[i, j]] = row[[j, i]]
    assert np.allclose(floats(values["swapped_output"]), row @ V)
    assert int(values["projection_parameters"]) == 4 * int(given["width"]) ** 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Q": [[1]], "B": [[2]], "V": [[1]]}, "Q: expected at least two tokens"),
        ({"B": [[2, 1, 1], [1, 2, 1], [1, 1, 1]]}, "B: expected the shape of Q, 3 by 4"),
        ({"B": [[2, 1, 1, 0], [1, 2, 1, 3], [3, 1, 5, 1]]}, "B: expected positive fractions"),
        ({"Q": [["sqrt(2)", 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1]]}, "Q: expected fractions"),
        ({"V": [[1, 2]]}, "V: expected 3 entries, one for each token"),
        ({"swap": [1, 1]}, "swap: expected two different positions"),
        ({"swap": [1, 4]}, "swap: expected a position, 1 to 3"),
        ({"token": 4}, "token: expected a position, 1 to 3"),
        ({"heads": 7}, "heads: expected a divisor of the width 40"),
        ({"question": "one_factor", "Q": [[1], [2]], "B": [[2], [3]], "V": [[1], [-1]]}, "three_tokens"),
    ],
)
def test_what_does_not_fit_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**changed)


def test_two_tokens_are_asked_a_question_that_fits() -> None:
    found = solved(Q=[[1], [2]], B=[[2], [3]], V=[[1], [-1]])
    assert found["params"]["question"] != "mask_factor"


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_drawn_numbers_are_small(level: str) -> None:
    for seed in range(1, 16):
        variant = drawing.draw_variant(PROBLEM, seed, level=level)
        values = variant.values
        assert all(sympy.Rational(1, 4) <= a <= 12 for a in values.ratios.flatten())
        assert all(x.q <= 24 for x in (*values.weights.flatten(), *values.output.flatten()))
        assert variant.params["token"] in variant.params["swap"]
        sizes = [variant.params[name] for name in ("batch", "length", "width", "heads")]
        assert len({*sizes, values.head_width}) == 5


def test_the_key_shades_and_names_every_weight_and_hatches_what_the_mask_hides() -> None:
    figure: Figure = weights_figure(PROBLEM.printed().values)
    blank, filled = figure.scene, figure.completed
    assert filled is not None
    assert "5/8" not in blank.description
    assert "2: 1/8, 1/4, 5/8" in filled.description
    assert "2: 1/3, 2/3, hatched" in filled.description
    shaded = {shape.style for shape in filled.shapes if isinstance(shape, Box)}
    assert {"faint", "light", "medium", "dark"} <= shaded
    assert {shape.style for shape in blank.shapes if isinstance(shape, Box)} == {"plain"}
    hatches = [sum(isinstance(shape, Line) for shape in scene.shapes) for scene in (blank, filled)]
    assert hatches == [9, 9]  # three for each of three hidden cells


@pytest.mark.parametrize(
    "typed", ["[4, 5, 12, 8]", "4x5x12x8", "4 × 5 × 12 × 8", "torch.Size([4, 5, 12, 8])", "4 5 12 8", "4, 5, 12, 40/5"]
)
def test_a_shape_is_read_however_it_is_written(typed: str) -> None:
    grader = Grader(PROBLEM.printed())
    assert grader.mark("shape_heads", typed).status == "correct"
    assert grader.mark("shape_scores", typed).status == "wrong"


def test_a_shape_is_printed_in_square_brackets() -> None:
    variant = PROBLEM.printed()
    (part,) = (one for one in variant.computed_parts() if one.id == "shape_heads")
    assert part.answer is not None
    shown = part.answer.shown(variant.values)
    assert isinstance(shown, BoxedAnswer)
    assert shown.tex == "[4, 5, 12, 8]"
