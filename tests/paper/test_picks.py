"""Problems that a sheet draws by topic: each paper has some of them, and everything that papers are good for still holds."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from generator import draw_variant
from generator.paper import origin
from generator.paper.ids import read_id
from generator.paper.paper import exercise, make_paper
from generator.paper.rebuild import find_paper
from generator.paper.sheet import Entry, Sheet
from generator.paper.sheet_file import read_sheet
from generator.paper.sheet_size import size_faults
from generator.paper.students import Student
from generator.problem.catalogue import catalogue
from tests.tiny_class import ids, tree, worksheet, write_class

FIRST = '[[problem]]\nid = "layer-norm"\n'
DRAWN = '[[problem]]\namong = ["dropout", "batch-norm", "l2-regularization"]\npick = 2\nlevel = "easy"\n'
STUDENTS = [Student(f"s{number}", f"Student {number}") for number in range(60)]


def sheet_with(text: str, folder: Path = Path()) -> Sheet:
    return read_sheet(folder / "quiz.toml", f'title = "Quiz"\n{text}')


def problems(sheet: Sheet, student: Student) -> list[str]:
    return [variant.problem.id for variant in make_paper(sheet, 1, student).variants]


@pytest.mark.slow
def test_each_paper_has_so_many_of_them_and_each_is_drawn_as_often() -> None:
    sheet = sheet_with(FIRST + DRAWN)
    drawn = [problems(sheet, student) for student in STUDENTS]
    assert all(first == "layer-norm" and len({first, *others}) == 3 for first, *others in drawn)
    counts = Counter(name for _, *others in drawn for name in others)
    assert counts.keys() == {"dropout", "batch-norm", "l2-regularization"}
    assert min(counts.values()) > 25
    assert make_paper(sheet, 1, STUDENTS[0]).variants[1].level == "easy"


def test_the_other_problems_keep_their_numbers() -> None:
    alone, drawn = sheet_with(FIRST), sheet_with(DRAWN + FIRST)
    for student in STUDENTS[:5]:
        assert make_paper(alone, 1, student).variants[0].params == make_paper(drawn, 1, student).variants[-1].params


def test_a_topic_stands_for_its_problems_that_the_sheet_does_not_ask_elsewhere() -> None:
    sheet = sheet_with('[[problem]]\ntopic = "normalization"\npick = 2\n' + FIRST)
    of_topic = [name for name, one in catalogue().items() if one.topic == "normalization" and name != "layer-norm"]
    assert [entry.problem.id for entry in sheet.entries] == [*of_topic, "layer-norm"]
    assert sheet.length == 3


def test_all_problems_of_a_topic() -> None:
    sheet = sheet_with('[[problem]]\ntopic = "transformers"\npick = 2\n')
    assert problems(sheet, STUDENTS[0]) == ["attention", "transformer-size"]
    assert not sheet.picks


def test_a_paper_is_found_by_its_id_alone(tmp_path: Path) -> None:
    sheet = sheet_with(FIRST + DRAWN)
    for seed in range(1, 6):
        paper = make_paper(sheet, seed)
        found = find_paper(read_id(str(paper.origin.id)), tmp_path, sheet)
        assert found.paper.document == paper.document


def test_a_class(tmp_path: Path) -> None:
    """It verifies, its keys come from the records and from the secret, it is reported on, and a paper is replaced."""
    path, out = tmp_path / "quiz.toml", tmp_path / "out"
    path.write_text(f'title = "Quiz"\n{FIRST}{DRAWN}', encoding="utf-8")
    write_class(tmp_path, ids(8))
    options = ("--roster", tmp_path / "class.csv", "--formats", "md", "--out", out)
    assert worksheet("generate", path, *options, "--workers", 1).exit_code == 0
    made = tree(out)
    assert worksheet("generate", path, *options, "--workers", 2).exit_code == 0
    assert tree(out) == made
    assert worksheet("verify", out, "--sheet", path).exit_code == 0
    report = worksheet("report", out)
    assert report.exit_code == 0, report.output
    assert {"dropout", "batch-norm", "l2-regularization"} <= {*report.output.split()}
    worksheets = {name: text.decode() for name, text in made.items() if name.endswith("worksheet.md")}
    assert (
        len({tuple(line for line in text.splitlines() if line.startswith("## ")) for text in worksheets.values()}) > 1
    )


@pytest.mark.slow
def test_a_replacement_asks_the_same_problems(tmp_path: Path) -> None:
    path, out = tmp_path / "quiz.toml", tmp_path / "out"
    path.write_text(f'title = "Quiz"\n{FIRST}{DRAWN}', encoding="utf-8")
    write_class(tmp_path, ids(5))
    options = ("--roster", tmp_path / "class.csv", "--formats", "md", "--out", out)
    assert worksheet("generate", path, *options).exit_code == 0
    first = asked_of(out)
    for student in ids(5):
        for _ in range(2):
            replaced = worksheet("replace", student, "--in", out, "--sheet", path)
            assert replaced.exit_code == 0, replaced.output
    assert asked_of(out) == first
    verified = worksheet("verify", out, "--sheet", path)
    assert verified.exit_code == 0, verified.output
    made = tree(out)
    assert worksheet("generate", path, *options).exit_code == 0
    assert {name: made[name] for name in made if name.endswith(".md")} == {
        name: text for name, text in tree(out).items() if name.endswith(".md")
    }


@pytest.mark.slow
def test_a_replacement_that_asks_other_problems_is_checked_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the same ones are very rare together."""
    monkeypatch.setattr(origin, "_MOST_TRIED", 1)
    path, out = tmp_path / "quiz.toml", tmp_path / "out"
    path.write_text(f'title = "Quiz"\n{FIRST}{DRAWN}', encoding="utf-8")
    write_class(tmp_path, ids(5))
    options = ("--roster", tmp_path / "class.csv", "--formats", "md", "--workers", 1, "--out", out)
    assert worksheet("generate", path, *options).exit_code == 0
    said = "".join(worksheet("replace", student, "--in", out, "--sheet", path).output for student in ids(5))
    assert "it asks other problems" in said
    verified = worksheet("verify", out, "--sheet", path)
    assert verified.exit_code == 0, verified.output


def asked_of(out: Path) -> dict[str, list[str]]:
    records = map(json.loads, (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    return {one["student"]["id"]: [problem["id"] for problem in one["problems"]] for one in records}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('topic = "cooking"', "problem 1, topic: expected a topic of `worksheet list` ("),
        ('topic = "normalisation"', "; did you mean normalization?"),
        (
            'topic = "normalization"\npick = 9',
            "problem 1, pick: expected a whole number from 1 to 4; got 9: it draws from batch-norm, layer-norm, ",
        ),
        ("among = []", "problem 1, among: expected problems; got none"),
        (
            'topic = "losses"\n[[problem]]\nid = "softmax-cross-entropy"',
            "problem 1, topic: expected problems that the sheet does not ask elsewhere; got none",
        ),
        ('topic = "normalization"\npoints = { output = 3 }', "problem 1, points: is about one problem"),
        ('topic = "normalization"\nid = "dropout"', "problem 1, id: is about one problem"),
        ('topic = "normalization"\namong = ["dropout"]', "expected either topic"),
        ('among = ["dropout", "dropout"]', "problem 1, among: dropout comes twice on the sheet"),
        ('among = ["dropout"]\npick = 2', "problem 1, pick: expected 1; got 2: it draws from dropout"),
        ('among = ["dropout", "dropuot"]', "dropuot"),
        ('id = "dropout"\npick = 2', 'problem 1, pick: goes with topic = "…" or among = ["…"]'),
    ],
)
def test_what_cannot_be_drawn(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "quiz.toml"
    path.write_text(f'title = "Quiz"\n[[problem]]\n{text}\n', encoding="utf-8")
    result = worksheet("generate", path, "--formats", "md", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "out").exists()


def test_where_all_papers_must_have_the_same_problems(tmp_path: Path) -> None:
    path = tmp_path / "quiz.toml"
    path.write_text(f'title = "Quiz"\n{DRAWN}', encoding="utf-8")
    fixed = path.with_name("fixed.toml")
    fixed.write_text(f'title = "Quiz"\nlayout = "exam"\nfixed = true\n{DRAWN}', encoding="utf-8")
    for command in (("generate", fixed), ("export", "json", path)):
        result = worksheet(*command, "--out", tmp_path / "out")
        assert result.exit_code == 2
        assert "name them by their ids" in result.stderr


def test_problems_of_unequal_size_are_told() -> None:
    (points, minutes) = size_faults(sheet_with(DRAWN), range(1, 4))
    assert points.startswith("problem 1: draws from problems that are not worth the same: dropout ")
    assert minutes.startswith("problem 1: draws from problems that do not take as long: about dropout ")


def test_totals_of_papers_with_unequal_problems_are_told_from_the_smallest_to_the_largest() -> None:
    worth = {entry.problem.id: size_of(entry) for entry in sheet_with(FIRST + DRAWN).entries}
    first, *drawn = worth.values()
    low, high = first + sum(sorted(drawn)[:2]), first + sum(sorted(drawn)[1:])
    faults = size_faults(sheet_with("total_points = 3\n" + FIRST + DRAWN), range(1, 5))
    assert f"total_points: the sheet says 3, its papers are worth from {low} to {high}" in faults


def size_of(entry: Entry) -> int:
    return exercise(draw_variant(entry.problem, 1, level=entry.level), 1, entry).points
