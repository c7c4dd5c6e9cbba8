"""Errors in typed numbers: what can be read in two ways, is out of place, or is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.errors.language import phrase
from generator.numbers.syntax_tree import Node
from generator.numbers.tokens import Token, UnreadableError, describe_character

_NO_NUMBERS = {
    "x": "reading.x_is_no_product", "inf": "reading.infinity", "infinity": "reading.infinity", "∞": "reading.infinity",
    "\\infty": "reading.infinity", "oo": "reading.infinity", "nan": "reading.nan", "i": "reading.complex", "j": "reading.complex",
    "±": "reading.plus_or_minus", "\\pm": "reading.plus_or_minus", "lg": "reading.only_natural_log",
}  # fmt: skip
"""What each of these names, which are no numbers, is told by: a key of the table of texts."""

_UNIT = re.compile(
    r"[kmgt]?i?b(?:it|yte)?s?|(?:kilo|mega|giga|tera)(?:bit|byte)s?|[kmgt]?flops?|[mun]?s|hz", re.IGNORECASE
)


def unknown_name(token: Token) -> UnreadableError:
    """Return the error for a name that is no function and no constant."""
    if (key := _NO_NUMBERS.get(token.text.casefold())) is not None:
        return UnreadableError(phrase(key), token.start)
    if len(token.text) > 1 and _UNIT.fullmatch(token.text):
        return UnreadableError(phrase("reading.unit", name=repr(token.text)), token.start)
    odd = next((char for char in token.text if not char.isascii()), None)
    name = repr(token.text[:20])
    if odd is not None:
        name = phrase("reading.name_with_sign", name=name, sign=describe_character(odd))
    return UnreadableError(phrase("reading.name_unknown", name=name), token.start)


def unexpected_token(tokens: Sequence[Token], place: int, *, missing: bool = False) -> UnreadableError:
    """Return the error for a token that cannot stand where it does; ``missing`` where a number should have begun."""
    if place >= len(tokens):
        return UnreadableError(phrase("reading.end_missing", example=phrase("reading.number_example")), tokens[-1].end)
    token = tokens[place]
    before = tokens[place - 1] if place else None
    if token.kind in ("number", "vulgar") and before is not None and _ends_operand(before):
        reasons = [phrase("reading.side_by_side", first=repr(before.text), second=repr(token.text))]
        if before.kind == token.kind == "number" and token.spaced:
            thousands = len(token.text) == 3 and before.text.isdigit() and token.text.isdigit()
            reasons += [phrase("reading.if_one_number", number=before.text + token.text)] if thousands else []
            reasons.append(phrase("reading.if_several_entries"))
        return UnreadableError("; ".join(reasons), token.start)
    if missing and token.kind in (")", "]", "}", "*", "/", "^", "superscript", ",", "row"):
        return UnreadableError(phrase("reading.number_missing_before", sign=repr(token.text[:20])), token.start)
    if (key := _OUT_OF_PLACE.get(token.kind)) is not None:
        return UnreadableError(phrase(key), token.start)
    return UnreadableError(not_expected(token, phrase("reading.number_example")), token.start)


def not_expected(token: Token, example: str) -> str:
    """Return the reason for a token that cannot stand where it does, and what is expected instead."""
    return phrase("reading.not_expected", text=repr(token.text[:20]), example=example)


_OUT_OF_PLACE = {
    ",": "reading.comma_in_number", "%": "reading.percent_alone", ":": "reading.colon", "!": "reading.factorial",
    "=": "reading.several_equals", "≈": "reading.several_about",
    ")": "reading.bracket_not_opened", "]": "reading.bracket_not_opened", "}": "reading.bracket_not_opened",
    "row": "reading.one_number_on_one_line", "tab": "reading.one_number", "&": "reading.one_number",
    ".": "reading.repeating_decimal", "begin": "reading.no_matrix_here", "end": "reading.end_without_begin",
}  # fmt: skip
"""What each kind of token that is out of place is told by."""


def _ends_operand(token: Token) -> bool:
    return token.kind in ("number", "vulgar", "name", ")", "]", "}", "|", "superscript")


# What can be read in two ways is not read: the message gives both spellings.


def factor_after_quotient(factor: Token) -> UnreadableError:
    """Return the error for ``1/2√3``: is the root in the numerator, or in the denominator?"""
    return UnreadableError(
        phrase("reading.product_after_quotient"),
        factor.start,
    )


def percent_after_quotient(percent: Node) -> UnreadableError:
    """Return the error for ``1/3%``: a third of a percent, or a third as a percentage?"""
    return UnreadableError(phrase("reading.percent_after_quotient"), percent.position)


def check_implied_product(before: Node, last: Token, factor: Token, after: Node) -> None:
    """Refuse ``2\\frac{1}{2}``, which may be 2½ or 1, and ``0.(3)``, which may be 0.333… or 0·3."""
    is_frac = factor.kind == "frac" and after.kind == "/" and all(part.kind == "number" for part in after.operands)
    if is_frac and before.kind == "number" and before.text.isdigit():
        raise UnreadableError(phrase("reading.mixed_number"), factor.start)
    if factor.kind == "(" and not factor.spaced and last.kind == "number" and "." in last.text:
        raise UnreadableError(phrase("reading.repeating_or_product"), factor.start)


def check_after_function(function: Token, after: Sequence[Token], *, factor: bool) -> None:
    """Refuse ``ln 2/3``, which may be (ln 2)/3 or ln(2/3)."""
    if factor or (after and after[0].kind in ("*", "/")):
        name = function.text.lstrip("\\")
        raise UnreadableError(phrase("reading.argument_in_two_ways", name=name), after[0].start)


def check_exponent(after: Sequence[Token]) -> None:
    """Refuse ``3^1/2``, which is 3/2 by the rules and probably meant as √3: nobody writes an exponent of 1."""
    kinds = [token.kind for token in after]
    for sign in (0, 1):
        if kinds[sign : sign + 3] == ["number", "/", "number"] and kinds[:sign] in ([], ["-"]):
            one, _, below = after[sign : sign + 3]
            if one.text == "1":
                exponent = f"{'-' * sign}1/{below.text}"
                raise UnreadableError(phrase("reading.exponent_in_two_ways", exponent=exponent), one.start)


def check_argument(function: Token, after: Sequence[Token]) -> None:
    """Refuse ``log2(8)`` and ``log_2 8``, and a function without an argument."""
    if function.text.startswith("\\"):
        after = after[:1]
    kinds = [item.kind for item in after]
    if kinds[:1] == ["_"] or (kinds == ["number", "("] and not after[0].spaced and function.kind == "name"):
        raise UnreadableError(
            phrase("reading.function_with_base", function=repr(function.text)),
            function.start,
        )
    if not kinds:
        raise UnreadableError(
            phrase("reading.function_alone", function=repr(function.text), name=function.text.lstrip("\\")),
            function.start,
        )
