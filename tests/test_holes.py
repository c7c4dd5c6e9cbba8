"""What is written by programs of templates is what the macros write for each node by itself."""

from __future__ import annotations

import operator
from dataclasses import fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from generator.catalogue import catalogue
from generator.document import Worksheet
from generator.escaping import by_sentence, markdown_paragraph
from generator.filled import Filled
from generator.keyless import without_key
from generator.piecewise import PIECEWISE
from generator.prose import nodes, say
from generator.render import FORMATS, Renderer, renderer
from generator.sheet import Entry
from generator.unknown import Later, Opaque, Written
from generator.worksheet import exercise


def plain(node: Any) -> Any:
    """The same nodes without a template anywhere."""
    if isinstance(node, Filled):
        return plain(node.plain())
    if isinstance(node, tuple):
        return tuple([plain(child) for child in node])
    if not hasattr(node, "__dataclass_fields__") or type(node).__name__ == "Scene":
        return node
    return replace(node, **{one.name: plain(getattr(node, one.name)) for one in fields(node)})


def documents(problem: Any, seeds: range) -> list[Worksheet]:
    found = []
    for level in problem.levels:
        for guided in (False, True):
            for seed in seeds:
                variant = problem.draw(seed, level=level)
                made = exercise(variant, 1, Entry(problem, guided=guided, level=level))
                found.append(Worksheet("A sheet", "", (), "AAAA-BBBB", made.points, (made,), has_key=True))
    return found


@pytest.mark.parametrize("problem", catalogue().values(), ids=catalogue())
@pytest.mark.parametrize("form", ["tex", "md"])
def test_programs_write_what_macros_write(problem: Any, form: str) -> None:
    writer = renderer(FORMATS[form])
    for document in documents(problem, range(1, 6)):
        for one in (document, without_key(document)):
            assert writer.document(one) == writer.document(plain(one))


@pytest.mark.parametrize("problem", catalogue().values(), ids=catalogue())
def test_programs_write_what_macros_write_in_pages(problem: Any) -> None:
    writer = renderer(FORMATS["html"])
    for document in documents(problem, range(1, 2)):
        for one in (document, without_key(document)):
            assert writer.document(one) == writer.document(plain(one))


OWN = {
    "Math": r"<% macro Math(node) %>$<% if node.tex|length > 9 %>\long <% endif %><< node.tex|tex >>$<% endmacro %>",
    "Text": r"<% macro Text(node) %>[<< node.text >>]<% endmacro %>",
    "Paragraph": r"<% macro Paragraph(node) %><< node.children|length >> << render(node.children)|upper|tex >><% endmacro %>",
    "MistakeNote": r"<% macro MistakeNote(node) %><% if '-' in node.wrong %>minus<% endif %><< render(node.feedback) >><% endmacro %>",
    "BoxedAnswer": r"<% macro BoxedAnswer(node) %><% set it = node.tex|tex %><< it >> <% if it %>yes<% endif %><% endmacro %>",
    "Key": r"<% macro Key(node) %><% set it %><< render(node.steps) >><% endset %><< it >><< it|length >><% endmacro %>",
    "Question": r"<% macro Question(node) %><< node.body == () >><< (node.id ~ render(node.body))|trim|tex >><< render(node.parts) >><% endmacro %>",
    "Display": r"<% macro Display(node) %><% if node.tex %><< node.tex|tex >><% endif %><% endmacro %>",
    "Criterion": r"<% macro Criterion(node) %><< render(node.text) if node.points else 'nothing' >><% endmacro %>",
    "Exercise": r"<% macro Exercise(node) %><% for part in node.parts %><< part.label >> <<part.points >> << render(part) >><% endfor %><% endmacro %>",
    "ClaimSpace": r"<% macro ClaimSpace(node) %><< 'is it?' if node.verdict is none else node.verdict >> << render(node.text)|upper|tex >><% endmacro %>",
    "ChoiceSpace": r"<% macro ChoiceSpace(node) %><% for one in node.options %><< render(one)|trim >>;<% endfor %><% endmacro %>",
}


@pytest.mark.parametrize("kind", OWN)
def test_ones_own_macros_write_the_same_either_way(kind: str, tmp_path: Path) -> None:
    (tmp_path / "latex").mkdir()
    (tmp_path / "latex" / "nodes.tex.j2").write_text(OWN[kind])
    writer = Renderer(FORMATS["tex"], tmp_path)
    for problem in catalogue().values():
        for document in documents(problem, range(1, 2)):
            assert writer.document(document) == writer.document(plain(document))


@pytest.mark.parametrize(
    "question",
    [
        "it",
        "it == 'x'",
        "'x' == it",
        "it != ''",
        "it < 'y'",
        "it|length",
        "it[0]",
        "'x' in it",
        "it is string",
        "it + 'x'",
    ],
)
@pytest.mark.parametrize("what", ["node.tex", "render(node.children)"])
def test_a_macro_that_asks_gets_its_answer_of_each_variant(question: str, what: str, tmp_path: Path) -> None:
    kind = "Math" if what == "node.tex" else "Paragraph"
    (tmp_path / "latex").mkdir()
    (tmp_path / "latex" / "nodes.tex.j2").write_text(
        f"<% macro {kind}(node) %><% set it = {what} %><% if {question} %>yes<% else %>no<% endif %><% endmacro %>"
    )
    writer = Renderer(FORMATS["tex"], tmp_path)
    for tex in ("x", "", "yz"):
        (block,) = nodes(say("$<x>$" if kind == "Math" else "<x>", x=tex), {})
        assert isinstance(block, Filled)
        expected = "error"
        try:
            expected = writer.node(plain(block))
        except Exception as error:  # noqa: BLE001 - whatever the plain node comes to
            with pytest.raises(type(error)):
                writer.node(block)
        else:
            assert writer.node(block) == expected


@pytest.mark.parametrize("kind", [Later, Written])
@pytest.mark.parametrize(
    "ask",
    [
        bool, len, list, hash, str, repr, int, format, operator.index,
        lambda it: it[0], lambda it: it.upper, lambda it: it(), lambda it: "x" in it, lambda it: isinstance(it, str),
        lambda it: it == "x", lambda it: it != "x", lambda it: it < "x", lambda it: it <= "x", lambda it: it > "x",
        lambda it: it >= "x", lambda it: it + "x", lambda it: "x" + it, lambda it: it * 2, lambda it: 2 * it,
        lambda it: it % 2, lambda it: 2 % it,
    ],
)  # fmt: skip
def test_nothing_can_be_asked_of_a_text_that_is_not_known(ask: Any, kind: Any) -> None:
    unknown = kind("x", is_safe=True)
    with pytest.raises(Opaque):
        ask(unknown)


@pytest.mark.parametrize("tex", ["x", "x = 3. Y", "", "-", "a. ", ". A", "1", "1."])
@pytest.mark.parametrize("text", ["So $<x>$. Then $y$.", "<x> Then. <x>", "1 <x> a", "$<x>$ is it."])
@pytest.mark.parametrize("form", FORMATS)
def test_what_stands_in_a_hole_is_not_looked_through(tex: str, text: str, form: str) -> None:
    if form == "html" and not tex:
        pytest.skip("HTML has no empty formulas")
    (block,) = nodes(say(text, x=tex), {})
    assert isinstance(block, Filled)
    assert Renderer(FORMATS[form]).node(block) == Renderer(FORMATS[form]).node(plain(block))


def test_filters_are_applied_to_pieces_only_where_that_is_the_same() -> None:
    assert PIECEWISE[by_sentence](["It is so. For $", "$."]) is not None
    assert PIECEWISE[by_sentence](["It is so. ", "$."]) is None
    assert PIECEWISE[by_sentence](["It is ", ". A"]) is None
    assert PIECEWISE[markdown_paragraph](["12", ". item"]) is None


@pytest.mark.parametrize("filter_", PIECEWISE)
def test_a_text_that_fits_the_pieces_is_written_as_the_filter_writes_it(filter_: Any) -> None:
    """Whatever is put between whatever pieces: the filtered pieces with it are the filtered text, or are not used."""
    some = ["", " ", ".", "a.", "a. ", ". A", " A", "A", "x", "1", "- ", "$x$", "\n"]
    written = 0
    for before, after, text in product(some, repeat=3):
        applied = PIECEWISE[filter_]([before, after])
        if applied is not None and all(holds([text][which]) for which, holds in applied[1]):
            written += 1
            assert text.join(applied[0]) == filter_(before + text + after), (before, text, after)
    assert written > 300


def test_a_filled_node_passes_for_the_plain_one() -> None:
    (block,) = nodes(say("So $<x>$.", x="y"), {})
    assert block == plain(block)
    assert plain(block) == block
    assert hash(block) == hash(plain(block))
    assert repr(block) == repr(plain(block))
