"""A class in which students drew the same problem: what is drawn again, and that nothing else moves for it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.classes.class_faults import manifest_hash
from generator.paper.origin import secret_origin
from generator.paper.sheet_file import find_sheet
from generator.render.qr import PageCode, qr
from tests.tiny_class import PROBLEM, SECRET, generate, ids, records, tree, without_class_list, worksheet, write_class

Numbers = dict[str, dict[str, str]]
"""Of each student and each problem on her paper, its canonical digest."""

PLENTY = 10**6


def write_quiz(folder: Path, **variants: int) -> None:
    """A sheet with problems of these names, each with so many variants."""
    text = 'title = "Quiz"\n' + "".join(f'[[problem]]\nfile = "{name}.py"\n' for name in variants)
    (folder / "quiz.toml").write_text(text)
    for name, most in variants.items():
        problem = PROBLEM.format(most_a=most, most_b=1, sampling="pass", asking="pass", name=name)
        (folder / f"{name}.py").write_text(problem)


def numbers(folder: Path) -> Numbers:
    return {
        student: {problem["id"]: problem["canonical"] for problem in record["problems"]}
        for student, record in records(folder).items()
    }


def redrawn(folder: Path) -> dict[str, list[int]]:
    """How often each problem of a student was drawn again, of those students where one was."""
    found = {
        student: [problem.get("again", 0) for problem in record["problems"]]
        for student, record in records(folder).items()
    }
    return {student: again for student, again in found.items() if any(again)}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """14 students, and a problem with 16 variants between two with plenty; papers in ``out``."""
    folder = tmp_path_factory.mktemp("crowd")
    write_quiz(folder, plenty=PLENTY, scarce=16, ample=PLENTY)
    write_class(folder, ids(14))
    result = generate(folder, formats="tex,md")
    assert result.exit_code == 0
    assert without_class_list(result.stderr) == ""
    return folder


def test_only_the_problem_alike_is_drawn_again(crowd: Path) -> None:
    again = redrawn(crowd / "out")
    assert len(again) >= 4
    assert all(times[0] == times[2] == 0 < times[1] for times in again.values())
    for student, record in records(crowd / "out").items():
        assert record["stream"] == secret_origin(SECRET, find_sheet(str(crowd / "quiz.toml")), 1, student).stream
        assert record["again"] == sum(again.get(student, [0]))
    assert len({own["scarce"] for own in numbers(crowd / "out").values()}) == 14


def test_the_id_stands_for_what_was_drawn_again(crowd: Path) -> None:
    again, sheet = redrawn(crowd / "out"), find_sheet(str(crowd / "quiz.toml"))
    for student, record in records(crowd / "out").items():
        redraws = tuple((place, times) for place, times in enumerate(again.get(student, []), start=1) if times)
        assert record["id"] == str(secret_origin(SECRET, sheet, 1, student, redraws).id)
        assert (record["id"] == str(secret_origin(SECRET, sheet, 1, student).id)) == (not redraws)
        assert f"variant {record['id']}" in (crowd / "out" / student / "key.md").read_text()
        tex = (crowd / "out" / student / "worksheet.tex").read_text()
        assert f"\\pagecode{{1}}{{{qr(PageCode(record['id'], is_key=False, page=1))}}}" in tex
        assert re.search(r"\\pagecode\{1\}\{(?:[0-9A-F]{6},){21}\}", tex), "the smallest code"


def test_the_key_from_the_manifest_and_from_the_id_with_the_secret(crowd: Path, tmp_path: Path) -> None:
    for student in redrawn(crowd / "out"):
        identity = records(crowd / "out")[student]["id"]
        for typed in (identity, identity.lower().replace("-", "")):
            found = worksheet("key", typed, "--in", crowd / "out", "--sheet", crowd / "quiz.toml")
            assert "note: made again from" in found.stderr
            assert found.stdout.rstrip() == (crowd / "out" / student / "key.md").read_text().rstrip()
        lost = worksheet("key", identity, "--in", tmp_path, "--sheet", crowd / "quiz.toml")
        assert "drawn again from its id and the course secret" in lost.stderr
        body = (crowd / "out" / student / "key.md").read_text().rstrip().partition("## 1.")[2]
        assert body
        assert lost.stdout.rstrip().partition("## 1.")[2] == body


def edited(folder: Path, out: str, change: Any) -> Path:
    """The class with the record of one whose problem was drawn again changed."""
    found = records(folder / "out")
    change(found[next(iter(redrawn(folder / "out")))])
    (folder / out).mkdir(exist_ok=True)
    for name, content in tree(folder / "out").items():
        (folder / out / name).parent.mkdir(exist_ok=True)
        (folder / out / name).write_bytes(content)
    lines = "".join(json.dumps(record) + "\n" for record in found.values())
    (folder / out / "manifest.jsonl").write_text(lines)
    (folder / out / "manifest.sha256").write_bytes(manifest_hash(folder / out))
    return folder / out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record: None, ""),
        (lambda record: record["problems"][1].update(again=9), "the id is not that of the seed and the student"),
        (lambda record: record.update(again=777), "again is 777, and of the problems "),
        (lambda record: record["problems"][1].pop("again"), "the id is not that of the seed and the student"),
        (lambda record: record["problems"][0].update(again=1), "the id is not that of the seed and the student"),
        (lambda record: record["problems"][1].update(again="x"), "is no record: problem 2, again: "),
        (
            lambda record: record["problems"][1]["params"].update(a=1000),
            "scarce: the parameters are not those that are drawn for the paper",
        ),
    ],
)
def test_verifying(crowd: Path, change: Any, message: str) -> None:
    folder = edited(crowd, "edited", change)
    found = worksheet("verify", folder, "--sheet", crowd / "quiz.toml", "--workers", "1")
    assert found.exit_code == bool(message), found.output
    assert message in found.stderr
    assert "Traceback" not in found.output


# ------------------------------------------------------------------------------------------- what can move


SPACES = {"scarce": 16, "few": 9, "tight": 40, "plenty": PLENTY}


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from([*SPACES]), min_size=1, unique=True),
    st.integers(1, 14),
    st.randoms(use_true_random=False),
)
@pytest.mark.slow
def test_no_number_moves_by_other_problems_or_by_the_order(
    tmp_path_factory: pytest.TempPathFactory, problems: list[str], count: int, draw: Random
) -> None:
    """Of 14 students, nine variants of a problem must be shared, and 16 of another are nearly used up."""
    folder = tmp_path_factory.mktemp("moves")
    write_quiz(folder, **SPACES)
    write_class(folder, ids(count))
    generate(folder, out="whole")
    whole = numbers(folder / "whole")
    draw.shuffle(problems)
    write_quiz(folder, **{name: SPACES[name] for name in problems})
    students = ids(count)
    draw.shuffle(students)
    write_class(folder, students)
    generate(folder, out="fewer")
    fewer = numbers(folder / "fewer")
    assert list(fewer) == students
    for student, own in fewer.items():
        assert own == {name: whole[student][name] for name in problems}


@pytest.mark.slow
def test_who_leaves_moves_only_the_problems_in_which_others_had_yielded(tmp_path: Path) -> None:
    write_quiz(tmp_path, tight=40, plenty=PLENTY)
    write_class(tmp_path, ids(20))
    generate(tmp_path)
    whole, again = numbers(tmp_path / "out"), redrawn(tmp_path / "out")
    assert again
    moved = 0
    for gone in ids(20):
        write_class(tmp_path, [student for student in ids(20) if student != gone])
        generate(tmp_path, out=f"without-{gone}")
        for student, own in numbers(tmp_path / f"without-{gone}").items():
            assert own["plenty"] == whole[student]["plenty"]
            if own["tight"] != whole[student]["tight"]:
                assert student in again
                moved += 1
    assert 1 <= moved <= 2 * sum(map(sum, again.values()))


@pytest.mark.slow
def test_in_the_same_folder_nobody_moves_whatever_comes_to_the_sheet(tmp_path: Path) -> None:
    """Newcomers first, who yield to everybody; then other problems, in another order; then one of them goes."""
    write_quiz(tmp_path, scarce=24, few=5)
    write_class(tmp_path, ids(8)[::-1])
    generate(tmp_path)
    write_class(tmp_path, ids(16))
    assert "had another paper" not in generate(tmp_path).stderr
    before = numbers(tmp_path / "out")
    generate(tmp_path, out="new")
    assert numbers(tmp_path / "new") != before, "so that it matters who was there before"
    spaces = {"scarce": 24, "few": 5, "more": 20}
    there = {"scarce", "few"}
    for asked in (["scarce", "few"], ["more", "few", "scarce"], ["few", "scarce"], ["scarce"], ["scarce", "few"]):
        write_quiz(tmp_path, **{name: spaces[name] for name in asked})
        assert generate(tmp_path, "--replace").exit_code == 0
        there &= {*asked}
        assert there
        for student, own in numbers(tmp_path / "out").items():
            assert {name: own[name] for name in there} == {name: before[student][name] for name in there}
    assert worksheet("verify", tmp_path / "out", "--sheet", tmp_path / "quiz.toml").exit_code == 0


def test_in_the_same_folder_nobody_moves_when_others_leave_or_change_places(tmp_path: Path) -> None:
    write_quiz(tmp_path, scarce=24, few=5)
    write_class(tmp_path, ids(16))
    generate(tmp_path)
    before, again = numbers(tmp_path / "out"), redrawn(tmp_path / "out")
    stay = [student for place, student in enumerate(ids(16)) if student in again or place % 3][::-1]
    write_class(tmp_path, stay)
    assert generate(tmp_path, "--replace").exit_code == 0
    assert numbers(tmp_path / "out") == {student: before[student] for student in stay}
    generate(tmp_path, out="new")
    assert numbers(tmp_path / "new") != numbers(tmp_path / "out"), "so that it matters who was there before"


def test_a_problem_that_cannot_be_drawn_frees_nothing_else(tmp_path: Path) -> None:
    """Whoever has no paper for it keeps her other problems from the others, as if it were not on the sheet."""
    write_quiz(tmp_path, scarce=16)
    write_class(tmp_path, ids(14))
    generate(tmp_path, out="alone")
    alone = numbers(tmp_path / "alone")
    write_quiz(tmp_path, scarce=16, broken=PLENTY)
    problem = (tmp_path / "broken.py").read_text()
    (tmp_path / "broken.py").write_text(problem.replace("pass", "if a % 4 == 0: raise ValueError('no')", 1))
    result = generate(tmp_path)
    assert result.exit_code == 1
    found = numbers(tmp_path / "out")
    assert 0 < len(found) < 14
    for student, own in found.items():
        assert own["scarce"] == alone[student]["scarce"]
