"""The recurrent network: the printed example by hand, and whatever its parameters allow."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from generator.document.keyless import without_key
from generator.errors import InputError
from generator.paper.notes import Notes
from generator.paper.paper import make_paper
from generator.paper.sheet import Entry, Sheet
from generator.paper.solve import solution
from generator.problem.catalogue import find_problem
from generator.problem.drawing import draw_variant
from generator.problems.rnn_unrolled import PROBLEM
from generator.render.renderer import FORMATS, renderer

KEY = {
    "states": [["1"], ["3"], ["4"], ["11"]],
    "preactivations": [["3"], ["4"], ["11"]],
    "output": "11",
    "error": "6",
    "loss": "18",
    "loss_slope": "6",
    "gates": [["1"], ["1"], ["1"]],
    "adjoints": [["24"], ["12"], ["6"]],
    "deltas": [["24"], ["12"], ["6"]],
    "terms": [[["24"]], [["36"]], [["24"]]],
    "gradient_W": [["84"]],
    "gradient_U": ["18"],
    "growth": "1/1024",
    "raw_norm": "10",
    "clip_factor": "1/2",
    "clipped": ["3", "-4"],
    "sigma": ["3/4", "2/3"],
    "candidate": "4/5",
    "cell_state": "53/15",
    "carry": "27/64",
}

WRONG: dict[str, dict[str, Any]] = {
    "last_step_only": {"gradient_W": [["24"]]},
    "same_step_state": {"gradient_W": [["186"]]},
    "factor_two": {"adjoints": [["48"], ["24"], ["12"]], "gradient_W": [["168"]], "gradient_U": ["36"]},
    "half_forgotten": {"loss": "36"},
    "no_chain": {"adjoints": [["6"], ["6"], ["6"]], "gradient_W": [["48"]], "gradient_U": ["12"]},
    "start_at_zero": {
        "states": [["0"], ["1"], ["0"], ["3"]],
        "loss": "2",
        "adjoints": [["-8"], ["-4"], ["-2"]],
        "gradient_W": [["-4"]],
        "gradient_U": ["-6"],
    },
    "power_as_product": {"growth": "5"},
    "clipped_by_value": {"clipped": ["5", "-5"]},
    "unit_norm": {"clipped": ["3/5", "-4/5"]},
    "one_norm": {"clipped": ["15/7", "-20/7"]},
    "sigma_is_ratio": {"cell_state": "68/5", "carry": "27"},
    "sigma_complement": {"cell_state": "19/15", "carry": "1/64"},
    "tanh_half": {"cell_state": "10/3"},
    "gates_exchanged": {"cell_state": "49/15"},
    "input_gate_forgotten": {"cell_state": "19/5"},
}


def solved(**changed: Any) -> dict[str, Any]:
    """The printed example with some parameters changed."""
    assert PROBLEM.original is not None
    given = {name: value for name, value in PROBLEM.original.items() if name not in ("question", "claims")}
    found: dict[str, Any] = solution(find_problem("rnn-unrolled"), {**given, **changed})
    return found


def test_the_key_and_the_mistakes_of_the_printed_example() -> None:
    found = solved()
    assert {name: found["values"][name] for name in KEY} == KEY
    assert {one["name"]: one["answers"] for one in found["mistakes"]} == WRONG
    assert "confirmed" not in found


TWO = {"W": [[1, 2], [0, -1]], "U": [1, 2], "h0": [1, -1], "v": [1, 3]}


def test_two_states_go_back_through_the_transpose() -> None:
    values = solved(**TWO, x=[1, -1], y=0)["values"]
    assert values["states"] == [["1", "-1"], ["0", "3"], ["5", "-5"]]
    assert values["adjoints"] == [["-10", "10"], ["-10", "-30"]]
    wrong = {one["name"]: one["answers"] for one in solved(**TWO, x=[1, -1], y=0)["mistakes"]}
    assert wrong["w_not_transposed"]["adjoints"] == [["-70", "30"], ["-10", "-30"]]


def test_a_shut_gate_passes_nothing_back() -> None:
    values = solved(activation="relu", x=[1, -7, 3], y=1)["values"]
    assert values["states"] == [["1"], ["3"], ["0"], ["3"]]
    assert values["gates"] == [["1"], ["0"], ["1"]]
    assert values["deltas"] == [["0"], ["0"], ["2"]]
    wrong = {one["name"]: one["answers"] for one in solved(activation="relu", x=[1, -7, 3], y=1)["mistakes"]}
    assert wrong["relu_slope_ignored"]["adjoints"] == [["8"], ["4"], ["2"]]
    assert wrong["relu_forgotten"]["states"] == [["1"], ["3"], ["-1"], ["1"]]


def test_a_pre_activation_at_the_kink_has_slope_0() -> None:
    values = solved(activation="relu", W=[["1/3"]], U=["-1/3"], h0=[3], x=[3, 1, -2])["values"]
    assert values["preactivations"][0] == ["0"]
    assert values["gates"][0] == ["0"]


@pytest.mark.parametrize(
    ("changed", "step", "value"),
    [
        ({"x": ["1/2"]}, "states", [["1"], ["5/2"]]),
        ({"threshold": 10}, "clipped", ["6", "-8"]),
        ({"raw": [0, 0]}, "clipped", ["0", "0"]),
        ({"raw": [1, 1], "threshold": 1}, "clipped", ["sqrt(2)/2", "sqrt(2)/2"]),
        ({"w_long": 0}, "vanish", "vanishes"),
        ({"w_long": -1}, "vanish", "neither"),
        ({"w_long": "-3/2"}, "vanish", "explodes"),
        ({"cell": "gru", "gate_ratios": [9]}, "cell_state", "92/25"),
        ({"cell": "gru", "gate_ratios": ["1/4"], "candidate_ratio": 1}, "cell_state", "4/5"),
        ({"gate_ratios": [1, 1], "candidate_ratio": "1/3", "previous": -6}, "cell_state", "-17/5"),
        ({"cell_steps": 1}, "carry", "3/4"),
    ],
)
def test_the_edges_of_the_parameters(changed: dict[str, Any], step: str, value: Any) -> None:
    found = solved(**changed)
    assert found["values"][step] == value
    assert "confirmed" not in found


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"W": [[1, 2]]}, "W: expected a square table; got 1 by 2"),
        ({"U": [1, 2]}, "U: expected 1 entries, one for each row of W; got 2"),
        ({"x": []}, "x: expected at least one number"),
        ({"activation": "tanh"}, "activation: expected one of linear, relu; got 'tanh'"),
        ({"threshold": 0}, "threshold: expected a positive threshold; got 0"),
        ({"cell": "gru"}, "gate_ratios: expected 1 number, for the update gate of a cell 'gru'; got 2"),
        ({"gate_ratios": [3]}, "gate_ratios: expected 2 numbers, for the forget gate and the input gate"),
        ({"gate_ratios": [3, 0]}, "gate_ratios: expected a positive number, whose logarithm is taken; got 0"),
        ({"candidate_ratio": -2}, "candidate_ratio: expected a positive number"),
        ({"W": [[10**6]], "x": [1] * 60}, "W: a state is larger than 1e.30"),
        ({"w_long": 3, "k_long": 1000}, "w_long: its power is larger than 1e.30"),
    ],
)
def test_what_does_not_fit_is_said(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**changed)


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_every_gradient_agrees_with_a_plain_loop_in_floats(level: str) -> None:
    for seed in range(30):
        v = draw_variant(PROBLEM, seed, level=level).values
        W, U, x, h, target = (np.array(v[name], dtype=float) for name in ("W", "U", "x", "h0", "v"))
        states, slopes = [h], []
        for entry in x:
            z = W @ states[-1] + U * entry
            slopes.append((z > 0) * 1.0 if v.activation == "relu" else np.ones(len(z)))
            states.append(z * slopes[-1])
        back, dW, dU = (target @ states[-1] - float(v.y)) * target, 0 * W, 0 * U
        for t in reversed(range(len(x))):
            delta = back * slopes[t]
            dW, dU, back = dW + np.outer(delta, states[t]), dU + delta * x[t], W.T @ delta
        assert np.allclose(dW, np.array(v.gradient_W, dtype=float))
        assert np.allclose(dU, np.array(v.gradient_U, dtype=float))


def test_networks_with_relu_have_a_shut_gate_and_terms_before_the_last() -> None:
    for seed in range(30):
        v = draw_variant(PROBLEM, seed, level="hard").values
        assert 0 in v.gates.flatten()
        assert any(any(term.flatten()) for term in v.terms[:-1])
        assert v.W != v.W.T


def test_relu_is_shut_at_varying_steps() -> None:
    drawn = [draw_variant(PROBLEM, seed).values for seed in range(60)]
    single = [v for v in drawn if v.activation == "relu"]
    shut = Counter(list(v.gates.flatten()).index(0) + 1 for v in single)
    assert all(len(v.W) == 1 and sum(v.gates.flatten()) == len(v.x) - 1 for v in single)
    assert set(shut) == {1, 2}
    assert min(shut.values()) >= len(single) // 6
    assert {len(v.x) for v in single} == {4, 5}


@pytest.mark.parametrize("level", ["standard", "hard"])
def test_two_units_are_not_equal_throughout(level: str) -> None:
    for seed in range(80):
        v = draw_variant(PROBLEM, seed, level=level).values
        if len(v.W) == 2:
            equal = sum(one == other for one, other in v.states[1:])
            assert 2 * equal <= len(v.x), seed


def markdown_of(seed: int = 0, *, key: bool = False, level: str = "standard", **chosen: Any) -> str:
    """A paper with this problem alone, and what its key adds."""
    entry = Entry(PROBLEM, level=level, **chosen)
    document = make_paper(Sheet("test", "Test", entries=(entry,)), seed).document
    return str(renderer(FORMATS["md"]).node((document if key else without_key(document)).exercises[0]))


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_an_answer_is_noted_once_and_without_those_of_other_parts(level: str) -> None:
    for seed in range(12):
        variant = draw_variant(PROBLEM, seed, level=level)
        notes = Notes(variant, variant.parts)
        for part in variant.parts:
            if part.answer is not None and part.id in ("cell_state", "carry"):
                noted = [excerpt for excerpt, _ in notes.of(part.answer)]
                assert len({*noted}) == len(noted)
                assert not any(r",\;" in excerpt for excerpt in noted)


def test_the_words_say_which_blank_of_the_drawing_is_for_what() -> None:
    for seed in range(4):
        assert "the blank above each state is for its value $h_t$, the one beneath it for" in markdown_of(seed)


def test_pre_activations_are_printed_before_they_are_used() -> None:
    for level in ("easy", "standard", "hard"):
        assert "z_t = W h_{t-1} + U x_t" in markdown_of(level=level)


def test_the_wrong_gradient_of_a_single_unit_is_not_called_a_row() -> None:
    key = markdown_of(key=True, level="easy")
    assert r"If you got $\frac{\partial L}{\partial W} = \begin{bmatrix}" in key


@pytest.mark.parametrize(("gone", "too"), [("growth", "vanish"), ("cell_state", "carry")])
def test_a_part_that_goes_on_from_another_is_left_out_with_it(gone: str, too: str) -> None:
    with pytest.raises(InputError, match=f"without '{gone}', leave out {too} too"):
        markdown_of(without=(gone,))
    assert markdown_of(without=(gone, too))


@pytest.mark.parametrize("w_long", ["1/2", 3])
def test_the_question_on_powers_does_not_tell_whether_they_vanish(w_long: Any) -> None:
    assert PROBLEM.original is not None
    asked = PROBLEM.variant(PROBLEM.read({**PROBLEM.original, "w_long": w_long, "question": "below_thousandth"}))
    question = str(next(part.question for part in asked.parts if part.id == "question"))
    assert "leave the range" in question
    assert "below" not in question
    assert "above" not in question
