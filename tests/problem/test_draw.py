"""Draws: the stream itself, pinned for ever; uniformity; independence; and what is refused."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import Rejected
from generator.problem.draw import Draw, Weights

WORD = 2**64
keys = st.lists(st.text(max_size=8) | st.integers(), max_size=4).map(tuple)


def words(*key: str | int, count: int = 4) -> list[int]:
    draw = Draw(*key)
    return [draw.integer(0, WORD - 1) for _ in range(count)]


# ------------------------------------------------------------------------------------------- the stream


def test_the_first_values_of_a_stream_never_change() -> None:
    """These numbers are on printed sheets: whatever moves them moves every sheet of every seed."""
    assert words("layer-norm", 1, "", 0, count=10) == [
        12465938571624081244,
        9342951020838204791,
        7500040841264613254,
        2614581023952944472,
        10266187394289302832,
        18436719496827572683,
        477535306221990219,
        18259571583774570767,
        6889497650201296208,  # the second block
        10565391492935767136,
    ]


def test_what_is_cut_from_a_stream_never_changes() -> None:
    draw = Draw("layer-norm", 1, "", 0)
    assert [draw.integer(1, 6) for _ in range(12)] == [5, 6, 3, 1, 1, 2, 4, 6, 3, 3, 5, 4]
    assert [draw.integer(-9, 12) for _ in range(8)] == [-4, 7, 12, -9, -6, -1, -6, -2]
    assert draw.shuffled("abcdef") == ("a", "f", "e", "c", "d", "b")
    assert draw.sample(range(10), 3) == (5, 0, 1)
    assert draw.choice("xyz") == "z"
    assert draw.weighted({"a": 1, "b": 3}) == "b"
    assert [draw.sign() for _ in range(8)] == [1, -1, 1, 1, -1, -1, -1, -1]
    fork = draw.fork("concepts")
    assert [fork.integer(0, 99) for _ in range(6)] == [52, 38, 67, 38, 83, 31]


@given(keys)
def test_a_key_fixes_its_stream(key: tuple[str | int, ...]) -> None:
    assert words(*key) == words(*key)


@given(keys, keys)
def test_another_key_has_another_stream(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    assert (words(*one) == words(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("ab",), ("a", "b")),
        ((1,), ("1",)),
        (("p", 1, "", 0), ("p", 10)),
        (("p", 1, "2"), ("p", 1, 2)),
        (("p", -1), ("p", 1)),
        (("",), ()),
        (("5:str:a",), ("a",)),
    ],
)
def test_keys_that_look_alike_are_kept_apart(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    assert words(*one) != words(*other)


def test_a_draw_does_not_show_its_key() -> None:
    assert "f00d" not in repr(Draw("dropout", "f00d", 0)) + repr(Draw("dropout", "f00d").fork("concepts"))


# ---------------------------------------------------------------------------------------------- forks


def test_a_fork_does_not_shift_the_stream_it_comes_from() -> None:
    draw = Draw("p", 1)
    first = draw.integer(0, WORD - 1)
    fork = draw.fork("concepts")
    forked = [fork.integer(0, WORD - 1) for _ in range(20)]
    assert [first, *(draw.integer(0, WORD - 1) for _ in range(3))] == words("p", 1)
    late = draw.fork("concepts")
    assert [late.integer(0, WORD - 1) for _ in range(20)] == forked


def test_forks_differ_by_their_names() -> None:
    draw = Draw("p", 1)
    streams = {tuple(fork.integer(0, 99) for _ in range(8)) for fork in map(draw.fork, ("a", "b", "", "concepts"))}
    assert len(streams) == 4


# ------------------------------------------------------------------------------------------- uniformity


def assert_uniform(counts: Counter[Any], kinds: int) -> None:
    """Chi-square, far enough out that an honest stream passes: 4.5 standard deviations above its mean."""
    assert len(counts) == kinds
    expected = counts.total() / kinds
    statistic = sum((count - expected) ** 2 / expected for count in counts.values())
    assert statistic < (kinds - 1) + 4.5 * (2 * (kinds - 1)) ** 0.5


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1, 6), (-9, 12), (0, 99)])
def test_integers_are_uniform(low: int, high: int) -> None:
    draw = Draw("uniform", low, high)
    assert_uniform(Counter(draw.integer(low, high) for _ in range(20_000)), high - low + 1)


def test_a_range_that_does_not_divide_the_words_has_no_bias() -> None:
    """Of 3/4 · 2^64 values the remainder alone would make the lowest third twice as likely as the others."""
    draw = Draw("bias")
    span = 3 * 2**62
    assert_uniform(Counter(draw.integer(0, span - 1) // 2**62 for _ in range(6_000)), 3)


def test_orders_are_uniform() -> None:
    draw = Draw("orders")
    counts = Counter(draw.shuffled("abcd") for _ in range(24_000))
    assert set(counts) == set(permutations("abcd"))
    assert_uniform(counts, 24)


def test_samples_are_uniform() -> None:
    draw = Draw("samples")
    assert_uniform(Counter(draw.sample(range(5), 2) for _ in range(20_000)), 20)


def test_choices_and_signs_are_uniform() -> None:
    draw = Draw("choices")
    assert_uniform(Counter(draw.choice("abcde") for _ in range(20_000)), 5)
    assert_uniform(Counter(draw.sign() for _ in range(20_000)), 2)


def test_weights_are_kept() -> None:
    draw = Draw("weights")
    counts = Counter(draw.weighted({"never": 0, "once": 1, "three times": 3, "nor this": 0}) for _ in range(20_000))
    assert set(counts) == {"once", "three times"}
    assert abs(counts["once"] - 5_000) < 4.5 * (20_000 * 3 / 16) ** 0.5


# ---------------------------------------------------------------------------------------------- ranges


@given(st.integers(), st.integers(0, WORD - 1), st.integers())
def test_an_integer_is_within_its_bounds(low: int, more: int, seed: int) -> None:
    assert low <= Draw("bounds", seed).integer(low, low + more) <= low + more


@given(st.lists(st.integers(), max_size=12), st.integers())
def test_shuffling_keeps_all_items_and_the_list_given(items: list[int], seed: int) -> None:
    before = list(items)
    assert sorted(Draw("shuffle", seed).shuffled(items)) == sorted(items)
    assert items == before


@given(st.lists(st.integers(), unique=True, max_size=12), st.data())
def test_a_sample_has_different_items(items: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(items)))
    found = Draw("sample", count).sample(items, count)
    assert len(set(found)) == count
    assert set(found) <= set(items)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 5), min_size=1), st.integers())
@settings(max_examples=50)
def test_a_weighted_item_has_a_weight(weights: dict[str, int], seed: int) -> None:
    if any(weights.values()):
        assert weights[Draw("weighted", seed).weighted(weights)] > 0
    else:
        with pytest.raises(ValueError, match="cannot choose by the weights"):
            Draw("weighted", seed).weighted(weights)


@given(
    st.dictionaries(st.text(max_size=3), st.integers(0, 5), min_size=1).filter(lambda weights: any(weights.values()))
)
@settings(max_examples=50)
def test_a_table_is_drawn_from_like_the_weights_it_is_made_of(weights: dict[str, int]) -> None:
    one, other, table = Draw("table"), Draw("table"), Weights(weights)
    assert [one.weighted(table) for _ in range(20)] == [other.weighted(weights) for _ in range(20)]


# --------------------------------------------------------------------------------------- what is refused


def test_nothing_to_choose_from() -> None:
    draw = Draw("nothing")
    with pytest.raises(ValueError, match=r"^cannot draw an integer from low=3 to high=2$"):
        draw.integer(3, 2)
    with pytest.raises(ValueError, match=r"^cannot choose from nothing$"):
        draw.choice([])
    with pytest.raises(ValueError, match=r"^cannot draw 4 different items from 3$"):
        draw.sample("abc", 4)
    with pytest.raises(ValueError, match=r"^cannot draw -1 different items from 3$"):
        draw.sample("abc", -1)
    assert draw.sample("", 0) == draw.shuffled("") == ()


def test_a_range_beyond_a_word_is_refused_instead_of_searched_for_ever() -> None:
    assert Draw("word").integer(1, WORD) >= 1
    with pytest.raises(ValueError, match=r"^cannot draw one of 18446744073709551617 integers"):
        Draw("word").integer(0, WORD)


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 3, "b": -1}])
def test_weights_that_choose_nothing(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"^cannot choose by the weights \["):
        Draw("weights").weighted(weights)


def test_a_draw_is_thrown_away_for_a_reason() -> None:
    draw = Draw("reasons")
    draw.require([1], "a list with something in it is enough")
    nothings: tuple[object, ...] = (False, None, 0, [], "")
    for condition in nothings:
        with pytest.raises(Rejected, match=r"^two rows are equal$"):
            draw.require(condition, "two rows are equal")
    assert words("reasons") == [draw.integer(0, WORD - 1) for _ in range(4)]  # asking draws nothing
