"""What a class is delivered as: a PDF or an archive a section, a table for a mail merge, forms that neighbours do not share."""

from __future__ import annotations

import csv
import json
import re
import shlex
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.classes.binding import bound_faults
from generator.classes.copies import sort_key
from generator.classes.forms_by_seat import assign_forms
from generator.errors import InputError
from generator.paper.students import Student
from tests.tiny_class import ROOT, generate, records, worksheet, write_class, write_sheet

LIST = (
    "id,name,section,email\n"
    "s1,Zoe,Lab 10,zoe@example.org\n"
    "s2,Émile,Lab 2,emile@example.org\n"
    "s3,Ada,Lab 2,\n"
    "s4,Bo,,bo@example.org\n"
)
"""Sections that a computer would sort the other way around, a student without section, one without address."""


def class_of(folder: Path, text: str = LIST) -> None:
    write_sheet(folder)
    (folder / "class.csv").write_text(text)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return list(csv.DictReader(opened))


def bookmarks(file: Path) -> list[str]:
    with pikepdf.open(file) as pdf, pdf.open_outline() as outline:
        return [str(entry.title) for entry in outline.root]


def pages(file: Path) -> int:
    with pikepdf.open(file) as pdf:
        return len(pdf.pages)


@pytest.mark.parametrize(
    ("before", "after"),
    [("Lab 2", "Lab 10"), ("lab 9b", "Lab 10a"), ("Éva", "Zoe"), ("2", "10"), ("Lab", "Lab 1"), ("Mon 9 B2", "Mon 9 B10"), ("٢", "10")],
)  # fmt: skip
def test_sections_are_sorted_as_people_count(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)


@pytest.mark.slow
def test_the_commands_of_the_page_on_class_lists_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "rosters.md").read_text(encoding="utf-8")
    commands = [shlex.split(block)[1:] for block in re.findall(r"```sh\n(worksheet .*)\n```", page)]
    assert len(commands) == 2
    monkeypatch.chdir(tmp_path)
    (tmp_path / "grades.csv").write_text("SIS Login ID,First name,Last name\nnoa,Noa,Ibarra\n")
    (tmp_path / "class.csv").write_text("id,name,seat\n1,A B,B12\n2,C D,B13\n")
    for command in commands:
        result = worksheet(*command, "--workers", "1")
        assert result.exit_code == 0, result.output
    assert records(tmp_path / "class")["noa"]["student"]["name"] == "Noa Ibarra"
    assert {path.name for path in (tmp_path / "forms").glob("*.pdf")} == {
        f"worksheets-form-{form}.pdf" for form in forms_of(tmp_path / "forms").values()
    }


@given(st.lists(st.text(max_size=8) | st.from_regex(r"[a-c ]{0,2}[0-9²]{0,3}[a-c]?", fullmatch=True), max_size=6))
def test_all_texts_can_be_sorted(texts: list[str]) -> None:
    assert sorted(sorted(texts, key=sort_key, reverse=True), key=sort_key) is not None


@pytest.mark.slow
def test_a_file_for_each_section(tmp_path: Path) -> None:
    class_of(tmp_path)
    result = generate(
        tmp_path, "--by", "section", "--cover", "--one-key", "--duplex", "--mail", "--zip", formats="pdf,md"
    )
    assert result.exit_code == 0, result.output
    out = tmp_path / "out"
    assert {path.name for path in out.glob("*.pdf")} == {
        f"{stem}-{section}.pdf" for stem in ("worksheets", "keys") for section in ("Lab-2", "Lab-10", "no-section")
    }
    assert len(list(out.glob("*.zip"))) == 3
    assert bookmarks(out / "worksheets-Lab-2.pdf") == ["Ada (s3)", "Émile (s2)"]
    single = pages(out / "s2" / "worksheet.pdf")
    assert (
        pages(out / "worksheets-Lab-2.pdf") == 2 + (single + single % 2) + single
    )  # the cover, its empty back, two papers
    assert [(row["student"], row["email"], row["file"]) for row in rows(out / "mail.csv")] == [
        ("s1", "zoe@example.org", "s1/worksheet.pdf"),
        ("s2", "emile@example.org", "s2/worksheet.pdf"),
        ("s3", "", "s3/worksheet.pdf"),
        ("s4", "bo@example.org", "s4/worksheet.pdf"),
    ]
    assert "mail.csv has no e-mail address of s3" in result.stderr
    assert list(bound_faults(out)) == []
    (out / "keys-Lab-2.pdf").unlink()
    (out / "mail.csv").write_text("changed")
    assert list(bound_faults(out)) == [
        "keys-Lab-2.pdf is missing, and bound.json has its hash", "mail.csv is not as it was written"
    ]  # fmt: skip
    assert generate(tmp_path, "--replace", "--zip", formats="md").exit_code == 0
    assert not list(out.glob("*.pdf"))
    assert not (out / "mail.csv").exists()
    assert (out / "worksheets.zip").exists()


def test_an_archive_for_each_section_has_no_key(tmp_path: Path) -> None:
    class_of(tmp_path)
    result = generate(tmp_path, "--by", "section", "--zip", formats="md,tex")
    assert result.exit_code == 0, result.output
    out = tmp_path / "out"
    with zipfile.ZipFile(out / "worksheets-Lab-2.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.read("s3/worksheet.md") == (out / "s3" / "worksheet.md").read_bytes()
    assert {name.partition("/")[0] for name in names} == {"s2", "s3"}
    assert {name.partition("/")[2] for name in names} == {"worksheet.md", "worksheet.tex", "worksheet.sty"}
    before = (out / "worksheets-Lab-2.zip").read_bytes()
    assert generate(tmp_path, "--by", "section", "--zip", formats="md,tex").exit_code == 0
    assert (out / "worksheets-Lab-2.zip").read_bytes() == before
    assert list(bound_faults(out)) == []


def test_sections_of_one_file_name_have_files_of_their_own(tmp_path: Path) -> None:
    class_of(tmp_path, "id,name,section\n1,A B,Lab 2\n2,C D,lab-2\n3,E F,王\n4,G H,李\n5,I J,../x\n")
    assert generate(tmp_path, "--by", "section", "--zip").exit_code == 0
    names = {path.name for path in (tmp_path / "out").glob("*.zip")}
    assert names == {f"worksheets-{name}.zip" for name in ("Lab-2", "lab-2-2", "section", "section-2", "x")}


def test_a_section_that_is_gone_leaves_no_file(tmp_path: Path) -> None:
    class_of(tmp_path)
    assert generate(tmp_path, "--by", "section", "--zip").exit_code == 0
    mine = tmp_path / "out" / "worksheets-mine.zip"
    mine.write_text("my own")
    (tmp_path / "class.csv").write_text(LIST.replace("Lab 10", "Lab 2"))
    result = generate(tmp_path, "--by", "section", "--zip")
    assert result.exit_code == 0
    assert "worksheets-Lab-10.zip of the run before was removed" in result.stderr
    assert not (tmp_path / "out" / "worksheets-Lab-10.zip").exists()
    assert mine.read_text() == "my own"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--by", "form"), "--by form is about forms"),
        (("--cover",), "--cover is about bound worksheets"),
        (("--by", "section"), "add pdf to --formats"),
        (("--by", "section", "--zip", "--cover"), "add pdf to --formats"),
        (("--by", "seat"), "Invalid value for '--by'"),
    ],
)
def test_what_cannot_be_delivered(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    class_of(tmp_path)
    result = generate(tmp_path, *options)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [("--by", "section"), ("--mail",)])
def test_forms_alone_have_no_students(tmp_path: Path, option: tuple[str, ...]) -> None:
    result = worksheet("generate", "discussion04", "--forms", "2", *option, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "class list: say --roster too" in result.output


@pytest.mark.parametrize("name", ["worksheets-Lab-2.zip", "MAIL.csv", "forms.csv"])
def test_no_student_is_called_like_such_a_file(tmp_path: Path, name: str) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, [name])
    result = generate(tmp_path)
    assert result.exit_code == 2
    assert "is the name of a file that a run writes" in result.stderr


# ------------------------------------------------------------------------------------ forms over a class list


def room(seats: list[str], count: int, sections: list[str] | None = None) -> dict[str, str]:
    """The form of each seat."""
    students = [Student(f"s{place}", "x", (sections or [""] * len(seats))[place]) for place in range(len(seats))]
    of = {student.id: seat for student, seat in zip(students, seats, strict=True)}
    return {one.seat: one.form for one in assign_forms(students, "ABCDEFGH"[:count], of, {})}


@pytest.mark.parametrize(("count", "steps"), [(2, [(0, 1), (1, 0)]), (3, [(0, 1), (1, 0)]), (4, [(0, 1), (1, 0), (1, 1), (1, -1)]), (5, [(0, 1), (1, 0), (1, 1), (1, -1)])])  # fmt: skip
@pytest.mark.parametrize("style", ["{row}{number}", "HS1 row {index} seat {number}", "{index}-{number:02}"])
def test_in_a_full_room_no_neighbours_share_a_form(count: int, steps: list[tuple[int, int]], style: str) -> None:
    places = {
        (index, number): style.format(row="ABCDEFGHIJKL"[index], index=index + 1, number=number)
        for number in range(1, 13)
        for index in range(12)
    }
    forms = room([*places.values()][::-1], count)
    for (index, number), seat in places.items():
        for down, right in steps:
            neighbour = places.get((index + down, number + right))
            assert neighbour is None or forms[neighbour] != forms[seat], (seat, neighbour)
    used = Counter(forms.values())
    assert max(used.values()) - min(used.values()) <= 12


@given(
    taken=st.sets(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=30),
    count=st.integers(2, 6),
)
def test_in_any_room_the_next_one_in_the_row_has_another_form(taken: set[tuple[int, int]], count: int) -> None:
    forms = room([f"{'ABCDEF'[row]}{number}" for row, number in taken], count)
    for row in range(6):
        order = [forms[f"{'ABCDEF'[row]}{number}"] for number in sorted(number for one, number in taken if one == row)]
        assert all(left != right for left, right in pairwise(order))


@given(st.lists(st.sampled_from(["Lab 1", "Lab 2", ""]), min_size=1, max_size=20), st.integers(2, 6))
def test_without_seats_the_next_one_on_the_list_has_another_form(sections: list[str], count: int) -> None:
    students = [Student(f"s{place}", "x", section) for place, section in enumerate(sections)]
    assigned = assign_forms(students, "ABCDEF"[:count], {}, {})
    if count > 2:
        assert all(one.form != other.form for one, other in pairwise(assigned))
    for section in {*sections}:
        theirs = [one.form for one in assigned if one.student.section == section]
        assert all(one != other for one, other in pairwise(theirs))


def test_sections_may_sit_on_the_same_seats_one_after_another() -> None:
    assert len(room(["A1", "A2", "A1", "A2"], 2, ["x", "x", "y", "y"])) == 2
    with pytest.raises(InputError, match=r"'s0' and 's2' of one section have the same seat 'a 1': correct"):
        room(["A1", "A2", "a 1"], 2)


def forms_of(out: Path) -> dict[str, str]:
    return {row["id"]: row["form"] for row in rows(out / "forms.csv")}


def test_forms_are_given_to_a_class_list_and_kept(tmp_path: Path) -> None:
    class_of(tmp_path, "id,name,seat\n001,A B,A1\n002,C D,A2\n003,E F,B1\n")
    assert generate(tmp_path, "--forms", "2", "--mail").exit_code == 0
    out = tmp_path / "out"
    assert {one["form"] for one in map(json.loads, (out / "manifest.jsonl").read_text().splitlines())} == {"A", "B"}
    before = forms_of(out)
    assert before["001"] != before["002"]
    assert before["001"] != before["003"]
    assert {row["student"]: row["file"] for row in rows(out / "mail.csv")} == {
        student: f"form-{form}/worksheet.md" for student, form in before.items()
    }
    assert list(bound_faults(out)) == []
    (tmp_path / "class.csv").write_text("id,name,seat\n009,New One,A0\n001,A B,A1\n002,C D,A2\n003,E F,B1\n")
    assert generate(tmp_path, "--forms", "2").exit_code == 0
    after = forms_of(out)
    assert {student: after[student] for student in before} == before
    assert after["009"] != after["001"]
    (out / "forms.csv").write_text("changed")
    assert list(bound_faults(out)) == ["forms.csv is not as it was written"]


@pytest.mark.slow
@pytest.mark.parametrize("by", ["form", "section"])
def test_forms_are_bound_for_those_who_have_them(tmp_path: Path, by: str) -> None:
    class_of(tmp_path, "id,name,section\n1,A B,Lab 2\n2,C D,Lab 2\n3,E F,Lab 2\n")
    result = generate(tmp_path, "--forms", "2", "--by", by, "--cover", "--one-key", formats="pdf")
    assert result.exit_code == 0, result.output
    out = tmp_path / "out"
    if by == "form":
        assert bookmarks(out / "worksheets-form-A.pdf") == ["A B (Form A) (1)", "E F (Form A) (3)"]
        assert bookmarks(out / "worksheets-form-B.pdf") == ["C D (Form B) (2)"]
        assert bookmarks(out / "keys-form-B.pdf") == ["Form B"]
    else:
        assert bookmarks(out / "worksheets-Lab-2.pdf") == ["A B (Form A) (1)", "C D (Form B) (2)", "E F (Form A) (3)"]
        assert bookmarks(out / "keys.pdf") == ["Form A", "Form B"]


def test_answers_to_a_form_need_not_name_it(tmp_path: Path) -> None:
    class_of(tmp_path, "id,name\n001,A B\n002,C D\n")
    assert generate(tmp_path, "--forms", "2").exit_code == 0
    out = tmp_path / "out"
    lines = map(json.loads, (out / "manifest.jsonl").read_text().splitlines())
    totals = {one["form"]: one["problems"][0]["answers"]["total"] for one in lines}
    forms = forms_of(out)
    answers = "".join(f"{student},1,total,{totals[form]}\n" for student, form in forms.items())
    (tmp_path / "answers.csv").write_text(f"student,problem,part,answer\n{answers}1,1,total,7\n")
    result = worksheet("grade", out, tmp_path / "answers.csv", "--sheet", tmp_path / "quiz.toml", "--workers", "1")
    assert {row["student"]: (row["form"], row["total"]) for row in rows(out / "grades.csv")} == {
        student: (form, "1") for student, form in forms.items()
    }
    assert "no paper here is that of '1': is it '001'?" in result.stderr
