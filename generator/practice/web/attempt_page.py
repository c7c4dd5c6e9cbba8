"""An attempt as the page shows it: the question as on paper, and each part with its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.document.nodes import Exercise
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exam
from generator.practice.progress import AttemptState
from generator.practice.web.drafts import Drafts
from generator.practice.web.fields import COLUMNS, ROWS, Draft, Kind
from generator.practice.web.part_page import Mode, PartPage


@dataclass(frozen=True)
class AttemptPage:
    """All that the page of an attempt is made from; ``exam`` is the one that it belongs to."""

    state: AttemptState
    parts: Mapping[str, PartPage]
    mode: Mode
    exam: Exam | None = None

    @property
    def attempt(self) -> Attempt:
        """The attempt itself."""
        return self.state.attempt

    @property
    def exercise(self) -> Exercise:
        """The question, without its key."""
        return self.attempt.shown

    @property
    def may_see_key(self) -> bool:
        """Whether the key gives nothing away any more."""
        return self.mode == "over" or may_see_key(self.state)

    @property
    def next(self) -> Attempt | None:
        """The exam's next problem."""
        return self._beside(1)

    @property
    def before(self) -> Attempt | None:
        """The exam's problem before."""
        return self._beside(-1)

    def _beside(self, step: int) -> Attempt | None:
        attempts = self.exam.attempts if self.exam is not None else ()
        place = self.attempt.place - 1 + step
        return attempts[place] if 0 <= place < len(attempts) else None


def attempt_page(
    practice: Practice, attempt: Attempt, drafts: Drafts, exam: Exam | None = None, unanswered: str = ""
) -> AttemptPage:
    """The page of an attempt, of an ``exam`` perhaps; ``unanswered`` is the part that she wanted checked with nothing written."""
    state = practice.state(attempt)
    mode: Mode = "practice" if exam is None else "over" if exam.is_over else "exam"
    kept = drafts.of(attempt.id) if mode != "over" else {}
    shapes: dict[Kind, Draft] = {}
    parts: dict[str, PartPage] = {}
    for part_id, one in state.parts.items():
        page = PartPage(
            attempt,
            one,
            mode,
            sent=kept.get(part_id),
            shapes=dict(shapes),
            hints=practice.hints(attempt, part_id) if one.hints_shown else (),
            wrong_turn=practice.where_wrong(attempt, part_id) if one.solution_shown else None,
            unanswered=part_id == unanswered,
        )
        parts[part_id] = page
        if page.stated is None and page.grid is not None:
            shapes[page.kind] = {name: page.draft.get(name, "") for name in (ROWS, COLUMNS)}
    return AttemptPage(state, parts, mode, exam)


def may_see_key(state: AttemptState) -> bool:
    """Whether each part of an attempt is settled, or its solution was shown."""
    return all(part.solution_shown or part.is_settled for part in state.parts.values())
