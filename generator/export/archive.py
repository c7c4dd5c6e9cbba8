"""Archives whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

LONG_AGO = (1980, 1, 1, 0, 0, 0)
LEVEL = 9


def zipped(files: Mapping[str, bytes], first: Iterable[str] = ()) -> bytes:
    """Return a zip of files by their paths, in the order of their names after those that come ``first``; a path that ends in ``/`` is a folder."""
    made = io.BytesIO()
    beginning = list(first)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name in [*beginning, *sorted(files.keys() - {*beginning})]:
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
            entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
            entry.create_system = 3  # Unix, whatever it is made on
            archive.writestr(entry, files[name], compresslevel=LEVEL)
    return made.getvalue()
