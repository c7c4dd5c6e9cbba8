"""Responses to STACK questions: ``Seed: 3; ans1: 28/3 [score]; ans2: matrix([1,2],[3,4]) [valid]; prt1: # = 1 | prt1-key``.

STACK writes what was typed, in Maxima's syntax, whether it took the answer or not; an input that was left empty is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RESPONSE = re.compile(r"\s*Seed:\s*-?\d+\s*(?:;|$)")
_INPUT = re.compile(r"(?:^|;)\s*ans(\d{1,3}): (.*?) \[(?:score|valid|invalid)\]\s*(?=;|$)", re.DOTALL)
_CONSTANT = re.compile(r"%(e|pi)\b")
_EMPTY = "?"


def inputs_of(text: str) -> dict[int, str] | None:
    """Return what was typed into the inputs, by their numbers; None where this is no response to a STACK question."""
    start = _RESPONSE.match(text)
    if start is None:
        return None
    return {int(number): typed.strip() for number, typed in _INPUT.findall(text[start.end() :])}


def values_of(inputs: list[str]) -> list[str]:
    """Return the values of the inputs for a part: the entries of a grid that is alone, else a value for each."""
    rows = [_rows(one) for one in inputs]
    if len(rows) == 1 and rows[0] is not None:
        return [entry for row in rows[0] for entry in row]
    return [
        _plain(text) if grid is None else f"[{'; '.join(', '.join(row) for row in grid)}]"
        for text, grid in zip(inputs, rows, strict=True)
    ]


def _rows(text: str) -> list[list[str]] | None:
    """Return the entries of a grid by row; None for anything else."""
    if not (text.startswith("matrix(") and text.endswith(")")):
        return None
    return [
        [_plain(one) for one in _apart(row[1:-1])]
        for row in _apart(text.removeprefix("matrix(")[:-1])
        if row.startswith("[") and row.endswith("]")
    ]


def _plain(text: str) -> str:
    """Return a value without Maxima's signs; empty for a field that was left empty."""
    text = text.strip()
    return "" if text == _EMPTY else _CONSTANT.sub(r"\1", text)


def _apart(text: str) -> Iterator[str]:
    """Yield what stands between the commas outside of brackets."""
    depth, start = 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()
