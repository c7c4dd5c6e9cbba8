r"""From tokens to a tree: the grammar of one number, and the tree's TeX.

A product with its sign left out binds like one with it, from left to right: ``1/2√3`` is ``(1/2)·√3``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generator.grading import doubts
from generator.grading.tokens import Token, Unreadable, named

MAX_NODES = 150
MAX_DEPTH = 30
MAX_ROOT = 12
"""Roots are read up to the twelfth."""

_FUNCTIONS = {"sqrt": "root", "\\sqrt": "root", "ln": "ln", "log": "ln", "exp": "exp", "abs": "abs"}
_ROOTS = {"√": 2, "∛": 3, "∜": 4}
_CONSTANTS = {"pi": "pi", "π": "pi", "e": "e"}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_WHAT = "a number such as 3, 1/3, 0.25 or -1 - 2√3/3"
_NO_NUMBERS = {
    "x": "'x' is not known here; for a product write *",
    "inf": "infinity is not a number here", "infinity": "infinity is not a number here",
    "∞": "infinity is not a number here", "\\infty": "infinity is not a number here", "oo": "infinity is not a number here",
    "nan": "nan is not a number", "i": "complex numbers are not read here", "j": "complex numbers are not read here",
    "±": "± stands for two numbers; give one", "\\pm": "± stands for two numbers; give one", "lg": "only the natural logarithm is read: ln or log",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A node of the tree: its kind, its operands, where it stands, and for a number or constant its text.

    Kinds: ``number``, ``constant``, ``minus``, ``plus``, ``+``, ``-``, ``*``, ``implied``, ``/``, ``^``, ``root``
    (radicand, index), ``ln``, ``exp``, ``abs``.
    """

    kind: str
    operands: tuple[Node, ...]
    position: int
    text: str = ""


def parse(tokens: Sequence[Token], *, start: int = 0) -> Node:
    """The tree of one number.  Raises :class:`Unreadable`; ``start`` is the place to blame when nothing came."""
    if not tokens:
        raise Unreadable(f"nothing is written here; expected {_WHAT}", start)
    return _Parser(tokens).whole()


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = list(tokens)
        self._place = 0
        self._nodes = 0
        self._depth = -1  # the number itself is no level
        self._open_bars = 0

    def whole(self) -> Node:
        node = self._sum()
        if self._place < len(self._tokens):
            raise self._misplaced()
        return node

    # ----------------------------------------------------------------------------------------- grammar

    def _sum(self) -> Node:
        self._deeper()
        node = self._product()
        while (sign := self._take("+", "-")) is not None:
            node = self._node(sign.kind, sign, node, self._product())
        self._depth -= 1
        return node

    def _product(self) -> Node:
        if self._ahead("+", "-"):  # the sign of the whole product
            return self._signed(self._product)
        node = self._power()
        divided = False
        while True:
            sign = self._take("*", "/")
            if sign is not None:
                divided = sign.kind == "/"
                node = self._node(sign.kind, sign, node, self._factor())
            elif self._begins_factor():
                last, token = self._tokens[self._place - 1], self._tokens[self._place]
                if divided:
                    doubts.check_after_quotient(token)
                factor = self._power()
                doubts.check_juxtaposed(node, last, token, factor)
                node = self._node("implied", token, node, factor)
            else:
                return node

    def _factor(self) -> Node:
        return self._signed(self._factor) if self._ahead("+", "-") else self._power()

    def _signed(self, rest: Callable[[], Node]) -> Node:
        sign = self._next()
        self._deeper()
        node = self._node("minus" if sign.kind == "-" else "plus", sign, rest())
        self._depth -= 1
        return node

    def _power(self) -> Node:
        return self._raised(self._atom())

    def _raised(self, base: Node) -> Node:
        if (raised := self._take("raised")) is not None:
            text = raised.text.translate(_PLAIN_DIGITS)
            if not text.lstrip("+-").isdigit() or len(text) - len(text.lstrip("+-")) > 1 or len(text) > 4:
                raise Unreadable(f"{raised.text!r} is not an exponent", raised.start)
            exponent = self._node("number", raised, text=text.lstrip("+-"))
            if text.startswith("-"):
                exponent = self._node("minus", raised, exponent)
            return self._node("^", raised, base, exponent)
        if (sign := self._take("^")) is not None:
            doubts.check_exponent(self._tokens[self._place : self._place + 4])
            self._deeper()
            exponent = self._factor()
            self._depth -= 1
            return self._node("^", sign, base, exponent)
        return base

    def _atom(self) -> Node:
        token = self._next()
        match token.kind:
            case "number":
                whole = self._node("number", token, text=token.text)
                if self._ahead("vulgar") and token.text.isdigit():  # 1½
                    return self._node("+", token, whole, self._vulgar(self._next()))
                return whole
            case "vulgar":
                return self._vulgar(token)
            case "(" | "[" | "{":
                return self._bracketed(token)
            case "|":
                self._open_bars += 1
                inner = self._sum()
                self._open_bars -= 1
                self._expect("|", token)
                return self._node("abs", token, inner)
            case "frac":
                self._deeper()
                node = self._node("/", token, self._argument(token), self._argument(token))
                self._depth -= 1
                return node
            case "√" | "∛" | "∜":
                return self._root(token, _ROOTS[token.kind])
            case "name":
                return self._named(token)
        self._place -= 1
        raise self._misplaced(missing=True)

    def _vulgar(self, token: Token) -> Node:
        above, below = (self._node("number", token, text=str(part)) for part in _VULGAR[token.text])
        return self._node("/", token, above, below)

    def _bracketed(self, opening: Token) -> Node:
        bars, self._open_bars = self._open_bars, 0
        inner = self._sum()
        self._expect(_CLOSING[opening.kind], opening)
        self._open_bars = bars
        return inner

    def _argument(self, command: Token) -> Node:
        r"""An argument of ``\frac``: in braces, or as TeX takes it, one digit or one symbol."""
        if not self._ahead("number"):
            return self._atom()
        token = self._next()
        first, rest = token.text[:1], token.text[1:]
        if rest:
            if not token.text.isdigit() or len(rest) > 1:
                raise Unreadable(rf"put braces around both parts of {command.text}", token.start)
            self._place -= 1
            self._tokens[self._place] = Token("number", rest, token.start + 1, token.end, spaced=False)
        return self._node("number", token, text=first)

    def _named(self, token: Token) -> Node:
        name = token.text if token.text in ("e", "E") else token.text.casefold()
        if name in ("e", "E"):
            self._check_not_scientific(token)
            return self._node("constant", token, text="e")
        if name in _CONSTANTS:
            return self._node("constant", token, text=_CONSTANTS[name])
        if name not in _FUNCTIONS:
            raise self._unknown(token)
        if name in ("sqrt", "\\sqrt"):
            return self._root(token, 2)
        kind = _FUNCTIONS[name]
        self._check_argument(token)
        self._deeper()
        if self._ahead("(", "[", "{", "|"):
            argument = self._atom()
        else:
            argument = self._power()
            doubts.check_after_function(token, self._tokens[self._place :], factor=self._begins_factor())
        self._depth -= 1
        return self._node(kind, token, argument)

    def _root(self, token: Token, index: int) -> Node:
        self._check_argument(token)
        if token.text == "\\sqrt" and self._ahead("["):
            self._next()
            number = self._next()
            if number.kind != "number" or not number.text.isdigit() or not 2 <= int(number.text) <= MAX_ROOT:
                raise Unreadable(f"expected a root from the 2nd to the {MAX_ROOT}th", number.start)
            index = int(number.text)
            self._expect("]", token)
        elif token.text == "\\sqrt" and self._ahead("number") and len(self._tokens[self._place].text) > 1:
            raise Unreadable(r"put braces around what \sqrt is taken of", token.end)
        self._deeper()
        sign = self._take("+", "-")
        argument = self._atom()
        if sign is not None and sign.kind == "-":
            argument = self._node("minus", sign, argument)
        self._depth -= 1
        return self._node("root", token, argument, text=str(index))

    # ------------------------------------------------------------------------------------------ checks

    def _check_argument(self, token: Token) -> None:
        """Refuse log2(8) and log_2 8, which would be read as something else than meant."""
        if token.text.startswith("\\"):
            after = self._tokens[self._place : self._place + 1]
        else:
            after = self._tokens[self._place : self._place + 2]
        kinds = [item.kind for item in after]
        if kinds[:1] == ["_"] or (kinds == ["number", "("] and not after[0].spaced and token.kind == "name"):
            raise Unreadable(
                f"{token.text!r} with a base or a number before its bracket is not read; ln and log are natural",
                token.start,
            )
        if not kinds:
            raise Unreadable(
                f"{token.text!r} needs a number after it, as in {token.text.lstrip(chr(92))}(3)", token.start
            )

    def _check_not_scientific(self, token: Token) -> None:
        before = self._tokens[self._place - 2] if self._place > 1 else None
        after = self._tokens[self._place : self._place + 2]
        if before is None or before.kind != "number" or before.end != token.start:
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

    def _unknown(self, token: Token) -> Unreadable:
        if (reason := _NO_NUMBERS.get(token.text.casefold())) is not None:
            return Unreadable(reason, token.start)
        odd = next((char for char in token.text if not char.isascii()), None)
        shown = repr(token.text[:20]) if odd is None else f"{token.text[:20]!r} with {named(odd)}"
        return Unreadable(f"{shown} is not known here; known are sqrt, ln, log, exp, abs, pi and e", token.start)

    def _misplaced(self, *, missing: bool = False) -> Unreadable:
        """What to say of the next token; ``missing`` where a number should have begun."""
        if self._place >= len(self._tokens):
            return Unreadable(f"something is missing at the end; expected {_WHAT}", self._tokens[-1].end)
        token = self._tokens[self._place]
        before = self._tokens[self._place - 1] if self._place else None
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
        return Unreadable(other or f"{token.text[:20]!r} has no place here; expected {_WHAT}", token.start)

    # ----------------------------------------------------------------------------------------- the tape

    def _begins_factor(self) -> bool:
        if self._ahead("|"):
            return not self._open_bars
        return self._ahead("(", "[", "{", "frac", "√", "∛", "∜", "name")

    def _ahead(self, *kinds: str) -> bool:
        return self._place < len(self._tokens) and self._tokens[self._place].kind in kinds

    def _take(self, *kinds: str) -> Token | None:
        return self._next() if self._ahead(*kinds) else None

    def _next(self) -> Token:
        if self._place >= len(self._tokens):
            raise self._misplaced()
        self._place += 1
        return self._tokens[self._place - 1]

    def _expect(self, kind: str, opening: Token) -> None:
        if self._place >= len(self._tokens):
            raise Unreadable(f"{opening.text!r} is not closed by {kind!r}", opening.start)
        if self._take(kind) is None:
            raise self._misplaced()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            at = self._tokens[min(self._place, len(self._tokens) - 1)]
            raise Unreadable(f"brackets, signs and roots are nested more than {MAX_DEPTH} deep", at.start)

    def _node(self, kind: str, token: Token, *operands: Node, text: str = "") -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise Unreadable(f"this number has more than {MAX_NODES} parts", token.start)
        return Node(kind, operands, token.start, text)


def _ends_operand(token: Token) -> bool:
    return token.kind in ("number", "vulgar", "name", ")", "]", "}", "|", "raised")


# ------------------------------------------------------------------------------------------------- TeX

_SUM, _SIGNED, _PRODUCT, _POWER, _ATOM = range(5)
_BINDING = {"+": _SUM, "-": _SUM, "minus": _SIGNED, "plus": _SIGNED, "*": _PRODUCT, "implied": _PRODUCT, "^": _POWER}


def tex(node: Node) -> str:
    r"""The tree as TeX, with fractions upright and as many brackets as it takes: how the text was read."""
    return _PRINTERS[node.kind](node, *node.operands)


def _operand(node: Node, least: int) -> str:
    """An operand, in brackets unless it binds at least as strongly as ``least``."""
    text = tex(node)
    return text if _BINDING.get(node.kind, _ATOM) >= least else rf"\left({text}\right)"


def _number(node: Node) -> str:
    whole, point, places = node.text.partition(".")
    return (whole or "0") + (point if places else "") + places


def _implied(_node: Node, a: Node, b: Node) -> str:
    left, right = _operand(a, _PRODUCT), _operand(b, _POWER)
    return left + (r" \cdot " if right[0].isdigit() or right.startswith("\\frac") else r" \, ") + right


def _power(_node: Node, base: Node, exponent: Node) -> str:
    text = rf"\left({tex(base)}\right)" if base.kind in ("/", "exp") else _operand(base, _ATOM)
    return rf"{text}^{{{tex(exponent)}}}"


def _root(node: Node, a: Node) -> str:
    return rf"\sqrt{'' if node.text == '2' else f'[{node.text}]'}{{{tex(a)}}}"


_PRINTERS: dict[str, Callable[..., str]] = {
    "number": _number,
    "constant": lambda node: r"\pi" if node.text == "pi" else "e",
    "minus": lambda _, a: "-" + _operand(a, _PRODUCT),
    "plus": lambda _, a: "+" + _operand(a, _PRODUCT),
    "+": lambda _, a, b: f"{_operand(a, _SUM)} + {_operand(b, _PRODUCT)}",
    "-": lambda _, a, b: f"{_operand(a, _SUM)} - {_operand(b, _PRODUCT)}",
    "*": lambda _, a, b: rf"{_operand(a, _PRODUCT)} \cdot {_operand(b, _POWER)}",
    "implied": _implied,
    "/": lambda _, a, b: rf"\frac{{{tex(a)}}}{{{tex(b)}}}",
    "^": _power,
    "root": _root,
    "ln": lambda _, a: rf"\ln\left({tex(a)}\right)",
    "exp": lambda _, a: rf"e^{{{tex(a)}}}",
    "abs": lambda _, a: rf"\left|{tex(a)}\right|",
}


def decimals(node: Node) -> int:
    """The fewest places of the decimals in the tree; 0 if no number was typed as a decimal."""
    places = [found for operand in node.operands if (found := decimals(operand))]
    if node.kind == "number":
        own = len(node.text.partition(".")[2])
        places += [own] if own else []
    return min(places, default=0)
