"""Practising in the terminal: questions as text, answers typed, help at a key; the marks are those of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from generator.practice.asking import HELP, Keyboard, StopError
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.mastery import percent
from generator.practice.progress import AttemptState
from generator.practice.telling import Teller
from generator.practice.terminal_attempt import TerminalAttempt
from generator.render.renderer import count_of

WORST = "worst"
"""What stands for the problem that the student is worst at."""


@dataclass(frozen=True)
class Wish:
    """What the student asked for on the command line; where nothing is said, she is asked."""

    problem: str | None = None
    level: str | None = None
    guided: bool = False


class Terminal:
    """A session at the terminal; ``read`` gives the next line that was typed, or raises :class:`EOFError`."""

    def __init__(self, practice: Practice, console: Console, read: Callable[[], str] = input) -> None:
        self._practice = practice
        self._tell = Teller(console)
        self._keyboard = Keyboard(console, read)
        self._attempts = TerminalAttempt(practice, self._tell, self._keyboard)

    def run(self, wish: Wish) -> None:
        """Practise until the student has enough: by ``q``, by the end of the input, or by Ctrl-C."""
        try:
            self._tell.say(HELP, style="dim")
            problem = wish.problem
            while True:
                attempt = self._begin(problem, wish) if problem else self._choose(wish)
                self._attempts.run(attempt)
                problem = self._next(attempt.problem.id)
        except (StopError, EOFError, KeyboardInterrupt):
            self._tell.say("\nYour progress is kept.")

    def _begin(self, problem: str, wish: Wish) -> Attempt:
        name = self._practice.worst() if problem == WORST else problem
        return self._practice.start(name, wish.level or "standard", guided=wish.guided)

    def _choose(self, wish: Wish) -> Attempt:
        """A problem of the list, with nothing typed the one that she is worst at; or what she has not finished."""
        names = list(self._practice.problems)
        self._tell.show(self._table())
        left = self._left()
        if left is not None:
            attempt = left.attempt
            so_far = f"{left.points} of {count_of(left.worth, 'point')} so far"
            self._tell.say(f"u  go on with {attempt.problem.title} ({attempt.level}, {so_far})")
        worst = self._practice.worst()
        while True:
            typed = self._keyboard.line(f"Which? [Enter: {self._practice.problems[worst].title}, your weakest]")
            if typed == "u" and left is not None:
                return left.attempt
            if typed.isdecimal() and 1 <= int(typed) <= len(names):
                typed = names[int(typed) - 1]
            if not typed or typed in names:
                return self._begin(typed or worst, wish)
            self._tell.say(f"Expected a number from 1 to {len(names)}, or q to stop.", style="yellow")

    def _table(self) -> Table:
        standing, due = self._practice.mastery(), {review.problem for review in self._practice.due()}
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("", "problem", "mastered", "open mistakes"):
            table.add_column(title, justify="right" if title in ("", "mastered") else "left")
        for number, (name, problem) in enumerate(self._practice.problems.items(), start=1):
            one = standing[name]
            known = percent(one.mastery) if one.parts else "–"
            wrong = ", ".join(mistake.name for mistake in one.open_mistakes[:3])
            table.add_row(str(number), problem.title + (" (due again)" if name in due else ""), known, wrong)
        return table

    def _left(self) -> AttemptState | None:
        """The last attempt that she began and did not finish."""
        states = (self._practice.state(attempt) for attempt in self._practice.unfinished())
        return next((state for state in states if state.is_begun), None)

    def _next(self, name: str) -> str | None:
        """What comes after an attempt: the same problem again, the weakest, or one to choose."""
        while True:
            typed = self._keyboard.line("Enter: another variant; w: what you are worst at; c: choose; q: stop")
            if typed in ("", "w", "c"):
                return {"": name, "w": WORST, "c": None}[typed]
