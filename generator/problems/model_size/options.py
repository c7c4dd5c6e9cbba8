"""The options of multiple choice in the order drawn."""

from __future__ import annotations

from collections.abc import Mapping

from generator import Values
from generator.document.prose import Content


def in_order(v: Values, options: Mapping[str, Content]) -> Mapping[str, Content]:
    """The options in the order drawn; of fewer than four, those that there are."""
    keys = tuple(options)
    places = map(int, v.get("order", (1, 2, 3, 4)))
    return {keys[place - 1]: options[keys[place - 1]] for place in places if place <= len(keys)}
