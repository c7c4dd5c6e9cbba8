"""Rubrics for Gradescope: what each mistake costs, a line each, in the site's Markdown.

Where the papers of a class have numbers of their own, a question still has one rubric: its lines say what all papers have in
common, with an ellipsis where they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from generator.errors.language import phrase
from generator.export.block_writer import BlockWriter
from generator.export.tree import Blocks, Choice, Claims, Computed, Essay, Line, Part, Variant
from generator.render.escaping import one_line

Item = tuple[int, str]
"""What a line takes off, and its words."""

SEE_KEY = "Correct: as in the student's key."


def section(title: str, questions: Iterable[tuple[str, Part, Iterable[Item]]]) -> list[str]:
    """Return the lines of a section: the questions by their numbers, each with its items."""
    lines = ["", f"## {title}"]
    for number, part, items in questions:
        lines += ["", f"### Q{number} {one_line(part.title)} ({part.points} pts)"]
        lines += [f"- **{f'-{points}' if points else '0'}**: {text}" for points, text in items]
    return lines


def items_of(part: Part, variant: Variant) -> Iterator[Item]:
    """Yield the items for papers that have this variant."""
    match variant.answer:
        case Essay() as essay:
            yield 0, "Correct."
            for line in essay.rubric:
                yield line.points, f"Not there: {_WRITER.line(line.text)}"
        case Claims() as claims:
            yield 0, "Correct."
            for place, statement in enumerate(claims.statements, start=1):
                verdict = "true" if statement.verdict else "false"
                yield claims.verdict_points, f"Claim {place}: it is {verdict}."
                yield (
                    claims.reason_points,
                    f"Claim {place}: the reason is missing or wrong. {_WRITER.blocks(statement.reason)}",
                )
        case Choice() as choice:
            right = ", ".join(LETTERS[place] for place, option in enumerate(choice.options) if option.right)
            yield 0, f"Correct: {right}."
            for letter, option in zip(LETTERS, choice.options, strict=False):
                if option.feedback:
                    yield part.points, f"({letter}) {_WRITER.blocks(option.feedback)}"
            yield part.points, WRONG
        case Computed() as answer:
            key = ", ".join(f"$${entry.number.tex}$$" for entry in answer.entries)
            yield 0, f"Correct: {key}."
            for mistake in variant.mistakes:
                yield _cost(part, mistake.share), _WRITER.blocks(mistake.feedback)
            yield part.points, WRONG


LETTERS = "ABCDEFGH"
WRONG = "Wrong, or no answer."


def items_for_all(part: Part, variants: Sequence[Variant]) -> Iterator[Item]:
    """Yield the items for papers that have different variants of a part."""
    answers = [one.answer for one in variants]
    if all(one == answers[0] for one in answers) and all(one.mistakes == variants[0].mistakes for one in variants):
        yield from items_of(part, variants[0])
        return
    yield 0, SEE_KEY
    match answers[0]:
        case Essay():
            for points in range(1, part.points + 1):
                what = "a point" if points == 1 else f"{points} points"
                yield points, f"Not there: {what} of the rubric in the student's key."
        case Claims() as claims:
            for place in range(1, max(len(one.statements) for one in answers if isinstance(one, Claims)) + 1):
                yield claims.verdict_points, f"Claim {place}: the verdict is wrong."
                yield claims.reason_points, f"Claim {place}: the reason is missing or wrong."
        case Choice():
            texts = [
                text
                for one in answers
                if isinstance(one, Choice)
                for option in one.options
                if option.feedback
                for text in _sentences(_WRITER.blocks(option.feedback))
            ]
            # Options are named by their places, which differ between papers: what is said of them is known by its words.
            yield from _merged(((_VALUE.sub("…", text), part.points), text) for text in texts)
            yield part.points, WRONG
        case Computed():
            yield from _merged(
                ((mistake.id, _cost(part, mistake.share)), _WRITER.blocks(mistake.feedback))
                for one in variants
                for mistake in one.mistakes
            )
            yield part.points, WRONG


def _cost(part: Part, share: Fraction) -> int:
    return part.points - int(part.points * share)


def _merged(found: Iterable[tuple[tuple[str, int], str]]) -> Iterator[Item]:
    """Yield what is said of each mistake once, in the order of the first: with what all papers say in common.

    Where several lead to the same answer on some papers, and others on other papers, the first of them is named, whose id it has.
    """
    texts: dict[tuple[str, int], dict[str, None]] = {}
    for named, text in found:
        texts.setdefault(named, {})[text] = None
    yield from dict.fromkeys(
        (points, in_common(_of_the_first([*different])) or name.replace("-", " ").replace("_", " "))
        for (name, points), different in texts.items()
    )


def _of_the_first(texts: Sequence[str]) -> list[str]:
    return [*texts] if len(texts) < 2 else [_sentences(text)[0] for text in texts]


def _sentences(text: str) -> list[str]:
    """Return a sentence about each of several mistakes that lead to the same answer."""
    first, *others = text.split(phrase("export.or"))
    if not others:
        return [text]
    before, after = phrase("export.you", mistake="\0").split("\0")
    clauses = [first.removeprefix(before), *others[:-1], others[-1].removesuffix(after)]
    return [f"{before}{clause}{after}" for clause in clauses]


_TOKEN = re.compile(r"\$\$.*?\$\$|`[^`]*`|\s+|[^\s$`]+|[$`]")
_VALUE = re.compile(r"\$\$.*?\$\$|`[^`]*`|\d+")
_WORD = re.compile(r"[^\W\d_]{2}")


def in_common(texts: Sequence[str]) -> str:
    """Return the words and formulas that all texts have, ``…`` in place of others; empty where no word is left."""
    rows = [_TOKEN.findall(text) for text in texts]
    if len({len(row) for row in rows}) == 1:
        columns = [(column[0] if len({*column}) == 1 else "…") for column in zip(*rows, strict=True)]
    else:
        columns = [*_beginning(rows), "…", *reversed(_beginning([row[::-1] for row in rows]))]
    text = re.sub(r"…(?:\s*…)+", "…", "".join(columns)).strip()
    return text if _WORD.search(re.sub(r"\$\$.*?\$\$", "", text)) else ""


def _beginning(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the tokens with which all rows begin, at most half of the shortest: its two ends do not overlap."""
    found: list[str] = []
    for column in zip(*(row[: (len(row)) // 2] for row in rows), strict=False):
        if len({*column}) > 1:
            break
        found.append(column[0])
    return found


class _OneLine(BlockWriter):
    """The site's Markdown in one line; drawings and tables are left out."""

    between = " "

    def blocks(self, content: Blocks) -> str:
        return self.between.join(filter(None, map(self._block, content)))

    def line(self, content: Line) -> str:
        return one_line(super().line(content))

    def paragraph(self, content: Line) -> str:
        return self.line(content)

    def display(self, tex: str) -> str:
        return self.formula(tex)

    def bullets(self, items: Sequence[Blocks]) -> str:
        return self.between.join(map(self.blocks, items))

    def numbered(self, items: Sequence[Blocks]) -> str:
        return self.bullets(items)

    def table(self, rows: Sequence[Sequence[Line]], header: int) -> str:
        return ""

    def program(self, code: str) -> str:
        return self.code(one_line(code))

    def figure(self, name: str) -> str:
        return ""

    def words(self, text: str) -> str:
        return text.replace("**", "* *")

    def formula(self, tex: str) -> str:
        return f"$${tex}$$"

    def code(self, code: str) -> str:
        return f"`{code}`"

    def emphasis(self, inner: str) -> str:
        return inner

    def strong(self, inner: str) -> str:
        return inner

    def link(self, inner: str, url: str) -> str:
        return inner


_WRITER = _OneLine()
