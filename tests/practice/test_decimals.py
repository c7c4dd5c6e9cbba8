"""Practice says before the questions how many digits a decimal needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document.nodes import Paragraph, Text
from generator.problem.answers import decimals, takes_decimals
from generator.problem.catalogue import catalogue
from tests.practice.student import practice_in


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_an_exercise_that_asks_for_numbers_says_it_once(name: str, tmp_path: Path) -> None:
    practice = practice_in(tmp_path, problems=[name])
    attempt = practice.start(name)
    asks = any(takes_decimals(part.answer) for part in attempt.parts.values())
    assert attempt.exercise.preamble.count(Paragraph((Text(decimals()),))) == int(asks)
    practice.store.close()
