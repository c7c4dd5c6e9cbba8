"""The commands of the page about scans."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from tests.scan.scanner import Flaws, jpeg, printed, scan_of, scan_pdf
from tests.tiny_class import ROOT, generate, worksheet, write_class, write_sheet

PAGE = (ROOT / "docs" / "scans.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_commands_of_the_page_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("zxingcpp", reason="needs zxing-cpp (pip install 'problemwright[scan]')")
    write_sheet(tmp_path, names=["first", "second", "third", "fourth"], asking='more = "x " * 1200')
    write_class(tmp_path, ["a1729", "b6174"])
    assert generate(tmp_path, formats="pdf", out="class").exit_code == 0
    random = np.random.default_rng(1)
    for student, name in (("a1729", "monday"), ("b6174", "tuesday")):
        pages = printed(tmp_path / "class" / student / "worksheet.pdf")
        torn = pages[2].crop((0, 0, pages[2].width, pages[2].height - 500))
        stack = [*pages[:2], *pages[:1] * 4, torn, *pages[3:]] if name == "monday" else pages
        scan_pdf(tmp_path / f"{name}.pdf", [jpeg(scan_of(page, Flaws(), random)) for page in stack])
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^worksheet (.*)$", PAGE, re.MULTILINE)
    results = [worksheet(*shlex.split(command)) for command in commands]
    assert [result.exit_code for result in results] == [1, 1]  # pages are doubled
    first, second = (result.output for result in results)
    assert "1 paper with pages missing" in first
    assert "0 papers with pages missing" in second
    there = {path.relative_to("class/scanned").as_posix() for path in Path("class/scanned").rglob("*.*")}
    assert "students/a1729.pdf" in there
    for name in there - {"students/b6174.pdf", "scans.json"}:
        assert f"`{name}`" in PAGE
