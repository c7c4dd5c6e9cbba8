"""Python's collector of reference cycles, set for work that makes many objects and hardly a cycle."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Look for cycles a hundredth as often, and never among what is there already: a third of all time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
