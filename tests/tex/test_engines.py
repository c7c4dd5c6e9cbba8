"""The LaTeX of a paper is anybody's: other engines set it where it lies, and pandoc reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.document.nodes import Question, Text, Worksheet
from generator.errors import EngineError
from generator.paper.generate import STEMS, both_documents, generate_sheet, text_files
from generator.paper.paper import ORIGINAL, Seed, make_paper
from generator.paper.sheet_file import find_sheet
from generator.render.letters import name_latex
from generator.render.paths import templates_folder
from generator.render.qr import read_code
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf
from tests.scan.scanner import printed

SHEET = templates_folder() / "sheets" / "discussion04.toml"
PAPERS = [("standard", ORIGINAL), ("easy", 7), ("standard", 7), ("hard", 7)]
NAMES_OF_PROBLEMS = ("Model size", "Layer normalization", "Batch normalization", "Dropout", "L2 regularization")

papers = pytest.mark.parametrize(("level", "seed"), PAPERS, ids=lambda value: str(value))


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"no {', '.join(missing)} on the PATH")


def written(folder: Path, level: str, seed: Seed) -> dict[str, Worksheet]:
    """Write the LaTeX of a paper; its documents."""
    text = SHEET.read_text(encoding="utf-8")
    toml = folder / "sheet.toml"
    toml.write_text(f'level = "{level}"\n{text}' if "level" not in text else text, encoding="utf-8")
    sheet = find_sheet(str(toml))
    documents = both_documents(make_paper(sheet, seed), ("tex",))
    for name, content in text_files(documents, sheet, ("tex",)).items():
        (folder / name).write_bytes(content)
    return documents


@pytest.mark.heavy
@needs("pdftotext")
@pytest.mark.parametrize(
    "program", [pytest.param(name, marks=needs(name)) for name in ("pdflatex", "lualatex", "xelatex")]
)
@papers
def test_every_engine_sets_it_without_a_warning(tmp_path: Path, program: str, level: str, seed: Seed) -> None:
    written(tmp_path, level, seed)
    for stem in STEMS:
        for _ in range(2):
            command = [program, "-interaction=nonstopmode", "-halt-on-error", stem]
            subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
        log = (tmp_path / f"{stem}.log").read_text(encoding="utf-8", errors="replace")
        assert re.findall(r"Overfull .*|Missing character.*|LaTeX (?:Font )?Warning.*", log) == []
        shown = subprocess.run(["pdftotext", f"{stem}.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
        text = shown.stdout.decode()
        pages = text.count("\f")
        assert f"Page {pages} of {pages}" in text
        assert all(name in text for name in NAMES_OF_PROBLEMS)
        assert codes(tmp_path / f"{stem}.pdf") == [(stem == "key", page) for page in range(1, pages + 1)]


def codes(pdf: Path) -> list[tuple[bool, int]]:
    """Of each page, whether its code says that it is a key's, and its number."""
    zxingcpp = pytest.importorskip("zxingcpp", reason="needs zxing-cpp")
    read = [zxingcpp.read_barcodes(page) for page in printed(pdf, dpi=200)]
    found = [read_code(barcode.text) for (barcode,) in read]
    return [(code.is_key, code.page) for code in found if code is not None]


@pytest.mark.heavy
@needs("lualatex", "pdftotext")
def test_lualatex_prints_names_in_any_script_for_which_there_is_a_font(tmp_path: Path) -> None:
    """DejaVu Sans, which TeX Live has, is enough for these; the rest is in Latin letters, and none stops the run."""
    names = ["Щукина Ольга", "Phương Thả", "Παπαδόπουλος & Co", "Łukasz Żółć", "\U00010900\U00010901", *HOSTILE]
    lines = "\n\n".join(map(name_latex, names))
    tex = f"\\documentclass{{article}}\n\\usepackage{{worksheet}}\n\\begin{{document}}\n{lines}\n\\end{{document}}\n"
    files = renderer(FORMATS["tex"]).companions
    made = pdf.compile_pdf(tex, pdf.find_engine("lualatex"), files=files)
    assert made == pdf.compile_pdf(tex, pdf.find_engine("lualatex"), files=files)
    assert [warning for warning in made.warnings if "Missing character" in warning] == []
    shown = subprocess.run(["pdftotext", "-", "-"], input=made.content, capture_output=True, check=True).stdout.decode()
    assert "Phương Thả" in shown
    assert "Łukasz Żółć" in shown
    if (
        subprocess.run(["kpsewhich", "DejaVuSans.ttf"], capture_output=True, check=False).stdout
        or Path(DEJAVU).exists()
    ):
        assert "Щукина Ольга" in shown
        assert "Παπαδόπουλος & Co" in shown
    in_latin = pdf.compile_pdf(tex, pdf.find_engine(), files=files)
    read = subprocess.run(["pdftotext", "-", "-"], input=in_latin.content, capture_output=True, check=True)
    assert "Shchukina" in read.stdout.decode()


DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
HOSTILE = [
    r"\input{/etc/passwd} 王",
    "{{ 7*7 }} ж",
    "a_b ^^M # % ж \\",
    "محمد (Muhammad) علي",
    "Ann 🙂",
    "\ufffd\ue000 ж",
    "$x$ ~ ж \u0085",
]


@pytest.mark.heavy
@needs("pandoc")
@papers
def test_pandoc_reads_every_question(tmp_path: Path, level: str, seed: Seed) -> None:
    for stem, document in written(tmp_path, level, seed).items():
        command = ["pandoc", "--from=latex", "--to=plain", "--wrap=none", f"{stem}.tex"]
        read = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout.decode()
        sentences = [words for question in questions(document) for words in texts(question.body)]
        assert len(sentences) > 20
        assert [words for words in sentences if letters(words) not in letters(read)] == []


def questions(node: Any) -> Iterator[Question]:
    if isinstance(node, Question):
        yield node
    for child in (*getattr(node, "exercises", ()), *getattr(node, "parts", ())):
        yield from questions(child)


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, Text):
        yield node.text
    elif isinstance(node, tuple):
        for child in node:
            yield from texts(child)
    elif hasattr(node, "children"):
        yield from texts(node.children)


def letters(text: str) -> str:
    """The words without blanks and signs, which pandoc writes its own way."""
    return re.sub(r"[^A-Za-z]", "", text)


@pytest.mark.heavy
@needs("lualatex", "pdftotext")
def test_lualatex_prints_an_author_s_words_in_any_script_for_which_there_is_a_font(tmp_path: Path) -> None:
    toml = tmp_path / "quiz.toml"
    toml.write_text('title = "Глубокое обучение"\n[[problem]]\nid = "dropout"\n', encoding="utf-8")
    generate_sheet(find_sheet(str(toml)), 1, ("pdf",), tmp_path / "out", engine="lualatex")
    shown = subprocess.run(["pdftotext", tmp_path / "out" / "key.pdf", "-"], capture_output=True, check=True)
    assert "Глубокое обучение" in shown.stdout.decode()
    toml.write_text(toml.read_text("utf-8").replace("обучение", "\U00010900"), encoding="utf-8")
    with pytest.raises(EngineError, match=r"No font here has the signs .*U\+10900"):
        generate_sheet(find_sheet(str(toml)), 1, ("pdf",), tmp_path / "out", engine="lualatex")
