"""The page about sheets names every key and option there is, and its examples work."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from generator.cli.papers import generate as command
from generator.cli.style_options import NAMES
from generator.paper.sheet_file import ENTRY_KEYS, SHEET_KEYS, find_sheet
from generator.paper.sheet_options import STYLE_KEYS
from tests.paper.test_page_style import png
from tests.tiny_class import worksheet

PAGE = (Path(__file__).parents[2] / "docs" / "sheets.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def keys(title: str) -> list[str]:
    """The keys in the first column of a section's table."""
    return re.findall(r"^\| `(\w+)` \|", section(title), re.MULTILINE)


def test_the_tables_have_every_key() -> None:
    assert sorted(keys("Keys of the sheet")) == sorted(SHEET_KEYS)
    assert sorted(keys("Keys of a `[[problem]]`")) == sorted(ENTRY_KEYS)


def test_every_key_of_style_is_an_option_and_on_the_page() -> None:
    assert sorted(NAMES) == sorted([*STYLE_KEYS, "extended"])
    words = section("Options of `generate`")
    for option in command.params:
        if option.name in NAMES:
            for name in (*option.opts, *option.secondary_opts):
                assert f"`{name}`" in words


def test_the_examples_are_sheets(tmp_path: Path) -> None:
    text, drawn = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "midterm.toml").write_text(text, encoding="utf-8")
    (tmp_path / "crest.png").write_bytes(png())
    sheet = find_sheet(str(tmp_path / "midterm.toml"))
    assert sheet.style.is_exam
    assert sheet.style.date == "2026-10-01"
    (tmp_path / "drawn.toml").write_text(f'title = "Quiz"\n{drawn}', encoding="utf-8")
    assert find_sheet(str(tmp_path / "drawn.toml")).length == 1


@pytest.mark.parametrize("line", re.findall(r"^worksheet (.*)$", PAGE, re.MULTILINE))
def test_the_commands_work(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = worksheet(*shlex.split(line))
    assert result.exit_code == 0, result.output
