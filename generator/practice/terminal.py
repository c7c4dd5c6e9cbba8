"""Practising in the terminal: questions as text, answers typed, help at a key; the marks are those of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from generator.errors import InputError, WorksheetError
from generator.practice.asking import HELP, Command, Keyboard, StopError
from generator.practice.attempts import AskedPart, Attempt
from generator.practice.engine import Practice
from generator.practice.mastery import percent
from generator.practice.progress import Submission
from generator.practice.telling import Teller
from generator.render import count_of


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

    def run(self, wish: Wish) -> None:
        """Practise until the student has enough: by ``q``, by the end of the input, or by Ctrl-C."""
        try:
            self._tell.say(HELP, style="dim")
            problem = wish.problem
            while True:
                name = self._worst_or(problem) if problem else self._choose()
                level = wish.level or "standard"
                self._attempt(self._practice.start(name, level, guided=wish.guided))
                problem = self._next(name)
        except (StopError, EOFError, KeyboardInterrupt):
            self._tell.say("\nYour progress is kept.")

    # --------------------------------------------------------------------------------------------- choosing

    def _worst_or(self, name: str) -> str:
        return self._practice.worst() if name == "worst" else name

    def _choose(self) -> str:
        """A problem of the list; with nothing typed, the one that she is worst at."""
        names = list(self._practice.problems)
        standing, due = self._practice.mastery(), {review.problem for review in self._practice.due()}
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("", "problem", "mastered", "open mistakes"):
            table.add_column(title, justify="right" if title in ("", "mastered") else "left")
        for number, name in enumerate(names, start=1):
            one = standing[name]
            known = percent(one.mastery) if one.parts else "–"
            wrong = ", ".join(mistake.name for mistake in one.open_mistakes[:3])
            title = self._practice.problems[name].title + (" (due again)" if name in due else "")
            table.add_row(str(number), title, known, wrong)
        self._tell.show(table)
        worst = self._practice.worst()
        while True:
            typed = self._keyboard.line(f"Which? [Enter: {self._practice.problems[worst].title}, your weakest]")
            if not typed:
                return worst
            if typed.isdecimal() and 1 <= int(typed) <= len(names):
                return names[int(typed) - 1]
            if typed in names:
                return typed
            self._tell.say(f"Expected a number from 1 to {len(names)}, or q to stop.", style="yellow")

    def _next(self, name: str) -> str | None:
        """What comes after an attempt: the same problem again, the weakest, or one to choose."""
        while True:
            typed = self._keyboard.line("Enter: another variant; w: what you are worst at; c: choose; q: stop")
            if typed in ("", "w", "c"):
                return {"": name, "w": "worst", "c": None}[typed]

    # -------------------------------------------------------------------------------------------- an attempt

    def _attempt(self, attempt: Attempt) -> None:
        self._tell.head(attempt)
        for name, asked in attempt.parts.items():
            self._tell.part(attempt, name)
            self._part(attempt, asked)
        state = self._practice.finish(attempt)
        self._tell.say("")
        self._tell.say(f"{state.points} of {count_of(state.worth, 'point')}.", style="bold")

    def _part(self, attempt: Attempt, asked: AskedPart) -> None:
        """Ask until the answer is right, the solution was seen, or the part is left."""
        given: Submission | None = None
        while True:
            typed = self._keyboard.answer(asked, again=given is not None)
            if typed is Command.SKIP:
                return None
            if typed is Command.HINT:
                self._hint(attempt, asked)
            elif typed is Command.SOLUTION:
                return self._solution(attempt, asked)
            elif isinstance(typed, str):
                try:
                    reasons = self._keyboard.reasons(asked)
                    given = self._practice.check(attempt, asked.id, typed, reasons=reasons)
                except InputError as error:
                    self._tell.say(str(error), style="yellow")
                    continue
                self._tell.mark(given)
                if asked.by_hand and given.marked.status != "invalid":
                    return self._solution(attempt, asked)
                if given.marked.status == "correct":
                    return None

    def _hint(self, attempt: Attempt, asked: AskedPart) -> None:
        try:
            self._tell.hint(self._practice.hint(attempt, asked.id))
        except WorksheetError as error:
            self._tell.say(str(error), style="yellow")

    def _solution(self, attempt: Attempt, asked: AskedPart) -> None:
        """Show the worked solution with what went wrong, and have her mark what is hers to mark."""
        question = self._practice.solution(attempt, asked.id)
        turn = self._practice.where_wrong(attempt, asked.id)
        self._tell.solution(question, turn)
        state = self._practice.state(attempt).parts[asked.id]
        if not state.can_self_mark:
            return
        self._tell.say("Mark your own answer:", style="bold")
        points = []
        for criterion in asked.criteria:
            self._tell.criterion(criterion)
            points.append(self._keyboard.number(criterion.points))
        self._practice.self_mark(attempt, asked.id, points)
