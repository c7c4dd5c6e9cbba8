"""The records of a CSV file with the numbers of their rows, the separator that it declares, and why it is no CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.paper.cells import LONGEST_TEXT

_DECLARED = re.compile(r'"?sep=([,;\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class Record:
    """A record that may run over several rows: the numbers of its first and its last one, and its fields."""

    number: int
    last: int
    fields: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(field.strip() for field in self.fields)


def records(text: str, delimiter: str, first: int) -> Iterator[Record]:
    """The records of a CSV whose first line is line ``first + 1`` of the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first
    for fields in reader:
        last = first + reader.line_num
        yield Record(number + 1, last, tuple(fields))
        number = last


def declared_delimiter(text: str) -> tuple[str, str]:
    """Excel may write ``sep=;`` before the header: that delimiter (or nothing), and the text after it."""
    found = _DECLARED.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def csv_fault(error: csv.Error) -> str:
    """What is wrong, and what to do."""
    message = str(error)
    if "field limit" in message:
        return (
            f"expected at most {LONGEST_TEXT} characters a field; got more than {csv.field_size_limit()}: "
            "shorten it, or close its quotation mark"
        )
    if "end of data" in message:
        return 'a field begins with a quotation mark that is never closed: close it, or double it ("") within a field'
    return f'a quotation mark within a field must be doubled (""); got other text after a closing one ({message})'
