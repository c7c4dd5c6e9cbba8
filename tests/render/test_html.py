"""Worksheets and keys as HTML pages: whole, still, well formed, and without a hint of the key where it must not be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.cli.check import PIECE
from generator.document.keyless import without_key
from generator.document.nodes import Emphasis, GridSpace, NumberSpace, Text, Worksheet
from generator.paper.generate import is_ours
from generator.paper.paper import ORIGINAL, make_paper
from generator.paper.sheet_file import find_sheet
from generator.render.renderer import FORMATS, Renderer, renderer
from tests.render.test_render import HOSTILE, own, sheet
from tests.render.test_templates import SPECIMEN

HTML = FORMATS["html"]
VOID = {"meta", "br", "hr", "img", "input", "link", "path", "rect", "circle"}


def page(worksheet: Worksheet) -> str:
    return renderer(HTML).document(worksheet)


def documents() -> Iterator[Worksheet]:
    for seed in (ORIGINAL, 1):
        made = make_paper(find_sheet("discussion04"), seed).document
        yield from (made, without_key(made))
    yield from (SPECIMEN, without_key(SPECIMEN))


class Reader(HTMLParser):
    """What a page is made of; an element that is not closed in its turn is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.parts: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.parts += [value for name, value in attrs if name == "data-part" and value]
        self.links += [value for name, value in attrs if name in {"href", "src", "xlink:href", "action"} and value]
        assert not [name for name in given if name.startswith("on")]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("document", list(documents()), ids=lambda one: f"{one.variant}-{one.has_key}")
def test_a_page_is_well_formed_and_needs_nothing_from_elsewhere(document: Worksheet) -> None:
    text = page(document)
    read = Reader(text)
    assert not {tag: count for tag, count in Counter(read.ids).items() if count > 1}
    assert not {"script", "link", "iframe", "form", "base", "object", "embed"} & set(read.tags)
    to_web = {link for link in read.links if not link.startswith(("#", "data:image/png;base64,"))}
    assert to_web <= {"https://example.org/a_b?c=1&d=%20#e~f"}, "but for what an author links to"
    assert {link.removeprefix("#") for link in read.links if link.startswith("#")} <= set(read.ids)
    assert not re.search(r"@import|url\((?!#)", text)
    assert "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; " in text
    assert read.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(read.headings, read.headings[1:], strict=False))
    assert {"header", "main", "nav", "footer"} <= set(read.tags)


@pytest.mark.parametrize("document", list(documents()), ids=lambda one: f"{one.variant}-{one.has_key}")
def test_every_part_is_marked_with_its_id(document: Worksheet) -> None:
    def ids(parts: tuple[object, ...]) -> Iterator[str]:
        for part in parts:
            yield part.id  # type: ignore[attr-defined]
            yield from ids(part.parts)  # type: ignore[attr-defined]

    expected = [one for exercise in document.exercises for one in ids(exercise.parts)]
    assert Reader(page(document)).parts == expected


def test_only_the_key_has_solutions_and_they_are_folded_away() -> None:
    for seed in (ORIGINAL, 3):
        key = make_paper(find_sheet("discussion04"), seed).document
        with_key, without = page(key), page(without_key(key))
        body = without.split("</style>")[1]
        for word in (
            "<details",
            "solution",
            "ticked",
            "boxed-answer",
            "model-answer",
            "mistakes",
            "Key",
            "(key)",
            "Right:",
        ):
            assert word in with_key, word
            assert word not in body, word
        # What is outside of the foldings is the student's page, but for the blanks to write on.
        assert without_blanks(re.sub("<details.*?</details>", "", with_key, flags=re.DOTALL)) == without_blanks(without)


def without_blanks(text: str) -> list[str]:
    """The problems of a page, line by line, without the room to write answers that are not ticked."""
    text = text.split("<section", 1)[1].split("</main>")[0]
    text = re.sub(r'<ul class="answer fields".*?</ul>', "", text, flags=re.DOTALL)
    text = re.sub(r'<(div|p) class="answer (?:grid|lines|work|number)".*?</\1>', "", text, flags=re.DOTALL)
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_do_not_change_a_page(words: str) -> None:
    for has_key in (False, True):
        hostile, plain = (Reader(page(sheet(text, text, student=text, has_key=has_key))) for text in (words, "Words"))
        assert hostile.tags == plain.tags


def test_a_title_does_not_leave_its_string_in_the_style() -> None:
    text = page(sheet('"} body { display: none } </style><script>'))
    style = text.split("<style>")[1].split("</style>")[0]
    assert "display: none }" not in style.split("@page")[-1]
    assert "<script" not in text
    assert r"\000022\00007d body" in style


def test_the_student_is_named() -> None:
    assert '<span class="written">Ada</span>' in page(sheet(student="Ada"))
    assert "Key for Ada (Ada), variant" in page(sheet(student="Ada", has_key=True))
    assert 'aria-label="Space for your name"' in page(sheet())
    assert "Space for your name" not in page(sheet(student="Ada"))


def test_figures_stand_in_the_page_and_share_their_style() -> None:
    text = page(make_paper(find_sheet("discussion04"), ORIGINAL).document)
    assert text.count("<svg xmlns") == 3
    assert text.count("<style") == 1
    assert text.count('id="scene-head"') == 1
    assert text.count("<desc>") == 3


# ------------------------------------------------------------------------------- templates of one's own


def test_answer_spaces_can_become_inputs(tmp_path: Path) -> None:
    macros = (
        '{% import "shipped/nodes.html.j2" as shipped %}'
        '{% macro NumberSpace(node) %}<input name="number" aria-label="{{ node.symbol }}">{% endmacro %}'
        "{% macro GridSpace(node) %}<form>{{ shipped.GridSpace(node) }}</form>{% endmacro %}"
    )
    styled = Renderer(HTML, own(tmp_path, "html/nodes.html.j2", macros))
    assert str(styled.node(NumberSpace('x"'))) == '<input name="number" aria-label="x&#34;">'
    assert str(styled.node(GridSpace("", 1, 2))).startswith('<form><div class="answer grid"')
    assert str(styled.node(Emphasis((Text("a < b"),)))) == "<em>a &lt; b</em>"


def test_drawings_of_one_s_own_stand_in_the_page_too(tmp_path: Path) -> None:
    folder = own(tmp_path, "svg/scene.svg.j2", "{% macro Scene(scene) %}<svg>{{ scene.title }}</svg>{% endmacro %}")
    text = Renderer(HTML, folder).document(SPECIMEN)
    assert "<svg>Wide</svg>" in text
    assert "<svg>Wide</svg>" not in page(SPECIMEN)


# ------------------------------------------------------------------------------------------ the command


def test_html_is_written_and_removed_like_the_other_formats(tmp_path: Path) -> None:
    def generate(formats: str) -> set[str]:
        result = CliRunner().invoke(main, ["generate", "discussion04", "--formats", formats, "--out", str(tmp_path)])
        assert result.exit_code == 0, result.output
        return {path.name for path in tmp_path.iterdir()}

    assert generate("html") == {"worksheet.html", "key.html", "manifest.json"}
    first = (tmp_path / "key.html").read_bytes()
    assert generate("html,md") >= {"worksheet.html", "worksheet.md"}
    assert (tmp_path / "key.html").read_bytes() == first
    assert not {"worksheet.html", "key.html"} & generate("md")
    assert is_ours("key.html", of_class=False)
    assert is_ours("s1/key.html", of_class=True)


def test_a_class_has_pages_too(tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("id,name\ns1,Ada\ns2,Grace\n")
    command = ["generate", "discussion04", "--roster", str(tmp_path / "class.csv"), "--formats", "html"]
    result = CliRunner().invoke(main, [*command, "--workers", "1", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    pages = sorted((tmp_path / "out").rglob("*.html"))
    assert len(pages) == 4
    assert sum("Grace" in one.read_text(encoding="utf-8") for one in pages) == 2
    verified = CliRunner().invoke(main, ["verify", str(tmp_path / "out"), "--workers", "1"])
    assert verified.exit_code == 0, verified.output


def test_the_page_about_html_is_right() -> None:
    text = (Path(__file__).parents[2] / "docs" / "html.md").read_text(encoding="utf-8")
    seen = page(make_paper(find_sheet("discussion04"), ORIGINAL).document) + page(without_key(SPECIMEN))
    table = text.split("| what | marks |")[1].split("\n\n")[0]
    for name in re.findall(r"data-[a-z]+", table):
        assert f" {name}=" in seen, name
    for name in re.findall(r"`\.([a-z-]+)", table):
        assert re.search(rf'class="(?:[^"]* )?{name}[ "]', seen), name
    for name in re.findall(r"`(number|grid|fields|lines|work|choice|claim)`", table):
        assert f'data-answer="{name}"' in seen, name
    macro = re.findall(r"```html\n(.*?)```", text, re.DOTALL)[0]
    assert macro.startswith("{% macro NumberSpace(node) %}")
    assert f"first {PIECE}\nvariants" in text


@pytest.mark.parametrize("with_key", [False, True])
def test_names_in_a_page_are_unique_and_say_of_which_part_they_are(with_key: bool) -> None:
    document = make_paper(find_sheet("discussion04-extended"), 1).document
    text = re.sub(r"<math\b.*?</math>", "", page(document if with_key else without_key(document)), flags=re.DOTALL)
    names = re.findall(r' aria-label="([^"]*)"', text)
    assert len(names) > 20
    assert [name for name, count in Counter(names).items() if count > 1 and "." not in name] == []
    assert any(re.fullmatch(r"Space for the reason 2, problem \d, part \(\w\)", name) for name in names) or with_key
    summaries = re.findall(r"<summary>(.*?)</summary>", text)
    assert len(set(summaries)) >= len(summaries) - 1


def test_each_problem_and_part_is_a_heading_one_below_the_other() -> None:
    text = page(without_key(make_paper(find_sheet("discussion04"), 1).document))
    found = [
        (int(level), re.sub("<.*?>", "", words)) for level, words in re.findall(r"<h(\d)\b[^>]*>(.*?)</h\1>", text)
    ]
    assert found[0][0] == 1
    assert [level for level, _ in found].count(2) == 5
    assert all(after - before <= 1 for (before, _), (after, _) in pairwise(found))
    assert next(words for level, words in found if level == 3) == "Problem 1, part (a)"
    assert next(words for level, words in found if level == 4) == "Problem 1, part (a) (i)"
    assert sum(level > 2 for level, _ in found) == text.count('data-part="')


def test_a_drawing_is_named_by_what_it_shows() -> None:
    text = page(without_key(make_paper(find_sheet("discussion04"), 1).document))
    (name,) = re.findall(r'<svg[^>]* role="img" aria-label="([^"]*)"', text)
    assert name.startswith("The network. An input of shape [")
    assert "blank" in name
