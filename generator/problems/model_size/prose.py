"""What a paper asks about the size of a network: the drawing and the list, the parts and their worked steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from generator import Bank, Choice, Content, Fields, Figure, Fill, Number, Part, Values, Vector, say
from generator.document.figures.network import Network, network_scene
from generator.numbers import notation
from generator.problems.model_size import networks as net

# ---------------------------------------------------------------------------- what the bank's entries are filled with


def held(compare_at: Any, activations_per_example: Any) -> Any:
    """nK at the batch size compared at, or at both of two."""
    return compare_at * activations_per_example


def leader(activations: Any, parameters: Any) -> str:
    """Which of the two is larger at the batch of the paper."""
    return "parameters" if activations < parameters else "activations"


def large_batches(compare_at: Any) -> bool:
    """The batch grows without bound."""
    return bool(compare_at == "large")


def one_batch(compare_at: Any) -> bool:
    """The comparison is made at one batch size."""
    return not large_batches(compare_at) and not two_batches(compare_at)


def two_batches(compare_at: Any) -> bool:
    """The comparison is made at two batch sizes."""
    return isinstance(compare_at, tuple)


def without_adam(follow_ups: tuple[str, ...]) -> bool:
    """No follow-up says what Adam stores."""
    return "break_even_adam" not in follow_ups


BANK = Bank(Path(__file__).with_name("model_size.toml"), held, leader, large_batches, one_batch, without_adam)

# ----------------------------------------------------------------------------------------------- the parts


def preamble(v: Values) -> Content:
    boxes = net.boxes(v.operations, v.linear_sizes, net.blanks(v.blank_sides))
    network = Network(notation.shape((v.batch, v.features)), boxes)
    return [
        r"""
        A classifier for <classes> classes is given a batch of $n = <batch>$ examples of <features> features each: the
        input $x$ has the shape $[<batch>, <features>]$. The operations run one after another; each takes the activation
        before it (the first takes $x$) and its output is named as drawn and listed here.
        """,
        Figure("network", network_scene(network, filled=False), network_scene(network, filled=True)),
        Fill(
            say("$$<listing>$$", listing=net.listing(boxes, filled=False)),
            say("$$<listing>$$", listing=net.listing(boxes, filled=True)),
        ),
        net.conventions(v.operations),
    ]


def parts(v: Values) -> Iterator[Part]:
    yield Part("propagation", "Follow the batch through the network.", parts=(_dimensions(v), _shapes(v)))
    yield Part("classification", "From scores to probabilities.", parts=tuple(_classification(v)))
    last = len(v.operations)
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
                needs=("activations_per_example",),
            ),
        ),
    )
    yield from _counting(v)
    yield Part(
        "memory_comparison",
        """
        During training, the intermediate activations of the batch, $nK$ numbers, are kept in memory until the backward
        pass has used them, and so are the $C$ parameters.
        """,
        parts=tuple(_comparison(v)),
        needs=("activations_per_example", "activations", "parameters"),
    )
    if v.claims:
        yield Part("claims", "True or false? Give the reason in one line.", BANK.claims("claims", v))


# ------------------------------------------------------------------------------------------ shapes and logits


def _dimensions(v: Values) -> Part:
    blanks = net.blanks(v.blank_sides)
    return Part(
        "dimensions",
        "Fill in the blanks of the Linears.",
        Fields(
            "dimensions",
            tuple(rf"\mathrm{{Linear}}_{{{linear + 1}}}\text{{ {'out' if end else 'in'}}}" for linear, end in blanks),
        ),
        points=len(blanks),
        steps=[_worked_blank(v, linear, end) for linear, end in blanks],
    )


def _worked_blank(v: Values, linear: int, end: int) -> Content:
    if end == 0:
        text = (
            r"$\mathrm{Linear}_{<before>}$ has $<size>$ outputs, and no operation in between changes the width: "
            r"$\mathrm{Linear}_{<linear>}$ has $<size>$ inputs."
        )
    elif linear == len(v.linear_sizes) - 1:
        text = r"$\mathrm{Linear}_{<linear>}$ has one output for each class: $<size>$."
    else:
        text = (
            r"$\mathrm{Linear}_{<after>}$ has $<size>$ inputs, and no operation in between changes the width: "
            r"$\mathrm{Linear}_{<linear>}$ has $<size>$ outputs."
        )
    return say(text, size=v.linear_sizes[linear, end], linear=linear + 1, before=linear, after=linear + 2)


def _shapes(v: Values) -> Part:
    kinds = [operation["op"] for operation in v.operations]
    steps = []
    for first, *others in net.rows(kinds):
        text = "The width stays $<width>$: $<names> : <shape|shape>$."
        if kinds[first] == "Linear":
            kept = ", and the operations after it keep it" if others else ""
            text = rf"$\mathrm{{Linear}}_{{<linear>}}$ changes the width to $<width>${kept}: $<names> : <shape|shape>$."
        slots = {
            "width": v.output_widths[first],
            "shape": v.shapes[first],
            "linear": kinds[: first + 1].count("Linear"),
        }
        steps.append(say(text, **slots, names=", ".join(f"z_{{{place + 1}}}" for place in (first, *others))))
    return Part(
        "shapes",
        "Give the shape of every activation, the examples first: $[n, \\text{features}]$.",
        Fields("shapes", tuple(f"z_{{{place}}}" for place in range(1, len(kinds) + 1))),
        points=4,
        steps=steps,
    )


def _classification(v: Values) -> Iterator[Part]:
    offered = "candidates" in v
    yield Part(
        "logits",
        "Which activation holds the logits, the unnormalized scores of the classes?"
        if offered
        else "Which activation holds the logits?",
        Choice("logits_option" if offered else "logits_activation", _in_order(v, _logits_options(v)), in_order=True),
        points=1,
        steps=[
            say(
                r"The logits are the scores that the softmax takes as its input, here $<z>$: one real number for each of the "
                "<classes> classes." + " It is not among the activations offered." * (v.get("logits_option") == "none"),
                z=f"z_{{{v.logits_activation[1:]}}}",
            )
        ],
    )
    yield Part("softmax", *BANK.essay("softmax_question", v))
    if "logits" in v:
        yield Part(
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
                r"Each divided by the sum: $p = <probabilities>$.",
            ],
        )


def _logits_options(v: Values) -> Mapping[str, Content]:
    last = len(v.operations)
    places = map(int, v.get("candidates", range(max(1, last - 2), last + 1)))
    softmax = "" if "candidates" in v else ": they are the softmax of the last activation"
    return {**{f"z{place}": f"$z_{{{place}}}$" for place in places}, "none": f"none of these{softmax}"}


def _in_order(v: Values, options: Mapping[str, Content]) -> Mapping[str, Content]:
    """The options in the order drawn; of fewer than four, those that there are."""
    keys = [*options]
    places = map(int, v.get("order", (1, 2, 3, 4)))
    return {keys[place - 1]: options[keys[place - 1]] for place in places if place <= len(keys)}


def _sum_of_runs(widths: Sequence[Any]) -> str:
    r"""``3 \cdot 128 + 20``: equal neighbours together."""
    runs = [(width, len([*run])) for width, run in groupby(widths)]
    return " + ".join((rf"{times} \cdot " if times > 1 else "") + str(width) for width, times in runs)


# ------------------------------------------------------------------------------------------------ parameters


def _counting(v: Values) -> Iterator[Part]:
    weights = say(
        r"Weights, inputs times outputs of each Linear: $<products> = <weights>$.",
        products=" + ".join(rf"{entering} \cdot {leaving}" for entering, leaving in v.linear_sizes),
    )
    biases = r"Biases, one for each output: $<linear_outputs|sum> = <biases>$."
    norms = r"There is no norm: $<norm_parameters>$."
    if v.norm_sizes:
        sizes = r"\cdot <norm_sizes[0]>" if len(v.norm_sizes) == 1 else r"\, (<norm_sizes|sum>)"
        norms = rf"Norms, a scale and a shift for each feature: $2 {sizes} = <norm_parameters>$."
    for name, question, symbol, points, step in (
        ("weights", "How many weights do the Linears have together?", "weights", 2, weights),
        ("biases", "How many biases do they have?", "biases", 1, biases),
        ("norm_parameters", "How many parameters do the norms have?", "norms", 1, norms),
    ):
        yield Part(name, question, Number(name, rf"\text{{{symbol}}}"), points=points, guided=True, steps=[step])
    yield Part(
        "parameters",
        "How many parameters does the network learn, in all layers together? Call this number $C$.",
        Number("parameters", "C"),
        points=4,
        room=6,
        steps=[
            weights,
            biases,
            *([norms] if v.norm_sizes else []),
            r"Together $C = <weights> + <biases> + <norm_parameters> = <parameters>$. The other operations have no parameters.",
        ],
    )


# ---------------------------------------------------------------------------------- activations against parameters


def _comparison(v: Values) -> Iterator[Part]:
    name = v.memory_question
    question: Content
    worked: Content
    if two_batches(v.compare_at):
        question = "Which of the two takes more memory with a batch of <compare_at[0]> examples, and which with one of <compare_at[1]>?"
        worked = say(
            r"""
            The activations are $<compare_at[0]> \cdot <activations_per_example> = <held[0]>$ and
            $<compare_at[1]> \cdot <activations_per_example> = <held[1]>$ numbers, the parameters $<parameters>$ in both cases.
            """,
            held=held(v.compare_at, v.activations_per_example),
        )
    elif large_batches(v.compare_at):
        question = "Let the batch grow large. Which of the two then takes more memory?"
        worked = r"$nK = <activations_per_example> n$ grows with the batch without bound, and $C = <parameters>$ stays the same."
        name = "reason_for_large_batches" if name == "reason" else name
    else:
        question = "Which of the two takes more memory with a batch of <compare_at> examples?"
        worked = say(
            r"""
            The activations are $<compare_at> \cdot <activations_per_example> = <held>$ numbers, the parameters $<parameters>$.
            """,
            held=held(v.compare_at, v.activations_per_example),
        )
        name = "reason_at_one_batch" if name == "reason" else name
    yield Part(
        "memory", question, Choice("memory", _in_order(v, _memory_options(v)), in_order=True), points=1, steps=[worked]
    )
    yield Part("memory_reason", *BANK.essay("memory_question", v, name), needs=("memory",))
    for follow_up in v.follow_ups:
        yield FOLLOW_UPS[follow_up](v)


def _memory_options(v: Values) -> Mapping[str, Content]:
    if two_batches(v.compare_at):
        return {
            "activations": "the activations with both",
            "parameters": "the parameters with both",
            "activations first": "the activations with <compare_at[0]>, the parameters with <compare_at[1]>",
            "parameters first": "the parameters with <compare_at[0]>, the activations with <compare_at[1]>",
        }
    options: dict[str, Content] = {
        "activations": "the activations",
        "parameters": "the parameters",
        "ratio": "it does not depend on the batch: both grow in proportion to it",
    }
    return {**options, "equal": "both take the same"} if v.memory == "equal" else options


def _worked_threshold(v: Values, multiple: int, quotient: Any, least: Any) -> Content:
    """That the ``least`` batch size is enough and the one before it is not."""
    return say(
        r"""
        $nK > <bound>$ exactly when $n > \frac{<amount>}{<activations_per_example>} = <quotient>$. Indeed
        $<before> \cdot <activations_per_example> = <below>$ is not enough, and
        $<least> \cdot <activations_per_example> = <above>$ is.
        """,
        bound="C" if multiple == 1 else f"{multiple}C",
        amount=multiple * v.parameters,
        quotient=quotient,
        before=least - 1,
        below=(least - 1) * v.activations_per_example,
        least=least,
        above=least * v.activations_per_example,
    )


def _break_even(v: Values) -> Part:
    return Part(
        "break_even",
        "From which batch size on do the activations outnumber the parameters? Give the least $n$ with $nK > C$.",
        Number("break_even", "n"),
        points=2,
        room=3,
        steps=[_worked_threshold(v, 1, v.crossover, v.break_even)],
    )


def _break_even_adam(v: Values) -> Part:
    return Part(
        "break_even_adam",
        """
        For each parameter, Adam also stores its gradient and estimates of the gradient's first and second moments. What is
        the least $n$ at which the activations outnumber all of these together?
        """,
        Number("break_even_adam", "n"),
        points=2,
        room=3,
        steps=[
            "Four numbers for each parameter (itself, its gradient, two moments) make $4C$.",
            _worked_threshold(v, 4, v.adam_crossover, v.break_even_adam),
        ],
    )


def _largest_batch(v: Values) -> Part:
    rest = v.budget - v.parameters
    fitting = v.largest_batch * v.activations_per_example
    return Part(
        "largest_batch",
        """
        A small device has memory for <budget> numbers. If it has to hold the $C$ parameters and the $nK$ activations, and
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
                $<largest_batch> \cdot <activations_per_example> = <fitting>$ fits, and
                $<next> \cdot <activations_per_example> = <above>$ does not.
                """,
                rest=rest,
                next=v.largest_batch + 1,
                fitting=fitting,
                above=fitting + v.activations_per_example,
            )
            if rest > fitting
            else "The parameters leave room for $<budget> - <parameters>$ numbers, just enough for $<largest_batch>$ examples."
        ],
    )


FOLLOW_UPS = {"break_even": _break_even, "break_even_adam": _break_even_adam, "largest_batch": _largest_batch}
