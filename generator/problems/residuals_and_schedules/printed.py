"""The drawings, and numbers in decimals."""

from __future__ import annotations

from math import cos, floor, pi
from typing import Any

from generator import Array, Figure, Values
from generator.document.figures.marked_curve import MarkedCurve, marked_curve_scene
from generator.document.figures.scene import Box, Label, Line, Scene, Shape, Symbol, baseline
from generator.numbers import notation
from generator.numbers.exact import to_float


def decimal_row(values: Array) -> str:
    """The TeX of a vector in decimals, from which codes are read off."""
    return rf"\begin{{bmatrix}} {' & '.join(map(in_decimals, values))} \end{{bmatrix}}"


def in_decimals(number: Any) -> str:
    """The TeX of a number with up to five decimals; of one that needs more, of the fraction."""
    shifted = number * 10**5
    if not shifted.is_Integer:
        return notation.tex(number)
    digits = f"{abs(int(shifted)):06d}"
    sign = "-" if number < 0 else ""
    return sign + f"{digits[:-5]}.{digits[-5:]}".rstrip("0").rstrip(".")


def rate_figure(v: Values) -> Figure:
    """The learning rate over the steps, with the asked ones marked."""
    warmup, total, peak = (to_float(v[name]) for name in ("warmup", "total", "peak"))
    shares = [place / 60 for place in range(61)]
    points = [(0.0, 0.0)] if warmup else []
    if v.schedule == "step":
        drop, every = to_float(v.drop), to_float(v.every)
        corners = range(min(floor((total - warmup) / every), 200) + 1)
        for count in corners:
            at = warmup + count * every
            points += [(at, peak * drop**count), (min(at + every, total), peak * drop**count)]
    elif v.schedule == "linear":
        points += [(warmup, peak), (total, 0.0)]
    else:
        points += [(warmup + u * (total - warmup), peak * (1 + cos(pi * u)) / 2) for u in shares]
    in_order = sorted(zip(v.asked_steps, v.rates, strict=True))
    scene = marked_curve_scene(
        MarkedCurve(
            title="The learning rate",
            x_name=("step",),
            y_name=("learning rate",),
            points=[(float(x), float(y)) for x, y in points],
            marked=[(to_float(step), to_float(rate)) for step, rate in in_order],
            names=[notation.plain(step) for step, _ in in_order],
            values=[notation.plain(rate) for _, rate in in_order],
            description=f"It rises to {notation.plain(v.peak)} at step {notation.plain(v.warmup)}; the last step is {notation.plain(v.total)}.",
        )
    )
    return Figure("learning-rate", scene)


def residual_block() -> Figure:
    """One block with its skip connection."""
    middle, left = 34.0, 40.0
    drawn: list[Shape] = [Label(14, baseline(middle), (Symbol("x"),))]
    for words in (("+ ", Symbol("b")), ("ReLU",), ("× ", Symbol("a"))):
        drawn += [
            Line(((left - 18, middle), (left, middle)), "flow", arrow=True),
            Box(left, middle - 11, 44, 22, "activation" if words == ("ReLU",) else "linear"),
            Label(left + 22, baseline(middle), words),
        ]
        left += 62
    drawn += [
        Line(((left - 18, middle), (left, middle)), "flow", arrow=True),
        Box(left, middle - 9, 18, 18, "add"),
        Label(left + 9, baseline(middle), ("+",)),
        Line(((26, middle), (26, 10), (left + 9, 10), (left + 9, middle - 9)), "skip", arrow=True),
        Line(((left + 18, middle), (left + 36, middle)), "flow", arrow=True),
        Label(left + 70, baseline(middle), (Symbol("x"), " + ", Symbol("f"), "(", Symbol("x"), ")")),
    ]
    description = "From x an arrow leads through + b, ReLU and × a to a sum; a second arrow leads from x around them to the same sum."
    scene = Scene(left + 106, middle + 16, tuple(drawn), "A residual block", description)
    return Figure("residual-block", scene)
