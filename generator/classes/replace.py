"""Another paper for one student: drawn with the course secret, unlike every other of the class, old and new on record.

Nothing in the folder changes until all of it stands beside it, in ``.run/replacement``; from then on whoever works in the
folder next moves into place what a stopped command left.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from generator import __version__
from generator.classes.binding import bound_names, names_without
from generator.classes.bound import HASHES, hashes_under
from generator.classes.chunk import make_chunk
from generator.classes.class_faults import index_table, line_of, manifest_hash
from generator.classes.distinct import PATIENCE
from generator.classes.earlier import formats_of, listed, ours
from generator.classes.folder import REPLACEMENT, finish_replacement, folder_locked
from generator.classes.forms_by_seat import FORMS
from generator.classes.plan import PLAN, Assignment, Job
from generator.classes.summary import Kind, kind_of, summary
from generator.errors import EngineError, InputError, expected
from generator.paper.csv_files import csv_bytes
from generator.paper.csv_tables import shown
from generator.paper.manifest import INDEX, MANIFEST_HASH, RECORDS, REPORT, SINGLE, raw_records
from generator.paper.origin import Origin, secret_origin
from generator.paper.paper import draw_entry, label_of
from generator.paper.rebuild import sheet_of
from generator.paper.record import Record, read_class_record, record_line, variant_digest
from generator.paper.recorded import check_sources
from generator.paper.secret import Secret
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.paper.students import look
from generator.render.formats import WRITTEN
from generator.tex import pdf


@dataclass(frozen=True)
class Replaced:
    """The student's id, the ids of her old and her new paper, and what else the user should know."""

    student: str
    old: str
    new: str
    notices: tuple[str, ...] = ()


def replace_paper(
    folder: Path, student: str, secret: Secret | None, sheet: str | None = None, engine: pdf.EngineName | None = None
) -> Replaced:
    """Make another paper for a student of the class in ``folder``, in place of the one that she has.

    If the same was stopped halfway, go on with that.  Raises :class:`InputError` where the folder, the sheet or the secret are
    not those of the class or the student is not in it, and :class:`EngineError` for a paper that TeX cannot set.
    """
    if not (folder / RECORDS).is_file() and not (folder / PLAN).exists():
        what = "a single paper: make it again with another --seed" if (folder / SINGLE).is_file() else f"no {RECORDS}"
        raise InputError(expected("the folder of a class", f"{folder}, which holds {what}"), field="--in")
    try:
        with folder_locked(folder):
            done = finish_replacement(folder)
            if done is not None and look(done["student"]) == look(student):
                return Replaced(done["student"], done["old"], done["new"], tuple(done["notices"]))
            if (folder / PLAN).exists():
                raise InputError(f"a run in {folder} did not finish: give its command again first", field="--in")
            records = _records(folder / RECORDS)
            place = _place(records, student, folder)
            replaced = _Replacement(folder, records, place, secret, sheet, engine).stage()
            finish_replacement(folder)
            return replaced
    except OSError as error:
        raise InputError(
            f"cannot go on in {folder} ({error.strerror or error}): mend it, and give the same command again to go on",
            field="--in",
        ) from error


def _records(manifest: Path) -> list[Record]:
    found = []
    for number, line in enumerate(raw_records(manifest), start=1):
        try:
            found.append(read_class_record(line))
        except InputError as error:
            raise InputError(f"{manifest}, line {number} {error}; was the manifest changed?", field="--in") from error
    return found


def _place(records: Sequence[Record], student: str, folder: Path) -> int:
    for place, record in enumerate(records):
        if look(record.recipient.id) == look(student):
            return place
    raise InputError(
        f"no paper in {folder} is that of {shown(student)}: expected an id as in {INDEX}, such as {records[0].recipient.id}",
        field="STUDENT",
    )


class _Replacement:
    """The replacement of one paper among the records of a class."""

    def __init__(
        self,
        folder: Path,
        records: Sequence[Record],
        place: int,
        secret: Secret | None,
        sheet: str | None,
        engine: pdf.EngineName | None,
    ) -> None:
        self._folder = folder
        self._records = records
        self._place = place
        self._old = records[place]
        self._secret = _checked_secret(self._old, folder, secret)
        self._sheet = _checked_sheet(self._old, sheet)
        self._formats = tuple(form for form in WRITTEN if form in formats_of(self._old.files))
        self._engine = engine
        self._notices: list[str] = []

    def stage(self) -> Replaced:
        """Put all that changes into :data:`REPLACEMENT`, whole or not at all."""
        new, files = self._made()
        if {one.id for one in new.problems} != {one.id for one in self._old.problems}:
            self._notices.append(f"warning: it asks other problems: {listed([one.id for one in new.problems])}")
        records = [*self._records]
        records[self._place] = new
        manifest = b"".join(map(record_line, records))
        kept = names_without(self._folder, [*map(summary, self._records)], self._old.recipient.id)
        bound = [name for name in bound_names(self._folder) if name not in kept]
        if bound:
            self._notices.append(
                f"{listed(bound)} had the old paper and {'was' if len(bound) == 1 else 'were'} removed: give the class's "
                "command again to make them anew"
            )
        if kept:
            files[HASHES] = hashes_under(self._folder, kept, sha256(manifest).hexdigest())
        table = self._folder / FORMS
        if table.is_file():
            files[FORMS] = table.read_bytes().replace(self._old.id.encode(), new.id.encode())
        outdated = [*({*ours(self._old.files), HASHES} - files.keys()), *bound, REPORT]
        replaced = Replaced(self._old.recipient.id, self._old.id, new.id, tuple(self._notices))
        staging = self._folder / f"{REPLACEMENT}.new"
        staging.mkdir()
        try:
            index = csv_bytes(index_table([line_of(record).row for record in records]))
            _write(staging, files | {RECORDS: manifest, INDEX: index})
            _write(staging, {MANIFEST_HASH: manifest_hash(staging)})
            _write(staging, {"replaced.json": msgspec.json.encode({**vars(replaced), "outdated": sorted(outdated)})})
            staging.rename(self._folder / REPLACEMENT)
        except OSError:  # nothing in the folder has changed
            shutil.rmtree(staging, ignore_errors=True)
            raise
        return replaced

    def _made(self) -> tuple[Record, dict[str, bytes]]:
        """The record of the new paper, and its files."""
        old, student = self._old, self._old.recipient
        earlier = [*old.replaced, msgspec.structs.replace(old, replaced=[])]
        origin = self._origin(len(earlier))
        assignment = Assignment(student, origin, tuple(msgspec.json.encode(one).decode() for one in earlier))
        job = Job(
            sheet=(str(self._sheet.path), self._sheet.text),
            seed=int(old.seed),
            formats=self._formats,
            engine=self._engine,
            folder=str(self._folder.resolve()),
            token="",  # so that the files are handed back
            sources=old.sources,
            options=old.options,
            places=old.places,
        )
        made = make_chunk(job, [assignment])
        (summary,) = made.summaries
        if summary.failed is not None:
            raise EngineError(f"{student.id}: the new paper cannot be made, and nothing was changed: {summary.failed}")
        self._notices += [f"warning: {warning}" for warning in made.warnings]
        return read_class_record(made.lines[0]), made.files

    def _origin(self, replacement: int) -> Origin:
        """The origin of a paper none of whose problems anybody in the class has, or had before."""
        student, seed = self._old.recipient.id, self._old.seed
        origin = secret_origin(self._secret, self._sheet, seed, student, replacement=replacement)
        taken = _variants(self._records)
        redraws = []
        for place, entry in enumerate(self._sheet.for_paper(origin.stream).entries, start=1):
            kind = kind_of(entry.problem.id, entry.level)
            again, digest = self._unlike(origin, place, kind, taken, label_of(seed, student))
            taken[kind, digest] += 1
            if again:
                redraws.append((place, again))
        return secret_origin(self._secret, self._sheet, seed, student, tuple(redraws), replacement)

    def _unlike(
        self, origin: Origin, place: int, kind: Kind, taken: Counter[tuple[Kind, str]], label: str
    ) -> tuple[int, str]:
        """How often the problem is drawn again until nobody has it, and its digest; if all are taken, one that few have."""
        seen = sum(1 for other, _ in taken if other == kind)
        own = {digest for (other, digest) in _variants([self._old]) if other == kind}
        found: dict[str, int] = {}
        for again in range(PATIENCE * (seen + 1)):
            digest = variant_digest(draw_entry(self._sheet, place, origin.stream, again, label))
            if not taken[kind, digest]:
                return again, digest
            found.setdefault(digest, again)
        digest = min(found, key=lambda one: (one in own, taken[kind, one], found[one]))
        self._notices.append(
            f"{kind} has too few variants: somebody else has the same"
            if digest not in own
            else f"{kind} has one variant"
        )
        return found[digest], digest


def _variants(records: Sequence[Record]) -> Counter[tuple[Kind, str]]:
    """How many papers have each variant, those that were replaced included."""
    return Counter(
        (kind_of(problem.id, problem.level), problem.canonical)
        for record in records
        for one in (record, *record.replaced)
        for problem in one.problems
    )


def _checked_secret(record: Record, folder: Path, secret: Secret | None) -> Secret:
    if record.version != __version__ or not record.secret:
        made = f"made by version {record.version}" if record.version != __version__ else "drawn without a secret"
        raise InputError(
            f"the papers in {folder} were {made}, and this is {__version__}, which draws others", field="--in"
        )
    if secret is None or secret.fingerprint != record.secret:
        there = f"this one is {secret.fingerprint}" if secret is not None else "there is none here"
        raise InputError(
            f"the papers in {folder} are drawn with the secret {record.secret}, and {there}: name its file",
            field="--secret",
        )
    return secret


def _checked_sheet(record: Record, name: str | None) -> Sheet:
    """The sheet of the class, if it is what it was."""
    if name is None and record.sheet not in built_in_sheets():
        raise InputError(f"the papers are of a sheet of your own: name its file, {record.sheet_file}", field="--sheet")
    known = find_sheet(name or record.sheet)
    check_sources(record, sheet_of(record, known))
    return known.overridden(record.options).with_places(record.places)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
