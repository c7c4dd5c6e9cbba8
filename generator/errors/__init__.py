"""Everything that can go wrong in a way the user can mend.

One tree, so that the command line prints any of them as one message and exits with ``exit_code``.
Messages say what was expected, what came, where it stood and what to do about it.  :func:`error_context` adds where to
whatever an author's code raises.
"""

from __future__ import annotations

import errno
import inspect
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Self

NO_ROOM = (errno.ENOSPC, errno.EDQUOT) if sys.platform != "win32" else (errno.ENOSPC,)
"""What a system answers where a disk, or somebody's share of it, is full."""


def expected(what: str, got: object) -> str:
    """Return the sentence of every check that fails: what was expected, and what came."""
    return f"expected {what}; got {got}"


def shown(value: object) -> str:
    """Return a value as messages show it, in a line."""
    if callable(value) and hasattr(value, "__name__"):
        return f"the {'class' if isinstance(value, type) else 'function'} {value.__name__}"
    text = _ADDRESS.sub("", repr(value).replace("\n", " "))
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")
"""Where a function or a generator lies in memory, which is elsewhere each time."""

LONGEST_VALUE = 80
"""So many characters of a value are shown."""


class WorksheetError(Exception):
    """The work could not be done; the message is meant for the user.

    :meth:`locate` adds where it went wrong, which the message then begins with: the problem and seed, the part or step,
    and the line of the author's file.
    """

    exit_code = 1
    context = ""
    """The problem, with the seed and the student where there are such."""
    item = ""
    """The part, step or mistake."""
    line = ""
    """``sums.py, line 12``: a line of the author's own file."""

    def locate(self, *, context: str = "", item: str = "", line: str = "") -> Self:
        """Add where it went wrong; what is known already stays."""
        self.context = self.context or context
        self.item = self.item or item
        self.line = self.line or line
        return self

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.context, self.item)))
        return ": ".join(filter(None, (where, self.line, super().__str__())))

    @property
    def message(self) -> str:
        """The message without where it went wrong."""
        return super().__str__()


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
    """A problem file fails or contradicts itself: an unknown slot, a cycle among the steps, a float in an answer.

    ``text`` is the author's own text at fault, by which its line is found.
    """

    def __init__(self, message: str, *, text: str = "") -> None:
        self.text = text
        super().__init__(message)


class WorkerError(WorksheetError):
    """A process that was given work died, again and again."""


class Rejected(Exception):  # noqa: N818 - not an error: a draw that is thrown away on purpose
    """A draw makes a bad problem; the message says why, and the next attempt begins."""


LONGEST_MESSAGE = 300
"""So many characters of a foreign exception's message are shown."""


@contextmanager
def error_context(problem: str, context: str, source: str = "") -> Iterator[None]:
    """Have the message of an error raised within begin with ``context``, which names the ``problem``.

    Our own errors keep their kind; any other, and an exit, becomes an :class:`AuthoringError`.  The line is that of the
    author's file ``source``, or of a file beside it, that was running.
    """
    try:
        yield
    except Rejected:
        raise
    except WorksheetError as error:
        if not error.message.startswith((f"{problem}:", f"{problem},", f"problem {problem}")):
            error.context = context
        error.locate(line=line_of_error(error, source))
        raise
    except (Exception, SystemExit) as error:
        raise authoring_error(error, source).locate(context=context) from error


def authoring_error(error: BaseException, source: str) -> AuthoringError:
    """Return a foreign exception as an error of the author's, with the line of her own files, if one of them raised it."""
    item, line = (*getattr(error, "__notes__", ()), "", "")[:2]
    return AuthoringError(said_by(error)).locate(item=item, line=line_of_error(error, source) or line)


def describe_error(error: BaseException, source: str = "") -> str:
    """Return the error in a line, with the line of the file ``source`` that it came from, or else of the file that raised it."""
    line = line_of_error(error, source) if source else ""
    if not line and error.__traceback__ is not None:
        *_, (frame, number) = traceback.walk_tb(error.__traceback__)
        file = frame.f_code.co_filename
        line = f"{Path(file).name}, line {number}" if not file.startswith("<") else ""
    return f"{line}: {said_by(error)}" if line else said_by(error)


def said_by(error: BaseException) -> str:
    """Return a foreign exception's message in a line; its kind stands before it, but where the message says it as well."""
    if missing := _NO_SUCH_NAME.match(_text_of(error)):
        return f"generator has no name {missing[1]!r}" + did_you_mean(missing[1], sys.modules["generator"].__all__)
    if unknown := _NO_SUCH_ARGUMENT.match(_text_of(error)):
        known = inspect.signature(getattr(sys.modules["generator"], unknown[1], object)).parameters
        return f"{unknown[1]}(...) has no argument {unknown[2]!r}" + did_you_mean(unknown[2], known)
    said = (
        (error.msg if isinstance(error, SyntaxError) else _text_of(error)).strip().partition("\n")[0][:LONGEST_MESSAGE]
    )
    said = "".join(char if char.isprintable() else repr(char)[1:-1] for char in said).replace(".__init__()", "(...)")
    if isinstance(error, ImportError):
        said = _PLACE_OF_MODULE.sub("", said)
    if isinstance(error, AttributeError | NameError) and len(error.name or "") > 2 and "; " not in said:
        said += near(str(error.name), dir(error.obj) if isinstance(error, AttributeError) else (), cutoff=0.65)
    if isinstance(error, TypeError) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an author's own exception may do anything
        return ""


_NO_SUCH_NAME = re.compile(r"(?:cannot import name|module 'generator' has no attribute) '(\w+)'(?: from 'generator'|$)")

_PLACE_OF_MODULE = re.compile(r" \((?:[A-Za-z]:)?[/\\][^()]*\)$")

_NO_SUCH_ARGUMENT = re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")


def line_of_error(error: BaseException, source: str) -> str:
    """Return the innermost line of the author's files, ``source`` and those in its folder, that was running: ``sums.py, line 12``."""
    if not source:
        return ""
    if isinstance(error, SyntaxError) and _is_beside(error.filename or "", source):
        return f"{Path(error.filename or '').name}, line {error.lineno}"
    lines = [
        f"{Path(frame.f_code.co_filename).name}, line {number}"
        for frame, number in traceback.walk_tb(error.__traceback__)
        if _is_beside(frame.f_code.co_filename, source)
    ]
    return lines[-1] if lines else ""


_PACKAGE = Path(__file__).parent.parent


def _is_beside(file: str, source: str) -> bool:
    """Return whether a file is the author's: the problem's own or one in its folder, and no library's, nor one of ours."""
    if file == source:
        return True
    path, folder = Path(file), Path(source).parent
    if folder not in path.parents or "site-packages" in path.relative_to(folder).parts:
        return False
    return _PACKAGE not in path.parents or _PACKAGE in folder.parents


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: ``; did you mean X?``, or what there is."""
    names = [*known]
    listed = f"; there are {', '.join(names)}" if 0 < len(names) <= MOST_NAMES else ""
    return near(name, names) or listed


def near(name: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """Return ``; did you mean X?`` about an unknown name that is like a known one."""
    found = get_close_matches(name, [*known], n=1, cutoff=cutoff)
    return f"; did you mean {found[0]}?" if found else ""


MOST_NAMES = 20
"""A message lists no more names than that."""
