"""Who yields when two students drew the same variant: the rule, without any problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.classes import distinct
from generator.classes.distinct import Drawn, Settled, settle, who_yields

Sizes = Mapping[str, int]
"""Of each kind of problem that is asked, in this order, how many variants it has."""


def drawn(one: Drawn, sizes: Sizes) -> Drawn:
    """With one of so many variants, which student, kind, copy and ``again`` alone decide."""
    draw = Random(f"{one.student}/{one.again}/{one.kind}/{one.copy}")
    return replace(one, digest=str(draw.randrange(sizes[one.kind])))


def first(students: Iterable[str], sizes: Sizes, kinds: Iterable[str]) -> list[Drawn]:
    """What everybody draws first; a kind may be asked more than once."""
    asked = list(kinds)
    places = [(place, kind, asked[:place].count(kind)) for place, kind in enumerate(asked, start=1)]
    return [
        drawn(Drawn(student, place, kind, "", 0, copy), sizes) for student in students for place, kind, copy in places
    ]


def settled(students: Iterable[str], sizes: Sizes, kinds: Iterable[str] | None = None) -> Settled:
    def redraw(yielding: list[Drawn]) -> list[Drawn]:
        return [drawn(replace(one, again=one.again + 1), sizes) for one in yielding]

    return settle(first(students, sizes, sizes if kinds is None else kinds), redraw)


def names(count: int) -> list[str]:
    return [f"s{number}" for number in range(count)]


def uses(found: Settled, kind: str = "norm") -> list[int]:
    return sorted(Counter(one.digest for one in found.problems if one.kind == kind).values())


def by_kind(found: Settled) -> dict[tuple[str, str, int], tuple[str, int]]:
    """Whose problem, of which kind and copy → its variant, and how often it was drawn again."""
    return {(one.student, one.kind, one.copy): (one.digest, one.again) for one in found.problems}


def norm(student: str, digest: str = "same", again: int = 0, *, kept: bool = False) -> Drawn:
    return Drawn(student, 1, "norm", digest, again, kept=kept)


def test_nobody_yields_when_all_fit() -> None:
    assert who_yields([norm(student, student) for student in names(9)], {}) == []


def test_of_two_alike_one_yields_whatever_the_order() -> None:
    problems = [norm(student) for student in names(5)]
    yielding = who_yields(problems, {})
    assert len(yielding) == 4
    assert who_yields(problems[::-1], {}) == yielding


def test_the_earlier_draw_stands() -> None:
    for student, other in (("a", "b"), ("b", "a")):
        early, late = norm(student), norm(other, again=1)
        assert who_yields([late, early], {}) == [late]


def test_only_the_problem_alike_yields_and_other_kinds_do_not_mix() -> None:
    one = [Drawn("a", 1, "norm", "1"), Drawn("a", 2, "drop", "2")]
    other = [Drawn("b", 1, "norm", "2", 1), Drawn("b", 2, "drop", "1", 1)]
    third = [Drawn("c", 1, "norm", "3", 2), Drawn("c", 2, "drop", "2", 2)]
    assert who_yields([*one, *other, *third], {}) == [third[1]]


def test_the_same_variant_twice_on_one_paper_does_not_stand() -> None:
    one, copy = Drawn("a", 1, "norm", "1"), Drawn("a", 2, "norm", "1", copy=2)
    assert who_yields([copy, one], {}) == [copy]
    assert who_yields([copy, one], {"norm": 2}) == []


def test_what_was_handed_out_yields_to_nobody() -> None:
    handed_out = [norm(student, again=9, kept=True) for student in names(3)]
    new = norm("new")
    assert who_yields([new, *handed_out], {}) == [new]
    assert who_yields([new, *handed_out], {"norm": 4}) == []


@pytest.mark.parametrize(("students", "space"), [(10, 12), (12, 12), (60, 64), (40, 10_000)])
def test_a_space_that_is_just_large_enough_is_shared_by_nobody(students: int, space: int) -> None:
    found = settled(names(students), {"norm": space})
    assert uses(found) == [1] * students
    assert found.shared == {}
    assert [one.student for one in found.problems] == names(students)


@pytest.mark.parametrize(("students", "space", "most"), [(7, 3, 3), (9, 3, 3), (100, 7, 15), (5, 1, 5), (13, 12, 2)])
def test_a_space_that_is_too_small_is_reused_evenly(students: int, space: int, most: int) -> None:
    found = settled(names(students), {"norm": space, "drop": 10**9})
    assert len(uses(found)) == space
    assert max(uses(found)) == most
    assert found.shared == {"norm": space}
    assert uses(found, "drop") == [1] * students


def test_a_space_used_up_by_what_was_handed_out_is_not_searched_once_more() -> None:
    handed_out = [norm(f"old{number}", str(number % 4), kept=True) for number in range(10)]
    sizes = {"norm": 4}
    rounds = []

    def redraw(yielding: list[Drawn]) -> list[Drawn]:
        rounds.append(yielding)
        return [drawn(replace(one, again=one.again + 1), sizes) for one in yielding]

    assert settle(handed_out, redraw).shared == {"norm": 4}
    assert rounds == []
    found = settle([*handed_out, *first(names(2), sizes, sizes)], redraw)
    assert found.problems[:10] == tuple(handed_out)
    assert uses(found) == [3] * 4
    assert sum(map(len, rounds)) < distinct.PATIENCE


def test_the_order_of_the_class_does_not_matter() -> None:
    students = names(30)
    sizes = {"norm": 33, "drop": 5}
    expected = by_kind(settled(students, sizes))
    for attempt in range(3):
        Random(attempt).shuffle(students)
        found = settled(students, sizes)
        assert [one.student for one in found.problems] == [student for student in students for _ in sizes]
        assert by_kind(found) == expected


kinds = st.lists(st.sampled_from(["norm", "drop", "size", "ridge"]), min_size=1, max_size=6)
spaces = st.fixed_dictionaries(dict.fromkeys(["norm", "drop", "size", "ridge"], st.sampled_from([1, 3, 12, 30, 500])))


@given(st.integers(1, 25), spaces, kinds, st.randoms(use_true_random=False))
@pytest.mark.slow
def test_no_problem_of_anybody_is_moved_by_other_problems(
    count: int, sizes: Sizes, asked: list[str], draw: Random
) -> None:
    """Added, removed, put in another order: what a kind's first, second … copies are, it alone decides."""
    whole = settled(names(count), sizes, asked)
    others = [kind for kind in asked if draw.random() < 0.5] or asked[:1]
    draw.shuffle(others)
    fewer = settled(names(count), sizes, others)
    roomy = {kind for kind in sizes if kind not in whole.shared} | {
        kind for kind in others if asked.count(kind) == others.count(kind)
    }
    expected = by_kind(whole)
    for problem, variant in by_kind(fewer).items():
        if problem[1] in roomy:
            assert variant == expected[problem]


@given(st.integers(2, 40), st.sampled_from([60, 200, 1000]), st.randoms(use_true_random=False))
def test_one_who_leaves_moves_no_more_than_what_had_yielded_to_her(count: int, space: int, draw: Random) -> None:
    sizes = {"norm": space, "drop": space}
    students = names(count)
    gone = draw.choice(students)
    whole = by_kind(settled(students, sizes))
    without = by_kind(settled([student for student in students if student != gone], sizes))
    moved = [problem for problem, variant in without.items() if whole[problem] != variant]
    assert all(whole[problem][1] for problem in moved), "whoever moves had drawn again"
    if len({one.digest for one in first(students, sizes, ["norm"])}) == count:
        assert not [kind for _, kind, _ in moved if kind == "norm"], "nobody had drawn what another had"


def test_one_who_joins_moves_the_problem_she_has_in_common_and_no_other() -> None:
    sizes = {"norm": 500, "drop": 10**9}
    moved = Counter[int]()
    for count in range(1, 60):
        before, after = (by_kind(settled(names(size), sizes)) for size in (count, count + 1))
        others = {problem for problem, variant in before.items() if after[problem] != variant}
        assert not [problem for problem in others if problem[1] == "drop"]
        moved[len(others)] += 1
    assert moved[0] > moved[1] >= 1
    assert set(moved) == {0, 1}


def test_variants_that_are_seldom_drawn_are_found() -> None:
    """One variant on nearly all papers, eight rare ones: nine students have nine."""

    def rare(one: Drawn) -> Drawn:
        return replace(one, digest=str(min(8, Random(f"{one.student}/{one.again}").randrange(100))))

    found = settle(
        [rare(norm(student)) for student in names(9)],
        lambda yielding: [rare(replace(one, again=one.again + 1)) for one in yielding],
    )
    assert max(uses(found)) == 1


def test_a_student_for_whom_nothing_can_be_drawn_leaves_the_others_in_peace() -> None:
    problems = [norm(student) for student in names(3)]
    found = settle(problems, lambda yielding: [replace(yielding[0], again=1, digest="other")])
    assert len(found.problems) == 2
    assert uses(found) == [1, 1]


def test_impatience_shares_what_need_not_be_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the constant is for: without it the twelfth student would not find the twelfth variant."""
    monkeypatch.setattr(distinct, "PATIENCE", 0)
    assert max(uses(settled(names(12), {"norm": 12}))) > 1
