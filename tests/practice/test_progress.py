"""Mastery, mistakes, reviews; and the progress as a file of the student's own, and deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.numbers.encoding import encode
from generator.paper.json_text import to_json
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.progress import rating_of, reviews
from generator.practice.store import export as progress_file
from tests.practice.student import DAY, START, Clock, answer_text, practice_in, typed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(tmp_path: Path, clock: Clock) -> Iterator[Practice]:
    made = practice_in(tmp_path, clock)
    yield made
    made.store.close()


def mistaken(attempt: Attempt, name: str, part_id: str) -> str:
    (answers,) = [answers for mistake, answers in attempt.variant.mistaken_answers() if mistake.name == name]
    return typed(answers[part_id])


def answer_y_drop(practice: Practice, text: str | None = None) -> Attempt:
    attempt = practice.start("dropout")
    practice.check(attempt, "y_drop", text or answer_text(attempt, "y_drop"))
    return attempt


# ------------------------------------------------------------------------------------------------ mastery


def test_mastery_moves_two_fifths_of_the_way(practice: Practice) -> None:
    def mastered() -> float:
        return practice.mastery()["dropout"].parts["y_drop"].mastery

    answer_y_drop(practice)
    assert mastered() == pytest.approx(0.4)
    answer_y_drop(practice)
    assert mastered() == pytest.approx(0.64)
    answer_y_drop(practice, "1000")
    assert mastered() == pytest.approx(0.384)


def test_the_first_answer_counts_and_no_later_one(practice: Practice) -> None:
    attempt = answer_y_drop(practice, "1000")
    practice.check(attempt, "y_drop", answer_text(attempt, "y_drop"))
    assert practice.mastery()["dropout"].parts["y_drop"].mastery == 0


def test_what_cannot_be_read_counts_for_nothing(practice: Practice) -> None:
    attempt = answer_y_drop(practice, "1 +")
    assert practice.mastery()["dropout"].parts == {}
    practice.check(attempt, "y_drop", answer_text(attempt, "y_drop"))
    assert practice.mastery()["dropout"].parts["y_drop"].mastery == pytest.approx(0.4)


def test_a_hint_lowers_what_counts(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    practice.hint(attempt, "output")
    practice.check(attempt, "output", answer_text(attempt, "output"))
    assert practice.mastery()["layer-norm"].parts["output"].mastery == pytest.approx(0.4 * 4 / 5)


def test_a_part_that_was_given_up_counts_as_nothing_earned(practice: Practice) -> None:
    answer_y_drop(practice)
    practice.solution(practice.start("dropout"), "y_drop")
    part = practice.mastery()["dropout"].parts["y_drop"]
    assert part.attempts == 2
    assert part.mastery == pytest.approx(0.24)


def test_own_marks_count_for_answers_in_words(practice: Practice) -> None:
    attempt = practice.start("dropout")
    practice.check(attempt, "closeness", "By luck.")
    assert "closeness" not in practice.mastery()["dropout"].parts
    practice.solution(attempt, "closeness")
    most = [criterion.points for criterion in attempt.part("closeness").criteria]
    practice.self_mark(attempt, "closeness", [most[0], *[0] * (len(most) - 1)])
    assert practice.mastery()["dropout"].parts["closeness"].mastery == pytest.approx(0.4 * most[0] / sum(most))


def test_a_problem_s_mastery_is_weighted_by_points(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    practice.check(attempt, "output", answer_text(attempt, "output"))  # 6 points
    practice.check(attempt, "transformed", "1 2 3")  # 2 points
    assert practice.mastery()["layer-norm"].mastery == pytest.approx(0.4 * 6 / 8)


def test_a_mistake_is_open_until_it_was_passed_three_times(practice: Practice) -> None:
    attempt = practice.start("dropout")
    practice.check(attempt, "y_drop", mistaken(attempt, "inverted mask", "y_drop"))

    def record() -> tuple[int, int, bool]:
        one = practice.mastery()["dropout"].mistakes["inverted mask"]
        return one.times, one.passes, one.is_open

    assert record() == (1, 0, True)
    answer_y_drop(practice)
    practice.check(practice.start("dropout"), "closeness", "It cannot show here.")
    answer_y_drop(practice, "1000")  # wrong, but not that way: no pass
    assert record() == (1, 1, True)
    answer_y_drop(practice)
    answer_y_drop(practice)
    assert record() == (1, 3, False)
    again = practice.start("dropout")
    practice.check(again, "y_drop", mistaken(again, "inverted mask", "y_drop"))
    assert record() == (2, 0, True)
    assert [one.name for one in practice.mastery()["dropout"].open_mistakes] == ["inverted mask"]


def test_a_mistake_is_not_passed_in_the_attempt_it_is_made_in(practice: Practice) -> None:
    attempt = practice.start("dropout")
    practice.check(attempt, "y_drop", mistaken(attempt, "inverted mask", "y_drop"))
    practice.check(attempt, "y_orig", answer_text(attempt, "y_orig"))  # it could have shown here too
    assert practice.mastery()["dropout"].mistakes["inverted mask"].passes == 0


def test_the_worst_is_what_is_mastered_least(practice: Practice, clock: Clock) -> None:
    for name in practice.problems:
        attempt = practice.start(name)
        clock.wait(1)
        for part_id, asked in attempt.parts.items():
            if not asked.manual_points and not (name == "dropout" and part_id == "y_drop"):
                practice.check(attempt, part_id, answer_text(attempt, part_id))
    practice.check(practice.start("dropout"), "y_drop", "1000")
    assert practice.worst() == "dropout"


def test_what_one_is_worst_at_are_parts(practice: Practice) -> None:
    test_the_worst_is_what_is_mastered_least(practice, practice.now)  # type: ignore[arg-type]
    attempt = practice.start_worst()
    assert attempt.problem.id == "dropout"
    assert {*attempt.parts} == {"y_drop"}


def test_of_new_problems_the_first_is_worst(practice: Practice) -> None:
    assert practice.worst() == min(practice.problems)


# ------------------------------------------------------------------------------------------------ reviews


def finished(practice: Practice, share: float, name: str = "dropout") -> Attempt:
    """An attempt of which about this share of the points was earned at once."""
    attempt = practice.start(name, seed=3)
    worth = practice.state(attempt).worth
    earned = 0
    for part_id, asked in attempt.parts.items():
        if earned < share * worth:
            practice.check(attempt, part_id, answer_text(attempt, part_id))
            if asked.manual_points:
                practice.solution(attempt, part_id)
                practice.self_mark(attempt, part_id, [criterion.points for criterion in asked.criteria])
            earned = practice.state(attempt).points
    practice.finish(attempt)
    return attempt


@pytest.mark.parametrize(("right", "name"), [(15, "Easy"), (13, "Good"), (9, "Hard"), (5, "Again")])
def test_the_share_of_the_points_is_the_rating(practice: Practice, right: int, name: str) -> None:
    attempt = practice.start("layer-norm", seed=3)
    entries = [entry for row in attempt.variant.values.output for entry in row]
    answer = [entry + (7 * place if place >= right else 0) for place, entry in enumerate(entries)]
    practice.check(attempt, "output", typed(tuple(tuple(answer[row : row + 5]) for row in (0, 5, 10))))
    rating = rating_of(practice.state(attempt).parts["output"])
    assert rating is not None
    assert rating.name == name


def test_what_was_not_answered_is_not_reviewed(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    practice.check(attempt, "output", answer_text(attempt, "output"))
    practice.solution(attempt, "transformed")
    practice.finish(attempt)
    assert {review.part for review in reviews(practice.store, practice.problems)} == {"output", "transformed"}


def test_with_hints_nothing_is_easy(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    practice.check(attempt, "output", answer_text(attempt, "output"))
    practice.hint(attempt, "output")  # after it: it takes no points
    for part_id, asked in attempt.parts.items():
        practice.check(attempt, part_id, answer_text(attempt, part_id))
        if asked.manual_points:
            practice.solution(attempt, part_id)
            practice.self_mark(attempt, part_id, [criterion.points for criterion in asked.criteria])
    state = practice.state(attempt)
    assert state.points == state.worth
    ratings = {name: rating.name for name, part in state.parts.items() if (rating := rating_of(part))}
    assert ratings.pop("output") == "Good"
    assert {*ratings.values()} == {"Easy"}


def test_the_better_it_went_the_later_it_comes_again(practice: Practice, clock: Clock, tmp_path: Path) -> None:
    days = []
    for place, hints in enumerate((None, 3, 1, 0)):
        other = practice_in(tmp_path / str(place), clock)
        attempt = other.start("dropout", seed=3)
        for _ in range(hints or 0):
            other.hint(attempt, "variance_drop")
        other.check(attempt, "variance_drop", "-5" if hints is None else answer_text(attempt, "variance_drop"))
        other.finish(attempt)
        (review,) = reviews(other.store, other.problems)
        days.append((review.due - START) / DAY)
        other.store.close()
    assert days == sorted(days)
    assert days[1] < days[2] < days[3]
    assert days[0] <= 1
    assert 5 <= days[3] <= 15


def test_reviews_are_due_in_time(practice: Practice, clock: Clock) -> None:
    finished(practice, 1)
    assert practice.due() == ()
    clock.wait(30 * DAY)
    review = practice.due()[0]
    assert (review.problem, review.level) == ("dropout", "standard")
    assert {one.part for one in practice.due()} == {*practice.start("dropout", seed=3).parts}
    first = review.due
    again = practice.start_review("dropout", "standard")
    assert {*again.parts} <= {one.part for one in practice.due()}
    finished(practice, 1)
    assert practice.due() == ()
    later = reviews(practice.store, practice.problems)[0]
    assert later.due - clock() > first - START  # known for longer, it is kept for longer
    assert later.due - clock() <= 90 * DAY


def test_an_attempt_that_was_not_begun_is_no_review(practice: Practice) -> None:
    practice.finish(practice.start("dropout"))
    assert reviews(practice.store, practice.problems) == ()


def test_an_attempt_is_reviewed_once(practice: Practice, clock: Clock) -> None:
    attempt = finished(practice, 1)
    before = reviews(practice.store, practice.problems)
    clock.wait(DAY)
    practice.finish(attempt)
    practice.check(attempt, "y_drop", "1000")
    assert reviews(practice.store, practice.problems) == before


# ---------------------------------------------------------------------------------------------- the file


def test_all_that_is_stored_is_exported(practice: Practice) -> None:
    attempt = finished(practice, 0.5, "layer-norm")
    exported = json.loads(to_json(progress_file.export(practice.store)))
    (one,) = exported["attempts"]
    assert (one["id"], one["problem"], one["level"]) == (attempt.id, "layer-norm", "standard")
    assert one["started"] == "2027-01-15T08:00:00+00:00"
    assert one["params"] == encode(dict(attempt.variant.params))
    answers = {answer["part"]: answer for answer in one["answers"]}
    assert answers["output"]["text"] == answer_text(attempt, "output")
    assert answers["output"]["marked"]["status"] == "correct"
    assert {(review["problem"], review["part"]) for review in exported["reviews"]} >= {("layer-norm", "output")}
    rows = practice.store.one("SELECT count(*) AS n FROM answers")
    assert rows is not None
    assert len(one["answers"]) == rows["n"]


def test_what_is_deleted_is_gone_from_the_file(practice: Practice) -> None:
    attempt = practice.start("dropout")
    practice.check(attempt, "closeness", "My secret thoughts on dropout.")
    practice.finish(attempt)
    practice.check(practice.start("dropout"), "closeness", "x" * 20_000)
    assert progress_file.delete(practice.store) == 2
    free = practice.store.one("PRAGMA freelist_count")
    assert free is not None
    assert free[0] == 0  # no page of the file is left with what was deleted
    assert practice.store.path.with_name(practice.store.path.name + "-wal").stat().st_size == 0
    for name in ("attempts", "answers", "hints", "solutions", "self_marks", "exams", "part_reviews"):
        assert practice.store.all(f"SELECT * FROM {name}") == []  # noqa: S608
    practice.store.close()
    for path in practice.store.path.parent.iterdir():
        assert b"secret thoughts" not in path.read_bytes()
