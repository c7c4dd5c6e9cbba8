"""Drawings: nothing overlaps, the blanks keep their secret, both formats say the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from math import log10
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document.figures.blocks import Block, blocks_scene
from generator.document.figures.blocks import Entry as BlockEntry
from generator.document.figures.curves import Curve, Curves, curves_scene
from generator.document.figures.heat_map import HeatMap, heat_map_scene
from generator.document.figures.marked_curve import MarkedCurve, marked_curve_scene
from generator.document.figures.network import Network, network_scene
from generator.document.figures.network_rows import WIDTH, Operation
from generator.document.figures.number_line import Spot, number_line_scene
from generator.document.figures.plot import Plot, Series, nice_ticks, plot_scene
from generator.document.figures.scene import CAP_HEIGHT, SIZES, Box, Label, Line, Mark, Scene, Symbol, words_width
from generator.document.figures.squared_paper import Outline, SquaredPaper, squared_paper_scene
from generator.document.figures.unrolled import Unrolled, UnrolledStep, unrolled_scene
from generator.errors import AuthoringError
from generator.render.renderer import FORMATS, SVG, renderer
from generator.tex.pdf import compile_pdf, find_engine
from generator.tex.run import Engine

SVG_NAME = "{http://www.w3.org/2000/svg}"
Extent = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def linear(number: int, inputs: str, outputs: str, blanks: str = "") -> Operation:
    """``blanks`` says which sides are left out: "i", "o" or both."""
    return Operation("Linear", number, inputs, outputs, "i" in blanks, "o" in blanks)


NORM, RELU, DROPOUT, SOFTMAX = map(Operation, ("Norm", "ReLU", "Dropout", "Softmax"))
FIRST, SECOND = linear(1, "52", "128", "o"), linear(2, "128", "256")
THIRD, FOURTH = linear(3, "256", "20", "i"), linear(4, "20", "1000", "io")
# fmt: off
NETWORKS = {
    "plain": (FIRST, NORM, RELU, SECOND, NORM, RELU, THIRD, NORM, RELU, DROPOUT, FOURTH),
    "dropout blocks": (FIRST, NORM, RELU, DROPOUT, SECOND, NORM, RELU, DROPOUT, THIRD, RELU, FOURTH),
    "residual": (FIRST, RELU, SECOND, NORM, RELU, DROPOUT, linear(3, "256", "128", "i"), NORM,
                 Operation("Add", adds=2), RELU, linear(4, "128", "1000", "io")),
    "softmax": (FIRST, NORM, RELU, SECOND, NORM, RELU, THIRD, NORM, RELU, FOURTH, SOFTMAX),
    "all blank": tuple(linear(number, "1000", "1000", "io") for number in range(1, 12)),
    "additions": (FIRST, RELU, linear(2, "128", "128", "io"), Operation("Add", adds=2), linear(3, "128", "128"), RELU,
                  Operation("Add", adds=4), Operation("Add", adds=4), linear(4, "128", "128"), Operation("GroupNorm"),
                  Operation("Add", adds=1)),
    "one operation": (RELU,),
    "long names": (Operation("Instance normalisation with a name of its own"),) * 4,
}
# fmt: on
SWEEP = Plot(
    title="The sweep",
    x_name=(Symbol("λ"),),
    y_name=("squared error",),
    positions=("0", "1", "4", "10"),
    series=(
        Series((Symbol("‖θ‖", superscript="2"),), (9, 4, 1, 1 / 4)),
        Series(("training error",), (2, 4, 10, 29 / 2)),
        Series(("test error ", Symbol("E", "t", "2"), " of all"), (1, 0, 1, 9 / 4)),
        Series(("none",), (0, 0, 0, 0)),
    ),
)

PAPER = SquaredPaper(
    title="A box and a path",
    x_ticks=[(k / 4, f"{k}/4") for k in range(5)],
    y_ticks=[(k, f"{k}" if k % 2 else "") for k in range(-2, 8)],
    width=120,
    height=90,
    description="Squared paper.",
    outlines=[
        Outline(points=[(0, -2), (1 / 2, -2), (1 / 2, 3), (0, 3), (0, -2)], said="A box.", name="1"),
        Outline(points=[(1 / 4, 0), (1, 0), (1, 7)], said="A path.", marks=True),
    ],
    x_name=("across",),
    y_name=("up",),
)
SPOTS = [
    Spot(-3, "1/4", "A dot at −3."),
    Spot(12.5, "3/4", "A dot at 12.5."),
    Spot(-3, "truth −3", "The truth is −3.", 1),
    Spot(-2.5, "mean −5/2", "The mean is −5/2.", 2),
]


WEIGHTS = HeatMap(
    name=("weights",), rows=("1", "query 2"), columns=("1", "2"), values=((1, 0), (0.3, 0.7)),
    texts=(("1", "0"), ("3/10", "a long text")), hatched=((0, 1),),
)  # fmt: skip
BLOCKS = (
    Block(("Norm",), style="norm"),
    Block(("A long name",), (BlockEntry(("query 40 × 40",)), BlockEntry(("key",), "40 × 1000")), "linear"),
)


UNROLLED = Unrolled(
    title="Unrolled",
    start=(Symbol("h", "0"),),
    steps=[
        UnrolledStep((Symbol("h", f"{t}"),), (Symbol("x", f"{t}"),), "(-19/2, 11/4)"[:long], "(-133/2, 100)"[:long])
        for t, long in enumerate((2, 13, 4), start=1)
    ],
    end=(Symbol("L"),),
    recurrent=(Symbol("W"),),
    incoming=(Symbol("U"),),
    outgoing=(Symbol("v"),),
    description="One network.",
    apart=62,
)
CURVES = Curves(
    title="Curves",
    curves=[
        Curve(points=[(0, 1), (0.5, 0), (2, 3)], style="first", name=(Symbol("α"), " = 2")),
        Curve(points=[(0, 1), (1, 1), (1, 1)], style="second", name=("path",), has_marks=True),
        Curve(points=[(0, 2), (2, 2)], style="grid", said=""),
    ],
    across=("step size",),
    up=("factor",),
    x_range=(0, 2),
    y_range=(0, 3),
    x_ticks=[(0, "0"), (1 / 2, "1/2"), (2, "2")],
    y_ticks=[(1, "1"), (3, "3")],
)


def network(name: str) -> Network:
    return Network("[16, 52]", NETWORKS[name])


def every_scene() -> Iterator[tuple[str, Scene]]:
    for name in NETWORKS:
        yield name, network_scene(network(name), filled=False)
        yield f"{name}, filled", network_scene(network(name), filled=True)
    yield "sweep", plot_scene(SWEEP)
    yield "curves", curves_scene(CURVES)
    yield "curves of one scale", curves_scene(replace(CURVES, is_equal=True, x_range=(-3, 2)))
    yield "unrolled", unrolled_scene(UNROLLED, filled=False)
    yield "unrolled, filled", unrolled_scene(UNROLLED, filled=True)
    yield "sweep, noted", plot_scene(replace(SWEEP, y_name=(), noted=(("1", "kept"), ("10", "stop"))))
    yield "squared paper", squared_paper_scene(PAPER)
    yield "number line", number_line_scene("A number line", SPOTS, "Two outcomes.")
    blank = replace(WEIGHTS, values=(), texts=())
    yield "heat maps", heat_map_scene("Heat maps", (WEIGHTS, blank), "One filled, one blank.")
    for filled in (False, True):
        yield f"blocks, {filled}", blocks_scene("Blocks", BLOCKS, "Two of them.", filled=filled)
    yield "blocks, residual", blocks_scene("Blocks", BLOCKS * 2, "Added.", filled=False, residuals=[(0, 1), (2, 3)])


SCENES = dict(every_scene())
every_network = pytest.mark.parametrize("name", NETWORKS)
every_drawing = pytest.mark.parametrize("scene", SCENES.values(), ids=list(SCENES))


def picture(scene: Scene) -> str:
    return str(renderer(FORMATS["tex"]).node(scene))


def svg(scene: Scene) -> str:
    return renderer(SVG).figure(scene)


def drawn(scene: Scene) -> ET.Element:
    return ET.fromstring(svg(scene))  # noqa: S314


def extent(shape: Box | Label) -> Extent:
    if isinstance(shape, Box):
        return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    width = words_width(shape.words, shape.style)
    left = shape.x - {"start": 0, "middle": width / 2, "end": width}[shape.anchor]
    return left, shape.y - CAP_HEIGHT * SIZES[shape.style], left + width, shape.y


def apart(one: Extent, other: Extent) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def within(inner: Extent, outer: Extent) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def of_kind(scene: Scene, kind: type) -> list[Box | Label]:
    return [shape for shape in scene.shapes if isinstance(shape, kind) and isinstance(shape, Box | Label)]


# ------------------------------------------------------------------------------------------- the layout


@every_drawing
def test_nothing_overlaps(scene: Scene) -> None:
    boxes, labels = of_kind(scene, Box), of_kind(scene, Label)
    for one, other in [*combinations(boxes, 2), *combinations(labels, 2)]:
        assert apart(extent(one), extent(other)), (one, other)
    for label in labels:
        for box in boxes:
            assert apart(extent(label), extent(box)) or within(extent(label), extent(box)), (label, box)


@every_drawing
def test_everything_is_inside_the_scene(scene: Scene) -> None:
    frame = (0, 0, scene.width, scene.height)
    for shape in scene.shapes:
        match shape:
            case Box() | Label():
                assert within(extent(shape), frame), shape
            case Line(points):
                assert all(within((x, y, x, y), frame) for x, y in points), shape
            case Mark(x, y):
                assert within((x, y, x, y), frame), shape


@every_network
def test_it_fits_the_page(name: str) -> None:
    scene = network_scene(network(name), filled=True)
    assert scene.width <= WIDTH


@every_network
def test_arrows_run_from_box_to_box_and_through_nothing(name: str) -> None:
    scene = network_scene(network(name), filled=True)
    things = [extent(shape) for shape in scene.shapes if isinstance(shape, Box | Label)]
    boxes = [extent(box) for box in of_kind(scene, Box)]
    arrows = [line for line in scene.shapes if isinstance(line, Line) and line.arrow]
    open_ends = 0
    for arrow in arrows:
        for (x, y), (to_x, to_y) in pairwise(arrow.points):
            assert x == to_x or y == to_y, "arrows run along the axes"
            segment = (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            assert all(apart(segment, thing) for thing in things), arrow
        x, y = arrow.points[-1]
        open_ends += not any(within((x, y, x, y), box) for box in boxes)
    assert open_ends == 1, "only the output leaves"


@every_network
def test_filling_in_moves_nothing(name: str) -> None:
    blank, filled = (network_scene(network(name), filled=filled) for filled in (False, True))
    answers = [shape for shape in filled.shapes if isinstance(shape, Label) and shape.style == "answer"]
    assert (blank.width, blank.height, blank.title) == (filled.width, filled.height, filled.title)
    assert [shape for shape in filled.shapes if shape not in answers] == list(blank.shapes)
    rules = [shape for shape in blank.shapes if isinstance(shape, Line) and shape.style == "blank"]
    assert len(rules) == len(answers)
    for rule, answer in zip(rules, answers, strict=True):
        (left, y), (right, _) = rule.points
        assert left < answer.x < right
        assert answer.y < y


def test_rows_are_even_and_begin_with_a_linear_layer() -> None:
    def row_lengths(name: str) -> list[int]:
        middles = [
            box.y + box.height / 2 for box in network_scene(network(name), filled=False).shapes if isinstance(box, Box)
        ]
        return [middles.count(middle) for middle in sorted(set(middles))]

    assert row_lengths("plain") == [6, 5]
    assert row_lengths("dropout blocks") == [4, 4, 3]
    assert row_lengths("residual") == [2, 7, 2]
    assert row_lengths("softmax") == [6, 5]


def test_the_residual_connection_leaves_the_arrow_it_adds() -> None:
    scene = network_scene(network("residual"), filled=False)
    (skip,) = (line for line in scene.shapes if isinstance(line, Line) and line.style == "skip")
    (branch,) = (mark for mark in scene.shapes if isinstance(mark, Mark))
    (turn, _) = (
        line for line in scene.shapes if isinstance(line, Line) and line.style == "flow" and len(line.points) == 6
    )
    assert (branch.x, branch.y) == skip.points[0]
    (left, y), (right, _) = turn.points[-2:]
    assert left < branch.x < right
    assert branch.y == y


def test_a_heat_map_is_darker_for_larger_values_and_shows_nothing_where_it_is_hatched() -> None:
    scene = SCENES["heat maps"]
    styles = [shape.style for shape in scene.shapes if isinstance(shape, Box)]
    assert styles[:4] == ["dark", "plain", "light", "medium"]
    assert "weights (1, 2): 1: 1, hatched; query 2: 3/10, a long text." in scene.description
    assert "0" not in [shape.words[0] for shape in scene.shapes if isinstance(shape, Label)]


def test_blanks_of_blocks_are_filled_in_where_they_were() -> None:
    blank, filled = SCENES["blocks, False"], SCENES["blocks, True"]
    answers = [shape for shape in filled.shapes if isinstance(shape, Label) and shape.style == "answer"]
    assert [shape for shape in filled.shapes if shape not in answers] == list(blank.shapes)
    assert [answer.words for answer in answers] == [("40 × 1000",)]
    assert "1000" not in blank.description + picture(blank) + svg(blank)


# --------------------------------------------------------------------------------------------- secrecy


@every_network
def test_the_blanks_tell_nothing(name: str) -> None:
    secrets = (f"Kx{number}" for number in range(10, 99))
    operations = [
        replace(
            operation,
            inputs=next(secrets) if operation.blank_inputs else operation.inputs,
            outputs=next(secrets) if operation.blank_outputs else operation.outputs,
        )
        for operation in NETWORKS[name]
    ]
    told = Network("[16, 52]", tuple(operations))
    blank, filled = network_scene(told, filled=False), network_scene(told, filled=True)
    assert "Kx" not in picture(blank) + svg(blank) + blank.title + blank.description
    hidden = [
        width
        for operation in operations
        for width, is_blank in (
            (operation.inputs, operation.blank_inputs),
            (operation.outputs, operation.blank_outputs),
        )
        if is_blank
    ]
    shown = svg(filled)
    for width in hidden:
        assert picture(filled).count(width) == 1
        assert shown.partition("</desc>")[2].count(width) == 1
        assert shown.partition("</desc>")[0].count(width) == 1


def test_the_blanks_of_an_unrolled_network_tell_nothing() -> None:
    blank, filled = (unrolled_scene(UNROLLED, filled=filled) for filled in (False, True))
    for step in UNROLLED.steps:
        assert not {step.above, step.below} & {
            "".join(map(str, one.words)) for one in blank.shapes if isinstance(one, Label)
        }
        assert step.above not in blank.description
        assert f"above it {step.above}, below it {step.below}" in filled.description
    assert (blank.width, blank.height) == (filled.width, filled.height)


def test_curves_are_described_by_their_points_or_as_they_say() -> None:
    assert curves_scene(CURVES).description == "α = 2: (0, 1), (0.5, 0), (2, 3). path: (0, 1), (1, 1), (1, 1)."


def test_blanks_are_described() -> None:
    network = Network("[4, 52]", (FIRST, NORM, linear(2, "128", "128"), Operation("Add", adds=2)))
    described = network_scene(network, filled=False).description
    assert described == (
        "An input of shape [4, 52] goes through 4 operations: z1: Linear 1 from 52 to blank, z2: Norm, "
        "z3: Linear 2 from 128 to 128, z4: plus z2."
    )
    assert "from 52 to 128" in network_scene(network, filled=True).description


# ------------------------------------------------------------------------------------------ the formats


@every_drawing
def test_svg_is_well_formed_and_says_what_it_shows(scene: Scene) -> None:
    root = drawn(scene)
    assert root.tag == f"{SVG_NAME}svg"
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG_NAME}title") == scene.title
    assert root.findtext(f"{SVG_NAME}desc") == scene.description
    labels = [label for label in scene.shapes if isinstance(label, Label)]
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG_NAME}text")]
    assert texts == [
        "".join(
            piece if isinstance(piece, str) else piece.letter + piece.subscript + piece.superscript
            for piece in label.words
        )
        for label in labels
    ]


@every_drawing
def test_every_script_comes_back_to_the_baseline(scene: Scene) -> None:
    for text in drawn(scene).iter(f"{SVG_NAME}text"):
        height = 0.0
        for piece in text.iter(f"{SVG_NAME}tspan"):
            height += float(piece.get("dy", 0))
            assert (height != 0) == (piece.get("class") == "scene-script" or (piece.text is None and len(piece) == 0))


@every_drawing
def test_coordinates_are_short(scene: Scene) -> None:
    for text in (picture(scene), svg(scene).partition("</style>")[2]):
        assert not re.search(r"\d\.\d{3}|\de[-+]?\d|\d\.0\b|-0[,)\" ]", text)


def test_a_label_in_latex() -> None:
    words = ("norm ", Symbol("‖θ‖", "1", "2"), " of ", Symbol("z", "10"))
    scene = Scene(9, 9, (Label(1, 2.5, words, "small", "end"),), "", "")
    assert r"\put(1,-2.5){\makebox(0,0)[br]{\smalltext{norm $\Vert \theta \Vert_{1}^{2}$ of $z_{10}$}}}" in picture(
        scene
    )


@pytest.mark.parametrize("letter", ["x̂", "ŷ", "θ̄", "‖x̂‖"])
def test_an_accent_stays_on_its_letter(letter: str) -> None:
    scene = Scene(9, 9, (Label(1, 2.5, (Symbol(letter),)),), "", "")
    assert re.search(r"\{\\(hat|bar)\{(x|y|\\theta)\}\}", picture(scene))
    slanted = [piece.text for piece in drawn(scene).iter(f"{SVG_NAME}tspan") if piece.get("class") == "scene-symbol"]
    assert slanted == [unicodedata.normalize("NFD", letter.strip("‖"))]


HOSTILE = r'</text><script>"&\input{/etc/passwd}%$#_^~'


def test_hostile_words_are_only_words() -> None:
    named = Network(HOSTILE, (Operation(HOSTILE), linear(1, HOSTILE, HOSTILE, "o")))
    sweep = replace(SWEEP, title=HOSTILE, x_name=(Symbol(HOSTILE, HOSTILE, HOSTILE),), positions=(HOSTILE,) * 4)
    for scene in (network_scene(named, filled=True), plot_scene(sweep)):
        root = drawn(scene)
        assert not list(root.iter(f"{SVG_NAME}script"))
        assert any(HOSTILE in "".join(text.itertext()) for text in root.iter(f"{SVG_NAME}text"))
        assert r"\input" not in picture(scene)
        assert not re.search(r"(?<!\\)[%#]", picture(scene))


def test_every_style_is_defined() -> None:
    defined = renderer(FORMATS["tex"]).companions["worksheet.sty"]
    for scene in SCENES.values():
        for style in re.findall(r"\\stroke(?:\[[^]]*\])?\{(\w+)\}", picture(scene)):
            assert rf"\linestyle{{{style}}}" in defined
        for macro, style in re.findall(r"\\(shape|seriesmark)\{(\w+)\}", picture(scene)):
            assert rf"\newcommand{{\{macro}@{style}}}" in defined


def test_strokes_lead_from_point_to_point() -> None:
    down, up_left = Line(((0, 0), (0, 3), (-4, 0)), "flow").strokes()
    assert tuple(down) == (0.0, 0.0, 3.0, -90.0)
    assert tuple(up_left) == (0.0, 3.0, 5.0, 143.13)


def warnings(engine: Engine) -> tuple[str, ...]:
    pictures = "\n\n".join(f"\\noindent {picture(scene)}" for scene in SCENES.values())
    tex = f"\\documentclass{{article}}\n\\usepackage{{worksheet}}\n\\begin{{document}}\n{pictures}\n\\end{{document}}\n"
    return compile_pdf(tex, engine, files=renderer(FORMATS["tex"]).companions).warnings


@pytest.mark.slow
def test_tex_draws_them_without_a_warning() -> None:
    assert warnings(find_engine()) == ()


@pytest.mark.heavy
def test_the_system_s_tex_draws_them_too() -> None:
    assert warnings(find_engine("system")) == ()


# ---------------------------------------------------------------------------------------------- plots


@given(st.floats(1e-6, 1e9), st.integers(2, 12))
def test_ticks_are_pleasant(largest: float, most: int) -> None:
    ticks = nice_ticks(largest, most)
    step = ticks[1]
    mantissa = step / 10 ** round(log10(step) - 0.35)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= most
    assert ticks[-1] >= largest * (1 - 1e-9)
    assert ticks[-2] < largest
    assert any(mantissa == pytest.approx(pleasant) for pleasant in (1, 2, 5))
    assert ticks == pytest.approx([step * place for place in range(len(ticks))])


def test_ticks_of_the_sweep() -> None:
    assert nice_ticks(29 / 2) == (0, 5, 10, 15)
    assert nice_ticks(0.3) == (0, 0.1, 0.2, 0.3)
    assert nice_ticks(0) == (0, 1)


def test_a_plot_says_its_values() -> None:
    assert plot_scene(SWEEP).description.startswith(
        "At λ = 0, 1, 4, 10, ‖θ‖²: 9, 4, 1, 0.25; training error: 2, 4, 10, 14.5;"
    )
    assert plot_scene(replace(SWEEP, description="Falls.")).description == "Falls."


def test_noted_positions_stand_at_their_points_and_are_said() -> None:
    plain, noted = (plot_scene(replace(SWEEP, y_name=(), noted=noted)) for noted in ((), (("4", "kept"),)))
    assert noted.description == f"{plain.description} kept: 4."
    (line,) = (shape for shape in noted.shapes if isinstance(shape, Line) and shape.style == "skip")
    points = [shape.x for shape in noted.shapes if isinstance(shape, Mark)]
    assert {x for x, _ in line.points} <= {*points}


def test_a_point_of_squared_paper_stands_where_its_ticks_cross() -> None:
    scene = squared_paper_scene(PAPER)
    ruled = [shape for shape in scene.shapes if isinstance(shape, Line) and shape.style in ("axis", "grid")]
    upright = [line.points[0][0] for line in ruled if line.points[0][0] == line.points[1][0]]
    level = [line.points[0][1] for line in ruled if line.points[0][1] == line.points[1][1]]
    marks = [(shape.x, shape.y) for shape in scene.shapes if isinstance(shape, Mark)]
    assert marks == [(upright[1], level[2]), (upright[4], level[2]), (upright[4], level[9])]
    assert scene.description == (
        "Squared paper. Numbers along the axes: 0/4, 1/4, 2/4, 3/4, 4/4, -1, 1, 3, 5, 7. A box. A path."
    )


def test_points_stand_at_their_heights() -> None:
    lines = [shape for shape in plot_scene(SWEEP).shapes if isinstance(shape, Line)]
    axis, *_, top = (
        line.points[0][1] for line in lines if line.style in ("axis", "grid") and len({y for _, y in line.points}) == 1
    )
    (norm,) = (line for line in lines if line.style == "first" and len(line.points) == 4)
    heights = [15 * (axis - y) / (axis - top) for _, y in norm.points]
    assert heights == pytest.approx([9, 4, 1, 1 / 4], abs=0.01)


@pytest.mark.parametrize(
    ("series", "complaint"),
    [
        ((), "1 to 4 series; got 0"),
        ((Series(("error",), (1, 2)),), "error has 2 values for 4 positions"),
        ((Series((Symbol("E"),), (1, 2, -1, 0)),), "E has the value -1; expected 0 or more"),
        ((Series(("error",), (1, 2, float("inf"), 0)),), "error has the value inf"),
    ],
)
def test_a_plot_that_cannot_be_drawn(series: tuple[Series, ...], complaint: str) -> None:
    with pytest.raises(AuthoringError, match=re.escape(complaint)):
        replace(SWEEP, series=series)


def test_where_series_meet_no_mark_hides_another() -> None:
    assert ".scene-mark { fill: none;" in svg(SCENES["sweep"])


def test_what_stands_above_bars_is_clear_of_them_and_said() -> None:
    plot = replace(SWEEP, series=SWEEP.series[:2], bars=True, y_name=(), above=("a", "b", "c", "d = 1/2"))
    scene = plot_scene(plot)
    labels = {shape.words: shape for shape in scene.shapes if isinstance(shape, Label)}
    boxes = [shape for shape in scene.shapes if isinstance(shape, Box)]
    for text in plot.above:
        assert all(apart(extent(labels[text,]), extent(box)) for box in boxes)
        assert extent(labels[text,])[1] >= 0
    assert scene.description.endswith("a, b, c, d = 1/2. Numbers along the axes: 0, 5, 10, 15.")
    with pytest.raises(AuthoringError, match="1 texts above 4 positions"):
        replace(plot, above=("a",))


@pytest.mark.parametrize("heights", [(0, 1, 2), (2, 1, 0)])
def test_values_at_a_curve_are_clear_of_it_and_of_its_marks(heights: tuple[int, ...]) -> None:
    points = [*zip((0, 10, 20), heights, strict=True)]
    marked = [(5.0, (heights[0] + heights[1]) / 2), (10.0, 1.0)]
    curve = MarkedCurve(
        title="rate",
        x_name=("step",),
        y_name=("rate",),
        points=points,
        marked=marked,
        names=["5", "10"],
        values=["1/2", "1"],
    )
    shapes = marked_curve_scene(curve).shapes
    values = [
        shape
        for shape in shapes
        if isinstance(shape, Label) and shape.anchor == "start" and shape.words[0] in curve.values
    ]
    (line,) = (shape for shape in shapes if isinstance(shape, Line) and shape.style == "first")
    marks = [(shape.x - 3, shape.y - 3, shape.x + 3, shape.y + 3) for shape in shapes if isinstance(shape, Mark)]
    along = [
        (x + part / 50 * (to_x - x), y + part / 50 * (to_y - y))
        for (x, y), (to_x, to_y) in pairwise(line.points)
        for part in range(51)
    ]
    assert len(values) == len(marks) == 2
    for value in values:
        assert all(apart(extent(value), taken) for taken in (*marks, *((x, y, x, y) for x, y in along)))
