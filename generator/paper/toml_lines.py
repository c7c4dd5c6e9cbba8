"""The line of a TOML file on which a key stands."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*\[\[?\s*([\w.\-\"']+)\s*\]\]?")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?\s*[.=]""")
_PLACE = re.compile(r"(?:(?P<table>\w+) (?P<number>\d+))?(?:, )?(?P<key>[\w-]*)")


def line_of_key(text: str, place: str) -> int:
    """Return the number of the line of a place such as ``title``, ``problem 2`` or ``problem 2, points.output``; 0 if there is none."""
    wanted = _PLACE.match(place)
    if wanted is None:
        return 0
    table, key, number = wanted["table"] or "", wanted["key"], int(wanted["number"] or 0)
    header, seen, quotes, line_of_table = "", 0, "", 0
    for count, line in enumerate(text.splitlines(), start=1):
        if quotes:
            quotes = "" if quotes in line else quotes
            continue
        if found := _TABLE.match(line):
            header = found[1].strip("\"'")
            seen += header == table
            if header == table and seen == number:
                line_of_table = count
            if not table and header == key:
                return count
        is_within = header.partition(".")[0] == table and (not table or seen == number)
        if is_within and (found := _KEY.match(line)) and found[1] == key:
            return count
        quotes = _opens(line)
    return line_of_table


def _opens(line: str) -> str:
    """Return the quotes of a text that goes on in the next line."""
    for quotes in ('"""', "'''"):
        if line.count(quotes) % 2:
            return quotes
    return ""
