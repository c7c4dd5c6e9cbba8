"""Who yields when two students drew the same variant: the rule, without any problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest

from generator.classes import distinct
from generator.classes.distinct import Drawn, Settled, settle, who_yields


def draw(student: str, again: int, sizes: dict[str, int]) -> Drawn:
    """A paper with one variant of each kind, out of so many."""
    return Drawn(
        student,
        again,
        tuple((kind, str(Random(f"{student}/{again}/{kind}").randrange(n))) for kind, n in sizes.items()),
    )


def settled(students: Iterable[str], sizes: dict[str, int]) -> Settled:
    def redraw(yielding: list[Drawn]) -> list[Drawn]:
        return [draw(paper.student, paper.again + 1, sizes) for paper in yielding]

    return settle((draw(student, 0, sizes) for student in students), redraw)


def names(count: int) -> list[str]:
    return [f"s{number}" for number in range(count)]


def uses(found: Settled, kind: str = "norm") -> list[int]:
    return sorted(
        Counter(variant for paper in found.papers for variant in paper.variants if variant[0] == kind).values()
    )


def test_nobody_yields_when_all_fit() -> None:
    papers = [Drawn(student, 0, (("norm", student),)) for student in names(9)]
    assert who_yields(papers, {}) == []


def test_of_two_alike_one_yields_whatever_the_order() -> None:
    papers = [Drawn(student, 0, (("norm", "same"),)) for student in names(5)]
    yielding = who_yields(papers, {})
    assert len(yielding) == 4
    assert who_yields(papers[::-1], {}) == yielding


def test_the_earlier_draw_stands() -> None:
    for student, other in (("a", "b"), ("b", "a")):
        early, late = Drawn(student, 0, (("norm", "same"),)), Drawn(other, 1, (("norm", "same"),))
        assert who_yields([late, early], {}) == [late]


def test_one_problem_alike_is_enough_to_yield_and_other_problems_do_not_mix() -> None:
    one = Drawn("a", 0, (("norm", "1"), ("drop", "2")))
    other = Drawn("b", 1, (("norm", "2"), ("drop", "1")))
    third = Drawn("c", 2, (("norm", "3"), ("drop", "2")))
    assert who_yields([one, other, third], {}) == [third]


def test_the_same_variant_twice_on_one_paper_does_not_stand() -> None:
    paper = Drawn("a", 0, (("norm", "1"), ("norm", "1")))
    assert who_yields([paper], {}) == [paper]
    assert who_yields([paper], {"norm": 2}) == []


@pytest.mark.parametrize(("students", "space"), [(10, 12), (12, 12), (60, 64), (40, 10_000)])
def test_a_space_that_is_just_large_enough_is_shared_by_nobody(students: int, space: int) -> None:
    found = settled(names(students), {"norm": space})
    assert uses(found) == [1] * students
    assert found.shared == {}
    assert [paper.student for paper in found.papers] == names(students)


@pytest.mark.parametrize(("students", "space", "most"), [(7, 3, 3), (9, 3, 3), (100, 7, 15), (5, 1, 5), (13, 12, 2)])
def test_a_space_that_is_too_small_is_reused_evenly(students: int, space: int, most: int) -> None:
    found = settled(names(students), {"norm": space, "drop": 10**9})
    assert len(uses(found)) == space
    assert max(uses(found)) == most
    assert found.shared == {"norm": space}
    assert uses(found, "drop") == [1] * students


def test_the_order_of_the_class_does_not_matter() -> None:
    students = names(30)
    sizes = {"norm": 33, "drop": 5}
    expected = {paper.student: paper for paper in settled(students, sizes).papers}
    for attempt in range(3):
        Random(attempt).shuffle(students)
        found = settled(students, sizes).papers
        assert [paper.student for paper in found] == students
        assert {paper.student: paper for paper in found} == expected


def test_who_does_not_collide_is_not_moved_by_one_who_joins() -> None:
    sizes = {"norm": 500}
    before = {paper.student: paper for paper in settled(names(40), sizes).papers}
    after = {paper.student: paper for paper in settled(names(41), sizes).papers}
    moved = [student for student, paper in before.items() if after[student] != paper]
    assert len(moved) <= 1


def test_variants_that_are_seldom_drawn_are_found() -> None:
    """One variant on nearly all papers, eight rare ones: nine students have nine."""

    def rare(paper: Drawn) -> Drawn:
        number = Random(f"{paper.student}/{paper.again}").randrange(100)
        return Drawn(paper.student, paper.again, (("norm", str(min(8, number))),))

    found = settle(
        [rare(Drawn(student, 0, ())) for student in names(9)],
        lambda yielding: [rare(Drawn(paper.student, paper.again + 1, ())) for paper in yielding],
    )
    assert max(uses(found)) == 1


def test_a_student_for_whom_nothing_can_be_drawn_leaves_the_others_in_peace() -> None:
    papers = [Drawn(student, 0, (("norm", "same"),)) for student in names(3)]
    found = settle(papers, lambda yielding: [Drawn(yielding[0].student, 1, (("norm", "other"),))])
    assert len(found.papers) == 2
    assert uses(found) == [1, 1]


def test_impatience_shares_what_need_not_be_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the constant is for: without it the twelfth student would not find the twelfth variant."""
    monkeypatch.setattr(distinct, "PATIENCE", 0)
    assert max(uses(settled(names(12), {"norm": 12}))) > 1
