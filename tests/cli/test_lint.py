"""What ``worksheet check`` tells beside slips: warnings, what the variants are like, estimates; and short files by themselves."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from generator.cli.check import estimated_size
from generator.problem.catalogue import problem_in_file
from generator.problem.drawing import draw_variant
from tests.cli.broken_problems import SOUND, STEPS
from tests.tiny_class import worksheet


def checked(folder: Path, *changes: tuple[str, str], variants: int = 40) -> str:
    """The output of ``check`` for the sound file with some text replaced."""
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "tiny.py").write_text(text, encoding="utf-8")
    result = worksheet("check", folder / "tiny.py", "--variants", variants)
    assert result.exit_code == 0, result.output
    return result.output


def test_what_a_sheet_asks_in_vain_is_told_with_its_line(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "dropout"\nchoices = ["y_cor"]\n')
    result = worksheet("check", sheet, "--variants", 3)
    assert result.exit_code == 1
    assert "quiz.toml, line 4: problem 1, choices: dropout has no part 'y_cor' here" in " ".join(result.output.split())


# ------------------------------------------------------------------------------------------ warnings


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        (STEPS, 'steps=[r"$<square>$."]', "part square: tiny.py, line 28: the worked solution is one line, so that the only hint"),
        (f"        {STEPS},\n", "", "part square: tiny.py, line 28: no worked solution: give steps="),
        ("points=2", "points=5", "part square: tiny.py, line 28: 5 points, and no room to work: give room=, in lines"),
        ("points=2", 'points=2, needs=("cube",)', "part square: tiny.py, line 28: needs 'cube', which is no part"),
        ('r"The product is', '"$\\\\sigma$: the product is', ""),
    ],
)  # fmt: skip
def test_what_is_only_unwise_is_a_warning(old: str, new: str, warning: str, tmp_path: Path) -> None:
    output = checked(tmp_path, (old, new), variants=3)
    assert f"warning: problem tiny, {warning}" in output if warning else "warning" not in output


def test_an_escape_that_python_does_not_know(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        output = checked(tmp_path, ('r"The product is', r'"$\sigma$: the product is'), variants=3)
    assert r"tiny.py, line 33: invalid escape sequence '\s': make the text raw, r'…'" in output


# ------------------------------------------------------------------------------------------ the sample


def test_the_sample_is_described(tmp_path: Path) -> None:
    choice = '        Choice("last", {"even": "even", "odd": "odd"}),\n'
    step = 'def last(square):\n    return "odd" if square % 2 else "even"\n\nMISTAKES = ['
    second = f'    yield Part("last", "Is it even?",\n{choice}        points=1)\n    yield Part('
    output = checked(
        tmp_path,
        ("MISTAKES = [", step),
        ("[product, square]", "[product, square, last]"),
        ("    yield Part(", second),
        ('return {"square": np.exp(2 * np.log(a * b))}', 'return {"square": (a * b) ** 2, "last": "odd" if a * b % 2 else "even"}'),
        ("    b = draw.integer(2, 9)", '    b = draw.integer(2, 9)\n    draw.require(a < 9, "a is 9")'),
        variants=100,
    )  # fmt: skip
    assert re.search(r"^tiny: redrawn because .*a is 9 \(\d+×\)", output, re.MULTILINE)
    assert re.search(r"^tiny: hand-work cost \d+ to \d+, [\d.]+ on average$", output, re.MULTILINE)
    assert re.search(r"^tiny: last: right are A [\d.]+ %, B [\d.]+ %$", output, re.MULTILINE)
    assert re.search(r"^tiny: commonest answers: .*last (even|odd) on \d+", output, re.MULTILINE)


def test_the_number_of_variants_is_estimated(tmp_path: Path) -> None:
    said = re.search(r"note: tiny: about (\d+) distinct variants", checked(tmp_path, variants=100))
    assert said is not None
    assert 25 <= int(said[1]) <= 50  # 36 pairs, some of which are thrown away


def test_estimates() -> None:
    assert "about 5,000 or more" in estimated_size(100, 100)
    assert estimated_size(1000, 100).startswith("about 100 distinct variants")
    assert estimated_size(50, 1).startswith("about 1 distinct variant")


def test_too_few_distinct_variants_fail(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(SOUND.replace("    original={", "    variants=10_000, original={"))
    result = worksheet("check", tmp_path / "tiny.py")
    assert result.exit_code == 1
    assert "variants are distinct; of 10000 equally likely ones" in result.output


# ------------------------------------------------------------------------------------- what is optional


def test_accept_sees_solved_values(tmp_path: Path) -> None:
    accept = 'def accept(square):\n    """The square is even."""\n    return square % 2 == 0\n\nPROBLEM = Problem('
    output = checked(
        tmp_path, ("PROBLEM = Problem(", accept), ("    check=check,\n", "    check=check,\n    accept=accept,\n")
    )
    assert "accept() says no: The square is even (" in output
    problem = problem_in_file(tmp_path / "tiny.py")
    assert all(draw_variant(problem, seed).values.square % 2 == 0 for seed in range(40))


def test_a_problem_without_printed_numbers(tmp_path: Path) -> None:
    path = tmp_path / "tiny.py"
    path.write_text(SOUND.replace('    original={"a": 2, "b": 3},\n', ""))
    assert worksheet("check", path, "--variants", 3).exit_code == 0
    for command in (["show", path], ["generate", path, "--formats", "md", "--out", tmp_path / "out"]):
        assert worksheet(*command).exit_code == 0
        refused = worksheet(*command, "--original")
        assert refused.exit_code == 2
        assert "tiny has no printed numbers, original=" in refused.stderr


def test_the_options_of_a_choice_have_an_order_of_their_own_in_each_variant(tmp_path: Path) -> None:
    def orders(options: str) -> set[tuple[str, ...]]:
        path = tmp_path / "tiny.py"
        step = "def kind(square):\n    return 'large' if square > 100 else 'small'\n\nMISTAKES = ["
        part = f'    yield Part("kind", "Which?", {options}, points=1)\n    yield Part('
        text = SOUND.replace("MISTAKES = [", step, 1).replace("    yield Part(", part, 1)
        text = text.replace("[product, square]", "[product, square, kind]")
        path.write_text(
            text.replace('return {"square"', "return {'kind': 'large' if a * b > 10 else 'small', \"square\"", 1)
        )
        problem = problem_in_file(path)
        found = set()
        for seed in range(20):
            variant = draw_variant(problem, seed)
            answer = variant.all_parts[0].answer
            assert answer == problem.variant(variant.params).all_parts[0].answer, "the numbers alone decide"
            found.add(tuple(answer.options))  # type: ignore[union-attr]
            (space,) = answer.spaces(variant.values)  # type: ignore[union-attr]
            assert [*answer.options][space.correct[0]] == variant.values.kind  # type: ignore[union-attr]
        return found

    options = '{"small": "small", "large": "large", "none": "neither"}'
    assert len(orders(f'Choice("kind", {options})')) == 6
    assert orders(f'Choice("kind", {options}, in_order=True)') == {("small", "large", "none")}


# ---------------------------------------------------------------------------------------- files by themselves


def test_the_shortest_file_runs_and_is_short(tmp_path: Path) -> None:
    written = worksheet("new", "dot-product", "--minimal", "--dir", tmp_path)
    path = tmp_path / "dot_product.py"
    assert written.stdout.split() == [str(path)]
    assert len(path.read_text().splitlines()) <= 36
    checked = worksheet("check", path)
    assert checked.exit_code == 0, checked.output
    assert "FAILED" not in checked.output
    assert "warning" not in checked.output
    assert worksheet("show", path, "--key").exit_code == 0
    assert worksheet("new", "dot-product", "--minimal", "--dir", tmp_path).exit_code == 2


def test_a_problem_file_is_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(SOUND)
    made = worksheet("generate", tmp_path / "tiny.py", "--formats", "md", "--out", tmp_path / "out", "--seed", "3")
    assert made.exit_code == 0, made.output
    shown = worksheet("show", tmp_path / "tiny.py", "--seed", "3").stdout
    assert re.search(r"\$\(\d \\cdot \d\)\^2\$", shown)[0] in (tmp_path / "out" / "worksheet.md").read_text()  # type: ignore[index]
    verified = worksheet("verify", tmp_path / "out", "--sheet", tmp_path / "tiny.py")
    assert verified.exit_code == 0, verified.output


@pytest.mark.parametrize("given", [["tiny.py"], ["--sheet", "tiny.py"], ["--problem", "tiny.py"]])
def test_practice_takes_a_problem_file(given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tiny.py").write_text(SOUND)
    monkeypatch.chdir(tmp_path)
    result = worksheet("practice", *given, "--terminal", "--data", tmp_path / "progress")
    assert "Tiny" in result.output
    assert "layer-norm" not in result.output.lower()
