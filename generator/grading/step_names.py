"""What messages call a step of the solution: by the paper's symbol and the label of the part that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.errors.language import listed, phrase
from generator.paper.asked import asked_parts
from generator.paper.labels import part_labels
from generator.paper.sheet import Entry
from generator.problem.parts import Part, walk
from generator.problem.problem import Variant


class StepNames:
    r"""The names of a variant's steps, as Markdown that follows "your": ``$\mu$ (part (b))``, ``answer to part (c)(i)``.

    ``entry`` says how a sheet asks for the problem, which gives the parts their labels; without it there are only symbols.
    """

    def __init__(self, variant: Variant, entry: Entry | None = None) -> None:
        self._symbols = {**variant.problem.symbols, **dict(_symbols(walk(variant.all_parts)))}
        self._labels = dict(_labels(asked_parts(variant, entry))) if entry is not None else {}

    def label(self, step: str) -> str:
        """Return the label of the part that asks for a step, such as ``(c)(i)``; empty if none does."""
        return self._labels.get(step, "")

    def symbol(self, step: str) -> str:
        """Return the TeX of a step's symbol; empty if it has none."""
        return self._symbols.get(step, "")

    def of(self, step: str) -> str:
        """Return the name of a step."""
        symbol, part = self.symbol(step), self.label(step)
        if not symbol:
            return phrase("step.answer", part=part) if part else step.replace("_", " ")
        return phrase("step.symbol", symbol=f"${symbol}$", part=part) if part else f"${symbol}$"

    def the(self, step: str) -> str:
        """Return the name of a step as a subject: ``$\\mu$ (part (b))``, ``the answer to part (c)(i)``."""
        if self.symbol(step):
            return self.of(step)
        part = self.label(step)
        return phrase("step.the_answer", part=part) if part else phrase("step.the", name=self.of(step))

    def is_asked_after(self, step: str, other: str) -> bool:
        """Return whether a part asks for a step after the part that asks for another."""
        order = [*self._labels]
        return step in order and (other not in order or order.index(step) > order.index(other))

    def listed(self, steps: Sequence[str]) -> str:
        """Return the names of several steps for a sentence."""
        return listed([self.of(step) for step in steps]) or phrase("step.values")


def _symbols(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    for part in parts:
        symbol = str(getattr(part.answer, "symbol", ""))
        if part.answer is not None and part.answer.step is not None and symbol:
            yield part.answer.step, symbol


def _labels(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Yield the steps that parts ask for, each with the part's label."""
    labels = part_labels(parts)
    for part in walk(parts):
        if part.answer is not None and part.answer.step is not None:
            yield part.answer.step, labels[part.id]
