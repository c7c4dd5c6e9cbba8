"""What stands around an answer and is none of it (a name, a full stop, ``np.array``, ``^T``), and commas within its numbers."""

from __future__ import annotations

from generator.grading.brackets import Tokens, inner_of, is_group
from generator.grading.tokens import Token, Unreadable

_CALLED_ARRAY = frozenset(("array", "matrix", "tensor"))


def trimmed(tokens: Tokens) -> Tokens:
    """Without ends of lines around it, and without a full stop at the end."""
    tokens = list(tokens)
    while tokens and tokens[-1].kind in ("row", "tab"):
        tokens.pop()
    if tokens and tokens[-1].kind == "." and (len(tokens) == 1 or tokens[-2].kind != "."):
        tokens.pop()
    start = next((i for i, token in enumerate(tokens) if token.kind not in ("row", "tab")), 0)
    return tokens[start:]


def unnamed(tokens: Tokens) -> Tokens:
    """What stands after ``x =``; all of it where there is no such beginning."""
    sign = next((i for i, token in enumerate(tokens) if token.kind in ("=", "≈")), None)
    if sign is None:
        return tokens
    name = tokens[:sign]
    if name and (name[0].kind != "name" or len(name) > 12 or any(token.kind in "+-*/" for token in name)):
        raise Unreadable("before '=' only a name may stand, as in x = 3", tokens[0].start)
    return tokens[sign + 1 :]


def uncalled(tokens: Tokens) -> Tokens:
    """Without ``np.array(`` … ``)``."""
    start = 2 if [token.kind for token in tokens[:2]] == ["name", "."] else 0
    called = len(tokens) > start + 1 and tokens[start].text in _CALLED_ARRAY and tokens[start + 1].kind == "("
    return trimmed(inner_of(tokens[start + 1 :])) if called and is_group(tokens[start + 1 :]) else tokens


def untransposed(tokens: Tokens) -> tuple[Tokens, bool]:
    """What stands before a ``^T``, and whether there was one."""
    for end in (("^", "name"), ("^", "{", "name", "}"), ("name",), ("'",)):
        tail = tokens[len(tokens) - len(end) :]
        if tuple(token.kind for token in tail) == end and len(tokens) > len(end):
            marks = [token.text for token in tail if token.kind in ("name", "'")]
            before = tokens[: len(tokens) - len(end)]
            signs = ("ᵀ", "'") if len(end) == 1 else ("T", "\\top")
            if marks[0] in signs and (is_group(before) or before[-1].kind == "end"):
                return before, True
    return tokens, False


def with_decimal_commas(tokens: Tokens) -> Tokens:
    """Numbers with a decimal comma as one token each, ``1,5``; groups of three digits are refused as ambiguous."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        end = place + 1
        while end + 1 < len(tokens) and touch(tokens[end - 1 : end + 2]):
            end += 2
        result.append(tokens[place] if end == place + 1 else _joined(tokens[place:end]))
        place = end
    return result


def touch(three: Tokens) -> bool:
    """Whether these are two numbers with a comma between them and no blank."""
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
