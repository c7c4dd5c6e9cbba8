r"""From tokens to the entries of a number, a vector or a matrix.

Rows end at a newline, ``;`` or ``\\``, or have brackets of their own.  Entries are separated by ``&``, by commas, by
tabs, or where there are none of these anywhere, by spaces: then every space between two operands separates
(``2 √3`` is two entries, ``1 -2`` too, ``1 - 2`` is one), and a message about a wrong number of entries says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.errors.language import phrase
from generator.grading.reading.brackets import (
    CLOSING,
    OPENING,
    Tokens,
    bracketed_rows,
    check_brackets,
    inside,
    is_group,
    top_level,
)
from generator.grading.reading.digit_groups import is_number_with_comma, join_decimal_commas, join_thousands
from generator.grading.reading.layout import (
    sides_of,
    strip,
    strip_array_call,
    strip_transpose,
    with_commas_for_and,
    without_key_quotes,
    without_last_comma,
    without_quotes,
)
from generator.grading.reading.names import check_names_rise, named_rows, strip_name, strip_names
from generator.grading.reading.prints import without_labels, without_tensorflow
from generator.grading.reading.wording import check_date, without_words
from generator.numbers.parser import FUNCTIONS, parse
from generator.numbers.syntax_tree import Node, decimal_places
from generator.numbers.tokens import (
    MAX_CHARACTERS,
    MAX_NUMBER_CHARACTERS,
    Token,
    UnreadableError,
    check_length,
    tokenize,
)

_MOST_SIDES = 4


@dataclass(frozen=True)
class Entry:
    """One number: its trees, where it starts in the text, its row and column (from 0), and what was typed.

    Several ``trees`` are the sides of a chain of equalities, ``24/2 = 12``.  What cannot be read has none, and ``error``.
    ``aside`` are the two numbers of ``2√3 (3.464)``, which are sides if they agree, and else the factors of a product.
    """

    trees: tuple[Node, ...]
    start: int
    place: tuple[int, int] | None = None
    typed: str = ""
    error: UnreadableError | None = None
    aside: tuple[Node, ...] = ()

    @property
    def tree(self) -> Node:
        """The side that stands for all: the first that is no decimal, else the one with the most places."""
        return max(self.trees, key=lambda tree: (decimal_places(tree) is None, decimal_places(tree) or 0))


def number_of(text: str) -> Entry:
    """Return the only entry of an answer that is one number; raise :class:`UnreadableError`."""
    check_date(check_length(text, MAX_NUMBER_CHARACTERS), len(text) - len(text.lstrip()))
    tokens = without_last_comma(strip(tokenize(without_tensorflow(text), MAX_NUMBER_CHARACTERS)))
    trees, aside = _trees(tokens, tokens[0].start if tokens else 0)
    return Entry(trees, tokens[0].start if tokens else 0, typed=text, aside=aside)


def rows_of(text: str, *, last_may_be_empty: bool = False) -> tuple[tuple[Entry, ...], ...]:
    """Return the rows of a vector or matrix, equally long; entries that cannot be read have their error.

    Raise :class:`UnreadableError` where it cannot be told which entries there are.  A comma at the end of a row ends
    the row, or begins an entry that is empty where ``last_may_be_empty``.
    """
    tokens = tokenize(without_labels(check_length(text, MAX_CHARACTERS)))
    check_brackets(tokens)
    check_names_rise(tokens)
    named = strip(without_key_quotes(tokens))
    tokens = list(strip_array_call(strip(without_words(strip(strip_names(named))))))
    if not tokens:
        raise UnreadableError(phrase("reading.no_entries"))
    if tokens[-1].kind == "," and _is_array(tokens[:-1]):
        tokens.pop()
    sides = sides_of(tokens)
    if len(sides) == 1 or len(sides) > _MOST_SIDES or not all(map(_is_array, sides)):
        sides = [tokens]
    first, *others = [_rows_of_side(text, side, last_may_be_empty=last_may_be_empty) for side in sides]
    for other in others:
        first = _with_sides(first, other)
    return first


def _is_array(tokens: Tokens) -> bool:
    return is_group(tokens) or (len(tokens) > 1 and tokens[0].kind == "begin" and tokens[-1].kind == "end")


def _with_sides(
    rows: Sequence[tuple[Entry, ...]], others: Sequence[tuple[Entry, ...]]
) -> tuple[tuple[Entry, ...], ...]:
    """Return the entries of two equal arrays as entries with both sides."""
    if [len(row) for row in rows] != [len(row) for row in others]:
        raise UnreadableError(phrase("reading.sides_of_other_shape"), others[0][0].start)
    return tuple(
        tuple(
            replace(entry, trees=entry.trees + other.trees, error=entry.error or other.error)
            for entry, other in zip(row, theirs, strict=True)
        )
        for row, theirs in zip(rows, others, strict=True)
    )


def _rows_of_side(text: str, tokens: Tokens, *, last_may_be_empty: bool) -> tuple[tuple[Entry, ...], ...]:
    tokens, transposed = strip_transpose(with_commas_for_and(tokens))
    rows, separator = _rows(strip_array_call(tokens))
    split = [_split(row, separator) for row in rows]
    if separator == "," and not last_may_be_empty:
        split = _without_empty_ends(split)
    result = tuple(
        tuple(_entry(text, entry, start, (i, j)) for j, (entry, start) in enumerate(row)) for i, row in enumerate(split)
    )
    _check_even(result, separator)
    return tuple(zip(*result, strict=True)) if transposed else result


def _without_empty_ends(rows: list[list[tuple[Tokens, int]]]) -> list[list[tuple[Tokens, int]]]:
    """Return the rows without what follows a comma at their end."""
    return [row[:-1] if len(row) > 1 and not row[-1][0] else row for row in rows]


def _entry(text: str, tokens: Tokens, start: int, place: tuple[int, int]) -> Entry:
    typed = text[tokens[0].start : tokens[-1].end].strip() if tokens else ""
    tokens = strip(tokens)
    start = tokens[0].start if tokens else start
    try:
        check_date(typed, start)
        trees, aside = _trees(tokens, start)
        return Entry(trees, start, place, typed, aside=aside)
    except UnreadableError as error:
        return Entry((), start, place, typed, UnreadableError(error.reason, error.position, place))


def _trees(tokens: Tokens, start: int) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return the tree of one number, or of each side of a chain of equalities; and those of :attr:`Entry.aside`."""
    tokens = _without_tuple(strip_array_call(strip(strip_name(tokens))))
    if tokens and tokens[-1].end - tokens[0].start > MAX_NUMBER_CHARACTERS:
        raise UnreadableError(phrase("reading.entry_too_long", most=MAX_NUMBER_CHARACTERS), tokens[0].start)
    sides = sides_of(tokens)
    if len(sides) > _MOST_SIDES:
        raise UnreadableError(
            phrase("reading.too_many_sides", most=_MOST_SIDES),
            sides[_MOST_SIDES][0].start if sides[_MOST_SIDES] else start,
        )
    aside = _aside(sides[0], start) if len(sides) == 1 else ()
    try:
        return tuple(_tree(side, start) for side in sides), aside
    except UnreadableError as error:
        if aside:
            return aside, ()
        if len(sides) > 1 and sides[0] and sides[0][0].kind == "name" and error.position < sides[0][-1].end:
            raise UnreadableError(phrase("reading.only_name_before_equals"), sides[0][0].start) from error
        raise


def _aside(tokens: Tokens, start: int) -> tuple[Node, ...]:
    """Return the two numbers of ``2√3 (3.464)``, of which one is a decimal and the other is none; nothing if there are not two."""
    place = next((i for i, token in enumerate(tokens) if i and token.kind == "(" and token.spaced), 0)
    if not place or not is_group(tokens[place:]):
        return ()
    try:
        two = (_tree(tokens[:place], start), _tree(inside(tokens[place:]), start))
    except UnreadableError:
        return ()
    return two if sum(_is_decimal(tree) for tree in two) == 1 else ()


def _is_decimal(tree: Node) -> bool:
    while tree.kind in ("minus", "plus"):
        (tree,) = tree.operands
    return tree.kind == "percent" or (tree.kind == "number" and "." in tree.text)


def _without_tuple(tokens: Tokens) -> Tokens:
    """Return the number of ``(5,)``, as Python writes a tuple or list of one."""
    if is_group(tokens) and len(tokens) > 3 and tokens[-2].kind == ",":
        inner = inside(tokens)[:-1]
        if not any(token.kind == "," for token in top_level(inner)):
            return inner
    return tokens


def _tree(tokens: Tokens, start: int) -> Node:
    tokens = without_quotes(strip(without_words(strip(tokens))))
    outside = top_level(tokens)
    comma = next((token for token in tokens if token.kind == "," and token not in outside), None)
    if comma is not None:  # 2*[1,5] would be 2*1.5
        raise UnreadableError(phrase("reading.comma_in_entry"), comma.start)
    return parse(join_thousands(join_decimal_commas(tokens)), start=start)


def _check_even(rows: tuple[tuple[Entry, ...], ...], separator: str) -> None:
    hint = f" ({phrase('reading.blanks_separate')})" if separator == "blank" else ""
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            unread = next((entry.error for line in rows for entry in line if entry.error is not None), None)
            if unread is not None:
                raise unread
            reason = phrase("reading.uneven_rows", row=i + 1, length=len(row), first=len(rows[0]))
            raise UnreadableError(reason + hint, row[-1].start, (i, len(row) - 1))


# ------------------------------------------------------------------------------------------------ rows


def _rows(tokens: Tokens) -> tuple[list[Tokens], str]:
    """Return the rows, and the kind of token that separates their entries."""
    if tokens[0].kind == "begin":
        return _latex_rows(tokens)
    while is_group(tokens):
        inner = strip(inside(tokens))
        if not inner:
            raise UnreadableError(phrase("reading.empty_brackets"), tokens[0].start)
        tokens = inner
        if tokens[0].kind == "begin":
            return _latex_rows(tokens)
    matrix = next((token for token in tokens if token.kind in ("begin", "end")), None)
    if matrix is not None:  # ½\begin{bmatrix} … would be cut at the ends of its rows
        raise UnreadableError(phrase("reading.no_matrix_here"), matrix.start)
    groups = bracketed_rows(tokens) or named_rows(tokens)
    rows = [inside(group) for group in groups] if groups else [strip_name(line) or line for line in _lines(tokens)]
    every = [token for row in rows for token in top_level(row)]
    return rows, _separator(every)


def _latex_rows(tokens: Tokens) -> tuple[list[Tokens], str]:
    kind = tokens[0].text
    if "matrix" not in kind.casefold() and kind not in ("array", "tabular"):
        raise UnreadableError(phrase("reading.other_environment", kind=repr(kind)), tokens[0].start)
    if tokens[-1].kind != "end" or tokens[-1].text != kind or sum(token.kind == "begin" for token in tokens) > 1:
        raise UnreadableError(phrase("reading.one_environment", kind=kind), tokens[0].start)
    rows = _lines(strip(tokens[1:-1]))
    if not rows:
        raise UnreadableError(phrase("reading.empty_matrix"), tokens[0].start)
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
        raise UnreadableError(phrase("reading.row_ends"), semicolon.start)


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
            raise UnreadableError(phrase("reading.bar_between_spaces"), token.start)
        if token.spaced and depth <= 0 and bars % 2 == 0 and _separates(before, token, after):
            entries.append([])
        entries[-1].append(token)
        depth += token.kind in OPENING
        bars += token.kind == "|"
    return [(entry, entry[0].start) for entry in entries]


def _separates(before: Token, token: Token, after: Token | None) -> bool:
    """Return whether the space before ``token`` is between two entries."""
    if before.kind == "name":
        ends = before.text.casefold() not in FUNCTIONS
    else:
        ends = before.kind in ("number", "vulgar", "superscript", ")", "]", "}", "|", ".", "%", "unknown")
    signed = token.kind in ("+", "-") and after is not None and not after.spaced
    return ends and (
        signed or token.kind in ("number", "vulgar", "name", "(", "[", "|", "√", "∛", "∜", "frac", "unknown")
    )
