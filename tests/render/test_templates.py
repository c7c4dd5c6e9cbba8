"""The shipped templates: every node in every format, formulas that survive Markdown, pages that TeX sets without a warning."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from generator.document import nodes as document
from generator.document.figures.scene import Box, Scene
from generator.document.keyless import without_key
from generator.document.nodes import BoxedAnswer as Boxed
from generator.document.nodes import (
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
from generator.errors import EngineError
from generator.paper.paper import ORIGINAL, Seed, exercise, make_paper
from generator.paper.sheet_file import find_sheet
from generator.problem.catalogue import catalogue
from generator.render.formats import DOCX
from generator.render.pictures import picture_files
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf
from generator.tex.chunk import compile_papers
from tests.drawn import drawn, printed

WIDE = r"\begin{bmatrix} " + " & ".join([r"-1-\frac{12\sqrt{14}}{35}"] * 14) + r" \end{bmatrix}"
WORDS = "Words with accents (Łukasz, naïve), Greek λ, a set ℝⁿ and 100 % of #&_{}$^~\\ the signs. "


def words(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph((Text(text),)),)


PICTURE = str(Path(__file__).parent / "square.png")
CODE = "def f(x):\n    return \"a\" -- 'b'  # 100 % of #&_{}$^~\\ `signs` <<x>>\n\n" + "long " * 40 + "x" * 200

BLOCKS: tuple[Any, ...] = (
    CodeBlock(CODE),
    Paragraph((Link("https://example.org/a_b?c=1&d=%20#e~f", (Text("a link"),)), Code("x['--'] `<<` \""))),
    Image(PICTURE, WORDS + "a, b]", 40, "images"),
    Image(PICTURE, "its own width", 0, "key-images"),
    Paragraph(
        (Text(WORDS), Strong((Text("strong"),)), Emphasis((Text("stressed"),)), Code("model.eval()"), Math("x_1^2"))
    ),
    Display(r"a = b"),
    Display(rf"X = {WIDE}, \qquad y = {WIDE}"),
    Fillable(words("to be filled in"), words("filled in")),
    Bullets((words("one"), (*words("two"), Display("z")))),
    Numbered((words("first"), (Bullets((words("inner"),)),))),
    Table(((Text("a"),), (Math("b"),)), (((Math(r"\|\theta\|"),), (Text("1 | 2"),)),)),
    Figure("net", Scene(900, 40, (Box(0, 0, 900, 40, "linear"),), "Wide", ""), Scene(40, 40, (), "Full", "")),
)
SPACES: tuple[Any, ...] = (
    WorkSpace(3),
    NumberSpace("C"),
    NumberSpace(""),
    GridSpace("Y", 3, 4),
    GridSpace(r"y_{\mathrm{long\ name}}", 1, 12),
    FieldsSpace(("z_1", "z_2", r"\text{a rather long label of a field}")),
    FieldsSpace(("z_1",)),
    LinesSpace(3),
    ChoiceSpace((words("yes"), (Display("0"),)), correct=(1,)),
    ClaimSpace(words("It holds."), True, words("Because.")),
    ClaimSpace((Display("1 = 2"),), False, (Display("1 < 2"),)),
)
NOTES = (
    MistakeNote(rf"\text{{row 1}} = {WIDE}", (Text("divided by "), Math("d"))),
    MistakeNote("2", (Text("forgot " + WORDS),)),
)
KEY = Key(Boxed(rf"Y = {WIDE}"), (words("Step. " + WORDS * 3), BLOCKS), (Criterion(1, (Text("it"),)),), NOTES)
ESSAY = Key(ModelAnswer((Display("x"), *words("so"))))
PARTS = (
    Question("long", "a", 4, BLOCKS, SPACES, (), KEY),
    Question("bare", "b", 1, (Display("x"),), (LinesSpace(1),), (), ESSAY),
    Question(
        "nested", "c", 2, words("Now"), (), (Question("inner", "i", 2, words("go"), SPACES[:2], (), Key(Boxed("1"))),)
    ),
)
SPECIMEN = Worksheet(
    WORDS, "", words(WORDS), "AAAA-BBBB", 7, (Exercise("all", 1, WORDS, 7, BLOCKS, PARTS),), has_key=True
)


def inside(node: Any) -> Iterator[Any]:
    """Every node of a document, itself first."""
    if isinstance(node, tuple):
        for child in node:
            yield from inside(child)
    elif hasattr(node, "__dataclass_fields__"):
        yield node
        for name in node.__dataclass_fields__:
            yield from inside(getattr(node, name))


def test_the_specimen_has_every_node() -> None:
    nodes = {
        one
        for one in vars(document).values()
        if hasattr(one, "__dataclass_fields__") and one.__module__ == document.__name__
    }
    assert nodes <= {type(node) for node in inside(SPECIMEN)}


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_every_node_renders_alone(form: Any) -> None:
    for node in inside(SPECIMEN):
        if not isinstance(node, Worksheet | Scene | Box | PageStyle):
            assert isinstance(str(renderer(form).node(node)), str)


# ------------------------------------------------------------------------------------------------ LaTeX


@pytest.fixture(
    scope="module",
    params=[
        "embedded",
        pytest.param(
            "system",
            marks=[
                pytest.mark.heavy,
                pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on the PATH"),
            ],
        ),
    ],
)
def engine(request: pytest.FixtureRequest) -> pdf.Engine:
    return pdf.find_engine(request.param)


def test_tex_sets_every_node_without_a_warning(engine: pdf.Engine) -> None:
    tex = renderer(FORMATS["tex"])
    texts = {"key": tex.document(SPECIMEN), "sheet": tex.document(without_key(SPECIMEN))}
    files: dict[str, str | bytes] = {**tex.companions, **picture_files([SPECIMEN], texts, ["tex"])}
    made = compile_papers(texts, engine, files=files)
    assert {name: one.warnings for name, one in made.items()} == {"key": (), "sheet": ()}


@pytest.mark.heavy
@pytest.mark.parametrize("seed", [ORIGINAL, 1, 2, 3, 4, 5, 6, 7, 8])
def test_tex_sets_the_sheet_without_a_warning(engine: pdf.Engine, seed: Seed) -> None:
    key = make_paper(find_sheet("discussion04"), seed).document
    tex = renderer(FORMATS["tex"])
    texts = {"key": tex.document(key), "sheet": tex.document(without_key(key))}
    made = compile_papers(texts, engine, files=tex.companions)
    assert {name: one.warnings for name, one in made.items()} == {"key": (), "sheet": ()}


def test_a_tex_error_names_problem_and_part() -> None:
    broken = Question("inner", "a", 1, (Paragraph((Math(r"\undefinedmacro"),)),))
    bad = Worksheet("T", "", (), "AAAA-BBBB", 1, (Exercise("norms", 1, "T", 1, (), (broken,)),))
    with pytest.raises(EngineError, match=r"\(problem norms, part inner\): Undefined control sequence"):
        tex = renderer(FORMATS["tex"])
        pdf.compile_pdf(tex.document(bad), pdf.find_engine(), files=tex.companions)


def test_only_the_key_has_the_key_s_macros() -> None:
    tex = renderer(FORMATS["tex"])
    key, student = tex.document(SPECIMEN), tex.document(without_key(SPECIMEN))
    for macro in (
        r"\begin{solution}",
        r"\answerbox{",
        r"\begin{mistakes}",
        r"\criterion{",
        r"\CorrectChoice",
        r"\claimtrue",
        r", key]{worksheet}",
    ):
        assert macro in key
        assert macro not in student
    assert "(key)" not in student


# --------------------------------------------------------------------------------------------- Markdown


def seen_by_github(markdown: str) -> str:
    """The words that are left when the Markdown is read without knowing mathematics, as GitHub does at first."""
    html = MarkdownIt("gfm-like", {"linkify": False}).render(markdown)
    return unescape(re.sub(r"<[^>]*>", "", html))


def assert_formulas_survive(document: Worksheet | Exercise) -> None:
    markdown = str(renderer(FORMATS["md"]).node(document))
    seen = seen_by_github(markdown)
    formulas = re.findall(r"\$`[^`]*`\$|\$[^$\n]+\$", re.sub(r"```math\n.*?```", "", markdown, flags=re.DOTALL))
    assert formulas
    for formula in formulas:
        assert formula.replace("$`", "$").replace("`$", "$") in seen, formula
    read = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    assert sum(token.type == "fence" and token.info == "math" for token in read) == markdown.count("```math")


@pytest.mark.parametrize("problem", catalogue().values(), ids=lambda problem: problem.id)
def test_formulas_reach_the_mathematics_unchanged(problem: Any) -> None:
    for variant in (printed(problem.id), *(drawn(problem.id, seed) for seed in range(1, 4))):
        assert_formulas_survive(exercise(variant, 1))
        assert_formulas_survive(without_key(exercise(variant, 1)))


def test_formulas_survive_within_tables_and_lists() -> None:
    assert_formulas_survive(SPECIMEN.exercises[0])


def test_displays_begin_their_own_lines() -> None:
    markdown = str(renderer(FORMATS["md"]).document(SPECIMEN))
    assert all(re.match(r"^(?:> | *)?```", line) for line in markdown.splitlines() if "```" in line)


TICKED = {
    "tex": {True: r"\claimtrue", False: r"\claimfalse"},
    "md": {True: "**☒ True  ☐ False**", False: "**☐ True  ☒ False**"},
    "html": {True: "<strong>True,</strong>", False: "<strong>False,</strong>"},
    "docx": {True: "**☒ True  ☐ False**", False: "**☐ True  ☒ False**"},
}


@pytest.mark.parametrize("form", [*FORMATS, "docx"])
@pytest.mark.parametrize("verdict", [True, False])
def test_the_key_ticks_the_verdict_of_a_claim(form: str, verdict: bool) -> None:
    claim = ClaimSpace((Paragraph((Text("Up."),)),), verdict, (Paragraph((Text("So."),)),))
    writer = renderer(DOCX if form == "docx" else FORMATS[form])
    key, sheet = (str(writer.node(one)) for one in (claim, without_key(claim)))
    assert TICKED[form][verdict] in key
    assert TICKED[form][not verdict] not in key
    assert not any(mark in sheet for mark in TICKED[form].values())
    assert "So." not in sheet
