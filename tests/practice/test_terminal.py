"""The terminal: formulas as text, sessions as they are typed, and the command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from generator.cli import main
from generator.document import prose
from generator.document.figures.scene import Label, Scene
from generator.document.nodes import Code, Display, FieldsSpace, Math, Paragraph, Text
from generator.grading.worked_steps import leaves
from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.terminal.console import Printer
from generator.practice.terminal.document import Writer
from generator.practice.terminal.formulas import fitted_box, formula_box, formula_line
from generator.practice.terminal.session import ExamSession, Options, PracticeSession
from generator.render.renderer import figures_in
from tests.practice.student import EACH_MORE, Clock, answer_text, practice_in, typed

# ------------------------------------------------------------------------------------------------ formulas

ON_ONE_LINE = {
    r"-1-\frac{2\sqrt{3}}{3}": "−1 − 2√3/3",
    r"\frac{a+b}{2c}": "(a+b)/(2c)",
    r"-\frac{a}{b}": "−a/b",
    r"\frac{1}{2}x": "(1/2)x",
    r"\frac{1}{2} \cdot x": "1/2 · x",
    r"\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}": "(x−μ)/√(σ²+ε)",
    r"\frac{\frac{1}{2}}{3}": "(1/2)/3",
    r"\left(\frac{3}{2}\right)^2": "(3/2)²",
    r"1-\left(-\frac{3}{2}\right)": "1 − (−3/2)",
    r"\frac{242\,370}{2620} = 28\,668": "242370/2620 = 28 668",
    r"y_{\mathrm{drop}} = \sum_i w_i x_i": "y_drop = ∑ᵢ wᵢxᵢ",
    r"\sigma^2_{\mathrm{run}}": "σ_run²",
    r"\lVert\theta_\lambda\rVert^2": "‖θ_λ‖²",
    r"\hat x^\top": "x̂ᵀ",
    r"\theta^\star, p'": "θ*, p′",
    r"2^{10} + 2^{-n} + e^{x+1}": "2¹⁰ + 2⁻ⁿ + eˣ⁺¹",
    r"\ln 6 + \log(2)": "ln 6 + log(2)",
    r"\sqrt{2}\,x": "√2x",
    r"\mathrm{Linear}_{2}(56, \underline{\hspace{2em}})": "Linear₂(56, ____)",
    r"\begin{bmatrix} 1 & -\frac{1}{2} \end{bmatrix}^{\top}": "[1  −1/2]ᵀ",
    r"n \le 4 \Rightarrow x \in \{0, 1\}": "n ≤ 4 ⇒ x ∈ {0, 1}",
}


@pytest.mark.parametrize("tex", ON_ONE_LINE)
def test_formulas_on_one_line(tex: str) -> None:
    assert [line.strip() for line in formula_box(tex).lines] == [ON_ONE_LINE[tex]]


def test_a_matrix_is_a_grid() -> None:
    assert formula_box(
        r"X = \begin{bmatrix} 1 & -\frac{1}{2} \\ 10 & \sqrt{2} \\ 0 & 3 \end{bmatrix}, \quad b"
    ).lines == (
        "    ⎡ 1  −1/2⎤      ",
        "X = ⎢10    √2⎥,    b",
        "    ⎣ 0     3⎦      ",
    )
    assert formula_line(r"X = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}^\top") == "X = [1 2; 3 4]ᵀ"


def test_what_is_too_wide_is_stacked_or_flat() -> None:
    tex = r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}, \qquad a = \begin{bmatrix} 1 & 2 & 3 \end{bmatrix}"
    assert [line.rstrip() for line in fitted_box(tex, 20).lines] == ["⎡1  2⎤", "⎣3  4⎦,", "a = [1  2  3]"]
    assert fitted_box(tex, 10).lines == ("[1 2; 3 4],    a = [1 2 3]",)
    assert fitted_box(tex, 80) == formula_box(tex)


@pytest.mark.parametrize("name", EACH_MORE)
def test_every_formula_of_the_catalogue_can_be_read(tmp_path: Path, name: str) -> None:
    practice = practice_in(tmp_path, problems=[name])
    count = 0
    for level in practice.problems[name].levels:
        for leaf in leaves(practice.start(name, level, guided=True).key):
            if isinstance(leaf, Math | Display):
                box = formula_box(leaf.tex)
                assert len({cell_len(line) for line in box.lines}) == 1
                text = "".join(box.lines)
                assert not set(text) & set("\\{}$&") - set("{}" if r"\{" in leaf.tex else ""), leaf.tex
                count += 1
    practice.store.close()
    assert count > 50


@pytest.mark.parametrize("name", EACH_MORE)
@pytest.mark.parametrize("width", [40, 80])
def test_every_question_fits(tmp_path: Path, name: str, width: int) -> None:
    practice = practice_in(tmp_path, problems=[name])
    exercise = practice.start(name, guided=True).exercise
    writer = Writer(width)
    for line in [
        *writer.blocks(exercise.preamble),
        *(line for part in exercise.parts for line in writer.question(part)),
    ]:
        assert line.cell_len <= width, line.plain
    practice.store.close()


def test_a_table_that_is_too_wide_is_written_row_by_row() -> None:
    table = prose.nodes("| | channel 1 | channel 2 |\n| --- | --- | --- |\n| example 1 | $3, -1$ | none |", {})
    wide, narrow = ([line.plain for line in Writer(width).blocks(table)] for width in (40, 30))
    assert [line.split() for line in wide[::2]] == [
        ["channel", "1", "channel", "2"],
        ["example", "1", "3,", "−1", "none"],
    ]
    assert narrow == ["  example 1", "    channel 1: 3, −1", "    channel 2: none"]


# ------------------------------------------------------------------------------------------------ sessions


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = practice_in(tmp_path)
    yield made
    made.store.close()


class Typist:
    """Types line after line; an exception among them is raised."""

    def __init__(self, lines: Iterable[str | type[BaseException]]) -> None:
        self._lines = iter(lines)

    def __call__(self) -> str:
        line = next(self._lines, EOFError)
        if isinstance(line, str):
            return line
        raise line


def session(practice: Practice, *lines: str | type[BaseException], wish: Options | None = None) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False)
    PracticeSession(practice, console, Typist(lines)).run(wish or Options("dropout"))
    return out.getvalue()


def only(practice: Practice) -> str:
    row = practice.store.one("SELECT id FROM attempts ORDER BY rowid")
    assert row is not None
    return str(row["id"])


def test_a_right_answer_goes_on_to_the_next_part(practice: Practice) -> None:
    expected = practice_in(practice.store.path.parent / "other").start("dropout")
    printed = session(practice, typed(expected.variant.values.y_drop))
    assert "✓ Right: 1 of 1 point" in printed
    assert printed.index("✓ Right") < printed.index("\nb) 1 point")
    assert printed.endswith("Your progress is saved.\n")
    state = practice.state(practice.load(only(practice)))
    assert state.points == 1


def test_a_wrong_answer_is_named_and_asked_again(practice: Practice) -> None:
    expected = practice_in(practice.store.path.parent / "other").start("dropout")
    mistaken = {mistake.name: answers for mistake, answers in expected.variant.mistaken_answers()}
    wrong, right = typed(mistaken["weights left out"]["y_drop"]), typed(expected.variant.values.y_drop)
    printed = session(practice, wrong, right)
    assert "✗ Not right: 0 of 1 point" in printed
    assert "It looks as if you" in printed
    assert "again, or ? ! s q >" in printed
    assert printed.count("a) 1 point") == 1
    assert practice.state(practice.load(only(practice))).parts["y_drop"].tries == 2


@pytest.mark.parametrize("problem", EACH_MORE)
def test_fields_are_asked_for_by_name(tmp_path: Path, problem: str) -> None:
    attempt = practice_in(tmp_path, problems=[problem]).start(problem, "standard", guided=True)
    writer = Writer(100)
    for part in attempt.parts.values():
        for space in part.question.spaces:
            if isinstance(space, FieldsSpace):
                asked = "".join(line.plain for line in writer.question(part.question))
                assert all(formula_line(label).replace(" ", "") in asked.replace(" ", "") for label in space.labels)


def test_help_at_a_key(practice: Practice) -> None:
    printed = session(practice, "?", "?", "?", "?", "1000", "!")
    assert "Hint 1 of 3" in printed
    assert "Hint 3 of 3" in printed
    assert "no hint is left" in printed
    assert "Solution" in printed
    assert "▶" in printed  # what went wrong is seen without colours
    state = practice.state(practice.load(only(practice))).parts["y_drop"]
    assert (len(state.hints_shown), state.solution_shown) == (3, True)


def test_what_cannot_be_read_is_pointed_at(practice: Practice) -> None:
    printed = session(practice, "3 + * 4")
    assert "? Not readable" in printed
    assert "at `* 4` after `3 + `" in " ".join(printed.split()).replace("\n", " ")


def test_a_matrix_by_rows_or_in_one_line(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=3)
    rows = answer_text(attempt, "output").split("; ")
    for lines in ([*rows, ""], ["; ".join(rows)]):
        other = practice_in(practice.store.path.parent / str(len(lines)), problems=["layer-norm"])
        other.start = lambda *_, begin=other.start, **__: begin("layer-norm", seed=3)  # type: ignore[method-assign]
        assert "✓ Right: 6 of 6 points" in session(other, *lines, wish=Options("layer-norm"))
        other.store.close()


def test_words_and_claims_are_marked_by_herself(practice: Practice) -> None:
    lines = ["s", "s", "s", "First line.", "Second line.", "", "1", "x", "7", "1"]
    printed = session(practice, *lines)
    attempt = practice.load(only(practice))
    state = practice.state(attempt)
    assert state.parts["closeness"].latest is not None
    assert state.parts["closeness"].latest.text == "First line.\nSecond line."
    assert "Mark your own answer:" in printed
    assert state.parts["closeness"].self_marks == (1, 1)


def test_a_whole_attempt_and_the_next(practice: Practice) -> None:
    printed = session(practice, *["!"] * 20, "c", "2", "q", wish=Options("layer-norm"))
    assert "0 of 14 points." in printed
    assert "Layer normalization           0 %" in printed or "Layer normalization" in printed.split("0 of 14")[1]
    assert "Batch normalization\n═══" in printed


def test_choosing(practice: Practice) -> None:
    printed = session(practice, "17", "nonsense", "", wish=Options())
    assert printed.count("Expected a number from 1 to 5, or q to stop.") == 2
    assert "Batch normalization\n═══" in printed  # the weakest, of equals the first


@pytest.mark.parametrize("end", ["q", EOFError, KeyboardInterrupt])
@pytest.mark.parametrize("before", [0, 1, 3])
def test_leaving_at_any_time(practice: Practice, end: str | type[BaseException], before: int) -> None:
    printed = session(practice, *["1000"] * before, end, wish=Options("dropout"))
    assert printed.endswith("Your progress is saved.\n")
    assert "Traceback" not in printed
    row = practice.store.one("SELECT count(*) AS n FROM answers")
    assert row is not None
    assert row["n"] == (1 if before else 0)  # the same answer three times is one


def test_escape_sequences_are_not_obeyed(practice: Practice) -> None:
    hostile = Paragraph((Text("a\x1b[2Jb\x07\u202e"), Code("\x1b]0;title")))
    assert [line.plain for line in Writer().blocks([hostile])] == ["a[2Jb`]0;title`"]
    assert "\x1b" not in session(practice, "1\x1b[2J", "\x1b]0;title\x07")


def test_the_working_is_listed_by_its_symbols_and_given_by_number(practice: Practice) -> None:
    expected = practice_in(practice.store.path.parent / "other").start("layer-norm")
    values = expected.variant.values
    wrong = tuple(2 * entry for entry in values.std)
    follows = expected.problem.graph.with_values(values, {"std": wrong})
    printed = session(
        practice, "w", f"w 3 = {typed(wrong)}", "w 9 = 1", typed(follows.output), "q", wish=Options("layer-norm")
    )
    assert "w 2 = … gives σ²" in printed
    assert "expected a number from 1 to 4" in printed
    assert "it follows from your √(σ²+ε)" in " ".join(printed.split())
    assert "std" not in printed


def test_the_working_is_followed(practice: Practice) -> None:
    expected = practice_in(practice.store.path.parent / "other").start("dropout")
    values = expected.variant.values
    follows = expected.problem.graph.with_values(values, {"contributions": tuple(x + 1 for x in values.contributions)})
    working = f"w contributions = {typed(follows.contributions)}"
    printed = session(practice, working, typed(follows.y_drop), "!")
    assert "it follows from your (wᵢxᵢ)ᵢ" in " ".join(printed.split())
    assert "✓ Right: 1 of 1 point" not in printed
    assert "≈ Partly right: 1 of 1 point" in printed
    assert "What follows from your own values" in printed


def test_working_for_an_unknown_step_is_discarded(practice: Practice) -> None:
    expected = practice_in(practice.store.path.parent / "other").start("dropout")
    printed = session(practice, "w nonsense = 3", "7", typed(expected.variant.values.y_drop))
    assert "dropout computes no 'nonsense' here" in printed
    assert "type it again" in printed
    assert "✓ Right" in printed


def test_what_was_not_finished_can_be_gone_on_with(practice: Practice) -> None:
    session(practice, "1000", "s", "2000", "q")
    printed = session(practice, "u", "s", wish=Options())
    assert "u  continue Dropout (standard, 0 of 19 points so far)" in printed
    assert practice.store.one("SELECT count(*) AS n FROM attempts")["n"] == 1  # type: ignore[index]
    assert "\na) 1 point" in printed  # it was wrong, so it is asked again


def test_parts_that_are_done_are_not_asked_again(practice: Practice) -> None:
    session(practice, "!", "q")
    printed = session(practice, "u", wish=Options())
    assert "\na) 1 point" not in printed
    assert "\nb) 1 point" in printed


def test_after_an_exam_the_solutions_and_her_own_marks(practice: Practice) -> None:
    out = io.StringIO()
    lines = ["1000", "s", "s", "In words.", "", "q", "", *[""] * 3, "1", "1", *[""] * 30]
    ExamSession(practice, Console(file=out, width=100), Typist(lines)).run(Options("dropout"), count=1, minutes=10)
    first, after = out.getvalue().split("0 of 19 points in ")[:2]
    assert "Solution" not in first
    assert "Your answer: 1000" in after
    assert "Mark your own answer:" in after
    assert "2 of 19 points in " in after


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(min_size=1, max_size=20)
    | st.text("0123456789+-*/^()[]{};, \\$_&`<>~|√²½x\n%#", min_size=1, max_size=20)
)
@example("$x$4\n^½sqrt<&\u202e\\begin{bmatrix}1\\end{bmatrix}~10{")
def test_any_answer_can_be_printed(practice: Practice, text: str) -> None:
    known = practice.unfinished()
    attempt = known[0] if known else practice.start("layer-norm", guided=True)
    printer = Printer(Console(file=io.StringIO(), width=60))
    for part_id in ("mean", "output", "claims", "single_example"):
        printer.result(practice.check(attempt, part_id, text))


def test_an_exam_tells_nothing_until_the_end(practice: Practice) -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False)
    exam = practice_in(practice.store.path.parent / "other", problems=["dropout"])
    right = typed(Exams(exam).start(1, 10).attempts[0].variant.values.y_drop)
    ExamSession(practice, console, Typist([right, "?", "1 +", "1000", "q"])).run(
        Options("dropout"), count=1, minutes=10
    )
    printed = out.getvalue()
    before, after = printed.split("1 of 19 points in ")
    assert "Right" not in before
    assert "No help, and no working, before the exam is over." in before
    assert "cannot be read" in before
    assert "Dropout" in after


def test_the_time_of_an_exam_runs_out(tmp_path: Path) -> None:
    clock = Clock()
    practice = practice_in(tmp_path, clock)

    class Slow(Typist):
        def __call__(self) -> str:
            clock.wait(40)
            return super().__call__()

    out = io.StringIO()
    ExamSession(practice, Console(file=out, width=100), Slow(["1", "2", "3"])).run(
        Options("dropout"), count=1, minutes=1
    )
    assert "came too late and was not saved" in out.getvalue()
    assert "of 19 points in 1:00" in out.getvalue()
    practice.store.close()


# --------------------------------------------------------------------------------------------- the command


def worksheet(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["practice", *arguments], input=stdin, prog_name="worksheet")


def test_the_command_in_a_pipe(tmp_path: Path) -> None:
    data = str(tmp_path / "a.sqlite3")
    result = worksheet("--terminal", "--data", data, "--problem", "dropout", stdin="1000\n!\n")
    assert result.exit_code == 0, result.output
    assert "✗ Not right" in result.output
    assert "\x1b" not in result.output
    printed = json.loads(worksheet("--data", data, "--export", "-").output)
    assert [answer["text"] for answer in printed["attempts"][0]["answers"]] == ["1000"]


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["--terminal", "--problem", "softmax"], "no problem 'softmax' is practised here"),
        (["--terminal", "--sheet", "nonsense"], "no sheet 'nonsense'"),
        (["--problem", "dropout"], "--problem is for the terminal"),
        (["--exam", "3"], "--exam is for the terminal"),
        (["--terminal", "--exam", "99"], "1 to 40 problems; got 99"),
        (["--terminal", "--level", "extreme"], "'extreme' is not one of"),
        (["--port", "70000"], "70000 is not in the range"),
        (["--export", "-"], "there is no progress in"),
        (["--delete"], "there is no progress in"),
    ],
)
def test_the_command_refuses(tmp_path: Path, arguments: list[str], printed: str) -> None:
    result = worksheet("--data", str(tmp_path / "a.sqlite3"), *arguments)
    assert result.exit_code == 2
    assert printed in result.stderr.replace("\n", " ")
    assert isinstance(result.exception, SystemExit)


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_text("Dear diary")
    result = worksheet("--terminal", "--data", str(path))
    assert result.exit_code == 1
    assert "is damaged or not a database" in result.stderr
    assert path.read_text() == "Dear diary"


def test_export_and_delete(tmp_path: Path) -> None:
    data, target = str(tmp_path / "a.sqlite3"), tmp_path / "out" / "progress.json"
    worksheet("--terminal", "--data", data, "--problem", "dropout", stdin="1000\n")
    result = worksheet("--data", data, "--delete", stdin="n\n")
    assert "Delete all progress" in result.output
    assert json.loads(worksheet("--data", data, "--export", "-").output)["attempts"]
    result = worksheet("--data", data, "--export", str(target), "--delete", "--yes")
    assert result.output == f"{target}\ndeleted 1 attempt\n"
    assert len(json.loads(target.read_text())["attempts"]) == 1
    assert json.loads(worksheet("--data", data, "--export", "-").output)["attempts"] == []


def test_a_sheet_s_problems_only(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\n')
    result = worksheet("--terminal", "--data", str(tmp_path / "a.sqlite3"), "--sheet", str(sheet), stdin="q\n")
    assert "Dropout" in result.output
    assert "Layer normalization" not in result.output


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals there")
def test_ctrl_c_at_a_real_terminal(tmp_path: Path) -> None:
    mine, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "generator.cli",
        "practice",
        "--terminal",
        "--problem",
        "dropout",
        "--data",
        str(tmp_path / "a"),
    ]
    child = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    shown = b""
    deadline = time.monotonic() + 30
    while b"a number" not in shown and time.monotonic() < deadline:
        shown += os.read(mine, 4096)
    while child.poll() is None and time.monotonic() < deadline:
        child.send_signal(signal.SIGINT)  # one that comes just before the program waits is seen only with the next
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=1)
    assert child.returncode == 0
    rest = b""
    with contextlib.suppress(OSError):  # the terminal is closed with the program
        while chunk := os.read(mine, 4096):
            rest += chunk
    os.close(mine)
    assert b"Your progress is saved." in rest
    assert b"Traceback" not in rest


# ------------------------------------------------------------------------------------------------ drawings


def drawn_numbers(scene: Scene) -> set[str]:
    """The whole numbers that stand in a drawing, subscripts left out."""
    words = (word for shape in scene.shapes if isinstance(shape, Label) for word in shape.words)
    return {number for word in words if isinstance(word, str) for number in re.findall(r"[0-9]+", word)}


@pytest.mark.parametrize("name", EACH_MORE)
@pytest.mark.slow
def test_a_drawing_is_described_in_words_that_say_all_it_shows(name: str, tmp_path: Path) -> None:
    practice = practice_in(tmp_path, problems=[name])
    for level in practice.problems[name].levels:
        attempt = practice.start(name, level, guided=True)
        out = io.StringIO()
        printer = Printer(Console(file=out, width=90))
        printer.heading(attempt)
        for part_id in attempt.parts:
            printer.part(attempt, part_id)
        asked = " ".join(out.getvalue().split())
        for scene in figures_in(attempt.exercise).values():
            assert scene.description in asked
            assert drawn_numbers(scene) <= set(re.findall(r"[0-9]+", scene.description))
        for part_id in attempt.parts:
            question = practice.solution(attempt, part_id)
            printer.solution(question, practice.solution_steps(attempt, part_id), None)
        printed = " ".join(out.getvalue().split())
        for scene in figures_in(tuple(one.question for one in attempt.parts.values())).values():
            assert scene.description in printed
    practice.store.close()


def test_the_description_of_a_drawing_leaves_out_what_is_asked(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempt = practice.start("model-size")
    (scene,) = figures_in(attempt.exercise).values()
    (filled,) = figures_in(attempt.key).values()
    assert "blank" in scene.description
    assert "blank" not in filled.description
    practice.store.close()
