"""A sheet's TOML: what it can say, and how a mistake in it is pointed out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.document.keyless import without_key
from generator.document.nodes import ChoiceSpace, every_question
from generator.errors import InputError, WorksheetError
from generator.paper.generate import generate_sheet
from generator.paper.paper import ORIGINAL, Paper, make_paper
from generator.paper.sheet_file import find_sheet
from generator.problem import drawing
from generator.problem.problem import Variant
from generator.render.renderer import FORMATS, figures_in, renderer

PLAIN = 'title = "Quiz"\n[[problem]]\nid = "layer-norm"\n'


def sheet_file(folder: Path, text: str) -> str:
    path = folder / "quiz.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_built_in_sheet_has_the_five_problems_in_order() -> None:
    assert [entry.problem.id for entry in find_sheet("discussion04").entries] == [
        "model-size",
        "layer-norm",
        "batch-norm",
        "dropout",
        "l2-regularization",
    ]


def test_the_printed_sheet_has_every_sub_part() -> None:
    paper = make_paper(find_sheet("discussion04"), ORIGINAL)
    parts = {
        exercise.id: [part.id for question in exercise.parts for part in (question.parts or (question,))]
        for exercise in paper.document.exercises
    }
    labels = {exercise.id: [question.label for question in exercise.parts] for exercise in paper.document.exercises}
    assert set(parts["model-size"]) >= {"dimensions", "shapes", "logits", "activations", "parameters", "memory"}
    assert labels["model-size"] == ["a", "b", "c", "d", "e"]
    assert parts["layer-norm"] == ["output", "single_example"]
    assert parts["batch-norm"] == ["output", "single_example"]
    assert parts["dropout"] == ["y_drop", "y_corr", "y_orig", "closeness", "train_test"]
    assert parts["l2-regularization"] == ["large_lambda", "small_lambda", "norm", "training", "test"]
    assert labels["l2-regularization"] == ["a", "b", "c"]
    assert [part.label for part in paper.document.exercises[4].parts[2].parts] == ["i", "ii", "iii"]


def test_guided_asks_for_the_intermediate_values(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, PLAIN + "guided = true\n")
    (exercise,) = make_paper(find_sheet(path), 1).document.exercises
    assert [part.id for part in exercise.parts][:5] == ["mean", "variance", "std", "normalized", "output"]


def test_a_problem_that_comes_twice_has_two_sets_of_numbers(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, 'title = "Quiz"\n' + 2 * "[[problem]]\nid = 'model-size'\n")
    paper = make_paper(find_sheet(path), 1)
    assert (
        paper.variants[0].params == drawing.draw_from(find_sheet(path).entries[0].problem, paper.origin.stream).params
    )
    assert paper.variants[0].canonical != paper.variants[1].canonical
    assert len(figures_in(paper.document)) == 2


def test_points_can_be_changed(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, PLAIN + "points = { output = 11 }\n")
    (exercise,) = make_paper(find_sheet(path), 1).document.exercises
    assert exercise.parts[0].points == 11
    assert exercise.points == sum(part.points for part in exercise.parts)


def test_points_of_a_rubric_cannot_be_changed(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, PLAIN + "points = { single_example = 9 }\n")
    with pytest.raises(InputError, match="points: the part 'single_example' is worth 2 by its rubric"):
        make_paper(find_sheet(path), 1)


def test_a_computed_part_as_multiple_choice(tmp_path: Path) -> None:
    text = 'title = "Quiz"\n[[problem]]\nid = "dropout"\nchoices = ["y_corr"]\n'
    sheet = find_sheet(sheet_file(tmp_path, text))
    letters = set()
    for seed in range(1, 9):
        paper = make_paper(sheet, seed)
        question = paper.document.exercises[0].parts[1]
        (space,) = [space for space in question.spaces if isinstance(space, ChoiceSpace)]
        (right,) = space.correct
        letters.add(right)
        value = paper.variants[0].values.y_corr
        assert len(space.options) == len(set(space.options)) == 5
        assert str(value) in str(space.options[right])
        assert question.key is not None
        assert any(note.wrong in {rf"\text{{({letter})}}" for letter in "ABCDE"} for note in question.key.notes)
        assert make_paper(sheet, seed).document == paper.document
    assert len(letters) > 1


def test_follow_ups_can_be_left_out(tmp_path: Path) -> None:
    text = 'title = "Quiz"\nextended = true\n[[problem]]\nid = "dropout"\nwithout = ["expectation", "claims"]\n'
    sheet = find_sheet(sheet_file(tmp_path, text))
    for seed in range(1, 6):
        (exercise,) = make_paper(sheet, seed).document.exercises
        assert [part.id for part in exercise.parts] == [
            "y_drop", "y_corr", "y_orig", "closeness", "train_test", "find_p",
        ]  # fmt: skip
        assert [part.label for part in exercise.parts] == list("abcdef")


FOLLOW_UPS = {
    "model-size": {"probabilities", "break_even", "break_even_adam", "claims"},
    "layer-norm": {"transformed", "claims"},
    "batch-norm": {"running_mean", "running_variance", "inference", "claims"},
    "dropout": {"expected_drop", "variance_drop", "expected_corr", "variance_corr", "find_p", "claims"},
    "l2-regularization": {"theta", "train_error", "test_error", "best_lambda", "gradient_step", "curvature", "claims"},
}


def asked(paper: Paper) -> list[list[str]]:
    """The ids of the parts of each problem that are answered."""
    return [[one.id for one in every_question(exercise) if one.key] for exercise in paper.document.exercises]


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
@pytest.mark.slow
def test_the_sheet_asks_what_the_printed_one_asks_and_follow_ups_only_where_it_is_extended(level: str) -> None:
    plain, extended = find_sheet("discussion04"), find_sheet("discussion04-extended")
    printed = asked(make_paper(plain, ORIGINAL))
    for seed in range(1, 6):
        papers = [
            make_paper(
                replace(sheet, name="one", entries=tuple(replace(one, level=level) for one in sheet.entries)), seed
            )
            for sheet in (plain, extended)
        ]
        assert asked(papers[0]) == printed
        for exercise, few, many in zip(papers[1].document.exercises, printed, asked(papers[1]), strict=True):
            left_out = {"break_even_adam"} if "largest_batch" in many else set()
            absent = {"running_mean", "running_variance"} if level == "easy" else set()
            assert {*many} - {"largest_batch"} == {*few} | FOLLOW_UPS[exercise.id] - left_out - absent
        numbers = [[{**one.params, **words(one)} for one in paper.variants] for paper in papers]
        assert numbers[0] == numbers[1], "the follow-ups change no numbers"


def words(variant: Variant) -> dict[str, None]:
    """The parameters that choose among texts, all of them empty."""
    assert variant.problem.bank is not None
    return dict.fromkeys(variant.problem.bank.contents.groups)


def test_one_problem_of_a_sheet_may_be_extended(tmp_path: Path) -> None:
    text = 'title = "Quiz"\n[[problem]]\nid = "dropout"\nextended = true\n[[problem]]\nid = "layer-norm"\n'
    assert asked(make_paper(find_sheet(sheet_file(tmp_path, text)), 1))[1] == ["output", "single_example"]
    text = 'title = "Quiz"\nextended = true\n[[problem]]\nid = "layer-norm"\nextended = false\n'
    assert asked(make_paper(find_sheet(sheet_file(tmp_path, text)), 1)) == [["output", "single_example"]]


def test_a_follow_up_of_a_sheet_that_is_not_extended_has_no_points(tmp_path: Path) -> None:
    text = 'title = "Quiz"\n[[problem]]\nid = "dropout"\npoints = { find_p = 3 }\n'
    with pytest.raises(InputError, match="'find_p' is a follow-up: it is asked where extended = true"):
        make_paper(find_sheet(sheet_file(tmp_path, text)), 1)


def test_a_group_goes_with_its_last_part(tmp_path: Path) -> None:
    text = 'title = "Quiz"\nextended = true\n[[problem]]\nid = "batch-norm"\nwithout = ["running_mean", "running_variance"]\n'
    (exercise,) = make_paper(find_sheet(sheet_file(tmp_path, text)), 1).document.exercises
    assert [part.id for part in exercise.parts] == ["output", "single_example", "inference", "claims"]


@pytest.mark.parametrize(
    ("problem", "without", "message"),
    [
        ("layer-norm", "output", "'output' of layer-norm cannot be left out, since other parts refer to it"),
        ("l2-regularization", "moderate_lambda", "'moderate_lambda' of l2-regularization cannot be left out"),
        ("l2-regularization", "train_error", "without 'train_error', leave out test_error, best_lambda too"),
        ("dropout", "nope", "has no part 'nope' here; it has y_drop, y_corr, y_orig"),
    ],
)
def test_what_cannot_be_left_out(tmp_path: Path, problem: str, without: str, message: str) -> None:
    text = f'title = "Quiz"\nextended = true\n[[problem]]\nid = "{problem}"\nwithout = ["{without}"]\n'
    with pytest.raises(InputError, match=f"without: .*{message}|without: {message}"):
        make_paper(find_sheet(sheet_file(tmp_path, text)), 1)


def test_a_part_that_only_some_variants_have_may_be_named(tmp_path: Path) -> None:
    text = 'title = "Quiz"\nextended = true\n[[problem]]\nid = "model-size"\npoints = { largest_batch = 9 }\nchoices = ["break_even"]\n'
    sheet = find_sheet(sheet_file(tmp_path, text))
    worth = []
    for seed in range(1, 12):
        (exercise,) = make_paper(sheet, seed).document.exercises
        found = {part.id: part.points for question in exercise.parts for part in (question, *question.parts)}
        worth.append(found.get("largest_batch"))
    assert set(worth) == {9, None}


@pytest.mark.parametrize("part", ["closeness", "nonsense"])
def test_what_cannot_be_multiple_choice(tmp_path: Path, part: str) -> None:
    text = f'title = "Quiz"\n[[problem]]\nid = "dropout"\nchoices = ["{part}"]\n'
    with pytest.raises(InputError, match=f"choices: .*{part}"):
        make_paper(find_sheet(sheet_file(tmp_path, text)), 1)


def test_a_problem_from_a_file_beside_the_sheet(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "from dataclasses import replace\nfrom generator.problem.catalogue import find_problem\n"
        "PROBLEM = replace(find_problem('layer-norm'), id='own-norm', title='Our own norm')\n"
    )
    path = sheet_file(tmp_path, 'title = "Quiz"\n[[problem]]\nfile = "own.py"\n')
    (exercise,) = make_paper(find_sheet(path), 1).document.exercises
    assert (exercise.id, exercise.title) == ("own-norm", "Our own norm")


def test_one_macro_of_ones_own_restyles_one_thing(tmp_path: Path) -> None:
    (tmp_path / "style" / "latex").mkdir(parents=True)
    (tmp_path / "style" / "latex" / "nodes.tex.j2").write_text(
        r"<% macro BoxedAnswer(node) %>\ourframe{<< node.tex|tex >>}<% endmacro %>"
    )
    plain = find_sheet(sheet_file(tmp_path, PLAIN))
    styled = find_sheet(sheet_file(tmp_path, 'templates = "style"\n' + PLAIN))
    before = renderer(FORMATS["tex"], plain.templates).document(make_paper(plain, 1).document)
    after = renderer(FORMATS["tex"], styled.templates).document(make_paper(styled, 1).document)
    assert after.replace("\\ourframe{", "\\answerbox{").split() == before.split()
    assert "\\ourframe{" in after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "is not valid TOML"),
        ("[[problem]]\nid = 'layer-norm'", "title: missing"),
        ("title = 3\n[[problem]]\nid = 'layer-norm'", "title: expected a text; got 3"),
        ("title = 'x'", r"problem: expected at least one \[\[problem\]\]"),
        ("title = 'x'\nproblem = []", "problem: expected at least one"),
        ("title = 'x'\ncolour = 'red'\n[[problem]]\nid = 'layer-norm'", "colour: there is no such key"),
        (PLAIN + "guide = true", "problem 1, guide: there is no such key"),
        (PLAIN + "guided = 'yes'", "problem 1, guided: expected true or false"),
        (PLAIN + "points = 3", "problem 1, points: expected a table"),
        (PLAIN + "points = { output = -1 }", "points.output: expected a whole number"),
        (PLAIN + "file = 'own.py'", "expected either id"),
        ("title = 'x'\n[[problem]]\nfile = 'own.txt'", "expected a Python file"),
        ("title = 'x'\n[[problem]]\nfile = 'own.py'", "there is no problem file"),
        ("title = 'x'\n[[problem]]\nid = 'dropuot'", "did you mean dropout"),
        ("templates = 'nowhere'\n" + PLAIN, "templates: there is no folder"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_sheet(sheet_file(tmp_path, text))


def test_points_for_a_part_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorksheetError, match="no part 'ouptut'"):
        make_paper(find_sheet(sheet_file(tmp_path, PLAIN + "points = { ouptut = 3 }")), 1)


def test_no_such_sheet() -> None:
    with pytest.raises(InputError, match="neither a TOML file nor one of the built-in sheets .*discussion04,"):
        find_sheet("discusion04")


@pytest.mark.parametrize(
    "code", ["raise ValueError('x')", "import nowhere_to_be_found", "def f(:", "PROBLEM = 3", "", "1/0"]
)
def test_a_problem_file_that_cannot_be_loaded(tmp_path: Path, code: str) -> None:
    (tmp_path / "own.py").write_text(code)
    with pytest.raises(WorksheetError, match=r"own\.py"):
        find_sheet(sheet_file(tmp_path, 'title = "Quiz"\n[[problem]]\nfile = "own.py"\n'))


def test_the_students_copy_is_the_key_without_its_answers() -> None:
    paper = make_paper(find_sheet("discussion04"), 4)
    sheet = without_key(paper.document)
    assert not sheet.has_key
    assert sheet.points == paper.document.points
    assert without_key(sheet) == sheet


def test_points_of_a_part_with_parts(tmp_path: Path) -> None:
    path = sheet_file(
        tmp_path, 'title = "Quiz"\nextended = true\n[[problem]]\nid = "dropout"\npoints = { expectation = 6 }\n'
    )
    with pytest.raises(InputError, match="are those of its parts: give expected_drop"):
        make_paper(find_sheet(path), 1)


@pytest.mark.parametrize("text", ["# heading", "Use <x> here.", "costs $5"])
def test_instructions_that_cannot_be_set(tmp_path: Path, text: str) -> None:
    path = sheet_file(tmp_path, f"instructions = '{text}'\n{PLAIN}")
    with pytest.raises(InputError, match=r"quiz\.toml, line 1: instructions: "):
        find_sheet(path)


def test_a_name_too_long_for_any_file() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        find_sheet("x" * 300)


# --------------------------------------------------------------------------- parts that no other part needs


@pytest.mark.parametrize(
    ("problem", "without", "left"),
    [
        ("layer-norm", '"single_example"', ["output", "transformed", "claims"]),
        ("dropout", '"train_test", "find_p"', ["y_drop", "y_corr", "y_orig", "closeness", "expectation", "claims"]),
        ("batch-norm", '"running_mean"', ["output", "single_example", "running_statistics", "inference", "claims"]),
    ],
)
def test_a_printed_part_may_be_left_out_if_no_other_needs_it(
    problem: str, without: str, left: list[str], tmp_path: Path
) -> None:
    text = f'title = "Quiz"\nextended = true\n[[problem]]\nid = "{problem}"\nwithout = [{without}]\n'
    (exercise,) = make_paper(find_sheet(sheet_file(tmp_path, text)), 1).document.exercises
    assert [part.id for part in exercise.parts] == left


@pytest.mark.parametrize(
    ("problem", "without", "message"),
    [
        ("dropout", '"y_drop"', "without 'y_drop', leave out closeness, expectation, claims too"),
        ("model-size", '"intermediate"', "without 'intermediate', leave out memory_comparison too|without 'activations"),
        ("layer-norm", '"single_example", "output", "transformed", "claims"', "no part of layer-norm is left|cannot be left"),
    ],
)  # fmt: skip
def test_a_part_that_others_need_takes_them_along(problem: str, without: str, message: str, tmp_path: Path) -> None:
    text = f'title = "Quiz"\nextended = true\n[[problem]]\nid = "{problem}"\nwithout = [{without}]\n'
    with pytest.raises(InputError, match=message):
        make_paper(find_sheet(sheet_file(tmp_path, text)), 1)


def test_all_that_need_a_part_may_go_with_it(tmp_path: Path) -> None:
    text = 'title = "Quiz"\nextended = true\n[[problem]]\nid = "dropout"\nwithout = ["y_drop", "closeness", "expectation", "claims", "y_orig"]\n'
    (exercise,) = make_paper(find_sheet(sheet_file(tmp_path, text)), 1).document.exercises
    assert [part.id for part in exercise.parts] == ["y_corr", "train_test", "find_p"]


def test_the_words_of_a_sheet_that_no_pdf_can_print_are_refused_with_the_key(tmp_path: Path) -> None:
    for key in ("title", "course", "instructions"):
        text = f'title = "Quiz"\n{key} = "Контрольная"\n[[problem]]\nid = "dropout"\n'
        text = text.replace('title = "Quiz"\n', "", 1) if key == "title" else text
        sheet = find_sheet(sheet_file(tmp_path, text))
        with pytest.raises(InputError, match=rf"line \d: {key}: 'Контрольная' is not in the PDF's fonts"):
            generate_sheet(sheet, 1, ("tex",), tmp_path / "out")
        assert not (tmp_path / "out").exists()
        assert generate_sheet(sheet, 1, ("md", "html"), tmp_path / key).paths
