"""Whatever goes wrong in one student's problem is told with the student, the problem and the line, and stops nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.errors import describe_error
from tests.tiny_class import first_number, generate, ids, records, run, worksheet, write_class, write_sheet

FAULT = "if a == NUMBER: raise ValueError('broken\\nin two lines')"

BROKEN = {
    "sampling": ("    pass\n    return {", f"    {FAULT}\n    return {{"),
    "solving": ("def total(a, b):\n", f"def total(a, b):\n    {FAULT}\n"),
    "checking": ("def check(a, b):\n", f"def check(a, b):\n    {FAULT}\n"),
    "text": ("PROBLEM", "PROBLEM"),
    "telling alike": ("variants=3,", "variants=3, canonical=canonical,"),
    "the parameters' conditions": ("variants=3,", "variants=3, require=condition,"),
    "the difficulty": ("variants=3,", "variants=3, signature=difficulty, standard={'one': 1},"),
    "the preamble": ("variants=3,", "variants=3, preamble=preamble,"),
}


def broken(folder: Path, where: str) -> str:
    """A class of nine in ``folder``, with a problem that breaks at s3's number; the file's text."""
    write_sheet(folder)
    write_class(folder, ids(9))
    assert generate(folder, out="whole").exit_code == 0
    number = first_number(folder / "whole", "s3")
    path = folder / "sums.py"
    old, new = BROKEN[where]
    text = path.read_text().replace(
        'more = ""', f"a = v.a\n    {FAULT}\n    more = ''" if where == "text" else "more = ''"
    )
    text = text.replace(
        "PROBLEM = Problem",
        f"def canonical(params):\n    a = params['a']\n    {FAULT}\n    return dict(params)\n\n"
        f"def condition(a):\n    {FAULT}\n\n"
        f"def difficulty(v):\n    a = v.a\n    {FAULT}\n    return {{'one': 1}}\n\n"
        f"def preamble(v):\n    a = v.a\n    {FAULT}\n    return 'Add.'\n\n"
        "PROBLEM = Problem",
    )
    text = text.replace(old, new).replace("NUMBER", number)
    path.write_text(text)
    return text


@pytest.mark.parametrize("where", BROKEN)
def test_an_exception_names_student_problem_and_line(tmp_path: Path, where: str) -> None:
    text = broken(tmp_path, where)
    result = generate(tmp_path)
    assert result.exit_code == 1, result.output
    assert "8 papers with keys in" in result.stdout
    _, first, last = result.stderr.splitlines()  # after what the class list is
    assert first.startswith("FAILED s3: ")
    assert "sums" in first.removesuffix("ValueError: broken").partition("sums.py")[0], "the problem, not its file alone"
    line = int(re.search(r"sums\.py, line (\d+): ValueError: broken$", first)[1])  # type: ignore[index]
    assert "raise ValueError" in text.splitlines()[line - 1]
    assert last == "1 failed; the same command tries them again."
    assert [*records(tmp_path / "out")] == [one for one in ids(9) if one != "s3"]


@pytest.mark.parametrize(
    ("asking", "message"),
    [
        ("more = '<nothing>'", "problem sums, part total: sums.py, line 18: the slot <nothing> has no value"),
        ("sys.exit(3)", "sums, seed 1: sums.py, line 18: SystemExit: 3"),
        ("raise ValueError", "sums, seed 1: sums.py, line 18: ValueError"),
        ("def f(): f()\n    f()", "sums, seed 1: sums.py, line 18: RecursionError: "),
    ],
)
def test_a_single_paper_and_show_say_the_same(tmp_path: Path, asking: str, message: str) -> None:
    sheet = write_sheet(tmp_path, asking=asking)
    commands: list[list[str | Path]] = [
        ["generate", sheet, "--formats", "md", "--out", tmp_path / "one"],
        ["show", tmp_path / "sums.py"],
    ]
    for command in commands:
        result = worksheet(*command)
        assert result.exit_code == 1, result.output
        assert isinstance(result.exception, SystemExit)
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "one" / "worksheet.md").exists()


def test_an_error_of_templates_names_the_problem(tmp_path: Path) -> None:
    write_sheet(tmp_path, names=["sums", "more"], head='templates = "style"\n')
    text = (tmp_path / "more.py").read_text().replace("Add $<a>$", "**Add** $<a>$")
    (tmp_path / "more.py").write_text(text)
    (tmp_path / "style" / "markdown").mkdir(parents=True)
    (tmp_path / "style" / "markdown" / "nodes.md.j2").write_text(
        "{% macro Strong(node) %}{{ node.nothing.at_all }}{% endmacro %}"
    )
    write_class(tmp_path, ids(1))
    result = generate(tmp_path)
    assert result.exit_code == 1
    assert "FAILED s1: problem more: " in result.stderr
    assert "nodes.md.j2" in result.stderr
    single = worksheet("generate", tmp_path / "quiz.toml", "--formats", "md", "--out", tmp_path / "one")
    assert (single.exit_code, single.stderr.partition(": ")[2].startswith("problem more: ")) == (1, True)


def test_a_problem_file_that_exits_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "gone.py").write_text("import sys\n\nsys.exit(0)\n")
    result = worksheet("show", tmp_path / "gone.py")
    assert result.exit_code == 1
    assert "gone.py cannot be loaded: gone.py, line 3: SystemExit: 0" in result.stderr


def test_an_error_with_a_long_text_is_cut_short() -> None:
    assert len(describe_error(ValueError("x" * 10_000))) < 400


@pytest.mark.slow
def test_a_worker_tells_the_same(tmp_path: Path) -> None:
    broken(tmp_path, "solving")
    alone, two = (run(tmp_path, "--workers", count, out=count) for count in ("1", "2"))
    assert alone[2] == two[2]
    assert "sums.py, line" in two[2]
