"""What is typed at the terminal: answers in one line or several, and the keys for help."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from rich.console import Console
from rich.text import Text

from generator.practice.attempts import AskedPart

HELP = (
    "At an answer: ? for a hint, ! for the solution, s to leave the part, q to stop; "
    "w mean = 3 1 2 before it gives a value of your working."
)


class StopError(Exception):
    """The student has enough."""


class Command(Enum):
    """What can be typed instead of an answer."""

    HINT = "?"
    SOLUTION = "!"
    SKIP = "s"


@dataclass(frozen=True)
class Working:
    """A value of the student's working: ``w variance = 4 9`` before the answer."""

    name: str
    value: str


_WORKING = re.compile(r"w\s+(\w+)\s*=\s*(\S.*)")

_PROMPTS = {
    "number": "a number",
    "vector": "a row of numbers: 1, 2, 3",
    "matrix": "rows by ; or on lines of their own, an empty line at the end",
    "fields": "one after the other, by ;",
    "choice": "a letter",
    "claims": "T or F for each, in order: T F",
    "essay": "your words, an empty line at the end",
}


_IN_WORDS = {"claims", "essay"}


class Keyboard:
    """Asks for lines; ``read`` gives the next one, or raises :class:`EOFError` when there is none."""

    def __init__(self, console: Console, read: Callable[[], str]) -> None:
        self._console = console
        self._read = read

    def line(self, prompt: str) -> str:
        """One line, its ends trimmed; ``q`` raises :class:`StopError`."""
        self._console.print(Text(f"{prompt} > "), end="", soft_wrap=True)
        typed = self._read().strip()
        if not self._console.is_terminal:
            self._console.print()  # nobody pressed Enter here
        if typed in ("q", "quit"):
            raise StopError
        return typed

    def answer(self, asked: AskedPart, *, again: bool) -> str | Command | Working:
        """An answer to a part, or what is wanted instead; nothing typed asks again."""
        told = "again, or ? ! s q" if again else _PROMPTS[asked.kind]
        while True:
            first = self.line(told)
            if first in [command.value for command in Command]:
                return Command(first)
            if asked.kind not in _IN_WORDS and (working := _WORKING.fullmatch(first)):
                return Working(*working.groups())
            if first:
                return self._rest(asked.kind, first)

    def reasons(self, asked: AskedPart) -> str:
        """The reasons for verdicts on claims; nothing where no claims are asked."""
        if asked.kind != "claims" or not asked.by_hand:
            return ""
        return self.line("your reasons, in a line")

    def number(self, most: int) -> int:
        """A whole number from 0 to ``most``."""
        while True:
            typed = self.line(f"0 to {most}")
            if typed.isdecimal() and len(typed) < 4 and int(typed) <= most:
                return int(typed)

    def _rest(self, kind: str, first: str) -> str:
        """The whole answer that begins with ``first``: a matrix and sentences go on until an empty line."""
        lines = [first]
        whole = kind == "matrix" and (";" in first or first.startswith(("[[", "((")) or "\\" in first)
        if kind in ("matrix", "essay") and not whole:
            try:
                while following := self.line("…"):
                    lines.append(following)
            except EOFError:
                pass  # the end of the input ends the answer too
        return "\n".join(lines)
