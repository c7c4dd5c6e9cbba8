"""A class graded in several runs: points that a person gives, later answers, and what is kept, changed, left and final."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sympy import sympify

from generator.grading.answer_file import read_answers
from generator.grading.kept_marks import marks_locked
from tests.tiny_class import tree, worksheet

SHEET = 'title = "Quiz"\n[[problem]]\nid = "dropout"\nwithout = ["train_test"]\n[[problem]]\nid = "layer-norm"\nguided = true\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three with a sheet of two problems, and nothing graded."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "class.csv").write_text("id,name\ns1,Zoë Straße\ns2,Ada\n@mara,Mara\n", encoding="utf-8")
    (folder / "quiz.toml").write_text("extended = true\n" + SHEET.replace('without = ["train_test"]\n', ""))
    result = worksheet(
        "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", "md", "--out", folder / "out",
        "--workers", "1",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def papers(made: Path, tmp_path: Path) -> Path:
    """A copy of the class."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def key_of(papers: Path, student: str) -> list[dict[str, Any]]:
    for line in (papers / "out" / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["student"]["id"] == student:
            return [problem["answers"] for problem in record["problems"]]
    raise AssertionError(student)


def write(path: Path, head: str, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head.split(","), *rows])
    return path


def grade(papers: Path, answers: Sequence[Sequence[str]] = (), *options: str, marks: str = "") -> Result:
    arguments: list[str | Path] = ["grade", papers / "out"]
    if answers:
        arguments.append(write(papers / "answers.csv", "student,problem,part,answer", answers))
    if marks:
        (papers / "points.csv").write_text(marks, encoding="utf-8")
        arguments += ["--marks", papers / "points.csv"]
    return worksheet(*arguments, "--sheet", papers / "quiz.toml", "--workers", "1", *options)


def table(papers: Path, name: str = "grades.csv") -> list[dict[str, str]]:
    with (papers / "out" / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def row(papers: Path, student: str) -> dict[str, str]:
    return next(row for row in table(papers) if row["student"].lstrip("'") == student)


def done(result: Result) -> Result:
    assert result.exit_code == 0, result.output
    return result


# --------------------------------------------------------------------------------- answers and labels


def test_a_blank_answer_is_none_and_does_not_stand_in_the_way_of_a_later_one(papers: Path) -> None:
    right = key_of(papers, "s1")[0]["y_drop"]
    done(grade(papers, [["s1", "1", "a", ""], ["s1", "1", "(a)", right], ["s1", "", "1a", " "]]))
    assert row(papers, "s1")["1(a)"] == "1"


@pytest.mark.parametrize(
    "names", [("1", "(a)"), ("", "1a"), ("1a", ""), ("dropout", "a"), ("", "1.a"), ("Dropout", "A")]
)
def test_parts_are_named_as_on_the_paper(papers: Path, names: tuple[str, str]) -> None:
    done(grade(papers, [["s1", *names, key_of(papers, "s1")[0]["y_drop"]]]))
    assert row(papers, "s1")["1(a)"] == "1"


@pytest.mark.parametrize(("keep", "points"), [("first", "0"), ("last", "1"), ("best", "1")])
def test_which_of_several_answers_counts(papers: Path, keep: str, points: str) -> None:
    right = key_of(papers, "s1")[0]["y_drop"]
    done(grade(papers, [["s1", "1", "a", "12345"], ["s1", "1", "a", right]], "--keep", keep))
    assert row(papers, "s1")["1(a)"] == points


@pytest.mark.parametrize(("keep", "points"), [("first", "1"), ("last", "0"), ("best", "1")])
def test_which_counts_also_between_runs(papers: Path, keep: str, points: str) -> None:
    done(grade(papers, [["s1", "1", "a", key_of(papers, "s1")[0]["y_drop"]]]))
    done(grade(papers, [["s1", "1", "a", "12345"]], "--keep", keep))
    assert row(papers, "s1")["1(a)"] == points


def test_without_a_policy_the_second_of_two_answers_is_named(papers: Path) -> None:
    result = grade(papers, [["s1", "1", "a", "1"], ["s1", "1", "a", "2"], ["s1", "1", "a", "1"]])
    assert result.exit_code == 1
    (refused,) = [line for line in result.stderr.splitlines() if line.startswith("REFUSED")]
    assert "row 3" in refused
    assert "--keep first, last or best" in refused


def test_a_cell_guarded_from_the_spreadsheet_is_what_stands_in_it(papers: Path) -> None:
    guarded = [["'-5", "1", "a", "'-3"], ["'00123", "1", "a", "'tis"]]
    read = read_answers(write(papers / "guarded.csv", "student,problem,part,answer", guarded)).rows
    assert [(one.student, one.answer) for one in read] == [("-5", "-3"), ("'00123", "'tis")]
    right = key_of(papers, "@mara")[0]["y_drop"]
    typed = f"'{right}" if right.startswith("-") else right
    done(grade(papers, [["'@mara", "1", "a", typed]]))
    assert row(papers, "@mara")["1(a)"] == "1"


# --------------------------------------------------------------------------------- kept


def test_only_students_that_are_read_are_marked_again(papers: Path) -> None:
    done(grade(papers, [["s1", "1", "a", "12345"], ["s2", "1", "a", key_of(papers, "s2")[0]["y_drop"]]]))
    before, files = row(papers, "s2"), tree(papers / "out" / "feedback")
    result = done(grade(papers, [["s1", "1", "a", key_of(papers, "s1")[0]["y_drop"]]]))
    assert row(papers, "s2") == before
    after = tree(papers / "out" / "feedback")
    assert {name for name in files if files[name] != after[name]} == {"s1.html", "s1.md"}
    (change,) = table(papers, "changes.csv")
    assert (change["student"], change["part"], change["points before"], change["points now"]) == ("s1", "(a)", "0", "1")
    assert "Changed" in result.stdout


def test_others_keep_their_marks_when_it_is_marked_more_strictly(papers: Path) -> None:
    roots = next(
        (student, place)
        for student in ("s1", "s2")
        for place, entry in enumerate(key_of(papers, student)[1]["std"])
        if "sqrt" in entry
    )
    student, _ = roots
    rounded = ", ".join(f"{float(sympify(entry)):.4f}" for entry in key_of(papers, student)[1]["std"])
    done(grade(papers, [[student, "2", "std", rounded]]))
    before = row(papers, student)
    other = "s2" if student == "s1" else "s1"
    done(grade(papers, [[other, "1", "a", "1"]], "--exact", marks=f"student,problem,part,points\n{student},1,d,1\n"))
    after = row(papers, student)
    assert (after["2(c)"], after["1(d)"]) == (before["2(c)"], "1")
    assert int(before["2(c)"]) > 0
    done(grade(papers, [[student, "1", "a", "1"]], "--exact"))
    assert row(papers, student)["2(c)"] == "0"


def test_an_answer_to_another_part_takes_nothing_away(papers: Path) -> None:
    key = key_of(papers, "s1")[0]
    done(grade(papers, [["s1", "1", "a", key["y_drop"]]]))
    done(grade(papers, [["s1", "1", "b", key["y_corr"]], ["s1", "1", "a", ""]]))
    assert (row(papers, "s1")["1(a)"], row(papers, "s1")["1(b)"]) == ("1", "1")


def test_marks_that_cannot_be_read_stop_it_and_nothing_is_written(papers: Path) -> None:
    done(grade(papers, [["s1", "1", "a", "1"]]))
    (papers / "out" / "marks.jsonl").write_text('{"student": 3}\n')
    before = tree(papers / "out")
    result = grade(papers, [["s1", "1", "a", "2"]])
    assert result.exit_code == 2
    assert "marks.jsonl, line 1" in result.stderr
    assert tree(papers / "out") == before
    (papers / "out" / "marks.jsonl").unlink()
    assert "no marks.jsonl, without which these marks would be lost" in grade(papers, [["s1", "1", "a", "2"]]).stderr
    assert (papers / "out" / "grades.csv").read_bytes() == before["grades.csv"]


def test_two_runs_at_once_do_not_lose_each_others_marks(papers: Path) -> None:
    with marks_locked(papers / "out"):
        result = grade(papers, [["s1", "1", "a", "1"]])
    assert (result.exit_code, "somebody is grading in" in result.stderr) == (2, True)
    done(grade(papers, [["s1", "1", "a", "1"]]))


def test_marks_of_another_paper_are_not_mixed_with_these(papers: Path) -> None:
    done(grade(papers, [["s1", "1", "a", "1"]]))
    path = papers / "out" / "marks.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines[0]["paper"] = "WK47A-A2R8X"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    before = tree(papers / "out")
    result = grade(papers, [["s1", "1", "a", "2"]])
    assert (result.exit_code, "are of the paper WK47A-A2R8X" in result.stderr) == (2, True)
    assert tree(papers / "out") == before


# --------------------------------------------------------------------------------- a person's points


def test_points_of_a_person_are_added_kept_and_taken_back(papers: Path) -> None:
    done(grade(papers, [["s1", "1", "a", "12345"]]))
    head = "student,problem,part,points,comment\n"
    done(grade(papers, marks=head + 's1,1,d,1.5,"Say why.\nTwice."\ns1,1,a,1,a slip of the pen\n'))
    first = row(papers, "s1")
    assert (first["1(d)"], first["1(a)"]) == ("1.5", "1")
    done(grade(papers, [["s1", "1", "b", key_of(papers, "s1")[0]["y_corr"]]]))
    later = row(papers, "s1")
    assert (later["1(d)"], later["1(a)"], later["1(b)"]) == ("1.5", "1", "1")
    page = (papers / "out" / "feedback" / "s1.html").read_text(encoding="utf-8")
    assert "a slip of the pen" in page
    assert "Say why." in page
    done(grade(papers, marks=head + "s1,1,a,none,\n"))
    assert (row(papers, "s1")["1(a)"], row(papers, "s1")["1(d)"]) == ("0", "1.5")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("s1,1,d,99,", "column points: expected at most 2"),
        ("s1,1,a,2,", "column points: expected at most 1, which the part is worth here; got 2"),
        ("s1,1,d,-1,", "column points: expected points, such as 2 or 1.5"),
        ("s1,1,d,half,", "column points: expected points"),
        ("s1,1,d,,well done", "expected points beside the comment"),
        ("s9,1,d,1,", "no paper here is that of 's9'"),
        ("s1,1,z,1,", "problem 1 has no part 'z' here; it has (a) y_drop"),
        ("s1,3,a,1,", "no problem '3' on this paper"),
    ],
)
def test_points_that_cannot_be_given_are_named_with_their_row(papers: Path, line: str, message: str) -> None:
    result = grade(papers, marks=f"student,problem,part,points,comment\ns1,1,e,1,\n{line}\n")
    assert result.exit_code == 1, result.output
    (refused,) = [line for line in result.stderr.splitlines() if line.startswith("REFUSED")]
    assert refused.startswith("REFUSED points.csv: row 3, ")
    assert message in refused
    assert row(papers, "s1")["1(e)"] == "1", "the other rows are used"


def test_points_for_reasons_are_added_and_those_for_all_replace_the_verdicts(papers: Path) -> None:
    verdicts = " ".join("T" if one else "F" for one in key_of(papers, "s1")[1]["claims"])
    rows = [{"student": "s1", "problem": 2, "part": "claims", "points": 1}]
    (papers / "points.json").write_text(json.dumps(rows))
    sheet = ("--sheet", papers / "quiz.toml", "--workers", "1")
    answers = write(papers / "answers.csv", "student,problem,part,answer", [["s1", "2", "claims", verdicts]])
    done(worksheet("grade", papers / "out", answers, "--marks", papers / "points.json", *sheet))
    (name,) = [name for name, points in row(papers, "s1").items() if name.startswith("2(") and points == "3"]
    assert (row(papers, "s1")["total"], row(papers, "s1")[name]) == ("3", "3")
    done(grade(papers, marks="student,problem,part,points,for\ns1,2,claims,1,all\n"))
    assert row(papers, "s1")[name] == "1"


def test_a_class_is_finished_by_filling_in_what_is_left(papers: Path) -> None:
    result = done(grade(papers, [["s1", "1", "a", "1/("], ["s1", "1", "d", "It is less noisy."]]))
    assert "Left to a person on 3 of 3 papers: 1(a) Dropout on 1 paper, 1(d) Dropout on 3 papers" in " ".join(
        result.stdout.split()
    )
    left = table(papers, "left.csv")
    assert ("s1", "(a)", "1/(") in {(one["student"], one["part"], one["answer"]) for one in left}
    for one in left:
        one["points"] = one["of"]
    rows = [list(one.values()) for one in left]
    done(worksheet(
        "grade", papers / "out", "--marks", write(papers / "filled.csv", ",".join(left[0]), rows), "--sheet",
        papers / "quiz.toml", "--workers", "1",
    ))  # fmt: skip
    assert {one["final"] for one in table(papers)} == {"yes"}
    assert table(papers, "left.csv") == []
    again = done(grade(papers, [["s2", "1", "a", "1"]]))
    assert "All totals are final: nothing is left to a person." in again.stdout
    assert row(papers, "s1")["1(a)"] == "1"


def test_the_page_says_what_a_person_gave_for_an_answer_in_words(papers: Path) -> None:
    done(grade(papers, [["s1", "1", "d", "Noise."]], marks="student,problem,part,points\ns1,1,d,1\n"))
    page = (papers / "out" / "feedback" / "s1.html").read_text(encoding="utf-8")
    part = page.partition('id="part-1-d"')[2].partition("<h3")[0]
    assert "1 of 2 points" in part
    assert "Partly right" in part
    assert "1 point given by a person" in part
    assert "for a person to mark" not in part


def test_an_empty_answer_in_words_leaves_nothing_to_a_person(papers: Path) -> None:
    done(grade(papers, [["s1", "1", "d", ""]]))
    assert ("s1", "(d)") not in {(one["student"], one["part"]) for one in table(papers, "left.csv")}
    assert ("s2", "(d)") in {(one["student"], one["part"]) for one in table(papers, "left.csv")}


def test_tables_for_spreadsheets_say_how_they_are_encoded(papers: Path) -> None:
    done(grade(papers, [["s1", "1", "a", "1"]]))
    for name in ("grades.csv", "left.csv", "changes.csv", "index.csv"):
        assert (papers / "out" / name).read_bytes().startswith(b"\xef\xbb\xbf"), name
    assert row(papers, "s1")["name"] == "Zoë Straße"
    assert [one["student"] for one in table(papers)] == ["s1", "s2", "'@mara"]


# --------------------------------------------------------------------------------- feedback


def test_the_page_shows_the_question_the_answer_as_read_the_right_one_and_the_wrong_step(papers: Path) -> None:
    key = key_of(papers, "s1")[1]
    wrong_std = ", ".join(f"2*({entry})" for entry in key["std"])
    halved = "; ".join(", ".join(f"({entry})/2" for entry in line) for line in key["normalized"])
    done(grade(papers, [["s1", "2", "std", wrong_std], ["s1", "2", "normalized", halved]]))
    page = (papers / "out" / "feedback" / "s1.html").read_text(encoding="utf-8")
    part = page.partition('id="part-2-d"')[2].partition("<h3")[0]
    for text in (
        "1 of 2 points",
        "read as",
        "<mtable",
        "enters here",
        "What follows from your own values:",
    ):
        assert text in part, text
    assert '<li class="here">' in part
    assert "Right answer and worked solution" in part
    markdown = (papers / "out" / "feedback" / "s1.md").read_text(encoding="utf-8")
    assert "### Part (d): 1 of 2 points" in markdown
    assert "→ **Your " in markdown


def test_no_raw_tex_and_no_ids_of_steps_on_the_page(papers: Path) -> None:
    key = key_of(papers, "s2")
    halves = [
        ["s2", "2", part, json.dumps([f"({one})/2" for one in key[1][part]])] for part in ("mean", "variance", "std")
    ]
    rows = [["s2", "1", part, "7"] for part in ("y_drop", "y_corr", "y_orig")]
    done(grade(papers, [*rows, *halves, ["s2", "2", "normalized", "1/("], ["s2", "1", "d", "<b>$x$</b> & `code`"]]))
    page = (papers / "out" / "feedback" / "s2.html").read_text(encoding="utf-8")
    shown = page.partition("<main")[2].replace("<br>", "").replace("$x$", "").replace("`code`", "")
    assert "&lt;b&gt;$x$&lt;/b&gt;" in page
    assert not {"\\", "$", "`"} & set(shown)
    assert "y_drop" not in shown
    assert "<script" not in page
