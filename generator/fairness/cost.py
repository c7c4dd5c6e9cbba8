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
from string import ascii_letters, digits, whitespace
from typing import Any

from generator.blocks import Display, Fillable, Math, Text
from generator.document import Exercise, Question
from generator.filled import MOST_TEMPLATES, Filled, Template, holes_in

_MATRIX = re.compile(r"\\begin\{[bpvVB]?(?:small)?matrix\}(.*?)\\end\{", re.DOTALL)
_BEGIN = re.compile(r"\\begin\{[^{}]*\}(?:\{[^{}]*\})?|\\\\")
_END = re.compile(r"\\end\{[^{}]*\}")

_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_WORDS = re.compile(rf"\\(?:mathrm|text|textrm|operatorname\*?|mathsf|mathtt|label|tag)\s*{_BRACES}")
_SUBSCRIPT = re.compile(rf"_\s*(?:{_BRACES}|\\[A-Za-z]+|\S)")
_NO_POWER = re.compile(r"\^\s*(?:\{\s*)?(?:\\(?:top|star|ast|prime|dagger|circ)\b|\*|\(\w+\))\s*\}?")
_SPACE = re.compile(r"\\(?:[,;:! ]|q?quad\b|(?:left|right)\b)")
_COMMAND = re.compile(r"\\[A-Za-z]+[\s+\-]*")

_BINARY = "cdot|times|odot|oplus|otimes|div|pm|mp|bmod"
_MARK = re.compile(rf"[dt]?frac|binom|sqrt|log|ln|exp|{_BINARY}")
_NO_OPERAND = re.compile(
    rf"{_BINARY}|leq?|geq?|neq?|ll|gg|approx|sim|equiv|in|to|mapsto|mid"
    r"|(?:Left|Right|left|right)*arrow|implies|iff|sum|prod|log|ln|exp|max|min|[lL]vert|lVert|langle|lfloor|lceil"
    r"|forall|exists|lbrace"
)

_NEXT = " ( "
"""Between formulas that are counted together: what follows it is as at the beginning of a formula."""


def _classes(**members: str) -> bytes:
    """A table for ``bytes.translate``: each character becomes the letter of its class, and a space if it has none."""
    table = bytearray(b" " * 256)
    for letter, characters in members.items():
        for character in characters:
            table[ord(character)] = ord(letter)
    return bytes(table)


_OPERATIONS = _classes(o=ascii_letters + digits + ")]}'!", s="+-", m="/^*")
"""What may be an operand, a sign, and other marks."""
_DIGITS = _classes(d=digits, p=".")
_WHITESPACE = whitespace.encode()


def hand_work(exercise: Exercise) -> int:
    """The hand-work cost of an exercise that still has its key; 0 where no part shows worked steps."""
    formulas: list[str] = []  # counted at once: what is looked for is found as quickly in a long text as in a short one
    known = sum([_gather(part, formulas) for part in exercise.parts])
    return known + cost_of_formula(_NEXT.join(formulas))


def _gather(question: Question, formulas: list[str]) -> int:
    """Add the formulas of a part's worked steps, and of those of its own parts; of a template's the cost is known."""
    if isinstance(question, Filled):
        known, texts, nodes, parts = _worked(question.template)
        fillings = question.fillings
        formulas += [fillings[place] for place in texts]
        for place in nodes:
            formulas += _formulas(fillings[place])
        return known + sum([_gather(fillings[place], formulas) for place in parts])
    if question.key is not None:
        formulas += _formulas(question.key.steps)
    return sum([_gather(part, formulas) for part in question.parts])


@lru_cache(maxsize=MOST_TEMPLATES)
def _worked(template: Template) -> tuple[int, list[int], list[int], list[int]]:
    """What the formulas in the steps cost that have no hole; in which holes of the steps there are formulas, and in which
    nodes; which holes are parts.
    """
    question = template.node
    steps = question.key.steps if question.key is not None else ()
    known = cost_of_formula(_NEXT.join([tex for tex in _formulas(steps) if isinstance(tex, str)]))
    holes = [*holes_in(steps)]
    texts, nodes = ([hole.place for hole in holes if (hole.kind is str) is plain] for plain in (True, False))
    return known, texts, nodes, [hole.place for hole in holes_in(question.parts)]


def cost_of_formula(tex: str) -> int:
    r"""The hand-work cost of one formula in TeX: ``\frac{2+4}{5} = \frac{6}{5}`` costs 3."""
    entries = 0
    if "\\begin" in tex:
        entries = sum(map(_entries, _MATRIX.findall(tex)))
        tex = _END.sub(")", _BEGIN.sub("(", tex))
    tex = _SPACE.sub("", _NO_POWER.sub("", _SUBSCRIPT.sub("", _WORDS.sub("x", tex))))
    commands = sum(map(_cost_of_command, _COMMAND.findall(tex)))
    written = tex.encode()
    operations = written.translate(_OPERATIONS, _WHITESPACE)
    numbers = b" " + written.translate(_DIGITS)
    further_digits = numbers.count(b"d") - numbers.count(b" d")
    return entries + commands + operations.count(b"m") + operations.count(b"os") + further_digits


def _entries(inside: str) -> int:
    """How many entries a matrix has."""
    return 1 + inside.count("&") + inside.rstrip().removesuffix(r"\\").count(r"\\")


@lru_cache(maxsize=1 << 10)
def _cost_of_command(command: str) -> int:
    """A command, with the sign after it if there is one: no mark where it is that of a negative number."""
    name = command.strip("\\+-" + whitespace)
    is_negative = not command.rstrip().endswith(name) and _NO_OPERAND.fullmatch(name) is not None
    return (_MARK.fullmatch(name) is not None) - is_negative


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
