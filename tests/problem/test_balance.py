"""Weights under which no answer is a good guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence

import pytest

from generator.problem.balance import even_weights


def largest_share(answers: Sequence[Collection[Hashable]], weights: Sequence[int]) -> float:
    shares: Counter[Hashable] = Counter()
    for its_answers, weight in zip(answers, weights, strict=True):
        for answer in its_answers:
            shares[answer] += weight
    return max(shares.values()) / sum(weights)


def test_entries_that_share_an_answer_become_rarer() -> None:
    answers = [["a"]] * 8 + [["b"], ["c"]]
    weights = even_weights(answers)
    assert largest_share(answers, [1] * 10) == 0.8
    assert largest_share(answers, weights) == pytest.approx(1 / 3, abs=0.01)
    assert len(set(weights[:8])) == 1


def test_answers_of_several_parts_are_evened_out_together() -> None:
    answers = [(("sum", i % 7), ("best", i * i % 11)) for i in range(60)]
    assert largest_share(answers, even_weights(answers)) < largest_share(answers, [1] * 60)
    assert min(even_weights(answers)) > 0


def test_weights_are_whole_and_the_same_again() -> None:
    answers = [["a"], ["a", "b"], ["b"], ["c"]]
    assert even_weights(answers) == even_weights(answers)
    assert all(isinstance(weight, int) for weight in even_weights(answers))


def test_an_entry_without_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an answer"):
        even_weights([["a"], []])


def test_groups_weigh_the_same_and_answers_within_them_are_evened_out() -> None:
    answers = [["a"], ["b"], ["a"], ["c"], ["d"], ["e"], ["f"]]
    groups = ["first"] * 2 + ["second"] * 5
    weights = even_weights(answers, groups)
    assert sum(weights[:2]) == pytest.approx(sum(weights[2:]), rel=1e-4)
    assert largest_share(answers, weights) < largest_share(answers, [5, 5, 2, 2, 2, 2, 2])
    assert even_weights(answers, [0] * 7) == even_weights(answers)
