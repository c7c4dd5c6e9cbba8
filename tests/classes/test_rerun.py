"""The same command again, and with one student more: only what changed is made, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.classes import chunk as class_chunk
from generator.classes import run as class_run
from generator.classes.earlier import is_unchanged
from generator.classes.plan import Order
from generator.paper.paper import Paper, assemble
from generator.paper.record import read_record
from generator.paper.sheet_file import read_sheet
from generator.paper.students import Student
from tests.tiny_class import (
    SECRET,
    generate,
    ids,
    records,
    tree,
    without_class_list,
    worksheet,
    write_class,
    write_sheet,
)


def stamps(folder: Path) -> dict[str, int]:
    """When each file was written."""
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A class of five, finished, in ``out``."""
    write_sheet(tmp_path)
    write_class(tmp_path, ids(5))
    assert generate(tmp_path, formats="tex,md").exit_code == 0
    return tmp_path


@pytest.fixture
def students_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The students whose papers are made from now on."""
    found: list[str] = []

    def noted(*arguments: Any) -> Paper:
        found.append(arguments[-1].id)
        return assemble(*arguments)

    monkeypatch.setattr(class_chunk, "assemble", noted)
    return found


def test_the_same_command_again_touches_nothing(made: Path, students_made: list[str]) -> None:
    before, content = stamps(made / "out"), tree(made / "out")
    assert generate(made, formats="tex,md").exit_code == 0
    assert generate(made, "--replace", formats="md,tex").exit_code == 0
    assert students_made == []
    assert stamps(made / "out") == before
    assert tree(made / "out") == content


def test_only_who_joined_or_has_another_name_gets_new_files(made: Path, students_made: list[str]) -> None:
    before = stamps(made / "out")
    rows = [f"{one},{'Another name' if one == 's3' else f'Name of {one}'}" for one in [*ids(4), "new", "s5"]]
    (made / "class.csv").write_text("\n".join(["id,name", *rows]))
    assert generate(made, formats="tex,md").exit_code == 0
    assert sorted(students_made) == ["new", "s3"]
    after = stamps(made / "out")
    others = [name for name in before if "/" in name and not name.startswith("s3/")]
    assert {name: after[name] for name in others} == {name: before[name] for name in others}
    assert [*records(made / "out")] == [*ids(4), "new", "s5"]
    assert "Another name" in (made / "out" / "s3" / "worksheet.md").read_text()
    assert worksheet("verify", made / "out", "--sheet", made / "quiz.toml", "--workers", "1").exit_code == 0


def test_a_section_is_on_no_paper_and_none_is_made_for_it(made: Path, students_made: list[str]) -> None:
    before = stamps(made / "out")
    (made / "class.csv").write_text(
        "id,name,section,email\n" + "".join(f"{one},Name of {one},Lab,{one}@example.org\n" for one in ids(5))
    )
    assert generate(made, formats="tex,md").exit_code == 0
    assert students_made == []
    changed = {name for name, stamp in stamps(made / "out").items() if before[name] != stamp}
    assert {"index.csv", "manifest.jsonl", "manifest.sha256"} == changed - {"."}
    assert {record["student"]["email"] for record in records(made / "out").values()} == {
        f"{one}@example.org" for one in ids(5)
    }
    assert worksheet("verify", made / "out", "--sheet", made / "quiz.toml", "--workers", "1").exit_code == 0


def test_a_file_that_was_changed_or_lost_is_made_again(made: Path, students_made: list[str]) -> None:
    content = tree(made / "out")
    (made / "out" / "s2" / "key.md").write_text("scribbled")
    (made / "out" / "s4" / "worksheet.tex").unlink()
    assert generate(made, formats="tex,md").exit_code == 0
    assert sorted(students_made) == ["s2", "s4"]
    assert tree(made / "out") == content


def test_who_had_to_draw_again_keeps_that_draw(tmp_path: Path, students_made: list[str]) -> None:
    write_sheet(tmp_path, most_a=4, most_b=4)
    write_class(tmp_path, ids(12))
    assert generate(tmp_path).exit_code == 0
    numbers = {one: record["problems"] for one, record in records(tmp_path / "out").items()}
    assert any(problem[0].get("again") for problem in numbers.values())
    students_made.clear()
    before = stamps(tmp_path / "out")
    assert generate(tmp_path).exit_code == 0
    assert students_made == []
    assert stamps(tmp_path / "out") == before
    write_class(tmp_path, ids(14))
    assert generate(tmp_path).exit_code == 0
    assert {*students_made} == {"s13", "s14"}
    now = {one: record["problems"] for one, record in records(tmp_path / "out").items()}
    assert {one: now[one] for one in numbers} == numbers
    drawn = [str(problem[0]["params"]) for problem in now.values()]
    assert len({*drawn}) == len(drawn), "there are sixteen variants: nobody shares"


def test_a_rerun_that_was_stopped_goes_on(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was stopped after the newcomers' papers were made, before there was a manifest with them."""
    before = stamps(made / "out")
    write_class(made, ids(8))

    def stopped(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(class_run, "assemble_class", stopped)
        assert generate(made, formats="tex,md").exit_code == 130
    assert len(records(made / "out")) == 5
    with monkeypatch.context() as patched:
        patched.setattr(class_chunk, "assemble", stopped)
        assert generate(made, formats="tex,md").exit_code == 0, "the papers that were made are made again"
    assert [*records(made / "out")] == ids(8)
    after = stamps(made / "out")
    old = [name for name in before if "/" in name]
    assert {name: after[name] for name in old} == {name: before[name] for name in old}
    assert generate(made, out="whole", formats="tex,md").exit_code == 0
    assert tree(made / "out") == tree(made / "whole")


@pytest.mark.slow
def test_names_that_pdfs_have_in_latin_letters_are_noted(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    (tmp_path / "class.csv").write_text("id,name\na,Phương\nb,Łukasz Żółć\nc,王小明\n")
    noted = "note: Phương, 王小明: in PDFs in Latin letters, or without some accents; --engine lualatex and HTML print"
    assert noted in generate(tmp_path, formats="pdf").stderr
    assert without_class_list(generate(tmp_path, out="texts", formats="md,html").stderr) == ""
    assert "王小明" in (tmp_path / "texts" / "c" / "worksheet.html").read_text()


def test_another_engine_or_other_formats_are_a_reason(made: Path) -> None:
    [line, *_] = (made / "out" / "manifest.jsonl").read_bytes().splitlines()
    record = read_record(line)
    sheet = read_sheet(made / "quiz.toml", (made / "quiz.toml").read_text())
    student = Student("s1", "Name of s1")

    def unchanged(*formats: str, engine: Any = None) -> bool:
        return is_unchanged(record, student, Order(sheet, 1, (student,), formats, made, SECRET, engine))

    assert unchanged("md", "tex")
    assert unchanged("md", "tex", engine="system"), "no PDF is made"
    assert not unchanged("md")
    assert not unchanged("md", "tex", "html")
    record.files["s1/worksheet.pdf"] = record.files["s1/key.pdf"] = ""
    assert unchanged("md", "tex", "pdf")
    assert not unchanged("md", "tex", "pdf", engine="system")
    record.version = "0.0"
    assert not unchanged("md", "tex", "pdf")
