"""The graders of a paper's problems: by the key as it is made today, or as it was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from generator.errors.language import phrase
from generator.grading import messages
from generator.grading.grader import Grader
from generator.grading.marks import Marked
from generator.paper.asked import asked_parts
from generator.paper.csv_tables import shown
from generator.paper.labels import PrintedProblem, part_labels
from generator.paper.rebuild import checked_variants
from generator.paper.record import ProblemRecord, Record
from generator.paper.recorded import as_recorded
from generator.paper.sheet import Sheet
from generator.problem.choices import LETTERS

PartOfPaper: TypeAlias = tuple[int, str]
"""A part of a paper: the place of its problem, from 1, and its id."""


class PaperGraders:
    """A paper to mark: a grader for each problem, the letters to mark by, and the names of the parts as it prints them."""

    def __init__(self, record: Record, graders: Sequence[Grader]) -> None:
        self.graders = graders
        self.letters = printed_letters(record, graders)
        self.labels = [part_labels(asked_parts(one.variant, one.entry)) for one in graders]
        self.printed = [
            PrintedProblem(one.variant.problem.id, one.variant.problem.heading, labels, tuple(one.parts))
            for one, labels in zip(graders, self.labels, strict=True)
        ]


def graders_of(record: Record, sheet: Sheet, *, decimals: bool, recorded: bool) -> list[Grader]:
    """Return the graders in the order of the sheet.

    Raise :class:`InputError` where the key is not made today as it was printed, unless the paper is taken as ``recorded``: then
    problems that have changed are marked by the recorded values alone.
    """
    if not recorded:
        return [
            Grader(variant, entry, decimals=decimals)
            for variant, entry in zip(checked_variants(record, sheet), sheet.entries, strict=True)
        ]
    return [
        Grader(
            one.variant,
            entry,
            decimals=decimals,
            key_only=not one.is_unchanged,
            verdicts=_printed_verdicts(stored),
        )
        for one, entry, stored in zip(as_recorded(record, sheet), sheet.entries, record.problems, strict=True)
    ]


def _printed_verdicts(stored: ProblemRecord) -> dict[str, list[bool]]:
    """Return the verdicts in a record that are right, by the parts with claims."""
    return {
        part: answer
        for part, answer in stored.answers.items()
        if isinstance(answer, list) and answer and all(isinstance(one, bool) for one in answer)
    }


def printed_letters(record: Record, graders: Sequence[Grader]) -> dict[PartOfPaper, str]:
    """Return the right letters in the record, of problems whose options may stand in another order today."""
    return {
        (place, part): LETTERS[letters.right[0]]
        for place, (grader, problem) in enumerate(zip(graders, record.problems, strict=True), start=1)
        if grader.key_only
        for part, letters in (problem.letters or {}).items()
        if len(letters.right) == 1
    }


def by_printed_letter(text: str, right: str, worth: int) -> Marked:
    """Mark a choice by the letter that was right on the paper."""
    letter = text.strip(" ().:\n\t").upper()
    if len(letter) != 1 or letter not in LETTERS:
        return Marked("invalid", 0, worth, message=phrase("marking.letter_expected", text=shown(text)))
    if letter == right:
        return Marked("correct", worth, worth, message=messages.right(rounded=False))
    return Marked("wrong", 0, worth, message=phrase("marking.right_letter", letter=right))
