"""Students and forms that papers are for, and the names of their files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from generator.errors import InputError, expected
from generator.paper.csv_tables import shown

LONGEST_STEM = 60
MOST_FORMS = 26


@dataclass(frozen=True)
class Student:
    """The student or form that a paper is for: one line of a class list, or a form of the sheet.

    ``form`` is the letter of a form, which stands beside the title; its ``name`` is empty, for whoever gets the
    paper writes it.  A student of a class list has a name and no ``form``.  ``needs`` are those of :mod:`generator.paper.needs`.
    """

    id: str
    name: str
    section: str = ""
    email: str = ""
    form: str = ""
    needs: tuple[str, ...] = ()

    @property
    def file_stem(self) -> str:
        """The name of this student's files and folders: see :func:`file_stem`."""
        return file_stem(self.id)


NOBODY = Student(id="", name="")
"""For whom a single paper is."""


def forms(count: int) -> tuple[Student, ...]:
    """Forms A, B, C … of a sheet, each for any number of students.

    Raises :class:`InputError` where there are more than letters, or none.
    """
    if not 1 <= count <= MOST_FORMS:
        raise InputError(
            expected(f"1 to {MOST_FORMS} forms, one a letter", f"{count}: for a paper a student use --roster"),
            field="--forms",
        )
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count]
    return tuple(Student(id=f"form-{letter}", name="", form=letter) for letter in letters)


def look(identifier: str) -> str:
    """Equal for ids that differ only by case or by look, such as full-width letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", identifier).casefold())


def mistaken(identifier: str) -> str:
    """Equal for ids that a spreadsheet makes of each other: without zeros in front, with a mark before it or ``.0`` after."""
    bare = _MARK.sub("", look(identifier).replace(" ", ""))
    return _ZEROS.sub("", re.sub(r"(?<=\d)[.,]0+$", "", bare))


_MARK = re.compile(r"^[\"'’#=]+|[\"']+$")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")

_PORTABLE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_HASHED = re.compile(r".*--[0-9a-f]{12}", re.IGNORECASE)
_NOT_PORTABLE = re.compile(r"[^A-Za-z0-9]+")


def file_stem(identifier: str) -> str:
    """A portable name for a student's files, from the id alone, so that no other student can change it.

    An id stays as it is if it has at most 60 of the characters ``A-Za-z0-9._-``, begins with neither a dot nor a
    dash, does not end in a dot, is no device of Windows (``CON``, ``nul.txt``) and does not end like a hash.  Any
    other becomes its readable part, two dashes and twelve hexadecimal digits of its BLAKE2b; ids of the first kind
    never end so, and thus the two kinds never meet.
    """
    identifier = unicodedata.normalize("NFC", identifier)
    if (
        len(identifier) <= LONGEST_STEM
        and _PORTABLE.fullmatch(identifier)
        and not _DEVICE.fullmatch(identifier)
        and not _HASHED.fullmatch(identifier)
    ):
        return identifier
    # Not transliterated: Unicode promises that decompositions never change, and so a file keeps its name.
    unaccented = unicodedata.normalize("NFKD", identifier).encode("ascii", "ignore").decode()
    readable = _NOT_PORTABLE.sub("-", unaccented)[: LONGEST_STEM - 14].strip("-") or "id"
    digest = hashlib.blake2b(identifier.encode(errors="surrogatepass"), digest_size=6).hexdigest()
    return f"{readable}--{digest}"


def file_stems(students: Iterable[Student]) -> dict[str, str]:
    """Student's id → :func:`file_stem`, different for each even where file names ignore case.

    Raises :class:`InputError` naming two ids that would share a file; :func:`read_roster` lets no such pair pass.
    """
    stems: dict[str, str] = {}
    owners: dict[str, str] = {}
    for student in students:
        stem = student.file_stem
        owner = owners.setdefault(stem.lower(), student.id)
        if owner != student.id or student.id in stems:
            raise InputError(
                f"the ids {shown(owner)} and {shown(student.id)} would give the same file {stem}: change one of them"
            )
        stems[student.id] = stem
    return stems
