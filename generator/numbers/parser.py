r"""The grammar of one number: tokens in, syntax tree out.

There is one grammar with two spellings: :func:`parse` reads all that people type (``2√3``, ``½``, ``\frac{1}{2}``);
:func:`parse_plain` reads only what a program writes too, and what is stored (``2*sqrt(3)``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from generator.errors.language import phrase
from generator.numbers import syntax_errors
from generator.numbers.syntax_tree import Node
from generator.numbers.tokens import MAX_NUMBER_CHARACTERS, Token, UnreadableError, check_length, tokenize

MAX_NODES = 150
MAX_DEPTH = 30
MAX_ROOT = 12
"""Roots are read up to the twelfth."""

FUNCTIONS = {
    "sqrt": "root", "cbrt": "root", "\\sqrt": "root", "ln": "ln", "log": "ln", "exp": "exp", "abs": "abs", "cos": "cos", "sin": "sin",
}  # fmt: skip
"""The names of functions, each with the kind of its node."""
_ROOTS = {"√": 2, "∛": 3, "∜": 4}
CONSTANTS = {"pi": "pi", "π": "pi", "e": "e"}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_NOT_PLAIN = re.compile(r"[^0-9A-Za-z.+\-*/^() ]")
_NAME = re.compile(r"[A-Za-z]+")
_PLAIN_FUNCTIONS, _PLAIN_CONSTANTS = ("sqrt", "log", "ln", "exp"), ("pi", "E", "e")


def parse(tokens: Sequence[Token], *, start: int = 0) -> Node:
    """Return the tree of one number; raise :class:`UnreadableError`, at ``start`` if there are no tokens."""
    if not tokens:
        raise UnreadableError(phrase("reading.no_number_here", example=phrase("reading.number_example")), start)
    unknown = next((token for token in tokens if token.kind == "unknown"), None)
    if unknown is not None:
        raise UnreadableError(unknown.text, unknown.start)
    return _Parser(_with_products(tokens)).parse()


def _with_products(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with ``*`` for an x between two numbers: ``2x3``, ``1.5 x 10^3``."""
    result = list(tokens)
    for place in range(1, len(result) - 1):
        before, token, after = result[place - 1 : place + 2]
        if token.text in ("x", "X") and token.kind == "name" and _is_factor(before, ")") and _is_factor(after, "("):
            result[place] = Token("*", token.text, token.start, token.end, token.spaced)
    return result


def _is_factor(token: Token, bracket: str) -> bool:
    return token.kind in ("number", "vulgar", "superscript", bracket)


def parse_plain(text: str) -> Node:
    """Return the tree of a number in the plain spelling; raise :class:`UnreadableError`.

    It is that of Python and sympy: digits, ``+ - * / ^ **``, round brackets, ``sqrt(2)``, ``log(2)``, ``exp(2)``, ``pi``, ``E``.
    """
    if (other := _NOT_PLAIN.search(check_length(text, MAX_NUMBER_CHARACTERS))) is not None:
        raise UnreadableError(phrase("reading.not_in_plain_number", sign=repr(other[0])), other.start())
    tokens = tokenize(text)
    if not tokens:
        raise UnreadableError(phrase("reading.plain_number_expected"))
    for name in _NAME.finditer(text):
        if name[0] not in _PLAIN_FUNCTIONS + _PLAIN_CONSTANTS:
            known = ", ".join(_PLAIN_FUNCTIONS + _PLAIN_CONSTANTS)
            raise UnreadableError(phrase("reading.plain_name_unknown", name=repr(name[0]), known=known), name.start())
    tree = parse(tokens)  # which says best what is wrong with a number that is wrong in any spelling
    _check_plain(tokens)
    return tree


def _check_plain(tokens: Sequence[Token]) -> None:
    """Refuse what only people type, and what programs mean otherwise."""
    for token in tokens:
        if token.text == "//":
            raise UnreadableError(phrase("reading.number_missing_before", sign="'/'"), token.start + 1)
        if token.kind == "number" and not token.text.replace(".", "").isdigit():
            mantissa, _, exponent = token.text.lower().partition("e")
            raise UnreadableError(
                phrase(
                    "reading.scientific_or_product",
                    text=repr(token.text),
                    mantissa=mantissa,
                    exponent=exponent.lstrip("+"),
                ),
                token.start,
            )
    for before, token in pairwise(tokens):
        if before.text in _PLAIN_FUNCTIONS and token.kind != "(":
            raise UnreadableError(phrase("reading.brackets_after_function", name=before.text), before.start)
        if token.kind in ("name", "(") and (before.kind in ("number", ")") or before.text in _PLAIN_CONSTANTS):
            raise UnreadableError(phrase("reading.times_before", text=repr(token.text)), token.start)
        if before.kind == token.kind == "number":
            raise UnreadableError(phrase("reading.plus_before", text=repr(token.text)), token.start)


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = list(tokens)
        self._place = 0
        self._nodes = 0
        self._depth = -1  # the outermost sum is no level
        self._open_bars = 0

    def parse(self) -> Node:
        node = self._sum()
        if self._place < len(self._tokens):
            raise syntax_errors.unexpected_token(self._tokens, self._place)
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
                factor = self._factor()
                if divided and factor.kind == "percent":
                    raise syntax_errors.percent_after_quotient(factor)
                node = self._node(sign.kind, sign, node, factor)
            elif self._begins_factor():
                last, token = self._tokens[self._place - 1], self._tokens[self._place]
                if divided:
                    raise syntax_errors.factor_after_quotient(token)
                factor = self._power()
                syntax_errors.check_implied_product(node, last, token, factor)
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
        base = self._atom()
        if (sign := self._take("%")) is not None:
            return self._node("percent", sign, base)
        if (token := self._take("superscript")) is not None:
            text = token.text.translate(_PLAIN_DIGITS)
            if not text.lstrip("+-").isdigit() or len(text) - len(text.lstrip("+-")) > 1 or len(text) > 4:
                raise UnreadableError(phrase("reading.no_exponent", text=repr(token.text)), token.start)
            exponent = self._node("number", token, text=text.lstrip("+-"))
            if text.startswith("-"):
                exponent = self._node("minus", token, exponent)
            return self._node("^", token, base, exponent)
        if (sign := self._take("^")) is not None:
            syntax_errors.check_exponent(self._tokens[self._place : self._place + 4])
            self._deeper()
            exponent = self._factor()
            self._depth -= 1
            return self._node("^", sign, base, exponent)
        return base

    def _atom(self) -> Node:
        token = self._next()
        match token.kind:
            case "number":
                return self._literal(token)
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
        raise syntax_errors.unexpected_token(self._tokens, self._place, missing=True)

    def _literal(self, token: Token) -> Node:
        mantissa, _, exponent = token.text.lower().partition("e")
        number = self._node("number", token, text=mantissa)
        if exponent:  # 5.797e-2
            power: Node = self._node("number", token, text=str(int(exponent.lstrip("+-"))))
            power = self._node("minus", token, power) if exponent.startswith("-") else power
            return self._node("*", token, number, self._node("^", token, self._node("number", token, text="10"), power))
        if mantissa.isdigit():
            if self._ahead("vulgar"):  # 1½
                return self._node("+", token, number, self._vulgar(self._next()))
            if self._is_mixed():  # 112 1/2
                above, sign, below = self._next(), self._next(), self._next()
                parts = (self._node("number", part, text=part.text) for part in (above, below))
                return self._node("+", token, number, self._node("/", sign, *parts))
        return number

    def _is_mixed(self) -> bool:
        """Return whether a proper fraction follows the whole number just read, as nothing else can: ``112 1/2``."""
        here = self._place
        before = self._tokens[here - 2].kind if here > 1 else "("
        fraction = self._tokens[here : here + 3]
        after = self._tokens[here + 3].kind if here + 3 < len(self._tokens) else ")"
        return (
            [token.kind for token in fraction] == ["number", "/", "number"]
            and fraction[0].spaced
            and fraction[0].text.isdigit()
            and fraction[2].text.isdigit()
            and int(fraction[0].text) < int(fraction[2].text)
            and before in ("(", "[", "{", "+", "-", "|")
            and after in (")", "]", "}", "+", "-", "|", "%")
        )

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
                raise UnreadableError(phrase("reading.braces_for_fraction", command=command.text), token.start)
            self._place -= 1
            self._tokens[self._place] = Token("number", rest, token.start + 1, token.end, spaced=False)
        return self._node("number", token, text=first)

    def _named(self, token: Token) -> Node:
        name = token.text if token.text in ("e", "E") else token.text.casefold()
        if name in ("e", "E"):
            return self._node("constant", token, text="e")
        if name in CONSTANTS:
            return self._node("constant", token, text=CONSTANTS[name])
        if name not in FUNCTIONS:
            raise syntax_errors.unknown_name(token)
        if name in ("sqrt", "\\sqrt", "cbrt"):
            return self._root(token, 3 if name == "cbrt" else 2)
        kind = FUNCTIONS[name]
        syntax_errors.check_argument(token, self._tokens[self._place : self._place + 2])
        self._deeper()
        if self._ahead("(", "[", "{", "|"):
            argument = self._atom()
        else:
            argument = self._power()
            syntax_errors.check_after_function(token, self._tokens[self._place :], factor=self._begins_factor())
        self._depth -= 1
        return self._node(kind, token, argument)

    def _root(self, token: Token, index: int) -> Node:
        syntax_errors.check_argument(token, self._tokens[self._place : self._place + 2])
        if self._ahead("[") and (token.text == "\\sqrt" or self._is_index()):
            self._next()
            number = self._next()
            if number.kind != "number" or not number.text.isdigit() or not 2 <= int(number.text) <= MAX_ROOT:
                raise UnreadableError(phrase("reading.root_index", most=MAX_ROOT), number.start)
            index = int(number.text)
            self._expect("]", token)
        elif token.text == "\\sqrt" and self._ahead("number") and len(self._tokens[self._place].text) > 1:
            raise UnreadableError(phrase("reading.braces_for_root"), token.end)
        self._deeper()
        sign = self._take("+", "-")
        argument = self._atom()
        if sign is not None and sign.kind == "-":
            argument = self._node("minus", sign, argument)
        self._depth -= 1
        return self._node("root", token, argument, text=str(index))

    def _is_index(self) -> bool:
        """Return whether an index stands before the argument of a root: ``sqrt[3]{8}``."""
        kinds = [token.kind for token in self._tokens[self._place : self._place + 4]]
        return kinds[:3] == ["[", "number", "]"] and kinds[3:] in (["{"], ["("])

    # -------------------------------------------------------------------------------------- the tokens

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
            raise syntax_errors.unexpected_token(self._tokens, self._place)
        self._place += 1
        return self._tokens[self._place - 1]

    def _expect(self, kind: str, opening: Token) -> None:
        if self._place >= len(self._tokens):
            raise UnreadableError(
                phrase("reading.not_closed", opening=repr(opening.text), closing=repr(kind)), opening.start
            )
        if self._take(kind) is None:
            raise syntax_errors.unexpected_token(self._tokens, self._place)

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            at = self._tokens[min(self._place, len(self._tokens) - 1)]
            raise UnreadableError(phrase("reading.number_too_deep", most=MAX_DEPTH), at.start)

    def _node(self, kind: str, token: Token, *operands: Node, text: str = "") -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise UnreadableError(phrase("reading.too_many_parts", most=MAX_NODES), token.start)
        return Node(kind, operands, token.start, text)
