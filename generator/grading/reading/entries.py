r"""From tokens to the entries of a number, a vector or a matrix.

Rows end at a newline, ``;`` or ``\\``, or have brackets of their own.  Entries are separated by ``&``, by commas, by
tabs, or where there are none of these anywhere, by spaces: then every space between two operands separates
(``2 √3`` is two entries, ``1 -2`` too, ``1 - 2`` is one), and a message about a wrong number of entries says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.grading.reading.layout import (
    CLOSING,
    OPENING,
    Tokens,
    bracketed_rows,
    check_brackets,
    check_names_rise,
    inside,
    is_group,
    is_number_with_comma,
    join_decimal_commas,
    strip,
    strip_array_call,
    strip_name,
    strip_transpose,
    top_level,
)
from generator.numbers.parser import parse
from generator.numbers.syntax_tree import Node
from generator.numbers.tokens import MAX_NUMBER_CHARACTERS, Token, UnreadableError

_BLANKS_SEPARATE = (
    "entries are separated by spaces here; within an entry write 2*√3, not 2 √3, or separate all entries by commas"
)


@dataclass(frozen=True)
class Entry:
    """One number: its tree, where it starts in the text, its row and column (from 0)."""

    tree: Node
    start: int
    place: tuple[int, int] | None = None


def number_of(tokens: Tokens) -> Entry:
    """Return the only entry of an answer that is one number."""
    tokens = join_decimal_commas(strip(strip_name(strip(tokens))))
    return Entry(parse(tokens), tokens[0].start if tokens else 0)


def rows_of(tokens: Tokens) -> tuple[tuple[Entry, ...], ...]:
    """Return the rows of a vector or matrix, equally long."""
    check_names_rise(tokens)
    tokens = strip_array_call(strip_name(strip(tokens)))
    if not tokens:
        raise UnreadableError("nothing is written here; expected numbers such as [1, 2; 3, 4]")
    check_brackets(tokens)
    tokens, transposed = strip_transpose(tokens)
    rows, separator = _rows(tokens)
    result = tuple(
        tuple(_entry(entry, start, (i, j)) for j, (entry, start) in enumerate(_split(row, separator)))
        for i, row in enumerate(rows)
    )
    _check_even(result, separator)
    return tuple(zip(*result, strict=True)) if transposed else result


def _entry(tokens: Tokens, start: int, place: tuple[int, int]) -> Entry:
    try:
        return Entry(_tree(strip_name(tokens), start), tokens[0].start if tokens else start, place)
    except UnreadableError as error:
        raise UnreadableError(error.reason, error.position, place) from error


def _tree(tokens: Tokens, start: int) -> Node:
    if tokens and tokens[-1].end - tokens[0].start > MAX_NUMBER_CHARACTERS:
        raise UnreadableError(f"an entry of more than {MAX_NUMBER_CHARACTERS} characters", tokens[0].start)
    outside = top_level(tokens)
    comma = next((token for token in tokens if token.kind == "," and token not in outside), None)
    if comma is not None:  # 2*[1,5] would be 2*1.5
        raise UnreadableError("a comma cannot be used inside an entry; write '.' for a decimal point", comma.start)
    return parse(join_decimal_commas(tokens), start=start)


def _check_even(rows: tuple[tuple[Entry, ...], ...], separator: str) -> None:
    hint = f" ({_BLANKS_SEPARATE})" if separator == "blank" else ""
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise UnreadableError(
                f"row {i + 1} has {len(row)} entries, row 1 has {len(rows[0])}{hint}", row[-1].start, (i, len(row) - 1)
            )


# ------------------------------------------------------------------------------------------------ rows


def _rows(tokens: Tokens) -> tuple[list[Tokens], str]:
    """Return the rows, and the kind of token that separates their entries."""
    if tokens[0].kind == "begin":
        return _latex_rows(tokens)
    while is_group(tokens):
        inner = strip(inside(tokens))
        if not inner:
            raise UnreadableError("there is nothing inside these brackets", tokens[0].start)
        tokens = inner
        if tokens[0].kind == "begin":
            return _latex_rows(tokens)
    groups = bracketed_rows(tokens)
    rows = [inside(group) for group in groups] if groups else _lines(tokens)
    every = [token for row in rows for token in top_level(row)]
    return rows, _separator(every)


def _latex_rows(tokens: Tokens) -> tuple[list[Tokens], str]:
    kind = tokens[0].text
    if "matrix" not in kind and kind != "array":
        raise UnreadableError(f"{kind!r} is not read; write a bmatrix", tokens[0].start)
    if tokens[-1].kind != "end" or tokens[-1].text != kind or sum(token.kind == "begin" for token in tokens) > 1:
        raise UnreadableError(
            rf"expected one \begin{{{kind}}} and its \end{{{kind}}}, and nothing after it", tokens[0].start
        )
    rows = _lines(strip(tokens[1:-1]))
    if not rows:
        raise UnreadableError("this matrix is empty", tokens[0].start)
    return rows, "&"


def _check_ends(tokens: Tokens) -> None:
    """Refuse ``1;2`` on each of several lines, whose rows may end with ``;`` or with the line."""
    within = [
        token
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if token.kind == "row" and before.kind != "row" and after.kind != "row"
    ]
    semicolon = next((token for token in within if token.text == ";"), None)
    if semicolon is not None and any(token.text[:1] in "\r\n" for token in within):
        raise UnreadableError(
            "rows may end with ';' or with the line here; use one of the two, and commas within a row", semicolon.start
        )


def _lines(tokens: Tokens) -> list[Tokens]:
    _check_ends(tokens)
    lines: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        if token.kind == "row" and depth <= 0:
            lines.append([])
        else:
            lines[-1].append(token)
    return [line for line in lines if line]


# --------------------------------------------------------------------------------------------- entries


def _separator(top: Sequence[Token]) -> str:
    kinds = {token.kind for token in top}
    if "&" in kinds:
        return "&"
    if "tab" in kinds and all(
        is_number_with_comma(top[max(i - 1, 0) : i + 2]) for i, token in enumerate(top) if token.kind == ","
    ):
        return "tab"
    if any(token.kind == "," and token.text == "," for token in top):
        return ","
    return "blank"


def _split(row: Tokens, separator: str) -> list[tuple[Tokens, int]]:
    """Return the entries of a row, each with its start in the text."""
    if separator != "tab":
        row = [token for token in row if token.kind != "tab"]
    if separator == "blank":
        return _split_at_blanks(row)
    entries: list[tuple[list[Token], int]] = [([], row[0].start if row else 0)]
    depth = 0
    for token in row:
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        if depth <= 0 and token.kind == separator and token.text != "{,}":
            entries.append(([], token.end))
        else:
            entries[-1][0].append(token)
    return list(entries)


def _split_at_blanks(row: Tokens) -> list[tuple[Tokens, int]]:
    if not row:
        return [([], 0)]
    entries: list[list[Token]] = [[row[0]]]
    depth = int(row[0].kind in OPENING)
    bars = int(row[0].kind == "|")
    for (before, token), after in zip(pairwise(row), [*row[2:], None], strict=False):
        depth -= token.kind in CLOSING
        if token.kind == "|" and token.spaced and (after is None or after.spaced):
            raise UnreadableError("'|' with spaces on both sides; separate entries by spaces or commas", token.start)
        if token.spaced and depth <= 0 and bars % 2 == 0 and _separates(before, token, after):
            entries.append([])
        entries[-1].append(token)
        depth += token.kind in OPENING
        bars += token.kind == "|"
    return [(entry, entry[0].start) for entry in entries]


def _separates(before: Token, token: Token, after: Token | None) -> bool:
    """Return whether the space before ``token`` is between two entries."""
    if before.kind == "name":
        ends = before.text.casefold() not in ("sqrt", "\\sqrt", "ln", "log", "exp", "abs")
    else:
        ends = before.kind in ("number", "vulgar", "raised", ")", "]", "}", "|", ".")
    signed = token.kind in ("+", "-") and after is not None and not after.spaced
    return ends and (signed or token.kind in ("number", "vulgar", "name", "(", "[", "|", "√", "∛", "∜", "frac"))
