"""What a platform cannot say, which the command lists after an export."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from generator.export.tree import Export

Loss: TypeAlias = tuple[str, str]
"""What is lost, as it is said of one and of several: ``("essay is to be marked by hand", "essays are to be marked by hand")``."""


class Losses:
    """What a platform cannot say, counted: ``3 essays are to be marked by hand``."""

    def __init__(self) -> None:
        self._counted: Counter[Loss] = Counter()
        self._parts: set[tuple[Loss, str]] = set()

    def add(self, loss: Loss | str, count: int = 1) -> None:
        """Count a loss; one text is said of any number."""
        self._counted[(loss, loss) if isinstance(loss, str) else loss] += count

    def add_drawn_apart(self, export: Export, where: str) -> None:
        """Count what is lost where every part is drawn on its own: the instructions, and the numbers that parts have in common."""
        if export.instructions:
            self.add(f"text of instructions is left out, since it was written for paper: say what holds in the {where}")
        apart = sum(len(one.parts) > 1 and len(one.variants) > 1 and not one.pick for one in export.problems)
        self.add(
            "of the problems have several parts: each is a question with numbers of its own, which do not follow from the part before",
            apart,
        )

    def add_part(self, loss: Loss, part: str) -> None:
        """Count the loss of a part, by its id; it is counted once."""
        if (loss, part) not in self._parts:
            self._parts.add((loss, part))
            self.add(loss)

    @property
    def lines(self) -> tuple[str, ...]:
        """The losses in the order in which they came, each with its number."""
        return tuple(f"{count} {one if count == 1 else many}" for (one, many), count in self._counted.items() if count)


ONLY_DECIMALS = (
    "question is answered in decimals, where the sheet wants fractions, roots or logarithms",
    "questions are answered in decimals, where the sheet wants fractions, roots or logarithms",
)
