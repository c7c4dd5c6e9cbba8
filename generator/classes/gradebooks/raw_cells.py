"""Where the cells of a CSV stand in its text, so that one can be replaced and nothing else changes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.errors import InputError
from generator.paper.table_reader import encoding_of

Span = tuple[int, int]


@dataclass(frozen=True)
class RawText:
    """A file as text: the mark before it, the encoding after the mark, and the text."""

    mark: bytes
    encoding: str
    text: str

    def encoded(self, text: str) -> bytes:
        """Return another text as this file would have it."""
        return self.mark + text.encode(self.encoding)


_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def raw_text(content: bytes) -> RawText:
    """Return a file as text that gives the same bytes again; raise :class:`InputError` where it does not."""
    mark, encoding = next(((one, of) for one, of in _MARKS if content.startswith(one)), (b"", encoding_of(content)))
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        found = RawText(mark, encoding, content[len(mark) :].decode(encoding))
        same = found.encoded(found.text) == content
    except UnicodeError as error:
        raise InputError("is not in UTF-8 or UTF-16: download it again, and do not save it in between") from error
    if not same:
        raise InputError("could not be written again byte by byte: download it again, and do not save it in between")
    return found


def raw_rows(text: str, delimiter: str) -> Mapping[int, tuple[Span, ...]]:
    """Return where the cells of each row begin and end, with their quotation marks, by the number of the row's first line."""
    return dict(_rows(text, delimiter))


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[Span, ...]]]:
    place, line = 0, 1
    while place < len(text):
        first, cells = line, []
        while True:
            start = place
            place = _end_of_cell(text, place, delimiter)
            line += _line_ends(text[start:place])
            cells.append((start, place))
            if text[place : place + 1] != delimiter:
                break
            place += 1
        place += 2 if text.startswith("\r\n", place) else 1
        line += 1
        yield first, tuple(cells)


def _end_of_cell(text: str, place: int, delimiter: str) -> int:
    while text[place : place + 1] in (" ", "\ufeff"):
        place += 1
    if text[place : place + 1] == '"':
        place += 1
        while place < len(text):
            if text[place] != '"':
                place += 1
            elif text[place + 1 : place + 2] == '"':
                place += 2
            else:
                break
        place += 1
    while place < len(text) and text[place] not in (delimiter, "\r", "\n"):
        place += 1
    return min(place, len(text))


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def unquoted(cell: str) -> str:
    """Return what a raw cell says."""
    bare = cell.strip(" ")
    return bare[1:-1].replace('""', '"') if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare


def in_place_of(cell: str, value: str) -> str:
    """Return a value for the place of a raw cell: in quotation marks where the cell has them."""
    return f'"{value}"' if cell.strip(" ").startswith('"') else value
