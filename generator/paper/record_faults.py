"""Checks one record: its paper is solved, drawn and rendered again, its files are compared with their hashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from generator import __version__
from generator.paper.generate import both_documents, is_ours, text_files
from generator.paper.origin import ORIGINAL, Origin, possible_origins, public_origin
from generator.paper.paper import Paper, assemble, draw_entries
from generator.paper.rebuild import sheet_of, variants_of
from generator.paper.record import Record, paper_record
from generator.paper.recorded import check_sources, differences, shown_json
from generator.paper.secret import Secret
from generator.paper.sheet import Sheet
from generator.paper.sources import changed_sources
from generator.problem import audit
from generator.problem.problem import Variant
from generator.render.formats import FORMATS, WRITTEN


def faults_of(record: Record, folder: Path, known: Sheet | None, *, recorded: bool = False) -> Iterator[str]:
    """Yield what does not fit; ``folder`` is the manifest's, ``known`` the sheet if it is not a built-in one.

    A paper that is taken as ``recorded`` is not made again: its files are compared with their hashes.
    """
    sheet = sheet_of(record, known)
    if not recorded:
        check_sources(record, sheet)
    if record.is_as_made_now:
        if not record.secret:
            yield from _other_origin(record, public_origin(sheet, record.seed, record.recipient.id))
        if (record.again or 0) != sum(times for _, times in record.redraws):
            yield f"again is {record.again}, and of the problems {sum(times for _, times in record.redraws)}"
    if not recorded:
        for one in (record, *record.replaced):
            yield from _solved_again(one, sheet_of(one, known))
    for name, digest in record.files.items():
        if is_ours(name, of_class=record.student is not None):
            yield from _file_faults(folder, name, digest)
        else:
            yield f"the manifest names a strange file, {shown_json(name)}"
    yield from _not_named(record, folder)


def secret_faults(record: Record, known: Sheet | None, secret: Secret) -> Iterator[str]:
    """Yield what is not as the course secret has it for the seed and the student: the id, the stream of the numbers."""
    if not record.is_as_made_now:
        return
    for replacement, one in enumerate((*record.replaced, record)):
        sheet = sheet_of(one, known)
        paper = (secret, sheet, one.seed, one.recipient.id, one.redraws, replacement)
        fitting = (origin for origin in possible_origins(*paper) if str(origin.id) == one.id)
        yield from _other_origin(one, next(fitting, None) or next(possible_origins(*paper)))


def _other_origin(record: Record, origin: Origin) -> Iterator[str]:
    if record.id != str(origin.id):
        yield f"the id is not that of the seed and the student, which is {origin.id}"
    elif record.stream != origin.stream:
        yield "the stream that its numbers are drawn from is not that of its id"


def _solved_again(record: Record, sheet: Sheet) -> Iterator[str]:
    """Yield what comes out otherwise than the record says."""
    variants = variants_of(record, sheet)
    if record.is_as_made_now:
        yield from _not_as_made(record, sheet, variants)
    for variant in variants:
        for finding in audit.disagreements(variant):
            if finding.is_wrong:
                yield f"{variant.problem.id}: {finding}"
    yield from differences(record, sheet, variants)


_ONLY_ANSWERS = "answers and hashes are compared, but not whether the id stands for these numbers, nor the texts"


def notes_of(record: Record, known: Sheet | None, *, recorded: bool = False) -> Iterator[str]:
    """Yield notes on how closely the record was checked."""
    if recorded:
        yield "as recorded: no paper was solved again, files were compared with their hashes alone"
    elif record.version != __version__:
        yield f"made by version {shown_json(record.version)}, and this is {__version__}: {_ONLY_ANSWERS}"
    elif not record.stream:
        yield f"made before papers were drawn with a secret: {_ONLY_ANSWERS}"
    changed = changed_sources(record.sources, known.sources) if known is not None and recorded else []
    if changed:
        yield f"not as it was when the papers were made: {', '.join(changed)}"


def _not_named(record: Record, folder: Path) -> Iterator[str]:
    """Files of the paper that are there and not in the record: their hashes were taken out, or they are another's."""
    of_class = record.student is not None
    place = f"{record.recipient.file_stem}/" if of_class else ""
    for path in sorted((folder / place).glob("*")) + sorted((folder / place).glob("*figures/*")):
        name = path.relative_to(folder).as_posix()
        if name not in record.files and is_ours(name, of_class=of_class) and path.is_file():
            yield f"{name} is there, and the manifest does not name it"


def _not_as_made(record: Record, sheet: Sheet, variants: tuple[Variant, ...]) -> Iterator[str]:
    """Yield what this version would have made differently: the draws, the texts of the files, what the report counts."""
    origin = record.origin
    paper = assemble(sheet, origin, variants, record.recipient)
    if record.seed != ORIGINAL:
        for drawn, variant in zip(draw_entries(sheet, origin.stream, origin.redraws), variants, strict=True):
            if drawn.params != variant.params:
                yield f"{variant.problem.id}: the parameters are not those that are drawn for the paper"
    made = paper_record(paper, sheet.name, record.seed, {}, record.recipient)
    for stored, fresh in zip(record.problems, made.problems, strict=True):
        for trait in ("canonical", "cost", "letters", "possible"):
            theirs, ours = (msgspec.to_builtins(getattr(one, trait)) for one in (stored, fresh))
            if theirs != ours:
                yield f"{stored.id}: {trait} is {shown_json(theirs)} in the manifest and {shown_json(ours)} in the paper"
    if sheet.text:  # or its title and its templates are not known
        folder = f"{record.recipient.file_stem}/" if record.student is not None else ""
        yield from _other_texts(record.files, folder, paper, sheet)


def _other_texts(files: Mapping[str, str], folder: str, paper: Paper, sheet: Sheet) -> Iterator[str]:
    """Files in the paper's folder whose text is not the paper's, such as another student's, and those that are missing."""
    formats = tuple(form for form in FORMATS if f"{folder}worksheet.{form}" in files)
    documents = both_documents(paper, formats)
    expected = text_files(documents, sheet, formats)
    for name, content in expected.items():
        stored = files.get(folder + name)
        if stored is None:
            yield f"{folder + name} is missing in the manifest"
        elif stored != sha256(content).hexdigest():
            yield f"{folder + name} is not this paper's: the student, the parts or the sheet have changed"
    pairs = {(stem, form) for form in WRITTEN for stem in documents if f"{folder}{stem}.{form}" in files}
    if not pairs or len(pairs) % 2:
        yield "the manifest does not name a worksheet and a key of each format"


def _file_faults(folder: Path, name: str, digest: str) -> Iterator[str]:
    try:
        found = sha256((folder / name).read_bytes()).hexdigest()
    except OSError as error:
        yield f"{name}: {error.strerror}"
        return
    if found != digest:
        yield f"{name} is not as it was written"
