"""Packages of IMS: a zip whose manifest names every file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError, fromstring

MANIFEST = "imsmanifest.xml"
LARGEST = 200 * 2**20
"""Bytes that a package may have when it is unpacked."""


class Package:
    """The files of a package by their paths; ``faults`` are what is wrong with the whole."""

    def __init__(self, path: Path) -> None:
        self.faults: list[str] = []
        self.files: dict[str, bytes] = {}
        self.folders: list[str] = []
        self.names: list[str] = []
        try:
            self._read(path.read_bytes())
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            self.faults.append(f"no zip that can be read: {error}")

    def _read(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.names = archive.namelist()
            if sum(one.file_size for one in archive.infolist()) > LARGEST:
                self.faults.append(f"unpacked it has more than {LARGEST // 2**20} MB")
                return
            for name in self.names:
                if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                    self.faults.append(f"{name}: a path out of the package")
                elif name in self.files or name in self.folders:
                    self.faults.append(f"{name}: there twice")
                elif name.endswith("/"):
                    self.folders.append(name)
                else:
                    self.files[name] = archive.read(name)

    def xml(self, name: str) -> Element | None:
        """Return a file as XML, its tags without namespaces; None, and a fault, where it is none."""
        content = self.files.get(name)
        if content is None:
            self.faults.append(f"{name}: not in the package")
            return None
        if content.startswith(b"\xef\xbb\xbf"):
            self.faults.append(f"{name}: begins with a byte-order mark")
        try:
            root = fromstring(content)  # noqa: S314 - expat refuses entities that grow
        except (ParseError, ValueError) as error:
            self.faults.append(f"{name}: no XML: {error}")
            return None
        for element in root.iter():
            element.tag = local(element.tag)
        return root

    def resources(self, manifest: Element) -> Iterator[Element]:
        """Yield the resources of the manifest; a file that is missing, or named by none, is a fault."""
        found = list(manifest.iter("resource"))
        named = {one.get("href", "") for resource in found for one in resource.iter("file")}
        for name in sorted(named - self.files.keys()):
            self.faults.append(f"{MANIFEST}: names {name}, which is not in the package")
        for name in sorted(self.files.keys() - named - {MANIFEST}):
            self.faults.append(f"{name}: the manifest does not name it")
        known = [one.get("identifier", "") for one in found]
        for name in sorted({one for one in known if known.count(one) > 1}):
            self.faults.append(f"{MANIFEST}: two resources are called {name}")
        for one in manifest.iter("dependency"):
            if one.get("identifierref") not in known:
                self.faults.append(f"{MANIFEST}: a dependency on {one.get('identifierref')}, which there is not")
        yield from found


def local(name: str) -> str:
    """Return the name of an element without its namespace."""
    return re.sub(r"^\{[^}]*\}", "", name)


def twice(names: list[str]) -> list[str]:
    """Return the names that are there more than once."""
    return sorted({one for one in names if names.count(one) > 1})
