"""Blocks as the HTML of each platform: words in several pieces, the size of pictures, the lines of tables."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from generator.export.anki import AnkiHtml
from generator.export.canvas_html import BlankHtml, CanvasHtml
from generator.export.html import Html
from generator.export.jupyter import QuizHtml
from generator.export.jupyter_markdown import Markdown
from generator.export.moodle_xml import MoodleHtml
from generator.export.page_html import PageHtml
from generator.export.prairielearn_page import PrairieLearnHtml
from generator.export.stack import StackHtml
from generator.export.tree import Figure
from tests.export.hostile import WORDS, hostile_tree
from tests.export.pictures import PNG
from tests.export.sheets import HOSTILE

SIGNS = r"{@x@} {#y#} [[input:a]] \(x\) \[y\] $$z$$ {1:NUMERICAL:=5} @@PLUGINFILE@@/x ]]> {{x}} <b>&amp; [a](b) $IMS-CC-FILEBASE$"


FIGURES = {
    "drawing": Figure("A drawing", "<svg/>", PNG),
    "photo": Figure("A photo", "", PNG),
    "undrawn": Figure("Only an SVG", "<svg/>"),
}


def writers() -> list[Html]:
    tree = replace(hostile_tree(), figures=FIGURES)
    return [
        PageHtml(FIGURES, str), CanvasHtml(FIGURES, str), BlankHtml(FIGURES, str), MoodleHtml(tree), StackHtml(tree),
        PrairieLearnHtml(FIGURES), QuizHtml(FIGURES, str), AnkiHtml(FIGURES, str),
    ]  # fmt: skip


each_writer = pytest.mark.parametrize("writer", writers(), ids=lambda one: type(one).__name__)


@each_writer
@pytest.mark.parametrize("text", [SIGNS, WORDS, HOSTILE])
def test_words_in_two_pieces_are_as_in_one(writer: Html, text: str) -> None:
    whole = writer.line([text])
    for place in range(len(text)):
        assert writer.line([text[:place], text[place:]]) == whole, text[place - 3 : place + 3]


@pytest.mark.parametrize("text", [SIGNS, WORDS, HOSTILE])
def test_markdown_in_two_pieces_is_as_in_one(text: str) -> None:
    writer = Markdown({})
    for place in range(len(text)):
        assert writer.line([text[:place], text[place:]]) == writer.line([text])


@each_writer
def test_drawings_have_the_size_of_their_text(writer: Html) -> None:
    assert re.search(r'\bwidth="600"', writer.picture("drawing"))
    assert "width" not in writer.picture("photo")
    assert "height" not in writer.picture("drawing")


def test_a_drawing_without_a_png_has_no_width() -> None:
    assert FIGURES["undrawn"].width is None


@each_writer
def test_tables_have_lines_where_the_site_draws_none(writer: Html) -> None:
    table = writer.blocks([{"table": [[["a"]], [["b"]]], "header": 1}])
    wanted = {"CanvasHtml": 'border="1"', "BlankHtml": 'border="1"', "MoodleHtml": "table-bordered", "StackHtml": "table-bordered", "PrairieLearnHtml": "table-bordered"}  # fmt: skip
    assert wanted.get(type(writer).__name__, "<table>") in table
