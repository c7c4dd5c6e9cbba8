"""A kit for exams on paper that are marked in Gradescope: the blank exam of each form, where its answers are, and rubrics by mistake.

The site takes no rubrics from files; ``outline-A.json``, ``setup.json`` and ``rubric.md`` are as ``gscope-cli`` reads them, an
unofficial program, and ``rubric.md`` can be copied by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from generator.document.nodes import Worksheet
from generator.errors import InputError
from generator.errors.language import using
from generator.export.losses import Losses
from generator.export.pool import Drawn
from generator.export.rules.gradescope import check
from generator.export.target import Options, Source, Target, Written
from generator.export.tree import Blocks, Choice, Claims, Computed, Essay, Export, Line, Part, Variant
from generator.paper.companions import tex_files
from generator.paper.fixed_layout import FixedPaper, Region, fixed_paper, reserved_places
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
    if not (sheet.style.is_exam and sheet.style.fixed):
        raise InputError(
            "Gradescope marks by region, so that all papers need their answers in the same places: say --layout exam --fixed, or in "
            'the sheet\'s file layout = "exam" and fixed = true',
            field="SHEET",
        )
    engine = find_engine(source.engine)
    sheet = sheet.with_places(reserved_places(sheet, ("pdf",)))
    letters = forms(len(source.drawn)) if len(source.drawn) > 1 else forms(1)
    files: dict[str, bytes] = {}
    titles: dict[str, str] = {}
    outlines: dict[str, Any] = {}
    for drawn, student in zip(source.drawn, letters, strict=True):
        letter = student.form
        student = student if len(source.drawn) > 1 else replace(student, form="")
        document = assemble(sheet, drawn.origin, drawn.variants, student).document
        with using(sheet.language):
            paper = fixed_paper(document, sheet, engine)
        outlines[letter] = _outline(export, paper)
        titles[letter] = f"{export.title}, form {letter}" if len(source.drawn) > 1 else export.title
        files[f"template-{letter}.pdf"] = paper.pdf
        files[f"key-{letter}.pdf"] = _key(document, sheet, engine)
        files[f"outline-{letter}.json"] = to_json(outlines[letter]).encode()
    files["rubric.md"] = _rubric(export, source, list(titles)).encode()
    files["setup.json"] = to_json(_setup(export, titles, outlines)).encode()
    files["README.md"] = _readme(export, titles).encode()
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


# ------------------------------------------------------------------------------------------------ regions


def _numbered(export: Export) -> Iterator[tuple[str, Part]]:
    """Yield all parts with their numbers in Gradescope, such as ``2.1``."""
    for place, problem in enumerate(export.problems, start=1):
        for number, part in enumerate(problem.parts, start=1):
            yield f"{place}.{number}", part


def _outline(export: Export, paper: FixedPaper) -> dict[str, Any]:
    """Return the regions of a paper as percent of its pages, from the top."""
    questions = [
        {
            "title": problem.title,
            "weight": sum(part.points for part in problem.parts),
            "parts": [
                {
                    "title": part.title,
                    "weight": part.points,
                    "regions": [_percent(paper, paper.regions[_place(place, part)])],
                }
                for part in problem.parts
            ],
        }
        for place, problem in enumerate(export.problems, start=1)
    ]
    return {
        "name": _percent(paper, paper.regions["name"]),
        "sid": _percent(paper, paper.regions["id"]),
        "questions": questions,
    }


def _place(number: int, part: Part) -> str:
    """Return the name of a part's place: that of problem 1 (f)(i) is ``1f-i-answer``."""
    return f"{number}{'-'.join(re.findall(r'[a-z]+', part.label))}-answer"


def _percent(paper: FixedPaper, region: Region) -> dict[str, float | int]:
    def share(value: float, of: float) -> float:
        return round(min(max(100 * value / of, 0.0), 100.0), 1)

    return {
        "x1": share(region.left, paper.width),
        "x2": share(region.right, paper.width),
        "y1": share(region.top, paper.height),
        "y2": share(region.bottom, paper.height),
        "page_number": region.page,
    }


def _setup(export: Export, titles: Mapping[str, str], outlines: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "course_id": 0,
        "scoring": "negative",
        "assignments": [
            {
                "title": title,
                "template": f"template-{letter}.pdf",
                "questions": [],
                "outline": outlines[letter],
                "scans": [f"scans-{letter}/*.pdf"],
            }
            for letter, title in titles.items()
        ],
        "rubric": {
            "doc": "rubric.md",
            "map": {
                letter: {f"Q{number}": [title, number] for number, _ in _numbered(export)}
                for letter, title in titles.items()
            },
        },
    }


# ------------------------------------------------------------------------------------------------ rubric


def _rubric(export: Export, source: Source, letters: list[str]) -> str:
    lines = [f"# Rubric: {one_line(export.title)}"]
    for form, letter in enumerate(letters):
        lines += ["", f"## Version {letter}"]
        for number, part in _numbered(export):
            lines += ["", f"### Q{number} {one_line(part.title)} ({part.points} pts)"]
            variant = _variant(part, source.drawn[form], letter)
            lines += [f"- **{_signed(points)}**: {text}" for points, text in _items(part, variant)]
    return "\n".join(lines) + "\n"


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


def _signed(points: int) -> str:
    return f"-{points}" if points else "0"


def _items(part: Part, variant: Variant) -> Iterator[tuple[int, str]]:
    """Yield what each line of a rubric takes off, and its words."""
    match variant.answer:
        case Essay() as essay:
            yield 0, "Correct."
            for line in essay.rubric:
                yield line.points, f"Not there: {_line(line.text)}"
        case Claims() as claims:
            yield 0, "Correct."
            for place, statement in enumerate(claims.statements, start=1):
                verdict = "true" if statement.verdict else "false"
                yield claims.verdict_points, f"Claim {place}: it is {verdict}."
                yield (
                    claims.reason_points,
                    f"Claim {place}: the reason is missing or wrong. {_blocks(statement.reason)}",
                )
        case Choice() as choice:
            letters = "ABCDEFGH"
            right = ", ".join(letters[place] for place, option in enumerate(choice.options) if option.right)
            yield 0, f"Correct: {right}."
            for letter, option in zip(letters, choice.options, strict=False):
                if option.feedback:
                    yield part.points, f"({letter}) {_blocks(option.feedback)}"
            yield part.points, "Wrong, or no answer."
        case Computed() as answer:
            key = ", ".join(f"$${entry.number.tex}$$" for entry in answer.entries)
            yield 0, f"Correct: {key}."
            for mistake in variant.mistakes:
                yield part.points - int(part.points * Fraction(mistake.share)), _blocks(mistake.feedback)
            yield part.points, "Wrong, or no answer."


def _blocks(content: Blocks) -> str:
    """Return blocks as a line of Gradescope's Markdown; drawings are left out."""
    found = []
    for block in content:
        match block:
            case {"p": line}:
                found.append(_line(line))
            case {"display": tex}:
                found.append(f"$${tex}$$")
            case {"code": code}:
                found.append(f"`{one_line(code)}`")
            case {"list": items} | {"ordered": items}:
                found += [_blocks(item) for item in items]
    return " ".join(found)


def _line(content: Line) -> str:
    found = ""
    for node in content:
        match node:
            case str():
                found += node.replace("**", "* *")
            case {"tex": tex}:
                found += f"$${tex}$$"
            case {"code": code}:
                found += f"`{code}`"
            case {"em": inner} | {"strong": inner} | {"link": inner}:
                found += _line(inner)
    return one_line(found)


# ------------------------------------------------------------------------------------------------ clicks


def _readme(export: Export, titles: Mapping[str, str]) -> str:
    names = "\n".join(
        f"- `{title}`: `template-{letter}.pdf`, `outline-{letter}.json`" for letter, title in titles.items()
    )
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


TARGET = Target("gradescope", "Gradescope", "", write, check, count=1, needs_png=False, prints_papers=True)
