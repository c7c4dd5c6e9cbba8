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


def even_weights(answers: Sequence[Collection[Hashable]], groups: Sequence[Hashable] | None = None) -> tuple[int, ...]:
    """For each entry of a table a positive weight, given the answers that it leads to, each named with its part.

    In every round an entry's weight is divided by the share that the commonest of its answers has.  ``groups``
    has the group of every entry, where there are several: all groups then weigh the same.  Raises
    :class:`ValueError` for an entry without answers.
    """
    if not all(answers):
        raise ValueError("every entry needs an answer to be weighed by")
    groups = groups if groups is not None else [None] * len(answers)
    weights = _scaled([_SCALE] * len(answers), groups)
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
        weights = _scaled(divided, groups)
    return tuple(weights)


def _scaled(weights: Sequence[int], groups: Sequence[Hashable]) -> list[int]:
    """The weights, those of every group adding up to the same."""
    totals: Counter[Hashable] = Counter()
    for group, weight in zip(groups, weights, strict=True):
        totals[group] += weight
    share = _SCALE * len(weights)
    return [
        max(1, weight * share // (len(totals) * totals[group])) for group, weight in zip(groups, weights, strict=True)
    ]
