"""The norms as one would first write them: symbols, ``simplify`` on every entry, ``sympy.latex``.

Kept to be measured against; it gives the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy


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
