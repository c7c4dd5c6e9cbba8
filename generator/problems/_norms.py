r"""What layer and batch normalization share: the affine step, the mistakes made there, and their parameters.

Both solve mean → centred → variance → std → normalized → output; they differ in the axis of the first five.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

from generator import (
    Draw,
    InputError,
    Matrix,
    Mistake,
    Part,
    Vector,
    optional,
    read_matrix,
    read_number,
    read_vector,
    required,
)
from generator import exact as ex
from generator.encoding import encode

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


def sample_affine(draw: Draw, features: int) -> dict[str, Sequence[int]]:
    """γ and β: small, two entries of γ negative, at most one of them of size 1 and at most one of β zero."""
    signs = draw.shuffled((-1, -1, *(1,) * (features - 2)))
    gamma = [sign * size for sign, size in zip(signs, draw.sample((1, 2, 2, 3, 3, 4), features), strict=True)]
    beta = draw.sample((-3, -2, -1, 0, 1, 2, 3, 4), features)
    return {"gamma": gamma, "beta": beta}


# ----------------------------------------------------------------------------------------- the solution


def std(variance: Sequence[ex.Scalar], epsilon: ex.Scalar) -> ex.Vector:
    return tuple(ex.root(ex.add(v, epsilon)) for v in variance)


def output(normalized: ex.Matrix, gamma: ex.Vector, beta: ex.Vector) -> ex.Matrix:
    return tuple(affine(row, gamma, beta) for row in normalized)


def affine(row: ex.Vector, gamma: ex.Vector, beta: ex.Vector) -> ex.Vector:
    """γ ⊙ x̂ + β for one example."""
    return tuple(ex.add(ex.multiply(g, x), b) for x, g, b in zip(row, gamma, beta, strict=True))


def squares_mean(entries: ex.Vector) -> ex.Scalar:
    """The mean of the squares: the variance of what is centred already."""
    return ex.mean([ex.multiply(c, c) for c in entries])


def row_means(X: ex.Matrix) -> ex.Vector:
    return tuple(ex.mean(row) for row in X)


def row_variances(centred: ex.Matrix) -> ex.Vector:
    return tuple(squares_mean(row) for row in centred)


def centred_by_row(X: ex.Matrix, mean: ex.Vector) -> ex.Matrix:
    return tuple(tuple(ex.subtract(x, mu) for x in row) for row, mu in zip(X, mean, strict=True))


def divided_by_row(centred: ex.Matrix, std: ex.Vector) -> ex.Matrix:
    return tuple(tuple(ex.divide(c, s) for c in row) for row, s in zip(centred, std, strict=True))


def column_means(X: ex.Matrix) -> ex.Vector:
    return row_means(ex.transpose(X))


def column_variances(centred: ex.Matrix) -> ex.Vector:
    return row_variances(ex.transpose(centred))


def centred_by_column(X: ex.Matrix, mean: ex.Vector) -> ex.Matrix:
    return tuple(tuple(ex.subtract(x, mu) for x, mu in zip(row, mean, strict=True)) for row in X)


def divided_by_column(centred: ex.Matrix, std: ex.Vector) -> ex.Matrix:
    return tuple(tuple(ex.divide(c, s) for c, s in zip(row, std, strict=True)) for row in centred)


# ------------------------------------------------------------------------------------- the guided parts


def guided_parts(line: str) -> Iterator[Part]:
    """What a guided sheet asks for on the way; ``line`` is what has statistics of its own, a row or a column."""
    std = Vector("std", r"\sqrt{\sigma^2 + \varepsilon}")
    yield Part("mean", f"Compute the mean of each {line} of $X = <X>$.", Vector("mean", r"\mu"), 1, guided=True)
    yield Part("variance", f"Compute the variance of each {line}.", Vector("variance", r"\sigma^2"), 1, guided=True)
    yield Part(
        "std", rf"Compute what each {line} is divided by, $\sqrt{{\sigma^2 + \varepsilon}}$.", std, 1, guided=True
    )
    normalized = Matrix("normalized", r"\hat X", by_column=line == "column")
    yield Part("normalized", f"Normalize the {line}s.", normalized, 2, guided=True)


# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    Mistake(
        "no square root",
        "divided by the variance instead of its square root",
        std=lambda variance, epsilon: tuple(ex.add(v, epsilon) for v in variance),
    ),
    Mistake(
        "epsilon left out",
        r"forgot to add $\varepsilon$ to the variance",
        std=lambda variance: tuple(ex.root(v) for v in variance),
        applies=lambda epsilon: not ex.is_zero(epsilon),
    ),
    Mistake(
        "epsilon outside the root",
        r"added $\varepsilon$ to the deviation: it belongs under the root",
        std=lambda variance, epsilon: tuple(ex.add(ex.root(v), epsilon) for v in variance),
        applies=lambda epsilon: not ex.is_zero(epsilon),
    ),
    Mistake(
        "shifted before scaling",
        r"computed $\gamma \odot (\hat x + \beta)$: scale first, then shift",
        output=lambda normalized, gamma, beta: tuple(
            tuple(ex.multiply(g, ex.add(x, b)) for x, g, b in zip(row, gamma, beta, strict=True)) for row in normalized
        ),
    ),
    Mistake(
        "gamma left out",
        r"forgot to scale by $\gamma$",
        output=lambda normalized, beta: tuple(
            tuple(ex.add(x, b) for x, b in zip(row, beta, strict=True)) for row in normalized
        ),
    ),
    Mistake(
        "beta left out",
        r"forgot to shift by $\beta$",
        output=lambda normalized, gamma: tuple(
            tuple(ex.multiply(g, x) for x, g in zip(row, gamma, strict=True)) for row in normalized
        ),
    ),
    Mistake(
        "gamma and beta left out",
        r"stopped at $\hat x$: scale by $\gamma$ and shift by $\beta$",
        output=lambda normalized: normalized,
    ),
    Mistake(
        "gamma and beta by row",
        r"gave each example its own $\gamma$ and $\beta$: they belong to the features",
        output=lambda normalized, gamma, beta: tuple(
            tuple(ex.add(ex.multiply(g, x), b) for x in row) for row, g, b in zip(normalized, gamma, beta, strict=True)
        ),
        applies=lambda X: len(X) == len(X[0]),
    ),
]


# ------------------------------------------------------------------------------------- what makes it fair


def reduced(rows: Sequence[ex.Vector]) -> Any:
    """Rows modulo shift and scale, up to their order and that of the columns: equal for the same exercise."""
    small = [encode(_from_0_to_1(row)) for row in rows]
    return min(sorted(zip(*order, strict=True)) for order in permutations(small))


def _from_0_to_1(row: ex.Vector) -> ex.Vector:
    low, high = min(row), max(row)
    if low == high:
        return (ex.ZERO,) * len(row)
    return tuple(ex.divide(ex.subtract(x, low), ex.subtract(high, low)) for x in row)
