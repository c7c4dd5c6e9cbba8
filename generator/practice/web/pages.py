"""What the page of an attempt shows: the exercise as on paper, each part's form, results, hints and solutions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generator.document.nodes import ChoiceSpace, Exercise, Inline, Question
from generator.errors.language import phrase
from generator.grading.worked_steps import Blocks
from generator.grading.wrong_step import WrongStep
from generator.practice.attempts import Attempt
from generator.practice.engine import Hint, Practice
from generator.practice.exam import Exam
from generator.practice.store.records import drafts_of
from generator.practice.store.state import AttemptState
from generator.practice.web.fields import COLUMNS, LETTERS, ROWS, SELF_MARK, Draft, Kind, draft_from_text
from generator.practice.web.form_fields import Option
from generator.practice.web.part_form import Mode, PartForm


@dataclass(frozen=True)
class SelfMarkField:
    """A criterion to self-mark: the field's name, the points it is worth, its text, and the points awarded, or None."""

    name: str
    most: int
    text: tuple[Inline, ...]
    awarded: int | None


@dataclass(frozen=True)
class PartPage(PartForm):
    """A part's form with its result, hints and solution.

    ``hints`` are those that were shown; once the solution is shown, ``solution`` is the part with its key, ``steps`` its
    worked steps, and ``wrong_step`` where the last answer went wrong;
    ``unanswered`` says that it was to be checked with nothing typed.
    """

    hints: tuple[Hint, ...] = ()
    solution: Question | None = None
    steps: tuple[Blocks, ...] = ()
    wrong_step: WrongStep | None = None
    unanswered: bool = False

    @property
    def options_in_solution(self) -> tuple[Option, ...]:
        """The options of a choice with the right one and the chosen one marked; empty where there is no choice."""
        spaces = self.solution.spaces if self.solution is not None else ()
        space = next((space for space in spaces if isinstance(space, ChoiceSpace)), None)
        if space is None:
            return ()
        answer = self.state.latest_readable
        kind = self.kind if self.kind == "choices" else "choice"
        chosen = draft_from_text(kind, 1, answer.text).values() if answer is not None else ()
        return tuple(
            Option(letter, blocks, letter in chosen, place in space.correct or (False if letter in chosen else None))
            for place, (letter, blocks) in enumerate(zip(LETTERS, space.options, strict=False))
        )

    @property
    def why_chosen_is_wrong(self) -> str:
        """What leads to the wrong option that was chosen (Markdown); empty where no known mistake does."""
        answer = self.state.latest_readable
        return answer.marked.message if answer is not None and answer.marked.diagnosis else ""

    @property
    def standing(self) -> str:
        """How far the part is, in words for the list of parts."""
        latest = self.state.latest_readable
        status = latest.marked.status if latest is not None else ""
        if self.mode == "exam":
            if latest is None:
                return phrase("standing.not_answered")
            return phrase("standing.saved") if self.is_saved else phrase("standing.changed")
        if self.state.part.manual_points and self.state.can_self_mark and self.state.self_marks is None:
            return phrase("standing.yours_to_mark")
        if self.mode == "over":
            return phrase(_STANDING[status]) if status else phrase("standing.not_answered")
        if self.state.solution_shown and status not in ("correct", "human"):
            return phrase("standing.solution_shown")
        if self.state.is_done:
            return phrase("standing.marked_by_you") if status == "human" else phrase("standing.done")
        return phrase(_OPEN[status])

    @property
    def is_closed_essay(self) -> bool:
        """Whether it is an essay that can no longer be changed: the model answer was shown, or the exam is over."""
        return self.kind == "essay" and (self.state.solution_shown or self.mode == "over")

    @property
    def shows_solution(self) -> bool:
        """Whether the solution is on the page: it was asked for, or it is needed to mark an essay after an exam."""
        return self.state.solution_shown or (self.is_closed_essay and self.state.can_self_mark)

    @property
    def essay_text(self) -> str:
        """An essay as it was handed in, or as it stands in the field."""
        answer = self.state.latest_readable
        return answer.text if answer is not None else self.answer.text

    @property
    def self_mark_fields(self) -> tuple[SelfMarkField, ...]:
        """The criteria to self-mark."""
        criteria = replace(self.part, question=self.solution or self.part.question).criteria
        awarded = self.state.self_marks or (None,) * len(criteria)
        return tuple(
            SelfMarkField(f"{self.id}/{SELF_MARK}{place}", criterion.points, criterion.text, points)
            for place, (criterion, points) in enumerate(zip(criteria, awarded, strict=True), start=1)
        )


_STANDING = {
    "correct": "standing.right",
    "partial": "standing.partly_right",
    "wrong": "standing.not_right",
    "human": "standing.handed_in",
}
_OPEN = {
    "": "standing.open",
    "correct": "standing.open_right",
    "partial": "standing.open_partly_right",
    "wrong": "standing.open_not_right",
    "human": "standing.open_handed_in",
}
"""What is said of a part by the status of its last answer: where the attempt is over, and where the part is open."""


@dataclass(frozen=True)
class AttemptPage:
    """What the page of an attempt is made from; ``exam`` is the one that it belongs to."""

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
        """The exercise, without its key."""
        return self.attempt.exercise

    @property
    def may_see_key(self) -> bool:
        """Whether the key gives nothing away any more."""
        return self.mode == "over" or self.state.may_see_key

    @property
    def next(self) -> Attempt | None:
        """The exam's next problem."""
        return self._neighbour(1)

    @property
    def previous(self) -> Attempt | None:
        """The exam's previous problem."""
        return self._neighbour(-1)

    def _neighbour(self, step: int) -> Attempt | None:
        attempts = self.exam.attempts if self.exam is not None else ()
        place = self.attempt.place - 1 + step
        return attempts[place] if 0 <= place < len(attempts) else None


def attempt_page(practice: Practice, attempt: Attempt, exam: Exam | None = None, unanswered: str = "") -> AttemptPage:
    """Return the page of an attempt; ``unanswered`` is the part that was to be checked with nothing typed."""
    state = practice.state(attempt)
    mode: Mode = "practice" if exam is None else "over" if exam.is_over else "exam"
    drafts = drafts_of(practice.store, attempt.id) if mode != "over" else {}
    shapes: dict[Kind, Draft] = {}
    parts: dict[str, PartPage] = {}
    for part_id, part in state.parts.items():
        page = PartPage(
            attempt,
            part,
            mode,
            saved=drafts.get(part_id),
            shapes=dict(shapes),
            hints=practice.hints(attempt, part_id) if part.hints_shown else (),
            solution=practice.solution_of(attempt, part_id) if part.solution_shown or mode == "over" else None,
            steps=practice.solution_steps(attempt, part_id) if part.solution_shown else (),
            wrong_step=practice.wrong_step(attempt, part_id) if part.solution_shown else None,
            unanswered=part_id == unanswered,
        )
        parts[part_id] = page
        if page.known_grid is None and page.grid is not None:
            shapes[page.kind] = {name: page.draft.get(name, "") for name in (ROWS, COLUMNS)}
    return AttemptPage(state, parts, mode, exam)
