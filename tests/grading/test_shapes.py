"""Several shapes in one answer: names, ranges of names, doubts, and time that grows with the length alone."""

from __future__ import annotations

import time
from typing import Any

import pytest

from generator.grading.reading.choices import read_choice, read_truths
from generator.grading.reading.several_shapes import read_shapes
from generator.grading.reading.shapes import read_shape
from generator.numbers.tokens import UnreadableError

A, B = (4, 128), (4, 20)


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("[4, 128], [4, 20]", (A, B)),
        ("[[4, 128], [4, 20]]", (A, B)),
        ("4x128\n4 by 20", (A, B)),
        ("z_1, z_2: [4, 128]; z_3: 4x20", (A, A, B)),
        ("z_1-z_3: [4, 128]; z4 = (4, 20)", (A, A, A, B)),
        ("z_1 to z_2: 4×128", (A, A)),
        ("$z_{1}, \\dots, z_{3}$: $[4, 128]$", (A, A, A)),
        ("z₁: 4x128, z₂: 4x20", (A, B)),
        (r"\begin{aligned} z_1, z_2 &: [4, 128] \\ z_3 &: [4, 20] \end{aligned}", (A, A, B)),
        (r"W_1: [4, 128]; \frac{\partial L}{\partial W_1}: [4, 128]; b_1: [4, 20]", (A, A, B)),
        ("∂L/∂W_1: [4, 128], dL/dW1: 4x128, dW_1 = [4, 20]", (A, A, B)),
    ],
)
def test_shapes_are_read_with_their_names(text: str, shapes: Any) -> None:
    assert read_shapes(text).value == shapes


@pytest.mark.parametrize(
    ("text", "message", "character"),
    [
        ("z_2: [4, 20]; z_1: [4, 128]", "in the order of the names", 15),
        ("dL/: [4, 20]", "expected a shape", 3),
        ("z_1: 4x20, z_1: 4x20", "each name once", 12),
        ("z_1, z_2", "a shape is missing", 9),
        ("z-h: 4x20", "a range needs two numbered names", 3),
        ("z_1-z_999: 4x20", "a range needs two numbered names", 5),
        ("z_1 = z_2 = 4x20", "expected a shape", 7),
        ("[4, 0]", "0 is not a size", 5),
        ("", "expected shapes such as", 1),
        ("1" * 2001, "at most 2000", 2001),
    ],
)
def test_doubtful_shapes_are_refused_at_their_place(text: str, message: str, character: int) -> None:
    with pytest.raises(UnreadableError, match=message) as caught:
        read_shapes(text)
    assert caught.value.position == character - 1


@pytest.mark.parametrize("piece", ["a", "z1 ", "1", "z_", "[", "1 x ", "a, ", "(1", "a1", "1 "])
def test_no_text_of_names_takes_long(piece: str) -> None:
    text = (piece * 2000)[:2000]
    start = time.process_time()
    with pytest.raises(UnreadableError):
        read_shapes(text)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(("text", "character"), [("1,024", 3), ("4 x 1,024", 7), ("2, 3x4", 5)])
def test_a_shape_with_thousands_is_not_read_as_more_dimensions(text: str, character: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_shape(text)
    assert caught.value.position == character - 1


def test_numbers_of_claims_are_no_verdicts() -> None:
    with pytest.raises(UnreadableError, match="a number beside true or false") as caught:
        read_truths("1 T", 2)
    assert caught.value.position == 0
    assert read_truths("1 0", 2).value == (True, False)


def test_either_of_two_letters_is_not_both() -> None:
    with pytest.raises(UnreadableError, match="got 'or'"):
        read_choice("A or C", 4)
