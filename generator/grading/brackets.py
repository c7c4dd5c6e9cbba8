"""Tokens in brackets: whether they are well set, what is inside, what outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from generator.grading.expressions import MAX_DEPTH
from generator.grading.tokens import Token, Unreadable

Tokens: TypeAlias = Sequence[Token]

OPENING = {"(": ")", "[": "]", "{": "}"}
CLOSING = frozenset(OPENING.values())


def check_brackets(tokens: Tokens) -> None:
    """Raise :class:`Unreadable` where one is closed that was not opened, or opened and not closed."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind in OPENING:
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                raise Unreadable(f"brackets are nested more than {MAX_DEPTH} deep", token.start)
        elif token.kind in CLOSING and (not opened or OPENING[opened.pop().kind] != token.kind):
            raise Unreadable(f"no bracket was opened that {token.kind!r} closes", token.start)
    if opened:
        raise Unreadable(f"{opened[-1].kind!r} is not closed by {OPENING[opened[-1].kind]!r}", opened[-1].start)


def is_group(tokens: Tokens) -> bool:
    """Whether all of it stands in one pair of brackets."""
    return bool(tokens) and tokens[0].kind in OPENING and _group_end(tokens, 0) == len(tokens)


def inner_of(group: Tokens) -> Tokens:
    """What stands inside the outermost brackets."""
    return group[1:-1]


def _group_end(tokens: Tokens, start: int) -> int | None:
    """Where the bracket that opens at ``start`` has been closed."""
    depth = 0
    for place in range(start, len(tokens)):
        kind = tokens[place].kind
        depth += (kind in OPENING) - (kind in CLOSING)
        if depth == 0:
            return place + 1
    return None


def groups_of(tokens: Tokens) -> list[Tokens]:
    """Rows that stand in brackets of their own; none if the text is not made of such rows."""
    groups: list[Tokens] = []
    place = 0
    while place < len(tokens):
        if tokens[place].kind in (",", "row", "tab") and groups:
            place += 1
            continue
        end = _group_end(tokens, place) if tokens[place].kind in ("[", "(", "{") else None
        if end is None:
            return []
        groups.append(tokens[place:end])
        place = end
    square = all(group[0].kind == "[" for group in groups)
    commas = any(token.kind in (",", "&") for group in groups for token in at_top(inner_of(group)))
    return groups if square or commas else []


def at_top(tokens: Tokens) -> list[Token]:
    """The tokens outside of all brackets and bars."""
    result: list[Token] = []
    depth = 0
    for token in tokens:
        depth -= token.kind in CLOSING
        if depth <= 0:
            result.append(token)
        depth += token.kind in OPENING
    return result
