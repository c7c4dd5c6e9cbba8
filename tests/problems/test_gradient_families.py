"""The gradient families solve whatever their parameters allow, and say what they do not."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise, product
from typing import Any

import pytest

from generator.document.figures.scene import Box, Line
from generator.errors import InputError
from generator.paper.solve import solution
from generator.problem.catalogue import find_problem
from generator.problems.computational_graph import TEMPLATES, edges, graph_figure


def solved(problem: str, **parameters: Any) -> dict[str, Any]:
    found: dict[str, Any] = solution(find_problem(problem), parameters)
    return found


GRAPHS = {
    "a single node": ([["f", "square", ["x"]]], {"x": 3}, ["6"], "1"),
    "no maximum": ([["a", "mul", ["x", "y"]], ["f", "square", ["a"]]], {"x": 2, "y": 3}, ["36", "24"], "4"),
    "an argument twice": ([["a", "exp", ["x"]], ["f", "add", ["a", "a"]]], {"x": "log(5)"}, ["10"], "3"),
    "a node that nothing uses": (
        [["a", "exp", ["x"]], ["b", "square", ["y"]], ["f", "mul", ["y", "y"]]], {"x": 1, "y": -3}, ["0", "-6"], "4",
    ),
    "maxima almost at a tie": (
        [["a", "max", ["x", "y"]], ["f", "max", ["a", "z"]]], {"x": "1/100000", "y": 0, "z": "1/99999"},
        ["0", "0", "1"], "5",
    ),
    "large numbers": ([["a", "mul", ["x", "x"]], ["f", "square", ["a"]]], {"x": 10**6}, [str(4 * 10**18)], "3"),
}  # fmt: skip


@pytest.mark.parametrize(("nodes", "inputs", "gradient", "count"), GRAPHS.values(), ids=list(GRAPHS))
def test_any_graph_solves(nodes: Any, inputs: Any, gradient: list[str], count: str) -> None:
    found = solved("computational-graph", nodes=nodes, inputs=inputs, seed=[1] * len(inputs))
    assert found["values"]["gradient"] == gradient
    assert found["values"]["forward_count"] == count


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([["a", "add", ["x", "b"]], ["b", "square", ["a"]]], "used before it is computed"),
        ([["a", "square", ["a"]]], "used before it is computed"),
        ([["a", "mul", ["x"]]], "mul takes 2 arguments"),
        ([["a", "sin", ["x"]]], "unknown operation 'sin'"),
        ([["a", "max", ["x", "x"]]], "both arguments of max are equal"),
        ([["a", "mul", ["x", "y"]]], "the nodes need the input 'y'"),
        ([["a", "mul"]], "expected a node such as"),
    ],
)
def test_what_is_no_graph_is_refused(nodes: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved("computational-graph", nodes=nodes, inputs={"x": 2}, seed=[1])


@pytest.mark.parametrize("sizes", [*product((1, 2), (1, 3), (1, 2), (1, 2))], ids=str)
def test_two_linear_layers_of_any_sizes_solve(sizes: tuple[int, int, int, int]) -> None:
    n, d, h, k = sizes

    def matrix(rows: int, columns: int) -> list[list[int]]:
        return [[(3 * i + 2 * j) % 5 - 2 for j in range(columns)] for i in range(rows)]

    layers = {"X": matrix(n, d), "W1": matrix(d, h), "b1": [1] * h, "W2": matrix(h, k), "b2": [2] * k}
    for upstream in ("G", "T"):
        values = solved("linear-layer-gradients", **layers, **{upstream: matrix(n, k)})["values"]
        assert (len(values["dW1"]), len(values["dW1"][0])) == (d, h)


def test_a_hidden_unit_just_beside_the_kink_is_confirmed() -> None:
    found = solved(
        "backprop-mlp", x=[10], W1=[[1], [1]], b1=["-9999/1000", "-10001/1000"], W2=[[1, 1]], b2=[0], t=[1], rate="1/10"
    )
    assert found["values"]["z"] == ["1/1000", "-1/1000"]
    assert found["values"]["dx"] == ["-999/1000"]
    assert "confirmed" not in found


SQUARES = [["a", "square", ["x"]], *([f"a{i}", "square", [f"a{i - 1}" if i else "a"]] for i in range(25))]


@pytest.mark.parametrize("x", [3, "1/3"])
def test_a_graph_that_outgrows_exact_arithmetic_is_refused_at_once(x: Any) -> None:
    with pytest.raises(InputError, match="too large, or too long to write exactly"):
        solved("computational-graph", nodes=SQUARES, inputs={"x": x}, seed=[1])


def test_exponentials_of_exponentials_are_refused_where_floats_end() -> None:
    tower = [["a", "exp", ["x"]], ["b", "exp", ["a"]], ["f", "exp", ["b"]]]
    with pytest.raises(InputError, match="f: its value is too large"):
        solved("computational-graph", nodes=tower, inputs={"x": 3}, seed=[1])


@pytest.mark.parametrize("temperature", ["1/1000000", 10**6, "sqrt(2)"])
def test_a_temperature_without_an_exact_softmax_is_refused_at_once(temperature: Any) -> None:
    with pytest.raises(InputError, match="T: expected a temperature that is a fraction"):
        solved("softmax-cross-entropy", A=[[4, 1, 9]], labels=[1], T=temperature, smoothing="1/10")


def test_the_check_of_large_convolutions_needs_no_memory_for_their_tensors() -> None:
    wide = {"type": "conv", "out": 10**6, "kernel": 100, "stride": 100, "padding": 100}
    tracemalloc.start()
    found = solved("conv-shapes", input=[3, 10_000, 10_000], layers=[wide] * 6)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found["values"]["shapes"][-1] == ["1000000", "2", "2"]
    assert most < 50e6
    with pytest.raises(InputError, match="of at most 10000"):
        solved("conv-shapes", input=[3, 10**9, 10**9], layers=[wide])


def test_norms_are_named_as_people_write_them() -> None:
    tensor = {"X": [[[[3, 1]], [[-1, 9]]], [[[3, 9]], [[-5, 1]]]], "target": [1, 1, 1, 1], "groups": 1}
    found = solved("norm-axes", norms=["layer norm", "Batch-Norm", "rms_norm"], **tensor)
    assert found["params"]["norms"] == ["LayerNorm", "BatchNorm", "RMSNorm"]
    with pytest.raises(InputError, match="got 'layer-normal'"):
        solved("norm-axes", norms=["layer-normal"], **tensor)


def test_a_number_too_long_to_be_written_is_said_so() -> None:
    with pytest.raises(InputError, match="more than 4300 digits; use smaller numbers"):
        solved("softmax-cross-entropy", A=[[10**29, 3]], labels=[1], T="1/1000", smoothing="1/10")


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_arrow_of_a_graph_passes_through_a_box_or_the_numbers_at_it(template: str) -> None:
    inputs = {name: "log(4)" if name == "w" else 2 + place for place, name in enumerate("xyzw")}
    nodes = [[name, operation, [*arguments]] for name, operation, arguments in TEMPLATES[template]]
    used = {one for _, _, arguments in nodes for one in arguments}
    problem = find_problem("computational-graph")
    given = {"nodes": nodes, "inputs": {name: inputs[name] for name in inputs if name in used}, "seed": [1, -1, 0]}
    scene = graph_figure(problem.variant(problem.read(given)).values).shown
    boxes = [shape for shape in scene.shapes if isinstance(shape, Box)]
    arrows = [shape for shape in scene.shapes if isinstance(shape, Line) and shape.arrow]
    assert len(arrows) == len(edges(TEMPLATES[template]))
    for arrow in arrows:
        for (x, y), (to_x, to_y) in pairwise(arrow.points):
            for step in range(1, 20):
                at_x, at_y = x + step / 20 * (to_x - x), y + step / 20 * (to_y - y)
                for box in boxes:
                    assert not (box.x < at_x < box.x + box.width and box.y - 10 < at_y < box.y + box.height + 10)
