"""Exports for Word: documents that Word's readers open, with formulas, drawings that have words, and the key beside them."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main

docx = pytest.importorskip("docx", reason="python-docx is not installed")
pytestmark = pytest.mark.slow


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["export", "docx", *map(str, arguments)])


@pytest.mark.parametrize("sheet", ["losses", "backpropagation", "convolutions"])
def test_a_paper_and_its_key(sheet: str, tmp_path: Path) -> None:
    out = tmp_path / "paper.docx"
    made = run(sheet, "--open", "--out", out)
    assert made.exit_code == 0, made.output
    paper, key = (docx.Document(str(tmp_path / name)) for name in ("paper.docx", "paper-key.docx"))
    headings = [one.text for one in paper.paragraphs if one.style.name.startswith("Heading")]
    assert len(headings) >= 2
    assert len(key.paragraphs) > len(paper.paragraphs)
    assert run(out, "--check").exit_code == 0
    with zipfile.ZipFile(out) as archive:
        text = archive.read("word/document.xml").decode()
    assert len(re.findall(r"<m:oMath>", text)) > 20
    assert all(words.strip() for words in re.findall(r'<wp:docPr[^>]* descr="([^"]*)"', text))
    assert "$" not in re.sub(r"<[^>]+>", "", text)


def test_forms_have_files_of_their_own(tmp_path: Path) -> None:
    assert run("losses", "--open", "--variants", 2, "--out", tmp_path / "a.docx").exit_code == 0
    assert {one.name for one in tmp_path.iterdir()} == {"a.docx", "a-A-key.docx", "a-B.docx", "a-B-key.docx"}
    again = tmp_path / "again"
    assert run("losses", "--open", "--variants", 2, "--out", again / "a.docx").exit_code == 0
    assert all((again / name).read_bytes() == (tmp_path / name).read_bytes() for name in ("a.docx", "a-B-key.docx"))


def test_what_stands_beside_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a-key.docx").write_text("mine")
    result = run("losses", "--open", "--out", tmp_path / "a.docx")
    assert result.exit_code == 2
    assert "a-key.docx is there already" in result.output
    assert not (tmp_path / "a.docx").exists()


def test_a_file_that_is_not_for_word_is_told(tmp_path: Path) -> None:
    for name, content, said in (
        ("a.docx", b"text", "no document for Word"),
        ("b.docx", _zip({"mimetype": b"x"}), "word/document.xml is missing"),
    ):
        (tmp_path / name).write_bytes(content)
        result = run(tmp_path / name, "--check")
        assert result.exit_code == 1
        assert said in result.output


def _zip(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
