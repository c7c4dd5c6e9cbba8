"""Letters for each of several labels, which no platform asks for, as options: the right ones, those of mistakes, and others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from generator.export import text, tree
from generator.problem.choices import Subsets
from generator.problem.draw import Draw
from generator.problem.problem import Variant

OPTIONS = 5
_MOST_DRAWS = 200

Chosen: TypeAlias = tuple[str, ...]
"""Some letters for each label."""


def chosen_options(answer: Subsets, variant: Variant) -> tuple[Chosen, ...]:
    """Return what is offered, the right answer among it, in the order of printing; the same for the same variant."""
    draw = Draw(variant.problem.id, answer.step, variant.canonical, "options of letters")
    found: list[Chosen] = [answer.value(variant.values)]
    for other in (*_mistaken(answer, variant), *_exchanged(draw, found[0])):
        if len(found) < OPTIONS and other not in found:
            found.append(other)
    return draw.shuffled(found)


def _mistaken(answer: Subsets, variant: Variant) -> Iterator[Chosen]:
    for _, values in variant.wrong:
        if answer.step in values and not answer.unfit(answer.value(values)):
            yield answer.value(values)


def _exchanged(draw: Draw, right: Chosen) -> Iterator[Chosen]:
    """Yield answers in which some labels have the letters of others."""
    for _ in range(_MOST_DRAWS):
        one, other = draw.sample(range(len(right)), 2)
        wrong = list(right)
        wrong[one], wrong[other] = wrong[other], wrong[one]
        if draw.integer(0, 1):
            wrong[draw.integer(0, len(right) - 1)] = draw.choice(right)
        yield tuple(wrong)


def option_text(labels: Sequence[str], chosen: Chosen) -> tree.Blocks:
    """Return an option: each label with its letters."""
    line: list[tree.Inline] = []
    for place, (label, letters) in enumerate(zip(labels, chosen, strict=True)):
        line += [*([", "] if place else []), {"tex": text.portable(label)}, f": {letters}"]
    return [{"p": line}]
