"""What can be read in two ways, of which one would be right: it is asked about, and not marked wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy

from generator.errors.language import phrase
from generator.grading.compare import agree
from generator.grading.nesting import TypedValue, depth_of, reshaped_like, same_shape
from generator.grading.reading.entries import Entry
from generator.numbers.equality import same
from generator.numbers.evaluation import Evaluator
from generator.numbers.syntax_tree import Node
from generator.numbers.tokens import UnreadableError

_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def check_thousands(entry: Entry, value: Any, right: Any) -> None:
    """Refuse ``1.795`` where 1795 would be right: elsewhere the point is one between thousands."""
    ungrouped = _ungrouped(entry.tree)
    if ungrouped == entry.tree or not isinstance(right, sympy.Expr) or same(value, right):
        return
    try:
        other = Evaluator().value(ungrouped)
    except UnreadableError:
        return
    if same(other, right):
        raise UnreadableError(phrase("reading.point_between_thousands"), entry.start, entry.place)


def _ungrouped(tree: Node) -> Node:
    """Return the tree with ``1795`` for each ``1.795``."""
    text = tree.text.replace(".", "") if tree.kind == "number" and _THOUSANDS.fullmatch(tree.text) else tree.text
    return replace(tree, text=text, operands=tuple(map(_ungrouped, tree.operands)))


_GROUPED = re.compile(r"([-+−–]?)[ ]*([1-9][0-9]{0,2})(?:\{,\}|[.,])([0-9]{3})")


def may_be_grouped(typed: str, right: Any) -> bool:
    """Return whether ``1,795`` or ``1.795`` would be right, read in one of its two ways: then it is asked about."""
    found = _GROUPED.fullmatch(typed.strip())
    if found is None or not isinstance(right, sympy.Expr):
        return False
    whole = sympy.Integer(found[2] + found[3]) * (1 if found[1] in ("", "+") else -1)
    return same(whole, right) or agree(right, sympy.Rational(whole, 1000), 3)


_OTHER_READINGS = (
    (
        re.compile(r"(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))"),
        " ",
        "reading.space_before_digits",
    ),
    (
        re.compile(r"(?<![\d.,] )(?<=\d) (?=\d{3}(?![\d.,]))"),
        "",
        "reading.space_before_digits",
    ),
    (
        re.compile(r"(?<=\d),(?=\d{3}(?!\d))"),
        "",
        "reading.comma_between_digits",
    ),
    (
        re.compile(r"(?<=\d),(?=\d)"),
        ".",
        "reading.comma_between_digits",
    ),
    (
        re.compile(r"(?<=[\d)}]) +(?=√|\\?sqrt|\\?pi|π|e\b|\\?ln|\\?log|\\?exp|\\?cos|\\?sin|\\[dt]?frac|\()"),
        "*",
        "reading.space_in_entry",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +(?=[-+−–]\S)"),
        "",
        "reading.space_before_sign",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +([-+−–]) +"),
        r" \1",
        "reading.sign_between_spaces",
    ),
)


def check_other_readings(text: str, right: Any, read: Callable[[str], TypedValue]) -> None:
    """Raise :class:`UnreadableError` if the text would have the right shape when commas or spaces are read otherwise."""
    for pattern, replacement, key in _OTHER_READINGS:
        first = pattern.search(text)
        if first is None:
            continue
        try:
            other = read(pattern.sub(replacement, text))
        except UnreadableError:
            continue
        if fits(other, right):
            raise UnreadableError(phrase(key), first.start())


def fits(typed: TypedValue, right: Any) -> bool:
    value = reshaped_like(typed, right).value
    return depth_of(value) == depth_of(right) and same_shape(value, right, depth_of(right))
