"""Notebooks: valid, run as they are, and their questions answered by the rules of jupyterquiz."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy

from generator.export.build import Wanted, build
from generator.export.jupyter import MOST_FIELDS, TARGET, write
from generator.export.target import Options
from generator.export.tree import Choice, Claims, Computed, Export, Part, Variant
from generator.paper.students import Student
from tests.export.hostile import WORDS, hostile_tree
from tests.export.trees import CASES, sheet_of, tree_of

QUICK = {("dropout", "standard"), ("norm-backward", "hard"), ("layer-norm", "standard"), ("model-size", "easy")}
every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [pytest.param(*case, marks=() if case in QUICK else pytest.mark.slow) for case in CASES],
)


def notebook(tree: Export, options: Options | None = None) -> dict[str, Any]:
    (content,) = write(tree, options or Options()).files.values()
    found: dict[str, Any] = json.loads(content)
    return found


def quizzes(book: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the questions of each cell by its id, read as Python would."""
    found = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            calls = [node for node in ast.walk(ast.parse("".join(cell["source"]))) if isinstance(node, ast.Call)]
            (call,) = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "display_quiz"]
            found[cell["id"]] = ast.literal_eval(call.args[0])
    return found


def answered(question: dict[str, Any], typed: str) -> tuple[bool, str]:
    """Return whether an answer counts as right, and what is said: the first value or range [a, b[ that it is in, as in jupyterquiz."""
    given = float(Fraction(typed))
    for answer in question["answers"]:
        if answer["type"] == "value" and given == answer["value"]:
            return answer["correct"], answer["feedback"]
        if answer["type"] == "range" and answer["range"][0] <= given < answer["range"][1]:
            return answer["correct"], answer["feedback"]
    return False, next(one["feedback"] for one in question["answers"] if one["type"] == "default")


def forms(number: Any, digits: int) -> Iterator[str]:
    """Yield how a student may type a number: many digits, few, a fraction."""
    yield number.decimal
    if Decimal(number.tolerance):
        yield f"{float(number.decimal):.{digits}g}"
    if sympy.sympify(number.exact).is_Rational:
        yield number.exact


@every_case
def test_key_and_mistakes_are_told_apart(problem: str, level: str) -> None:
    tree = tree_of(problem, level)
    book = notebook(tree)
    found = quizzes(book)
    prompts = {cell["id"]: "".join(cell["source"]) for cell in book["cells"]}
    for part in tree.parts:
        for variant in part.variants:
            questions = found.pop(f"{part.id}-{variant.id}-check".replace(".", "-"), [])
            match variant.answer:
                case Computed():
                    prompt = prompts[f"{part.id}-{variant.id}".replace(".", "-")]
                    digits = re.search(r"at least (\d+) significant digits or as fractions", prompt)
                    assert digits
                    assert int(digits[1]) >= 3
                    numbers_are_marked(part, variant, questions, int(digits[1]))
                case Choice() as choice:
                    (question,) = questions
                    flags = [answer["correct"] for answer in question["answers"]]
                    assert flags == [option.right for option in choice.options]
                case Claims() as claims:
                    assert [one["answers"][0]["correct"] for one in questions] == [
                        one.verdict for one in claims.statements
                    ]
                case _:
                    assert not questions
    assert not found


def numbers_are_marked(part: Part, variant: Variant, questions: list[dict[str, Any]], digits: int) -> None:
    answer = variant.answer
    assert isinstance(answer, Computed)
    count = len(answer.entries)
    assert len(questions) == (answer.columns if count > MOST_FIELDS and part.kind == "matrix" else count)
    for place, question in enumerate(questions):
        key = answer.entries[place].number
        for typed in forms(key, digits):
            assert answered(question, typed)[0], (part.id, typed)
        assert not answered(question, "987654321.5")[0]
        for mistake in variant.mistakes:
            theirs = mistake.numbers[place]
            if abs(Decimal(theirs.decimal) - Decimal(key.decimal)) > Decimal(key.tolerance):
                is_right, said = answered(question, theirs.decimal)
                assert not is_right, (part.id, mistake.id)
                assert said not in ("", "Not right."), (part.id, mistake.id)


def test_notebook_is_valid_and_obeys_the_rules(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    (content,) = write(build(sheet_of("dropout"), Wanted(count=2, with_png=True)), Options()).files.values()
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    nbformat.validate(nbformat.read(path, as_version=4))
    assert TARGET.faults(path) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_notebook_runs(tmp_path: Path) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("jupyterquiz")
    pytest.importorskip("ipykernel")
    (content,) = write(tree_of("dropout", "standard"), Options()).files.values()
    book = nbformat.reads(content.decode(), as_version=4)
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    codes = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(any("html" in str(output) for output in cell.outputs) for cell in codes)


@pytest.mark.slow
def test_pictures_are_attached_with_their_words(tmp_path: Path) -> None:
    tree = build(sheet_of("linear-layer-gradients"), Wanted(count=1, with_png=True))
    (content,) = write(tree, Options()).files.values()
    cells = json.loads(content)["cells"]
    attached = [cell for cell in cells if cell.get("attachments")]
    assert attached
    for cell in attached:
        assert all(f"](attachment:{name})" in "".join(cell["source"]) for name in cell["attachments"])


def test_same_bytes_and_stable_ids() -> None:
    few, many = (notebook(tree_of("dropout", "standard", count)) for count in (1, 3))
    again = notebook(build(sheet_of("dropout"), Wanted(count=1)))
    assert json.dumps(few) == json.dumps(again)
    assert [cell["id"] for cell in few["cells"]] == [
        cell["id"] for cell in many["cells"] if cell["id"] in {one["id"] for one in few["cells"]}
    ]
    ids = [cell["id"] for cell in many["cells"]]
    assert len({*ids}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", one) for one in ids)
    assert all(
        not cell["outputs"] and cell["execution_count"] is None for cell in many["cells"] if cell["cell_type"] == "code"
    )


def test_a_students_notebook_has_her_name() -> None:
    tree = build(sheet_of("dropout"), Wanted(count=1, student=Student(id="ada", name="Ada *Lovelace*")))
    assert "Ada &#42;Lovelace&#42; (ada)" in "".join(notebook(tree)["cells"][0]["source"])


def test_without_hints_and_solutions_nothing_explains() -> None:
    tree = tree_of("dropout", "standard")
    plain, full = notebook(tree, Options(hints=False, solutions=False)), notebook(tree)
    assert "details" in json.dumps(full)
    assert "details" not in json.dumps(plain)
    part = next(part for part in tree.parts if part.kind == "number")
    name = f"{part.id}-{part.variants[0].id}-check".replace(".", "-")
    assert len(quizzes(full)[name][0]["answers"]) > len(quizzes(plain)[name][0]["answers"]) == 2


def rendered(source: str) -> str:
    """Return the words of Markdown as a reader sees them, by a reader of CommonMark and tables."""
    from html.parser import HTMLParser

    from markdown_it import MarkdownIt

    words: list[str] = []

    class Words(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.append(data)

    reader = Words(convert_charrefs=True)
    reader.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(source))
    return "".join(words)


def test_signs_of_the_platform_come_out_as_themselves(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(next(iter(write(hostile_tree(), Options()).files.values())))
    assert TARGET.faults(path) == []
    book = json.loads(path.read_bytes())
    for cell in book["cells"]:
        if (
            cell["id"].startswith("hostile-")
            and cell["cell_type"] == "markdown"
            and not cell["id"].endswith(("answer", "heading"))
        ):
            assert rendered("".join(cell["source"])).count(WORDS) >= 2, cell["id"]
    prompt = "".join(next(cell for cell in book["cells"] if cell["id"] == "hostile-number-AAAAA")["source"])
    outside = re.sub(r"```.*?```|`[^`]*`", "", prompt, flags=re.DOTALL)
    assert outside.count("$") % 2 == 0
    assert r"\Vert x\Vert  \vert y\vert" in prompt
    for questions in quizzes(book).values():
        for question in questions:
            for answer in question["answers"]:
                text = answer.get("answer", "") + answer["feedback"]
                outside = re.sub(r"\$[^$]*\$", "", text)
                assert "$" not in outside
                assert "[" not in outside
                assert "<b>" not in outside


def code(book: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(cell for cell in book["cells"] if cell["cell_type"] == "code")
    return found


def rewritten(old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def edit(book: dict[str, Any]) -> None:
        source = "".join(code(book)["source"])
        assert old in source
        code(book)["source"] = [source.replace(old, new, 1)]

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda book: book.update(nbformat_minor=4), "4.5"),
        (lambda book: book["cells"][1].update(id=book["cells"][0]["id"]), "two cells"),
        (lambda book: book["cells"][1].update(id="a b"), "no id"),
        (lambda book: code(book).update(execution_count=1), "was run"),
        (lambda book: code(book)["metadata"].update(tags=[]), "remove-input"),
        (lambda book: book["cells"][0].update(source=["![](attachment:x.png)"]), "not attached"),
        (rewritten("True", "true"), "no Python literal"),
        (rewritten("'correct': True", "'correct': False"), "0 answers are right"),
        (rewritten("'type': 'numeric'", "'type': 'numeric', 'precision': 3"), "precision"),
        (rewritten("'type': 'numeric'", "'type': 'number'"), "not known"),
        (rewritten("'Right.'", "''"), "no feedback"),
        (rewritten("'type': 'default'", "'type': 'other'"), "default"),
    ],
)
def test_checker_finds_what_is_broken(edit: Callable[[dict[str, Any]], Any], said: str, tmp_path: Path) -> None:
    book = notebook(tree_of("dropout", "standard"))
    edit(book)
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(book))
    assert any(said in fault for fault in TARGET.faults(path)), TARGET.faults(path)
