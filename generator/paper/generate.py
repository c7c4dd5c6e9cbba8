"""From a sheet to files: one paper's worksheet and key, made first and then written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from jinja2 import TemplateError as JinjaError

from generator.document.nodes import Exercise, Question, Text, Worksheet
from generator.document.prose import nodes
from generator.document.student_copy import student_copy
from generator.errors import AuthoringError, InputError, TemplateError, WorksheetError, authoring_error
from generator.errors.language import using
from generator.paper.companions import images, style_files, tex_files
from generator.paper.files import prepare_folder, write_files
from generator.paper.fixed_layout import reserved_places
from generator.paper.json_text import to_json
from generator.paper.manifest import RECORDS, SINGLE
from generator.paper.needs import DOCX
from generator.paper.origin import Origin, Seed
from generator.paper.paper import Paper, make_paper
from generator.paper.record import paper_record
from generator.paper.sheet import Sheet
from generator.paper.timeout import time_limit
from generator.paper.word import find_pandoc, word_files
from generator.problem import audit
from generator.problem.author_code import line_of_function, line_of_part, line_with
from generator.problem.problem import Problem
from generator.render.author_signs import for_engine
from generator.render.formats import text_format
from generator.render.pictures import picture_files
from generator.render.renderer import FORMATS, SVG, Renderer, figures_in, renderer
from generator.tex import pdf
from generator.tex.chunk import compile_papers
from generator.tex.pictures import check_libraries

_OUR_FILE = re.compile(
    r"(?:worksheet|key)\.(?:tex|md|html|pdf|docx)|worksheet\.sty|logo\.(?:png|jpe?g|pdf)|(?:key-)?figures/[\w-]+\.svg"
    r"|(?:key-)?images/[\w-]+\.(?:png|jpe?g|pdf)"
)
_OUR_FOLDER = re.compile(r"(?!\.)[\w.-]+/")


@dataclass(frozen=True)
class Written:
    """The files that were written, and what TeX had to say about them."""

    paths: tuple[Path, ...]
    warnings: tuple[str, ...]


def generate_sheet(
    sheet: Sheet,
    seed: Seed,
    formats: tuple[str, ...],
    folder: Path,
    engine: pdf.EngineName | None = None,
    origin: Origin | None = None,
) -> Written:
    """Write worksheet, key, figures and manifest of a sheet into ``folder``.

    ``formats`` are among ``tex``, ``md``, ``html``, ``pdf`` and ``docx``; ``engine`` is ``embedded``, ``system``, ``lualatex`` or
    None.  Without an ``origin`` the numbers are public.  Raises :class:`EngineError` before any work if PDFs are wanted and there is no TeX.
    """
    check_programs(formats, engine)
    if {*formats} & {"tex", "pdf"}:
        with for_engine(engine):
            check_words(sheet)
    sheet = sheet.with_places(reserved_places(sheet, formats))
    with using(sheet.language), time_limit() as limit, limit:
        paper = make_paper(sheet, seed, origin=origin)
        for variant in paper.variants:
            audit.confirm(variant)
    prepare_folder(folder)
    if (folder / RECORDS).exists():
        raise InputError(f"{folder} holds the papers of a class; give the single paper another folder", field="--out")
    files, warnings = _files_of(paper, sheet, formats, engine)
    with using(sheet.language):
        record = paper_record(paper, sheet.name, seed, files, sources=sheet.sources)
    record.options = dict(sheet.overrides)
    files[SINGLE] = to_json(msgspec.to_builtins(record)).encode()
    outdated = _files_of_last_run(folder) - files.keys()
    return Written(write_files(folder, files, outdated), warnings)


def write_paper(
    paper: Paper, sheet: Sheet, formats: tuple[str, ...], folder: Path, engine: pdf.EngineName | None = None
) -> Written:
    """Write worksheet, key and figures of a paper that has a manifest elsewhere, or none: the bytes it had there."""
    prepare_folder(folder)
    files, warnings = _files_of(paper, sheet, formats, engine)
    return Written(write_files(folder, files), warnings)


def _files_of(
    paper: Paper, sheet: Sheet, formats: tuple[str, ...], engine: pdf.EngineName | None
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return all files of a paper by their paths, and TeX's warnings."""
    tex = pdf.find_engine(engine) if "pdf" in formats else None
    documents = both_documents(paper, formats)
    with ThreadPoolExecutor(max_workers=1) as beside:  # TeX works while the rest is made
        with for_engine(engine), exercise_context(paper, sheet, formats):
            latex = _texts(documents, sheet, {"tex", "pdf"} & {*formats})
            by_stem = {stem: latex[f"{stem}.tex"] for stem in STEMS} if latex else {}
            read = {**tex_files(sheet), **picture_files(documents.values(), latex, ["tex"])}
            making = beside.submit(compile_papers, by_stem, tex, files=read) if tex is not None else None
            texts = (latex if "tex" in formats else {}) | _texts(documents, sheet, {*formats} - {"tex", "pdf"})
            for_word = word_files(documents, sheet, engine) if DOCX in formats else {}
        made = making.result() if making is not None else {}
    files = {name: text.encode() for name, text in texts.items()} | images(sheet, formats)
    files |= picture_files(documents.values(), texts, formats)
    converted = {f"{stem}.pdf": one for stem, one in made.items()} | for_word
    files |= {name: one.content for name, one in converted.items()}
    return files, tuple(f"{name}: {warning}" for name, one in converted.items() for warning in one.warnings)


STEMS = ("worksheet", "key")
"""Of a paper's files: those of the student's copy, and those of the key."""


def both_documents(paper: Paper, formats: Collection[str]) -> dict[str, Worksheet]:
    """The student's copy and the key, by the stems of their files; where there is HTML too, each says so."""
    documents = dict(zip(STEMS, (student_copy(paper.document), paper.document), strict=True))
    if "html" not in formats:
        return documents
    folder = f"{paper.student.file_stem}/" if paper.student.id else ""
    return {stem: replace(one, accessible_copy=f"{folder}{stem}.html") for stem, one in documents.items()}


def check_programs(formats: Collection[str], engine: pdf.EngineName | None) -> None:
    """Raise :class:`EngineError` if there is no TeX for PDFs, or no pandoc for Word's files."""
    if "pdf" in formats:
        pdf.find_engine(engine)
    if DOCX in formats:
        find_pandoc()
        check_libraries()


Writing: TypeAlias = Callable[[Mapping[str, Worksheet]], dict[str, str]]
"""Writes some of a paper's texts, by the paths of their files, from its documents by their stems."""


def writings(sheet: Sheet, formats: Collection[str]) -> list[Writing]:
    """Return the functions that write the texts of a paper: LaTeX for PDFs too, drawings beside Markdown."""
    wanted = {*formats, "tex"} if "pdf" in formats else formats
    forms = [form for form in ("tex", "md", "html") if form in wanted]
    found: list[Writing] = [partial(_document, sheet, form, stem) for form in forms for stem in STEMS]
    if "tex" in wanted:
        found.append(partial(_style, sheet))
    if "md" in wanted:
        found.append(partial(_drawings, sheet))
    return found


def _style(sheet: Sheet, _: Mapping[str, Worksheet]) -> dict[str, str]:
    return style_files(sheet)


def _document(sheet: Sheet, form: str, stem: str, documents: Mapping[str, Worksheet]) -> dict[str, str]:
    return {f"{stem}.{form}": renderer(FORMATS[form], sheet.templates).document(documents[stem])}


def _drawings(sheet: Sheet, documents: Mapping[str, Worksheet]) -> dict[str, str]:
    artist = renderer(SVG, sheet.templates)
    return {
        f"{stem}.svg": artist.figure(scene)
        for document in documents.values()
        for stem, scene in figures_in(document).items()
    }


def _texts(documents: Mapping[str, Worksheet], sheet: Sheet, formats: Collection[str]) -> dict[str, str]:
    return {name: text for write in writings(sheet, formats) for name, text in write(documents).items()}


def text_files(documents: Mapping[str, Worksheet], sheet: Sheet, formats: Collection[str]) -> dict[str, bytes]:
    """The files of the ``formats``, but for PDF, by their paths, and the pictures that they show."""
    texts = _texts(documents, sheet, formats)
    pictures = images(sheet, formats) | picture_files(documents.values(), texts, formats)
    return {name: text.encode() for name, text in texts.items()} | pictures


@contextmanager
def exercise_context(paper: Paper, sheet: Sheet, formats: Iterable[str]) -> Iterator[None]:
    """Begin the message of an error of rendering with the problem and the part that cannot be rendered, if there is one."""
    try:
        yield
    except (Exception, SystemExit) as error:
        writers = [renderer(text_format(form), sheet.templates) for form in formats]
        for exercise, variant in zip(paper.document.exercises, paper.variants, strict=True):
            if any(_fails(writer, exercise) for writer in writers):
                raise unrendered(error, exercise, variant.problem, writers) from error
        if {*formats} & {"tex", "pdf"}:
            check_words(sheet)
        raise


def unrendered(
    error: BaseException, exercise: Exercise, problem: Problem, writers: Sequence[Renderer], context: str = ""
) -> WorksheetError:
    """The error that rendering an exercise raises, with the part that raises it and its line."""
    context = context or f"problem {problem.id}"
    ours = error if isinstance(error, WorksheetError) else authoring_error(error, problem.home)
    if isinstance(error, JinjaError | TemplateError):  # not the author's part, but a template
        broken = error if isinstance(error, TemplateError) else next(iter(writers)).broken(error)
        return broken.locate(context=context)
    home, text = problem.home, ours.text if isinstance(ours, AuthoringError) else ""
    part = next(filter(None, (_failing_part(writer, exercise.parts) for writer in writers)), "")
    line = line_of_part(home, part) if part else line_of_function(problem.preamble, home)
    item = f"part {part}" if part else "preamble()" if any(_fails(one, exercise.preamble) for one in writers) else ""
    return ours.locate(context=context, item=item, line=problem.line_with(text, line) or line)


def _failing_part(writer: Renderer, questions: Iterable[Question]) -> str:
    for question in questions:
        if _fails(writer, question):
            return _failing_part(writer, question.parts) or question.id
    return ""


def _fails(writer: Renderer, node: Any) -> bool:
    try:
        writer.node(node)
    except (Exception, SystemExit):  # noqa: BLE001 - whatever it is, it was raised for the whole paper
        return True
    return False


def check_words(sheet: Sheet) -> None:
    """Raise :class:`InputError` for words of the sheet's own that LaTeX cannot print."""
    writer = renderer(FORMATS["tex"], sheet.templates)
    page = sheet.style
    words = {"title": sheet.title, "course": sheet.course, "instructions": sheet.instructions}
    words |= {"department": page.department, "date": page.date, "header": page.header, "footer": page.footer}
    for place, entry in enumerate(sheet.entries, start=1):
        words |= {f"problem {place}, title": entry.style.title, f"problem {place}, intro": entry.style.intro}
    for key, content in words.items():
        try:
            writer.node(nodes(content, {}) if key.endswith(("instructions", "intro")) else Text(content))
        except AuthoringError as error:
            if key in sheet.overrides:
                raise InputError(error.message, field=f"--{key}") from error
            line = line_with(str(sheet.path), error.text)
            raise InputError(": ".join(filter(None, (line or str(sheet.path), key, error.message)))) from error


def is_ours(name: str, *, of_class: bool) -> bool:
    """Return whether a paper's file can have this path; those ``of_class`` stand in a student's folder."""
    folder = _OUR_FOLDER.match(name) if of_class else None
    if of_class and folder is None:
        return False
    return _OUR_FILE.fullmatch(name, folder.end() if folder else 0) is not None


def _files_of_last_run(folder: Path) -> set[str]:
    """Return the files that an earlier run wrote into ``folder``: if they stayed, they would not match the new key."""
    try:
        names = json.loads((folder / SINGLE).read_bytes())["files"]
        return {name for name in names if is_ours(name, of_class=False)}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
