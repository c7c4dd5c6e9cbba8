"""Letters for several labels: how they are read, and how they are marked label by label."""

from __future__ import annotations

import time

import pytest

from generator.errors import AuthoringError
from generator.grading.grader import Grader
from generator.grading.nesting import Unread
from generator.grading.reading.subsets import read_subset, read_subsets
from generator.numbers.tokens import UnreadableError
from generator.practice.web.fields import answer_in, draft_from_text
from generator.practice.web.previews import preview
from generator.problem.catalogue import find_problem
from generator.problem.choices import Subsets
from generator.problem.parts import walk

AXES = Subsets("axes", (r"\text{BatchNorm}", r"\text{LayerNorm}", r"\text{InstanceNorm}"), "NCHW")
MEANT = ("NHW", "CHW", "HW")


@pytest.mark.parametrize(
    "text",
    [
        "NHW; CHW; HW",
        "nhw, chw, hw",
        "NHW CHW HW",
        "N, H, W; C, H, W; H, W",
        "(N, H, W), (C, H, W), (H, W)",
        "[['N', 'H', 'W'], ['C', 'H', 'W'], ['H', 'W']]",
        r"\{N, H, W\}, \{C, H, W\}, \{H, W\}",
        "W, H, N\nH and W and C\nW H",
        "BatchNorm: N, H, W; LayerNorm: C, H, W; InstanceNorm: H, W",
        "BatchNorm = NHW LayerNorm = CHW InstanceNorm = HW",
        "Batch norm: NHW\nLayer norm: CHW\nInstance norm: HW",
        "N×H×W; C×H×W; H×W",
        "NHW | CHW | HW",
        "NHW\tCHW\tHW",
        r"\begin{aligned} a &= \{N, H, W\} \\ b &= \{C, H, W\} \\ c &= \{H, W\} \end{aligned}",
    ],
)
def test_ways_to_write_them(text: str) -> None:
    assert read_subsets(text, "NCHW", 3).value == MEANT


@pytest.mark.parametrize(
    "text", ["", "NHW", "1 0 1 1", "NHW; CHW", "NHW; CHW; HW; HW", "x y z", "0; 1; 2", ";;", "(((", "\\" * 100]
)
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(UnreadableError, match="out of N, C, H, W"):
        read_subsets(text, "NCHW", 3)


def test_what_is_empty_or_unreadable_is_so_for_itself() -> None:
    batch, layer, instance = read_subsets("NHW; ; height", "NCHW", 3).value
    assert batch == "NHW"
    assert layer == Unread("", "nothing is written here")
    assert isinstance(instance, Unread)
    assert "expected letters out of N, C, H, W; got 'height'" in instance.reason


@pytest.mark.parametrize("text", ["NHW; " * 400, "(" * 1900, "a=" * 900, "N " * 900, "\\text{" * 300, ";\n " * 600])
def test_no_text_takes_long(text: str) -> None:
    before = time.process_time()
    with pytest.raises(UnreadableError):
        read_subsets(text, "NCHW", 3)
    assert time.process_time() - before < 0.5


def test_one_of_them() -> None:
    assert read_subset("W, n", "NCHW").value == "NW"
    assert read_subset("axes = W, n", "NCHW").tex == r"\{N, W\}"


def test_each_label_is_marked_by_itself() -> None:
    grader = Grader(find_problem("norm-axes").printed())
    assert grader.mark("axes", "NHW; CHW; HW; CHW; CHW").status == "correct"
    marked = grader.mark("axes", "NHW; CHW; CHW; CHW; ")
    assert marked.status == "partial"
    assert [*marked.entries] == [True, True, False, True, False]
    assert marked.points == 1
    assert grader.mark("axes", "1 0 1 1").status == "invalid"
    exchanged = grader.mark("axes", "CHW; NHW; HW; CHW; CHW")
    assert exchanged.diagnosis == ("batch and layer exchanged",)


def test_fields_of_the_page() -> None:
    variant = find_problem("norm-axes").printed()
    part = next(part for part in walk(variant.all_parts) if part.id == "axes")
    assert isinstance(part.answer, Subsets)
    draft = {"1": "NHW", "2": "c, h, w", "4": "7"}
    form = answer_in("subsets", 5, draft)
    assert len(form.missing) == 2
    assert draft_from_text("subsets", 5, form.text) == {"1": "NHW", "2": "c, h, w", "3": "", "4": "7", "5": ""}
    shown = preview("subsets", part.answer, variant.values, part.answer.labels, draft)
    assert r"\text{LayerNorm} = \{C, H, W\}" in shown.tex
    assert len(shown.complaints) == 1


@pytest.mark.parametrize("letters", ["", "N", "nchw", "N C", 7])
def test_letters_are_capital_letters(letters: str) -> None:
    with pytest.raises(AuthoringError, match="Subsets: expected letters"):
        Subsets("axes", (r"\text{BatchNorm}",), letters)


@pytest.mark.parametrize(
    "value", [("NHW", "CHW"), ("NHW", "CHW", ""), ("NHW", "CHW", "WH"), ("NHW", "CHW", "X"), "NHW"]
)
def test_a_step_that_gives_something_else(value: object) -> None:
    assert AXES.unfit(value)
    assert not AXES.unfit(MEANT)
