"""docs/authoring.md says all that there is: every name, argument, answer, slot, figure, level and key of a bank."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from ast import literal_eval
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import generator
from generator import Level, Part, Problem, array, exact
from generator.document.figures import scene
from generator.document.slots import FORMATS
from generator.problem import bank_file
from generator.problem.draw import Draw

PAGE = (Path(__file__).parent.parent / "docs" / "authoring.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The text under a heading of the page."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^##? )", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


def arguments(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name not in ("self", "functions")]


def test_every_name_of_the_vocabulary_is_explained() -> None:
    missing = [name for name in generator.__all__ if not re.search(rf"\b{name}\b", PAGE) and name != "__version__"]
    assert missing == []


@pytest.mark.parametrize(("heading", "kind"), [("`Problem`", Problem), ("`Problem`", Level), ("Parts", Part)])
def test_every_argument_has_a_row(heading: str, kind: Any) -> None:
    rows = "\n".join(line.split("|")[1] for line in section(heading).splitlines() if line.startswith("|"))
    assert [name for name in arguments(kind) if f"`{name}`" not in rows] == []


@pytest.mark.parametrize(
    "name", ["Number", "Vector", "Matrix", "Fields", "Choice", "Subsets", "Words", "Essay", "Claims"]
)
def test_every_answer_is_shown_with_its_arguments(name: str) -> None:
    assert f"| `{name}({', '.join(arguments(getattr(generator, name)))})` |" in section("Parts")


def test_every_method_of_draw_is_shown_with_its_arguments() -> None:
    for name, method in vars(Draw).items():
        if not name.startswith("_"):
            assert f"| `draw.{name}({', '.join(arguments(method))})` |" in section("The sampler")


def test_every_exact_name_is_shown() -> None:
    assert [name for name in exact.__all__ if f"exact.{name}" not in section("The solution")] == []


def test_every_attribute_of_an_array_is_named() -> None:
    names = [name for name in vars(generator.Array) if not name.startswith("_")]
    assert [name for name in names if not re.search(rf"`{name}\b", section("The solution"))] == []


def test_every_slot_format_prints_what_the_page_says() -> None:
    rows = re.findall(r"^\| `<x\\\|(\w+)>` \| (.*?) \| `(.*)` \|$", section("Texts"), re.MULTILINE)
    assert [name for name, _, _ in rows] == list(FORMATS)
    for name, value, printed in rows:
        given: Any = array([Fraction(value)])[0] if "(" not in value else array(literal_eval(value))
        assert FORMATS[name](given) == printed


@pytest.mark.parametrize("shape", scene.STYLES)
def test_every_shape_and_style_of_a_figure_is_shown(shape: type) -> None:
    row = re.search(rf"^\| `{shape.__name__}\((.*?)\)` \| (.*) \|$", section("Texts"), re.MULTILINE)
    assert row is not None
    assert row[1].split(", ") == arguments(shape)
    assert {*re.findall(r"`(\w+)`", row[2])} == scene.STYLES[shape]


def test_every_key_and_level_of_a_bank_is_named() -> None:
    text = section("What a problem says: its bank")
    keys = {"text", *bank_file._ESSAY, *bank_file._CLAIM, *bank_file._COMMON, *bank_file._PART, *bank_file.KINDS}
    assert [key for key in keys if not re.search(rf"\b{key}\b", text)] == []
    assert all(f"`{level}`" in section("`Problem`") for level in bank_file.LEVELS)


def test_help_and_dir_show_the_vocabulary() -> None:
    assert {*generator.__all__} <= {*dir(generator)}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        help(generator)
    assert [name for name in generator.__all__ if name not in printed.getvalue()] == ["__version__"]
