"""Which problem something went wrong in: whatever an author's code raises becomes a message with its name and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.draw import Rejected
from generator.errors import AuthoringError, WorksheetError
from generator.formats import FORMATS

if TYPE_CHECKING:
    from generator.document import Exercise
    from generator.render import Renderer
    from generator.sheet import Sheet
    from generator.worksheet import Paper

_LONGEST = 300
"""So many characters of what an author's code says."""


@contextmanager
def blaming(problem: str, where: str, source: str = "") -> Iterator[None]:
    """Have errors within begin with ``where``, which names the ``problem``, unless they name it themselves.

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
        raise AuthoringError(f"{where}: {described(error, source)}") from error


@contextmanager
def blaming_exercises(paper: Paper, sheet: Sheet, formats: Iterable[str]) -> Iterator[None]:
    """Have errors of rendering name the problem whose exercise cannot be rendered by itself, where there is one."""
    try:
        yield
    except (Exception, SystemExit):
        from generator.render import renderer  # which knows of problems itself

        writers = [renderer(FORMATS["tex" if form == "pdf" else form], sheet.templates) for form in formats]
        guilty = [one.id for one in paper.document.exercises if any(_fails(writer, one) for writer in writers)]
        if not guilty:
            raise
        with blaming(guilty[0], f"problem {guilty[0]}"):
            raise


def _fails(writer: Renderer, exercise: Exercise) -> bool:
    try:
        writer.node(exercise)
    except (Exception, SystemExit):  # noqa: BLE001 - whatever it is, the whole paper has told of it
        return True
    return False


def described(error: BaseException, source: str = "") -> str:
    """The error in a line, with the line of the file ``source`` that it came from; or else of the file that raised it."""
    file, line = (source, error.lineno) if isinstance(error, SyntaxError) else ("", None)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if file != source or name == source:
            file, line = name, trace.tb_lineno
        trace = trace.tb_next
    said = (error.msg if isinstance(error, SyntaxError) else str(error)).strip().partition("\n")[0][:_LONGEST]
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return f"{Path(file).name}, line {line}: {what}" if line else what
