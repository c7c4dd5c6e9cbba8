"""The nodes of a document as lines for the terminal, styled by rich."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text as Line

from generator.document import prose
from generator.document.figures.scene import Scene
from generator.document.nodes import (
    Block,
    Bullets,
    ChoiceSpace,
    ClaimSpace,
    Code,
    CodeBlock,
    Display,
    Emphasis,
    FieldsSpace,
    Figure,
    Fillable,
    Image,
    Inline,
    Link,
    Math,
    Numbered,
    Paragraph,
    Question,
    Strong,
    Table,
    Text,
)
from generator.errors import AuthoringError, TemplateError
from generator.errors.language import phrase
from generator.practice.terminal.formulas import Box, fitted_box, formula_line
from generator.render.escaping import plain_math


@dataclass(frozen=True)
class Writer:
    """Writes nodes as lines of at most ``width`` cells, with ``strong`` around strong text, to be seen without colours too."""

    width: int = 80
    strong: tuple[str, str] = ("", "")

    def blocks(self, blocks: Iterable[Block], margin: str = "") -> list[Line]:
        """Write blocks with an empty line between."""
        found: list[Line] = []
        for block in blocks:
            lines = self._block(block, margin)
            if lines and found:
                found.append(Line(""))
            found += lines
        return found

    def markdown(self, text: str, margin: str = "") -> list[Line]:
        """Write one of the program's messages, which are Markdown."""
        try:
            return self.blocks(prose.nodes(plain_math(text).replace("<", "‹"), {}), margin)
        except AuthoringError:  # it quotes a typed answer, which may look like half a formula
            return self._wrapped([Line(_plain(text))], margin)

    def question(self, question: Question) -> list[Line]:
        """Write what is asked, with its options, the order of its fields, or its claims."""
        found = self.blocks(question.body)
        for space in question.spaces:
            if isinstance(space, FieldsSpace):
                names = "; ".join(formula_line(label) for label in space.labels)
                found += self._wrapped([Line(phrase("terminal.in_order", names=names))], "")
            if isinstance(space, ChoiceSpace):
                for letter, option in zip(string.ascii_uppercase, space.options, strict=False):
                    found += self._item(f"  ({letter}) ", option)
        claims = [space for space in question.spaces if isinstance(space, ClaimSpace)]
        for number, claim in enumerate(claims, start=1):
            found += self._item(f"  {number}. ", claim.text)
        return found

    def tex(self, tex: str, margin: str = "") -> list[Line]:
        """Write a formula on lines of its own."""
        box = fitted_box(tex, self.width - len(margin))
        if not box.is_tall and box.width + len(margin) > self.width:
            return self._wrapped([Line(box.lines[0])], margin)
        return [Line(margin + line.rstrip()) for line in box.lines]

    # -------------------------------------------------------------------------------------------- blocks

    def _block(self, block: Block, margin: str) -> list[Line]:
        match block:
            case Paragraph(children):
                return self._paragraph(children, margin)
            case Display(tex):
                return self.tex(tex, margin + "    ")
            case Bullets() | Numbered():
                return self._bullets(block, margin)
            case Table():
                return self._table(block, margin)
            case CodeBlock(text):
                return [Line(f"{margin}    {_plain(line)}", style="cyan") for line in text.split("\n")]
            case Image():
                return self._wrapped([Line("Picture: ", style="italic"), Line(_plain(block.alt))], margin)
            case Figure():
                return self._drawing(block.shown, margin)
            case Fillable(blank, filled):
                return self.blocks(filled or blank, margin)
        raise TemplateError(f"the terminal cannot show {type(block).__name__}: add it to {__name__}")

    def _drawing(self, scene: Scene, margin: str) -> list[Line]:
        """Write a drawing as its alternative text, which says all that it shows."""
        return self._wrapped(
            [
                Line(phrase("terminal.drawing", title=scene.title) + " ", style="italic"),
                Line(_plain(scene.description)),
            ],
            margin,
        )

    def _bullets(self, block: Bullets | Numbered, margin: str) -> list[Line]:
        found: list[Line] = []
        for number, item in enumerate(block.items, start=1):
            found += self._item(f"{margin}{number}. " if isinstance(block, Numbered) else f"{margin}• ", item)
        return found

    def _table(self, block: Table, margin: str) -> list[Line]:
        rows = [[_inline_text(cell) for cell in row] for row in (block.header, *block.rows)]
        widths = [max(Line(row[place]).cell_len for row in rows) for place in range(len(block.header))]
        if len(margin) + sum(widths) + 2 * len(widths) > self.width:
            return self._table_by_rows(rows, margin)
        found = []
        for place, row in enumerate(rows):
            cells = (" " * (width - Line(cell).cell_len) + cell for cell, width in zip(row, widths, strict=True))
            found.append(Line(margin + "  " + "  ".join(cells)))
            if place == 0:
                found.append(Line(margin + "  " + "  ".join("─" * width for width in widths)))
        return found

    def _table_by_rows(self, rows: Sequence[Sequence[str]], margin: str) -> list[Line]:
        """Write a table that is too wide row by row: below a row's first cell a line for each other one, with its column's name."""
        header, *others = rows
        found: list[Line] = []
        for row in others:
            found += self._wrapped([Line(row[0])], margin + "  ")
            for name, cell in zip(header[1:], row[1:], strict=True):
                found += self._wrapped([Line(f"{name}: {cell}" if name else cell)], margin + "    ")
        return found

    def _item(self, mark: str, blocks: Sequence[Block]) -> list[Line]:
        inner = self.blocks(blocks, " " * len(mark))
        if inner:
            inner[0] = Line.assemble(mark, inner[0][len(mark) :])
        return inner

    # ------------------------------------------------------------------------------------------- a paragraph

    def _paragraph(self, children: Sequence[Inline], margin: str) -> list[Line]:
        """Write words and formulas as a wrapped paragraph; a formula of several lines stands on its own."""
        found: list[Line] = []
        words: list[Line] = []
        for piece in self._pieces(children, ""):
            if isinstance(piece, Box):
                found += self._wrapped(words, margin)
                found += [Line(f"{margin}    {line}".rstrip()) for line in piece.lines]
                words = []
            elif found and not words and (stop := _PUNCTUATION.match(piece.plain)):
                found[-1].append(stop[0])
                words.append(piece[stop.end() :])
            else:
                words.append(piece)
        return found + self._wrapped(words, margin)

    def _pieces(self, children: Sequence[Inline], style: str) -> Iterator[Line | Box]:
        for child in children:
            match child:
                case Text(text):
                    yield Line(_plain(text), style=style)
                case Code(text):
                    yield Line(f"`{_plain(text)}`", style=f"{style} cyan".strip())
                case Math(tex):
                    box = fitted_box(tex, self.width - 8)
                    line = box.lines[0].strip()
                    text = line.replace(" ", _NO_BREAK) if box.width < self.width // 2 else line
                    yield box if box.is_tall else Line(text, style=style)
                case Strong(inner):
                    yield Line(self.strong[0], style="bold")
                    yield from self._pieces(inner, f"{style} bold".strip())
                    yield Line(self.strong[1], style="bold")
                case Emphasis(inner):
                    yield from self._pieces(inner, f"{style} italic".strip())
                case Link(url, inner):
                    yield from self._pieces(inner, style)
                    if _inline_text(inner) != url:
                        yield Line(f" ({_plain(url)})", style=style)

    def _wrapped(self, pieces: Iterable[Line], margin: str) -> list[Line]:
        whole = Line("").join(pieces)
        if not whole.plain.strip():
            return []
        found = []
        for line in whole.wrap(Console(), max(20, self.width - len(margin))):
            line.rstrip()
            line.plain = line.plain.replace(_NO_BREAK, " ")
            found.append(Line.assemble(margin, line))
        return found


_NO_BREAK = "\ue000"
"""Stands for a space at which no line is broken."""
_PUNCTUATION = re.compile(r"[.,;:?]")


def _plain(text: str) -> str:
    """Return the text without control characters, which a terminal would obey."""
    return "".join(char for char in text if char.isprintable() or char == " ")


def _inline_text(children: Sequence[Inline]) -> str:
    found = []
    for child in children:
        match child:
            case Text(text) | Code(text):
                found.append(text)
            case Math(tex):
                found.append(formula_line(tex))
            case Strong(inner) | Emphasis(inner) | Link(_, inner):
                found.append(_inline_text(inner))
    return "".join(found)
