r"""Names within an answer: ``x =``, ``b_1, b_2 =``, `\hat{\mu}_{1}`, derivatives; and whether numbered ones rise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from generator.errors.language import phrase
from generator.grading.reading.brackets import CLOSING, OPENING, Tokens, group_end, is_group, top_level
from generator.grading.reading.wording import is_plain_word
from generator.numbers.parser import CONSTANTS, FUNCTIONS
from generator.numbers.tokens import Token, UnreadableError

_KNOWN = FUNCTIONS.keys() | CONSTANTS.keys()
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_MOST_IN_NAME = 20
EQUALITIES = ("=", "≈")


def named_rows(tokens: Tokens) -> list[Tokens]:
    """Return rows in brackets that have names, ``x_1 = (1, 2), x_2 = (3, 4)``; none if the text is not made of such rows."""
    rows: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        if depth <= 0 and token.kind in (",", "row"):
            rows.append([])
        else:
            rows[-1].append(token)
    groups = [strip_name(row) for row in rows if row]
    return groups if len(groups) > 1 and all(map(is_group, groups)) else []


def strip_name(tokens: Tokens) -> Tokens:
    """Remove ``x =`` or ``x:`` at the beginning, where there is one."""
    return _strip_first_side(tokens, _is_name)


def strip_names(tokens: Tokens) -> Tokens:
    """Remove the name of an array at the beginning, ``x =``, or those of its rows, ``b_1, b_2 =``."""
    return _strip_first_side(tokens, _is_list_of_names)


def _strip_first_side(tokens: Tokens, is_removed: Callable[[Tokens], bool]) -> Tokens:
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        if depth <= 0 and token.kind in (*EQUALITIES, ":"):
            return tokens[place + 1 :] if is_removed(tokens[:place]) else tokens
    return tokens


def _is_list_of_names(tokens: Tokens) -> bool:
    names: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == ",":
            names.append([])
        else:
            names[-1].append(token)
    if len(names) == 1:
        return _is_name(tokens)
    return all(name and _is_name(name) and name[0].text.casefold() not in _KNOWN for name in names)


def _is_name(tokens: Tokens) -> bool:
    """Return whether these may be a name and are no number: ``\\hat{\\mu}_{1}``, ``\\sqrt{v + \\epsilon}``; or nothing."""
    if not tokens or derivative_end(tokens, 0) == len(tokens):
        return True
    if len(tokens) > _MOST_IN_NAME or tokens[0].kind not in ("name", "(", "|", "{", "frac", "√"):
        return False
    tokens = _without_star(_without_hyphens(tokens))
    if [token.kind for token in tokens] == ["name", "/", "name"]:  # C/K
        return all(token.text.casefold() not in _KNOWN for token in tokens)
    if any(token.kind in ("+", "-", "*", "/", ",", "row", "unknown") for token in top_level(tokens)):
        return False  # an equation to be solved
    if len(tokens) == 1 or (tokens[1].kind == "_" and tokens[0].text in ("e", "E", "pi")):
        return tokens[0].kind == "name"
    return any(token.kind == "name" and token.text.casefold() not in _KNOWN for token in tokens)


def derivative_end(tokens: Tokens, place: int) -> int | None:
    r"""Return where a derivative ends that begins here: ``\frac{\partial L}{\partial W_1}``, ``∂L/∂W_1`` or ``dL/dW1``; None if none does."""
    if place < len(tokens) and tokens[place].kind == "frac":
        middle = group_end(tokens, place + 1) if tokens[place + 1 : place + 2] else None
        if middle is None or differential_end(tokens, place + 2) != middle - 1:
            return None
        return group_end(tokens, middle) if differential_end(tokens, middle + 1) is not None else None
    middle = differential_end(tokens, place)
    if middle is None or middle == len(tokens) or tokens[middle].kind != "/":
        return None
    return differential_end(tokens, middle + 1)


def differential_end(tokens: Tokens, place: int) -> int | None:
    """Return where ``∂W_1`` or ``dW1`` ends, if it begins here."""
    if place >= len(tokens) or tokens[place].kind != "name":
        return None
    end = place + 1
    if tokens[place].text in ("d", "∂", "\\partial"):
        if end == len(tokens) or tokens[end].kind != "name":
            return None
        end += 1
    elif not tokens[place].text.startswith("d"):
        return None
    return subscript_end(tokens, end)


def subscript_end(tokens: Tokens, place: int) -> int:
    """Return where ``_{11}``, ``_1`` or ``1`` after a name ends; ``place`` itself if there is none."""
    if place < len(tokens) and tokens[place].kind in ("_", "number") and not tokens[place].spaced:
        place += 1
        if tokens[place - 1].kind == "_" and place < len(tokens):
            return (group_end(tokens, place) or place) if tokens[place].kind == "{" else place + 1
    return place


def _without_hyphens(tokens: Tokens) -> Tokens:
    """Return the tokens without the hyphens of words, ``multiply-adds``; that of ``x-y`` and ``alpha-beta`` is a minus."""
    if len(tokens) < 3:
        return tokens
    kept = [tokens[0]]
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        together = not token.spaced and not after.spaced and is_plain_word(before) and is_plain_word(after)
        if token.kind != "-" or not together:
            kept.append(token)
    return [*kept, tokens[-1]]


def _without_star(tokens: Tokens) -> Tokens:
    """Return the tokens without the star of an optimum, ``w*`` or ``w^*``."""
    if len(tokens) > 1 and tokens[-1].kind == "*":
        return tokens[: -2 if tokens[-2].kind == "^" else -1]
    return tokens


def check_names_rise(tokens: Iterable[Token]) -> None:
    """Raise :class:`UnreadableError` where numbered names before ``=`` do not rise: entries are read in the order asked."""
    found = list(_numbered_names(list(tokens)))
    for (stem, number, _), (other, following, place) in pairwise(found):
        if stem == other and following <= number:
            raise UnreadableError(phrase("reading.names_out_of_order"), place)


def _numbered_names(tokens: list[Token]) -> Iterable[tuple[str, int, int]]:
    """Yield the stem, the number and the position of each numbered name before ``=``, also of several in a list."""
    listed = len(tokens) - len(strip_names(tokens))
    for place, token in enumerate(tokens):
        if token.kind not in ("=", ":") and not (token.kind == "," and place < listed):
            continue
        start = place
        while start and tokens[start - 1].kind in ("name", "_", "number", "{", "}"):
            start -= 1
            if tokens[start].kind == "name":
                break
        text = "".join(part.text for part in tokens[start:place] if part.kind not in ("_", "{", "}"))
        plain = text.translate(_SUBSCRIPTS)
        stem = plain.rstrip("0123456789")
        if stem and stem != plain and len(plain) < 20:
            yield stem, int(plain[len(stem) :]), tokens[start].start
