"""A page on which one student types her answers and saves them as a file: one HTML file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
from itertools import groupby

from markupsafe import Markup

from generator.errors.language import phrase, using
from generator.grading.answer_forms.asked import AskedPart, AskedSheet
from generator.paper.csv_tables import LONGEST_TEXT
from generator.render.paths import templates_folder
from generator.render.renderer import FORMATS, renderer
from generator.render.spoken import spoken

TEMPLATES = templates_folder() / "form"


def answer_page(asked: AskedSheet) -> bytes:
    """Return the page; it saves a CSV that ``worksheet grade`` reads."""
    with using(asked.language):
        script = (TEMPLATES / "form.js").read_text(encoding="utf-8")
        data = {"texts": _texts(), "parts": [_part(part) for part in asked.parts]}
        problems = [(place, [*parts]) for place, parts in groupby(asked.parts, key=lambda part: part.place)]
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        page = renderer(FORMATS["html"], TEMPLATES).text(
            "form.html.j2",
            asked=asked,
            problems=problems,
            script=Markup(script),  # noqa: S704 - a file of ours
            data=_in_page(data),
            digest=digest,
            longest=LONGEST_TEXT,
            spoken=spoken,
        )
    return page.encode()


def _in_page(data: object) -> Markup:
    """Return data as JSON that no markup can end."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign of markup is left


def _part(part: AskedPart) -> dict[str, object]:
    return {"problem": str(part.place), "part": part.id, "name": part.name, "kind": part.kind, "fields": _fields(part)}


def _fields(part: AskedPart) -> int:
    """Return the number of fields that are put together into the answer; 0 where there is one alone."""
    if part.labels:
        return len(part.labels)
    return part.count if part.kind == "claims" else 0


def _texts() -> dict[str, str]:
    return {
        "needsId": phrase("form.needs_id"),
        "saved": phrase("form.saved", file="{file}"),
        "empty": phrase("form.empty", parts="{parts}"),
        "allAnswered": phrase("form.all_answered"),
    }
