"""Python's collector of reference cycles, set for work that makes many objects and hardly a cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_seldom() -> None:
    """Look for cycles a hundredth as often, and never among what is there already: a third of all time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def gc_paused() -> Iterator[None]:
    """Do not look for cycles within: for a while in which much is made that lives on until its end."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
