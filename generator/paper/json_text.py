"""JSON as text: laid out for people, or a record a line for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_ONE_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def to_line(record: Mapping[str, Any]) -> bytes:
    """One line, as in ``manifest.jsonl``."""
    text = _ONE_LINE.encode(record)
    whose = record.get("student")
    if isinstance(whose, Mapping) and any(_FORMULA.search(str(value)) for value in whose.values()):
        text = _TEXT.sub(lambda found: _FORMULA.sub(_escaped, found[0]), text)
    return text.encode() + b"\n"


_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_FORMULA = re.compile(r"(?<=[,;])( *)([=+\-@＝＋－＠])")
"""What a spreadsheet that takes the file for CSV would find at the beginning of a cell, and compute."""


def _escaped(found: re.Match[str]) -> str:
    return f"{found[1]}\\u{ord(found[2]):04x}"


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
