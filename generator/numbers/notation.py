r"""The TeX of exact numbers: ``-1-\frac{2\sqrt{3}}{3}``, the rational term first, then the roots.

Sums of (p/q)√r are printed directly and remembered; other numbers go through sympy's printer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import sympy

from generator.numbers.exact import Scalar, exact, surds

_LOG_OF_INTEGER = re.compile(r"\\ln\{\\left\((\d+) \\right\)\}(?!\^)")
_ENDS_IN_LOG = re.compile(r"\\ln [\d\\,]+$")


_SEVERAL = (tuple, list)


def tex(value: Any) -> str:
    """A number, a vector (as a row) or a matrix."""
    if isinstance(value, _SEVERAL):
        return matrix(value) if value and isinstance(value[0], _SEVERAL) else row(value)
    return number(value)


def number(x: Scalar) -> str:
    """One exact number, or an int."""
    if not isinstance(x, sympy.Basic):
        x = exact(x)
    return _term("", x.p, x.q, 1) if x.is_Rational else _number(x)


def numbers(values: Collection[Scalar]) -> list[str]:
    """Exact numbers, each as :func:`number` prints it."""
    return [number(x) for x in values]


def _number(x: Scalar) -> str:
    terms = surds(x)
    if terms is None:
        return _other(x)
    first, *others = terms
    return "".join([_term("", *first), *[_term("+", *term) for term in others]])


@lru_cache(maxsize=1 << 10)
def _other(x: Scalar) -> str:
    constant, rest = x.as_coeff_Add()
    text = sympy.latex(rest, ln_notation=True)
    text = _LOG_OF_INTEGER.sub(lambda match: r"\ln " + integer(int(match[1])), text)
    if constant == 0:
        return text
    return _number(constant) + (text if text.startswith("-") else "+" + text)


@lru_cache(maxsize=1 << 14)
def _term(plus: str, p: int, q: int, radicand: int) -> str:
    """(p/q)√radicand, remembered by Python's integers, which are hashed ten times as fast as sympy's numbers."""
    sign = "-" if p < 0 else plus
    size = abs(p)
    above = integer(size)
    if radicand != 1:
        above = ("" if size == 1 else above) + rf"\sqrt{{{integer(radicand)}}}"
    return sign + (above if q == 1 else rf"\frac{{{above}}}{{{integer(q)}}}")


def integer(n: int) -> str:
    """A whole number; from five digits on, grouped by threes with thin spaces."""
    return str(n) if -10_000 < n < 10_000 else f"{n:,}".replace(",", r"\,")


def bracketed(value: Any) -> str:
    """A number in brackets if it is negative or a sum: an operand after a minus or a factor."""
    text = tex(value)
    return _in_brackets(text) if _is_sum_or_negative(value, text) else text


def juxtaposed(value: Any) -> str:
    """A number in brackets: right after another one, so that 2 times 3 is not 23."""
    text = tex(value)
    return text if isinstance(value, _SEVERAL) else _in_brackets(text)


def factor(value: Any) -> str:
    """A number in brackets if it is a sum, or a logarithm that would go on: the first factor of a product."""
    text = tex(value)
    return _in_brackets(text) if _is_sum(value) or _ENDS_IN_LOG.search(text) else text


def addend(value: Any) -> str:
    """A number in brackets if it begins with a minus: what follows a plus."""
    return _addend(tex(value))


def _addend(text: str) -> str:
    return _in_brackets(text) if text.startswith("-") else text


def signed(value: Any) -> str:
    """A number with its sign, plus too: what is added to something."""
    text = tex(value)
    return text if text.startswith("-") else "+" + text


def coefficient(value: Any) -> str:
    """A number before a letter: 1 is left out, and of -1 the sign is kept."""
    text = factor(value)
    return {"1": "", "-1": "-"}.get(text, text)


def base(value: Any) -> str:
    """A number in brackets unless it is a natural one: what a power is taken of."""
    return _base(tex(value))


def _base(text: str) -> str:
    return text if text.isdigit() or text.replace(r"\,", "").isdigit() else _in_brackets(text)


def _in_brackets(text: str) -> str:
    return rf"\left({text}\right)" if "frac" in text else f"({text})"


def _is_sum_or_negative(value: Any, text: str) -> bool:
    return not isinstance(value, _SEVERAL) and (text.startswith("-") or _is_sum(value))


def _is_sum(value: Any) -> bool:
    return isinstance(value, sympy.Expr) and bool(value.is_Add)


def row(values: Sequence[Scalar]) -> str:
    """A vector as a row in square brackets."""
    return r"\begin{bmatrix} " + " & ".join(numbers(values)) + r" \end{bmatrix}"


def column(values: Sequence[Scalar]) -> str:
    """A vector as a column in square brackets."""
    return r"\begin{bmatrix} " + r" \\ ".join(numbers(values)) + r" \end{bmatrix}"


def matrix(rows: Sequence[Sequence[Scalar]]) -> str:
    """A matrix in square brackets."""
    return r"\begin{bmatrix} " + r" \\ ".join([" & ".join(numbers(one)) for one in rows]) + r" \end{bmatrix}"


def shape(sizes: Sequence[Scalar]) -> str:
    """The shape of an array: ``[4, 128]``."""
    return "[" + ", ".join(numbers(sizes)) + "]"


def tuple_(values: Sequence[Scalar]) -> str:
    """``(1, 2)``."""
    return "(" + ", ".join(numbers(values)) + ")"


def sum_of(values: Sequence[Scalar]) -> str:
    """``4+(-2)+1``."""
    first, *others = numbers(values) or ["0"]
    return "+".join([first, *map(_addend, others)])


def sum_of_squares(values: Sequence[Scalar]) -> str:
    """``4^2+(-2)^2``."""
    return "+".join([_base(text) + "^2" for text in numbers(values)]) or "0"


def linear_combination(weights: Sequence[Scalar], values: Sequence[Scalar]) -> str:
    r"""``2\cdot 3+(-1)\cdot 4``."""
    terms = [
        (bracketed(weight) if place and number(weight).startswith("-") else factor(weight))
        + r"\cdot "
        + bracketed(value)
        for place, (weight, value) in enumerate(zip(weights, values, strict=True))
    ]
    return "+".join(terms) or "0"


def plain(x: Scalar | int) -> str:
    """A number as short Unicode text, for drawings and terminals: ``−1 − 2√3/3``."""
    expression = x if isinstance(x, sympy.Expr) else exact(x)
    terms = surds(expression)
    if terms is None:
        return _PLAIN.sub(lambda match: _PLAINER[match[0]], str(expression))
    text = ""
    for place, (p, q, radicand) in enumerate(terms):
        sign = ("−" if p < 0 else "") if place == 0 else (" − " if p < 0 else " + ")
        above = str(abs(p)) if radicand == 1 else ("" if abs(p) == 1 else str(abs(p))) + f"√{radicand}"
        text += sign + above + ("" if q == 1 else f"/{q}")
    return text


_PLAINER = {"log(": "ln(", "sqrt(": "√(", "pi": "π", "**": "^", "*": " ", "-": "−"}
_PLAIN = re.compile("|".join(map(re.escape, _PLAINER)))
