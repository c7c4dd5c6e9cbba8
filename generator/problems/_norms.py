r"""What layer and batch normalization share: the affine step, the mistakes made there, and their parameters.

Both solve mean → centred → variance → std → normalized → output; they differ in the axis of the first five.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import permutations
from math import isqrt
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
from generator.patterns import Pattern, count_matrices, zero_sum_patterns

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


# --------------------------------------------------------------------------------------------- the draws


@dataclass(frozen=True)
class Slot:
    """What one line of X, a row or a column, can be: its variances, and how many entries of it come out whole.

    ``whole`` counts the entries that their deviation divides, in a line with a surd those that are 0.
    """

    variances: tuple[int, ...]
    whole: tuple[int, ...]

    def patterns(self, count: int, epsilon: int) -> Mapping[Pattern, int]:
        """The patterns of ``count`` entries that it can be drawn from, with the number of their arrangements."""
        return {
            pattern: weight
            for variance in self.variances
            for pattern, weight in zero_sum_patterns(count, variance * count, largest=8).items()
            if _whole(pattern, variance + epsilon) in self.whole
        }


def _whole(pattern: Pattern, square: int) -> int:
    root = isqrt(square)
    return sum(entry == 0 or (root * root == square and entry % root == 0) for entry in pattern)


@dataclass(frozen=True)
class Setting:
    """What is fixed at a difficulty: for each ε the lines of X in some order, with the weight of that ε.

    ``gamma`` has, for each entry of γ, the sizes that it may have; ``negative`` of them are negative.
    ``changed`` are the slots whose line a follow-up may be about; ``momenta`` those that may move running estimates.
    """

    count: int
    slots: Mapping[int, Sequence[Slot]]
    weights: Mapping[int, int]
    gamma: Sequence[Sequence[Fraction | int]]
    negative: int
    changed: Sequence[int] = ()
    momenta: Sequence[str] = ()
    claims: int = 2

    def patterns(self, epsilon: int) -> tuple[Mapping[Pattern, int], ...]:
        """For each slot, its patterns."""
        return _patterns(self.count, epsilon, tuple(self.slots[epsilon]))

    @property
    def variants(self) -> int:
        """How many matrices X there are, as exercises."""
        return count_matrices([[*self.patterns(epsilon)] for epsilon in self.slots])

    def lines(self, draw: Draw) -> tuple[int, tuple[int, ...], list[tuple[int, ...]]]:
        """ε, the slots' numbers in the order of the lines of X, and the lines.

        They have different means that are not 0, and entries from -9 to 12.  Not all of them have the same entry in
        one place: there the other norm would divide by 0.
        """
        epsilon = draw.weighted(self.weights)
        patterns = self.patterns(epsilon)
        order = draw.shuffled(range(len(patterns)))
        lines: list[tuple[int, ...]] = []
        means: set[int] = {0}
        for slot in order:
            pattern = draw.weighted(patterns[slot])
            deviations = draw.shuffled(pattern)
            avoided = set(means)
            if len(lines) == len(order) - 1:
                avoided |= {
                    above[0] - entry for entry, *above in zip(deviations, *lines, strict=True) if len(set(above)) == 1
                }
            fitting = range(max(-3, LEAST - pattern[0]), min(6, MOST - pattern[-1]) + 1)
            free = [mean for mean in fitting if mean not in avoided]
            draw.require(free, "no mean fits the last line of X")
            mean = draw.choice(free)
            means.add(mean)
            lines.append(tuple(mean + entry for entry in deviations))
        return epsilon, order, lines

    def affine(self, draw: Draw, order: Sequence[int]) -> dict[str, Any]:
        """γ and β of the features, the size of γ's entries being one of ``gamma[place]`` for each place of ``order``.

        The setting fixes how many entries of γ are negative; those of β are different, and none of them is 0.
        """
        signs = draw.shuffled((-1,) * self.negative + (1,) * (len(order) - self.negative))
        sizes = [draw.choice(self.gamma[place]) for place in order]
        return {
            "gamma": [str(sign * size) for sign, size in zip(signs, sizes, strict=True)],
            "beta": draw.sample((-3, -2, -1, 1, 2, 3, 4), len(order)),
        }


LEAST, MOST = -9, 12
"""Between these are the entries of X."""


@cache
def _patterns(count: int, epsilon: int, slots: tuple[Slot, ...]) -> tuple[Mapping[Pattern, int], ...]:
    return tuple(slot.patterns(count, epsilon) for slot in slots)


# ----------------------------------------------------------------------------------------- the solution


def std(variance: Sequence[ex.Scalar], epsilon: ex.Scalar) -> ex.Vector:
    return tuple(ex.root(ex.add(v, epsilon)) for v in variance)


def output(normalized: ex.Matrix, gamma: ex.Vector, beta: ex.Vector) -> ex.Matrix:
    return tuple([ex.affine(row, gamma, beta) for row in normalized])


def row_means(X: ex.Matrix) -> ex.Vector:
    return tuple([ex.mean(row) for row in X])


def row_variances(centred: ex.Matrix) -> ex.Vector:
    return tuple([ex.mean_square(row) for row in centred])


def centred_by_row(X: ex.Matrix, mean: ex.Vector) -> ex.Matrix:
    return tuple([ex.less(row, mu) for row, mu in zip(X, mean, strict=True)])


def divided_by_row(centred: ex.Matrix, std: ex.Vector) -> ex.Matrix:
    return tuple([ex.over(row, s) for row, s in zip(centred, std, strict=True)])


def column_means(X: ex.Matrix) -> ex.Vector:
    return row_means(ex.transpose(X))


def column_variances(centred: ex.Matrix) -> ex.Vector:
    return row_variances(ex.transpose(centred))


def centred_by_column(X: ex.Matrix, mean: ex.Vector) -> ex.Matrix:
    return ex.transpose(centred_by_row(ex.transpose(X), mean))


def divided_by_column(centred: ex.Matrix, std: ex.Vector) -> ex.Matrix:
    return ex.transpose(divided_by_row(ex.transpose(centred), std))


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
        output=lambda normalized, gamma, beta: ex.transpose(output(ex.transpose(normalized), gamma, beta)),
        applies=lambda X: len(X) == len(X[0]),
    ),
]


# ------------------------------------------------------------------------------------- what makes it fair


def reduced(rows: Sequence[ex.Vector]) -> Any:
    """Rows modulo shift and scale, up to their order and that of the columns: equal for the same exercise."""
    small = [encode(_from_0_to_1(row)) for row in rows]
    return min(sorted(zip(*order, strict=True)) for order in permutations(small))


def _from_0_to_1(row: ex.Vector) -> ex.Vector:
    low, high = ex.extremes(row)
    if low == high:
        return (ex.ZERO,) * len(row)
    return ex.over(ex.less(row, low), ex.subtract(high, low))
