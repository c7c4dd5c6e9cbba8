"""An export from beginning to end: the sheet's tree, the target's files, and what the teacher is told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from generator.classes.verify import records_in
from generator.errors import InputError
from generator.export.build import Wanted, build, build_each, drawn_for
from generator.export.drawn_records import record_lines
from generator.export.pool import Exercise
from generator.export.target import Options, Source, Target, Written
from generator.paper.files import Writer, prepare_folder
from generator.paper.manifest import VARIANTS, raw_records
from generator.paper.record import Record, read_record
from generator.paper.sheet import Sheet
from generator.paper.students import Student, file_stems

LARGE = 8 * 2**20
"""The bytes from which many sites refuse a file."""


RECORDS_BESIDE = f"-records/{VARIANTS}"
"""What follows the name of an export in the path of its variants' records."""


def export_sheet(sheet: Sheet, target: Target, wanted: Wanted, options: Options) -> Written:
    """Return what a target makes of a sheet, with everything that is lost, of the sheet and on the platform."""
    drawn = drawn_for(sheet, wanted)
    tree = build(sheet, wanted, drawn)
    wanted.progress(0, f"writing for {target.title}")
    written = target.written(tree, options, Source(sheet, drawn, wanted.engine))
    size = sum(map(len, written.files.values()))
    large = (
        (f"a file of {size / 2**20:.0f} MB: many sites take no more than 8",) if target.ending and size > LARGE else ()
    )
    records = {RECORDS_BESIDE: record_lines(sheet, wanted.seed, drawn, tree.parts)} if target.answers_return else {}
    return replace(written, losses=(*tree.omitted, *written.losses, *large), beside={**written.beside, **records})


def export_for_students(
    sheet: Sheet, target: Target, wanted: Wanted, options: Options, students: Iterable[Student]
) -> Written:
    """Return a file, or a folder, of the target for each student, named by her id."""
    people = list(students)
    stems = file_stems(people)
    files: dict[str, bytes] = {}
    losses: list[tuple[str, ...]] = []
    written = Written({})
    for one, tree in zip(people, build_each(sheet, wanted, people), strict=True):
        written = target.write(tree, options)
        for name, content in written.files.items():
            files[f"{stems[one.id]}.{target.ending}" if target.ending else f"{stems[one.id]}/{name}"] = content
        losses.append((*tree.omitted, *written.losses))
    return Written(files, _in_each(losses), written.next_step)


def folder_by_student(target: Target) -> Target:
    """Return a target as it is when each student has a file of her own: a folder."""
    if not target.by_student:
        raise InputError(f"{target.title} has no file a student; leave the class list out", field="--roster")
    return replace(target, ending="", title=f"{target.title} by student")


_NUMBERED = re.compile(r"(\d+) (.*)", re.DOTALL)


def _in_each(losses: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the losses of several files once each: ``2 to 3 essays … (in each file)``."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for line in (line for one in losses for line in one):
        match = _NUMBERED.fullmatch(line)
        numbers[match[2] if match else line] += [int(match[1])] if match else []
    found = []
    for what, counts in numbers.items():
        few, many = min(counts, default=0), max(counts, default=0)
        count = f"{few} to {many} " if few < many else f"{many} " if many else ""
        found.append(f"in each file: {count}{what}")
    return tuple(found)


def place(target: Target, sheet: Sheet, out: Path | None) -> Path:
    """Return where the export goes: the file or folder named, or one in the current folder."""
    ending = f".{target.ending}" if target.ending else ""
    if out is None:
        return Path(f"{sheet.name}-{target.name}{ending}")
    # What goes next to a folder is called after it, also after the one that a single or double dot means.
    return out if out.name not in ("", "..") else out.resolve()


def check_place(path: Path, target: Target, *, force: bool, read: Iterable[Path | None] = ()) -> None:
    """Raise :class:`InputError` where something stands in the way, or would be overwritten; never is a file that is ``read``."""
    if path.exists() and any(one is not None and one.exists() and path.samefile(one) for one in read):
        raise InputError(f"{path} is what the export is made from; name another file", field="--out")
    if path.is_dir() and target.ending:
        raise InputError(f"{path} is a folder; name a file, such as {path / 'export'}.{target.ending}", field="--out")
    if path.exists() and not target.ending and not path.is_dir():
        raise InputError(f"{path} is a file; {target.title} is a folder of several: name a folder", field="--out")
    taken = path.exists() and (bool(target.ending) or any(path.iterdir()))
    if taken and not force:
        raise InputError(
            f"{path} is there already; say --force to replace it, or name another with --out", field="--out"
        )


def beside(path: Path, written: Written) -> dict[str, bytes]:
    """Return the files next to the export by their names: ``losses-canvas-rubrics.md`` beside ``losses-canvas.zip``."""
    return {f"{path.stem}{ending}": content for ending, content in written.beside.items()}


def check_beside(path: Path, written: Written, *, force: bool) -> None:
    """Raise :class:`InputError` where a file next to the export would overwrite another."""
    for name in beside(path, written):
        if (path.parent / name).exists() and not force:
            raise InputError(
                f"{path.parent / name} is there already; say --force to replace it, or name another export with --out",
                field="--out",
            )


def write(path: Path, target: Target, written: Written) -> None:
    """Write the export and what goes next to it whole or not at all; what else is in a folder that is there stays."""
    next_to_it = beside(path, written)
    is_there = not target.ending and path.is_dir()
    if next_to_it or not is_there:
        prepare_folder(path.parent)
    outdated: list[str] = []
    if is_there:
        # It may be on another file system than its parent, so that its files are written within it before they are moved.
        prepare_folder(path)
        folder, files, outdated = path, written.files, _outdated(path, written.files)
    elif target.ending:
        folder, files = path.parent, {path.name: next(iter(written.files.values()))}
    else:
        folder, files = path.parent, {f"{path.name}/{name}": content for name, content in written.files.items()}
    with Writer(folder) as export, Writer(path.parent) as others:
        export.stage(files)
        if next_to_it:
            others.stage(next_to_it)
        export.place(outdated)
        others.place()


PUBLIC = "clientFilesQuestion"
"""The folder of a question whose files PrairieLearn hands to students."""


def _outdated(path: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return the public files of an earlier export of the same questions, which no page names any more."""
    questions = {name.rpartition("/")[0].removesuffix(f"/{PUBLIC}") for name in files if name.startswith("questions/")}
    there = (one for question in questions for one in (path / question / PUBLIC).glob("*") if one.is_file())
    return sorted({one.relative_to(path).as_posix() for one in there} - files.keys())


def exercises_of(folders: Iterable[Path]) -> frozenset[Exercise]:
    """Return the exercises on the papers of classes, by their manifests.

    Raises :class:`InputError` where a folder has none.
    """
    found: set[Exercise] = set()
    for folder in folders:
        for record in _records(folder):
            papers = [record, *record.replaced]
            found |= {(problem.id, problem.canonical) for paper in papers for problem in paper.problems}
    return frozenset(found)


def _records(folder: Path) -> Iterator[Record]:
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", field="--avoid")
    try:
        manifest = records_in(folder)
    except InputError as error:
        raise InputError(str(error).removeprefix("DIR: "), field="--avoid") from error
    for number, line in enumerate(raw_records(manifest), start=1):
        try:
            yield read_record(line)
        except InputError as error:
            raise InputError(f"{manifest}, record {number}: {error}", field="--avoid") from error
