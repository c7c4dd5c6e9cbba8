"""The audit: nothing is handed out before a second opinion agrees with the key.

``check`` of a problem sees only the parameters, as floats, and computes the answers by another method.  The
audit compares them with the exact ones, and makes sure that each mistake shows: it differs from the right
answer, and from every other mistake, in at least one part that is marked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from generator.errors import AuditError, AuthoringError, InputError, did_you_mean, expected
from generator.numbers.exact import is_exact, to_float
from generator.problem.author_code import AuthorCode, line_of_function, line_of_mistake
from generator.problem.solution import call_by_name

if TYPE_CHECKING:
    from generator.problem.problem import Variant
    from generator.problem.solution import Values

TOLERANCE = 1e-9
"""The tolerance between the second opinion and an exact answer, relative or absolute, whichever is larger."""

_ARRAYS = (np.ndarray, np.generic)
_ROWS = (list, tuple)

LARGEST = 10**9
"""No number of a sampled key is larger."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the audit has against a variant; ``is_wrong`` where the key itself is in doubt."""

    text: str
    is_wrong: bool = False
    line: str = ""

    def __str__(self) -> str:
        return self.text


def disagreements(variant: Variant, tolerance: float = TOLERANCE) -> list[Finding]:
    """Answers that the second opinion does not confirm, or that it has no opinion on."""
    values = variant.values.known
    params = {name: as_floats(value) for name, value in variant.params.items()}
    problem = variant.problem
    # What is not finite does not agree, and is reported as such.
    with np.errstate(all="ignore"), AuthorCode(problem.home, "check()", problem.check):
        opinion = _opinion(problem.check, params)
    line = partial(line_of_function, problem.check, problem.home)
    found = []
    for part in variant.computed_parts(guided=True):
        assert part.answer is not None
        step = part.answer.step
        if step not in opinion:
            found.append(Finding(f"part {part.id}: check() has no opinion on {step}", is_wrong=True, line=line()))
    for name, second in opinion.items():
        if name not in values:
            near = "" if name in problem.graph.names else did_you_mean(str(name), problem.graph.names)
            text = f"check() has an opinion on {name}, which no step computed{near}"
            found.append(Finding(text, is_wrong=True, line=line()))
            continue
        value = values[name]
        if isinstance(second, _ARRAYS):
            second = second.tolist()  # a look into a list is much quicker than one into an array
        if not _is_exact(value):
            raise AuthoringError(f"{name} = {value!r} is not exact").locate(context=problem.id, item=f"step {name}")
        try:
            confirmed = agrees(value, second, tolerance)
        except InputError as error:
            function = next((one for one in problem.solution if one.__name__ == name), None)
            raise AuthoringError(error.message).locate(
                context=problem.id,
                item=f"step {name}",
                line=line_of_function(function, problem.home) if function else "",
            ) from error
        if not confirmed:
            text = f"{name}: the key says {_told(value)}, the second opinion {_told(second)}"
            text += ", a text" if isinstance(second, str) and not isinstance(value, str) else ""
            found.append(Finding(text, is_wrong=True, line=line()))
        elif not _within_bounds(second):
            found.append(Finding(f"{name} has a number larger than {LARGEST}"))
    return found


def confirm(variant: Variant, tolerance: float = TOLERANCE) -> None:
    """Raise :class:`AuditError` unless the second opinion confirms every answer."""
    wrong = [finding for finding in disagreements(variant, tolerance) if finding.is_wrong]
    if wrong:
        raise AuditError("; ".join(map(str, wrong))).locate(context=variant.problem.id, line=wrong[0].line)


def _opinion(check: Callable[..., Any], params: Mapping[str, Any]) -> Mapping[str, Any]:
    opinion = call_by_name(check, params)
    if opinion is None:
        raise AuthoringError("returned nothing: is a `return` missing?")
    if not isinstance(opinion, Mapping):
        raise AuthoringError(expected("a dictionary of steps and their values", repr(opinion)[:80]))
    return opinion


def hidden_mistakes(variant: Variant) -> list[Finding]:
    """Mistakes that lead to the right answer, or that two ways of going wrong would share: told apart part by part."""
    right = variant.values
    solutions = [("the right answer", right), *((f"the mistake {one.name!r}", values) for one, values in variant.wrong)]
    groups = [solutions]
    for part in variant.computed_parts():
        assert part.answer is not None
        step = part.answer.step or ""
        groups = [alike for group in groups for alike in _by_answer(group, step, right[step]) if len(alike) > 1]
    if not variant.computed_parts():
        return [Finding(f"no part asks for what the mistake {mistake.name!r} changes") for mistake, _ in variant.wrong]
    found = [f"{name} cannot be carried through" for name, values in solutions if values.failed]
    for group in groups:
        (first, _), *others = [one for one in group if not one[1].failed] or [("", right)]
        found += [f"{name} gives the same as {first}" for name, _ in others]
    return [Finding(text) for text in found]


def line_of_finding(variant: Variant, finding: Finding) -> str:
    """Return the line that a finding is about: its own, or that of the first mistake that it names."""
    home = variant.problem.home
    named = [mistake for mistake in variant.problem.mistakes if repr(mistake.name) in finding.text]
    return finding.line or (line_of_mistake(home, named[0].name) if named else "")


def _by_answer(group: list[tuple[str, Values]], step: str, right: Any) -> Collection[list[tuple[str, Values]]]:
    found: dict[Any, list[tuple[str, Values]]] = {}
    for one in group:
        found.setdefault(one[1].get(step, right), []).append(one)
    return found.values()


def bad_signature(variant: Variant) -> list[Finding]:
    """A difficulty other than the one that every sampled variant of the problem's level has."""
    problem = variant.problem
    expected_signature = problem.levels[variant.level].signature
    if problem.signature is None or not expected_signature:
        return []
    with AuthorCode(problem.home, "signature()", problem.signature):
        found = problem.signature(variant.values)
        if not isinstance(found, Mapping):
            raise AuthoringError(expected("a dictionary, as standard= is", repr(found)))
        missing = [name for name in expected_signature if name not in found]
        if missing:
            raise AuthoringError(f"gives no {missing[0]!r}, which the level states{did_you_mean(missing[0], found)}")
    return [
        Finding(f"{name} is {found.get(name)}, not {wanted}", line=line_of_function(problem.signature, problem.home))
        for name, wanted in expected_signature.items()
        if found.get(name) != wanted
    ]


def _told(value: Any) -> str:
    if isinstance(value, _ARRAYS):
        value = value.tolist()
    text = str(value).replace("'", "")
    return text if len(text) <= 160 else text[:157] + "..."


def fits_floats(params: Mapping[str, Any]) -> bool:
    """Return whether floats can be a second opinion: no parameter is so large or so small that their digits run out."""
    return all(_is_modest(value) for value in params.values())


def _is_modest(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(_is_modest(item) for item in value)
    if not _is_number(value):
        return True
    size: float = abs(to_float(value))
    return size == 0 or 1e-9 <= size <= 1e7


def agrees(exact: Any, second: Any, tolerance: float = TOLERANCE) -> bool:
    """Return whether an exact value of any nesting agrees with a float one."""
    if isinstance(second, np.ndarray):
        second = second.tolist()  # a look into a list is much quicker than one into an array
    if isinstance(exact, tuple):
        return (
            isinstance(second, _ROWS)
            and len(exact) == len(second)
            and all(map(agrees, exact, second, repeat(tolerance)))
        )
    if isinstance(exact, str | bool):
        return bool(exact == second)
    if isinstance(exact, Mapping):
        return isinstance(second, Mapping) and all(agrees(exact[name], second.get(name), tolerance) for name in exact)
    if isinstance(second, str):
        return False
    try:
        return math.isclose(to_float(exact), float(second), rel_tol=tolerance, abs_tol=tolerance)
    except (TypeError, ValueError):
        return False


def as_floats(value: Any) -> Any:
    """A parameter for ``check``: numbers as float, vectors and matrices as arrays, the rest as it is."""
    if isinstance(value, tuple) and value:
        inner = value[0]
        while isinstance(inner, tuple) and inner:
            inner = inner[0]
        return np.array(to_float(value)) if _is_number(inner) else value
    return to_float(value) if _is_number(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, sympy.Expr)


def _is_exact(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_exact, value))
    if isinstance(value, Mapping):
        return all(map(_is_exact, value.values()))
    return isinstance(value, str | bool) or is_exact(value)


def _within_bounds(second: Any) -> bool:
    if isinstance(second, np.ndarray):
        second = second.tolist()
    if isinstance(second, _ROWS):
        return all(map(_within_bounds, second))
    return not isinstance(second, int | float | np.number) or bool(abs(float(second)) <= LARGEST)
