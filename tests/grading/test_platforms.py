"""Answers as platforms export them: each marks as the same answers in our own form do, and what cannot be used is named by its row."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import Result

from generator.errors import InputError
from generator.grading.platforms.formats import Export
from generator.grading.platforms.owners import ClassPapers
from generator.grading.platforms.read import FORMATS, read_export
from generator.grading.platforms.tags import Tag, read_tag
from generator.grading.platforms.times import in_order
from generator.paper.rebuild import variants_of
from generator.paper.record import variant_letters
from tests.tiny_class import worksheet

SHEET = """title = "Discussion 04"
[[problem]]
id = "layer-norm"
[[problem]]
id = "dropout"
choices = ["y_drop"]
"""
ROSTER = 'id,name,section,email\nu1001,Ada Lovelace,DL-01,ada@example.edu\nu1002,Emmy Noether,DL-01,emmy@example.edu\nu1003,"Turing, Alan",DL-02,alan@example.edu\n'
OUTPUT, DROP, CORR, ORIG, WHY = (
    "layer-norm.output",
    "dropout.y_drop",
    "dropout.y_corr",
    "dropout.y_orig",
    "dropout.closeness",
)
PARTS = (OUTPUT, "layer-norm.single_example", DROP, CORR, ORIG, WHY, "dropout.train_test")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("platforms")
    (folder / "quiz.toml").write_text(SHEET)
    (folder / "class.csv").write_text(ROSTER)
    for name, options in {"class": [], "forms": ["--forms", "2"]}.items():
        result = worksheet(
            "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", "md",
            "--out", folder / name, "--workers", "1", *options,
        )  # fmt: skip
        assert result.exit_code == 0, result.output
    return folder


class Graded:
    """A class's folder, in which files of answers are graded."""

    def __init__(self, made: Path, folder: Path, which: str = "class") -> None:
        self.folder = folder / which
        shutil.copytree(made / which, self.folder)
        self._count = 0
        self.records = [json.loads(line) for line in (self.folder / "manifest.jsonl").read_text().splitlines()]

    def right(self, student: int, part: str) -> str:
        """The right answer of a student, 0 to 2, as plain text: rows of a matrix behind each other."""
        problem, name = part.split(".")
        answers = {one["id"]: one["answers"] for one in self.records[student]["problems"]}
        value = answers[problem][name]
        return ",".join(entry for row in value for entry in row) if isinstance(value, list) else value

    def variant(self, student: int, problem: str) -> str:
        papers = ClassPapers(self.folder)
        record = papers.records[student]
        variants = variants_of(record, papers.sheet_of(record))
        return next(variant_letters(one) for one in variants if one.problem.id == problem)

    def grade(
        self, content: str | bytes, *options: str, name: str = "answers.csv"
    ) -> tuple[Result, dict[str, dict[str, str]]]:
        """The command's result, and the points by student and part."""
        self._count += 1
        out = self.folder.parent / f"out{self._count}"
        path = self.folder.parent / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        result = worksheet("grade", self.folder, path, "--out", out, "--workers", "1", *options)
        if not (out / "grades.csv").exists():
            return result, {}
        rows = csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8-sig")))
        return result, {row["student"] + row["form"]: row for row in rows}


@pytest.fixture
def graded(made: Path, tmp_path: Path) -> Graded:
    return Graded(made, tmp_path)


def table(*rows: Sequence[str], delimiter: str = ",") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def own(*answers: tuple[str, str, str]) -> str:
    rows = [(student, *part.split("."), text) for student, part, text in answers]
    return table(("student", "problem", "part", "answer"), *rows)


def points(grades: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """The points of each student by part, and what is left to a person."""
    return {
        student: [value for name, value in row.items() if name[0].isdigit() or name == "left to a person"]
        for student, row in grades.items()
    }


def canvas(graded: Graded, *, pool: bool = True) -> list[list[str]]:
    variants = {part: [graded.variant(student, part.split(".")[0]) for student in (0, 1)] for part in (OUTPUT, CORR)}
    header = ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt"]
    for number, (part, student) in enumerate([(CORR, 0), (CORR, 1), (OUTPUT, 0)], start=912001):
        header += [
            f"{number}: <p>A unit computes y with x = (2, 1, 3).</p> What is y? (id {part} {variants[part][student]})",
            "2.0",
        ]
    header += ["n correct", "n incorrect", "score"]
    entries = graded.right(0, OUTPUT)
    first, *others = entries.split(",")
    wrong = ",".join([f"{first}+1", *others])
    return [
        header,
        ["Ada Lovelace", "8801", "u1001", "DL-01", "51", "dl-01", "2026-11-02 15:04:40 UTC", "1", graded.right(0, CORR), "0.0", "", "", wrong, "4.0", "1", "1", "4.0"],
        ["Emmy Noether", "8802", "u1002", "DL-01", "51", "dl-01", "2026-11-02 15:05:12 UTC", "1", "", "", "=" + graded.right(1, CORR), "2.0", "", "", "1", "0", "2.0"],
    ]  # fmt: skip


def test_canvas_marks_as_the_same_answers_in_our_own_form(graded: Graded) -> None:
    rows = canvas(graded)
    result, found = graded.grade(table(*rows))
    assert result.exit_code == 0, result.output
    _, wanted = graded.grade(
        own(
            ("u1001", CORR, graded.right(0, CORR)),
            ("u1002", CORR, graded.right(1, CORR)),
            ("u1001", OUTPUT, matrix(rows[1][12])),
        )
    )
    assert points(found) == points(wanted)
    assert found["u1001"]["2(b)"] == found["u1002"]["2(b)"] == "1"
    assert found["u1001"]["1(a)"] == "5"  # one of fifteen entries is wrong


def matrix(entries: str) -> str:
    cells = entries.split(",")
    return "[" + "; ".join(", ".join(cells[start : start + 5]) for start in range(0, 15, 5)) + "]"


def test_of_several_attempts_in_canvas_the_last_by_its_number_counts(graded: Graded) -> None:
    header, ada, _ = canvas(graded)
    second = [*ada[:6], "3. marraskuuta", "2", "17", *ada[9:]]
    test_student = ["Student, Test", "8999", "", "DL-01", "", "", "", "1", "5", *ada[9:]]
    result, found = graded.grade(table(header, second, ada, test_student))
    assert result.exit_code == 0, result.output
    assert found["u1001"]["2(b)"] == "0"
    assert "note: row 3, student 'u1001': an earlier answer, in place of which that in row 2 counts" in result.stderr
    assert "note: row 4: skipped, a test student" in result.stderr
    _, first = graded.grade(table(header, second, ada), "--attempt", "first")
    assert first["u1001"]["2(b)"] == "1"


def google(graded: Graded) -> list[list[str]]:
    return [
        ["Timestamp", "Email Address", "Score", "Paper id", f"1(a) Layer normalization (id {OUTPUT})", f"2(a) Dropout (id {DROP})", f"2(b) Dropout (id {CORR})", f"Why (id {WHY})"],
        ["2026/11/02 10:01:44 AM GMT-5", "ada@example.edu", "0 / 0", graded.records[0]["id"], matrix(graded.right(0, OUTPUT)), "A", "28/3", "It does not matter."],
        ["2026/11/02 10:09:30 AM GMT-5", "Emmy@Example.edu", "0 / 0", graded.records[1]["id"].lower(), "", "", "=" + graded.right(1, CORR), "Nothing: inputs pass unchanged."],
        ["2026/11/02 10:02:10 AM GMT-5", "emmy@example.edu", "0 / 0", "", "", "", "17", "A mask is drawn."],
    ]  # fmt: skip


def test_google_forms_the_latest_answer_counts_and_the_earlier_is_named(graded: Graded) -> None:
    result, found = graded.grade(table(*google(graded)))
    assert result.exit_code == 0, result.output
    assert found["u1001"]["1(a)"] == "6"
    assert found["u1002"]["2(b)"] == "1"  # that of 10:09, though it stands above that of 10:02
    assert "note: row 4, student 'u1002': an earlier answer, in place of which that in row 3 counts" in result.stderr
    _, first = graded.grade(table(*google(graded)), "--attempt", "first")
    assert first["u1002"]["2(b)"] == "0"
    _, best = graded.grade(table(*google(graded)), "--attempt", "best")
    assert best["u1002"]["2(b)"] == "1"


@pytest.mark.parametrize("text", ["letter", "text", "lettered"])
def test_options_are_chosen_by_letter_or_by_their_text(graded: Graded, text: str) -> None:
    right = graded.right(0, DROP)
    lines = (graded.folder / "u1001" / "worksheet.md").read_text().splitlines()
    (letter,) = [line[len("- [ ] **(")] for line in lines if line.endswith(f"= {right}$") and line.startswith("- [ ]")]
    answer = {
        "letter": letter,
        "text": rf"\(y_{{\mathrm{{drop}}}} = {right}\)",
        "lettered": f"({letter}) y_{{\\mathrm{{drop}}}} = {right}",
    }[text]
    _, found = graded.grade(
        table(["Timestamp", "Email Address", f"(id {DROP})"], ["2026/11/02 10:01:44 AM", "ada@example.edu", answer])
    )
    assert found["u1001"]["2(a)"] == "1"


def microsoft(graded: Graded) -> list[list[str]]:
    asked = f"2(b) Dropout (id {CORR})"
    return [
        ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time", "Total points", "Quiz feedback", "Student id", "Points - Student id", asked, f"Points - {asked}", f"Feedback - {asked}"],
        ["1", "11/2/26 9:58:02", "11/2/26 10:04:40", "ada@example.edu", "Ada Lovelace", "", "", "", "", "", graded.right(0, CORR), "", ""],
        ["2", "11/2/26 9:59:30", "11/2/26 10:05:12", "anonymous", "", "", "", "", "u1002", "", graded.right(1, CORR), "5", "well done"],
        ["3", "11/2/26 9:59:30", "11/2/26 10:05:12", "anonymous", "", "", "", "", "", "", "9.33", "", ""],
    ]  # fmt: skip


def test_microsoft_forms_an_anonymous_row_is_named(graded: Graded) -> None:
    result, found = graded.grade(table(*microsoft(graded)).encode("utf-8-sig"))
    assert result.exit_code == 1
    assert (found["u1001"]["2(b)"], found["u1002"]["2(b)"]) == ("1", "1")
    assert "REFUSED row 4: nobody is named: the answers are anonymous" in result.stderr


def test_a_workbook_is_read_as_the_csv_is(graded: Graded) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in microsoft(graded):
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in row])
    file = io.BytesIO()
    book.save(file)
    result, found = graded.grade(file.getvalue(), name="answers.xlsx")
    _, wanted = graded.grade(table(*microsoft(graded)))
    assert points(found) == points(wanted)
    assert "REFUSED row 4: nobody is named" in result.stderr


def test_without_openpyxl_a_workbook_is_refused_with_the_remedy(
    graded: Graded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    result, _ = graded.grade(b"PK\x03\x04 something", name="answers.xlsx")
    assert result.exit_code == 2
    assert "pip install 'problemwright[export]'" in result.stderr
    monkeypatch.undo()
    result, _ = graded.grade(b"PK\x03\x04 something", name="answers.xlsx")
    assert result.exit_code == 2
    assert "is a workbook that cannot be read" in result.stderr


def moodle(graded: Graded, *, text: bool = True) -> list[list[str]]:
    entries = "; ".join(f"part {place}: {one}" for place, one in enumerate(graded.right(0, OUTPUT).split(","), start=1))
    questions = [f"Normalize. (id {OUTPUT} {graded.variant(0, 'layer-norm')})", f"What is y? (id {CORR})"]
    rows = [
        ["Last name", "First name", "Email address", "Status", "Started", "Completed", "Duration", "Grade/9.00", "Question 1", "Response 1", "Right answer 1", "Question 2", "Response 2", "Right answer 2"],
        ["Lovelace", "Ada", "ada@example.edu", "Finished", "2 November 2026  9:58 AM", "2 November 2026  10:04 AM", "6 mins 38 secs", "7.00", questions[0], entries, "x", questions[1], graded.right(0, CORR), "12"],
        ["Noether", "Emmy", "emmy@example.edu", "Finished", "2 November 2026  9:58 AM", "2 November 2026  10:04 AM", "6 mins 38 secs", "7.00", questions[0], "-", "x", questions[1], graded.right(1, CORR), "12"],
        ["Turing", "Alan", "alan@example.edu", "In progress", "2 November 2026  9:59 AM", "-", "-", "-", questions[0], "part 1: 1", "-", questions[1], "", "12"],
        ["Overall average", "", "", "", "", "", "", "7.00", "", "", "", "", "", ""],
    ]  # fmt: skip
    return rows if text else [[cell for place, cell in enumerate(row) if place not in (8, 11)] for row in rows]


def test_moodle_responses(graded: Graded) -> None:
    result, found = graded.grade(table(*moodle(graded)).encode("utf-8-sig"))
    _, wanted = graded.grade(
        own(
            ("u1001", OUTPUT, matrix(graded.right(0, OUTPUT))),
            ("u1001", CORR, graded.right(0, CORR)),
            ("u1002", CORR, graded.right(1, CORR)),
        )
    )
    assert points(found) == points(wanted)
    assert found["u1001"]["1(a)"] == "6"
    assert result.exit_code == 1  # Alan's answers were not marked
    assert "REFUSED row 4, student 'u1003': the attempt is 'In progress', and was not marked" in result.stderr
    assert "note: row 5: skipped, not a student" in result.stderr
    assert found["u1003"]["1(a)"] == ""


def test_an_unfinished_attempt_beside_a_finished_one_is_a_note(graded: Graded) -> None:
    rows = moodle(graded)[:3]
    rows.append([*rows[1][:3], "In progress", *rows[1][4:5], "-", *rows[1][6:]])
    result, _ = graded.grade(table(*rows))
    assert result.exit_code == 0, result.output
    assert "note: row 4, student 'u1001': the attempt is 'In progress'" in result.stderr


def test_moodle_without_the_texts_goes_by_the_place_in_the_quiz(graded: Graded) -> None:
    header, *rows = moodle(graded, text=False)
    fourth = [header, *rows]
    fourth[0] = [one.replace("Response 2", "Response 4") for one in header]
    result, found = graded.grade(table(*fourth))
    assert found["u1001"]["2(b)"] == found["u1002"]["2(b)"] == "1"
    assert "note: Response 4 was taken for 2(b), dropout.y_corr, by its place in the quiz" in result.stderr
    _, named = graded.grade(table(header, *rows), "--columns", f"{CORR}=Response 2,ignore=Response 1")
    assert named["u1001"]["2(b)"] == "1"


def test_moodle_in_another_language(graded: Graded) -> None:
    english = {
        "Last name": "Nachname",
        "First name": "Vorname",
        "Email address": "E-Mail-Adresse",
        "Completed": "Beendet",
        "Finished": "Beendet",
        "In progress": "In Bearbeitung",
    }
    german = [
        [english.get(cell, cell.replace("Response", "Antwort").replace("Right answer", "Richtige Antwort").replace("Question", "Frage").replace("part ", "Teil ")) for cell in row]
        for row in moodle(graded)
    ]  # fmt: skip
    result, found = graded.grade(table(*german, delimiter=";"))
    assert points(found) == points(graded.grade(table(*moodle(graded)))[1])
    assert "REFUSED row 4, student 'u1003': the attempt is 'In Bearbeitung'" in result.stderr


def prairielearn(graded: Graded) -> list[list[str]]:
    fields = {
        f"y{place}": {"_type": "sympy", "_value": one, "_variables": []}
        for place, one in enumerate(graded.right(0, OUTPUT).split(","), start=1)
    }
    variant = json.dumps({"variant": graded.variant(0, "dropout"), "prompt": "<p>…</p>"})
    return [
        ["UID", "UIN", "Username", "Name", "Role", "Assessment", "Question", "Variant", "Params", "submission_id", "Submission date", "Submitted answer", "Score"],
        ["ada@example.edu", "", "ada", "Ada Lovelace", "Student", "Quiz 1", "layer-norm/output", "1", "{}", "1", "2026-11-02T10:01:44-0500", json.dumps(fields), "0"],
        ["ada@example.edu", "", "ada", "Ada Lovelace", "Student", "Quiz 1", "dropout/y_corr", "1", variant, "2", "2026-11-02T10:03:44-0500", json.dumps({"y": graded.right(0, CORR)}), "0"],
        ["ada@example.edu", "", "ada", "Ada Lovelace", "Student", "Quiz 1", "dropout/y_corr", "1", variant, "3", "2026-11-02T10:02:44-0500", json.dumps({"y": 17}), "0"],
        ["emmy@example.edu", "u1002", "emmy", "Emmy Noether", "Student", "Quiz 1", "dropout/y_corr", "1", variant, "4", "2026-11-02T10:02:44-0500", json.dumps({"y": 17}), "0"],
        ["prof@example.edu", "", "prof", "Prof", "Staff", "Quiz 1", "dropout/y_corr", "1", "{}", "5", "2026-11-02T10:02:44-0500", json.dumps({"y": 17}), "0"],
        ["emmy@example.edu", "u1002", "emmy", "Emmy Noether", "Student", "Quiz 1", "dropout/y_orig", "1", "{}", "6", "2026-11-02T10:02:44-0500", "{", "0"],
    ]  # fmt: skip


def test_prairielearn_submissions(graded: Graded) -> None:
    result, found = graded.grade(table(*prairielearn(graded)))
    assert result.exit_code == 1
    assert (found["u1001"]["1(a)"], found["u1001"]["2(b)"]) == ("6", "1")
    assert "note: row 4, student 'u1001': an earlier answer, in place of which that in row 3 counts" in result.stderr
    assert "REFUSED row 5, student 'u1002', dropout.y_corr: the answer is to the variant" in result.stderr
    assert "note: row 6: skipped, by the role Staff" in result.stderr
    assert "REFUSED row 7, column Submitted answer: expected JSON; got '{'" in result.stderr


@pytest.mark.parametrize(
    "names",
    [
        ("1(a)", "2(b)"),
        (OUTPUT, CORR),
        ("1a", "Problem 2 (b)"),
        ("output", "y_corr"),
        (f"(id {OUTPUT})", f"x (id {CORR})"),
    ],
)
def test_a_table_with_a_column_a_part(graded: Graded, names: tuple[str, str]) -> None:
    content = table(
        ["Matrikelnummer", "Name", *names],
        ["u1001", "Ada", matrix(graded.right(0, OUTPUT)), graded.right(0, CORR)],
        ["u1002", "Emmy", "", graded.right(1, CORR)],
    )
    result, found = graded.grade(content)
    assert result.exit_code == 0, result.output
    assert (found["u1001"]["1(a)"], found["u1001"]["2(b)"], found["u1002"]["2(b)"]) == ("6", "1", "1")


def test_columns_in_a_language_that_is_not_known_are_named(graded: Graded) -> None:
    content = table(["Õpilane", "Vastus"], ["u1001", graded.right(0, CORR)], ["u1009", "1"])
    result, _ = graded.grade(content, "--from", "google-forms")
    assert result.exit_code == 2
    assert "expected questions that end in their tag" in result.stderr
    assert "--columns" in result.stderr
    result, found = graded.grade(content, "--columns", f"student=Õpilane,{CORR}=Vastus")
    assert found["u1001"]["2(b)"] == "1"
    assert "REFUSED row 3: no paper here is that of 'u1009'" in result.stderr
    assert result.exit_code == 1
    result, _ = graded.grade(content, "--columns", "student=Opilane!,2(b)=Nothing")
    assert "expected a column of the file for 2(b); got 'Nothing'; the file has 'Õpilane', 'Vastus'" in result.stderr


def test_a_question_without_its_tag_is_named(graded: Graded) -> None:
    rows = canvas(graded)
    rows[0][8] = "912001: What is y?"
    result, found = graded.grade(table(*rows))
    assert result.exit_code == 1
    assert "REFUSED row 1, column 9, '912001: What is y?': has no tag" in result.stderr
    assert found["u1002"]["2(b)"] == "1"
    result, _ = graded.grade(table(*rows), "--columns", "ignore=9")
    assert result.exit_code == 0, result.output


def test_a_variant_of_another_paper_is_refused(graded: Graded) -> None:
    other = graded.variant(1, "dropout")
    content = table(
        ["Email", "Timestamp", f"(id {CORR} {other})"],
        ["ada@example.edu", "", "1"],
        ["emmy@example.edu", "", graded.right(1, CORR)],
    )
    result, found = graded.grade(content)
    assert result.exit_code == 1
    assert (
        f"REFUSED row 2, student 'u1001', dropout.y_corr: the answer is to the variant {other} of dropout, and the paper of 'u1001' has another"
        in result.stderr
    )
    assert found["u1002"]["2(b)"] == "1"


def test_a_variant_or_a_paper_says_which_form_was_answered(made: Path, tmp_path: Path) -> None:
    graded = Graded(made, tmp_path, "forms")
    variants = [graded.variant(form, "dropout") for form in (0, 1)]
    header = ["student id", "Timestamp", "paper", *(f"(id {CORR} {one})" for one in variants), f"(id {ORIG})"]
    content = table(
        header,
        ["u1001", "", "", "", graded.right(1, CORR), ""],
        ["u1002", "", graded.records[0]["id"], "", "", graded.right(0, ORIG)],
        ["u1003", "", "B", "", "", graded.right(1, ORIG)],
        ["u1003", "", "Z", "", "", "1"],
    )
    result, found = graded.grade(content)
    assert found["u1001B"]["2(b)"] == found["u1002A"]["2(c)"] == found["u1003B"]["2(c)"] == "1"
    assert result.exit_code == 1
    assert (
        "REFUSED row 5, student 'u1003': expected the id of a paper, or the letter of a form; got 'Z'" in result.stderr
    )


def test_two_students_of_one_name_are_not_guessed(made: Path, tmp_path: Path) -> None:
    graded = Graded(made, tmp_path)
    lines = (graded.folder / "manifest.jsonl").read_text().replace("Emmy Noether", "Ada Lovelace")
    (graded.folder / "manifest.jsonl").write_text(lines)
    content = table(["Name", f"(id {CORR})"], ["Lovelace, Ada", "1"], ["Alan TURING", "1"])
    result, found = graded.grade(content, "--from", "wide")
    assert "REFUSED row 2: 2 students are called 'Lovelace, Ada'" in result.stderr
    assert found["u1003"]["2(b)"] == "0"


def test_an_ambiguous_file_is_refused_with_the_candidates(graded: Graded) -> None:
    header = ["Timestamp", "student", "problem", "part", "answer"]
    content = table([*header, f"(id {CORR})"], ["", "u1001", "dropout", "y_corr", "1", "2"])
    result, _ = graded.grade(content)
    assert result.exit_code == 2
    assert "answers.csv could be google-forms or worksheet: say which with --from" in result.stderr
    result, found = graded.grade(content, "--from", "worksheet")
    assert result.exit_code == 0, result.output
    assert found["u1001"]["2(b)"] == "0"
    both = table(["Timestamp", "Response 1", "Email"], ["", "1", "ada@example.edu"])
    assert "could be google-forms or moodle-responses" in graded.grade(both)[0].stderr


def test_other_columns_of_our_own_form_are_ignored(graded: Graded) -> None:
    header = ["Timestamp", "student", "problem", "part", "answer", "Response 1"]
    result, found = graded.grade(table(header, ["", "u1001", "dropout", "y_corr", graded.right(0, CORR), "x"]))
    assert result.exit_code == 0, result.output
    assert found["u1001"]["2(b)"] == "1"


def test_a_date_that_a_spreadsheet_has_made_of_a_fraction_is_refused(graded: Graded) -> None:
    result, _ = graded.grade(table(["id", f"(id {CORR})"], ["u1001", "2026-02-01 00:00:00"], ["u1002", "2-Jan"]))
    assert result.exit_code == 1
    assert "REFUSED row 2, student 'u1001', dropout.y_corr: got '2026-02-01 00:00:00', a date" in result.stderr
    assert "REFUSED row 3" in result.stderr


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"\x00" * 50, b"PK\x03\x04", b"Timestamp", b"Timestamp,Email\n", b'Timestamp,"Email\n1,2',
        "Timestamp,(id dropout.y_corr)\n\u202e,\x00\n".encode(), b"ID,Start time,Completion time,Email,Name\n1,2,3,4,5\n",
        b"Timestamp,Email Address,(id \xc3\xa9.\xc3\xa9)\n1,ada@example.edu,1\n", b"UID,Question,Submitted answer\na,b,c\n" * 40,
        b"Response 1,Response 999\n1,2\n", b"name,id,n correct,n incorrect,score\n,,,,\n",
        b"Timestamp,Email Address,(id dropout.y_corr),(id dropout.y_corr)\n1,ada@example.edu,1,2\n", b"[" * 100_000,
    ],
)  # fmt: skip
def test_hostile_files_are_refused_and_nothing_is_written_half(graded: Graded, content: bytes) -> None:
    for options in (
        (),
        ("--from", "google-forms"),
        ("--from", "prairielearn"),
        ("--from", "moodle-responses"),
        ("--from", "wide"),
    ):
        result, _ = graded.grade(content, *options)
        assert result.exit_code in (1, 2), (options, result.output)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert not list(graded.folder.parent.rglob(".writing-*"))


def test_answers_that_are_hostile_stand_as_text(graded: Graded) -> None:
    text = '<script>alert(1)</script> {{ 7*7 }} =HYPERLINK("x") \u202e'
    result, _ = graded.grade(table(["Timestamp", "Email Address", f"(id {WHY})"], ["", "ada@example.edu", text]))
    assert result.exit_code == 0, result.output
    page = (graded.folder.parent / "out1" / "feedback" / "u1001.html").read_text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def twins(rows: list[list[str]]) -> dict[str, bytes]:
    """The same table with other separators, encodings and orders of columns."""
    backwards = [row[::-1] for row in rows]
    return {
        "semicolons": table(*rows, delimiter=";").encode(),
        "tabs": table(*rows, delimiter="\t").encode(),
        "mark": table(*rows).encode("utf-8-sig"),
        "utf-16": table(*rows, delimiter="\t").encode("utf-16"),
        "backwards": table(*backwards).encode(),
        "a title above, and line feeds": b"Answers of 2 November\n" + table(*rows).replace("\r\n", "\n").encode(),
    }


@pytest.mark.parametrize("export", [canvas, google, microsoft, moodle, prairielearn], ids=lambda one: one.__name__)
@pytest.mark.slow
def test_other_separators_encodings_and_orders_give_the_same_marks(
    graded: Graded, export: Callable[[Graded], list[list[str]]]
) -> None:
    rows = export(graded)
    before, wanted = graded.grade(table(*rows))
    assert any(float(row["total"]) for row in wanted.values())
    for name, content in twins(rows).items():
        result, found = graded.grade(content)
        assert result.exit_code == before.exit_code, f"{name}: {result.output}"
        assert points(found) == points(wanted), name


PIECES = (
    '"', ",", ";", "\n", "\r", "\t", "\0", "(id ", f"(id {CORR})", "=", "'", "\\,", "part 1: ", "Response 999", "Timestamp", "u1001", "[", "{",
    "sep=;\n", "\ufeff", "é", "2026-01-01",
)  # fmt: skip


@pytest.mark.parametrize("export", [canvas, google, microsoft, moodle, prairielearn], ids=lambda one: one.__name__)
def test_files_that_are_damaged_anywhere_are_read_or_refused(
    graded: Graded, export: Callable[[Graded], list[list[str]]]
) -> None:
    whole, papers, chance = table(*export(graded)), ClassPapers(graded.folder), random.Random(export.__name__)
    path = graded.folder.parent / "damaged.csv"
    for _ in range(60):
        text = whole
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(text))
            text = text[:place] + chance.choice(PIECES) + text[place + chance.choice((0, 0, 1, 30)) :]
        path.write_text(text)
        for form in (None, chance.choice(FORMATS)):
            with suppress(InputError):
                read_export(path, papers, Export(form))


def test_a_file_of_which_no_row_can_be_used_is_refused_by_its_rows(graded: Graded) -> None:
    result, _ = graded.grade(f"Timestamp,Email Address,(id {CORR})\n1,ada@example.edu,2,3,4\n")
    assert result.exit_code == 1
    assert "REFUSED row 2: too many fields" in result.stderr


# ------------------------------------------------------------------------------------ tags and times


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("What is y? (id dropout.y_corr V2BBB)", Tag("dropout", "y_corr", "V2BBB")),
        ("<p>What?</p><small>(id&nbsp;dropout.y_corr v2bbb)</small>", Tag("dropout", "y_corr", "V2BBB")),
        ("1(a) (id 2.output.mean)", Tag("2", "output.mean")),
        ("(id a.b) and then (id c.d )", Tag("c", "d")),
        ("Who? (id student)", Tag("student")),
        ("(ID Paper)", Tag("paper")),
        ("(id dropout)", None),
        ("(idle dropout.y)", None),
        ("a " * 1000 + "(id", None),
    ],
)
def test_tags(text: str, tag: Tag | None) -> None:
    assert read_tag(text) == tag
    if tag is not None and "and" not in text:
        assert read_tag(str(tag)) == tag


@pytest.mark.parametrize(
    ("times", "order"),
    [
        (["2026-11-02 15:04:40 UTC", "2026-11-02 15:04:39 UTC"], [1, 0]),
        (["2026/11/02 10:01:44 PM GMT-5", "2026/11/02 11:01:44 AM GMT-5"], [1, 0]),
        (["2026-11-02T10:00:00-0500", "2026-11-02T14:59:59Z"], [1, 0]),
        (["13/11/26 9:58:02", "2/12/26 9:58:02", "1/12/26 9:58:02"], [0, 2, 1]),  # the day first, by the thirteenth
        (["2 November 2026  9:58 PM", "2 November 2026  9:58 AM"], [1, 0]),
        (["02.11.2026 09:58:02", "01.11.2026 09:58:02"], [1, 0]),
        (["2. marraskuuta", "2026-11-02 15:04:40"], [0, 1]),
        (["2026-11-02 15:04:40 +99:00", "1"], [0, 1]),
    ],
)
def test_rows_are_ordered_by_their_times_as_far_as_these_can_be_read(times: list[str], order: list[int]) -> None:
    assert in_order(times) == order
