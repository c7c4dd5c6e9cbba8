"""A class as HTML: what a student costs; ``python -m benchmarks.html``."""

from __future__ import annotations

import time

from generator.document.keyless import without_key
from generator.paper.paper import make_paper
from generator.paper.sheet_file import find_sheet
from generator.paper.students import Student
from generator.render.renderer import FORMATS, renderer


def html(students: int = 50) -> float:
    """Print the CPU milliseconds for a student's worksheet and key as HTML, their documents at hand; return them."""
    sheet, writer = find_sheet("discussion04"), renderer(FORMATS["html"])
    papers = [
        make_paper(sheet, 3, Student(str(number), f"Student {number}")).document for number in range(students + 1)
    ]
    for document in (without_key(papers[0]), papers[0]):
        writer.document(document)  # the templates are loaded
    start = time.process_time()
    for paper in papers[1:]:
        for document in (without_key(paper), paper):
            writer.document(document)
    each = 1000 * (time.process_time() - start) / students
    print(f"HTML of worksheet and key\n  {each:8.1f} ms a student")
    return each


if __name__ == "__main__":
    html()
