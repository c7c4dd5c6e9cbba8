"""Practising: one method for each thing a student does, for the web page and the terminal alike.

Nothing is kept in memory: every method reads the store and writes to it, so that a reload, another tab and a restarted
server all continue from the same state.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from generator.document.nodes import Question
from generator.document.placement import placed
from generator.errors import InputError, WorksheetError
from generator.errors.language import ENGLISH, phrase
from generator.grading.blanks import solution_with_blanks, with_blanks
from generator.grading.worked_steps import Blocks
from generator.grading.wrong_step import WrongStep, find_wrong_step
from generator.paper.paper import settled_alone
from generator.paper.sheet import Entry, Sheet
from generator.practice import progress
from generator.practice.attempts import Attempt, AttemptPart, attempt_from_row, draw_unseen
from generator.practice.store import records
from generator.practice.store.database import Store
from generator.practice.store.state import AttemptState, PartState, Submission, open_steps, state_of
from generator.problem import drawing
from generator.problem.catalogue import catalogue
from generator.problem.draw import stream
from generator.problem.problem import Problem

MAX_ANSWER = 20_000
"""Characters of an answer; a longer one is refused before anything reads it."""


@dataclass(frozen=True)
class Hint:
    """Hint ``number`` of ``total``."""

    blocks: Blocks
    number: int
    total: int


class Practice:
    """A student's practice, kept in one store.

    ``problems`` are those to choose from, by default the whole catalogue; with a ``sheet``, those that it asks for, as it asks
    for them.  ``now`` is the clock, in seconds since the epoch;
    ``seed`` returns a number for each new variant.  ``language`` is the code of the language of pages and messages, by default
    the sheet's.
    """

    def __init__(
        self,
        store: Store,
        problems: Sequence[Problem] | None = None,
        *,
        sheet: Sheet | None = None,
        language: str | None = None,
        now: Callable[[], float] = time.time,
        seed: Callable[[], int] = lambda: secrets.randbits(53),
    ) -> None:
        self.sheet = sheet
        self.language = language or (sheet.language if sheet is not None else ENGLISH)
        if sheet is not None:
            problems = [entry.problem for entry in sheet.entries]
        chosen = catalogue().values() if problems is None else problems
        self.problems: Mapping[str, Problem] = {problem.id: problem for problem in chosen}
        self.store = store
        self.now = now
        self.seed = seed

    # ------------------------------------------------------------------------------------------- attempts

    def start(
        self,
        problem_id: str,
        level: str = "standard",
        seed: int | None = None,
        *,
        guided: bool = False,
        only: Sequence[str] = (),
    ) -> Attempt:
        """Start an attempt at a variant that the student has not had; ``guided`` asks for intermediate values too.

        ``only`` are the parts to practise, intermediate ones among them, by default all.  With a ``seed`` it is that seed's
        variant.  Raise :class:`InputError` for an unknown problem, level or part.
        """
        entry = Entry(self.problem(problem_id), guided=guided or bool(only), level=level, only=tuple(only))
        return self.start_entry(entry, seed)

    def start_entry(self, entry: Entry, seed: int | None = None) -> Attempt:
        """Start an attempt at a fresh variant, asked for as an entry of a sheet says."""
        attempt = self.new_attempt(entry, seed)
        with self.store.change() as change:
            records.add_attempt(change, attempt)
        return attempt

    def new_attempt(
        self,
        entry: Entry,
        seed: int | None = None,
        *,
        excluded: Sequence[str] = (),
        exam: str | None = None,
        place: int = 0,
    ) -> Attempt:
        """Return an attempt that is not stored yet, at a variant that is none of those had before or ``excluded``.

        ``excluded`` are variants' digests.  With a ``seed`` it is that seed's variant.
        """
        problem, level = entry.problem, entry.level
        if seed is None:
            rows = self.store.all(
                "SELECT canonical FROM attempts WHERE problem = ? AND level = ? GROUP BY canonical ORDER BY max(started)",
                problem.id,
                level,
            )
            seen = [*(row["canonical"] for row in rows), *excluded]
            source, variant = draw_unseen(problem, level, seen, self.seed, with_parts=entry.only)
        else:
            source = stream(seed)
            variant = drawing.draw_from(problem, source, level=level, label=f"seed {seed}")
        variant = settled_alone(variant, entry)
        attempt = Attempt(secrets.token_urlsafe(16), variant, entry, self.now(), source, exam, place)
        if not attempt.parts:
            raise InputError(
                phrase("practice.no_such_part", problem=problem.id, parts=", ".join(entry.only)), field="part"
            )
        return attempt

    def load(self, attempt_id: str) -> Attempt:
        """Return an attempt, rebuilt from its parameters; raise :class:`NotFoundError` if there is none."""
        row = self.store.one("SELECT * FROM attempts WHERE id = ?", attempt_id)
        if row is None:
            raise records.NotFoundError(phrase("practice.no_such_attempt"))
        return attempt_from_row(row, self.problems)

    def state(self, attempt: Attempt) -> AttemptState:
        """Return the state of an attempt."""
        return state_of(attempt, self.store)

    def unfinished(self) -> tuple[Attempt, ...]:
        """Return the attempts to continue, the latest first, without those of exams and those that cannot be rebuilt."""
        rows = self.store.all(
            "SELECT * FROM attempts WHERE finished IS NULL AND exam IS NULL ORDER BY started DESC, rowid DESC LIMIT 20"
        )
        found = []
        for row in rows:
            if row["problem"] in self.problems:
                with suppress(WorksheetError):
                    found.append(attempt_from_row(row, self.problems))
        return tuple(found)

    def finish(self, attempt: Attempt) -> AttemptState:
        """Finish an attempt, which schedules the next review of its problem; one that is done finishes by itself."""
        state = self.state(attempt)
        now = self.now()
        with self.store.change() as change:
            if records.finish_attempt(change, attempt, now) and state.is_started:
                progress.schedule_reviews(change, state, now)
        return self.state(attempt)

    # -------------------------------------------------------------------------------------------- answers

    def check(
        self, attempt: Attempt, part_id: str, text: str, working: Mapping[str, str] | None = None, reasons: str = ""
    ) -> Submission:
        """Mark an answer and store it; the answers to the parts before it count as its working too.

        ``working`` are values of steps by name, as typed; ``reasons`` are those for verdicts on claims, which the student
        marks.  The same answer sent twice in a row counts once.  Raise :class:`InputError` for an unknown part or step, for
        working that cannot be read, and for an attempt that belongs to an exam.
        """
        if attempt.exam is not None:
            raise InputError(phrase("practice.part_of_exam"))
        submission = self.submit(attempt, part_id, text, working, reasons)
        self._finish_if_done(attempt)
        return submission

    def submit(
        self, attempt: Attempt, part_id: str, text: str, working: Mapping[str, str] | None = None, reasons: str = ""
    ) -> Submission:
        """Do what :meth:`check` does, in exams too: there the result must not be shown while the exam runs."""
        attempt.part(part_id)
        text, reasons = _checked_text(text), _checked_text(reasons)
        working = {name: _checked_text(value) for name, value in (working or {}).items() if value.strip()}
        parts = self.state(attempt).parts
        earlier = {name: one.text for name in attempt.before(part_id) if (one := parts[name].latest_readable)}
        marked = attempt.grader.mark(part_id, text, working, earlier)
        with self.store.change() as change:
            return records.add_answer(
                change, attempt, part_id, text, marked, self.now(), working=working, reasons=reasons, earlier=earlier
            )

    # ------------------------------------------------------------------------------------------------ help

    def hint(self, attempt: Attempt, part_id: str) -> Hint:
        """Show the next hint for a part; each of n hints takes one part in n + 1 of what a later answer earns.

        Hints about rows that are right already are passed over.  Raise :class:`InputError` if none is left.
        """
        self._check_help_allowed(attempt, part_id)
        latest = self.state(attempt).parts[part_id].latest_readable
        with self.store.change() as change:
            records.show_hint(change, attempt, part_id, latest.marked.entries if latest else None, self.now())
        return self.hints(attempt, part_id)[-1]

    def hints(self, attempt: Attempt, part_id: str) -> tuple[Hint, ...]:
        """Return the hints for a part that were shown so far, without what other open parts ask for."""
        state = self.state(attempt)
        hints = attempt.hints(part_id, open_steps(state, part_id))
        shown = state.parts[part_id].hints_shown
        return tuple(Hint(hints[one].blocks, place, len(hints)) for place, one in enumerate(shown, start=1))

    def solution(self, attempt: Attempt, part_id: str) -> Question:
        """Return the part with its key; from now on an answer to it earns nothing."""
        self._check_help_allowed(attempt, part_id)
        with self.store.change() as change:
            records.show_solution(change, attempt, part_id, self.now())
        self._finish_if_done(attempt)
        return self.solution_of(attempt, part_id)

    def solution_of(self, attempt: Attempt, part_id: str) -> Question:
        """Return a part with its key, in which blanks stand for the answers to other parts that are still open."""
        question = attempt.part(part_id).question
        with placed(attempt.grader.placement):
            shown = solution_with_blanks(attempt.variant, question, open_steps(self.state(attempt), part_id))
        key = shown.key
        return replace(shown, key=replace(key, steps=self.solution_steps(attempt, part_id)) if key else None)

    def solution_steps(self, attempt: Attempt, part_id: str) -> tuple[Blocks, ...]:
        """Return the worked steps of a part, with blanks where the answers to other parts would be that are still open."""
        hidden = open_steps(self.state(attempt), part_id)
        key = attempt.part(part_id).question.key
        if not hidden or key is None:
            return key.steps if key is not None else ()
        with placed(attempt.grader.placement):
            steps = with_blanks(attempt.variant, part_id, attempt.variant.values, hidden)
        return tuple(step for step in steps if step)  # a drawing that shows another answer is left out

    def wrong_step(self, attempt: Attempt, part_id: str) -> WrongStep | None:
        """Return where the part's last answer went wrong; None if it did not, or no step computes it.

        Raise :class:`InputError` before the solution was shown, since it gives the solution away.
        """
        attempt.part(part_id)
        state = self.state(attempt).parts[part_id]
        if not state.solution_shown:
            raise InputError(phrase("practice.part_of_solution"))
        if state.latest_readable is None:
            return None
        latest = state.latest_readable
        hidden = open_steps(self.state(attempt), part_id)
        return find_wrong_step(attempt.grader, part_id, latest.text, latest.working, latest.earlier, hidden)

    def self_mark(self, attempt: Attempt, part_id: str, points: Sequence[int]) -> PartState:
        """Store the points that the student awards for each of the part's ``criteria``.

        Raise :class:`InputError` unless an answer was written before the solution was shown, and every number fits.
        """
        self._check_help_allowed(attempt, part_id)
        _check_self_marks(attempt.part(part_id), points)
        if not self.state(attempt).parts[part_id].can_self_mark:
            raise InputError(phrase("practice.write_first"))
        with self.store.change() as change:
            records.set_self_marks(change, attempt, part_id, points, self.now())
        self._finish_if_done(attempt)
        return self.state(attempt).parts[part_id]

    # -------------------------------------------------------------------------------------------- progress

    def mastery(self) -> dict[str, progress.ProblemMastery]:
        """Return the mastery of each problem."""
        return progress.mastery(self.store, self.problems)

    def worst(self) -> str:
        """Return the id of the student's weakest problem."""
        return progress.worst(self.mastery())

    def start_worst(self, level: str = "standard") -> Attempt:
        """Start an attempt at the weakest parts of the student's weakest problem; all of it if it was never practised."""
        weakest = self.mastery()[self.worst()]
        level = level if level in self.problem(weakest.problem).levels else "standard"
        return self.start(weakest.problem, level, only=progress.weakest_parts(weakest))

    def start_review(self, problem_id: str, level: str) -> Attempt:
        """Start an attempt at the parts of a problem that are due; all of it if none is."""
        due = [one.part for one in self.due() if (one.problem, one.level) == (problem_id, level)]
        return self.start(problem_id, level, only=() if "" in due else due)

    def due(self) -> tuple[progress.Review, ...]:
        """Return the reviews that are due."""
        now = self.now()
        return tuple(review for review in progress.reviews(self.store, self.problems) if review.due <= now)

    def problem(self, problem_id: str) -> Problem:
        """Return a problem that is practised here; raise :class:`InputError` for any other."""
        if problem_id not in self.problems:
            known = ", ".join(self.problems)
            raise InputError(phrase("practice.unknown_problem", problem=repr(problem_id), known=known), field="problem")
        return self.problems[problem_id]

    def _finish_if_done(self, attempt: Attempt) -> None:
        state = self.state(attempt)
        if state.finished is None and state.is_done:
            self.finish(attempt)

    def _check_help_allowed(self, attempt: Attempt, part_id: str) -> None:
        """Raise :class:`InputError` for an unknown part, and while an exam runs."""
        attempt.part(part_id)
        if attempt.exam is None:
            return
        row = self.store.one("SELECT finished FROM exams WHERE id = ?", attempt.exam)
        if row is None or row["finished"] is None:
            raise InputError(phrase("practice.no_help"))


def _checked_text(text: str) -> str:
    """Return a text that is not too long, with lone surrogates, which cannot be stored, replaced."""
    if len(text) > MAX_ANSWER:
        raise InputError(phrase("practice.answer_too_long", most=MAX_ANSWER, length=len(text)), field="answer")
    return text.encode("utf-8", "replace").decode()


def _check_self_marks(part: AttemptPart, points: Sequence[int]) -> None:
    """Raise :class:`InputError` unless there is one number for each criterion of the part, and each fits."""
    most = [criterion.points for criterion in part.criteria] if part.manual_points else []
    if not most:
        raise InputError(phrase("practice.not_yours_to_mark"))
    if len(points) != len(most) or not all(0 <= awarded <= top for awarded, top in zip(points, most, strict=True)):
        comma = phrase("words.comma")
        wanted = comma.join(phrase("practice.zero_to", most=top) for top in most)
        raise InputError(phrase("practice.self_marks", wanted=wanted, got=comma.join(map(str, points))), field="points")
