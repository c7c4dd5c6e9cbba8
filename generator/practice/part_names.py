"""What a part is called where no attempt shows it: its problem's symbol for it, or the beginning of its question."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from generator.document import prose
from generator.document.nodes import Inline, Math, Paragraph, Text
from generator.errors.language import Language, current
from generator.problem import drawing
from generator.problem.parts import Part, walk
from generator.problem.problem import Problem, Variant

_WORDS = 7
_SEEDS = 8
"""So many variants of a level have, among them, every part that comes often."""


def part_names(problem: Problem) -> Mapping[str, tuple[Inline, ...]]:
    """Return the names of a problem's parts by id, those of intermediate values too, in the order of the printed sheet."""
    return _part_names(problem, current())


@cache
def _part_names(problem: Problem, _: Language) -> Mapping[str, tuple[Inline, ...]]:
    found: dict[str, tuple[Inline, ...]] = {}
    drawn = (drawing.draw_variant(problem, seed, level=level) for level in problem.levels for seed in range(_SEEDS))
    printed = () if problem.original is None else (problem.printed(),)
    for variant in (*printed, *drawn):
        for part in walk(variant.all_parts):
            if part.answer is not None and part.id not in found:
                found[part.id] = _name(part, variant)
    return found


def _name(part: Part, variant: Variant) -> tuple[Inline, ...]:
    symbol = str(getattr(part.answer, "symbol", ""))
    if symbol:
        return (Math(symbol),)
    blocks = prose.nodes(part.question, variant.values.known)
    paragraph = next((block for block in blocks if isinstance(block, Paragraph)), Paragraph((Text(part.id),)))
    shown: list[Inline] = []
    words = 0
    for piece in paragraph.children:
        if words >= _WORDS:
            break
        if isinstance(piece, Text):
            taken = piece.text.split(" ")
            piece = Text(" ".join(taken[: _WORDS - words + 1]) + (" …" if len(taken) > _WORDS - words + 1 else ""))
            words += len(taken)
        else:
            words += 1
        shown.append(piece)
    return tuple(shown)
