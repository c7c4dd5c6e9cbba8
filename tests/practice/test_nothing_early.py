"""What is shown before a part is solved or given up: never its answer, whatever was checked and whichever hint was asked for.

A value counts as shown where a formula or a word of the page is that value, or has it as one side of an equation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sympy

from generator.document.keyless import without_key
from generator.document.nodes import Display, Math, Text
from generator.grading.nesting import depth_of, entries_of
from generator.grading.worked_steps import leaves, with_values, worked_steps
from generator.numbers import notation
from generator.practice.attempts import Attempt, AttemptPart
from generator.practice.engine import Practice
from generator.practice.store.export import export
from generator.problem.answers import Fields
from generator.problem.catalogue import catalogue
from generator.problem.parts import walk
from generator.problem.problem import Variant
from tests.practice.student import EACH, EACH_MORE, answer_text, practice_in, typed

_SIDES = re.compile(r"=|\\approx|&|\\\\|,|:|\\quad|;|\\to|(?<!\\)\s(?:is|are)\s")


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = practice_in(tmp_path, problems=[*catalogue()])
    yield made
    made.store.close()


def sides(source: Any) -> set[str]:
    """What formulas and words of a document say: each formula and each side of it."""
    found = set()
    for leaf in leaves(source):
        text = leaf.tex if isinstance(leaf, Math | Display) else leaf.text if isinstance(leaf, Text) else ""
        found |= {piece.strip(" $.()[]{}") for piece in (text, *_SIDES.split(text))}
    return found


def message_sides(message: str) -> set[str]:
    """The same of a message in Markdown."""
    return {
        piece.strip(" $.()[]{}") for formula in re.findall(r"\$([^$]+)\$", message) for piece in _SIDES.split(formula)
    } | set(
        re.findall(r"(?<![\w(])-?\d+(?:/\d+)?(?![\w)])", re.sub(r"\$[^$]+\$|\d+ of \d+ \w+|\(in [^)]*\)", "", message))
    )


def printed(value: Any) -> set[str]:
    """How a page would print an answer: a number, or a vector or matrix as a whole."""
    if isinstance(value, sympy.Expr):
        return {notation.tex(value), str(value)}
    if depth_of(value) == 1 and all(isinstance(entry, sympy.Expr) for entry in value) and len(value) > 1:
        return {notation.row(value).strip(" $.()[]{}")}
    return set()


def question_sides(attempt: Attempt) -> set[str]:
    return sides(attempt.exercise.preamble) | sides(tuple(part.body for part in _questions(attempt)))


def _questions(attempt: Attempt) -> Iterator[Any]:
    todo = list(attempt.exercise.parts)
    while todo:
        one = todo.pop(0)
        yield one
        todo += one.parts


def wrong_answers(part: AttemptPart, value: Any) -> Iterator[str]:
    """A number that is wrong, and one with a single wrong entry."""
    if isinstance(value, sympy.Expr):
        yield from ("0", typed(value + 1), typed(-value), typed(2 * value))
    elif part.kind == "words":
        yield from ("q", "q, q, q")
    elif depth_of(value) and (part.kind != "fields" or isinstance(value[0], sympy.Expr)) and part.kind != "subsets":
        yield typed(_one_wrong(value))


def _one_wrong(value: Any) -> Any:
    if isinstance(value, tuple):
        return (_one_wrong(value[0]), *value[1:])
    return value + 1


@pytest.mark.parametrize("name", EACH_MORE)
def test_a_wrong_check_shows_no_answer(practice: Practice, name: str) -> None:
    """With all parts before it right: the message and everything on the page of an attempt is free of the answer."""
    checked = 0
    for seed in (3, 4):
        attempt = practice.start(name, seed=seed, guided=seed == 4)
        shown = question_sides(attempt)
        for part_id, part in attempt.parts.items():
            if part.answer.step is None:
                continue
            value = part.answer.value(attempt.variant.values)
            for text in wrong_answers(part, value):
                marked = practice.check(attempt, part_id, text).marked
                if marked.status == "correct":
                    continue
                checked += 1
                assert not printed(value) & (message_sides(marked.message) - shown), (part_id, text, marked.message)
            practice.check(attempt, part_id, answer_text(attempt, part_id))
    assert checked > 5


@pytest.mark.parametrize("name", EACH_MORE)
def test_no_hint_shows_an_answer(practice: Practice, name: str) -> None:
    """Of a fresh attempt: no hint for any part shows that part's answer, or that of another."""
    for level in practice.problems[name].levels:
        attempt = practice.start(name, level, seed=5)
        shown = question_sides(attempt)
        values = {
            part_id: part.answer.value(attempt.variant.values)
            for part_id, part in attempt.parts.items()
            if part.answer.step is not None
        }
        for part_id in attempt.parts:
            total = practice.state(attempt).parts[part_id].hints_total
            for _ in range(total):
                hint = sides(practice.hint(attempt, part_id).blocks)
                own = printed(values[part_id]) if part_id in values else set()
                assert not own & (hint - shown), (part_id, own)


@pytest.mark.parametrize("name", EACH_MORE)
@pytest.mark.slow
def test_hints_show_no_made_up_number(practice: Practice, name: str) -> None:
    """Of a fresh attempt: each number of a hint stands in the true steps."""
    for level in practice.problems[name].levels:
        attempt = practice.start(name, level, seed=6)
        variant = attempt.variant
        for part_id in attempt.parts:
            true = numbers_in(text_of(worked_steps(variant, part_id, variant.values)))
            for hint in hints_of(practice, attempt, part_id)[1:]:
                assert numbers_in(text_of(hint.blocks)) <= true, (part_id, hint.blocks)


@pytest.mark.parametrize("name", EACH_MORE)
@pytest.mark.slow
def test_nothing_shows_a_number_of_an_open_answer(practice: Practice, name: str) -> None:
    """Fractions and large numbers in the midst of formulas count too: in hints, and in the solution of a part that was given up."""
    for level in practice.problems[name].levels:
        attempt = practice.start(name, level, seed=6)
        question = numbers_in(question_text(attempt))
        answers = {
            part_id: large_numbers(part.answer.value(attempt.variant.values)) - question
            for part_id, part in attempt.parts.items()
            if part.answer.step is not None
        }
        for part_id in attempt.parts:
            shown = numbers_in("\n".join(text_of(hint.blocks) for hint in hints_of(practice, attempt, part_id)))
            assert not shown & set().union(*answers.values()), (level, part_id)
        for part_id in answers:
            given_up = practice.start(name, level, seed=6)
            practice.solution(given_up, part_id)
            others = set().union(*(answers[one] for one in answers if one != part_id)) - answers[part_id]
            shown = numbers_in(text_of(practice.solution_steps(given_up, part_id)))
            assert not shown & others, (level, part_id)


@pytest.mark.parametrize("name", EACH_MORE)
def test_no_words_show_a_number_of_an_open_answer(practice: Practice, name: str) -> None:
    """A model answer is shown as soon as an essay is handed in, and reasons for verdicts with the solution of claims."""
    for level in practice.problems[name].levels:
        for seed in (5, 6, 21):
            attempt = practice.start(name, level, seed=seed)
            question = numbers_in(question_text(attempt))
            computed = [part.answer for part in attempt.parts.values() if part.answer.step is not None]
            answers = set().union(*(large_numbers(answer.value(attempt.variant.values)) for answer in computed))
            for part_id, part in attempt.parts.items():
                if part.kind in ("essay", "claims"):
                    solution = practice.solution_of(attempt, part_id)
                    printed_there = question | numbers_in(text_of(without_key(solution)))  # claims too
                    assert not numbers_in(text_of(solution)) & (answers - printed_there), (level, seed, part_id)


def test_no_completed_drawing_shows_an_open_answer(practice: Practice) -> None:
    """The errors of all penalties are three answers and, in the key, a drawing beside a question in words."""
    attempt = practice.start("l2-regularization", "easy", seed=5)
    practice.solution(attempt, "test")
    assert "34" not in numbers_in(text_of(practice.solution_of(attempt, "test")))
    practice.solution(attempt, "test_error")
    assert "34" in numbers_in(text_of(practice.solution_of(attempt, "test")))


def test_a_model_answer_has_the_numbers_of_parts_that_are_done(practice: Practice) -> None:
    attempt = practice.start("dropout", seed=21)
    whole = attempt.part("train_test").question
    practice.check(attempt, "train_test", "Because it is so.")
    shown = practice.solution(attempt, "train_test")
    assert text_of(shown.key).count("?") == 2
    for part_id in ("y_orig", "expected_corr", "variance_corr"):  # the first two are equal
        practice.check(attempt, part_id, answer_text(attempt, part_id))
    assert text_of(practice.solution(attempt, "train_test").key) == text_of(whole.key)


def hints_of(practice: Practice, attempt: Attempt, part_id: str) -> list[Any]:
    total = practice.state(attempt).parts[part_id].hints_total
    return [practice.hint(attempt, part_id) for _ in range(total)]


def text_of(source: Any) -> str:
    texts = (leaf.tex if isinstance(leaf, Math | Display) else getattr(leaf, "text", "") for leaf in leaves(source))
    return "\n".join(texts)


def question_text(attempt: Attempt) -> str:
    return text_of((attempt.exercise.preamble, *(part.body for part in _questions(attempt))))


def numbers_in(text: str) -> set[str]:
    """The fractions of a text, and the numbers that stand alone."""
    fractions = set(re.findall(r"\\frac\{\d+\}\{\d+\}", text))
    rest = re.sub(r"\\frac\{\d+\}\{\d+\}", " ", text)
    return fractions | set(re.findall(r"(?<![\w.^{])\d+(?:\\,\d{3}|\.\d+)*(?![\w}])", rest))


def large_numbers(value: Any) -> set[str]:
    """The positive fractions and the numbers from 10 on in an answer."""
    numbers = (entry for entry in entries_of(value, depth_of(value)).values() if isinstance(entry, sympy.Expr))
    return {notation.tex(one) for one in numbers if one.is_Rational and one > 0 and (not one.is_Integer or one >= 10)}


def test_a_hint_leaves_out_what_another_open_part_asks_for(practice: Practice) -> None:
    attempt = practice.start("dropout", seed=3)
    values = attempt.variant.values
    hints = [practice.hint(attempt, "y_corr") for _ in range(practice.state(attempt).parts["y_corr"].hints_total)]
    assert not any(str(abs(values.y_drop)) in leaf for hint in hints for leaf in sides(hint.blocks))
    practice.check(attempt, "y_drop", answer_text(attempt, "y_drop"))
    again = practice.hints(attempt, "y_corr")[-1]  # her own answer now stands there
    assert any(str(abs(values.y_drop)) in leaf for leaf in sides(again.blocks))


def test_the_solution_of_a_part_leaves_out_the_answers_to_open_ones(practice: Practice) -> None:
    attempt = practice.start("dropout", seed=3)
    practice.solution(attempt, "y_corr")
    steps = practice.solution_steps(attempt, "y_corr")
    values = attempt.variant.values
    assert any("?" in leaf for leaf in sides(steps))
    assert not any(leaf.endswith(notation.bracketed(values.y_drop)) for leaf in sides(steps))
    assert notation.tex(values.y_corr) in sides(steps)


def test_a_hint_is_not_about_rows_that_are_right(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    output = attempt.variant.values.output
    practice.check(attempt, "output", typed((*output[:2], tuple(entry + 1 for entry in output[2]))))
    first, second = practice.hint(attempt, "output"), practice.hint(attempt, "output")
    assert (first.number, second.number) == (1, 2)
    assert "3" in sides(second.blocks)  # Row 3
    assert practice.state(attempt).parts["output"].next_hint is None


def test_the_export_holds_nothing_that_follows(practice: Practice) -> None:
    """With y_drop right, what follows from it is the answer to y_corr, which was typed wrong."""
    attempt = practice.start("dropout", seed=3)
    practice.check(attempt, "y_drop", answer_text(attempt, "y_drop"))
    assert practice.check(attempt, "y_corr", "1000").marked.expected_from_working is not None
    (exported,) = export(practice.store)["attempts"]
    assert f'"{answer_text(attempt, "y_corr")}"' not in json.dumps(exported["answers"])


def rounded(value: Any) -> str:
    """A value to three decimals, as typed into a grid."""
    found = entries_of(value, depth_of(value))
    text = {index: str(entry) if entry.is_Integer else f"{float(entry):.3f}" for index, entry in found.items()}
    if not depth_of(value):
        return text[()]
    rows: dict[Any, list[str]] = {}
    for index, entry in text.items():
        rows.setdefault(index[:-1], []).append(entry)
    return "; ".join(", ".join(row) for row in rows.values())


@pytest.mark.parametrize("name", EACH)
@pytest.mark.slow
def test_one_wrong_entry_is_one_box_at_its_line(practice: Practice, name: str) -> None:
    """Of answers that are right to three decimals but for one entry, exactly one line is marked: where that entry first shows."""
    marked = 0
    for seed in (3, 4):
        variant = practice.start(name, seed=seed).variant
        for part in walk(variant.parts):
            if part.answer is None or part.answer.step is None:
                continue
            value = part.answer.value(variant.values)
            entries = entries_of(value, depth_of(value))
            is_shapes = isinstance(part.answer, Fields) and depth_of(value) > 1  # each of which is one entry
            if is_shapes or not all(isinstance(entry, sympy.Expr) for entry in entries.values()):
                continue
            for index in list(entries)[:: max(1, len(entries) // 4)]:
                attempt = practice.start(name, seed=seed)
                odd = entries[index] + sympy.Rational(1777, 13)
                wrong = _with(value, index, odd)
                practice.check(attempt, part.id, rounded(wrong))
                practice.solution(attempt, part.id)
                found = practice.wrong_step(attempt, part.id)
                assert found is not None
                here = [number for number, line in enumerate(found.lines) if line.status == "here"]
                assert len(here) == 1, (part.id, index)
                assert here[0] == first_line(variant, part.id, part.answer.step, index, odd), (part.id, index)
                assert f"{float(odd):.3f}".rstrip("0").rstrip(".") in found.lead
                marked += 1
    assert marked > 4


def first_line(variant: Variant, part_id: str, step: str, index: tuple[int, ...], entry: Any) -> int:
    """The first line of the worked solution that reads otherwise with another entry; the last if none does."""
    wrong = with_values(variant.values, {step: _with(variant.values[step], index, entry)})
    pairs = zip(worked_steps(variant, part_id, variant.values), worked_steps(variant, part_id, wrong), strict=True)
    differs = [ours != theirs for ours, theirs in pairs]
    return differs.index(True) if True in differs else len(differs) - 1


def _with(value: Any, index: tuple[int, ...], entry: Any) -> Any:
    if not index:
        return entry
    return (*value[: index[0]], _with(value[index[0]], index[1:], entry), *value[index[0] + 1 :])
