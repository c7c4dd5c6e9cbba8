"""The length of the built-in sheets: their pages, how full they are, and the rules to write on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.paper.generate import generate_sheet
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import built_in_sheets, find_sheet

pdfium = pytest.importorskip("pypdfium2")

POINTS = 72
LEVELS = ("easy", "standard", "hard")
MOST_PAGES = {"worksheet": 8, "key": 10}
"""Of Discussion 04 without follow-ups."""

MOST_PAGES_OF_OTHERS = {
    "backpropagation": {"worksheet": 6, "key": 7},
    "convolutions": {"worksheet": 6, "key": 7},
    "evaluation": {"worksheet": 9, "key": 10},
    "final": {"worksheet": 28, "key": 29},
    "generative": {"worksheet": 4, "key": 5},
    "language-models": {"worksheet": 4, "key": 5},
    "losses": {"worksheet": 6, "key": 8},
    "memory": {"worksheet": 6, "key": 7},
    "midterm": {"worksheet": 12, "key": 12},
    "normalization": {"worksheet": 7, "key": 9},
    "optimization": {"worksheet": 6, "key": 7},
    "sequences": {"worksheet": 7, "key": 10},
    "transformers": {"worksheet": 7, "key": 8},
}


def pages(file: Path, scale: float = 1) -> list[np.ndarray]:
    """The pages as pictures, dark where there is ink, so many dots a point."""
    return [np.asarray(page.render(scale=scale, grayscale=True).to_pil()) < 200 for page in pdfium.PdfDocument(file)]


def fullness(page: np.ndarray) -> float:
    """How far down the text of a page goes, as a share of its height without head and foot."""
    top, bottom = int(0.9 * POINTS), page.shape[0] - POINTS
    rows = np.flatnonzero(page[top : bottom - 2].any(axis=1))
    return float((rows.max() + 1) / (bottom - top))


def at(level: str, *, guided: bool = False, name: str = "discussion04") -> Sheet:
    sheet = find_sheet(name)
    return replace(sheet, entries=tuple(replace(entry, level=level, guided=guided) for entry in sheet.entries))


def check_pages(sheet: Sheet, seeds: range, folder: Path, most: dict[str, int], least: float = 2 / 3) -> None:
    for seed in seeds:
        generate_sheet(sheet, seed, ("pdf",), folder)
        for stem, limit in most.items():
            found = [fullness(page) for page in pages(folder / f"{stem}.pdf")]
            assert len(found) <= limit, (seed, stem, found)
            assert min(found[:-1]) >= least, (seed, stem, found)


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_the_sheet_has_eight_pages_and_its_key_ten(level: str, tmp_path: Path) -> None:
    check_pages(at(level), range(1, 3), tmp_path, MOST_PAGES)


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
def test_no_sheet_of_a_class_is_longer(level: str, tmp_path: Path) -> None:
    check_pages(at(level), range(3, 23), tmp_path, MOST_PAGES)


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", MOST_PAGES_OF_OTHERS)
def test_the_other_sheets_are_of_few_pages_that_are_full(name: str, level: str, tmp_path: Path) -> None:
    """At least half full: a drawing and the room for its answer stand on one page.  In an exam each problem begins a page."""
    sheet = at(level, name=name)
    check_pages(sheet, range(1, 4), tmp_path, MOST_PAGES_OF_OTHERS[name], least=0 if sheet.style.is_exam else 1 / 2)


def test_every_sheet_has_a_length() -> None:
    assert MOST_PAGES_OF_OTHERS.keys() == built_in_sheets().keys() - {"discussion04", "discussion04-extended"}


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
def test_guided_and_extended_sheets_have_full_pages_too(level: str, tmp_path: Path) -> None:
    check_pages(at(level, guided=True), range(1, 5), tmp_path, {"worksheet": 10, "key": 13})
    check_pages(at(level, name="discussion04-extended"), range(1, 5), tmp_path, {"worksheet": 14, "key": 18})


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_a_handout_has_four_pages(level: str, tmp_path: Path) -> None:
    sheet = at(level).overridden({"layout": "handout"})
    for seed in range(1, 3):
        generate_sheet(sheet, seed, ("pdf",), tmp_path)
        assert len(pages(tmp_path / "worksheet.pdf")) <= 4


@pytest.mark.slow
def test_rules_to_write_on_are_nine_millimetres_apart(tmp_path: Path) -> None:
    generate_sheet(at("standard"), 1, ("pdf",), tmp_path)
    scale = 4
    distances = []
    for page in pages(tmp_path / "worksheet.pdf", scale):
        rules = np.flatnonzero(page[int(0.9 * POINTS * scale) :].mean(axis=1) > 0.5)
        starts = rules[np.diff(rules, prepend=-9) > 1]
        distances += [float(one) / scale / POINTS * 25.4 for one in np.diff(starts)]
    near = [one for one in distances if one < 12]
    assert len(near) > 15
    assert all(abs(one - 9) < 0.15 for one in near), near
