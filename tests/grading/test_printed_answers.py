"""What the product prints, it reads: every answer of every problem, in every format, typed back as it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from generator.document.nodes import BoxedAnswer, Display, Math
from generator.grading.grader import Grader
from generator.grading.nesting import depth_of
from generator.numbers import notation
from generator.numbers.encoding import encode
from generator.problem.answers import Answer, Fields
from generator.problem.catalogue import catalogue
from generator.problem.choices import Subsets
from generator.problem.problem import Variant
from generator.problem.word_answers import Words
from generator.render.mathml import formula
from generator.render.renderer import FORMATS, renderer
from tests.drawn import drawn

PROBLEMS = sorted(catalogue())
SEEDS = range(1, 3)
MORE_SEEDS = range(3, 15)


def printed(answer: Answer, variant: Variant) -> Iterator[tuple[str, str]]:
    """The key's own answer as each format prints it, and its value as each writer writes it."""
    value = answer.value(variant.values)
    shown = answer.shown(variant.values)
    assert isinstance(shown, BoxedAnswer)
    for name in ("tex", "md"):
        for node in (Math(shown.tex), Display(shown.tex), shown):
            yield name, str(renderer(FORMATS[name]).node(node))
    if "frac" not in shown.tex and "sqrt" not in shown.tex and depth_of(value) == 0 and not isinstance(value, str):
        yield "html", re.sub("<[^>]*>", "", unescape(formula(shown.tex).mathml))  # a fraction has no text of its own
    if isinstance(value, str):
        return
    yield "text", plain(value)
    yield "json", re.sub(r'"', "", str(encode(value)))
    if not isinstance(answer, Subsets | Words) and not (isinstance(answer, Fields) and depth_of(value) > 1):
        yield "notation", notation.tex(value)


def plain(value: Any) -> str:
    if isinstance(value, tuple):
        separator = "; " if isinstance(value[0], tuple) else ", "
        return separator.join(("[" + plain(item) + "]") if isinstance(item, tuple) else plain(item) for item in value)
    return value if isinstance(value, str) else notation.plain(value)


def check(name: str, seeds: range) -> None:
    problem = catalogue()[name]
    for level in problem.levels:
        for seed in seeds:
            variant = drawn(name, seed, level)
            grader = Grader(variant)
            for part in variant.computed_parts(guided=True):
                assert part.answer is not None
                for kind, text in printed(part.answer, variant):
                    marked = grader.mark(part.id, text)
                    assert marked.status == "correct", (level, seed, part.id, kind, text, marked.message)


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_printed_is_read(name: str) -> None:
    check(name, SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_printed_is_read_of_many_papers(name: str) -> None:
    check(name, MORE_SEEDS)
