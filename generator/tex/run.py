r"""One run of TeX that is safe and bounded.

TeX is a programming language, and by default it may read every file of the user's.  Here it runs in a folder
of its own with a scrubbed environment: ``\input``, ``\openin``, ``\includegraphics`` and ``\openout`` do not
reach outside it, and no program is started.  pdfTeX's own ``\pdfobj`` and ``\pdfmapline`` ask nobody before
they read, so that TeX from strangers still needs a sandbox of the system's; what students and sheets write is
escaped long before it comes here.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal

import platformdirs

from generator.errors import EngineError

EngineName = Literal["embedded", "system", "lualatex"]

LARGEST_FILE = 64 * 2**20
"""Bytes TeX may write to one file (where the system can tell it so): a loop of messages would fill the disk."""

_POLL_SECONDS = 0.004
_SECONDS_TO_STOP = 1.0
_SECONDS_TO_SPARE = 5


@dataclass(frozen=True)
class Engine:
    """A pdfTeX, or LuaTeX, with the LaTeX format: where its program is."""

    name: EngineName
    program: Path


class StoppedError(EngineError):
    """Somebody else failed, or the user wants to go home."""

    def __init__(self) -> None:
        super().__init__("stopped")


class TimeLimitError(EngineError):
    """The time limit was reached."""


class FailedError(EngineError):
    """TeX gave up; ``code`` is its exit code, negative if a signal ended it.  The log says why."""

    def __init__(self, code: int) -> None:
        self.code = code
        by = f"was ended by signal {-code}{_file_too_large(code)}" if code < 0 else "failed"
        super().__init__(f"TeX {by}")


@dataclass(frozen=True)
class Limits:
    """Until when TeX may run: ``timeout`` seconds, over at ``deadline`` (monotonic), or until ``stopped``.

    With ``progress`` it may run for that long again as often as the value of that has changed.
    """

    timeout: float
    deadline: float
    stopped: Event
    progress: Callable[[], object] | None = None

    @classmethod
    def of(cls, timeout: float, stopped: Event | None = None) -> Limits:
        """``timeout`` seconds from now."""
        return cls(timeout, time.monotonic() + timeout, stopped or Event())


def run(engine: Engine, folder: Path, arguments: tuple[str, ...], limits: Limits) -> None:
    """TeX once, in ``folder``.

    Raises :class:`FailedError`, :class:`TimeLimitError`, :class:`StoppedError` or, if it cannot be started, :class:`EngineError`.
    """
    always = ("-no-shell-escape", "-interaction=batchmode", "-halt-on-error", "-file-line-error")
    # Without these a font that is missing starts a script that draws it, minutes long, into the user's home.
    no_scripts = ("-no-mktex=tfm", "-no-mktex=pk")
    try:
        process = subprocess.Popen(
            [engine.program, *always, *no_scripts, *arguments],
            cwd=folder,
            env=_environment(folder, engine),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise EngineError(f"{engine.program} cannot be run: {error.strerror}") from error
    try:
        began = time.monotonic()
        deadline, reached = limits.deadline, None
        _bound(process.pid, deadline - began)
        # Popen.wait with a time limit may sleep 50 ms past the end, which would be felt.
        while process.poll() is None:
            if limits.stopped.wait(_POLL_SECONDS):
                raise StoppedError
            if time.monotonic() > deadline:
                if limits.progress is not None and reached != (reached := limits.progress()):
                    deadline = time.monotonic() + limits.timeout
                    _bound(process.pid, deadline - began)
                    continue
                _interrupt(process)
                raise TimeLimitError(
                    f"TeX was still running after {limits.timeout:g} seconds and was stopped; "
                    "a macro that calls itself never ends"
                )
    finally:
        _end(process)
    if process.returncode != 0:
        raise FailedError(process.returncode)


def _file_too_large(code: int) -> str:
    too_large = getattr(signal, "SIGXFSZ", None)
    return f": it wrote a file of more than {LARGEST_FILE // 2**20} MiB" if -code == too_large else ""


def _bound(pid: int, seconds: float) -> None:
    """Bound its files, and its time for when nobody is left to stop it: whoever started it may be killed.

    Set on the running process: a hook between fork and exec is not safe beside threads.
    """
    if sys.platform == "linux":
        import resource

        at_work = max(1, math.ceil(seconds)) + _SECONDS_TO_SPARE
        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
            resource.prlimit(pid, resource.RLIMIT_CPU, (at_work, resource.prlimit(pid, resource.RLIMIT_CPU)[1]))
        except (OSError, ValueError):  # it has ended already, or the sandbox forbids it; the time limit still holds
            return


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ask TeX to stop of itself, for then its log says where it was."""
    if sys.platform != "win32":
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_STOP)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and all that it started, if it still runs."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


_FONTS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}
"""Where LuaTeX finds the fonts of other scripts."""


def _font_cache() -> Path:
    """Where LuaTeX keeps what it has read of fonts: without it each run would read them again."""
    return platformdirs.user_cache_path("keyright") / "lualatex"


def _environment(folder: Path, engine: Engine) -> dict[str, str]:
    """Only what TeX needs, every permission withdrawn, and the clock stopped for equal bytes."""
    windows = ("SYSTEMROOT", "TEMP", "TMP") if sys.platform == "win32" else ()
    return {
        **{name: os.environ[name] for name in windows if name in os.environ},
        "PATH": str(engine.program.parent),
        "HOME": str(folder),
        "TEXMFHOME": str(folder),
        "TEXMFVAR": str(_font_cache() if engine.name == "lualatex" else folder),
        "OSFONTDIR": os.pathsep.join(f"{one}//" for one in _FONTS.get(sys.platform, ())),
        "TEXMFCONFIG": str(folder),
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "1000",  # or the log breaks its lines at 79 characters
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
    }
