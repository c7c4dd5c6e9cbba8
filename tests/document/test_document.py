"""The document: what only the key may show is taken out, wherever it stands, and nothing else changes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import MISSING, FrozenInstanceError, fields, is_dataclass
from typing import Any

import pytest

from generator.document import nodes as document
from generator.document.figures.scene import Label, Scene
from generator.document.keyless import without_key
from generator.document.nodes import (
    KEY,
    BoxedAnswer,
    Bullets,
    ChoiceSpace,
    ClaimSpace,
    Code,
    CodeBlock,
    Criterion,
    Display,
    Emphasis,
    Exercise,
    FieldsSpace,
    Figure,
    Fillable,
    GridSpace,
    Image,
    Key,
    LinesSpace,
    Link,
    Math,
    MistakeNote,
    ModelAnswer,
    Numbered,
    NumberSpace,
    Paragraph,
    Question,
    Strong,
    Table,
    Text,
    Worksheet,
    WorkSpace,
)
from generator.document.page_style import PageStyle

EMPTY = Scene(10, 10, (), "a drawing", "with a blank")
FILLED = Scene(10, 10, (Label(1, 1, ("SECRET",)),), "a drawing", "SECRET")

NODES = tuple(
    kind
    for _, kind in inspect.getmembers(document, inspect.isclass)
    if is_dataclass(kind) and kind.__module__ == document.__name__
)
KEY_FIELDS = {(kind.__name__, f.name) for kind in NODES for f in fields(kind) if "key" in f.metadata}


def figure(name: str) -> Figure:
    return Figure(name, EMPTY, FILLED)


def text(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def key() -> Key:
    return Key(
        answer=ModelAnswer((text("SECRET"), figure("in the answer"))),
        steps=((Display("SECRET"), figure("in a step")),),
        rubric=(Criterion(1, (Text("SECRET"),)),),
        notes=(MistakeNote("SECRET", (Text("SECRET"),)),),
    )


def question(label: str, *parts: Question) -> Question:
    """A question with key material wherever a node can hold some."""
    return Question(
        id=f"part-{label}",
        label=label,
        points=2,
        body=(
            Paragraph((Text("words"), Math("x"), Strong((Text("so"),)), Emphasis((Text("term"),)), Code("name"))),
            Paragraph((Link("https://example.org", (Text("words"),)),)),
            CodeBlock("code"),
            Image("a.png", "words"),
            Bullets(((text("item"), figure(f"bullet {label}")),)),
            Numbered(((Numbered(((figure(f"deep {label}"),),)),),)),
            Table(((Text("head"),),), (((Math("cell"),),),)),
            figure(f"body {label}"),
            Fillable((text("a blank"), figure(f"blank {label}")), (text("SECRET"),)),
        ),
        spaces=(
            NumberSpace("n"),
            GridSpace("Y", 2, 3),
            FieldsSpace(("a", "b")),
            LinesSpace(3),
            WorkSpace(4),
            ChoiceSpace(((text("first"), figure(f"option {label}")), (text("second"),)), correct=(1,)),
            ClaimSpace((text("claim"), figure(f"claim {label}")), verdict=False, reason=(text("SECRET"),)),
        ),
        parts=parts,
        key=key(),
    )


@pytest.fixture
def worksheet() -> Worksheet:
    inner = question("i", question("deepest"))
    preamble = (text("before"), figure("preamble"))
    return Worksheet(
        title="A sheet",
        course="A course",
        instructions=(text("how to"), figure("instructions")),
        variant="ABCD-EFGH",
        points=6,
        exercises=(Exercise("one", 1, "One", 6, preamble, (question("a", inner), question("b"))),),
        has_key=True,
    )


def walk(node: Any) -> Iterator[Any]:
    """Every node, scenes left closed."""
    if isinstance(node, tuple):
        for child in node:
            yield from walk(child)
    elif is_dataclass(node) and not isinstance(node, Scene):
        yield node
        for f in fields(node):
            yield from walk(getattr(node, f.name))


def test_the_sheet_here_holds_key_material_in_every_field_that_can_hold_some(worksheet: Worksheet) -> None:
    """Whoever adds a field for the key has to add it to this test too."""
    met = {
        (type(node).__name__, f.name)
        for node in walk(worksheet)
        for f in fields(node)
        if "key" in f.metadata and getattr(node, f.name) != f.default
    }
    assert met == KEY_FIELDS
    assert {type(node) for node in walk(worksheet)} == {*NODES, PageStyle} - {BoxedAnswer}


def test_without_key_empties_every_key_field_anywhere(worksheet: Worksheet) -> None:
    sheet = without_key(worksheet)
    for node in walk(sheet):
        for f in fields(node):
            if "key" in f.metadata:
                assert getattr(node, f.name) == f.default, f"{type(node).__name__}.{f.name}"
    assert "SECRET" not in repr(sheet)
    assert "SECRET" in repr(worksheet)


def test_without_key_changes_nothing_else(worksheet: Worksheet) -> None:
    def open_to_students(node: Any) -> Any:
        if isinstance(node, tuple):
            return [open_to_students(child) for child in node]
        if not is_dataclass(node) or isinstance(node, Scene):
            return node
        kept = {f.name: open_to_students(getattr(node, f.name)) for f in fields(node) if "key" not in f.metadata}
        return (type(node).__name__, kept)

    assert open_to_students(without_key(worksheet)) == open_to_students(worksheet)


def test_without_key_leaves_the_original_and_is_done_after_once(worksheet: Worksheet) -> None:
    before = repr(worksheet)
    sheet = without_key(worksheet)
    assert repr(worksheet) == before
    assert without_key(sheet) is sheet
    assert not sheet.has_key


def test_nodes_without_key_material_are_shared(worksheet: Worksheet) -> None:
    sheet = without_key(worksheet)
    mine, theirs = worksheet.exercises[0].parts[0], sheet.exercises[0].parts[0]
    assert theirs.body[0] is mine.body[0]
    assert theirs.body[3] is mine.body[3]
    assert theirs.spaces[0] is mine.spaces[0]
    paragraph = text("plain")
    assert without_key(paragraph) is paragraph


@pytest.mark.parametrize(
    ("node", "left"),
    [
        (ClaimSpace((), True, ()), ClaimSpace(())),
        (ClaimSpace((), False, ()), ClaimSpace(())),  # a verdict that is false is a verdict
        (ChoiceSpace((), (0,)), ChoiceSpace(())),
        (Question("q", "a", 1, (), key=Key()), Question("q", "a", 1, ())),  # even a key without content
        ((text("a"), figure("f")), (text("a"), Figure("f", EMPTY))),
    ],
)
def test_small_cases(node: Any, left: Any) -> None:
    assert without_key(node) == left


@pytest.mark.parametrize("kind", NODES)
def test_a_field_for_the_key_can_be_left_out(kind: type) -> None:
    for f in fields(kind):
        if "key" in f.metadata:
            assert f.default is not MISSING
            assert f.metadata == KEY
            assert not f.default


@pytest.mark.parametrize("kind", NODES)
def test_nodes_are_frozen_and_compared_by_value(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.__dataclass_params__.eq  # type: ignore[attr-defined]
    assert hasattr(kind, "__slots__")


def test_a_node_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        text("a").children = ()  # type: ignore[misc]


def test_a_figure_shows_what_its_document_may_show() -> None:
    whole = figure("network")
    assert whole.shown is FILLED
    assert whole.file == "key-figures/network"
    blank = without_key(whole)
    assert blank.shown is EMPTY
    assert blank.file == "figures/network"
    assert Figure("network", EMPTY).file == "figures/network"
