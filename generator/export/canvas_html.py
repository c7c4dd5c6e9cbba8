"""HTML of Canvas's questions; in those with blanks it takes every word in square brackets for one."""

from __future__ import annotations

from generator.export.page_html import PageHtml


class CanvasHtml(PageHtml):
    """HTML whose tables have lines, which the site's style does not give them."""

    table_attributes = ' border="1"'


class BlankHtml(CanvasHtml):
    """HTML without square brackets: they are formulas in words, and wide ones in code and descriptions, where no formula can stand."""

    def words(self, text: str) -> str:
        return super().words(text).replace("[", r"\(\lbrack\)").replace("]", r"\(\rbrack\)")

    def tex(self, tex: str) -> str:
        return super().tex(tex).replace("[", r"\lbrack ").replace("]", r"\rbrack ")

    def _formula(self, tex: str, *, display: bool) -> str:
        return super()._formula(rf"\displaystyle {tex}" if display else tex, display=False)

    def code(self, code: str) -> str:
        return super().code(_wide(code))

    def link(self, inner: str, url: str) -> str:
        return super().link(inner, url.replace("[", "%5B").replace("]", "%5D"))

    def picture(self, name: str) -> str:
        return _wide(super().picture(name))


def _wide(text: str) -> str:
    """Return a text whose brackets look like square ones and are none."""
    return text.replace("[", "［").replace("]", "］")
