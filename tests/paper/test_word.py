"""Files for Word: equations that Word can edit, headings, pictures with their descriptions, and no answer outside of the key."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.document.keyless import without_key
from generator.document.nodes import Worksheet
from generator.errors import EngineError
from generator.paper import word
from generator.paper.paper import ORIGINAL, make_paper
from generator.paper.sheet_file import find_sheet
from generator.paper.word import find_pandoc, word_files
from generator.problem.catalogue import catalogue
from generator.render.formats import DOCX
from generator.render.renderer import renderer
from tests.render.test_templates import SPECIMEN

pytest.importorskip("pypandoc", reason="no pypandoc_binary")
pytest.importorskip("pypdfium2", reason="no pypdfium2")

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def root_of(docx: bytes) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own


def headings(root: ET.Element) -> list[tuple[str, str]]:
    found = []
    for paragraph in root.iter(f"{WORD}p"):
        style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        if style is not None and style.get(f"{WORD}val", "").startswith(("Heading", "Title")):
            found.append((style.get(f"{WORD}val", ""), "".join(text.text or "" for text in paragraph.iter(f"{WORD}t"))))
    return found


def read_back(docx: bytes) -> str:
    """The document as pandoc reads it, in plain words."""
    command = [str(find_pandoc()), "--from=docx", "--to=plain", "--wrap=none"]
    return subprocess.run(command, input=docx, capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    document = make_paper(find_sheet("discussion04"), ORIGINAL).document
    documents = {"worksheet": without_key(document), "key": document}
    files = word_files(documents, find_sheet("discussion04"), None)
    assert [one.warnings for one in files.values()] == [(), ()]
    return {name: one.content for name, one in files.items()}


@pytest.mark.slow
def test_every_formula_is_an_equation_that_word_can_edit(made: dict[str, bytes]) -> None:
    for content in made.values():
        root = root_of(content)
        assert len(list(root.iter(f"{MATHS}oMath"))) > 100
        # What pandoc cannot convert, it leaves as TeX.
        assert not re.search(r"\\[a-zA-Z]|[$`]", "".join(text.text or "" for text in root.iter(f"{WORD}t")))


@pytest.mark.slow
def test_headings_are_headings(made: dict[str, bytes]) -> None:
    for content in made.values():
        found = headings(root_of(content))
        assert found[0][0] == "Title"
        problems = [text for style, text in found if style == "Heading1"]
        assert [text[:2] for text in problems] == ["1.", "2.", "3.", "4.", "5."]
        assert ("Heading2", "Part (a), 8 points") in [
            (style, re.sub(r"\d+ points", "8 points", text)) for style, text in found
        ]
        assert any(style == "Heading3" and text.startswith("Part (i), ") for style, text in found)


@pytest.mark.slow
def test_pictures_are_png_and_say_what_they_show(made: dict[str, bytes]) -> None:
    for content in made.values():
        described = [one.get("descr") or "" for one in root_of(content).iter(f"{DRAWING}docPr")]
        assert described
        assert all(len(text) > 60 for text in described)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            pictures = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
        assert len(pictures) == len(described)
        assert all(picture.startswith(b"\x89PNG") for picture in pictures)


@pytest.mark.slow
def test_only_the_key_has_answers_and_pandoc_reads_both(made: dict[str, bytes]) -> None:
    sheet, key = (read_back(made[f"{stem}.docx"]) for stem in ("worksheet", "key"))
    for words in ("Solution.", "Model answer.", "Common wrong answers"):
        assert words in key
        assert words not in sheet
    assert "borderBox" not in ET.tostring(root_of(made["worksheet.docx"]), "unicode")
    assert "borderBox" in ET.tostring(root_of(made["key.docx"]), "unicode")
    described = next(one.get("descr") or "" for one in root_of(made["worksheet.docx"]).iter(f"{DRAWING}docPr"))
    assert "blank" in described


@pytest.mark.slow
def test_the_same_paper_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        arguments = ["generate", "discussion04", "--seed", "4", "--formats", "docx", "--out", str(tmp_path / name)]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
    for name in ("worksheet.docx", "key.docx"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    result = CliRunner().invoke(main, ["verify", str(tmp_path / "one")])
    assert result.exit_code == 0, result.output


def test_a_document_of_every_node_has_a_macro_for_each() -> None:
    for document in (SPECIMEN, without_key(SPECIMEN)):
        assert renderer(DOCX).document(document)


@pytest.mark.slow
@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_pandoc_warns_of_no_formula_at_any_level(level: str, tmp_path: Path) -> None:
    problems = [f'[[problem]]\nid = "{name}"\nguided = true\n' for name in catalogue()]
    path = tmp_path / "all.toml"
    path.write_text(f'title = "All"\nlevel = "{level}"\n' + "".join(problems), encoding="utf-8")
    sheet = find_sheet(str(path))
    for seed in (1, 2):
        document = make_paper(sheet, seed).document
        assert [one.warnings for one in word_files({"key": document}, sheet, None).values()] == [()]


def test_hostile_words_stay_words() -> None:
    title = "<b>*A* $x$ [l](http://example.org) ![i](/etc/passwd)</b>"
    hostile = Worksheet(title, title, (), "V", 1, (), student=title, student_id="--to=x")
    root = root_of(word_files({"worksheet": hostile}, find_sheet("discussion04"), None)["worksheet.docx"].content)
    text = "".join(one.text or "" for one in root.iter(f"{WORD}t"))
    assert text.count(title) == 3
    assert not list(root.iter(f"{MATHS}oMath"))
    assert not list(root.iter(f"{DRAWING}docPr"))


def test_without_pandoc_a_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(EngineError, match=r"pip install 'problemwright\[docx\]'"):
        find_pandoc()
    result = CliRunner().invoke(main, ["generate", "discussion04", "--formats", "docx", "--out", str(tmp_path / "out")])
    assert result.exit_code != 0
    assert "problemwright[docx]" in result.output
    assert not (tmp_path / "out").exists()


def test_pandoc_that_fails_or_hangs_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    document = Worksheet("A", "", (), "V", 1, ())
    sheet = find_sheet("discussion04")
    for script, complaint in (("echo oops >&2; exit 3", "pandoc: oops"), ("exec sleep 5", "still running")):
        program = tmp_path / "pandoc"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(word, "find_pandoc", lambda program=program: program)
        monkeypatch.setattr(word, "SECONDS", 0.3)
        with pytest.raises(EngineError, match=complaint):
            word_files({"worksheet": document}, sheet, None)
