"""Chunks: each paper comes out as if it had been set alone, whatever befalls the others."""

from __future__ import annotations

import io
import pickle
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from generator.document.keyless import without_key
from generator.errors import EngineError
from generator.paper.paper import make_paper
from generator.paper.sheet import find_sheet
from generator.paper.students import Student
from generator.render.renderer import FORMATS, renderer
from generator.tex import chunk as pdf_chunk
from generator.tex import pdf, preamble
from generator.tex.run import Engine, Limits

HOSTILE = r"\input{/etc/passwd} % $(rm) 🙂 אבג ]}#&_^~ \end{document}"


def body(text: str, title: str = "") -> str:
    """A short paper whose text begins at line 4, or 5 with a title."""
    info = f"\\pdfinfo{{/Title ({title})}}\n" if title else ""
    head = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}"
    return f"{head}\n{preamble.MARK}\n{info}\\begin{{document}}\n{text}\n\\end{{document}}\n"


def sheets(count: int, *, keys: bool = False, student: str = "Ada") -> list[tuple[str, str]]:
    sheet = find_sheet("discussion04")
    named = [make_paper(sheet, 1, Student(str(place), student)).document for place in range(count)]
    writer = renderer(FORMATS["tex"])
    return [(str(n), writer.document(paper if keys else without_key(paper))) for n, paper in enumerate(named)]


def made(documents: list[tuple[str, str]], engine: Engine, timeout: float = 60) -> dict[str, pdf.Pdf | EngineError]:
    return dict(pdf_chunk.compile_class(documents, engine, timeout=timeout))


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
@pytest.mark.parametrize("keys", [False, True])
def test_it_looks_as_if_set_alone(engine: Engine, keys: bool, tmp_path: Path) -> None:
    documents = sheets(3, keys=keys, student=HOSTILE)
    for name, one in made(documents, engine).items():
        alone = pdf.compile_pdf(dict(documents)[name], engine)
        assert one != alone  # it was not, in truth
        assert isinstance(one, pdf.Pdf)
        assert one.warnings == alone.warnings == ()
        assert text(one) == text(alone)
        assert pictures(content(one), tmp_path / f"chunk{name}") == pictures(alone.content, tmp_path / f"alone{name}")


def test_same_bytes_twice_and_nothing_of_the_others(engine: Engine) -> None:
    documents = [(title, body(title * 20, title)) for title in ("abc", "xyz")]
    first, second = made(documents, engine), made(documents, engine)
    assert first == second
    with pikepdf.open(io.BytesIO(content(first["xyz"]))) as one:
        assert one.docinfo["/Title"] == "xyz"
        assert len(one.pages) == 1
        assert "/Papers" not in one.Root
        assert not any(b"abc" in found.read_bytes() for found in one.objects if isinstance(found, pikepdf.Stream))


@pytest.mark.parametrize("keys", [False, True])
def test_a_paper_has_the_same_bytes_in_any_company(engine: Engine, keys: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = sheets(5, keys=keys, student="Émilie Łukasz-Ñandú")
    sizes = []
    together = pdf_chunk._set_together

    def counted(papers: Sequence[pdf_chunk._Paper], *rest: Any) -> list[pdf.Pdf | EngineError]:
        sizes.append(len(papers))
        return together(papers, *rest)

    monkeypatch.setattr(pdf_chunk, "_set_together", counted)
    whole = made(documents, engine)
    others = made([documents[4], documents[2], documents[0]], engine)
    assert sizes == [5, 3]  # nobody was set alone
    assert {name: whole[name] for name in others} == others
    assert whole["2"] == made([documents[2]], engine)["2"]


def test_letters_that_were_not_promised_do_not_show_in_others(engine: Engine) -> None:
    promise = r"\AtBeginDocument{\pdfincludechars\font{abc}}"
    documents = [(text, body(text).replace("{lmodern}", "{lmodern}" + promise)) for text in ("ab", "bc", "xyz")]
    papers = made(documents, engine)
    assert made(documents[:1], engine)["ab"] == papers["ab"]
    assert made(documents[:2], engine) == {name: papers[name] for name in ("ab", "bc")}
    assert made(documents[2:], engine)["xyz"] == papers["xyz"]


def test_chunks_know_nothing_of_each_other(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_chunk, "CHUNK", 2)
    documents = [(name, body(name)) for name in "abcde"]
    whole = made(documents, engine)
    assert list(whole) == list("abcde")
    assert {name: whole[name] for name in "cd"} == made(documents[2:4], engine)


@poppler
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


# ------------------------------------------------------------------------------------------- a paper by itself


def test_a_paper_by_itself_is_told_of_as_if_set_alone(engine: Engine) -> None:
    broken = body("% problem sums, part total\nfine \\nonsense")
    with pytest.raises(EngineError) as alone:
        pdf.compile_pdf(broken, engine)
    with pytest.raises(EngineError) as told:
        pdf_chunk.compile_papers({"key": broken}, engine)
    assert str(told.value) == f"key: {alone.value}"
    wide = body("% problem sums, part total\n\\noindent\\rule{\\dimexpr\\linewidth+9pt}{1pt}")
    made = pdf_chunk.compile_papers({"key": wide}, engine)["key"]
    assert made.warnings == pdf.compile_pdf(wide, engine).warnings == (
        "overfull box, 9.0 pt too wide at line 5 (problem sums, part total)",
    )  # fmt: skip


def test_a_paper_by_itself_that_never_ends_has_no_more_time_than_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Limits] = []
    real = pdf.typeset

    def counted(tex: str, engine: Engine, limits: Limits, folder: Path) -> pdf.Typeset:
        runs.append(limits)
        return real(tex, engine, limits, folder)

    monkeypatch.setattr(pdf_chunk, "typeset", counted)
    monkeypatch.setattr(pdf_chunk, "compile_within", None)  # not once more, to find out where it was
    endless = body("% problem sums, part total\n\\def\\a{\\a}\\a")
    with pytest.raises(
        EngineError, match=r"(?s)key: TeX was still .* 1 seconds .*at line 5 \(problem sums, part total\)"
    ):
        pdf_chunk.compile_papers({"key": endless}, engine, timeout=1)
    assert [limits.progress for limits in runs] == [None]


def test_a_paper_with_references_by_itself(engine: Engine) -> None:
    tex = body("one of \\pageref{last}\\newpage two\\label{last}")
    assert pdf_chunk.compile_papers({"key": tex}, engine) == {"key": pdf.compile_pdf(tex, engine)}
    assert pdf_chunk.compile_papers({"key": tex}, engine) == made([("key", tex)], engine)
