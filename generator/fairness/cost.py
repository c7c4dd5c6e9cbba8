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

from generator.document import Display, Exercise, Fillable, Math, Paragraph, Question, Text

_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"

_SILENT = re.compile(
    rf"_\s*(?:{_BRACES}|\\[A-Za-z]+|\S)"  # a subscript
    r"|\^\s*(?:\{\s*)?(?:\\(?:top|star|ast|prime|dagger|circ)\b|\*|\(\w+\))\s*\}?"  # a mark, not a power
    r"|(?<!\\)\\(?:[,;:! ]|q?quad\b|(?:left|right)\b)"
)
_WORDS = re.compile(rf"\\(?:mathrm|text|textrm|operatorname\*?|mathsf|mathtt|label|tag)\s*{_BRACES}")
_MATRIX = re.compile(r"\\begin\{[bpvVB]?(?:small)?matrix\}(.*?)\\end\{", re.DOTALL)
_SEPARATOR = re.compile(r"&|\\\\(?!\s*$)")
_BEGIN = re.compile(r"\\begin\{[^{}]*\}(?:\{[^{}]*\})?|\\\\|&")
_END = re.compile(r"\\end\{[^{}]*\}")

_OPERATION = re.compile(
    r"\\(?:[dt]?frac|binom|sqrt|log|ln|exp|cdot|times|odot|oplus|otimes|div|pm|mp|bmod)(?![A-Za-z])|[/^*]"
)
_SIGN = re.compile(
    r"(?:[0-9)\]}'!]"
    r"|\\(?!(?:cdot|times|odot|oplus|otimes|div|pm|mp|bmod|leq?|geq?|neq?|ll|gg|approx|sim|equiv|in|to|mapsto|mid"
    r"|(?:Left|Right|left|right)*arrow|implies|iff|sum|prod|log|ln|exp|max|min|[lL]vert|lVert|langle|lfloor|lceil"
    r"|forall|exists|lbrace)(?![A-Za-z]))[A-Za-z]+"
    r"|(?<![\\A-Za-z])[A-Za-z]+)\s*[+\-]"
)
_FURTHER_DIGIT = re.compile(r"(?<=[0-9.])[0-9]")


def hand_work(exercise: Exercise) -> int:
    """The hand-work cost of an exercise that still has its key; 0 where no part shows worked steps."""
    return sum(cost_of_formula(tex) for part in exercise.parts for tex in _formulas_of(part))


@lru_cache(maxsize=1 << 11)
def cost_of_formula(tex: str) -> int:
    r"""The hand-work cost of one formula in TeX: ``\frac{2+4}{5} = \frac{6}{5}`` costs 3."""
    cost = 0
    if "_" in tex or "\\" in tex:
        tex = _SILENT.sub("", _WORDS.sub("x", tex))
        if "\\begin" in tex:
            cost += sum(1 + len(_SEPARATOR.findall(inside)) for inside in _MATRIX.findall(tex))
            tex = _END.sub(")", _BEGIN.sub("(", tex))
    return cost + len(_OPERATION.findall(tex)) + len(_SIGN.findall(tex)) + len(_FURTHER_DIGIT.findall(tex))


def _formulas_of(question: Question) -> Iterator[str]:
    """The formulas of a part's worked steps, then those of its own parts."""
    if question.key is not None:
        yield from _formulas(question.key.steps)
    for part in question.parts:
        yield from _formulas_of(part)


def _formulas(node: Any) -> Iterator[str]:
    """The formulas within a node or within several; of blanks to fill in, as they are filled."""
    kind = type(node)
    if kind is Math or kind is Display:
        yield node.tex
    elif kind is tuple:
        for child in node:
            if type(child) is not Text:
                yield from _formulas(child)
    elif kind is Paragraph:
        yield from _formulas(node.children)
    elif kind is Fillable:
        yield from _formulas(node.filled or node.blank)
    else:
        for name in ("children", "items", "header", "rows"):
            yield from _formulas(getattr(node, name, ()))
