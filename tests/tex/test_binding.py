"""One PDF of many papers: right-hand pages, fonts once, and an index that leads to each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from generator.errors import InputError
from generator.tex import chunk as pdf_chunk
from generator.tex import preamble
from generator.tex.binding import Bound, one_pdf
from generator.tex.pdf import Engine, Pdf

NAMES = ["Ada", r"\input{/etc/passwd} % $(rm) 🙂 אבג #&_^~{}", "x" * 300]


@pytest.fixture(scope="module")
def papers(engine: Engine) -> list[Bound]:
    """Papers of one, two and three pages."""
    head = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}"
    page = r"Words \newpage "
    texts = [
        (name, f"{head}\n{preamble.MARK}\n\\begin{{document}}\n{page * count}\n\\end{{document}}\n")
        for count, name in enumerate(NAMES, start=1)
    ]
    made = pdf_chunk.compile_class(texts, engine)
    return [Bound(name, str(n), f"V{n}", one.content) for n, (name, one) in enumerate(made) if isinstance(one, Pdf)]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "bound.pdf"


def font_files(pdf: pikepdf.Pdf) -> int:
    dictionaries = (found for found in pdf.objects if isinstance(found, pikepdf.Dictionary))
    return len({found.FontFile.objgen for found in dictionaries if "/FontFile" in found})


def blank(page: pikepdf.Page) -> bool:
    return "/Contents" not in page or not page.Contents.read_bytes().strip()


@pytest.mark.parametrize(("duplex", "blanks"), [(False, [0, 0, 0, 0, 0, 0]), (True, [0, 1, 0, 0, 0, 0, 0])])
def test_papers_begin_on_right_hand_pages(
    engine: Engine, papers: list[Bound], target: Path, duplex: bool, blanks: list[int]
) -> None:
    one_pdf(papers, target, engine, duplex=duplex)
    with pikepdf.open(target) as whole:
        assert [blank(page) for page in whole.pages] == blanks


@pytest.mark.parametrize(("duplex", "first_pages"), [(False, [2, 3, 5]), (True, [3, 5, 7])])
def test_the_index_leads_to_every_paper(
    engine: Engine, papers: list[Bound], target: Path, duplex: bool, first_pages: list[int]
) -> None:
    assert one_pdf(papers, target, engine, duplex=duplex, title="Keys & more", index=True) == ()
    with pikepdf.open(target) as whole:
        places = {page.obj.objgen: place for place, page in enumerate(whole.pages, start=1)}
        links = list(whole.pages[0].Annots)
        assert [places[link.Dest[0].objgen] for link in links] == first_pages
        with whole.open_outline() as outline:
            assert next(item.title for item in outline.root) == "Ada (0)"


def test_an_index_of_many_pages_tells_the_right_ones(engine: Engine, papers: list[Bound], target: Path) -> None:
    one_pdf([papers[0]] * 120, target, engine, duplex=False, title="Keys", index=True)
    with pikepdf.open(target) as whole:
        places = {page.obj.objgen: place for place, page in enumerate(whole.pages, start=1)}
        index_pages = [page for page in whole.pages if "/Annots" in page]
        links = [link for page in index_pages for link in page.Annots]
        assert len(index_pages) > 1
        first = len(index_pages) + 1
        assert [places[link.Dest[0].objgen] for link in links] == list(range(first, first + 120))


def test_fonts_are_kept_once_and_bytes_are_the_same_twice(engine: Engine, papers: list[Bound], target: Path) -> None:
    one_pdf(papers, target, engine, duplex=True)
    made = target.read_bytes()
    one_pdf(iter(papers), target, engine, duplex=True)
    assert made == target.read_bytes()
    with pikepdf.open(target) as whole, pikepdf.open(io.BytesIO(papers[0].content)) as one:
        assert font_files(whole) == font_files(one) > 0
    assert len(made) < 2 * len(papers[0].content)


def test_a_paper_is_written_before_the_next_is_taken(engine: Engine, papers: list[Bound], target: Path) -> None:
    sizes = []

    def taken() -> Iterator[Bound]:
        for _ in range(30):
            yield papers[2]
            sizes.append(target.stat().st_size)

    one_pdf(taken(), target, engine, duplex=False)
    assert sizes[-1] > sizes[len(sizes) // 2] > 0  # what is not in the file yet is less than its buffer holds
    assert sizes[-1] > target.stat().st_size / 2  # the index and the table of places come last


def test_nothing_to_bind(engine: Engine, target: Path) -> None:
    with pytest.raises(InputError, match="no paper"):
        one_pdf([], target, engine, duplex=False)
    assert not target.exists()
