"""Formulas in words: their structure is kept, so that no two symbols of a problem sound alike."""

from __future__ import annotations

import pytest

from generator.problem.catalogue import catalogue
from generator.problem.parts import walk
from generator.render.spoken import spoken
from tests.drawn import of_all_levels


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\sigma^2", "sigma squared"),
        (r"\hat X", "X hat"),
        (r"\bar{x}", "x bar"),
        ("z_{1}", "z sub 1"),
        ("z_{11}", "z sub 11"),
        ("z_{1,1}", "z sub 1 , 1"),
        ("z^1_1", "z sub 1 to the power 1"),
        ("z1", "z 1"),
        (r"\hat{\mu}_1", "mu hat sub 1"),
        (r"\sigma^2_{\mathrm{new}}", "sigma sub new squared"),
        (r"\Sigma", "capital sigma"),
        (r"\mathrm{E}[y_{\mathrm{corr}}]", "E of y sub corr"),
        (r"\lVert\theta_{0}\rVert^2", "norm of theta sub 0 squared"),
        (r"\sum_i x_i^2", "sum over i x sub i squared"),
        (r"(w_i x_i)_i", "( w sub i x sub i ) sub i"),
        (r"\sqrt{\sigma^2 + \varepsilon}", "square root of sigma squared plus epsilon, end of root"),
        (r"\frac{1}{1 - p}", "fraction 1 over 1 minus p end of fraction"),
        (r"\mathrm{Linear}_{2}\text{ in}", "Linear sub 2 in"),
        ("p'", "p prime"),
        ("A^T", "A transpose"),
    ],
)
def test_a_formula_in_words(tex: str, words: str) -> None:
    assert spoken(tex) == words


@pytest.mark.parametrize("problem", catalogue())
def test_different_symbols_of_a_problem_sound_different(problem: str) -> None:
    symbols: set[str] = set()
    for variant in of_all_levels(problem, range(1, 4)):
        for part in walk(variant.all_parts):
            symbols.add(getattr(part.answer, "symbol", ""))
            symbols |= set(getattr(part.answer, "labels", ()) or ())
    symbols.discard("")
    words = {tex: spoken(tex) for tex in symbols}
    assert len(set(words.values())) == len(symbols), sorted(words.items())
