"""The solution: one pass, its correction, and the moments over all masks."""

from __future__ import annotations

from generator.numbers import exact as ex


def keep(p: ex.Scalar) -> ex.Scalar:
    return ex.subtract(ex.ONE, p)


def correction(keep: ex.Scalar) -> ex.Scalar:
    return ex.divide(ex.ONE, keep)


def mask(x: ex.Vector, dropped: ex.Vector) -> ex.Vector:
    places = [int(place) for place in dropped]
    return tuple([ex.ZERO if place in places else ex.ONE for place in range(1, len(x) + 1)])


def contributions(w: ex.Vector, x: ex.Vector) -> ex.Vector:
    return ex.scaled(w, x)


def surviving(mask: ex.Vector, contributions: ex.Vector) -> ex.Vector:
    return tuple([share for m, share in zip(mask, contributions, strict=True) if not ex.is_zero(m)])


def y_drop(surviving: ex.Vector) -> ex.Scalar:
    return ex.total(surviving)


def y_corr(correction: ex.Scalar, y_drop: ex.Scalar) -> ex.Scalar:
    return ex.multiply(correction, y_drop)


def y_orig(contributions: ex.Vector) -> ex.Scalar:
    return ex.total(contributions)


def expected_drop(keep: ex.Scalar, y_orig: ex.Scalar) -> ex.Scalar:
    return ex.multiply(keep, y_orig)


def mask_variance(keep: ex.Scalar) -> ex.Scalar:
    return ex.multiply(keep, ex.subtract(ex.ONE, keep))


def squares(contributions: ex.Vector) -> ex.Scalar:
    return ex.dot(contributions, contributions)


def variance_drop(mask_variance: ex.Scalar, squares: ex.Scalar) -> ex.Scalar:
    return ex.multiply(mask_variance, squares)


def expected_corr(correction: ex.Scalar, expected_drop: ex.Scalar) -> ex.Scalar:
    return ex.multiply(correction, expected_drop)


def variance_corr(correction: ex.Scalar, variance_drop: ex.Scalar) -> ex.Scalar:
    return ex.multiply(ex.multiply(correction, correction), variance_drop)


def seen_keep(seen_drop: ex.Scalar, seen_corr: ex.Scalar) -> ex.Scalar:
    return ex.divide(seen_drop, seen_corr)


def found_p(seen_keep: ex.Scalar) -> ex.Scalar:
    return ex.subtract(ex.ONE, seen_keep)
