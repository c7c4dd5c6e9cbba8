"""The place in the worked solution where a student went wrong: literal examples, and every mistake of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sympy import Rational, sqrt

from generator import draw_variant
from generator.document.nodes import Strong
from generator.errors import InputError
from generator.grading.grader import Grader
from generator.grading.worked_steps import highlight, leaves, worked_steps
from generator.grading.wrong_step import SolutionLine, WrongStep, find_wrong_step
from generator.numbers import notation
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.problem.catalogue import catalogue, find_problem
from generator.render.renderer import FORMATS, renderer
from tests.practice.student import NAMES, answer_text, practice_in, typed


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = practice_in(tmp_path, problems=[*catalogue()])
    yield made
    made.store.close()


def markdown(blocks: object) -> str:
    return str(renderer(FORMATS["md"]).node(blocks)).strip()


def pointed(line: SolutionLine) -> list[str]:
    """The formulas that a line points at."""
    return [
        markdown(piece.children)
        for block in line.blocks
        for piece in getattr(block, "children", ())
        if isinstance(piece, Strong)
    ]


def words(blocks: object) -> list[str]:
    """The formulas and words of a line."""
    return [getattr(leaf, "tex", "") or leaf.text for leaf in leaves(blocks)]


def wrong_step_of(practice: Practice, attempt: Attempt, part_id: str, text: str) -> WrongStep:
    practice.check(attempt, part_id, text)
    practice.solution(attempt, part_id)
    found = practice.wrong_step(attempt, part_id)
    assert found is not None
    return found


def mistaken(attempt: Attempt, name: str, part_id: str) -> str:
    (values,) = [values for mistake, values in attempt.variant.wrong if mistake.name == name]
    return answer_text(attempt, part_id, values)


def test_nothing_is_shown_before_the_solution(practice: Practice) -> None:
    attempt = practice.start("dropout")
    practice.check(attempt, "y_drop", "1000")
    with pytest.raises(InputError, match="see that first"):
        practice.wrong_step(attempt, "y_drop")


def test_where_nothing_is_wrong_nothing_is_pointed_at(practice: Practice) -> None:
    attempt = practice.start("dropout")
    practice.check(attempt, "y_drop", answer_text(attempt, "y_drop"))
    for part_id in ("y_drop", "y_corr", "closeness", "claims"):
        practice.solution(attempt, part_id)
        assert practice.wrong_step(attempt, part_id) is None


def test_the_sample_variance_is_found_in_the_first_row(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    right = attempt.variant.values.variance
    wrong = [variance * Rational(5, 4) for variance in right]
    found = wrong_step_of(practice, attempt, "output", mistaken(attempt, "sample variance", "output"))
    assert (found.step, found.certain, found.follows) == ("variance", True, "")
    assert "divided by $d - 1$ instead of $d$" in found.message
    assert [line.status for line in found.lines] == ["here", "after", "after"]
    (formula,) = pointed(found.lines[0])
    assert formula.startswith(r"$\sigma^2 = \frac{")
    assert formula.endswith(f"= {right[0]}$")
    assert found.lead == f"That mistake gives ${notation.tex(wrong[0])}$ here; from there it leads to:"
    from_wrong = markdown(found.lines[0].yours)
    assert from_wrong.startswith(rf"so $\sqrt{{\sigma^2 + \varepsilon}} = {notation.tex(sqrt(wrong[0]))}$ and $\hat x")
    assert f"= {notation.tex(wrong[0])}$" not in from_wrong  # the wrong value is not said to come out of the formula


def test_a_mistake_in_one_row_is_found_there_only(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    (wrong,) = [values for mistake, values in attempt.variant.wrong if mistake.name == "no square root"]
    right = attempt.variant.values.output
    found = wrong_step_of(practice, attempt, "output", typed((right[0], wrong.output[1], right[2])))
    assert found.step == "std"
    assert re.search(r"\(in (row 2|entries [(2, 1)3-5and ]+) only\)", found.message)
    assert [line.status for line in found.lines] == ["right", "here", "right"]
    (formula,) = pointed(found.lines[1])
    assert formula == rf"$\sqrt{{\sigma^2 + \varepsilon}} = {notation.tex(attempt.variant.values.std[1])}$"


def test_what_follows_from_a_wrong_value_is_shown(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3, guided=True)
    values = attempt.variant.values
    wrong = (*values.variance[:2], values.variance[2] + 1)
    practice.check(attempt, "variance", typed(wrong))
    found = wrong_step_of(practice, attempt, "output", "; ".join(["1, 2, 3, 4, 5"] * 3))
    assert (found.step, found.certain) == ("variance", True)
    from_wrong = attempt.problem.graph.with_values(values, {"variance": wrong})
    shown = attempt.part("output").answer.shown(from_wrong)
    assert found.follows == shown.tex  # type: ignore[union-attr]
    assert [line.status for line in found.lines] == ["right", "right", "here"]


def test_a_sum_that_lacks_a_term_is_found_at_the_term(practice: Practice) -> None:
    attempt = practice.start("model-size", seed=3)
    found = wrong_step_of(practice, attempt, "parameters", mistaken(attempt, "no biases", "parameters"))
    assert (found.step, found.lead) == ("biases", "That mistake gives $0$ here.")
    assert [line.status for line in found.lines] == ["right", "right", "here", "right", "after"]
    assert pointed(found.lines[2])[0].startswith("$")
    assert "+ 0 +" in markdown(found.lines[4].yours)


def test_of_an_unknown_mistake_only_the_answer_is_pointed_at(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    right = attempt.variant.values.output
    odd = (*right[1][:2], right[1][2] + 100, *right[1][3:])
    found = wrong_step_of(practice, attempt, "output", typed((right[0], odd, right[2])))
    assert (found.step, found.certain) == ("output", False)
    assert [line.status for line in found.lines] == ["right", "here", "right"]
    assert pointed(found.lines[1])[0].startswith(r"$\gamma \odot \hat x + \beta")


def test_of_two_possible_mistakes_nothing_is_said_to_be_given(practice: Practice) -> None:
    """The output of this mask was typed for the expectation: two mistakes lead there, one by way of an open answer."""
    attempt = practice.start("dropout", seed=22, guided=True)
    found = wrong_step_of(practice, attempt, "expected_drop", answer_text(attempt, "y_drop"))
    assert "One of these" in found.message
    assert (found.certain, found.elsewhere, found.lead) == (False, False, "")


def test_what_was_answered_right_before_is_not_where_it_went_wrong(practice: Practice) -> None:
    """The variances of part (b) are right; the output is what the sample variance leads to."""
    attempt = practice.start("layer-norm", seed=3, guided=True)
    text = mistaken(attempt, "sample variance", "output")
    without = wrong_step_of(practice, attempt, "output", text)
    assert without.step == "variance"
    attempt = practice.start("layer-norm", seed=3, guided=True)
    practice.check(attempt, "variance", answer_text(attempt, "variance"))
    found = wrong_step_of(practice, attempt, "output", text)
    assert found.step == "std"
    (line,) = [line for line in found.lines if line.status == "here"]
    assert r"\sqrt{\sigma^2 + \varepsilon}" in pointed(line)[0]


@pytest.mark.parametrize("name", ["dropout", "model-selection"])
def test_what_a_mistake_gives_stands_in_the_marked_formula(practice: Practice, name: str) -> None:
    """The sentence is on that formula, and what follows reads otherwise than the solution."""
    said = 0
    for level in practice.problems[name].levels:
        variant = practice.start(name, level, seed=3).variant
        for _, values in variant.wrong:
            for part in variant.computed_parts():
                assert part.answer is not None
                attempt = practice.start(name, level, seed=3)
                try:
                    text = answer_text(attempt, part.id, values)
                except (ValueError, KeyError):
                    continue
                if practice.check(attempt, part.id, text).marked.status not in ("wrong", "partial"):
                    continue
                found = wrong_step_of(practice, attempt, part.id, text)
                given_ = re.fullmatch(r"That mistake gives \$(.*?)\$ here(\.|; from there it leads to:)", found.lead)
                if given_ is None:
                    continue
                theirs = "".join(markdown(step) for step in worked_steps(variant, part.id, values))
                (line,) = [line for line in found.lines if line.status == "here"]
                assert given_[1] in theirs
                assert bool(line.yours) == (given_[2] != ".")
                assert markdown(line.yours) not in markdown(line.blocks) or not line.yours
                assert all(line.blocks for line in found.lines)
                said += 1
    assert said > 10


@pytest.mark.slow
@pytest.mark.parametrize("name", catalogue())
def test_every_mistake_is_pointed_at(practice: Practice, name: str) -> None:
    """Where the worked steps show a number that the mistake changes, a line is pointed at, and none before it is wrong."""
    shown = 0
    for level in practice.problems[name].levels:
        variant = practice.start(name, level, seed=11).variant
        for mistake, values in variant.wrong:
            for part in variant.computed_parts():
                assert part.answer is not None
                assert part.answer.step is not None
                attempt = practice.start(name, level, seed=11)
                try:
                    text = answer_text(attempt, part.id, values)
                except (ValueError, KeyError):
                    continue  # it leads to no option, or to nothing
                if practice.check(attempt, part.id, text).marked.status not in ("wrong", "partial"):
                    continue
                found = wrong_step_of(practice, attempt, part.id, text)
                theirs = worked_steps(variant, part.id, values)
                ours = worked_steps(variant, part.id, variant.values)
                statuses = [line.status for line in found.lines]
                if found.certain and len(theirs) == len(ours) and theirs != ours:
                    assert "here" in statuses, (mistake.name, part.id)
                    assert "after" not in statuses[: statuses.index("here")], (mistake.name, part.id)
                    shown += 1
                assert statuses.count("here") <= 1
    assert shown > 10


def test_values_that_lead_to_no_option_lead_to_nothing(practice: Practice) -> None:
    attempt = practice.start("model-size", seed=8, guided=True)  # with 0 activations and parameters, both take the same
    for part_id, asked in attempt.parts.items():
        practice.check(attempt, part_id, "B" if asked.kind == "choice" else "0")
    practice.solution(attempt, "memory")
    found = practice.wrong_step(attempt, "memory")
    assert found is not None
    assert (found.step, found.follows) == ("memory", "")  # as the mark says, whose message is about this part
    assert all(line.status == "right" for line in found.lines)


@pytest.mark.slow
@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_answers_can_be_pointed_at(practice: Practice, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    attempt = practice.start(name, guided=True, seed=data.draw(st.integers(0, 20)))
    numbers = st.sampled_from(["0", "1", "-3", "1/2", "sqrt(2)", "7", "0.333"])
    for part_id, asked in attempt.parts.items():
        rows = data.draw(st.sampled_from([1, 3, 5])) if asked.kind == "matrix" else 1
        text = "; ".join(
            ", ".join(data.draw(numbers) for _ in range(data.draw(st.sampled_from([1, 3, 5])))) for _ in range(rows)
        )
        practice.check(attempt, part_id, "B" if asked.kind == "choice" else text)
        practice.solution(attempt, part_id)
        found = practice.wrong_step(attempt, part_id)
        assert found is None or all(line.status in ("right", "here", "after") for line in found.lines)


def test_marking_a_leaf_changes_nothing_else(practice: Practice) -> None:
    attempt = practice.start("dropout")
    (line, *_) = worked_steps(attempt.variant, "y_drop", attempt.variant.values)
    for place in range(len(tuple(leaves(line)))):
        assert markdown(highlight(line, frozenset({place}))).replace("**", "") == markdown(line)


@pytest.mark.parametrize(("typed", "shown"), [("x", r"\text{x}"), ("", r"\square"), ("?!", r"\text{?}")])
def test_a_word_that_is_wrong_missing_or_unreadable_is_shown(typed: str, shown: str) -> None:
    variant = draw_variant(find_problem("language-model-scores"), 3)
    _, *others = variant.values.merges
    found = find_wrong_step(Grader(variant), "merges", ", ".join([typed, *others]))
    assert found is not None
    assert f"${shown}$" in found.lead
