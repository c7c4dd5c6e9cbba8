"""Rows of exact numbers at once: less a number, over a number, scaled and shifted entry by entry.

What the entries have in common, the root in a deviation above all, is taken apart once a row.  Entry by entry only
Python's integers are reckoned with, and the sympy numbers come out of the tables of :mod:`generator.numbers.surds`.  Rows in
which other numbers stand are reckoned number by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from generator.numbers.scalars import add, multiply, reciprocal, subtract
from generator.numbers.surds import Scalar, rational, rational_and_surd, surd, surds

Row = tuple[Scalar, ...]


def less(xs: Sequence[Scalar], by: Scalar) -> Row:
    """Each entry less ``by``."""
    if not (by.is_Rational and are_rational(xs)):
        return tuple([subtract(x, by) for x in xs])
    p, q = by.p, by.q
    return tuple([rational(x.p * q - p * x.q, x.q * q) for x in xs])


def over(xs: Sequence[Scalar], by: Scalar) -> Row:
    """Each entry over ``by``; raises ZeroDivisionError."""
    return times(xs, reciprocal(by))


def times(xs: Sequence[Scalar], by: Scalar) -> Row:
    """Each entry times ``by``."""
    if not are_rational(xs):
        return tuple([multiply(x, by) for x in xs])
    if by.is_Rational:
        p, q = by.p, by.q
        return tuple([rational(x.p * p, x.q * q) for x in xs])
    terms = surds(by)
    if terms is None or len(terms) > 1:
        return tuple([multiply(x, by) for x in xs])
    ((p, q, radicand),) = terms
    return tuple([surd(x.p * p, x.q * q, radicand) for x in xs])


def affine(xs: Sequence[Scalar], scales: Sequence[Scalar], shifts: Sequence[Scalar]) -> Row:
    """Each entry times its scale, and then shifted."""
    entries = zip(xs, scales, shifts, strict=True)
    if not (are_rational(scales) and are_rational(shifts)):
        return tuple([_affine(x, a, b) for x, a, b in entries])
    if not are_rational(xs):
        return tuple([_rationally_affine(x, a, b) for x, a, b in entries])
    return tuple([rational(x.p * a.p * b.q + b.p * x.q * a.q, x.q * a.q * b.q) for x, a, b in entries])


def affine_alike(xs: Sequence[Scalar], scale: Scalar, shift: Scalar) -> Row:
    """Each entry times ``scale``, and then shifted by ``shift``."""
    entry = _rationally_affine if scale.is_Rational and shift.is_Rational else _affine
    return tuple([entry(x, scale, shift) for x in xs])


def _rationally_affine(x: Scalar, scale: Scalar, shift: Scalar) -> Scalar:
    if x.is_Rational:
        p, q = scale.p * x.p, scale.q * x.q
        return rational(p * shift.q + shift.p * q, q * shift.q)
    terms = surds(x)
    if terms is None or len(terms) > 1:
        return _affine(x, scale, shift)
    ((p, q, radicand),) = terms
    return rational_and_surd(shift.p, shift.q, scale.p * p, scale.q * q, radicand)


def _affine(x: Scalar, scale: Scalar, shift: Scalar) -> Scalar:
    return add(multiply(scale, x), shift)


def scaled(xs: Sequence[Scalar], scales: Sequence[Scalar]) -> Row:
    """Each entry times its scale."""
    entry = _rationally_scaled if are_rational(xs) else multiply
    return tuple([entry(x, scale) for x, scale in zip(xs, scales, strict=True)])


def _rationally_scaled(x: Scalar, scale: Scalar) -> Scalar:
    if scale.is_Rational:
        return rational(x.p * scale.p, x.q * scale.q)
    terms = surds(scale)
    if terms is None or len(terms) > 1:
        return multiply(x, scale)
    ((p, q, radicand),) = terms
    return surd(x.p * p, x.q * q, radicand)


def are_rational(xs: Sequence[Scalar]) -> bool:
    """Whether all entries are rational."""
    return all(map(_is_rational, xs))


_is_rational = attrgetter("is_Rational")
