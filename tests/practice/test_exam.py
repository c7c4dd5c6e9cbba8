"""Exams: no results before the end, no answers after it, and the report is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.errors import InputError
from generator.paper.sheet_file import find_sheet
from generator.practice.attempts import variant_digest
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams
from generator.practice.exam_report import clock as in_words
from generator.practice.exam_report import exam_report
from generator.practice.exam_size import minutes_of, points_of
from generator.practice.progress import reviews
from generator.practice.store.database import Store
from generator.practice.store.records import ExamOverError
from tests.practice.student import NAMES, Clock, answer_text, practice_in, typed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(tmp_path: Path, clock: Clock) -> Iterator[Practice]:
    made = practice_in(tmp_path, clock)
    yield made
    made.store.close()


@pytest.fixture
def exams(practice: Practice) -> Exams:
    return Exams(practice)


def answer_all(exams: Exams, exam: Exam) -> None:
    for attempt in exam.attempts:
        for part_id in attempt.parts:
            assert exams.answer(exam, attempt, part_id, answer_text(attempt, part_id)) == ""


def test_ten_problems_evenly_and_none_twice(exams: Exams) -> None:
    exam = exams.start(10)
    assert Counter(attempt.problem.id for attempt in exam.attempts) == dict.fromkeys(NAMES, 2)
    assert len({variant_digest(attempt.variant) for attempt in exam.attempts}) == 10
    assert [attempt.place for attempt in exam.attempts] == list(range(1, 11))


@pytest.mark.parametrize("by_part", [False, True])
def test_the_default_fits_its_own_time(exams: Exams, by_part: bool) -> None:
    exam = exams.start(by_part=by_part)
    assert exam.seconds <= 60 * 60
    assert 35 < sum(map(minutes_of, exam.attempts)) <= exam.seconds / 60


def test_an_exam_is_as_long_as_it_is_to_be(exams: Exams) -> None:
    short, long = (sum(map(minutes_of, exams.start(minutes=minutes, by_part=True).attempts)) for minutes in (10, 90))
    assert short <= 10
    assert 60 < long <= 90
    few, many = (sum(map(points_of, exams.start(points=points, by_part=True).attempts)) for points in (8, 50))
    assert abs(few - 8) <= 3
    assert abs(many - 50) <= 5
    timed = exams.start(3)
    assert timed.seconds / 60 >= sum(map(minutes_of, timed.attempts))  # the time follows from the problems


def test_an_exam_by_part_asks_some_parts_of_each(exams: Exams) -> None:
    exam = exams.start(by_part=True)
    for attempt in exam.attempts:
        assert attempt.parts.keys() == {*attempt.entry.only}
        assert len(attempt.parts) < len(attempt.grader.variant.answers()) or len(attempt.parts) < 3
    again = exams.load(exam.id)  # as it was stored
    assert [attempt.parts.keys() for attempt in again.attempts] == [attempt.parts.keys() for attempt in exam.attempts]


def test_a_sheet_is_the_exam_that_it_says(tmp_path: Path) -> None:
    path = tmp_path / "quiz.toml"
    path.write_text(
        """title = "Quiz"
[[problem]]
id = "dropout"
level = "hard"
points = { y_drop = 7 }
without = ["claims"]
[[problem]]
id = "layer-norm"
guided = true
choices = ["output"]
"""
    )
    with Store(tmp_path / "a.sqlite3") as store:
        exam = Exams(Practice(store, sheet=find_sheet(str(path)))).start_sheet()
        exam = Exams(Practice(store)).load(exam.id)
        first, second = exam.attempts
        assert (first.problem.id, first.level) == ("dropout", "hard")
        assert first.part("y_drop").max_points == 7
        assert "claims" not in first.parts
        assert "mean" in second.parts
        assert second.part("output").kind == "choice"


def test_some_problems_only(exams: Exams) -> None:
    exam = exams.start(3, 5, ["dropout", "layer-norm"], "hard")
    assert {attempt.problem.id for attempt in exam.attempts} == {"dropout", "layer-norm"}
    assert {attempt.level for attempt in exam.attempts} == {"hard"}


@pytest.mark.slow
def test_the_worst_come_more_often(practice: Practice, exams: Exams) -> None:
    for name in NAMES:
        for _ in range(9 if name != "dropout" else 0):
            attempt = practice.start(name)
            for part_id, asked in attempt.parts.items():
                if not asked.manual_points:
                    practice.check(attempt, part_id, answer_text(attempt, part_id))
    counts = Counter(attempt.problem.id for _ in range(4) for attempt in exams.start(10, worst=True).attempts)
    assert counts["dropout"] > 40 * 0.5


def test_impossible_exams_are_refused(exams: Exams) -> None:
    for count, minutes, problems, level, message in (
        (0, 60, None, "standard", "1 to 40 problems; got 0"),
        (41, 60, None, "standard", "got 41"),
        (5, 0.5, None, "standard", "1 to 600 minutes; got 0.5"),
        (5, float("nan"), None, "standard", "got nan"),
        (5, 60, ["softmax"], "standard", "no problem 'softmax'"),
        (5, 60, None, "extreme", "no level 'extreme'"),
    ):
        with pytest.raises(InputError, match=message):
            exams.start(count, minutes, problems, level)
    assert exams.all() == ()


def test_no_results_while_it_runs(practice: Practice, exams: Exams) -> None:
    exam = exams.start(1, 10, ["dropout"])
    (attempt,) = exam.attempts
    assert exams.answer(exam, attempt, "y_drop", "1000") == ""
    assert "cannot be read" in exams.answer(exam, attempt, "y_corr", "1 +")
    for act in (practice.hint, practice.solution):
        with pytest.raises(InputError, match="no help before the exam is over"):
            act(attempt, "y_drop")
    with pytest.raises(InputError, match="part of an exam"):
        practice.check(attempt, "y_drop", "1")
    with pytest.raises(InputError, match="no help"):
        practice.self_mark(attempt, "closeness", [1])
    with pytest.raises(InputError, match="see that first"):
        practice.wrong_step(attempt, "y_drop")
    with pytest.raises(InputError, match="hand it in first"):
        exam_report(exam, practice.store)
    assert practice.mastery()["dropout"].attempts == 0
    assert practice.unfinished() == ()


def test_what_comes_too_late_is_refused(practice: Practice, exams: Exams, clock: Clock) -> None:
    exam = exams.start(1, 10, ["dropout"])
    (attempt,) = exam.attempts
    clock.wait(599)
    assert exam.left(clock()) == 1
    exams.answer(exam, attempt, "y_drop", answer_text(attempt, "y_drop"))
    clock.wait(1)
    with pytest.raises(ExamOverError, match="too late and was not saved"):
        exams.answer(exam, attempt, "y_orig", answer_text(attempt, "y_orig"))
    known = exams.load(exam.id)
    assert known.is_over
    assert known.finished == exam.ends
    found = exam_report(known, practice.store)
    assert (found.points, found.problems[0].seconds) == (1, 599)


def test_no_answers_after_it_was_handed_in(exams: Exams) -> None:
    exam = exams.start(1, 10, ["dropout"])
    (attempt,) = exam.attempts
    exams.hand_in(exam)
    with pytest.raises(ExamOverError):
        exams.answer(exam, attempt, "y_drop", "1")
    assert exams.hand_in(exam) == exams.load(exam.id)


def test_another_exam_s_problem_is_refused(exams: Exams) -> None:
    first, second = exams.start(1, 10), exams.start(1, 10)
    with pytest.raises(InputError, match="no such problem"):
        exams.answer(first, second.attempts[0], next(iter(second.attempts[0].parts)), "1")
    with pytest.raises(InputError, match="no such exam"):
        exams.load("' OR 1=1 --")


def test_all_right_earns_all_that_the_program_marks(practice: Practice, exams: Exams) -> None:
    exam = exams.start(5, 60)
    answer_all(exams, exam)
    found = exam_report(exams.hand_in(exam), practice.store)
    assert found.points == found.worth - found.to_mark
    assert found.mistakes == ()
    assert {one.problem for one in reviews(practice.store, practice.problems)} == set(NAMES)


def test_the_last_answer_counts_with_the_last_earlier_ones(practice: Practice, exams: Exams) -> None:
    exam = exams.start(1, 60, ["layer-norm"], guided=True)
    (attempt,) = exam.attempts
    values = attempt.variant.values
    wrong = tuple(variance * 5 / 4 for variance in values.variance)
    follows = attempt.problem.graph.with_values(values, {"variance": wrong})
    exams.answer(exam, attempt, "output", typed(follows.output))
    assert practice.state(attempt).parts["output"].earned == 1  # half, for a recognised mistake
    exams.answer(exam, attempt, "variance", typed(values.variance))
    exams.answer(exam, attempt, "variance", typed(wrong))
    found = exam_report(exams.hand_in(exam), practice.store)
    output = practice.state(attempt).parts["output"].counted
    assert output is not None
    assert "The first step that went wrong" in output.marked.message  # it follows from what was handed in
    assert found.points == 1
    assert found.mistakes == (("sample variance", 1),)


def test_afterwards_everything_can_be_looked_at(practice: Practice, exams: Exams) -> None:
    exam = exams.start(1, 60, ["dropout"])
    (attempt,) = exam.attempts
    exams.answer(exam, attempt, "y_drop", "1000")
    exams.answer(exam, attempt, "closeness", "By luck.")
    exam = exams.hand_in(exam)
    before = exam_report(exam, practice.store)
    practice.solution(attempt, "y_drop")
    assert practice.wrong_step(attempt, "y_drop") is not None
    practice.solution(attempt, "closeness")
    most = [criterion.points for criterion in attempt.part("closeness").criteria]
    practice.self_mark(attempt, "closeness", most)
    after = exam_report(exam, practice.store)
    assert (before.points, before.to_mark) == (0, sum(most))
    assert (after.points, after.to_mark) == (sum(most), 0)


def test_the_report_by_problem(practice: Practice, exams: Exams, clock: Clock) -> None:
    exam = exams.start(2, 60, ["dropout"])
    first, second = exam.attempts
    clock.wait(65)
    exams.answer(exam, first, "y_drop", answer_text(first, "y_drop"))
    clock.wait(30)
    mistaken = {mistake.name: answers for mistake, answers in second.variant.mistaken_answers()}
    exams.answer(exam, second, "y_drop", typed(mistaken["weights left out"]["y_drop"]))
    clock.wait(10)
    exams.answer(exam, first, "y_drop", answer_text(first, "y_drop") + " ")
    report = exam_report(exams.hand_in(exam), practice.store)
    assert (report.points, report.worth) == (1, 38)
    assert [(one.place, one.title, one.points, one.worth, one.seconds, one.mistakes) for one in report.problems] == [
        (1, "Dropout", 1, 19, 75, ()),
        (2, "Dropout", 0, 19, 30, ("weights left out",)),
    ]


def test_minutes() -> None:
    assert [in_words(seconds) for seconds in (0, 59.6, 245, 3600, 3661)] == [
        "0:00",
        "1:00",
        "4:05",
        "1:00:00",
        "1:01:01",
    ]
