"""Words are harmless in every format; documents become text macro by macro."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.document.figures.scene import Scene
from generator.document.nodes import (
    Code,
    Display,
    Emphasis,
    Exercise,
    Figure,
    Math,
    Paragraph,
    Question,
    Text,
    Worksheet,
)
from generator.errors import AuthoringError, InputError, TemplateError
from generator.render.escaping import (
    by_row,
    by_sentence,
    escape_markdown,
    escape_xml,
    fitting,
    markdown_code,
    markdown_math,
    most_columns,
    one_line,
)
from generator.render.letters import ABOVE, BELOW, LATEX, escape_latex, greek, name_latex, prints_as_written
from generator.render.renderer import FORMATS, SVG, Renderer, count_of, figures_in, parse_formats, renderer
from generator.tex import pdf

HOSTILE = (
    r"\input{/etc/passwd}",
    r"\end{document}",
    "$(rm -rf /)",
    "$x$ and $`y`$",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "{{ worksheet }}",
    "<< worksheet >>",
    "{% raw %} <% include 'x' %> {# comment #}",
    "50 % off # 3 & more ~ ^^M",
    "a_b_c *stars* **bold** ~~gone~~ `code`",
    "![picture](http://example.org/x.png) [link](javascript:alert(1))",
    "see www.example.org or https://example.org",
    "- a list",
    "+ a list",
    "1. a list",
    "12) a list",
    "# a heading",
    "> a quotation",
    "    code",
    "| a | table |",
    "===",
    "---",
    "two\nlines\r\nand\u2028three\x85four",
    "nul \x00 bell \x07 escape \x1b[31m",
    "right-to-left \u202egnp.exe and \u2066isolated\u2069",
    "emoji 🙂👩‍🔬, Ελληνικά, Русский, 中文, עברית, Nguyễn, Łukasz, naïve, ﬁ",
    "quotes \" ' “ ” ‘ ’ – — … \u00a0 \u00ad",
    "``` fence",
    "&lt; &#36;",
)


def plain(text: str) -> str:
    """What a reader should see of ``text``, blanks aside."""
    return "".join(one_line(text).split())


# -------------------------------------------------------------------------------------------- escaping

LATEX_COMMANDS = re.compile(
    r"\\(?:text(?:backslash|asciicircum|asciitilde|less|greater|bar|quotedbl)\{\}|ensuremath\{(?:\\[A-Za-z]+|-)\}|[{}$&#%_-])"
)
LATEX_ACCENT = re.compile(r"""\\[`'^~=."urHvdckb]\{([^\W\d_]|\\j)\}""")


def without_commands(tex: str) -> str:
    """What is left of escaped words without commands for signs and accents, of which a letter may have two."""
    return LATEX_COMMANDS.sub("", LATEX_ACCENT.sub("x", LATEX_ACCENT.sub("x", tex)))


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_has_nothing_left_to_obey(text: str) -> None:
    rest = without_commands(escape_latex(text))
    assert not set(rest) & set('\\{}$&#%_^\n"<>|')


@given(st.text())
def test_latex_of_any_text_has_only_characters_that_the_fonts_have(text: str) -> None:
    rest = without_commands(escape_latex(text))
    assert not set(rest) & set('\\{}$&#%_^\n"<>|')
    assert all(ord(character) < 0x250 or unicodedata.category(character)[0] in "PS" for character in rest)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Łukasz Müller", "Łukasz Müller"),
        ("Nguyễn Văn Ạ", r"Nguy\~{ê}n Văn \d{A}"),
        ("Đặng Phương Thảo", r"Đ\d{ă}ng Phuong Thao"),
        ("Yıldız Şen, İpek, Ștefan, Łódź", "Yıldız Şen, İpek, Ștefan, Łódź"),
        ("Zoe\u0308", "Zoë"),
        ("ǐ ǰ ẅ", r"\v{ı} \v{\j} \"{w}"),
        ("a\u0302\u0301\u0300\u0323", r"\d{\'{â}}"),
        ("Щукина Алёна", "Shchukina Alena"),
        ("م ש 김 ʻOkina", "m s Gim `Okina"),
        ("Χρήστος, αβ", r"Christos, \ensuremath{\alpha}\ensuremath{\beta}"),
        ("בן־גוריון", "vn-gvryvn"),
        ("a‑b ẞ", "a-b SS"),
        ("$\u0301{\u0323", r"\$\{"),
        ("λ = 3·10⁻²", r"\ensuremath{\lambda} = 3\ensuremath{\cdot}10?²"),
        ("ά", r"\ensuremath{\alpha}"),
        ("x\u0301\u200d", r"\'{x}"),
        ("\u0301", ""),
        ("2\u0301", "2"),
        ("ʰ", "?"),
        ("🙂 ok", "? ok"),
        ("中", "Zhong"),
        ("100 %", r"100 \%"),
        ("a\u2003b", "a b"),
    ],
)
def test_latex_of_what_the_fonts_lack(text: str, tex: str) -> None:
    assert escape_latex(text) == tex


@pytest.mark.parametrize(
    ("name", "as_written"),
    [
        ("Ada Lovelace & Sons", True),
        ("Nguyễn Thị Ánh", True),
        ("Şükrü Iğdır, Łukasz Żółć, Ģirts Ķēniņš, Győző, Þórður", True),
        ("Zoe\u0308 \u200d", True),
        ("Phương", False),
        ("Thả", False),
        ("王小明 (Wang Xiaoming)", False),
        ("Щукина", False),
        ("Χρήστος", False),
        ("a\u0302\u0301\u0300\u0323", False),
        ("Ann 🙂", False),
    ],
)
def test_it_is_known_which_names_print_as_they_are_written(name: str, as_written: bool) -> None:
    assert prints_as_written(name) == as_written
    assert name_latex(name).startswith(r"\inscript{") != as_written


@given(st.text(st.characters(codec="utf-8", max_codepoint=0x2FFF)))
def test_a_name_that_prints_as_it_is_written_loses_no_mark(name: str) -> None:
    if prints_as_written(name):
        marks = {command: mark for mark, command in (ABOVE | BELOW).items()}
        tex = escape_latex(name)
        while accented := LATEX_ACCENT.search(tex):
            letter = {"ı": "i", r"\j": "j"}.get(accented[1], accented[1])
            tex = tex.replace(accented[0], unicodedata.normalize("NFC", letter + marks[accented[0][1]]))
        letters = [letter for letter in unicodedata.normalize("NFC", name) if ord(letter) > 127 and letter.isalpha()]
        assert all(letter in tex or letter in LATEX for letter in letters)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_as_it_is_written_has_nothing_left_to_obey(text: str) -> None:
    command = name_latex(text)
    if command.startswith(r"\inscript{"):
        assert without_commands(command.removeprefix(r"\inscript{")).count("}") == 2
        assert not set(without_commands(command.removeprefix(r"\inscript{"))) & set('\\$&#%_^\n"<>|')


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_words_as_they_are(text: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(escape_markdown(text)).strip()
    assert re.fullmatch(r"<p>[^<]*</p>", html), html
    assert plain(unescape(html.removeprefix("<p>").removesuffix("</p>"))) == plain(text)
    assert "$" not in escape_markdown(text)


@given(st.text(alphabet=st.sampled_from(list("ab1 \\`*_{}[]()<>#+-.!|~$&=:/\n\t\"'"))))
def test_markdown_of_any_signs_is_one_paragraph(text: str) -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(escape_markdown(text)).strip()
    assert re.fullmatch(r"<p>[^<]*</p>|", html), html
    assert plain(unescape(re.sub("</?p>", "", html))) == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_xml_shows_words_as_they_are(text: str) -> None:
    assert ET.fromstring(f"<t>{escape_xml(text)}</t>").text == one_line(text)  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("tex", "markdown"),
    [
        ("x_1 + y_1", "$x_1 + y_1$"),
        (r"\frac{1}{2}", r"$\frac{1}{2}$"),
        (r"\hat{x}_i", r"$`\hat{x}_i`$"),  # the underscore could begin an emphasis
        (r"a\,b", r"$`a\,b`$"),
        (r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}", r"$`\begin{bmatrix} 1 \\ 2 \end{bmatrix}`$"),
        (r"\theta^*", r"$`\theta^*`$"),
        ("a < b", "$`a < b`$"),
        (r"|x| + \|\theta\|", r"$\vert x\vert  + \Vert \theta\Vert $"),
    ],
)
def test_formulas_in_markdown_survive_it(tex: str, markdown: str) -> None:
    assert markdown_math(tex).replace(" $", "$") == markdown.replace(" $", "$")


def test_code_in_markdown_keeps_its_limits() -> None:
    assert markdown_code("a`b\n| c") == "`a'b ¦ c`"


def test_tex_as_one_likes_to_edit_it() -> None:
    assert by_row(r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}") == "\\begin{bmatrix} 1 \\\\\n    2 \\end{bmatrix}"
    assert by_sentence("It holds for $x$. Why? See e.g. below.") == "It holds for $x$.\nWhy?\nSee e.g. below."
    assert greek("λ") == r"\lambda"
    assert greek("x") == "x"


@pytest.mark.parametrize(
    ("tex", "fits"),
    [
        (r"K = 3 \cdot 128 + 3 \cdot 256 = 1232", True),
        (r"\frac{\sqrt{3}}{\mathrm{Linear}_{1}} " * 4, True),
        (r"\begin{aligned} a &= 123456789 \\ b &= 123456789 \\ c &= 123456789 \\ d &= 123456789 \end{aligned}", True),
        ("1 + " * 30 + "1", False),
        (r"\gamma \odot \hat x + \beta = " * 8, False),
        (r"X = \begin{bmatrix} " + " & ".join(["123"] * 14) + r" \end{bmatrix}", False),
    ],
)
def test_formulas_that_may_be_too_wide_for_a_line(tex: str, fits: bool) -> None:
    assert fitting(tex) == (tex if fits else rf"\fitmath{{{tex}}}")


def test_the_columns_of_the_widest_matrix() -> None:
    assert most_columns("words") == 1
    assert most_columns(r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \begin{bmatrix} 1 & 2 & 3 \end{bmatrix}") == 3


# ------------------------------------------------------------------------------------------- documents


def sheet(title: str = "A sheet", question: str = "Why?", *, student: str = "", has_key: bool = False) -> Worksheet:
    asked = Question("why", "a", 1, (Paragraph((Text(question),)), Display("x = 1")))
    only = Exercise("only", 1, title, 1, (Paragraph((Emphasis((Text("First"),)), Text(" words."))),), (asked,))
    return Worksheet(title, title, (Paragraph((Text(title),)),), "AAAA-BBBB", 1, (only,), has_key, student, student)


def tags(markdown: str) -> list[str]:
    """The structure of a Markdown text, as the HTML tags it becomes."""
    return re.findall(r"<[^>]*>", MarkdownIt("gfm-like", {"linkify": False}).render(markdown))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_do_not_change_a_sheet(words: str) -> None:
    markdown = renderer(FORMATS["md"])
    assert tags(markdown.document(sheet(words, words))) == tags(markdown.document(sheet("Title", "Question")))
    if "emoji" in words:
        with pytest.raises(AuthoringError, match="'🙂👩' is not in the PDF's fonts"):
            renderer(FORMATS["tex"]).document(sheet(words, words))
        return
    tex = renderer(FORMATS["tex"]).document(sheet(words, words))
    assert tex.count(r"\end{document}") == 1
    assert r"\input{" not in tex


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_names_do_not_change_a_sheet(words: str) -> None:
    markdown, ada = renderer(FORMATS["md"]), sheet(student="Ada")
    assert tags(markdown.document(replace(ada, student=words))) == tags(markdown.document(ada))


@pytest.mark.parametrize("has_key", [False, True])
@pytest.mark.parametrize("words", [" ".join(HOSTILE), "x" * 500])
def test_hostile_names_stay_on_their_line(words: str, has_key: bool) -> None:
    latex = renderer(FORMATS["tex"])
    tex = latex.document(sheet(student=words, has_key=has_key))
    assert pdf.compile_pdf(tex, pdf.find_engine(), files=latex.companions).warnings == ()


def test_the_student_is_named() -> None:
    tex, markdown = renderer(FORMATS["tex"]), renderer(FORMATS["md"])
    ada, key = (
        replace(sheet(student="Ada"), student_id="17"),
        replace(sheet(student="Ada", has_key=True), student_id="17"),
    )
    assert r"\student{Ada}{17}" in tex.document(ada)
    assert r"\student{Ada}{17}" in tex.document(key)
    assert "Name: Ada\u2003ID: 17" in markdown.document(ada)
    assert "Key for Ada (17), variant AAAA-BBBB" in markdown.document(key)
    assert "Name: ____" in markdown.document(sheet())


def test_a_node_without_a_macro_names_macro_and_file() -> None:
    class Sketch:
        pass

    with pytest.raises(TemplateError, match=r"the format tex has no macro 'Sketch'.*templates/latex/nodes\.tex\.j2"):
        Renderer(FORMATS["tex"]).node(Sketch())


def own(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return folder


def test_ones_own_macro_comes_first_and_the_rest_stays(tmp_path: Path) -> None:
    folder = own(
        tmp_path, "latex/nodes.tex.j2", r"<% macro Emphasis(node) %>\textsl{<< render(node.children) >>}<% endmacro %>"
    )
    styled = Renderer(FORMATS["tex"], folder).document(sheet())
    shipped = Renderer(FORMATS["tex"]).document(sheet())
    assert styled != shipped
    assert styled == shipped.replace(r"\emph{", r"\textsl{")
    assert Renderer(FORMATS["md"], folder).document(sheet()) == Renderer(FORMATS["md"]).document(sheet())


def test_ones_own_macro_can_use_the_shipped_one(tmp_path: Path) -> None:
    text = r'<% import "shipped/nodes.tex.j2" as shipped %><% macro Emphasis(node) %>[<< shipped.Emphasis(node) >>]<% endmacro %>'
    folder = own(tmp_path, "latex/nodes.tex.j2", text)
    assert Renderer(FORMATS["tex"], folder).node(Emphasis((Text("a & b"),))) == r"[\emph{a \& b}]"


def test_macros_called_by_templates_are_escaped_once(tmp_path: Path) -> None:
    text = "{% macro loud(text) %}{{ text }}!{% endmacro %}{% macro Text(node) %}{{ loud(node.text) }}{% endmacro %}"
    folder = own(tmp_path, "markdown/nodes.md.j2", text)
    assert Renderer(FORMATS["md"], folder).node(Text("a*b")) == r"a\*b!"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<% macro Text(node) %>\n<< node.tixt >><% endmacro %>", r"nodes\.tex\.j2, line 2: .*tixt"),
        ("<% macro Text(node) %>\n\n<< node.text", r"nodes\.tex\.j2, line 3: "),
        ("<% macro Text(node) %><< node.text|louder >><% endmacro %>", r"nodes\.tex\.j2, line 1: .*louder"),
    ],
)
def test_a_broken_template_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    folder = own(tmp_path, "latex/nodes.tex.j2", text)
    with pytest.raises(TemplateError, match=message):
        Renderer(FORMATS["tex"], folder).document(sheet())


def test_equal_words_of_different_kinds_are_kept_apart() -> None:
    tex = Renderer(FORMATS["tex"])
    assert [str(tex.node(kind("x"))) for kind in (Text, Math, Code, Text)] == ["x", "$x$", r"\texttt{x}", "x"]


def test_figures_by_their_files() -> None:
    empty, full = Scene(1, 1, (), "a", ""), Scene(2, 1, (), "b", "")
    assert figures_in((Figure("net", empty), Figure("net", empty, full))) == {
        "figures/net": empty,
        "key-figures/net": full,
    }
    with pytest.raises(AuthoringError, match="two figures are called 'net'"):
        figures_in((Figure("net", empty), Figure("net", full)))
    assert renderer(SVG).figure(empty).startswith("<svg ")


def test_formats_are_read_in_order_and_once() -> None:
    assert parse_formats("pdf, tex,pdf") == ("pdf", "tex")
    with pytest.raises(InputError, match="there is no format 'odt'"):
        parse_formats("tex,odt")
    with pytest.raises(InputError, match="name at least one"):
        parse_formats(" , ")


def test_counts() -> None:
    assert [count_of(number, "point") for number in (0, 1, 2)] == ["0 points", "1 point", "2 points"]


# ---------------------------------------------------------------------------------- what rendering leaves out


def test_macros_with_more_arguments_are_called_as_jinja_does(tmp_path: Path) -> None:
    text = "<% macro Emphasis(node, how='so') %><< how >>[<< render(node.children) >>]<% endmacro %>"
    assert (
        Renderer(FORMATS["tex"], own(tmp_path, "latex/nodes.tex.j2", text)).node(Emphasis((Text("a_b"),)))
        == r"so[a\_b]"
    )


def test_a_template_s_own_render_is_a_macro_like_any_other(tmp_path: Path) -> None:
    text = "<% macro render(text) %>(<< text >>)<% endmacro %><% macro Text(node) %><< render(node.text)|trim >><% endmacro %>"
    assert Renderer(FORMATS["tex"], own(tmp_path, "latex/nodes.tex.j2", text)).node(Text("a_b")) == r"(a\_b)"


def test_nodes_are_told_apart_when_more_are_rendered_than_are_remembered() -> None:
    markdown = Renderer(FORMATS["md"])
    for number in range(10_000):
        assert markdown.node(Paragraph((Text(f"number {number}"),))) == f"number {number}\n\n"


@given(st.text(alphabet="aZ0 .?!$]\\\n", max_size=30))
def test_sentences_end_where_a_look_back_finds_them(text: str) -> None:
    assert by_sentence(text) == re.sub(r"(?<=[a-z)$\]}][.?!]) (?=[A-Z$\\])", "\n", text)


@given(st.text(alphabet="aZ0_*~<>\\ {}", max_size=20))
def test_formulas_that_markdown_would_mangle_are_kept_in_backticks(tex: str) -> None:
    mangled = re.search(r"\\[^A-Za-z]|[*<>~]|(?<![A-Za-z0-9])_", tex)
    assert markdown_math(tex) == (f"$`{tex}`$" if mangled else f"${tex}$")
