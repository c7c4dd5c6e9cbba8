r"""Blocks as HTML that is XML too, with formulas in ``\( … \)`` and ``\[ … \]`` for MathJax."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from html import escape
from typing import TypeAlias

from generator.export.tree import Block, Blocks, Figure, Inline, Line

Source: TypeAlias = Callable[[str], str]
"""Gives the address of a picture by its id."""


class Html:
    """Writes blocks as HTML; ``figures`` are the pictures, and ``source`` gives their addresses."""

    def __init__(self, figures: Mapping[str, Figure], source: Source) -> None:
        self._figures = figures
        self._source = source

    def blocks(self, content: Blocks) -> str:
        """Return blocks as HTML."""
        return "".join(map(self._block, content))

    def _block(self, block: Block) -> str:
        match block:
            case {"p": content}:
                return f"<p>{self.line(content)}</p>"
            case {"display": tex}:
                return f"<p>{self._formula(tex, display=True)}</p>"
            case {"list": items}:
                return f"<ul>{self._items(items)}</ul>"
            case {"ordered": items}:
                return f"<ol>{self._items(items)}</ol>"
            case {"table": rows, "header": header}:
                return self._table(rows, header)
            case {"code": code}:
                return f"<pre><code>{self.words(code)}</code></pre>"
            case {"figure": name}:
                return f"<p>{self.picture(name)}</p>"
        raise ValueError(f"no block: {block!r}")

    def _items(self, items: list[Blocks]) -> str:
        return "".join(f"<li>{self.blocks(item)}</li>" for item in items)

    def _table(self, rows: list[list[Line]], header: int) -> str:
        def row(cells: list[Line], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{self.line(cell)}</{tag}>" for cell in cells) + "</tr>"

        head = "".join(row(cells, "th") for cells in rows[:header])
        body = "".join(row(cells, "td") for cells in rows[header:])
        return f"<table>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"

    def line(self, content: Line) -> str:
        """Return what stands in a line."""
        return "".join(map(self._inline, content))

    def _inline(self, node: Inline) -> str:
        match node:
            case str():
                return self.words(node)
            case {"tex": tex}:
                return self._formula(tex, display=False)
            case {"code": code}:
                return f"<code>{self.words(code)}</code>"
            case {"em": inner}:
                return f"<em>{self.line(inner)}</em>"
            case {"strong": inner}:
                return f"<strong>{self.line(inner)}</strong>"
            case {"link": inner, "url": url}:
                return f'<a href="{escape(url)}">{self.line(inner)}</a>'
        raise ValueError(f"nothing for a line: {node!r}")

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
        return f'<img src="{escape(self._source(name))}" alt="{escape(self._figures[name].alt)}"/>'


def data_address(figure: Figure) -> str:
    """Return the address of a picture that stands in the page itself."""
    return f"data:{figure.media_type};base64,{b64encode(figure.content).decode()}"
