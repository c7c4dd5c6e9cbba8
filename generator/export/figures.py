"""The pictures of an export: drawings as SVG and PNG, and authors' own files."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import PurePosixPath

from generator.document import nodes
from generator.document.figures.scene import Scene
from generator.errors import AuthoringError
from generator.export.tree import Figure
from generator.paper.companions import style_files
from generator.paper.sheet import Sheet
from generator.render.pictures import file_name, page_content
from generator.render.renderer import FORMATS, SVG, renderer
from generator.tex.pdf import EngineName, find_engine
from generator.tex.pictures import check_libraries, pictures

AT_ONCE = 200
"""The drawings that TeX sets in one run."""


class Pictures:
    """Gives every picture an id, which is the same for the same picture with the same words, and makes them in the end."""

    def __init__(self) -> None:
        self._scenes: dict[str, Scene] = {}
        self._images: dict[str, nodes.Image] = {}

    def name(self, node: nodes.Figure | nodes.Image) -> str:
        """Return the id of a picture as this document shows it."""
        if isinstance(node, nodes.Figure):
            stem = node.name.partition("-")[2] or node.name  # without the number of the problem
            found = f"{stem}-{_digest(repr(node.shown).encode())}"
            self._scenes[found] = node.shown
        else:
            # One file may stand in two places with other words, and a description in a solution may give the answer.
            found = f"{PurePosixPath(file_name(node, printed=False)).stem}-{_digest(node.alt.encode())}"
            self._images[found] = node
        if not self._words(node):
            raise AuthoringError("a picture without words: say what it shows, for those who cannot see it")
        return found

    @staticmethod
    def _words(node: nodes.Figure | nodes.Image) -> str:
        return node.alt if isinstance(node, nodes.Image) else _alt(node.shown)

    def made(self, sheet: Sheet, engine: EngineName | None, *, with_png: bool) -> dict[str, Figure]:
        """Return all pictures by their ids; drawings ``with_png`` too.

        Raises :class:`EngineError` where TeX, or a library, is missing for that.
        """
        artist = renderer(SVG, sheet.templates)
        drawn = self._drawn(sheet, engine) if with_png and self._scenes else {}
        found = {
            name: Figure(_alt(scene), artist.figure(scene), drawn.get(name, b""))
            for name, scene in self._scenes.items()
        }
        for name, image in self._images.items():
            ending = PurePosixPath(file_name(image, printed=False)).suffix.lstrip(".").replace("jpeg", "jpg")
            found[name] = Figure(image.alt, "", page_content(image), ending)
        return found

    def _drawn(self, sheet: Sheet, engine: EngineName | None) -> Mapping[str, bytes]:
        check_libraries("export")
        writer = renderer(FORMATS["tex"], sheet.templates)
        names = sorted(self._scenes)
        found: dict[str, bytes] = {}
        for start in range(0, len(names), AT_ONCE):
            chunk = names[start : start + AT_ONCE]
            sources = [str(writer.node(nodes.Figure(name, self._scenes[name]))) for name in chunk]
            found |= zip(chunk, pictures(sources, find_engine(engine), style_files(sheet)), strict=True)
        return found


def _alt(scene: Scene) -> str:
    return ". ".join(filter(None, (scene.title.rstrip("."), scene.description)))


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=4).hexdigest()
