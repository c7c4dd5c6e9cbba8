"""The README's commands and its worked example, run as a reader would."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.problem.catalogue import catalogue

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str, containing: str) -> str:
    found = [text for text in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if containing in text]
    assert len(found) == 1
    return str(found[0])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's folder with the worked example in it."""
    (tmp_path / "softmax_gradient.py").write_text(block("python", "softmax cross-entropy"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_worked_example_runs(folder: Path) -> None:
    shown = CliRunner().invoke(main, ["show", "softmax_gradient.py", "--original", "--key"])
    assert shown.exit_code == 0, shown.output
    assert r"\frac{1}{6} & -\frac{2}{3} & \frac{1}{2}" in shown.output
    assert "you gave the probabilities themselves" in shown.output
    for line in block("sh", "show softmax_gradient.py").splitlines():
        command = shlex.split(line)
        assert command[0] == "worksheet"
        result = CliRunner().invoke(main, command[1:])
        assert result.exit_code == 0, result.output


def test_the_sheet_and_the_style_work_together(folder: Path) -> None:
    style = folder / "my-style" / "latex"
    style.mkdir(parents=True)
    (style / "nodes.tex.j2").write_text(block("tex", "macro BoxedAnswer"))
    (folder / "quiz.toml").write_text('templates = "my-style"\n' + block("toml", 'title = "Quiz 3"'))
    result = CliRunner().invoke(main, ["generate", "quiz.toml", "--seed", "2", "--out", "quiz"])
    assert result.exit_code == 0, result.output
    assert r"\[ \boxed{" in (folder / "quiz" / "key.tex").read_text()
    manifest = json.loads((folder / "quiz" / "manifest.json").read_text())
    assert [problem["id"] for problem in manifest["problems"]] == ["batch-norm", "dropout", "softmax-gradient"]


@pytest.mark.slow
def test_every_command_of_the_tour_works(folder: Path) -> None:
    for line in block("sh", "# the problems by topic").splitlines():
        command = shlex.split(line, comments=True)[1:]
        if "check" in command:
            command[command.index("--variants") + 1] = "2"
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, f"{line}: {result.output}"


def test_the_commands_for_a_class_work(folder: Path) -> None:
    (folder / "class.csv").write_text("id,name\ns1,Ada\ns2,Grace\n")
    for line in block("sh", "--roster class.csv").splitlines():
        command = shlex.split(line, comments=True)[1:]
        if "generate" in command:
            command += ["--formats", "md", "--workers", "1"]
        if "key" in command:
            command[1] = json.loads((folder / "class" / "manifest.jsonl").read_text().splitlines()[1])["id"]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, f"{line}: {result.output}"


def test_practice_in_the_terminal_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    (line,) = [line for line in block("sh", "practice --terminal").splitlines() if "--terminal" in line]
    result = CliRunner().invoke(main, shlex.split(line, comments=True)[1:], input="0\nq\n")
    assert result.exit_code == 0, result.output
    assert "Dropout" in result.output
    assert "0 of 1 point" in result.output
    if sys.platform == "linux":
        assert (folder / "data" / "keyright" / "practice.sqlite3").is_file()


def test_the_piped_example_works(folder: Path) -> None:
    given, command = block("sh", "| worksheet solve").split("|")
    result = CliRunner().invoke(main, shlex.split(command)[1:], input=shlex.split(given)[1])
    assert json.loads(result.output)["values"]["variance_corr"] == "22"


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_make_knows_the_readmes_targets() -> None:
    for target in ("install", "worksheet", "test", "check", "bench"):
        done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert sys.version_info >= (3, 11)


@pytest.mark.parametrize(
    "line", re.findall(r"^echo .*$", (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8"), re.MULTILINE)
)
def test_the_examples_of_the_problems_page_work(line: str) -> None:
    given, command = line.split(" | ")
    result = CliRunner().invoke(main, shlex.split(command)[1:], input=shlex.split(given)[1])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["mistakes"]


def test_the_table_of_problems_is_the_catalogue() -> None:
    rows = re.findall(
        r"^\| ([^|`]+) \| (.*`.*) \|$", README.partition("## The problems")[2].partition("\n## ")[0], re.MULTILINE
    )
    found = {name: topic for topic, problems in rows for name in re.findall(r"\(`([^`]*)`\)", problems)}
    assert found == {name: problem.topic for name, problem in catalogue().items()}
