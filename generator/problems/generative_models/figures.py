"""The drawings: both distributions, and the steps of the diffusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator import Figure, Values, sqrt
from generator.document.figures.chain import Chain, chain_scene
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.document.figures.scene import Scene, Symbol, Words
from generator.numbers import notation
from generator.numbers.exact import to_float


def distributions_figure(v: Values) -> Figure:
    """Both distributions as bars, in the key with the best discriminator above them."""
    plot = Plot(
        title="The data and the generator",
        x_name=("outcome",),
        positions=tuple(str(place) for place in range(1, len(v.p) + 1)),
        series=(
            Series((Symbol("p"), ", the data"), tuple(to_float(v.p))),
            Series((Symbol("q"), ", the generator"), tuple(to_float(v.q))),
        ),
        bars=True,
    )
    with_best = replace(plot, above=tuple(f"D = {notation.plain(one)}" for one in v.discriminator))
    return Figure("distributions", plot_scene(plot), plot_scene(with_best))


def chain_figure(v: Values) -> Figure:
    """The steps of the diffusion, in the key with what is left of the start after each."""
    names: list[Words] = [(Symbol("x", str(place)),) for place in range(len(v.betas) + 1)]
    kept: list[Words] = [names[0]]
    for name, signal in zip(names[1:], sqrt(v.alpha_bars), strict=True):
        kept.append((*name, f": √ᾱ = {notation.plain(signal)}"))

    def scene(quantities: Sequence[Words]) -> Scene:
        steps: list[Words] = [
            (Symbol("β", str(place)), f" = {notation.plain(beta)}") for place, beta in enumerate(v.betas, start=1)
        ]
        return chain_scene(Chain(title="The steps of the diffusion", quantities=quantities, forward=steps))

    return Figure("diffusion-chain", scene(names), scene(kept))
