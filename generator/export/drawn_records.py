"""The records of the variants that an export has, by which answers that students type on the platform are marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.export.build import exported_variants
from generator.export.pool import Drawn
from generator.export.tree import Part
from generator.paper.origin import Seed
from generator.paper.paper import assemble
from generator.paper.record import paper_record, record_line
from generator.paper.sheet import Sheet
from generator.paper.students import Student


def record_lines(sheet: Sheet, seed: Seed, drawn: Sequence[Drawn], parts: Iterable[Part]) -> bytes:
    """Return a record a line: the n-th has the n-th variant of each problem, and its number for the letter of a form.

    A problem with fewer variants has its last one in the records that follow.  ``parts`` are those that the export asks.
    """
    exported = [part.id for part in parts]
    problems = [variants for variants, _ in exported_variants(sheet, drawn)]
    lines = []
    for place in range(max(map(len, problems))):
        origin = drawn[min(place, len(drawn) - 1)].origin
        number = str(place + 1)
        student = Student(id=f"variant-{number}", name="", form=number)
        paper = assemble(sheet, origin, [variants[min(place, len(variants) - 1)] for variants in problems], student)
        record = paper_record(paper, sheet.name, seed, {}, student, sheet.sources)
        record.exported = exported
        lines.append(record_line(record))
    return b"".join(lines)
