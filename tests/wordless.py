"""A problem without a word: every kind of answer, with texts of signs and formulas alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from generator import (
    Choice,
    Claim,
    Claims,
    Draw,
    Essay,
    Fields,
    Matrix,
    Mistake,
    Number,
    Part,
    Problem,
    Values,
    Vector,
    array,
    read_matrix,
    required,
)
from generator.problem.solution import steps


def sample(draw: Draw) -> dict[str, Any]:
    return {"A": [[draw.choice(range(2, 40)) for _ in range(3)] for _ in range(2)]}


SOLUTION = steps(
    s=lambda A: A.sum(axis=1),
    t=lambda s: s.sum(),
    D=lambda A: 2 * A,
    e=lambda s, t: array([s[0], s[1], t]),
    c=lambda s: "k" if s[0] < s[1] else "l",
)


def check(A: np.ndarray) -> dict[str, Any]:
    rows = [sum(row) for row in A.tolist()]
    return {"s": rows, "t": sum(rows), "D": A + A, "e": [*rows, sum(rows)], "c": "k" if rows[0] < rows[1] else "l"}


def parts(v: Values) -> Iterator[Part]:
    yield Part("s", "$A = <A>$?", Vector("s", "s"), points=2, steps=["$s = <s>$."], guided=True, hint="$s$: $\\sum$.")
    yield Part(
        "t",
        "$A = <A>$!",
        Number("t", "t"),
        points=3,
        room=2,
        steps=["$t = <s[0]> + <s[1]> = <t>$."],
        hint="$\\sum\\sum$.",
    )
    yield Part("D", "$2A$?", Matrix("D", "D", like="A"), points=4, steps=["$D = <D>$."])
    yield Part(
        "g", "…", parts=[
            Part("e", "…", Fields("e", ("s_1", "s_2", "t")), points=3),
            Part("c", "…", Choice("c", {"k": "$s_1 < s_2$", "l": "$s_1 \\ge s_2$"}), points=1, steps=["$<s>$."]),
        ],
    )  # fmt: skip
    yield Part("q", "?", Claims((Claim("$1 < 2$", True, "$1 + 1 = 2$."), Claim("$1 > 2$", False, "$1 < 2$."))))
    yield Part("w", "?!", Essay("$1 + 1 = 2$.", ((2, "$1$"), (1, "$2$"))))


PROBLEM = Problem(
    id="wordless",
    title="+",
    topic="+",
    parameters={"A": required(read_matrix)},
    sample=sample,
    solution=SOLUTION,
    mistakes=[
        Mistake("+1", "$+1$", s=lambda A: A.sum(axis=1) + 1),
        Mistake("·2", "$\\cdot 2$", t=lambda s: 2 * s.sum()),
        Mistake("/2", "$/2$", D=lambda A: A * Fraction(1, 2)),
    ],
    check=check,
    preamble=lambda v: "$A$:",
    parts=parts,
)
