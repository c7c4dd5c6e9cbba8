r"""What is asked about the size of a network: the drawing and the list, the parts and their worked steps.

The texts use the values of the problem ``model-size``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from generator import Claims, Fields, Figure, Fill, Number, Part, Values, say
from generator.document.figures.network import network_scene
from generator.document.prose import Content
from generator.numbers import notation
from generator.problems.model_size import networks as net
from generator.problems.model_size.classification import classification
from generator.problems.model_size.comparison import comparison
from generator.problems.model_size.concepts import CLAIMS
from generator.problems.model_size.networks import Size


def preamble(v: Values) -> Content:
    blanks = net.blanks(v.blank_sides)
    network = net.drawing(notation.shape((v.batch, v.features)), v.operations, v.linear_sizes, blanks)
    labels, filled = (net.labels(v.operations, v.linear_sizes, left_out) for left_out in (blanks, ()))
    return [
        r"""
        A classifier for <classes> classes is given a batch of $n = <batch>$ examples of <features> features each: the
        input $x$ has the shape $[<batch>, <features>]$. The operations run one after another; each takes the activation
        before it (the first takes $x$) and its output is named as drawn and listed here.
        """,
        Figure("network", network_scene(network, filled=False), network_scene(network, filled=True)),
        Fill(
            say("$$<listing>$$", listing=net.listing(v.operations, labels)),
            say("$$<listing>$$", listing=net.listing(v.operations, filled)),
        ),
        net.conventions(v.operations),
    ]


def parts(v: Values) -> Iterator[Part]:
    last = len(v.operations)
    blanks = net.blanks(v.blank_sides)
    yield Part(
        "propagation",
        "Follow the batch through the network.",
        parts=(
            Part(
                "dimensions",
                "Fill in the blanks of the Linears.",
                Fields(
                    "dimensions",
                    tuple(rf"\mathrm{{Linear}}_{{{place + 1}}}\text{{ {end}}}" for place, end in blanks),
                ),
                points=len(blanks),
                steps=[_worked_blank(v, place, end) for place, end in blanks],
            ),
            Part(
                "shapes",
                "Give the shape of every activation, the examples first: $[n, \\text{features}]$.",
                Fields("shapes", tuple(f"z_{{{place}}}" for place in range(1, last + 1))),
                points=4,
                steps=[
                    say(text, width=v.output_widths[place], shape=v.shapes[place], **slots)
                    for place, text, slots in _worked_shapes(net.kinds(v.operations))
                ],
            ),
        ),
    )
    yield classification(v)
    yield Part(
        "intermediate",
        say(
            r"""
            Now count the numbers in the intermediate activations $z_1, \dots, z_{<before>}$. The input $x$ and the last
            activation $z_{<last>}$ are left out.
            """,
            before=last - 1,
            last=last,
        ),
        parts=(
            Part(
                "activations_per_example",
                "How many are there for a single example? Call this number $K$.",
                Number("activations_per_example", "K"),
                points=2,
                room=2,
                steps=[
                    say(
                        r"Add up the widths: $K = <sum> = <activations_per_example>$.",
                        sum=_sum_of_runs(v.output_widths[:-1]),
                    )
                ],
            ),
            Part(
                "activations",
                "How many are there for the batch?",
                Number("activations", "nK"),
                points=1,
                steps=[r"Every example has its own: $nK = <batch> \cdot <activations_per_example> = <activations>$."],
            ),
        ),
    )
    yield from _counting(v)
    yield Part(
        "memory_comparison",
        """
        Training holds the intermediate activations of the batch, $nK$ numbers, until the backward pass has used them,
        and the $C$ parameters.
        """,
        parts=tuple(comparison(v)),
    )
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line.",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


def _worked_blank(v: Values, place: int, end: str) -> Content:
    size = v.linear_sizes[place][end == "out"]
    if end == "in":
        text = (
            r"$\mathrm{Linear}_{<before>}$ puts out $<size>$ features, and nothing between changes the width: "
            r"$\mathrm{Linear}_{<linear>}$ takes $<size>$."
        )
    elif place == len(v.linear_sizes) - 1:
        text = r"$\mathrm{Linear}_{<linear>}$ puts out a score for each class: $<size>$."
    else:
        text = (
            r"$\mathrm{Linear}_{<after>}$ takes $<size>$ features, and nothing between changes the width: "
            r"$\mathrm{Linear}_{<linear>}$ puts out $<size>$."
        )
    return say(text, size=size, linear=place + 1, before=place, after=place + 2)


@lru_cache(maxsize=1 << 8)
def _worked_shapes(kinds: tuple[str, ...]) -> Sequence[tuple[int, str, Mapping[str, Any]]]:
    """For each row of operations the place of its first, what is said of their shapes, and what does not depend on sizes."""
    found = []
    for first, *others in net.rows(kinds):
        if kinds[first] == "Linear":
            text = (
                r"$\mathrm{Linear}_{<linear>}$ changes the width to $<width>$"
                + (", and what follows keeps it" if others else "")
                + ": $<names> : <shape|shape>$."
            )
        else:
            text = "The width stays $<width>$: $<names> : <shape|shape>$."
        names = ", ".join(f"z_{{{place + 1}}}" for place in (first, *others))
        found.append((first, text, {"linear": kinds[: first + 1].count("Linear"), "names": names}))
    return found


def _counting(v: Values) -> Iterator[Part]:
    products = " + ".join(
        rf"{notation.tex(entering)} \cdot {notation.tex(leaving)}" for entering, leaving in v.linear_sizes
    )
    weights = say(r"Weights, input times output of each Linear: $<products> = <weights>$.", products=products)
    biases = say(r"Biases, one for each output: $<outputs|sum> = <biases>$.", outputs=v.linear_outputs)
    norm_parameters = _worked_norms(v)
    yield Part(
        "weights",
        "How many weights do the Linears have together?",
        Number("weights", r"\text{weights}"),
        points=2,
        guided=True,
        steps=[weights],
    )
    yield Part(
        "biases",
        "How many biases do they have?",
        Number("biases", r"\text{biases}"),
        points=1,
        guided=True,
        steps=[biases],
    )
    yield Part(
        "norm_parameters",
        "How many parameters do the norms have?",
        Number("norm_parameters", r"\text{norms}"),
        points=1,
        guided=True,
        steps=[norm_parameters],
    )
    yield Part(
        "parameters",
        "How many parameters does the network learn, those of all layers together? Call this number $C$.",
        Number("parameters", "C"),
        points=4,
        room=6,
        steps=[
            weights,
            biases,
            *([norm_parameters] if v.norm_sizes else []),
            r"Together $C = <weights> + <biases> + <norm_parameters> = <parameters>$. The other operations learn nothing.",
        ],
    )


def _worked_norms(v: Values) -> Content:
    if not v.norm_sizes:
        return r"There is no norm: $<norm_parameters>$."
    features = r"\cdot <norm_sizes[0]>" if len(v.norm_sizes) == 1 else r"\, (<norm_sizes|sum>)"
    return rf"Norms, a scale and a shift for each feature: $2 {features} = <norm_parameters>$."


def _sum_of_runs(widths: Sequence[Size]) -> str:
    r"""``3 \cdot 128 + 20``: equal neighbours together."""
    terms = []
    for width, run in groupby(widths):
        times = len(list(run))
        terms.append((rf"{times} \cdot " if times > 1 else "") + notation.tex(width))
    return " + ".join(terms)
