"""JSON laid out for people."""

from __future__ import annotations

import json
from typing import Any


def to_json(table: Any) -> str:
    """JSON for people: indented, but with a row of numbers on one line."""
    return _laid_out(table, "") + "\n"


def _laid_out(value: Any, margin: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if len(margin) + len(flat) <= 110 or not isinstance(value, dict | list) or not value:
        return flat
    inner = margin + "  "
    if isinstance(value, dict):
        lines = (f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(item, inner)}" for key, item in value.items())
        opening, closing = "{", "}"
    else:
        lines = (_laid_out(item, inner) for item in value)
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(inner + line for line in lines) + "\n" + margin + closing
