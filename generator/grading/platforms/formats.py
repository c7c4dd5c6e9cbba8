"""Which format a file of answers is of, by its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.classes.roster_columns import find_columns
from generator.errors import InputError
from generator.grading.platforms.layouts import PLATFORMS, Format
from generator.grading.platforms.owners import ClassPapers
from generator.grading.platforms.tags import Tag, read_tag
from generator.paper.csv_tables import column_name
from generator.paper.labels import find_part
from generator.paper.whole_tables import read_table


@dataclass(frozen=True)
class Export:
    """How an export is to be read: its format, if it is not to be guessed, columns that are named, and which attempt counts."""

    form: Format | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    keep: str | None = None


OWN_FORM = Export("worksheet")
"""A file with a row a part."""


def guessed_format(path: Path, papers: ClassPapers, export: Export) -> Format:
    """Return the format that a file is of by its header; our own form where it is of none, whose reader says what is wrong."""
    found = _fitting(read_table(path, lambda fields: bool(_fitting(fields))).header)
    if len(found) > 1:
        raise InputError(f"{path.name} could be {' or '.join(found)}: say which with --from", field="--from")
    if found:
        return found[0]
    # Only now, since the papers have to be made again for the labels of their parts.
    header = read_table(path, lambda fields: fits_wide(fields, papers), has_tags).header
    return "wide" if export.columns or fits_wide(header, papers) else "worksheet"


def _fitting(fields: Sequence[str]) -> list[Format]:
    """Return the formats that a header is of, by names that each has for itself."""
    names = {column_name(one) for one in fields}
    found: list[Format] = [form for form, fits in PLATFORMS.items() if fits(fields)]
    if "answer" not in names or not {"problem", "part"} & names:
        return found
    return [*found, "worksheet"] if has_tags(fields) else ["worksheet"]  # other columns of our own form are ignored


def fits_wide(fields: Sequence[str], papers: ClassPapers) -> bool:
    """Return whether a header names students, and parts."""
    if not {*find_columns(fields)} & {"id", "email", "name"}:
        return False
    parts = [one for one in fields if read_tag(one) or part_called(one, papers)]
    return bool(parts and {*find_columns([one for one in fields if one not in parts])} & {"id", "email", "name"})


def has_tags(fields: Sequence[str]) -> bool:
    """Return whether a column has the tag of a part."""
    return any(read_tag(one) is not None for one in fields)


def part_called(text: str, papers: ClassPapers) -> Tag | None:
    """Return the part that a column is called after, as papers print it: ``2(b)``, ``dropout.y_corr``, ``y_corr``."""
    name = text.strip()
    if not name or len(name) > 200 or name.isdecimal():
        return None
    problem, dot, part = name.partition(".")
    for one in ((problem, part) if dot and not problem.isdecimal() else ("", name), ("", name)):
        try:
            place, found = find_part(*one, papers.printed)
        except InputError:
            continue
        return Tag(str(place), found)
    return None
