"""A class's worksheets in archives, as they are sent or uploaded."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every entry, so that the same files give the same archive."""


def zip_worksheets(files: Iterable[str], folder: Path, target: Path) -> None:
    """Write the files of worksheets, and none of their keys, into an archive; each once."""
    wanted = sorted({name for name in files if not name.partition("/")[2].startswith("key")})
    with zipfile.ZipFile(target, "w") as archive:
        for name in wanted:
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = (
                zipfile.ZIP_STORED if name.endswith((".pdf", ".png", ".docx")) else zipfile.ZIP_DEFLATED
            )
            archive.writestr(entry, (folder / name).read_bytes())
