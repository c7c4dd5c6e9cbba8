"""What somebody sees who waits for a class: how far it is, binding included, and how much room it takes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from generator.classes import disk
from generator.classes.binding import Binding
from generator.classes.disk import estimated_bytes
from generator.classes.roster import read_roster
from generator.classes.run import Order, generate_class
from generator.classes.workers import WorkerPool
from generator.paper.sheet_file import find_sheet
from tests.tiny_class import SECRET, generate, ids, tree, write_class, write_sheet


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.slow
def test_the_bar_is_full_when_all_is_in_its_place(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=3, most_b=3)
    write_class(tmp_path, ids(5))
    seen: list[tuple[int, int, str, bool]] = []
    out = tmp_path / "out"
    order = Order(
        find_sheet(str(tmp_path / "quiz.toml")), 1, read_roster(tmp_path / "class.csv"), ("pdf",), out, SECRET,
        binding=Binding(keys=True, print_order=("name",)),
    )  # fmt: skip
    generate_class(
        order,
        WorkerPool(1),
        lambda count, out_of, what: seen.append((count, out_of, what, (out / ".run" / "plan.json").exists())),
    )
    assert {total for _, total, _, _ in seen} == {5 + 2 * 5 + 1}
    assert sum(count for count, _, _, _ in seen) == 16
    assert sum(count for count, _, what, _ in seen if what == "binding keys.pdf") == 5
    assert sum(count for count, _, what, _ in seen if what == "binding worksheets.pdf") == 5
    assert [what for _, _, what, is_at_work in seen if not is_at_work] == ["done"]


@pytest.mark.parametrize(
    ("free", "students", "said"),
    [
        (10**12, 5, ""),
        (10**12, 8000, r"note: about 1\.\d GB will be written into .*, where 1000\.0 GB are free"),
        (10**5, 5, r"warning: about 1 MB will be written into .*, where 0 MB are free: make room"),
    ],
)
def test_the_room_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, students: int, said: str
) -> None:
    write_sheet(tmp_path)
    order = Order(find_sheet(str(tmp_path / "quiz.toml")), 1, (), ("tex", "pdf"), tmp_path / "not" / "there", SECRET)
    everybody = read_roster(write_class(tmp_path, ids(students)))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    found = disk.disk_note(Order(**{**vars(order), "students": everybody}))
    assert re.fullmatch(f"{said}.*" if said else "", found)


def test_the_note_comes_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    monkeypatch.setattr(disk, "_LARGE", 1)
    done = generate(tmp_path)
    assert done.exit_code == 0
    assert re.search(r"note: about \d MB will be written", done.stderr)


@pytest.mark.slow
def test_the_estimate_is_right_within_a_factor_of_two(tmp_path: Path) -> None:
    from tests.tiny_class import worksheet

    write_class(tmp_path, ids(2))
    for formats in ("tex", "md", "html"):
        out = tmp_path / formats
        made = worksheet(
            "generate", "discussion04", "--roster", tmp_path / "class.csv", "--formats", formats, "--out", out, "--workers", "1"
        )  # fmt: skip
        assert made.exit_code == 0, made.output
        written = sum(len(content) for name, content in tree(out).items() if "/" in name)
        order = Order(find_sheet("discussion04"), 1, read_roster(tmp_path / "class.csv"), (formats,), out, SECRET)
        assert written / 2 < estimated_bytes(order) < 2 * written
