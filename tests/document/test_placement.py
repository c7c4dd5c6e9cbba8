"""Code, links, pictures and references to parts in prose."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.document import prose
from generator.document.nodes import Bullets, CodeBlock, Image, Link, Paragraph, Text
from generator.document.placement import LARGEST, Placement, in_key, placed
from generator.errors import AuthoringError
from generator.practice.terminal.document import Writer
from generator.problem.bank_table import Table

PICTURE = Path(__file__).parent.parent / "render" / "square.png"


@pytest.fixture
def here(tmp_path: Path) -> Placement:
    shutil.copy(PICTURE, tmp_path / "one.png")
    shutil.copy(PICTURE, tmp_path / "my picture.png")
    return Placement(tmp_path, {"mean": "(a)", "inner": "(b)(ii)"}, complete=True)


def test_nothing_in_a_fence_means_anything() -> None:
    code = "x = '$' + \"\\theta\"  # <slot> `$$` [](#part)\n\n$$\nif x:\n    y"
    (block,) = prose.nodes(f"```python\n{code}\n```", {})
    assert block == CodeBlock(code)


def test_formulas_and_slots_around_a_fence_are_read() -> None:
    before, code, after = prose.nodes("$<x>$:\n```\n<x>\n```\n$$<x>$$", {"x": 3})
    assert code == CodeBlock("<x>")
    assert "3" in str(before)
    assert "3" in str(after)


def test_code_stands_in_lists() -> None:
    (found,) = prose.nodes("- one\n\n  ```\n  code\n    more\n  ```\n- two", {})
    assert isinstance(found, Bullets)
    assert found.items[0][1] == CodeBlock("code\n  more")


def test_the_lines_of_code_in_a_bank_stay_lines() -> None:
    table = Table("bank.toml", "texts", {"text": "Some\nwords:\n```\nx = '$'\ny = 2\n```\nand\nmore"})
    lines = [line.strip() for line in table.text("text").splitlines() if line.strip()]
    assert lines == ["Some words:", "```", "x = '$'", "y = 2", "```", "and more"]


def test_links_lead_to_the_web_and_to_mail_alone() -> None:
    (line,) = prose.nodes("See [the page](https://a.org/b_c?d=1#e), <https://f.org> and <mailto:g@h.org>.", {})
    assert isinstance(line, Paragraph)
    links = [piece for piece in line.children if isinstance(piece, Link)]
    assert [(link.url, link.children) for link in links] == [
        ("https://a.org/b_c?d=1#e", (Text("the page"),)),
        ("https://f.org", (Text("https://f.org"),)),
        ("mailto:g@h.org", (Text("g@h.org"),)),
    ]


def test_a_picture_is_looked_for_beside_the_problem(here: Placement) -> None:
    with placed(here):
        (image,) = prose.nodes("![A  square\nin blue](<my picture.png>){width=60%}", {})
        with in_key():
            (in_the_key,) = prose.nodes("![A square](one.png)", {})
    assert here.folder is not None
    assert image == Image(str(here.folder / "my picture.png"), "A square in blue", 60, "images")
    assert in_the_key == Image(str(here.folder / "one.png"), "A square", 0, "key-images")


def test_where_a_picture_cannot_be_found_its_words_stand() -> None:
    (image,) = prose.nodes("![A square](one.png)", {})
    assert [line.plain for line in Writer().blocks((image,))] == ["Picture: A square"]


def test_a_reference_is_the_label_of_its_part(here: Placement) -> None:
    with placed(here):
        (line,) = prose.nodes("By [](#mean) and [](#inner).", {})
        assert prose.source("By [](#mean), `[](#mean)`.", {}) == "By (a), `[](#mean)`."
    assert isinstance(line, Paragraph)
    assert "".join(piece.text for piece in line.children if isinstance(piece, Text)) == "By (a) and (b)(ii)."
    assert prose.references("By [](#mean)\n```\n[](#other)\n```") == {"mean"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("![](one.png)", "has no alternative text"),
        ("![One](two.png)", "the picture two.png cannot be read: No such file or directory"),
        ("![One](one.svg)", "is none of .png, .jpg, .jpeg, .pdf"),
        ("![One](text.png)", "is not what its ending says"),
        ("![One](large.png)", "has more than 5 MiB"),
        ("![One](cut.png)", "the picture cut.png is damaged: save it again"),
        ("![One](/one.png)", "give the name of a file beside"),
        ("![One](https://a.org/one.png)", "give the name of a file beside"),
        ("![One](my picture.png)", "stands in <…>"),
        ("![One](one.png){width=120%}", "expected nothing, or its width from 1 to 100 %"),
        ("![One](one.png){height=3}", "expected nothing, or its width from 1 to 100 %"),
        ("words ![One](one.png)", "stands among words: give it a paragraph of its own"),
        ("| a |\n|-|\n| ![One](one.png) |", "stands among words"),
        ("[a](javascript:b)", "a link needs an address of http"),
        ("[a](page.html)", "leads nowhere from a page"),
        ("[a](ftp://b.org)", "leads nowhere from a page"),
        ("[](https://b.org)", "has no words"),
        ("[](#maen)", "refers to a part that is not asked here; did you mean mean?"),
        ("[see](#mean)", "has no words of its own"),
    ],
)
def test_what_cannot_be_shown_is_told(text: str, told: str, here: Placement) -> None:
    assert here.folder is not None
    (here.folder / "text.png").write_text("no picture", encoding="utf-8")
    (here.folder / "cut.png").write_bytes(PICTURE.read_bytes()[:-20])
    (here.folder / "large.png").write_bytes(PICTURE.read_bytes() + bytes(LARGEST))
    with placed(here), pytest.raises(AuthoringError) as error:
        prose.nodes(text, {})
    assert told in str(error.value)
