"""The values of a problem: its parameters and what its steps make of them, all at once or on demand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from generator.errors import InputError
from generator.lines import ON_DEMAND, entire, glimpse

Step = Callable[..., Any]
Run: TypeAlias = tuple[Step, tuple[str, ...]]
"""A step to be run: the function, and what it needs."""

_ABSENT = object()


class Values(Mapping[str, Any]):
    """The parameters and every quantity computed from them, by name or as attributes.

    A step whose needs were not given (an optional parameter left out) is simply absent.
    """

    __slots__ = ("__dict__", "_all", "params")

    failed: bool = False
    """Whether these numbers did not let a step be computed that somebody asked for."""

    touched: Collection[str] = ()
    """The quantities that an intervention may have changed."""

    def __init__(self, params: Mapping[str, Any], computed: Mapping[str, Any]) -> None:
        self._take(params, {**params, **computed})

    @classmethod
    def of(cls, params: Mapping[str, Any], everything: dict[str, Any]) -> Values:
        """Values that take ``everything``, parameters included, as their own."""
        values = cls.__new__(cls)
        values._take(params, everything)  # noqa: SLF001 - its own
        return values

    def _take(self, params: Mapping[str, Any], everything: dict[str, Any]) -> None:
        self.params = params
        self._all = everything
        if _METHODS.isdisjoint(everything):  # else a value would hide one
            self.__dict__ = everything  # attributes are found there at once; __getattr__ would take ten times as long

    def everything(self) -> dict[str, Any]:
        """Parameters and steps in a dictionary of its own."""
        return self._all.copy()

    @property
    def known(self) -> Mapping[str, Any]:
        """Parameters and steps as they are kept: quicker to look many up in."""
        return self._all

    def glimpse(self, name: str) -> Any:
        """One number of a quantity, solved no further than that needs; None where the quantity is absent."""
        return glimpse(self._all.get(name))

    def on_demand(self, name: str) -> Any:
        """A quantity, of a matrix perhaps only what is looked at; None where it is absent."""
        return self._all.get(name)

    @property
    def computed(self) -> dict[str, Any]:
        """The steps' values alone, in the order they were solved."""
        return {name: value for name, value in self._all.items() if name not in self.params}

    def __getitem__(self, name: str) -> Any:
        return self._all[name]

    def __getattr__(self, name: str) -> Any:
        try:
            return self._all[name]
        except KeyError:
            raise AttributeError(f"no value {name!r}; there are {', '.join(self._all)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, name: object) -> bool:
        return name in self._all


_METHODS = frozenset(dir(Values))


class OnDemand(Values):
    """What an intervention makes of other values: a quantity is solved when somebody asks for it, and kept.

    Most of what a mistake leads to nobody asks for: it is told from others by the first answer that it changes.  A step
    that these numbers do not let be computed is absent, like one whose needs were not given, and ``failed`` is then set.
    Steps get a matrix on demand, where it is so; whoever else asks for it by name gets all of it.
    """

    __slots__ = ("_own", "_right", "_runs", "failed", "touched")

    def __init__(self, right: Values, runs: Mapping[str, Run]) -> None:
        self.params = right.params
        self.failed = False
        self.touched = self._runs = runs
        self._right = right.known
        self._own: dict[str, Any] = {}

    def get(self, name: str, default: Any = None) -> Any:
        """The quantity, or ``default`` where it is absent."""
        value = self._value(name)
        return default if value is _ABSENT else value

    def glimpse(self, name: str) -> Any:
        value = self._for_steps(name)
        return None if value is _ABSENT else glimpse(value)

    def on_demand(self, name: str) -> Any:
        value = self._for_steps(name)
        return None if value is _ABSENT else value

    def everything(self) -> dict[str, Any]:
        known = {name: value for name, value in self._right.items() if name not in self._runs}
        known.update((name, value) for name in self._runs if (value := self._value(name)) is not _ABSENT)
        return known

    @property
    def known(self) -> Mapping[str, Any]:
        return self

    @property
    def computed(self) -> dict[str, Any]:
        return {name: value for name, value in self.everything().items() if name not in self.params}

    def __getitem__(self, name: str) -> Any:
        value = self._value(name)
        if value is _ABSENT:
            raise KeyError(name)
        return value

    def __getattr__(self, name: str) -> Any:
        value = self._value(name)
        if value is _ABSENT:
            raise AttributeError(f"no value {name!r}; there are {', '.join(self)}")
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.everything())

    def __len__(self) -> int:
        return len(self.everything())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._value(name) is not _ABSENT

    def _value(self, name: str) -> Any:
        value = self._for_steps(name)
        if type(value) in ON_DEMAND:
            value = self._own[name] = entire(value)
        return value

    def _for_steps(self, name: str) -> Any:
        own = self._own
        if name not in own:
            run = self._runs.get(name)
            if run is None:
                return self._right.get(name, _ABSENT)
            own[name] = self._solved(*run)
        return own[name]

    def _solved(self, step: Step, needs: tuple[str, ...]) -> Any:
        arguments = []
        for need in needs:
            value = self._for_steps(need) if need in self._runs else self._right.get(need, _ABSENT)
            if value is _ABSENT:
                return _ABSENT
            arguments.append(value)
        try:
            return step(*arguments)
        except (InputError, ZeroDivisionError):
            self.failed = True
            return _ABSENT
