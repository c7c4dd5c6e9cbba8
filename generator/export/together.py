"""The parts of a problem in one question, with the same numbers: what several of them need is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.export.tree import Block, Blocks, Part, Problem, Variant


@dataclass(frozen=True)
class Asked:
    """A part within a question: its own text, and what it needs that was not said ``before``."""

    part: Part
    variant: Variant
    before: Blocks
    own: Blocks

    @property
    def prompt(self) -> Blocks:
        """What is asked, without the part's label."""
        return [*self.before, *self.own]

    @property
    def labelled_prompt(self) -> Blocks:
        """What is asked, the part's own text with its label."""
        return [*self.before, *labelled(self.part.label, self.own)]


@dataclass(frozen=True)
class Together:
    """One variant of a question: the text before the parts, and each part."""

    id: str
    preamble: Blocks
    parts: tuple[Asked, ...]

    @property
    def solution(self) -> Blocks:
        """The solutions of all parts, each with its label."""
        return [block for one in self.parts for block in labelled(one.part.label, one.variant.solution)]


def parts_together(problem: Problem, parts: Sequence[Part]) -> list[Part]:
    """Return those of the parts that can stand in one question: every variant has them.  A pool of plain questions has none."""
    if problem.pick:
        return []
    return [part for part in parts if {*problem.variants} <= {one.id for one in part.variants}]


def variants_together(problem: Problem, parts: Sequence[Part]) -> Iterator[Together]:
    """Yield the variants of a problem, each with these parts in one question."""
    for name in problem.variants:
        variants = [next(one for one in part.variants if one.id == name) for part in parts]
        preamble = next((content for one in variants for piece, content in one.pieces if not piece), ())
        said = {""}
        asked = []
        for part, variant in zip(parts, variants, strict=True):
            pieces = [(piece, content) for piece, content in variant.pieces if piece not in said]
            said |= {piece for piece, _ in pieces}
            *others, (_, own) = pieces or [("", variant.prompt)]
            before: list[Block] = [block for _, content in others for block in content]
            asked.append(Asked(part, variant, before, own))
        yield Together(name, preamble, tuple(asked))


def alone(part: Part) -> Iterator[Together]:
    """Yield the variants of a part as questions of their own."""
    for variant in part.variants:
        yield Together(variant.id, (), (Asked(part, variant, (), variant.prompt),))


def labelled(label: str, content: Blocks) -> Blocks:
    """Return blocks that begin with the label of a part."""
    if content and "p" in content[0]:
        return [{"p": [f"{label} ", *content[0]["p"]]}, *content[1:]]
    return [{"p": [label]}, *content]
