"""Everything that can go wrong in a way the user can mend.

One tree, so that the command line prints any of them as one message and exits with ``exit_code``.
Messages say what was expected, what came, where it stood and what to do about it.
"""

from __future__ import annotations

import errno
import sys

NO_ROOM = (errno.ENOSPC, errno.EDQUOT) if sys.platform != "win32" else (errno.ENOSPC,)
"""What a system answers where a disk, or somebody's share of it, is full."""


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
