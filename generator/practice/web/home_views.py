"""The first page: what can be practised, how well it is mastered, and what is worth it now."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, render_template
from markupsafe import Markup

from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.mastery import ProblemMastery, worst
from generator.practice.progress import AttemptState
from generator.practice.reviews import Review
from generator.practice.web.charts import meter
from generator.practice.web.drafts import Drafts
from generator.problem.problem import Problem

MOST_BEGUN = 5
"""Attempts to go on with."""


@dataclass(frozen=True)
class Card:
    """A problem to choose: where she stands with it, and what of it is due."""

    problem: Problem
    standing: ProblemMastery
    due: tuple[Review, ...]

    @property
    def meter(self) -> Markup:
        """How well it is mastered, drawn."""
        return meter(self.standing.mastery)


class HomeViews:
    """The first page, over one practice."""

    def __init__(self, practice: Practice, drafts: Drafts) -> None:
        self._practice = practice
        self._drafts = drafts
        self._exams = Exams(practice)

    def blueprint(self) -> Blueprint:
        """The page at its address."""
        views = Blueprint("home", __name__)
        views.add_url_rule("/", "page", self.page)
        return views

    def page(self) -> str:
        """The problems, with how well they are mastered."""
        practice = self._practice
        standing = practice.mastery()
        reviews = practice.due()
        cards = [
            Card(problem, standing[name], tuple(one for one in reviews if one.problem == name))
            for name, problem in practice.problems.items()
        ]
        begun = any(one.parts for one in standing.values())
        return render_template(
            "home.html.j2",
            cards=cards,
            due=[card for card in cards if card.due],
            worst=practice.problems[worst(standing)] if begun else None,
            unfinished=self._unfinished(),
            exams=[(exam, exam.left(self._exams.now(exam))) for exam in self._exams.running()],
        )

    def _unfinished(self) -> list[AttemptState]:
        """The last attempts in which something was answered, shown or at least typed."""
        states = map(self._practice.state, self._practice.unfinished())
        begun = (state for state in states if state.is_begun or self._drafts.is_kept(state.attempt.id))
        return list(islice(begun, MOST_BEGUN))
