"""The gallery is the printed sheet with its key: what a visitor sees, and the golden files of the pages.

After a change that is meant to show, ``python -m pytest tests/golden/test_gallery.py --renew`` writes it again (the
pictures need poppler's pdftoppm).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.paper.generate import generate_sheet
from generator.paper.paper import ORIGINAL
from generator.paper.sheet_file import find_sheet

GALLERY = Path(__file__).parents[2] / "output" / "gallery"
PICTURED_PAGE = {"worksheet": 4, "key": 5}


def test_the_printed_sheet_is_as_in_the_gallery(tmp_path: Path, renew: bool) -> None:
    generate_sheet(find_sheet("discussion04"), ORIGINAL, ("tex", "md", "html"), tmp_path)
    made = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path.is_file()}
    if renew:
        _renew(made)
    kept = _kept(GALLERY)
    assert sorted(made) == sorted(kept)
    for name, path in made.items():
        assert path.read_text(encoding="utf-8") == kept[name].read_text(encoding="utf-8"), (
            f"{name} is not as in output/gallery; if it is meant to differ, run this test with --renew"
        )


@pytest.mark.parametrize("name", ["worksheet", "key", "practice"])
def test_the_gallery_has_a_picture(name: str) -> None:
    picture = GALLERY / f"{name}.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_renewing_keeps_what_it_does_not_make(tmp_path: Path) -> None:
    gallery, made = tmp_path / "gallery", tmp_path / "key.md"
    (gallery / "figures").mkdir(parents=True)
    for name in ("practice.png", "key.md", "figures/old.svg"):
        (gallery / name).write_text("before", encoding="utf-8")
    made.write_text("after", encoding="utf-8")
    _replace(gallery, {Path("key.md"): made, Path("pages/key.md"): made})
    left = {str(name.relative_to(gallery)): name.read_text(encoding="utf-8") for name in gallery.rglob("*.*")}
    assert left == {"practice.png": "before", "key.md": "after", "pages/key.md": "after"}


def _renew(made: dict[Path, Path]) -> None:
    folder = next(iter(made.values())).parent / "pdf"
    generate_sheet(find_sheet("discussion04"), ORIGINAL, ("pdf",), folder)
    for stem, page in PICTURED_PAGE.items():
        command = ["pdftoppm", "-png", "-r", "90", "-singlefile", "-f", str(page), "-l", str(page)]
        subprocess.run([*command, str(folder / f"{stem}.pdf"), str(folder / stem)], check=True)
    pictures = {Path(f"{stem}.png"): folder / f"{stem}.png" for stem in PICTURED_PAGE}
    _replace(GALLERY, {**made, **pictures})  # only now that everything is there to take its place
    shutil.rmtree(folder)


def _replace(gallery: Path, made: dict[Path, Path]) -> None:
    """Put what was made in place of what was made before; a picture taken by hand, of the practice page, stays."""
    for path in _kept(gallery).values():
        path.unlink()
    for name, path in made.items():
        (gallery / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, gallery / name)


def _kept(gallery: Path) -> dict[Path, Path]:
    """The files of the gallery by their names, without the pictures."""
    files = (path for path in gallery.rglob("*") if path.is_file() and path.suffix != ".png")
    return {path.relative_to(gallery): path for path in files}
