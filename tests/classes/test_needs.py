"""What students need of their papers: the class list's column, the files that follow from it, and runs after it has changed."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

import pytest

from generator.classes.binding import bound_faults
from generator.classes.roster import read_class_list
from generator.document.page_style import PageStyle
from generator.errors import InputError
from generator.paper.needs import added_formats, formats_for, parse_needs, style_for
from generator.paper.sheet_file import find_sheet
from tests.classes.test_delivery import bookmarks
from tests.tiny_class import generate, records, worksheet, write_sheet

LIST = (
    "id,name,section,email,needs\n"
    "s1,Zoe,Lab 2,zoe@example.org,\n"
    "s2,Emile,Lab 2,emile@example.org,Large; time+50\n"
    's3,Ada,Lab 10,ada@example.org,"html, docx"\n'
    "s4,Bo,Lab 10,bo@example.org,time+100\n"
)


def class_of(folder: Path, text: str = LIST) -> None:
    write_sheet(folder)
    (folder / "class.csv").write_text(text)


def index(folder: Path) -> list[dict[str, str]]:
    with (folder / "index.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def dates(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


# ------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("", ()),
        ("large", ("large",)),
        ("docx html LARGE", ("large", "html", "docx")),
        ("time+50%;html , html", ("html", "time+50")),
        ("  time+150  ", ("time+150",)),
    ],
)
def test_needs_are_read_in_any_order(text: str, needs: tuple[str, ...]) -> None:
    assert parse_needs(text) == needs


@pytest.mark.parametrize(
    "text", ["larg", "time", "time+", "time+0", "time+1000", "large+html", "time+25 time+50", "braille"]
)
def test_other_words_are_refused_with_the_row_and_what_is_known(text: str, tmp_path: Path) -> None:
    class_of(tmp_path, f"id,name,needs\ns1,A,\ns2,B,{text}\n")
    with pytest.raises(InputError) as error:
        read_class_list(tmp_path / "class.csv")
    assert "row 3, column needs" in str(error.value)
    assert "large, html, docx and time+" in str(error.value)
    result = generate(tmp_path)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_the_column_may_have_another_name(tmp_path: Path) -> None:
    class_of(tmp_path, "id,name,Arrangements\ns1,A,html\n")
    result = generate(tmp_path, "--columns", "needs=Arrangements")
    assert result.exit_code == 0, result.output
    assert "worksheet.html" in names(tmp_path / "out" / "s1")


def test_two_columns_of_needs_are_refused(tmp_path: Path) -> None:
    class_of(tmp_path, "id,name,needs,Needs\ns1,A,html,\n")
    assert generate(tmp_path).exit_code == 2


def test_formats_and_size_of_type() -> None:
    assert formats_for((), ("tex", "pdf")) == ("tex", "pdf")
    assert formats_for(("large", "html", "docx", "time+50"), ("tex", "html")) == ("tex", "html", "docx")
    assert added_formats(("large",), ("md",)) == ("pdf",)
    assert [style_for(PageStyle(), needs).font_size for needs in (("large", "html"), ("html",))] == [18, 0]


# ----------------------------------------------------------------------------------------------- a class


@pytest.mark.slow
def test_each_student_gets_what_is_needed_of_the_same_variant(tmp_path: Path) -> None:
    class_of(tmp_path)
    result = generate(tmp_path, "--mail", "--zip", formats="tex,pdf")
    assert result.exit_code == 0, result.output
    assert "s2 (large, time+50), s3 (html, docx), s4 (time+100)" in result.output
    out = tmp_path / "out"
    class_of(tmp_path, re.sub(r",[^,\n]*\n|,\"[^\"]*\"\n", ",\n", LIST).replace("email,\n", "email,needs\n"))
    assert generate(tmp_path, out="plain", formats="tex,pdf").exit_code == 0
    for student in ("s1", "s2", "s3", "s4"):
        with_needs, without = (records(tmp_path / folder)[student]["problems"] for folder in ("out", "plain"))
        assert with_needs == without
    usual = {"worksheet.tex", "key.tex", "worksheet.pdf", "key.pdf", "worksheet.sty"}
    assert names(out / "s1") == names(out / "s2") == names(out / "s4") == usual
    assert names(out / "s3") == usual | {f"{stem}.{form}" for stem in ("worksheet", "key") for form in ("html", "docx")}
    assert "18pt" in (out / "s2" / "worksheet.tex").read_text()
    assert "18pt" not in (out / "s4" / "worksheet.tex").read_text()
    assert [row["needs"] for row in index(out)] == ["", "large time+50", "html docx", "time+100"]
    with zipfile.ZipFile(out / "worksheets.zip") as archive:
        sent = archive.namelist()
    assert {"s3/worksheet.docx", "s3/worksheet.html"} < {*sent}
    assert not [name for name in sent if "key" in name]
    with (out / "mail.csv").open(newline="", encoding="utf-8-sig") as file:
        mailed = [row["file"] for row in csv.DictReader(file)]
    assert mailed == [
        "s1/worksheet.pdf",
        "s2/worksheet.pdf",
        "s3/worksheet.html; s3/worksheet.docx",
        "s4/worksheet.pdf",
    ]
    verified = worksheet("verify", out, "--sheet", tmp_path / "quiz.toml")
    assert verified.exit_code == 0, verified.output


@pytest.mark.slow
def test_a_pdf_names_its_accessible_copy_where_there_is_one(tmp_path: Path) -> None:
    class_of(tmp_path)
    assert generate(tmp_path, formats="tex").exit_code == 0
    assert "accessible" not in (tmp_path / "out" / "s1" / "worksheet.tex").read_text()
    assert r"\accessiblecopy{s3/worksheet.html}" in (tmp_path / "out" / "s3" / "worksheet.tex").read_text()
    assert r"\accessiblecopy{s3/key.html}" in (tmp_path / "out" / "s3" / "key.tex").read_text()


@pytest.mark.slow
def test_changed_needs_make_that_paper_alone_anew(tmp_path: Path) -> None:
    class_of(tmp_path)
    assert generate(tmp_path, formats="md").exit_code == 0
    out = tmp_path / "out"
    before = dates(out)
    class_of(tmp_path, LIST.replace("zoe@example.org,", "zoe@example.org,docx").replace("time+100", "time+50"))
    result = generate(tmp_path, formats="md")
    assert result.exit_code == 0, result.output
    after = dates(out)
    assert {name for name in after if after[name] != before.get(name) and "/" in name} == {
        f"s1/{name}" for name in names(out / "s1")
    }
    assert "worksheet.docx" in names(out / "s1")
    assert [row["needs"] for row in index(out)] == ["docx", "large time+50", "html docx", "time+50"]
    class_of(tmp_path, LIST.replace('"html, docx"', "html"))
    result = generate(tmp_path, formats="md")
    assert result.exit_code == 0, result.output
    assert names(out / "s1") == {"worksheet.md", "key.md"}
    assert names(out / "s3") == {"worksheet.md", "key.md", "worksheet.html", "key.html"}
    assert worksheet("verify", out, "--sheet", tmp_path / "quiz.toml").exit_code == 0
    same = dates(out)
    assert generate(tmp_path, formats="md").exit_code == 0
    assert dates(out) == same


@pytest.mark.slow
def test_another_paper_has_the_same_files(tmp_path: Path) -> None:
    class_of(tmp_path)
    assert generate(tmp_path, formats="md").exit_code == 0
    out = tmp_path / "out"
    before = {student: names(out / student) for student in ("s2", "s3")}
    assert "worksheet.pdf" in before["s2"]
    for student, files in before.items():
        result = worksheet("replace", student, "--in", out, "--sheet", tmp_path / "quiz.toml")
        assert result.exit_code == 0, result.output
        assert names(out / student) == files
    assert [row["needs"] for row in index(out)] == ["", "large time+50", "html docx", "time+100"]
    assert worksheet("verify", out, "--sheet", tmp_path / "quiz.toml").exit_code == 0


@pytest.mark.slow
def test_bound_sections_name_the_needs(tmp_path: Path) -> None:
    class_of(tmp_path)
    result = generate(tmp_path, "--by", "section", "--cover", "--one-key", formats="pdf")
    assert result.exit_code == 0, result.output
    out = tmp_path / "out"
    assert bookmarks(out / "worksheets-Lab-2.pdf") == ["Emile (large, time+50) (s2)", "Zoe (s1)"]
    assert bookmarks(out / "keys-Lab-10.pdf") == ["Ada (html, docx) (s3)", "Bo (time+100) (s4)"]
    assert list(bound_faults(out)) == []


def test_a_file_that_is_needed_and_gone_is_found(tmp_path: Path) -> None:
    class_of(tmp_path, LIST.replace("html, docx", "html"))
    assert generate(tmp_path, formats="tex").exit_code == 0
    manifest = tmp_path / "out" / "manifest.jsonl"
    text = manifest.read_text()
    manifest.write_text(re.sub(r'"s3/(?:key|worksheet)\.html":"\w+",', "", text))
    for name in ("worksheet.html", "key.html"):
        (tmp_path / "out" / "s3" / name).unlink()
    result = worksheet("verify", tmp_path / "out", "--sheet", tmp_path / "quiz.toml")
    assert result.exit_code == 1
    assert re.search(r"FAILED s3 \(.*\) needs html and has no html", result.output)
    assert "s2" not in result.output


def test_forms_are_alike_for_all_and_a_note_says_whom_that_does_not_serve(tmp_path: Path) -> None:
    class_of(tmp_path)
    result = generate(tmp_path, "--forms", "2")
    assert result.exit_code == 0, result.output
    assert "s2, s3 need others" in result.output


@pytest.mark.slow
def test_the_papers_of_a_class_of_discussion04_in_word(tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("id,name,needs\nx1,A,docx\nx2,B,large\n")
    result = worksheet(
        "generate",
        "discussion04",
        "--roster",
        tmp_path / "class.csv",
        "--formats",
        "md",
        "--workers",
        "2",
        "--out",
        tmp_path / "o",
    )
    assert result.exit_code == 0, result.output
    assert "worksheet.docx" in names(tmp_path / "o" / "x1")
    assert "worksheet.pdf" in names(tmp_path / "o" / "x2")
    assert find_sheet("discussion04").title in (tmp_path / "o" / "x1" / "worksheet.md").read_text()


@pytest.mark.slow
def test_large_print_does_not_keep_a_fixed_layout_and_is_left_alone_by_the_next_run(tmp_path: Path) -> None:
    write_sheet(tmp_path, head='layout = "exam"\nfixed = true\n')
    (tmp_path / "class.csv").write_text(LIST.replace("html, docx", "html"))
    assert generate(tmp_path, formats="pdf").exit_code == 0
    out = tmp_path / "out"
    kept = records(out)
    assert kept["s1"]["places"]
    assert "places" not in kept["s2"]
    assert worksheet("verify", out, "--sheet", tmp_path / "quiz.toml").exit_code == 0
    before = dates(out)
    result = generate(tmp_path, formats="pdf")
    assert result.exit_code == 0, result.output
    assert dates(out) == before
