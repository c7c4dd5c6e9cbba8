"""A part's solution with blanks where the answers of parts would be that are still open.

Its worked steps, and its texts in words, are filled once more with markers in place of those values.  Where a marker shows, there is a blank; what else has changed is
computed from the values, and stands for nothing: that piece of its formula is a blank as a whole.  Numbers that are equal to
an open answer are blanks too, wherever they come from, unless the question prints them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy

from generator.document import prose
from generator.document.keyless import without_key
from generator.document.nodes import (
    Block,
    ClaimSpace,
    Criterion,
    Display,
    Figure,
    Fillable,
    Math,
    ModelAnswer,
    Question,
    Text,
)
from generator.document.placement import in_key
from generator.grading.nesting import depth_of
from generator.grading.solve_again import STEP_ERRORS
from generator.grading.worked_steps import BLANK, RELATION, Blocks, leaves, map_leaves, with_values, worked_steps
from generator.numbers import notation
from generator.problem.parts import walk
from generator.problem.problem import Variant
from generator.problem.solution import Values
from generator.problem.words import Claims, Essay

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
    markers, signs = _markers(values, hidden)
    right = worked_steps(variant, part_id, values)
    if signs is None:
        return right
    marked = worked_steps(variant, part_id, with_values(values, markers))
    if len(marked) != len(right):
        return ()
    answers = _Answers(variant, part_id, values, markers)
    return tuple(
        map_leaves(_blanked(ours, theirs, signs), answers.without) for ours, theirs in zip(right, marked, strict=True)
    )


def solution_with_blanks(variant: Variant, question: Question, hidden: Collection[str]) -> Question:
    """Return a part with its key, with blanks for the values of the steps ``hidden`` in its texts in words.

    Those are a model answer, the reasons for verdicts on claims, and the rubric.  A drawing or code that would show such a value
    is not completed.  The worked steps are left as they are.
    """
    markers, signs = _markers(variant.values, hidden)
    if question.key is None or signs is None:
        return question
    answers = _Answers(variant, question.id, variant.values, markers)
    marked = _filled(variant, question.id, with_values(variant.values, markers))

    def blank(text: Blocks, other: Blocks) -> Blocks:
        blanked: Blocks = map_leaves(_blanked(text, other, signs), answers.without)
        return blanked

    reasons = iter(marked.reasons)
    spaces = tuple(
        replace(space, reason=blank(space.reason, next(reasons, ()))) if isinstance(space, ClaimSpace) else space
        for space in question.spaces
    )
    completed = [_unnamed(block) for block in marked.body]
    body = tuple(
        without_key(block) if isinstance(block, Figure | Fillable) and _unnamed(block) not in completed else block
        for block in question.body
    )
    model = question.key.answer
    if isinstance(model, ModelAnswer):
        model = ModelAnswer(blank(model.blocks, marked.model))
    rubric: tuple[Criterion, ...] = map_leaves(question.key.rubric, answers.without)
    return replace(question, body=body, spaces=spaces, key=replace(question.key, answer=model, rubric=rubric))


def is_shown(written: str, variant: Variant, part_id: str, hidden: Collection[str]) -> bool:
    """Return whether a number, as it is printed, is one of the values of the steps ``hidden``."""
    return written in _Answers(variant, part_id, variant.values, hidden).written


@dataclass(frozen=True)
class _Filled:
    """The texts of a part filled with some values; none where they cannot be written with them."""

    body: Blocks = ()
    model: Blocks = ()
    reasons: tuple[Blocks, ...] = ()


def _filled(variant: Variant, part_id: str, values: Values) -> _Filled:
    try:
        part = next(part for part in walk(variant.problem.parts(values)) if part.id == part_id)
        with in_key():
            filled = _Filled(prose.nodes(part.question, values.known))
            if isinstance(part.answer, Essay):
                return replace(filled, model=part.answer.shown(values).blocks)
            if isinstance(part.answer, Claims):
                return replace(filled, reasons=tuple(_reasons(part.answer.spaces(values))))
            return filled
    except (*STEP_ERRORS, StopIteration):
        return _Filled()


def _unnamed(block: Block) -> Block:
    """Return a drawing without its name, in which a paper has the problem's number; any other block as it is."""
    return replace(block, name="") if isinstance(block, Figure) else block


def _reasons(spaces: Iterable[object]) -> Iterator[Blocks]:
    yield from (space.reason for space in spaces if isinstance(space, ClaimSpace))


def _markers(values: Values, hidden: Collection[str]) -> tuple[dict[str, Any], re.Pattern[str] | None]:
    """Return the values of the steps ``hidden`` with markers in place of their numbers, and what finds these; None without any."""
    signs: list[str] = []
    markers = {name: _marked(values[name], signs) for name in sorted({*hidden} & values.computed.keys())}
    return markers, re.compile("|".join(map(re.escape, signs))) if signs else None


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

    blanked: Blocks = map_leaves(right, blank)
    return blanked


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
    """The numbers of open answers as they are printed, but for those that the question prints or that are the part's own answer."""

    def __init__(self, variant: Variant, part_id: str, values: Values, hidden: Collection[str]) -> None:
        question = _question(variant)
        own = next((part.answer.step for part in walk(variant.all_parts) if part.id == part_id and part.answer), None)
        known = set() if own is None or own in hidden or own not in values else {*_written(values[own])}
        found = {one for name in hidden if name in values.computed for one in _written(values[name])} - known
        self.written = {one for one in found if not _found(one).search(question)}
        self._small = {one for one in self.written if one.lstrip("-").isdecimal() and len(one.lstrip("-")) == 1}
        others = sorted(self.written - self._small, key=len, reverse=True)
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
