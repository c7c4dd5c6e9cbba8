"""Practising as a student does: fresh variants, marks, hints, solutions, self-marking; and what the store then says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import InputError
from generator.grading.grader import Grader
from generator.numbers.encoding import encode
from generator.paper.sheet import Entry
from generator.practice.attempts import draw_unseen, variant_digest
from generator.practice.engine import MAX_ANSWER, Practice
from generator.practice.exam import Exams
from generator.practice.store.database import Store
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.parts import Part
from generator.problem.solution import Values
from tests.practice.student import EACH_MORE, NAMES, Clock, answer_text, practice_in, typed


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = practice_in(tmp_path)
    yield made
    made.store.close()


# ------------------------------------------------------------------------------------------------ variants


def test_no_variant_comes_twice(practice: Practice) -> None:
    again = practice_with_seed(practice, 5)
    first = again.start("dropout")
    seeds = iter((5, 5, 5, 6))
    second = Practice(practice.store, [first.problem], seed=lambda: next(seeds)).start("dropout")
    assert variant_digest(first.variant) != variant_digest(second.variant)
    assert next(seeds, None) is None  # the seed that was met before was tried, and passed over


def practice_with_seed(practice: Practice, seed: int) -> Practice:
    return Practice(practice.store, list(practice.problems.values()), seed=lambda: seed)


def test_where_the_space_is_used_up_the_oldest_comes_again() -> None:
    problem = find_problem("dropout")
    known = [variant_digest(drawing.draw_from(problem, source)) for source in ("AAAAAAA", "BBBBBBB")]
    variants = {variant_digest(drawing.draw_variant(problem, seed)) for seed in (1, 2)}
    assert not variants & set(known)
    seeds = iter([1, 2] * 100)
    ages = [variant_digest(drawing.draw_variant(problem, 2)), variant_digest(drawing.draw_variant(problem, 1))]
    _, variant = draw_unseen(problem, "standard", ages, lambda: next(seeds))
    assert variant_digest(variant) == ages[0]


def test_a_seed_gives_its_variant(practice: Practice) -> None:
    attempt = practice.start("layer-norm", "hard", seed=7)
    assert attempt.variant.params == drawing.draw_variant(find_problem("layer-norm"), 7, level="hard").params


def test_an_attempt_is_made_again_from_its_parameters(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempts = [practice.start(name, guided=True) for name in NAMES]
    practice.store.close()
    later = practice_in(tmp_path)
    for attempt in attempts:
        same = later.load(attempt.id)
        assert same is not attempt
        assert same.exercise == attempt.exercise
        assert (same.guided, same.level, same.started) == (True, "standard", attempt.started)
    later.store.close()


def test_an_old_attempt_outlives_another_sampler(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempt = practice.start("dropout")
    changed = replace(attempt.problem, sample=lambda draw: {})
    assert Practice(practice.store, [changed]).load(attempt.id).exercise == attempt.exercise

    def refuse(**values: object) -> None:
        raise InputError("expected other numbers", field="x")

    with pytest.raises(
        InputError, match=r"from an older version of dropout with other parameters \(x: expected other numbers\)"
    ):
        Practice(practice.store, [replace(attempt.problem, require=refuse)]).load(attempt.id)
    exam = Exams(practice).start(1, 10)
    later = Practice(practice.store, [replace(problem, require=refuse) for problem in practice.problems.values()])
    assert later.unfinished() == ()  # what is left can be practised
    assert Exams(later).all() == ()
    assert [one.id for one in Exams(practice).all()] == [exam.id]
    practice.store.close()


def test_ids_cannot_be_guessed_and_strange_ones_are_refused(practice: Practice) -> None:
    ids = {practice.start("dropout").id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(one) >= 21 for one in ids)
    for strange in ("", "1", "' OR 1=1 --", "../../etc/passwd", "\0"):
        with pytest.raises(InputError, match="no such attempt"):
            practice.load(strange)


def test_unknown_names_are_refused(practice: Practice) -> None:
    with pytest.raises(InputError, match="no problem 'softmax' is practised here; there are layer-norm"):
        practice.start("softmax")
    with pytest.raises(InputError, match="no level 'extreme'"):
        practice.start("dropout", "extreme")
    attempt = practice.start("dropout")
    with pytest.raises(InputError, match="asks no part 'nonsense' here; it asks y_drop"):
        practice.check(attempt, "nonsense", "1")
    with pytest.raises(InputError, match="asks no part"):
        practice.hint(attempt, "correction")  # a guided part, and this attempt is not
    assert practice.state(attempt).parts["y_drop"].latest is None


# ------------------------------------------------------------------------------------------------ answers


@pytest.mark.parametrize("name", EACH_MORE)
def test_all_right_earns_all_and_ends_the_attempt(tmp_path: Path, name: str) -> None:
    practice = practice_in(tmp_path, problems=[name])
    attempt = practice.start(name, guided=True)
    for part_id, asked in attempt.parts.items():
        given = practice.check(attempt, part_id, answer_text(attempt, part_id))
        assert given.marked.status in ("correct", "human")
        if asked.manual_points:
            practice.solution(attempt, part_id)
            practice.self_mark(attempt, part_id, [criterion.points for criterion in asked.criteria])
    state = practice.state(attempt)
    assert state.points == state.worth == attempt.exercise.points
    assert state.finished is not None


def test_the_mark_is_the_grader_s(practice: Practice) -> None:
    attempt = practice.start("dropout")
    mistaken = {mistake.name: answers for mistake, answers in attempt.variant.mistaken_answers()}
    text = typed(mistaken["weights left out"]["y_drop"])
    given = practice.check(attempt, "y_drop", text)
    assert given.marked == Grader(attempt.variant, Entry(attempt.problem)).mark("y_drop", text)
    assert given.marked.diagnosis == ("weights left out",)
    assert practice.state(attempt).parts["y_drop"].latest == given


def test_earlier_answers_are_followed_through(practice: Practice) -> None:
    attempt = practice.start("layer-norm", guided=True)
    values = attempt.variant.values
    practice.check(attempt, "mean", typed(values.mean))
    wrong = tuple(variance * 5 / 4 for variance in values.variance)
    assert practice.check(attempt, "variance", typed(wrong)).marked.diagnosis == ("sample variance",)
    from_wrong = attempt.problem.graph.with_values(values, {"variance": wrong})
    given = practice.check(attempt, "output", typed(from_wrong.output))
    assert (given.marked.status, given.marked.points) == ("partial", 1)  # of 2 on a guided sheet
    assert "The first step that went wrong is your $\\sigma^2$ (part (b))" in given.marked.message
    assert given.earlier == {"mean": typed(values.mean), "variance": typed(wrong)}


def test_working_within_a_part_is_used(practice: Practice) -> None:
    attempt = practice.start("dropout")
    values = attempt.variant.values
    from_wrong = attempt.problem.graph.with_values(values, {"correction": values.correction + 1})
    given = practice.check(
        attempt, "y_corr", typed(from_wrong.y_corr), {"correction": typed(from_wrong.correction), "keep": " "}
    )
    assert given.marked.points == 1
    assert given.working == {"correction": typed(from_wrong.correction)}
    with pytest.raises(InputError, match="computes no 'nonsense'"):
        practice.check(attempt, "y_corr", "1", {"nonsense": "1"})


def test_the_same_answer_counts_once(practice: Practice) -> None:
    attempt = practice.start("dropout")
    first = practice.check(attempt, "y_drop", "1000")
    assert practice.check(attempt, "y_drop", "1000") == first
    assert practice.state(attempt).parts["y_drop"].tries == 1
    practice.check(attempt, "y_drop", "1001")
    practice.check(attempt, "y_drop", "1000")
    assert practice.state(attempt).parts["y_drop"].tries == 3


def test_two_tabs_send_the_same_at_once(practice: Practice) -> None:
    attempt = practice.start("dropout")
    ready = threading.Barrier(4)

    def send() -> None:
        ready.wait()
        practice.check(attempt, "y_drop", "1000")

    tabs = [threading.Thread(target=send) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert practice.state(attempt).parts["y_drop"].tries == 1


def test_the_last_answer_stands_and_the_first_counts(practice: Practice) -> None:
    attempt = practice.start("dropout")
    right = typed(attempt.variant.values.y_drop)
    practice.check(attempt, "y_drop", "1000")
    practice.check(attempt, "y_drop", right)
    part = practice.state(attempt).parts["y_drop"]
    assert part.counted is not None
    assert part.latest_readable is not None
    assert (part.counted.text, part.latest_readable.text, part.tries, part.earned) == ("1000", right, 2, 1)


def test_what_cannot_be_read_is_no_try(practice: Practice) -> None:
    attempt = practice.start("dropout")
    given = practice.check(attempt, "y_drop", "3 + ")
    assert given.marked.status == "invalid"
    part = practice.state(attempt).parts["y_drop"]
    assert (part.latest, part.latest_readable, part.counted, part.tries) == (given, None, None, 0)


HOSTILE = [
    "'; DROP TABLE answers; --",
    "<script>alert(1)</script>",
    "\ud800",
    "\0",
    "{{ 7*7 }}",
    "__import__('os')",
    "🎓",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_answers_are_kept_as_they_are(practice: Practice, text: str) -> None:
    attempt = practice.start("dropout")
    kept = text.encode("utf-8", "replace").decode()
    assert practice.check(attempt, "y_drop", text).marked.status in ("invalid", "wrong")
    assert practice.check(attempt, "closeness", text).text == kept
    assert practice.check(attempt, "claims", "T T", reasons=text).reasons == kept
    latest = practice.state(attempt).parts["y_drop"].latest
    assert latest is not None
    assert latest.text == kept


def test_what_is_too_long_is_refused(practice: Practice) -> None:
    attempt = practice.start("dropout")
    with pytest.raises(InputError, match=f"at most {MAX_ANSWER} characters; got {MAX_ANSWER + 1}"):
        practice.check(attempt, "closeness", "x" * (MAX_ANSWER + 1))


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60) | st.from_regex(r"[-0-9/√*+(). \[\],;^]{1,30}"),
    part=st.sampled_from(["y_drop", "claims", "closeness"]),
)
def test_any_text_is_marked_and_kept(practice: Practice, text: str, part: str) -> None:
    kept = practice.unfinished()
    attempt = kept[0] if kept else practice.start("dropout")
    given_answer = practice.check(attempt, part, text)
    assert given_answer.marked.status in ("correct", "partial", "wrong", "invalid", "human")
    latest = practice.state(attempt).parts[part].latest
    assert latest is not None
    assert latest.text == text.encode("utf-8", "replace").decode()


# --------------------------------------------------------------------------------------------------- help


def test_each_hint_takes_its_share(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    key = attempt.part("output").question.key
    assert key is not None
    first = practice.hint(attempt, "output")
    assert (first.number, first.total) == (1, 4)
    assert first.blocks != key.steps[0]
    given_answer = practice.check(attempt, "output", typed(attempt.variant.values.output))
    assert (given_answer.marked.points, given_answer.earned) == (6, 4)
    assert given_answer.share == pytest.approx(4 / 5)
    assert [hint.number for hint in practice.hints(attempt, "output")] == [1]


def test_a_hint_after_an_answer_takes_nothing_from_it(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    practice.check(attempt, "output", typed(attempt.variant.values.output))
    practice.hint(attempt, "output")
    assert practice.state(attempt).parts["output"].earned == 6


def test_hints_come_to_an_end(practice: Practice) -> None:
    attempt = practice.start("dropout")
    total = practice.state(attempt).parts["y_drop"].hints_total
    for number in range(1, total + 1):
        assert practice.hint(attempt, "y_drop").number == number
    with pytest.raises(InputError, match="no hint is left"):
        practice.hint(attempt, "y_drop")
    with pytest.raises(InputError, match="this part has no hints"):
        practice.hint(attempt, "closeness")
    answer = practice.check(attempt, "y_drop", typed(attempt.variant.values.y_drop))
    assert answer.share == pytest.approx(1 / 4)  # the answer was still hers to find


def without_steps(values: Values) -> Iterator[Part]:
    """The parts of layer-norm, those on the way without worked steps and hints of their own."""
    for part in find_problem("layer-norm").parts(values):
        yield replace(part, steps=(), hint=None) if part.guided else part


def test_the_hints_of_a_part_without_steps_compute_its_quantity(practice: Practice) -> None:
    practice = Practice(practice.store, [replace(find_problem("layer-norm"), parts=without_steps)])
    attempt = practice.start("layer-norm", seed=3, guided=True)
    hints = [practice.hint(attempt, "variance") for _ in range(3)]
    formulas = [hint.blocks[0].children[0].tex for hint in hints]  # type: ignore[union-attr]
    for formula, variance in zip(formulas, attempt.variant.values.variance, strict=True):
        assert formula.startswith(r"\sigma^2 = \frac{")
        assert not formula.endswith(f"= {variance}")


def test_after_the_solution_nothing_is_earned(practice: Practice) -> None:
    attempt = practice.start("dropout")
    assert practice.solution(attempt, "y_drop").key is not None
    given_answer = practice.check(attempt, "y_drop", typed(attempt.variant.values.y_drop))
    assert (given_answer.marked.status, given_answer.earned, given_answer.after_solution) == ("correct", 0, True)


def test_own_marks(practice: Practice) -> None:
    attempt = practice.start("dropout")
    most = [criterion.points for criterion in attempt.part("closeness").criteria]
    with pytest.raises(InputError, match="before you see the solution"):
        practice.self_mark(attempt, "closeness", most)
    practice.check(attempt, "closeness", "By luck.")
    practice.solution(attempt, "closeness")
    for wrong in ([], [*most, 0], [-1, *most[1:]], [most[0] + 1, *most[1:]]):
        with pytest.raises(InputError, match="expected 0 to"):
            practice.self_mark(attempt, "closeness", wrong)
    practice.self_mark(attempt, "closeness", [0] * len(most))
    assert practice.self_mark(attempt, "closeness", most).points == sum(most)
    with pytest.raises(InputError, match="marked by the program"):
        practice.self_mark(attempt, "y_drop", [1])


def test_what_was_written_after_the_solution_is_not_hers_to_mark(practice: Practice) -> None:
    attempt = practice.start("dropout")
    practice.solution(attempt, "closeness")
    practice.check(attempt, "closeness", "What I read there.")
    with pytest.raises(InputError, match="before you see the solution"):
        practice.self_mark(attempt, "closeness", [1] * len(attempt.part("closeness").criteria))


def test_reasons_are_hers_and_verdicts_are_not(practice: Practice) -> None:
    attempt = practice.start("dropout")
    (reasons,) = attempt.part("claims").criteria
    assert reasons.points == 2
    practice.check(attempt, "claims", answer_text(attempt, "claims"), reasons="So it is.")
    practice.solution(attempt, "claims")
    assert practice.self_mark(attempt, "claims", [1]).points == 3


# ----------------------------------------------------------------------------------------------- attempts


def test_unfinished_attempts_can_be_gone_on_with(tmp_path: Path) -> None:
    clock = Clock()
    practice = practice_in(tmp_path, clock)
    first = practice.start("dropout")
    clock.wait(10)
    second = practice.start("layer-norm")
    assert [attempt.id for attempt in practice.unfinished()] == [second.id, first.id]
    practice.finish(second)
    assert [attempt.id for attempt in practice.unfinished()] == [first.id]
    practice.store.close()


def test_a_state_is_the_same_after_the_program_starts_again(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempt = practice.start("layer-norm", guided=True)
    practice.check(attempt, "mean", typed(attempt.variant.values.mean))
    practice.check(attempt, "variance", "1 2")
    practice.check(attempt, "std", "oops")
    practice.hint(attempt, "output")
    practice.solution(attempt, "normalized")
    before = practice.state(attempt)
    practice.store.close()
    again = practice_in(tmp_path)
    after = again.state(again.load(attempt.id))
    for part_id, part in before.parts.items():
        same = after.parts[part_id]
        assert (same.latest, same.counted, same.earned) == (part.latest, part.counted, part.earned)
        assert (same.hints_shown, same.solution_shown, same.is_done) == (
            part.hints_shown,
            part.solution_shown,
            part.is_done,
        )
    again.store.close()


def test_parameters_are_stored_as_in_a_manifest(practice: Practice) -> None:
    attempt = practice.start("dropout")
    row = practice.store.one("SELECT params FROM attempts")
    assert row is not None
    assert json.loads(row["params"]) == encode(dict(attempt.variant.params))


@pytest.mark.slow
def test_many_attempts_at_hand_are_let_go(practice: Practice) -> None:
    first = practice.start("dropout")
    for _ in range(70):
        practice.start("dropout")
    assert practice.load(first.id) is not first
    assert practice.load(first.id).exercise == first.exercise


def test_stores_are_apart(tmp_path: Path) -> None:
    mine, other = practice_in(tmp_path / "mine"), practice_in(tmp_path / "other")
    attempt = mine.start("dropout")
    with pytest.raises(InputError, match="no such attempt"):
        other.load(attempt.id)
    assert isinstance(mine.store, Store)
    mine.store.close()
    other.store.close()
