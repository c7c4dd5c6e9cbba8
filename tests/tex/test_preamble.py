"""Dumped preambles: the same pages, kept where they can be, and never in the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.document.keyless import without_key
from generator.errors import EngineError
from generator.paper.paper import make_paper
from generator.paper.sheet_file import find_sheet
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf, preamble
from generator.tex.run import Engine, Limits

SHARED = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern}\n\\newcommand{\\greeting}{Hello}"
TEX = f"{SHARED}\n{preamble.MARK}\n\\begin{{document}}\n\\greeting\n\\end{{document}}\n"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(preamble, "folder", lambda: folder)
    return folder


def dumps(kept: Path) -> list[Path]:
    return list(kept.glob("*/preamble.fmt"))


def plain(tex: str, engine: Engine, files: Mapping[str, str | bytes] = pdf.NO_FILES) -> bytes:
    """Without a dump."""
    return pdf.compile_pdf(tex.replace(preamble.MARK, preamble.CLEARED), engine, files=files).content


@pytest.mark.slow
@pytest.mark.parametrize("has_key", [False, True])
def test_same_bytes_with_and_without(engine: Engine, kept: Path, has_key: bool) -> None:
    paper = make_paper(find_sheet("discussion04"), 5).document
    latex = renderer(FORMATS["tex"])
    tex, files = latex.document(paper if has_key else without_key(paper)), latex.companions
    cold, warm = (pdf.compile_pdf(tex, engine, files=files) for _ in range(2))
    assert len(dumps(kept)) == 1
    assert cold == warm
    assert warm.content == plain(tex, engine, files)


def test_errors_keep_their_lines(engine: Engine, kept: Path) -> None:
    wrong = TEX.replace(r"\greeting" + "\n\\end", "% problem dropout, part y\n\\greting\n\\end")
    for _ in range(2):
        with pytest.raises(
            EngineError, match=r"line 6 \(problem dropout, part y\): Undefined control sequence \\greting"
        ):
            pdf.compile_pdf(wrong, engine)
    assert len(dumps(kept)) == 1


def test_an_error_in_a_preamble_is_told(engine: Engine, kept: Path) -> None:
    with pytest.raises(EngineError, match=r"line 2: Undefined control sequence \\foo"):
        pdf.compile_pdf(TEX.replace(r"\newcommand", r"\foo\newcommand"), engine)
    assert list(kept.iterdir()) == []


@pytest.mark.slow
def test_an_endless_preamble_is_stopped(engine: Engine, kept: Path) -> None:
    with pytest.raises(EngineError, match="still running"):
        pdf.compile_pdf(TEX.replace(r"\newcommand", r"\def\a{\a}\a\newcommand"), engine, timeout=1)


def test_a_document_without_the_mark_leaves_no_dump(engine: Engine, kept: Path) -> None:
    plain(TEX, engine)
    assert not kept.exists()


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut", "rubbish", "wiped"])
def test_a_broken_dump_is_made_again(engine: Engine, kept: Path, damage: str) -> None:
    whole = pdf.compile_pdf(TEX, engine)
    [dump] = dumps(kept)
    status = dump.stat()
    if damage == "cut":
        os.truncate(dump, 1000)
    else:
        dump.write_bytes((b"rubbish" if damage == "rubbish" else b"\0") * 10)
        os.truncate(dump, status.st_size)
        os.utime(dump, ns=(status.st_atime_ns, status.st_mtime_ns))  # as from a bad disk: it looks the same
    assert pdf.compile_pdf(TEX, engine) == whole
    assert pdf.compile_pdf(TEX, engine) == whole
    assert [again.stat().st_size for again in dumps(kept)] == [status.st_size]


def test_a_changed_package_is_read_again(engine: Engine, kept: Path) -> None:
    pdf.compile_pdf(TEX, engine)
    [dump] = dumps(kept)
    inputs = dump.with_name("inputs.json")
    assert "article.cls" in inputs.read_text()
    inputs.write_text(inputs.read_text().replace("article.cls", "articel.cls"))  # a file no longer there
    pdf.compile_pdf(TEX, engine)
    [dump] = dumps(kept)
    assert "articel.cls" not in dump.with_name("inputs.json").read_text()


@pytest.mark.slow
def test_a_changed_style_is_read_again(engine: Engine, kept: Path) -> None:
    tex = TEX.replace(r"\newcommand{\greeting}{Hello}", r"\usepackage{manner}")
    made = [
        pdf.compile_pdf(tex, engine, files={"manner.sty": rf"\newcommand{{\greeting}}{{{word}}}"})
        for word in ("Hello", "Goodbye", "Hello")
    ]
    assert made[0] == made[2] != made[1]
    assert len(dumps(kept)) == 2


def test_a_cache_that_cannot_be_written_is_done_without(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr(preamble, "folder", lambda: tmp_path / "file" / "cache")
    assert pdf.compile_pdf(TEX, engine).content == plain(TEX, engine)


def test_no_home_is_done_without(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(preamble, "folder", homeless)
    assert pdf.compile_pdf(TEX, engine).content == plain(TEX, engine)


@pytest.mark.slow
def test_many_at_once_share_one_dump(engine: Engine, kept: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: pdf.compile_pdf(TEX, engine), range(4)))
    assert len(made) == 1
    assert [place.name for place in kept.iterdir()] == [dump.parent.name for dump in dumps(kept)]
    assert len(dumps(kept)) == 1


@pytest.mark.slow
def test_the_oldest_dumps_go(engine: Engine, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preamble, "MOST_DUMPS", 2)
    made = []
    for number in range(3):
        dump = preamble.dumped(f"{SHARED}% {number}\n", pdf.NO_FILES, engine, Limits.of(60))
        assert dump is not None
        made.append(dump)
        os.utime(dump.parent, (number, number))
    assert sorted(dumps(kept)) == sorted(made[1:])


def test_the_cage_holds_while_dumping(engine: Engine, kept: Path) -> None:
    shutil.copyfile("/etc/hostname", kept.parent / "secret.tex")
    with pytest.raises(EngineError, match="not found"):
        pdf.compile_pdf(TEX.replace(r"\newcommand", rf"\input{{{kept.parent}/secret}}\newcommand"), engine)
