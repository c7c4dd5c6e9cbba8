r"""What layer and batch normalization share: the affine step, the mistakes made there, and their parameters.

Both solve mean → centred → variance → std → normalized → output; they differ in the axis of the first five.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import permutations
from math import lcm
from typing import Any, TypeAlias

from generator import InputError, Mistake, optional, read_matrix, read_number, read_vector, required
from generator.numbers import exact as ex
from generator.numbers.encoding import encode

PARAMETERS = {
    "X": required(read_matrix),
    "gamma": required(read_vector),
    "beta": required(read_vector),
    "epsilon": optional(read_number, 0),
}


def require_features(X: ex.Matrix, epsilon: ex.Scalar, **vectors: ex.Vector) -> None:
    """One entry a feature in every vector, and ε not negative."""
    for name, vector in vectors.items():
        if len(vector) != len(X[0]):
            raise InputError(f"expected {len(X[0])} entries, one for each feature of X; got {len(vector)}", field=name)
    if ex.sign(epsilon) < 0:
        raise InputError(f"expected a number that is not negative; got {epsilon}", field="epsilon")


# ----------------------------------------------------------------------------------------- the solution

Rows: TypeAlias = ex.Matrix


def std(variance: Sequence[ex.Scalar], epsilon: ex.Scalar) -> ex.Vector:
    return tuple([ex.root(ex.add(v, epsilon)) for v in variance])


def output_by_row(normalized: Rows, gamma: ex.Vector, beta: ex.Vector) -> Rows:
    return tuple(ex.affine(row, gamma, beta) for row in normalized)


def output_by_column(normalized: Rows, gamma: ex.Vector, beta: ex.Vector) -> Rows:
    return ex.transpose(affine_lines(ex.transpose(normalized), gamma, beta))


def affine_lines(normalized: Rows, gamma: ex.Vector, beta: ex.Vector) -> Rows:
    """Each line scaled and shifted by numbers of its own."""
    return tuple(map(ex.affine_alike, normalized, gamma, beta))


def row_means(X: Rows) -> ex.Vector:
    return tuple([ex.mean(row) for row in X])


def row_variances(centred: Rows) -> ex.Vector:
    return tuple([ex.mean_square(row) for row in centred])


def centred_by_row(X: Rows, mean: ex.Vector) -> Rows:
    return tuple(map(ex.less, X, mean))


def divided_by_row(centred: Rows, std: ex.Vector) -> Rows:
    return tuple(map(ex.times, centred, _reciprocals(std)))


def column_means(X: Rows) -> ex.Vector:
    return row_means(ex.transpose(X))


def column_variances(centred: Rows) -> ex.Vector:
    return row_variances(ex.transpose(centred))


def centred_by_column(X: Rows, mean: ex.Vector) -> Rows:
    return ex.transpose(centred_by_row(ex.transpose(X), mean))


def divided_by_column(centred: Rows, std: ex.Vector) -> Rows:
    return ex.transpose(divided_by_row(ex.transpose(centred), std))


def _reciprocals(xs: ex.Vector) -> ex.Vector:
    return tuple([ex.reciprocal(x) for x in xs])


def across(lines: Rows, means: ex.Vector, stds: ex.Vector) -> Rows:
    """Each line's entries less the mean in their place, over the deviation there: normalized the other way."""
    factors = _reciprocals(stds)
    return tuple(ex.scaled([ex.subtract(x, mu) for x, mu in zip(line, means, strict=True)], factors) for line in lines)


def sample_variances(centred: Rows) -> ex.Vector:
    """The unbiased variance of each line."""
    return tuple([ex.dot(line, line, len(line) - 1) for line in centred])


def mean_distances(centred: Rows) -> ex.Vector:
    """The mean absolute deviation of each line."""
    return tuple([ex.mean([ex.absolute(entry) for entry in line]) for line in centred])


# ------------------------------------------------------------------------------ what students do instead


def mistakes(output: Callable[[Rows, ex.Vector, ex.Vector], Rows]) -> list[Mistake]:
    """What is done wrong in either norm; ``output`` is how it makes its last step."""
    return [
        Mistake(
            "no square root",
            "divided by the variance instead of its square root",
            std=lambda variance, epsilon: tuple([ex.add(v, epsilon) for v in variance]),
        ),
        Mistake(
            "epsilon left out",
            r"forgot to add $\varepsilon$ to the variance",
            std=lambda variance: tuple([ex.root(v) for v in variance]),
            applies=lambda epsilon: not ex.is_zero(epsilon),
        ),
        Mistake(
            "epsilon outside the root",
            r"added $\varepsilon$ to the deviation: it belongs under the root",
            std=lambda variance, epsilon: tuple([ex.add(ex.root(v), epsilon) for v in variance]),
            applies=lambda epsilon: not ex.is_zero(epsilon),
        ),
        Mistake(
            "shifted before scaling",
            r"computed $\gamma \odot (\hat x + \beta)$: scale first, then shift",
            output=lambda normalized, gamma, beta: output(normalized, gamma, ex.scaled(beta, gamma)),
        ),
        Mistake(
            "gamma left out",
            r"forgot to scale by $\gamma$",
            output=lambda normalized, beta: output(normalized, (ex.ONE,) * len(beta), beta),
        ),
        Mistake(
            "beta left out",
            r"forgot to shift by $\beta$",
            output=lambda normalized, gamma: output(normalized, gamma, (ex.ZERO,) * len(gamma)),
        ),
        Mistake(
            "gamma and beta left out",
            r"stopped at $\hat x$: scale by $\gamma$ and shift by $\beta$",
            output=lambda normalized: normalized,
        ),
        Mistake(
            "gamma and beta by row",
            r"gave each example its own $\gamma$ and $\beta$: they belong to the features",
            output=affine_lines,
            applies=lambda X: len(X) == len(X[0]),
        ),
    ]


# ------------------------------------------------------------------------------------- what makes it fair


def reduced(rows: Sequence[ex.Vector]) -> Any:
    """Rows modulo shift and scale, up to their order and that of the columns: equal for the same exercise."""
    small = [_from_0_to_1(row) for row in rows]
    return min(sorted(zip(*order, strict=True)) for order in permutations(small))


def _from_0_to_1(row: ex.Vector) -> list[str]:
    """The entries as shares of the way from the least to the largest one, written out."""
    if all(x.is_Rational for x in row):
        common = lcm(*[x.q for x in row])
        whole = [x.p * (common // x.q) for x in row]
        low, span = min(whole), max(whole) - min(whole)
        return [_share(x - low, span) for x in whole]
    low, high = ex.extremes(row)
    if low == high:
        return ["0"] * len(row)
    shares: list[str] = encode(ex.over(ex.less(row, low), ex.subtract(high, low)))
    return shares


@lru_cache(maxsize=1 << 10)
def _share(part: int, whole: int) -> str:
    """A fraction as :func:`encode` writes it; 0 of nothing is 0."""
    return str(Fraction(part, whole or 1))
