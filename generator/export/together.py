"""The parts of a problem in one question: what they have in common is said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.export.tree import Block, Blocks, Part, Problem, Variant


@dataclass(frozen=True)
class Asked:
    """A part within a question of several: what it asks apart from what stands before it."""

    part: Part
    variant: Variant
    prompt: Blocks


@dataclass(frozen=True)
class Together:
    """One variant of a problem: what all parts begin with, and each part."""

    id: str
    preamble: Blocks
    parts: tuple[Asked, ...]


def in_common(problem: Problem, parts: Sequence[Part]) -> list[str]:
    """Return the ids of the variants that all of these parts have, in the order of drawing."""
    return [name for name in problem.variants if all(any(one.id == name for one in part.variants) for part in parts)]


def joined(parts: Sequence[Part], name: str) -> Together:
    """Return these parts of one variant as one question."""
    asked = [(part, next(one for one in part.variants if one.id == name)) for part in parts]
    prompts = [list(variant.prompt) for _, variant in asked]
    length = _common_length(prompts) if len(prompts) > 1 else 0
    shown: list[Block] = []
    found: list[Asked] = []
    for (part, variant), prompt in zip(asked, prompts, strict=True):
        own = prompt[length:]
        while len(own) > 1 and own[0] in shown:
            del own[0]
        shown += [*own, *labelled(part.label, own)]
        found.append(Asked(part, variant, labelled(part.label, own) if len(parts) > 1 else own))
    return Together(name, prompts[0][:length], tuple(found))


def labelled(label: str, content: Blocks) -> Blocks:
    """Return blocks that begin with the label of a part."""
    first = f"{label} "
    if content and "p" in content[0]:
        line = content[0]["p"]
        return content if line[:1] == [first] else [{"p": [first, *line]}, *content[1:]]
    return [{"p": [first]}, *content]


def _common_length(prompts: Sequence[Blocks]) -> int:
    """Return how many blocks all begin with; every part keeps one of its own."""
    most = min(len(prompt) - 1 for prompt in prompts)
    return next((at for at in range(most) if any(prompt[at] != prompts[0][at] for prompt in prompts)), max(most, 0))
