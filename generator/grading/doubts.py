"""What can be read in two ways, and is therefore not read: refused at its place, with both spellings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.grading.tokens import Token, Unreadable

if TYPE_CHECKING:
    from generator.grading.trees import Node


def check_after_quotient(factor: Token) -> None:
    """``1/2√3``: is the root above the line, or below it?"""
    raise Unreadable(
        "a factor without its sign after '/' can be read in two ways; write (1/2)*√3 or 1/(2*√3), say", factor.start
    )


def check_juxtaposed(before: Node, last: Token, factor: Token, after: Node) -> None:
    """``2\\frac{1}{2}`` is no mixed number for some, and 1 for others; ``0.(3)`` may be 0.333…, and 0·3."""
    is_frac = factor.kind == "frac" and after.kind == "/" and all(part.kind == "number" for part in after.operands)
    if is_frac and before.kind == "number" and before.text.isdigit():
        raise Unreadable("this can be read as a sum and as a product; write + or * before the fraction", factor.start)
    if factor.kind == "(" and not factor.spaced and last.kind == "number" and "." in last.text:
        raise Unreadable("is this a decimal without an end? Write it as a fraction, or * for a product", factor.start)


def check_after_function(function: Token, after: Sequence[Token], *, factor: bool) -> None:
    """``ln 2/3``: is it (ln 2)/3, or ln(2/3)?"""
    if factor or (after and after[0].kind in ("*", "/")):
        name = function.text.lstrip("\\")
        raise Unreadable(
            f"how far {name} reaches can be read in two ways; put brackets: {name}(2/3) or {name}(2)/3, say",
            after[0].start,
        )


def check_exponent(after: Sequence[Token]) -> None:
    """``3^1/2`` is 3/2 by the rules, and meant to be √3: an exponent of 1 is written by nobody."""
    kinds = [token.kind for token in after]
    for sign in (0, 1):
        if kinds[sign : sign + 3] == ["number", "/", "number"] and kinds[:sign] in ([], ["-"]):
            one, _, below = after[sign : sign + 3]
            if one.text == "1":
                minus = "-" * sign
                raise Unreadable(
                    f"this can be read in two ways; write ^({minus}1/{below.text}), or leave the exponent 1 out",
                    one.start,
                )


def check_argument(function: Token, after: Sequence[Token]) -> None:
    """Refuse log2(8) and log_2 8, which would be read as something else than meant."""
    if function.text.startswith("\\"):
        after = after[:1]
    kinds = [item.kind for item in after]
    if kinds[:1] == ["_"] or (kinds == ["number", "("] and not after[0].spaced and function.kind == "name"):
        raise Unreadable(
            f"{function.text!r} with a base or a number before its bracket is not read; ln and log are natural",
            function.start,
        )
    if not kinds:
        raise Unreadable(
            f"{function.text!r} needs a number after it, as in {function.text.lstrip(chr(92))}(3)", function.start
        )


def check_not_scientific(around: Sequence[Token], token: Token) -> None:
    """``1e5``: is it 10^5, or 5e?  ``around`` has what stands before ``token``, it and two more."""
    before, after = around[0], around[2:]
    if before.kind != "number" or before.end != token.start:
        return
    digits = after[1:] if after and after[0].kind in "+-" else after[:1]
    last = token
    for item in after[: after.index(digits[0]) + 1] if digits else ():
        if item.start != last.end:
            return
        last = item
    if digits and digits[0].kind == "number":
        text = before.text + token.text + "".join(item.text for item in after[: after.index(digits[0]) + 1])
        sign = "" if after[0] is digits[0] else after[0].text
        raise Unreadable(
            f"{text!r} can be read in two ways; write {before.text}*10^{'-' * (sign == '-')}{digits[0].text},"
            f" or put * before the {token.text}",
            before.start,
        )
