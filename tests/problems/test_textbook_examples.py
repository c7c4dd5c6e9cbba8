"""The printed example of every family from gradients to normalization, worked out by hand: each value of its key."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.solve import solution
from generator.problem.catalogue import find_problem

Nested = Any

KEYS: dict[str, dict[str, Nested]] = {
    "softmax-cross-entropy": {
        "exps": [[4, 1, 9]],
        "probs": [["2/7", "1/14", "9/14"]],
        "loss": "log(7/2)",
        "dlogits": [["-5/7", "1/14", "9/14"]],
        "raise_half": "log(5/2)",
        "probs_T": ["1/3", "1/6", "1/2"],
        "targets": [["4/5", "1/10", "1/10"]],
        "loss_smooth": "log(7) - 3*log(2)/5 - log(3)/5",
        "dlogits_smooth": [["-18/35", "-1/35", "19/35"]],
        "gap": "log(8)",
    },
    "backprop-mlp": {
        "z": [1, -4],
        "a": [1, 0],
        "y": [-1],
        "loss": 2,
        "dW2": [[2, 0]],
        "da": [-4, 6],
        "dz": [-4, 0],
        "dW1": [[-4, 8], [0, 0]],
        "dx": [-4, 4],
        "W2_new": [["-21/10", 3]],
        "b2_new": ["9/10"],
        "W1_new": [["6/5", "-7/5"], [-1, 2]],
        "b1_new": ["-9/5", 1],
        "y_new": ["-93/25"],
        "loss_new": "162/625",
    },
    "computational-graph": {
        "forward": [6, 4, 10, 6, 60, 9, 69],
        "locals": [3, 2, 4, 1, 1, 1, 0, 6, 10, 6, 1, 1],
        "adjoints": [16, 6, 6, 10, 1, 1, 1],
        "gradient": [48, 38, 24],
        "tangents": [1, 0, 1, 1, 16, -6, 10],
        "directional": 10,
        "reverse_count": 12,
        "forward_count": 20,
    },
    "linear-layer-gradients": {
        "H": [[6, -1], [2, 0], [4, -5]],
        "Y": [[10, 16], [4, 5], [16, 6]],
        "dW2": [[6, 4], [4, -9]],
        "db2": [2, 2],
        "dH": [[-2, -3], [5, -3], [5, 4]],
        "dW1": [[8, 12], [1, -9]],
        "db1": [8, -2],
        "dX": [[1, -7], [8, 7], [1, 14]],
        "W_eff": [[3, 2], [0, 7]],
        "b_eff": [7, 0],
    },
    "optimizers": {
        "buf": [[3, -6], [3, -2]],
        "sgd": [["15/2", -3], [6, -2]],
        "ema": [[1, -2], [1, "-2/3"]],
        "sgd_ema": [["17/2", -5], [8, "-14/3"]],
        "equal_rate": "3/2",
        "sq_avg": [[1, 4], [1, 4]],
        "rms": [["15/2", "-9/2"], [7, -5]],
        "mhat": [[3, -6], ["5/3", "-2/3"]],
        "vhat": [[9, 36], [4, 16]],
        "adam": [["17/2", "-11/2"], ["97/12", "-65/12"]],
        "adamw": [["11/2", "-7/2"], ["13/4", "-9/4"]],
    },
    "conv-shapes": {
        "shapes": [[8, 16, 14], [8, 7, 6], [12, 7, 6], [20, 4, 3]],
        "flat": 240,
        "parameters": [608, 0, 876, 2180],
        "total": 3664,
        "macs": [134400, 0, 36288, 25920],
        "total_macs": 196608,
        "jump": [2, 4, 4, 8],
        "field": [5, 9, 25, 33],
        "separable_ratio": "33/200",
    },
    "conv-by-hand": {
        "C": [[2, 2, -1, -2], [1, 4, 0, -3], [-4, -1, 2, 6], [3, 0, 1, 4]],
        "P": [[4, 0], [3, 6]],
        "places": [[2, 2], [2, 3], [4, 1], [3, 4]],
        "dC": [[0, 0, 0, 0], [0, 1, -2, 0], [0, 0, 0, 2], [3, 0, 0, 0]],
        "dK": [[10, 5], [-4, 5]],
        "db": 4,
        "dX": [[0, 0, 0, 0, 0], [0, 1, 0, -4, 0], [0, -1, 3, 0, 4], [3, 6, 0, -2, 2], [-3, 3, 0, 0, 0]],
    },
    "norm-backward": {
        "mean": [5, -4],
        "std": [2, 3],
        "xhat": [[1, "5/3"], [-1, -1], [-1, "-1/3"], [1, "-1/3"]],
        "dgamma": [12, -6],
        "dbeta": [8, -2],
        "dxhat": [[18, 4], [6, 2], [-12, -3], [12, -1]],
        "s1": [6, "1/2"],
        "s2": [9, "3/2"],
        "dX": [["3/2", "1/3"], ["9/2", 1], ["-9/2", -1], ["-3/2", "-1/3"]],
    },
    "norm-axes": {
        "size": [4, 8, 2, 4, 8],
        "number": [4, 2, 8, 4, 2],
        "centre": [4, 3, 6, 2, 0],
        "scale": [3, 4, 3, 5, 5],
        "output": ["5/3", "3/2", 1, "7/5", "9/5"],
        "affine": [8, 16, 0, 8, 8],
    },
    "initialization": {
        "forward": [2, 1, "3/2"],
        "factors": ["1/2", "3/2"],
        "backward": ["6/25", "6/5", 1],
        "deep_factor": "1/32",
        "he_var": "1/36",
        "xavier_var": "1/48",
        "xavier_bound": "1/4",
        "conv_fan": [72, 144],
        "conv_std": "1/6",
    },
}

WRONG: dict[str, dict[str, dict[str, Nested]]] = {
    "softmax-cross-entropy": {
        "logits normalised": {
            "probs": [["2*log(2)/(2*log(2) + 2*log(3))", 0, "2*log(3)/(2*log(2) + 2*log(3))"]],
        },
        "sign of the exponent": {"probs": [["9/49", "36/49", "4/49"]]},
        "loss without its minus": {"loss": "log(2) - log(7)"},
        "one minus p": {"loss": "5/7"},
        "gradient reversed": {"dlogits": [["5/7", "-1/14", "-9/14"]]},
        "label entry only": {"dlogits": [["-5/7", 0, 0]]},
        "gradient by the probability": {"dlogits": [["-7/2", 0, 0]]},
        "temperature multiplied": {"probs_T": ["8/49", "1/98", "81/98"]},
        "temperature outside": {"probs_T": ["1/7", "1/28", "9/28"]},
        "old total kept": {"raise_half": "log(7/4)"},
        "smoothed over the others": {"targets": [["7/10", "3/20", "3/20"]]},
        "smoothed loss scaled only": {"loss_smooth": "7*log(7)/10 - 7*log(2)/10"},
        "gap without the label's share": {"gap": "log(7)"},
    },
    "backprop-mlp": {
        "no ReLU forward": {"a": [1, -4]},
        "absolute value": {"a": [1, 4]},
        "loss without its half": {"loss": 4},
        "factor 2 kept": {"dy": [4]},
        "error reversed": {"dy": [-2]},
        "pre-activations in dW2": {"dW2": [[2, -8]]},
        "dead unit passes": {"dz": [-4, 6], "dW1": [[-4, 8], [6, -12]]},
        "ReLU of the gradient": {"dz": [0, 6]},
        "outer product transposed": {"dW1": [[-4, 0], [8, 0]]},
        "bias without the mask": {"db1": [-4, 6]},
        "new weights in the backward pass": {"da": ["-21/5", 6], "dW1": [["-21/5", "42/5"], [0, 0]]},
        "ascent": {"W2_new": [["-19/10", 3]]},
        "biases left alone": {"b2_new": [1]},
    },
    "computational-graph": {
        "product rule swapped": {"locals": [2, 3, 4, 1, 1, 1, 0, 10, 6, 6, 1, 1]},
        "maximum passes both": {"locals": [3, 2, 4, 1, 1, 1, 1, 6, 10, 6, 1, 1]},
        "maximum passes the smaller": {"locals": [3, 2, 4, 1, 1, 0, 1, 6, 10, 6, 1, 1]},
        "maximum halved": {"locals": [3, 2, 4, 1, 1, "1/2", "1/2", 6, 10, 6, 1, 1]},
        "square without its 2": {"locals": [3, 2, 4, 1, 1, 1, 0, 6, 10, 3, 1, 1]},
        "exp passes through": {"locals": [3, 2, 1, 1, 1, 1, 0, 6, 10, 6, 1, 1]},
        "sum halved": {"locals": [3, 2, 4, "1/2", "1/2", 1, 0, 6, 10, 6, "1/2", "1/2"]},
        "fan-out overwritten": {"adjoints": [6, 6, 6, 10, 1, 1, 1]},
        "one forward pass": {"forward_count": 12},
        "all edges every pass": {"forward_count": 36},
        "a reverse pass for each input": {"reverse_count": 36},
        "nodes counted": {"reverse_count": 7},
    },
    "linear-layer-gradients": {
        "bias gradient averaged": {"db2": ["2/3", "2/3"]},
        "weight gradient transposed": {"dW1": [[8, 1], [12, -9]]},
        "weight gradient averaged": {"dW1": [["8/3", 4], ["1/3", -3]]},
        "W not transposed": {"dX": [[-8, -1], [-1, -8], [13, -1]]},
        "bias in dX": {"dX": [[2, -9], [9, 5], [2, 12]]},
        "W2 not transposed": {"dH": [[3, 2], [0, 7], [-5, -1]]},
        "second layer skipped": {"dH": [[1, -1], [2, 1], [-1, 2]]},
        "X for H": {"dW2": [[-4, 4], [4, -1]]},
        "bias missing in H": {"H": [[5, 1], [1, 2], [3, -3]]},
        "biases added": {"b_eff": [3, -3]},
        "weights in the wrong order": {"W_eff": [[7, 2], [0, 3]]},
    },
    "optimizers": {
        "momentum forgotten": {"buf": [[3, -6], [1, 2]]},
        "damped buffer": {"buf": [[1, -2], [1, "-2/3"]]},
        "average not damped": {"ema": [[3, -6], [3, -2]]},
        "average started at the gradient": {"ema": [[3, -6], ["7/3", "-10/3"]]},
        "rate multiplied": {"equal_rate": "1/6"},
        "RMSProp weights swapped": {"sq_avg": [[8, 32], ["16/9", "64/9"]]},
        "RMSProp without root": {"rms": [["15/2", "-21/4"], [7, "-11/2"]]},
        "no bias correction": {"mhat": [["3/2", -3], ["5/4", "-1/2"]]},
        "correction of step 1 twice": {"mhat": [[3, -6], ["5/2", -1]]},
        "gradient for its average": {"adam": [["17/2", "-11/2"], ["33/4", "-23/4"]]},
        "decay without the rate": {"adamw": [["5/2", "-3/2"], ["5/12", "-5/12"]]},
        "decay after the step": {"adamw": [["17/3", "-11/3"], ["7/2", "-43/18"]]},
    },
    "conv-shapes": {
        "rounded up": {"shapes": [[8, 17, 15], [8, 8, 7], [12, 8, 7], [20, 5, 4]]},
        "padding on one side": {"shapes": [[8, 15, 13], [8, 7, 6], [12, 5, 4], [20, 2, 2]]},
        "without the one": {"shapes": [[8, 15, 13], [8, 6, 5], [12, 5, 4], [20, 2, 1]]},
        "dilation ignored in the shape": {"shapes": [[8, 16, 14], [8, 7, 6], [12, 9, 8], [20, 5, 4]]},
        "biases left out": {"parameters": [600, 0, 864, 2160]},
        "kernel not squared": {"parameters": [128, 0, 300, 740]},
        "parameters in the pool": {"parameters": [608, 72, 876, 2180]},
        "macs at the input": {"macs": [537600, 0, 36288, 90720]},
        "macs for one channel": {"macs": [44800, 0, 4536, 2160]},
        "biases among the macs": {"macs": [136192, 0, 36792, 26160]},
        "strides ignored in the field": {"field": [5, 7, 11, 13]},
        "own stride counted": {"field": [9, 17, 33, 49]},
        "whole kernel added": {"field": [6, 12, 32, 44]},
        "dilation ignored in the field": {"field": [5, 9, 17, 25]},
        "pointwise layer left out": {"separable_ratio": "1/8"},
        "depthwise layer left out": {"separable_ratio": "1/25"},
    },
    "conv-by-hand": {
        "kernel flipped": {"C": [[2, 2, 2, -2], [-2, -2, 3, 3], [5, -1, -1, 3], [0, 0, 1, -2]]},
        "bias forgotten": {"C": [[3, 3, 0, -1], [2, 5, 1, -2], [-3, 0, 3, 7], [4, 1, 2, 5]]},
        "largest in size": {"P": [[4, -3], [-4, 6]]},
        "spread evenly": {
            "dC": [
                ["1/4", "1/4", "-1/2", "-1/2"],
                ["1/4", "1/4", "-1/2", "-1/2"],
                ["3/4", "3/4", "1/2", "1/2"],
                ["3/4", "3/4", "1/2", "1/2"],
            ]
        },
        "copied to the window": {"dC": [[1, 1, -2, -2], [1, 1, -2, -2], [3, 3, 2, 2], [3, 3, 2, 2]]},
        "placed at the corner": {"dC": [[1, 0, -2, 0], [0, 0, 0, 0], [3, 0, 2, 0], [0, 0, 0, 0]]},
        "times the maximum": {"dC": [[0, 0, 0, 0], [0, 4, 0, 0], [0, 0, 0, 12], [9, 0, 0, 0]]},
        "kernel gradient flipped": {"dK": [[5, -4], [5, 10]]},
        "bias gradient of one": {"db": 1},
        "input gradient flipped": {
            "dX": [[0, 0, 0, 0, 0], [0, 1, -3, 2, 0], [0, 2, -3, 0, -2], [3, -3, 0, 4, 2], [6, 3, 0, 0, 0]]
        },
    },
    "norm-backward": {
        "statistics held fixed": {"dX": [[9, "4/3"], [3, "2/3"], [-6, -1], [6, "-1/3"]]},
        "deviation held fixed": {"dX": [[6, "7/6"], [0, "1/2"], [-9, "-7/6"], [3, "-1/2"]]},
        "mean held fixed": {"dX": [["9/2", "1/2"], ["15/2", "7/6"], ["-3/2", "-5/6"], ["3/2", "-1/6"]]},
        "not divided by the deviation": {"dX": [[3, 1], [9, 3], [-9, -3], [-3, -1]]},
        "sign of the second term": {"dX": [["21/2", 2], ["-9/2", 0], ["-27/2", "-4/3"], ["15/2", "-2/3"]]},
        "gamma left out": {"dxhat": [[6, -4], [2, -2], [-4, 3], [4, 1]]},
        "sums for means": {"s1": [24, 2], "s2": [36, 6]},
        "x for x-hat": {"dgamma": [64, -10]},
        "gamma in its own gradient": {"dgamma": [36, 6]},
        "averaged parameter gradients": {"dgamma": [3, "-3/2"], "dbeta": [2, "-1/2"]},
        "sample variance": {"std": ["4*sqrt(3)/3", "2*sqrt(3)"]},
    },
    "norm-axes": {
        "batch and layer exchanged": {"centre": [3, 4, 6, 2, 0]},
        "batch norm by position": {"centre": [5, 3, 6, 2, 0]},
        "layer norm over the channels only": {"centre": [4, "11/2", 6, 2, 0]},
        "instance norm over the channels": {"centre": [4, 3, "11/2", 2, 0]},
        "groups strided": {"centre": [4, 3, 6, "9/2", 0]},
        "group norm across the batch": {"centre": [4, 3, 6, "5/2", 0]},
        "RMS norm centred": {"output": ["5/3", "3/2", 1, "7/5", "3/2"]},
        "RMS norm without the mean": {"scale": [3, 4, 3, 5, "10*sqrt(2)"]},
        "sample variance": {"scale": ["2*sqrt(3)", "8*sqrt(14)/7", "3*sqrt(2)", "10*sqrt(3)/3", 5]},
        "one mean for each entry of the other axes": {"number": [8, 4, 4, 2, 4]},
        "affine of the channels everywhere": {"affine": [8, 8, 0, 8, 4]},
    },
    "initialization": {
        "half forgotten": {"forward": [2, 2, 6]},
        "half in the first layer too": {"forward": [1, "1/2", "3/4"]},
        "fan-out forward": {"forward": ["25/8", "5/8", "3/4"]},
        "deviation for the variance": {"forward": [8, "20*sqrt(2)", "20*sqrt(30)"]},
        "fan-in backward": {"backward": ["3/4", "3/2", 1]},
        "factors added": {"deep_factor": "5/2"},
        "one layer too few": {"deep_factor": "1/16"},
        "He without its 2": {"he_var": "1/72", "conv_std": "sqrt(2)/12"},
        "He with fan-out": {"he_var": "1/12"},
        "Xavier with one fan": {"xavier_var": "1/72"},
        "Xavier without its 2": {"xavier_var": "1/96"},
        "bound equal to the deviation": {"xavier_bound": "sqrt(3)/12"},
        "kernel not counted": {"conv_fan": [8, 16]},
        "kernel counted once": {"conv_fan": [24, 48]},
    },
}


def exact(value: Nested) -> Nested:
    if isinstance(value, list | tuple):
        return [exact(one) for one in value]
    return sympy.expand_log(sympy.sympify(value, rational=True), force=True)


@pytest.mark.parametrize("name", KEYS)
def test_the_key_of_the_printed_example(name: str) -> None:
    values = find_problem(name).printed().values
    found = {step: exact(encode(values[step])) for step in KEYS[name]}
    assert found == {step: exact(value) for step, value in KEYS[name].items()}


@pytest.mark.parametrize("name", WRONG)
def test_what_mistakes_make_of_it(name: str) -> None:
    made = {mistake.name: answers for mistake, answers in find_problem(name).printed().mistaken_answers(guided=True)}
    for mistake, answers in WRONG[name].items():
        for part, value in answers.items():
            assert exact(encode(made[mistake][part])) == exact(value), (mistake, part)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("softmax-cross-entropy", {"labels": [4]}, "labels: expected a class, 1 to 3"),
    ("softmax-cross-entropy", {"A": [[4, 0, 9]]}, "A: expected positive whole numbers"),
    ("backprop-mlp", {"b1": [-3, 1]}, "b1: a pre-activation is 0"),
    ("linear-layer-gradients", {"T": [[0, 0], [0, 0], [0, 0]]}, "G: expected either"),
    ("linear-layer-gradients", {"W2": [[1, 3]]}, "W2: expected 2 rows"),
    ("optimizers", {"momentum": 1}, "momentum: expected a number from 0 to below 1"),
    ("conv-shapes", {"layers": [{"type": "conv", "out": 8}]}, r"layers\[1\].kernel: missing"),
    ("conv-shapes", {"layers": [{"type": "lstm"}]}, r"layers\[1\]: expected a table whose type is conv or maxpool"),
    ("conv-by-hand", {"G": [[1, 2, 3]]}, "G: expected the shape of the pooled output, 2 by 2"),
    ("norm-backward", {"X": [[1, 1], [1, 2], [1, 3], [1, 4]]}, "X: column 1 has zero variance"),
    ("norm-axes", {"target": [3, 1, 1, 1]}, "target: expected a position"),
    ("norm-axes", {"norms": ["WeightNorm"]}, "norms"),
    ("initialization", {"varw": ["1/16"]}, "varw: expected 3 entries"),
    ("computational-graph", {"inputs": {"x": 2, "y": 3}}, "inputs: the nodes need the input 'w'"),
    ("computational-graph", {"nodes": [["a", "sin", ["x"]]]}, r"nodes\[1\]: unknown operation 'sin'"),
]


@pytest.mark.parametrize(("name", "changed", "message"), BAD)
def test_numbers_that_do_not_fit(name: str, changed: dict[str, Any], message: str) -> None:
    problem = find_problem(name)
    assert problem.original is not None
    given = {key: value for key, value in problem.original.items() if key not in ("claims", "question")}
    with pytest.raises(InputError, match=message):
        solution(problem, {**given, **changed})


def test_names_of_norms_and_operations_are_read_as_people_write_them() -> None:
    problem = find_problem("norm-axes")
    assert problem.original is not None
    given = {name: problem.original[name] for name in ("X", "target")}
    read = problem.read({**given, "norms": ["batch", "layer_norm", "RMSNorm"]})
    assert read["norms"] == ("BatchNorm", "LayerNorm", "RMSNorm")
    graph = find_problem("computational-graph")
    assert graph.original is not None
    read = graph.read({"nodes": [["a", "*", ["x", "y"]]], "inputs": {"x": 2, "y": 3}, "seed": [1, 0]})
    assert read["nodes"] == (("a", "mul", ("x", "y")),)


def test_a_single_layer_needs_no_second_one() -> None:
    found = solution(
        find_problem("linear-layer-gradients"),
        {"X": [[1, 2], [0, 1]], "W1": [[1, 0], [2, 1]], "b1": [1, 1], "G": [[1, 0], [0, 2]]},
    )
    assert found["values"]["dW1"] == [["1", "0"], ["2", "2"]]
    assert found["values"]["dX"] == [["1", "2"], ["0", "2"]]
    assert "W_eff" not in found["values"]
