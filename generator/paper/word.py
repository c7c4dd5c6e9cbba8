"""Papers as files for Word: pandoc converts the text, with native equations, headings, and pictures with their descriptions."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.document.figures.scene import Scene
from generator.document.nodes import Figure, Worksheet
from generator.errors import EngineError
from generator.errors.language import current, phrase, using
from generator.paper.companions import images, style_files
from generator.paper.sheet import Sheet
from generator.render.escaping import one_line
from generator.render.formats import DOCX, FORMATS
from generator.render.pictures import picture_files
from generator.render.renderer import figures_in, renderer
from generator.tex.pdf import EngineName, find_engine
from generator.tex.pictures import pictures

INSTALL = "pip install 'problemwright[docx]'"
INSTEAD = ", or leave docx out of --formats and of the class list's needs"
SECONDS = 120
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of every entry of a file for Word, so that the same paper gives the same file."""


def find_pandoc(instead: str = INSTEAD) -> Path:
    """Return pandoc's program as the extra ``docx`` installs it.

    Raises :class:`EngineError` saying what to install, or what to do ``instead``.
    """
    try:
        from pypandoc import get_pandoc_path

        return Path(get_pandoc_path())
    except (ImportError, OSError) as error:
        raise EngineError(f"files for Word need pandoc, which is not installed here: {INSTALL}{instead}") from error


@dataclass(frozen=True)
class WordFile:
    """A file for Word, and what pandoc warned of that a reader would see."""

    content: bytes
    warnings: tuple[str, ...]


def word_files(documents: Mapping[str, Worksheet], sheet: Sheet, engine: EngineName | None) -> dict[str, WordFile]:
    """Return the file for Word of each document, by its name.

    Raises :class:`EngineError` where pandoc, or TeX for the drawings, is not there or fails.
    """
    found = {stem: scene for document in documents.values() for stem, scene in figures_in(document).items()}
    pictures_beside = images(sheet, ("md",)) | (_drawn(found, sheet, engine) if found else {})
    texts = {stem: renderer(DOCX, sheet.templates).document(one) for stem, one in documents.items()}
    pictures_beside |= picture_files(documents.values(), texts, ["md"])
    with using(sheet.language):
        return {
            f"{stem}.docx": _converted(texts[stem], _title(one), pictures_beside) for stem, one in documents.items()
        }


def _title(document: Worksheet) -> str:
    form = f", {phrase('worksheet.form', letter=document.form)}" if document.form else ""
    key = f" ({phrase('worksheet.key_within')})" if document.has_key else ""
    return f"{document.title}{form}{key}"


def _drawn(scenes: Mapping[str, Scene], sheet: Sheet, engine: EngineName | None) -> dict[str, bytes]:
    """Return the drawings as PNG by the names of their files."""
    writer = renderer(FORMATS["tex"], sheet.templates)
    figures = [str(writer.node(Figure(stem, scene))) for stem, scene in scenes.items()]
    pngs = pictures(figures, find_engine(engine), style_files(sheet))
    return {f"{stem}.png": png for stem, png in zip(scenes, pngs, strict=True)}


def _converted(text: str, title: str, beside: Mapping[str, bytes]) -> WordFile:
    """Have pandoc convert a text in GitHub's Markdown; the same text gives the same bytes."""
    command = [
        str(find_pandoc()), "--from=gfm-raw_html-autolink_bare_uris", "--to=docx", "--output=document.docx", "--resource-path=.",
        f"--metadata=title:{one_line(title)}", f"--metadata=lang:{current().code}", "document.md",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="worksheet-") as place:
        folder = Path(place)
        for name, content in beside.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        (folder / "document.md").write_bytes(text.encode())
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
        try:
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"pandoc was still running after {SECONDS} seconds and was stopped") from error
        except OSError as error:
            raise EngineError(f"pandoc does not start ({error.strerror}): {INSTALL}") from error
        said = done.stderr.decode(errors="replace").strip()
        if done.returncode:
            raise EngineError(f"pandoc: {said[:500] or f'ended with code {done.returncode}'}")
        content = _reproducible((folder / "document.docx").read_bytes())
    return WordFile(content, tuple(" ".join(one.split()) for one in said.split("[WARNING]") if one.strip()))


def _reproducible(archive: bytes) -> bytes:
    """Return the same archive with its entries in order, and without their dates."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        names = sorted(before.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            after.writestr(entry, before.read(name))
    return made.getvalue()
