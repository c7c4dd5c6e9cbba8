"""A class whose papers have numbers of their own, marked in Gradescope as one assignment.

The papers are a class's as any other, in a folder with its manifest.  In the kit that is added to it the template is a paper of nobody,
with its answers where all have them, and a rubric says what holds for all papers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO

import pikepdf

from generator.classes.earlier import listed
from generator.classes.gradebooks.points import ClassPoints, StudentPoints
from generator.classes.gradebooks.targets import write_gradebook
from generator.classes.plan import GRADESCOPE
from generator.errors import InputError
from generator.errors.language import using
from generator.export.build import Wanted, build
from generator.export.gradescope_outline import Assignment, numbered, outline, setup
from generator.export.gradescope_rubric import items_for_all, section
from generator.export.pool import Drawn
from generator.export.target import ForClass, PrintedClass, Written
from generator.export.tree import Export
from generator.paper.fixed_layout import fixed_paper, reserved_places
from generator.paper.json_text import to_json
from generator.paper.needs import LARGE
from generator.paper.paper import make_paper
from generator.paper.rebuild import variants_of
from generator.paper.record import Record, variant_letters
from generator.paper.sheet import Sheet
from generator.paper.students import Student
from generator.render.escaping import one_line
from generator.tex.pdf import find_engine

ALL = "All papers"
"""The section of the rubric."""

TEMPLATE = 1
"""The seed of the public numbers of the template."""


def check_sheet(sheet: Sheet) -> None:
    """Raise :class:`InputError` for a sheet whose papers can have their answers in different places."""
    if not (sheet.style.is_exam and sheet.style.fixed):
        raise InputError(
            "Gradescope marks by region, so that all papers need their answers in the same places: say --layout exam --fixed, or in "
            'the sheet\'s file layout = "exam" and fixed = true',
            field="SHEET",
        )


def losses(sheet: Sheet, students: Sequence[Student]) -> tuple[str, ...]:
    """Return what the site cannot do for some of the students."""
    check_sheet(sheet)
    large = [one.id for one in students if LARGE in one.needs]
    _, without_address = _roster(students)
    found = []
    if large:
        found.append(
            f"{listed(large)}: in large print, so that the answers are not in the regions; mark this by itself"
        )
    if without_address:
        found.append(
            f"{listed(without_address)}: no e-mail address, by which Gradescope knows its students; add it to the class list"
        )
    return tuple(found)


def write(made: PrintedClass) -> Written:
    """Write the kit beside the papers: template, outline, rubric and class list, and how to put them into the site."""
    places = next((one.places for one in made.records if one.places), None)
    sheet = made.sheet.with_places(places or reserved_places(made.sheet, ("pdf",)))
    export, drawn = _tree(sheet, made)
    document = make_paper(sheet, TEMPLATE).document
    with using(sheet.language):
        paper = fixed_paper(document, sheet, find_engine(made.engine))
    one = Assignment(export.title, ALL, "template.pdf", outline(export, paper), "scans/*.pdf")
    students = [record.recipient for record in made.records]
    roster, _ = _roster(students)
    files = {
        one.template: paper.pdf,
        "outline.json": to_json(one.outline).encode(),
        "rubric.md": _rubric(export).encode(),
        "setup.json": to_json(setup(export, [one])).encode(),
        "roster.csv": roster,
        "README.md": _readme(export).encode(),
    }
    return Written(
        {f"{GRADESCOPE}/{name}": content for name, content in files.items()},
        (*_of_other_length(made, paper.pdf), *_of_other_points(sheet, export, made.records, drawn)),
        f"print worksheets.pdf for the students, and follow {GRADESCOPE}/README.md in the folder to set up Gradescope; when it is marked, "
        f"`worksheet grade {made.folder} --marks SCORES` reads the scores that it exports",
    )


def _tree(sheet: Sheet, made: PrintedClass) -> tuple[Export, Sequence[Drawn]]:
    """Return the tree of all papers of the class, and their variants."""
    with using(sheet.language):
        drawn = [Drawn(one.origin, variants_of(one, sheet)) for one in made.records]
    return build(sheet, Wanted(progress=lambda count, _: made.progress(count, "rubric")), drawn), drawn


def _roster(students: Sequence[Student]) -> tuple[bytes, list[str]]:
    """Return the class list as the site reads it, and the ids of those whose e-mail address is not known."""
    empty = [StudentPoints(one, None) for one in students]
    without = [one.student.id for one in empty if write_gradebook("gradescope", ClassPoints("", 0, (one,))).faults]
    return write_gradebook("gradescope", ClassPoints("", 0, tuple(empty))).content, without


def _rubric(export: Export) -> str:
    questions = ((number, part, items_for_all(part, part.variants)) for number, part in numbered(export))
    with using(export.language):
        return "\n".join([f"# Rubric: {one_line(export.title)}", *section(ALL, questions)]) + "\n"


def _of_other_length(made: PrintedClass, template: bytes) -> Iterator[str]:
    """Yield a sentence if papers have another number of pages than the template, by which the site splits scans."""
    with pikepdf.open(BytesIO(template)) as pdf:
        pages = len(pdf.pages)
    others: dict[int, list[str]] = defaultdict(list)
    for record in made.records:
        if LARGE in record.recipient.needs:
            continue
        for name in record.files:
            if name.endswith("/worksheet.pdf"):
                with pikepdf.open(made.folder / name) as pdf:
                    others[len(pdf.pages)].append(record.recipient.id)
    for count, students in sorted(others.items()):
        if count != pages:
            yield f"{listed(students)}: {count} pages, where the template has {pages}; upload this by itself"


def _of_other_points(sheet: Sheet, export: Export, records: Sequence[Record], drawn: Sequence[Drawn]) -> Iterator[str]:
    """Yield a sentence for each part that is worth other points on some papers, which one outline cannot say."""
    for place, problem in enumerate(export.problems):
        if sheet.entries[place].is_plain:
            continue
        for part in problem.parts:
            known = {one.id for one in part.variants}
            others = [
                record.recipient.id
                for record, one in zip(records, drawn, strict=True)
                if variant_letters(one.variants[place]) not in known
            ]
            if others:
                yield f"{listed(others)}: {part.id} is worth other points there than the outline's {part.points}"


def _readme(export: Export) -> str:
    return f"""# {one_line(export.title)} in Gradescope

Every student has a paper of her own, with her name and id on it. `worksheets.pdf` in the folder above has them all, for the printer, and
`keys.pdf` all keys, with an index by student, for the graders. What is in this folder is for them, too.

By hand:

1. *Roster*, *Add students*, *CSV file*: `roster.csv`.
2. *Create assignment*, *Exam / Quiz*, called {one_line(export.title)}; *Template PDF*: `template.pdf`, which is nobody's paper and has its answers where
   all have them; instructors upload.
3. *Edit outline*: draw the regions for name and student ID on page 1, then a region for each question as in `outline.json`
   (percent of the page, from its left and top), with the titles and points there.
4. *Rubric*, for each question: negative scoring, with the lines of `rubric.md`. They say what holds for all papers, with … where the numbers
   differ: what is right on a paper stands in its key.
5. Scan the papers and upload the scans: the site splits them by the number of the template's pages, and reads names and ids from page 1.
6. Mark. *Review Grades*, *Download Grades* gives a file, and `worksheet grade DIR --marks FILE` takes its points into the class's marks.

With the unofficial program `gscope` (pip install gscope-cli): put the course's number into `setup.json`, then let it follow that file.
"""


PAPERS = ForClass(formats=("pdf",), losses=losses, write=write, one_key=True, print_order="section,name")
