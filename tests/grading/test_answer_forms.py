"""Forms that collect typed answers: what they write is what ``worksheet grade`` reads."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from generator.grading.platforms.tags import Tag, read_tag
from tests.tiny_class import worksheet

SHEET = """title = "Quiz & <b>more</b>"
[[problem]]
id = "dropout"
choices = ["y_drop"]
[[problem]]
id = "model-size"
[[problem]]
id = "dropout"
[[problem]]
id = "norm-axes"
[[problem]]
id = "layer-norm"
"""
ROSTER = 'id,name,email\nu1001,Ada Lovelace,ada@example.edu\n=u1002,"Noether, <Emmy>",emmy@example.edu\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    (folder / "quiz.toml").write_text(SHEET)
    (folder / "class.csv").write_text(ROSTER)
    for name, options in {"class": [], "forms": ["--forms", "2"]}.items():
        result = worksheet(
            "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", "md", "--out", folder / name,
            "--workers", "1", *options,
        )  # fmt: skip
        assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "made")
    return tmp_path / "made"


def form(folder: Path, *options: object) -> Path:
    result = worksheet("form", folder / "quiz.toml", "--in", folder / "class", *options)
    assert result.exit_code == 0, result.output
    return folder / "class"


def answers(folder: Path) -> dict[str, dict[tuple[str, str], str]]:
    """The right answers by student, as they are typed: letters of options are looked up on the key."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        record = json.loads(line)
        theirs = found.setdefault(record["student"]["id"] if record.get("student") else record["form"], {})
        for place, problem in enumerate(record["problems"], start=1):
            for part, value in problem["answers"].items():
                theirs[str(place), part] = typed(value)
            for part, letters in problem["letters"].items():
                theirs[str(place), part] = ", ".join("ABCDEFGH"[place] for place in letters["right"])
    return found


def typed(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[" + "; ".join(", ".join(map(str, row)) for row in value) + "]"
    if isinstance(value, list) and all(isinstance(one, bool) for one in value):
        return " ".join("T" if one else "F" for one in value)
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)


def table(content: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def labels(folder: Path) -> dict[tuple[str, str], str]:
    """The id of each part by the number of its problem and its label, as the pasted questions have them."""
    listed = worksheet("form", folder / "quiz.toml", "--in", folder / "class", "--for", "google").output
    found = {}
    for line in listed.splitlines():
        tag = read_tag(line)
        if tag is not None and tag.part:
            place, label = re.match(r"\s*(\d+)((?:\(\w+\))+)", line).groups()  # type: ignore[union-attr]
            found[place, label] = tag.part
    return found


def graded(folder: Path, file: Path, *options: object) -> tuple[Any, list[dict[str, str]]]:
    result = worksheet("grade", folder / "class", file, "--workers", "1", "--out", folder / "out", *options)
    path = folder / "out" / "grades.csv"
    return result, table(path.read_bytes()) if path.exists() else []


def all_right(row: dict[str, str]) -> bool:
    """Whether all that is not left to a person was right."""
    return float(row["total"]) + int(row["left to a person"]) == int(row["of"])


def test_the_table_filled_in_is_what_grade_reads(folder: Path) -> None:
    made = form(folder, "--formats", "csv")
    right, names = answers(made), labels(folder)
    rows = table((made / "answers.csv").read_bytes())
    assert {row["student"] for row in rows} == {"u1001", "'=u1002"}
    filled = io.StringIO(newline="")
    writer = csv.DictWriter(filled, rows[0])
    writer.writeheader()
    for row in rows:
        row["answer"] = right[row["student"].removeprefix("'")][row["problem"], names[row["problem"], row["part"]]]
        writer.writerow(row)
    (folder / "filled.csv").write_text(filled.getvalue())
    result, grades = graded(folder, folder / "filled.csv")
    assert result.exit_code == 0, result.output
    assert len(grades) == 2
    assert all(map(all_right, grades)), grades
    assert all(int(row["left to a person"]) for row in grades)
    essays = {"closeness", "train_test", "softmax", "memory_reason", "single_example"}
    assert not [
        row for row in rows if names[row["problem"], row["part"]] in essays
    ]  # an empty row would say: nothing was written


def test_the_workbook_filled_in_is_what_grade_reads(folder: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    made = form(folder, "--formats", "xlsx")
    before = (made / "answers.xlsx").read_bytes()
    assert form(folder, "--formats", "xlsx")
    assert (made / "answers.xlsx").read_bytes() == before
    right, names = answers(made), labels(folder)
    book = openpyxl.load_workbook(made / "answers.xlsx")
    header, *rows = book.active.iter_rows()
    where = {cell.value: place for place, cell in enumerate(header)}
    for row in rows:
        student = row[where["student"]].value.removeprefix("'")
        problem, part = row[where["problem"]].value, row[where["part"]].value
        assert row[where["answer"]].number_format == "@"  # so that 1/2 does not become a date
        text = right[student][problem, names[problem, part]]
        row[where["answer"]].value = int(text) if text.isdecimal() else text
    book.save(folder / "filled.xlsx")
    result, grades = graded(folder, folder / "filled.xlsx")
    assert result.exit_code == 0, result.output
    assert all(map(all_right, grades)), grades


def test_without_openpyxl_the_remedy_is_said_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    result = worksheet("form", folder / "class", "--formats", "html,xlsx", "--out", folder / "new")
    assert result.exit_code == 2
    assert "pip install 'problemwright[export]', or leave xlsx out of --formats" in result.stderr
    assert not (folder / "new" / "answers.html").exists()


@pytest.mark.parametrize("maker", ["google", "microsoft"])
def test_questions_to_paste_come_back_as_answers(folder: Path, maker: str) -> None:
    listed = worksheet("form", folder / "quiz.toml", "--in", folder / "class", "--for", maker).output
    titles = [line.strip() for line in listed.splitlines() if read_tag(line)]
    tags = [read_tag(title) for title in titles]
    assert tags[:2] == [Tag("student"), Tag("paper")]
    assert Tag("1", "y_corr") in tags
    assert Tag("3", "y_corr") in tags  # a problem that comes twice is named by its place
    assert Tag("layer-norm", "output") in tags
    right = answers(folder / "class")
    places = {"model-size": "2", "norm-axes": "4", "layer-norm": "5"}
    header = (
        ["Timestamp", "Email Address"]
        if maker == "google"
        else ["ID", "Start time", "Completion time", "Email", "Name"]
    )
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*header, *titles])
    for student, theirs in right.items():
        before = (
            ["2026/11/02 10:01:44 AM GMT-5", ""]
            if maker == "google"
            else ["1", "11/2/26 9:58:02", "11/2/26 10:04:40", "anonymous", ""]
        )
        typed_in = [theirs.get((places.get(tag.problem, tag.problem), tag.part), "") for tag in tags[2:] if tag]
        writer.writerow([*before, student, "", *typed_in])
    (folder / "answers.csv").write_text(file.getvalue())
    result, grades = graded(folder, folder / "answers.csv")
    assert result.exit_code == 0, result.output
    assert all(map(all_right, grades)), grades


def test_questions_in_the_language_of_the_sheet_or_another(folder: Path) -> None:
    listed = worksheet("form", folder / "quiz.toml", "--for", "google", "--language", "de").output
    assert "[Kurzantwort]" in listed
    assert "Matrikelnummer (id student)" in listed
    assert worksheet("form", folder / "quiz.toml", "--for", "google", "--language", "xx").exit_code == 2


def test_a_folder_of_saved_files_is_graded_as_one(folder: Path) -> None:
    saved = folder / "saved"
    saved.mkdir()
    right = answers(folder / "class")
    for number, (student, theirs) in enumerate(right.items()):
        rows = [f'"{"" if student[0].isalnum() else chr(39)}{student}","","1","y_corr","{theirs["1", "y_corr"]}"']
        (saved / f"answers-{number}.csv").write_text(
            '\ufeff"student","paper","problem","part","answer"\r\n' + "\r\n".join(rows)
        )
    (saved / "notes.txt").write_text("no answers")
    (saved / "broken.csv").write_text("student;answer\n")
    (saved / "other.csv").write_text("student,problem,part,answer\nu9,1,y_corr,1\nu1001,9,x,1\nu1001,1,y_corr,17\n")
    result, grades = graded(folder, saved)
    assert result.exit_code == 1
    assert [row["1(b)"] for row in grades] == ["1", "1"]
    assert "REFUSED broken.csv: 2 errors; row 1: expected a column 'problem'" in result.stderr
    assert "REFUSED row 2 of other.csv, column student: no paper here is that of 'u9'" in result.stderr
    assert "REFUSED row 3 of other.csv, student 'u1001'" in result.stderr
    assert "was answered in row 2 of answers-0.csv already" in result.stderr
    (folder / "empty").mkdir()
    assert graded(folder, folder / "empty")[0].exit_code == 2


def test_a_class_with_forms_has_a_row_for_each_student_and_her_form(folder: Path) -> None:
    result = worksheet("form", folder / "quiz.toml", "--in", folder / "forms", "--formats", "csv")
    assert result.exit_code == 0, result.output
    rows = table((folder / "forms" / "answers.csv").read_bytes())
    assert {(row["student"], row["form"]) for row in rows} == {("u1001", "A"), ("'=u1002", "B")}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing-like-it"], "nothing-like-it"),
        (["discussion04", "--formats", "pdf"], "--formats: expected some of csv, xlsx, html; got 'pdf'"),
        (["discussion04", "--in", "nowhere"], "nowhere"),
        (["discussion04", "--out", ""], "expected a folder"),
    ],
)
def test_what_does_not_exist_is_refused(arguments: list[str], told: str) -> None:
    result = worksheet("form", *arguments)
    assert result.exit_code == 2, result.output
    assert told in result.stderr


# ------------------------------------------------------------------------------------ the page


class _Fields(HTMLParser):
    """The fields of a page, the labels, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[dict[str, str]] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self._within_label = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.ids += [found["id"]] if "id" in found else []
        self.loaded += [
            found[name] for name in ("src", "href", "action") if name in found and not found[name].startswith("#")
        ]
        if tag == "label":
            self._within_label += 1
            self.labels.add(found.get("for", ""))
        if tag in ("input", "textarea"):
            self.fields.append({**found, "tag": tag, "labelled": "yes" if self._within_label else ""})

    def handle_endtag(self, tag: str) -> None:
        self._within_label -= tag == "label"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_needs_nothing_else_and_every_field_has_a_label(folder: Path, language: str) -> None:
    text = (form(folder, "--formats", "html", "--language", language) / "answers.html").read_text()
    page = _Fields()
    page.feed(text)
    assert f'<html lang="{language}">' in text
    assert page.loaded == []
    assert "http" not in re.sub(r'xmlns="[^"]*"|http-equiv', "", text)
    assert len(page.ids) == len(set(page.ids))
    for field in page.fields:
        assert field["labelled"] or field["id"] in page.labels, field
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "<b>more" not in text


def test_the_page_has_no_number_of_anybodys_paper(folder: Path) -> None:
    made = form(folder, "--formats", "html")
    text = (made / "answers.html").read_text()
    theirs = json.loads((made / "manifest.jsonl").read_text().splitlines()[0])
    assert theirs["id"] not in text
    for problem in theirs["problems"]:
        for value in problem["answers"].values():
            if isinstance(value, str) and len(value) > 12:
                assert value not in text
    other = worksheet("form", folder / "quiz.toml", "--formats", "html", "--out", folder / "other")
    assert other.exit_code == 0, other.output
    assert "Ada" not in text
