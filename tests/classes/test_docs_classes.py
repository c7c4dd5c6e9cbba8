"""The commands of the page about classes, pasted into a shell in a folder with its class list."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "classes.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page's commands are for a POSIX shell")
def test_the_commands_of_the_page_work_when_pasted(tmp_path: Path) -> None:
    (roster,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "class.csv").write_text(roster, encoding="utf-8")
    pasted = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    assert {line.split()[1] for line in pasted.splitlines() if line.startswith("worksheet")} == {
        "generate",
        "key",
        "replace",
        "verify",
        "report",
    }
    script = f'set -eu\nworksheet() {{ {shlex.quote(sys.executable)} -m generator.cli "$@"; }}\n{pasted}'
    done = subprocess.run(
        ["sh"], input=script, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 papers with keys in class" in done.stdout
    assert "4 papers with keys in forms" in done.stdout
    assert "no faults" in done.stdout
    found, original = (tmp_path / folder / "key.md" for folder in ("found", "class/a1729"))
    assert found.read_bytes() == original.read_bytes()
    assert original.read_text(encoding="utf-8").rstrip() in done.stdout
    assert {path.name for path in (tmp_path / "forms").iterdir()} >= {"form-A", "form-D", "index.csv", "manifest.jsonl"}


def test_every_key_of_a_record_is_on_the_page(tmp_path: Path) -> None:
    from tests.tiny_class import generate, ids, records, write_class, write_sheet

    write_sheet(tmp_path)
    write_class(tmp_path, ids(1))
    assert generate(tmp_path).exit_code == 0
    record = records(tmp_path / "out")["s1"]
    table = PAGE.partition("## What the manifest holds")[2]
    for key in (*record, *record["problems"][0]):
        assert f"`{key}`" in table, key
