"""Prose: slots and how they are printed, bracketing, markup to nodes, sharing, and errors that name the slot."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sympy import Integer, Rational, log, sqrt

from generator.document import prose
from generator.document.figures.scene import Scene
from generator.document.nodes import (
    Bullets,
    Code,
    Display,
    Emphasis,
    Figure,
    Math,
    Numbered,
    Paragraph,
    Strong,
    Table,
    Text,
)
from generator.document.prose import say
from generator.document.slots import FORMATS, fill, math_pieces
from generator.errors import AuthoringError
from generator.numbers import exact as ex

VALUES: dict[str, Any] = {
    "n": Integer(-3),
    "p": Integer(2),
    "r": Rational(-3, 2),
    "half": Rational(1, 2),
    "s": 1 + sqrt(3),
    "t": -sqrt(2),
    "e": log(3),
    "big": Integer(66756),
    "x": ex.vector([4, -2, Rational(1, 2)]),
    "M": ex.matrix([[1, -2], [3, 4]]),
    "word": "three",
    "count": 7,
}


def formula(tex: str, values: dict[str, Any]) -> str:
    """A formula alone, its slots filled."""
    return fill(math_pieces(tex), values)


def text_of(content: prose.Content) -> tuple[Any, ...]:
    (paragraph,) = prose.nodes(content, VALUES)
    assert isinstance(paragraph, Paragraph)
    return paragraph.children


# --------------------------------------------------------------------------------------------------- slots


@pytest.mark.parametrize(
    ("tex", "filled"),
    [
        # alone, or where nothing operates on it
        ("x = <n>", "x = -3"),
        ("x=<r>", r"x=-\frac{3}{2}"),
        (r"x \le <n>", r"x \le -3"),
        (r"x \in <n>", r"x \in -3"),
        (r"x > <n>", "x > -3"),
        (r"x < <n>", "x < -3"),
        ("(<n>, <p>)", "(-3, 2)"),
        (r"\{<n>, <p>\}", r"\{-3, 2\}"),
        (r"\frac{<n>}{<s>}", r"\frac{-3}{1+\sqrt{3}}"),
        (r"\sqrt{<p>}", r"\sqrt{2}"),
        ("e^{<n>}", "e^{-3}"),
        ("a_{<p>}", "a_{2}"),
        (r"\lvert <n> \rvert", r"\lvert -3 \rvert"),
        (r"\begin{bmatrix} <n> & <s> \end{bmatrix}", r"\begin{bmatrix} -3 & 1+\sqrt{3} \end{bmatrix}"),
        (r"\text{so } <n>", r"\text{so } -3"),
        (r"a \implies <n>", r"a \implies -3"),
        (r"\ln <p>", r"\ln 2"),
        # after a minus
        ("5 - <n>", "5 - (-3)"),
        ("5-<r>", r"5-\left(-\frac{3}{2}\right)"),
        ("5 - <p>", "5 - 2"),
        ("5 - <s>", r"5 - (1+\sqrt{3})"),
        ("-<t>", r"-(-\sqrt{2})"),
        ("<n> - <n>", "-3 - (-3)"),
        # after a plus
        ("5 + <n>", "5 + (-3)"),
        ("5 + <p>", "5 + 2"),
        ("5 + <s>", r"5 + 1+\sqrt{3}"),
        (r"5 \pm <n>", r"5 \pm (-3)"),
        (r"5 \pm <s>", r"5 \pm (1+\sqrt{3})"),
        # as a factor
        (r"2 \cdot <n>", r"2 \cdot (-3)"),
        (r"2 \cdot <p>", r"2 \cdot 2"),
        (r"2 \cdot <s>", r"2 \cdot (1+\sqrt{3})"),
        (r"<s> \cdot 2", r"(1+\sqrt{3}) \cdot 2"),
        (r"<n> \cdot 2", r"-3 \cdot 2"),
        (r"\alpha <n>", r"\alpha (-3)"),
        (r"\alpha <M>", r"\alpha \begin{bmatrix} 1 & -2 \\ 3 & 4 \end{bmatrix}"),
        ("<half> <x>", r"\frac{1}{2} \begin{bmatrix} 4 & -2 & \frac{1}{2} \end{bmatrix}"),
        ("a/<s>", r"a/(1+\sqrt{3})"),
        ("<s>/a", r"(1+\sqrt{3})/a"),
        # beside another number
        ("<p><p>", "2(2)"),
        ("2<p>", "2(2)"),
        ("3 <half>", r"3 \left(\frac{1}{2}\right)"),
        ("<x[0]> <n>", "4 (-3)"),
        # under a power
        ("<p>^2", "2^2"),
        ("<n>^2", "(-3)^2"),
        ("<half>^2", r"\left(\frac{1}{2}\right)^2"),
        ("<s>^2", r"(1+\sqrt{3})^2"),
        ("5 - <n>^2", "5 - (-3)^2"),
    ],
)
def test_a_value_is_bracketed_where_it_is_an_operand(tex: str, filled: str) -> None:
    assert formula(tex, VALUES) == filled


@pytest.mark.parametrize(
    ("tex", "filled"),
    [
        ("<x>", r"\begin{bmatrix} 4 & -2 & \frac{1}{2} \end{bmatrix}"),
        ("<x[1]>", "-2"),
        ("<M[1]>", r"\begin{bmatrix} 3 & 4 \end{bmatrix}"),
        ("<M[0][1]>", "-2"),
        ("<x|sum>", r"4+(-2)+\frac{1}{2}"),
        ("<x|squares>", r"4^2+(-2)^2+\left(\frac{1}{2}\right)^2"),
        ("<M[0]|sum>", "1+(-2)"),
        ("<M[0]|row>", r"\begin{bmatrix} 1 & -2 \end{bmatrix}"),
        ("<x|column>", r"\begin{bmatrix} 4 \\ -2 \\ \frac{1}{2} \end{bmatrix}"),
        ("<M|matrix>", r"\begin{bmatrix} 1 & -2 \\ 3 & 4 \end{bmatrix}"),
        ("<M[1]|shape>", "[3, 4]"),
        ("<x|tuple>", r"(4, -2, \frac{1}{2})"),
        ("<s|factor>", r"(1+\sqrt{3})"),
        ("<n|factor>", "-3"),
        ("<n|bracketed>", "(-3)"),
        ("5 - <n|number>", "5 - -3"),  # a stated format wins over the place
        ("<count|raw>", "7"),
        ("<word|raw>", "three"),
        ("<word>", "three"),
        ("<count>", "7"),
        ("<big>", r"66\,756"),
        ("<e>", r"\ln 3"),
    ],
)
def test_ways_of_printing_a_value(tex: str, filled: str) -> None:
    assert formula(tex, VALUES) == filled


def test_every_format_prints_something() -> None:
    for name in FORMATS:
        of = {"sum": "x", "squares": "x", "row": "x", "column": "x", "shape": "x", "tuple": "x", "matrix": "M"}
        assert formula(f"<{of.get(name, 'n')}|{name}>", VALUES)


def test_a_slot_among_words_is_a_formula_unless_it_is_a_word() -> None:
    assert text_of("There are <word> of <n>.") == (
        Text("There are "),
        Text("three"),
        Text(" of "),
        Math("-3"),
        Text("."),
    )


def test_words_of_a_slot_are_not_markup() -> None:
    (paragraph,) = prose.nodes(say("Hello <name>.", name="*<b>* $x$"), {})
    assert paragraph == Paragraph((Text("Hello "), Text("*<b>* $x$"), Text(".")))


def test_what_only_looks_like_a_slot() -> None:
    assert text_of("$a < b$ and $c > d$") == (Math("a < b"), Text(" and "), Math("c > d"))
    assert text_of("1 < 2 > 1") == (Text("1 < 2 > 1"),)
    assert text_of("`<n>`") == (Code("<n>"),)


def test_say_brings_slots_of_its_own_that_win() -> None:
    assert prose.nodes(say("$<n>$ and $<q>$", n=Integer(1), q=Integer(5)), VALUES) == (
        Paragraph((Math("1"), Text(" and "), Math("5"))),
    )
    assert text_of("$<n>$") == (Math("-3"),)


# -------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("$<nope>$", "<nope>"),
        ("a <nope> b", "<nope>"),
        ("$<x[7]>$", "<x[7]>"),
        ("$<M[0][2]|row>$", "<M[0][2]|row>"),
        ("$<n[0]>$", "<n[0]>"),
        ("- item\n- $<nope>$", "<nope>"),
        ("| a |\n|---|\n| <nope> |", "<nope>"),
        ("**<nope>**", "<nope>"),
    ],
)
def test_a_slot_without_a_value_is_named(text: str, named: str) -> None:
    with pytest.raises(AuthoringError) as caught:
        prose.nodes(text, VALUES)
    assert f"the slot {named} has no value" in str(caught.value)
    assert re.search(r"there (are|is) .*big| is .*, and places count from 0", str(caught.value)), (
        "it says what there is"
    )


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(AuthoringError, match=r"<x\|sums> asks for 'sums'; the formats are sum, squares"):
        prose.nodes("$<x|sums>$", VALUES)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# Heading", "heading"),
        ("> quoted", "blockquote"),
        ("---", "hr"),
        ("words\n\n    indented\n\nwords", "code_block"),
        ("one  \ntwo", "hardbreak"),
    ],
)
def test_markup_without_a_node_is_refused(text: str, kind: str) -> None:
    with pytest.raises(AuthoringError, match=f"no node for '{kind}'"):
        prose.nodes(text, VALUES)


def test_a_float_is_refused() -> None:
    with pytest.raises(AuthoringError, match="exact"):
        formula("<f>", {"f": 0.5})


# -------------------------------------------------------------------------------------------------- markup


def test_paragraphs_and_inlines() -> None:
    assert prose.nodes("One *two* **three $<n>$** `four`\nfive.\n\nSix.", VALUES) == (
        Paragraph(
            (
                Text("One "),
                Emphasis((Text("two"),)),
                Text(" "),
                Strong((Text("three "), Math("-3"))),
                Text(" "),
                Code("four"),
                Text(" five."),
            )
        ),
        Paragraph((Text("Six."),)),
    )


def test_indented_text_is_no_code() -> None:
    assert prose.nodes("\n        One\n        two.\n        ", {}) == (Paragraph((Text("One two."),)),)


def test_a_display_needs_no_empty_lines() -> None:
    assert prose.nodes("Before\n$$x = <n>,\n\\quad y$$\nafter.", VALUES) == (
        Paragraph((Text("Before"),)),
        Display("x = -3,\n\\quad y"),
        Paragraph((Text("after."),)),
    )


def test_a_formula_within_a_line_stays_on_one_line() -> None:
    assert text_of("$a\n= <n>$") == (Math("a = -3"),)


def test_lists() -> None:
    assert prose.nodes("- a <n>\n- b\n\n  $$<p>$$", VALUES) == (
        Bullets(((Paragraph((Text("a "), Math("-3"))),), (Paragraph((Text("b"),)), Display("2")))),
    )
    assert prose.nodes("1. a\n2. - b\n   - <word>", VALUES) == (
        Numbered(
            (
                (Paragraph((Text("a"),)),),
                (Bullets(((Paragraph((Text("b"),)),), (Paragraph((Text("three"),)),))),),
            )
        ),
    )


def test_tables() -> None:
    assert prose.nodes("| $x$ | <word> |\n| --- | --- |\n| $<n>$ | *b* |\n| <p> | c |", VALUES) == (
        Table(
            header=((Math("x"),), (Text("three"),)),
            rows=(((Math("-3"),), (Emphasis((Text("b"),)),)), ((Math("2"),), (Text("c"),))),
        ),
    )


def test_content_may_be_a_sequence_with_figures() -> None:
    figure = Figure("plot", Scene(1, 1, (), "t", "d"))
    content: prose.Content = ["One.", say("$<q>$", q=Integer(1)), figure]
    assert prose.nodes(content, {}) == (Paragraph((Text("One."),)), Paragraph((Math("1"),)), figure)
    assert prose.nodes(figure, {}) == (figure,)
    assert prose.nodes([], {}) == ()


def test_inline_takes_a_single_paragraph() -> None:
    assert prose.inline("a $<n>$", VALUES) == (Text("a "), Math("-3"))
    for text in ("a\n\nb", "- a", "$$a$$", ""):
        with pytest.raises(AuthoringError, match="single paragraph"):
            prose.inline(text, VALUES)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a <n> and $5 - <n>$", "a $-3$ and $5 - (-3)$"),
        ("<word>: $$x = <n>$$", "three: $$x = -3$$"),
        (say("<q>", q=Integer(5)), "$5$"),
        (["One.", "  Two <p>."], "One.\n\nTwo $2$."),
        ("`<n>` is <n>", "`<n>` is $-3$"),
        (Figure("plot", Scene(1, 1, (), "t", "d")), ""),
    ],
)
def test_source_is_markdown_with_its_slots_filled(content: prose.Content, text: str) -> None:
    assert prose.source(content, VALUES) == text


# ------------------------------------------------------------------------------------------------- sharing


@pytest.mark.parametrize(
    "text", ["Just words.", "$x^2$ and *more*", "$$x$$", "- a\n- $b$", "| a |\n|---|\n| $b$ |", "`<n>`"]
)
def test_nodes_without_a_slot_are_shared_by_all_variants(text: str) -> None:
    assert prose.nodes(text, VALUES)[0] is prose.nodes(text, {})[0]
    assert prose.nodes(say(text), {"n": 1})[0] is prose.nodes(text, {})[0]


def test_a_filled_node_never_leaks_into_another_variant() -> None:
    filled = [prose.nodes("$<n>$", {"n": Integer(value)}) for value in (1, 2, 1)]
    assert filled == [(Paragraph((Math(tex),)),) for tex in ("1", "2", "1")]


@pytest.mark.parametrize(
    ("tex", "filled"),
    [
        (r"<s>\theta", r"(1+\sqrt{3})\theta"),
        (r"<s>\lVert x\rVert", r"(1+\sqrt{3})\lVert x\rVert"),
        (r"<s>\frac{1}{2}", r"(1+\sqrt{3})\frac{1}{2}"),
        (r"<s>\;x", r"(1+\sqrt{3})\;x"),
        (r"\ln <s>", r"\ln (1+\sqrt{3})"),
        (r"\ln<r>", r"\ln\left(-\frac{3}{2}\right)"),
        (r"a\,<r>", r"a\,\left(-\frac{3}{2}\right)"),
        (r"2\,<r>", r"2\,\left(-\frac{3}{2}\right)"),
        (r"{<r>}^2", r"{\left(-\frac{3}{2}\right)}^2"),
        (r"2^<s>", r"2^{1+\sqrt{3}}"),
        (r"x_<n>", r"x_{-3}"),
        (r"<s> = 1", r"1+\sqrt{3} = 1"),
        (r"<s>, <r>", r"1+\sqrt{3}, -\frac{3}{2}"),
        (r"\frac{<r>}{<s>}", r"\frac{-\frac{3}{2}}{1+\sqrt{3}}"),
        (r"<s> \\ <r>", r"1+\sqrt{3} \\ -\frac{3}{2}"),
        (r"<s> \le 2", r"1+\sqrt{3} \le 2"),
        (r"\left[<r>\right]", r"\left[-\frac{3}{2}\right]"),
    ],
)
def test_a_value_keeps_the_formulas_meaning(tex: str, filled: str) -> None:
    assert formula(tex, VALUES) == filled


@pytest.mark.parametrize("text", ["$<n>$2", "2$<n>$", "$<n>$ and $5", "five $"])
def test_a_stray_dollar_sign_is_an_error(text: str) -> None:
    with pytest.raises(AuthoringError, match="dollar sign"):
        prose.nodes(text, VALUES)


def test_an_escaped_dollar_sign_is_a_word() -> None:
    (paragraph,) = prose.nodes(r"It costs \$5.", {})
    assert paragraph == Paragraph((Text("It costs $5."),))


def test_a_percent_sign_is_no_hole() -> None:
    (block,) = prose.nodes(r"Of <n> units 5 % go, $<a> + 5\%$ and $<b[1]>\%$.", {"n": "four", "a": 1, "b": (2, 3)})
    formulas = [piece.tex for piece in block.children if isinstance(piece, Math)]  # type: ignore[union-attr]
    assert formulas == [r"1 + 5\%", r"3\%"]
    assert prose.source(r"Of <n> 5 %, $<a> + 5\%$", {"n": "four", "a": 1}) == r"Of four 5 %, $1 + 5\%$"


def test_source_is_filled_in_the_order_of_its_text() -> None:
    """Formulas are found before words, displays have two dollar signs, and code is left alone."""
    text = "<a>, $<b> - <c>$, `<a> $<c>$` and <word>: $$<a>$$ of $x$"
    values = {"a": 1, "b": 2, "c": -3, "word": "so"}
    assert prose.source(text, values) == "$1$, $2 - (-3)$, `<a> $<c>$` and so: $$1$$ of $x$"


def test_a_slot_without_value_names_all_values_of_its_text() -> None:
    with pytest.raises(AuthoringError, match=r"the slot <d> has no value; there are a, b"):
        prose.nodes(prose.say("$<a> + <d>$", a=1), {"b": 2})
