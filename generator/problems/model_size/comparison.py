"""The comparison of activations with parameters: which take more memory, why, and from which batch on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator import Choice, Essay, Number, Part, Values, say
from generator.document.prose import Content
from generator.numbers.exact import Scalar
from generator.problems.model_size.concepts import MEMORY_QUESTIONS, Question
from generator.problems.model_size.networks import Size
from generator.problems.model_size.options import in_order

REASON = "reason"
"""The question for the reason of a comparison, beside those of :data:`MEMORY_QUESTIONS`."""


def comparison(v: Values) -> Iterator[Part]:
    """The parts, the follow-ups last."""
    yield Part(
        "memory",
        _memory_question(v),
        Choice("memory", in_order(v, _memory_options(v))),
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
            **_held_twice(v),
        )
    return say(
        r"The activations are $<compare_at> \cdot <activations_per_example> = <held>$ numbers, the parameters $<parameters>$.",
        held=_held(v, v.compare_at),
    )


def _held(v: Values, size: Size) -> int:
    """nK at a batch size."""
    return int(size) * int(v.activations_per_example)


def _held_twice(v: Values) -> Mapping[str, int]:
    """nK at both of the batch sizes compared at."""
    return {name: _held(v, size) for name, size in zip(("first", "second"), v.compare_at, strict=True)}


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
                    **_held_twice(v),
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
                    held=_held(v, v.compare_at),
                ),
                (
                    (1, "$nK$ is compared with $C$ at this batch size"),
                    (1, "the activations grow with the batch, the parameters do not"),
                ),
            ),
        )
    leader = "parameters" if int(v.activations) < int(v.parameters) else "activations"
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


def _worked_threshold(v: Values, multiple: int, crossover: Scalar, least: int) -> list[Content]:
    """That the ``least`` batch size is enough and the one before it is not."""
    return [
        say(
            r"""
            $nK > <bound>$ exactly when $n > \frac{<amount>}{<activations_per_example>} = <quotient>$. Indeed
            $<before> \cdot <activations_per_example> = <below>$ is not enough, and
            $<least> \cdot <activations_per_example> = <above>$ is.
            """,
            bound="C" if multiple == 1 else f"{multiple}C",
            amount=multiple * int(v.parameters),
            quotient=crossover,
            before=least - 1,
            below=_held(v, least - 1),
            least=least,
            above=_held(v, least),
        )
    ]


def _break_even(v: Values) -> Part:
    return Part(
        "break_even",
        "From which batch size on do the activations outnumber the parameters? Give the least $n$ with $nK > C$.",
        Number("break_even", "n"),
        points=2,
        room=3,
        steps=_worked_threshold(v, 1, v.crossover, int(v.break_even)),
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
            *_worked_threshold(v, 4, v.adam_crossover, int(v.break_even_adam)),
        ],
    )


def _largest_batch(v: Values) -> Part:
    rest, largest = int(v.budget) - int(v.parameters), int(v.largest_batch)
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
                rest=rest,
                next=largest + 1,
                below=_held(v, largest),
                above=_held(v, largest + 1),
            )
            if rest > _held(v, largest)
            else r"The parameters leave room for $<budget> - <parameters>$ numbers, just enough for $<largest_batch>$ examples."
        ],
    )


FOLLOW_UPS = {
    "break_even": _break_even,
    "break_even_adam": _break_even_adam,
    "largest_batch": _largest_batch,
}
