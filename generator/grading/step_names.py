"""What messages call the quantities of a solution: by the symbols of the paper, not by the names of functions."""

from __future__ import annotations

from collections.abc import Sequence

from generator.problem.answers import Fields
from generator.problem.parts import walk
from generator.problem.problem import Variant
from generator.render.escaping import markdown_math

_GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "sigma", "tau"}
_FEW_LABELS = 2


def step_name(variant: Variant, name: str) -> str:
    r"""Return a step or a parameter for a sentence, in Markdown: ``$\sigma^2$`` where a part asks for it by a symbol."""
    for part in walk(variant.all_parts):
        answer = part.answer
        if answer is None or answer.step != name:
            continue
        if isinstance(answer, Fields):
            return _labels(answer.labels)
        symbol = getattr(answer, "symbol", "")
        if symbol:
            return str(markdown_math(symbol))
    if len(name) == 1:
        return f"${name}$"
    return rf"$\{name}$" if name in _GREEK else name.replace("_", " ")


def step_names(variant: Variant, names: Sequence[str]) -> str:
    """Return several for a sentence: ``$a$, $b$ and $c$``."""
    shown = [step_name(variant, name) for name in names]
    if not shown:
        return "these values"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _labels(labels: Sequence[str]) -> str:
    if len(labels) <= _FEW_LABELS:
        return " and ".join(str(markdown_math(label)) for label in labels)
    return str(markdown_math(rf"{labels[0]}, \dots, {labels[-1]}"))
