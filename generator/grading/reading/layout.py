"""What is around the numbers of an answer: a full stop, quotation marks, ``np.array``, ``^T``; the sides of an equality."""

from __future__ import annotations

from collections.abc import Iterable

from generator.grading.reading.brackets import CLOSING, OPENING, Tokens, inside, is_group
from generator.grading.reading.names import EQUALITIES
from generator.numbers.tokens import Token

_ARRAY_CALLS = frozenset((
    "array", "asarray", "matrix", "immutablematrix", "immutabledensematrix", "mutabledensematrix", "densematrix", "tensor",
    "vector", "c", "list", "tuple", "series", "devicearray", "ndarray",
))  # fmt: skip
_MOST_FRAMES = 5


def strip(tokens: Tokens) -> Tokens:
    """Remove ends of lines around an answer, a full stop at its end, quotation marks, and Markdown's marks."""
    tokens = list(tokens)
    while tokens and tokens[-1].kind in ("row", "tab"):
        tokens.pop()
    if tokens and tokens[-1].kind == "." and (len(tokens) == 1 or tokens[-2].kind != "."):
        tokens.pop()
    start = next((i for i, token in enumerate(tokens) if token.kind not in ("row", "tab")), 0)
    return _unframed(tokens[start:])


def _unframed(tokens: list[Token]) -> list[Token]:
    """Remove quotation marks and Markdown's marks around all of it, and LaTeX's braces."""
    for _ in range(_MOST_FRAMES):
        kind = tokens[0].kind if len(tokens) > 1 else ""
        marks = sum(token.kind == kind for token in tokens) if kind in ("'", "*", "_") else 0
        paired = len(tokens) > 2 and tokens[-1].kind == kind and (marks == 2 or (marks and kind == "_"))
        if paired or (kind == "{" and is_group(tokens)):
            tokens = tokens[1:-1]
        elif kind == "'" and marks == 1:  # '-3, as it is kept from being a formula
            tokens = tokens[1:]
        else:
            break
    return tokens


def sides_of(tokens: Tokens) -> list[Tokens]:
    """Return the sides of a chain of equalities: of ``24/2 = 12`` both."""
    sides: list[list[Token]] = [[]]
    depth = 0
    tokens = _without_aside(tokens)
    for token in tokens:
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        if token.kind in EQUALITIES and depth <= 0:
            sides.append([])
        else:
            sides[-1].append(token)
    return list(sides)


def _without_aside(tokens: Tokens) -> Tokens:
    """Return the tokens without the brackets of ``√3 (≈ 1.73)``."""
    start = next(
        (i for i, token in enumerate(tokens[:-1]) if token.kind == "(" and tokens[i + 1].kind in EQUALITIES), 0
    )
    if start and is_group(tokens[start:]):
        return [*tokens[:start], *tokens[start + 1 : -1]]
    return tokens


def strip_array_call(tokens: Tokens) -> Tokens:
    """Remove ``array(`` … ``)``, where there is one."""
    for _ in range(_MOST_FRAMES):
        if len(tokens) < 2 or tokens[0].text.casefold() not in _ARRAY_CALLS or not is_group(tokens[1:]):
            break
        tokens = _with_rows(without_last_comma(strip(inside(tokens[1:]))))
    return tokens


def _with_rows(tokens: Tokens) -> Tokens:
    """Return the rows of ``Matrix(2, 2, [1, 2, 3, 4])``, as SymPy takes them too; other tokens as they are."""
    if [token.kind for token in tokens[:5]] != ["number", ",", "number", ",", "["] or not is_group(tokens[4:]):
        return tokens
    rows, columns = tokens[0].text, tokens[2].text
    commas = [place for place, token in enumerate(tokens) if place > 4 and token.kind == ","]
    if not (rows.isdigit() and columns.isdigit()) or int(rows) * int(columns) != len(commas) + 1 or int(columns) == 0:
        return tokens
    ends = {place for entry, place in enumerate(commas, start=1) if entry % int(columns) == 0}
    opening, closing = tokens[4], tokens[-1]
    found = [opening]
    for place, token in enumerate(tokens[4:], start=4):
        found += [closing, token, opening] if place in ends else [token]
    return [*found, closing]


def without_last_comma(tokens: Tokens) -> Tokens:
    """Remove a comma at the end."""
    return tokens[:-1] if tokens and tokens[-1].kind == "," else tokens


def with_commas_for_and(tokens: Tokens) -> Tokens:
    """Return the tokens with ``,`` for ``and``, ``und``: ``1, 2 and 3``."""
    result: list[Token] = []
    for token in tokens:
        if token.kind != "name" or token.text.casefold() not in ("and", "und"):
            result.append(token)
        elif not result or result[-1].kind != ",":
            result.append(Token(",", ",", token.start, token.end, token.spaced))
    return result


def strip_transpose(tokens: Tokens) -> tuple[Tokens, bool]:
    """Remove ``^T`` at the end; return also whether there was one."""
    for end in (("^", "name"), (".", "name"), ("^", "{", "name", "}"), ("name",), ("'",)):
        tail = tokens[len(tokens) - len(end) :]
        if tuple(token.kind for token in tail) == end and len(tokens) > len(end):
            marks = [token.text for token in tail if token.kind in ("name", "'")]
            before = tokens[: len(tokens) - len(end)]
            signs = ("ᵀ", "'") if len(end) == 1 else ("T", "t", "ᵀ", "\\top", "\\intercal")
            if marks[0] in signs and (is_group(strip_array_call(before)) or before[-1].kind == "end"):
                return before, True
    return tokens, False


def without_quotes(tokens: Tokens) -> Tokens:
    """Return the tokens without quotation marks inside brackets: ``Decimal('1.5')``."""
    if not any(token.kind == "'" for token in tokens):
        return tokens
    around = [(before.kind if before else "", after.kind if after else "") for before, after in _neighbours(tokens)]
    return [
        token
        for token, (before, after) in zip(tokens, around, strict=True)
        if token.kind != "'" or (before != "(" and after != ")")
    ]


def without_key_quotes(tokens: Tokens) -> Tokens:
    """Return the tokens without quotation marks around the keys of a dictionary: ``{'a': 1}``."""
    quotes = {
        at
        for place, token in enumerate(tokens)
        if token.kind == ":" and place > 2 and tokens[place - 1].kind == "'"
        for at in (place - 1, max((i for i in range(place - 1) if tokens[i].kind == "'"), default=place - 1))
    }
    return [token for place, token in enumerate(tokens) if place not in quotes]


def _neighbours(tokens: Tokens) -> Iterable[tuple[Token | None, Token | None]]:
    return zip([None, *tokens[:-1]], [*tokens[1:], None], strict=True)
