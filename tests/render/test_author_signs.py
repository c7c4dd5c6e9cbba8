"""An author's signs in LaTeX: each prints as itself or is refused; names of people print as near as may be."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document.nodes import Math, Text
from generator.errors import AuthoringError
from generator.render.author_signs import author_latex, for_engine, formula, latex
from generator.render.letters import escape_latex
from generator.render.renderer import FORMATS, renderer
from generator.tex import pdf
from tests.render.test_render import sheet

SIGNS = "z₁ H₂O xⁿ⁺¹ ℝⁿ ℕ 𝔼[x] 𝒩 θ̂ λ̄ ŷ x̄ ε̃ v⃗ a≪b ≫ ∂L∕∂w ‖w‖₂ ½ ⅓ ① Δx ≤ ≠ ∀ ∃ ∅ ∪ ∩ ⟨x⟩ ⌊x⌋ ⊗ ∝ ′ → ↦ ⇒ ∫ ∇ ± × ÷ µ °"


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("z₁", r"z\ensuremath{_{1}}"),
        ("ℝⁿ", r"\ensuremath{\mathbb{R}}\ensuremath{^{n}}"),
        ("θ̂", r"\ensuremath{\hat{\theta}}"),
        ("a≪b", r"a\ensuremath{\ll}b"),
        ("ŷ, x̄", r"ŷ, \={x}"),
        ("⅓ ①", r"\ensuremath{\tfrac{1}{3}} \textcircled{1}"),
        ("ﬁt Nguyễn 100 %", r"fit Nguy\~{ê}n 100 \%"),
    ],
)
def test_words(text: str, tex: str) -> None:
    assert author_latex(text) == tex


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("the knight ♞ moves", r"the sign '♞' \(black chess knight\) is not in the PDF's fonts"),
        ("Что выводит слой?", "'Что выводит слой' is not"),
        ("不要使用计算器。", "'不要使用计算器。' is not"),
        ("done ✓", "'✓'"),
        ("x\u0336", "is not in the PDF's fonts"),
    ],
)
def test_what_cannot_be_printed_is_named(text: str, named: str) -> None:
    with pytest.raises(AuthoringError, match=named):
        author_latex(text)
    assert text in renderer(FORMATS["md"]).node(Text(text))
    assert text in renderer(FORMATS["html"]).node(Text(text))


@pytest.mark.parametrize("tex", ["а + b", r"\text{слой}", "✓"])
def test_a_formula_with_a_sign_that_cannot_be_printed_is_refused(tex: str) -> None:
    with pytest.raises(AuthoringError, match="not in the PDF's fonts: write it as a command of LaTeX"):
        formula(tex)


@given(st.text())
def test_no_sign_is_changed_silently(text: str) -> None:
    try:
        tex = author_latex(text)
    except AuthoringError:
        return
    assert "?" not in tex.replace("?", "", text.count("?"))


@pytest.mark.parametrize(
    ("tex", "printed"),
    [
        (r"\theta", r"\theta"),
        ("θ̂ ≪ z₁", r"{\hat{\theta}} \ll  z_{1}"),
        ("x ∈ ℝⁿ", r"x \in  {\mathbb{R}}^{n}"),
        (r"\text{café}", r"\text{café}"),
        ("ŷ₁ + ß", r"{\hat{y}}_{1} + \text{ß}"),
        (r"\text{z₁}", r"\text{z\ensuremath{_{1}}}"),
    ],
)
def test_formulas(tex: str, printed: str) -> None:
    assert formula(tex) == printed
    assert renderer(FORMATS["tex"]).node(Math(tex)) == f"${printed}$"


def test_tex_sets_the_signs_without_a_warning() -> None:
    writer = renderer(FORMATS["tex"])
    formulas = " ".join(f"${formula(sign)}$" for sign in SIGNS.split())
    tex = (
        writer.document(sheet(SIGNS, SIGNS))
        .replace("x = 1", r"\mathbb{E}")
        .replace(r"\begin{parts}", formulas + r"\begin{parts}", 1)
    )
    assert pdf.compile_pdf(tex, pdf.find_engine(), files=writer.companions).warnings == ()


def test_lualatex_prints_words_in_any_script() -> None:
    with for_engine("lualatex"):
        assert author_latex("Bild: 深度 学习, dann Привет!") == (
            r"Bild: \inscript{深度 学习}{\unprintable{U+6DF1 U+5EA6 U+5B66 U+4E60}}, dann "
            r"\inscript{Привет}{\unprintable{U+041F U+0440 U+0438 U+0432 U+0435 U+0442}}!"
        )
        writer = renderer(FORMATS["tex"])
        assert r"\inscript{слой}" in writer.node(Text("слой"))
    with pytest.raises(AuthoringError, match="'слой' is not in the PDF's fonts: .* say --engine lualatex"):
        writer.node(Text("слой"))  # what was rendered for one engine is not for another


def test_the_title_in_a_pdf_s_properties_has_latin_letters_for_those_that_print_as_formulas() -> None:
    tex = renderer(FORMATS["tex"]).document(sheet(title="Δίκτυα ℝⁿ"))
    made = pdf.compile_pdf(tex, pdf.find_engine(), files=renderer(FORMATS["tex"]).companions)
    with pikepdf.open(BytesIO(made.content)) as document:
        assert str(document.docinfo["/Title"]).startswith("Diktya R")
    assert r"\title{Plain \& simple}" in renderer(FORMATS["tex"]).document(sheet(title="Plain & simple"))


def test_a_name_prints_as_near_as_may_be() -> None:
    tex = renderer(FORMATS["tex"]).document(sheet(student="Щукина 🙂"))
    assert rf"\student{{\inscript{{Щукина 🙂}}{{{escape_latex('Щукина 🙂')}}}}}" in tex
    with pytest.raises(AuthoringError):
        latex("Щукина 🙂")
