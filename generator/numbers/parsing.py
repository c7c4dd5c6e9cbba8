"""Reading an exact number that a person typed: a small parser over Python's ``ast``, never ``eval``.

Understood are integers, decimals (exactly: ``0.5`` is 1/2), ``+ - * /``, powers with ``**`` or ``^`` to integer
or half-integer exponents, ``sqrt``, ``log`` (or ``ln``), ``exp``, ``pi``, ``E`` and brackets.  Everything is
bounded, so that no text takes long.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import sympy

from generator.errors import InputError
from generator.numbers import exact as ex

MAX_CHARACTERS = 200
MAX_NODES = 150
MAX_DEPTH = 30
MAX_DIGITS = 30
MAX_EXPONENT = 64
MAX_TERMS = 40
"""Terms of a sum, here and on the way."""
_MAX_SIZE = 10**60
_MAX_EXP = 138
"""The greatest argument of ``exp``: e^138 is almost 10^60."""

_TOKEN = re.compile(
    r"(?P<number>\d+\.?\d*|\.\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^()])|(?P<blank> )|(?P<other>.)",
    re.ASCII | re.DOTALL,
)
_EXAMPLE = 'write it like "1/3" or "-1 - 2*sqrt(3)/3"'


def parse_number(text: str, *, field: str) -> ex.Scalar:
    """The exact real number that ``text`` says, in canonical form.

    Raises :class:`InputError` naming ``field`` and pointing at the place.
    """
    return _Reader(text, field).read()


class _Reader:
    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._field = field
        self._nodes = 0
        self._code = ""
        self._origin: list[int] = []  # where each character of the code stands in the text

    def read(self) -> ex.Scalar:
        if len(self._text) > MAX_CHARACTERS:
            raise self._error(f"the number has {len(self._text)} characters; at most {MAX_CHARACTERS} are read")
        if not self._text.strip():
            raise self._error(f"expected a number; {_EXAMPLE}")
        self._tokens()
        try:
            tree = ast.parse(self._code, mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            place = getattr(error, "offset", None) or 1
            raise self._error(f"this is not a number; {_EXAMPLE}", self._from_code(place - 1)) from error
        return self._value(tree.body, 0)

    def _tokens(self) -> None:
        """Check the words and signs one by one, and write them as Python does."""
        before = None
        for token in _TOKEN.finditer(self._text):
            kind, word = token.lastgroup, token[0]
            if kind == "other":
                raise self._error(f"{word!r} has no place in a number; {_EXAMPLE}", token.start())
            if kind == "number" and sum(map(str.isdigit, word)) > MAX_DIGITS:
                raise self._error(f"a number of more than {MAX_DIGITS} digits", token.start())
            if kind == "name" and before == "number":
                raise self._error(f"write {word!r} apart: products with *, no exponents like 1e5", token.start())
            if kind == "name" and word not in _FUNCTIONS and word not in _CONSTANTS:
                known = ", ".join((*_FUNCTIONS, *_CONSTANTS))
                raise self._error(f"{word!r} is not known here; known are {known}", token.start())
            if kind != "blank" or self._code:
                code = "**" if word == "^" else word
                self._code += code
                self._origin += range(token.start(), token.start() + len(code))
            before = kind

    def _value(self, node: ast.expr, depth: int) -> ex.Scalar:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise self._error("the number is nested too deeply", self._place(node))
        match node:
            case ast.Constant(value=int() | float()):
                return sympy.Rational(ast.get_source_segment(self._code, node))
            case ast.UnaryOp(op=op, operand=operand):
                value = self._value(operand, depth + 1)
                return ex.multiply(ex.MINUS_ONE, value) if isinstance(op, ast.USub) else value
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                # a long sum is deep to its left, which is not what nesting means
                value = _OPERATIONS[type(op)](self, node, self._value(left, depth), self._value(right, depth + 1))
                return self._bounded(node, value)
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
                value = _FUNCTIONS[name](self, node, self._value(argument, depth + 1))
                return self._bounded(node, value)
            case ast.Name(id=name) if name in _CONSTANTS:
                return _CONSTANTS[name]
        raise self._error(f"this is not part of a number; {_EXAMPLE}", self._place(node))

    # ------------------------------------------------------------------------------------- operations

    def add(self, _node: ast.expr, a: ex.Scalar, b: ex.Scalar) -> ex.Scalar:
        return ex.add(a, b)

    def subtract(self, _node: ast.expr, a: ex.Scalar, b: ex.Scalar) -> ex.Scalar:
        return ex.subtract(a, b)

    def multiply(self, node: ast.expr, a: ex.Scalar, b: ex.Scalar) -> ex.Scalar:
        if _term_count(a) * _term_count(b) > 10 * MAX_TERMS:
            raise self._error("the product of these sums is too long", self._place(node))
        return ex.multiply(a, b)

    def divide(self, node: ast.expr, a: ex.Scalar, b: ex.Scalar) -> ex.Scalar:
        if ex.is_zero(b):
            raise self._error("division by zero", self._place(node))
        return self.multiply(node, a, self._bounded(node, ex.divide(ex.ONE, b)))

    def power(self, node: ast.expr, base: ex.Scalar, exponent: ex.Scalar) -> ex.Scalar:
        if not _is_readable_exponent(exponent):
            raise self._error(
                f"expected a whole or half exponent from -{MAX_EXPONENT} to {MAX_EXPONENT}; got {exponent}",
                self._place(node),
            )
        if exponent.q == 2:
            base, exponent = self.sqrt(node, base), 2 * exponent
        result = ex.ONE
        for bit in f"{abs(int(exponent)):b}":
            result = self._bounded(node, self.multiply(node, result, result))
            if bit == "1":
                result = self._bounded(node, self.multiply(node, result, base))
        return self.divide(node, ex.ONE, result) if exponent < 0 else result

    def sqrt(self, node: ast.expr, argument: ex.Scalar) -> ex.Scalar:
        if ex.sign(argument) < 0:
            raise self._error("the square root of a negative number", self._place(node))
        return ex.root(argument)

    def log(self, node: ast.expr, argument: ex.Scalar) -> ex.Scalar:
        if ex.sign(argument) <= 0:
            raise self._error("the logarithm of a number that is not positive", self._place(node))
        return ex.exact(sympy.log(argument))

    def exp(self, node: ast.expr, argument: ex.Scalar) -> ex.Scalar:
        if abs(ex.to_float(argument)) > _MAX_EXP:
            raise self._error("this exponential is too large or too small", self._place(node))
        return ex.exact(sympy.exp(argument))

    def _bounded(self, node: ast.expr, value: ex.Scalar) -> ex.Scalar:
        """``value`` if it is small enough to go on with."""
        terms = ex.surds(value)
        if _term_count(value) > MAX_TERMS:
            raise self._error("this sum is too long", self._place(node))
        if terms is not None:
            if any(max(abs(p), q, radicand) >= _MAX_SIZE for p, q, radicand in terms):
                raise self._error("this number is too large", self._place(node))
            return value
        size = abs(ex.to_float(value))
        if size * _MAX_SIZE < 1 and ex.is_zero(value):
            return ex.ZERO
        if not 1 <= size * _MAX_SIZE <= _MAX_SIZE**2 or any(
            max(abs(part.p), part.q) >= _MAX_SIZE for part in value.atoms(sympy.Rational)
        ):
            raise self._error("this number is too large or too small", self._place(node))
        if not all(_is_readable_exponent(part.exp) for part in value.atoms(sympy.Pow)):
            raise self._error(
                f"this needs a root other than a square root, or a power above {MAX_EXPONENT}", self._place(node)
            )
        return value

    # ----------------------------------------------------------------------------------------- errors

    def _place(self, node: ast.expr) -> int:
        return self._from_code(node.col_offset)

    def _from_code(self, place: int) -> int:
        return self._origin[min(place, len(self._origin) - 1)]

    def _error(self, message: str, place: int | None = None) -> InputError:
        shown = repr(self._text if len(self._text) <= 60 else self._text[:57] + "...")
        where = shown if place is None else f"{shown}, character {place + 1}"
        return InputError(f"{where}: {message}", field=self._field)


def _term_count(value: ex.Scalar) -> int:
    return len(value.args) if value.is_Add else 1


def _is_readable_exponent(exponent: ex.Scalar) -> bool:
    return bool(exponent.is_Rational and exponent.q <= 2 and abs(exponent) <= MAX_EXPONENT)


_OPERATIONS: dict[type[ast.operator], Callable[[_Reader, ast.expr, ex.Scalar, ex.Scalar], ex.Scalar]] = {
    ast.Add: _Reader.add,
    ast.Sub: _Reader.subtract,
    ast.Mult: _Reader.multiply,
    ast.Div: _Reader.divide,
    ast.Pow: _Reader.power,
}
_FUNCTIONS: dict[str, Callable[[_Reader, ast.expr, ex.Scalar], ex.Scalar]] = {
    "sqrt": _Reader.sqrt,
    "log": _Reader.log,
    "ln": _Reader.log,
    "exp": _Reader.exp,
}
_CONSTANTS = {"pi": sympy.pi, "E": sympy.E, "e": sympy.E}
