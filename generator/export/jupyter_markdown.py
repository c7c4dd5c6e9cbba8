"""Blocks as the Markdown of notebooks, with formulas between dollar signs and pictures attached to their cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from generator.export.block_writer import BlockWriter
from generator.export.tree import Blocks, Figure, Line

_SIGNS = re.compile(r"[\\`*_\[\]<>&$~|]")
_FIRST = re.compile(r"^(\s*)([-+#=]|\d+(?=[.)]))", re.MULTILINE)


class Markdown(BlockWriter):
    """Writes blocks as Markdown; signs of Markdown in words are written as entities, which mean nothing but themselves."""

    between = "\n\n"

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._figures = figures
        self._in_table = False

    def file(self, name: str) -> str:
        """Return the name under which a picture is attached."""
        return f"{name}.{self._figures[name].ending}"

    def paragraph(self, content: Line) -> str:
        return _FIRST.sub(lambda match: f"{match[1]}{_entities(match[2])}", self.line(content))

    def display(self, tex: str) -> str:
        return f"$${tex}$$"

    def bullets(self, items: Sequence[Blocks]) -> str:
        return "\n".join(self._item("- ", item) for item in items)

    def numbered(self, items: Sequence[Blocks]) -> str:
        return "\n".join(self._item(f"{place}. ", item) for place, item in enumerate(items, start=1))

    def _item(self, sign: str, content: Blocks) -> str:
        return sign + self.blocks(content).replace("\n", "\n" + " " * len(sign))

    def table(self, rows: Sequence[Sequence[Line]], header: int) -> str:
        self._in_table = True
        cells = [[self.line(cell) for cell in row] for row in rows]
        self._in_table = False
        columns = max(map(len, cells), default=0)
        head = cells[:1] if header else [[""] * columns]
        lines = [*head, ["---"] * columns, *cells[1 if header else 0 :]]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def program(self, code: str) -> str:
        fence = _longer_than("`", code, 3)
        return f"{fence}\n{code}\n{fence}"

    def figure(self, name: str) -> str:
        return f"![{self.words(self._figures[name].alt)}](attachment:{self.file(name)})"

    def formula(self, tex: str) -> str:
        return f"${self._cell_safe(tex)}$"

    def emphasis(self, inner: str) -> str:
        return f"<em>{inner}</em>"

    def strong(self, inner: str) -> str:
        return f"<strong>{inner}</strong>"

    def link(self, inner: str, url: str) -> str:
        return f"[{inner}](<{url.replace('<', '%3C').replace('>', '%3E')}>)"

    def _cell_safe(self, tex: str) -> str:
        r"""Return a formula without upright strokes in a table, where they would end a cell: ``\vert`` prints the same."""
        if not self._in_table:
            return tex
        return tex.replace(r"\|", r"\Vert ").replace("|", r"\vert ")

    def code(self, code: str) -> str:
        if self._in_table or "$" in code:
            return f"<code>{_entities(code)}</code>"
        sign = _longer_than("`", code, 1)
        space = " " if code.startswith("`") or code.endswith("`") else ""
        return f"{sign}{space}{code}{space}{sign}"

    def words(self, text: str) -> str:
        return _SIGNS.sub(lambda match: _entities(match[0]), text)


def _entities(text: str) -> str:
    return "".join(one if (one.isalnum() and not one.isdigit()) or one == " " else f"&#{ord(one)};" for one in text)


def _longer_than(sign: str, text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall(f"{re.escape(sign)}+", text)), default=0)
    return sign * max(least, longest + 1)
