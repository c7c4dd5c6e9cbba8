"""What teachers mark answers in words by, as a file of Markdown beside an export: model answers, and rubrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from generator.export.block_writer import BlockWriter
from generator.export.tree import Blocks, Criterion, Export, Figure, Line, Part

NAME = "-rubrics.md"


@dataclass(frozen=True)
class ByHand:
    """A question that a person marks: the variant it is of, a model answer, and how the points are given."""

    part: Part
    variant: str
    points: int
    model: Blocks
    rubric: tuple[Criterion, ...] = ()


def rubrics(export: Export, questions: Iterable[ByHand]) -> dict[str, bytes]:
    """Return the file, by its name's end; no file where there is nothing to mark."""
    found: dict[tuple[str, str], list[str]] = {}
    markdown = _Markdown(export.figures)
    for one in questions:
        title = f"## {one.part.title} ({one.points} {'point' if one.points == 1 else 'points'})"
        rubric = "\n".join(f"- {line.points}: {markdown.line(line.text)}" for line in one.rubric)
        lines = "\n\n".join(filter(None, (markdown.blocks(one.model), rubric)))
        found.setdefault((title, lines), []).append(f"(id {one.part.id} {one.variant})")
    if not found:
        return {}
    text = [f"# {export.title}: what is marked by hand", ""]
    for (title, lines), names in found.items():
        text += [title, "", f"Questions that end in {', '.join(dict.fromkeys(names))}.", "", lines, ""]
    return {NAME: "\n".join(text).encode()}


class _Markdown(BlockWriter):
    """Markdown for people to read: signs of Markdown in words stay as they are."""

    between = "\n\n"

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._figures = figures

    def paragraph(self, content: Line) -> str:
        return self.line(content)

    def display(self, tex: str) -> str:
        return f"$${tex}$$"

    def bullets(self, items: Sequence[Blocks]) -> str:
        return self._items("- ", items)

    def numbered(self, items: Sequence[Blocks]) -> str:
        return self._items("1. ", items)

    def _items(self, sign: str, items: Sequence[Blocks]) -> str:
        return "\n\n".join(f"{sign}{indent(self.blocks(item), ' ' * len(sign)).lstrip()}" for item in items)

    def table(self, rows: Sequence[Sequence[Line]], header: int) -> str:
        return "\n".join("| " + " | ".join(map(self.line, row)) + " |" for row in rows)

    def program(self, code: str) -> str:
        return f"```\n{code}\n```"

    def figure(self, name: str) -> str:
        return f"[picture: {self._figures[name].alt}]"

    def words(self, text: str) -> str:
        return text

    def formula(self, tex: str) -> str:
        return f"${tex}$"

    def code(self, code: str) -> str:
        return f"`{code}`"

    def emphasis(self, inner: str) -> str:
        return f"*{inner}*"

    def strong(self, inner: str) -> str:
        return f"**{inner}**"

    def link(self, inner: str, url: str) -> str:
        return f"[{inner}]({url})"
