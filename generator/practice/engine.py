"""Practising: what a student does, one method each, for the page and the terminal alike.

Nothing about her is kept in memory: every method reads the store and writes to it, so that a reload, another tab or a
server that starts again all go on from the same truth.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.catalogue import catalogue
from generator.document import Block, Question
from generator.errors import InputError
from generator.grading import telling
from generator.grading.reading import Unreadable
from generator.identity import stream
from generator.practice.attempts import Attempt, Attempts, params_text
from generator.practice.fresh import digest, fresh
from generator.practice.hints import hints_of
from generator.practice.pointing import WrongTurn, wrong_turn
from generator.practice.progress import AttemptState, PartState, Submission, marked_table, state_of, submission_of
from generator.practice.store import Change, Store
from generator.problem import Problem
from generator.sheet import Entry

LONGEST = 20_000
"""Characters of an answer; what is longer is refused before anything is made of it."""


@dataclass(frozen=True)
class Preview:
    """How an answer is read as it is typed: ``tex``, or where it cannot be, a ``message`` (Markdown) and the place."""

    tex: str = ""
    message: str = ""
    position: int | None = None


@dataclass(frozen=True)
class Hint:
    """A worked step that was revealed: the ``number``-th of ``total``."""

    blocks: tuple[Block, ...]
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
        self._seed = seed
        self._attempts = Attempts(self.problems)

    # ------------------------------------------------------------------------------------------- attempts

    def start(
        self, problem_id: str, level: str = "standard", seed: int | None = None, *, guided: bool = False
    ) -> Attempt:
        """Begin an attempt at a variant that she has not had yet; ``guided`` asks for the intermediate values too.

        With a ``seed`` it is that seed's variant.  Raises :class:`InputError` for a problem or level that there is not.
        """
        problem = self._problem(problem_id)
        if seed is None:
            seen = self.store.all(
                "SELECT canonical FROM attempts WHERE problem = ? AND level = ? GROUP BY canonical ORDER BY max(started)",
                problem.id,
                level,
            )
            source, variant = fresh(problem, level, [row["canonical"] for row in seen], self._seed)
        else:
            source = stream(seed)
            variant = problem.draw_from(source, level=level, told=f"seed {seed}")
        attempt = Attempt(
            id=secrets.token_urlsafe(16),
            variant=variant,
            entry=Entry(problem, guided=guided, level=level),
            started=self.now(),
            stream=source,
        )
        self._write(attempt)
        return self._attempts.keep(attempt)

    def load(self, attempt_id: str) -> Attempt:
        """An attempt by its id, made again from its parameters; raises :class:`InputError` if there is none."""
        kept = self._attempts.kept(attempt_id)
        if kept is not None:
            return kept
        row = self.store.one("SELECT * FROM attempts WHERE id = ?", attempt_id)
        if row is None:
            raise InputError("there is no such attempt; it may have been deleted", field="attempt")
        return self._attempts.of_row(row)

    def state(self, attempt: Attempt) -> AttemptState:
        """Where she stands in an attempt."""
        return state_of(attempt, self.store)

    # -------------------------------------------------------------------------------------------- answers

    def preview(self, attempt: Attempt, part_id: str, text: str) -> Preview:
        """How an answer would be read; nothing is stored, and nothing said of whether it is right."""
        attempt.part(part_id)
        if not text.strip():
            return Preview()
        try:
            with attempt.lock:
                return Preview(tex=attempt.grader.reading(part_id, _bounded(text)))
        except Unreadable as error:
            return Preview(message=telling.invalid(text, error.position, str(error)), position=error.position)

    def check(
        self,
        attempt: Attempt,
        part_id: str,
        text: str,
        working: Mapping[str, str] | None = None,
        reasons: str = "",
    ) -> Submission:
        """Mark an answer and store it; her answers to the parts before it are its working too.

        ``working`` are values of steps by name, as she typed them; ``reasons`` are those for verdicts on claims, which
        are hers to mark.  The same answer sent twice in a row counts once.  Raises :class:`InputError` for an unknown part
        or step, and for working that cannot be read.
        """
        attempt.part(part_id)
        text, reasons = _bounded(text), _bounded(reasons)
        working = {name: _bounded(value) for name, value in (working or {}).items() if value.strip()}
        before = state_of(attempt, self.store)
        earlier = {name: one.text for name in attempt.before(part_id) if (one := before.parts[name].standing)}
        with attempt.lock:
            marked = attempt.grader.mark(part_id, text, working, earlier)
        given = (text, json.dumps(working), reasons, json.dumps(earlier))
        with self.store.change() as change:  # what another tab sent in the meantime is seen here
            latest = change.one(
                "SELECT * FROM answers WHERE attempt = ? AND part = ? ORDER BY id DESC LIMIT 1", attempt.id, part_id
            )
            if latest and (latest["text"], latest["working"], latest["reasons"], latest["earlier"]) == given:
                return submission_of(latest)
            left, shown, over = _left(change, attempt, part_id)
            points = (marked.points or 0) * left
            share = float(points / marked.max_points) if marked.max_points else 0.0
            number = change.run(
                "INSERT INTO answers (attempt, part, text, working, reasons, earlier, at, status, points, max_points, "
                "earned, share, hints, solution, marked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                attempt.id,
                part_id,
                *given,
                self.now(),
                marked.status,
                marked.points,
                marked.max_points,
                int(points),
                share,
                shown,
                int(over),
                json.dumps(marked_table(marked)),
            )
            row = change.one("SELECT * FROM answers WHERE id = ?", number)
            assert row is not None
            return submission_of(row)

    # ------------------------------------------------------------------------------------------------ help

    def hint(self, attempt: Attempt, part_id: str) -> Hint:
        """Reveal the next worked step of a part; of n steps each takes one n-th of what an answer after it earns.

        Raises :class:`InputError` where there is none left.
        """
        steps = hints_of(attempt, part_id)
        with self.store.change() as change:
            row = change.one("SELECT shown FROM hints WHERE attempt = ? AND part = ?", attempt.id, part_id)
            shown = row["shown"] if row else 0
            if shown >= len(steps):
                raise InputError("no hint is left for this part" if steps else "this part has no hints", field="part")
            change.run(
                "INSERT INTO hints VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET shown = shown + 1, at = excluded.at",
                attempt.id,
                part_id,
                self.now(),
            )
        return Hint(steps[shown], shown + 1, len(steps))

    def hints(self, attempt: Attempt, part_id: str) -> tuple[Hint, ...]:
        """The hints that were revealed of a part so far."""
        steps = hints_of(attempt, part_id)
        row = self.store.one("SELECT shown FROM hints WHERE attempt = ? AND part = ?", attempt.id, part_id)
        shown = steps[: row["shown"] if row else 0]
        return tuple(Hint(step, number, len(steps)) for number, step in enumerate(shown, start=1))

    def solution(self, attempt: Attempt, part_id: str) -> Question:
        """The part with its key; from now on an answer to it earns nothing."""
        asked = attempt.part(part_id)
        with self.store.change() as change:
            change.run("INSERT INTO solutions VALUES (?, ?, ?) ON CONFLICT DO NOTHING", attempt.id, part_id, self.now())
        return asked.question

    def where_wrong(self, attempt: Attempt, part_id: str) -> WrongTurn | None:
        """The worked solution with the place where her last answer went wrong; None where there is no such.

        Raises :class:`InputError` before the solution was shown, for it gives it away.
        """
        state = state_of(attempt, self.store).parts[attempt.part(part_id).id]
        if not state.solution_shown:
            raise InputError("this is part of the solution: see that first", field="part")
        if state.standing is None:
            return None
        with attempt.lock:
            return wrong_turn(attempt, state.standing)

    def self_mark(self, attempt: Attempt, part_id: str, points: Sequence[int]) -> PartState:
        """Store the points that she gives herself, one number for each of the part's ``criteria``.

        Raises :class:`InputError` unless she wrote an answer before she saw the solution, and each number fits.
        """
        asked = attempt.part(part_id)
        most = [criterion.points for criterion in asked.criteria] if asked.by_hand else []
        if not most:
            raise InputError("this part is marked by the program, not by you", field="part")
        if len(points) != len(most) or not all(0 <= given <= top for given, top in zip(points, most, strict=True)):
            shown = ", ".join(f"0 to {top}" for top in most)
            raise InputError(f"expected {shown} points; got {', '.join(map(str, points)) or 'nothing'}", field="points")
        if not state_of(attempt, self.store).parts[part_id].can_self_mark:
            raise InputError("write your own answer before you see the solution, then mark it", field="part")
        with self.store.change() as change:
            change.run(
                "INSERT INTO self_marks VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET points = excluded.points, at = excluded.at",
                attempt.id,
                part_id,
                json.dumps(list(points)),
                self.now(),
            )
        return state_of(attempt, self.store).parts[part_id]

    # --------------------------------------------------------------------------------------------- storing

    def _problem(self, problem_id: str) -> Problem:
        if problem_id not in self.problems:
            known = ", ".join(self.problems)
            raise InputError(f"no problem {problem_id!r} is practised here; there are {known}", field="problem")
        return self.problems[problem_id]

    def _write(self, attempt: Attempt) -> None:
        with self.store.change() as change:
            change.run(
                "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
                attempt.id,
                attempt.problem.id,
                attempt.problem.source,
                attempt.level,
                int(attempt.guided),
                attempt.stream,
                params_text(attempt.variant),
                digest(attempt.variant),
                attempt.started,
                attempt.exam,
                attempt.place,
            )


def _left(change: Change, attempt: Attempt, part_id: str) -> tuple[Fraction, int, bool]:
    """The share that an answer to a part still earns, the hints that were seen, and whether the solution was."""
    row = change.one("SELECT shown FROM hints WHERE attempt = ? AND part = ?", attempt.id, part_id)
    over = change.one("SELECT 1 FROM solutions WHERE attempt = ? AND part = ?", attempt.id, part_id) is not None
    shown, total = row["shown"] if row else 0, len(hints_of(attempt, part_id))
    left = Fraction(0) if over else Fraction(max(total - shown, 0), total) if shown else Fraction(1)
    return left, shown, over


def _bounded(text: str) -> str:
    """The text, if it is not too long to be read; half of a pair of surrogates, which no file takes, is replaced."""
    if len(text) > LONGEST:
        raise InputError(f"an answer has at most {LONGEST} characters; got {len(text)}", field="answer")
    return text.encode("utf-8", "replace").decode()
