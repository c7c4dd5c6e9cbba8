"""The code in the foot: it is the text's, dark on light, and reads as the drawing says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import segno

from generator.document import Worksheet
from generator.qr import qr
from generator.render import FORMATS, renderer
from generator.tex import pdf


def modules(source: str) -> set[tuple[int, int]]:
    """The dark modules (column, row from below) that the rectangles cover, each once."""
    shapes = [tuple(map(int, shape.split()[:4])) for shape in re.findall(r"\d+ \d+ \d+ \d+ re", source)]
    covered = [(x + i, y + j) for x, y, width, height in shapes for i in range(width) for j in range(height)]
    assert len(covered) == len(set(covered))
    return set(covered)


def test_the_rectangles_are_the_dark_modules() -> None:
    matrix = segno.make_qr("7K4QM-2RT9C", error="m", boost_error=False, mask=3).matrix
    dark = {(x, len(matrix) - 1 - y) for y, row in enumerate(matrix) for x, value in enumerate(row) if value}
    assert modules(qr("7K4QM-2RT9C")) == dark
    assert len(dark) > 150


def test_an_id_fits_the_smallest_code() -> None:
    assert qr("7K4QM-2RT9C").startswith(r"\qrcode{21}{")


@pytest.mark.skipif(
    shutil.which("zbarimg") is None or shutil.which("pdftoppm") is None, reason="needs zbarimg and pdftoppm"
)
@pytest.mark.parametrize("dots", ["115", "120", "130", "150", "300"])
def test_a_scanner_reads_it(tmp_path: Path, dots: str) -> None:
    """An inch has so many dots; below 115 a module has less than 2.3, and a reader guesses."""
    paper = Worksheet(title="T", course="C", instructions=(), variant="7K4QM-2RT9C", points=0, exercises=())
    made = pdf.compile_pdf(renderer(FORMATS["tex"]).document(paper), pdf.find_engine())
    (tmp_path / "paper.pdf").write_bytes(made.content)
    subprocess.run(["pdftoppm", "-r", dots, "-png", "-singlefile", "paper.pdf", "paper"], cwd=tmp_path, check=True)
    read = subprocess.run(["zbarimg", "-q", "--raw", "paper.png"], cwd=tmp_path, capture_output=True, text=True)
    assert read.stdout.strip() == "7K4QM-2RT9C"
