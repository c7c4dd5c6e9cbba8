"""One part of an attempt as the page shows it: its form, and what came of the last answer."""

from __future__ import annotations

from dataclasses import dataclass

from generator.document.nodes import ChoiceSpace, Question
from generator.practice.engine import Hint
from generator.practice.pointing import WrongTurn
from generator.practice.web.blanks import Option, OwnMark
from generator.practice.web.fields import LETTERS, OWN, blank_name, draft_of
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
    def judged_options(self) -> tuple[Option, ...]:
        """The options of a choice, the right one and the one that she chose told; none where there is nothing to choose."""
        space = next((space for space in self.solution.spaces if isinstance(space, ChoiceSpace)), None)
        if space is None:
            return ()
        given = self.state.standing
        chosen = draft_of("choice", 1, given.text)[blank_name(1)] if given is not None else ""
        return tuple(
            Option(letter, blocks, letter == chosen, place in space.correct or (False if letter == chosen else None))
            for place, (letter, blocks) in enumerate(zip(LETTERS, space.options, strict=False))
        )

    @property
    def why_not(self) -> str:
        """What leads to the wrong option that she chose (Markdown); empty where nothing is known that does."""
        given = self.state.standing
        return given.marked.message if given is not None and given.marked.diagnosis else ""

    @property
    def is_closed_essay(self) -> bool:
        """Whether it is an answer in words that can no longer be changed: the model answer was seen, or the exam is over."""
        return self.kind == "essay" and (self.state.solution_shown or self.mode == "over")

    @property
    def shows_solution(self) -> bool:
        """Whether the solution stands there: it was shown; or it is that of an answer in words to mark after an exam."""
        return self.state.solution_shown or (self.is_closed_essay and self.state.can_self_mark)

    @property
    def own_words(self) -> str:
        """What she wrote: as it was handed in, or as it stands in the box."""
        given = self.state.standing
        return given.text if given is not None else self.typed.text

    @property
    def own_marks(self) -> tuple[OwnMark, ...]:
        """What she marks herself."""
        given = self.state.self_marks or (None,) * len(self.asked.criteria)
        return tuple(
            OwnMark(f"{self.id}/{OWN}{place}", criterion.points, criterion.text, points)
            for place, (criterion, points) in enumerate(zip(self.asked.criteria, given, strict=True), start=1)
        )
