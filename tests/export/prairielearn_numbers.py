"""How PrairieLearn's fields read what is typed into them; ``test_prairielearn_itself`` compares this with its own code."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from tokenize import TokenError

import sympy
from sympy.parsing import sympy_parser


class FormatError(Exception):
    """What was typed cannot be read, and is not marked."""


_SIGNS = {"−": "-", "–": "-", "½": "1/2", "²": "2", "³": "3", "·": "*", "×": "x", "÷": "/", "⁄": "/"}
"""Signs that are read as plain ones; any other that is not ASCII is refused."""

_FUNCTIONS = {
    "exp": sympy.exp, "log": sympy.log, "ln": sympy.log, "sqrt": sympy.sqrt, "factorial": sympy.factorial,
    "abs": sympy.Abs, "max": sympy.Max, "min": sympy.Min, "cos": sympy.cos, "sin": sympy.sin, "tanh": sympy.tanh,
}  # fmt: skip
_CONSTANTS = {
    "pi": sympy.pi,
    "e": sympy.E,
    "E": sympy.E,
    "infty": sympy.oo,
    "oo": sympy.oo,
    "nan": sympy.nan,
    "zoo": sympy.zoo,
    "I": sympy.I,
}
_NODES = (
    ast.Expression, ast.Call, ast.Name, ast.Load, ast.Constant, ast.UnaryOp, ast.UAdd, ast.USub,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Pow,
)  # fmt: skip
_NOT_FINITE = (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan)
_MADE = ("Integer", "Float", "Symbol", "factorial")
_TRANSFORMATIONS = (
    *sympy_parser.standard_transformations,
    sympy_parser.implicit_multiplication_application,
)


def exact(typed: str) -> sympy.Expr:
    """Return a number of a pl-symbolic-input without variables: no decimals, no letters, no complex numbers."""
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", typed)
    text = "".join(_SIGNS.get(sign, sign) for sign in text)
    if not text.strip() or not text.isascii() or re.search(r"[\[\]{}&|#\\]", text):
        raise FormatError(typed)
    text = re.sub(r"(\d)([eE])([+-])", r"\1*\2\3", text.replace("^", "**"))
    names = {**_FUNCTIONS, **_CONSTANTS, "Integer": sympy.Integer, "Float": sympy.Float, "Symbol": sympy.Symbol}
    try:
        code = sympy_parser.stringify_expr(text, {}, dict(names), _TRANSFORMATIONS)
        if not all(map(_is_allowed, ast.walk(ast.parse(code, mode="eval")))):
            raise FormatError(typed)
        found = sympy_parser.eval_expr(code, {}, dict(names))
    except (AttributeError, IndexError, NameError, SyntaxError, TokenError, TypeError, ValueError) as error:
        raise FormatError(typed) from error
    is_number = isinstance(found, sympy.Expr) and not found.has(sympy.Float, sympy.Symbol, sympy.I)
    if not is_number or (found.is_real is False and found not in _NOT_FINITE):
        raise FormatError(typed)
    return found


def _is_allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in {*_FUNCTIONS, *_MADE}:
        return False
    return isinstance(node, _NODES)


def integer(typed: str) -> int:
    """Return a number of a pl-integer-input."""
    try:
        return int("".join(_SIGNS.get(sign, sign) for sign in typed))
    except ValueError as error:
        raise FormatError(typed) from error


def entry(typed: str) -> Fraction:
    """Return a number of a pl-matrix-component-input: a decimal, or one divided by another."""
    above, line, below = typed.replace("÷", "/").replace("∕", "/").partition("/")
    try:
        found = _decimal(above) / (_decimal(below) if line else 1)
    except (OverflowError, ValueError, ZeroDivisionError) as error:
        raise FormatError(typed) from error
    return found


def _decimal(typed: str) -> Fraction:
    """Return a decimal, which may have spaces between its digits."""
    return Fraction(float(re.sub(r"(?<=\d)\s+(?=\d)", "", typed.replace("−", "-"))))
