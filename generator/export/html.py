r"""Blocks as HTML that is XML too, with formulas in ``\( … \)`` and ``\[ … \]`` for MathJax."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TypeAlias

from generator.export.block_writer import BlockWriter
from generator.export.tree import Blocks, Figure, Line

Source: TypeAlias = Callable[[str], str]
"""Gives the address of a picture by its id."""


class Html(BlockWriter):
    """Writes blocks as HTML; ``figures`` are the pictures, and ``source`` gives their addresses."""

    table_attributes = ""
    """What a platform's own style needs to draw the lines of a table."""

    def __init__(self, figures: Mapping[str, Figure], source: Source) -> None:
        self._figures = figures
        self._source = source

    def paragraph(self, content: Line) -> str:
        return f"<p>{self.line(content)}</p>"

    def display(self, tex: str) -> str:
        return f"<p>{self._formula(tex, display=True)}</p>"

    def bullets(self, items: Sequence[Blocks]) -> str:
        return f"<ul>{self._items(items)}</ul>"

    def numbered(self, items: Sequence[Blocks]) -> str:
        return f"<ol>{self._items(items)}</ol>"

    def _items(self, items: Sequence[Blocks]) -> str:
        return "".join(f"<li>{self.blocks(item)}</li>" for item in items)

    def table(self, rows: Sequence[Sequence[Line]], header: int) -> str:
        def row(cells: Sequence[Line], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{self.line(cell)}</{tag}>" for cell in cells) + "</tr>"

        head = "".join(row(cells, "th") for cells in rows[:header])
        body = "".join(row(cells, "td") for cells in rows[header:])
        return f"<table{self.table_attributes}>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"

    def program(self, code: str) -> str:
        return f"<pre>{self.code(code)}</pre>"

    def figure(self, name: str) -> str:
        return f"<p>{self.picture(name)}</p>"

    def formula(self, tex: str) -> str:
        return self._formula(tex, display=False)

    def code(self, code: str) -> str:
        return f"<code>{self.words(code)}</code>"

    def emphasis(self, inner: str) -> str:
        return f"<em>{inner}</em>"

    def strong(self, inner: str) -> str:
        return f"<strong>{inner}</strong>"

    def link(self, inner: str, url: str) -> str:
        return f'<a href="{escape(url)}">{inner}</a>'

    def words(self, text: str) -> str:
        """Return plain words; a platform's own signs in them are broken up by a subclass."""
        return escape(text, quote=False)

    def _formula(self, tex: str, *, display: bool) -> str:
        begin, end = (r"\[", r"\]") if display else (r"\(", r"\)")
        return f"{begin}{self.tex(tex)}{end}"

    def tex(self, tex: str) -> str:
        """Return the source of a formula."""
        return escape(tex, quote=False)

    def picture(self, name: str) -> str:
        """Return a picture with its description."""
        return self._image(name, escape(self._figures[name].alt))

    def _image(self, name: str, alt: str) -> str:
        """Return a picture with its description, which is escaped."""
        return f'<img src="{escape(self._source(name))}" alt="{alt}"{self._width(name)}/>'

    def _width(self, name: str) -> str:
        """Return the attribute for the width of a picture; the height follows from it, also where a narrow page makes it smaller."""
        width = self._figures[name].width
        return f' width="{width}"' if width else ""


def data_address(figure: Figure) -> str:
    """Return the address of a picture that stands in the page itself."""
    return f"data:{figure.media_type};base64,{b64encode(figure.content).decode()}"
