"""PDFs of a class: chunk and split against one engine run a document, and TeX begun from a dump or not."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping

from generator.document.keyless import without_key
from generator.paper.paper import make_paper
from generator.paper.sheet_file import find_sheet
from generator.paper.students import Student
from generator.render.renderer import FORMATS, renderer
from generator.tex import preamble
from generator.tex.chunk import compile_class
from generator.tex.pdf import Engine, Pdf, compile_pdf, find_engine


def chunk_against_single(students: int = 50, sample: int = 3) -> float:
    r"""Print the CPU seconds a student (worksheet and key) both ways; how many times less a chunk takes.

    All three set the same template.  A single run starts as LaTeX users start it, from the text alone, and is repeated
    only if the document needs it; a user of latexmk, or of a template with ``Page 1 of \pageref``, pays for two.
    """
    engine = find_engine()
    worksheets, keys = documents(students)
    files = renderer(FORMATS["tex"]).companions
    for tex in (worksheets[0], keys[0]):
        compile_pdf(tex, engine, files=files)  # the dumps are there before anything is timed
    single = cpu_seconds(lambda: [plain(tex, files, engine) for tex in (*worksheets[:sample], *keys[:sample])]) / sample
    kept = (
        cpu_seconds(lambda: [compile_pdf(tex, engine, files=files) for tex in (*worksheets[:sample], *keys[:sample])])
        / sample
    )
    chunked = cpu_seconds(lambda: [in_chunks(texts, files, engine) for texts in (worksheets, keys)]) / students
    print(f"PDFs of worksheet and key, CPU a student, {students} students in chunks")
    print(f"  one run a document   {1000 * single:8.0f} ms")
    print(f"  one, from a dump     {1000 * kept:8.0f} ms  {single / kept:6.1f} times less")
    print(f"  chunk and split      {1000 * chunked:8.0f} ms  {single / chunked:6.1f} times less")
    return single / chunked


def documents(students: int) -> tuple[list[str], list[str]]:
    """The TeX of worksheets and of keys."""
    sheet, writer = find_sheet("discussion04"), renderer(FORMATS["tex"])
    named = [make_paper(sheet, 1, Student(str(n), f"Student {n}")).document for n in range(students)]
    return [writer.document(without_key(paper)) for paper in named], [writer.document(paper) for paper in named]


def plain(tex: str, files: Mapping[str, str], engine: Engine) -> Pdf:
    """A document without its mark: nothing is dumped, and TeX reads the preamble each time."""
    return compile_pdf(tex.replace(preamble.MARK, "%"), engine, files=files)


def in_chunks(texts: list[str], files: Mapping[str, str], engine: Engine) -> int:
    """How many there are; all must come out."""
    made = [one for _, one in compile_class([("", tex) for tex in texts], engine, files=files)]
    assert all(isinstance(one, Pdf) for one in made)
    return len(made)


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU of this process and of those that it started and waited for."""
    import resource

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    before = used()
    work()
    return used() - before


if __name__ == "__main__":
    chunk_against_single(*map(int, sys.argv[1:]))
