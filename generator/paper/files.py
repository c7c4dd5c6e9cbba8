"""Files, each written whole or not at all: beside its place first, then moved there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from generator.errors import InputError


def prepare_folder(folder: Path) -> None:
    """Make ``folder`` and see that it can be written to; raises :class:`InputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise InputError(f"the folder {folder} cannot be made: a file has that name", field="--out") from error
    except OSError as error:
        raise InputError(f"the folder {folder} cannot be made: {error.strerror}", field="--out") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"the folder {folder} is not writable", field="--out")


def write_files(
    folder: Path, files: Mapping[str, bytes], outdated: Iterable[str] = (), staging: Path | None = None
) -> tuple[Path, ...]:
    """Write ``files`` (by their paths within ``folder``): all beside it first, then each moved into place.

    ``outdated`` files are removed.  Whatever stands in the way is found before anything is changed.  What is not yet
    whole stands in ``staging``, a folder of the same file system, or in ``folder`` itself.
    """
    with Writer(folder, staging) as writer:
        writer.stage(files)
        writer.place(outdated)
    return tuple(folder / name for name in files)


class Writer:
    """Writes to a folder what stands in one place beside it until it is whole: :meth:`stage` often, then :meth:`place`."""

    def __init__(self, folder: Path, staging: Path | None = None) -> None:
        self._folder = folder
        self._staging = staging or folder
        self._names: list[str] = []
        self._made = {""}
        self._beside: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beside is not None:
            self._beside.cleanup()

    def stage(self, files: Mapping[str, bytes]) -> None:
        """Write files beside their places; raises :class:`InputError` where something stands in their way."""
        with self._failures_told():
            _check_free(self._folder, files)
            if self._beside is None:
                self._beside = tempfile.TemporaryDirectory(prefix=".writing-", dir=self._staging)
            for name, content in files.items():
                self._make_folder(name.rpartition("/")[0])
                _write(f"{self._beside.name}/{name}", content)
            self._names += files

    def place(self, outdated: Iterable[str] = ()) -> None:
        """Move all that is staged into its place, then remove the ``outdated`` files."""
        outdated = tuple(outdated)
        with self._failures_told():
            _check_free(self._folder, outdated)
            if self._beside is not None:
                _move(Path(self._beside.name), self._folder, self._names)
            for name in outdated:
                (self._folder / name).unlink(missing_ok=True)
        self._names.clear()
        self._made = {""}

    def _make_folder(self, inner: str) -> None:
        assert self._beside is not None
        if inner not in self._made:
            self._make_folder(inner.rpartition("/")[0])
            with suppress(FileExistsError):  # of an earlier time, its files moved one by one
                Path(self._beside.name, inner).mkdir()
            self._made.add(inner)

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InputError(
                f"cannot write to {self._folder}: {error.strerror}; mend it, and give the same command again",
                field="--out",
            ) from error


def _check_free(folder: Path, names: Iterable[str]) -> None:
    heads = {name.partition("/")[0] for name in names}
    there = {head for head in heads if os.path.lexists(f"{folder}/{head}")}
    for target in (folder / name for name in names if there and name.partition("/")[0] in there):
        if target.is_dir():
            raise InputError(f"{target} is a folder where a file is to be written; move it away", field="--out")
        if target.parent.exists() and not target.parent.is_dir():
            raise InputError(f"{target.parent} is a file where a folder is needed; move it away", field="--out")


def _write(path: str, content: bytes) -> None:
    """A file by the system's calls alone: what Python's files ask beside takes as long as the writing."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def _move(beside: Path, folder: Path, names: Iterable[str]) -> None:
    """Each file into its place; where there is no folder of that name yet, the folder with all that is in it."""
    is_new: dict[str, bool] = {}
    for name in names:
        head, slash, _ = name.partition("/")
        if slash and head not in is_new:
            is_new[head] = _move_folder(beside / head, folder / head)
        if not is_new.get(head):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (beside / name).replace(target)


def _move_folder(beside: Path, target: Path) -> bool:
    """Move a folder as a whole; False where there is one already, from before or of a worker of a killed run."""
    try:
        beside.rename(target)
    except OSError:
        if target.is_dir():
            return False
        raise
    return True
