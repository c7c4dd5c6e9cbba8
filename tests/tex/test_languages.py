"""The PDF's own words, which stand in the style, are all in the table; a language with more ways of counting is counted by TeX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from generator.document.page_style import PageStyle
from generator.document.student_copy import student_copy
from generator.errors.language import Language, read_language, using
from generator.paper.origin import public_origin
from generator.paper.paper import assemble, draw_entries
from generator.paper.sheet import Entry, Sheet
from generator.paper.students import NOBODY, Student
from generator.render.counted import counted, either
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf
from tests.pseudo_language import CODE, install, words_outside
from tests.wordless import PROBLEM


@pytest.fixture
def language(monkeypatch: pytest.MonkeyPatch) -> Iterator[Language]:
    found = install(monkeypatch)
    with using(found):
        yield found


def printed(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


@pytest.mark.slow
@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("student", [Student("7", "1 2", form="B"), NOBODY], ids=["for a student", "for anybody"])
@pytest.mark.parametrize("layout", ["worksheet", "exam", "handout"])
def test_no_word_of_the_style_is_outside_the_table(layout: str, student: Student) -> None:
    style = PageStyle(layout=layout, language=CODE)  # type: ignore[arg-type]
    sheet = Sheet("quiz", "+", (Entry(PROBLEM),), style=style)
    origin = public_origin(sheet, 1, student.id)
    key = assemble(sheet, origin, draw_entries(sheet, origin.stream), student).document
    writer = renderer(FORMATS["tex"])
    for document in (key, student_copy(key)):
        tex = writer.document(replace(document, accessible_copy="1.2"))
        made = pdf.compile_pdf(tex, pdf.find_engine(), files=writer.companions)
        text = printed(made.content)
        assert words_outside(text) == []
        assert "«" in text


PLAIN = '[count]\npoint = { one = "{count} punkt", few = "{count} punkty", many = "{count} punktów" }\n'
RULE = "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"


def test_tex_counts_as_the_language_does() -> None:
    polish = read_language(
        f'plural = {{ forms = ["one", "few", "many"], rule = "{RULE}" }}\n{PLAIN}', Path("pl.toml"), None
    )
    with using(polish):
        points = counted("count.point", "#1")
    tex = (
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}\\usepackage{etoolbox}\\pagestyle{empty}\n"
        f"\\newcommand{{\\points}}[1]{{{points}}}\n\\begin{{document}}\\points{{1}}, \\points{{3}}, \\points{{5}}, \\points{{13}}, \\points{{22}}\n\\end{{document}}\n"
    )
    assert "1 punkt, 3 punkty, 5 punktów, 13 punktów, 22 punkty" in printed(
        pdf.compile_pdf(tex, pdf.find_engine()).content
    )


@pytest.mark.parametrize(
    ("first", "second", "tex"),
    [
        ("#1 point", "#1 points", r"#1 point\if{}{s}"),
        ("a", "a", "a"),
        (r"Key \x{b} end", r"Key \x{c} end", r"\if{Key \x{b} end}{Key \x{c} end}"),
        (r"\thea x", r"\theb x", r"\if{\thea}{\theb} x"),
    ],
)
def test_what_two_texts_have_in_common_stands_once(first: str, second: str, tex: str) -> None:
    assert either(r"\if", first, second) == tex
