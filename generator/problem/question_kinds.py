"""The kinds of plain questions: how each one's answer, its accepted decimals and its mistakes are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy

from generator.document import prose
from generator.errors import InputError, expected, shown
from generator.numbers import exact as ex
from generator.numbers.encoding import read_matrix, read_number, read_vector
from generator.problem.answers import LEAST_DIGITS, Answer, Fields, Matrix, Number, Vector
from generator.problem.choices import LETTERS, Choice, joined_keys
from generator.problem.question_table import QuestionTable
from generator.problem.words import Claim, Claims, Essay


@dataclass(frozen=True)
class WrongAnswer:
    """A mistake: the value that it leads to, and what is said of it."""

    name: str
    value: Any
    feedback: str


@dataclass(frozen=True)
class Answered:
    """How a question is answered: the answer, of a step if there is one, the exact value of that step, and mistakes."""

    answer: Answer
    value: Any = None
    mistakes: tuple[WrongAnswer, ...] = ()
    points: int | None = None


def read_answer(kind: str, table: QuestionTable, step: str) -> Answered:
    """Read what a question of a kind says of its answer, which is that of a ``step``."""
    return KINDS[kind].read(table, step)


@dataclass(frozen=True)
class Kind:
    """A kind of question: the keys that it needs and may have, and its reader."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[QuestionTable, str], Answered]


# ------------------------------------------------------------------------------------------------ numbers


def read_shape(raw: Any, *, field: str) -> Any:
    """Return the sizes of a shape: positive whole numbers."""
    sizes = read_vector(raw, field=field)
    if not all(size.is_Integer and size > 0 for size in sizes):
        raise InputError(expected("positive whole numbers, the sizes of a shape", list(sizes)), field=field)
    return (tuple(sizes),)


def _number(table: QuestionTable, step: str) -> Answered:
    value = table.exact("answer", read_number)
    return _computed(table, Number(step, table.tex("symbol"), digits=_digits(table, value)), value, read_number)


def _vector(table: QuestionTable, step: str) -> Answered:
    value = table.exact("answer", read_vector)
    return _computed(table, Vector(step, table.tex("symbol"), digits=_digits(table, value)), value, read_vector)


def _matrix(table: QuestionTable, step: str) -> Answered:
    value = table.exact("answer", read_matrix)
    return _computed(table, Matrix(step, table.tex("symbol"), digits=_digits(table, value)), value, read_matrix)


def _shape(table: QuestionTable, step: str) -> Answered:
    value = table.exact("answer", read_shape)
    return _computed(table, Fields(step, (table.tex("symbol") or r"\text{shape}",)), value, read_shape)


def _fields(table: QuestionTable, step: str) -> Answered:
    value = table.exact("answer", read_vector)
    labels = table.items("labels")
    if len(labels) != len(value) or not all(isinstance(label, str) and label.strip() for label in labels):
        raise table.error("labels", expected(f"{len(value)} names, one for each number of the answer", shown(labels)))
    for label in labels:
        replace(table, table={"labels": label}).tex("labels")
    answer = Fields(step, tuple(label.strip().strip("$") for label in labels), digits=_digits(table, value))
    return _computed(table, answer, value, read_vector)


def _computed(table: QuestionTable, answer: Answer, value: Any, read: Callable[..., Any]) -> Answered:
    mistakes: list[WrongAnswer] = []
    for one in table.tables("mistakes", "{ value = …, feedback = '''…''' }"):
        one.check_keys(("value", "feedback"), ("name",))
        wrong = one.exact("value", read)
        if ex.same(wrong, value):
            raise one.error("value", "this is the right answer")
        twice = next((other.name for other in mistakes if ex.same(other.value, wrong)), None)
        if twice is not None:
            raise one.error("value", f"the mistake {twice!r} leads to the same value")
        name = one.line("name", f"answers {shown(one.table['value'])}".replace("'", ""))
        if name in (other.name for other in mistakes):
            raise one.error("name", f"two mistakes are called {name!r}")
        mistakes.append(WrongAnswer(name, wrong, one.sentence("feedback").text))
    return Answered(answer, value, tuple(mistakes))


_DECIMAL = re.compile(r"[-+]?(\d+)(?:\.(\d+))?")


def _digits(table: QuestionTable, value: Any) -> int:
    """The significant digits that a decimal needs: as many as the shortest of those that are accepted has.

    Raises :class:`InputError` where an accepted decimal is not the exact answer, rounded: it is a second opinion on it.
    """
    if "accept" not in table.table:
        return LEAST_DIGITS
    found = [LEAST_DIGITS]
    for exact, decimal in _pairs(table, value, table.table["accept"]):
        written = str(decimal) if type(decimal) in (int, float, str) else ""
        match = _DECIMAL.fullmatch(written)
        if match is None:
            raise table.error("accept", expected('a decimal, such as 0.33 or "0.30"', shown(decimal)))
        places = len(match[2] or "")
        error = abs(sympy.sympify(exact).evalf(30) - sympy.Rational(Fraction(written))) * 10**places
        if error > sympy.Rational(500001, 1000000):
            raise table.error(
                "accept", f"{written} is not the answer rounded: {exact} is {float(exact):.{places + 2}f}"
            )
        if error and (digits := len((match[1] + (match[2] or "")).lstrip("0"))):
            found.append(digits)
    return min(found)


def _pairs(table: QuestionTable, exact: Any, decimal: Any) -> Iterator[tuple[Any, Any]]:
    if not isinstance(exact, tuple):
        yield exact, decimal
    elif not isinstance(decimal, list) or len(decimal) != len(exact):
        raise table.error("accept", expected("decimals in the same form as the answer", shown(decimal)))
    else:
        for ours, theirs in zip(exact, decimal, strict=True):
            yield from _pairs(table, ours, theirs)


# -------------------------------------------------------------------------------------------------- words


def _choice(table: QuestionTable, step: str) -> Answered:
    listed = table.items("options")
    if not 2 <= len(listed) <= len(LETTERS):
        raise table.error("options", expected(f"2 to {len(LETTERS)} options", len(listed)))
    options: dict[str, prose.Content] = {}
    right, mistakes = [], []
    for place, raw in enumerate(listed, start=1):
        one = table.within(f"option {place}", raw if isinstance(raw, dict) else {"text": raw}, "options")
        one.check_keys(("text",), ("right", "feedback"))
        one.text("text")
        key, text = f"option-{place}", str(one.table["text"])
        if text.strip() in (str(other).strip() for other in options.values()):
            raise one.error("text", f"two options have the text {text.strip()!r}")
        options[key] = text
        if one.flag("right"):
            right.append(key)
            if "feedback" in one.table:
                raise one.error("feedback", "a right option has none: say why it is right in the solution")
        elif "feedback" in one.table:
            mistakes.append(WrongAnswer(f"option {place}", key, one.sentence("feedback").text))
    if not right:
        raise table.error("options", 'expected at least one right option, { text = "…", right = true }; got none')
    if len(right) == len(options):
        raise table.error("options", "every option is right: expected one that is wrong")
    several = len(right) > 1
    if several:  # it is ticked beside all that are right
        mistakes = [WrongAnswer(one.name, joined_keys((*right, one.value)), one.feedback) for one in mistakes]
    answer = Choice(step, options, in_order=table.flag("in_order"), several=several)
    return Answered(answer, joined_keys(right), tuple(mistakes))


def _claims(table: QuestionTable, _: str) -> Answered:
    claims = []
    for one in table.tables("claims", "{ claim = '''…''', true = …, reason = '''…''' }"):
        one.check_keys(("claim", "true", "reason"), ())
        claims.append(Claim(one.text("claim").text, one.flag("true"), one.text("reason").text))
    if not claims:
        raise table.error("claims", "expected at least one claim; got none")
    twice = [one.text for place, one in enumerate(claims) if one.text in [other.text for other in claims[:place]]]
    if twice:
        raise table.error("claims", f"two claims have the text {str(twice[0]).strip()!r}")
    each, rest = divmod(table.whole("points", 2 * len(claims)), len(claims))
    if rest or each < 2:
        raise table.error(
            "points", f"expected 2 points or more for each of the {len(claims)} claims: for its verdict and its reason"
        )
    return Answered(Claims(tuple(claims), each - each // 2, each // 2))


def _essay(table: QuestionTable, _: str) -> Answered:
    rubric = table.rubric()
    if not rubric:
        if "points" not in table.table:
            raise table.error("rubric", 'missing; give rubric = [[1, "what earns a point"], …], or points')
        rubric = ((table.whole("points", 0, least=1), "an answer that says what the model answer says"),)
    return Answered(Essay(table.text("answer").text, rubric, table.whole("lines", 3, least=1)))


_VALUE = ("symbol", "accept", "mistakes", "rubric")
KINDS: dict[str, Kind] = {
    "number": Kind(("answer", "points"), _VALUE, _number),
    "vector": Kind(("answer", "points"), _VALUE, _vector),
    "matrix": Kind(("answer", "points"), _VALUE, _matrix),
    "shape": Kind(("answer", "points"), ("symbol", "mistakes", "rubric"), _shape),
    "fields": Kind(("labels", "answer", "points"), ("accept", "mistakes", "rubric"), _fields),
    "choice": Kind(("options", "points"), ("in_order", "rubric"), _choice),
    "claims": Kind(("claims",), ("points",), _claims),
    "essay": Kind(("answer",), ("points", "rubric", "lines"), _essay),
}
"""By the names that a sheet's file calls them."""
