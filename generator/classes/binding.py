"""What is made of a whole class: its worksheets for the copier, its keys with an index, archives, who gets which file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from generator import __version__
from generator.classes.archives import zip_worksheets
from generator.classes.bound import HASHES, BoundFiles, current_names, digest_of
from generator.classes.copies import COLUMNS, Copy, Stack, copies_of, in_order, stacks
from generator.classes.forms_by_seat import FORMS, Assigned, forms_table
from generator.classes.summary import Summary
from generator.errors import InputError, expected
from generator.paper.csv_files import csv_bytes
from generator.paper.needs import DOCX, HTML, LARGE
from generator.tex.pdf import Engine

if TYPE_CHECKING:  # it reads PDFs with a library that is slow to import, and few classes are bound
    from generator.tex.binding import Bound

WORKSHEETS, KEYS = "worksheets.pdf", "keys.pdf"
MAIL = "mail.csv"
"""The table for a mail merge: who gets which file."""

_BOUND = re.compile(rf"(?:worksheets(?:-[\w-]+)?\.(?:pdf|zip)|keys(?:-[\w-]+)?\.pdf|{re.escape(MAIL)})", re.ASCII)


@dataclass(frozen=True)
class Binding:
    """What to make of a whole class.

    All worksheets in one PDF in the order of some columns, if there are any, or a PDF for each section or form (``by``),
    and archives of them (``zipped``); all keys, if ``keys``.  With ``duplex`` every worksheet begins on a right-hand page;
    ``cover`` puts a list of the students in front.  ``mail`` is the table of who gets which file.  ``assigned`` says which
    form each student of a class list has, ``seats`` where she sits.  ``paper`` is the size of an index.
    """

    keys: bool = False
    print_order: tuple[str, ...] = ()
    duplex: bool = False
    by: Literal["", "section", "form"] = ""
    cover: bool = False
    zipped: bool = False
    mail: bool = False
    assigned: tuple[Assigned, ...] = ()
    seats: Mapping[str, str] = field(default_factory=dict)
    paper: str = "letter"

    @property
    def prints(self) -> bool:
        """Whether worksheets are bound into PDFs, if there are any."""
        return bool(self.print_order or self.by)

    def __bool__(self) -> bool:
        return bool(self.keys or self.prints or self.zipped or self.mail or self.assigned)


NOT_BOUND = Binding()


def is_bound(name: str) -> bool:
    """Return whether a file of the class's folder is called like one that is made of the whole class."""
    return _BOUND.fullmatch(name) is not None


def _kind(name: str) -> tuple[str, str]:
    """What a file holds, whichever section or form it is of."""
    stem, _, ending = name.rpartition(".")
    return stem.partition("-")[0], ending


def parse_print_order(text: str) -> tuple[str, ...]:
    """``"section,name"`` as columns of the class list, each known."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or not names:
        got = ", ".join(unknown) or "nothing"
        raise InputError(expected(f"some of {', '.join(COLUMNS)}", got), field="--print-order")
    return names


def bind_class(
    papers: Sequence[Summary],
    title: str,
    folder: Path,
    binding: Binding,
    find_engine: Callable[[], Engine],
    staging: Path,
    progress: Callable[[str], None] = lambda _: None,
    *,
    replaces: bool = False,
) -> tuple[str, ...]:
    """Write what the binding asks for into ``folder``, and the hashes, but for what is there already; return notes.

    What it does not ask for stays, unless the run ``replaces``, or makes others of the kind for other papers.
    ``papers`` are the class's, in its order; ``progress`` is called for each copy with the name of the PDF that it is bound in.
    """
    copies = copies_of(papers, binding.assigned, binding.seats)
    files = BoundFiles(folder, (__version__, title, replace(binding, keys=False, mail=False)))
    for name, make in _wanted(papers, copies, title, folder, binding, find_engine, progress):
        if files.asks(name):
            make(staging / name)
            files.add(staging / name)
    notes = [*_without_address(copies)] if binding.mail else []
    kinds = {_kind(name) for name in files.asked}
    for name in sorted({*bound_names(folder)} - files.asked):
        if replaces or (files.is_outdated(name) and _kind(name) in kinds):  # such as that of a section that is no more
            files.remove(name)
            notes.append(f"{name} of the run before was removed, since this one was not asked for it")
        elif files.is_outdated(name):
            notes.append(f"{name} stays, of the papers that were there before: ask for it too, and it is made anew")
    files.save(staging)
    return tuple(notes)


def _wanted(
    papers: Sequence[Summary],
    copies: Sequence[Copy],
    title: str,
    folder: Path,
    binding: Binding,
    find_engine: Callable[[], Engine],
    progress: Callable[[str], None],
) -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Yield the name of each file that the binding asks for, and what makes it."""

    def bound(stack: Stack, stem: Literal["worksheet", "key"]) -> Callable[[Path], None]:
        return lambda target: _bind(stack, stem, title, folder, target, binding, find_engine(), progress)

    order = binding.print_order or (("seat",) if binding.seats and binding.by else ()) or ("name",)
    for stack in stacks(in_order(copies, order), binding.by):
        if binding.prints and all(any(file.endswith("/worksheet.pdf") for file in one.files) for one in stack.copies):
            yield f"worksheets{stack.suffix}.pdf", bound(stack, "worksheet")
        if binding.zipped:
            yield f"worksheets{stack.suffix}.zip", partial(zip_worksheets, _files(stack), folder)
    if binding.keys:
        keys = copies_of(papers, (), binding.seats)  # of forms one each, however many students have it
        for stack in stacks(keys, "" if binding.assigned and binding.by == "section" else binding.by):
            yield f"keys{stack.suffix}.pdf", bound(stack, "key")
    if binding.mail:
        yield MAIL, lambda target: target.write_bytes(csv_bytes(_mail(copies)))
    if binding.assigned:
        table = forms_table(binding.assigned, {one.form: one.paper for one in papers})
        yield FORMS, lambda target: target.write_bytes(csv_bytes(table))


def _files(stack: Stack) -> Iterator[str]:
    return (file for copy in stack.copies for file in copy.files)


def _bind(
    stack: Stack,
    stem: Literal["worksheet", "key"],
    title: str,
    folder: Path,
    target: Path,
    binding: Binding,
    engine: Engine,
    progress: Callable[[str], None],
) -> None:
    """Bind a stack's worksheets, or its keys, which always have an index."""
    from generator.tex.binding import one_pdf

    words = [title, *([stack.title] if stack.title else []), *(["keys"] if stem == "key" else [])]
    one_pdf(
        _bound(stack.copies, stem, folder, partial(progress, target.name)),
        target,
        engine,
        duplex=binding.duplex and stem == "worksheet",
        title=": ".join(words),
        index=stem == "key" or binding.cover,
        paper=binding.paper,
    )


def _bound(copies: Sequence[Copy], stem: str, folder: Path, progress: Callable[[], None]) -> Iterator[Bound]:
    from generator.tex.binding import Bound

    for copy in copies:
        yield Bound(copy.title, copy.id, copy.paper, (folder / copy.file(stem, "pdf")).read_bytes())
        progress()


def _mail(copies: Sequence[Copy]) -> list[tuple[str, ...]]:
    """The rows of :data:`MAIL`; a file is a PDF where there is one, and what a student needs is a file in each such format."""
    rows: list[tuple[str, ...]] = [("student", "name", "email", "file")]
    for copy in copies:
        sheets = {
            file.rpartition(".")[2]: file for file in copy.files if file.rpartition("/")[2].startswith("worksheet.")
        }
        needed = [kind for need, kind in _FOR_NEEDS.items() if need in copy.needs and kind in sheets]
        kinds = needed or [kind for kind in _FOR_MAIL if kind in sheets][:1]
        rows.append((copy.id, copy.name, copy.email, "; ".join(sheets[kind] for kind in kinds)))
    return rows


_FOR_MAIL = ("pdf", "html", "docx", "md", "tex")
_FOR_NEEDS = {LARGE: "pdf", HTML: "html", DOCX: "docx"}


def _without_address(copies: Sequence[Copy]) -> Iterator[str]:
    missing = [copy.id for copy in copies if not copy.email]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        yield f"{MAIL} has no e-mail address of {', '.join(missing[:5])}{more}: the class list has none"


# ---------------------------------------------------------------------------------------------- afterwards


def bound_names(folder: Path) -> list[str]:
    """Return the files that were made of the whole class, as its hashes say; the table of forms is kept, and not among them."""
    try:
        hashed = [name for name in json.loads((folder / HASHES).read_bytes()) if is_bound(name)]
    except (OSError, ValueError, TypeError):
        hashed = []
    return [name for name in sorted({*hashed, WORKSHEETS, KEYS}) if (folder / name).is_file()]


def names_without(folder: Path, papers: Sequence[Summary], student: str) -> set[str]:
    """Return the files made of the whole class in which a student's paper does not stand: those of other sections or forms."""
    copies = copies_of(papers, (), {})
    (own,) = (paper for paper in papers if paper.student == student)
    others = [
        stack
        for stack in stacks(copies, "form" if own.form else "section")
        if all(copy.paper != own.paper for copy in stack.copies)
    ]
    names = {f"{kind}{stack.suffix}.{ending}" for stack in others for kind, ending in _STACKED}
    return current_names(folder) & {*names, MAIL}


_STACKED = (("worksheets", "pdf"), ("worksheets", "zip"), ("keys", "pdf"))


def bound_faults(folder: Path) -> Iterator[str]:
    """Yield what is not as it was bound."""
    there = {path.name for path in folder.iterdir() if is_bound(path.name) and path.is_file()}
    try:
        hashes = json.loads((folder / HASHES).read_bytes())
        known = {name: str(hashes[name]) for name in hashes if is_bound(name) or name == FORMS}
        there |= {FORMS} if FORMS in known and (folder / FORMS).is_file() else set()
    except FileNotFoundError:
        known = {}
    except (OSError, ValueError, TypeError) as error:
        yield f"{HASHES} cannot be read: {error}"
        return
    for name in sorted(there | known.keys()):
        if name not in known:
            yield f"{name} has no hash in {HASHES}: give the class's command again to bind it anew"
        elif name not in there:
            yield f"{name} is missing, and {HASHES} has its hash"
        elif digest_of(folder / name) != known[name]:
            yield f"{name} is not as it was written"
