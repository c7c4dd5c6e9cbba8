"""Decimal commas and groups of thousands: ``1,5``, ``1 234``, ``1.234.567,8``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from generator.errors.language import phrase
from generator.grading.reading.brackets import Tokens
from generator.numbers.tokens import Token, UnreadableError


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
