"""Numbers of strangers in the working: what follows from them, and what mistakes make of that, ends soon."""

from __future__ import annotations

import time

import pytest

from generator import exact as ex
from generator.bounds import TooInvolvedError, bounded
from generator.catalogue import find_problem
from generator.grading.grader import Grader

LONG = "123456789012345678901234567891*√104729/999999999989"


@pytest.mark.parametrize(
    ("name", "part", "text", "working"),
    [
        (
            "layer-norm",
            "std",
            "-7, 5, 1",
            {
                "centred": f"10, 9, 7√280+7√534, 2147483647*√2147483647/104729; 1, √17, -2, {LONG};"
                f" 32771*√2147483647/999999999989, 7, √2+√3, {LONG}"
            },
        ),
        ("layer-norm", "std", "1 2 3", {"variance": "100000000003+√2147483647, 3+√7, 32771/7+5√104729"}),
        ("layer-norm", "output", "1,2,3,4; 5,6,7,8; 9,1,2,3", {"mean": "5√60+4√538, √2+√3, 7√914+√703"}),
    ],
)
def test_a_strangers_numbers_end_soon(name: str, part: str, text: str, working: dict[str, str]) -> None:
    grader = Grader(find_problem(name).printed())
    grader.mark(part, text)
    start = time.process_time()
    marked = grader.mark(part, text, working=working)
    assert marked.status in ("wrong", "partial")
    assert time.process_time() - start < 1  # unbounded, these take minutes


def test_what_might_take_long_is_refused_only_where_that_is_asked() -> None:
    nested = ex.add(ex.root(ex.exact(2)), ex.root(ex.exact(3)))
    square = ex.add(ex.exact(3), ex.multiply(ex.exact(2), ex.root(ex.exact(2))))
    wide = ex.total(ex.root(ex.exact(n)) for n in (2, 3, 5, 7))
    assert not ex.root(nested).is_Rational
    with bounded():
        assert ex.root(square) == ex.add(ex.exact(1), ex.root(ex.exact(2)))
        with pytest.raises(TooInvolvedError):
            ex.root(nested)
        with pytest.raises(TooInvolvedError):
            ex.root(ex.exact(10**41 + 1))
        with pytest.raises(TooInvolvedError):
            ex.divide(ex.exact(1), wide)
    assert ex.divide(ex.exact(1), wide) is not None
