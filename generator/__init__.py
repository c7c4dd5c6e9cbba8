"""The author's vocabulary: what a problem file needs, and nothing else.  ``docs/authoring.md`` explains each name.

- A problem: ``Problem``, ``Level``, ``Mistake``, ``Part``; its draws and values: ``Draw``, ``Values``.
- Answers: ``Number``, ``Vector``, ``Matrix``, ``Fields``, ``Choice``, ``Subsets``, ``Words``; in words: ``Bank``, ``Essay``, ``Claim``, ``Claims``.
- Texts: ``say``, ``Fill``, ``Figure``, ``Content``.
- Parameters: ``required``, ``optional`` of ``read_number``, ``read_vector``, ``read_matrix``, ``read_flag``, ``whole``, ``one_of``,
  ``some_of``, ``table_of``, ``permutation``; ``InputError`` and ``expected`` for numbers that do not fit each other.
- Exact arrays: ``array``, ``Array`` and the functions ``sqrt``, ``where``, ``maximum`` …; exact numbers: ``exact``.
- Tests: ``draw_variant``, ``find_problem``, ``problem_in_file``.

Names are looked up when first used, so that ``import generator`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.3.0"

if TYPE_CHECKING:
    import generator.numbers.exact as exact
    from generator.document.nodes import Figure
    from generator.document.prose import Content, Fill, say
    from generator.errors import InputError, expected
    from generator.numbers.array_functions import (
        absolute,
        arange,
        concatenate,
        equal,
        exp,
        eye,
        log,
        maximum,
        minimum,
        ones,
        outer,
        solve,
        sqrt,
        stack,
        where,
        zeros,
    )
    from generator.numbers.arrays import Array, array
    from generator.problem.answers import Fields, Matrix, Number, Vector
    from generator.problem.bank import Bank
    from generator.problem.catalogue import find_problem, problem_in_file
    from generator.problem.choices import Choice, Subsets
    from generator.problem.draw import Draw
    from generator.problem.drawing import draw_variant
    from generator.problem.mistake import Mistake
    from generator.problem.parameters import (
        list_of,
        one_of,
        optional,
        permutation,
        read_flag,
        read_matrix,
        read_number,
        read_vector,
        require_length,
        require_together,
        required,
        some_of,
        table_of,
        whole,
    )
    from generator.problem.parts import Part
    from generator.problem.problem import Level, Problem
    from generator.problem.solution import Values, steps
    from generator.problem.word_answers import Words
    from generator.problem.words import Claim, Claims, Essay, draw_claims

_HOMES = {
    "numbers.array_functions": (
        "absolute",
        "arange",
        "concatenate",
        "equal",
        "exp",
        "eye",
        "log",
        "maximum",
        "minimum",
        "ones",
        "outer",
        "solve",
        "sqrt",
        "stack",
        "where",
        "zeros",
    ),
    "numbers.arrays": ("Array", "array"),
    "problem.answers": ("Fields", "Matrix", "Number", "Vector"),
    "document.nodes": ("Figure",),
    "problem.bank": ("Bank",),
    "problem.choices": ("Choice", "Subsets"),
    "problem.catalogue": ("find_problem", "problem_in_file"),
    "problem.draw": ("Draw",),
    "problem.drawing": ("draw_variant",),
    "errors": ("InputError", "expected"),
    "problem.mistake": ("Mistake",),
    "problem.parameters": (
        "list_of",
        "one_of",
        "optional",
        "permutation",
        "read_flag",
        "read_matrix",
        "read_number",
        "read_vector",
        "require_length",
        "require_together",
        "required",
        "some_of",
        "table_of",
        "whole",
    ),
    "problem.parts": ("Part",),
    "problem.problem": ("Level", "Problem"),
    "document.prose": ("Content", "Fill", "say"),
    "problem.solution": ("Values", "steps"),
    "problem.word_answers": ("Words",),
    "problem.words": ("Claim", "Claims", "Essay", "draw_claims"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 - by kind
    "__version__",
    "Bank", "Choice", "Claim", "Claims", "Essay", "Fields", "Matrix", "Number", "Subsets", "Vector", "Words", "draw_claims",
    "exact",
    "Array", "absolute", "arange", "array", "concatenate", "equal", "exp", "eye", "log", "maximum", "minimum", "ones", "outer", "solve", "sqrt", "stack", "where", "zeros",
    "Figure",
    "Draw",
    "InputError", "expected",
    "list_of", "one_of", "optional", "permutation", "read_flag", "read_matrix", "read_number", "read_vector", "required", "some_of",
    "table_of", "whole",
    "require_length", "require_together",
    "Level", "Mistake", "Part", "Problem",
    "Content", "Fill", "say",
    "Values", "steps",
    "draw_variant", "find_problem", "problem_in_file",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "exact":
        return import_module("generator.numbers.exact")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'generator' has no attribute {name!r}")
    return getattr(import_module(f"generator.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
