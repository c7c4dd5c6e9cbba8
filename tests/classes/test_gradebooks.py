"""``worksheet gradebook``: the points as gradebooks import them, and a platform's own download filled to the byte."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.classes.gradebooks.points import number_text
from generator.classes.gradebooks.raw_cells import raw_rows, unquoted
from generator.classes.gradebooks.targets import defused, plain_csv
from tests.tiny_class import worksheet

SHEET = """title = "Discussion 04"
[[problem]]
id = "dropout"
without = ["closeness"]
"""
ROSTER = (
    "id,name,section,email\nu1001,Ada Lovelace,DL-01,ada@example.edu\nu1002,Emmy Noether,DL-01,emmy@example.edu\n"
    'u1003,Alan Turing,DL-02,alan@example.edu\nu1004,"=Müller, ""Ö"" Jr.",DL-02,mueller@example.edu\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essay (70420),Discussion 04 (70421),Current Score,Final Score\r\n"
    "    Points Possible,,,,,5,5,(read only),(read only)\r\n"
    '"Lovelace, Ada",8801,u1001,ada,DL-01, 3 ,,,\r\n'
    '"Noether, Emmy",8802,u1002,emmy,"DL-01 and ""DL-02""",EX,2,,\r\n'
    '"Müller, =Ö ""X""",8804,u1004,mueller,DL-02,,EX,,\r\n'
    '"Turing, Alan",8803,u1003,alan,DL-02,\'=1,,,\r\n'
    '"Student, Test",8999,,fe12,DL-02,,,,\r\n'
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of four: Ada has all computed points and one left to a person, Emmy all of hers, Alan has answered nothing."""
    folder = tmp_path_factory.mktemp("gradebooks")
    (folder / "quiz.toml").write_text(SHEET)
    (folder / "class.csv").write_text(ROSTER)
    result = worksheet(
        "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", "md", "--out", folder / "class",
        "--workers", "1",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (folder / "marks.csv").write_text(
        "student,problem,part,points\nu1001,dropout,y_corr,1\nu1002,dropout,y_drop,1\nu1002,dropout,y_orig,0.5\n"
        "u1002,dropout,train_test,2\nu1004,dropout,train_test,1.25\nu1003,dropout,train_test,none\n"
    )
    result = worksheet("grade", folder / "class", "--marks", folder / "marks.csv", "--workers", "1")
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def marked(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "class", tmp_path / "class")
    return tmp_path / "class"


def gradebook(target: str, folder: Path, *options: object) -> Result:
    return worksheet("gradebook", target, folder, *options)


def filled(folder: Path, content: str | bytes, *options: object, target: str = "canvas") -> tuple[Result, bytes]:
    """The command's result, and the filled template."""
    template, out = folder.parent / "template.csv", folder.parent / "filled.csv"
    template.write_bytes(content.encode() if isinstance(content, str) else content)
    result = gradebook(target, folder, "--template", template, "--out", out, *options)
    return result, out.read_bytes() if out.exists() else b""


# ------------------------------------------------------------------------------------ without a template


def rows(path: Path) -> list[list[str]]:
    return [*csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))]


def test_canvas(marked: Path) -> None:
    result = gradebook("canvas", marked, "--column", "Discussion 04")
    assert result.exit_code == 1  # three students wait for a person
    assert "LEFT student 'u1001': 2 points left to a person" in result.stderr
    content = (marked / "gradebook-canvas.csv").read_bytes()
    assert content.startswith(
        b"Student,ID,SIS User ID,SIS Login ID,Section,Discussion 04\r\n    Points Possible,,,,,5\r\n"
    )
    assert rows(marked / "gradebook-canvas.csv")[2:] == [
        ["Ada Lovelace", "", "u1001", "", "DL-01", ""],
        ["Emmy Noether", "", "u1002", "", "DL-01", "3.5"],
        ["Alan Turing", "", "u1003", "", "DL-02", ""],
        ['\'=Müller, "Ö" Jr.', "", "u1004", "", "DL-02", "1.25"],
    ]


def test_points_that_are_left_to_a_person_count_as_nothing_if_the_user_says_so(marked: Path) -> None:
    result = gradebook("canvas", marked, "--pending", "zero")
    assert result.exit_code == 0, result.output
    assert [row[5] for row in rows(marked / "gradebook-canvas.csv")[2:]] == ["1", "3.5", "0", "1.25"]


def test_moodle_leaves_out_rows_without_a_grade_and_has_the_feedback_beside_the_grade(marked: Path) -> None:
    gradebook("moodle", marked, "--column", "Discussion 04")
    header, *others = rows(marked / "gradebook-moodle.csv")
    assert header == ["Email address", "ID number", "Discussion 04", "Feedback: Discussion 04"]
    assert [row[:3] for row in others] == [
        ["emmy@example.edu", "u1002", "3.5"],
        ["mueller@example.edu", "u1004", "1.25"],
    ]
    assert others[0][3] == "1(b) 0/1; 1(c) 0.5/1"


def test_brightspace(marked: Path) -> None:
    gradebook("brightspace", marked, "--column", "Discussion 04", "--pending", "zero")
    assert rows(marked / "gradebook-brightspace.csv")[:3] == [
        ["OrgDefinedId", "Discussion 04 Points Grade", "End-of-Line Indicator"],
        ["#u1001", "1", "#"],
        ["#u1002", "3.5", "#"],
    ]


def test_blackboard_has_every_cell_quoted_and_a_mark(marked: Path) -> None:
    gradebook("blackboard", marked, "--column", "Discussion 04", "--pending", "zero")
    content = (marked / "gradebook-blackboard.csv").read_bytes()
    assert content.startswith(
        b'\xef\xbb\xbf"Last Name","First Name","Username","Student ID","Discussion 04"\r\n"Lovelace","Ada","u1001","u1001","1"\r\n'
    )


def test_gradescope_gets_a_roster(marked: Path) -> None:
    result = gradebook("gradescope", marked)
    assert result.exit_code == 0, result.output
    assert rows(marked / "gradescope-roster.csv")[:2] == [
        ["First Name", "Last Name", "SID", "Email", "Sections"],
        ["Ada", "Lovelace", "u1001", "ada@example.edu", "DL-01"],
    ]


def test_the_table_of_grades_may_be_given_in_place_of_the_folder(marked: Path) -> None:
    assert gradebook("canvas", marked / "grades.csv", "--pending", "zero").exit_code == 0
    from_table = (marked / "gradebook-canvas.csv").read_bytes()
    assert gradebook("canvas", marked, "--pending", "zero").exit_code == 0
    assert (marked / "gradebook-canvas.csv").read_bytes() == from_table


@pytest.mark.parametrize(
    ("cell", "safe"), [("=1+1", "'=1+1"), ("+1", "+1"), ("-2.5", "-2.5"), ("-x", "'-x"), ("@a", "'@a"), ("a=1", "a=1")]
)
def test_no_cell_is_a_formula(cell: str, safe: str) -> None:
    assert defused(cell) == safe


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (7.5, "7.5"), (1000, "1000"), (12345.67, "12345.67"), (1 / 3, "0.33"), (100, "100")]
)
def test_numbers_have_no_separator_of_thousands_and_two_decimals(number: float, text: str) -> None:
    assert number_text(number) == text


# ------------------------------------------------------------------------------------ a template


def test_a_template_changes_in_our_column_alone(marked: Path) -> None:
    result, content = filled(marked, CANVAS, "--column", "Discussion 04")
    wanted = CANVAS.replace("EX,2,,", "EX,3.5,,")
    assert content.decode() == wanted
    assert result.exit_code == 1
    assert "LEFT student 'u1001': 2 points left to a person" in result.stderr
    assert "note: row 5, student 'u1004': is excused there, which stays" in result.stderr
    result, content = filled(marked, CANVAS, "--column", "Discussion 04 (70421)", "--pending", "zero")
    assert content.decode() == wanted.replace(" 3 ,,,", " 3 ,1,,").replace("'=1,,,", "'=1,0,,")
    assert result.exit_code == 0, result.output


TWINS: dict[str, Callable[[str], bytes]] = {
    "semicolons": lambda text: re.sub(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', ";", text).encode(),
    "tabs": lambda text: re.sub(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', "\t", text).encode(),
    "mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16-be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "line feeds": lambda text: text.replace("\r\n", "\n").encode(),
    "no end of line": lambda text: text.rstrip("\r\n").encode(),
    "blank lines": lambda text: text.replace("\r\n", "\r\n\r\n").encode(),
    "declared": lambda text: b"sep=,\r\n" + text.encode(),
}  # fmt: skip


@pytest.mark.parametrize("twin", TWINS)
def test_templates_with_other_separators_and_encodings_are_filled_to_the_byte(marked: Path, twin: str) -> None:
    change = TWINS[twin]
    result, content = filled(marked, change(CANVAS), "--column", "Discussion 04")
    assert content == change(CANVAS.replace("EX,2,,", "EX,3.5,,")), result.output


def test_the_columns_of_a_template_stand_in_any_order(marked: Path) -> None:
    table = [*csv.reader(io.StringIO(CANVAS, newline=""))]
    shuffled = io.StringIO(newline="")
    csv.writer(shuffled).writerows([[row[place] for place in (6, 3, 2, 5, 0, 1, 4, 7, 8)] for row in table])
    _, content = filled(marked, shuffled.getvalue(), "--column", "Discussion 04")
    found = {row[2]: row[0] for row in csv.reader(io.StringIO(content.decode(), newline=""))}
    assert (found["u1002"], found["u1001"], found["u1004"]) == ("3.5", "", "EX")


@pytest.mark.parametrize(
    ("target", "template", "wanted"),
    [
        (
            "moodle",
            "First name,Last name,ID number,Email address,Quiz: Discussion 04 (Real),Course total (Real)\nEmmy,Noether,,emmy@example.edu,-,-\n",
            "emmy@example.edu,3.5,-\n",
        ),
        (
            "brightspace",
            "OrgDefinedId,Username,Discussion 04 Points Grade <Numeric MaxPoints:5 Weight:10>,End-of-Line Indicator\r\n#u1002,#emmy,,#\r\n",
            "#u1002,#emmy,3.5,#\r\n",
        ),
        (
            "blackboard",
            '\ufeff"Last Name","First Name","Username","Student ID","Discussion 04 [Total Pts: 5 Score] |4471102"\r\n"Noether","Emmy","emmy","u1002",""\r\n',
            '"u1002","3.5"\r\n',
        ),
    ],
)
def test_templates_of_other_platforms(marked: Path, target: str, template: str, wanted: str) -> None:
    result, content = filled(marked, template, "--column", "Discussion 04", target=target)
    assert content.decode().endswith(wanted), result.output
    changed = wanted.replace("3.5", "-" if target == "moodle" else "")
    assert content.decode().removesuffix(wanted) == template.removesuffix(changed)
    assert "LEFT student 'u1003' ('Alan Turing'): has no row in the gradebook" in result.stderr


def test_nobody_is_lost_and_nobody_counts_twice(marked: Path) -> None:
    template = CANVAS.replace('"Turing, Alan",8803,u1003,alan', '"Noether, Emmy",8802,u1002,emmy').replace(
        "8801,u1001,ada", "8801,x9,y9"
    )
    template = template.replace('"Lovelace, Ada"', '"Curie, Marie"')
    result, content = filled(marked, template, "--column", "Discussion 04")
    assert result.exit_code == 1
    assert "LEFT row 3, 'Curie, Marie': is nobody of this class; the row stays as it is" in result.stderr
    assert "LEFT row 6, student 'u1002': has points in row 4 already; this row stays as it is" in result.stderr
    for student in ("u1001", "u1003"):
        assert f"LEFT student '{student}' (" in result.stderr
    assert content.decode() == template.replace("EX,2,,", "EX,3.5,,")


def test_a_student_is_found_by_a_login_an_address_or_a_name_that_nobody_else_has(marked: Path) -> None:
    template = 'Student,ID,SIS Login ID,Email,Section,Discussion 04 (1)\nA,1,U1002,,,\n"Müller, =, ""Ö"" Jr.",2,,,,\nX,3,,MUELLER@example.edu,,\n'
    result, content = filled(marked, template, "--column", "Discussion 04")
    assert content.decode().splitlines()[1] == "A,1,U1002,,,3.5"
    assert content.decode().splitlines()[3] == "X,3,,MUELLER@example.edu,,1.25"
    assert "row 3" in result.stderr  # the name's owner has the row of the address


def test_a_name_that_two_have_finds_nobody(marked: Path) -> None:
    lines = (marked / "marks.jsonl").read_text().replace("Alan Turing", "Emmy Noether")
    (marked / "marks.jsonl").write_text(lines)
    template = 'Student,ID,Section,Discussion 04 (1)\n"Noether, Emmy",1,,\n"Lovelace, Ada",2,,\n'
    result, content = filled(marked, template, "--column", "Discussion 04", "--pending", "zero")
    assert content.decode() == template.replace("2,,", "2,,1")
    assert "LEFT row 2, 'Noether, Emmy': is nobody of this class" in result.stderr


def test_strict_writes_nothing(marked: Path) -> None:
    result, content = filled(marked, CANVAS, "--column", "Discussion 04", "--strict")
    assert (result.exit_code, content) == (1, b"")
    assert gradebook("canvas", marked, "--strict").exit_code == 1
    assert not (marked / "gradebook-canvas.csv").exists()


def test_other_points_there_are_told(marked: Path) -> None:
    result, _ = filled(marked, CANVAS.replace(",5,5,(read", ",5,9,(read"), "--column", "Discussion 04")
    assert "note: the column is out of 9 points there, and out of 5 here" in result.stderr


@pytest.mark.parametrize(
    ("template", "column", "told"),
    [
        (
            CANVAS,
            "Discussion 05",
            "expected a column 'Discussion 05'; did you mean discussion 04?; got 'Student', 'ID'",
        ),
        (
            CANVAS.replace("Essay (70420)", "Discussion 04 (1)"),
            "Discussion 04",
            "2 columns are called 'Discussion 04': 'Discussion 04 (1)', 'Discussion 04 (70421)'",
        ),
        ("", "x", "the file is empty"),
        ("a,b\n1,2\n", "x", "expected a column 'x'"),
        ('Student,ID,x\n"a,1,2\n', "x", "quotation mark"),
        ("Student,ID,x\na,1,2,3,4\n", "x", "too many fields"),
        (b"Student,ID,x\n\xff\xfe,1,2\n", "x", "expected UTF-8"),
        (b"PK\x03\x04rest", "x", "is a workbook that cannot be read"),
    ],
)
def test_what_is_no_template_is_refused(marked: Path, template: str | bytes, column: str, told: str) -> None:
    result, content = filled(marked, template, "--column", column)
    assert (result.exit_code, content) == (2, b""), result.output
    assert told in result.stderr


def test_what_is_not_there_is_refused(marked: Path, tmp_path: Path) -> None:
    assert "there is no folder" in gradebook("canvas", tmp_path / "none" / "x").stderr
    (marked / "marks.jsonl").unlink()
    (marked / "grades.csv").unlink()
    assert "has no marks: grade the class first" in gradebook("canvas", marked).stderr
    assert gradebook("gradescope", marked, "--template", "x").exit_code == 2
    (marked / "grades.csv").write_text("student,total,of,left to a person\nu1,many,2,0\n")
    assert (
        "row 2, column total: expected a number of points; got 'many'"
        in gradebook("canvas", marked / "grades.csv").stderr
    )


CELLS = st.text(st.sampled_from('ab ",;\r\n=é'), max_size=5)


@settings(max_examples=300)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_the_places_of_cells_are_where_the_reader_of_csv_finds_them(table: list[list[str]]) -> None:
    text = plain_csv(table).decode()
    found = [[unquoted(text[start:end]) for start, end in cells] for cells in raw_rows(text, ",").values()]
    wanted = list(csv.reader(io.StringIO(text, newline="")))
    assert [[cell.strip() for cell in row] for row in found] == [[cell.strip() for cell in row] for row in wanted]


# ------------------------------------------------------------------------------------ Gradescope's scores

SCORES = """First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,Submission Time,Lateness (H:M:S),View Count,Submission Count,1.1: Dropped (1.0 pts),1.4: Train or test (2.0 pts)
Ada,Lovelace,u1001,ada@example.edu,DL-01,3.0,5.0,Graded,31001,2026-11-02 09:58:11 -0500,00:00:00,2,1,1.0,1.5
Emmy,Noether,,emmy@example.edu,DL-01,3.0,5.0,Ungraded,31002,,00:00:00,2,1,,
Alan,Turing,u1003,alan@example.edu,DL-02,,5.0,Missing,,,,,,,
Marie,Curie,u1009,marie@example.edu,DL-02,2.0,5.0,Graded,31004,,,,,1.0,1.0
"""


def test_scores_of_gradescope_are_added(marked: Path, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(SCORES)
    result = gradebook("canvas", marked, "--from", "gradescope", tmp_path / "scores.csv")
    assert result.exit_code == 1
    found = {row[2]: row[5] for row in rows(marked / "gradebook-canvas.csv")}
    assert (found["u1001"], found["u1002"], found["u1003"]) == ("3.5", "3.5", "")
    assert "LEFT scores.csv: row 3, 'Emmy Noether': is ungraded in Gradescope" in result.stderr
    assert "LEFT scores.csv: row 5: no paper here is that of 'u1009' or 'marie@example.edu'" in result.stderr
    assert "row 4" not in result.stderr
    kept = (marked / "marks.jsonl").read_bytes()
    assert worksheet("grade", marked, "--marks", tmp_path / "scores.csv", "--workers", "1").exit_code == 1
    assert (marked / "marks.jsonl").read_bytes() != kept
    assert gradebook("canvas", marked).exit_code == 1
    assert {row[2]: row[5] for row in rows(marked / "gradebook-canvas.csv")} == found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "1.4: Train or test (2.0 pts)",
            "1.4: Train or test (3.0 pts)",
            "expected 2 points for part train_test of problem 1",
        ),
        ("1.4: Train or test (2.0 pts)", "2.1: Other (2.0 pts)", "the papers have no part for the question"),
        ("Status", "State", "expected the scores of an assignment in Gradescope"),
        (": ", " - ", "expected questions such as"),
    ],
)
def test_scores_of_another_assignment_are_refused(marked: Path, tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "scores.csv").write_text(SCORES.replace(old, new))
    result = gradebook("canvas", marked, "--from", "gradescope", tmp_path / "scores.csv")
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (marked / "gradebook-canvas.csv").exists()


def test_a_student_who_answered_parts_of_several_forms_gets_each_part_once(made: Path, tmp_path: Path) -> None:
    roster, forms = made / "class.csv", tmp_path / "forms"
    result = worksheet(
        "generate",
        made / "quiz.toml",
        "--roster",
        roster,
        "--forms",
        "2",
        "--formats",
        "md",
        "--out",
        forms,
        "--workers",
        "1",
    )
    assert result.exit_code == 0, result.output
    (tmp_path / "marks.csv").write_text(
        "student,form,problem,part,points\nu1001,A,dropout,y_corr,1\nu1001,B,dropout,y_drop,1\nu1001,B,dropout,y_corr,0\n"
        "u1001,A,dropout,train_test,1.5\nu1002,B,dropout,train_test,2\n"
    )
    result = worksheet("grade", forms, "--marks", tmp_path / "marks.csv", "--workers", "1")
    assert result.exit_code == 0, result.output
    result = gradebook("canvas", forms)
    assert result.exit_code == 1
    found = {row[2]: row[5] for row in rows(forms / "gradebook-canvas.csv")[2:]}
    assert found == {"u1001": "3.5", "u1002": "2", "u1003": "", "u1004": ""}
    assert "LEFT student 'u1003': has no marks, so that nothing is written in the cell" in result.stderr
