"""An attempt at the terminal: its parts one after the other, answers, help, and what is the student's own to mark."""

from __future__ import annotations

from generator.errors import InputError
from generator.practice.asking import Command, Keyboard, Working
from generator.practice.attempts import AskedPart, Attempt
from generator.practice.engine import Practice
from generator.practice.telling import Teller
from generator.render.renderer import count_of


class TerminalAttempt:
    """Asks for the answers to one attempt after another."""

    def __init__(self, practice: Practice, tell: Teller, keyboard: Keyboard) -> None:
        self._practice = practice
        self._tell = tell
        self._keyboard = keyboard

    def run(self, attempt: Attempt) -> None:
        """Ask each part that is not done yet, and end the attempt."""
        self._tell.head(attempt)
        state = self._practice.state(attempt)
        for name, asked in attempt.parts.items():
            if not state.parts[name].is_settled:
                self._tell.part(attempt, name)
                self._part(attempt, asked)
        state = self._practice.finish(attempt)
        self._tell.say(f"\n{state.points} of {count_of(state.worth, 'point')}.", style="bold")

    def solution(self, attempt: Attempt, asked: AskedPart) -> None:
        """Show the worked solution with what went wrong, and have her mark what is hers to mark."""
        question = self._practice.solution(attempt, asked.id)
        self._tell.solution(question, self._practice.where_wrong(attempt, asked.id))
        if not self._practice.state(attempt).parts[asked.id].can_self_mark:
            return
        self._tell.say("Mark your own answer:", style="bold")
        points = []
        for criterion in asked.criteria:
            self._tell.criterion(criterion)
            points.append(self._keyboard.number(criterion.points))
        self._practice.self_mark(attempt, asked.id, points)

    def _part(self, attempt: Attempt, asked: AskedPart) -> None:
        """Ask until the answer is right, the solution was seen, or the part is left."""
        again, working = False, dict[str, str]()
        while True:
            typed = self._keyboard.answer(asked, again=again)
            try:
                match typed:
                    case Command.SKIP:
                        return
                    case Command.SOLUTION:
                        self.solution(attempt, asked)
                        return
                    case Command.HINT:
                        self._tell.hint(self._practice.hint(attempt, asked.id))
                    case Working(name, value):
                        working[name] = value
                    case str():
                        again = True
                        if self._is_done(attempt, asked, typed, working):
                            return
            except InputError as error:
                self._tell.say(str(error).removeprefix(f"{error.field}: "), style="yellow")
                if working and error.field is not None and error.field.startswith("--working"):
                    working.clear()
                    self._tell.say("The values of your working are put aside: type them again.", style="yellow")

    def _is_done(self, attempt: Attempt, asked: AskedPart, text: str, working: dict[str, str]) -> bool:
        """Mark an answer; whether the part is over with it."""
        reasons = self._keyboard.reasons(asked)
        given = self._practice.check(attempt, asked.id, text, working, reasons)
        self._tell.mark(given)
        if asked.by_hand and given.marked.status != "invalid":
            self.solution(attempt, asked)
            return True
        return given.marked.status == "correct"
