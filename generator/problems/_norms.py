r"""What layer and batch normalization share: parameters, the sampler of lines, mistakes, worked lines, guided parts.

Both solve mean → centred → variance → std → normalized → output.  A *line* is what has a mean and a variance of its own: a row
of X in layer normalization, a column in batch normalization.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations_with_replacement, permutations
from typing import Any

from generator import (
    Array, Bank, Content, Draw, InputError, Matrix, Part, Values, Vector,
    expected, optional, read_matrix, read_number, read_vector, require_length, required, sqrt, zeros,
)  # fmt: skip
from generator.numbers.encoding import encode
from generator.problem.draw import Weights

BANK = Bank.beside(__file__)

PARAMETERS = {
    "X": required(read_matrix),
    "gamma": required(read_vector),
    "beta": required(read_vector),
    "epsilon": optional(read_number, 0),
}


def require_features(X: Array, epsilon: Any, **vectors: Array) -> None:
    """One entry a feature in every vector, and ε not negative."""
    for name, vector in vectors.items():
        require_length(name, vector, len(X[0]), "feature of X")
    if epsilon < 0:
        raise InputError(expected("a number that is not negative", epsilon), field="epsilon")


def two_features_or_more(X: Array) -> bool:
    """Each example has at least two features."""
    return len(X[0]) > 1


def two_examples_or_more(X: Array) -> bool:
    """The batch has at least two examples."""
    return len(X) > 1


# ------------------------------------------------------------------------------------------ the sampler


@cache
def deviations(count: int, variance: int) -> Weights[Sequence[int]]:
    """All ascending rows of ``count`` integers up to 8 in size that add up to 0 and have this variance.

    Each weighs as much as it has orders.  Left out are rows with more than two zeros, which are too easy, and those whose entries
    have one size, whose mean absolute deviation is their standard deviation.
    """
    return Weights(
        {
            row: len(set(permutations(row)))
            for row in combinations_with_replacement(range(-8, 9), count)
            if sum(row) == 0
            and sum(entry**2 for entry in row) == count * variance
            and row.count(0) <= 2
            and len({abs(entry) for entry in row}) > 1
        }
    )


def draw_lines(draw: Draw, count: int, variances: Sequence[int]) -> list[list[int]]:
    """A line of ``count`` entries from -9 to 12 for each variance; the means are whole, different and not 0."""
    lines = []
    for variance in variances:
        row: Sequence[int] = draw.shuffled(draw.weighted(deviations(count, variance)))
        mean = draw.choice([mean for mean in range(max(-3, -9 - min(row)), min(6, 12 - max(row)) + 1) if mean])
        lines.append([mean + entry for entry in row])
    draw.require(len({sum(line) for line in lines}) == len(lines), "two lines of X have the same mean")
    draw.require(all(len(set(across)) > 1 for across in zip(*lines, strict=True)), "the other norm would divide by 0")
    return lines


def draw_affine(draw: Draw, sizes: Sequence[Any], negative: int) -> dict[str, Any]:
    """γ with entries of these sizes in their order, so many of them negative, and β with different entries, none of them 0."""
    signs = draw.shuffled([-1] * negative + [1] * (len(sizes) - negative))
    gamma = [sign * size for sign, size in zip(signs, sizes, strict=True)]
    return {"gamma": gamma, "beta": draw.sample((-3, -2, -1, 1, 2, 3, 4), len(sizes))}


# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake("not divided", output=lambda centred, gamma, beta: gamma * centred + beta),
    BANK.mistake("no square root", std=lambda variance, epsilon: variance + epsilon),
    BANK.mistake("epsilon left out", std=lambda variance: sqrt(variance), applies=lambda epsilon: epsilon != 0),
    BANK.mistake(
        "epsilon outside the root",
        std=lambda variance, epsilon: sqrt(variance) + epsilon,
        applies=lambda epsilon: epsilon != 0,
    ),
    BANK.mistake("shifted before scaling", output=lambda normalized, gamma, beta: gamma * (normalized + beta)),
    BANK.mistake(
        "gamma and beta exchanged",
        output=lambda normalized, gamma, beta: beta * normalized + gamma,
        applies=lambda gamma, beta: gamma != beta,
    ),
    BANK.mistake("gamma left out", output=lambda normalized, beta: normalized + beta),
    BANK.mistake("beta left out", output=lambda normalized, gamma: gamma * normalized),
    BANK.mistake("gamma and beta left out", output=lambda normalized: normalized),
    BANK.mistake(
        "gamma and beta by row",
        output=lambda normalized, gamma, beta: gamma[:, None] * normalized + beta[:, None],
        applies=lambda X: len(X) == len(X[0]),
    ),
]


# ------------------------------------------------------------------------------------------- the prose


def epsilon_text(v: Values) -> Content:
    """The words that end a preamble: which ε is used."""
    return BANK.text("epsilon.zero" if v.epsilon == 0 else "epsilon.positive", v)


def worked_lines(v: Values, line: str) -> list[dict[str, Any]]:
    """For each line of X the slots of a worked step: its place and size, its statistics and its output."""
    matrices = [matrix.T if line == "column" else matrix for matrix in (v.X, v.centred, v.normalized, v.output)]
    # Not strict: a wrong key, with the statistics of the other lines say, is left to the audit.
    lines = zip(*matrices, v.mean, v.variance, v.std, strict=False)
    names = ("entries", "centred", "normalized", "output", "mu", "variance", "std")
    return [
        {"place": place, "size": len(values[0]), **dict(zip(names, values, strict=True))}
        for place, values in enumerate(lines, start=1)
    ]


def guided_parts(v: Values, line: str) -> Iterator[Part]:
    """What a guided sheet asks for on the way to the output."""
    slots: dict[str, Any] = {
        "line": BANK.text(f"line.{line}", v),
        "Line": BANK.text(f"Line.{line}", v),
        "for_each": worked_lines(v, line),
    }
    like = f"{line}s of X"
    yield BANK.part("mean", v, Vector("mean", r"\mu", like=like), **slots)
    yield BANK.part("variance", v, Vector("variance", r"\sigma^2", like=like), **slots)
    yield BANK.part("std", v, Vector("std", r"\sqrt{\sigma^2 + \varepsilon}", like=like), **slots)
    by_column = line == "column"
    yield BANK.part("normalized", v, Matrix("normalized", r"\hat X", by_column, like="X"), **slots)


# ------------------------------------------------------------------------------------- what makes it fair


def reduced(lines: Sequence[Array]) -> Any:
    """The lines modulo shift and scale, up to their order and that of their entries: equal for the same exercise."""
    small = [encode(_from_0_to_1(line)) for line in lines]
    return min(sorted(zip(*order, strict=True)) for order in permutations(small))


def _from_0_to_1(line: Array) -> Array:
    low, high = line.min(), line.max()
    return zeros(len(line)) if low == high else (line - low) / (high - low)
