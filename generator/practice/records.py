"""What is written of an attempt: the statements, each within a transaction of the caller's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from generator.errors import InputError
from generator.grading.marks import Marked
from generator.practice.attempts import Attempt, params_text, shows_text
from generator.practice.fresh import digest
from generator.practice.hints import hints_of
from generator.practice.progress import Submission, marked_table, submission_of
from generator.practice.store import Change, Row, Store


class MissingError(InputError):
    """There is no attempt, or no exam, of that id."""


class OverError(InputError):
    """The time of the exam is over, or it was handed in."""


def add_attempt(change: Change, attempt: Attempt) -> None:
    """A new attempt, with all that it takes to make it again."""
    change.run(
        "INSERT INTO attempts (id, problem, source, level, guided, stream, params, canonical, shows, started, exam, place) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        attempt.id,
        attempt.problem.id,
        attempt.problem.source,
        attempt.level,
        int(attempt.guided),
        attempt.stream,
        params_text(attempt.variant),
        digest(attempt.variant),
        shows_text(attempt),
        attempt.started,
        attempt.exam,
        attempt.place,
    )


def add_answer(
    change: Change,
    attempt: Attempt,
    part_id: str,
    given: tuple[str, Mapping[str, str], str, Mapping[str, str]],
    marked: Marked,
    now: float,
) -> Submission:
    """An answer ``given`` as text, working, reasons and earlier answers; the stored one if it is the part's last already.

    Raises :class:`OverError` where the attempt is part of an exam and it is too late.
    """
    if attempt.exam is not None:
        now = exam_now(change, attempt.exam, now)
        exam = change.one("SELECT started + seconds AS ends, finished FROM exams WHERE id = ?", attempt.exam)
        if exam is None or exam["finished"] is not None or now >= exam["ends"]:
            raise OverError("the time is over: this answer came too late and was not kept")
    text, working, reasons, earlier = given
    as_stored = (text, json.dumps(dict(working)), reasons, json.dumps(dict(earlier)))
    latest = change.one(
        "SELECT * FROM answers WHERE attempt = ? AND part = ? ORDER BY id DESC LIMIT 1", attempt.id, part_id
    )
    if latest and (latest["text"], latest["working"], latest["reasons"], latest["earlier"]) == as_stored:
        return submission_of(latest)
    shown, over = _seen(change, attempt, part_id)
    points = (marked.points or 0) * share_left(shown, len(hints_of(attempt, part_id)), over=over)
    number = change.run(
        "INSERT INTO answers (attempt, part, text, working, reasons, earlier, at, status, points, max_points, earned, "
        "share, hints, solution, marked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        attempt.id,
        part_id,
        *as_stored,
        now,
        marked.status,
        marked.points,
        marked.max_points,
        int(points),
        float(points / marked.max_points) if marked.max_points else 0.0,
        shown,
        int(over),
        json.dumps(marked_table(marked)),
    )
    row = change.one("SELECT * FROM answers WHERE id = ?", number)
    assert row is not None
    return submission_of(row)


def exam_now(store: Store | Change, exam_id: str, now: float) -> float:
    """The time ``now`` in an exam: no earlier than its beginning and its last answer, should the clock have been set back."""
    row = store.one(
        "SELECT max(e.started, coalesce(max(a.at), 0)) AS latest FROM exams e LEFT JOIN attempts t ON t.exam = e.id "
        "LEFT JOIN answers a ON a.attempt = t.id WHERE e.id = ? GROUP BY e.id",
        exam_id,
    )
    return max(now, row["latest"]) if row else now


def mark_again(change: Change, row: Row, marked: Marked, earlier: Mapping[str, str]) -> None:
    """Another mark for an answer that is stored: with the earlier answers that it ends up with."""
    change.run(
        "UPDATE answers SET earlier = ?, status = ?, points = ?, earned = ?, share = ?, marked = ? WHERE id = ?",
        json.dumps(dict(earlier)),
        marked.status,
        marked.points,
        marked.points or 0,
        (marked.points or 0) / marked.max_points if marked.max_points else 0.0,
        json.dumps(marked_table(marked)),
        row["id"],
    )


def share_left(shown: int, total: int, *, over: bool) -> Fraction:
    """The share of its points that an answer still earns after ``shown`` of ``total`` hints, or when it is all ``over``."""
    if over:
        return Fraction(0)
    return Fraction(max(total - shown, 0), total) if shown else Fraction(1)


def reveal_hint(change: Change, attempt: Attempt, part_id: str, now: float) -> int:
    """Count one hint more as seen; how many were before.  Raises :class:`InputError` where none is left."""
    total = len(hints_of(attempt, part_id))
    shown, _ = _seen(change, attempt, part_id)
    if shown >= total:
        raise InputError("no hint is left for this part" if total else "this part has no hints")
    change.run(
        "INSERT INTO hints VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET shown = shown + 1, at = excluded.at",
        attempt.id,
        part_id,
        now,
    )
    return shown


def reveal_solution(change: Change, attempt: Attempt, part_id: str, now: float) -> None:
    """Note that the solution was seen."""
    change.run("INSERT INTO solutions VALUES (?, ?, ?) ON CONFLICT DO NOTHING", attempt.id, part_id, now)


def put_self_marks(change: Change, attempt: Attempt, part_id: str, points: Sequence[int], now: float) -> None:
    """The points that she gave herself, in place of those that she gave before."""
    change.run(
        "INSERT INTO self_marks VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET points = excluded.points, at = excluded.at",
        attempt.id,
        part_id,
        json.dumps(list(points)),
        now,
    )


def finish_attempt(change: Change, attempt: Attempt, now: float) -> bool:
    """Note that the attempt is over; whether it was not yet."""
    if change.one("SELECT 1 FROM attempts WHERE id = ? AND finished IS NULL", attempt.id) is None:
        return False
    change.run("UPDATE attempts SET finished = ? WHERE id = ?", now, attempt.id)
    return True


def _seen(change: Change, attempt: Attempt, part_id: str) -> tuple[int, bool]:
    """How many hints of a part were seen, and whether the solution was."""
    row = change.one("SELECT shown FROM hints WHERE attempt = ? AND part = ?", attempt.id, part_id)
    over = change.one("SELECT 1 FROM solutions WHERE attempt = ? AND part = ?", attempt.id, part_id)
    return row["shown"] if row else 0, over is not None
