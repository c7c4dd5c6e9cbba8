"""The code in the foot: it is the text's, dark on light, and reads as the drawing says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import segno

from generator.document.nodes import Worksheet
from generator.paper.ids import PaperId
from generator.render.qr import qr
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf

IDS = (PaperId("22222", "333333"), PaperId("WK", "F6K2V89"))
"""Of a paper drawn with a secret, and of one with public numbers."""


def rows(source: str) -> list[str]:
    """The rows of modules, from the top."""
    return re.findall(r"[01]+", source)


def drawn(text: str) -> list[str]:
    """The rows as segno draws them."""
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=3).matrix
    return ["".join(str(int(value)) for value in row) for row in matrix]


@pytest.mark.parametrize("text", ["7K4QM-2RT9C", "7", "31415926535", "K", "K7", "lower-case", "Ü", "A" * 60])
def test_any_text_gets_its_own_code(text: str) -> None:
    assert rows(qr(text)) == drawn(text)


@pytest.mark.parametrize("identity", IDS, ids=str)
def test_an_id_fits_the_smallest_code(identity: PaperId) -> None:
    assert len(rows(qr(str(identity)))) == 21


@pytest.mark.skipif(
    shutil.which("zbarimg") is None or shutil.which("pdftoppm") is None, reason="needs zbarimg and pdftoppm"
)
@pytest.mark.parametrize(
    ("paper_id", "dots"),
    [*((IDS[0], dots) for dots in ("115", "120", "130", "150", "300")), (IDS[1], "115")],
)
def test_a_scanner_reads_it(tmp_path: Path, paper_id: PaperId, dots: str) -> None:
    """An inch has so many dots; below 115 a module has less than 2.3, and a reader guesses."""
    identity = str(paper_id)
    paper = Worksheet(title="T", course="C", instructions=(), variant=identity, points=0, exercises=())
    tex = renderer(FORMATS["tex"])
    made = pdf.compile_pdf(tex.document(paper), pdf.find_engine(), files=tex.companions)
    (tmp_path / "paper.pdf").write_bytes(made.content)
    subprocess.run(["pdftoppm", "-r", dots, "-png", "-singlefile", "paper.pdf", "paper"], cwd=tmp_path, check=True)
    read = subprocess.run(["zbarimg", "-q", "--raw", "paper.png"], cwd=tmp_path, capture_output=True, text=True)
    assert read.stdout.strip() == identity
