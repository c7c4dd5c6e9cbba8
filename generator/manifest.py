"""The manifest: what was generated, exactly enough to make and mark it again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from generator._version import __version__
from generator.encoding import encode
from generator.problem import Variant
from generator.worksheet import Paper


def manifest(paper: Paper, sheet: str, seed: int | str, files: Sequence[str]) -> str:
    """The manifest of one paper as JSON text: its problems' parameters, values and answers, all exact.

    ``files`` are those written beside it.
    """
    problems = [
        problem_record(variant, guided=entry.guided)
        for variant, entry in zip(paper.variants, paper.entries, strict=True)
    ]
    return to_json(
        {
            "sheet": sheet,
            "seed": seed,
            "variant": paper.document.variant,
            "version": __version__,
            "files": list(files),
            "problems": problems,
        }
    )


def problem_record(variant: Variant, *, guided: bool = False) -> dict[str, Any]:
    """One variant: what it was made from, what was computed, and what is to be answered."""
    return {
        "id": variant.problem.id,
        "params": encode(dict(variant.params)),
        "values": encode(variant.values.computed),
        "answers": encode(variant.answers(guided=guided)),
    }


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
