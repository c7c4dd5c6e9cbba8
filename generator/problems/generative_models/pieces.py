"""What the three models of a variant are drawn from; each is drawn again while it is bad."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

from generator import Draw

F = Fraction
Signals = Callable[[Draw], list[Fraction]]
"""Draws the signals √ᾱ of a chain."""

HALF = F(1, 2)
EXPONENTS = (-2, -1, 1, 2)
NOISES = (HALF, F(1), F(2))
TWO_STEPS: Mapping[Fraction, Mapping[Fraction, int]] = {
    F(3, 5): {F(2, 3): 4, F(3, 4): 4, F(4, 5): 4, F(9, 10): 4, F(9, 11): 5},
    F(5, 13): {F(5, 11): 1, F(1, 2): 1, F(5, 7): 1},
}
"""For each signal √ᾱ after the last step those before it, with weights so that no variance of the posterior is much more frequent.

These are all with denominators up to 12, βs with denominators up to 300, and weights of the posterior with numbers up to 100.
"""

THREE_STEPS: Mapping[Fraction, Sequence[Fraction]] = {
    F(3, 5): (F(2, 3), F(7, 10), F(3, 4), F(4, 5), F(9, 11)),
    F(5, 13): (F(5, 11), F(1, 2), F(5, 9), F(5, 7)),
    F(8, 17): (F(1, 2), F(2, 3), F(4, 5)),
}
"""The same for numbers up to 300, where a step before that can be as simple."""

FIRST_STEPS: Mapping[Fraction, Sequence[Fraction]] = {
    before: [
        first
        for first in sorted({F(n, d) for d in range(2, 13) for n in range(1, d)})
        if first > before and (first**2).denominator <= 300 and ((before / first) ** 2).denominator <= 300
    ]
    for several in THREE_STEPS.values()
    for before in several
}
"""For each signal what it may be a step before."""


def autoencoder(draw: Draw, latents: int, exponents: Sequence[int]) -> dict[str, Any] | None:
    """Coordinates with no residual and no gradient of 0; exponents that add up to 0 would hide ln σ for ln σ²."""
    k = [draw.choice(exponents) for _ in range(latents)]
    if latents == 3 and draw.choice((True, False)):
        k[draw.integer(0, 2)] = 0
    mu = [draw.sign() * draw.integer(1, 3) for _ in k]
    noise = [draw.sign() * draw.choice(NOISES) for _ in k]
    x = [draw.integer(-4, 5) for _ in k]
    shift = [F(2) ** one * e for one, e in zip(k, noise, strict=True)]
    residual = [m + s - one for m, s, one in zip(mu, shift, x, strict=True)]
    by_mu = [r + m for r, m in zip(residual, mu, strict=True)]
    by_variance = [r * s + F(4) ** one - 1 for r, s, one in zip(residual, shift, k, strict=True)]
    if sum(k) == 0 or 0 in residual or 0 in by_mu or 0 in by_variance:
        return None
    return {"mu": mu, "k": k, "noise": noise, "x": x}


def adversaries(draw: Draw, outcomes: int, with_zero: bool) -> dict[str, Any] | None:
    """Two distributions on one denominator that agree nowhere; equal ratios would give one D twice."""
    size = draw.integer(4, 12)
    if size < outcomes:
        return None
    p, q = ([F(one, size) for one in _cut(draw, size, outcomes)] for _ in range(2))
    if with_zero:
        place = draw.integer(0, outcomes - 1)
        q[(place + 1) % outcomes] += q[place]
        q[place] = F(0)
    shares = [a / (a + b) for a, b in zip(p, q, strict=True)]
    return None if HALF in shares or len(set(shares)) < outcomes else {"p": p, "q": q}


def _cut(draw: Draw, size: int, pieces: int) -> list[int]:
    """A number as a sum of so many positive ones, each sum as likely as any other."""
    cuts = [0, *sorted(draw.sample(range(1, size), pieces - 1)), size]
    return [high - low for low, high in pairwise(cuts)]


def diffusion(draw: Draw, chain: Signals) -> dict[str, Any] | None:
    """The βs of a chain of signals, and a start and a noise whose end is neither 0 nor the start."""
    signal = [F(1), *chain(draw)]
    betas = [1 - (after / before) ** 2 for before, after in pairwise(signal)]
    x0, eps = draw.sign() * draw.choice((1, 2, 3, 4, 5, 10)), draw.sign() * draw.integer(1, 2)
    before, last = signal[-2:]
    spread = F(isqrt(last.denominator**2 - last.numerator**2), last.denominator)
    equal_weights = before**2 - last**2 == last * (1 - before**2)
    if equal_weights or last * x0 + spread * eps in (0, x0):
        return None
    return {"betas": betas, "x0": x0, "eps": eps}


def two_steps(draw: Draw, lasts: Sequence[Fraction]) -> list[Fraction]:
    last = draw.choice(lasts)
    return [draw.weighted(TWO_STEPS[last]), last]


def three_steps(draw: Draw) -> list[Fraction]:
    last, before = draw.choice([(last, before) for last, several in THREE_STEPS.items() for before in several])
    return [draw.choice(FIRST_STEPS[before]), before, last]
