"""One part of an attempt as the page shows it: its form, and what came of the last answer."""

from __future__ import annotations

from dataclasses import dataclass

from generator.document import Question
from generator.practice.engine import Hint
from generator.practice.pointing import WrongTurn
from generator.practice.web.blanks import OwnMark
from generator.practice.web.fields import OWN
from generator.practice.web.part_form import Mode as Mode
from generator.practice.web.part_form import PartForm
from generator.practice.web.previews import expected_tex


@dataclass(frozen=True)
class PartPage(PartForm):
    """A part's form with what belongs to it.

    ``hints`` are those that were revealed; ``wrong_turn`` is where her last answer went wrong, once the solution is shown;
    ``unanswered`` says that she wanted it checked with nothing written.
    """

    hints: tuple[Hint, ...] = ()
    wrong_turn: WrongTurn | None = None
    unanswered: bool = False

    @property
    def expected(self) -> str:
        """The TeX of what follows from her own working; empty where there is none, or it is what she gave."""
        return expected_tex(self.asked.answer, self.latest.marked) if self.latest is not None else ""

    @property
    def solution(self) -> Question:
        """The part with its key; only to be shown where :attr:`PartState.solution_shown`."""
        return self.asked.question

    @property
    def own_marks(self) -> tuple[OwnMark, ...]:
        """What she marks herself."""
        given = self.state.self_marks or (None,) * len(self.asked.criteria)
        return tuple(
            OwnMark(f"{self.id}/{OWN}{place}", criterion.points, criterion.text, points)
            for place, (criterion, points) in enumerate(zip(self.asked.criteria, given, strict=True), start=1)
        )
