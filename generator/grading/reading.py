r"""An answer as a student types it, read exactly: numbers, vectors, matrices, shapes, choices, truths, text.

Nothing is evaluated as code; every limit is checked before the arithmetic it is for; whatever cannot be read
raises :class:`Unreadable`, which points at the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.grading import words
from generator.grading.entries import Entry, entries_of, number_of
from generator.grading.tokens import MAX_ENTRY_CHARACTERS, Unreadable, tokenise
from generator.grading.trees import decimals, tex
from generator.grading.values import Evaluator, evaluator

__all__ = [
    "Read", "Unreadable", "read_choice", "read_matrix", "read_number", "read_shape", "read_text", "read_truths",
    "read_vector",
]  # fmt: skip


@dataclass(frozen=True)
class Read:
    """An answer that was read.

    ``value`` is an exact sympy number, or nested tuples of them (or of positions or bools); for a text the words.
    ``tex`` shows how it was read.  ``rounded`` has the form of ``value``: where a number was typed with decimals the
    fewest places among them (``0.50/3`` has 2), elsewhere 0; it is ``False`` where no number was.
    """

    value: Any
    tex: str
    rounded: Any = False


def read_number(text: str) -> Read:
    """One number: ``-1 - 2√3/3``, ``0.25``, ``x = 3``.  Raises :class:`Unreadable`."""
    entry = number_of(tokenise(text, MAX_ENTRY_CHARACTERS))
    return Read(evaluator().value(entry.tree), tex(entry.tree), decimals(entry.tree) or False)


def read_vector(text: str, length: int | None = None) -> Read:
    """A row or a column of numbers: ``[1, 2, 3]``, ``1 2 3``, ``1; 2; 3``.

    ``length`` is how many are expected; it settles nothing and serves only to say what may have been meant.
    Raises :class:`Unreadable`.
    """
    rows = entries_of(tokenise(text), length=length)
    if len(rows) > 1 and max(map(len, rows)) > 1:
        point = "; for decimals write 1.5, not 1,5" if len(rows[0]) == 2 and "," in text and ";" in text else ""
        raise Unreadable(
            f"expected one row or one column; this has {len(rows)} rows of {len(rows[0])} entries{point}",
            rows[1][0].start,
            (1, 0),
        )
    entries = rows[0] if len(rows) == 1 else tuple(row[0] for row in rows)
    of = evaluator()
    value = tuple(evaluated(of, entry) for entry in entries)
    return Read(value, _framed([[tex(entry.tree) for entry in entries]]), _marks(entries))


def read_matrix(text: str) -> Read:
    """A matrix, rows by newline, ``;``, brackets or LaTeX.  Raises :class:`Unreadable`, also for uneven rows."""
    rows = entries_of(tokenise(text))
    of = evaluator()
    value = tuple(tuple(evaluated(of, entry) for entry in row) for row in rows)
    marks = tuple(_marks(row) or (0,) * len(row) for row in rows)
    rounded = marks if any(map(any, marks)) else False
    return Read(value, _framed([[tex(entry.tree) for entry in row] for row in rows]), rounded)


def evaluated(of: Evaluator, entry: Entry) -> Any:
    """The value of an entry; :class:`Unreadable` says which one it was."""
    try:
        return of.value(entry.tree)
    except Unreadable as error:
        raise Unreadable(error.reason, error.position, entry.place) from error


def _marks(entries: tuple[Entry, ...]) -> Any:
    marks = tuple(decimals(entry.tree) for entry in entries)
    return marks if any(marks) else False


def _framed(rows: list[list[str]]) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(map(" & ".join, rows)) + r" \end{bmatrix}"


def read_shape(text: str) -> Read:
    """The shape of an array: ``[4, 128]``, ``4x128``, ``4 by 128``; a tuple of positive Integers."""
    sizes = words.shape(text)
    return Read(sizes, "[" + ", ".join(map(str, sizes)) + "]")


def read_choice(text: str, options: int, several: bool = False) -> Read:
    """The letter of an option, or where ``several`` all the letters: positions from 0, rising."""
    places = words.choice(text, options, several=several)
    letters = ", ".join(f"({words.LETTERS[place]})" for place in places)
    return Read(places, rf"\text{{{letters}}}")


def read_truths(text: str, count: int) -> Read:
    """``count`` times true or false: ``T F``, ``true, false``, ``1,0``, ``✓ ✗``; a tuple of bools."""
    truths = words.truths(text, count)
    return Read(truths, r"\text{" + ", ".join("true" if truth else "false" for truth in truths) + "}")


def read_text(text: str) -> Read:
    """Sentences, with Unicode composed, ends of lines alike and blanks at the ends dropped; no TeX."""
    return Read(words.prose(text), "")
