"""From a sheet to files: everything is made first, then written, each file whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from generator import audit, pdf
from generator.document import Worksheet, without_key
from generator.errors import InputError
from generator.manifest import manifest
from generator.render import FORMATS, SVG, figures_in, renderer
from generator.sheet import Sheet
from generator.worksheet import make_paper

MANIFEST = "manifest.json"
_OUR_FILE = re.compile(r"(?:worksheet|key)\.(?:tex|md|pdf)|figures/[\w-]+\.svg")


@dataclass(frozen=True)
class Written:
    """The files that were written, and what TeX had to say about them."""

    paths: tuple[Path, ...]
    warnings: tuple[str, ...]


def generate_sheet(
    sheet: Sheet, seed: int | str, formats: tuple[str, ...], folder: Path, engine: pdf.EngineName | None = None
) -> Written:
    """Write worksheet, key, figures and manifest of a sheet into ``folder``.

    ``formats`` are among ``tex``, ``md`` and ``pdf``; ``engine`` is ``embedded``, ``system`` or None.  Raises
    :class:`EngineError` before any work if PDFs are wanted and there is no TeX.
    """
    tex = pdf.find_engine(engine) if "pdf" in formats else None
    paper = make_paper(sheet, seed)
    for variant in paper.variants:
        audit.confirm(variant)
    _prepare(folder)
    documents = {"worksheet": without_key(paper.document), "key": paper.document}
    with ThreadPoolExecutor(max_workers=1) as beside:  # TeX works while the rest is made
        latex = _texts(documents, "tex", sheet) if "tex" in formats or tex is not None else {}
        making = beside.submit(pdf.compile_all, latex, tex) if tex is not None else None
        files: dict[str, bytes] = {}
        if "tex" in formats:
            files |= {f"{stem}.tex": text.encode() for stem, text in latex.items()}
        if "md" in formats:
            files |= {f"{stem}.md": text.encode() for stem, text in _texts(documents, "md", sheet).items()}
            files |= _drawings(documents, sheet)
        made = making.result() if making is not None else {}
    files |= {f"{stem}.pdf": one.content for stem, one in made.items()}
    warnings = tuple(f"{stem}.pdf: {warning}" for stem, one in made.items() for warning in one.warnings)
    files[MANIFEST] = manifest(paper, sheet.name, seed, sorted(files)).encode()
    outdated = _files_of_last_run(folder) - files.keys()
    return Written(write_files(folder, files, outdated), warnings)


def _files_of_last_run(folder: Path) -> set[str]:
    """What an earlier run wrote into ``folder``: left lying about, it would not match the new key."""
    try:
        names = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {name for name in names if _OUR_FILE.fullmatch(name)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _texts(documents: Mapping[str, Worksheet], form: str, sheet: Sheet) -> dict[str, str]:
    writer = renderer(FORMATS[form], sheet.templates)
    return {stem: writer.document(document) for stem, document in documents.items()}


def _drawings(documents: Mapping[str, Worksheet], sheet: Sheet) -> dict[str, bytes]:
    artist = renderer(SVG, sheet.templates)
    return {
        f"figures/{stem}.svg": artist.figure(scene).encode()
        for document in documents.values()
        for stem, scene in figures_in(document).items()
    }


def _check_free(folder: Path, names: Iterable[str]) -> None:
    for target in (folder / name for name in names):
        if target.is_dir():
            raise InputError(f"{target} is a folder where a file is to be written; move it away", field="--out")
        if target.parent.exists() and not target.parent.is_dir():
            raise InputError(f"{target.parent} is a file where a folder is needed; move it away", field="--out")


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the folder {folder} cannot be made: {error.strerror}", field="--out") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"the folder {folder} is not writable", field="--out")


def write_files(folder: Path, files: Mapping[str, bytes], outdated: Iterable[str] = ()) -> tuple[Path, ...]:
    """Write ``files`` (by their paths within ``folder``): all beside it first, then each moved into place.

    ``outdated`` files are removed.  Whatever stands in the way is found before anything is changed.
    """
    paths = []
    try:
        _check_free(folder, [*files, *outdated])
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as staging:
            for name, content in files.items():
                staged = Path(staging, name)
                staged.parent.mkdir(parents=True, exist_ok=True)
                staged.write_bytes(content)
            for name in files:
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                Path(staging, name).replace(target)
                paths.append(target)
            for name in outdated:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror}", field="--out") from error
    return tuple(paths)
