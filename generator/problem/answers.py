"""The kinds of answers: a number, a vector, a matrix, several values.

An answer *names* the step of the solution that computes it, so the right value, a mistake's value and what
follows from a student's own value all come by the same way: :meth:`Answer.value` of a different solution.
What is chosen is in :mod:`generator.problem.choices`, what is said in :mod:`generator.problem.words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import sympy

from generator.document.markup import check_tex
from generator.document.nodes import BoxedAnswer, Criterion, FieldsSpace, GridSpace, ModelAnswer, NumberSpace, Space
from generator.errors import AuthoringError, expected, shown
from generator.errors.language import phrase
from generator.numbers import notation
from generator.problem.solution import Values

LEAST_DIGITS = 3
"""The significant digits that a decimal must have to count as an exact value rounded."""


def decimals() -> str:
    """Return what a page says once where decimals are accepted."""
    return phrase("worksheet.decimals")


class Answer(Protocol):
    """The interface of every kind of answer."""

    @property
    def step(self) -> str | None:
        """The step that computes it; None for answers in words, which no step computes."""

    @property
    def points(self) -> int | None:
        """The points it brings along (a rubric's sum); None where the part states them."""

    def value(self, values: Values) -> Any:
        """The answer itself, exact; or its words."""

    def spaces(self, values: Values) -> tuple[Space, ...]:
        """Where the student writes it."""

    def shown(self, values: Values) -> BoxedAnswer | ModelAnswer | None:
        """Return it as the key states it."""

    def rubric(self, values: Values) -> tuple[Criterion, ...]:
        """Return how its points are divided, where more than one thing earns points."""

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        """Yield excerpts that identify a wrong answer, as TeX, the shortest first: a number, or a wrong row of a matrix."""


class Computed:
    """The base of all answers that a step computes.

    ``digits`` is how many significant digits a decimal needs to count as the exact value rounded.
    """

    step: str
    digits: int = LEAST_DIGITS

    def __post_init__(self) -> None:
        if not isinstance(self.step, str):
            raise self._error("the name of a step, a text", self.step)
        for name in ("symbol", "like"):
            text = getattr(self, name, "")
            if not isinstance(text, str):
                raise self._error(f"{name}, a text", text)
        self._check_formula(getattr(self, "symbol", ""))
        for name, least in (("digits", 1), ("at_most", 0)):
            number = getattr(self, name, least)
            if type(number) is not int or number < least:
                raise self._error(
                    f"{name}, {'a positive whole number' if least else 'a whole number, not negative'}", number
                )
        for name in ("by_column", "in_order", "several"):
            flag = getattr(self, name, False)
            if not isinstance(flag, bool):
                raise self._error(f"{name}, True or False", flag)

    def _check_labels(self) -> None:
        """Check the labels of an answer that has some, and keep them as a tuple."""
        labels: Any = getattr(self, "labels", ())
        if not isinstance(labels, list | tuple) or not labels or not all(isinstance(label, str) for label in labels):
            raise self._error("labels, a list of texts", labels)
        for label in labels:
            self._check_formula(label)
        object.__setattr__(self, "labels", tuple(labels))

    def _check_formula(self, tex: str) -> None:
        check_tex(tex)
        if _DOLLAR.search(tex) is not None:
            raise self._error("a formula without the dollar signs around it", tex)

    def _error(self, what: str, got: object) -> AuthoringError:
        return AuthoringError(f"{type(self).__name__}: {expected(what, shown(got))}")

    def unfit(self, value: Any) -> str:
        """What is wrong with a value as an answer of this kind; nothing if it fits."""
        return ""

    @property
    def points(self) -> int | None:
        return None

    def value(self, values: Values) -> Any:
        return values[self.step]

    def rubric(self, values: Values) -> tuple[Criterion, ...]:
        return ()


_DOLLAR = re.compile(r"(?<!\\)\$")

# A class has the same spaces again and again.


@lru_cache(maxsize=1 << 10)
def _number_space(symbol: str) -> tuple[Space, ...]:
    return (NumberSpace(symbol),)


@lru_cache(maxsize=1 << 10)
def _grid(symbol: str, rows: int, columns: int) -> tuple[Space, ...]:
    return (GridSpace(symbol, rows, columns),)


def _equation(symbol: str, tex: str) -> str:
    return f"{symbol} = {tex}" if symbol else tex


@dataclass(frozen=True)
class Number(Computed):
    """One exact number; ``symbol`` is the TeX it is asked for under, ``digits`` as in :class:`Computed`."""

    step: str
    symbol: str = ""
    digits: int = LEAST_DIGITS

    def unfit(self, value: Any) -> str:
        return "" if _is_number(value) else f"a number is asked for; the step gives {kind_of(value)}"

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return _number_space(self.symbol)

    def shown(self, values: Values) -> BoxedAnswer:
        return BoxedAnswer(_equation(self.symbol, notation.tex(self.value(values))))

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        yield _equation(self.symbol, notation.tex(self.value(wrong)))


@dataclass(frozen=True)
class Vector(Computed):
    """A vector, written as a row.

    ``like`` says that the question itself gives its length: the name of a printed vector that is as long, or ``rows of X``
    (``columns of X``) where there is one entry for each of a printed matrix.  Without it, to know the length is the student's;
    paper has then room for so many entries ``at_most``, should it not give the length away.
    """

    step: str
    symbol: str = ""
    like: str = ""
    digits: int = LEAST_DIGITS
    at_most: int = 0

    def unfit(self, value: Any) -> str:
        if not _is_vector(value):
            return f"a vector is asked for; the step gives {kind_of(value)}"
        if self.at_most and len(value) > self.at_most:
            return f"at_most={self.at_most}, and the step gives {kind_of(value)}"
        return ""

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return _grid(self.symbol, 1, max(len(self.value(values)), self.at_most))

    def shown(self, values: Values) -> BoxedAnswer:
        return BoxedAnswer(_equation(self.symbol, notation.row(self.value(values))))

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        yield _equation(self.symbol, notation.row(self.value(wrong)))


@dataclass(frozen=True)
class Shape(Vector):
    """The shape of an array, printed as ``[4, 128]``; it may be typed in any of the ways in which shapes are written, ``4x128`` among them."""

    def shown(self, values: Values) -> BoxedAnswer:
        return BoxedAnswer(_equation(self.symbol, notation.shape(self.value(values))))

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        yield _equation(self.symbol, notation.shape(self.value(wrong)))


@dataclass(frozen=True)
class Matrix(Computed):
    """A matrix; a wrong one is betrayed by a wrong row, or column where ``by_column``.

    ``like`` names a printed matrix of the same shape, where the question itself gives it away; see :class:`Vector`.
    """

    step: str
    symbol: str = ""
    by_column: bool = False
    like: str = ""
    digits: int = LEAST_DIGITS

    def unfit(self, value: Any) -> str:
        return "" if _is_matrix(value) else f"a matrix is asked for; the step gives {kind_of(value)}"

    def spaces(self, values: Values) -> tuple[Space, ...]:
        rows = self.value(values)
        return _grid(self.symbol, len(rows), len(rows[0]))

    def shown(self, values: Values) -> BoxedAnswer:
        return BoxedAnswer(_equation(self.symbol, notation.matrix(self.value(values))))

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        true, false = self.value(right), self.value(wrong)
        if self.by_column:
            true, false = tuple(zip(*true, strict=True)), tuple(zip(*false, strict=True))
        alike = len(true) == len(false) and len(true[0]) == len(false[0])
        if not alike or (len(true) == len(true[0]) == 1 and true != false):  # a single entry has no rows to tell apart
            yield _equation(self.symbol, notation.matrix(self.value(wrong)))
            return
        key = "entries.column" if self.by_column else "entries.row"
        turned = r"^{\top}" if self.by_column else ""  # a line of text, not a tower
        for place, (ours, theirs) in enumerate(zip(true, false, strict=True), start=1):
            if ours != theirs:
                name = phrase(key, count=1, names=place)
                yield rf"\text{{{name}}} = {notation.row(theirs)}{turned}"


def takes_decimals(answer: object) -> bool:
    """Return whether an answer is numbers, which may be typed as decimals."""
    return isinstance(answer, Number | Vector | Matrix)


@dataclass(frozen=True)
class Fields(Computed):
    """Several labelled values, one blank each: the labels are TeX, the step gives as many values.

    A value that is itself a vector is printed as a shape, ``[4, 128]``.
    """

    step: str
    labels: tuple[str, ...]
    digits: int = LEAST_DIGITS

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_labels()

    def unfit(self, value: Any) -> str:
        if not isinstance(value, tuple) or not all(_is_number(one) or _is_vector(one) for one in value):
            return f"a list of values is asked for, one a label; the step gives {kind_of(value)}"
        if len(value) != len(self.labels):
            return f"{len(self.labels)} labels are given for {len(value)} values"
        return ""

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return (FieldsSpace(self.labels),)

    def shown(self, values: Values) -> BoxedAnswer:
        found = self.value(values)
        if len(found) != len(self.labels):
            raise AuthoringError(f"{self.step} has {len(found)} values for {len(self.labels)} labels")
        pairs = zip(self.labels, found, strict=True)
        return BoxedAnswer(_listed([(label, _field(value)) for label, value in pairs]))

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        true, false = self.value(right), self.value(wrong)
        if len(true) != len(false):
            yield ", ".join(_field(value) for value in false)
            return
        changed = [
            (label, theirs) for label, ours, theirs in zip(self.labels, true, false, strict=True) if ours != theirs
        ]
        for count in (2, len(changed)):
            yield r",\; ".join([f"{label} = {_field(theirs)}" for label, theirs in changed[:count]])


def _is_number(value: Any) -> bool:
    return isinstance(value, sympy.Expr)


def _is_vector(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) > 0 and all(map(_is_number, value))


def _is_matrix(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) > 0
        and all(map(_is_vector, value))
        and len({len(row) for row in value}) == 1
    )


def kind_of(value: Any) -> str:
    """Return what a value is, for messages: ``a number``, ``a vector of 3 entries``."""
    if _is_number(value):
        return f"the number {value}"
    if _is_vector(value):
        return f"a vector of {len(value)} entries"
    if _is_matrix(value):
        return f"a matrix of {len(value)} rows and {len(value[0])} columns"
    return shown(value)


def _field(value: Any) -> str:
    return notation.shape(value) if isinstance(value, tuple) else notation.tex(value)


def _listed(pairs: Sequence[tuple[str, str]]) -> str:
    """Shapes that are equal to their neighbours' share one line: ``z_1, z_2 : [4, 128]``."""
    if not pairs[0][1].startswith("["):
        return r",\quad ".join(f"{label} = {tex}" for label, tex in pairs)
    groups: list[tuple[list[str], str]] = []
    for label, tex in pairs:
        if groups and groups[-1][1] == tex:
            groups[-1][0].append(label)
        else:
            groups.append(([label], tex))
    lines = (rf"{', '.join(labels)} &: {tex}" for labels, tex in groups)
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"
