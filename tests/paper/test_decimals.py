"""How many digits a decimal needs is said once, where numbers are asked for and decimals are accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document.nodes import Paragraph, Text
from generator.paper.paper import make_paper
from generator.paper.sheet_file import read_sheet
from generator.problem.answers import LEAST_DIGITS, decimals

SAYS = (Paragraph((Text(decimals()),)),)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[[problem]]\nid = "layer-norm"\n', True),
        ('instructions = "Leave square roots."\n[[problem]]\nid = "layer-norm"\n', False),
        ('[[problem]]\nid = "layer-norm"\n[[problem]]\nid = "dropout"\n', True),
    ],
)
def test_a_sheet_without_instructions_says_it(lines: str, says: bool) -> None:
    paper = make_paper(read_sheet(Path("quiz.toml"), 'title = "Quiz"\n' + lines), 7)
    assert (paper.document.instructions == SAYS) == says


def test_the_sentence_names_the_digits_that_are_wanted() -> None:
    assert f"{['', 'one', 'two', 'three'][LEAST_DIGITS]} significant digits" in decimals()
