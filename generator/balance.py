"""Weights for a table of exercises under which no answer is a good guess.

A sampler draws from a table, such as all sweeps of small numbers.  Drawn evenly, the entries that share an answer make
it common.  :func:`even_weights` makes such entries rarer, in integers, so that the weights are the same on any machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence

ROUNDS = 6
"""After so many the commonest answers have come within a tenth of where they would end."""

_SCALE = 10**6


def even_weights(answers: Sequence[Collection[Hashable]]) -> tuple[int, ...]:
    """For each entry of a table a positive weight, given the answers that it leads to, each named with its part.

    In every round an entry's weight is divided by the share that the commonest of its answers has.  Raises
    :class:`ValueError` for an entry without answers.
    """
    if not all(answers):
        raise ValueError("every entry needs an answer to be weighed by")
    weights = [_SCALE] * len(answers)
    for _ in range(ROUNDS):
        total = sum(weights)
        shares: Counter[Hashable] = Counter()
        for its_answers, weight in zip(answers, weights, strict=True):
            for answer in its_answers:
                shares[answer] += weight
        divided = [
            weight * total // max(shares[answer] for answer in its_answers)
            for its_answers, weight in zip(answers, weights, strict=True)
        ]
        scale = sum(divided)
        weights = [max(1, weight * _SCALE * len(answers) // scale) for weight in divided]
    return tuple(weights)
