"""No question in words, and no claim, prints a value that a part of the same problem asks for."""

from __future__ import annotations

import pytest

from generator.problem import drawing
from generator.problem.bank_texts import slots_of
from generator.problem.catalogue import catalogue

PRINTED = {("layer-norm", "question.other_units")}
"""It has stood on printed papers, which are made again to the letter."""


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_no_entry_of_a_bank_prints_what_a_part_asks_for(name: str) -> None:
    problem = catalogue()[name]
    if problem.bank is None:
        pytest.skip("it has no bank")
    variants = [drawing.draw_variant(problem, 1, level=level) for level in problem.levels]
    parts = [part for variant in variants for part in variant.computed_parts(guided=True)]
    asked = {part.answer.step for part in parts if part.answer is not None}
    for entries in problem.bank.contents.groups.values():
        for entry in entries.values():
            text = entry.texts.get("question") or entry.texts["claim"]
            if (name, entry.key) not in PRINTED:
                assert not slots_of(text) & asked, entry.key
