"""The values of a problem: its parameters and what its steps make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from generator.errors import did_you_mean

Step = Callable[..., Any]
Run: TypeAlias = tuple[Step, tuple[str, ...]]
"""A step to be run: the function, and what it needs."""


class Values(Mapping[str, Any]):
    """The parameters and every quantity computed from them, by name or as attributes.

    A step whose needs were not given (an optional parameter left out) is simply absent.
    """

    __slots__ = ("__dict__", "_all", "failed", "params")

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
        self.failed = False
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
            raise AttributeError(f"no value {name!r}{did_you_mean(name, self._all)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, name: object) -> bool:
        return name in self._all


_METHODS = frozenset(dir(Values))
