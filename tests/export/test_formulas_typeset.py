"""Every formula of every export, typeset by MathJax and KaTeX themselves.

Both are npm packages, found by Node.js: ``npm install mathjax@3 katex`` in a folder, and ``NODE_PATH`` is its ``node_modules``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from generator.export import canvas, json_tree, moodle
from generator.export.target import Options
from generator.problem.catalogue import catalogue
from tests.export.canvas_reader import read
from tests.export.moodle_reader import read_quiz, without_gaps
from tests.export.pictures import with_pictures
from tests.export.trees import tree_of

TYPESET = Path(__file__).with_name("typeset.js")


@cache
def why_not() -> str:
    """Why nothing can be typeset here; nothing if it can."""
    if shutil.which("node") is None:
        return "no node on the PATH"
    found = subprocess.run(["node", "-e", "require.resolve('mathjax');require.resolve('katex')"], capture_output=True)
    return "no mathjax and katex for node (npm install, and NODE_PATH)" if found.returncode else ""


def faults(formulas: list[str]) -> list[tuple[str, str]]:
    """Return the formulas that one of the two cannot typeset, with what it says."""
    if why_not():
        pytest.skip(why_not())
    done = subprocess.run(
        ["node", str(TYPESET)], input=json.dumps(formulas), capture_output=True, text=True, check=True
    )
    return [(tex, " ".join(said)) for tex, said in zip(formulas, json.loads(done.stdout), strict=True) if any(said)]


def of_data(data: Any) -> Iterator[str]:
    """Yield the formulas of the tree."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in ("tex", "display", "symbol", "label") and isinstance(value, str):
                yield value
            else:
                yield from of_data(value)
    elif isinstance(data, list):
        for one in data:
            yield from of_data(one)


def of_page(html: str) -> Iterator[str]:
    """Yield the formulas of a page between their signs, outside code."""
    outside = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    for pair in re.findall(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", outside, re.DOTALL):
        yield unescape("".join(pair))


@pytest.mark.slow
@pytest.mark.parametrize("problem", catalogue())
def test_formulas_are_typeset_without_a_fault(problem: str) -> None:
    found: dict[str, None] = {}
    for level in catalogue()[problem].levels:
        tree = with_pictures(tree_of(problem, level))
        found |= dict.fromkeys(of_data(json.loads(json_tree.write(tree, Options()).files[""])))
        shown = Options(hints=True, solutions=True)
        for question in read(canvas.write(tree, shown).files[""]).questions:
            for html in (question.text, *question.options.values(), *question.feedback.values()):
                found |= dict.fromkeys(of_page(html))
        for one in read_quiz(moodle.write(tree, Options()).files[""]).values():
            for html in (without_gaps(one.text), *(answer.feedback for gap in one.gaps for answer in gap.answers)):
                found |= dict.fromkeys(of_page(html))
    assert len(found) > 10
    assert faults([*found]) == []


def test_a_broken_formula_is_found() -> None:
    assert [tex for tex, _ in faults([r"\frac{1}{2}", r"\frac{1}{", r"\nosuch{x}", "x_1_2"])] == [
        r"\frac{1}{", r"\nosuch{x}", "x_1_2",
    ]  # fmt: skip
