"""Entries of a vector or matrix where the layout cannot be read, as with a bracket that is not closed in one of them.

The text is cut at what separates rows and entries alone; the cut counts only if it gives as many entries as there should be, and
goes through no brackets that are closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.grading.reading.brackets import check_brackets
from generator.grading.reading.entries import Entry, number_of
from generator.numbers.tokens import UnreadableError, tokenize

_ROW_ENDS = (";", r"\r\n|\r|\n", r"\\\\", r"\][ ]*,?[ ]*(?=\[)")
BLANKS = r"(?<=[^\s,;]) +(?=\S)"
_SEPARATORS = ("&", r"\t", r",\s", ",", r"\|", BLANKS)
_OPENING, _CLOSING = " \t[({", " \t])}"


def loose_rows(
    text: str, shape: tuple[int, ...], separators: Sequence[str] = _SEPARATORS
) -> Iterator[tuple[tuple[Entry, ...], ...]]:
    """Yield the rows of entries that the text may have, if they have this shape."""
    wanted = shape if len(shape) == 2 else (1, *shape)
    balanced = _is_balanced(text)
    for row_end in _ROW_ENDS:
        for separator in separators:
            cells = _cells(text, row_end, separator)
            for lines in (cells, [[cell for line in cells for cell in line]] if len(shape) == 1 else cells):
                if (len(lines), *{len(line) for line in lines}) == wanted and not (balanced and _cuts_brackets(lines)):
                    yield tuple(
                        tuple(
                            _entry(cell, start, (i, j), ends=(j == 0, j == len(line) - 1))
                            for j, (cell, start) in enumerate(line)
                        )
                        for i, line in enumerate(lines)
                    )


def _cuts_brackets(lines: Sequence[Sequence[tuple[str, int]]]) -> bool:
    """Return whether a cell has half of a pair of brackets, other than those around its row or around all of it."""
    for line in lines:
        for place, (cell, _) in enumerate(line):
            typed = cell.strip()
            outer = typed.lstrip(_OPENING) if place == 0 else typed
            outer = outer.rstrip(_CLOSING) if place == len(line) - 1 else outer
            if not (_is_balanced(typed) or _is_balanced(outer)):
                return True
    return False


def _is_balanced(text: str) -> bool:
    try:
        tokens = tokenize(text)
        check_brackets(tokens)
    except UnreadableError:
        return False
    return sum(token.kind == "begin" for token in tokens) == sum(token.kind == "end" for token in tokens)


def _cells(text: str, row_end: str, separator: str) -> list[list[tuple[str, int]]]:
    """Return the texts of the cells by rows, each with its start."""
    return [[(cell, start + begin) for cell, begin in _cut(line, separator)] for line, start in _cut(text, row_end)]


def _cut(text: str, separator: str) -> list[tuple[str, int]]:
    ends = [(found.start(), found.end()) for found in re.finditer(separator, text)]
    starts = [0, *(end for _, end in ends)]
    return [
        (text[start:stop], start)
        for start, stop in zip(starts, [*(begin for begin, _ in ends), len(text)], strict=True)
    ]


def _entry(cell: str, start: int, place: tuple[int, int], *, ends: tuple[bool, bool]) -> Entry:
    """Return a cell as an entry, without brackets that stand around its row, at whose ``ends`` it is."""
    typed = cell.strip()
    outer = typed.lstrip(_OPENING) if ends[0] else typed
    outer = outer.rstrip(_CLOSING) if ends[1] else outer
    for text in (typed, outer):
        try:
            read = number_of(text)
        except UnreadableError as caught:
            error = caught
            continue
        return Entry(read.trees, start, place, typed)
    return Entry((), start, place, typed, UnreadableError(error.reason, start + error.position, place))
