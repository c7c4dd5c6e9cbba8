"""An exam at the terminal: nothing is told until the end, then the report."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from generator.errors import InputError
from generator.practice.asking import Command, Keyboard, StopError
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams, OverError
from generator.practice.exam_report import ExamReport, clock, report
from generator.practice.telling import Teller
from generator.practice.terminal import WORST, Wish
from generator.practice.terminal_attempt import TerminalAttempt
from generator.render.renderer import count_of


class TerminalExam:
    """An exam at the terminal; ``read`` gives the next line that was typed, or raises :class:`EOFError`."""

    def __init__(self, practice: Practice, console: Console, read: Callable[[], str] = input) -> None:
        self._practice = practice
        self._exams = Exams(practice)
        self._tell = Teller(console)
        self._keyboard = Keyboard(console, read)
        self._attempts = TerminalAttempt(practice, self._tell, self._keyboard)

    def run(self, count: int, minutes: float, wish: Wish) -> None:
        """Hold an exam; ``q``, the end of the input and Ctrl-C hand it in, as the end of the time does."""
        exam = self._begin(count, minutes, wish)
        self._tell.say(
            f"{count_of(count, 'problem')} in {clock(exam.seconds)}. The last answer to a part counts; s leaves a part, "
            "q hands in."
        )
        try:
            for attempt in exam.attempts:
                self._problem(exam, attempt)
        except OverError as error:
            self._tell.say(str(error), style="yellow")
        except (StopError, EOFError, KeyboardInterrupt):
            self._tell.say("")
        exam = self._exams.hand_in(exam)
        self._report(report(exam, self._practice.store))
        try:
            if self._keyboard.line("Enter: go through the solutions; q: stop") == "":
                self._solutions(exam)
                self._report(report(exam, self._practice.store))
        except (StopError, EOFError, KeyboardInterrupt):
            self._tell.say("\nYour progress is kept.")

    def _begin(self, count: int, minutes: float, wish: Wish) -> Exam:
        level = wish.level or "standard"
        if wish.problem == WORST:
            return self._exams.start_on_worst(count, minutes, level, guided=wish.guided)
        chosen = [wish.problem] if wish.problem else None
        return self._exams.start(count, minutes, chosen, level, guided=wish.guided)

    def _problem(self, exam: Exam, attempt: Attempt) -> None:
        self._tell.say(f"\nProblem {attempt.place} of {len(exam.attempts)}", style="dim")
        self._tell.head(attempt)
        for name, asked in attempt.parts.items():
            self._tell.part(attempt, name)
            self._tell.say(f"{clock(exam.left(self._practice.now()))} left", style="dim")
            refused = False
            while True:
                typed = self._keyboard.answer(asked, again=refused)
                if typed is Command.SKIP:
                    break
                if not isinstance(typed, str):
                    self._tell.say("No help, and no working, before the exam is over.", style="yellow")
                    continue
                try:
                    message = self._exams.answer(exam, attempt, name, typed, self._keyboard.reasons(asked))
                except OverError:
                    raise
                except InputError as error:
                    message = str(error).removeprefix(f"{error.field}: ")
                if not message:
                    break
                self._tell.message(message)
                refused = True

    def _solutions(self, exam: Exam) -> None:
        """The solution of every part that is not all right, and her own marks."""
        for attempt in exam.attempts:
            self._tell.head(attempt)
            for name, part in self._practice.state(attempt).parts.items():
                given = part.counted
                if given is None or given.marked.status != "correct" or part.asked.by_hand:
                    self._tell.part(attempt, name)
                    if given is not None:
                        self._tell.say(f"Your answer: {given.text}")
                        self._tell.mark(given)
                    self._attempts.solution(attempt, part.asked)
                    self._keyboard.line("Enter: go on")

    def _report(self, found: ExamReport) -> None:
        assert found.exam.finished is not None
        spent = clock(found.exam.finished - found.exam.started)
        self._tell.say(f"\n{found.points} of {count_of(found.worth, 'point')} in {spent}", style="bold")
        if found.to_mark:
            self._tell.say(
                f"Up to {count_of(found.to_mark, 'more point')} are yours to give, with the solutions before you."
            )
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("", "problem", "points", "of", "time", "mistakes"):
            table.add_column(title, justify="left" if title in ("problem", "mistakes") else "right")
        for one in found.problems:
            cells = (one.place, one.title, one.points, one.worth, clock(one.seconds), ", ".join(one.mistakes))
            table.add_row(*map(str, cells))
        self._tell.show(table)
