"""When a problem should come again: spaced repetition by FSRS, a problem at a level being one card.

Steps of minutes within a session are left out: a fresh variant is new work, and no card to be turned twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.practice.progress import AttemptState
from generator.practice.store import Change, Store
from generator.problem.problem import Problem

if TYPE_CHECKING:
    from fsrs import Rating, Scheduler

LONGEST = 90
"""Days after which a problem comes again however well it is known."""

GRADES: tuple[tuple[float, str], ...] = ((0.95, "Easy"), (0.75, "Good"), (0.5, "Hard"), (0.0, "Again"))
"""From which share of the points of the first answers on an attempt has which rating; easy only without hints."""


@dataclass(frozen=True)
class Review:
    """A problem at a level that is to come again; ``due`` in seconds of the epoch."""

    problem: str
    level: str
    due: float


def rating_of(state: AttemptState) -> Rating:
    """How an attempt went, from its first answers; what was not answered earned nothing."""
    from fsrs import Rating

    earned = worth = 0.0
    helped = False
    for part in state.parts.values():
        worth += part.worth
        helped = helped or part.hints_shown > 0
        earned += sum(part.self_marks or ())
        if part.counted is not None and part.counted.marked.status != "human":
            earned += part.counted.share * part.asked.max_points
    share = earned / worth if worth else 0.0
    name = next(name for least, name in GRADES if share >= least and not (name == "Easy" and helped))
    return Rating[name]


def schedule(change: Change, state: AttemptState, now: float) -> None:
    """Put the problem of an attempt that was finished ``now`` on the list, or move it there."""
    from fsrs import Card

    attempt = state.attempt
    row = change.one("SELECT card FROM reviews WHERE problem = ? AND level = ?", attempt.problem.id, attempt.level)
    card = Card.from_json(row["card"]) if row else Card(card_id=1, due=_time(now))
    card, _ = _scheduler().review_card(card, rating_of(state), _time(now))
    change.run(
        "INSERT INTO reviews VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET card = excluded.card, due = excluded.due, attempt = excluded.attempt",
        attempt.problem.id,
        attempt.level,
        card.to_json(),
        card.due.timestamp(),
        attempt.id,
    )


def reviews(store: Store, problems: Mapping[str, Problem]) -> tuple[Review, ...]:
    """All that is to come again of the ``problems``, the first due first."""
    rows = store.all("SELECT problem, level, due FROM reviews ORDER BY due, problem")
    return tuple(Review(row["problem"], row["level"], row["due"]) for row in rows if row["problem"] in problems)


def due(store: Store, problems: Mapping[str, Problem], now: float) -> tuple[Review, ...]:
    """What should be practised ``now``."""
    return tuple(review for review in reviews(store, problems) if review.due <= now)


def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
