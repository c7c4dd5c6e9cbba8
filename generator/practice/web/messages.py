"""The grader's messages, which are Markdown, as HTML: words, emphasis, code, lists and formulas, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator.errors import AuthoringError
from generator.render.mathml.formulas import formula


def _formula(tex: str, how: Mapping[str, Any]) -> str:
    try:
        return formula(tex, display=bool(how["display_mode"])).mathml
    except AuthoringError:  # what cannot be shown as a formula is shown as it was written
        return Markup("<code>{}</code>").format(tex)


_READER = (
    MarkdownIt("js-default", {"html": False, "linkify": False})
    .disable(["link", "image", "autolink", "heading", "lheading", "reference", "table"])
    .use(dollarmath_plugin, allow_digits=False, allow_labels=False, renderer=_formula)
)


@lru_cache(maxsize=1 << 10)
def html(message: str) -> Markup:
    """The message as blocks of HTML.  Whatever looks like a tag, a link or a picture in it is shown as text."""
    return Markup(_READER.render(message))  # noqa: S704 - the reader escapes all that it does not know
