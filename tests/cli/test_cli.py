"""The command as a user types it: what it prints, where it writes, and how it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator import __version__
from generator.cli import main
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.problem.catalogue import catalogue


def worksheet(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, prog_name="worksheet")


def refused(result: Result, *, code: int = 2) -> str:
    """The one message of a command that failed as it should: no traceback, the right exit code."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.stderr


LAYER_NORM = {"X": [[4, 4, 8, 8], [1, 1, 1, 5]], "gamma": [1, 2, 3, 4], "beta": [0, -1, 1, 0]}


def solve(problem: str, params: Any) -> Result:
    return worksheet("solve", problem, "-", stdin=params if isinstance(params, str) else json.dumps(params))


# ------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize(
    "command", ["generate", "key", "verify", "replace", "report", "list", "show", "solve", "check", "new", "practice"]
)
def test_every_command_has_an_example(command: str) -> None:
    result = worksheet(command, "--help")
    assert result.exit_code == 0
    assert f"worksheet {command}" in result.output.split("Example")[1]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["generate", "--help"], ["check", "--help"], ["practice", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom generator.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "heavy = {'sympy', 'numpy', 'jinja2', 'rich', 'markdown_it', 'flask', 'fsrs'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_version() -> None:
    assert worksheet("--version").output == f"worksheet, version {__version__}\n"


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "generator.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"worksheet, version {__version__}\n"


# ------------------------------------------------------------------------------------------------ list


def test_list_has_each_problem_below_its_topic_and_each_sheet_with_its_problems() -> None:
    lines = worksheet("list").output.splitlines()
    problems, sheets = lines[1 : lines.index("Sheets")], lines[lines.index("Sheets") + 1 :]
    topics = {line.strip(): place for place, line in enumerate(problems) if not line.startswith("    ")}
    assert list(topics) == sorted({problem.topic for problem in catalogue().values()})
    for name, problem in catalogue().items():
        (place,) = [place for place, line in enumerate(problems) if line.startswith(f"    {name} ")]
        assert "variants" in problems[place]
        assert max(topics, key=lambda topic: (topics[topic] < place, topics[topic])) == problem.topic
    for name in built_in_sheets():
        sheet = find_sheet(name)
        (place,) = [place for place, line in enumerate(sheets) if line.split()[0] == name]
        assert f"({sheet.total_points} points, about {sheet.minutes} minutes)" in sheets[place]
        assert sheets[place + 1].strip() == ", ".join(entry.problem.id for entry in sheet.entries)


# ------------------------------------------------------------------------------------------------ show


def test_show_hides_the_key_unless_asked() -> None:
    plain, with_key = worksheet("show", "layer-norm"), worksheet("show", "layer-norm", "--key")
    assert plain.exit_code == with_key.exit_code == 0
    assert "boxed" not in plain.output
    assert "boxed" in with_key.output
    assert "If you got" in with_key.output


def test_show_guided_asks_for_the_intermediate_values() -> None:
    assert "Compute the mean of each row" in worksheet("show", "layer-norm", "--guided").output
    assert "Compute the mean of each row" not in worksheet("show", "layer-norm").output


def test_an_unknown_problem_gets_a_suggestion() -> None:
    assert "did you mean layer-norm?" in refused(worksheet("show", "layer-nrm"))


# ----------------------------------------------------------------------------------------------- solve


def test_solve_gives_exact_texts() -> None:
    result = solve("layer-norm", LAYER_NORM)
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert list(found) == ["problem", "params", "values", "answers", "mistakes"]
    assert found["values"]["std"] == ["2", "sqrt(3)"]
    assert found["answers"]["output"][1] == ["-sqrt(3)/3", "-1 - 2*sqrt(3)/3", "1 - sqrt(3)", "4*sqrt(3)"]
    wrong = {mistake["name"]: mistake["answers"] for mistake in found["mistakes"]}
    assert wrong["gamma and beta left out"]["output"][0] == ["-1", "-1", "1", "1"]


def test_solve_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "params.json"
    path.write_text(json.dumps(LAYER_NORM))
    assert worksheet("solve", "layer-norm", str(path)).output == solve("layer-norm", LAYER_NORM).output


def test_solve_reads_exact_texts() -> None:
    found = json.loads(solve("layer-norm", LAYER_NORM | {"beta": ["1/3", "log(6)", "sqrt(12)", "0.5"]}).output)
    assert found["params"]["beta"] == ["1/3", "log(6)", "2*sqrt(3)", "1/2"]
    assert found["values"]["output"][0][0] == "-2/3"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"X": [[2, 2, 2, 2], [1, 1, 1, 5]]}, "X"),
        ({"X": [[4, 4, 8, 8], [1, 1]]}, "X"),
        ({"X": []}, "X"),
        ({"X": None}, "X"),
        ({"X": "__import__('os')"}, "X"),
        ({"gamma": [1, 2, 3]}, "gamma"),
        ({"gamma": [1, 2, 3, "__import__('os')"]}, "gamma[4]"),
        ({"beta": [0, 1.5, 1, 1]}, "beta[2]"),
        ({"beta": [0, True, 1, 1]}, "beta[2]"),
        ({"epsilon": -1}, "epsilon"),
        ({"epsilon": "1/0"}, "epsilon"),
        ({"eps": 1}, "eps"),
    ],
)
def test_solve_names_the_field_at_fault(change: dict[str, Any], field: str) -> None:
    message = refused(solve("layer-norm", {**LAYER_NORM, **change}))
    assert message.startswith(f"Error: {field}: ")


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "3", "[" * 100_000, '{"X": 1, "X": 2}', "NaN"])
def test_solve_refuses_what_is_no_object_of_parameters(text: str) -> None:
    refused(solve("layer-norm", text))


def test_solve_refuses_a_missing_file() -> None:
    refused(worksheet("solve", "layer-norm", "nowhere.json"))


def test_solve_refuses_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "params.json"
    path.write_bytes(b"\xff\xfe{}")
    assert "UTF-8" in refused(worksheet("solve", "layer-norm", str(path)))


# ----------------------------------------------------------------------------------------------- check


@pytest.mark.slow
def test_check_prints_a_table() -> None:
    result = worksheet("check", "layer-norm", "--variants", "5")
    assert result.exit_code == 0, result.output
    heading, *lines = result.output.splitlines()
    assert heading.split() == [
        "problem",
        "variants",
        "distinct",
        "mean",
        "redraws",
        "worst",
        "redraws",
        "ms",
        "a",
        "variant",
        "work",
        "ratio",
        "failures",
    ]
    (line,) = (line for line in lines if line.split()[:3] == ["layer-norm", "5", "5"])
    assert line.split()[-1] == "0"


BROKEN = """
from dataclasses import replace
from generator import find_problem
from generator.problem.solution import call_by_name

good = find_problem("layer-norm")

def check(**params):
    opinion = dict(call_by_name(good.check, params))
    opinion["output"] = opinion["output"] + 1
    return opinion

PROBLEM = replace(good, id="broken-norm", check=check)
"""


def test_check_fails_with_the_seed_that_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(BROKEN)
    result = worksheet("check", str(path), "--variants", "3", "--first-seed", "40")
    assert result.exit_code == 1
    assert "broken-norm, seed 40: broken.py, line 8: output: the key says" in result.output.replace("\n", " ")


# ------------------------------------------------------------------------------------------------- new


@pytest.mark.slow
def test_new_writes_a_problem_that_runs_at_once(tmp_path: Path) -> None:
    result = worksheet("new", "my-layer", "--dir", str(tmp_path))
    assert result.output.split() == [
        str(tmp_path / name) for name in ("my_layer.py", "my_layer.toml", "test_my_layer.py")
    ]
    path = str(tmp_path / "my_layer.py")
    assert "# " in worksheet("show", path, "--key").output
    checked = worksheet("check", path, "--variants", "60")
    assert checked.exit_code == 0, checked.output
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout


def test_new_never_overwrites(tmp_path: Path) -> None:
    worksheet("new", "my-layer", "--dir", str(tmp_path))
    (tmp_path / "my_layer.py").write_text("mine")
    assert "exists already" in refused(worksheet("new", "my-layer", "--dir", str(tmp_path)))
    assert (tmp_path / "my_layer.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["My-Layer", "../evil", "a b", "x'; import os", "", "-x"])
def test_new_refuses_names_that_are_no_ids(name: str, tmp_path: Path) -> None:
    refused(worksheet("new", "--dir", str(tmp_path), "--", name))
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------- plug-ins


@pytest.mark.slow
@pytest.mark.parametrize("group", ["problemwright.problems", "keyright.problems"])
def test_an_installed_package_offers_problems_by_entry_point(tmp_path: Path, group: str) -> None:
    worksheet("new", "plugged-in", "--dir", str(tmp_path))
    (tmp_path / "test_plugged_in.py").unlink()
    info = tmp_path / "plugged_in-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged-in\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\nplugged-in = plugged_in\n")
    command = [sys.executable, "-m", "generator.cli"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    listed = subprocess.run([*command, "list"], capture_output=True, text=True, check=True, env=environment)
    assert "  plugged-in " in listed.stdout
    assert ("is called problemwright.problems now" in listed.stderr) == (group == "keyright.problems")
    shown = subprocess.run(
        [*command, "show", "plugged-in", "--key"], capture_output=True, text=True, check=True, env=environment
    )
    assert "Plugged in" in shown.stdout


@pytest.mark.slow
def test_a_broken_plug_in_is_named(tmp_path: Path) -> None:
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[problemwright.problems]\nbad = no_such_module\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "generator.cli"]
    listed = subprocess.run([*command, "list"], capture_output=True, text=True, check=False, env=environment)
    assert listed.returncode == 1
    assert "the entry point bad = no_such_module" in listed.stderr
    assert "Traceback" not in listed.stderr
    shown = subprocess.run([*command, "show", "dropout"], capture_output=True, text=True, check=False, env=environment)
    assert shown.returncode == 0


# ---------------------------------------------------------------------------------- checking a sheet


def test_a_built_in_sheet_is_copied_to_be_changed(tmp_path: Path) -> None:
    result = worksheet("new", "week1.toml", "--like", "losses", "--dir", str(tmp_path))
    assert result.exit_code == 0, result.output
    (copy,) = tmp_path.iterdir()
    assert result.output.strip() == str(copy)
    theirs, ours = find_sheet("losses"), find_sheet(str(copy))
    assert [one.problem.id for one in ours.entries] == [one.problem.id for one in theirs.entries]
    assert ours.name == "week1"
    for arguments, said in (
        (("week1.toml", "--like", "losses"), "exists already"),
        (("week2.toml", "--like", "loses"), "--like: no built-in sheet 'loses'; did you mean losses?"),
        (("week2", "--like", "losses"), "cannot be a sheet's file"),
        (("week2.toml", "--like", "losses", "--minimal"), "--minimal: goes with problem files"),
    ):
        refused = worksheet("new", *arguments, "--dir", str(tmp_path))
        assert refused.exit_code == 2
        assert said in refused.output
    assert [*tmp_path.iterdir()] == [copy]


def test_check_holds_a_sheet_to_its_own_wishes(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\npoints = { nope = 3 }\n')
    result = worksheet("check", str(sheet), "--variants", "2")
    assert result.exit_code == 1
    assert "no part 'nope'" in result.output


def test_check_renders_with_the_sheets_templates(tmp_path: Path) -> None:
    (tmp_path / "style" / "markdown").mkdir(parents=True)
    (tmp_path / "style" / "markdown" / "nodes.md.j2").write_text(
        "{% macro Key(node) %}{{ node.nothing }}{% endmacro %}"
    )
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\ntemplates = "style"\n[[problem]]\nid = "dropout"\n')
    result = worksheet("check", str(sheet), "--variants", "2")
    assert result.exit_code == 1
    assert "seed 1" in result.output


def test_what_problems_share_is_no_problem() -> None:
    assert "no problem is called '_norms'" in refused(worksheet("show", "_norms"))


# The limit may strike within hypothesis's callback of the garbage collector, where Python can only warn; it strikes again after that.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("interrupt", [signal.default_int_handler, signal.SIG_IGN], ids=["a terminal's", "ignored"])
@pytest.mark.slow
def test_numbers_without_a_short_normal_form_are_given_up(interrupt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.paper.solve.MAX_SECONDS", 1.0)
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        given_up()
        assert signal.getsignal(signal.SIGINT) is interrupt
    finally:
        signal.signal(signal.SIGINT, before)


def given_up() -> None:
    X = [["pi", "E", "log(3)", "sqrt(2)"], ["exp(1/2)", "sqrt(5)+log(7)", 1, "1/7"]]
    given = {"X": X, "gamma": ["pi", 1, 1, 1], "beta": [0, 0, 0, "E"], "epsilon": "log(2)"}
    assert "takes longer than 1 seconds" in refused(solve("layer-norm", given))
