"""No other key than the printed one: what differs stops the commands, and ``--recorded`` goes by the manifest alone."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from generator.classes.class_faults import manifest_hash
from generator.numbers.arrays import as_array
from generator.numbers.encoding import decode, encode
from generator.numbers.exact import same
from generator.problem.catalogue import catalogue
from generator.problem.drawing import draw_variant
from generator.problems import dropout
from tests.tiny_class import generate, ids, records, worksheet, write_class, write_sheet


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A class of three with a sheet and a problem of its own, and the right answer of its first student."""
    write_sheet(tmp_path)
    write_class(tmp_path, ids(3))
    assert generate(tmp_path).exit_code == 0
    (tmp_path / "answers.csv").write_text(f"student,problem,part,answer\ns1,1,a,{printed_answer(tmp_path)}\n")
    return tmp_path


def printed_answer(folder: Path) -> str:
    return str(records(folder / "out")["s1"]["problems"][0]["answers"]["total"])


def grouped(digits: str) -> str:
    """A whole number as a key prints it."""
    return f"{int(digits):,}".replace(",", r"\,")


def commands(folder: Path, *options: str) -> dict[str, tuple[int, str, str]]:
    """The three commands that make keys again, with exit code, output and errors."""
    identity = records(folder / "out")["s1"]["id"]
    sheet: tuple[str | Path, ...] = ("--sheet", folder / "quiz.toml", *options)
    found = {
        "key": worksheet("key", identity, "--in", folder / "out", *sheet),
        "verify": worksheet("verify", folder / "out", "--workers", "1", *sheet),
        "grade": worksheet("grade", folder / "out", folder / "answers.csv", "--out", folder / "marked", "--workers", "1", *sheet),
    }  # fmt: skip
    return {name: (one.exit_code, one.stdout, one.stderr) for name, one in found.items()}


CHANGES = {
    "sums.py": ("return a + b", "return a + 2*b"),
    "quiz.toml": ('title = "Quiz"', 'title = "Another quiz"'),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_changed_stops_them_and_is_named(own: Path, name: str) -> None:
    path = own / name
    path.write_text(path.read_text().replace(*CHANGES[name]))
    for command, (code, _, complained) in commands(own).items():
        assert code == 2, command
        assert f"{name}: not as it was when the papers were made" in complained, command
        assert "--recorded" in complained, command
    assert not (own / "marked" / "grades.csv").exists()


@pytest.mark.parametrize("name", CHANGES)
def test_recorded_goes_by_the_manifest_alone(own: Path, name: str) -> None:
    path = own / name
    path.write_text(path.read_text().replace(*CHANGES[name]))
    found = commands(own, "--recorded")
    assert [code for code, _, _ in found.values()] == [0, 0, 0], found
    assert rf"\boxed{{ s = {grouped(printed_answer(own))} }}" in found["key"][1]
    assert '"1","1","0","0","yes"' in (own / "marked" / "grades.csv").read_text(encoding="utf-8-sig")


def test_grade_says_that_the_manifest_is_not_as_it_was_written(own: Path) -> None:
    manifest = own / "out" / "manifest.jsonl"
    assert "note: the manifest" not in commands(own)["grade"][2]
    manifest.write_bytes(b"".join(manifest.read_bytes().splitlines(keepends=True)[:2]))  # one student's line is gone
    code, _, said = commands(own)["grade"]
    assert code == 0
    assert "is not as it was written: `worksheet verify" in said


def test_a_module_that_a_problem_imports_is_found_by_the_answers(own: Path) -> None:
    """Its digest is in no record; what comes out is compared with the manifest in any case."""
    other = str(int(printed_answer(own)) + 1)
    path = own / "out" / "manifest.jsonl"
    text = path.read_text().replace(f'"total":"{printed_answer(own)}"', f'"total":"{other}"')
    path.write_text(text)
    (own / "out" / "manifest.sha256").write_bytes(manifest_hash(own / "out"))
    for command, (code, _, complained) in commands(own).items():
        assert code == (1 if command == "verify" else 2), command
        assert f'total is "{other}" in the manifest' in complained, command
    (own / "answers.csv").write_text(f"student,problem,part,answer\ns1,1,a,{other}\n")
    found = commands(own, "--recorded")
    assert rf"\boxed{{ s = {grouped(other)} }}" in found["key"][1]
    assert '"1","1","0","0","yes"' in (own / "marked" / "grades.csv").read_text(encoding="utf-8-sig")


def test_recorded_marks_even_where_the_problem_can_be_solved_no_more(own: Path) -> None:
    path = own / "sums.py"
    path.write_text(path.read_text().replace("return a + b", "return a / (b - b)"))
    assert commands(own)["grade"][0] == 2
    found = commands(own, "--recorded")
    assert "Traceback" not in found["grade"][2]
    assert '"1","1","0","0","yes"' in (own / "marked" / "grades.csv").read_text(encoding="utf-8-sig")


def test_recorded_takes_the_right_letter_from_the_paper(tmp_path: Path) -> None:
    (tmp_path / "quiz.toml").write_text(
        'title = "Q"\n[[problem]]\nfile = "drops.py"\nchoices = ["y_corr"]\n', encoding="utf-8"
    )
    source = Path(dropout.__file__).read_text(encoding="utf-8")
    (tmp_path / "dropout.toml").write_bytes(Path(dropout.__file__).with_suffix(".toml").read_bytes())
    (tmp_path / "drops.py").write_text(source.replace('id="dropout"', 'id="drops"'), encoding="utf-8")
    shutil.copy(tmp_path / "dropout.toml", tmp_path / "drops.toml")
    write_class(tmp_path, ids(3))
    made = generate(tmp_path)
    assert made.exit_code == 0, made.output
    letters = {
        who: one["problems"][0]["letters"]["y_corr"]["right"][0] for who, one in records(tmp_path / "out").items()
    }
    rows = "".join(f"{who},1,y_corr,{'ABCDE'[place]}\n" for who, place in letters.items())
    (tmp_path / "answers.csv").write_text(f"student,problem,part,answer\n{rows}")
    changed = source.replace('id="dropout"', 'id="drops"').replace("mistakes=MISTAKES", "mistakes=MISTAKES[:5]")
    (tmp_path / "drops.py").write_text(changed, encoding="utf-8")
    found = commands(tmp_path, "--recorded")["grade"]
    assert found[0] == 0, found
    with (tmp_path / "marked" / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["1(b)"] for row in csv.DictReader(file)] == ["1", "1", "1"]


CLAIMS = """\
title = "Q"
[[question]]
id = "judge"
kind = "claims"
text = "Which are true?"
room = 2
claims = [{ claim = "It is.", true = true, reason = "So." }, { claim = "It is not.", true = false, reason = "So." }]
"""


@pytest.mark.parametrize(
    ("old", "new", "points"),
    [
        ("true = false", "true = true", ["2", "1"]),
        (', { claim = "It is not.", true = false, reason = "So." }', "", ["", ""]),
    ],
)
def test_recorded_takes_the_verdicts_from_the_paper(tmp_path: Path, old: str, new: str, points: list[str]) -> None:
    (tmp_path / "quiz.toml").write_text(CLAIMS, encoding="utf-8")
    write_class(tmp_path, ids(2))
    assert generate(tmp_path).exit_code == 0
    (tmp_path / "answers.csv").write_text("student,problem,part,answer\ns1,1,a,T F\ns2,1,a,T T\n")
    (tmp_path / "quiz.toml").write_text(CLAIMS.replace(old, new), encoding="utf-8")
    assert commands(tmp_path, "--recorded")["grade"][0] == 0
    with (tmp_path / "marked" / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        assert [row["1(a)"] for row in csv.DictReader(file)] == points


def test_another_version_that_gives_the_same_answers_goes_on(own: Path) -> None:
    path = own / "out" / "manifest.jsonl"
    found = [json.loads(line) for line in path.read_text().splitlines()]
    for record in found:
        record["version"] = "0.2.0"
    path.write_text("".join(json.dumps(record, separators=(",", ":")) + "\n" for record in found))
    (own / "out" / "manifest.sha256").write_bytes(manifest_hash(own / "out"))
    assert [code for code, _, _ in commands(own).values()] == [0, 0, 0]
    shutil.rmtree(own / "marked")
    path.write_text(path.read_text().replace(f'"total":"{printed_answer(own)}"', '"total":"7"'))
    code, _, complained = commands(own)["grade"]
    assert code == 2
    assert "made by version 0.2.0" in complained


def test_a_problem_file_needs_its_sheet(own: Path) -> None:
    result = worksheet("grade", own / "out", own / "answers.csv", "--workers", "1")
    assert result.exit_code == 2
    assert "--sheet" in result.stderr


@pytest.mark.parametrize("problem", list(catalogue()))
def test_recorded_values_are_read_back(problem: str) -> None:
    for seed in (1, 2, 3):
        values = draw_variant(catalogue()[problem], seed).values.computed
        for name, value in values.items():
            assert same(as_array(decode(json.loads(json.dumps(encode(value))), value)), as_array(value)), name


# ------------------------------------------------------------------------------- one id is one problem


def sheet_of_files(folder: Path, *names: str) -> str:
    sheet = folder / "quiz.toml"
    sheet.write_text('title = "Quiz"\n' + "".join(f'[[problem]]\nfile = "{name}"\n' for name in names))
    result = worksheet("generate", sheet, "--formats", "md", "--out", folder / "single")
    assert not (folder / "single").exists() or result.exit_code == 0
    return result.stderr if result.exit_code else ""


def test_two_problems_with_one_id_are_refused_and_one_asked_twice_is_not(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    (tmp_path / "others.py").write_text((tmp_path / "sums.py").read_text().replace("return a + b", "return a + b + 0"))
    refused = sheet_of_files(tmp_path, "sums.py", "others.py")
    assert (
        "problem 2: the file others.py and the file sums.py of problem 1 are two problems with the id 'sums'" in refused
    )
    assert sheet_of_files(tmp_path, "sums.py", "sums.py") == ""


def test_a_file_with_the_id_of_a_problem_of_the_catalogue_is_refused(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    path = tmp_path / "sums.py"
    path.write_text(path.read_text().replace('id="sums"', 'id="dropout"'))
    assert "the file sums.py has the id 'dropout', which a problem of the catalogue has" in sheet_of_files(
        tmp_path, "sums.py"
    )


def test_new_refuses_an_id_of_the_catalogue(tmp_path: Path) -> None:
    result = worksheet("new", "dropout", "--dir", tmp_path)
    assert result.exit_code == 2
    assert "a problem of the catalogue has the id 'dropout'" in result.stderr
    assert not list(tmp_path.iterdir())
