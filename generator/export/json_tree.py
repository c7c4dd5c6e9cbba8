"""The tree itself, as JSON for programs of one's own."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.errors import expected, shown
from generator.export.target import Options, Target, Written
from generator.export.tree import Choice, Claims, Computed, Essay, Export, Mistake, Number, Part, Variant
from generator.paper.json_text import to_json

FORMAT = "problemwright-export/1"


def tree_of(export: Export) -> dict[str, Any]:
    """Return the export as JSON can hold it."""
    return {
        "format": FORMAT,
        "language": export.language,
        "sheet": export.sheet,
        "title": export.title,
        "instructions": export.instructions,
        "problems": [
            {
                "id": problem.id,
                "title": problem.title,
                **({"pick": problem.pick} if problem.pick else {}),
                "parts": [_part(export, part) for part in problem.parts],
            }
            for problem in export.problems
        ],
    }


def _part(export: Export, part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "kind": part.kind,
        "points": part.points,
        "title": part.title,
        "tags": list(part.tags),
        "variants": [dict(_variant(export, part, one)) for one in part.variants],
    }


def _variant(export: Export, part: Part, variant: Variant) -> Iterator[tuple[str, Any]]:
    yield "id", variant.id
    yield "prompt", variant.prompt
    if variant.figures:
        yield "figures", {name: _figure(export, name) for name in variant.figures}
    match variant.answer:
        case Computed():
            yield "answer", _computed(part, variant.answer)
            yield "mistakes", [_mistake(part, one) for one in variant.mistakes]
        case Choice() as choice:
            yield "answer", {"right": [option.id for option in choice.options if option.right]}
            yield "options", [{"id": one.id, "text": one.text, "feedback": one.feedback} for one in choice.options]
        case Claims() as claims:
            yield "answer", {"verdicts": [one.verdict for one in claims.statements]}
            yield "statements", [asdict(one) for one in claims.statements]
            yield "points", {"verdict": claims.verdict_points, "reason": claims.reason_points}
        case Essay() as essay:
            yield "answer", {"sample": essay.sample}
            yield "rubric", [asdict(one) for one in essay.rubric]
    if variant.rubric and part.kind != "essay":
        yield "rubric", [asdict(one) for one in variant.rubric]
    yield "solution", variant.solution


def _figure(export: Export, name: str) -> dict[str, str]:
    figure = export.figures[name]
    found = {"alt": figure.alt}
    if figure.svg:
        found["svg"] = figure.svg
    if figure.content:
        found[figure.ending] = b64encode(figure.content).decode()
    return found


def _number(number: Number) -> dict[str, str]:
    return asdict(number)


def _computed(part: Part, answer: Computed) -> dict[str, Any]:
    if part.kind == "number":
        return _number(answer.entries[0].number)
    entries = [
        {
            **_number(one.number),
            **({"label": one.label} if one.label else {}),
            **({"place": one.place} if one.place else {}),
        }
        for one in answer.entries
    ]
    shape = {"rows": answer.rows, "columns": answer.columns} if part.kind in ("vector", "matrix") else {}
    return {**shape, "entries": entries}


def _mistake(part: Part, mistake: Mistake) -> dict[str, Any]:
    numbers = [_number(one) for one in mistake.numbers]
    values = numbers[0] if part.kind == "number" else {"entries": numbers}
    return {"id": mistake.id, "share": str(mistake.share), "feedback": mistake.feedback, **values}


def write(export: Export, _: Options) -> Written:
    """Write the tree."""
    return Written(
        {"": to_json(tree_of(export)).encode()},
        next_step="Read it with a program of yours: docs/exports.md says what stands where.",
    )


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a file that should be a tree."""
    try:
        tree = json.loads(path.read_bytes())
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        yield expected(
            f'a table whose "format" is {FORMAT!r}', shown(tree.get("format") if isinstance(tree, dict) else tree)
        )
        return
    parts = [part for problem in tree.get("problems", ()) for part in problem.get("parts", ())]
    if not parts:
        yield "it has no parts"
    for part in parts:
        for variant in part.get("variants", ()):
            for name, figure in variant.get("figures", {}).items():
                if not figure.get("alt", "").strip():
                    yield f"{part['id']} {variant['id']}: the picture {name} has no description"


TARGET = Target("json", "JSON", "json", write, check, needs_png=False, by_student=True)
