"""Where the memory goes in training: the textbook example, every mistake in it, and runs of other shapes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy

from generator.errors import InputError
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problems.training_memory import peak_units

PROBLEM = find_problem("training-memory")
EXAMPLE = {name: value for name, value in (PROBLEM.original or {}).items() if name != "claims"}

KEY: dict[str, Any] = {
    "weight_bytes": 2, "gradient_bytes": 2, "master_bytes": 4, "moment_bytes": 8, "per_parameter": [2, 2, 4, 8],
    "model_gb": 32, "workers": 8, "shares": [1, "1/8", "1/8", "1/8"], "local_billions": 2, "sharded_gb": "15/2",
    "activations_gb": 36, "best_segment": 6, "held": 12, "checkpointed_gb": 12, "device_gb": "39/2", "global_batch": 160,
    "largest_micro_batch": 10,
}  # fmt: skip

WRONG: dict[str, dict[str, Any]] = {
    "master_copy_forgotten": {
        "per_parameter": [2, 2, 0, 8], "model_gb": 24, "sharded_gb": "13/2", "device_gb": "37/2", "largest_micro_batch": 11,
    },
    "one_moment": {
        "per_parameter": [2, 2, 4, 4], "model_gb": 24, "sharded_gb": "13/2", "device_gb": "37/2", "largest_micro_batch": 11,
    },
    "gradients_forgotten": {
        "per_parameter": [2, 0, 4, 8], "model_gb": 28, "sharded_gb": 7, "device_gb": 19, "largest_micro_batch": 11,
    },
    "everything_sharded": {"sharded_gb": 4, "device_gb": 16, "largest_micro_batch": 12},
    "nothing_sharded": {"sharded_gb": 32, "device_gb": 44, "largest_micro_batch": 2},
    "segment_forgotten": {"checkpointed_gb": 6, "device_gb": "27/2", "largest_micro_batch": 21},
    "one_example": {"activations_gb": 9},
    "no_checkpointing": {"device_gb": "87/2"},
    "accumulation_multiplies_memory": {"device_gb": "135/2"},
    "accumulation_forgotten": {"global_batch": 32},
    "one_worker": {"global_batch": 20},
    "model_forgotten": {"largest_micro_batch": 13},
}  # fmt: skip


def plain(value: Any) -> Any:
    return [plain(one) for one in value] if isinstance(value, list | tuple) else sympy.sympify(value)


def solved(**changed: Any) -> dict[str, Any]:
    return solution(PROBLEM, {**EXAMPLE, **changed})


def mistakes(**changed: Any) -> dict[str, dict[str, Any]]:
    return {one["name"]: one["answers"] for one in solved(**changed)["mistakes"]}


def test_the_textbook_example() -> None:
    values = solved()["values"]
    assert {step: plain(values[step]) for step in KEY} == {step: plain(value) for step, value in KEY.items()}


def test_what_mistakes_make_of_it() -> None:
    made = mistakes()
    assert made.keys() >= WRONG.keys()
    for name, answers in WRONG.items():
        assert {part: plain(value) for part, value in made[name].items()} == {
            part: plain(value) for part, value in answers.items()
        }, name


@pytest.mark.parametrize(
    ("precision", "optimizer", "sizes"),
    [
        ("fp32", "sgd", [4, 4, 0, 0]),
        ("fp32", "momentum", [4, 4, 0, 4]),
        ("fp32", "adam", [4, 4, 0, 8]),
        ("mixed", "sgd", [2, 2, 4, 0]),
        ("mixed", "momentum", [2, 2, 4, 4]),
        ("mixed", "adam", [2, 2, 4, 8]),
    ],
)
@pytest.mark.parametrize(("tensor", "workers"), [(1, 8), (2, 4), (8, 1)])
def test_every_precision_optimizer_and_stage(
    precision: str, optimizer: str, sizes: list[int], tensor: int, workers: int
) -> None:
    weights, gradients, master, moments = sizes
    shared: dict[int, Fraction] = {
        0: Fraction(sum(sizes)),
        1: weights + gradients + Fraction(master + moments, workers),
        2: weights + Fraction(gradients + master + moments, workers),
        3: Fraction(sum(sizes), workers),
    }
    for stage, size in shared.items():
        found = solved(precision=precision, optimizer=optimizer, tensor=tensor, stage=stage)
        assert found.get("confirmed", True)
        assert plain(found["values"]["per_parameter"]) == plain(sizes)
        assert plain(found["values"]["workers"]) == workers
        assert plain(found["values"]["sharded_gb"]) == plain(str(size * 2 / tensor))


def test_mistakes_that_only_some_runs_allow() -> None:
    assert mistakes(optimizer="momentum")["states_in_half"]["per_parameter"] == ["2", "2", "4", "2"]
    assert "states_in_half" not in mistakes(optimizer="momentum", precision="fp32")
    assert {"states_in_half", "stage_off_by_one", "all_devices_are_workers"}.isdisjoint(mistakes())
    assert plain(mistakes(stage=1)["stage_off_by_one"]["sharded_gb"]) == plain("15/2")
    split = mistakes(tensor=2)
    assert plain(split["all_devices_are_workers"]["global_batch"]) == 160
    assert plain(split["tensor_split_forgotten"]["sharded_gb"]) == plain("11")
    assert "everything_sharded" not in mistakes(stage=3)
    assert "nothing_sharded" not in mistakes(stage=0)


def test_nothing_fits_where_the_model_alone_is_too_large() -> None:
    assert solved(memory_gb="15/2")["values"]["largest_micro_batch"] == "0"
    assert solved(memory_gb=4)["values"]["largest_micro_batch"] == "0"
    assert solved(memory_gb="21/2")["values"]["largest_micro_batch"] == "1"  # it fits exactly


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"layers": 12}, "layers: expected a square number"),
        ({"tensor": 3}, "tensor: expected a divisor of the 8 devices"),
        ({"stage": 4}, "stage: expected an integer from 0 to 3"),
        ({"precision": "bf16"}, "precision"),
        ({"optimizer": "lion"}, "optimizer"),
        ({"memory_gb": 0}, "memory_gb: expected a positive number"),
        ({"layer_mb": "sqrt(2)"}, "layer_mb: expected a positive number"),
        ({"micro_batch": "1/2"}, "micro_batch: expected an integer"),
    ],
)
def test_runs_that_make_no_sense_are_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        solved(**changed)


@pytest.mark.parametrize("layers", [4, 9, 36, 64])
def test_the_simulated_pass_holds_as_many_units_as_the_rule_says(layers: int) -> None:
    for length in (one for one in range(1, layers + 1) if layers % one == 0):
        assert peak_units(layers, length) == layers // length + length


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_what_is_drawn_fits_and_hides_nothing(level: str) -> None:
    for seed in range(40):
        v = drawing.draw_variant(PROBLEM, seed, level=level).values
        assert v.device_gb <= v.memory_gb
        assert v.largest_micro_batch > v.micro_batch
        assert v.workers > 1
        assert (v.tensor > 1) == (level == "hard")
        for size in (v.sharded_gb, v.activations_gb, v.checkpointed_gb, v.device_gb):
            assert (100 * size).is_Integer
        # One example more than the largest micro-batch does not fit.
        assert v.sharded_gb + v.held * v.layer_mb * (v.largest_micro_batch + 1) / 1000 > v.memory_gb
