"""What a session at the terminal prints: questions, marks, hints, solutions."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.text import Text

from generator.document.nodes import BoxedAnswer, ClaimSpace, Criterion, ModelAnswer, Paragraph, Question
from generator.practice.attempts import Attempt
from generator.practice.engine import Hint
from generator.practice.plain import Writer
from generator.practice.pointing import WrongTurn
from generator.practice.progress import Submission
from generator.render.renderer import count_of

_STATUS = {
    "correct": ("✓ Right", "bold green"),
    "partial": ("≈ Partly right", "bold yellow"),
    "wrong": ("✗ Not right", "bold red"),
    "invalid": ("? Not readable", "bold yellow"),
    "human": ("Yours to mark", "bold"),
}

WIDEST = 96


class Teller:
    """Prints to a console; without colours everything is still said."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(WIDEST, max(40, console.width - 1))
        self._writer = Writer(self._width)

    def say(self, text: str, style: str = "") -> None:
        """A line of our own words."""
        self._console.print(Text(text, style=style), soft_wrap=False)

    def show(self, what: RenderableType) -> None:
        """A table or the like."""
        self._console.print(what)

    def head(self, attempt: Attempt) -> None:
        """The title of a problem, and what its parts have in common."""
        level = "" if attempt.level == "standard" else f" ({attempt.level})"
        title = f"{attempt.problem.title}{level}"
        self.say(f"\n{title}\n{'═' * len(title)}", style="bold")
        self._lines(self._writer.blocks(attempt.shown.preamble))

    def part(self, attempt: Attempt, part_id: str) -> None:
        """The question of a part, after what stands above it where it is the first below that."""
        asked = attempt.part(part_id)
        for question in attempt.shown.parts:
            if question.parts and question.parts[0].id == part_id:
                self.say(f"\n{question.label})", style="bold")
                self._lines(self._writer.question(question))
        worth = asked.max_points + (asked.by_hand if asked.kind == "claims" else 0)
        self.say(f"\n{asked.name}) {count_of(worth, 'point')}", style="bold")
        shown = next(one for one in _all(attempt.shown.parts) if one.id == part_id)
        self._lines(self._writer.question(shown))

    def mark(self, given: Submission) -> None:
        """How an answer was read, whether it is right, and what is to be said of it."""
        marked = given.marked
        if marked.tex:
            lines = self._writer.tex(marked.tex, "  ")
            lines[len(lines) // 2].stylize("dim")
            self.say("read as", style="dim")
            self._lines(lines)
        head, style = _STATUS[marked.status]
        if marked.points is not None and marked.status != "invalid":
            head += f": {given.earned} of {count_of(marked.max_points, 'point')}"
            if given.earned < marked.points:
                head += f" ({marked.points} without the {'solution' if given.after_solution else 'hints'})"
        self.say(head, style=style)
        if marked.message not in ("Right.", "That is not right.") and marked.status != "human":
            self.message(marked.message)

    def message(self, text: str) -> None:
        """What is to be said of an answer, in Markdown."""
        self._lines(self._writer.markdown(text))

    def hint(self, hint: Hint) -> None:
        """A worked step."""
        self.say(f"Hint {hint.number} of {hint.total}", style="bold cyan")
        self._lines(self._writer.blocks(hint.blocks, "  "))

    def criterion(self, criterion: Criterion) -> None:
        """A line of the rubric."""
        self._lines(self._writer.blocks([Paragraph(criterion.text)], "  "))

    def solution(self, question: Question, turn: WrongTurn | None) -> None:
        """The worked solution; with what went wrong in it, where that is known."""
        self.say("Solution", style="bold cyan")
        if turn is not None:
            self._wrong_turn(turn)
        elif question.key is not None:
            for step in question.key.steps:
                self._lines(self._writer.blocks(step, "  "))
        for number, space in enumerate((s for s in question.spaces if isinstance(s, ClaimSpace)), start=1):
            self.say(f"  {number}. {'true' if space.verdict else 'false'}", style="bold")
            self._lines(self._writer.blocks(space.reason, "     "))
        match question.key.answer if question.key else None:
            case BoxedAnswer(tex):
                self.say("  Answer", style="bold")
                self._lines(self._writer.tex(tex, "  "))
            case ModelAnswer(blocks):
                self._lines(self._writer.blocks(blocks, "  "))

    def _wrong_turn(self, turn: WrongTurn) -> None:
        pointer = Writer(self._width, strong=("▶ ", " ◀"))
        pointed = any(line.status == "here" for line in turn.lines)
        message = turn.message or ("Your answer differs where the arrows point." if pointed else "")
        self._lines(pointer.markdown(message, "  "))
        if turn.certain and turn.right and turn.yours:
            self.say(f"  {turn.step} should be", style="dim")
            self._lines(pointer.tex(turn.right, "    "))
            self.say("  and yours is", style="dim")
            self._lines(pointer.tex(turn.yours, "    "))
        for line in turn.lines:
            mark = {"right": "  ", "here": "✗ ", "after": "↳ "}[line.status]
            shown = pointer.blocks(line.blocks, "  ")
            if shown:
                shown[0] = Text.assemble((mark, "bold red"), shown[0][2:])
            self._lines(shown)
            if line.yours:
                self.say("    with yours:", style="dim")
                self._lines(pointer.blocks(line.yours, "    "))
        if turn.follows:
            self.say("  From your values follows", style="dim")
            self._lines(pointer.tex(turn.follows, "    "))

    def _lines(self, lines: list[Text]) -> None:
        for line in lines:
            self._console.print(line, soft_wrap=True)


def _all(questions: tuple[Question, ...]) -> list[Question]:
    return [one for question in questions for one in (question, *_all(question.parts))]
