"""Drawings of every problem: whoever cannot see one is given the same numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from generator.document.figures.scene import CAP_HEIGHT, SIZES, Label, Scene, in_plain_text
from generator.document.keyless import without_key
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.catalogue import catalogue
from generator.problem.problem import Problem
from generator.render.renderer import figures_in

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:/\d+)?")


def drawn(problem: Problem) -> Iterator[tuple[str, Scene]]:
    """Yield the drawings of a few variants, as students get them and as they are in the key."""
    for level in problem.levels:
        for seed in range(3):
            with_key = exercise(drawing.draw_variant(problem, seed, level=level), 1, Entry(problem, guided=True))
            for node in (without_key(with_key), with_key):
                yield from ((f"{level}, {seed}", scene) for scene in figures_in(node).values())


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_a_description_has_every_number_of_the_drawing(name: str) -> None:
    """But for those along the axes of a plot, which are a group of shapes."""
    for place, scene in drawn(catalogue()[name]):
        said = NUMBER.findall(scene.description)
        for label in scene.drawn:
            if isinstance(label, Label):
                words = in_plain_text(label.words)
                assert not set(NUMBER.findall(words)) - {*said}, (place, words, scene.title)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_words_stand_within_the_drawing(name: str) -> None:
    for place, scene in drawn(catalogue()[name]):
        for shape in scene.shapes:
            if isinstance(shape, Label):
                top = shape.y - CAP_HEIGHT * SIZES[shape.style]
                assert round(top, 2) >= 0, (place, shape, scene.title)
                assert shape.y <= scene.height, (place, shape, scene.title)
