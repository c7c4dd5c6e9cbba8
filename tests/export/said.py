"""What a reader sees: the words and formulas of blocks, and those of HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any


def said(content: Any) -> str:
    """Return the words and the formulas of blocks, without the blanks between them."""
    return squeezed("".join(_pieces(content)))


def _pieces(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, Mapping):
        if "tex" in content or "display" in content:
            return [content.get("tex", content.get("display"))]
        keys = ("p", "list", "ordered", "table", "code", "em", "strong", "link")
        return [piece for key in keys if key in content for piece in _pieces(content[key])]
    assert isinstance(content, Sequence), content
    return [piece for one in content for piece in _pieces(one)]


def read(html: str) -> str:
    """Return the words and the formulas of HTML, without the blanks between them."""
    text = unescape(re.sub(r"<[^>]*>", "", html))
    return squeezed(re.sub(r"\\(?:\(|\)|\[|\])", "", text))


def squeezed(text: str) -> str:
    """Return a text without blanks, signs that are not seen, and the groups that part braces in formulas."""
    return (
        re.sub(r"[\s\u2060]", "", text)
        .replace("{{}", "{")
        .replace("\\(", "")
        .replace("\\)", "")
        .replace("\\[", "")
        .replace("\\]", "")
    )
