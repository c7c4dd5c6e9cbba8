r"""The hand-work cost of an exercise: how much there is to reckon and to write on the way to its answers.

It counts what the key's worked steps show, formula by formula:

- one for each binary operation written: ``+`` and ``-`` between two operands, ``\cdot``, ``\times``, ``\odot``, ``/`` …;
- one for each fraction, power, root, logarithm and exponential;
- one for each entry of a matrix or vector: a result to be worked out and written down;
- one for each digit of a number beyond its first (``18\,044`` has four).

What names something costs nothing: subscripts, words in a formula, a transpose or a star, the sign of a negative
number; nor do a product written by putting its factors side by side and whatever stands outside formulas.  The
unit is one such mark of the pen, so costs are for comparing variants of one problem, not one problem with another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from generator.blocks import Display, Fillable, Math, Text
from generator.document import Exercise, Question
from generator.filled import MOST_TEMPLATES, Filled, Template, holes_in

_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"

# What a pattern is searched for begins with characters that Python's search can skip to; what stands before them is looked
# back at.
_SILENT = re.compile(
    r"[_^\\](?:"
    rf"(?<=_)\s*(?:{_BRACES}|\\[A-Za-z]+|\S)"  # a subscript
    r"|(?<=\^)\s*(?:\{\s*)?(?:\\(?:top|star|ast|prime|dagger|circ)\b|\*|\(\w+\))\s*\}?"  # a mark, not a power
    r"|(?<=\\)(?<!\\\\)(?:[,;:! ]|q?quad\b|(?:left|right)\b))"
)
_WORDS = re.compile(rf"\\(?:mathrm|text|textrm|operatorname\*?|mathsf|mathtt|label|tag)\s*{_BRACES}")
_MATRIX = re.compile(r"\\begin\{[bpvVB]?(?:small)?matrix\}(.*?)\\end\{[^{}]*\}", re.DOTALL)
_SEPARATOR = re.compile(r"&|\\\\(?!\s*$)")
_BEGIN = re.compile(r"\\begin\{[^{}]*\}(?:\{[^{}]*\})?|\\\\|&")
_END = re.compile(r"\\end\{[^{}]*\}")

_BINARY = "cdot|times|odot|oplus|otimes|div|pm|mp|bmod"
_MARK = re.compile(
    r"[0-9+\-/^*\\](?:"
    r"(?<=[0-9.][0-9])"  # a further digit
    r"|(?<=[0-9A-Za-z)\]}'!][+\-])|(?<=[0-9A-Za-z)\]}'!] [+\-])"  # a sign after what may be an operand
    r"|(?<=[/^*])"
    rf"|(?<=\\)(?:[dt]?frac|binom|sqrt|log|ln|exp|{_BINARY})(?![A-Za-z]))"
)
_NOT_AFTER_AN_OPERAND = re.compile(
    rf"\\(?:{_BINARY}|leq?|geq?|neq?|ll|gg|approx|sim|equiv|in|to|mapsto|mid"
    r"|(?:Left|Right|left|right)*arrow|implies|iff|sum|prod|log|ln|exp|max|min|[lL]vert|lVert|langle|lfloor|lceil"
    r"|forall|exists|lbrace) ?[+\-]"
)


def hand_work(exercise: Exercise) -> int:
    """The hand-work cost of an exercise that still has its key; 0 where no part shows worked steps."""
    return sum([_cost_of_question(part) for part in exercise.parts])


@lru_cache(maxsize=1 << 12)
def cost_of_formula(tex: str) -> int:
    r"""The hand-work cost of one formula in TeX: ``\frac{2+4}{5} = \frac{6}{5}`` costs 3."""
    if "\\begin" in tex:
        around, *others = _MATRIX.split(tex)
        if others:  # entries come again and again, and so does what stands around a matrix
            entries = [entry for inside in others[::2] for entry in _SEPARATOR.split(inside)]
            return len(entries) + sum(map(cost_of_formula, [*entries, "()".join([around, *others[1::2]])]))
        tex = _END.sub(")", _BEGIN.sub("(", tex))
    if "_" in tex or "\\" in tex:
        tex = _SILENT.sub("", _WORDS.sub("x", tex))
    tex = " ".join(tex.split())
    return len(_MARK.findall(tex)) - len(_NOT_AFTER_AN_OPERAND.findall(tex))


def _cost_of_question(question: Question) -> int:
    """That of a part's worked steps, and of those of its own parts; what its template costs is known."""
    if isinstance(question, Filled):
        costs = _always.get(question.template)
        if costs is None:
            if len(_always) >= MOST_TEMPLATES:
                _always.clear()
            costs = _always[question.template] = _cost_of_template(question.template.node)
        always, steps, parts = costs
        fillings = question.fillings
        own = always + sum([_cost_of_filling(fillings[place]) for place in steps])
        return own + sum([_cost_of_question(fillings[place]) for place in parts])
    key = question.key
    own = sum(map(cost_of_formula, _formulas(key.steps))) if key is not None else 0
    return own + sum([_cost_of_question(part) for part in question.parts])


_always: dict[Template, tuple[int, list[int], list[int]]] = {}
"""Of each template, what is got once: :func:`_cost_of_template`."""


def _cost_of_template(question: Question) -> tuple[int, list[int], list[int]]:
    """What the formulas in the steps cost that have no hole; which holes are in the steps, and which are parts."""
    steps = question.key.steps if question.key is not None else ()
    always = sum(cost_of_formula(tex) for tex in _formulas(steps) if isinstance(tex, str))
    return always, [hole.place for hole in holes_in(steps)], [hole.place for hole in holes_in(question.parts)]


def _cost_of_filling(filling: Any) -> int:
    if isinstance(filling, str):
        return cost_of_formula(filling)
    return sum(map(cost_of_formula, _formulas(filling)))


def _formulas(node: Any) -> Iterator[str]:
    """The formulas within a node or within several; of blanks to fill in, as they are filled."""
    if isinstance(node, Math | Display):
        yield node.tex
    elif isinstance(node, tuple):
        for child in node:
            if type(child) is not Text:
                yield from _formulas(child)
    elif isinstance(node, Fillable):
        yield from _formulas(node.filled or node.blank)
    else:
        for name in ("children", "items", "header", "rows"):
            yield from _formulas(getattr(node, name, ()))
