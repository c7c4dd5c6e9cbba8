"""A mistake that a paper names leads to shapes that somebody could write down."""

from __future__ import annotations

import pytest

from generator.problem.answers import Fields
from generator.problem.catalogue import catalogue
from tests.drawn import of_all_levels


@pytest.mark.parametrize("problem", list(catalogue()))
@pytest.mark.slow
def test_no_mistake_leads_to_a_size_of_nothing(problem: str) -> None:
    for variant in of_all_levels(problem, range(1, 9)):
        answers = {part.id: part.answer for part in variant.computed_parts(guided=True)}
        for mistake, changed in variant.mistaken_answers(guided=True):
            for part, value in changed.items():
                if isinstance(answers[part], Fields) and all(isinstance(one, tuple) for one in value):
                    sizes = [size for shape in value for size in shape]
                    assert all(size.is_Integer and size > 0 for size in sizes), (mistake.name, part, value)
