"""Exact arithmetic on scalars, vectors and matrices: sympy numbers in plain nested tuples.

This is the whole vocabulary of exact numbers; what it does with a single one is in :mod:`generator.numbers.scalars`,
and what it asks of one in :mod:`generator.numbers.reals`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import sympy

from generator.numbers.equality import same
from generator.numbers.reals import exact, is_exact_number, is_zero, number_to_float, sign
from generator.numbers.scalars import (
    MINUS_ONE,
    ONE,
    ZERO,
    absolute,
    add,
    divide,
    dot,
    multiply,
    reciprocal,
    root,
    subtract,
    total,
)
from generator.numbers.surds import Scalar, surds

__all__ = [
    "MINUS_ONE", "ONE", "ZERO", "Matrix", "Scalar", "Vector", "absolute", "add", "ascending",
    "divide", "dot", "exact", "extremes", "is_exact", "is_zero", "matmul", "matrix", "matvec",
    "multiply", "reciprocal", "root", "same", "scaled", "sign",
    "subtract", "surds", "to_float", "total", "transpose", "vector",
]  # fmt: skip

_ROWS = (tuple, list)  # quicker to ask for than tuple | list, which is made each time

Vector: TypeAlias = tuple[Scalar, ...]
Matrix: TypeAlias = tuple[Vector, ...]


def vector(values: Iterable[Any]) -> Vector:
    """Exact numbers as a vector."""
    return tuple(exact(value) for value in values)


def matrix(rows: Iterable[Iterable[Any]]) -> Matrix:
    """Rows of exact numbers as a matrix."""
    return tuple(vector(row) for row in rows)


# ---------------------------------------------------------------------------------- sums and products


def scaled(xs: Sequence[Scalar], scales: Sequence[Scalar]) -> Vector:
    """Each entry times its scale."""
    return tuple([multiply(x, scale) for x, scale in zip(xs, scales, strict=True)])


def transpose(rows: Iterable[Vector]) -> Matrix:
    """Rows become columns."""
    return tuple(zip(*rows, strict=True))


def matvec(rows: Matrix, x: Sequence[Scalar]) -> Vector:
    """Matrix times vector."""
    return tuple(dot(row, x) for row in rows)


def matmul(a: Matrix, b: Matrix) -> Matrix:
    """Matrix times matrix."""
    columns = transpose(b)
    return tuple(tuple(dot(row, column) for column in columns) for row in a)


# -------------------------------------------------------------------------------------------- in order


def ascending(rows: Iterable[Vector]) -> list[Vector]:
    """Rows of numbers in ascending order, whole ones compared as Python's integers."""
    found = list(rows)
    if all(x.is_Integer for row in found for x in row):
        return sorted(found, key=_integers)
    return sorted(found)


def _integers(row: Vector) -> list[int]:
    return [x.p for x in row]


def extremes(xs: Sequence[Scalar]) -> tuple[Scalar, Scalar]:
    """The smallest and the largest entry."""
    in_order = ascending((x,) for x in xs)
    return in_order[0][0], in_order[-1][0]


# ---------------------------------------------------------------------------------------- any nesting


def is_exact(value: Any) -> bool:
    """Whether value, of any nesting, has only exact finite real numbers: no float, no symbol."""
    if isinstance(value, _ROWS):
        return all(map(is_exact, value))
    return isinstance(value, sympy.Expr) and is_exact_number(value)


def to_float(value: Any) -> Any:
    """A number as a float; tuples as lists of floats.  Raises :class:`InputError` beyond a float's range."""
    return [*map(to_float, value)] if isinstance(value, _ROWS) else number_to_float(value)
