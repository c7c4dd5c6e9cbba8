"""Counting right and wrong: the printed example literally, and whatever else the parameters allow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from generator.document.nodes import GridSpace
from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.parts import walk

PRINTED: dict[str, Any] = {
    "confusion": [[12, 0, 0], [3, 4, 1], [1, 2, 5]],
    "scores": ["9/10", "4/5", "7/10", "3/5", "1/2", "2/5", "3/10"],
    "labels": [1, 0, 1, 1, 0, 0, 0],
    "boxes": [[0, 0, 4, 4], [1, 0, 5, 4], [2, 0, 6, 4], [6, 1, 10, 5]],
    "iou_threshold": "2/5",
}
KEY: dict[str, Any] = {
    "hits": [12, 4, 5],
    "predicted": [16, 6, 6],
    "actual": [12, 8, 8],
    "accuracy": "3/4",
    "precision": ["3/4", "2/3", "5/6"],
    "recall": [1, "1/2", "5/8"],
    "f1": ["6/7", "4/7", "5/7"],
    "macro_f1": "5/7",
    "micro_f1": "3/4",
    "groups": [[1, 0], [0, 1], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]],
    "roc": [[0, 0], [0, "1/3"], ["1/4", "1/3"], ["1/4", "2/3"], ["1/4", 1], ["1/2", 1], ["3/4", 1], [1, 1]],
    "auc": "5/6",
    "average_precision": "29/36",
    "overlaps": [[16, 12, 8, 0], [12, 16, 12, 0], [8, 12, 16, 0], [0, 0, 0, 16]],
    "unions": [[16, 20, 24, 32], [20, 16, 20, 32], [24, 20, 16, 32], [32, 32, 32, 16]],
    "ious": ["3/5", "1/3", 0, "3/5", 0, 0],
    "iou_table": [[1, "3/5", "1/3", 0], ["3/5", 1, "3/5", 0], ["1/3", "3/5", 1, 0], [0, 0, 0, 1]],
    "kept": [1, 3, 4],
}
MISTAKES: dict[str, dict[str, Any]] = {
    "axes_exchanged": {"precision": [1, "1/2", "5/8"], "f1": [1, "1/2", "5/8"], "macro_f1": "17/24"},
    "arithmetic_mean": {"f1": ["7/8", "7/12", "35/48"], "macro_f1": "35/48"},
    "f1_of_means": {"macro_f1": "51/70"},
    "weighted_by_support": {"macro_f1": "36/49"},
    "micro_is_macro": {"micro_f1": "5/7"},
    "roc_axes_exchanged": {
        "roc": [[0, 0], ["1/3", 0], ["1/3", "1/4"], ["2/3", "1/4"], [1, "1/4"], [1, "1/2"], [1, "3/4"], [1, 1]],
        "auc": "1/6",
    },
    "precision_for_fpr": {
        "roc": [[0, 0], [0, "1/3"], ["1/2", "1/3"], ["1/3", "2/3"], ["1/4", 1], ["2/5", 1], ["1/2", 1], ["4/7", 1]],
        "auc": "169/504",
    },
    "area_above_the_curve": {"auc": "1/6"},
    "mean_over_all_cuts": {"average_precision": "1867/2940"},
    "trapezoids": {"average_precision": "55/72"},
    "overlap_counted_twice": {"ious": ["3/8", "1/4", 0, "3/8", 0, 0], "kept": [1, 2, 3, 4]},
    "smaller_box": {"ious": ["3/4", "1/2", 0, "3/4", 0, 0], "kept": [1, 4]},
    "suppressed_still_suppress": {"kept": [1, 4]},
}


def texts(value: Any) -> Any:
    """Integers as the texts that an encoded solution has."""
    if isinstance(value, dict):
        return {name: texts(one) for name, one in value.items()}
    return [texts(one) for one in value] if isinstance(value, list) else str(value)


def solved(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = solution(find_problem("classification-metrics"), {**PRINTED, **changed})
    assert "confirmed" not in found
    return found


def test_the_printed_example() -> None:
    found = solved()
    assert found["values"] == texts(KEY)
    assert {one["name"]: one["answers"] for one in found["mistakes"]} == texts(MISTAKES)


def test_examples_in_any_order_with_ties() -> None:
    found = solved(scores=[-1, 3, "1/2", 3, "1/2", "1/2"], labels=[0, 1, 1, 0, 0, 1])
    values = found["values"]
    assert values["groups"] == [["1", "1"], ["2", "1"], ["0", "1"]]
    assert values["roc"] == [["0", "0"], ["1/3", "1/3"], ["2/3", "1"], ["1", "1"]]
    assert values["auc"] == "11/18"
    assert values["average_precision"] == "17/30"
    (ties,) = (one["answers"] for one in found["mistakes"] if one["name"] == "ties_won")
    assert ties["roc"] == [["0", "0"], ["0", "1/3"], ["1/3", "1/3"], ["1/3", "1"], ["2/3", "1"], ["1", "1"]]
    assert ties["auc"] == "7/9"


@pytest.mark.parametrize(
    ("scores", "labels", "auc"),
    [([1, 0], [1, 0], "1"), ([1, 0], [0, 1], "0"), ([2, 2], [0, 1], "1/2"), (["sqrt(2)", "log(4)"], [1, 0], "1")],
)
def test_two_examples(scores: list[Any], labels: list[int], auc: str) -> None:
    assert solved(scores=scores, labels=labels)["values"]["auc"] == auc


def test_a_class_that_is_never_right_has_the_f1_0() -> None:
    values = solved(confusion=[[0, 2], [1, 3]])["values"]
    assert (values["precision"], values["recall"], values["f1"]) == (["0", "3/5"], ["0", "3/4"], ["0", "2/3"])
    assert solved(confusion=[[0, 2], [1, 0]])["values"]["macro_f1"] == "0"


def test_an_iou_that_equals_the_threshold_does_not_suppress() -> None:
    row = [[0, 0, 3, 1], [1, 0, 4, 1]]
    assert solved(boxes=row, iou_threshold="1/2")["values"]["kept"] == ["1", "2"]
    assert solved(boxes=row, iou_threshold="49/100")["values"]["kept"] == ["1"]
    assert solved(boxes=row, iou_threshold=1)["values"]["kept"] == ["1", "2"]
    thirds = [["1/3", "-1/3", "4/3", "2/3"], ["2/3", "-1/3", "5/3", "2/3"]]
    assert solved(boxes=thirds, iou_threshold="1/2")["values"]["kept"] == ["1", "2"]


def test_boxes_may_touch_be_equal_or_lie_below_0() -> None:
    values = solved(boxes=[[-4, -4, 0, 0], [0, 0, 4, 4], [-4, -4, 0, 0], [0, -4, 4, 0], [-100, -100, 1000, 1000]])[
        "values"
    ]
    assert values["ious"][:3] == ["0", "1", "0"]
    assert values["kept"] == ["1", "2", "4", "5"]
    many = [[k, 0, k + 2, 3] for k in range(11)]
    assert solved(boxes=many, iou_threshold="1/4")["values"]["kept"] == ["1", "3", "5", "7", "9", "11"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"confusion": [[1, 2, 3], [4, 5, 6]]}, "confusion: expected a square matrix"),
        ({"confusion": [[3]]}, "two classes or more"),
        ({"confusion": [[3, 0], [2, 0]]}, "class 2 is never predicted"),
        ({"confusion": [[3, 1], [0, 0]]}, "no example belongs to class 2"),
        ({"confusion": [[3, -1], [1, 2]]}, "counts of examples"),
        ({"confusion": [[3, "1/2"], [1, 2]]}, "counts of examples"),
        ({"labels": [1, 0]}, "labels: expected 7 entries"),
        ({"labels": [1] * 7}, "a negative example"),
        ({"labels": [1, 0, 2, 0, 1, 1, 1]}, "labels 1 .positive. and 0 .negative."),
        ({"boxes": [[0, 0, 4, 4]]}, "two boxes or more"),
        ({"boxes": [[0, 0, 4], [1, 1, 2]]}, "each a row x1, y1, x2, y2"),
        ({"boxes": [[0, 0, 4, 4], [3, 3, 3, 5]]}, "box 2 has no area"),
        ({"iou_threshold": "3/2"}, "from 0 to 1"),
    ],
)
def test_what_cannot_be_counted_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**changed)


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_draws_against_plain_loops(level: str) -> None:
    """Every value of some draws, by formulas in floats that share nothing with the problem's code."""
    for seed in range(12):
        v = drawing.draw_variant(find_problem("classification-metrics"), seed, level=level).values
        C = np.array([[int(x) for x in row] for row in v.confusion])
        assert np.allclose(np.array([float(x) for x in v.f1]), 2 * np.diag(C) / (C.sum(0) + C.sum(1)))
        scored = [*zip(map(float, v.scores), v.labels, strict=True)]
        pairs = [(s, t) for s, label in scored for t, other in scored if label and not other]
        assert np.isclose(float(v.auc), np.mean([(s > t) + (s == t) / 2 for s, t in pairs]))
        grid = np.zeros((len(v.boxes), 40, 40), dtype=bool)
        for k, box in enumerate(v.boxes):
            x1, y1, x2, y2 = map(int, box)
            grid[k, x1:x2, y1:y2] = True
        ious = [(a & b).sum() / (a | b).sum() for i, a in enumerate(grid) for b in grid[i + 1 :]]
        assert np.allclose([float(x) for x in v.ious], ious)


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_paper_does_not_give_away_how_many_boxes_are_kept(level: str) -> None:
    for seed in range(4):
        variant = drawing.draw_variant(find_problem("classification-metrics"), seed, level=level)
        (kept,) = (part for part in walk(variant.all_parts) if part.id == "kept")
        assert kept.answer is not None
        (space,) = kept.answer.spaces(variant.values)
        assert isinstance(space, GridSpace)
        assert space.columns == len(variant.values.boxes) > len(variant.values.kept)


def test_encoded_draws_solve_again() -> None:
    variant = drawing.draw_variant(find_problem("classification-metrics"), 3, level="hard")
    given = {name: encode(variant.params[name]) for name in PRINTED}
    assert solved(**given)["values"] == encode(variant.values.computed)
