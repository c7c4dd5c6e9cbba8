"""The bytes of a class: they stay as they are while the code is moved, and change only where a change is meant.

``digests.json`` has a SHA-256 for each level, with and without the guided parts, and each kind of file.  After a change
that is meant to show, ``python -m pytest tests/golden --renew -m ''`` writes it again.
"""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main

DIGESTS = Path(__file__).parent / "digests.json"
LEVELS = ("easy", "standard", "hard")
NAMES = ("Ada Lovelace", "Ngô Bảo Châu", "Sofia Kovalevskaya", "O'Brien & Sons <x>")
"""A class of 60 has each of them fifteen times."""

SHEET = Path(__file__).parent.parent.parent / "templates" / "sheets" / "discussion04.toml"


def _write_inputs(folder: Path, level: str, students: int, *, guided: bool) -> None:
    table = tomllib.loads(SHEET.read_text(encoding="utf-8"))
    lines = [f"{key} = {json.dumps(table[key])}" for key in ("title", "course", "instructions") if key in table]
    lines.append(f'level = "{level}"')
    for problem in table["problem"]:
        lines += ["[[problem]]", f'id = "{problem["id"]}"', f"guided = {str(guided).lower()}"]
    (folder / "golden.toml").write_text("\n".join(lines), encoding="utf-8")
    rows = [f'u{number:03},"{NAMES[number % len(NAMES)]}"' for number in range(1, students + 1)]
    (folder / "class.csv").write_text("\n".join(["id,name", *rows]), encoding="utf-8")


def _run(*arguments: str) -> None:
    result = CliRunner().invoke(main, ["generate", *arguments])
    assert result.exit_code == 0, result.output


def _record(line: str) -> str:
    """What a record says of the paper itself; its other fields are digests and the version."""
    record = json.loads(line)
    return json.dumps({key: value for key, value in record.items() if key not in {"files", "version", "sources"}})


def _digests(folder: Path) -> dict[str, str]:
    found = {}
    for ending in ("tex", "md", "html", "svg"):
        digest = sha256()
        for path in sorted(folder.rglob(f"u*/**/*.{ending}")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        found[ending] = digest.hexdigest()
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    found["records"] = sha256("\n".join(map(_record, lines)).encode()).hexdigest()
    return found


def _compare(name: str, found: dict[str, str], renew: bool) -> None:
    kept = json.loads(DIGESTS.read_text(encoding="utf-8")) if DIGESTS.exists() else {}
    if renew:
        kept[name] = found
        DIGESTS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert found == kept.get(name)


@pytest.mark.parametrize("students", [3, pytest.param(60, marks=pytest.mark.heavy)])
@pytest.mark.parametrize("guided", [False, True], ids=["plain", "guided"])
@pytest.mark.parametrize("level", LEVELS)
def test_the_texts_and_records_of_a_class_are_as_before(
    tmp_path: Path, level: str, guided: bool, students: int, renew: bool
) -> None:
    _write_inputs(tmp_path, level, students, guided=guided)
    out = tmp_path / "out"
    _run(
        str(tmp_path / "golden.toml"), "--roster", str(tmp_path / "class.csv"), "--seed", "5",
        "--formats", "tex,md,html", "--workers", "1", "--out", str(out),
    )  # fmt: skip
    _compare(f"{level}, {'guided' if guided else 'plain'}, {students} students", _digests(out), renew)


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
def test_the_pdfs_of_a_paper_are_as_before(tmp_path: Path, level: str, renew: bool) -> None:
    _write_inputs(tmp_path, level, 1, guided=False)
    out = tmp_path / "out"
    _run(str(tmp_path / "golden.toml"), "--seed", "5", "--formats", "pdf", "--out", str(out))
    found = {stem: sha256((out / f"{stem}.pdf").read_bytes()).hexdigest() for stem in ("worksheet", "key")}
    _compare(f"PDFs, {level}", found, renew)
