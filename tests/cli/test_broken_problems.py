"""What ``worksheet check`` says of broken problem files: the slip itself, once, with the line of the author's own file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.cli import check
from tests.cli.broken_problems import BROKEN, SOUND
from tests.tiny_class import worksheet

VARIANTS = 3


def messages(folder: Path, text: str) -> list[str]:
    """The lines that say what is wrong, the file's lines as ``@12``."""
    path = folder / "tiny.py"
    path.write_text(text, encoding="utf-8")
    result = worksheet("check", path, "--variants", VARIANTS)
    assert result.exit_code in (1, 2), result.output
    assert isinstance(result.exception, SystemExit)
    lines = [line for line in result.output.splitlines() if line.startswith(("FAILED ", "Error: "))]
    said = [line.partition(" ")[2].replace(str(path), "tiny.py").replace("problem tiny", "tiny") for line in lines]
    return [re.sub(r"tiny\.py, line (\d+)", r"@\1", line) for line in said]


def test_the_sound_file_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "tiny.py"
    path.write_text(SOUND, encoding="utf-8")
    result = worksheet("check", path, "--variants", VARIANTS)
    assert result.exit_code == 0, result.output
    assert "FAILED" not in result.output
    assert "warning" not in result.output


@pytest.mark.parametrize("slip", BROKEN)
def test_a_slip_is_told_once_with_its_line(slip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "SECONDS", 1)
    old, new, expected = BROKEN[slip]
    assert old in SOUND
    found = messages(tmp_path, SOUND.replace(old, new, 1))
    assert found == [expected]
    assert not re.search(r"(?<!tiny)\.py\b|Traceback|TypeError", found[0]), "a line of ours, or words of ours"
