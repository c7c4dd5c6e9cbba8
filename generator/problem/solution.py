"""The solution of a problem: a graph of named steps, and interventions on it.

A step is a pure function.  Its *name* is the quantity it computes, its *arguments* are the quantities it
needs: parameters of the problem or other steps; an argument with a default may be missing.  Solving runs the steps in the order
of their needs.  A step whose name is also an optional parameter's is left out where that parameter is given.
Replacing a step and solving again downstream of it gives a mistake's answers, or what should follow from a
student's own value.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial, wraps
from typing import Any, TypeAlias

import sympy

from generator.errors import AuthoringError, InputError, line_of_error
from generator.numbers.arrays import Array, as_array
from generator.numbers.reals import exact
from generator.numbers.surds import surds
from generator.problem.author_code import file_of, line_of_function
from generator.problem.values import Run, Step, Values

__all__ = [
    "Intervention", "Solution", "Step", "Values", "arguments_of", "call_by_name", "can_call_by_name", "needed_arguments", "steps",
]  # fmt: skip


Finish: TypeAlias = Callable[[Any], Any]
"""What is done with each step's value."""


def _canonical(value: Any) -> Any:
    """Return a number with roots in canonical form, so that steps may use sympy's own operators; other values as they are."""
    if not isinstance(value, sympy.Expr) or value.is_Rational or value.has(sympy.Float):
        return value
    if not value.is_finite:
        raise ZeroDivisionError(
            f"a step gives {value}: something was divided by 0"
        )  # sympy's own division by 0 raises nothing
    found = exact(value)
    return value if surds(found) is None else found


def exact_value(value: Any) -> Any:
    """Return what a step of a problem gives, its numbers exact and in canonical form.

    Raise :class:`AuthoringError` for no value, and for one that is not exact.
    """
    if isinstance(value, Array | str | bool | Mapping):
        return value
    if value is None:
        raise AuthoringError("returned nothing: is a `return` missing?")
    if isinstance(value, float | complex | sympy.Float) or type(value).__module__ == "numpy":
        raise AuthoringError(f"gives {value!r}, which is not exact: floats, and what numpy computes, are not")
    if isinstance(value, sympy.Expr):
        if value.has(sympy.Float) or value.free_symbols:
            raise AuthoringError(f"gives {value}, which is not an exact number")
        return _canonical(value)
    if isinstance(value, int | Fraction):
        return exact(value)
    if isinstance(value, list | tuple):
        return as_array(tuple([exact_value(one) for one in value]))
    return value


def steps(**functions: Step) -> list[Step]:
    """The steps of a solution, each under the name of what it computes: ``steps(mean=lambda X: X.mean(axis=1), …)``."""
    return [_named(function, name) for name, function in functions.items()]


def _named(function: Step, name: str) -> Step:
    if function.__name__ == name:
        return function
    if function.__name__ != "<lambda>":  # it may be a step under another name, too
        function = wraps(function)(partial(function))
    function.__name__ = name
    return function


class Solution:
    """The steps of a problem, checked and put in order once."""

    def __init__(self, steps: Sequence[Step], finish: Finish = _canonical) -> None:
        self._steps = {step.__name__: step for step in steps}
        if len(self._steps) != len(steps):
            names = [step.__name__ for step in steps]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise AuthoringError(f"two steps compute {', '.join(twice)}; give each quantity one step")
        self._needs = {name: arguments_of(step) for name, step in self._steps.items()}
        self._order = _ordered(self._needs)
        self._finish = finish
        self._runs = _runs(self._order, self._steps, self._needs)
        self._interventions: dict[tuple[str | None, tuple[tuple[str, Step], ...]], Intervention] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the steps, each after everything it needs."""
        return self._order

    @property
    def inputs(self) -> frozenset[str]:
        """The names that steps need and no step computes: the parameters."""
        needed = {need for needs in self._needs.values() for need in needs}
        return frozenset(needed - self._steps.keys())

    def needs(self, name: str) -> tuple[str, ...]:
        """The parameters and steps that a step takes."""
        return self._needs[name]

    def upstream(self, name: str) -> frozenset[str]:
        """Return all steps that a step depends on, itself left out."""
        return frozenset(_upstream(self._needs, name) - {name})

    def compute(self, name: str, known: Mapping[str, Any]) -> Any:
        """Compute one step from known values."""
        found = _bound(self._steps[name], self._needs[name], known)
        if found is None:
            raise KeyError(name)
        return self._finish(found())

    def solve(self, params: Mapping[str, Any]) -> Values:
        """Every quantity that ``params`` determine."""
        return _run(Values(params, {}), _without(self._runs, params), self._finish)

    def with_steps(
        self,
        values: Values,
        replaced: Mapping[str, Step],
        towards: str | None = None,
        watch: Callable[[str, Any], None] | None = None,
    ) -> Values:
        """Solve again with some steps replaced; only what lies downstream of them is computed anew.

        ``towards`` is the one step of interest: what it does not rest on stays as it was.  ``watch`` is called with each
        name and value that was computed, and may raise.
        """
        runs = _without(self.intervention(replaced, towards).runs, values.params)
        return _run(values, runs, self._finish, watch)

    def intervention(self, replaced: Mapping[str, Step], towards: str | None = None) -> Intervention:
        """Return the intervention that replaces some steps; see :meth:`with_steps`."""
        key = (towards, tuple(replaced.items()))
        found = self._interventions.get(key)
        if found is None:
            found = self._interventions[key] = Intervention(self._steps, self._needs, replaced, towards, self._finish)
        return found

    def with_values(self, values: Values, given: Mapping[str, Any]) -> Values:
        """Solve again with some quantities given instead of computed: what follows from a student's own."""
        unknown = sorted(given.keys() - self._steps.keys())
        if unknown:
            raise AuthoringError(f"no step computes {', '.join(unknown)}; the steps are {', '.join(self._order)}")
        after = _downstream(self._order, self._needs, given)
        order = tuple(name for name in self._order if name in after and name not in given and name not in values.params)
        known = {**values.computed, **{name: as_array(value) for name, value in given.items()}}
        return _run(Values(values.params, known), _runs(order, self._steps, self._needs), self._finish)


def _runs(order: Sequence[str], steps: Mapping[str, Step], needs: Mapping[str, tuple[str, ...]]) -> dict[str, Run]:
    return {name: (steps[name], needs[name]) for name in order}


def _without(runs: dict[str, Run], params: Mapping[str, Any]) -> dict[str, Run]:
    """The runs of the steps that no given parameter takes the place of."""
    if runs.keys().isdisjoint(params):
        return runs
    return {name: run for name, run in runs.items() if name not in params}


def _bound(step: Step, needs: tuple[str, ...], known: Mapping[str, Any]) -> Callable[[], Any] | None:
    """The step with its arguments; None if one is missing that it cannot do without."""
    try:
        return partial(step, *[known[need] for need in needs])
    except KeyError:
        if not can_call_by_name(step, known):
            return None
        return partial(step, **{need: known[need] for need in needs if need in known})


def _run(
    values: Values, runs: Mapping[str, Run], finish: Finish, watch: Callable[[str, Any], None] | None = None
) -> Values:
    """``values`` with some steps computed anew, those left out whose needs are not there."""
    known = {name: value for name, value in values.everything().items() if name not in runs}
    for name, (step, needs) in runs.items():
        found = _bound(step, needs, known)
        if found is None:
            continue
        try:
            known[name] = finish(found())
        except AuthoringError as error:
            file = file_of(step)
            error.locate(item=f"step {name}", line=line_of_error(error, file) or line_of_function(step, file))
            raise
        except (Exception, SystemExit) as error:
            error.add_note(f"step {name}")
            error.add_note(line_of_function(step, file_of(step)))
            raise
        if watch is not None:
            watch(name, known[name])
    return Values.of(values.params, known)


class Intervention:
    """Some steps replaced: the order in which what lies downstream is solved, found once and kept."""

    def __init__(
        self,
        steps: Mapping[str, Step],
        needs: Mapping[str, tuple[str, ...]],
        replaced: Mapping[str, Step],
        towards: str | None,
        finish: Finish,
    ) -> None:
        self._finish = finish
        unknown = sorted(replaced.keys() - steps.keys())
        if unknown:
            raise AuthoringError(f"no step computes {', '.join(unknown)}; the steps are {', '.join(steps)}")
        needs = {**needs, **{name: arguments_of(step) for name, step in replaced.items()}}
        order = _ordered(needs)
        after = _downstream(order, needs, replaced)
        if towards is not None:
            after &= _upstream(needs, towards)
        self.runs = _runs([name for name in order if name in after], {**steps, **replaced}, needs)

    def on(self, values: Values) -> Values:
        """Solve ``values`` again; a step that cannot be computed with these numbers is absent, and ``failed`` is set."""
        runs = _without(self.runs, values.params)
        known = {name: value for name, value in values.known.items() if name not in runs}
        failed = False
        for name, (step, needs) in runs.items():
            computed = _bound(step, needs, known)
            if computed is None:
                continue
            try:
                known[name] = self._finish(computed())
            except (InputError, ZeroDivisionError):
                failed = True
        found = Values.of(values.params, known)
        found.failed = failed
        return found


def call_by_name(function: Callable[..., Any], available: Mapping[str, Any]) -> Any:
    """Call ``function`` with those of its arguments that are available, found by their names.

    One that takes any names (``**values``) gets all.
    """
    names = _names(function)
    if names is None:
        return function(**available)
    try:
        arguments = [available[name] for name in names]
    except KeyError:
        return function(**{name: available[name] for name in names if name in available})
    return function(*arguments)


def can_call_by_name(function: Callable[..., Any], available: Mapping[str, Any]) -> bool:
    """Return whether every required argument of ``function`` is available."""
    return available.keys() >= _needed(function)


@cache
def _names(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return the names of a function's arguments in order; None if it takes any names."""
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    if any(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters):
        raise AuthoringError(
            f"{function.__name__}: nothing follows a bare *: what is called by names takes them in order"
        )
    return tuple(parameter.name for parameter in parameters)


@cache
def _needed(function: Callable[..., Any]) -> frozenset[str]:
    return frozenset(needed_arguments(function))


@cache
def arguments_of(step: Step) -> tuple[str, ...]:
    """Return the names of a function's arguments."""
    return tuple(inspect.signature(step).parameters)


@cache
def needed_arguments(function: Step) -> tuple[str, ...]:
    """The arguments that a function cannot do without."""
    parameters = inspect.signature(function).parameters.values()
    return tuple(
        parameter.name
        for parameter in parameters
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    )


def _ordered(needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    order: dict[str, None] = {}
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in order or name not in needs:
            return
        if name in open_:
            circle = " → ".join([*open_[open_.index(name) :], name])
            raise AuthoringError(f"the steps need each other in a circle: {circle}")
        open_.append(name)
        for need in needs[name]:
            visit(need)
        open_.pop()
        order[name] = None

    for name in needs:
        visit(name)
    return tuple(order)


def _upstream(needs: Mapping[str, tuple[str, ...]], name: str) -> set[str]:
    """The step and all steps that it rests on."""
    found: set[str] = set()
    open_ = [name]
    while open_:
        one = open_.pop()
        if one in needs and one not in found:
            found.add(one)
            open_ += needs[one]
    return found


def _downstream(order: Sequence[str], needs: Mapping[str, tuple[str, ...]], changed: Mapping[str, Any]) -> set[str]:
    after = set(changed)
    for name in order:
        if any(need in after for need in needs[name]):
            after.add(name)
    return after
