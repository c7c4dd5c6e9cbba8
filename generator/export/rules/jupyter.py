"""What a notebook must be, and what jupyterquiz asks of its questions."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ATTACHED = re.compile(r"!\[([^\]]*)\]\(attachment:([^)]*)\)")
_BEGINNING = "display_quiz("


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a notebook."""
    try:
        notebook = json.loads(path.read_bytes())
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    if not isinstance(notebook, dict) or (notebook.get("nbformat"), notebook.get("nbformat_minor")) != (4, 5):
        yield "expected a notebook of format 4.5"
        return
    cells = notebook.get("cells", [])
    if not any(cell.get("cell_type") == "code" for cell in cells):
        yield "it has no cell with a check"
    ids = [str(cell.get("id", "")) for cell in cells]
    yield from (f"two cells have the id {name}" for name in sorted({one for one in ids if ids.count(one) > 1}))
    for name, cell in zip(ids, cells, strict=True):
        if not _ID.fullmatch(name):
            yield f"{name!r} is no id of a cell: expected 1 to 64 letters, digits, _ and -"
        source = "".join(cell.get("source", []))
        faults = _code_faults(cell, source) if cell.get("cell_type") == "code" else _text_faults(cell, source)
        yield from (f"cell {name}: {fault}" for fault in faults)


def _text_faults(cell: Mapping[str, Any], source: str) -> Iterator[str]:
    attached = cell.get("attachments", {})
    for alt, file in _ATTACHED.findall(source):
        if file not in attached:
            yield f"the picture {file} is not attached"
        if not alt.strip():
            yield f"the picture {file} has no description"


def _code_faults(cell: Mapping[str, Any], source: str) -> Iterator[str]:
    if cell.get("outputs") or cell.get("execution_count") is not None:
        yield "it was run: outputs do not belong in the file"
    if "remove-input" not in cell.get("metadata", {}).get("tags", []):
        yield "the tag remove-input is missing, and the key would be seen at once"
    begin = source.find(_BEGINNING)
    try:
        questions = ast.literal_eval(source[begin + len(_BEGINNING) : source.rindex(")")]) if begin >= 0 else None
    except (SyntaxError, ValueError) as error:
        yield f"its questions are no Python literal: {error}"
        return
    if not isinstance(questions, list) or not questions:
        yield "it has no questions"
        return
    for place, question in enumerate(questions, start=1):
        yield from (f"question {place}: {fault}" for fault in _question_faults(question))


def _question_faults(question: Mapping[str, Any]) -> Iterator[str]:
    answers = question.get("answers", [])
    kind = question.get("type")
    if kind == "numeric":
        yield from _numeric_faults(question, answers)
    elif kind in ("multiple_choice", "many_choice"):
        if len(answers) < 2:
            yield "it has fewer than two options"
        texts = [answer.get("answer") for answer in answers]
        if len({*texts}) < len(texts):
            yield "two options are the same"
    else:
        yield f"the type {kind!r} is not known"
    right = sum(answer.get("correct") is True for answer in answers)
    if not right or (right > 1 and kind != "many_choice"):
        yield f"{right} answers are right"


def _numeric_faults(question: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if "precision" in question:
        yield "precision rounds what the student typed: leave it out"
    if not answers or answers[-1].get("type") != "default":
        yield "the last answer is not the default one"
    if not answers or answers[0].get("correct") is not True:
        yield "the right answer does not come first, and a mistake could take it"
    for answer in answers:
        if not str(answer.get("feedback", "")).strip():
            yield "an answer has no feedback, and would show the word undefined"
        if answer.get("type") == "range" and not answer["range"][0] < answer["range"][1]:
            yield f"the range {answer['range']} is empty"
