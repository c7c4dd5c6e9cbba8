"""What a session in the terminal prints (questions, results, hints, solutions) and reads (answers, keys for help)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from rich.console import Console, RenderableType
from rich.text import Text

from generator.document.nodes import BoxedAnswer, ClaimSpace, Criterion, ModelAnswer, Paragraph, Question
from generator.document.prose import nodes
from generator.errors.language import phrase
from generator.grading.messages import not_right, right
from generator.grading.worked_steps import Blocks
from generator.grading.wrong_step import WrongStep
from generator.paper.sheet import Sheet
from generator.practice.attempts import Attempt, AttemptPart
from generator.practice.engine import Hint
from generator.practice.level_names import level_word
from generator.practice.store.state import Submission
from generator.practice.terminal.document import Writer
from generator.render.renderer import count_of

MAX_WIDTH = 96

_STATUS = {
    "correct": ("✓", "feedback.right", "bold green"),
    "partial": ("≈", "feedback.partly_right", "bold yellow"),
    "wrong": ("✗", "feedback.not_right", "bold red"),
    "invalid": ("?", "feedback.not_readable", "bold yellow"),
    "human": ("", "terminal.mark_it_yourself", "bold"),
}


class Printer:
    """Prints to a console; nothing is said by colour alone."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(MAX_WIDTH, max(40, console.width - 1))
        self._writer = Writer(self._width)

    def say(self, text: str, style: str = "") -> None:
        """Print a line."""
        self._console.print(Text(text, style=style), soft_wrap=False)

    def show(self, what: RenderableType) -> None:
        """Print a table or the like."""
        self._console.print(what)

    def sheet(self, sheet: Sheet) -> None:
        """Print the title and the instructions of a sheet."""
        self.say(f"\n{sheet.title}", style="bold")
        self._lines(self._writer.blocks(nodes(sheet.instructions, {})))

    def heading(self, attempt: Attempt) -> None:
        """Print the title of a problem and the preamble of its parts."""
        level = "" if attempt.level == "standard" else f" ({level_word(attempt.level)})"
        title = f"{attempt.problem.heading}{level}"
        self.say(f"\n{title}\n{'═' * len(title)}", style="bold")
        self._lines(self._writer.blocks(attempt.exercise.preamble))

    def part(self, attempt: Attempt, part_id: str) -> None:
        """Print the question of a part; before the first of several sub-parts, what they have in common."""
        part = attempt.part(part_id)
        for question in attempt.exercise.parts:
            if question.parts and question.parts[0].id == part_id:
                self.say(f"\n{question.label})", style="bold")
                self._lines(self._writer.question(question))
        points = part.max_points + (part.manual_points if part.kind == "claims" else 0)
        self.say(f"\n{part.label}) {count_of(points, 'point')}", style="bold")
        shown = next(question for question in _walk(attempt.exercise.parts) if question.id == part_id)
        self._lines(self._writer.question(shown))

    def result(self, submission: Submission) -> None:
        """Print how an answer was read, whether it is right, and what there is to say about it."""
        marked = submission.marked
        if marked.tex:
            lines = self._writer.tex(marked.tex, "  ")
            lines[len(lines) // 2].stylize("dim")
            self.say(phrase("terminal.read_as"), style="dim")
            self._lines(lines)
        sign, key, style = _STATUS[marked.status]
        status = f"{sign} {phrase(key)}".strip()
        if marked.points is not None and submission.is_readable:
            status += f": {phrase('count.points_of', points=submission.earned, count=marked.max_points)}"
            if submission.earned < marked.points:
                key = "terminal.without_solution" if submission.after_solution else "terminal.without_hints"
                status += f" ({phrase(key, points=marked.points)})"
        self.say(status, style=style)
        if marked.message not in (right(rounded=False), not_right()) and marked.status != "human":
            self.message(marked.message)

    def message(self, text: str) -> None:
        """Print a message about an answer, in Markdown."""
        self._lines(self._writer.markdown(text))

    def hint(self, hint: Hint) -> None:
        """Print a hint."""
        self.say(phrase("practice.hint_of", number=hint.number, total=hint.total), style="bold cyan")
        self._lines(self._writer.blocks(hint.blocks, "  "))

    def working(self, steps: Sequence[tuple[str, str]]) -> None:
        """Print which values of the working can be given, with their numbers."""
        if not steps:
            self.say(phrase("terminal.no_working"), style="dim")
        for number, (step, symbol) in enumerate(steps, start=1):
            name = f"${symbol}$" if symbol else step.replace("_", " ")
            self._lines(
                self._writer.markdown(phrase("terminal.working_gives", command=f"w {number} = …", name=name), "  ")
            )

    def criterion(self, criterion: Criterion) -> None:
        """Print a line of the rubric."""
        self._lines(self._writer.blocks([Paragraph(criterion.text)], "  "))

    def solution(self, question: Question, steps: Sequence[Blocks], wrong_step: WrongStep | None) -> None:
        """Print the worked solution, ``steps``, with the place where the answer went wrong if that is known."""
        self.say(phrase("practice.solution"), style="bold cyan")
        if wrong_step is not None:
            self._wrong_step(wrong_step)
        else:
            for step in steps:
                self._lines(self._writer.blocks(step, "  "))
        for number, space in enumerate((s for s in question.spaces if isinstance(s, ClaimSpace)), start=1):
            verdict = phrase("reading.true") if space.verdict else phrase("reading.false")
            self.say(f"  {number}. {verdict}", style="bold")
            self._lines(self._writer.blocks(space.reason, "     "))
        match question.key.answer if question.key else None:
            case BoxedAnswer(tex):
                self.say(f"  {phrase('worksheet.answer')}", style="bold")
                self._lines(self._writer.tex(tex, "  "))
            case ModelAnswer(blocks):
                self._lines(self._writer.blocks(blocks, "  "))

    def _wrong_step(self, found: WrongStep) -> None:
        writer = Writer(self._width, strong=("▶ ", " ◀"))
        has_place = any(line.status == "here" for line in found.lines)
        message = found.message or (phrase("terminal.differs_at_arrows") if has_place else "")
        self._lines(writer.markdown(message, "  "))
        for line in found.lines:
            mark = {"right": "  ", "here": "✗ ", "after": "↳ "}[line.status]
            shown = writer.blocks(line.blocks, "  ")
            if shown:
                shown[0] = Text.assemble((mark, "bold red"), shown[0][2:])
            self._lines(shown)
            if line.status == "here" and found.lead:
                self._lines(writer.markdown(found.lead, "    "))
            elif line.yours:
                self.say(f"    {phrase('feedback.with_your_value')}", style="dim")
            self._lines(writer.blocks(line.yours, "    "))
        if found.follows:
            self.say(f"  {phrase('feedback.what_follows')}", style="dim")
            self._lines(writer.tex(found.follows, "    "))

    def _lines(self, lines: list[Text]) -> None:
        for line in lines:
            self._console.print(line, soft_wrap=True)


def _walk(questions: tuple[Question, ...]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from _walk(question.parts)


# --------------------------------------------------------------------------------------------- reading

_PROMPTS = {
    "number": "terminal.number",
    "vector": "terminal.vector",
    "matrix": "terminal.matrix",
    "fields": "terminal.fields",
    "subsets": "terminal.subsets",
    "words": "terminal.words",
    "choice": "terminal.choice",
    "choices": "terminal.choices",
    "claims": "terminal.claims",
    "essay": "terminal.essay",
}

_WORKING = re.compile(r"w\s+(\w+)\s*=\s*(\S.*)")


class QuitError(Exception):
    """The student wants to stop."""


class Command(Enum):
    """What can be typed instead of an answer."""

    HINT = "?"
    SOLUTION = "!"
    SKIP = "s"
    WORKING = "w"


@dataclass(frozen=True)
class Working:
    """A value of the student's working, typed as ``w 2 = 4 9`` before the answer: the second of those listed."""

    name: str
    value: str


class Prompt:
    """Asks for lines; ``read`` returns the next one, or raises :class:`EOFError` when there is none."""

    def __init__(self, console: Console, read: Callable[[], str]) -> None:
        self._console = console
        self._read = read

    def line(self, prompt: str) -> str:
        """Return one line, stripped; raise :class:`QuitError` for ``q``."""
        self._console.print(Text(f"{prompt} > "), end="", soft_wrap=True)
        typed = self._read().strip()
        if not self._console.is_terminal:
            self._console.print()  # nobody pressed Enter, which would end the line
        if typed in ("q", "quit"):
            raise QuitError
        return typed

    def answer(self, part: AttemptPart, *, again: bool) -> str | Command | Working:
        """Return an answer to a part, or what was typed instead; ask again for an empty line."""
        prompt = phrase("terminal.again") if again else phrase(_PROMPTS[part.kind])
        while True:
            first = self.line(prompt)
            if first in [command.value for command in Command]:
                return Command(first)
            if part.kind not in ("claims", "essay") and (working := _WORKING.fullmatch(first)):
                return Working(*working.groups())
            if first:
                return self._rest(part.kind, first)

    def reasons(self, part: AttemptPart) -> str:
        """Return the reasons for verdicts on claims; empty where there are no claims."""
        if part.kind != "claims" or not part.manual_points:
            return ""
        return self.line(phrase("terminal.reasons"))

    def number(self, most: int) -> int:
        """Return a whole number from 0 to ``most``."""
        while True:
            typed = self.line(phrase("practice.zero_to", most=most))
            if typed.isdecimal() and len(typed) < 4 and int(typed) <= most:
                return int(typed)

    def _rest(self, kind: str, first: str) -> str:
        """Return the whole answer that starts with ``first``: matrices and essays continue until an empty line."""
        lines = [first]
        is_whole = kind == "matrix" and (";" in first or first.startswith(("[[", "((")) or "\\" in first)
        if kind in ("matrix", "essay") and not is_whole:
            try:
                while following := self.line("…"):
                    lines.append(following)
            except EOFError:
                pass  # the end of the input ends the answer too
        return "\n".join(lines)
