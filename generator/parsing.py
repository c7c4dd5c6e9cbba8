"""Reading an exact number that a person typed: a small parser over Python's ``ast``, never ``eval``.

Understood are integers, decimals (exactly: ``0.5`` is 1/2), ``+ - * /``, powers with ``**`` or ``^`` to integer
or half-integer exponents, ``sqrt``, ``log`` (or ``ln``), ``exp``, ``pi``, ``E`` and brackets.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import sympy

from generator import exact as ex
from generator.errors import InputError

MAX_CHARACTERS = 200
MAX_NODES = 150
MAX_DEPTH = 30
MAX_DIGITS = 30
MAX_EXPONENT = 64

_ALLOWED = re.compile(r"[0-9A-Za-z_+\-*/^(). ]*")
_CONSTANTS = {"pi": sympy.pi, "E": sympy.E, "e": sympy.E}


def parse_number(text: str, *, field: str) -> ex.Scalar:
    """The exact real number that ``text`` says.

    Raises :class:`InputError` naming ``field`` and pointing at the place.
    """
    return _Reader(text, field).read()


class _Reader:
    def __init__(self, text: str, field: str) -> None:
        self._text = text
        self._field = field
        self._nodes = 0
        # ** for ^, and where each character of the rewritten text came from
        self._code = text.replace("^", "**")

    def read(self) -> ex.Scalar:
        text = self._text
        if len(text) > MAX_CHARACTERS:
            raise self._error(f"the number is {len(text)} characters long; at most {MAX_CHARACTERS} are read")
        if not text.strip():
            raise self._error("expected a number; got an empty text")
        allowed = _ALLOWED.match(text)
        if allowed is None or allowed.end() != len(text):
            raise self._error("there is a sign that no number has", allowed.end() if allowed else 0)
        if text.count("(") > MAX_DEPTH or re.search(r"[-+]{%d}" % MAX_DEPTH, text.replace(" ", "")):
            raise self._error("the number is nested too deeply")
        if re.search(rf"\d{{{MAX_DIGITS + 1}}}", text):
            raise self._error(f"a number has more than {MAX_DIGITS} digits")
        try:
            tree = ast.parse(self._code.strip(), mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            raise self._error("this is not a number") from error
        try:
            value = self._value(tree.body, 0)
        except ZeroDivisionError as error:
            raise self._error("division by zero") from error
        if not ex.is_exact(value):
            raise self._error("this is not a finite real number")
        return value

    def _value(self, node: ast.expr, depth: int) -> ex.Scalar:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise self._error("the number is too complicated")
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                return ex.exact(value)
            case ast.Constant(value=float()):
                return self._decimal(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return ex.multiply(sympy.S.NegativeOne, self._value(operand, depth + 1))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._value(operand, depth + 1)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(node, self._value(left, depth + 1), self._value(right, depth + 1))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                result = _OPERATIONS[type(op)](self._value(left, depth + 1), self._value(right, depth + 1))
                return self._bounded(node, result)
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
                return self._bounded(node, self._call(node, name, self._value(argument, depth + 1)))
            case ast.Name(id=name) if name in _CONSTANTS:
                return _CONSTANTS[name]
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
                known = ", ".join((*_FUNCTIONS, *_CONSTANTS))
                raise self._error(f"{name!r} is not known here; known are {known}", self._place(node))
        raise self._error("this is not part of a number", self._place(node))

    def _decimal(self, node: ast.expr) -> ex.Scalar:
        written = ast.get_source_segment(self._code.strip(), node) or ""
        if "e" in written.lower() or "_" in written:
            raise self._error("write the number out, without an exponent", self._place(node))
        return sympy.Rational(written)

    def _power(self, node: ast.expr, base: ex.Scalar, exponent: ex.Scalar) -> ex.Scalar:
        if not exponent.is_Rational or exponent.q > 2 or abs(exponent) > MAX_EXPONENT:
            raise self._error(
                f"expected a whole or half exponent up to {MAX_EXPONENT}; got {exponent}", self._place(node)
            )
        if exponent.q == 2:
            if base.is_negative:
                raise self._error("an even root of a negative number", self._place(node))
            base, exponent = ex.root(base), 2 * exponent
        result = sympy.S.One
        for _ in range(abs(int(exponent))):
            result = self._bounded(node, ex.multiply(result, base))
        return ex.divide(sympy.S.One, result) if exponent < 0 else result

    def _call(self, node: ast.expr, name: str, argument: ex.Scalar) -> ex.Scalar:
        if name == "sqrt" and argument.is_negative:
            raise self._error("the square root of a negative number", self._place(node))
        if name in {"log", "ln"} and not argument.is_positive:
            raise self._error("the logarithm of a number that is not positive", self._place(node))
        if name == "exp" and abs(ex.to_float(argument)) > MAX_EXPONENT:
            raise self._error("this exponential is too large or too small", self._place(node))
        return _FUNCTIONS[name](argument)

    def _bounded(self, node: ast.expr, value: ex.Scalar) -> ex.Scalar:
        if value.is_Rational and max(abs(int(value.p)), int(value.q)) >= 10 ** (2 * MAX_DIGITS):
            raise self._error("this number is too large", self._place(node))
        return value

    def _place(self, node: ast.expr) -> int:
        leading = len(self._code) - len(self._code.lstrip())
        before = self._code[: leading + node.col_offset]
        return len(before) - before.count("**") if "^" in self._text else len(before)

    def _error(self, message: str, place: int | None = None) -> InputError:
        shown = self._text if len(self._text) <= 60 else self._text[:57] + "..."
        where = f" at character {place + 1}" if place is not None else ""
        return InputError(f"{message}{where} of {shown!r}; write it like \"1/3\" or \"-1 - 2*sqrt(3)/3\"", field=self._field)


_OPERATIONS: dict[type[ast.operator], Callable[[ex.Scalar, ex.Scalar], ex.Scalar]] = {
    ast.Add: ex.add,
    ast.Sub: ex.subtract,
    ast.Mult: ex.multiply,
    ast.Div: ex.divide,
}
_FUNCTIONS: dict[str, Callable[[ex.Scalar], ex.Scalar]] = {
    "sqrt": ex.root,
    "log": sympy.log,
    "ln": sympy.log,
    "exp": sympy.exp,
}
