"""The marks of a class as they are kept: ``marks.jsonl``, a paper a line, from which a later run goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from generator.errors import InputError
from generator.grading.class_marks import PaperMarks
from generator.paper.locks import locked

MARKS = "marks.jsonl"
_LOCK = ".marks.lock"

_decoder = msgspec.json.Decoder(PaperMarks)


@contextmanager
def marks_locked(folder: Path) -> Iterator[None]:
    """Keep the marks in a folder from another run, which would lose those of this one; a file system without locks does not."""
    with locked(folder / _LOCK, f"somebody is grading in {folder} at this moment; wait until that is done"):
        yield


def kept_marks(folder: Path, grades: str) -> dict[tuple[str, str], PaperMarks]:
    """Return the marks in a folder by student and form; none where nobody was marked before.

    Raise :class:`InputError` where they cannot be read, or there are ``grades`` of a version that kept no marks.
    """
    path = folder / MARKS
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        if (folder / grades).exists():
            raise InputError(
                f"{folder} holds {grades} and no {MARKS}, without which these marks would be lost: give another folder, or "
                f"move {grades} away and grade all answers again",
                field="--out",
            ) from None
        return {}
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", field="--out") from error
    found: dict[tuple[str, str], PaperMarks] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            paper = _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(
                f"{path}, line {number}: expected the marks of a paper, as grade writes them; got another text ({error}): "
                "give a copy of the file as it was written, or another folder",
                field="--out",
            ) from error
        found[paper.owner] = paper
    return found


def marks_file(papers: Iterable[PaperMarks]) -> bytes:
    """Return the text of the file."""
    return b"".join(msgspec.json.encode(paper) + b"\n" for paper in papers)
