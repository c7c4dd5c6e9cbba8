"""Exact arithmetic on sympy numbers: scalars, vectors and matrices as plain nested tuples.

Everything is right for any exact real number and quick for rationals and sums of (p/q)√r: no ``simplify``,
operands are kept in canonical form (denominators rational, radicands square-free), and the operations on
small numbers are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt
from typing import Any, TypeAlias

import sympy
from sympy import S

from generator.errors import AuthoringError, InputError

Scalar: TypeAlias = Any
"""An exact real sympy number (sympy has no types of its own to name)."""
Vector: TypeAlias = tuple[Scalar, ...]
Matrix: TypeAlias = tuple[Vector, ...]

ZERO: Scalar = S.Zero
ONE: Scalar = S.One
MINUS_ONE: Scalar = S.NegativeOne

_REMEMBERED = 1 << 16

# ----------------------------------------------------------------------------------------------- making


def exact(value: Any) -> Scalar:
    """``value`` (an int, a Fraction or an exact sympy number) as a sympy number.

    Raises :class:`AuthoringError` for anything else, floats and bools above all.
    """
    if isinstance(value, sympy.Expr):
        if is_exact(value):
            return value
    elif isinstance(value, int) and not isinstance(value, bool):
        return sympy.Integer(value)
    elif isinstance(value, Fraction):
        return sympy.Rational(value.numerator, value.denominator)
    raise AuthoringError(f"expected an exact number (an int, a Fraction or a sympy number); got {value!r}")


def vector(values: Iterable[Any]) -> Vector:
    """Exact numbers as a vector."""
    return tuple(exact(value) for value in values)


def matrix(rows: Iterable[Iterable[Any]]) -> Matrix:
    """Rows of exact numbers as a matrix."""
    return tuple(vector(row) for row in rows)


# ----------------------------------------------------------------------------------------------- scalars


def add(a: Scalar, b: Scalar) -> Scalar:
    """a + b."""
    return _add(a, b)


def subtract(a: Scalar, b: Scalar) -> Scalar:
    """a - b."""
    return _add(a, _multiply(MINUS_ONE, b))


def multiply(a: Scalar, b: Scalar) -> Scalar:
    """a · b, multiplied out."""
    return _multiply(a, b)


def divide(a: Scalar, b: Scalar) -> Scalar:
    """a / b with a rational denominator; raises ZeroDivisionError."""
    return _multiply(a, _reciprocal(b))


@lru_cache(maxsize=_REMEMBERED)
def _add(a: Scalar, b: Scalar) -> Scalar:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return sympy.expand(a + b)
    terms = {radicand: Fraction(p, q) for p, q, radicand in ours}
    for p, q, radicand in theirs:
        terms[radicand] = terms.get(radicand, 0) + Fraction(p, q)
    return _from_surds(terms)


@lru_cache(maxsize=_REMEMBERED)
def _multiply(a: Scalar, b: Scalar) -> Scalar:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return sympy.expand(a * b)
    terms: dict[int, Fraction] = {}
    for p, q, r in ours:
        for s, t, u in theirs:
            common = gcd(r, u)  # both are square-free, so √r √u = common √(ru / common²)
            radicand = (r // common) * (u // common)
            terms[radicand] = terms.get(radicand, 0) + Fraction(p * s * common, q * t)
    return _from_surds(terms)


@lru_cache(maxsize=_REMEMBERED)
def _reciprocal(b: Scalar) -> Scalar:
    if is_zero(b):
        raise ZeroDivisionError("division by zero")
    terms = surds(b)
    if terms is not None and len(terms) == 1:
        p, q, radicand = terms[0]
        return _from_surds({radicand: Fraction(q, p * radicand)})
    return sympy.expand(sympy.radsimp(1 / b))


@lru_cache(maxsize=_REMEMBERED)
def root(x: Scalar) -> Scalar:
    """√x in canonical form: √12 = 2√3, √(4/3) = 2√3/3.  Raises :class:`InputError` for a negative number."""
    if x.is_negative:
        raise InputError(f"the square root of the negative number {x} is not real")
    if x.is_Rational:
        p, q = int(x.p), int(x.q)
        rp, rq = isqrt(p), isqrt(q)
        if rp * rp == p and rq * rq == q:
            return sympy.Rational(rp, rq)
        return sympy.sqrt(sympy.Integer(p * q)) / q
    return sympy.expand(sympy.sqrtdenest(sympy.sqrt(x)))


@lru_cache(maxsize=_REMEMBERED)
def surds(x: Scalar) -> tuple[tuple[int, int, int], ...] | None:
    """``x`` as its terms (p, q, r) for (p/q)√r with rising square-free r; None if it is no such sum."""
    if isinstance(x, int):
        return ((x, 1, 1),)
    if x.is_Rational:
        return ((int(x.p), int(x.q), 1),)
    terms = []
    for term in x.args if x.is_Add else (x,):
        coefficient, rest = term.as_coeff_Mul()
        if rest is S.One:
            radicand = 1
        elif rest.is_Pow and rest.exp is S.Half and rest.base.is_Integer and rest.base.is_positive:
            radicand = int(rest.base)
        else:
            return None
        terms.append((int(coefficient.p), int(coefficient.q), radicand))
    return tuple(sorted(terms, key=lambda term: term[2]))


def _from_surds(terms: Mapping[int, Fraction]) -> Scalar:
    """The sympy number of Σ c√r, built as sympy itself would have it."""
    parts = [
        _surd(fraction.numerator, fraction.denominator, radicand)
        for radicand, fraction in sorted(terms.items())
        if fraction
    ]
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2 and 1 in terms and terms[1]:
        return sympy.Add._from_args(parts)  # a rational and one root are in sympy's order as they stand
    return sympy.Add(*parts)


@lru_cache(maxsize=_REMEMBERED)
def _surd(p: int, q: int, radicand: int) -> Scalar:
    if radicand == 1:
        return sympy.Rational(p, q)
    return sympy.Rational(p, q) * sympy.sqrt(sympy.Integer(radicand))


# --------------------------------------------------------------------------------- vectors and matrices


def total(xs: Iterable[Scalar]) -> Scalar:
    """The sum."""
    result = ZERO
    for x in xs:
        result = _add(result, x)
    return result


def mean(xs: Sequence[Scalar]) -> Scalar:
    """The sum over the count."""
    return divide(total(xs), sympy.Integer(len(xs)))


def centre(xs: Sequence[Scalar]) -> Vector:
    """Each entry less the mean."""
    mu = mean(xs)
    return tuple(subtract(x, mu) for x in xs)


def variance(xs: Sequence[Scalar]) -> Scalar:
    """The biased variance: the mean squared distance from the mean."""
    return mean([_multiply(c, c) for c in centre(xs)])


def sample_variance(xs: Sequence[Scalar]) -> Scalar:
    """The unbiased variance, divided by the count less one; raises ZeroDivisionError for a single entry."""
    return divide(total(_multiply(c, c) for c in centre(xs)), sympy.Integer(len(xs) - 1))


def mean_absolute_deviation(xs: Sequence[Scalar]) -> Scalar:
    """The mean distance from the mean."""
    return mean([absolute(c) for c in centre(xs)])


def absolute(x: Scalar) -> Scalar:
    """|x|."""
    return _multiply(MINUS_ONE, x) if x.is_negative else x


def transpose(rows: Matrix) -> Matrix:
    """Rows become columns."""
    return tuple(zip(*rows, strict=True))


def dot(a: Sequence[Scalar], b: Sequence[Scalar]) -> Scalar:
    """Σ aᵢbᵢ."""
    return total(_multiply(x, y) for x, y in zip(a, b, strict=True))


def matvec(rows: Matrix, x: Sequence[Scalar]) -> Vector:
    """Matrix times vector."""
    return tuple(dot(row, x) for row in rows)


def matmul(a: Matrix, b: Matrix) -> Matrix:
    """Matrix times matrix."""
    columns = transpose(b)
    return tuple(tuple(dot(row, column) for column in columns) for row in a)


def solve_linear(rows: Matrix, b: Sequence[Scalar]) -> Vector:
    """The x with ``rows`` x = b, by elimination; raises ZeroDivisionError for a singular matrix."""
    work = [[*row, entry] for row, entry in zip(rows, b, strict=True)]
    size = len(work)
    for place in range(size):
        pivot = next((i for i in range(place, size) if not is_zero(work[i][place])), None)
        if pivot is None:
            raise ZeroDivisionError("the matrix is singular")
        work[place], work[pivot] = work[pivot], work[place]
        head = work[place][place]
        work[place] = [divide(entry, head) for entry in work[place]]
        for i in range(size):
            factor = work[i][place]
            if i != place and factor != 0:
                work[i] = [
                    subtract(entry, _multiply(factor, top)) for entry, top in zip(work[i], work[place], strict=True)
                ]
    return tuple(row[size] for row in work)


# --------------------------------------------------------------------------------------------- questions


@lru_cache(maxsize=_REMEMBERED)
def is_zero(x: Scalar) -> bool:
    """Whether x is 0, decided exactly."""
    if x.is_Rational:
        return bool(x == 0)
    terms = surds(x)
    if terms is not None:
        return False  # different square-free roots are linearly independent
    if abs(complex(x.evalf(20))) > 1e-12:
        return False
    x = sympy.expand(sympy.expand_log(sympy.radsimp(x), force=True, factor=True))
    return bool(x == 0 or x.equals(0))


def same(a: Any, b: Any) -> bool:
    """Whether two values of any nesting are equal, numbers by value."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, sympy.Expr) and isinstance(b, sympy.Expr):
        return bool(a == b) or is_zero(subtract(a, b))
    return bool(a == b)


def is_exact(value: Any) -> bool:
    """Whether value, of any nesting, has only exact finite real numbers: no float, no symbol."""
    if isinstance(value, tuple):
        return all(is_exact(item) for item in value)
    return isinstance(value, sympy.Expr) and _is_exact(value)


@lru_cache(maxsize=_REMEMBERED)
def _is_exact(x: Scalar) -> bool:
    if x.is_Rational:
        return True
    return not x.has(sympy.Float) and not x.free_symbols and bool(x.is_finite) and bool(x.is_real)


def to_float(value: Any) -> Any:
    """A number as a float; tuples as lists of floats."""
    if isinstance(value, tuple):
        return [to_float(item) for item in value]
    return _to_float(value)


@lru_cache(maxsize=_REMEMBERED)
def _to_float(x: Scalar) -> float:
    terms = surds(x)
    if terms is None:
        return float(x.evalf(25))
    floats = [p / q * radicand**0.5 for p, q, radicand in terms]
    result = sum(floats)
    if abs(result) < 1e-6 * max(map(abs, floats)):
        return float(x.evalf(25))  # the terms nearly cancel
    return result
