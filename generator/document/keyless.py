"""The student's copy of a document: without whatever only the key may show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from typing import Any, TypeVar

from generator.document.figures.scene import Scene
from generator.document.nodes import CodeBlock, Display, Image, Paragraph, Table

Node = TypeVar("Node")

_WITHOUT_KEYS: tuple[Any, ...] = (Paragraph, Display, Table, CodeBlock, Image, Scene)
"""Nodes that hold words, formulas or marks alone: nothing that only the key may show is inside."""


def without_key(node: Node) -> Node:
    """Return the same document with everything that only the key may show taken out."""
    changed = _stripped(node)
    return node if changed is None else changed


def _stripped(node: Any) -> Any:
    """``node`` without key fields, or None where nothing has to change."""
    if type(node) is tuple:
        stripped = [_stripped(child) for child in node]
        if all(child is None for child in stripped):
            return None
        return tuple([old if new is None else new for old, new in zip(node, stripped, strict=True)])
    kind: Any = type(node)
    strip = _stripper(kind)
    return None if strip is None else strip(node)


@cache
def _stripper(kind: type) -> Callable[[Any], Any] | None:
    """Return the function that takes key material out of a node of this kind; None if it can have none."""
    if issubclass(kind, _WITHOUT_KEYS):
        return None
    plan = _fields(kind)
    return partial(_without, plan) if plan else None


def _without(plan: tuple[tuple[str, bool, Any], ...], node: Any) -> Any:
    changes = {}
    for name, is_key, default in plan:
        value = getattr(node, name)
        if is_key:
            if value != default:
                changes[name] = default
        elif (new := _stripped(value)) is not None:
            changes[name] = new
    return replace(node, **changes) if changes else None


def _fields(kind: Any) -> tuple[tuple[str, bool, Any], ...]:
    """(name, only for the key, default) of the fields through which key material can be reached."""
    if not is_dataclass(kind):
        return ()
    return tuple(
        (f.name, "key" in f.metadata, f.default)
        for f in fields(kind)
        if "key" in f.metadata or f.type not in {"str", "int"}
    )
