r"""The syntax tree of a number: its nodes, its TeX, which shows how it was read, and its decimal places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A node of the tree: its kind, its operands, its position in the text, and the text of a number, constant or root's index.

    Kinds: ``number``, ``constant``, ``minus``, ``plus``, ``+``, ``-``, ``*``, ``implied`` (a product without its sign),
    ``/``, ``^``, ``root``, ``ln``, ``exp``, ``cos``, ``sin``, ``abs``, ``percent``.
    """

    kind: str
    operands: tuple[Node, ...]
    position: int
    text: str = ""


_SUM, _SIGNED, _PRODUCT, _POWER, _ATOM = range(5)
_BINDING = {"+": _SUM, "-": _SUM, "minus": _SIGNED, "plus": _SIGNED, "*": _PRODUCT, "implied": _PRODUCT, "^": _POWER}


def tex(node: Node) -> str:
    r"""Return the tree as TeX, with upright fractions and as many brackets as it takes."""
    return _PRINTERS[node.kind](node, *node.operands)


def _operand(node: Node, least: int) -> str:
    """Return an operand's TeX, in brackets unless it binds at least as strongly as ``least``."""
    text = tex(node)
    return text if _BINDING.get(node.kind, _ATOM) >= least else rf"\left({text}\right)"


def _number(node: Node) -> str:
    whole, point, places = node.text.partition(".")
    return (whole or "0") + (point if places else "") + places


def _implied(_node: Node, a: Node, b: Node) -> str:
    left, right = _operand(a, _PRODUCT), _operand(b, _POWER)
    return left + (r" \cdot " if right[0].isdigit() or right.startswith("\\frac") else r" \, ") + right


def _power(_node: Node, base: Node, exponent: Node) -> str:
    text = rf"\left({tex(base)}\right)" if base.kind in ("/", "exp", "cos", "sin") else _operand(base, _ATOM)
    return rf"{text}^{{{tex(exponent)}}}"


def _root(node: Node, a: Node) -> str:
    return rf"\sqrt{'' if node.text == '2' else f'[{node.text}]'}{{{tex(a)}}}"


_PRINTERS: dict[str, Callable[..., str]] = {
    "number": _number,
    "constant": lambda node: r"\pi" if node.text == "pi" else "e",
    "minus": lambda _, a: "-" + _operand(a, _PRODUCT),
    "plus": lambda _, a: "+" + _operand(a, _PRODUCT),
    "+": lambda _, a, b: f"{_operand(a, _SUM)} + {_operand(b, _PRODUCT)}",
    "-": lambda _, a, b: f"{_operand(a, _SUM)} - {_operand(b, _PRODUCT)}",
    "*": lambda _, a, b: rf"{_operand(a, _PRODUCT)} \cdot {_operand(b, _POWER)}",
    "implied": _implied,
    "/": lambda _, a, b: rf"\frac{{{tex(a)}}}{{{tex(b)}}}",
    "^": _power,
    "root": _root,
    "ln": lambda _, a: rf"\ln\left({tex(a)}\right)",
    "exp": lambda _, a: rf"e^{{{tex(a)}}}",
    "cos": lambda _, a: rf"\cos\left({tex(a)}\right)",
    "sin": lambda _, a: rf"\sin\left({tex(a)}\right)",
    "abs": lambda _, a: rf"\left|{tex(a)}\right|",
    "percent": lambda _, a: rf"{_operand(a, _ATOM)}\%",
}


def decimal_places(node: Node) -> int | None:
    """Return the place of the last digit of the coarsest decimal in the tree: 2 for ``0.25``, 4 for ``5.25*10^-2``.

    It is negative for ``1.25*10^4``, and None where no number was typed as a decimal.
    """
    if node.kind == "number":
        return len(node.text.partition(".")[2]) or None
    if node.kind == "percent":
        return _shifted(node.operands[0], 2)
    if node.kind in ("*", "implied", "/"):
        first, second = node.operands
        if (power := _power_of_ten(second)) is not None:
            return _shifted(first, power if node.kind == "/" else -power)
        if node.kind != "/" and (power := _power_of_ten(first)) is not None:
            return _shifted(second, -power)
    return min((found for operand in node.operands if (found := decimal_places(operand)) is not None), default=None)


def _shifted(node: Node, places: int) -> int | None:
    """Return the decimal places of a number that is moved so many places to the right of the point."""
    own = decimal_places(node)
    if own is None and not (node.kind == "number" and places > 0):
        return None
    return (own or 0) + places


def _power_of_ten(node: Node) -> int | None:
    """Return the exponent of a power of ten, written as one; None for anything else."""
    if node.kind != "^" or node.operands[0].text != "10":
        return None
    exponent, sign = node.operands[1], 1
    if exponent.kind in ("minus", "plus"):
        sign = -1 if exponent.kind == "minus" else 1
        (exponent,) = exponent.operands
    return sign * int(exponent.text) if exponent.kind == "number" and exponent.text.isdigit() else None
