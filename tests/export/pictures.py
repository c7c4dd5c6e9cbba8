"""Trees whose drawings stand for PNG without TeX, for tests of what is written around them."""

from __future__ import annotations

from dataclasses import replace

from generator.export.tree import Export

PNG = b"\x89PNG\r\n\x1a\n made up"


def with_pictures(tree: Export) -> Export:
    """Return a tree each of whose pictures has some content."""
    return replace(tree, figures={name: replace(one, content=one.content or PNG) for name, one in tree.figures.items()})
