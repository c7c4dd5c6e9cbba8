"""A mistake: one step of the solution or more, done otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from generator.errors import AuthoringError, expected, shown
from generator.problem.solution import Step, Values, call_by_name, can_call_by_name


@dataclass(frozen=True)
class Mistake:
    """What a student does instead of one or more steps, and the sentence that tells her.

    ``replaced`` maps a step's name to the function computed in its place; without the values that these functions take nobody
    makes the mistake.  ``applies`` says, from values taken by name, whether it can be made in a variant (the wrong axis needs a square).
    """

    name: str
    feedback: str
    replaced: Mapping[str, Step]
    applies: Callable[..., bool] | None = None
    translated: Callable[[], str] | None = field(default=None, repr=False, compare=False)

    def __init__(
        self, name: str, feedback: str, *, applies: Callable[..., bool] | None = None, **replaced: Step
    ) -> None:
        item = f"mistake {name!r}"
        if not isinstance(name, str) or not name.strip():
            raise AuthoringError(expected("a mistake's name, a text", shown(name)))
        if not isinstance(feedback, str) or not feedback.strip():
            raise AuthoringError(
                expected('the feedback, a text that continues "If you got …, you …"', shown(feedback))
            ).locate(item=item)
        if not replaced:
            raise AuthoringError(f"the mistake {name!r} replaces no step")
        for step, function in {**replaced, **({"applies": applies} if applies is not None else {})}.items():
            if not callable(function):
                raise AuthoringError(f"{step}=: {expected('a function', shown(function))}").locate(item=item)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "feedback", feedback)
        object.__setattr__(self, "replaced", replaced)
        object.__setattr__(self, "applies", applies)
        object.__setattr__(self, "translated", None)

    @property
    def said(self) -> str:
        """The feedback in the current language, where the bank has it."""
        return self.feedback if self.translated is None else self.translated()

    def with_texts(self, translated: Callable[[], str]) -> Mistake:
        """Return the mistake with its feedback in the current language."""
        found = copy(self)
        object.__setattr__(found, "translated", translated)
        return found

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        """All functions that it calls with values by their names."""
        return (*self.replaced.values(), *([self.applies] if self.applies else []))

    def applies_to(self, values: Values) -> bool:
        """Return whether the mistake can be made here: not if it is about a value that was not given."""
        if not any(can_call_by_name(step, values.known) for step in self.replaced.values()):
            return False
        applies = self.applies
        return applies is None or (
            can_call_by_name(applies, values.known) and bool(call_by_name(applies, values.known))
        )
