r"""What is asked about the size of a network: the drawing and the list, the parts and their worked steps.

The texts use the values of the problem ``model-size``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from generator import Choice, Claims, Essay, Fields, Figure, Fill, Number, Part, Values, Vector, notation, say
from generator.exact import Scalar
from generator.figures.network import network_scene
from generator.problems.model_size import networks as net
from generator.problems.model_size.concepts import CLAIMS, MEMORY_QUESTIONS, SOFTMAX_QUESTIONS, Question
from generator.problems.model_size.networks import Size
from generator.prose import Content

REASON = "reason"
"""The question for the reason of a comparison, beside those of :data:`MEMORY_QUESTIONS`."""


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
                steps=[_worked_shapes(v, row) for row in net.rows(v.operations)],
            ),
        ),
    )
    question, essay = SOFTMAX_QUESTIONS[v.softmax_question]
    yield Part(
        "classification",
        "From scores to probabilities.",
        parts=(
            Part(
                "logits",
                "Which activation holds the logits, the unnormalized scores of the classes?"
                if "candidates" in v
                else "Which activation holds the logits?",
                Choice("logits_option" if "candidates" in v else "logits_activation", _in_order(v, _logits_options(v))),
                points=1,
                steps=[_worked_logits(v)],
            ),
            Part("softmax", question, essay),
            *([_probabilities(v)] if "probabilities" in v else []),
        ),
    )
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
        parts=tuple(_comparison(v)),
    )
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line.",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


# ---------------------------------------------------------------------------- shapes and classification


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


def _worked_shapes(v: Values, row: list[int]) -> Content:
    names = ", ".join(f"z_{{{place + 1}}}" for place in row)
    linear = sum(operation["op"] == "Linear" for operation in v.operations[: row[0] + 1])
    if v.operations[row[0]]["op"] == "Linear":
        text = (
            r"$\mathrm{Linear}_{<linear>}$ changes the width to $<width>$"
            + (", and what follows keeps it" if len(row) > 1 else "")
            + ": $<names> : <shape|shape>$."
        )
    else:
        text = "The width stays $<width>$: $<names> : <shape|shape>$."
    return say(text, linear=linear, width=v.output_widths[row[0]], names=names, shape=v.shapes[row[0]])


def _in_order(v: Values, options: Mapping[str, Content]) -> Mapping[str, Content]:
    """The options in the order drawn; of fewer than four, those that there are."""
    keys = tuple(options)
    return {
        keys[int(place) - 1]: options[keys[int(place) - 1]]
        for place in v.get("order", (1, 2, 3, 4))
        if place <= len(keys)
    }


def _logits_options(v: Values) -> Mapping[str, Content]:
    last = len(v.operations)
    places = v.get("candidates", range(max(1, last - 2), last + 1))
    shown = {f"z{place}": f"$z_{{{place}}}$" for place in places}
    softmax = "" if "candidates" in v else ": they come out of a softmax of the last one"
    return {**shown, "none": f"none of these{softmax}"}


def _worked_logits(v: Values) -> Content:
    text = r"The logits are the scores that the softmax is given, here $<z>$: one real number for each of the <classes> classes."
    if v.get("logits_option") == "none":
        text += " It is not among those offered."
    return say(text, z=f"z_{{{v.logits_activation[1:]}}}")


def _probabilities(v: Values) -> Part:
    return Part(
        "probabilities",
        say(
            r"""
            Of another classifier, with <count> classes, the logits of an example are $<logits>$. Compute the
            probabilities of its classes.
            """,
            count=len(v.logits),
        ),
        Vector("probabilities", "p", like="logits"),
        points=2,
        room=3,
        steps=[
            r"The exponentials are $<exponentials>$, and their sum is $<exponentials|sum> = <exponential_sum>$.",
            r"Each over the sum: $p = <probabilities>$.",
        ],
    )


def _sum_of_runs(widths: Sequence[Size]) -> str:
    r"""``3 \cdot 128 + 20``: equal neighbours together."""
    terms = []
    for width, run in groupby(widths):
        times = len(list(run))
        terms.append((rf"{times} \cdot " if times > 1 else "") + notation.tex(width))
    return " + ".join(terms)


# ------------------------------------------------------------------------------- parameters and memory


def _counting(v: Values) -> Iterator[Part]:
    products = " + ".join(
        rf"{notation.tex(entering)} \cdot {notation.tex(leaving)}" for entering, leaving in v.linear_sizes
    )
    weights = say(r"Weights, input times output of each Linear: $<products> = <weights>$.", products=products)
    biases = say(r"Biases, one for each output: $<outputs|sum> = <biases>$.", outputs=v.linear_outputs)
    norm_parameters = (
        r"Norms, a scale and a shift for each feature: $2 \, (<norm_sizes|sum>) = <norm_parameters>$."
        if v.norm_sizes
        else r"There is no norm: $<norm_parameters>$."
    )
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


def _comparison(v: Values) -> Iterator[Part]:
    yield Part(
        "memory",
        _memory_question(v),
        Choice("memory", _in_order(v, _memory_options(v))),
        points=1,
        steps=[_worked_memory(v)],
    )
    question, essay = _reason(v) if v.memory_question == REASON else MEMORY_QUESTIONS[v.memory_question]
    yield Part("memory_reason", question, essay)
    for name in v.follow_ups:
        yield FOLLOW_UPS[name](v)


def _memory_question(v: Values) -> Content:
    if v.compare_at == "large":
        return "Let the batch grow large. Which of the two then takes more memory?"
    if _compares_two(v):
        return "Which of the two takes more memory with a batch of <compare_at[0]> examples, and which with one of <compare_at[1]>?"
    return "Which of the two takes more memory with a batch of <compare_at> examples?"


def _compares_two(v: Values) -> bool:
    return isinstance(v.compare_at, tuple)


def _memory_options(v: Values) -> Mapping[str, Content]:
    if _compares_two(v):
        return {
            "activations": "the activations with both",
            "parameters": "the parameters with both",
            "activations first": "the activations with <compare_at[0]>, the parameters with <compare_at[1]>",
            "parameters first": "the parameters with <compare_at[0]>, the activations with <compare_at[1]>",
        }
    options: dict[str, Content] = {
        "activations": "the activations",
        "parameters": "the parameters",
        "ratio": "that does not depend on the batch: both grow in proportion to it",
    }
    return {**options, "equal": "both take the same"} if v.memory == "equal" else options


def _worked_memory(v: Values) -> Content:
    if v.compare_at == "large":
        return r"$nK = <activations_per_example> n$ grows with the batch without bound, and $C = <parameters>$ stays."
    if _compares_two(v):
        return say(
            r"""
            The activations are $<compare_at[0]> \cdot <activations_per_example> = <first>$ and
            $<compare_at[1]> \cdot <activations_per_example> = <second>$ numbers, the parameters $<parameters>$ both times.
            """,
            **_held(v),
        )
    return say(
        r"The activations are $<compare_at> \cdot <activations_per_example> = <held>$ numbers, the parameters $<parameters>$.",
        held=v.compare_at * v.activations_per_example,
    )


def _held(v: Values) -> Mapping[str, Size]:
    """nK at both of the batch sizes compared at."""
    return {
        name: size * v.activations_per_example for name, size in zip(("first", "second"), v.compare_at, strict=True)
    }


def _reason(v: Values) -> Question:
    if _compares_two(v):
        return (
            "Give the reason, and say at which batch sizes the activations take more.",
            Essay(
                say(
                    r"""
                    There are $nK = <first>$ activations at $n = <compare_at[0]>$ and $nK = <second>$ at $n = <compare_at[1]>$, and
                    $C = <parameters>$ parameters at both. The activations grow in proportion to the batch while $C$ stays, so they
                    take more exactly when $n > \frac{C}{K} = <crossover>$.
                    """,
                    **_held(v),
                ),
                (
                    (1, "$nK$ is compared with $C$ at both batch sizes"),
                    (1, "the activations grow with the batch, the parameters do not: more from a batch size on"),
                ),
            ),
        )
    if v.compare_at != "large":
        return (
            "Give the reason, and say how the comparison changes as the batch grows.",
            Essay(
                say(
                    r"""
                    At $n = <compare_at>$ there are $nK = <held>$ activations and $C = <parameters>$ parameters. The activations
                    grow in proportion to the batch while $C$ stays, so they take more as soon as
                    $n > \frac{C}{K} = <crossover>$.
                    """,
                    held=v.compare_at * v.activations_per_example,
                ),
                (
                    (1, "$nK$ is compared with $C$ at this batch size"),
                    (1, "the activations grow with the batch, the parameters do not"),
                ),
            ),
        )
    leader = "parameters" if v.activations < v.parameters else "activations"
    return (
        "Give the reason. Is it so already at $n = <batch>$?",
        Essay(
            say(
                r"""
                Each example adds its own $K$ activations, while all examples share one set of $C$ parameters. So $nK$ outgrows
                $C$ in the end: as soon as $n > \frac{C}{K} = <crossover>$, that is from $n = <break_even>$ on (from
                $n = <break_even_adam>$ on if Adam's gradients and moments, $3C$ more numbers, count as well). At
                $n = <batch>$ there are $<activations>$ activations and $<parameters>$ parameters: the <leader> take more.
                """,
                leader=leader,
            ),
            (
                (1, "the activations grow in proportion to the batch, the parameters do not depend on it"),
                (1, "the right comparison at the printed batch size"),
            ),
        ),
    )


def _worked_threshold(v: Values, multiple: int, crossover: Scalar, least: Size) -> list[Content]:
    """That the ``least`` batch size is enough and the one before it is not."""
    return [
        say(
            r"""
            $nK > <bound>$ exactly when $n > \frac{<amount>}{<activations_per_example>} = <quotient>$. Indeed
            $<before> \cdot <activations_per_example> = <below>$ is not enough, and
            $<least> \cdot <activations_per_example> = <above>$ is.
            """,
            bound="C" if multiple == 1 else f"{multiple}C",
            amount=multiple * v.parameters,
            quotient=crossover,
            before=least - 1,
            below=(least - 1) * v.activations_per_example,
            least=least,
            above=least * v.activations_per_example,
        )
    ]


def _break_even(v: Values) -> Part:
    return Part(
        "break_even",
        "From which batch size on do the activations outnumber the parameters? Give the least $n$ with $nK > C$.",
        Number("break_even", "n"),
        points=2,
        room=3,
        steps=_worked_threshold(v, 1, v.crossover, v.break_even),
    )


def _break_even_adam(v: Values) -> Part:
    return Part(
        "break_even_adam",
        """
        Beside each parameter, Adam stores its gradient and estimates of the gradient's first and second moment. What is
        the least $n$ at which the activations outnumber all of these together?
        """,
        Number("break_even_adam", "n"),
        points=2,
        room=3,
        steps=[
            "Four numbers for each parameter (itself, its gradient, two moments) make $4C$.",
            *_worked_threshold(v, 4, v.adam_crossover, v.break_even_adam),
        ],
    )


def _largest_batch(v: Values) -> Part:
    return Part(
        "largest_batch",
        """
        A small device has room for <budget> numbers. If it has to hold the $C$ parameters and the $nK$ activations, and
        nothing else, what is the largest batch that fits?
        """,
        Number("largest_batch", "n"),
        points=2,
        room=3,
        steps=[
            say(
                r"""
                The parameters leave room for $<budget> - <parameters> = <rest>$ numbers, and
                $\frac{<rest>}{<activations_per_example>}$ lies between $<largest_batch>$ and $<next>$: indeed
                $<largest_batch> \cdot <activations_per_example> = <below>$ fits, and
                $<next> \cdot <activations_per_example> = <above>$ does not.
                """,
                rest=v.budget - v.parameters,
                next=v.largest_batch + 1,
                below=v.largest_batch * v.activations_per_example,
                above=(v.largest_batch + 1) * v.activations_per_example,
            )
            if (v.budget - v.parameters) % v.activations_per_example
            else r"The parameters leave room for $<budget> - <parameters>$ numbers, just enough for $<largest_batch>$ examples."
        ],
    )


FOLLOW_UPS = {
    "break_even": _break_even,
    "break_even_adam": _break_even_adam,
    "largest_batch": _largest_batch,
}
