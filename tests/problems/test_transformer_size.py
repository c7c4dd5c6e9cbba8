"""The size of a decoder: the printed example, one with everything that it lacks, words and edges, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from generator.document.figures.scene import Box, Line
from generator.errors import InputError
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problems.transformer_size import block_figure

PROBLEM = find_problem("transformer-size")
ORIGINAL: dict[str, Any] = {
    "layers": 3, "width": 40, "heads": 8, "kv_heads": 2, "mlp_kind": "swiglu", "hidden": 100, "vocabulary": 500, "tied": True,
    "biases": False, "norm": "rms", "positions": 0, "context": 100, "batch": 4, "bytes": 2, "rank": 2,
}  # fmt: skip
KEY = {
    "head_dim": 5, "kv_width": 10, "attention_weights": 4000, "attention_biases": 0, "attention": 4000, "matrices": 3,
    "mlp_weights": 12000, "mlp_biases": 0, "mlp": 12000, "norm_size": 40, "block": 16080, "embedding": 20000,
    "position_table": 0, "head": 0, "total": 68280, "cache_numbers": 24000, "cache_bytes": 48000, "cache_saving": 4,
    "multiply_adds": 92000, "flops_token": 184000, "lora": 780,
}  # fmt: skip
WRONG: dict[str, dict[str, int]] = {
    "all_heads_have_keys": {
        "attention": 6400, "block": 18480, "total": 75480, "cache_numbers": 96000, "cache_bytes": 192000,
        "flops_token": 198400, "lora": 960,
    },
    "output_projection_forgotten": {"attention": 2400, "block": 14480, "total": 63480, "flops_token": 174400},
    "every_head_full_width": {"attention": 20800, "block": 32880, "total": 118680, "flops_token": 284800},
    "two_matrices": {"mlp": 8000, "block": 12080, "total": 56280, "flops_token": 160000},
    "one_norm": {"block": 16040, "total": 68160},
    "rms_with_shift": {"block": 16160, "total": 68560},
    "head_counted_again": {"total": 88280},
    "final_norm_forgotten": {"total": 68240},
    "keys_only": {"cache_numbers": 12000, "cache_bytes": 24000},
    "one_layer": {"cache_numbers": 8000, "cache_bytes": 16000},
    "numbers_not_bytes": {"cache_bytes": 24000},
    "one_per_multiply_add": {"flops_token": 92000},
    "scores_forgotten": {"flops_token": 136000},
    "logits_forgotten": {"flops_token": 144000},
    "lookup_as_product": {"flops_token": 224000},
    "product_not_sum": {"lora": 12000},
    "full_update": {"lora": 6000},
    "one_factor": {"lora": 480},
}  # fmt: skip

OLDER: dict[str, Any] = {
    "layers": 3, "width": 8, "heads": 2, "kv_heads": 2, "mlp_kind": "gelu", "hidden": 32, "vocabulary": 50, "tied": False,
    "biases": True, "norm": "layer", "positions": 10, "context": 10, "batch": 2, "bytes": 4, "rank": 1,
}  # fmt: skip
"""With all that the printed example lacks: biases, a table of positions, an output layer of its own, LayerNorm, GELU."""
KEY_OF_OLDER = {
    "head_dim": 4, "kv_width": 8, "attention_weights": 256, "attention_biases": 32, "attention": 288, "matrices": 2,
    "mlp_weights": 512, "mlp_biases": 40, "mlp": 552, "norm_size": 16, "block": 872, "embedding": 400, "position_table": 80,
    "head": 400, "total": 3512, "cache_numbers": 960, "cache_bytes": 3840, "cache_saving": 1, "multiply_adds": 3184,
    "flops_token": 6368, "lora": 96,
}  # fmt: skip
WRONG_OF_OLDER: dict[str, dict[str, int]] = {
    "attention_biases_forgotten": {"attention": 256, "block": 840, "total": 3416},
    "output_projection_forgotten": {"attention": 216, "block": 800, "total": 3296, "flops_token": 5984},
    "every_head_full_width": {"attention": 504, "block": 1088, "total": 4160, "flops_token": 7520},
    "mlp_biases_forgotten": {"mlp": 512, "block": 832, "total": 3392},
    "mlp_output_bias_only": {"mlp": 520, "block": 840, "total": 3416},
    "three_matrices": {"mlp": 840, "block": 1160, "total": 4376, "flops_token": 7904},
    "no_shift": {"block": 856, "total": 3456},
    "head_forgotten": {"total": 3112},
}


def solved(given: dict[str, Any], **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = solution(PROBLEM, given | changed)
    return found


def made(found: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        mistake["name"]: {part: int(value) for part, value in mistake["answers"].items()}
        for mistake in found["mistakes"]
    }


@pytest.mark.parametrize(("given", "key"), [(ORIGINAL, KEY), (OLDER, KEY_OF_OLDER)], ids=["printed", "older"])
def test_all_values(given: dict[str, Any], key: dict[str, int]) -> None:
    found = {name: int(value) for name, value in solved(given)["values"].items()}
    assert found == key
    assert list(found) == list(key)


def test_what_mistakes_make_of_the_printed_example() -> None:
    assert made(solved(ORIGINAL)) == WRONG


def test_mistakes_that_only_another_model_lets_one_make() -> None:
    found = made(solved(OLDER))
    assert {name: found[name] for name in WRONG_OF_OLDER} == WRONG_OF_OLDER
    absent = {"all_heads_have_keys", "two_matrices", "rms_with_shift", "head_counted_again"}
    assert not absent & found.keys()


@pytest.mark.parametrize("mlp_kind", ["gelu", "swiglu"])
@pytest.mark.parametrize("norm", ["layer", "rms"])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("positions", [0, 7])
def test_every_word_and_flag(mlp_kind: str, norm: str, tied: bool, biases: bool, positions: int) -> None:
    words = {"mlp_kind": mlp_kind, "norm": norm, "tied": tied, "biases": biases, "positions": positions}
    found = solved(OLDER, kv_heads=1, **words)
    d, hidden, keys, words_known = 8, 32, 4, 50
    attention = 2 * d * d + 2 * d * keys + (2 * d + 2 * keys) * biases
    mlp = 2 * d * hidden + (hidden + d) * biases + (mlp_kind == "swiglu") * (d * hidden + hidden * biases)
    one_norm = d * (2 if norm == "layer" else 1)
    total = (
        3 * (attention + mlp + 2 * one_norm)
        + one_norm
        + d * (words_known + positions)
        + (0 if tied else d * words_known)
    )
    assert int(found["values"]["total"]) == total
    assert "confirmed" not in found


EDGES: dict[str, dict[str, Any]] = {
    "everything is 1": {
        "layers": 1, "width": 1, "heads": 1, "kv_heads": 1, "hidden": 1, "vocabulary": 1, "context": 1, "batch": 1,
        "bytes": 1, "rank": 1,
    },
    "one key and value head": {"kv_heads": 1},
    "a rank above the width": {"rank": 100},
    "two layers": {"layers": 2},
    "fewer positions than the context": {"positions": 5},
    "a large model": {
        "layers": 126, "width": 16_384, "heads": 128, "kv_heads": 8, "hidden": 53_248, "vocabulary": 128_256,
        "context": 131_072, "batch": 64, "bytes": 1, "rank": 64,
    },
}  # fmt: skip


@pytest.mark.parametrize("changed", EDGES.values(), ids=list(EDGES))
def test_edges_are_solved_and_confirmed(changed: dict[str, Any]) -> None:
    found = solved(ORIGINAL, **changed)
    values, given = found["values"], ORIGINAL | changed
    assert "confirmed" not in found
    keys = given["kv_heads"] * given["width"] // given["heads"]
    assert int(values["cache_bytes"]) == 2 * given["layers"] * keys * given["context"] * given["batch"] * given["bytes"]
    assert int(values["lora"]) == given["layers"] * given["rank"] * (3 * given["width"] + keys)


def test_a_known_model() -> None:
    """GPT-2 (small) has 124 439 808 parameters."""
    found = solved(
        ORIGINAL, layers=12, width=768, heads=12, kv_heads=12, mlp_kind="gelu", hidden=3072, vocabulary=50_257,
        biases=True, norm="layer", positions=1024,
    )  # fmt: skip
    assert found["values"]["total"] == "124439808"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"heads": 7}, "heads: expected a divisor of the width 40"),
        ({"kv_heads": 3}, "kv_heads: expected a divisor of the 8 heads"),
        ({"kv_heads": 16}, "kv_heads: expected a divisor of the 8 heads"),
        ({"mlp_kind": "relu"}, "mlp_kind"),
        ({"norm": "batch"}, "norm"),
        ({"tied": "maybe"}, "tied"),
        ({"layers": 0}, "layers: expected an integer from 1"),
        ({"positions": -1}, "positions"),
        ({"bytes": "1/2"}, "bytes"),
        ({"question": "shared_keys", "kv_heads": 8}, "grouped"),
    ],
)
def test_what_does_not_fit_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(ORIGINAL, **changed)


def test_what_the_cache_would_grow_by_is_asked_only_where_heads_share_keys() -> None:
    assert "cache_saving" in solved(ORIGINAL)["answers"]
    assert "cache_saving" not in solved(OLDER)["answers"]


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_drawn_models_are_plausible(level: str) -> None:
    for seed in range(1, 16):
        variant = drawing.draw_variant(PROBLEM, seed, level=level)
        given = variant.params
        assert len({given[name] for name in ("width", "hidden", "vocabulary", "context")}) == 4
        assert not (given["biases"] and given["norm"] == "rms")
        assert 2 <= given["rank"] < given["width"] / 4
        assert given["positions"] in (0, given["context"], 2 * given["context"])
        assert (variant.values.total >= 10**6) == (level == "hard")


def test_the_two_blanks_of_the_block_are_filled_in_by_the_key_only() -> None:
    figure = block_figure(PROBLEM.printed().values)
    assert figure.completed is not None
    assert "key blank" in figure.scene.description
    assert "down blank" in figure.scene.description
    assert "key 40 × 10" in figure.completed.description
    assert "down 100 × 40" in figure.completed.description
    assert "gate 40 × 100" in figure.scene.description
    assert "gate" not in block_figure(PROBLEM.variant(PROBLEM.read(OLDER)).values).scene.description


def test_both_residual_connections_lead_below_the_boxes_to_an_addition() -> None:
    scene = block_figure(PROBLEM.printed().values).scene
    added = [shape for shape in scene.shapes if isinstance(shape, Box) and shape.style == "add"]
    led = [shape.points for shape in scene.shapes if isinstance(shape, Line) and shape.style == "skip"]
    inner = [shape for shape in scene.shapes if isinstance(shape, Box) and shape.style == "linear"]
    assert len(added) == len(led) == len(inner) == 2
    lowest = max(box.y + box.height for box in inner)
    for box, points, block in zip(added, led, inner, strict=True):
        assert points[0][0] < block.x < block.x + block.width < box.x < points[-1][0] < box.x + box.width
        assert max(y for _, y in points) > lowest
    assert "residual connection" in scene.description
