"""Folders for work in progress, which are gone afterwards: whoever dies in the midst of it, the next one clears up.

Each is locked as long as its maker lives, and the system lets go of a lock whatever ends a process.  Windows has no such
locks on folders; there, what a killed process leaves is the system's to clear.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from generator.errors import NO_ROOM, NoRoomError
from generator.tex.run import StoppedError

if sys.platform != "win32":
    import fcntl

PREFIX = "problemwright-run-"

ENOUGH = 2**20
"""Bytes: where there is no room for so many more, a failure is laid on that."""


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder within the system's temporary directory.

    Raises :class:`NoRoomError` in place of whatever fails within for want of room there, and where none can be made.
    """
    with ExitStack() as stack:
        folder = _opened(stack)
        with _room_needed(folder):
            yield folder


@contextmanager
def temporary_files() -> Iterator[None]:
    """Whatever temporary files others make within stand in a folder that lasts as long as this process.

    Unless they would have names that are too long for sockets: then they stand beside it, or where names are short.
    """
    folder = _process_folder()
    before = tempfile.tempdir
    short = [path for path in (str(folder), str(folder.parent), *_SHORT) if _is_short(path)]
    tempfile.tempdir = short[0] if short else before
    try:
        with _room_needed(folder):
            yield
    finally:
        tempfile.tempdir = before


@cache
def _process_folder() -> Path:
    stack = ExitStack()
    folder = _opened(stack)
    Finalize(None, stack.close, exitpriority=_AFTER_MULTIPROCESSING)
    return folder


_LONGEST_FOLDER = 68
"""Bytes: a socket's path may have 103 of them, and this one's ends in ``/pymp-xxxxxxxx/listener-xxxxxxxx``."""

_SHORT = ("/tmp", "/var/tmp")  # noqa: S108 - what is made there has a name that nobody knows


def _is_short(path: str) -> bool:
    return len(os.fsencode(path)) <= _LONGEST_FOLDER and os.access(path, os.W_OK | os.X_OK)


_AFTER_MULTIPROCESSING = -200
"""It removes its own files within that folder at -100."""


def _opened(stack: ExitStack) -> Path:
    parent = ""
    try:
        parent = tempfile.gettempdir()
        return stack.enter_context(locked_folder(Path(parent), PREFIX))
    except OSError as error:
        told = "is full" if error.errno in NO_ROOM else f"cannot be written to ({error.strerror})"
        raise NoRoomError(f"the temporary directory {parent} {told}: {_REMEDY}") from error


@contextmanager
def _room_needed(folder: Path) -> Iterator[None]:
    try:
        yield
    except (StoppedError, NoRoomError):
        raise
    except Exception as error:
        if _has_room(folder):
            raise
        raise NoRoomError(f"the temporary directory {folder.parent} is full: {_REMEDY}") from error


_REMEDY = "make room there, or name another one in TMPDIR; the same command goes on from here"


@contextmanager
def locked_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder within ``parent`` whose name begins with ``prefix``; those that dead processes left there are removed.

    Raises OSError where none can be made.
    """
    _clear(parent, prefix)
    folder, lock = _make(parent, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _make(parent: Path, prefix: str) -> tuple[Path, int | None]:
    """A new folder and what holds its lock; None where there are no locks."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        if sys.platform == "win32":
            return folder, None
        lock = -1
        try:
            lock = os.open(folder, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(lock), folder.stat()):
                return folder, lock
            os.close(lock)
        except (BlockingIOError, FileNotFoundError):  # it was taken for a dead one's before it was locked
            if lock >= 0:
                os.close(lock)
        except OSError:  # the file system has no locks: then nobody can take it for a dead one's either
            if lock >= 0:
                os.close(lock)
            return folder, None


@cache
def _clear(parent: Path, prefix: str) -> None:
    """Remove the folders that dead processes of this user left; once in a process, for it does not leave any itself."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        for found in os.scandir(parent):
            if found.name.startswith(prefix):
                _remove_if_dead(found)


def _remove_if_dead(found: os.DirEntry[str]) -> None:
    if sys.platform == "win32":
        return
    with suppress(OSError):
        if not found.is_dir(follow_symlinks=False) or found.stat(follow_symlinks=False).st_uid != os.geteuid():
            return
        lock = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(found.path, ignore_errors=True)
        finally:
            os.close(lock)


def _has_room(folder: Path) -> bool:
    """Whether a file of some size can be written there; not of zeros, which some file systems keep without room."""
    probe = folder / "is-there-room"
    try:
        probe.write_bytes(os.urandom(ENOUGH))
    except OSError as error:
        return error.errno not in NO_ROOM
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return True
