"""From scores to probabilities: which activation holds the logits, and what the softmax makes of them."""

from __future__ import annotations

from collections.abc import Mapping

from generator import Choice, Part, Values, Vector, say
from generator.document.prose import Content
from generator.problems.model_size.concepts import SOFTMAX_QUESTIONS
from generator.problems.model_size.options import in_order


def classification(v: Values) -> Part:
    """The part on logits and softmax."""
    question, essay = SOFTMAX_QUESTIONS[v.softmax_question]
    return Part(
        "classification",
        "From scores to probabilities.",
        parts=(
            Part(
                "logits",
                "Which activation holds the logits, the unnormalized scores of the classes?"
                if "candidates" in v
                else "Which activation holds the logits?",
                Choice("logits_option" if "candidates" in v else "logits_activation", in_order(v, _logits_options(v))),
                points=1,
                steps=[_worked_logits(v)],
            ),
            Part("softmax", question, essay),
            *([_probabilities(v)] if "probabilities" in v else []),
        ),
    )


def _logits_options(v: Values) -> Mapping[str, Content]:
    last = len(v.operations)
    places = map(int, v.get("candidates", range(max(1, last - 2), last + 1)))
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
