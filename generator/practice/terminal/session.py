"""Sessions in the terminal: practice, one problem after another, and exams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Console
from rich.table import Table

from generator.errors import InputError
from generator.errors.language import phrase
from generator.practice.attempts import Attempt, AttemptPart
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams
from generator.practice.exam_report import ExamReport, clock, exam_report
from generator.practice.level_names import level_word
from generator.practice.progress import percent
from generator.practice.store.records import ExamOverError
from generator.practice.store.state import AttemptState
from generator.practice.terminal.console import Command, Printer, Prompt, QuitError, Working
from generator.render.renderer import count_of

WORST = "worst"
"""Stands for the student's weakest problem."""


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line; without a problem, the student is asked for one.

    ``parts`` are those to practise alone, ``rounds`` how many variants one after the other, without asking in between.
    """

    problem: str | None = None
    level: str | None = None
    guided: bool = False
    parts: tuple[str, ...] = ()
    rounds: int | None = None


class Session:
    """What practice and exams in the terminal have in common; ``read`` is as for :class:`Prompt`."""

    def __init__(self, practice: Practice, console: Console, read: Callable[[], str] = input) -> None:
        self._practice = practice
        self._printer = Printer(console)
        self._prompt = Prompt(console, read)

    def _show_solution(self, attempt: Attempt, part: AttemptPart) -> None:
        """Show the worked solution with what went wrong, and ask for the points that the student awards."""
        question = self._practice.solution(attempt, part.id)
        self._printer.solution(
            question, self._practice.solution_steps(attempt, part.id), self._practice.wrong_step(attempt, part.id)
        )
        if not self._practice.state(attempt).parts[part.id].can_self_mark:
            return
        self._printer.say(phrase("terminal.mark_your_answer"), style="bold")
        points = []
        for criterion in replace(part, question=question).criteria:
            self._printer.criterion(criterion)
            points.append(self._prompt.number(criterion.points))
        self._practice.self_mark(attempt, part.id, points)

    def _say_goodbye(self) -> None:
        self._printer.say(f"\n{phrase('terminal.progress_saved')}")


class PracticeSession(Session):
    """Practice in the terminal."""

    def run(self, options: Options) -> None:
        """Practise until the student stops: by ``q``, the end of the input, or Ctrl-C."""
        try:
            self._printer.say(phrase("terminal.help"), style="dim")
            problem, rounds = options.problem, 0
            while True:
                attempt = self._start(problem, options) if problem else self._choose(options)
                self._attempt(attempt)
                rounds += 1
                if options.rounds is None:
                    problem = self._next(attempt.problem.id)
                elif rounds == options.rounds:
                    return self._say_goodbye()
                else:
                    problem = problem or attempt.problem.id
                    done = phrase("terminal.rounds_done", done=rounds, total=options.rounds)
                    self._printer.say(f"\n{done}", style="dim")
        except (QuitError, EOFError, KeyboardInterrupt):
            self._say_goodbye()

    def _start(self, problem: str, options: Options) -> Attempt:
        if problem == WORST:
            return self._practice.start_worst(options.level or "standard")
        if self._practice.sheet is not None and not (options.parts or options.level or options.guided):
            entries = [one for one in self._practice.sheet.entries if one.problem.id == problem]
            return self._practice.start_entry(entries[0])
        only = options.parts if problem == options.problem else ()
        return self._practice.start(problem, options.level or "standard", guided=options.guided, only=only)

    def _choose(self, options: Options) -> Attempt:
        """Ask for a problem of the list, by default the weakest, or for the unfinished attempt."""
        names = list(self._practice.problems)
        if self._practice.sheet is not None:
            self._printer.sheet(self._practice.sheet)
        self._printer.show(self._problem_table())
        unfinished = self._unfinished()
        if unfinished is not None:
            attempt = unfinished.attempt
            points = phrase("count.points_of", points=unfinished.points, count=unfinished.worth)
            so_far = phrase("practice.so_far", points=points)
            level = level_word(attempt.level)
            words = phrase("terminal.continue", title=attempt.problem.heading, level=level, so_far=so_far)
            self._printer.say(f"u  {words}")
        worst = self._practice.worst()
        while True:
            typed = self._prompt.line(phrase("terminal.which", title=self._practice.problems[worst].heading))
            if typed == "u" and unfinished is not None:
                return unfinished.attempt
            if typed.isdecimal() and 1 <= int(typed) <= len(names):
                typed = names[int(typed) - 1]
            if not typed or typed in names:
                return self._start(typed or worst, options)
            self._printer.say(phrase("terminal.number_of_problem", most=len(names)), style="yellow")

    def _problem_table(self) -> Table:
        mastery, due = self._practice.mastery(), {review.problem for review in self._practice.due()}
        mastered = phrase("terminal.mastered")
        titles = ("", phrase("terminal.problem"), mastered, phrase("terminal.open_mistakes"))
        table = _table(*titles, right=("", mastered))
        for number, (name, problem) in enumerate(self._practice.problems.items(), start=1):
            one = mastery[name]
            mistakes = ", ".join(mistake.name.replace("_", " ") for mistake in one.open_mistakes[:3])
            title = problem.heading + (f" ({phrase('practice.due')})" if name in due else "")
            table.add_row(str(number), title, percent(one.mastery) if one.parts else "–", mistakes)
        return table

    def _unfinished(self) -> AttemptState | None:
        """Return the last attempt that was started and not finished."""
        states = (self._practice.state(attempt) for attempt in self._practice.unfinished())
        return next((state for state in states if state.is_started), None)

    def _next(self, problem: str) -> str | None:
        """Ask what comes after an attempt: the same problem, the weakest, or one to choose (None)."""
        following = {"": problem, "w": WORST, "c": None}
        while True:
            typed = self._prompt.line(phrase("terminal.what_next"))
            if typed in following:
                return following[typed]

    def _attempt(self, attempt: Attempt) -> None:
        """Ask for each part that is not done yet, and finish the attempt."""
        self._printer.heading(attempt)
        state = self._practice.state(attempt)
        for name, part in attempt.parts.items():
            if not state.parts[name].is_done:
                self._printer.part(attempt, name)
                self._part(attempt, part)
        state = self._practice.finish(attempt)
        points = phrase("count.points_of", points=state.points, count=state.worth)
        self._printer.say(f"\n{points}.", style="bold")

    def _part(self, attempt: Attempt, part: AttemptPart) -> None:
        """Ask until the answer is right, the solution was shown, or the part is left."""
        again, working = False, dict[str, str]()
        while True:
            typed = self._prompt.answer(part, again=again)
            try:
                match typed:
                    case Command.SKIP:
                        return
                    case Command.SOLUTION:
                        self._show_solution(attempt, part)
                        return
                    case Command():
                        self._help(attempt, part, typed)
                    case Working(name, value):
                        working[_step(attempt, part, name)] = value
                    case str():
                        again = True
                        if self._check(attempt, part, typed, working):
                            return
            except InputError as error:
                self._printer.say(_without_field(error), style="yellow")
                if working and error.field is not None and error.field.startswith("--working"):
                    working.clear()
                    self._printer.say(phrase("terminal.working_discarded"), style="yellow")

    def _help(self, attempt: Attempt, part: AttemptPart, command: Command) -> None:
        """Show the next hint, or which values of the working can be given."""
        if command is Command.HINT:
            self._printer.hint(self._practice.hint(attempt, part.id))
        else:
            self._printer.working(list(attempt.working_steps(part.id)))

    def _check(self, attempt: Attempt, part: AttemptPart, text: str, working: dict[str, str]) -> bool:
        """Mark an answer; return whether the part is over with it."""
        reasons = self._prompt.reasons(part)
        submission = self._practice.check(attempt, part.id, text, working, reasons)
        self._printer.result(submission)
        if part.manual_points and submission.is_readable:
            self._show_solution(attempt, part)
            return True
        return submission.marked.status == "correct"


class ExamSession(Session):
    """An exam in the terminal: no results before the end, then the report."""

    def __init__(self, practice: Practice, console: Console, read: Callable[[], str] = input) -> None:
        super().__init__(practice, console, read)
        self._exams = Exams(practice)

    def run(self, options: Options, **size: Any) -> None:
        """Hold an exam of a ``size`` as :meth:`Exams.start` takes it; of a sheet without one, the sheet itself.

        ``q``, the end of the input, Ctrl-C and the end of the time hand it in.
        """
        exam = self._start(options, size)
        self._printer.say(
            phrase("terminal.exam_rules", problems=count_of(len(exam.attempts), "problem"), time=clock(exam.seconds))
        )
        try:
            for attempt in exam.attempts:
                self._problem(exam, attempt)
        except ExamOverError as error:
            self._printer.say(str(error), style="yellow")
        except (QuitError, EOFError, KeyboardInterrupt):
            self._printer.say("")
        exam = self._exams.hand_in(exam)
        self._report(exam_report(exam, self._practice.store))
        try:
            if self._prompt.line(phrase("terminal.go_through")) == "":
                self._solutions(exam)
                self._report(exam_report(exam, self._practice.store))
        except (QuitError, EOFError, KeyboardInterrupt):
            self._say_goodbye()

    def _start(self, options: Options, size: Mapping[str, Any]) -> Exam:
        of_size = {name: value for name, value in size.items() if value}
        if self._practice.sheet is not None and not of_size.keys() - {"minutes"} and options.problem is None:
            return self._exams.start_sheet(**of_size)
        worst = options.problem == WORST
        problems = [options.problem] if options.problem is not None and not worst else None
        level = options.level or "standard"
        return self._exams.start(problems=problems, level=level, guided=options.guided, worst=worst, **of_size)

    def _problem(self, exam: Exam, attempt: Attempt) -> None:
        place = phrase("terminal.problem_of", place=attempt.place, total=len(exam.attempts))
        self._printer.say(f"\n{place}", style="dim")
        self._printer.heading(attempt)
        for name, part in attempt.parts.items():
            self._printer.part(attempt, name)
            left = clock(exam.left(self._practice.now()))
            self._printer.say(phrase("terminal.time_left", time=left), style="dim")
            self._part(exam, attempt, part)

    def _part(self, exam: Exam, attempt: Attempt, part: AttemptPart) -> None:
        """Ask until an answer can be read, or the part is left."""
        again = False
        while True:
            typed = self._prompt.answer(part, again=again)
            if typed is Command.SKIP:
                return
            if not isinstance(typed, str):
                self._printer.say(phrase("terminal.no_help"), style="yellow")
                continue
            try:
                message = self._exams.answer(exam, attempt, part.id, typed, self._prompt.reasons(part))
            except ExamOverError:
                raise
            except InputError as error:
                message = _without_field(error)
            if not message:
                return
            self._printer.message(message)
            again = True

    def _solutions(self, exam: Exam) -> None:
        """Show the solution of every part that is not entirely right, and ask for the student's own marks."""
        for attempt in exam.attempts:
            self._printer.heading(attempt)
            for name, state in self._practice.state(attempt).parts.items():
                submission = state.counted
                if submission is None or submission.marked.status != "correct" or state.part.manual_points:
                    self._printer.part(attempt, name)
                    if submission is not None:
                        self._printer.say(phrase("terminal.your_answer", answer=submission.text))
                        self._printer.result(submission)
                    self._show_solution(attempt, state.part)
                    self._prompt.line(phrase("terminal.enter_continues"))

    def _report(self, report: ExamReport) -> None:
        assert report.exam.finished is not None
        spent = clock(report.exam.finished - report.exam.started)
        points = phrase("count.points_of", points=report.points, count=report.worth)
        self._printer.say(f"\n{phrase('terminal.points_in', points=points, time=spent)}", style="bold")
        if report.to_mark:
            self._printer.say(phrase("terminal.yours_to_award", points=count_of(report.to_mark, "more point")))
        numbers = tuple(phrase(key) for key in ("terminal.points", "terminal.of", "terminal.time"))
        table = _table("", phrase("terminal.problem"), *numbers, phrase("terminal.mistakes"), right=("", *numbers))
        for one in report.problems:
            cells = (one.place, one.title, one.points, one.worth, clock(one.seconds), ", ".join(one.mistakes))
            table.add_row(*map(str, cells))
        self._printer.show(table)


def _table(*titles: str, right: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, justify="right" if title in right else "left")
    return table


def _step(attempt: Attempt, part: AttemptPart, name: str) -> str:
    """Return the step that a number in the list of working stands for, or that is named."""
    steps = [step for step, _ in attempt.working_steps(part.id)]
    if name.isdecimal():
        if not 1 <= int(name) <= len(steps):
            key = "terminal.working_number" if steps else "terminal.no_working_here"
            raise InputError(phrase(key, most=len(steps), got=name), field="w")
        return steps[int(name) - 1]
    return name


def _without_field(error: InputError) -> str:
    return str(error).removeprefix(f"{error.field}: ")
