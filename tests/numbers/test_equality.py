"""Equality by value."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from sympy import Rational, log, sqrt

from generator.numbers.equality import same


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (log(6), log(2) + log(3)),
        (sqrt(sympy.Integer(3) + 2 * sqrt(2)), 1 + sqrt(2)),
        (sympy.Integer(2), 2),
        ((1, (sqrt(8),)), [1, [2 * sqrt(2)]]),
        ("theta", "theta"),
        ((), []),
    ],
)
def test_values_are_equal_however_they_are_written(a: Any, b: Any) -> None:
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (log(6), log(2) + log(3) + Rational(1, 10**60)),
        (sqrt(2), Rational(141421356237309504880168872420969807857, 10**38)),
        (sqrt(2), sqrt(3)),
        (True, 1),
        (sympy.Integer(1), True),
        (("1",), "1"),
        ((1,), 1),
        ((1, 2), (1, 2, 3)),
        (sqrt(-1), 1),
    ],
)
def test_values_that_differ_are_not_equal(a: Any, b: Any) -> None:
    assert not same(a, b)
    assert not same(b, a)
