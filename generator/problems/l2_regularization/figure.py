"""The sweep over the strengths as a picture."""

from __future__ import annotations

from generator import Array, Figure, Values
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.document.figures.scene import Symbol
from generator.numbers import notation
from generator.numbers.exact import to_float


def sweep_figure(v: Values) -> Figure:
    """The norm and the errors over the sweep, each as a share of its largest value, so that one axis serves all."""
    strengths = to_float(v.lambdas)
    order = sorted(range(len(strengths)), key=strengths.__getitem__)

    def series(name: str, values: Array, power: float = 1.0) -> Series:
        sizes = to_float(values)
        heights = [max(sizes[place], 0.0) ** power for place in order]
        largest = max(heights) or 1.0
        return Series((name,), tuple([height / largest for height in heights]))

    lines = [series("norm", v.norm_squared, 0.5), series("training error", v.train_sse)]
    if "test_sse" in v:
        lines.append(series("test error", v.test_sse))
    scene = plot_scene(
        Plot(
            title="The sweep: norm and errors against the strength",
            x_name=(Symbol("λ"), " (not to scale)"),
            y_name=("share of the largest value",),
            positions=tuple([notation.plain(v.lambdas[place]) for place in order]),
            series=tuple(lines),
        )
    )
    return Figure(name="ridge-sweep", scene=scene, completed=scene)
