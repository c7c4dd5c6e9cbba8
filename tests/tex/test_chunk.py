"""Chunks: each paper comes out as if it had been set alone, whatever befalls the others."""

from __future__ import annotations

import io
import pickle
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from generator.document.keyless import without_key
from generator.errors import EngineError
from generator.paper.paper import make_paper
from generator.paper.sheet_file import find_sheet
from generator.paper.students import Student
from generator.render.renderer import FORMATS, renderer
from generator.tex import chunk as pdf_chunk
from generator.tex import pdf, preamble
from generator.tex.run import Engine

HOSTILE = r"\input{/etc/passwd} % $(rm) 🙂 אבג ]}#&_^~ \end{document}"


def body(text: str, title: str = "") -> str:
    """A short paper whose text begins at line 4, or 5 with a title."""
    info = f"\\def\\setpdftitle{{\\expandafter\\gdef\\csname @pdftitle\\endcsname{{{title}}}}}\n" if title else ""
    head = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}"
    return f"{head}\n{preamble.MARK}\n{info}\\begin{{document}}\n{text}\n\\end{{document}}\n"


def sheets(count: int, *, keys: bool = False, student: str = "Ada") -> list[tuple[str, str]]:
    sheet = find_sheet("discussion04")
    named = [make_paper(sheet, 1, Student(str(place), student)).document for place in range(count)]
    writer = renderer(FORMATS["tex"])
    return [(str(n), writer.document(paper if keys else without_key(paper))) for n, paper in enumerate(named)]


STYLE = renderer(FORMATS["tex"]).companions


def made(documents: list[tuple[str, str]], engine: Engine, timeout: float = 60) -> dict[str, pdf.Pdf | EngineError]:
    return dict(pdf_chunk.compile_class(documents, engine, files=STYLE, timeout=timeout))


def content(one: pdf.Pdf | EngineError) -> bytes:
    assert isinstance(one, pdf.Pdf), one
    return one.content


def text(one: pdf.Pdf | EngineError) -> str:
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content(one), capture_output=True, check=True)
    return read.stdout.decode()


def pictures(one: bytes, folder: Path) -> bytes:
    folder.mkdir()
    subprocess.run(["pdftoppm", "-r", "40", "-", "page"], input=one, cwd=folder, check=True)
    return b"".join(page.read_bytes() for page in sorted(folder.iterdir()))


poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler")


@poppler
@pytest.mark.slow
@pytest.mark.parametrize("keys", [False, True])
def test_it_looks_as_if_set_alone(engine: Engine, keys: bool, tmp_path: Path) -> None:
    documents = sheets(3, keys=keys, student=HOSTILE)
    for name, one in made(documents, engine).items():
        alone = pdf.compile_pdf(dict(documents)[name], engine, files=STYLE)
        assert one != alone  # it was not, in truth
        assert isinstance(one, pdf.Pdf)
        assert one.warnings == alone.warnings == ()
        assert text(one) == text(alone)
        assert pictures(content(one), tmp_path / f"chunk{name}") == pictures(alone.content, tmp_path / f"alone{name}")


@pytest.mark.slow
def test_a_worksheet_takes_270_kb_whatever_the_names_of_the_class(engine: Engine) -> None:
    names = ("Nguyễn Thị Ánh", "Şükrü Iğdır", "Łukasz Żółć", "Ģirts Ķēniņš", "Győző Szűcs", "Ştefan Țăranu")
    plain = [sheets(1, student=f"Student {place}")[0] for place in range(len(names))]
    real = [sheets(1, student=name)[0] for name in names]
    sizes = [
        [len(content(one)) for _, one in pdf_chunk.compile_class(some, engine, files=STYLE)] for some in (plain, real)
    ]
    assert max(sizes[0]) < 270_000
    assert sum(sizes[1]) < 1.03 * sum(sizes[0])


def test_same_bytes_twice_and_nothing_of_the_others(engine: Engine) -> None:
    documents = [(title, body(title * 20, title)) for title in ("abc", "xyz")]
    first, second = made(documents, engine), made(documents, engine)
    assert first == second
    with pikepdf.open(io.BytesIO(content(first["xyz"]))) as one:
        assert one.docinfo["/Title"] == "xyz"
        assert len(one.pages) == 1
        assert "/Papers" not in one.Root
        assert not any(b"abc" in found.read_bytes() for found in one.objects if isinstance(found, pikepdf.Stream))


def test_a_class_is_set_in_one_run_and_each_foot_has_its_own_total(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    real = pdf.typeset

    def counted(*given: Any) -> pdf.Typeset:
        runs.append(given)
        return real(*given)

    monkeypatch.setattr(pdf_chunk, "typeset", counted)
    documents = [*sheets(2), ("long", sheets(1)[0][1].replace("\\end{document}", "\\newpage more\n\\end{document}"))]
    papers = made(documents, engine)
    assert len(runs) == 1
    for paper in papers.values():
        with pikepdf.open(io.BytesIO(content(paper))) as one:
            count, title = len(one.pages), str(one.docinfo["/Title"])
        assert title.startswith("Discussion 04")
        if shutil.which("pdftotext") is not None:
            assert f"Page 1 of {count} " in text(paper)


def test_chunks_know_nothing_of_each_other(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_chunk, "CHUNK", 2)
    documents = [(name, body(name)) for name in "abcde"]
    whole = made(documents, engine)
    assert list(whole) == list("abcde")
    assert {name: whole[name] for name in "cd"} == made(documents[2:4], engine)


@poppler
@pytest.mark.slow
def test_a_paper_begins_with_its_own_counters(engine: Engine) -> None:
    counting = r"\newcommand{\own}{x}\footnote{f}\stepcounter{mine}\arabic{mine} page \thepage\newpage\thepage"
    tex = body(counting).replace("{lmodern}", r"{lmodern}\newcounter{mine}\setcounter{mine}{3}")
    papers = made([(name, tex) for name in "abc"], engine)
    assert content(papers["c"]) != pdf.compile_pdf(tex, engine).content  # it was not set alone
    assert len({text(paper) for paper in papers.values()}) == 1
    assert " 4 page 1\n" in text(papers["c"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("% problem dropout, part y\n\\foo", r"line 5 (problem dropout, part y): Undefined control sequence \foo"),
        ("$x^2^3$", "line 4: Double superscript"),
        (r"\textbf{left open", "File ended while scanning use of"),
        (r"\def\a{\a}\a", "still running after 2 seconds"),
        ("", "made no page"),
    ],
)
def test_one_bad_paper_among_good_ones(engine: Engine, wrong: str, message: str) -> None:
    documents = [("a", body("a")), ("b", body("b")), ("bad", body(wrong)), ("d", body("d"))]
    papers = made(documents, engine, timeout=2)
    error = papers.pop("bad")
    assert isinstance(error, EngineError)
    assert message in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own
    good = [documents[0], documents[1], documents[3]]
    assert papers == made(good, engine) or wrong == ""


def test_a_group_left_open_spoils_nothing(engine: Engine) -> None:
    papers = made([("a", body("a")), ("open", body(r"{\bfseries o")), ("extra", body("e}")), ("d", body("d"))], engine)
    assert [name for name, paper in papers.items() if isinstance(paper, pdf.Pdf)] == ["a", "open", "d"]


def test_a_class_of_bad_papers_is_told_one_by_one(engine: Engine) -> None:
    papers = made([(str(n), body(rf"\foo{'x' * n}")) for n in range(6)], engine)
    assert [str(paper).partition(r"sequence \foo")[2].partition("\n")[0] for paper in papers.values()] == [
        "x" * n for n in range(6)
    ]


def test_papers_of_other_makes_are_set_alone(engine: Engine) -> None:
    documents = [
        ("unmarked", body("x").replace(preamble.MARK, "%")),
        ("one", body(r"\label{here}one on page \pageref{here}")),
        ("two", body(r"\label{here}two on page \pageref{here}")),
    ]
    papers = made(documents, engine)
    assert papers == {name: pdf.compile_pdf(tex, engine) for name, tex in documents}
    assert {paper.warnings for paper in papers.values() if isinstance(paper, pdf.Pdf)} == {()}


def test_warnings_belong_to_their_paper(engine: Engine) -> None:
    wide = body("% problem dropout, part y\n\\noindent\\rule{\\dimexpr\\linewidth+12.34pt}{1pt}")
    papers = made([("a", body("a")), ("wide", wide), ("c", body("c"))], engine)
    assert [paper.warnings for paper in papers.values() if isinstance(paper, pdf.Pdf)] == [
        (),
        ("overfull box, 12.3 pt too wide at line 5 (problem dropout, part y)",),
        (),
    ]


def test_nobody_is_an_empty_class(engine: Engine) -> None:
    assert made([], engine) == {}


@pytest.mark.slow
def test_links_lead_somewhere_or_their_paper_is_set_alone(engine: Engine) -> None:
    linked = body(r"\hyperlink{there}{go}\newpage\hypertarget{there}{here}").replace(
        "{lmodern}", r"{lmodern}\usepackage[implicit=false]{hyperref}"
    )
    papers = made([("a", linked), ("b", linked)], engine)
    assert papers == dict.fromkeys("ab", pdf.compile_pdf(linked, engine))
