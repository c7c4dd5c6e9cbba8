"""Everything that can go wrong in a way the user can mend.

One tree, so that the command line prints any of them as one message and exits with ``exit_code``.
Messages say what was expected, what came, where it stood and what to do about it.  :func:`error_context` adds where to
whatever an author's code raises.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_ROOM = (errno.ENOSPC, errno.EDQUOT) if sys.platform != "win32" else (errno.ENOSPC,)
"""What a system answers where a disk, or somebody's share of it, is full."""


def expected(what: str, got: object) -> str:
    """Return the sentence of every check that fails: what was expected, and what came."""
    return f"expected {what}; got {got}"


class WorksheetError(Exception):
    """The work could not be done; the message is meant for the user."""

    exit_code = 1


class InputError(WorksheetError):
    """What the user gave cannot be used.

    ``field`` names the parameter, column or key at fault, where there is one.
    """

    exit_code = 2

    def __init__(self, message: str, *, field: str | None = None) -> None:
        self.field = field
        super().__init__(f"{field}: {message}" if field else message)


class AuditError(WorksheetError):
    """A variant failed its checks: the key and the second opinion disagree, or a mistake is hidden."""


class TemplateError(WorksheetError):
    """A template is missing, or does not know a node."""


class EngineError(WorksheetError):
    """TeX is missing, failed or took too long."""


class NoRoomError(WorksheetError):
    """The temporary directory is full, or cannot be written to: no paper is to blame."""


class AuthoringError(WorksheetError):
    """A problem file fails or contradicts itself: an unknown slot, a cycle among the steps, a float in an answer."""


class WorkerError(WorksheetError):
    """A process that was given work died, again and again."""


class Rejected(Exception):  # noqa: N818 - not an error: a draw that is thrown away on purpose
    """A draw makes a bad problem; the message says why, and the next attempt begins."""


LONGEST_MESSAGE = 300
"""So many characters of a foreign exception's message are shown."""


@contextmanager
def error_context(problem: str, where: str, source: str = "") -> Iterator[None]:
    """Begin the message of an error raised within with ``where``, which names the ``problem``, unless it names it already.

    Our own errors keep their kind; any other, and an exit, becomes an :class:`AuthoringError` with the line of the file
    ``source`` that it came from.
    """
    try:
        yield
    except Rejected:
        raise
    except WorksheetError as error:
        if problem not in str(error):
            error.args = (f"{where}: {error}",)
        raise
    except (Exception, SystemExit) as error:
        raise AuthoringError(f"{where}: {describe_error(error, source)}") from error


def describe_error(error: BaseException, source: str = "") -> str:
    """Return the error in a line, with the line of the file ``source`` that it came from, or else of the file that raised it."""
    file, line = (source, error.lineno) if isinstance(error, SyntaxError) else ("", None)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if file != source or name == source:
            file, line = name, trace.tb_lineno
        trace = trace.tb_next
    said = (error.msg if isinstance(error, SyntaxError) else str(error)).strip().partition("\n")[0][:LONGEST_MESSAGE]
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return f"{Path(file).name}, line {line}: {what}" if line else what
