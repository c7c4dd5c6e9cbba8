"""HTML for sites that find formulas in pages by their signs, as MathJax does."""

from __future__ import annotations

import re
from html import escape

from generator.export.html import Html

_SIGNS = re.compile(r"\\(?=[()\[\]])|\$(?=\$)")
_JOINER = "\N{WORD JOINER}"
"""Breaks two signs up, and is not seen."""


class PageHtml(Html):
    r"""HTML whose words hold nothing that begins a formula: no ``\(`` and no ``$$``.  Formulas are not looked for in code."""

    def words(self, text: str) -> str:
        return _SIGNS.sub(lambda match: match[0] + _JOINER, super().words(text))

    def code(self, code: str) -> str:
        return f"<code>{escape(code, quote=False)}</code>"
