"""Practising: what a student does, one method each, for the page and the terminal alike.

Nothing about her is kept in memory: every method reads the store and writes to it, so that a reload, another tab or a
server that starts again all go on from the same truth.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from generator.document.nodes import Question
from generator.errors import InputError, WorksheetError
from generator.paper.sheet import Entry
from generator.practice import mastery, records, reviews
from generator.practice.attempts import Attempt, Attempts
from generator.practice.fresh import new_attempt
from generator.practice.given import Preview, bounded, check_own_points, preview_of
from generator.practice.hints import hints_of
from generator.practice.lines import Line
from generator.practice.pointing import WrongTurn, wrong_turn
from generator.practice.progress import AttemptState, PartState, Submission, state_of
from generator.practice.store import Store
from generator.problem.catalogue import catalogue
from generator.problem.problem import Problem


@dataclass(frozen=True)
class Hint:
    """A worked step that was revealed: the ``number``-th of ``total``."""

    blocks: Line
    number: int
    total: int


class Practice:
    """A student's practice, kept in one store.

    ``problems`` are those that she can choose from, the whole catalogue by default.  ``now`` is the clock, in seconds of
    the epoch; ``seed`` gives a number for each new variant.
    """

    def __init__(
        self,
        store: Store,
        problems: Sequence[Problem] | None = None,
        *,
        now: Callable[[], float] = time.time,
        seed: Callable[[], int] = lambda: secrets.randbits(53),
    ) -> None:
        chosen = catalogue().values() if problems is None else problems
        self.problems: Mapping[str, Problem] = {problem.id: problem for problem in chosen}
        self.store = store
        self.now = now
        self.seed = seed
        self._attempts = Attempts(self.problems)

    # ------------------------------------------------------------------------------------------- attempts

    def start(
        self, problem_id: str, level: str = "standard", seed: int | None = None, *, guided: bool = False
    ) -> Attempt:
        """Begin an attempt at a variant that she has not had yet; ``guided`` asks for the intermediate values too.

        With a ``seed`` it is that seed's variant.  Raises :class:`InputError` for a problem or level that there is not.
        """
        attempt = new_attempt(self, Entry(self.problem(problem_id), guided=guided, level=level), seed)
        with self.store.change() as change:
            records.add_attempt(change, attempt)
        return self._attempts.keep(attempt)

    def load(self, attempt_id: str) -> Attempt:
        """An attempt by its id, made again from its parameters; raises :class:`records.MissingError` if there is none."""
        row = self.store.one("SELECT * FROM attempts WHERE id = ?", attempt_id)
        if row is None:  # though it may be at hand: another program can have deleted it
            raise records.MissingError("there is no such attempt; it may have been deleted")
        return self._attempts.kept(attempt_id) or self._attempts.of_row(row)

    def state(self, attempt: Attempt) -> AttemptState:
        """Where she stands in an attempt."""
        return state_of(attempt, self.store)

    def unfinished(self) -> tuple[Attempt, ...]:
        """The attempts to go on with, the latest first; those of exams are not among them.

        One that can no longer be made again is left out.
        """
        rows = self.store.all(
            "SELECT * FROM attempts WHERE finished IS NULL AND exam IS NULL ORDER BY started DESC, rowid DESC LIMIT 20"
        )
        found = []
        for row in rows:
            if row["problem"] in self.problems:
                with suppress(WorksheetError):
                    found.append(self._attempts.kept(row["id"]) or self._attempts.of_row(row))
        return tuple(found)

    def finish(self, attempt: Attempt) -> AttemptState:
        """End an attempt, which schedules the next review of its problem; what is settled ends by itself."""
        state = self.state(attempt)
        now = self.now()
        with self.store.change() as change:
            if records.finish_attempt(change, attempt, now) and state.is_begun:
                reviews.schedule(change, state, now)
        return self.state(attempt)

    # -------------------------------------------------------------------------------------------- answers

    def preview(self, attempt: Attempt, part_id: str, text: str) -> Preview:
        """How an answer would be read; nothing is stored, and nothing said of whether it is right."""
        return preview_of(attempt, part_id, text)

    def check(
        self, attempt: Attempt, part_id: str, text: str, working: Mapping[str, str] | None = None, reasons: str = ""
    ) -> Submission:
        """Mark an answer and store it; her answers to the parts before it are its working too.

        ``working`` are values of steps by name, as she typed them; ``reasons`` are those for verdicts on claims, which
        are hers to mark.  The same answer sent twice in a row counts once.  Raises :class:`InputError` for an unknown part
        or step, for working that cannot be read, and for an attempt that belongs to an exam.
        """
        if attempt.exam is not None:
            raise InputError("this is part of an exam: answer it there")
        given = self.submit(attempt, part_id, text, working, reasons)
        self._settle(attempt)
        return given

    def submit(
        self, attempt: Attempt, part_id: str, text: str, working: Mapping[str, str] | None = None, reasons: str = ""
    ) -> Submission:
        """:meth:`check`, of exams too: nothing of it may be told while one runs."""
        attempt.part(part_id)
        text, reasons = bounded(text), bounded(reasons)
        working = {name: bounded(value) for name, value in (working or {}).items() if value.strip()}
        before = self.state(attempt).parts
        earlier = {name: one.text for name in attempt.before(part_id) if (one := before[name].standing)}
        with attempt.lock:
            marked = attempt.grader.mark(part_id, text, working, earlier)
        with self.store.change() as change:  # what another tab sent in the meantime is seen there
            return records.add_answer(change, attempt, part_id, (text, working, reasons, earlier), marked, self.now())

    # ------------------------------------------------------------------------------------------------ help

    def hint(self, attempt: Attempt, part_id: str) -> Hint:
        """Reveal the next worked step of a part; of n steps each takes one n-th of what an answer after it earns.

        Raises :class:`InputError` where there is none left.
        """
        self._open(attempt, part_id)
        steps = hints_of(attempt, part_id)
        with self.store.change() as change:
            shown = records.reveal_hint(change, attempt, part_id, self.now())
        return Hint(steps[shown], shown + 1, len(steps))

    def hints(self, attempt: Attempt, part_id: str) -> tuple[Hint, ...]:
        """The hints that were revealed of a part so far."""
        steps = hints_of(attempt, part_id)
        row = self.store.one("SELECT shown FROM hints WHERE attempt = ? AND part = ?", attempt.id, part_id)
        shown = steps[: row["shown"] if row else 0]
        return tuple(Hint(step, number, len(steps)) for number, step in enumerate(shown, start=1))

    def solution(self, attempt: Attempt, part_id: str) -> Question:
        """The part with its key; from now on an answer to it earns nothing."""
        self._open(attempt, part_id)
        with self.store.change() as change:
            records.reveal_solution(change, attempt, part_id, self.now())
        self._settle(attempt)
        return attempt.part(part_id).question

    def where_wrong(self, attempt: Attempt, part_id: str) -> WrongTurn | None:
        """The worked solution with the place where her last answer went wrong; None where there is no such.

        Raises :class:`InputError` before the solution was shown, for it gives it away.
        """
        attempt.part(part_id)
        state = self.state(attempt).parts[part_id]
        if not state.solution_shown:
            raise InputError("this is part of the solution: see that first")
        if state.standing is None:
            return None
        with attempt.lock:
            return wrong_turn(attempt, state.standing)

    def self_mark(self, attempt: Attempt, part_id: str, points: Sequence[int]) -> PartState:
        """Store the points that she gives herself, one number for each of the part's ``criteria``.

        Raises :class:`InputError` unless she wrote an answer before she saw the solution, and each number fits.
        """
        self._open(attempt, part_id)
        check_own_points(attempt.part(part_id), points)
        if not self.state(attempt).parts[part_id].can_self_mark:
            raise InputError("write your own answer before you see the solution, then mark it")
        with self.store.change() as change:
            records.put_self_marks(change, attempt, part_id, points, self.now())
        self._settle(attempt)
        return self.state(attempt).parts[part_id]

    # -------------------------------------------------------------------------------------------- progress

    def mastery(self) -> dict[str, mastery.ProblemMastery]:
        """Where she stands with each problem."""
        return mastery.mastery(self.store, self.problems)

    def worst(self) -> str:
        """The problem that she is worst at."""
        return mastery.worst(self.mastery())

    def due(self) -> tuple[reviews.Review, ...]:
        """The problems that should come again now."""
        return reviews.due(self.store, self.problems, self.now())

    def problem(self, problem_id: str) -> Problem:
        """A problem that is practised here; raises :class:`InputError` for any other."""
        if problem_id not in self.problems:
            known = ", ".join(self.problems)
            raise InputError(f"no problem {problem_id!r} is practised here; there are {known}", field="problem")
        return self.problems[problem_id]

    def forget(self) -> None:
        """Let go of the attempts at hand: they were deleted."""
        self._attempts.forget()

    def keep(self, attempt: Attempt) -> Attempt:
        """Have an attempt at hand."""
        return self._attempts.keep(attempt)

    def _settle(self, attempt: Attempt) -> None:
        state = self.state(attempt)
        if state.finished is None and state.is_settled:
            self.finish(attempt)

    def _open(self, attempt: Attempt, part_id: str) -> None:
        """Raises :class:`InputError` for an unknown part, and while an exam runs."""
        attempt.part(part_id)
        if attempt.exam is None:
            return
        row = self.store.one("SELECT finished FROM exams WHERE id = ?", attempt.exam)
        if row is None or row["finished"] is None:
            raise InputError("no help before the exam is over")
