"""Papers made again: from the record in a manifest, or from the id: alone if the numbers are public, else with the secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from generator.errors import InputError, WorksheetError, expected
from generator.errors.language import using
from generator.paper.ids import PaperId
from generator.paper.manifest import RECORDS, SINGLE, VARIANTS, raw_records
from generator.paper.origin import ORIGINAL, Origin, origin_of
from generator.paper.paper import Paper, assemble, draw_entries
from generator.paper.record import ProblemRecord, Record, read_record
from generator.paper.recorded import as_recorded, check_answers, check_sources
from generator.paper.secret import Secret
from generator.paper.sheet import Entry, Sheet
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.paper.sheet_options import PLAIN_PROBLEM
from generator.problem.catalogue import find_problem
from generator.problem.draw import stream
from generator.problem.problem import Problem, Variant


@dataclass(frozen=True)
class Found:
    """A paper found by its id; ``manifest`` is where, or None if it was drawn again."""

    paper: Paper
    sheet: Sheet
    manifest: Path | None


def find_paper(
    identity: PaperId,
    folder: Path,
    sheet: Sheet | None = None,
    *,
    recorded: bool = False,
    secret: Callable[[], Secret | None] = lambda: None,
) -> Found:
    """Return the paper with this id: by a manifest within ``folder``, or else as this version draws it.

    ``sheet`` is needed for papers of a sheet that is not built in; ``secret`` returns the course secret if there is one, and
    is called only where no manifest has the paper.  Raises :class:`InputError` when the paper cannot be found so, and where
    its key would be another than the recorded one, unless it is taken as ``recorded``.
    """
    for manifest, record in _records_of(identity, folder):
        try:
            whole = sheet_of(record, sheet)
            return Found(paper_of(record, whole, recorded=recorded), whole, manifest)
        except WorksheetError as error:
            raise InputError(f"{manifest}, paper {identity}: {error}") from error
        except Exception as error:
            raise InputError(
                f"{manifest}, paper {identity}: cannot be made again ({type(error).__name__}: {str(error)[:200]}); was "
                "the manifest changed?"
            ) from error
    known = [sheet] if sheet is not None else [find_sheet(name) for name in built_in_sheets()]
    known += [one.overridden({"extended": True}) for one in known]
    which = f"the sheet {sheet.name}" if sheet is not None else f"a built-in sheet ({', '.join(built_in_sheets())})"
    nowhere = f"no manifest in {folder} has the paper {identity}"
    if identity.is_secret:
        return _drawn_with(secret(), identity, known, nowhere, which)
    fitting = [one for one in known if identity.is_public and identity.sheet == one.code]
    if not fitting:
        raise InputError(
            f"{nowhere}, and it is not one of {which}: name the folder with --in, "
            "or the sheet's TOML file with --sheet (`practice` for a paper that was printed from practice)",
            field="ID",
        )
    (whole, *_) = fitting
    if identity.stream in (stream(ORIGINAL), stream(ORIGINAL, sheet=whole.name)):
        variants = tuple(entry.problem.printed() for entry in whole.for_paper(identity.stream).entries)
    else:
        variants = draw_entries(whole, identity.stream)
    return Found(assemble(whole, Origin(identity, identity.stream), variants), whole, None)


def _drawn_with(secret: Secret | None, identity: PaperId, known: Iterable[Sheet], nowhere: str, which: str) -> Found:
    if secret is None:
        raise InputError(
            f"{nowhere}, and there is no course secret here: the key needs one or the other; name the folder of the class with "
            "--in, or the secret's file with --secret",
            field="ID",
        )
    for sheet in known:
        origin = origin_of(secret, sheet, identity)
        if origin is not None:
            variants = draw_entries(sheet, origin.stream, origin.redraws)
            return Found(assemble(sheet, origin, variants), sheet, None)
    raise InputError(
        f"{nowhere}, and it is not of {which} and the secret {secret.fingerprint}: name the folder of the class with --in, the "
        "sheet's TOML file with --sheet, or the secret's file with --secret (a paper whose problems were drawn again very "
        "often needs its manifest)",
        field="ID",
    )


def sheet_of(record: Record, known: Sheet | None = None) -> Sheet:
    """Return the sheet as it was when the record was made: its problems are asked for as the record says."""
    name = record.sheet
    if known is None and name in built_in_sheets():
        known = find_sheet(name)
    if known is not None and known.name != name:
        raise InputError(f"the paper is of the sheet {name}; got {known.name}", field="--sheet")
    ids = [problem.id for problem in record.problems]
    entries = tuple(
        _entry(problem, known, ids[:place].count(problem.id)) for place, problem in enumerate(record.problems)
    )
    sheet = (
        replace(known, entries=entries, picks={})
        if known is not None
        else Sheet(name=name, title=name, entries=entries)
    )
    options = {key: value for key, value in record.options.items() if key != "logo" or Path(str(value)).is_file()}
    return sheet.overridden(options).with_places(record.places).in_language(record.language)


def paper_of(record: Record, sheet: Sheet, *, recorded: bool = False) -> Paper:
    """Return the paper of a record, from its parameters; ``sheet`` is that of :func:`sheet_of`."""
    variants = (recorded_variants if recorded else checked_variants)(record, sheet)
    return assemble(sheet, record.origin, variants, record.recipient)


def checked_variants(record: Record, sheet: Sheet) -> tuple[Variant, ...]:
    """Return the variants of a record, solved anew; raise :class:`InputError` where they are not the printed ones."""
    check_sources(record, sheet)
    with using(sheet.language):  # model answers are in it
        variants = variants_of(record, sheet)
        check_answers(record, sheet, variants)
    return variants


def recorded_variants(record: Record, sheet: Sheet) -> tuple[Variant, ...]:
    """Return the variants of a record with the values that it holds."""
    with using(sheet.language):
        return tuple(one.variant for one in as_recorded(record, sheet))


def variants_of(record: Record, sheet: Sheet) -> tuple[Variant, ...]:
    """Return the variants of a record, solved anew from its parameters; not audited."""
    return tuple(
        replace(entry.problem.variant(entry.problem.read(problem.params)), level=entry.level)
        for problem, entry in zip(record.problems, sheet.entries, strict=True)
    )


def _entry(problem: ProblemRecord, known: Sheet | None, before: int) -> Entry:
    """The entry of a problem that has come up so often ``before``, in the look that the sheet gives it today."""
    same = [one for one in (known.entries if known else ()) if one.problem.id == problem.id][before:]
    return Entry(
        _problem(problem.id, known),
        problem.guided,
        problem.points,
        tuple(problem.choices),
        problem.level,
        tuple(problem.without),
        extended=problem.extended,
        among=tuple(problem.among),
        style=same[0].style if same else PLAIN_PROBLEM,
        table=same[0].table if same else 0,
    )


def _problem(name: str, known: Sheet | None) -> Problem:
    for entry in known.entries if known is not None else ():
        if entry.problem.id == name:
            return entry.problem
    try:
        return find_problem(name)
    except InputError as error:
        raise InputError(f"{error}; if it is in a file of its own, name the sheet with --sheet") from error


def _records_of(identity: PaperId, folder: Path) -> Iterator[tuple[Path, Record]]:
    """Yield the records with this id in the manifests within a folder."""
    wanted = str(identity).encode()
    if folder.is_file() and folder.name not in (RECORDS, SINGLE, VARIANTS):
        raise InputError(expected(f"a folder, or a {RECORDS}", f"the file {folder}"), field="--in")
    found = (
        (folder,) if folder.is_file() else [path for name in (RECORDS, SINGLE, VARIANTS) for path in folder.rglob(name)]
    )
    for manifest in sorted(path for path in found if path.is_file()):
        for line in raw_records(manifest):
            if wanted in line:
                try:
                    record = read_record(line)
                except InputError as error:
                    raise InputError(f"{manifest}, paper {identity}: {error}; was the manifest changed?") from error
                for one in (record, *record.replaced):
                    if one.id == str(identity):
                        yield manifest, one
