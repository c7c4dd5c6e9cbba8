"""The gallery is the printed sheet with its key: what a visitor sees, and the golden files of the pages.

After a change that is meant to show, ``python -m pytest tests/test_gallery.py --renew`` writes it again (the
pictures need poppler's pdftoppm).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.generate import generate_sheet
from generator.sheet import find_sheet
from generator.worksheet import ORIGINAL

GALLERY = Path(__file__).parent.parent / "output" / "gallery"
PICTURED_PAGE = {"worksheet": 4, "key": 5}


def test_the_printed_sheet_is_as_in_the_gallery(tmp_path: Path, renew: bool) -> None:
    generate_sheet(find_sheet("discussion04"), ORIGINAL, ("tex", "md", "html"), tmp_path)
    made = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path.is_file()}
    if renew:
        _renew(made)
    kept = {path.relative_to(GALLERY): path for path in GALLERY.rglob("*") if path.is_file() and path.suffix != ".png"}
    assert sorted(made) == sorted(kept)
    for name, path in made.items():
        assert path.read_text(encoding="utf-8") == kept[name].read_text(encoding="utf-8"), (
            f"{name} is not as in output/gallery; if it is meant to differ, run this test with --renew"
        )


@pytest.mark.parametrize("name", ["worksheet", "key"])
def test_the_gallery_has_a_picture(name: str) -> None:
    picture = GALLERY / f"{name}.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


def _renew(made: dict[Path, Path]) -> None:
    folder = next(iter(made.values())).parent / "pdf"
    generate_sheet(find_sheet("discussion04"), ORIGINAL, ("pdf",), folder)
    for stem, page in PICTURED_PAGE.items():
        command = ["pdftoppm", "-png", "-r", "90", "-singlefile", "-f", str(page), "-l", str(page)]
        subprocess.run([*command, str(folder / f"{stem}.pdf"), str(folder / stem)], check=True)
    shutil.rmtree(GALLERY, ignore_errors=True)  # only now that everything is there to take its place
    for name, path in (*made.items(), *((Path(f"{stem}.png"), folder / f"{stem}.png") for stem in PICTURED_PAGE)):
        (GALLERY / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, GALLERY / name)
    shutil.rmtree(folder)
