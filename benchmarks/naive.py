"""Problems as one would first write them: symbols, ``simplify`` on every entry, ``sympy.latex``.

Kept to be measured against; it gives the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sympy

from generator.paper.generate import both_documents, text_files
from generator.paper.paper import Paper
from generator.paper.sheet import Sheet
from generator.problem.problem import Variant
from generator.render.renderer import renderer


def norm_tex(params: Mapping[str, Any], *, by_column: bool) -> str:
    """The TeX of mean, variance, deviation, normalized matrix and output of a layer or batch norm."""
    X = sympy.Matrix(params["X"])
    if by_column:
        X = X.T
    count, size = X.shape
    names = sympy.symbols(f"x1:{size + 1}")
    epsilon = sympy.Symbol("epsilon", nonnegative=True)
    mean = sum(names) / size
    variance = sum((name - mean) ** 2 for name in names) / size
    std = sympy.sqrt(variance + epsilon)
    normalized = [(name - mean) / std for name in names]
    texts = []
    rows, outputs = [], []
    for i in range(count):
        numbers = {**dict(zip(names, X.row(i), strict=True)), epsilon: params["epsilon"]}
        texts += [sympy.latex(sympy.simplify(quantity.subs(numbers))) for quantity in (mean, variance, std)]
        rows.append([sympy.simplify(entry.subs(numbers)) for entry in normalized])
        features = [i] * size if by_column else range(size)
        outputs.append(
            [
                sympy.simplify(params["gamma"][j] * entry + params["beta"][j])
                for j, entry in zip(features, rows[-1], strict=True)
            ]
        )
    matrices = [sympy.Matrix(rows), sympy.Matrix(outputs)]
    return " ".join(texts + [sympy.latex(M.T if by_column else M) for M in matrices])


def paper_tex(variants: Iterable[Variant]) -> str:
    """The TeX of all quantities of a paper's problems, and of all that their mistakes lead to.

    The norms are solved anew, from symbols; of the other problems the values are at hand, which flatters this way.
    """
    texts = []
    for variant in variants:
        if variant.problem.id in ("layer-norm", "batch-norm"):
            texts.append(norm_tex(variant.params, by_column=variant.problem.id == "batch-norm"))
        for values in (variant.values, *(wrong for _, wrong in variant.wrong)):
            changed = {name: value for name, value in values.computed.items() if value is not variant.values.get(name)}
            for value in (variant.values.computed if values is variant.values else changed).values():
                texts += [sympy.latex(sympy.simplify(number)) for number in _numbers(value)]
    return " ".join(texts)


def paper_files(paper: Paper, sheet: Sheet) -> dict[str, bytes]:
    """The files of a paper, by templates loaded for it alone; its document is at hand, which flatters this way."""
    renderer.cache_clear()
    documents = both_documents(paper, ("tex", "md"))
    return text_files(documents, sheet, ("tex", "md"))


def _numbers(value: Any) -> Iterator[sympy.Expr]:
    if isinstance(value, sympy.Expr):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _numbers(item)
