"""Files, each written whole or not at all: beside its place first, then moved there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.errors import InputError


def prepare_folder(folder: Path) -> None:
    """Make ``folder`` and see that it can be written to; raises :class:`InputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
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
    paths = []
    try:
        _check_free(folder, [*files, *outdated])
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=staging or folder) as beside:
            for name, content in files.items():
                staged = Path(beside, name)
                staged.parent.mkdir(parents=True, exist_ok=True)
                staged.write_bytes(content)
            for name in files:
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                Path(beside, name).replace(target)
                paths.append(target)
            for name in outdated:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"cannot write to {folder}: {error.strerror}; mend it, and give the same command again", field="--out"
        ) from error
    return tuple(paths)


def _check_free(folder: Path, names: Iterable[str]) -> None:
    for target in (folder / name for name in names):
        if target.is_dir():
            raise InputError(f"{target} is a folder where a file is to be written; move it away", field="--out")
        if target.parent.exists() and not target.parent.is_dir():
            raise InputError(f"{target.parent} is a file where a folder is needed; move it away", field="--out")
