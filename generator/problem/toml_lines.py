"""Where the tables and keys of a TOML file stand: Python's reader gives their values and no lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.\s-]+?)\s*\]\]?")
_KEY = re.compile(r"""\s*(?:"([^"\n]+)"|'([^'\n]+)'|([A-Za-z0-9_-]+))\s*[.=]""")
_PLACE = re.compile(r"(?:(?P<table>\w+) (?P<number>\d+))?(?:, )?(?P<key>[\w-]*)")
_STRING = re.compile(r"""\"{3}|'{3}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#""")


@dataclass(frozen=True)
class TableLines:
    """A table's header, ``[[pool.question]]``, as its name; its line, and those of its keys, from 1 on."""

    name: str
    line: int
    keys: dict[str, int] = field(default_factory=dict)


def table_lines(text: str) -> list[TableLines]:
    """Return the tables of a TOML text in their order; the first is the nameless one at its beginning."""
    tables = [TableLines("", 1)]
    for number, line in _lines_outside_strings(text):
        header = _HEADER.match(line)
        key = _KEY.match(line)
        if header and "=" not in line.partition("#")[0].partition("]")[2]:
            tables.append(TableLines(re.sub(r"\s", "", header[1]), number))
        elif key:
            tables[-1].keys.setdefault(key[1] or key[2] or key[3], number)
    return tables


def _lines_outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line that does not begin within a string or an array of several lines, with its number."""
    quotes, depth = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not quotes and not depth:
            yield number, line
        quotes, depth = _after(line, quotes, depth)


def _after(line: str, quotes: str, depth: int) -> tuple[str, int]:
    """Return the quotation marks of the string that is open after a line, and how many brackets are."""
    rest, code = line, ""
    while True:
        if quotes:
            _, closed, rest = rest.partition(quotes)
            if not closed:
                return quotes, depth
            quotes = ""
        found = _STRING.search(rest)
        code += rest[: found.start()] if found else rest
        if found is None or found[0] == "#":
            break
        rest = rest[found.end() :]
        quotes = found[0] if len(found[0]) == 3 and found[0] in ('"""', "'''") else ""
    if _HEADER.fullmatch(code.strip()) and not depth:
        return "", 0
    return "", max(depth + code.count("[") + code.count("{") - code.count("]") - code.count("}"), 0)


def lines_by_path(text: str) -> dict[tuple[str | int, ...], TableLines]:
    """Return the tables of a TOML text by their paths: ``("pool", 0, "question", 1)`` is the second question of the first pool.

    A table that another one has as the value of a key, ``[[question.mistakes]]``, is one of its keys too.
    """
    found: dict[tuple[str | int, ...], TableLines] = {}
    counts: dict[tuple[str | int, ...], int] = {}
    for table in table_lines(text):
        path: tuple[str | int, ...] = ()
        *outer, last = table.name.split(".")
        for name in outer:
            path = (*path, name, max(counts.get((*path, name), 0) - 1, 0))
        place = counts.get((*path, last), 0)
        counts[*path, last] = place + 1
        if path in found:
            found[path].keys.setdefault(last, table.line)
        found[(*path, last, place) if last else ()] = table
    return found


def line_of_key(text: str, place: str) -> int:
    """Return the line of a place such as ``title``, ``problem 2`` or ``problem 2, points.output``; 0 if there is none."""
    wanted = _PLACE.match(place)
    assert wanted is not None  # it matches the empty text
    path = (wanted["table"], int(wanted["number"]) - 1) if wanted["table"] else ()
    table = lines_by_path(text).get(path)
    if table is None:
        return 0
    return table.keys.get(wanted["key"], table.line if path else 0)
