r"""From tokens to the entries of a number, a vector or a matrix.

Rows end at a newline, ``;`` or ``\\``, or are brackets of their own.  Entries are separated by ``&``, by commas, by
tabs, or where there is none of these anywhere, by blanks: then every blank between two operands separates
(``2 √3`` is two entries, ``1 -2`` too, ``1 - 2`` is one), and a message about a wrong number of entries says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.grading import names
from generator.grading.expressions import MAX_DEPTH, parse
from generator.grading.tokens import MAX_ENTRY_CHARACTERS, Token, Unreadable
from generator.grading.trees import Node

Tokens = Sequence[Token]

_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
_CALLED_ARRAY = frozenset(("array", "matrix", "tensor"))
_BLANKS_SEPARATE = (
    "blanks separate entries here; inside an entry write 2*√3, not 2 √3, or put commas between all entries"
)


@dataclass(frozen=True)
class Entry:
    """One number: its tree, where it starts in the text, its row and column from 0."""

    tree: Node
    start: int
    place: tuple[int, int] | None = None


def number_of(tokens: Tokens) -> Entry:
    """The only entry of an answer that is one number."""
    tokens = _with_decimal_commas(_trimmed(_unnamed(_trimmed(tokens))))
    return Entry(parse(tokens), tokens[0].start if tokens else 0)


def entries_of(tokens: Tokens, *, length: int | None = None) -> tuple[tuple[Entry, ...], ...]:
    """The rows of a matrix, equally long.  ``length`` is how many entries are expected of a vector."""
    names.check_order(tokens)
    tokens = _uncalled(_unnamed(_trimmed(tokens)))
    if not tokens:
        raise Unreadable("nothing is written here; expected numbers such as [1, 2; 3, 4]")
    _check_brackets(tokens)
    tokens, transposed = _untransposed(tokens)
    rows, separator = _rows(tokens)
    result = tuple(
        tuple(_entry(entry, start, (i, j)) for j, (entry, start) in enumerate(_split(row, separator)))
        for i, row in enumerate(rows)
    )
    _check_even(result, separator, length)
    return tuple(zip(*result, strict=True)) if transposed else result


def _check_brackets(tokens: Tokens) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind in _OPENING:
            opened.append(token)
            if len(opened) > MAX_DEPTH:
                raise Unreadable(f"brackets are nested more than {MAX_DEPTH} deep", token.start)
        elif token.kind in _CLOSING and (not opened or _OPENING[opened.pop().kind] != token.kind):
            raise Unreadable(f"no bracket was opened that {token.kind!r} closes", token.start)
    if opened:
        raise Unreadable(f"{opened[-1].kind!r} is not closed by {_OPENING[opened[-1].kind]!r}", opened[-1].start)


def _entry(tokens: Tokens, start: int, place: tuple[int, int]) -> Entry:
    try:
        return Entry(_tree(_unnamed(tokens), start), tokens[0].start if tokens else start, place)
    except Unreadable as error:
        raise Unreadable(error.reason, error.position, place) from error


def _tree(tokens: Tokens, start: int) -> Node:
    if tokens and tokens[-1].end - tokens[0].start > MAX_ENTRY_CHARACTERS:
        raise Unreadable(f"an entry of more than {MAX_ENTRY_CHARACTERS} characters", tokens[0].start)
    outside = _at_top(tokens)
    inside = next((token for token in tokens if token.kind == "," and token not in outside), None)
    if inside is not None:  # 2*[1,5] would be 2*1.5
        raise Unreadable("a comma has no place inside an entry; for a decimal point write '.'", inside.start)
    return parse(_with_decimal_commas(tokens), start=start)


def _check_even(rows: tuple[tuple[Entry, ...], ...], separator: str, length: int | None) -> None:
    hint = f" ({_BLANKS_SEPARATE})" if separator == "blank" else ""
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise Unreadable(
                f"row {i + 1} has {len(row)} entries, row 1 has {len(rows[0])}{hint}", row[-1].start, (i, len(row) - 1)
            )
    if length is not None and separator == "blank" and len(rows) == 1 and len(rows[0]) > length:
        raise Unreadable(f"this is read as {len(rows[0])} entries, {length} are expected: {_BLANKS_SEPARATE}",
                         rows[0][length].start, (0, length))  # fmt: skip


# ------------------------------------------------------------------------------------------------ trim


def _trimmed(tokens: Tokens) -> Tokens:
    """Without ends of lines around it, and without a full stop at the end."""
    tokens = list(tokens)
    while tokens and tokens[-1].kind in ("row", "tab"):
        tokens.pop()
    if tokens and tokens[-1].kind == "." and (len(tokens) == 1 or tokens[-2].kind != "."):
        tokens.pop()
    start = next((i for i, token in enumerate(tokens) if token.kind not in ("row", "tab")), 0)
    return tokens[start:]


def _unnamed(tokens: Tokens) -> Tokens:
    """What stands after ``x =``; all of it where there is no such beginning."""
    sign = next((i for i, token in enumerate(tokens) if token.kind in ("=", "≈")), None)
    if sign is None:
        return tokens
    name = tokens[:sign]
    if name and (name[0].kind != "name" or len(name) > 12 or any(token.kind in "+-*/" for token in name)):
        raise Unreadable("before '=' only a name may stand, as in x = 3", tokens[0].start)
    return tokens[sign + 1 :]


def _uncalled(tokens: Tokens) -> Tokens:
    """Without ``np.array(`` … ``)``."""
    start = 2 if [token.kind for token in tokens[:2]] == ["name", "."] else 0
    called = len(tokens) > start + 1 and tokens[start].text in _CALLED_ARRAY and tokens[start + 1].kind == "("
    return _trimmed(_inner(tokens[start + 1 :])) if called and _is_group(tokens[start + 1 :]) else tokens


def _untransposed(tokens: Tokens) -> tuple[Tokens, bool]:
    """What stands before a ``^T``, and whether there was one."""
    for end in (("^", "name"), ("^", "{", "name", "}"), ("name",), ("'",)):
        tail = tokens[len(tokens) - len(end) :]
        if tuple(token.kind for token in tail) == end and len(tokens) > len(end):
            marks = [token.text for token in tail if token.kind in ("name", "'")]
            before = tokens[: len(tokens) - len(end)]
            signs = ("ᵀ", "'") if len(end) == 1 else ("T", "\\top")
            if marks[0] in signs and (_is_group(before) or before[-1].kind == "end"):
                return before, True
    return tokens, False


def _with_decimal_commas(tokens: Tokens) -> Tokens:
    """Numbers with a decimal comma as one token each, ``1,5``; groups of three digits are refused as ambiguous."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        end = place + 1
        while end + 1 < len(tokens) and _touch(tokens[end - 1 : end + 2]):
            end += 2
        result.append(tokens[place] if end == place + 1 else _joined(tokens[place:end]))
        place = end
    return result


def _touch(three: Tokens) -> bool:
    if len(three) != 3:
        return False
    before, comma, after = three
    return (
        (before.kind, comma.kind, after.kind) == ("number", ",", "number")
        and before.end == comma.start
        and comma.end == after.start
    )


def _joined(parts: Tokens) -> Token:
    first, *others = (token.text for token in parts if token.kind == "number")
    start, end = parts[0].start, parts[-1].end
    grouped = first.isdigit() and len(first) <= 3 and all(len(other) == 3 and other.isdigit() for other in others)
    if grouped and len(others) > 1:
        return Token("number", first + "".join(others), start, end, parts[0].spaced)
    if len(others) > 1 or not (first + others[0]).isdigit():
        raise Unreadable("expected one number; commas between thousands are to be left out", parts[1].start)
    if grouped and first != "0":
        text = f"{first},{others[0]}"
        raise Unreadable(
            f"{text} can be read in two ways; write {first}{others[0]} or {first}.{others[0]}", parts[0].start
        )
    return Token("number", f"{first}.{others[0]}", start, end, parts[0].spaced)


# ------------------------------------------------------------------------------------------------ rows


def _rows(tokens: Tokens) -> tuple[list[Tokens], str]:
    """The rows, and what separates their entries."""
    if tokens[0].kind == "begin":
        return _latex_rows(tokens)
    while _is_group(tokens):
        inner = _trimmed(_inner(tokens))
        if not inner:
            raise Unreadable("there is nothing inside these brackets", tokens[0].start)
        tokens = inner
        if tokens[0].kind == "begin":
            return _latex_rows(tokens)
    groups = _groups(tokens)
    rows = [_inner(group) for group in groups] if groups else _lines(tokens)
    every = [token for row in rows for token in _at_top(row)]
    return rows, _separator(every)


def _latex_rows(tokens: Tokens) -> tuple[list[Tokens], str]:
    kind = tokens[0].text
    if "matrix" not in kind and kind != "array":
        raise Unreadable(f"{kind!r} is not read; write a bmatrix", tokens[0].start)
    if tokens[-1].kind != "end" or tokens[-1].text != kind or sum(token.kind == "begin" for token in tokens) > 1:
        raise Unreadable(
            rf"expected one \begin{{{kind}}} and its \end{{{kind}}}, and nothing after it", tokens[0].start
        )
    rows = _lines(_trimmed(tokens[1:-1]))
    if not rows:
        raise Unreadable("this matrix is empty", tokens[0].start)
    return rows, "&"


def _is_group(tokens: Tokens) -> bool:
    """Whether all of it stands in one pair of brackets."""
    return bool(tokens) and tokens[0].kind in _OPENING and _group_end(tokens, 0) == len(tokens)


def _inner(group: Tokens) -> Tokens:
    return group[1:-1]


def _group_end(tokens: Tokens, start: int) -> int | None:
    """Where the bracket that opens at ``start`` has been closed."""
    depth = 0
    for place in range(start, len(tokens)):
        kind = tokens[place].kind
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if depth == 0:
            return place + 1
    return None


def _groups(tokens: Tokens) -> list[Tokens]:
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
    commas = any(token.kind in (",", "&") for group in groups for token in _at_top(_inner(group)))
    return groups if square or commas else []


def _at_top(tokens: Tokens) -> list[Token]:
    """The tokens outside of all brackets and bars."""
    result: list[Token] = []
    depth = 0
    for token in tokens:
        depth -= token.kind in _CLOSING
        if depth <= 0:
            result.append(token)
        depth += token.kind in _OPENING
    return result


def _check_ends(tokens: Tokens) -> None:
    """Refuse ``1;2`` on each of several lines: do rows end with ``;`` or with the line?"""
    within = [
        token
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if token.kind == "row" and before.kind != "row" and after.kind != "row"
    ]
    semicolon = next((token for token in within if token.text == ";"), None)
    if semicolon is not None and any(token.text[:1] in "\r\n" for token in within):
        raise Unreadable(
            "do rows end with ';' or with the line? Use one of the two, and commas in a row", semicolon.start
        )


def _lines(tokens: Tokens) -> list[Tokens]:
    _check_ends(tokens)
    lines: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind in _OPENING) - (token.kind in _CLOSING)
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
    if "tab" in kinds and all(_touch(top[max(i - 1, 0) : i + 2]) for i, token in enumerate(top) if token.kind == ","):
        return "tab"
    if any(token.kind == "," and token.text == "," for token in top):
        return ","
    return "blank"


def _split(row: Tokens, separator: str) -> list[tuple[Tokens, int]]:
    """The entries of a row, each with the place it starts at."""
    if separator != "tab":
        row = [token for token in row if token.kind != "tab"]
    if separator == "blank":
        return _split_at_blanks(row)
    entries: list[tuple[list[Token], int]] = [([], row[0].start if row else 0)]
    depth = 0
    for token in row:
        depth += (token.kind in _OPENING) - (token.kind in _CLOSING)
        if depth <= 0 and token.kind == separator and token.text != "{,}":
            entries.append(([], token.end))
        else:
            entries[-1][0].append(token)
    return list(entries)


def _split_at_blanks(row: Tokens) -> list[tuple[Tokens, int]]:
    if not row:
        return [([], 0)]
    entries: list[list[Token]] = [[row[0]]]
    depth = int(row[0].kind in _OPENING)
    bars = int(row[0].kind == "|")
    for (before, token), after in zip(pairwise(row), [*row[2:], None], strict=False):
        depth -= token.kind in _CLOSING
        if token.kind == "|" and token.spaced and (after is None or after.spaced):
            raise Unreadable("'|' with blanks on both sides: entries are separated by blanks or commas", token.start)
        if token.spaced and depth <= 0 and bars % 2 == 0 and _separates(before, token, after):
            entries.append([])
        entries[-1].append(token)
        depth += token.kind in _OPENING
        bars += token.kind == "|"
    return [(entry, entry[0].start) for entry in entries]


def _separates(before: Token, token: Token, after: Token | None) -> bool:
    """Whether the blank before ``token`` stands between two entries."""
    if before.kind == "name":
        ends = before.text.casefold() not in ("sqrt", "\\sqrt", "ln", "log", "exp", "abs")
    else:
        ends = before.kind in ("number", "vulgar", "raised", ")", "]", "}", "|", ".")
    signed = token.kind in ("+", "-") and after is not None and not after.spaced
    return ends and (signed or token.kind in ("number", "vulgar", "name", "(", "[", "|", "√", "∛", "∜", "frac"))
