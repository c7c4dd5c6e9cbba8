"""A part's worked steps with blanks where the answers of parts would be that are still open.

The steps are filled once more with markers in place of those values.  Where a marker shows, there is a blank; what else has changed is
computed from the values, and stands for nothing: that piece of its formula is a blank as a whole.  Numbers that are equal to
an open answer are blanks too, wherever they come from, unless the question prints them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

import sympy

from generator.document import prose
from generator.document.nodes import Display, Figure, Math, Text
from generator.grading.nesting import depth_of
from generator.grading.worked_steps import BLANK, RELATION, Blocks, leaves, map_leaves, with_values, worked_steps
from generator.numbers import notation
from generator.problem.parts import walk
from generator.problem.problem import Variant
from generator.problem.solution import Values

_FIRST_MARKER = 70_000_003
"""No number of a worksheet is as large: it marks, in a filled text, where a value went."""

_BETWEEN = re.compile(r"((?<![<>!&])=|\\approx(?![a-zA-Z])|(?<!\\)&(?!=)|\\\\|\\(?:begin|end)\{\w+\})")
"""What stands between the sides of a formula, and between the entries of its matrices."""

_SIGN_BEFORE = re.compile(r"(?:\\\+|\\-)(\\ )?$")
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_DOTS = "…"
_SMALL = 10


def with_blanks(variant: Variant, part_id: str, values: Values, hidden: Collection[str]) -> tuple[Blocks, ...]:
    """Return a part's worked steps filled with ``values``, with a blank for each value of the steps ``hidden``.

    There are none where the prose cannot be written so.
    """
    markers: dict[str, Any] = {}
    signs: list[str] = []
    for name in sorted(hidden & values.computed.keys()):
        markers[name] = _marked(values[name], signs)
    right = worked_steps(variant, part_id, values)
    if not signs:
        return right
    marked = worked_steps(variant, part_id, with_values(values, markers))
    if len(marked) != len(right):
        return ()
    marker = re.compile("|".join(map(re.escape, signs)))
    answers = _Answers([values[name] for name in markers], variant)
    blanked = (_blanked(ours, theirs, marker) for ours, theirs in zip(right, marked, strict=True))
    return tuple(map_leaves(step, answers.without) for step in blanked)


def _marked(value: Any, signs: list[str]) -> Any:
    """Return the value with every number in it replaced by a marker, whose TeX is appended to ``signs``."""
    if isinstance(value, tuple):
        return tuple(_marked(entry, signs) for entry in value)
    if not isinstance(value, sympy.Expr):
        return value
    marker = sympy.Integer(_FIRST_MARKER + 2 * len(signs))
    signs.append(notation.tex(marker))
    return marker


def _blanked(right: Blocks, marked: Blocks, marker: re.Pattern[str]) -> Blocks:
    """Return a step with blanks where the one filled with markers reads otherwise; drawings that differ are left out."""
    right = tuple(block for block in right if not isinstance(block, Figure) or block in marked)
    others = [*leaves(marked)]
    if len(others) != len([*leaves(right)]):  # nothing to compare with: every formula becomes a blank
        others = []
    theirs = iter(others)

    def blank(leaf: Any) -> Any:
        other = next(theirs, None)
        if isinstance(leaf, Math | Display):
            return replace(leaf, tex=_blanked_formula(leaf.tex, other.tex if type(other) is type(leaf) else "", marker))
        if isinstance(leaf, Text) and leaf != other:
            return Text(_NUMBER.sub(_DOTS, leaf.text))
        return leaf

    return map_leaves(right, blank)


def _blanked_formula(right: str, marked: str, marker: re.Pattern[str]) -> str:
    if marked == right:
        return right
    pieces, others = _BETWEEN.split(right), _BETWEEN.split(marked)
    if len(pieces) != len(others) or pieces[1::2] != others[1::2]:
        return BLANK
    return "".join(
        piece if piece == other else f" {_blanked_piece(piece, other, marker)} "
        for piece, other in zip(pieces, others, strict=True)
    )


def _blanked_piece(right: str, marked: str, marker: re.Pattern[str]) -> str:
    """Return a piece with blanks for its markers, where it is the same but for them; else a blank as a whole."""
    literal = [_SIGN_BEFORE.sub(r"[+-]\\s?", re.escape(piece)) for piece in marker.split(marked)]
    if len(literal) > 1 and re.fullmatch(".+?".join(literal), right.strip(), re.DOTALL):
        return marker.sub(lambda _: f" {BLANK} ", marked)
    return BLANK


class _Answers:
    """The numbers of open answers as they are printed, but for those that the question prints."""

    def __init__(self, values: Iterable[Any], variant: Variant) -> None:
        question = _question(variant)
        written = {one for value in values for one in _written(value) if not _found(one).search(question)}
        self._small = {one for one in written if one.lstrip("-").isdecimal() and len(one.lstrip("-")) == 1}
        others = sorted(written - self._small, key=len, reverse=True)
        self._others = re.compile("|".join(_found(one).pattern for one in others)) if others else None

    def without(self, leaf: Any) -> Any:
        """Return a formula or words with blanks in place of these numbers; a small whole number counts as a whole side alone."""
        if isinstance(leaf, Math | Display):
            sides = RELATION.split(self._others.sub(lambda _: f" {BLANK} ", leaf.tex) if self._others else leaf.tex)
            return replace(leaf, tex="".join(BLANK if side.strip() in self._small else side for side in sides))
        if isinstance(leaf, Text) and self._others:
            return Text(self._others.sub(_DOTS, leaf.text))
        return leaf


def _written(value: Any) -> Iterator[str]:
    """Yield the numbers of a value as they are printed, and its rows; of small whole numbers only those that stand alone."""
    if isinstance(value, sympy.Expr):
        yield notation.tex(value)
        if not value.is_Integer:
            yield notation.plain(value)
    elif depth_of(value) == 1 and len(value) > 1 and all(isinstance(entry, sympy.Expr) for entry in value):
        yield notation.row(value)
        for entry in value:
            if not entry.is_Integer or abs(entry) >= _SMALL:
                yield from _written(entry)
    elif isinstance(value, tuple):
        for row in value:
            yield from _written(row)


def _found(written: str) -> re.Pattern[str]:
    """Return what finds a number, or a row of numbers, where it stands as a whole: not in an index, nor as half of a fraction."""
    pattern = re.sub(r"^\\?-", r"-\\s?", re.escape(written))
    if "\\" in written and "\\," not in written:  # within other braces it is whole all the same
        return re.compile(rf"(?<![\w.^]){pattern}(?![\w.])")
    return re.compile(rf"(?<![\w.{{^])(?<!\\,){pattern}(?![\w.}}]|\\,\d|,\d)")


def _question(variant: Variant) -> str:
    """Return the formulas and words of the question."""
    known = variant.values.known
    contents = [variant.preamble, *(part.question for part in walk(variant.all_parts))]
    found = (leaf for content in contents for leaf in leaves(prose.nodes(content, known)))
    return "\n".join(leaf.tex if isinstance(leaf, Math | Display) else getattr(leaf, "text", "") for leaf in found)
