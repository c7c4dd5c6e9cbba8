"""The author's vocabulary: what a problem file needs, and nothing else.

Names are looked up when first used, so that ``import generator`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from generator.answers import Fields, Matrix, Number, Vector
    from generator.blocks import Figure
    from generator.choices import Choice
    from generator.draw import Draw
    from generator.errors import InputError
    from generator.mistake import Mistake
    from generator.parameters import (
        one_of,
        optional,
        permutation,
        read_matrix,
        read_number,
        read_vector,
        required,
        some_of,
        whole,
    )
    from generator.parts import Part
    from generator.problem import Level, Problem
    from generator.prose import Fill, say
    from generator.solution import Values
    from generator.words import Claim, Claims, Essay, draw_claims

_HOMES = {
    "answers": ("Fields", "Matrix", "Number", "Vector"),
    "blocks": ("Figure",),
    "choices": ("Choice",),
    "draw": ("Draw",),
    "errors": ("InputError",),
    "mistake": ("Mistake",),
    "parameters": (
        "one_of",
        "optional",
        "permutation",
        "read_matrix",
        "read_number",
        "read_vector",
        "required",
        "some_of",
        "whole",
    ),
    "parts": ("Part",),
    "problem": ("Level", "Problem"),
    "prose": ("Fill", "say"),
    "solution": ("Values",),
    "words": ("Claim", "Claims", "Essay", "draw_claims"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 - by kind
    "__version__",
    "Choice", "Claim", "Claims", "Essay", "Fields", "Matrix", "Number", "Vector", "draw_claims",
    "Figure",
    "Draw",
    "InputError",
    "one_of", "optional", "permutation", "read_matrix", "read_number", "read_vector", "required", "some_of", "whole",
    "Level", "Mistake", "Part", "Problem",
    "Fill", "say",
    "Values",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'generator' has no attribute {name!r}")
    return getattr(import_module(f"generator.{_HOME_OF[name]}"), name)
