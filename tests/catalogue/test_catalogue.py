"""Checks that every problem must pass, whoever wrote it: written once, run over the whole catalogue."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html import unescape
from itertools import chain, combinations
from typing import Any

import msgspec
import pytest

from generator.document.figures.scene import Scene
from generator.document.keyless import without_key
from generator.document.nodes import KEY, BoxedAnswer, Question
from generator.document.slots import SLOT
from generator.errors import AuditError
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.record import problem_record
from generator.paper.sheet import Entry
from generator.paper.solve import solution
from generator.problem import audit, drawing
from generator.problem.catalogue import catalogue
from generator.problem.mistake import Mistake
from generator.problem.parts import walk
from generator.problem.problem import Problem, Variant
from generator.problem.solution import Values
from generator.problem.words import Claims, Essay
from generator.render.renderer import FORMATS, SVG, figures_in, renderer
from tests.drawn import drawn, printed

SEEDS = range(1, 26)
FEW, OTHERS = range(1, 6), range(6, 26)
"""What of the seeds is rendered or audited in quick tests, and what in slow ones."""

PROBLEMS = list(catalogue().values())
every_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.id)
few_or_others = pytest.mark.parametrize(
    "seeds", [pytest.param(FEW, id="few"), pytest.param(OTHERS, id="others", marks=pytest.mark.slow)]
)
every_mistake = pytest.mark.parametrize(
    ("problem", "mistake"),
    [(problem, mistake) for problem in PROBLEMS for mistake in problem.mistakes],
    ids=lambda item: item.id if isinstance(item, Problem) else item.name.replace(" ", "-"),
)


MAY_BE_PRINTED = 20
"""Characters of a bare answer, such as 16, that may stand in a question or in a drawing's coordinates all the same."""

ENOUGH = 3
"""Refused keys of one mistake, after which it counts as caught."""

SQUARE = {"X": [[1, 2, 6], [0, 3, 3], [5, 5, -1]], "gamma": [2, -1, 3], "beta": [1, 0, -2], "epsilon": 1}
WIDE_LAYERS = {"X": [[1, 2], [3, -1]], "W1": [[1, 2], [3, 1]], "b1": [1, -1], "G": [[1, -1], [2, 1]]}
TWO_ROWS = {"mode": "layer", "X": [[1, 3], [5, 1]], "gamma": [2, -1], "G": [[1, 2], [-1, 1]]}
UNEQUAL_WORDS = {
    **(catalogue()["language-model-scores"].original or {}),
    "corpus": [["ab", 9], ["cde", 1], ["cd", 2], ["fcd", 3]],
    "merge_count": 1,
    "new_word": "abcd",
}
"""One pair occurs most often in the text, and another in most of its words."""

ONES_OWN: dict[str, list[dict[str, Any]]] = {
    "layer-norm": [SQUARE],
    "batch-norm": [SQUARE],
    "linear-layer-gradients": [WIDE_LAYERS],
    "norm-backward": [TWO_ROWS],
    "language-model-scores": [UNEQUAL_WORDS],
}
"""A user's own numbers that let mistakes be made for which hardly a sampled variant has room."""


def variants(problem: Problem, seeds: range = FEW) -> list[Variant]:
    """The variants of some seeds, and with the first of them the printed one."""
    return [*([printed(problem.id)] if 1 in seeds else []), *(drawn(problem.id, seed) for seed in seeds)]


def levels(problem: Problem, seeds: range) -> Iterator[Variant]:
    """Variants of every level, drawn when they are asked for: some mistakes can be made at some levels only."""
    for level in problem.levels:
        for seed in seeds:
            yield drawn(problem.id, seed, level)


@every_problem
def test_second_opinion_confirms_the_printed_numbers(problem: Problem) -> None:
    assert audit.disagreements(printed(problem.id)) == []


@few_or_others
@every_problem
def test_variants_pass_their_audit(problem: Problem, seeds: range) -> None:
    for variant in levels(problem, seeds):
        assert audit.disagreements(variant) == audit.hidden_mistakes(variant) == audit.bad_signature(variant) == []


@every_problem
def test_a_seed_and_a_student_fix_the_variant(problem: Problem) -> None:
    assert drawing.draw_variant(problem, 3).params == drawing.draw_variant(problem, 3).params
    others = {drawing.draw_variant(problem, 3, student).canonical for student in ("", "ada", "grace", "emmy", "sofia")}
    assert len(others) > 1


@few_or_others
@every_problem
def test_variants_differ(problem: Problem, seeds: range) -> None:
    assert len({drawn(problem.id, seed).canonical for seed in seeds}) > 0.9 * len(seeds)


@few_or_others
@every_problem
def test_all_variants_are_equally_hard(problem: Problem, seeds: range) -> None:
    assert problem.signature is not None
    for variant in levels(problem, seeds):
        stated = problem.levels[variant.level].signature
        assert stated
        found = problem.signature(variant.values)
        assert {key: found[key] for key in stated} == stated


@pytest.mark.slow
@every_problem
def test_no_pattern_of_true_and_false_is_likely(problem: Problem) -> None:
    patterns = Counter(
        tuple(part.answer.value(variant.values))
        for variant in variants(problem, SEEDS)[1:]
        for part in walk(variant.parts)
        if isinstance(part.answer, Claims)
    )
    assert all(len(pattern) == 2 for pattern in patterns)
    assert len(patterns) in (0, 4)


@every_problem
def test_levels_are_of_different_difficulty(problem: Problem) -> None:
    signatures = [dict(level.signature) for level in problem.levels.values()]
    assert all(one != other for one, other in combinations(signatures, 2))


@every_mistake
def test_a_key_made_with_a_mistake_is_caught(problem: Problem, mistake: Mistake) -> None:
    """Mutation: with a step replaced by the mistake, the audit must refuse the key."""
    steps = {step.__name__: step for step in problem.solution}
    for name, step in mistake.replaced.items():
        steps[name] = _named(step, name)
    broken = replace(problem, solution=list(steps.values()))
    met = refused = 0
    own = [problem.variant(problem.read(params)) for params in ONES_OWN.get(problem.id, ())]
    for variant in chain(own, variants(problem), levels(problem, FEW), levels(problem, OTHERS)):
        if mistake not in [known for known, _ in variant.wrong]:
            continue
        met += 1
        caught = audit.disagreements(broken.variant(variant.params))
        changed = {known.name: answers for known, answers in variant.mistaken_answers(guided=True)}[mistake.name]
        assert bool(caught) >= bool(changed), f"{variant.params}"
        assert all(finding.is_wrong for finding in caught)
        refused += bool(caught)
        if refused == ENOUGH:
            return
    assert met, "no variant lets this mistake be made"
    assert refused, "the second opinion confirms what this mistake leads to"


def _named(step: Any, name: str) -> Any:
    """The mistake's function under the step's name, so that it can stand in the solution."""

    class Renamed:
        __name__ = name
        __signature__ = __import__("inspect").signature(step)

        def __call__(self, *arguments: Any) -> Any:
            return step(*arguments)

    return Renamed()


@every_problem
def test_drawing_refuses_a_wrong_key(problem: Problem) -> None:
    mistake = next(mistake for mistake in problem.mistakes if mistake.applies is None)
    steps = {step.__name__: step for step in problem.solution}
    steps |= {name: _named(step, name) for name, step in mistake.replaced.items()}
    broken = replace(problem, solution=list(steps.values()), mistakes=[])
    with pytest.raises(AuditError, match=rf"{problem.id}, seed 1: "):
        drawing.draw_variant(broken, 1)


@every_problem
def test_a_part_without_a_second_opinion_is_refused(problem: Problem) -> None:
    def silent() -> dict[str, Any]:
        return {}

    mute = replace(problem, check=silent)
    found = audit.disagreements(mute.variant(drawn(problem.id, 1).params))
    asked = {part.id for part in drawn(problem.id, 1).computed_parts(guided=True)}
    assert len(found) == len(asked)
    assert all(finding.is_wrong for finding in found)


@few_or_others
@every_problem
def test_solving_the_stored_parameters_gives_the_stored_values(problem: Problem, seeds: range) -> None:
    for variant in variants(problem, seeds):
        stored = msgspec.to_builtins(problem_record(variant, Entry(problem), exercise(variant, 1)))
        again = json.loads(json.dumps(solution(problem, stored["params"])))
        assert again["params"] == stored["params"]
        assert again["values"] == stored["values"]
        assert again["answers"] == stored["answers"]


@few_or_others
@every_problem
def test_part_ids_are_unique_and_points_add_up(problem: Problem, seeds: range) -> None:
    for variant in variants(problem, seeds):
        ids = [part.id for part in walk(variant.all_parts)]
        assert len(ids) == len(set(ids))
        node = exercise(variant, 1)
        assert node.points == sum(part.worth for part in variant.parts) > 0
        for question in _questions(node):
            assert question.points > 0
            if question.key is not None and question.key.rubric:
                assert sum(line.points for line in question.key.rubric) == question.points


@few_or_others
@every_problem
def test_every_computed_part_has_a_worked_solution(problem: Problem, seeds: range) -> None:
    for variant in variants(problem, seeds):
        assert [part.id for part in variant.computed_parts(guided=True) if not part.steps] == []


@every_problem
def test_each_mistake_shows_in_a_note_of_the_key(problem: Problem) -> None:
    """Or it leads to the root of a large number in all that it changes where it first shows."""
    variant = drawn(problem.id, 1)
    notes = sum(len(question.key.notes) for question in _questions(exercise(variant, 1)) if question.key)
    assert notes == sum(not _leads_to_large_roots(variant, wrong) for _, wrong in variant.wrong)


def _source(content: Any) -> str:
    return str(getattr(content, "text", content)).strip()


def _leads_to_large_roots(variant: Variant, wrong: Values) -> bool:
    answers = [part.answer for part in variant.computed_parts()]
    first = next(one for one in answers if one and one.step in wrong and one.value(wrong) != one.value(variant.values))
    return all(_large_roots(excerpt) for excerpt in first.excerpts(variant.values, wrong))


def _large_roots(tex: str) -> list[str]:
    return [number for number in re.findall(r"\\sqrt\{(\d+)\}", tex) if int(number) > 30]


@few_or_others
@every_problem
def test_no_note_has_the_root_of_a_large_number(problem: Problem, seeds: range) -> None:
    for variant in levels(problem, seeds):
        for guided in (False, True):
            for question in _questions(exercise(variant, 1, Entry(problem, guided=guided))):
                for note in question.key.notes if question.key else ():
                    assert not _large_roots(note.wrong)


@pytest.mark.slow
@every_problem
def test_every_answered_part_has_a_hint_of_its_own(problem: Problem) -> None:
    """A nudge before the worked steps: no step of them, and without a number that is computed."""
    computed = frozenset(problem.graph.names)
    for variant in (printed(problem.id), *levels(problem, SEEDS)):
        for part in walk(variant.all_parts):
            if part.answer is None or isinstance(part.answer, Claims | Essay):
                continue
            assert part.hint is not None, f"{problem.id}, {part.id}"
            text = _source(part.hint)
            assert text not in map(_source, part.steps), f"{problem.id}, {part.id}"
            assert not computed & {slot[1] for slot in SLOT.finditer(text)}, f"{problem.id}, {part.id}"


@few_or_others
@every_problem
def test_no_two_notes_of_a_part_are_for_the_same_answer(problem: Problem, seeds: range) -> None:
    for variant in levels(problem, seeds):
        for question in _questions(exercise(variant, 1)):
            wrong = [note.wrong for note in question.key.notes] if question.key else []
            assert len(wrong) == len(set(wrong)), f"{variant.params}: {question.id}"


@every_problem
def test_feedback_continues_the_sentence(problem: Problem) -> None:
    for mistake in problem.mistakes:
        assert not mistake.feedback[0].isupper(), mistake.name
        assert not mistake.feedback.endswith("."), mistake.name


@few_or_others
@every_problem
def test_every_format_renders_sheet_and_key(problem: Problem, seeds: range) -> None:
    for variant in variants(problem, seeds):
        for guided in (False, True):
            with_key = exercise(variant, 1, Entry(problem, guided=guided))
            for node in (with_key, without_key(with_key)):
                for form in FORMATS.values():
                    text = str(renderer(form).node(node))
                    assert problem.title in text
                    text = unescape(re.sub(r"<[^>]*>", "", text)) if form.name == "html" else text.replace("<<", "")
                    assert not re.search(r"<[a-z_]+(\[\d+\])*(\|\w+)?>", text), "an unfilled slot"
                for scene in figures_in(node).values():
                    assert "<svg" in renderer(SVG).figure(scene)


@few_or_others
@every_problem
def test_the_students_copy_has_no_key(problem: Problem, seeds: range) -> None:
    for variant in variants(problem, seeds):
        with_key = exercise(variant, 1, Entry(problem, guided=True))
        sheet = without_key(with_key)
        assert list(_key_material(sheet)) == []
        assert list(_key_material(with_key)) != []
        hidden = {
            question.key.answer.tex
            for question in _questions(with_key)
            if question.key is not None and isinstance(question.key.answer, BoxedAnswer)
        }
        hidden = {answer for answer in hidden if "=" in answer or len(answer) > MAY_BE_PRINTED}
        texts = [str(renderer(form).node(sheet)) for form in FORMATS.values()]
        shown = FORMATS["html"].filters["formula"]
        hidden |= {str(shown(answer).mathml).removeprefix("<math>").removesuffix("</math>") for answer in hidden}
        texts += [renderer(SVG).figure(scene) for scene in figures_in(sheet).values()]
        for text in texts:
            for answer in hidden:
                assert answer not in text


@few_or_others
@every_problem
def test_only_exact_values(problem: Problem, seeds: range) -> None:
    for variant in variants(problem, seeds):
        assert not re.search(r"\d\.\d", json.dumps(encode(variant.values.computed)))


@every_problem
def test_steps_and_parameters_have_names_of_their_own(problem: Problem) -> None:
    """A step may be called like a parameter only if that may be left out: given, it takes the place of the step."""
    for name in set(problem.graph.names) & set(problem.parameters):
        assert not problem.parameters[name].is_required


def _questions(node: Any) -> Iterator[Question]:
    for part in node.parts:
        yield part
        yield from _questions(part)


def _key_material(node: Any) -> Iterator[Any]:
    """Every non-empty field that only the key may show."""
    if isinstance(node, tuple):
        for child in node:
            yield from _key_material(child)
    elif is_dataclass(node) and not isinstance(node, Scene):
        for field in fields(node):
            value = getattr(node, field.name)
            if field.metadata == KEY and value != field.default:
                yield field.name, value
            else:
                yield from _key_material(value)
