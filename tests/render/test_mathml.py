"""Formulas as MathML: what the browser is given for a formula, and every formula of every problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from generator.document.figures.scene import Scene
from generator.document.nodes import BoxedAnswer, Display, FieldsSpace, GridSpace, Math, MistakeNote, NumberSpace
from generator.errors import AuthoringError
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.catalogue import catalogue
from generator.problem.problem import Problem
from generator.render.mathml.formulas import formula, pieces

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
        (r"\mathrm{BN}", '<mi mathvariant="normal">BN</mi>'),
        (r"\mathrm{E}", '<mi mathvariant="normal">E</mi>'),
        (r"\mathbf{1}", '<mn class="bold" mathvariant="normal">1</mn>'),
        (r"18\,044", "<mn>18\u2009044</mn>"),
        (r"1\,000\,000", "<mn>1\u2009000\u2009000</mn>"),
        ("18{,}044", "<mn>18,044</mn>"),
        (r"3\,\mu", '<mn>3</mn><mspace width="0.167em"></mspace><mi>μ</mi>'),
        ("3 - 2", "<mn>3</mn><mo>−</mo><mn>2</mn>"),
        ("-2", '<mo form="prefix">−</mo><mn>2</mn>'),
        ("= -2", '<mo>=</mo><mo form="prefix">−</mo><mn>2</mn>'),
        ("(x) - 2", '<mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo><mo>−</mo><mn>2</mn>'),
        (r"\ln 2", '<mi>ln</mi><mspace width="0.167em"></mspace><mn>2</mn>'),
        (r"\ln(2)", '<mi>ln</mi><mo stretchy="false">(</mo><mn>2</mn><mo stretchy="false">)</mo>'),
        (r"x^\top", '<msup><mi>x</mi><mi mathvariant="normal">⊤</mi></msup>'),
        (r"\hat x", '<mover accent="true"><mi>x</mi><mo stretchy="false">^</mo></mover>'),
        (r"\boxed{x}", '<mrow class="boxed"><mi>x</mi></mrow>'),
        (r"\underline{\hspace{3em}}", '<mtext class="blank">\u2003\u2003\u2003</mtext>'),
        (
            r"\lVert\theta\rVert^2",
            '<msup><mrow><mo form="prefix" stretchy="false">‖</mo><mi>θ</mi>'
            '<mo form="postfix" stretchy="false">‖</mo></mrow><mn>2</mn></msup>',
        ),
        ("|x|", '<mo form="prefix" stretchy="false">|</mo><mi>x</mi><mo form="postfix" stretchy="false">|</mo>'),
        (
            r"\begin{bmatrix} 1 \end{bmatrix}^{\top}",
            '<msup><mrow><mo form="prefix" stretchy="true">[</mo><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable>'
            '<mo form="postfix" stretchy="true">]</mo></mrow><mi mathvariant="normal">⊤</mi></msup>',
        ),
        (
            r"\begin{aligned} a &= b \\ &= -c \end{aligned}",
            '<mtable class="aligned" displaystyle="true">'
            '<mtr><mtd class="right"><mi>a</mi></mtd><mtd class="left"><mo>=</mo><mi>b</mi></mtd></mtr>'
            '<mtr><mtd class="right"></mtd><mtd class="left"><mo>=</mo><mo form="prefix">−</mo><mi>c</mi></mtd></mtr>'
            "</mtable>",
        ),
        (r"\text{a < b}", "<mtext>a\u00a0&lt;\u00a0b</mtext>"),
        (r"\text{row $i$}", '<mstyle displaystyle="false" scriptlevel="0"><mtext>row\u00a0</mtext><mi>i</mi></mstyle>'),
        (r"\underbrace{a}_{\text{b}}", "<munder><munder><mi>a</mi><mo>⏟</mo></munder><mtext>b</mtext></munder>"),
    ],
)
def test_what_the_library_gets_wrong_is_mended(tex: str, expected: str) -> None:
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
        assert element.get("class") in {None, "bold", "boxed", "blank", "left", "right", "aligned"}


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
    variants = [
        problem.printed(),
        *(drawing.draw_variant(problem, seed, level=level) for level in problem.levels for seed in seeds),
    ]
    return {
        tex
        for variant in variants
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
    text = "".join(root.itertext())
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
