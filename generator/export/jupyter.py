"""Notebooks for practice: a Markdown cell for each question, and a cell of jupyterquiz that says whether an answer is right."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from decimal import Decimal
from pprint import pformat
from typing import Any

from generator.errors.language import phrase, using
from generator.export.html import Html, data_address
from generator.export.identities import number_of
from generator.export.jupyter_markdown import Markdown
from generator.export.known_entries import digits_needed, wrong_numbers
from generator.export.losses import Losses
from generator.export.rules.jupyter import check
from generator.export.target import Options, Target, Written
from generator.export.tree import (
    Blocks,
    Choice,
    Claims,
    Computed,
    Entry,
    Export,
    Number,
    Part,
    Variant,
    figures_in,
)

MOST_FIELDS = 12
"""The entries of a matrix that are all asked for; of a larger one, its first row."""

LONGEST_ID = 64
_LITTLE = Decimal("1e-9")

Cell = dict[str, Any]


def write(export: Export, options: Options) -> Written:
    """Write a sheet as a notebook."""
    with using(export.language):
        return _Notebook(export, options).written()


class QuizHtml(Html):
    """HTML for jupyterquiz, which takes dollar signs for formulas and square brackets for links; MathJax then looks for both signs in what is shown."""

    def words(self, text: str) -> str:
        return _SIGNS.sub(self._plain, super().words(text))

    def _plain(self, sign: re.Match[str]) -> str:
        entity = f"&#{ord(sign[0])};"
        return entity if sign[0] == "[" else f'<span class="tex2jax_ignore mathjax_ignore">{entity}</span>'

    def _formula(self, tex: str, *, display: bool) -> str:
        sign = "$$" if display else "$"
        return f"{sign}{self.tex(tex)}{sign}"


_SIGNS = re.compile(r"[$\[\\]")


class _Notebook:
    def __init__(self, export: Export, options: Options) -> None:
        self._export = export
        self._options = options
        self._html = QuizHtml(export.figures, lambda name: data_address(export.figures[name]))
        self._markdown = Markdown(export.figures)
        self._losses = Losses()

    def written(self) -> Written:
        """Return the notebook."""
        cells = list(self._cells())
        notebook = {
            "cells": cells,
            "metadata": {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        content = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        return Written(
            {"": content.encode()},
            self._losses.lines,
            "Open it in JupyterLab, run all cells once and save; whoever opens it needs the package jupyterquiz (pip install jupyterquiz). "
            "Right answers can be read in the file: it is for practice, not for marks.",
        )

    def _cells(self) -> Iterator[Cell]:
        export = self._export
        who = f"\n\n{self._markdown.words(export.student.name)} ({self._markdown.words(export.student.id)})"
        title = f"# {self._markdown.words(export.title)}{who if export.student.id else ''}"
        instructions = self._markdown.blocks(export.instructions)
        yield self._text("title", "\n\n".join(filter(None, (title, instructions))), export.instructions)
        for problem in export.problems:
            yield self._text(f"{problem.id}-heading", f"## {self._markdown.words(problem.title)}")
            for part in problem.parts:
                for variant in part.variants:
                    yield from self._question(part, variant)

    def _question(self, part: Part, variant: Variant) -> Iterator[Cell]:
        name = f"{part.id}-{variant.id}"
        points = phrase("count.point", count=part.points)
        heading = f"### {self._markdown.words(f'{part.label} ({points})'.strip())}"
        prompt = self._markdown.blocks(variant.prompt)
        note = ""
        if isinstance(variant.answer, Computed):
            note = self._markdown.words(phrase("export.numbers", count=digits_needed(variant.answer)))
        yield self._text(name, "\n\n".join(filter(None, (heading, prompt, note))), variant.prompt)
        questions = list(self._quiz(part, variant))
        if questions:
            source = f"from jupyterquiz import display_quiz\n\ndisplay_quiz({pformat(questions, width=110, sort_dicts=False)})"
            yield self._code(f"{name}-check", source)
        else:
            self._losses.add(ESSAYS)
            yield self._text(f"{name}-answer", f"*{self._markdown.words(phrase('export.write_here'))}*")
        if self._options.solutions is not False and variant.solution:
            summary = self._markdown.words(phrase("practice.solution"))
            body = f"<details><summary>{summary}</summary>\n\n{self._markdown.blocks(variant.solution)}\n\n</details>"
            yield self._text(f"{name}-solution", body, variant.solution)

    def _text(self, name: str, source: str, content: Blocks = ()) -> Cell:
        cell: Cell = {"cell_type": "markdown", "id": _cell_id(name), "metadata": {}, "source": _lines(source)}
        attached = {
            self._markdown.file(one): {
                self._export.figures[one].media_type: b64encode(self._export.figures[one].content).decode()
            }
            for one in figures_in(content)
        }
        return {**cell, "attachments": attached} if attached else cell

    def _code(self, name: str, source: str) -> Cell:
        metadata = {"jupyter": {"source_hidden": True}, "tags": ["remove-input"]}
        return {
            "cell_type": "code", "execution_count": None, "id": _cell_id(name), "metadata": metadata, "outputs": [],
            "source": _lines(source),
        }  # fmt: skip

    # ------------------------------------------------------------------------------------------- checks

    def _quiz(self, part: Part, variant: Variant) -> Iterator[dict[str, Any]]:
        """Yield the questions of jupyterquiz for a part."""
        match variant.answer:
            case Computed() as answer:
                count = len(answer.entries)
                if count > MOST_FIELDS and part.kind in ("vector", "matrix") and answer.rows > 1:
                    self._losses.add(LARGE)
                    count = answer.columns
                for place, entry in enumerate(answer.entries[:count]):
                    yield self._numeric(variant, place, self._asked(part, answer, place, entry))
            case Choice() as choice:
                yield {
                    "question": self._html.words(phrase("export.several" if choice.several else "export.one")),
                    "type": "many_choice" if choice.several else "multiple_choice",
                    "answers": [
                        self._option(self._line(one.text), one.feedback, is_right=one.right) for one in choice.options
                    ],
                }
            case Claims() as claims:
                self._losses.add(REASONS, claims.reason_points > 0)
                words = {True: phrase("worksheet.true"), False: phrase("worksheet.false")}
                for one in claims.statements:
                    reason = one.reason if self._options.hints is not False else ()
                    yield {
                        "question": self._line(one.text),
                        "type": "multiple_choice",
                        "answers": [
                            self._option(
                                self._html.words(words[verdict]),
                                () if verdict == one.verdict else reason,
                                is_right=verdict == one.verdict,
                            )
                            for verdict in (True, False)
                        ],
                    }

    def _asked(self, part: Part, answer: Computed, place: int, entry: Entry) -> str:
        """Return the formula that a field stands after."""
        if entry.label:
            size = f" ({phrase('practice.entry_field', place=entry.place)})" if entry.place else ""
            return f"${self._html.tex(entry.label)}${self._html.words(size)} ="
        symbol = f"${self._html.tex(answer.symbol)}$" if answer.symbol else ""
        if part.kind == "number":
            return f"{symbol or self._html.words(phrase('worksheet.answer'))} ="
        row, column = divmod(place, answer.columns)
        words = (
            phrase("reading.row_and_column", row=row + 1, column=column + 1)
            if part.kind == "matrix"
            else phrase("practice.entry_field", place=place + 1)
        )
        return f"{symbol}{', ' if symbol else ''}{self._html.words(words)} ="

    def _numeric(self, variant: Variant, place: int, asked: str) -> dict[str, Any]:
        """Return a question for one number: the first range that an answer is in counts."""
        assert isinstance(variant.answer, Computed)
        key = variant.answer.entries[place].number
        answers = [_range(key, self._html.words(phrase("export.right")), is_right=True)]
        if self._options.hints is not False:
            answers += [
                _range(one.number, self._line(one.feedback), is_right=False)
                for one in wrong_numbers(variant.answer, variant.mistakes, place)
            ]
        answers.append({"type": "default", "feedback": self._html.words(phrase("export.not_right"))})
        return {"question": asked, "type": "numeric", "answers": answers}

    def _option(self, text: str, feedback: Blocks, *, is_right: bool) -> dict[str, Any]:
        said = self._line(feedback) if feedback and self._options.hints is not False else ""
        plain = phrase("export.right" if is_right else "export.not_right")
        return {"answer": text, "correct": is_right, "feedback": said or self._html.words(plain)}

    def _line(self, content: Blocks) -> str:
        if len(content) == 1 and "p" in content[0]:
            return self._html.line(content[0]["p"])
        return self._html.blocks(content)


def _range(number: Number, feedback: str, *, is_right: bool) -> dict[str, Any]:
    """Return the range of a number: its tolerance to both sides, whose upper end jupyterquiz itself leaves out."""
    value, tolerance = Decimal(number.decimal), Decimal(number.tolerance)
    if not tolerance:
        return {"type": "value", "value": _literal(value), "correct": is_right, "feedback": feedback}
    little = tolerance * _LITTLE
    ends = [_literal(value - tolerance - little), _literal(value + tolerance + little)]
    return {"type": "range", "range": ends, "correct": is_right, "feedback": feedback}


def _literal(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else float(value)


def _cell_id(name: str) -> str:
    """Return the id of a cell: it says what it is for, and is the same in every export."""
    found = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if found == name.replace(".", "-") and len(found) <= LONGEST_ID:
        return found
    return f"{found[:48]}-{number_of('jupyter', name)}"


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


ESSAYS = (
    "essay without a check: nothing in a notebook marks words",
    "essays without a check: nothing in a notebook marks words",
)
LARGE = (
    "matrix with more than 12 entries: only the first row is asked",
    "matrices with more than 12 entries: only the first row is asked",
)
REASONS = (
    "question of claims: only the verdicts are asked, not the reasons",
    "questions of claims: only the verdicts are asked, not the reasons",
)

TARGET = Target(
    "jupyter",
    "Jupyter",
    "ipynb",
    write,
    check,
    takes=frozenset({"hints", "solutions"}),
    count=1,
    shows_answers=True,
    by_student=True,
)
