"""What is said of a token that has no place where it stands, or is not known at all."""

from __future__ import annotations

from collections.abc import Sequence

from generator.grading.tokens import Token, Unreadable, named

WHAT = "a number such as 3, 1/3, 0.25 or -1 - 2√3/3"
_NO_NUMBERS = {
    "x": "'x' is not known here; for a product write *",
    "inf": "infinity is not a number here", "infinity": "infinity is not a number here",
    "∞": "infinity is not a number here", "\\infty": "infinity is not a number here", "oo": "infinity is not a number here",
    "nan": "nan is not a number", "i": "complex numbers are not read here", "j": "complex numbers are not read here",
    "±": "± stands for two numbers; give one", "\\pm": "± stands for two numbers; give one", "lg": "only the natural logarithm is read: ln or log",
}  # fmt: skip


def unknown(token: Token) -> Unreadable:
    """What to say of a name that is not known."""
    if (reason := _NO_NUMBERS.get(token.text.casefold())) is not None:
        return Unreadable(reason, token.start)
    odd = next((char for char in token.text if not char.isascii()), None)
    shown = repr(token.text[:20]) if odd is None else f"{token.text[:20]!r} with {named(odd)}"
    return Unreadable(f"{shown} is not known here; known are sqrt, ln, log, exp, abs, pi and e", token.start)


def token_at(tokens: Sequence[Token], place: int, *, missing: bool = False) -> Unreadable:
    """What to say of a token that is out of place; ``missing`` where a number should have begun."""
    if place >= len(tokens):
        return Unreadable(f"something is missing at the end; expected {WHAT}", tokens[-1].end)
    token = tokens[place]
    before = tokens[place - 1] if place else None
    if token.kind in ("number", "vulgar") and before is not None and _ends_operand(before):
        reason = f"{before.text!r} and {token.text!r} stand side by side; write * or + between them"
        if before.kind == token.kind == "number" and token.spaced:
            thousands = len(token.text) == 3 and before.text.isdigit() and token.text.isdigit()
            reason += f"; if this is one number, write {before.text}{token.text}" if thousands else ""
            reason += "; if these are several entries, separate all entries by commas"
        return Unreadable(reason, token.start)
    if missing and token.kind in (")", "]", "}", "*", "/", "^", "raised", ",", "row"):
        return Unreadable(f"a number is missing before {token.text[:20]!r}", token.start)
    other = {
        ",": "a comma has no place inside a number; for a decimal point write '.'",
        "%": "percent is not read; write 0.5 or 1/2 for 50%",
        "!": "factorials are not read",
        "=": "give one value only, after at most one '='",
        "≈": "give one value only, after at most one '≈'",
        ")": "this bracket was not opened", "]": "this bracket was not opened", "}": "this bracket was not opened",
        "row": "one number is expected here, on one line", "tab": "one number is expected here",
        ".": "for a decimal without an end write the fraction, or round it",
        "begin": "a matrix has no place here", "end": "this was not begun", "&": "one number is expected here",
    }.get(token.kind)  # fmt: skip
    return Unreadable(other or f"{token.text[:20]!r} has no place here; expected {WHAT}", token.start)


def _ends_operand(token: Token) -> bool:
    return token.kind in ("number", "vulgar", "name", ")", "]", "}", "|", "raised")
