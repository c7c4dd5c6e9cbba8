r"""The hand-work cost of an exercise: how much there is to compute and to write on the way to its answers.

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
from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import digits
from typing import Any

from generator.document.nodes import BoxedAnswer, Display, Fillable, Key, Math, Question, Text

_ANY_DIGIT = str.maketrans(digits, "0" * len(digits))
_NO_SEPARATOR = re.compile(r"\\\\(?=\s*\\end\{)")
_MATRIX = re.compile(r"\\begin\{[bpvVB]?(?:small)?matrix\}(.*?)\\end\{", re.DOTALL)

_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"

# What a pattern is searched for begins with characters that Python's search can skip to; what stands before them is looked
# back at.
_SILENT = re.compile(
    r"[_^\\](?:"
    rf"(?<=_)\s*(?:{_BRACES}|\\[A-Za-z]+|\S)"  # a subscript
    r"|(?<=\^)\s*(?:\{\s*)?(?:\\(?:top|star|ast|prime|dagger|circ)\b|\*|\(\w+\))\s*\}?"  # a mark, not a power
    r"|(?<=\\)(?:[,;:! ]|q?quad\b|(?:left|right)\b))"
)
_WORDS = re.compile(rf"\\(?:mathrm|text|textrm|operatorname\*?|mathsf|mathtt|label|tag)\s*{_BRACES}")
_BEGIN = re.compile(r"\\begin\{[^{}]*\}(?:\{[^{}]*\})?")
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


def hand_work(questions: Iterable[Question]) -> int:
    """The hand-work cost of :func:`every_question` of an exercise that still has its key; 0 where none shows worked steps."""
    return _cost([tex for question in questions if question.key is not None for tex in _formulas(question.key.steps)])


SECONDS_PER_MARK = 5.0
SECONDS_PER_PART = 30.0
SECONDS_PER_POINT_IN_WORDS = 60.0
"""The scale of :func:`estimated_minutes`: a rule of thumb for work by hand without a calculator."""


def estimated_minutes(questions: Iterable[Question]) -> float:
    """Estimate how many minutes the questions take that still have their key.

    Each part takes half a minute to read, each mark of the pen five seconds, each point of an answer in words a minute.
    """
    seconds = 0.0
    for question in questions:
        if question.key is not None:
            in_words = sum(criterion.points for criterion in question.key.rubric if not _is_computed(question.key))
            seconds += SECONDS_PER_PART + SECONDS_PER_POINT_IN_WORDS * in_words
            seconds += 0 if in_words else SECONDS_PER_MARK * hand_work([question])
    return seconds / 60


def _is_computed(key: Key) -> bool:
    """Whether the answer is computed or chosen: claims and answers in words have no box."""
    return isinstance(key.answer, BoxedAnswer)


def cost_of_formula(tex: str) -> int:
    r"""The hand-work cost of one formula in TeX: ``\frac{2+4}{5} = \frac{6}{5}`` costs 3."""
    return _cost([tex])


def _cost(formulas: list[str]) -> int:
    r"""Return what formulas cost together.

    It matters how many digits a number has and not which, and no mark depends on what is beyond a ``&`` or ``\\``: a class's
    formulas are made of a few thousand pieces.
    """
    text = _NO_SEPARATOR.sub("", "&".join(formulas).translate(_ANY_DIGIT)).replace(r"\\", "&")
    entries = sum([1 + inside.count("&") for inside in _MATRIX.findall(text)]) if "matrix}" in text else 0
    return entries + sum(map(_marks, text.split("&")))


@lru_cache(maxsize=1 << 13)
def _marks(tex: str) -> int:
    """The marks in a piece of a formula: all but the entries of matrices."""
    tex = _END.sub(")", _BEGIN.sub("(", tex))
    if "_" in tex or "\\" in tex:
        tex = _SILENT.sub("", _WORDS.sub("x", tex))
    tex = " ".join(tex.split())
    return len(_MARK.findall(tex)) - len(_NOT_AFTER_AN_OPERAND.findall(tex))


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
