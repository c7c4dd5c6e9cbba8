"""``worksheet scan``: scans in, a PDF a student (or a question) out, and a page of what a person has to look at."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pikepdf

from generator.classes.scan.by_hand import PAGES, Said, read_options, read_table, table_bytes
from generator.classes.scan.page import scan_page
from generator.classes.scan.papers import Papers, read_papers
from generator.classes.scan.questions import question_pages
from generator.classes.scan.reading import CHUNK, Place, Seen, Task, read_pages
from generator.classes.scan.sorting import Sorted, sort_pages, to_look_at
from generator.classes.scan.sources import check_libraries, check_names, digest, is_pdf, opened, page_count
from generator.classes.workers import WorkerPool
from generator.errors import InputError
from generator.paper.files import Writer, prepare_folder, write_files
from generator.paper.json_text import to_json
from generator.paper.locks import locked

By = Literal["student", "question"]

_LOCK = ".scan.lock"

PAGE, STATE = "scan.html", "scans.json"
"""The page for a person, and the note of what was scanned and written, by which the next run goes."""

_OURS = re.compile(r"(?:(?:students|questions)/[A-Za-z0-9_][A-Za-z0-9._-]*|[a-z]+)\.(?:pdf|html|csv)")


@dataclass(frozen=True)
class Scanned:
    """How many pages there were, how they were sorted, the files written, and what the user should know."""

    pages: int
    sorted: Sorted
    files: tuple[Path, ...]
    notes: tuple[str, ...]


def scan(
    scans: Sequence[Path],
    folder: Path,
    out: Path,
    pool: WorkerPool,
    *,
    by: By = "student",
    said: Sequence[str] = (),
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Scanned:
    """Sort the pages of ``scans`` by the papers of ``folder``, and write them to ``out``.

    ``said`` are what ``--page`` says.  Raises :class:`InputError` before anything is written where a scan cannot be read, or
    pages of an earlier run would be lost.
    """
    check_libraries()
    check_names(scans)
    papers = read_papers(folder)
    digests = {path.name: digest(path) for path in scans}
    counts = {path.name: page_count(path) for path in scans}
    if out.resolve() in {folder.resolve(), *((folder / paper.stem).resolve() for paper in papers.papers)}:
        raise InputError(f"{out} is the folder of the papers themselves; give another one", field="--out")
    named = read_options(said, counts, papers)
    prepare_folder(out)
    with locked(out / _LOCK, f"another scan is sorted into {out} at this moment; wait until that is done"):
        earlier = _earlier(out / STATE)
        if not replace:
            _refuse_losses(earlier, digests, out)
        by_hand: dict[Place, Said] = {}
        notes: list[str] = []
        if (out / PAGES).is_file():
            by_hand, notes = read_table(out / PAGES, counts, digests, papers)
        seen = _read(scans, counts, pool, progress)
        found = sort_pages(seen, papers, by_hand | named)
        if any(paper.pages is None for paper in papers.papers):
            notes.append(
                f"there are papers in {folder} without a PDF: of them only gaps between pages are known to be missing"
            )
        names = _write(found, papers, scans, digests, out, by, earlier.files)
    return Scanned(len(seen), found, tuple(out / name for name in names), tuple(notes))


def _read(
    scans: Sequence[Path], counts: Mapping[str, int], pool: WorkerPool, progress: Callable[[int, int], None] | None
) -> list[Seen]:
    """Read all pages, in the order of the scans."""
    tasks = []
    for path in scans:
        count = counts[path.name]
        step = CHUNK if is_pdf(path) else count  # the pages of an image are made all at once
        tasks += [Task(path, first, min(first + step - 1, count)) for first in range(1, count + 1, step)]
    read: dict[Task, list[Seen]] = {}
    for task, pages in pool.work(read_pages, tasks):
        read[task] = pages
        if progress is not None:
            progress(len(pages), sum(counts.values()))
    return [seen for task in tasks for seen in read[task]]


# ------------------------------------------------------------------------------------------- what was there before


@dataclass(frozen=True)
class _Earlier:
    """What an earlier run read, with each scan's digest, and the files it wrote."""

    scans: Mapping[str, str]
    files: frozenset[str]


def _earlier(path: Path) -> _Earlier:
    try:
        state = json.loads(path.read_bytes())
        return _Earlier(dict(state["scans"]), frozenset(name for name in state["files"] if _OURS.fullmatch(name)))
    except FileNotFoundError:
        return _Earlier({}, frozenset())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path} cannot be read: {error}; remove it to begin anew", field="--out") from error


def _refuse_losses(earlier: _Earlier, digests: Mapping[str, str], out: Path) -> None:
    """Raise :class:`InputError` where pages of earlier scans would be in no file any more."""
    lost = sorted(name for name, content in earlier.scans.items() if content not in digests.values())
    if lost:
        raise InputError(
            f"{out} has pages of {', '.join(lost)}, which {'is' if len(lost) == 1 else 'are'} not among the scans given, or "
            "not as before: name all scans of the class, or another folder, or give --replace to leave those pages out",
            field="--out",
        )


def _refuse_others(out: Path, names: Iterable[str]) -> None:
    """Raise :class:`InputError` where a file is to be written that is there and is not of an earlier run."""
    there = sorted(name for name in names if (out / name).exists())
    if there:
        raise InputError(
            f"{out} has {', '.join(there[:8])}, which no scan wrote: move {'it' if len(there) == 1 else 'them'} away, or give "
            "another folder",
            field="--out",
        )


# ------------------------------------------------------------------------------------------------------ writing


def _write(
    found: Sorted,
    papers: Papers,
    scans: Sequence[Path],
    digests: Mapping[str, str],
    out: Path,
    by: By,
    before: frozenset[str],
) -> list[str]:
    """Write all files, each in its place only when all are whole; return their names."""
    paths = {path.name: path for path in scans}
    names = []
    with ExitStack() as stack:
        pdfs = {path.name: stack.enter_context(opened(path)) for path in scans}
        writer = stack.enter_context(Writer(out))
        for name, bookmarks in _bound(found, papers, by):
            names.append(name)
            writer.stage({name: _pdf(bookmarks, pdfs)})
        rows = list(to_look_at(found))
        if rows:
            names.append(PAGES)
            writer.stage({PAGES: table_bytes(rows, digests)})
        names.append(PAGE)
        _refuse_others(out, {*names} - before - {PAGES})
        writer.stage({PAGE: scan_page(found, paths, names).encode()})
        # A run that is killed while files are moved must know the next time which are whose.
        write_files(out, {STATE: _state(digests, before.union(names))})
        writer.place(sorted(before.difference(names)))
        for name in ("students", "questions"):
            with suppress(OSError):  # not empty, or not there
                (out / name).rmdir()
        write_files(out, {STATE: _state(digests, names)})
    return names


def _state(digests: Mapping[str, str], names: Iterable[str]) -> bytes:
    return to_json({"scans": dict(sorted(digests.items())), "files": sorted(names)}).encode()


_Bookmark = tuple[str, list[Seen]]


def _bound(found: Sorted, papers: Papers, by: By) -> Iterator[tuple[str, list[_Bookmark]]]:
    """Yield each PDF's name, and its pages under their bookmarks."""
    if by == "student":
        for copy in found.copies:
            yield f"students/{copy.stem}.pdf", [(copy.label, [sheet.seen for sheet in copy.sheets])]
    else:
        yield from _by_question(found, papers)
    for name in ("keys", "doubled", "unknown", "blank", "spare"):
        if apart := getattr(found, name):
            yield f"{name}.pdf", [(f"{one.seen.place}: {one.why}", [one.seen]) for one in apart]


def _by_question(found: Sorted, papers: Papers) -> Iterator[tuple[str, list[_Bookmark]]]:
    """Yield a PDF a question, with the pages of each student on which it stands, and one of the pages without any."""
    pages = {paper.id: question_pages(paper) for paper in {copy.paper.id: copy.paper for copy in found.copies}.values()}
    for number, problem in enumerate(papers.papers[0].problems, start=1):
        marks = [
            (copy.label, [sheet.seen for sheet in copy.sheets if sheet.page in pages[copy.paper.id].get(number, ())])
            for copy in found.copies
        ]
        if marks := [(label, seen) for label, seen in marks if seen]:
            yield f"questions/{number:02}-{problem}.pdf", marks
    others = [
        (copy.label, [sheet.seen for sheet in copy.sheets if not _is_in(sheet.page, pages[copy.paper.id].values())])
        for copy in found.copies
    ]
    if others := [(label, seen) for label, seen in others if seen]:
        yield "questions/other-pages.pdf", others


def _is_in(page: int, ranges: Iterable[range]) -> bool:
    return any(page in one for one in ranges)


def _pdf(bookmarks: Sequence[_Bookmark], pdfs: Mapping[str, pikepdf.Pdf]) -> bytes:
    """Return a PDF of scanned pages as they were packed, turned upright."""
    with pikepdf.new() as pdf:
        places = []
        for title, pages in bookmarks:
            places.append((title, len(pdf.pages)))
            for seen in pages:
                pdf.pages.append(pdfs[seen.place.scan].pages[seen.place.page - 1])
                if seen.turn:
                    pdf.pages[-1].rotate(seen.turn, relative=True)
        pdf.remove_unreferenced_resources()
        with pdf.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(title, place) for title, place in places)
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True)
        return file.getvalue()
