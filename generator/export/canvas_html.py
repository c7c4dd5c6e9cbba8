"""HTML of questions with blanks, for which Canvas takes every word in square brackets."""

from __future__ import annotations

from html import escape

from generator.export.page_html import PageHtml
from generator.export.tree import Block, Inline


class BlankHtml(PageHtml):
    """HTML without square brackets: they are formulas in words, and wide ones in code and descriptions, where no formula can stand."""

    def words(self, text: str) -> str:
        return super().words(text).replace("[", r"\(\lbrack\)").replace("]", r"\(\rbrack\)")

    def tex(self, tex: str) -> str:
        return super().tex(tex).replace("[", r"\lbrack ").replace("]", r"\rbrack ")

    def _formula(self, tex: str, *, display: bool) -> str:
        return super()._formula(rf"\displaystyle {tex}" if display else tex, display=False)

    def _inline(self, node: Inline) -> str:
        match node:
            case {"code": code}:
                return f"<code>{escape(_wide(code), quote=False)}</code>"
            case {"link": inner, "url": url}:
                address = escape(url.replace("[", "%5B").replace("]", "%5D"))
                return f'<a href="{address}">{self.line(inner)}</a>'
        return super()._inline(node)

    def _block(self, block: Block) -> str:
        if "code" in block:
            return super()._block({"code": _wide(block["code"])})
        return super()._block(block)

    def picture(self, name: str) -> str:
        return _wide(super().picture(name))


def _wide(text: str) -> str:
    """Return a text whose brackets look like square ones and are none."""
    return text.replace("[", "［").replace("]", "］")
