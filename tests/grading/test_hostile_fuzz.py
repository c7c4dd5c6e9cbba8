"""Hostile answers and working, some thousand of them: always a mark, never a wait.  Minutes, so `pytest -m heavy`."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import InputError
from generator.grading.grader import Grader
from generator.problem.catalogue import catalogue
from tests.drawn import drawn
from tests.grading.hostile_answers import answers, working

LONGEST = 0.1
"""Seconds of the processor."""

VARIANTS = [(name, level) for name, problem in sorted(catalogue().items()) for level in problem.levels]


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """What is measured is marking, not the collector's walk through all that the tests have made."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.heavy
@pytest.mark.parametrize(("name", "level"), VARIANTS)
@settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_typed_gets_a_mark_at_once(name: str, level: str, data: st.DataObject) -> None:
    variant = drawn(name, data.draw(st.integers(1, 4)), level)
    grader = Grader(variant)
    part, text = data.draw(answers(grader))
    given_ = data.draw(working(grader))
    spent = [_marked(Grader(variant), part, text, given_)]
    if spent[0] > LONGEST:  # was it the machine?
        spent += [_marked(Grader(variant), part, text, given_) for _ in range(2)]
    assert min(spent) <= LONGEST, (part, text, given_)


def _marked(grader: Grader, part: str, text: str, given_: dict[str, str]) -> float:
    gc.disable()
    start = time.process_time()
    try:
        marked = grader.mark(part, text, given_)
    except InputError as error:
        fault = error.field or ""
    else:
        fault = "" if marked.points is None or 0 <= marked.points <= marked.max_points else str(marked)
    spent = time.process_time() - start
    gc.enable()
    assert not fault or fault.startswith("--working")  # a value of the working cannot be read
    return spent
