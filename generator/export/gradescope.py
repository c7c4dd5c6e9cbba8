"""A kit for exams on paper that are marked in Gradescope: the blank exam of each form, where its answers are, and rubrics by mistake.

The site takes no rubrics from files; ``outline-A.json``, ``setup.json`` and ``rubric.md`` are as ``gscope-cli`` reads them, an
unofficial program, and ``rubric.md`` can be copied by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.document.nodes import Worksheet
from generator.errors import InputError
from generator.errors.language import using
from generator.export.gradescope_class import PAPERS, check_sheet
from generator.export.gradescope_outline import Assignment, numbered, outline, setup
from generator.export.gradescope_rubric import Item, items_of, section
from generator.export.losses import Losses
from generator.export.pool import Drawn
from generator.export.rules.gradescope import check
from generator.export.target import Options, Source, Target, Written
from generator.export.tree import Export, Part, Variant
from generator.paper.companions import tex_files
from generator.paper.fixed_layout import fixed_paper, reserved_places
from generator.paper.json_text import to_json
from generator.paper.paper import assemble
from generator.paper.record import variant_letters
from generator.paper.sheet import Sheet
from generator.paper.students import forms
from generator.render.escaping import one_line
from generator.render.pictures import picture_files
from generator.render.renderer import FORMATS, renderer
from generator.tex.pdf import Engine, compile_pdf, find_engine


def write(export: Export, _: Options, source: Source) -> Written:
    """Write the kit: a template, a key and an outline for each form, the rubric, and how to put them into the site."""
    sheet = source.sheet
    check_sheet(sheet)
    engine = find_engine(source.engine)
    sheet = sheet.with_places(reserved_places(sheet, ("pdf",)))
    several = len(source.drawn) > 1
    files: dict[str, bytes] = {}
    assignments: list[Assignment] = []
    for drawn, student in zip(source.drawn, forms(len(source.drawn)), strict=True):
        letter = student.form
        student = student if several else replace(student, form="")
        document = assemble(sheet, drawn.origin, drawn.variants, student).document
        with using(sheet.language):
            paper = fixed_paper(document, sheet, engine)
        one = Assignment(
            title=f"{export.title}, form {letter}" if several else export.title,
            section=letter,
            template=f"template-{letter}.pdf",
            outline=outline(export, paper),
            scans=f"scans-{letter}/*.pdf",
        )
        assignments.append(one)
        files[one.template] = paper.pdf
        files[f"key-{letter}.pdf"] = _key(document, sheet, engine)
        files[f"outline-{letter}.json"] = to_json(one.outline).encode()
    files["rubric.md"] = _rubric(export, source, [one.section for one in assignments]).encode()
    files["setup.json"] = to_json(setup(export, assignments)).encode()
    files["README.md"] = _readme(export, assignments).encode()
    losses = Losses()
    for part in export.parts:
        losses.add(
            "parts with drawings in the worked solution, which rubrics cannot show: see the keys", _has_figure(part)
        )
    return Written(
        files,
        losses.lines,
        "print template-A.pdf (and the other forms) for the students, and follow README.md in the folder to set up Gradescope",
    )


def _has_figure(part: Part) -> int:
    return int(any("figure" in block for variant in part.variants for block in variant.solution))


def _key(document: Worksheet, sheet: Sheet, engine: Engine) -> bytes:
    tex = renderer(FORMATS["tex"], sheet.templates).document(document)
    files = tex_files(sheet) | picture_files([document], {"tex": tex}, ["tex"])
    return compile_pdf(tex, engine, files=files).content


def _rubric(export: Export, source: Source, letters: Sequence[str]) -> str:
    lines = [f"# Rubric: {one_line(export.title)}"]
    for letter, drawn in zip(letters, source.drawn, strict=True):
        lines += section(f"Version {letter}", _items(export, drawn, letter))
    return "\n".join(lines) + "\n"


def _items(export: Export, drawn: Drawn, letter: str) -> Iterator[tuple[str, Part, Iterator[Item]]]:
    for number, part in numbered(export):
        yield number, part, items_of(part, _variant(part, drawn, letter))


def _variant(part: Part, drawn: Drawn, letter: str) -> Variant:
    """Return the variant of a part that is on a form; a plain question is the same on all."""
    ids = {variant_letters(one) for one in drawn.variants}
    found = next((one for one in part.variants if one.id in ids), None)
    if found is None:
        raise InputError(
            f"{part.id} is worth other points on form {letter} than on the others: try another --seed, or leave it out in the "
            "sheet's file",
            field="--variants",
        )
    return found


def _readme(export: Export, assignments: Sequence[Assignment]) -> str:
    names = "\n".join(f"- `{one.title}`: `{one.template}`, `outline-{one.section}.json`" for one in assignments)
    return f"""# {one_line(export.title)} in Gradescope

{names}

Print the templates for the students; `key-A.pdf` and so on are for the graders, like everything else here.

By hand, once for each form:

1. *Create assignment*, *Exam / Quiz*, with the title above; *Template PDF*: the form's `template`; instructors upload.
2. *Edit outline*: draw the regions for name and student ID on page 1, then a region for each question as in the form's `outline`
   (percent of the page, from its left and top), with the titles and points there.
3. *Rubric*, for each question: negative scoring, with the lines of the form's section of `rubric.md`.
4. Scan the papers, form by form, and upload the scans: the site splits them by the number of the template's pages.
5. Mark. *Review Grades*, *Download Grades* gives the file that `worksheet gradebook … --from gradescope` reads.

With the unofficial program `gscope` (pip install gscope-cli): put the course's number into `setup.json`, then let it follow that file.
"""


TARGET = Target(
    "gradescope", "Gradescope", "", write, check, count=1, needs_png=False, prints_papers=True, papers=PAPERS
)
