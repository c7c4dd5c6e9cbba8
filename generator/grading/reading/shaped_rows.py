"""The rows of entries that a text has, if it is to have the shape of the right answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from generator.grading.nesting import depth_of, flatten, shape_of
from generator.grading.reading.doubts import may_be_grouped
from generator.grading.reading.entries import Entry, rows_of
from generator.grading.reading.loose import BLANKS, loose_rows
from generator.grading.reading.prints import without_list_numbers
from generator.numbers.tokens import MAX_CHARACTERS, UnreadableError, check_length

Rows = Sequence[Sequence[Entry]]


def as_row(rows: Rows) -> Rows:
    """Return all entries in one row."""
    return [[entry for row in rows for entry in row]]


_LAST_COMMA = re.compile(r",\s{0,20}(?:[\])};]|\Z)|,[ ]{0,20}\n")
_EMPTY_ROW = re.compile(r"^[ ]*(?:[\n;]|$)|[\n;][ ]*(?=[\n;]|$)")

_WORD_ALONE = re.compile(r"(?<![^\s;])[^\W\d_]+(?![^\s;])")


def rows_like(text: str, like: Any) -> Rows | None:
    """Return the rows of entries that have the right shape: of several those with the fewest that cannot be read."""
    fitting = [rows for rows in _layouts(text, like) if _has_shape(rows, like)]
    best = min(fitting, key=_unreadable, default=None)
    if best is not None and not any(entry.error is not None and entry.typed for row in best for entry in row):
        return best
    shape = shape_of(like, depth_of(like)) or ()  # 0,5 -0,75 2 has commas that separate nothing
    if best is None:
        return None if ";" in text else next(filter(_readable_as(like), loose_rows(text, shape, (r"\|", BLANKS))), None)
    return next(filter(_readable_as(like), loose_rows(text, shape)), best)


def _readable_as(like: Any) -> Callable[[Rows], bool]:
    """Return the test whether all entries of some rows can be read, or are to be asked about."""

    def readable(rows: Rows) -> bool:
        entries = zip(as_row(rows)[0], flatten(like), strict=True)
        return all(entry.error is None or may_be_grouped(entry.typed, right) for entry, right in entries)

    return readable


def _unreadable(rows: Rows) -> int:
    return sum(entry.error is not None for row in rows for entry in row)


def _layouts(text: str, like: Any) -> Iterator[Rows]:
    """Yield the rows of entries that the text may have."""
    texts = [check_length(text, MAX_CHARACTERS)]
    if depth_of(like) == 1 and "\n" in text.strip() and "[" in text:  # as NumPy breaks the lines of a long vector
        texts.append(re.sub("[\r\n]", " ", text))
    if (other := without_list_numbers(text)) != text:
        texts.append(other)
    readable = False
    for one in texts:
        for last_may_be_empty in (False, True) if _LAST_COMMA.search(one) is not None else (False,):
            try:
                rows = rows_of(one, last_may_be_empty=last_may_be_empty)
            except UnreadableError:
                continue
            readable = True
            yield rows
    shape = shape_of(like, depth_of(like)) or ()
    if not readable:
        yield from loose_rows(text, shape)
    elif shape[1:] in ((), (1,)) and _EMPTY_ROW.search(text) is not None:
        yield from loose_rows(text, shape, separators=("&",))
    elif _WORD_ALONE.search(text) is not None:  # which is no unit then, but an entry that cannot be read
        yield from loose_rows(text, shape, separators=(" +",))


def _has_shape(rows: Rows, like: Any) -> bool:
    ours, theirs = (len(rows), len(rows[0])), shape_of(like, depth_of(like)) or ()
    if ours == theirs:
        return True
    if not theirs:  # vectors of several lengths
        return False
    return min(ours) == 1 and max(ours) == max(theirs) == ours[0] * ours[1] == len(flatten(like))
