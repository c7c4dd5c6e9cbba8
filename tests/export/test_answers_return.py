"""Answers that students type on a platform are marked by the records next to the export, each part by the variant drawn for it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import Result

from tests.export import canvas_reader, moodle_reader
from tests.tiny_class import worksheet

SHEET = """title = "Quiz"
[[problem]]
id = "layer-norm"
[[problem]]
id = "dropout"
choices = ["y_drop"]
"""

Answers = Mapping[str, Mapping[str, str]]
"""The right answer in each variant of a part, as a student gives it on the platform."""


def exported(folder: Path, target: str, sheet: str = SHEET, *options: str, out: str = "quiz") -> Path:
    """Export a sheet, and return the export."""
    (folder / "quiz.toml").write_text(sheet)
    ending = {"canvas": ".zip", "moodle": ".xml", "prairielearn": ""}[target]
    path = folder / f"{out}{ending}"
    result = worksheet("export", target, folder / "quiz.toml", "--variants", "3", "--out", path, *options)
    assert result.exit_code == 0, result.output
    return path


def answers_in_canvas(path: Path) -> tuple[Answers, dict[str, int]]:
    """Return the right answers to what Canvas marks itself, and the points of these parts."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    points = {}
    for question in canvas_reader.read(path.read_bytes()).questions:
        part, variant = question.tag.split()
        if question.kind == "numerical_question":
            found[part][variant] = f"{question.interval()[1]:.4f}"
        elif question.kind == "multiple_choice_question":
            (right,) = question.right()
            found[part][variant] = canvas_reader.plain(question.options[right])
        else:
            continue
        points[part] = question.points
    return found, points


def answers_in_moodle(path: Path) -> tuple[Answers, dict[str, int]]:
    """Return the right answers to what Moodle marks itself, and the points of these parts: those of gaps are other weights."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    points = {}
    for question in moodle_reader.read_quiz(path.read_bytes()).values():
        if question.kind == "essay":
            continue
        ((part, variant),) = re.findall(r"\(id (\S+) (\w+)\)", question.text)
        right = [next(one.text for one in gap.answers if one.fraction == 1) for gap in question.gaps]
        if question.kind == "cloze":
            found[part][variant] = "; ".join(f"part {place}: {one}" for place, one in enumerate(right, start=1))
        else:
            found[part][variant] = re.sub("<[^>]*>", "", right[0])
        points[part] = 6 if part == "layer-norm.output" else question.points
    return found, points


def table(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def canvas_table(given: Mapping[str, Mapping[tuple[str, str], str]]) -> str:
    """Return a student analysis: what each student gave for a part and its variant; the other questions were not drawn."""
    asked = sorted({one for answers in given.values() for one in answers})
    header = ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt"]
    for number, (part, variant) in enumerate(asked, start=912001):
        header += [f"{number}: <p>What is it?</p> <small>(id {part} {variant})</small>", "2.0"]
    rows = [[*header, "n correct", "n incorrect", "score"]]
    for place, (student, answers) in enumerate(given.items(), start=8801):
        cells = [cell for one in asked for cell in (answers.get(one, ""), "0.0" if one in answers else "")]
        people = [student, str(place), student, "DL", "51", "dl", "2026-11-02 15:04:40 UTC", "1"]
        rows.append([*people, *cells, "1", "1", "2.0"])
    return table(rows)


def moodle_table(given: Mapping[str, Mapping[tuple[str, str], str]]) -> str:
    """Return a report of responses with the texts of the questions that were drawn."""
    count = max(map(len, given.values()))
    numbers = range(1, count + 1)
    columns = [name for number in numbers for name in (f"Question {number}", f"Response {number}")]
    rows = [["Last name", "First name", "Email address", "Status", "Started", "Completed", "Grade/10.00", *columns]]
    for student, answers in given.items():
        cells = [
            cell for (part, variant), text in answers.items() for cell in (f"What is it? (id {part} {variant})", text)
        ]
        cells += ["", "-"] * (count - len(answers))
        rows.append(["L", student, student, "Finished", "2 November 2026", "2 November 2026", "1.00", *cells])
    return table(rows)


def graded(path: Path, content: str, *options: str) -> tuple[Result, dict[str, dict[str, str]]]:
    """Grade a platform's file by the records next to an export; return the rows of the grades by student."""
    records = path.parent / f"{path.stem}-records"
    (path.parent / "answers.csv").write_text(content)
    result = worksheet("grade", records, path.parent / "answers.csv", "--workers", "1", *options)
    if not (records / "grades.csv").exists():
        return result, {}
    rows = csv.DictReader(io.StringIO((records / "grades.csv").read_text("utf-8-sig")))
    return result, {row["student"]: row for row in rows}


def points_of(row: Mapping[str, str]) -> float:
    return float(row["total"])


def one_of_each(right: Answers, first: int = 0) -> dict[tuple[str, str], str]:
    """Return the right answer to each part, to another variant each time."""
    return {
        (part, [*of_part][(first + place) % len(of_part)]): [*of_part.values()][(first + place) % len(of_part)]
        for place, (part, of_part) in enumerate(right.items())
    }


PLATFORMS = {
    "canvas": (answers_in_canvas, canvas_table, "canvas-analysis"),
    "moodle": (answers_in_moodle, moodle_table, "moodle-responses"),
}


@pytest.mark.parametrize("target", PLATFORMS)
def test_each_part_is_marked_by_the_variant_that_was_drawn(target: str, tmp_path: Path) -> None:
    read, write, form = PLATFORMS[target]
    path = exported(tmp_path, target)
    right, points = read(path)
    assert len(points) >= 3
    assert all(len(of_part) == 3 for of_part in right.values())
    ada = one_of_each(right)
    emmy = one_of_each(right, 1)
    assert len({variant for _, variant in ada}) > 1
    # A number that is right in another variant of the part is wrong in this one.
    others = [*right["dropout.y_corr"].items()]
    (variant, mine) = others[0]
    theirs = next(text for _, text in others if Decimal(text) != Decimal(mine))
    alan = {
        **{one: text for one, text in ada.items() if one[0] != "dropout.y_corr"},
        ("dropout.y_corr", variant): theirs,
    }
    result, found = graded(path, write({"ada@x.edu": ada, "emmy@x.edu": emmy, "alan@x.edu": alan}), "--from", form)
    assert result.exit_code == 0, result.output
    most = sum(points.values())
    assert points_of(found["ada@x.edu"]) == most
    assert points_of(found["emmy@x.edu"]) == most
    assert points_of(found["alan@x.edu"]) < most
    assert len(found) == 3  # one row a student, not one a variant
