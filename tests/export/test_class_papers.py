"""``--roster`` where a target prints: the papers of a class, and what the platform needs beside them."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from generator.cli import class_exports, main
from generator.errors import InputError
from generator.export.gradescope_rubric import _merged, in_common
from generator.export.rules.gradescope import check
from generator.paper.files import write_files

CLASS = """id,name,section,email,needs
ada,Ada Lovelace,Lab 2,ada@example.edu,
../bob,"Noether, Bob & <b>",Lab 10,bob@example.edu,
zoë,Zoë Æsir,Lab 10,,large
"""
FIXED = ("--layout", "exam", "--fixed")
QUIZ = """title = "Quiz"
layout = "exam"
fixed = true
[[problem]]
id = "dropout"
"""


def worksheet(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def roster(folder: Path, text: str = CLASS) -> Path:
    path = folder / "class.csv"
    path.write_text(text, encoding="utf-8")
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def records(folder: Path) -> Mapping[str, Any]:
    lines = map(json.loads, (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    return {one["student"]["id"]: one for one in lines}


def folders(folder: Path) -> dict[str, str]:
    with (folder / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row["folder"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a class whose papers are marked in Gradescope."""
    place = tmp_path_factory.mktemp("class")
    (place / "quiz.toml").write_text(QUIZ)
    made = worksheet("export", "gradescope", place / "quiz.toml", "--roster", roster(place), "--out", place / "class")
    assert made.exit_code == 0, made.output
    return place / "class"


@pytest.mark.slow
def test_every_student_has_a_paper_with_her_name_and_numbers_of_her_own(kit: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    assert {*records(kit)} == {"ada", "../bob", "zoë"}
    texts = {}
    for student, folder in folders(kit).items():
        pages = pdfium.PdfDocument(kit / folder / "worksheet.pdf")
        texts[student] = pages[0].get_textpage().get_text_range()
    assert "Ada Lovelace" in texts["ada"]
    assert "Noether, Bob & <b>" in texts["../bob"]
    assert len({json.dumps(one["problems"]) for one in records(kit).values()}) == 3
    assert worksheet("verify", kit, "--sheet", kit.parent / "quiz.toml").exit_code == 0


@pytest.mark.slow
def test_the_answers_of_every_student_are_in_the_regions(kit: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    outline = json.loads((kit / "gradescope/outline.json").read_text())
    template = pdfium.PdfDocument(kit / "gradescope/template.pdf")
    for student in ("ada", "../bob"):
        document = pdfium.PdfDocument(kit / folders(kit)[student] / "worksheet.pdf")
        assert len(document) == len(template)
        pages = [page.render(scale=2).to_pil().convert("L") for page in document]
        for part in outline["questions"][0]["parts"]:
            (region,) = part["regions"]
            page = pages[region["page_number"] - 1]
            left, right = (round(region[key] / 100 * page.width) for key in ("x1", "x2"))
            for key in ("y1", "y2"):
                edge = round(region[key] / 100 * page.height)
                strip = page.crop((left + 20, edge - 3, right - 20, edge + 4))
                assert np.asarray(strip).min(axis=0).max() < 235, (student, part["title"])  # a line, all along


@pytest.mark.slow
def test_the_kit_is_what_the_site_and_the_unofficial_program_read(kit: Path) -> None:
    assert list(check(kit / "gradescope")) == []
    assert worksheet("export", "gradescope", kit, "--check").exit_code == 0
    with (kit / "gradescope/roster.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [*rows[0]] == ["First Name", "Last Name", "SID", "Email", "Sections"]
    assert [(row["SID"], row["Email"], row["Sections"]) for row in rows] == [
        ("ada", "ada@example.edu", "Lab 2"),
        ("../bob", "bob@example.edu", "Lab 10"),
        ("zoë", "", "Lab 10"),
    ]
    assert (rows[1]["First Name"], rows[1]["Last Name"]) == ("Bob & <b>", "Noether")
    spec = pytest.importorskip("gscope.spec", reason="gscope-cli is not installed")
    from gscope import setup

    loaded = setup.QuizSetup.load(kit / "gradescope/setup.json")
    assert [one.template.is_file() for one in loaded.assignments] == [True]
    names = json.loads((kit / "gradescope/setup.json").read_text())["rubric"]["map"]
    _, questions = spec.from_markdown((kit / "gradescope/rubric.md").read_text(), {"course_id": 1, **names})
    assert len(questions) == len(json.loads((kit / "gradescope/outline.json").read_text())["questions"][0]["parts"])


@pytest.mark.slow
def test_the_rubric_has_the_mistakes_and_nobodys_numbers(kit: Path) -> None:
    text = (kit / "gradescope/rubric.md").read_text()
    assert "You multiplied by" in text
    for one in records(kit).values():
        for key in one["problems"][0]["answers"].values():
            assert f"Correct: $${key}$$" not in text
    assert text.count("as in the student's key") == text.count("### Q")


@pytest.mark.slow
def test_the_scores_of_the_site_become_marks(kit: Path, tmp_path: Path) -> None:
    outline = json.loads((kit / "gradescope/outline.json").read_text())
    parts = outline["questions"][0]["parts"]
    questions = [f"1.{place}: {part['title']} ({part['weight']}.0 pts)" for place, part in enumerate(parts, start=1)]
    with (tmp_path / "scores.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["First Name", "Last Name", "SID", "Email", "Status", "Submission ID", *questions])
        for student in ("ada", "../bob"):
            table.writerow(["", "", student, "", "Graded", "1", *(part["weight"] for part in parts)])
    sheet = kit.parent / "quiz.toml"
    marked = worksheet("grade", kit, "--marks", tmp_path / "scores.csv", "--out", tmp_path / "out", "--sheet", sheet)
    assert marked.exit_code == 0, marked.output
    with (tmp_path / "out/grades.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["student"]: row for row in csv.DictReader(file)}
    total = sum(part["weight"] for part in parts)
    assert {one: float(found[one]["total"]) for one in ("ada", "../bob")} == {"ada": total, "../bob": total}


@pytest.mark.slow
def test_the_papers_are_those_that_generate_makes(kit: Path, tmp_path: Path) -> None:
    sheet, people = kit.parent / "quiz.toml", kit.parent / "class.csv"
    made = worksheet("generate", sheet, "--roster", people, "--formats", "pdf", "--out", tmp_path / "class")
    assert made.exit_code == 0, made.output
    assert files(tmp_path / "class")["manifest.jsonl"] == files(kit)["manifest.jsonl"]
    added = worksheet("export", "gradescope", sheet, "--roster", people, "--out", tmp_path / "class")
    assert added.exit_code == 0, added.output
    assert files(tmp_path / "class") == files(kit)


@pytest.mark.slow
def test_a_class_stopped_before_its_kit_goes_on(kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the kit is written: the papers are whole, of the kit there is nothing, and the same command makes it."""
    sheet, people = kit.parent / "quiz.toml", kit.parent / "class.csv"
    command = ("export", "gradescope", sheet, "--roster", people, "--out", tmp_path / "class")

    def full(self: Any, written: Mapping[str, bytes]) -> None:
        if any("rubric" in name for name in written):
            raise InputError("cannot write to class: No space left on device", field="--out")
        staged(self, written)

    from generator.paper.files import Writer

    staged = Writer.stage
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "stage", full)
        stopped = worksheet(*command)
    assert stopped.exit_code == 2
    assert "No space left" in stopped.output
    assert not (tmp_path / "class/gradescope").exists()
    assert worksheet("verify", tmp_path / "class", "--sheet", sheet).exit_code == 0
    assert worksheet(*command).exit_code == 0
    assert files(tmp_path / "class") == files(kit)


@pytest.mark.slow
def test_who_joins_the_class_is_in_the_kit(kit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    write_files(tmp_path, {f"class/{name}": content for name, content in files(kit).items()})
    people = roster(tmp_path, CLASS + "eve,Eve Sun,Lab 2,eve@example.edu,\n")
    assert (
        worksheet("export", "gradescope", kit.parent / "quiz.toml", "--roster", people, "--out", folder).exit_code == 0
    )
    before, now = files(kit), files(folder)
    assert now["ada/worksheet.pdf"] == before["ada/worksheet.pdf"]
    assert now["gradescope/template.pdf"] == before["gradescope/template.pdf"]
    assert b"eve@example.edu" in now["gradescope/roster.csv"]


@pytest.mark.slow
def test_what_the_site_cannot_do_for_somebody_is_said(kit: Path, tmp_path: Path) -> None:
    sheet, people = kit.parent / "quiz.toml", kit.parent / "class.csv"
    strict = worksheet("export", "gradescope", sheet, "--roster", people, "--out", tmp_path / "class", "--strict")
    assert strict.exit_code == 1
    assert "zoë: in large print" in strict.output
    assert "zoë: no e-mail address" in strict.output
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--original",), "--original"),
        (("--open",), "--open: the papers of a class are drawn with the course secret"),
        (("--level", "hard"), "--level"),
        (("--avoid", "elsewhere"), "--avoid"),
        (("--variants", "3"), "--variants: every student has one paper"),
    ],
)
@pytest.mark.parametrize("target", ["gradescope", "docx"])
def test_what_a_class_has_no_choice_of_is_refused(
    target: str, options: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    refused = worksheet(
        "export", target, "losses", *FIXED, "--roster", roster(tmp_path), "--out", tmp_path / "class", *options
    )
    assert refused.exit_code == 2
    assert said in refused.output
    assert not (tmp_path / "class").exists()


def test_a_sheet_without_fixed_places_makes_no_papers(tmp_path: Path) -> None:
    refused = worksheet("export", "gradescope", "losses", "--roster", roster(tmp_path), "--out", tmp_path / "class")
    assert refused.exit_code == 2
    assert "--layout exam --fixed" in refused.output
    assert not (tmp_path / "class").exists()


@pytest.mark.slow
def test_a_student_cannot_be_called_as_the_kit(tmp_path: Path) -> None:
    people = roster(tmp_path, "id,name\nGradescope,Ada\n")
    refused = worksheet("export", "gradescope", "losses", *FIXED, "--roster", people, "--out", tmp_path / "class")
    assert refused.exit_code == 2
    assert "the id Gradescope is the name of a file" in refused.output


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "class").write_text("mine")
    refused = worksheet("export", "docx", "losses", "--roster", roster(tmp_path), "--out", tmp_path / "class")
    assert refused.exit_code == 2
    assert (tmp_path / "class").read_text() == "mine"


@pytest.mark.slow
def test_columns_of_a_class_list_are_named(tmp_path: Path) -> None:
    people = roster(tmp_path, "Kennung,Wer\nada,Ada Lovelace\n")
    (tmp_path / "quiz.toml").write_text(QUIZ)
    for target in ("docx", "json"):
        made = worksheet(
            "export", target, tmp_path / "quiz.toml", "--roster", people, "--columns", "id=Kennung,name=Wer", "--out", tmp_path / target,
        )  # fmt: skip
        assert made.exit_code == 0, made.output
        assert [path for path in files(tmp_path / target) if path.startswith("ada")]
    assert worksheet("export", "docx", tmp_path / "quiz.toml", "--columns", "id=Kennung").exit_code == 2


@pytest.mark.slow
def test_a_file_for_word_for_every_student(tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="python-docx is not installed")
    (tmp_path / "quiz.toml").write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\n')
    sheet, out = tmp_path / "quiz.toml", tmp_path / "class"
    made = worksheet("export", "docx", sheet, "--roster", roster(tmp_path), "--out", out)
    assert made.exit_code == 0, made.output
    texts = {}
    for student, folder in folders(out).items():
        for name in ("worksheet.docx", "key.docx"):
            with zipfile.ZipFile(out / folder / name) as archive:
                texts[student, name] = archive.read("word/document.xml").decode()
        assert records(out)[student]["id"].replace("-", "") in texts[student, "worksheet.docx"].replace("-", "")
    assert "Ada Lovelace" in texts["ada", "worksheet.docx"]
    assert "Ada Lovelace" not in texts["../bob", "worksheet.docx"]
    assert len({*texts.values()}) == len(texts)
    assert worksheet("verify", out, "--sheet", sheet).exit_code == 0
    before = files(out)
    assert worksheet("export", "docx", sheet, "--roster", tmp_path / "class.csv", "--out", out).exit_code == 0
    assert files(out) == before


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["You forgot the bias."], "You forgot the bias."),
        (["You took $$3$$ for the stride.", "You took $$5$$ for the stride."], "You took … for the stride."),
        (["You added 3 twice.", "You added 12 twice."], "You added … twice."),
        (["It is $$2$$ or $$3$$ of all.", "It is $$2$$ of all."], "It is … of all."),
        (["$$3$$", "$$4$$"], ""),
        (["Yes, all of them.", "Never."], ""),
    ],
)
def test_what_texts_have_in_common(texts: list[str], found: str) -> None:
    assert in_common(texts) == found
    assert in_common(texts[::-1]) == found


def test_of_several_mistakes_the_first_is_named_where_they_differ() -> None:
    said = ["You took $$3$$ for it; or you forgot $$2$$.", "You took $$4$$ for it."]
    assert [*_merged([(("a", 1), one) for one in said])] == [(1, "You took … for it.")]
    assert [*_merged([(("a", 1), one) for one in (said[0], said[0])])] == [(1, said[0])]
    assert [*_merged([(("no-bias", 1), one) for one in ("Yes, all.", "Never.")])] == [(1, "no bias")]
    assert [*_merged([(("a", 1), "Never."), (("b", 1), "Never."), (("c", 2), "Never.")])] == [
        (1, "Never."),
        (2, "Never."),
    ]


def test_the_options_that_do_not_go_with_a_class_are_options() -> None:
    known = {one.name for one in main.commands["export"].params}
    assert {*class_exports._NOT_OF_A_CLASS} <= known


SUMS = """
from generator import Number, Part, Problem, required, whole

def sample(draw):
    return {"a": draw.integer(1, 9), "b": draw.integer(1, 9)}

def total(a, b):
    return a + b

def parts(v):
    yield Part("total", "Add $<a>$ and $<b>$.", Number("total", "s"), points=int(1 + v.a % 2), steps=["$s = <total>$."])

PROBLEM = Problem(
    id="sums", title="Sums", topic="sums", parameters={"a": required(whole(1, 10)), "b": required(whole(1, 10))}, sample=sample,
    solution=[total], mistakes=[], check=lambda a, b: {"total": b + a}, parts=parts, original={"a": 1, "b": 2}, variants=3,
)
"""


@pytest.mark.slow
def test_papers_that_differ_from_the_template_are_named(tmp_path: Path) -> None:
    """In what a part is worth, and in the number of pages."""
    pikepdf = pytest.importorskip("pikepdf")
    (tmp_path / "sums.py").write_text(SUMS)
    (tmp_path / "quiz.toml").write_text('title = "Q"\nlayout = "exam"\nfixed = true\n[[problem]]\nfile = "sums.py"\n')
    people = roster(tmp_path, "id,name\n" + "".join(f"s{number},S\n" for number in range(8)))
    out = tmp_path / "class"
    made = worksheet("export", "gradescope", tmp_path / "quiz.toml", "--roster", people, "--out", out)
    assert made.exit_code == 0, made.output
    worth = {student: 1 + int(one["problems"][0]["params"]["a"]) % 2 for student, one in records(out).items()}
    assert {*worth.values()} == {1, 2}
    (said,) = (line for line in made.output.splitlines() if "is worth other points" in line)
    usual = json.loads((out / "gradescope/outline.json").read_text())["questions"][0]["weight"]
    assert [student for student in worth if f"{student}," in said.replace(":", ",")] == [
        student for student in worth if worth[student] != usual
    ]
    from generator.export.gradescope_class import _of_other_length
    from generator.export.target import PrintedClass
    from generator.paper.manifest import raw_records
    from generator.paper.record import read_record
    from generator.paper.sheet_file import find_sheet

    with pikepdf.open(out / "s1/worksheet.pdf", allow_overwriting_input=True) as pdf:
        pages = len(pdf.pages)
        pdf.pages.append(pdf.pages[0])
        pdf.save(out / "s1/worksheet.pdf")
    read = tuple(map(read_record, raw_records(out / "manifest.jsonl")))
    template = (out / "gradescope/template.pdf").read_bytes()
    found = [*_of_other_length(PrintedClass(find_sheet(str(tmp_path / "quiz.toml")), out, read), template)]
    assert found == [f"s1: {pages + 1} pages, where the template has {pages}; upload this by itself"]
