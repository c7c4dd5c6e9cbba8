"""Files in their places whole or not at all, in folders that are new and in others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import InputError
from generator.paper.files import Writer, write_files

FILES = {"a/key.md": b"key", "a/figures/one.svg": b"one", "index.csv": b"index"}


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_new_folders_come_whole_and_others_file_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []

    def watched(move: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def moving(path: Path, to: Path) -> Path:
            moved_to = move(path, to)
            moved.append(to.name)
            return moved_to

        return moving

    for name in ("rename", "replace"):
        monkeypatch.setattr(Path, name, watched(getattr(Path, name)))
    assert write_files(tmp_path, FILES) == tuple(tmp_path / name for name in FILES)
    assert moved == ["a", "index.csv"]
    (tmp_path / "a" / "mine.txt").write_text("mine")
    moved.clear()
    write_files(tmp_path, {**FILES, "a/key.md": b"other key"})
    assert moved == ["key.md", "one.svg", "index.csv"]
    assert tree(tmp_path) == {**FILES, "a/key.md": b"other key", "a/mine.txt": b"mine"}


def test_a_writer_places_what_is_staged_more_than_once_and_leaves_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "beside").mkdir()
    with Writer(tmp_path / "out", tmp_path / "beside") as writer:
        writer.stage({"a/key.md": b"key"})
        writer.stage({"a/figures/one.svg": b"one", "index.csv": b"index"})
        assert list((tmp_path / "out").iterdir()) == []
        writer.place()
        assert tree(tmp_path / "out") == FILES
        writer.stage({"a/key.md": b"again", "b/key.md": b"b"})
        writer.place(outdated=["index.csv"])
    assert tree(tmp_path) == {
        "out/a/key.md": b"again", "out/a/figures/one.svg": b"one", "out/b/key.md": b"b"
    }  # fmt: skip
    assert list((tmp_path / "beside").iterdir()) == []


def test_what_fails_half_way_is_in_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, written = os.write, 0

    def until_full(file: int, content: bytes) -> int:
        nonlocal written
        if written >= 4:
            raise OSError(28, "No space left on device")
        written += 1
        return write(file, content[:1])

    monkeypatch.setattr(os, "write", until_full)
    with pytest.raises(InputError, match="No space left on device; mend it"):
        write_files(tmp_path, FILES)
    assert list(tmp_path.iterdir()) == []
    written = -100  # a byte at a time is enough
    write_files(tmp_path, FILES)
    assert tree(tmp_path) == FILES


def test_a_folder_that_somebody_makes_at_the_same_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "key.md").write_bytes(b"theirs")
    monkeypatch.setattr("os.path.lexists", lambda path: False)  # as it was a moment ago
    write_files(tmp_path, FILES)
    assert tree(tmp_path) == FILES
