"""The papers that an earlier run left in a class's folder, and what another run would remove of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import __version__
from generator.classes.summary import EarlierPaper, earlier_paper, summary
from generator.errors import InputError
from generator.paper.generate import STEMS, is_ours
from generator.paper.needs import LARGE, added_formats, formats_for, style_for
from generator.paper.record import Record, read_record
from generator.paper.sources import changed_sources
from generator.paper.students import Student

if TYPE_CHECKING:
    from generator.classes.plan import Order

MOST_NAMED = 8


@dataclass(frozen=True)
class Earlier:
    """The papers by student, their files, and the digests of what they were made from.

    ``offsets`` say where in the manifest each student's record begins; ``options`` and ``places`` are those of the last one that has
    any; ``formats`` are those of the class, without what only some students need.
    """

    papers: dict[str, EarlierPaper] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)
    offsets: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    formats: frozenset[str] = frozenset()


def read_earlier(manifest: Path) -> Earlier:
    """Read the manifest of an earlier run; empty if there is none.

    Raises :class:`InputError` naming the first line that is no record.
    """
    papers: dict[str, EarlierPaper] = {}
    files: set[str] = set()
    sources: dict[str, str] = {}
    offsets: dict[str, int] = {}
    formats: set[str] = set()
    options: Mapping[str, Any] = {}
    places: Mapping[str, int] = {}
    number = offset = 0
    try:
        with manifest.open("rb") as lines:
            for line in lines:
                number += 1
                record = read_record(line)
                student = record.recipient.id
                papers[student] = earlier_paper(summary(record))
                offsets[student] = offset
                offset += len(line)
                files.update(ours(record.files))
                formats |= formats_of(record.files).difference(_needed(record))
                sources.update(record.sources)
                options, places = record.options, record.places or places
    except FileNotFoundError:
        pass
    except (OSError, InputError) as error:
        raise InputError(
            f"{manifest}, line {number or 1}, is not what a run writes; give the class another folder, or remove that file",
            field="--out",
        ) from error
    return Earlier(papers, frozenset(files), sources, offsets, options, places, frozenset(formats))


def _needed(record: Record) -> tuple[str, ...]:
    """The formats of a paper that were made for the student's needs."""
    return added_formats(record.recipient.needs, [form for form in formats_of(record.files) if form == "tex"])


def formats_of(files: Iterable[str]) -> set[str]:
    """The formats of worksheets and keys among the files of papers."""
    named = [name.rpartition("/")[2].partition(".") for name in files if "figures/" not in name]
    return {ending for stem, _, ending in named if stem in STEMS and ending != "sty"}


def ours(names: Iterable[Any]) -> Iterator[str]:
    """Yield those names that a paper's file can have, so that a changed manifest makes nobody remove other files."""
    yield from (name for name in names if isinstance(name, str) and is_ours(name, of_class=True))


def line_of(manifest: Path, earlier: Earlier, student: str) -> bytes:
    """The line of a student in the manifest that was read and is still there."""
    with manifest.open("rb") as lines:
        lines.seek(earlier.offsets[student])
        return lines.readline()


def line_left(
    manifest: Path, earlier: Earlier, student: str, formats: Iterable[str], sources: Mapping[str, str]
) -> bytes | None:
    """The line of a student in the manifest that was read and is still there, if it is of all ``formats`` and the same
    ``sources``.
    """
    if student not in earlier.offsets:
        return None
    line = line_of(manifest, earlier, student)
    record = read_record(line)
    return line if record.sources == sources and {*formats} <= formats_of(record.files) else None


def is_unchanged(record: Record, student: Student, order: Order) -> bool:
    """Return whether an order would make the student's files as they are on record.

    What no file shows, her section, her address and the time that she needs, may be another.
    """
    formats = formats_for(student.needs, order.formats)
    return (
        _printed(record.recipient) == _printed(student)
        and record.version == __version__
        and record.secret == order.secret.fingerprint
        and record.sources == order.sheet.sources
        and formats_of(record.files) == {*formats}
        and record.options == order.sheet.overrides
        and record.places == dict(style_for(order.sheet.style, student.needs).places)
        and (not {"pdf", "docx"} & {*formats} or record.engine == (order.engine or ""))
    )


def _printed(student: Student) -> tuple[object, ...]:
    """What of a student the files show."""
    return student.id, student.name, student.form, LARGE in student.needs


def losses(
    earlier: Earlier,
    students: Iterable[str],
    formats: Iterable[str],
    sources: Mapping[str, str],
    options: Mapping[str, Any],
) -> list[str]:
    """Return what a run for these students, in these formats, from these sources and with these options, would remove or change."""
    if not earlier.papers:
        return []
    found = []
    now = {*students}
    gone = [student for student in earlier.papers if student not in now]
    if gone:
        count = f"{len(gone)} of the {len(earlier.papers)} papers" if len(gone) > 1 else "a paper"
        found.append(f"{count} would be removed, for the class has no longer {listed(gone)}")
    changed = changed_sources(earlier.sources, sources)
    if changed:
        what = "has" if len(changed) == 1 else "have"
        found.append(
            f"{listed(changed)} {what} changed since the papers were made: "
            "under the same ids they could have other numbers, texts or keys"
        )
    if options != earlier.options:
        before, now_given = (_as_given(one) or "no option for their look" for one in (earlier.options, options))
        found.append(f"the papers were made with {before}, and would be made anew with {now_given}")
    without = sorted(earlier.formats - {*formats})
    if without:
        found.append(f"the papers' files in {' and '.join(without)} would be removed, for --formats does not name it")
    return found


def _as_given(options: Mapping[str, Any]) -> str:
    """Return options as they are given to the command."""
    return " ".join(_option(key.replace("_", "-"), value) for key, value in options.items())


def _option(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name} {value}"


def refuse_losses(folder: Path, found: Sequence[str]) -> None:
    """Raise :class:`InputError` if there are any."""
    if found:
        lines = "".join(f"\n  {one}" for one in found)
        raise InputError(
            f"{folder} holds papers of an earlier run, and nothing was changed there:{lines}\n"
            "Check the class list and the files named; give this run another folder (--out), and another --seed if its "
            "numbers may be others; or say --replace, and it removes and makes anew.",
            field="--out",
        )


def listed(names: Sequence[str]) -> str:
    """Some names, and how many more."""
    shown = ", ".join(names[:MOST_NAMED])
    return f"{shown} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else shown
