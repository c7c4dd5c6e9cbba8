"""The code in the foot of a page: it says sheet or key, page and paper, and survives a scanner."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable

import numpy as np
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generator.document.keyless import without_key
from generator.paper.ids import PaperId
from generator.paper.paper import make_paper
from generator.paper.sheet_file import find_sheet
from generator.render.qr import MOST_PAGES, PageCode, page_codes, qr, read_code
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf
from tests.scan.scanner import Flaws, jpeg, printed, scan_of

IDS = (PaperId("22222", "333333"), PaperId("WK", "F6K2V89"))
"""Of a paper drawn with a secret, and of one with public numbers."""


def modules(rows: str) -> list[int]:
    """The rows of a code, from the top."""
    assert rows.endswith(",")
    return [int(row, 16) for row in rows[:-1].split(",")]


def drawn(text: str) -> list[int]:
    """The rows as segno draws them."""
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=3).matrix
    return [int("".join(str(int(value)) for value in row), 2) for row in matrix]


@given(
    paper=st.one_of(
        st.from_regex(r"[0-9A-Z]{5}-[0-9A-Z]{5}(-[0-9A-Z]{3})?", fullmatch=True), st.text(min_size=1, max_size=40)
    ),
    is_key=st.booleans(),
    page=st.integers(0, MOST_PAGES),
)
def test_a_code_is_that_of_its_text(paper: str, is_key: bool, page: int) -> None:
    """Though most are made from another one's modules."""
    code = PageCode(paper, is_key, page)
    assert modules(qr(code)) == drawn(f"{'K' if is_key else 'S'}{page:02}/{paper}")


def test_what_a_code_says_is_read_again() -> None:
    for paper in ("7K4QM-2RT9C", "WKCMN-QJR83-425", "7K4Q-M2RT-9CXC"):
        for code in (PageCode(paper, False, 3), PageCode(paper, True, 12), PageCode(paper, False, 0)):
            assert read_code(code.text) == code
        assert read_code(paper) == PageCode(paper, False, 0), "a page of an earlier version"


@pytest.mark.parametrize(
    "text", ["", "https://example.org", "S3/7K4QM-2RT9C", "X03/7K4QM-2RT9C", "S03/", "12345", "S٠٣/7K4QM-2RT9C"]
)
def test_other_codes_are_not_ours(text: str) -> None:
    assert read_code(text) is None


@pytest.mark.parametrize("identity", IDS, ids=str)
def test_an_id_fits_the_smallest_code(identity: PaperId) -> None:
    assert len(modules(qr(PageCode(str(identity), False, 1)))) == 21


Decoder = Callable[[Image.Image], set[str]]


def zxing(image: Image.Image) -> set[str]:
    zxingcpp = pytest.importorskip("zxingcpp", reason="needs zxing-cpp (pip install 'problemwright[scan]')")
    return {barcode.text for barcode in zxingcpp.read_barcodes(image)}


def zbar(image: Image.Image) -> set[str]:
    """It is fussier about the size of modules than about anything else: a page is shown to it in several."""
    found: set[str] = set()
    for scale in (1.5, 2, 1):
        file = io.BytesIO()
        size = round(image.width * scale), round(image.height * scale)
        image.resize(size, Image.Resampling.BICUBIC).save(file, "PPM")
        command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "-"]
        read = subprocess.run(command, input=file.getvalue(), capture_output=True)
        found |= {*read.stdout.decode().split()}
        if found:
            break
    return found


DECODERS = [
    pytest.param(zxing, id="zxing"),
    pytest.param(zbar, id="zbar", marks=pytest.mark.skipif(not shutil.which("zbarimg"), reason="needs zbarimg")),
]


@pytest.fixture(scope="module")
def papers() -> dict[str, bytes]:
    """The PDFs of a sheet and of its key, by the letter that their codes begin with."""
    paper = make_paper(find_sheet("discussion04"), 1).document
    tex = renderer(FORMATS["tex"])
    engine = pdf.find_engine()
    return {
        letter: pdf.compile_pdf(tex.document(document), engine, files=tex.companions).content
        for letter, document in (("S", without_key(paper)), ("K", paper))
    }


@pytest.mark.slow
def test_every_page_has_its_own_code(papers: dict[str, bytes]) -> None:
    identity = make_paper(find_sheet("discussion04"), 1).document.variant
    for letter, content in papers.items():
        for number, page in enumerate(printed(content, dpi=200), start=1):
            assert zxing(page) == {f"{letter}{number:02}/{identity}"}


@pytest.mark.heavy
@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize(("dpi", "least"), [(150, 0.95), (200, 1.0)])
def test_scans_are_read(papers: dict[str, bytes], decoder: Decoder, dpi: int, least: float) -> None:
    """Turned, skewed by up to four degrees, noisy, pale, stained with coffee, packed as poor JPEGs."""
    identity = make_paper(find_sheet("discussion04"), 1).document.variant
    random = np.random.default_rng(dpi)
    pages = printed(papers["S"])
    read = []
    for number, page in enumerate(pages * SCANS_OF_A_PAGE):
        flaws = Flaws.drawn(random)
        scan = Image.open(io.BytesIO(jpeg(scan_of(page, flaws, random, dpi=dpi), quality=flaws.quality)))
        read.append(f"S{number % len(pages) + 1:02}/{identity}" in decoder(scan))
    assert sum(read) >= least * len(read)


SCANS_OF_A_PAGE = 3


def test_there_are_codes_for_more_pages_than_a_paper_has() -> None:
    document = make_paper(find_sheet("discussion04-extended"), 1).document
    assert [page for page, _ in page_codes(document)][-1] > 25
