"""What ``worksheet check`` says of broken problem files: the slip itself, once, with the line of the author's own file."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.cli import audit, check
from tests.cli.broken_problems import BROKEN, SOUND
from tests.tiny_class import worksheet

VARIANTS = 3


@pytest.fixture(autouse=True)
def _no_callbacks() -> Iterator[None]:
    """A time limit that ends within a callback of the collector, such as hypothesis', would be lost there."""
    kept = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = kept


def messages(folder: Path, text: str) -> list[str]:
    """The lines that say what is wrong, the file's lines as ``@12``."""
    path = folder / "tiny.py"
    path.write_text(text, encoding="utf-8")
    result = worksheet("check", path, "--variants", VARIANTS)
    assert result.exit_code in (1, 2), (text, result.output)
    assert isinstance(result.exception, SystemExit)
    lines = [line for line in result.output.splitlines() if line.startswith(("FAILED ", "Error: "))]
    said = [
        line.partition(" ")[2]
        .replace(str(path), "tiny.py")
        .replace("problem tiny", "tiny")
        .replace(str(folder), "<folder>")
        for line in lines
    ]
    return [re.sub(r"tiny\.py, line (\d+)", r"@\1", line) for line in said]


def test_the_sound_file_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "tiny.py"
    path.write_text(SOUND, encoding="utf-8")
    result = worksheet("check", path, "--variants", VARIANTS)
    assert result.exit_code == 0, result.output
    assert "FAILED" not in result.output
    assert "warning" not in result.output


@pytest.mark.parametrize("slip", BROKEN)
def test_a_slip_is_told_once_with_its_line(slip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "end" in slip:
        monkeypatch.setattr(audit, "SECONDS", 1)
        monkeypatch.setattr(check, "SECONDS", 1)
    old, new, expected = BROKEN[slip]
    assert old in SOUND
    found = messages(tmp_path, SOUND.replace(old, new, 1))
    assert found == [expected]
    assert not re.search(r"(?<!tiny)\.py\b|Traceback|TypeError", found[0]), "a line of ours, or words of ours"


@pytest.mark.parametrize(
    ("exact", "float_of", "message"),
    [
        (
            "tanh(product)",
            "np.tanh(a * b)",
            "its answer cannot be typed, tanh(6): character 1: 'tanh' is not known here",
        ),
        (
            "sin(product)",
            "np.sin(a * b)",
            "its answer cannot be typed, sin(6): character 1: a cosine or sine is read of simple multiples",
        ),
    ],
)
def test_an_answer_that_nobody_can_type_is_told(exact: str, float_of: str, message: str, tmp_path: Path) -> None:
    text = SOUND.replace("from sympy import Rational", "from sympy import Rational, sin, tanh")
    text = text.replace("return product**2", f"return {exact}").replace("np.exp(2 * np.log(a * b))", float_of)
    (found,) = messages(tmp_path, text)
    assert found.startswith(f"tiny, part square: @28: {message}")


# ----------------------------------------------------------------------------------------------- banks

BANK = """\
[question.why]
kind = "explain"
question = "Why is it $<square>$?"
answer = "Because."
rubric = [[1, "it is"]]

[claims.even]
claim = "It is even."
true = true
reason = "It is."
"""

WITH_BANK = (
    SOUND.replace("MISTAKES = [", "BANK = Bank.beside(__file__)\n\nMISTAKES = [")
    .replace("array, optional", "array, one_of, optional")
    .replace('"b": required(read_number)}', '"b": required(read_number), "question": optional(one_of(BANK["question"]), "why"), "claims": optional(some_of(BANK["claims"]), ())}')
    .replace("say, sqrt", "say, some_of, sqrt")
    .replace("def preamble", "    yield Part(\"why\", *BANK.essay(\"question\", v))\n\ndef preamble")
    .replace("parts=parts,", "parts=parts, bank=BANK,")
)  # fmt: skip

BANK_SLIPS = {
    "no TOML": ('kind = "explain"', "kind = explain", "tiny.toml, line 2: tiny.toml cannot be read: Invalid value"),
    "a misspelt key": ("rubric =", "rubrik =", "tiny.toml, line 5: tiny.toml, question.why, rubrik: unknown key; did you mean rubric?"),
    "a missing key": ('answer = "Because."\n', "", "tiny.toml, line 1: tiny.toml, question.why, answer: missing"),
    "half a point": ("[[1,", "[[0.5,", "tiny.toml, line 5: tiny.toml, question.why, rubric: expected"),
    "a verdict in words": ("true = true", 'true = "yes"', "tiny.toml, line 9: tiny.toml, claims.even, true: expected true or false"),
    "a slot": ("<square>", "<sqare>", "tiny.toml, line 3: tiny.toml, question.why, question: no value fills the slot <sqare>"),
    "a group without a parameter": ("[claims.", "[claim.", "@53: tiny.toml has no group 'claims'; did you mean claim?"),
    "a format": ("<square>", "<square|suum>", "tiny.toml, line 3: the slot <square|suum> asks for 'suum'"),
    "a brace": ("$<square>$", "${<square>$", "tiny.toml, line 3: an opening brace has no partner"),
    "a tab": ("Because.", "Because \\tau.", "tiny.toml, line 4: tiny.toml, question.why, answer: TOML read a control character"),
    "a key of no table": ("[question.why]", "foo = 1\n[question.why]", "tiny.toml, line 1: tiny.toml, foo: expected entries [foo.…]; got 1"),
    "a symbol of no step": ("[claims.even]", "[symbols]\nsqare = 's'\n[claims.even]", "tiny.toml, line 8: tiny.toml, symbols.sqare: no step has this name"),
    "another script": ("Because.", "Потому что.", "tiny.toml, line 4: 'Потому что' is not in the PDF's fonts"),
}  # fmt: skip


@pytest.mark.parametrize("slip", BANK_SLIPS)
def test_a_slip_in_a_bank_is_told_once_with_its_line(slip: str, tmp_path: Path) -> None:
    old, new, expected = BANK_SLIPS[slip]
    assert old in BANK
    (tmp_path / "tiny.toml").write_text(BANK.replace(old, new, 1), encoding="utf-8")
    (found,) = messages(tmp_path, WITH_BANK)
    assert expected in found
    assert not re.search(r"(?<!tiny)\.py\b|Traceback|TypeError", found)


def test_an_entry_that_needs_no_part_there_is(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(BANK.replace("true = true", 'true = true\nneeds = ["sqare"]'), encoding="utf-8")
    (tmp_path / "tiny.py").write_text(WITH_BANK, encoding="utf-8")
    output = worksheet("check", tmp_path / "tiny.py", "--variants", VARIANTS).output
    assert "tiny.toml, line 7: claims.even needs 'sqare', which is no part; did you mean square?" in output


def test_the_bank_is_sound(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(BANK, encoding="utf-8")
    (tmp_path / "tiny.py").write_text(WITH_BANK, encoding="utf-8")
    result = worksheet("check", tmp_path / "tiny.py", "--variants", VARIANTS)
    assert result.exit_code == 0, result.output


PART = """\
[parts.square]
text = 'Compute $(<a> \\cdot <b>)^2$.'
rubric = [[1, 'product', "product"], [1, 'square', "square"]]
steps = ['The product is $<product>$.', 'Its square is $<square>$.']

[mistakes]
added = "added instead of multiplying"
"""

WITH_PART = WITH_BANK.replace(
    WITH_BANK[WITH_BANK.index('    yield Part(\n        "square"') : WITH_BANK.index('    yield Part("why"')],
    '    yield BANK.part("square", v, Number("square", "x"))\n',
).replace('Mistake("added", "added instead of multiplying",', 'BANK.mistake("added",')

PART_SLIPS = {
    "points for each row of a number": ("rubric =", 'rubric_each = "row"\nrubric =', "@30: tiny.toml, parts.square, rubric_each: its answer has no rows, it is 36"),
    "a slot in the feedback": ("multiplying", "<multiplying>", "mistake 'added': @22: the slot <multiplying> has no value"),
    "a hint TeX does not know": ("steps =", "hint = '$\\foo$'\nsteps =", "part square: tiny.toml, line 14: the formula '\\\\foo' cannot be shown in HTML"),
}  # fmt: skip


@pytest.mark.parametrize("slip", PART_SLIPS)
def test_a_slip_in_a_part_of_a_bank_is_told_once_with_its_line(slip: str, tmp_path: Path) -> None:
    old, new, expected = PART_SLIPS[slip]
    assert old in PART
    (tmp_path / "tiny.toml").write_text(BANK + PART.replace(old, new, 1), encoding="utf-8")
    (found,) = messages(tmp_path, WITH_PART)
    assert expected in found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_bank_may_begin_with_a_byte_order_mark(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(BANK + PART, encoding=encoding)
    (tmp_path / "tiny.py").write_text(WITH_PART, encoding="utf-8")
    result = worksheet("check", tmp_path / "tiny.py", "--variants", VARIANTS)
    assert result.exit_code == 0, result.output


def test_a_bank_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text((BANK + PART).replace("Because", "Bécause"), encoding="latin-1")
    (found,) = messages(tmp_path, WITH_PART)
    assert "tiny.toml is not UTF-8 at byte" in found


def test_an_unknown_group_of_a_bank(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(BANK, encoding="utf-8")
    (found,) = messages(tmp_path, WITH_BANK.replace('essay("question"', 'essay("questoin"'))
    assert found.endswith("tiny.toml has no group 'questoin'; did you mean question?")
    assert "part why: @" in found


# -------------------------------------------------------------------------------- other commands say the same

ELSEWHERE = [
    "a step raises",
    "a mistake raises",
    "parts raises",
    "a misspelt slot",
    "no answer",
    "sample returns nothing",
    "check disagrees",
]


@pytest.mark.parametrize("slip", ELSEWHERE)
def test_show_and_generate_name_the_line_too(slip: str, tmp_path: Path) -> None:
    old, new, expected = BROKEN[slip]
    path = tmp_path / "tiny.py"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    place, _, message = expected.partition(": @")
    item = place.rpartition(", ")[2]
    for command in (["show", path], ["generate", path, "--formats", "md", "--out", tmp_path / "out"]):
        result = worksheet(*command)
        assert result.exit_code == 1, result.output
        assert result.stderr.count("\n") == 1
        assert f"tiny.py, line {message}" in result.stderr
        assert item in result.stderr
        assert not (tmp_path / "out" / "worksheet.md").exists()


def test_a_class_is_told_once_too(tmp_path: Path) -> None:
    old, new, expected = BROKEN["a step raises"]
    (tmp_path / "tiny.py").write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "class.csv").write_text("id,name\n" + "".join(f"s{n},Ada\n" for n in range(1, 5)))
    result = worksheet(
        *("generate", tmp_path / "tiny.py", "--roster", tmp_path / "class.csv", "--formats", "md"),
        *("--workers", "1", "--out", tmp_path / "out"),
    )
    assert result.exit_code == 1
    assert result.stderr.count(expected.partition(": @17: ")[2]) == 1
    assert "FAILED s1: tiny, seed 1, student 's1', step square: tiny.py, line 17: " in result.stderr
    assert "(the same for s2, s3, s4: 3 more)" in result.stderr


@pytest.mark.parametrize("slip", ["require raises", "a reader that raises", "an exception that cannot be shown"])
def test_parameters_of_ones_own_name_the_line_too(slip: str, tmp_path: Path) -> None:
    old, new, _ = BROKEN[slip]
    path, params = tmp_path / "tiny.py", tmp_path / "params.json"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    params.write_text('{"a": 2, "b": 3}', encoding="utf-8")
    for command in (["solve", path, params], ["mark", path, params, "square", "36"]):
        result = worksheet(*command)
        assert isinstance(result.exception, SystemExit), command
        assert re.search(r"tiny\.py, line \d+", result.output), result.output
