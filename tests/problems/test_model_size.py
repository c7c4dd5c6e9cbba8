"""Model size: the printed sheet's key, the table of templates, user's networks, and the banks of questions."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sympy import Integer, Rational

from generator.document.keyless import without_key
from generator.document.nodes import Figure
from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.paper.solve import solution
from generator.problem import audit, drawing
from generator.problem.choices import Choice
from generator.problem.parts import walk
from generator.problem.problem import LEVELS, Variant
from generator.problems.model_size import BANK, FOLLOW_UPS, PROBLEM
from generator.problems.model_size import networks as net
from generator.problems.model_size.networks import network
from generator.render.renderer import FORMATS, renderer

CLAIMS = BANK.all_claims("claims")
BLANK = r"\underline{\hspace{2em}}"

PLAIN = "Linear 128, Norm, ReLU, Linear 256, Norm, ReLU, Linear 20, Norm, ReLU, Dropout, Linear 1000"
DROPOUT_BLOCKS = "Linear 128, Norm, ReLU, Dropout, Linear 256, Norm, ReLU, Dropout, Linear 20, ReLU, Linear 1000"
RESIDUAL = "Linear 128, ReLU, Linear 256, Norm, ReLU, Dropout, Linear 128, Norm, Add 2, ReLU, Linear 1000"
WITH_SOFTMAX = "Linear 128, Norm, ReLU, Linear 256, Norm, ReLU, Linear 20, Norm, ReLU, Linear 1000, Softmax"

SMALL = {
    "batch": 2,
    "features": 3,
    "operations": [
        {"op": "Linear", "out": 4},
        {"op": "Norm"},
        {"op": "Add", "with": 1},
        {"op": "Linear", "out": 5},
        {"op": "Softmax"},
    ],
}


def variant(raw: dict[str, Any]) -> Variant:
    return PROBLEM.variant(PROBLEM.read(raw))


def wrong(of: Variant, name: str) -> dict[str, Any]:
    """The values that the mistake of this name leads to."""
    return next(dict(values) for mistake, values in of.wrong if mistake.name == name)


# --------------------------------------------------------------------------------------- the printed sheet


def test_printed_key() -> None:
    answers = PROBLEM.printed().answers()
    assert answers["dimensions"] == (128, 256, 20, 1000)
    assert answers["shapes"] == ((4, 128),) * 3 + ((4, 256),) * 3 + ((4, 20),) * 4 + ((4, 1000),)
    assert answers["logits"] == "z11"
    assert answers["activations_per_example"] == Integer(1232)
    assert answers["activations"] == Integer(4928)
    assert answers["parameters"] == Integer(66756)
    assert answers["memory"] == "activations"
    values = PROBLEM.printed().values
    assert (values.weights, values.biases, values.norm_parameters) == (64544, 1404, 808)
    assert values.crossover == Rational(16689, 308)
    assert (values.break_even, values.break_even_adam) == (55, 217)


def test_printed_key_as_text() -> None:
    found = solution(PROBLEM, PROBLEM.original)
    assert found["answers"]["dimensions"] == ["128", "256", "20", "1000"]
    assert found["answers"]["shapes"][9:] == [["4", "20"], ["4", "1000"]]
    assert found["values"]["activations_per_example"] == "1232"
    assert found["values"]["activations"] == "4928"
    assert found["values"]["parameters"] == "66756"
    assert found["values"]["crossover"] == "16689/308"
    assert found["values"]["break_even"] == "55"
    assert found["values"]["break_even_adam"] == "217"
    assert found["params"]["operations"][0] == {"op": "Linear", "out": "128"}
    assert "probabilities" not in found["values"]


def test_printed_sheet_has_the_printed_parts() -> None:
    assert [part.id for part in PROBLEM.printed().parts] == [
        "propagation",
        "classification",
        "intermediate",
        "parameters",
        "memory_comparison",
    ]
    assert [part.id for part in walk(PROBLEM.printed().parts) if part.answer is not None] == [
        "dimensions",
        "shapes",
        "logits",
        "softmax",
        "activations_per_example",
        "activations",
        "parameters",
        "memory",
        "memory_reason",
    ]


def test_printed_sheet_leaves_the_printed_blanks() -> None:
    text = str(renderer(FORMATS["md"]).node(without_key(exercise(PROBLEM.printed(), 1))))
    for line in (f"(52, {BLANK})", "(128, 256)", f"({BLANK}, 20)", f"({BLANK}, {BLANK})"):
        assert line in text


@pytest.mark.parametrize(
    ("text", "widths", "stored", "learned", "least"),
    [
        (PLAIN, [128] * 3 + [256] * 3 + [20] * 4 + [1000], 1232, 66756, 55),
        (DROPOUT_BLOCKS, [128] * 4 + [256] * 4 + [20] * 2 + [1000], 1576, 66716, 43),
        (RESIDUAL, [128] * 2 + [256] * 4 + [128] * 4 + [1000], 1792, 202472, 113),
        (WITH_SOFTMAX, [128] * 3 + [256] * 3 + [20] * 3 + [1000] * 2, 2212, 66756, 31),
    ],
    ids=["plain", "dropout blocks", "residual", "with softmax"],
)
def test_networks(text: str, widths: list[int], stored: int, learned: int, least: int) -> None:
    of = variant({"batch": 4, "features": 52, "operations": network(text)})
    assert list(of.values.output_widths) == widths
    assert of.values.activations_per_example == stored
    assert of.values.parameters == learned
    assert of.values.break_even == least
    assert of.values.logits_activation == ("z10" if "Softmax" in text else "z11")
    assert audit.disagreements(of) == []


# --------------------------------------------------------------------------------------- a user's network


def test_a_small_network_worked_by_hand() -> None:
    found = solution(PROBLEM, {**SMALL, "logits": ["log(6)", "0", "log(2)"]})
    values = found["values"]
    assert values["shapes"] == [["2", "4"], ["2", "4"], ["2", "4"], ["2", "5"], ["2", "5"]]
    assert values["activations_per_example"] == "17"  # 3 · 4 + 5
    assert values["activations"] == "34"
    assert values["parameters"] == "49"  # 12 + 4, 8, 20 + 5
    assert values["crossover"] == "49/17"
    assert values["break_even"] == "3"
    assert values["break_even_adam"] == "12"  # 196/17 is 11.5…
    assert values["probabilities"] == ["2/3", "1/9", "2/9"]
    assert found["answers"]["probabilities"] == ["2/3", "1/9", "2/9"]
    assert found["answers"]["logits"] == "z4"
    assert found["answers"]["dimensions"] == ["4", "5"]


WITH_LOG = {**SMALL, "operations": [*SMALL["operations"], {"op": "Log"}]}  # type: ignore[misc]


@pytest.mark.parametrize(("offered", "right"), [([3, 4, 5], "z4"), ([3, 5, 6], "none"), ([4, 5, 6], "z4")])
def test_the_logits_are_what_the_softmax_is_given_whatever_comes_after_it(offered: list[int], right: str) -> None:
    of = variant({**WITH_LOG, "candidates": offered})
    assert (of.values.logits_activation, of.values.logits_option) == ("z4", right)
    assert wrong(of, "log-probabilities for logits")["logits_option"] == ("z6" if 6 in offered else "none")


@pytest.mark.parametrize(
    ("sizes", "right"),
    [([1, 2], "parameters"), ([3, 4], "activations"), ([2, 4], "parameters first"), ([4, 2], "activations first")],
)
def test_memory_compared_at_two_batches(sizes: list[int], right: str) -> None:
    of = variant({**SMALL, "compare_at": sizes})  # K = 17, C = 49: 17, 34 | 51, 68
    assert of.values.memory == right
    assert audit.disagreements(of) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"candidates": [1, 2]}, "three different activations"),
        ({"candidates": [1, 2, 2]}, "three different activations"),
        ({"candidates": [1, 2, 9]}, "activations from 1 to 5; got 9"),
        ({"compare_at": [2, 2]}, "two that differ"),
        ({"compare_at": [2, 0]}, "compare_at"),
    ],
)
def test_candidates_and_batches_that_do_not_fit_are_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        variant({**SMALL, **more})


def test_a_batch_at_which_both_are_equal_is_no_question_for_two() -> None:
    even = {"batch": 1, "features": 1, "operations": [{"op": "Linear", "out": 2}, {"op": "Norm"}]}  # K = 2, C = 4 + 4
    assert variant({**even, "compare_at": 4}).values.memory == "equal"
    with pytest.raises(InputError, match="other than 4"):
        variant({**even, "compare_at": [4, 5]})


def test_where_k_divides_c_the_break_even_exceeds() -> None:
    of = variant({"batch": 1, "features": 1, "operations": [{"op": "Linear", "out": 2}, {"op": "ReLU"}]})
    assert (of.values.parameters, of.values.activations_per_example) == (4, 2)
    assert of.values.break_even == 3  # at n = 2 the two are equal
    assert of.values.break_even_adam == 9
    assert audit.disagreements(of) == []


@pytest.mark.parametrize(
    ("compare_at", "larger"), [("large", "activations"), (1, "parameters"), (2, "equal"), (3, "activations")]
)
def test_memory_is_compared_at_the_batch_asked_for(compare_at: Any, larger: str) -> None:
    operations = [{"op": "Linear", "out": 2}, {"op": "ReLU"}]
    of = variant({"batch": 1, "features": 1, "operations": operations, "compare_at": compare_at})
    assert of.values.memory == larger
    assert audit.disagreements(of) == []
    assert exercise(of, 1).points > 0


def test_probabilities_of_any_exact_logits() -> None:
    of = variant({**SMALL, "logits": ["1", "0"]})
    assert encode(of.values.probabilities) == ["E/(1 + E)", "1/(1 + E)"]
    assert audit.disagreements(of) == []


def test_largest_batch() -> None:
    raw = {**SMALL, "follow_ups": ["largest_batch"]}
    assert variant({**raw, "budget": 100}).values.largest_batch == 3  # 49 + 3 · 17 = 100
    assert variant({**raw, "budget": 99}).values.largest_batch == 2
    assert wrong(variant({**raw, "budget": 99}), "rounded up beyond the room")["largest_batch"] == 3
    assert wrong(variant({**raw, "budget": 99}), "parameters take no room")["largest_batch"] == 5


@pytest.mark.parametrize(
    ("sides", "right"),
    [
        (["out", "in", "in"], (128, 256, 20, 1000)),
        (["in", "in", "in"], (128, 256, 20, 1000)),
        (["out", "out", "out"], (128, 256, 20, 1000)),
        (["in", "out", "in"], (128, 256, 20, 1000)),
    ],
)
def test_each_width_is_left_out_once(sides: list[str], right: tuple[int, ...]) -> None:
    of = variant({**(PROBLEM.original or {}), "blanks": sides})
    assert of.values.dimensions == right
    assert audit.disagreements(of) == []
    boxes = net.boxes(of.values.operations, of.values.linear_sizes, net.blanks(of.values.blank_sides))
    listed = net.listing(boxes, filled=False)
    assert listed.count(BLANK) == 4
    assert all(listed.count(str(width)) == 1 for width in (52, 128, 256))


LINEAR: net.Operation = {"op": "Linear", "out": 4}
NORM: net.Operation = {"op": "Norm"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"operations": [LINEAR, {"op": "Linear", "out": 5}, NORM, {"op": "Add", "with": 1}]}, "operations[4]"),
        ({"operations": [LINEAR, {"op": "Add", "with": 2}]}, "operations[2]"),
        ({"operations": [LINEAR, {"op": "Add", "with": 0}]}, "operations[2]"),
        ({"operations": [{"op": "Add", "with": 1}, LINEAR]}, "operations[1]"),
        ({"operations": [LINEAR, {"op": "Add"}]}, "operations[2]"),
        ({"operations": [LINEAR, {"op": "Conv"}]}, "operations[2]"),
        ({"operations": [LINEAR, "ReLU"]}, "operations[2]"),
        ({"operations": [LINEAR, {"op": ["ReLU"]}]}, "operations[2]"),
        ({"operations": [LINEAR, {"op": "ReLU", "out": 3}]}, "operations[2]"),
        ({"operations": [LINEAR, {"op": "Linear", "out": 3, "width": 3}]}, "operations[2]"),
        ({"operations": [NORM, {"op": "Linear"}]}, "operations[2]"),
        ({"operations": [NORM, {"op": "Linear", "out": -3}]}, "operations[2]"),
        ({"operations": [NORM, {"op": "Linear", "out": 0}]}, "operations[2]"),
        ({"operations": [NORM, {"op": "Linear", "out": "1/2"}]}, "operations[2]"),
        ({"operations": [NORM, {"op": "Linear", "out": "__import__('os')"}]}, "operations[2]"),
        ({"operations": [LINEAR]}, "operations"),
        ({"operations": [NORM, NORM]}, "operations"),
        ({"operations": {"op": "Linear"}}, "operations"),
        ({"batch": 0}, "batch"),
        ({"features": "5/2"}, "features"),
        ({"features": -1}, "features"),
        ({"logits": []}, "logits"),
        ({"logits": ["log(0)"]}, "logits[1]"),
        ({"blanks": ["in", "out"]}, "blanks"),
        ({"blanks": ["left"]}, "blanks[1]"),
        ({"compare_at": 0}, "compare_at"),
        ({"compare_at": "huge"}, "compare_at"),
        ({"follow_ups": ["largest_batch"]}, "budget"),
        ({"budget": 65}, "budget"),
        ({"order": [1, 2, 3, 3]}, "order"),
        ({"depth": 3}, "depth"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        variant({**SMALL, **changed})
    assert caught.value.field == field


# -------------------------------------------------------------------------------------------- the mistakes


@pytest.mark.parametrize(
    ("name", "value", "theirs"),
    [
        ("weights only", "parameters", 64544),
        ("no biases", "parameters", 65352),
        ("biases of the input's size", "parameters", 65808),  # 52 + 128 + 256 + 20 for 1404
        ("no norms", "parameters", 65948),
        ("gamma only", "parameters", 66352),
        ("running statistics counted", "parameters", 67564),
        ("parameters for each example", "parameters", 267024),
        ("last activation counted", "activations_per_example", 2232),
        ("input counted", "activations_per_example", 1284),
        ("outputs of Linears only", "activations_per_example", 404),
        ("one example for the batch", "activations", 1232),
        ("batch for one example", "activations_per_example", 4928),
        ("batch for one example", "activations", 4928),
        ("batch for one example", "memory", "activations"),
        ("batch size for classes", "dimensions", (128, 256, 20, 4)),
        ("dropout shrinks", "dimensions", (128, 256, 10, 1000)),
        ("features for logits", "logits_activation", "z10"),
        ("parameters always", "memory", "parameters"),
        ("parameters grow with the batch", "memory", "ratio"),
    ],
)
def test_mistakes_on_the_printed_network(name: str, value: str, theirs: Any) -> None:
    assert wrong(PROBLEM.printed(), name)[value] == theirs


@pytest.mark.parametrize(
    ("sizes", "theirs"), [([1, 9], "activations first"), ([9, 1], "parameters first"), ([8, 9], "activations first")]
)
def test_parameters_that_grow_in_place_of_activations_lead_with_the_larger_batch(sizes: list[int], theirs: str) -> None:
    of = variant({**SMALL, "compare_at": sizes})
    assert wrong(of, "parameters grow in place of activations")["memory"] == theirs
    assert "parameters grow with the batch" not in {mistake.name for mistake, _ in of.wrong}


@pytest.mark.parametrize(
    ("norms", "line"),
    [(0, r"There is no Norm layer: $0$."), (1, r"2 \cdot 4 = 8"), (2, r"2 \, (4+4) = 16")],
)
def test_the_norms_are_added_up_where_there_are_several(norms: int, line: str) -> None:
    chain = [{"op": "Linear", "out": 4}, *[{"op": "Norm"}] * norms, {"op": "ReLU"}, {"op": "Linear", "out": 5}]
    of = variant({"batch": 2, "features": 3, "operations": chain})
    assert line in str(renderer(FORMATS["md"]).node(exercise(of, 1, Entry(PROBLEM, guided=True))))


def test_misread_shapes_on_the_printed_network() -> None:
    printed = PROBLEM.printed()
    assert wrong(printed, "transposed")["shapes"][3] == (256, 4)
    early = wrong(printed, "one early")
    assert early["shapes"][:4] == ((4, 52), (4, 128), (4, 128), (4, 128))
    assert early["activations_per_example"] == 1264  # 52 + 3 · 128 + 3 · 256 + 3 · 20
    before = wrong(printed, "width of the layer before")["shapes"]
    assert before == ((4, 52),) * 3 + ((4, 128),) * 3 + ((4, 256),) * 4 + ((4, 20),)
    weights = wrong(printed, "weight shape for an activation")["shapes"]
    assert (weights[0], weights[1], weights[10]) == ((52, 128), (4, 128), (20, 1000))


def test_concatenating_widens_what_follows() -> None:
    of = variant({**SMALL, "follow_ups": ["break_even", "break_even_adam"]})
    theirs = wrong(of, "addition concatenates")
    assert theirs["shapes"][2:4] == ((2, 8), (2, 5))
    assert theirs["parameters"] == 69  # 8 · 5 instead of 4 · 5
    assert wrong(of, "rounded down at the break-even")["break_even"] == 2
    assert wrong(of, "rounded down at the break-even")["break_even_adam"] == 11
    assert wrong(of, "gradients and moments forgotten")["break_even_adam"] == 3
    assert wrong(of, "gradients forgotten")["break_even_adam"] == 9  # 147/17 is 8.6…


def test_mistaken_probabilities() -> None:
    of = variant({**SMALL, "logits": ["log(6)", "0", "log(2)"]})
    assert wrong(of, "not divided by the sum")["probabilities"] == (6, 1, 2)
    assert encode(wrong(of, "divided by the largest")["probabilities"]) == ["1", "1/6", "1/3"]
    assert encode(wrong(of, "sigmoid")["probabilities"]) == ["6/7", "1/2", "2/3"]


# --------------------------------------------------------------------------------------------- the variants


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_no_bad_draw(level: str) -> None:
    seen: Counter[str] = Counter()
    for seed in range(200):
        of = drawing.draw_variant(PROBLEM, seed, level=level)
        v = of.values
        residual = "Add" in [operation["op"] for operation in v.operations]
        hidden = v.linear_outputs[:2] if residual else v.linear_outputs[:-1]
        sizes = [v.batch, v.features, *hidden, v.classes]
        assert len(set(sizes)) == len(sizes)
        assert 2 <= v.batch <= 9
        assert 10 <= v.features <= 60
        assert all(12 <= width <= 360 for width in hidden)
        assert v.classes >= (100 if level == "hard" else 10)
        assert (4 * v.parameters) % v.activations_per_example != 0  # nor does K divide C
        assert 10 < v.break_even < 101
        if "budget" in v:
            assert (v.budget - v.parameters) % v.activations_per_example != 0
        assert all(width % 2 == 0 for width in hidden)  # Dropout's mistake halves them
        assert sum(of.redraws.values()) < 30
        seen["softmax"] += v.operations[-1]["op"] == "Softmax"
        seen["no softmax"] += v.operations[-1]["op"] != "Softmax"
        seen["parameters larger"] += v.memory == "parameters"
        seen["activations larger"] += v.memory == "activations"
        seen["adam"] += "break_even_adam" in v.follow_ups
        seen["budget"] += "largest_batch" in v.follow_ups
        seen["first blank to the right"] += v.blank_sides[0] == "in"
        seen["another with each batch"] += v.memory.endswith("first")
    assert min(seen.values()) > 30, seen


def test_levels_are_of_different_networks() -> None:
    easy, standard, hard = (
        [drawing.draw_variant(PROBLEM, seed, level=level).values for seed in range(20)] for level in LEVELS
    )
    assert {len(v.operations) for v in easy} == {8}
    assert {len(v.operations) for v in (*standard, *hard)} == {11}
    assert all("Add" in [operation["op"] for operation in v.operations] for v in hard)
    assert max(v.parameters for v in standard) < min(v.parameters for v in hard)


@pytest.mark.slow
def test_no_letter_is_right_too_often() -> None:
    places: dict[str, Counter[int]] = {"logits": Counter(), "memory": Counter()}
    for seed in range(300):
        of = drawing.draw_variant(PROBLEM, seed)
        for part in walk(of.parts):
            if part.id in places:
                assert isinstance(part.answer, Choice)
                places[part.id][list(part.answer.options).index(of.values[part.answer.step])] += 1
    assert sorted(places["logits"]) == [0, 1, 2, 3]
    assert max(places["logits"].values()) < 105
    assert sorted(places["memory"]) == [0, 1, 2, 3]
    assert max(places["memory"].values()) < 105


def test_options_stand_in_the_order_drawn() -> None:
    def letters(order: list[int]) -> list[list[str]]:
        parts = walk(variant({**(PROBLEM.original or {}), "order": order}).parts)
        return [list(part.answer.options) for part in parts if isinstance(part.answer, Choice)]

    assert letters([1, 2, 3, 4]) == [["z9", "z10", "z11", "none"], ["activations", "parameters", "ratio"]]
    assert letters([4, 2, 1, 3]) == [["none", "z10", "z9", "z11"], ["parameters", "activations", "ratio"]]


# ------------------------------------------------------------------------------------------------ the banks


@pytest.mark.parametrize(
    "asked",
    [
        *({"softmax_question": name} for name in BANK["softmax_question"]),
        *(
            {"memory_question": name, "compare_at": [1, 500]}
            for name in BANK["memory_question"]
            if not name.startswith("reason_")
        ),
        *({"memory_question": "reason", "compare_at": size} for size in ("large", 1, 500, [1, 500])),
        *({"claims": [name]} for name in CLAIMS),
        *({"follow_ups": [name], "budget": 200000} for name in FOLLOW_UPS),
    ],
    ids=lambda asked: "-".join(str(value) for value in asked.values()),
)
def test_every_question_and_claim_renders(asked: dict[str, Any]) -> None:
    of = variant({**(PROBLEM.original or {}), **asked})
    with_key = exercise(of, 1)
    for node in (with_key, without_key(with_key)):
        for form in FORMATS.values():
            assert PROBLEM.title in str(renderer(form).node(node))
    for part in walk(of.parts):
        if part.answer is not None:
            assert part.worth > 0


@pytest.mark.parametrize(
    ("compare_at", "said"),
    [
        ("large", "there are $4928$ activations"),
        (1, "At $n = 1$ there are $nK = 1232$ activations"),
        ([1, 500], r"at $n = 1$ and $nK = 616\,000$ at $n = 500$"),
    ],
)
def test_the_reason_is_worded_for_the_batches_compared(compare_at: Any, said: str) -> None:
    of = variant({**(PROBLEM.original or {}), "compare_at": compare_at})
    assert said in of.answers()["memory_reason"]


def test_a_claim_that_a_follow_up_gives_away_is_refused_beside_it() -> None:
    asked = {"claims": ["plain_descent"], "follow_ups": ["break_even_adam"]}
    with pytest.raises(InputError, match="without_adam") as caught:
        variant({**(PROBLEM.original or {}), **asked})
    assert caught.value.field == "claims"
    for seed in range(100):
        of = drawing.draw_variant(PROBLEM, seed).values
        assert "norm_size" not in of.claims  # the sheet's own words decide it


def test_banks_are_large_and_balanced() -> None:
    assert min(len(BANK["softmax_question"]), len(BANK["memory_question"])) >= 6
    verdicts = Counter(claim.verdict for claim in CLAIMS.values())
    assert min(verdicts.values()) >= 5


def test_drawing_hides_what_is_asked() -> None:
    sheet = exercise(PROBLEM.printed(), 1)
    drawn = next(node for node in sheet.preamble if isinstance(node, Figure))
    blank, full = repr(drawn.scene), repr(drawn.completed)
    assert "1000" in full
    assert "1000" not in blank
    assert "'20'" in full
    assert full.count("'20'") == blank.count("'20'") + 1


def test_a_long_network_is_listed_in_rows() -> None:
    operations: list[net.Operation] = [LINEAR, *[{"op": "ReLU"}] * 7]
    assert [len(row) for row in net.rows([operation["op"] for operation in operations])] == [5, 3]
    of = variant({"batch": 2, "features": 3, "operations": operations})
    assert "The width stays" in str(renderer(FORMATS["md"]).node(exercise(of, 1)))
