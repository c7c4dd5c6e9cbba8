"""Papers made again: from the record in a manifest, or from the id alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.errors import InputError, WorksheetError
from generator.paper.class_records import RECORDS
from generator.paper.ids import PaperId, read_id
from generator.paper.paper import ORIGINAL, Paper, assemble, draw_entries
from generator.paper.sheet import Entry, Sheet, built_in_sheets, find_sheet
from generator.paper.students import NOBODY, Student
from generator.problem.catalogue import find_problem
from generator.problem.draw import stream
from generator.problem.problem import Problem, Variant

SINGLE = "manifest.json"

LARGEST_RECORD = 8 * 2**20
"""Bytes; a record of Discussion 04 has some ten thousand."""


@dataclass(frozen=True)
class Found:
    """A paper found by its id; ``manifest`` is where, or None if it was drawn again from the id."""

    paper: Paper
    sheet: Sheet
    manifest: Path | None


def find_paper(identity: PaperId, folder: Path, sheet: Sheet | None = None) -> Found:
    """The paper with this id: by a manifest within ``folder``, or else as this version draws it.

    ``sheet`` is needed for papers of a sheet that is not built in.  Raises :class:`InputError` when there is no telling
    which sheet the id belongs to.
    """
    for manifest, record in _records_of(identity, folder):
        try:
            whole = sheet_of(record, sheet)
            return Found(paper_of(record, whole), whole, manifest)
        except WorksheetError as error:
            raise InputError(f"{manifest}, paper {identity}: {error}") from error
        except Exception as error:
            raise InputError(
                f"{manifest}, paper {identity}: this is no record that generate wrote "
                f"({type(error).__name__}: {str(error)[:200]}); was the manifest changed?"
            ) from error
    known = [sheet] if sheet is not None else [find_sheet(name) for name in built_in_sheets()]
    fitting = [one for one in known if identity.sheet == one.code]
    if not fitting:
        which = f"the sheet {sheet.name}" if sheet is not None else f"a built-in sheet ({', '.join(built_in_sheets())})"
        raise InputError(
            f"no manifest in {folder} has the paper {identity}, and it is not one of {which}: name the folder with --in, "
            "or the sheet's TOML file with --sheet (`practice` for a paper that was printed from practice)",
            field="ID",
        )
    (whole, *_) = fitting
    if identity.stream == stream(ORIGINAL):
        variants = tuple(entry.problem.printed() for entry in whole.entries)
    else:
        variants = draw_entries(whole, identity.stream, identity.redraws)
    return Found(assemble(whole, identity, variants), whole, None)


def sheet_of(record: Mapping[str, Any], known: Sheet | None = None) -> Sheet:
    """The sheet as it was when the record was made: its problems are asked for as the record says."""
    name = _text(record, "sheet")
    if known is None and name in built_in_sheets():
        known = find_sheet(name)
    if known is not None and known.name != name:
        raise InputError(f"the paper is of the sheet {name}; got {known.name}", field="--sheet")
    entries = tuple(_entry(problem, known) for problem in _problems(record))
    if known is None:
        return Sheet(name=name, title=name, entries=entries)
    return replace(known, entries=entries)


def paper_of(record: Mapping[str, Any], sheet: Sheet) -> Paper:
    """The paper of a record, from its parameters; ``sheet`` is that of :func:`sheet_of`."""
    return assemble(sheet, read_id(_text(record, "id")), variants_of(record, sheet), student_of(record))


def variants_of(record: Mapping[str, Any], sheet: Sheet) -> tuple[Variant, ...]:
    """The variants of a record, solved anew from its parameters; not audited."""
    return tuple(
        replace(entry.problem.variant(entry.problem.read(problem["params"])), level=entry.level)
        for problem, entry in zip(_problems(record), sheet.entries, strict=True)
    )


def student_of(record: Mapping[str, Any]) -> Student:
    """Whose paper it is."""
    whose = record.get("student")
    return Student(**whose, form=record.get("form", "")) if whose else NOBODY


def _entry(problem: Mapping[str, Any], known: Sheet | None) -> Entry:
    return Entry(
        _problem(problem["id"], known),
        bool(problem.get("guided")),
        problem.get("points", {}),
        tuple(problem.get("choices", ())),
        problem.get("level", "standard"),
        tuple(problem.get("without", ())),
    )


def _problem(name: str, known: Sheet | None) -> Problem:
    for entry in known.entries if known is not None else ():
        if entry.problem.id == name:
            return entry.problem
    try:
        return find_problem(name)
    except InputError as error:
        raise InputError(f"{error}; if it is in a file of its own, name the sheet with --sheet") from error


def _problems(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    problems = record.get("problems")
    if not isinstance(problems, list) or not all(
        isinstance(problem, dict) and isinstance(problem.get("id"), str) and "params" in problem for problem in problems
    ):
        raise InputError("the record has no list of problems with their parameters; was the manifest changed?")
    return problems


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise InputError(f"the record has no {key!r}; was the manifest changed, or made by another program?")
    return value


def _records_of(identity: PaperId, folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The records with this id in the manifests within a folder."""
    wanted = str(identity).encode()
    if folder.is_file() and folder.name not in (RECORDS, SINGLE):
        raise InputError(f"expected a folder, or a {RECORDS}; got the file {folder}", field="--in")
    found = (folder,) if folder.is_file() else (*folder.rglob(RECORDS), *folder.rglob(SINGLE))
    for manifest in sorted(path for path in found if path.is_file()):
        for line in raw_records(manifest):
            if wanted in line:
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise InputError(
                        f"{manifest} has the paper {identity} in a line that is not JSON: {error}"
                    ) from error
                if isinstance(record, dict) and record.get("id") == str(identity):
                    yield manifest, record


def raw_records(manifest: Path) -> Iterator[bytes]:
    """The JSON of each record: a line of a class's manifest, or the whole of a single paper's."""
    try:
        with manifest.open("rb") as file:
            while (
                line := file.read(LARGEST_RECORD + 1) if manifest.name == SINGLE else file.readline(LARGEST_RECORD + 1)
            ):
                if len(line) > LARGEST_RECORD:
                    raise InputError(
                        f"{manifest} has a record of more than {LARGEST_RECORD // 2**20} MiB: no paper has"
                    )
                yield line
    except OSError as error:
        raise InputError(f"{manifest} cannot be read: {error.strerror}") from error
