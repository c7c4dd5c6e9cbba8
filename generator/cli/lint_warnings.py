"""The warnings of ``worksheet check``: what prints, and is unwise."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from generator.cli.lint import FEW, Check, Subject
from generator.document import prose
from generator.errors import AuthoringError, WorksheetError, did_you_mean
from generator.problem import drawing
from generator.problem.answers import Fields
from generator.problem.author_code import line_of_argument
from generator.problem.choices import Choice, Subsets
from generator.problem.problem import Variant

MANY = 60
"""So many are drawn to find a mistake that is made seldom."""

MUCH_WORK = 4
"""From so many points on a computed part is expected to have room to work."""


def raw_texts(subject: Subject) -> Iterator[WorksheetError]:
    r"""No text has an escape that Python does not know, such as ``\s`` in ``"\sigma"``."""
    home = Path(subject.problem.home)
    try:
        text = home.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compile(text, home.name, "exec")
    for one in caught:
        if "escape sequence" in str(one.message):
            yield AuthoringError(f"{one.message}: make the text raw, r'…'").locate(
                line=f"{home.name}, line {one.lineno}"
            )


def hints_before_the_answer(subject: Subject) -> Iterator[WorksheetError]:
    """A worked solution has more lines than the one with the answer, which else is the only hint."""
    for part in subject.parts.values():
        if part.answer is None or part.answer.step is None or part.guided or isinstance(part.answer, Choice | Subsets):
            continue
        if not part.steps:
            yield subject.fault("no worked solution: give steps= (in a sheet's file, solution)", part=part.id)
        elif (
            len(part.steps) == 1
            and isinstance(part.steps[0], str | prose.Say)
            and part.hint is None
            and part.own_worth > 1
        ):
            yield subject.fault("the worked solution is one line, so that the only hint is the answer", part=part.id)


def room_to_work(subject: Subject) -> Iterator[WorksheetError]:
    """A part of many points has room to work."""
    for part in subject.parts.values():
        if part.answer is None or part.answer.step is None or isinstance(part.answer, Choice | Fields | Subsets):
            continue
        if part.own_worth >= MUCH_WORK and not part.room:
            yield subject.fault(f"{part.own_worth} points, and no room to work: give room=, in lines", part=part.id)


def mistakes_that_apply(subject: Subject) -> Iterator[WorksheetError]:
    """Each mistake can be made in some variant; for one that is made seldom, more of them are drawn."""
    missing = {mistake.name for mistake in subject.problem.mistakes}
    count = 0
    for variant in chain(subject.variants, _more_variants(subject)):
        count += 1
        missing -= {mistake.name for mistake, _ in variant.wrong}
        if not missing:
            return
    for mistake in subject.problem.mistakes:
        if mistake.name in missing:
            yield subject.fault(f"it can be made in none of {count} variants", mistake=mistake.name)


def _more_variants(subject: Subject) -> Iterator[Variant]:
    """Those of the next seeds, up to one that cannot be drawn, which is reported by itself."""
    with suppress(WorksheetError):
        for seed in subject.seeds[FEW:MANY]:
            yield drawing.draw_variant(subject.problem, seed, level=subject.entry.level)


def possible_parts(subject: Subject) -> Iterator[WorksheetError]:
    """The parts that ``possible`` speaks of are parts of the problem."""
    for name in subject.problem.levels[subject.entry.level].possible:
        if name not in drawing.known_parts(subject.problem):
            yield subject.fault(
                f"possible= names {name!r}, which is no part{did_you_mean(name, sorted(drawing.known_parts(subject.problem)))}",
                line=line_of_argument(subject.problem.home, "possible"),
            )


def needs_that_exist(subject: Subject) -> Iterator[WorksheetError]:
    """The parts that a part or an entry of the bank needs are parts of the problem."""
    known = drawing.known_parts(subject.problem)
    for part in subject.parts.values():
        for name in part.needs:
            if name not in known:
                yield subject.fault(f"needs {name!r}, which is no part", part=part.id)
    bank = subject.problem.bank
    for entries in bank.contents.groups.values() if bank is not None else ():
        for entry in entries.values():
            for name in entry.needs:
                if name not in known:
                    message = f"{entry.key} needs {name!r}, which is no part{did_you_mean(name, sorted(known))}"
                    yield subject.fault(message, line=subject.problem.line_with(f"[{entry.key}]"))


WARNINGS: tuple[Check, ...] = (
    raw_texts,
    hints_before_the_answer,
    room_to_work,
    needs_that_exist,
    mistakes_that_apply,
    possible_parts,
)
