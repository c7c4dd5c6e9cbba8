"""Stacked bars, trees and chains in segments: where things lie, and what is said of them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from generator.document.figures.plot import Plot, Series, plot_scene
from generator.document.figures.scene import Box, Label, Line, in_plain_text
from generator.document.figures.segments import segments_scene
from generator.document.figures.tree import Branch, tree_scene
from generator.errors import AuthoringError


def stacked(*values: tuple[float, ...], bars: bool = True) -> Plot:
    return Plot(
        title="Bytes",
        x_name=("stage",),
        positions=tuple(map(str, range(len(values[0])))),
        series=tuple(Series((f"s{place}",), one) for place, one in enumerate(values)),
        bars=bars,
        stacked=True,
    )


def test_bars_are_stacked_from_below_as_high_as_their_values() -> None:
    scene = plot_scene(stacked((4.0, 2.0), (6.0, 0.0), (1.0, 3.0)))
    boxes = [one for one in scene.shapes if isinstance(one, Box)]
    columns = Counter(box.x for box in boxes if box.width > 10)
    left, right = sorted(columns)
    first = [box for box in boxes if box.x == left]
    assert len(first) == 3
    assert columns[right] == 2  # no bar for a 0
    bottom = first[0].y + first[0].height
    assert [box.height / first[0].height for box in first] == pytest.approx([1, 1.5, 0.25], rel=1e-2)
    assert [box.y + box.height for box in first] == pytest.approx([bottom, first[0].y, first[1].y])
    assert first[2].y >= 8  # the sum stays within the axes
    assert "s1: 6, 0" in scene.description


def test_what_is_stacked_are_bars() -> None:
    with pytest.raises(AuthoringError, match="what is stacked are bars"):
        stacked((1.0,), bars=False)
    with pytest.raises(AuthoringError, match="1 to 4 series"):
        stacked(*[(1.0,)] * 5)


TREE = Branch(
    ("start",),
    branches=(
        Branch(("A",), "1/2", shaded=True, branches=(Branch(("AA",), "2/5"), Branch(("AB",), "3/5", shaded=True))),
        Branch(("B",), "1/3"),
        Branch(("C",), "1/6"),
    ),
)


def test_nodes_of_a_tree_do_not_overlap_and_each_edge_joins_two() -> None:
    scene = tree_scene("A tree", TREE, "Two words.")
    boxes = [one for one in scene.shapes if isinstance(one, Box)]
    assert len(boxes) == 6
    assert [box.style for box in boxes].count("norm") == 2
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            apart_down = abs(one.y - other.y) >= max(one.height, other.height)
            assert apart_down or one.x + one.width <= other.x or other.x + other.width <= one.x
    for line in (one for one in scene.shapes if isinstance(one, Line)):
        (x, y), (to_x, to_y) = line.points
        assert any(abs(box.x + box.width - x) < 0.1 and abs(box.y + box.height / 2 - y) < 0.1 for box in boxes)
        assert any(abs(box.x - to_x) < 0.1 and abs(box.y + box.height / 2 - to_y) < 0.1 for box in boxes)
    assert all(box.y >= 0 and box.y + box.height <= scene.height and box.x + box.width <= scene.width for box in boxes)


def test_every_edge_of_a_tree_is_said_with_its_number() -> None:
    said = tree_scene("A tree", TREE, "Two words.").description
    assert said == "Two words. From start to A (1/2), B (1/3), C (1/6). From A to AA (2/5), AB (3/5)."


@pytest.mark.parametrize(("count", "length"), [(9, 3), (64, 8), (7, 3), (1, 1), (100, 10)])
def test_the_first_box_of_each_segment_is_shaded_and_numbered(count: int, length: int) -> None:
    scene = segments_scene("Layers", count, length, ("layers",), "A chain.")
    boxes = [one for one in scene.shapes if isinstance(one, Box)]
    assert len(boxes) == count
    starts = [place for place, box in enumerate(boxes, start=1) if box.style == "linear"]
    assert starts == [*range(1, count + 1, length)]
    numbers = [in_plain_text(one.words) for one in scene.shapes if isinstance(one, Label) and one.style == "small"]
    assert numbers == [*map(str, starts)]
    assert all(left.x + left.width <= right.x + 0.02 for left, right in pairwise(boxes))
    assert scene.width <= 360
