"""A student who was given another paper is marked by that, unless her answers name the one before."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.tiny_class import generate, ids, records, worksheet, write_class, write_sheet


@pytest.fixture
def own(tmp_path: Path) -> Path:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(3))
    assert generate(tmp_path).exit_code == 0
    done = worksheet("replace", "s2", "--in", tmp_path / "out", "--sheet", tmp_path / "quiz.toml")
    assert done.exit_code == 0, done.output
    return tmp_path


def graded(folder: Path, *rows: str, header: str = "student,problem,part,answer,paper", option: str = "") -> Result:
    answers = folder / "answers.csv"
    answers.write_text("\n".join([header, *rows]) + "\n")
    arguments = [option, answers] if option else [answers]
    return worksheet(
        "grade",
        folder / "out",
        *arguments,
        "--sheet",
        folder / "quiz.toml",
        "--out",
        folder / "marked",
        "--workers",
        "1",
    )


def total(record: dict[str, Any]) -> str:
    return str(record["problems"][0]["answers"]["total"])


def row_of(folder: Path, student: str) -> dict[str, str]:
    with (folder / "marked" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["student"] == student)


@pytest.mark.parametrize("names_it", [False, True])
@pytest.mark.parametrize("is_old", [False, True])
def test_the_paper_that_is_marked(own: Path, names_it: bool, is_old: bool) -> None:
    new = records(own / "out")["s2"]
    (old,) = new["replaced"]
    paper = old if is_old else new
    named = f" {paper['id'].lower().replace('-', '')} " if names_it else ""
    done = graded(own, f"s2,sums,total,{total(paper)},{named}")
    assert done.exit_code == 0, done.output
    marked = old if is_old and names_it else new
    assert row_of(own, "s2")["paper"] == marked["id"]
    assert row_of(own, "s2")["total"] == ("1" if marked is paper else "0")


def test_rows_about_both_papers(own: Path) -> None:
    new = records(own / "out")["s2"]
    (old,) = new["replaced"]
    done = graded(own, f"s2,sums,total,{total(old)},{old['id']}", f"s2,sums,total,{total(new)},{new['id']}")
    assert done.exit_code == 1
    assert f"row 3, student s2, column paper: expected {old['id']}" in done.stderr.replace("'", "")
    assert row_of(own, "s2")["total"] == "1"


@pytest.mark.parametrize("paper", ["7K4Q-M2RT-9CXC", "what?", "7K4QM-2RT9C"])
def test_a_paper_that_is_not_hers(own: Path, paper: str) -> None:
    done = graded(own, f"s2,sums,total,1,{paper}", "s1,sums,total,1,")
    assert done.exit_code == 1
    assert f"got {paper}" in done.stderr.replace("'", "").replace('"', "")
    assert row_of(own, "s1")["of"]


def test_marked_before_she_was_given_another(own: Path) -> None:
    """Her marks stay until there are answers to the new paper; a person's points go to the paper that was marked."""
    (old,) = records(own / "out")["s2"]["replaced"]
    graded(own, f"s2,sums,total,{total(old)},{old['id']}")
    done = graded(own, "s1,sums,total,1,")
    assert done.exit_code == 0, done.output
    assert (row_of(own, "s2")["paper"], row_of(own, "s2")["total"]) == (old["id"], "1")
    given = graded(own, "s2,sums,total,0.5", header="student,problem,part,points", option="--marks")
    assert given.exit_code == 0, given.output
    assert (row_of(own, "s2")["paper"], row_of(own, "s2")["total"]) == (old["id"], "0.5")
    new = records(own / "out")["s2"]
    graded(own, f"s2,sums,total,{total(new)},")
    assert (row_of(own, "s2")["paper"], row_of(own, "s2")["total"]) == (new["id"], "1")


@pytest.mark.slow
def test_a_paper_that_is_not_hers_is_named_once_a_row(tmp_path: Path) -> None:
    """A table has the answers to several parts in one row."""
    (tmp_path / "class.csv").write_text("id,name\ns1,Ada\ns2,Emmy\n")
    made = worksheet(
        "generate", "losses", "--roster", tmp_path / "class.csv", "--formats", "md", "--out", tmp_path / "out"
    )
    assert made.exit_code == 0, made.output
    (tmp_path / "answers.csv").write_text("student,paper,1(a),1(b),2(a)\ns1,7K4Q-M2RT-9CXC,1,2,3\ns2,,1,2,3\n")
    done = worksheet(
        "grade", tmp_path / "out", tmp_path / "answers.csv", "--out", tmp_path / "marked", "--workers", "1"
    )
    assert done.exit_code == 1
    assert done.stderr.count("7K4Q-M2RT-9CXC") == 1
