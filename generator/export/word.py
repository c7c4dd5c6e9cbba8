"""A paper and its key as files for Word, of the first variant or of several forms."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generator.document.student_copy import student_copy
from generator.export.losses import Losses
from generator.export.target import ForClass, Options, PrintedClass, Source, Target, Written
from generator.export.tree import Export
from generator.paper.paper import assemble
from generator.paper.students import forms
from generator.paper.word import find_pandoc, word_files


def write(_: Export, __: Options, source: Source) -> Written:
    """Write the paper of each form, and its key beside it."""
    find_pandoc(instead="")
    made: dict[str, bytes] = {}
    losses = Losses()
    several = len(source.drawn) > 1
    for drawn, student in zip(source.drawn, forms(len(source.drawn)), strict=True):
        form = student.form if several else ""
        document = assemble(source.sheet, drawn.origin, drawn.variants, replace(student, form=form)).document
        both = word_files({"paper": student_copy(document), "key": document}, source.sheet, source.engine)
        for name, one in both.items():
            made[f"{f'-{form}' if form else ''}{'-key' if name == 'key.docx' else ''}.docx"] = one.content
            for warning in one.warnings:
                losses.add(f"warning of pandoc: {warning}")
    first = next(iter(made))
    return Written(
        {first: made.pop(first)},
        losses.lines,
        "open it in Word: formulas are equations that can be edited, and the key is the file beside it",
        made,
    )


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a file for Word."""
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
            if damaged is not None:
                yield f"{damaged} is damaged"
            if "word/document.xml" not in archive.namelist():
                yield "no document for Word: word/document.xml is missing"
    except zipfile.BadZipFile as error:
        yield f"no document for Word: {error}"


def _of_class(made: PrintedClass) -> Written:
    """Add nothing to the papers of a class."""
    return Written(
        {},
        (),
        f"hand out the worksheet.docx in each student's folder; the key.docx beside it is its key, and `worksheet grade {made.folder} FILE` "
        "marks typed answers",
    )


TARGET = Target(
    "docx",
    "Word",
    "docx",
    write,
    check,
    count=1,
    needs_png=False,
    prints_papers=True,
    papers=ForClass(formats=("docx",), losses=lambda _, __: (), write=_of_class),
)
