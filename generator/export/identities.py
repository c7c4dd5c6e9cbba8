"""Identifiers that follow from what they name: exporting again replaces, and does not double."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from hashlib import blake2b

from generator.export.tree import Export, Part, Variant

_SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 4122's, for addresses
_ADDRESS = "urn:problemwright:"


def identifier(*names: str) -> str:
    """Return names as one identifier of letters, digits and underscores that begins with a letter."""
    text = "_".join(re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") for name in names)
    return text if text[:1].isalpha() else f"x_{text}"


def number_of(*names: str) -> int:
    """Return a positive number below 10⁸ that stands for names."""
    digest = blake2b("\0".join(names).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % (10**8 - 1) + 1


def uuid_of(*names: str) -> str:
    """Return a UUID that stands for names."""
    return str(uuid.uuid5(_SPACE, _ADDRESS + "/".join(names)))


OF_REASONS = "reasons"


def tag(part: Part, variant: Variant, piece: str = "") -> str:
    """Return what stands at the end of a prompt, so that downloaded answers say what they answer: ``(id dropout.y_corr V2BBB)``.

    A ``piece`` of the part is the number of one of its claims, or :data:`OF_REASONS` for the reasons of them.
    """
    return f"(id {part.id} {variant.id}{f' {piece}' if piece else ''})"


def tag_of_several(problem: str, variant: str, fields: Iterable[tuple[str, int]]) -> str:
    """Return what stands at the end of a question with several parts, each with its number of fields: ``(id dropout V2BBB: y_drop=1 y_corr=3)``."""
    return f"(id {problem} {variant}: {' '.join(f'{_within(part)}={count}' for part, count in fields)})"


def _within(part: str) -> str:
    """Return a part's name within its problem."""
    return part.partition(".")[2]


def sheet_identifier(export: Export) -> str:
    """Return the sheet's name as an identifier."""
    return identifier(export.sheet)
