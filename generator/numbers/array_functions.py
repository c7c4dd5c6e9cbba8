"""Functions of exact numbers and arrays, under numpy's names: ``sqrt``, ``exp``, ``maximum``, ``where``, ``stack``, ``solve``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod
from typing import Any

import sympy

from generator.errors import AuthoringError, InputError
from generator.numbers.arrays import Array, Mask, apply, array, compare, each, operand
from generator.numbers.reals import exact, is_zero, sign
from generator.numbers.scalars import ONE, ZERO, multiply, root, subtract, total
from generator.numbers.scalars import absolute as absolute_number
from generator.numbers.surds import REMEMBERED, Scalar, surds, whole

# ------------------------------------------------------------------------------------------ entry by entry


def sqrt(x: Any) -> Any:
    """The square root; raises :class:`InputError` for negative numbers."""
    return each(root, operand(x))


def exp(x: Any) -> Any:
    """The exponential: of ln 3 it is 3."""
    return each(_exp, operand(x))


def log(x: Any) -> Any:
    """The natural logarithm, of rational numbers as a sum of logarithms of primes; raises :class:`InputError` up to 0."""
    return each(_log, operand(x))


def absolute(x: Any) -> Any:
    """The absolute value."""
    return each(absolute_number, operand(x))


def maximum(a: Any, b: Any) -> Any:
    """The larger of two entries: ``maximum(z, 0)`` is the ReLU."""
    return apply(lambda x, y: x if sign(subtract(x, y)) >= 0 else y, a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two entries."""
    return apply(lambda x, y: x if sign(subtract(x, y)) <= 0 else y, a, b)


def equal(a: Any, b: Any) -> Any:
    """Whether entries are equal: ``==`` compares whole arrays."""
    return compare(lambda which: which == 0, a, b)


def where(condition: Any, a: Any, b: Any) -> Any:
    """Entries of ``a`` where the condition holds, else of ``b``: ``where(z > 0, upstream, 0)``."""
    if not isinstance(condition, Mask):
        return a if condition else b
    chosen = apply(lambda holds, x: x if holds else None, condition, a)
    return apply(lambda x, y: y if x is None else x, chosen, b)


@lru_cache(maxsize=REMEMBERED)
def _exp(x: Scalar) -> Scalar:
    return exact(sympy.exp(x))


@lru_cache(maxsize=REMEMBERED)
def _log(x: Scalar) -> Scalar:
    if sign(x) <= 0:
        raise InputError(f"the logarithm of {x} is not a real number")
    terms = surds(x)
    if terms is None or len(terms) > 1:
        return exact(sympy.log(x, evaluate=False))  # evaluated, it is searched for a simpler form, slowly
    ((p, q, radicand),) = terms
    half = sympy.Rational(1, 2)
    factors = [(p, ONE), (q, -ONE), (radicand, half)]
    return total(
        [times * power * sympy.log(prime) for n, times in factors for prime, power in sympy.factorint(n).items()]
    )


# ------------------------------------------------------------------------------------------ linear systems


def solve(A: Any, b: Any) -> Array:
    """The x with ``A @ x = b`` for a square matrix, by elimination; raises ZeroDivisionError for a singular one."""
    A, b = array(A), array(b)
    if A.shape != (len(b), len(b)):
        raise AuthoringError(f"expected a square matrix with {len(b)} rows, one for each entry of b; got {A.shape}")
    rows = [Array((*row, entry)) for row, entry in zip(A, b, strict=True)]
    for place in range(len(rows)):
        pivot = next((i for i in range(place, len(rows)) if not is_zero(rows[i][place])), None)
        if pivot is None:
            raise ZeroDivisionError("the matrix is singular")
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = rows[place] / rows[place][place]
        for other, row in enumerate(rows):
            if other != place:
                rows[other] = row - row[place] * rows[place]
    return Array([row[-1] for row in rows])


# ---------------------------------------------------------------------------------------- arrays of arrays


def full(shape: int | Sequence[int], value: Any) -> Array:
    """An array with the same number everywhere."""
    sizes = (shape,) if isinstance(shape, int) else shape
    return Array([exact(value)] * prod(sizes)).reshape(sizes)


def zeros(shape: int | Sequence[int]) -> Array:
    """An array of zeros."""
    return full(shape, ZERO)


def ones(shape: int | Sequence[int]) -> Array:
    """An array of ones."""
    return full(shape, ONE)


def eye(size: int) -> Array:
    """The identity matrix; ``eye(classes)[labels]`` has one-hot rows."""
    return Array([Array([ONE if i == j else ZERO for j in range(size)]) for i in range(size)])


def arange(start: int, stop: int | None = None) -> Array:
    """The whole numbers from ``start`` (0 if only ``stop`` is given) to below ``stop``."""
    return Array(map(whole, range(start) if stop is None else range(start, stop)))


def outer(a: Any, b: Any) -> Array:
    """The outer product of two vectors."""
    a, b = array(a), array(b)
    return Array([Array([multiply(x, y) for y in b]) for x in a])


def concatenate(arrays: Iterable[Any], axis: int = 0) -> Array:
    """Arrays joined along an axis that they have."""
    found = [array(one) for one in arrays]
    rest = {one.shape[:axis] + one.shape[axis + 1 :] for one in found}
    if len(rest) != 1 or not 0 <= axis < found[0].ndim:
        raise AuthoringError(
            f"arrays of shapes {', '.join(str(one.shape) for one in found)} cannot be joined along axis {axis}"
        )
    if axis:
        return Array([concatenate(rows, axis - 1) for rows in zip(*found, strict=True)])
    return Array([entry for one in found for entry in one])


def stack(arrays: Iterable[Any], axis: int = 0) -> Array:
    """Arrays of one shape joined along a new axis."""
    found = [array(one) for one in arrays]
    if len({one.shape for one in found}) != 1 or not 0 <= axis <= found[0].ndim:
        raise AuthoringError(
            f"arrays of shapes {', '.join(str(one.shape) for one in found)} cannot be stacked along axis {axis}"
        )
    if axis:
        return Array(
            [stack(rows, axis - 1) if isinstance(rows[0], Array) else Array(rows) for rows in zip(*found, strict=True)]
        )
    return Array(found)
