"""The program's messages to students, which are Markdown with formulas, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator.errors import AuthoringError
from generator.errors.language import phrase
from generator.render.escaping import plain_math
from generator.render.mathml import formula


def _message_formula(tex: str, options: Mapping[str, Any]) -> str:
    try:
        made = formula(tex, display=bool(options["display_mode"]))
    except AuthoringError:  # what is not a formula after all is shown as it was typed
        return Markup("<code>{}</code>").format(tex)
    return _SCROLLING.format(phrase("worksheet.formula"), made.mathml) if made.is_wide else made.mathml


_SCROLLING = Markup('<span class="wide" tabindex="0" role="group" aria-label="{}">{}</span>')
"""Around a formula that is wider than a phone, so that the page need not scroll."""


_MARKDOWN = (
    MarkdownIt("js-default", {"html": False, "linkify": False})
    .disable(["link", "image", "autolink", "heading", "lheading", "reference", "table"])
    .use(dollarmath_plugin, allow_digits=False, allow_labels=False, renderer=_message_formula)
)


def message_html(message: str) -> Markup:
    """Return one of the grader's messages, which are Markdown, as HTML; tags, links and pictures in it are shown as text."""
    return Markup(_MARKDOWN.render(plain_math(message)))  # noqa: S704 - the parser escapes all else
