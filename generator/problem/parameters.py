"""A problem's parameters: what each one is, whether it may be left out, and how it is read.

The same readers take what a sampler drew, the printed sheet's numbers in the problem's file, and the numbers
of a user's JSON file; a value that does not fit is an :class:`InputError` naming the parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from typing import Any

from generator.errors import AuthoringError, InputError, expected, shown
from generator.numbers.encoding import read_matrix, read_number, read_vector

Reader = Callable[..., Any]
"""``reader(raw, field=name)`` gives the exact value or raises :class:`InputError`."""

__all__ = [
    "Parameter",
    "Reader",
    "list_of",
    "one_of",
    "optional",
    "permutation",
    "read_flag",
    "read_matrix",
    "read_number",
    "read_params",
    "read_vector",
    "require_length",
    "require_together",
    "required",
    "some_of",
    "table_of",
    "whole",
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its reader, and the raw value it has when left out (None: it is absent then)."""

    read: Reader
    is_required: bool
    default: Any = None


def required(read: Reader) -> Parameter:
    """A parameter that must be given."""
    return Parameter(read, is_required=True)


def optional(read: Reader, default: Any = None) -> Parameter:
    """A parameter that may be left out; with no ``default`` the steps that need it are left out too."""
    return Parameter(read, is_required=False, default=default)


def one_of(names: Iterable[str]) -> Reader:
    """A reader of one name out of ``names``."""
    known = tuple(names) if isinstance(names, Iterable) and not isinstance(names, str) else ()
    if not known or not all(isinstance(name, str) for name in known):
        raise AuthoringError(f"one_of(), some_of(): {expected('a list of names', shown(names))}")

    def read(raw: Any, *, field: str) -> str:
        if not isinstance(raw, str) or raw not in known:
            raise InputError(expected(f"one of {', '.join(known)}", repr(raw)), field=field)
        return raw

    return read


def some_of(names: Iterable[str]) -> Reader:
    """A reader of a list of different names out of ``names``, kept in its order."""
    one = one_of(names)

    def read(raw: Any, *, field: str) -> tuple[str, ...]:
        if not isinstance(raw, list | tuple):
            raise InputError(expected("a list of names", repr(raw)), field=field)
        found = tuple(one(item, field=f"{field}[{place}]") for place, item in enumerate(raw, start=1))
        if len(set(found)) != len(found):
            raise InputError(f"a name stands twice in {list(found)}", field=field)
        return found

    return read


def list_of(read: Reader) -> Reader:
    """A reader of a list of what ``read`` reads; it may be empty."""
    if not callable(read):
        raise AuthoringError(f"list_of(): {expected('a reader, such as read_number', shown(read))}")

    def read_list(raw: Any, *, field: str) -> tuple[Any, ...]:
        if not isinstance(raw, list | tuple):
            raise InputError(expected("a list", repr(raw)), field=field)
        return tuple(read(item, field=f"{field}[{place}]") for place, item in enumerate(raw, start=1))

    return read_list


def table_of(**parameters: Parameter) -> Reader:
    """A reader of a table with these keys: ``table_of(kernel=required(whole(1)), stride=optional(whole(1), 1))``."""
    given: Mapping[str, Any] = parameters
    for name, parameter in given.items():
        if not isinstance(parameter, Parameter):
            wanted = "required(reader) or optional(reader, default)"
            raise AuthoringError(f"table_of(): {name}: {expected(wanted, shown(parameter))}")

    def read_table(raw: Any, *, field: str) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise InputError(expected(f"a table with the keys {', '.join(parameters)}", repr(raw)), field=field)
        for key in raw:
            if key not in parameters:
                raise InputError(f"there is no key {key!r}; it has {', '.join(parameters)}", field=field)
        found = {}
        for key, parameter in parameters.items():
            value = raw.get(key, parameter.default)
            if value is None and parameter.is_required:
                raise InputError("missing", field=f"{field}.{key}")
            if value is not None:
                found[key] = parameter.read(value, field=f"{field}.{key}")
        return found

    return read_table


def whole(minimum: int = 0, maximum: int = 10**9) -> Reader:
    """A reader of one integer within bounds."""
    if not (type(minimum) is type(maximum) is int and minimum <= maximum):
        wanted = "two whole numbers, the smaller one first"
        raise AuthoringError(f"whole(): {expected(wanted, f'{minimum!r} and {maximum!r}')}")

    def read(raw: Any, *, field: str) -> Any:
        number = read_number(raw, field=field)
        if not number.is_Integer or not minimum <= number.p <= maximum:
            raise InputError(expected(f"an integer from {minimum} to {maximum}", number), field=field)
        return number

    return read


def read_flag(raw: Any, *, field: str) -> bool:
    """True or False."""
    if not isinstance(raw, bool):
        raise InputError(expected("true or false", repr(raw)), field=field)
    return raw


def permutation(count: int) -> Reader:
    """A reader of the numbers 1 to ``count`` in some order."""
    if type(count) is not int or count < 1:
        raise AuthoringError(f"permutation(): {expected('a positive whole number', shown(count))}")
    numbers = [*range(1, count + 1)]

    def read(raw: Any, *, field: str) -> Any:
        order = read_vector(raw, field=field)
        if sorted([place.p for place in order if place.is_Integer]) != numbers or len(order) != count:
            raise InputError(expected(f"the numbers 1 to {count} in some order", list(order)), field=field)
        return order

    return read


def require_length(field: str, values: Sized, count: int, what: str) -> None:
    """Raise :class:`InputError` if a list has not one entry ``for each`` of so many things."""
    if len(values) != count:
        raise InputError(expected(f"{count} entries, one for each {what}", len(values)), field=field)


def require_together(**values: Any) -> None:
    """Raise :class:`InputError` for one that is missing (None) where another one is given."""
    missing = [name for name, value in values.items() if value is None]
    if 0 < len(missing) < len(values):
        *others, last = values
        raise InputError(f"missing; {', '.join(others)} and {last} are given together or not at all", field=missing[0])


def read_params(schema: Mapping[str, Parameter], raw: Mapping[str, Any], *, problem: str) -> dict[str, Any]:
    """``raw`` as exact parameters, in the schema's order; a missing or unknown name is an error."""
    if not isinstance(raw, Mapping):
        raise InputError(expected(f"an object with the parameters of {problem}", type(raw).__name__))
    if not raw.keys() <= schema.keys():
        unknown = next(name for name in raw if name not in schema)
        raise InputError(f"{problem} has no such parameter; it has {', '.join(schema)}", field=str(unknown))
    params = {}
    for name, parameter in schema.items():
        value = raw.get(name)
        if value is None:
            if parameter.is_required:
                raise InputError(f"missing; {problem} needs it", field=name)
            value = parameter.default
            if value is None:
                continue
        params[name] = parameter.read(value, field=name)
        if params[name] is None:
            raise AuthoringError(f"the reader of {name} returned nothing: is a `return` missing?")
    return params
