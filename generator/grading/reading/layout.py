"""What is around the numbers of an answer: brackets, names, a full stop, ``np.array``, ``^T``; and commas within them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

from generator.errors.language import phrase
from generator.grading.reading.wording import is_plain_word
from generator.numbers.parser import CONSTANTS, FUNCTIONS, MAX_DEPTH
from generator.numbers.tokens import Token, UnreadableError

Tokens: TypeAlias = Sequence[Token]

OPENING = {"(": ")", "[": "]", "{": "}"}
CLOSING = frozenset(OPENING.values())

_ARRAY_CALLS = frozenset((
    "array", "asarray", "matrix", "immutablematrix", "immutabledensematrix", "mutabledensematrix", "densematrix", "tensor",
    "vector", "c", "list", "tuple", "series", "devicearray", "ndarray",
))  # fmt: skip
_KNOWN = FUNCTIONS.keys() | CONSTANTS.keys()
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

# -------------------------------------------------------------------------------------------- brackets


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
    return bool(tokens) and tokens[0].kind in OPENING and _group_end(tokens, 0) == len(tokens)


def inside(group: Tokens) -> Tokens:
    """Return what is inside the outermost brackets."""
    return group[1:-1]


def _group_end(tokens: Tokens, start: int) -> int | None:
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
        end = _group_end(tokens, place) if tokens[place].kind in ("[", "(", "{") else None
        if end is None:
            return []
        groups.append(tokens[place:end])
        place = end
    square = all(group[0].kind == "[" for group in groups)
    commas = any(token.kind in (",", "&") for group in groups for token in top_level(inside(group)))
    return groups if square or commas else []


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


# ---------------------------------------------------------------------------------- before and after it


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


_MOST_FRAMES = 5
_MOST_IN_NAME = 20
EQUALITIES = ("=", "≈")


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
        middle = _group_end(tokens, place + 1) if tokens[place + 1 : place + 2] else None
        if middle is None or differential_end(tokens, place + 2) != middle - 1:
            return None
        return _group_end(tokens, middle) if differential_end(tokens, middle + 1) is not None else None
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
            return (_group_end(tokens, place) or place) if tokens[place].kind == "{" else place + 1
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


# ---------------------------------------------------------------------------------------- decimal commas


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


def join_decimal_commas(tokens: Tokens) -> Tokens:
    """Return numbers with a decimal comma, ``1,5``, as one token each; refuse ``1,234``, which can be read in two ways."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        end = place + 1
        while end + 1 < len(tokens) and is_number_with_comma(tokens[end - 1 : end + 2]):
            end += 2
        result.append(tokens[place] if end == place + 1 else _joined(tokens[place:end]))
        place = end
    return result


def is_number_with_comma(three: Tokens) -> bool:
    """Return whether these are two numbers with a comma between them and no space."""
    if len(three) != 3:
        return False
    before, comma, after = three
    return (
        (before.kind, comma.kind, after.kind) == ("number", ",", "number")
        and before.end == comma.start
        and comma.end == after.start
    )


def _joined(parts: Tokens) -> Token:
    texts = [token.text for token in parts if token.kind == "number"]
    start, end = parts[0].start, parts[-1].end
    texts[-1], e, exponent = texts[-1].lower().partition("e")
    if e and not (_are_thousands([*texts[:-1], texts[-1]]) and texts[0] != "0"):  # 1,5e-2
        return Token("number", ".".join(texts) + e + exponent, start, end, parts[0].spaced)
    last, point, places = texts[-1].partition(".")
    groups = [*texts[:-1], last]
    grouped = _are_thousands(groups)
    if grouped and (len(groups) > 2 or places):
        return Token("number", "".join(groups) + point + places, start, end, parts[0].spaced)
    whole = texts[0].split(".")
    if len(texts) == 2 and len(whole) > 1 and _are_thousands(whole) and last.isdigit() and not point:  # 1.234,5
        return Token("number", f"{''.join(whole)}.{last}", start, end, parts[0].spaced)
    texts = groups if not places else texts
    if len(texts) > 2 or not "".join(texts).isdigit():
        raise UnreadableError(phrase("reading.one_number_no_commas"), parts[1].start)
    if grouped and texts[0] != "0":
        reason = phrase(
            "reading.comma_in_two_ways", text=",".join(texts), whole="".join(texts[:2]), decimal=".".join(texts[:2])
        )
        raise UnreadableError(reason, parts[0].start)
    return Token("number", f"{texts[0]}.{texts[1]}", start, end, parts[0].spaced)


def _are_thousands(groups: Sequence[str]) -> bool:
    """Return whether these are the digits of a number, by threes."""
    first, *others = groups
    return first.isdigit() and len(first) <= 3 and all(len(other) == 3 and other.isdigit() for other in others)


# ------------------------------------------------------------------------------------- spaces and points


def join_thousands(tokens: Tokens) -> Tokens:
    """Return numbers whose thousands are apart, ``46 136`` and ``12.345.678``, as one token each."""
    result: list[Token] = []
    place = 0
    while place < len(tokens):
        end = place + 1
        while end < len(tokens) and tokens[end - 1].kind == tokens[end].kind == "number":
            end += 1
        result += _with_thousands(tokens[place:end])
        place = end
    return result


def _with_thousands(numbers: Tokens) -> Tokens:
    if len(numbers) < 2:
        return numbers
    if all(after.start == before.end for before, after in pairwise(numbers)):
        groups = "".join(token.text for token in numbers).split(".")
        places = ""
    elif all(token.spaced for token in numbers[1:]) and not numbers[0].text.startswith("0"):
        *groups, last = (token.text for token in numbers)
        whole, point, decimals = last.partition(".")
        groups, places = [*groups, whole], point + decimals
    else:
        return numbers
    if not _are_thousands(groups):
        return numbers
    return [Token("number", "".join(groups) + places, numbers[0].start, numbers[-1].end, numbers[0].spaced)]
