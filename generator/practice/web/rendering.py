"""Rendering for the page's templates: document nodes, formulas, the grader's messages, stylesheet and script."""

from __future__ import annotations

import json

from jinja2 import Environment
from markupsafe import Markup

from generator.document.nodes import Block, Paragraph
from generator.errors.language import current, phrase
from generator.practice.level_names import level_name
from generator.practice.progress import percent
from generator.render.escaping import escape_xml
from generator.render.mathml import formula, pieces
from generator.render.messages import message_html
from generator.render.paths import templates_folder
from generator.render.phrases import phrases_for
from generator.render.renderer import FORMATS, count_of, renderer

TEMPLATES = templates_folder() / "practice"

_page = renderer(FORMATS["html"], TEMPLATES)


def stylesheet() -> str:
    """Return the page's stylesheet."""
    return _page.text("style.css.j2")


def script() -> str:
    """Return the page's script, with the texts that it shows in the current language."""
    files = [(TEMPLATES / name).read_text(encoding="utf-8") for name in ("autosave.js", "acting.js", "practice.js")]
    return "\n".join(['"use strict";', f"const texts = {json.dumps(_texts(), ensure_ascii=False)};", *files])


def _texts() -> dict[str, str]:
    return {
        "attemptGone": phrase("practice.attempt_gone"),
        "tooLong": phrase("practice.too_long_to_save"),
        "outOfDate": phrase("practice.out_of_date"),
        "cannotSave": phrase("practice.cannot_save"),
        "noResponseSaving": phrase("practice.no_response_saving"),
        "noResponseActing": phrase("practice.no_response_acting"),
        "cannotPaste": phrase("practice.cannot_paste"),
        "formula": phrase("worksheet.formula"),
        "fiveMinutesLeft": phrase("practice.minutes_left", count=5),
        "oneMinuteLeft": phrase("practice.minutes_left", count=1),
    }


def add_rendering(environment: Environment) -> None:
    """Give the page's templates the functions and filters that render documents, formulas and messages."""
    marker = Markup(_page.text("marker.html.j2"))  # noqa: S704 - our own template, without values
    environment.globals.update(render=_page.node, inline=_inline, meter=meter, scene_marker=lambda: marker)
    environment.globals.update(phrase=phrases_for(escape_xml), phrase_text=phrase, language=lambda: current().code)
    environment.filters.update(
        formula=formula,
        display_formula=lambda tex: formula(tex, display=True),
        pieces=pieces,
        message=message_html,
        count_of=count_of,
        level=level_name,
        percent=percent,
        **{name: FORMATS["html"].filters[name] for name in ("without_key", "beyond")},
    )


def _inline(blocks: tuple[Block, ...]) -> Markup:
    """Render blocks within a label, where no paragraph may stand: a single paragraph as its contents."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _page.node(blocks[0].children)
    return _page.node(blocks)


def meter(share: float) -> Markup:
    """Return a bar as SVG, filled to a share from 0 to 1; the share stands in words beside it."""
    filled = max(0.0, min(1.0, share)) * 100
    low = " low" if share < 0.5 else ""
    return Markup(
        '<svg class="meter" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="2" rx="1"/><rect class="fill{}" width="{}" height="2" rx="1"/></svg>'
    ).format(low, f"{filled:g}")
