"""Formulas as MathML: what the browser is given for a formula, and every formula of every problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree as ET

import pytest

from generator.document.figures.scene import Scene
from generator.document.nodes import BoxedAnswer, Display, FieldsSpace, GridSpace, Math, MistakeNote, NumberSpace
from generator.errors import AuthoringError
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem.catalogue import catalogue
from generator.problem.problem import Problem
from generator.render.mathml import formula, pieces
from tests.drawn import of_all_levels

CORE = {
    "math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
}  # fmt: skip
CHILDREN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}


def mathml(tex: str) -> str:
    """What stands between the tags of ``math``."""
    return str(formula(tex).mathml).removeprefix("<math>").removesuffix("</math>")


# ------------------------------------------------------------------------------------------- one by one


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\mathrm{BN}", "<mi>BN</mi>"),
        (r"\mathrm{E}", '<mi aria-label="expected value" intent="expected-value" mathvariant="normal">E</mi>'),
        (r"18\,044", '<mn aria-label="18044" intent="18044">18\u2009044</mn>'),
        (r"1\,000\,000", '<mn aria-label="1000000" intent="1000000">1\u2009000\u2009000</mn>'),
        ("18{,}044", '<mn aria-label="18044" intent="18044">18,044</mn>'),
        ("4, 128", "<mn>4</mn><mo>,</mo><mn>128</mn>"),
        (r"\sqrt{\frac{3}{4}}", "<msqrt><mfrac><mn>3</mn><mn>4</mn></mfrac></msqrt>"),
        (r"z_1, \dots", "<msub><mi>z</mi><mn>1</mn></msub><mo>,</mo><mi>…</mi>"),
        (r"\hat x", '<mover accent="true" aria-label="x hat"><mi>x</mi><mo stretchy="false">ˆ</mo></mover>'),
        (r"\boxed{x}", '<mrow class="boxed"><mi>x</mi></mrow>'),
        (r"\underline{\hspace{3em}}", '<mtext class="blank">blank\u2003</mtext>'),
        (r"\underline{x}", '<munder accentunder="true"><mi>x</mi><mo stretchy="true">\u0332</mo></munder>'),
        (
            r"\lVert\theta\rVert^2",
            '<msup><mrow aria-label="the norm of theta" intent="norm($x)"><mo>‖</mo><mrow arg="x"><mi>θ</mi></mrow><mo>‖</mo></mrow>'
            "<mn>2</mn></msup>",
        ),
        (
            r"\begin{aligned} a &= b \end{aligned}",
            '<mtable class="aligned" displaystyle="true" scriptlevel="0"><mtr><mtd class="right"><mi>a</mi></mtd>'
            '<mtd class="left"><mo>=</mo><mi>b</mi></mtd></mtr></mtable>',
        ),
        (r"\text{a < b}", "<mtext>a\u00a0&lt;\u00a0b</mtext>"),
        (r"\text{row $i$}", "<mtext>row\u00a0</mtext><mi>i</mi>"),
        (r"\text{ out}", "<mtext>\u00a0out</mtext>"),
    ],
)
def test_what_the_converter_leaves_to_be_done(tex: str, expected: str) -> None:
    made = re.sub(
        r"<(\w+)((?: [\w-]+=\"[^\"]*\")+)>", lambda tag: f"<{tag[1]}{sorted_attributes(tag[2])}>", mathml(tex)
    )
    assert made == expected


def sorted_attributes(text: str) -> str:
    return "".join(sorted(re.findall(r" [\w-]+=\"[^\"]*\"", text)))


@pytest.mark.parametrize(
    "tex",
    [r"\unknown{x}", "a & b", r"\text{a & b}", "$", r"\frac{1", r"x^{", r"\begin{bmatrix} 1", r"\left( x", "x_1_2"],
)
def test_tex_that_cannot_be_shown_is_refused_with_the_formula(tex: str) -> None:
    with pytest.raises(AuthoringError) as error:
        formula(tex)
    assert repr(tex) in str(error.value)
    assert "HTML" in str(error.value)


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{answer}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{&#x3C;script&#x3E;}",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_no_formula_carries_a_link_a_style_or_a_tag(tex: str) -> None:
    try:
        made = str(formula(tex).mathml)
    except AuthoringError:
        return
    for element in ET.fromstring(made).iter():  # noqa: S314 - our own
        assert element.tag in CORE
        assert not set(element.attrib) & {"href", "style", "id", "src", "onerror"}
        assert element.get("class") in {None, "boxed", "blank", "left", "right", "aligned"}


def test_displays_are_cut_at_their_wide_spaces() -> None:
    assert pieces(r"a = 1, \qquad b = \text{x \quad y}, \quad c") == ("a = 1,", r"b = \text{x \quad y},", "c")
    assert pieces(r"\left( a \quad b \right)") == (r"\left( a \quad b \right)",)
    assert pieces(r"\begin{bmatrix} 1 \quad 2 \end{bmatrix}") == (r"\begin{bmatrix} 1 \quad 2 \end{bmatrix}",)
    assert pieces(r"\{a\} \quad b") == (r"\{a\}", "b")
    assert pieces(r"\quadratic") == (r"\quadratic",)


def test_wide_formulas_are_known() -> None:
    assert not formula(r"x = \frac{1}{2}").is_wide
    assert formula(r"\begin{bmatrix} " + " & ".join(["-1"] * 14) + r" \end{bmatrix}").is_wide
    assert formula("x").ems < formula("x + y").ems < formula(r"x + y + \text{words}").ems


# ------------------------------------------------------------------------------------ the whole catalogue


def formulas(node: Any) -> Iterator[str]:
    """The TeX of every formula of a document, also of its displays' pieces."""
    if isinstance(node, tuple):
        for child in node:
            yield from formulas(child)
    elif isinstance(node, Math | BoxedAnswer):
        yield node.tex
    elif isinstance(node, Display):
        yield from (node.tex, *pieces(node.tex))
    elif isinstance(node, FieldsSpace):
        yield from node.labels
    elif isinstance(node, NumberSpace | GridSpace):
        yield node.symbol
    elif hasattr(node, "__dataclass_fields__") and not isinstance(node, Scene):
        if isinstance(node, MistakeNote):
            yield node.wrong
        for name in node.__dataclass_fields__:
            yield from formulas(getattr(node, name))


def of_problem(problem: Problem, seeds: range) -> set[str]:
    return {
        tex
        for variant in of_all_levels(problem.id, seeds)
        for guided in (False, True)
        for tex in formulas(exercise(variant, 1, Entry(problem, guided=guided)))
        if tex
    }


@pytest.mark.parametrize(
    "seeds", [range(1, 3), pytest.param(range(3, 21), marks=pytest.mark.heavy)], ids=["1-2", "3-20"]
)
@pytest.mark.parametrize("problem", catalogue().values(), ids=lambda problem: problem.id)
def test_every_formula_of_every_problem_converts(problem: Problem, seeds: range) -> None:
    found = of_problem(problem, seeds)
    assert len(found) > 100
    for tex in sorted(found):
        assert_sound(tex)


def assert_sound(tex: str) -> None:
    root = ET.fromstring(str(formula(tex).mathml))  # noqa: S314 - our own
    text = normalize("NFKC", "".join(root.itertext()))
    assert not set(text) & set("\\&$"), tex
    assert digits(text) == digits(re.sub(r"\\begin\{array\}\{\w*\}|\\hspace\{[^}]*\}", "", tex)), tex
    for element in root.iter():
        assert element.tag in CORE, tex
        assert len(element) == CHILDREN.get(element.tag, len(element)), f"{tex}: {element.tag}"
        assert len(element) == 0 or not (element.text or "").strip(), tex
    words = re.findall(r"\\(?:text|mathrm)\{([A-Za-z]{2,})\}", tex)
    for word in words:
        assert word in text, tex


def digits(text: str) -> list[str]:
    return re.findall(r"\d", text)
