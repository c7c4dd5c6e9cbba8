"""Locks that keep two runs of the program from writing into one folder at once."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from generator.errors import InputError

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}
"""The errors of a file system that has no locks."""


@contextmanager
def locked(path: Path, taken: str) -> Iterator[bool]:
    """Hold the lock in the file ``path`` for the block; yield whether its file system has locks at all.

    Raise :class:`InputError` that says ``taken`` if another process holds it.
    """
    lock = filelock.FileLock(path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise InputError(taken, field="--out") from error
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
            raise
    try:
        yield lock.is_locked
    finally:
        lock.release()
