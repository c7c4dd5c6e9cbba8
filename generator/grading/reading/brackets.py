"""Brackets within an answer: whether they match, what is in them, and rows in brackets of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from generator.errors.language import phrase
from generator.numbers.parser import MAX_DEPTH
from generator.numbers.tokens import Token, UnreadableError

Tokens: TypeAlias = Sequence[Token]
OPENING = {"(": ")", "[": "]", "{": "}"}
CLOSING = frozenset(OPENING.values())


def check_brackets(tokens: Tokens) -> None:
    """Raise :class:`UnreadableError` where a bracket is closed that was not opened, or opened and not closed."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind in OPENING:
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                raise UnreadableError(phrase("reading.brackets_too_deep", most=MAX_DEPTH), token.start)
        elif token.kind in CLOSING and (not opened or OPENING[opened.pop().kind] != token.kind):
            raise UnreadableError(phrase("reading.not_opened", closing=repr(token.kind)), token.start)
    if opened:
        last = opened[-1]
        reason = phrase("reading.not_closed", opening=repr(last.kind), closing=repr(OPENING[last.kind]))
        raise UnreadableError(reason, last.start)


def is_group(tokens: Tokens) -> bool:
    """Return whether all of it is inside one pair of brackets."""
    return bool(tokens) and tokens[0].kind in OPENING and group_end(tokens, 0) == len(tokens)


def inside(group: Tokens) -> Tokens:
    """Return what is inside the outermost brackets."""
    return group[1:-1]


def group_end(tokens: Tokens, start: int) -> int | None:
    """Return where the bracket that opens at ``start`` has been closed."""
    depth = 0
    for place in range(start, len(tokens)):
        kind = tokens[place].kind
        depth += (kind in OPENING) - (kind in CLOSING)
        if depth == 0:
            return place + 1
    return None


def bracketed_rows(tokens: Tokens) -> list[Tokens]:
    """Return rows with brackets of their own; none if the text is not made of such rows."""
    groups: list[Tokens] = []
    place = 0
    while place < len(tokens):
        if tokens[place].kind in (",", "row", "tab") and groups:
            place += 1
            continue
        end = group_end(tokens, place) if tokens[place].kind in ("[", "(", "{") else None
        if end is None:
            return []
        groups.append(tokens[place:end])
        place = end
    square = all(group[0].kind == "[" for group in groups)
    commas = any(token.kind in (",", "&") for group in groups for token in top_level(inside(group)))
    return groups if square or commas else []


def top_level(tokens: Tokens) -> list[Token]:
    """Return the tokens outside of all brackets."""
    result: list[Token] = []
    depth = 0
    for token in tokens:
        depth -= token.kind in CLOSING
        if depth <= 0:
            result.append(token)
        depth += token.kind in OPENING
    return result
