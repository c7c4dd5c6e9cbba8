"""A paper that was printed from practice, found again by the id in its foot.

The id of an attempt's paper has the stream that its variant was drawn from, that of an exam's a digest of the exam;
problem, level and parts are known from the progress alone.  An attempt can also be drawn again without it, where somebody
says that the paper is one of practice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.errors import InputError
from generator.paper.ids import PaperId
from generator.paper.paper import Paper, assemble, draw_entries
from generator.paper.rebuild import Found
from generator.paper.sheet import Entry, Sheet
from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.printing import NAME, paper_of
from generator.practice.store import Store
from generator.problem.catalogue import catalogue
from generator.problem.draw import stream


def find_printed(identity: PaperId, progress: Path, *, now: Callable[[], float] = time.time) -> Found | None:
    """The paper in the file of somebody's progress; None if it is not there, or there is no such file.

    Raises :class:`InputError` where the key would give away what is not finished, and :class:`StoreError` for a file that
    cannot be used.
    """
    if not progress.is_file():
        return None
    with Store(progress) as store:
        practice = Practice(store, now=now)
        for paper, sheet, is_open in _printed(practice, identity.stream):
            if sheet.code == identity.sheet:
                if is_open:
                    raise InputError(
                        f"the paper {identity} is one of your practice, and not finished: its key is to be had once you have seen "
                        "the solutions, or handed in the exam",
                        field="ID",
                    )
                return Found(paper, sheet, progress)
    return None


def _printed(practice: Practice, source: str) -> Iterator[tuple[Paper, Sheet, bool]]:
    """The papers of this stream, the latest first, and whether their keys would give something away."""
    exams = Exams(practice)
    for row in practice.store.all("SELECT id FROM attempts WHERE stream = ? ORDER BY started DESC, rowid DESC", source):
        attempt = practice.load(row["id"])
        if attempt.exam is not None:
            is_open = not exams.load(attempt.exam).is_over
        else:
            parts = practice.state(attempt).parts.values()
            is_open = not all(part.solution_shown or part.is_settled for part in parts)
        yield *paper_of([attempt], attempt.problem.title), is_open
    for row in practice.store.all("SELECT id FROM exams ORDER BY started DESC, rowid DESC"):
        if stream(row["id"]) == source:
            exam = exams.load(row["id"])
            yield *paper_of(exam.attempts, "Exam"), not exam.is_over


def draw_printed(identity: PaperId) -> Found:
    """The paper of one attempt, drawn again from its id; raises :class:`InputError` where the id fits none, or several."""
    found = [sheet for sheet in _possible_sheets() if sheet.code == identity.sheet]
    if len(found) != 1:
        raise InputError(
            f"{identity} cannot be drawn again from the id alone: an exam's paper, or one of a problem in a file of its own, is found in "
            "the progress it was printed from, named with --data",
            field="ID",
        )
    return Found(assemble(found[0], identity, draw_entries(found[0], identity.stream)), found[0], None)


def _possible_sheets() -> Iterator[Sheet]:
    for problem in catalogue().values():
        for level in problem.levels:
            for guided in (False, True):
                yield Sheet(NAME, problem.title, (Entry(problem, guided=guided, level=level),))
