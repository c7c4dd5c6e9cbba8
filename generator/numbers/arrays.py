"""Exact arrays: numpy's notation on sympy numbers.

``(X - X.mean(axis=1, keepdims=True)) / std`` means what it means in numpy, broadcasting included, and gives exact numbers.
Functions of arrays, ``sqrt`` and ``where`` among them, are in :mod:`generator.numbers.array_functions`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import chain, repeat
from itertools import product as indices
from math import prod
from typing import Any, NoReturn, Self, TypeAlias

from generator.errors import AuthoringError, expected
from generator.numbers.reals import exact, sign
from generator.numbers.scalars import (
    MINUS_ONE,
    ONE,
    absolute,
    add,
    divide,
    dot,
    multiply,
    reciprocal,
    root,
    subtract,
    total,
)
from generator.numbers.surds import Scalar, whole

Axis: TypeAlias = int | tuple[int, ...] | None


class Array(tuple[Any, ...]):
    """An exact array of one axis or more, in numpy's notation; :func:`array` makes one.

    It is a tuple: of sympy numbers, or of arrays that all have the same shape.  What differs from numpy: ``==`` compares whole arrays, as
    tuples do (``equal(a, b)`` compares entry by entry), arrays cannot be changed, and floats are refused.
    Operands may be arrays, exact numbers, or lists and tuples of them.
    """

    __slots__ = ()
    __array_ufunc__ = None  # numpy's own arrays leave an operator to this class, which refuses their floats

    # ------------------------------------------------------------------------------------------ shape

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis, outermost first."""
        first = next(iter(self), None)
        return (len(self), *first.shape) if isinstance(first, Array) else (len(self),)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return _axes(self)

    @property
    def size(self) -> int:
        """The number of entries."""
        return sum(1 for _ in _entries(self))

    @property
    def T(self) -> Self:
        """The transpose of a matrix; a vector is its own."""
        axes = _axes(self)
        if axes > 2:
            raise AuthoringError(expected("a matrix to transpose", f"an array of shape {self.shape}"))
        return self if axes == 1 else self.__class__(map(self.__class__, zip(*self, strict=True)))

    def flatten(self) -> Self:
        """All entries in the order of reading, as a vector."""
        return self.__class__(_entries(self))

    def reshape(self, *shape: int | Sequence[int]) -> Self:
        """The entries in the order of reading in another shape; a length of -1 is inferred."""
        sizes: list[Any] = [*shape[0]] if len(shape) == 1 and isinstance(shape[0], Sequence) else [*shape]
        entries: list[Any] = [*_entries(self)]
        if sizes.count(-1) == 1 and (others := -prod(sizes)):
            sizes[sizes.index(-1)] = len(entries) // others
        if not sizes or min(sizes) < 0 or prod(sizes) != len(entries):
            raise AuthoringError(f"an array of shape {self.shape} cannot be reshaped to {tuple(sizes)}")
        for size in reversed(sizes[1:]):
            entries = [self.__class__(entries[start : start + size]) for start in range(0, len(entries), size)]
        return self.__class__(entries)

    def __getitem__(self, key: Any) -> Any:
        """``X[0]``, ``X[-1]``, ``X[1:]``, ``X[0, 1]``, ``X[:, 1]``, ``X[:, None]`` (a new axis), ``X[[2, 0]]`` (those rows), ``X[x > 0]`` (rows where it holds)."""
        if type(key) is int:
            return tuple.__getitem__(self, key)
        return _item(self, key if isinstance(key, tuple) and not isinstance(key, Array) else (key,))

    # ------------------------------------------------------------------------------------- arithmetic

    def __add__(self, other: Any) -> Any:
        return apply(add, self, other)

    def __radd__(self, other: Any) -> Any:
        return apply(add, other, self)

    def __sub__(self, other: Any) -> Any:
        return apply(subtract, self, other)

    def __rsub__(self, other: Any) -> Any:
        return apply(subtract, other, self)

    def __mul__(self, other: Any) -> Any:
        return apply(multiply, self, other)

    def __rmul__(self, other: Any) -> Any:
        return apply(multiply, other, self)

    def __truediv__(self, other: Any) -> Any:
        return apply(divide, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return apply(divide, other, self)

    def __pow__(self, exponent: Any) -> Any:
        return apply(power, self, exponent)

    def __rpow__(self, base: Any) -> Any:
        return apply(power, base, self)

    def __neg__(self) -> Any:
        return each(_negative, self)

    def __pos__(self) -> Array:
        return self

    def __abs__(self) -> Any:
        return each(absolute, self)

    def __matmul__(self, other: Any) -> Any:
        return product(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return product(other, self)

    def dot(self, other: Any) -> Any:
        """``self @ other``."""
        return product(self, other)

    def __lt__(self, other: Any) -> Any:
        return compare(lambda which: which < 0, self, other)

    def __le__(self, other: Any) -> Any:
        return compare(lambda which: which <= 0, self, other)

    def __gt__(self, other: Any) -> Any:
        return compare(lambda which: which > 0, self, other)

    def __ge__(self, other: Any) -> Any:
        return compare(lambda which: which >= 0, self, other)

    # ------------------------------------------------------------------------------------- reductions

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """The sum of all entries, or along an axis or several."""
        return _reduced(total, self, axis, keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """The mean of all entries, or along an axis or several."""
        return _reduced(_mean, self, axis, keepdims)

    def var(self, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Any:
        """The mean squared deviation from the mean; with ``ddof=1`` the unbiased variance, divided by the count less 1."""
        return _reduced(lambda row: _variance(row, ddof), self, axis, keepdims)

    def std(self, axis: Axis = None, ddof: int = 0, keepdims: bool = False) -> Any:
        """The square root of the variance."""
        return each(root, self.var(axis, ddof, keepdims))

    def max(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """The largest entry."""
        return _reduced(lambda row: row[_place_of_largest(row)], self, axis, keepdims)

    def min(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """The smallest entry."""
        return -(-self).max(axis, keepdims)

    def argmax(self, axis: int | None = None) -> Any:
        """The position, from 0, of the largest entry, the first of several."""
        return _reduced(lambda row: whole(_place_of_largest(row)), self, axis, keepdims=False)

    def argmin(self, axis: int | None = None) -> Any:
        """The position, from 0, of the smallest entry, the first of several."""
        return (-self).argmax(axis)


class Mask(Array):
    """What a comparison of arrays gives: an array of ``True`` and ``False`` for ``where``, ``&``, ``|``, ``~``, ``any``, ``all``, ``sum``."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise AuthoringError("a comparison of arrays is true or false entry by entry; say .any() or .all()")

    def __and__(self, other: Mask) -> Any:
        return as_mask(apply(lambda a, b: a and b, self, other))

    def __or__(self, other: Mask) -> Any:
        return as_mask(apply(lambda a, b: a or b, self, other))

    def __invert__(self) -> Any:
        return as_mask(each(lambda entry: not entry, self))

    def any(self) -> bool:
        """Whether it holds for any entry."""
        return any(_entries(self))

    def all(self) -> bool:
        """Whether it holds for all entries."""
        return all(_entries(self))

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Any:
        """For how many entries it holds."""
        return each(whole, self).sum(axis, keepdims)


# ------------------------------------------------------------------------------------------ making arrays


def array(values: Iterable[Any]) -> Array:
    """Nested lists or tuples of exact numbers as an array.

    Raises :class:`AuthoringError` for floats, and for rows of different lengths.
    """
    if isinstance(values, Array):
        return values
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise AuthoringError(expected("nested lists of numbers", repr(values)))
    made = [array(value) if isinstance(value, (tuple, list)) else exact(value) for value in values]
    shapes = {value.shape if isinstance(value, Array) else () for value in made}
    if len(shapes) > 1:
        raise AuthoringError(f"the rows of an array have the shapes {', '.join(map(str, sorted(shapes)))}")
    return Array(made)


def as_array(value: Any) -> Any:
    """Nested tuples of exact numbers, rows of one length, as an array; any other value as it is."""
    if not isinstance(value, tuple) or isinstance(value, Array):
        return value
    try:
        return array(value)
    except AuthoringError:
        return value


def as_mask(value: Any) -> Any:
    """An array of True and False as a mask; a single truth value as it is."""
    return Mask(map(as_mask, value)) if isinstance(value, Array) else value


# -------------------------------------------------------------------------------------------- broadcasting


def apply(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """``function`` of each pair of entries, broadcast; raises :class:`AuthoringError` for shapes that do not fit."""
    a, b = operand(a), operand(b)
    try:
        return _broadcast(function, a, b, _axes(a), _axes(b))
    except _MismatchError:
        raise AuthoringError(f"arrays of shapes {_shape(a)} and {_shape(b)} do not fit each other") from None


def each(function: Callable[[Any], Any], a: Any) -> Any:
    """``function`` of each entry, or of a single number."""
    if not isinstance(a, Array):
        return function(a)
    if isinstance(next(iter(a), None), Array):
        return Array([each(function, row) for row in a])
    return Array(map(function, a))


def compare(holds: Callable[[int], bool], a: Any, b: Any) -> Any:
    """Whether ``holds`` is true of the sign of each difference."""
    return as_mask(apply(lambda x, y: holds(sign(subtract(x, y))), a, b))


def operand(value: Any) -> Any:
    """What stands beside an array, as an array or an exact number."""
    if isinstance(value, Array):
        return value
    return array(value) if isinstance(value, (tuple, list)) else exact(value)


class _MismatchError(Exception):
    """Two axes of different lengths, neither of them 1."""


def _broadcast(function: Callable[[Any, Any], Any], a: Any, b: Any, a_axes: int, b_axes: int) -> Any:
    if a_axes != b_axes:
        if a_axes > b_axes:
            if a_axes == 1:
                return Array([function(x, b) for x in a])
            return Array([_broadcast(function, x, b, a_axes - 1, b_axes) for x in a])
        if b_axes == 1:
            return Array([function(a, y) for y in b])
        return Array([_broadcast(function, a, y, a_axes, b_axes - 1) for y in b])
    if not a_axes:
        return function(a, b)
    if len(a) != len(b):
        if len(a) == 1:
            a = repeat(a[0], len(b))
        elif len(b) == 1:
            b = repeat(b[0], len(a))
        else:
            raise _MismatchError
    if a_axes == 1:
        return Array(map(function, a, b))
    return Array([_broadcast(function, x, y, a_axes - 1, b_axes - 1) for x, y in zip(a, b, strict=True)])


def _axes(value: Any) -> int:
    axes = 0
    while isinstance(value, Array):
        axes += 1
        value = next(iter(value), None)
    return axes


def _shape(value: Any) -> tuple[int, ...]:
    if isinstance(value, Array):
        return value.shape
    return (len(value), *_shape(value[0])) if isinstance(value, tuple) and value else ()


def _entries(value: Any) -> Iterator[Any]:
    """The numbers of an array in the order of reading."""
    if isinstance(next(iter(value), None), Array):
        return chain.from_iterable(map(_entries, value))
    return iter(value)


# ------------------------------------------------------------------------------- indexing and reductions


def _item(a: Any, key: tuple[Any, ...]) -> Any:
    """What numpy's basic indexing gives; positions may be sympy's integers, and a list of them picks rows."""
    if not key:
        return a
    first, rest = key[0], key[1:]
    if first is None:
        return Array((_item(a, rest),))
    if not isinstance(a, Array):
        raise AuthoringError("an index has more entries than the array has axes")
    if isinstance(first, slice):
        return a.__class__([_item(x, rest) for x in tuple.__getitem__(a, first)])
    if isinstance(first, Mask):
        if first.shape != (len(a),):
            raise AuthoringError(expected(f"a comparison with {len(a)} entries as an index", first.shape))
        first = [place for place, holds in enumerate(first) if holds]
    if isinstance(first, (list, tuple)):
        return a.__class__([_item(tuple.__getitem__(a, place), rest) for place in first])
    return _item(tuple.__getitem__(a, first), rest)


def _reduced(function: Callable[[Sequence[Any]], Any], a: Array, axis: Axis, keepdims: bool) -> Any:
    """``function`` of all entries, or of those along the given axes."""
    shape = a.shape
    axes = {*range(len(shape))} if axis is None else {axis} if isinstance(axis, int) else {*axis}
    if not all(-len(shape) <= one < len(shape) for one in axes):
        raise AuthoringError(f"an array of shape {shape} has no axis {axis}")
    axes = {one % len(shape) for one in axes}
    if len(axes) == len(shape):
        found = function(tuple(_entries(a)))
        return Array((found,)).reshape([1] * len(shape)) if keepdims else found
    if len(shape) == 2:
        found = Array([function(line) for line in (a if axes == {1} else zip(*a, strict=True))])
    else:
        found = Array(map(function, _lines(a, shape, axes)))
    return found.reshape([1 if one in axes else size for one, size in enumerate(shape) if keepdims or one not in axes])


def _lines(a: Array, shape: Sequence[int], axes: Container[int]) -> Iterable[Sequence[Any]]:
    """The entries along ``axes``, for each position on the other axes."""
    found: dict[tuple[int, ...], list[Any]] = {}
    for index, entry in zip(indices(*map(range, shape)), _entries(a), strict=True):
        found.setdefault(tuple(place for one, place in enumerate(index) if one not in axes), []).append(entry)
    return found.values()


def _mean(row: Sequence[Scalar]) -> Scalar:
    return total(row, _count(row, 0))


def _variance(row: Sequence[Scalar], ddof: int) -> Scalar:
    deviations = [subtract(x, mean) for mean in (_mean(row),) for x in row]
    return dot(deviations, deviations, _count(row, ddof))


def _count(row: Sequence[Scalar], ddof: int) -> int:
    if len(row) <= ddof:
        raise ZeroDivisionError(f"no mean of {len(row)} entries" + (f" with ddof={ddof}" if ddof else ""))
    return len(row) - ddof


def _place_of_largest(row: Sequence[Scalar]) -> int:
    if not row:
        raise AuthoringError("an empty array has no largest entry")
    place = 0
    for other, x in enumerate(row):
        if sign(subtract(x, row[place])) > 0:
            place = other
    return place


# ------------------------------------------------------------------------------------ products and powers


def product(a: Any, b: Any) -> Any:
    """``a @ b``: matrix times matrix, matrix times vector, vector times matrix, or the dot product of two vectors."""
    a, b = operand(a), operand(b)
    a_axes, b_axes = _axes(a), _axes(b)
    if not (1 <= a_axes <= 2 and 1 <= b_axes <= 2) or a.shape[-1] != len(b):
        raise AuthoringError(f"arrays of shapes {_shape(a)} and {_shape(b)} cannot be multiplied with @")
    if b_axes == 1:
        return dot(a, b) if a_axes == 1 else Array([dot(row, b) for row in a])
    columns = b.T
    if a_axes == 1:
        return Array([dot(a, column) for column in columns])
    return Array([Array([dot(row, column) for column in columns]) for row in a])


def power(x: Scalar, exponent: Scalar) -> Scalar:
    """``x ** exponent``, multiplied out for whole exponents."""
    exponent = exact(exponent)
    if exponent.is_Integer:
        size = abs(exponent.p)
        result = ONE
        for _ in range(size):
            result = multiply(result, x)
        return result if exponent.p >= 0 else reciprocal(result)
    if exponent.q == 2 if exponent.is_Rational else False:
        return root(power(x, 2 * exponent))
    return exact(exact(x) ** exponent)


def _negative(x: Scalar) -> Scalar:
    return multiply(MINUS_ONE, x)
