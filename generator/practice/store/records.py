"""What is written about an attempt: each statement runs in a transaction of the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from generator.errors import InputError
from generator.errors.language import phrase
from generator.grading.marks import Marked
from generator.practice.attempts import Attempt, entry_json, mistakes_json, params_json, variant_digest
from generator.practice.hints import next_hint
from generator.practice.store.database import Change, Store
from generator.practice.store.state import Submission, hints_shown, marked_json, submission_from_row


class NotFoundError(InputError):
    """There is no attempt, or no exam, with that id."""


class ExamOverError(InputError):
    """The time of the exam is up, or it was handed in."""


def add_attempt(change: Change, attempt: Attempt) -> None:
    """Store a new attempt, with everything that rebuilding it takes."""
    change.run(
        "INSERT INTO attempts (id, problem, source, level, guided, stream, params, canonical, shows, started, exam, place, entry) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        attempt.id,
        attempt.problem.id,
        attempt.problem.source,
        attempt.level,
        int(attempt.entry.guided),
        attempt.stream,
        params_json(attempt.variant),
        variant_digest(attempt.variant),
        mistakes_json(attempt),
        attempt.started,
        attempt.exam,
        attempt.place,
        entry_json(attempt.entry),
    )


def finish_attempt(change: Change, attempt: Attempt, now: float) -> bool:
    """Store that the attempt is finished; return False if it was already."""
    if change.one("SELECT 1 FROM attempts WHERE id = ? AND finished IS NULL", attempt.id) is None:
        return False
    change.run("UPDATE attempts SET finished = ? WHERE id = ?", now, attempt.id)
    return True


# --------------------------------------------------------------------------------------------- answers


def add_answer(
    change: Change,
    attempt: Attempt,
    part_id: str,
    text: str,
    marked: Marked,
    now: float,
    *,
    working: Mapping[str, str],
    reasons: str,
    earlier: Mapping[str, str],
) -> Submission:
    """Store an answer and its mark; return the part's last answer instead if it is the same.

    Raise :class:`ExamOverError` if the attempt belongs to an exam that is over.
    """
    if attempt.exam is not None:
        now = exam_time(change, attempt.exam, now)
        exam = change.one("SELECT started + seconds AS ends, finished FROM exams WHERE id = ?", attempt.exam)
        if exam is None or exam["finished"] is not None or now >= exam["ends"]:
            raise ExamOverError(phrase("practice.too_late"))
    stored = (text, json.dumps(dict(working)), reasons, json.dumps(dict(earlier)))
    latest = change.one(
        "SELECT * FROM answers WHERE attempt = ? AND part = ? ORDER BY id DESC LIMIT 1", attempt.id, part_id
    )
    if latest and (latest["text"], latest["working"], latest["reasons"], latest["earlier"]) == stored:
        return submission_from_row(latest)
    hints, solution = _help_shown(change, attempt, part_id)
    share = Fraction(0) if solution else share_after_hints(hints, len(attempt.hints(part_id)))
    points = (marked.points or 0) * share
    row_id = change.run(
        "INSERT INTO answers (attempt, part, text, working, reasons, earlier, at, status, points, max_points, earned, "
        "share, hints, solution, marked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        attempt.id,
        part_id,
        *stored,
        now,
        marked.status,
        marked.points,
        marked.max_points,
        int(points),
        float(points / marked.max_points) if marked.max_points else 0.0,
        hints,
        int(solution),
        marked_json(marked),
    )
    row = change.one("SELECT * FROM answers WHERE id = ?", row_id)
    assert row is not None
    return submission_from_row(row)


def update_mark(change: Change, row: sqlite3.Row, marked: Marked, earlier: Mapping[str, str]) -> None:
    """Replace the mark of a stored answer by one that takes the final ``earlier`` answers into account."""
    change.run(
        "UPDATE answers SET earlier = ?, status = ?, points = ?, earned = ?, share = ?, marked = ? WHERE id = ?",
        json.dumps(dict(earlier)),
        marked.status,
        marked.points,
        marked.points or 0,
        (marked.points or 0) / marked.max_points if marked.max_points else 0.0,
        marked_json(marked),
        row["id"],
    )


def exam_time(store: Store | Change, exam_id: str, now: float) -> float:
    """Return ``now``, or the time of the exam's last answer if that is later, as after the clock was set back."""
    row = store.one(
        "SELECT max(e.started, coalesce(max(a.at), 0)) AS latest FROM exams e LEFT JOIN attempts t ON t.exam = e.id "
        "LEFT JOIN answers a ON a.attempt = t.id WHERE e.id = ? GROUP BY e.id",
        exam_id,
    )
    return max(now, row["latest"]) if row else now


# ------------------------------------------------------------------------------------ help and self-marks


def share_after_hints(shown: int, total: int) -> Fraction:
    """Return the share of its points that an answer still earns after ``shown`` of ``total`` hints: after all, something."""
    return Fraction(max(total + 1 - shown, 0), total + 1)


def show_hint(change: Change, attempt: Attempt, part_id: str, entries: Any, now: float) -> int:
    """Store that the next hint was shown; return its place from 0.  Raise :class:`InputError` if none is left.

    ``entries`` says of each entry of the last answer whether it is right; hints about right ones are passed over.
    """
    hints = attempt.hints(part_id)
    shown = hints_shown(change, attempt.id).get(part_id, ())
    number = next_hint(hints, shown, entries)
    if number is None:
        raise InputError(phrase("practice.no_hint_left") if hints else phrase("practice.no_hints"))
    change.run(
        "INSERT INTO hints VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET shown = excluded.shown, at = excluded.at, numbers = excluded.numbers",
        attempt.id,
        part_id,
        len(shown) + 1,
        now,
        json.dumps([*shown, number]),
    )
    return number


def show_solution(change: Change, attempt: Attempt, part_id: str, now: float) -> None:
    """Store that the solution was shown."""
    change.run("INSERT INTO solutions VALUES (?, ?, ?) ON CONFLICT DO NOTHING", attempt.id, part_id, now)


def set_self_marks(change: Change, attempt: Attempt, part_id: str, points: Sequence[int], now: float) -> None:
    """Store the points that the student awarded, in place of any before."""
    change.run(
        "INSERT INTO self_marks VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET points = excluded.points, at = excluded.at",
        attempt.id,
        part_id,
        json.dumps(list(points)),
        now,
    )


def _help_shown(change: Change, attempt: Attempt, part_id: str) -> tuple[int, bool]:
    """Return how many hints of a part were shown, and whether the solution was."""
    hints = change.one("SELECT shown FROM hints WHERE attempt = ? AND part = ?", attempt.id, part_id)
    solution = change.one("SELECT 1 FROM solutions WHERE attempt = ? AND part = ?", attempt.id, part_id)
    return hints["shown"] if hints else 0, solution is not None


# ---------------------------------------------------------------------------------------------- drafts


def drafts_of(store: Store, attempt_id: str) -> dict[str, dict[str, str]]:
    """Return what stands unanswered in the fields of an attempt's form, by part; of several tabs, the last one's.

    A draft holds as long as the part's newest answer is the one it was typed ``after``: answering makes it void.
    """
    rows = store.all(
        "SELECT part, fields FROM drafts d WHERE attempt = ? AND after = "
        "coalesce((SELECT max(id) FROM answers a WHERE a.attempt = d.attempt AND a.part = d.part), 0)",
        attempt_id,
    )
    return {row["part"]: json.loads(row["fields"]) for row in rows}


def save_drafts(store: Store, attempt_id: str, by_part: Mapping[str, Mapping[str, str]], now: float) -> None:
    """Store the fields of some parts; nothing is written if they are stored already."""
    known = drafts_of(store, attempt_id)
    changed = {part: fields for part, fields in by_part.items() if known.get(part) != fields}
    if not changed:
        return
    with store.change() as change:
        if change.one("SELECT 1 FROM attempts WHERE id = ?", attempt_id) is None:
            return  # deleted meanwhile, perhaps by another program
        for part, fields in changed.items():
            change.run(
                "INSERT INTO drafts (attempt, part, fields, after, at) VALUES (?, ?, ?, "
                "coalesce((SELECT max(id) FROM answers WHERE attempt = ? AND part = ?), 0), ?) "
                "ON CONFLICT DO UPDATE SET fields = excluded.fields, after = excluded.after, at = excluded.at",
                attempt_id,
                part,
                json.dumps(dict(fields)),
                attempt_id,
                part,
                now,
            )
