"""Errors in typed numbers: what can be read in two ways, is out of place, or is not known."""

from __future__ import annotations

from collections.abc import Sequence

from generator.numbers.syntax_tree import Node
from generator.numbers.tokens import Token, UnreadableError, describe_character

EXPECTED = "a number such as 3, 1/3, 0.25 or -1 - 2√3/3"
_NO_NUMBERS = {
    "x": "'x' is not known here; for a product write *",
    "inf": "infinity is not a number here", "infinity": "infinity is not a number here",
    "∞": "infinity is not a number here", "\\infty": "infinity is not a number here", "oo": "infinity is not a number here",
    "nan": "nan is not a number", "i": "complex numbers are not read here", "j": "complex numbers are not read here",
    "±": "± stands for two numbers; give one", "\\pm": "± stands for two numbers; give one", "lg": "only the natural logarithm is read: ln or log",
}  # fmt: skip


def unknown_name(token: Token) -> UnreadableError:
    """Return the error for a name that is no function and no constant."""
    if (reason := _NO_NUMBERS.get(token.text.casefold())) is not None:
        return UnreadableError(reason, token.start)
    odd = next((char for char in token.text if not char.isascii()), None)
    shown = repr(token.text[:20]) if odd is None else f"{token.text[:20]!r} with {describe_character(odd)}"
    return UnreadableError(f"{shown} is not known here; known are sqrt, ln, log, exp, abs, pi and e", token.start)


def unexpected_token(tokens: Sequence[Token], place: int, *, missing: bool = False) -> UnreadableError:
    """Return the error for a token that cannot stand where it does; ``missing`` where a number should have begun."""
    if place >= len(tokens):
        return UnreadableError(f"something is missing at the end; expected {EXPECTED}", tokens[-1].end)
    token = tokens[place]
    before = tokens[place - 1] if place else None
    if token.kind in ("number", "vulgar") and before is not None and _ends_operand(before):
        reason = f"{before.text!r} and {token.text!r} are next to each other; write * or + between them"
        if before.kind == token.kind == "number" and token.spaced:
            thousands = len(token.text) == 3 and before.text.isdigit() and token.text.isdigit()
            reason += f"; if this is one number, write {before.text}{token.text}" if thousands else ""
            reason += "; if these are several entries, separate all entries by commas"
        return UnreadableError(reason, token.start)
    if missing and token.kind in (")", "]", "}", "*", "/", "^", "superscript", ",", "row"):
        return UnreadableError(f"a number is missing before {token.text[:20]!r}", token.start)
    other = {
        ",": "a comma cannot be used inside a number; write '.' for a decimal point",
        "%": "there is no number before '%'", ":": "':' cannot be used in a number",
        "!": "factorials are not read",
        "=": "give one value only, after at most one '='",
        "≈": "give one value only, after at most one '≈'",
        ")": "this bracket was not opened", "]": "this bracket was not opened", "}": "this bracket was not opened",
        "row": "one number is expected here, on one line", "tab": "one number is expected here",
        ".": "write a repeating decimal as a fraction, or round it",
        "begin": "a matrix is not expected here", "end": "there is no \\begin for this", "&": "one number is expected here",
    }.get(token.kind)  # fmt: skip
    return UnreadableError(other or f"{token.text[:20]!r} is not expected here; expected {EXPECTED}", token.start)


def _ends_operand(token: Token) -> bool:
    return token.kind in ("number", "vulgar", "name", ")", "]", "}", "|", "superscript")


# What can be read in two ways is not read: the message gives both spellings.


def factor_after_quotient(factor: Token) -> UnreadableError:
    """Return the error for ``1/2√3``: is the root in the numerator, or in the denominator?"""
    return UnreadableError(
        "a product without its sign after '/' can be read in two ways; write (1/2)*√3 or 1/(2*√3), for example",
        factor.start,
    )


def check_implied_product(before: Node, last: Token, factor: Token, after: Node) -> None:
    """Refuse ``2\\frac{1}{2}``, which may be 2½ or 1, and ``0.(3)``, which may be 0.333… or 0·3."""
    is_frac = factor.kind == "frac" and after.kind == "/" and all(part.kind == "number" for part in after.operands)
    if is_frac and before.kind == "number" and before.text.isdigit():
        raise UnreadableError(
            "this can be read as a sum and as a product; write + or * before the fraction", factor.start
        )
    if factor.kind == "(" and not factor.spaced and last.kind == "number" and "." in last.text:
        raise UnreadableError(
            "is this a repeating decimal? Write it as a fraction, or write * for a product", factor.start
        )


def check_after_function(function: Token, after: Sequence[Token], *, factor: bool) -> None:
    """Refuse ``ln 2/3``, which may be (ln 2)/3 or ln(2/3)."""
    if factor or (after and after[0].kind in ("*", "/")):
        name = function.text.lstrip("\\")
        raise UnreadableError(
            f"the argument of {name} can be read in two ways; use brackets: {name}(2/3) or {name}(2)/3, for example",
            after[0].start,
        )


def check_exponent(after: Sequence[Token]) -> None:
    """Refuse ``3^1/2``, which is 3/2 by the rules and probably meant as √3: nobody writes an exponent of 1."""
    kinds = [token.kind for token in after]
    for sign in (0, 1):
        if kinds[sign : sign + 3] == ["number", "/", "number"] and kinds[:sign] in ([], ["-"]):
            one, _, below = after[sign : sign + 3]
            if one.text == "1":
                minus = "-" * sign
                raise UnreadableError(
                    f"this can be read in two ways; write ^({minus}1/{below.text}), or leave out the exponent 1",
                    one.start,
                )


def check_argument(function: Token, after: Sequence[Token]) -> None:
    """Refuse ``log2(8)`` and ``log_2 8``, and a function without an argument."""
    if function.text.startswith("\\"):
        after = after[:1]
    kinds = [item.kind for item in after]
    if kinds[:1] == ["_"] or (kinds == ["number", "("] and not after[0].spaced and function.kind == "name"):
        raise UnreadableError(
            f"{function.text!r} with a base or a number before its bracket is not read; ln and log are natural",
            function.start,
        )
    if not kinds:
        raise UnreadableError(
            f"{function.text!r} needs a number after it, as in {function.text.lstrip(chr(92))}(3)", function.start
        )
