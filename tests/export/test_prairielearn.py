"""The course folder of PrairieLearn: marked by a stand-in for it, checked by the rules, and where they are there by PrairieLearn's own programs."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sympy
from click.testing import CliRunner

from generator.cli import main
from generator.export.build import Wanted, build
from generator.export.prairielearn import TARGET, write
from generator.export.target import Options
from generator.export.tree import Computed, Export, Part, Variant
from generator.paper.sheet_file import find_sheet
from tests.export.hostile import WORDS, hostile_tree
from tests.export.prairielearn_numbers import FormatError
from tests.export.prairielearn_stub import Question, read_page
from tests.export.trees import CASES, sheet_of, tree_of

SHARED = Path(__file__).parents[3] / "shared"
ALONE, TOGETHER = Options(), Options(together=True)
QUICK = {("dropout", "standard"), ("norm-backward", "hard"), ("layer-norm", "easy")}
every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [pytest.param(*case, marks=() if case in QUICK else pytest.mark.slow) for case in CASES],
)


def place(files: dict[str, bytes] | Any, folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def course(tree: Export, folder: Path, options: Options = ALONE) -> Path:
    return place(write(tree, options).files, folder)


def decimal(exact: str) -> str:
    return str(sympy.Rational(sympy.N(sympy.sympify(exact), 12)).limit_denominator(10**9))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "course"


# ----------------------------------------------------------------------------------------- round trip of truth


class Typist:
    """Types the numbers of a tree into the fields of a page, which it finds by their order."""

    def __init__(self, question: Question, part: Part) -> None:
        self._fields = question.fields
        self._is_matrix = self._fields[0].name == "pl-matrix-component-input"
        self.exact = self._fields[0].name == "pl-symbolic-input"

    def typed(self, numbers: list[str]) -> dict[str, str]:
        if self._is_matrix:
            name = self._fields[0].attributes["answers-name"]
            return {f"{name}{place}": decimal(one) for place, one in enumerate(numbers, start=1)}
        assert len(self._fields) == len(numbers)
        return {one.attributes["answers-name"]: text for one, text in zip(self._fields, numbers, strict=True)}


@every_case
@pytest.mark.slow
def test_key_and_mistakes_are_marked_as_here(problem: str, level: str, folder: Path) -> None:
    tree = tree_of(problem, level)
    course(tree, folder)
    for part in tree.parts:
        if part.kind == "essay":
            continue
        for seed, variant in enumerate(part.variants):
            question = Question(folder / "questions" / part.id.replace(".", "/"), seed + 2 * len(part.variants))
            assert question.data["params"]["variant"] == variant.id
            if isinstance(variant.answer, Computed):
                numbers_are_marked(question, part, variant)
            else:
                options_are_marked(question, variant.answer)


def numbers_are_marked(question: Question, part: Part, variant: Variant) -> None:
    assert isinstance(variant.answer, Computed)
    typist = Typist(question, part)
    key = [entry.number.exact for entry in variant.answer.entries]
    assert question.submit(typist.typed(key)).score == 1
    wrong = question.submit(typist.typed(["987654321"] * len(key)))
    assert wrong.score == 0
    assert not wrong.feedback.strip()
    if typist.exact:
        assert question.submit(typist.typed([f"7*({one})/7 + 2 - 2" for one in key])).score == 1
        with pytest.raises(FormatError):
            question.submit(typist.typed(["0.5"] * len(key)))
    for mistake in variant.mistakes:
        marked = question.submit(typist.typed([number.exact for number in mistake.numbers]))
        assert float(mistake.share) - 1e-9 <= marked.score < 1, (part.id, mistake.id)
        assert plain_words(mistake.feedback) in " ".join(marked.feedback.split()), (part.id, mistake.id)


def plain_words(blocks: Any) -> str:
    """Return the words before the first formula."""
    found = ""
    for one in blocks[0]["p"]:
        if not isinstance(one, str):
            break
        found += one
    return " ".join(found.split())


def options_are_marked(question: Question, answer: Any) -> None:
    def number(options: list[bool]) -> str:
        return " ".join(str(place) for place, right in enumerate(options) if right)

    if hasattr(answer, "options"):
        keys = [[option.right for option in answer.options]]
    else:
        keys = [[one.verdict, not one.verdict] for one in answer.statements]
    names = [one.attributes["answers-name"] for one in question.fields]
    right = {name: number(key) for name, key in zip(names, keys, strict=True)}
    assert question.submit(right).score == 1
    flipped = {name: number([not one for one in key]) for name, key in zip(names, keys, strict=True)}
    assert question.submit(flipped).score == 0


@pytest.mark.parametrize("problem", ["dropout", pytest.param("model-size", marks=pytest.mark.slow)])
def test_all_parts_together_have_their_points(problem: str, folder: Path) -> None:
    tree = tree_of(problem, "standard")
    course(tree, folder, TOGETHER)
    info = json.loads(next(folder.rglob("infoAssessment.json")).read_bytes())
    (asked,) = info["zones"][0]["questions"]
    question = Question(folder / "questions" / problem, 0)
    variants = json.loads((folder / "questions" / problem / "variants.json").read_bytes())
    answers = {**question.filled, **variants[0]["answers"]}
    for element in question.fields:
        if element.name in ("pl-multiple-choice", "pl-checkbox"):
            flags = [one.attributes["correct"] == "true" for one in element.all("pl-answer")]
            answers[element.attributes["answers-name"]] = str(flags.index(True))
    assert question.submit(answers).score == 1
    weights = [int(one.attributes["weight"]) for one in question.fields]
    for part in tree.parts:
        if part.kind != "number" or {one.id for one in part.variants} != {*tree.problems[0].variants}:
            continue
        place = next(place for place, one in enumerate(tree.problems[0].parts, start=1) if one.id == part.id)
        names = [name for name in answers if name.startswith(f"p{place}y")]
        if len(names) == 1:
            marked = question.submit({**answers, names[0]: "987654321"})
            assert marked.score == pytest.approx(1 - part.points / asked["autoPoints"])
    assert sum(weights) > 0


def test_a_mistake_in_one_of_several_parts_is_named_with_its_label(folder: Path) -> None:
    tree = tree_of("dropout", "standard")
    course(tree, folder, TOGETHER)
    variants = json.loads((folder / "questions/dropout/variants.json").read_bytes())
    question = Question(folder / "questions/dropout", 0)
    mistake = variants[0]["mistakes"][0]
    marked = question.submit({**question.filled, **variants[0]["answers"], **mistake["answers"]})
    assert 0 < marked.score < 1
    label = next(part.label for part in tree.parts if part.id == mistake["part"])
    assert label in marked.feedback


def test_every_variant_of_a_pool_is_drawn(folder: Path) -> None:
    tree = tree_of("dropout", "standard", 4)
    course(tree, folder)
    part = next(part for part in tree.parts if part.kind == "number")
    drawn = {
        Question(folder / "questions" / part.id.replace(".", "/"), seed).data["params"]["variant"] for seed in range(4)
    }
    assert drawn == {one.id for one in part.variants}


def test_only_graders_see_how_words_are_marked(folder: Path) -> None:
    tree = tree_of("dropout", "standard")
    course(tree, folder)
    part = next(part for part in tree.parts if part.kind == "essay")
    question = Question(folder / "questions" / part.id.replace(".", "/"), 0)
    grading = read_page(question.data["params"]["grading"]).text[:30]
    shown = "".join(one.text for one in question.page.all("pl-question-panel"))
    assert grading not in shown
    graders = question.shown(manual_grading=True)
    assert grading in "".join(one.text for one in graders.all("pl-question-panel"))


# --------------------------------------------------------------------------------------------- the files


@cache
def discussion(count: int = 3, parts: tuple[str, ...] = ()) -> Export:
    return build(find_sheet("discussion04"), Wanted(count=count, only=parts, with_png=False))


def test_course_obeys_the_rules(folder: Path) -> None:
    course(discussion(), folder)
    assert TARGET.faults(folder) == []


@pytest.mark.parametrize("file", ["infoCourse", "infoCourseInstance", "infoAssessment", "infoQuestion"])
@pytest.mark.parametrize("options", [Options(), TOGETHER])
def test_files_fit_prairielearns_schemas(file: str, options: Options, folder: Path) -> None:
    schema = SHARED / "schemas/prairielearn" / f"{file}.json"
    if not schema.is_file():
        pytest.skip("PrairieLearn's schemas, which are not ours to give away, are not here")
    jsonschema = pytest.importorskip("jsonschema")
    course(discussion(), folder, options)
    validator = jsonschema.Draft7Validator(json.loads(schema.read_bytes()))
    found = [*folder.rglob(f"{'info' if file == 'infoQuestion' else file}.json")]
    assert found
    for path in found:
        assert [error.message for error in validator.iter_errors(json.loads(path.read_bytes()))] == [], path


def test_points_are_those_of_the_sheet(folder: Path) -> None:
    tree = discussion()
    for options in (Options(), TOGETHER):
        files = write(tree, options).files
        name = next(name for name in files if name.endswith("infoAssessment.json"))
        zones = json.loads(files[name])["zones"]
        points = sum(
            one.get("autoPoints", 0) + one.get("manualPoints", 0) for zone in zones for one in zone["questions"]
        )
        assert points == sum(part.points for part in tree.parts)


def test_a_pool_of_plain_questions_is_chosen_from(folder: Path) -> None:
    tree = tree_of("dropout", "standard")
    pool = replace(tree, problems=(replace(tree.problems[0], pick=2),))
    course(pool, folder, TOGETHER)
    assert TARGET.faults(folder) == []
    (zone,) = json.loads(next(folder.rglob("infoAssessment.json")).read_bytes())["zones"]
    assert zone["numberChoose"] == 2
    assert len(zone["questions"]) == len(tree.problems[0].parts)


def test_same_bytes_and_stable_ids() -> None:
    first, more = write(discussion(2), Options()).files, write(discussion(3), Options()).files
    assert first == write(build(find_sheet("discussion04"), Wanted(count=2)), Options()).files
    assert first.keys() <= more.keys()
    for name in first:
        if name.endswith(("info.json", "infoAssessment.json")):
            assert first[name] == more[name]
        if name.endswith("variants.json"):
            few, many = json.loads(first[name]), json.loads(more[name])
            assert few == many[: len(few)]
    alone = write(discussion(2, ("dropout.y_corr",)), Options()).files
    name = "questions/dropout/y_corr/info.json"
    assert json.loads(alone[name])["uuid"] == json.loads(first[name])["uuid"]
    uuids = [
        json.loads(content)["uuid"]
        for name, content in first.items()
        if Path(name).name.startswith("info") and b'"uuid"' in content
    ]
    assert len({*uuids}) == len(uuids)
    assert all(uuid.UUID(one).version == 5 for one in uuids)


def test_losses_are_counted_in_words() -> None:
    losses = write(discussion(), Options()).losses
    essays = sum(part.kind == "essay" for part in discussion().parts)
    assert f"{essays} essays are to be marked by hand in PrairieLearn" in losses
    assert "2 matrices with more than 12 entries are compared in decimals, not exactly" in losses


def test_shares_hold_without_sentences(folder: Path) -> None:
    tree = tree_of("dropout", "standard")
    course(tree, folder, Options(hints=False, solutions=False))
    for part in tree.parts:
        for variant in part.variants[:1]:
            for mistake in variant.mistakes:
                question = Question(folder / "questions" / part.id.replace(".", "/"), 0)
                marked = question.submit({"y": mistake.numbers[0].exact})
                assert marked.score == pytest.approx(float(mistake.share))
                assert not marked.feedback.strip()
            assert not any(
                True for _ in Question(folder / "questions" / part.id.replace(".", "/"), 0).page.all("pl-answer-panel")
            )


@pytest.mark.slow
def test_pictures_of_solutions_are_no_files(folder: Path) -> None:
    tree = build(sheet_of("linear-layer-gradients"), Wanted(count=1, with_png=True))
    files = write(tree, Options()).files
    asked = {name.rpartition("/")[2].rpartition(".")[0] for name in files if "/clientFilesQuestion/" in name}
    assert asked
    for part in tree.parts:
        for variant in part.variants:
            prompt = json.dumps(variant.prompt)
            public = [
                name.rpartition("/")[2].rpartition(".")[0]
                for name in files
                if name.startswith(f"questions/{part.id.replace('.', '/')}/clientFilesQuestion/")
            ]
            assert all(f'"{one}"' in prompt for one in public)


# ------------------------------------------------------------------------------------------ hostile content


@pytest.mark.parametrize("options", [Options(), TOGETHER])
def test_signs_of_the_platform_come_out_as_themselves(options: Options, folder: Path) -> None:
    course(hostile_tree(), folder, options)
    assert TARGET.faults(folder) == []
    for path in folder.rglob("question.html"):
        question = Question(path.parent, 0)
        shown = question.page.text
        assert WORDS in shown
        for element in question.page.all("pl-answer"):
            assert WORDS in element.text or element.text in ("True", "False")
        # MathJax looks for dollar signs and brackets within one element: none has two, or any beside its own.
        for element in question.page.all("span"):
            if element.attributes.get("class") == "mathjax_ignore":
                assert element.text in ("$", "\\")
        assert not list(question.page.all("b", "script"))
    number = next(path.parent for path in folder.rglob("question.html") if path.parent.name in ("number", "hostile"))
    typed = {one.attributes["answers-name"]: "0" for one in Question(number, 0).fields} | Question(number, 0).filled
    name = next(name for name in typed if name.endswith("y"))
    assert f"M{WORDS}" in Question(number, 0).submit({**typed, name: "2"}).feedback


# --------------------------------------------------------------------------------------------- the checker


def edited(name: str, change: Callable[[Any], None]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = next(folder.rglob(name))
        table = json.loads(path.read_bytes())
        change(table)
        path.write_text(json.dumps(table))

    return edit


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return edit


def key_in_public(folder: Path) -> None:
    (folder / "questions/dropout/y_corr/clientFilesQuestion").mkdir()
    shutil.copy(
        folder / "questions/dropout/y_corr/variants.json", folder / "questions/dropout/y_corr/clientFilesQuestion"
    )


def same_uuid(folder: Path) -> None:
    names = [folder / "questions/dropout" / one / "info.json" for one in ("y_corr", "y_drop")]
    identity = json.loads(names[0].read_bytes())["uuid"]
    table = json.loads(names[1].read_bytes())
    names[1].write_text(json.dumps({**table, "uuid": identity}))


Y_CORR = "questions/dropout/y_corr"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (edited("infoCourse.json", lambda table: table.pop("title")), "'title' is missing"),
        (edited("infoCourse.json", lambda table: table["topics"][0].update(color="mauve")), "color"),
        (edited("infoAssessment.json", lambda table: table.update(colour="red")), "not known"),
        (
            edited("infoAssessment.json", lambda table: table["zones"][0]["questions"][0].update(id="no/such")),
            "no question",
        ),
        (edited("infoAssessment.json", lambda table: table["zones"][0].update(numberChoose=99)), "chooses"),
        (same_uuid, "uuid is that of"),
        (key_in_public, "no picture"),
        (lambda folder: (folder / Y_CORR / "server.py").unlink(), "server.py is missing"),
        (lambda folder: (folder / Y_CORR / "question.html").unlink(), "question.html is missing"),
        (replaced(f"{Y_CORR}/question.html", "{{/rows}}", ""), "ends where it has not begun"),
        (replaced(f"{Y_CORR}/question.html", "</pl-symbolic-input>", ""), "does not end"),
        (replaced(f"{Y_CORR}/question.html", "<pl-symbolic-input", "<pl-exact-input"), "not known"),
        (replaced(f"{Y_CORR}/info.json", '"v3"', '"Calculation"'), "its type"),
        (replaced(f"{Y_CORR}/info.json", '"Dropout"', '"Nothing"'), "no topic"),
        (replaced(f"{Y_CORR}/variants.json", '"share": 0', '"share": 7'), "share"),
        (replaced(f"{Y_CORR}/variants.json", "[", "{"), "no JSON"),
    ],
)
def test_checker_finds_what_is_broken(edit: Callable[[Path], Any], said: str, folder: Path) -> None:
    course(discussion(2, ("dropout",)), folder)
    assert TARGET.faults(folder) == []
    edit(folder)
    assert any(said in fault for fault in TARGET.faults(folder)), TARGET.faults(folder)


@pytest.mark.slow
def test_exporting_again_leaves_no_old_picture_that_students_could_fetch(tmp_path: Path) -> None:
    out = tmp_path / "course"

    def export(*more: object) -> None:
        arguments = [
            "export",
            "prairielearn",
            "convolutions",
            "--open",
            "--variants",
            1,
            "--force",
            "--out",
            out,
            *more,
        ]
        made = CliRunner().invoke(main, list(map(str, arguments)))
        assert made.exit_code == 0, made.output

    export("--seed", 1)
    (out / "questions" / "mine").mkdir()
    (out / "questions" / "mine" / "question.html").write_text("mine")
    before = {one.name for one in out.rglob("clientFilesQuestion/*")}
    export("--seed", 2)
    after = {one.name for one in out.rglob("clientFilesQuestion/*")}
    assert before
    assert not after & before
    assert (out / "questions" / "mine" / "question.html").read_text() == "mine"
