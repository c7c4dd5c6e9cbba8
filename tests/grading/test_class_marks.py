"""``worksheet mark`` and ``worksheet grade`` as they are typed, and what they write."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.grading.answer_file import read_answers
from generator.paper.rebuild import sheet_of, variants_of
from generator.paper.record import read_record
from tests.tiny_class import generate

ROOT = Path(__file__).parents[2]
DROPOUT = '{"x": [2, 1, 3], "w": [1, -2, 2], "p": "1/3", "dropped": [1, 3]}'
KEYS = [
    "status",
    "points",
    "max_points",
    "diagnosis",
    "message",
    "expected_from_working",
    "rounded",
    "entries",
    "unread",
]


def worksheet(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input=stdin)


def marked(*arguments: str, params: str = DROPOUT) -> dict[str, Any]:
    result = worksheet("mark", "dropout", "-", *arguments, "--json", stdin=params)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    assert list(found) == KEYS
    return found


# ------------------------------------------------------------------------------------------------------ mark


def test_a_mark_as_json() -> None:
    assert marked("y_corr", "-3")["status"] == "correct"  # an answer that begins with a minus is no option
    wrong = marked("y_corr", "-4/3")
    assert (wrong["status"], wrong["points"], wrong["diagnosis"]) == ("wrong", 0, ["scaled down"])
    followed = marked("y_corr", "-10", "--working", "correction=5")
    assert (followed["status"], followed["points"], followed["expected_from_working"]) == ("partial", 1, "-10")
    vector = marked("contributions", "2, -2, 5")
    assert vector["entries"] == [True, True, False]


def test_a_mark_for_people_is_plain_text_unless_markdown_is_asked_for() -> None:
    plain = worksheet("mark", "dropout", "-", "y_corr", "-4/3", stdin=DROPOUT)
    assert plain.output.startswith("wrong, 0 of 1 point\nIt looks as if you multiplied by 1 − p ")
    assert not set("$`\\") & set(plain.output)
    markdown = worksheet("mark", "dropout", "-", "y_corr", "-4/3", "--markdown", stdin=DROPOUT)
    assert markdown.output.startswith("wrong, 0 of 1 point\nIt looks as if you multiplied by $1 - p$")


@pytest.mark.parametrize("part", ["(b)", "b", "1b", "B)", "Problem 1 (b)", "y_corr"])
def test_a_part_is_named_by_its_label_too(part: str) -> None:
    assert marked(part, "-3")["status"] == "correct"


def test_the_guided_paper_has_labels_of_its_own() -> None:
    assert marked("(a)", "2, -2, 6", "--guided")["status"] == "correct"
    assert marked("(a)", "-2")["status"] == "correct"


def test_invalid_is_a_mark_and_no_failure() -> None:
    found = marked("y_corr", "1/(")
    assert (found["status"], found["points"]) == ("invalid", 0)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["y_cor", "1"], "dropout has no part 'y_cor' to answer here; it has (a) y_drop, (b) y_corr"),
        (["y_corr", "1", "--working", "ycorr=1"], "computes no 'ycorr' here; it computes keep"),
        (["y_corr", "1", "--working", "keep"], "expected NAME=VALUE"),
        (["y_corr", "1", "--working", "keep=1/"], "--working keep: the value cannot be read"),
        (["y_corr", "1", "--working", "keep=1", "--working", "keep=2"], "'keep' is given twice"),
    ],
)
def test_what_does_not_exist_is_refused(arguments: list[str], told: str) -> None:
    result = worksheet("mark", "dropout", "-", *arguments, stdin=DROPOUT)
    assert result.exit_code == 2
    assert told in result.stderr
    assert worksheet("mark", "dropout", "-", "y_corr", "1", stdin='{"x": [1]}').exit_code == 2


# ----------------------------------------------------------------------------------------------------- grade


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three, one of whom has a hostile name."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "class.csv").write_text('id,name,section\ns1,Ada,A\n=2+5,"=HYPERLINK(""x"") `<b>`",B\ns3,Emmy,A\n')
    (folder / "quiz.toml").write_text(
        'title = "Quiz"\n[[problem]]\nid = "layer-norm"\nguided = true\n[[problem]]\nid = "dropout"\n'
        'choices = ["y_drop"]\n[[problem]]\nid = "dropout"\n'
    )
    result = worksheet(
        "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", "md",
        "--out", folder / "out", "--workers", "1",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder


def answers_of(papers: Path, student: str, place: int) -> dict[str, Any]:
    for line in (papers / "out" / "manifest.jsonl").read_text().splitlines():
        record = json.loads(line)
        if record["student"]["id"] == student:
            found: dict[str, Any] = record["problems"][place - 1]["answers"]
            return found
    raise AssertionError(student)


def grade(papers: Path, out: Path, rows: list[list[str]], head: str = "student,problem,part,answer") -> Result:
    out.mkdir(exist_ok=True)
    with (out / "answers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([head.split(","), *rows])
    return worksheet(
        "grade", papers / "out", out / "answers.csv", "--out", out, "--workers", "1", "--sheet", papers / "quiz.toml"
    )


def text_of(value: Any) -> str:
    return json.dumps(value)


def table(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_a_class_is_marked(papers: Path, tmp_path: Path) -> None:
    key = answers_of(papers, "s1", 1)
    wrong_std = [f"2*({entry})" for entry in key["std"]]
    halved = [[f"({entry})/2" for entry in row] for row in key["normalized"]]
    rows = [
        ["s1", "layer-norm", "mean", text_of(key["mean"])],
        ["s1", "1", "std", "[" + ",".join(wrong_std) + "]"],
        ["s1", "1", "normalized", "; ".join(",".join(row) for row in halved)],
        ["s1", "3", "y_drop", answers_of(papers, "s1", 3)["y_drop"]],
        ["S1", "2", "y_drop", "A"],
        ["=2+5", "1", "mean", "1/0 ``` <script>alert(1)</script>"],
        ["s1", "1", "single_example", "=cmd|' /C calc'!A0"],
    ]
    result = grade(papers, tmp_path, rows)
    assert result.exit_code == 0, result.output
    marks = table(tmp_path)
    assert list(marks) == ["s1", "'=2+5", "s3"]
    ada = marks["s1"]
    assert (ada["1(a)"], ada["1(c)"], ada["1(d)"]) == ("1", "0", "1")
    assert (ada["3(a)"], ada["3(b)"]) == ("1", "")
    assert ada["2(a)"] in ("0", "1")
    assert marks["'=2+5"]["name"].startswith("'=HYPERLINK")
    assert (marks["'=2+5"]["not readable"], marks["s3"]["total"]) == ("1", "0")
    assert int(ada["left to a person"]) > 0
    assert ada["final"] == "no"
    feedback = (tmp_path / "feedback" / "s1.md").read_text()
    assert r"follows from your $\sqrt{\sigma^2 + \varepsilon}$" in feedback
    hostile = next(path for path in (tmp_path / "feedback").glob("*.md") if path.stem not in ("s1", "s3")).read_text()
    assert r"# Quiz: feedback for \=HYPERLINK" in hostile
    assert "<b>" not in hostile
    assert "````text\n1/0 ``` <script>alert(1)</script>\n````" in hostile
    page = (tmp_path / "grading.html").read_text()
    assert page.count("<svg") >= 2
    assert "<script" not in page
    assert "Hardest part" in result.stdout


def test_rows_that_cannot_be_used_are_named_and_the_rest_is_marked(papers: Path, tmp_path: Path) -> None:
    key = answers_of(papers, "s3", 1)
    rows = [
        [text_of(key["mean"]), "mean", "1", "s3"],
        ["1", "mean", "1", "s9"],
        ["1", "means", "1", "s3"],
        ["1", "y_drop", "dropout", "s3"],
        ["1", "mean", "7", "s3"],
        ["1", "mean", "1", "S3"],
        ["1", "mean"],
        ["1", "mean", "1", ""],
        ["A", "y_drop", "2", "s3"],
    ]
    result = grade(papers, tmp_path, rows, head="Answer,Part,PROBLEM,student")
    assert result.exit_code == 1
    refused = [line for line in result.stderr.splitlines() if line.startswith("REFUSED")]
    assert [int(re.findall(r"row (\d+)", line)[0]) for line in refused] == [8, 9, 3, 4, 5, 6, 7]
    told = "\n".join(refused)
    for text in (
        "no paper here is that of 's9'",
        "no part 'means' here; it has (a) mean, (b) variance",
        "dropout comes 2 times: give its place, 2 or 3",
        "no problem '7' on this paper",
        "part (a) of problem 1: was answered in row 2 already: remove one of the two, or say --keep",
        "row 8, column student: expected the student; got nothing",
    ):
        assert text in told
    assert table(tmp_path)["s3"]["1(a)"] == "1"
    assert table(tmp_path)["s3"]["2(a)"] in ("0", "1")


def test_an_id_that_a_spreadsheet_changed_is_recognized_or_proposed(tmp_path: Path) -> None:
    (tmp_path / "quiz.toml").write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\n')
    (tmp_path / "class.csv").write_text("id,name\n00123,Noa\ns007,Jo\n202301123456,Ty\n@mara,Mara\n")
    assert generate(tmp_path).exit_code == 0
    rows = [
        [student, "1", "y_corr", "1"]
        for student in ("123", "S7", "00123.0", "2.02301E+11", "'@mara", '="00123"', "'202301123456", "S007", "124")
    ]
    result = grade(tmp_path, tmp_path, rows)
    assert result.exit_code == 1
    refused = [
        line.partition("no paper here is that of ")[2] for line in result.stderr.splitlines() if "REFUSED" in line
    ]
    assert refused == [
        "'123': is it '00123'?",
        "'S7': is it 's007'?",
        "'00123.0': is it '00123'?",
        "'2.02301E+11': a spreadsheet has left out its last digits; format that column as text, and export the file again",
        "'124'",
    ]


def test_a_table_of_answers_as_spreadsheets_leave_it(papers: Path, tmp_path: Path) -> None:
    mean = text_of(answers_of(papers, "s3", 1)["mean"])
    quoted = mean.replace('"', '""')
    table_of_answers = (
        f'Answers to the quiz,,,,\n,,,,\nstudent, problem, part, answer\ns3, 1, mean, "{quoted}"\ns1,1,mean\n'
    )
    (tmp_path / "answers.csv").write_bytes(("\ufeff\ufeff" + table_of_answers).encode())
    result = worksheet(
        "grade", papers / "out", tmp_path / "answers.csv", "--out", tmp_path, "--workers", "1", "--sheet", papers / "quiz.toml"
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert table(tmp_path)["s3"]["1(a)"] == "1"


def test_answers_as_json(papers: Path, tmp_path: Path) -> None:
    key = answers_of(papers, "s3", 1)
    rows = [{"student": "s3", "problem": 1, "part": "mean", "answer": key["mean"]}, {"student": "s3"}, 5]
    (tmp_path / "answers.json").write_text(json.dumps(rows))
    result = worksheet(
        "grade",
        papers / "out",
        tmp_path / "answers.json",
        "--out",
        tmp_path,
        "--workers",
        "1",
        "--sheet",
        papers / "quiz.toml",
    )
    assert result.exit_code == 1
    assert "row 2, column problem: missing" in result.stderr
    assert "row 3, expected an object" in result.stderr
    assert table(tmp_path)["s3"]["1(a)"] == "1"


def test_every_answer_of_the_manifest_is_right(papers: Path, tmp_path: Path) -> None:
    rows = []
    for line in (papers / "out" / "manifest.jsonl").read_text().splitlines():
        record = json.loads(line)
        for place, problem in enumerate(record["problems"], start=1):
            for part, value in problem["answers"].items():
                verdicts = isinstance(value, list) and isinstance(value[0], bool)
                text = " ".join("T" if one else "F" for one in value) if verdicts else text_of(value)
                if (place, part) == (2, "y_drop"):
                    text = "ABCDE"[problem["letters"]["y_drop"]["right"][0]]
                rows.append([record["student"]["id"], str(place), part, text])
    result = grade(papers, tmp_path, rows)
    assert result.exit_code == 0, result.output
    for row in table(tmp_path).values():
        assert int(row["total"]) + int(row["left to a person"]) == int(row["of"])
    again = tmp_path / "again"
    assert grade(papers, again, rows[::-1]).exit_code == 0
    for name in ("grades.csv", "feedback/s1.md"):
        assert (again / name).read_bytes() == (tmp_path / name).read_bytes()


def test_entries_that_are_empty_or_cannot_be_read_are_wrong_and_shown(papers: Path, tmp_path: Path) -> None:
    output = answers_of(papers, "s1", 1)["output"]
    typed = [["4*" if (i, j) == (1, 2) else entry for j, entry in enumerate(row)] for i, row in enumerate(output)]
    typed[0][0] = ""
    text = "\n".join(" & ".join(row) for row in typed)
    assert grade(papers, tmp_path, [["s1", "1", "output", text]]).exit_code == 0
    most = sum(map(len, output))
    feedback = (tmp_path / "feedback" / "s1.md").read_text()
    assert f"**{2 * (most - 2) // most} of " in feedback
    assert text.strip() in feedback
    assert "Entry (1, 1) is empty." in feedback
    assert "Entry (2, 3) cannot be read, `4*`: something is missing at the end" in feedback


def test_forms_and_single_papers(papers: Path, tmp_path: Path) -> None:
    sheet = papers / "quiz.toml"
    forms, single = tmp_path / "forms", tmp_path / "single"
    made = worksheet("generate", sheet, "--forms", "2", "--formats", "md", "--out", forms, "--workers", "1")
    assert made.exit_code == 0, made.output
    assert worksheet("generate", sheet, "--formats", "md", "--out", single).exit_code == 0
    record = json.loads((forms / "manifest.jsonl").read_text().splitlines()[1])
    mean = text_of(record["problems"][0]["answers"]["mean"])
    (tmp_path / "forms.csv").write_text(
        "student,form,problem,part,answer\n"
        + "".join(
            f'{who},{form},1,mean,"{mean.replace(chr(34), "")}"\n' for who, form in (("a", "B"), ("b", "A"), ("c", "Z"))
        )
    )
    result = worksheet("grade", forms, tmp_path / "forms.csv", "--workers", "1", "--sheet", sheet)
    assert result.exit_code == 1
    assert "no paper here is that of 'c'" in result.stderr
    found = table(forms)
    assert (found["a"]["1(a)"], found["b"]["1(a)"]) == ("1", "0")
    (tmp_path / "single.csv").write_text("student,problem,part,answer\na,1,mean,1\nb,1,mean,2\n")
    result = worksheet("grade", single, tmp_path / "single.csv", "--workers", "1", "--sheet", sheet)
    assert result.exit_code == 0, result.output
    assert list(table(single)) == ["a", "b"]


def test_what_cannot_be_graded_is_refused(papers: Path, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("student,problem,part,answer\ns1,1,mean,1\n")
    nowhere = worksheet("grade", tmp_path, tmp_path / "answers.csv")
    assert (nowhere.exit_code, "has neither manifest.jsonl" in nowhere.stderr) == (2, True)
    columns = worksheet("grade", papers / "out", papers / "class.csv")
    assert (columns.exit_code, "expected a column 'problem'" in columns.stderr) == (2, True)
    (tmp_path / "broken.json").write_text("[")
    assert worksheet("grade", papers / "out", tmp_path / "broken.json").exit_code == 2


# ------------------------------------------------------------------------------------------------- the page


def test_the_examples_of_the_page_work(papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("params.json").write_text(re.findall(r"`(\{.*?\})`", page)[0])
    lines = [line for language, text in blocks if language == "sh" for line in text.splitlines()]
    heads = []
    for line in lines:
        arguments = shlex.split(line)[1:]
        if arguments[0] == "mark":
            result = worksheet(*arguments)
            assert result.exit_code == 0, result.output
            heads.append(json.loads(result.output)["status"] if "--json" in arguments else result.output.split(",")[0])
    assert heads == ["wrong", "partial", "correct", "correct"]
    csv_block, points = (text for language, text in blocks if language == "csv")
    (tmp_path / "answers.csv").write_text(csv_block)
    (tmp_path / "late.csv").write_text(csv_block)
    (tmp_path / "points.csv").write_text(points)
    sheet = tmp_path / "sheet.toml"
    names = ("model-size", "layer-norm", "batch-norm", "dropout")
    sheet.write_text(
        'title = "Q"\nextended = true\n' + "".join(f'[[problem]]\nid = "{name}"\nguided = true\n' for name in names)
    )
    (tmp_path / "class.csv").write_text("id,name\ns1,Ada\ns2,Emmy\n")
    made = worksheet("generate", sheet, "--roster", "class.csv", "--formats", "md", "--out", "class", "--workers", "1")
    assert made.exit_code == 0, made.output
    rows = [
        dict(zip(("student", "problem", "part", "answer"), row, strict=True))
        for row in csv.reader(csv_block.splitlines()[1:])
    ]
    (tmp_path / "answers.json").write_text(json.dumps(rows))
    for line in lines:
        arguments = shlex.split(line)[1:]
        if arguments[0] == "grade":
            result = worksheet(*arguments, "--workers", "1")
            assert result.exit_code == 0, result.output
    assert (tmp_path / "class" / "feedback" / "s1.md").exists()
    with (tmp_path / "class" / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        marks = next(csv.DictReader(file))
    assert (marks["4(f)"], marks["4(a)"]) == ("1.5", "1")
    assert (tmp_path / "marked" / "grades.csv").exists()
    assert all(key in page for key in KEYS)


def test_a_sheet_of_the_manifest_is_the_sheet_of_the_grade(papers: Path) -> None:
    line = (papers / "out" / "manifest.jsonl").read_text().splitlines()[0]
    record = read_record(line.encode())
    sheet = sheet_of(record)
    assert [variant.problem.id for variant in variants_of(record, sheet)] == ["layer-norm", "dropout", "dropout"]


def test_a_huge_field_costs_its_own_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f'student,problem,part,answer\ns1,1,mean,"{"9" * 200_000}"\ns2,1,mean,6\n')
    found = read_answers(path)
    assert [row.student for row in found.rows] == ["s2"]
    assert found.refused == ("row 2, column answer: expected at most 20000 characters; got 200000",)
