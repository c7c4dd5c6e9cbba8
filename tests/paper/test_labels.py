"""Parts by the labels that a paper prints, in whatever way people write them."""

from __future__ import annotations

import pytest

from generator.errors import InputError
from generator.paper.labels import PrintedProblem, find_part, part_labels
from generator.problem.catalogue import find_problem

PAPER = [
    PrintedProblem(
        "layer-norm",
        "Layer normalization",
        {"mean": "(a)", "std": "(b)", "row": "(c)", "first": "(c)(i)", "second": "(c)(ii)"},
        ("mean", "std", "first", "second"),
    ),
    PrintedProblem("dropout", "Dropout", {"drop": "(a)", "mean": "(b)"}, ("drop", "mean")),
    PrintedProblem("dropout", "Dropout", {"drop": "(a)", "mean": "(b)"}, ("drop", "mean")),
]


@pytest.mark.parametrize(
    ("problem", "part", "found"),
    [
        ("1", "a", (1, "mean")),
        ("1", "(c)(ii)", (1, "second")),
        ("1", "c.ii", (1, "second")),
        ("1", "C) II)", (1, "second")),
        ("1", "ｃｉ", (1, "first")),
        ("1", "part (b)", (1, "std")),
        ("1", "mean", (1, "mean")),
        ("layer-norm", "1b", (1, "std")),
        ("Layer Normalization", "b", (1, "std")),
        ("Problem 2", "b", (2, "mean")),
        ("Q3", "a", (3, "drop")),
        ("1c", "ii", (1, "second")),
        ("1c", "(c)(ii)", (1, "second")),
        ("1c(ii)", "", (1, "second")),
        ("", "Problem 1 (c)(i)", (1, "first")),
        ("", "1a", (1, "mean")),
        ("", "1.a", (1, "mean")),
        ("", "2,b", (2, "mean")),
        ("", "2b)", (2, "mean")),
        ("", "std", (1, "std")),
        ("1.0", "a", (1, "mean")),
        ("1", "STD", (1, "std")),
    ],
)
def test_what_people_write(problem: str, part: str, found: tuple[int, str]) -> None:
    assert find_part(problem, part, PAPER) == found


@pytest.mark.parametrize(
    ("problem", "part", "message"),
    [
        ("4", "a", "column problem: no problem '4' on this paper; it has layer-norm, dropout, dropout, or 1 to 3"),
        ("dropout", "a", "dropout comes 2 times: give its place, 2 or 3"),
        ("1", "z", r"column part: problem 1 has no part 'z' here; it has (a) mean, (b) std, (c)(i) first"),
        ("1", "c", "(c) of problem 1 asks nothing itself; name (c)(i) or (c)(ii)"),
        ("1", "", "problem 1 has no part nothing here"),
        ("2", "1a", "'1a' is of problem 1, and the row is about problem 2"),
        ("", "a", "expected the problem, as in '1a' or in a column of its own; got the part 'a'"),
        ("", "mean", "'mean' is a part of the problems 1 and 2 and 3: name the problem"),
        ("-1", "a", "column problem: no problem '-1' on this paper"),
        ("", "7a", "the paper has the problems 1 to 3"),
        ("1", "a=1", "has no part 'a=1' here"),
        ("1", "a" * 100, "has no part"),
    ],
)
def test_what_is_no_part(problem: str, part: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        find_part(problem, part, PAPER)
    assert message in str(caught.value)


def test_an_id_comes_before_a_label() -> None:
    paper = [PrintedProblem("p", "P", {"b": "(a)", "a": "(b)"}, ("b", "a"))]
    assert find_part("1", "a", paper) == (1, "a")
    assert find_part("1", "(a)", paper) == (1, "b")


def test_the_labels_are_those_that_are_printed() -> None:
    labels = part_labels(find_problem("model-size").printed().parts)
    assert (labels["dimensions"], labels["activations"]) == ("(a)(i)", "(c)(ii)")
