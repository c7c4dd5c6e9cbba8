"""Answers and working that nobody means well, built from a grammar: towers of roots, huge exponents, odd shapes, odd signs."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from generator.grading.grader import Grader
from generator.grading.nesting import depth_of
from generator.problem.parts import walk
from generator.problem.words import Claims, Essay

_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 104_729, 2_147_483_647, 999_999_999_989)
_WHOLE = st.one_of(
    st.integers(0, 12),
    st.sampled_from(_PRIMES),
    st.integers(0, 10**29),
    st.sampled_from((64, 65, 10**9, 10**18 + 9, 10**29)),
).map(str)
_DECIMAL = st.tuples(_WHOLE, st.integers(0, 10**20).map(str)).map(".".join)
_PLAIN = st.one_of(
    _WHOLE, _WHOLE, _DECIMAL, st.sampled_from(("e", "pi", "π", "½", "1½", r"\frac12", "∞", "x", "0/0", ""))
)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda two: f"{two[0]}+{two[1]}"),
        pair.map(lambda two: f"({two[0]})-({two[1]})"),
        pair.map(lambda two: f"({two[0]})*({two[1]})"),
        pair.map(lambda two: f"({two[0]})/({two[1]})"),
        pair.map(lambda two: rf"\frac{{{two[0]}}}{{{two[1]}}}"),
        pair.map(lambda two: f"({two[0]})^({two[1]})"),
        st.tuples(inner, st.sampled_from(("64", "-64", "1/12", "0.5", "99999", "²⁰", "⁻¹"))).map(_raised),
        inner.map(lambda one: f"√({one})"),
        inner.map(lambda one: rf"\sqrt[12]{{{one}}}"),
        inner.map(lambda one: f"∛({one})"),
        inner.map(lambda one: f"ln({one})"),
        inner.map(lambda one: f"e^({one})"),
        inner.map(lambda one: f"|{one}|"),
        inner.map(lambda one: f"-{one}"),
        st.tuples(inner, st.integers(2, 40)).map(lambda two: "√" * two[1] + f"({two[0]})"),
        st.tuples(inner, st.integers(2, 9)).map(lambda two: "+".join([two[0]] * two[1])),
    )


def _raised(two: tuple[str, str]) -> str:
    base, power = two
    return f"({base}){power}" if power[0] in "²⁻" else f"({base})^({power})"


_INVOLVED = st.recursive(_PLAIN, _compound, max_leaves=8)

_FRACTION = st.tuples(st.integers(-40, 40), st.integers(1, 9)).map(lambda two: f"{two[0]}/{two[1]}")
_SURD = st.tuples(st.integers(-99, 99), st.sampled_from(_PRIMES), st.integers(1, 99)).map(
    lambda three: f"{three[0]}*√{three[1]}/{three[2]}"
)
_LONG_SURD = st.tuples(_WHOLE, st.sampled_from(_PRIMES), _WHOLE).map(
    lambda three: f"{three[0]}√{three[1]}+{three[2]}/7"
)
_TWO_SURDS = st.tuples(_SURD, _SURD).map("+".join)
_CARRIED_ON = st.one_of(_FRACTION, _SURD, _LONG_SURD, _TWO_SURDS, _WHOLE)
"""Numbers that marking reckons with: as hard as they may be and still be carried on."""

_NUMBER = st.one_of(_CARRIED_ON, _INVOLVED)

_FRAMES: tuple[Callable[[list[list[str]]], str], ...] = (
    lambda rows: "; ".join(", ".join(row) for row in rows),
    lambda rows: "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]",
    lambda rows: "\n".join(" ".join(row) for row in rows),
    lambda rows: "\n".join("\t".join(row) for row in rows),
    lambda rows: r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}",
    lambda rows: "$\\left(" + ",".join(entry for row in rows for entry in row) + "\\right)^T$",
)
_LOOKALIKES = {
    "-": "−–‐",
    "/": "⁄÷∕",
    "*": "×·∙",
    "1": "１¹₁١",
    "2": "２²₂",
    "(": "（⟨",
    ",": "，،",
    " ": "\u00a0\u2009\u200b\t",
}
_NOISE = st.text("0123456789+-*/^()[]{},;.|=&%!_'√∛π≈…\\\n\t \u202e\u0301\x00𝟙ＡxeT", max_size=12) | st.text(max_size=8)


@st.composite
def spoilt(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text, now and then with signs that look alike, a piece left out, or noise put in."""
    text = draw(texts)
    match draw(st.integers(0, 7)):
        case 0:
            char = draw(st.sampled_from(sorted(_LOOKALIKES)))
            return text.replace(char, draw(st.sampled_from(_LOOKALIKES[char])))
        case 1:
            place = draw(st.integers(0, len(text)))
            return text[:place] + text[place + draw(st.integers(1, 4)) :]
        case 2:
            place = draw(st.integers(0, len(text)))
            return text[:place] + draw(_NOISE) + text[place:]
    return text


def tables(rows: int, columns: int, entries: st.SearchStrategy[str] = _NUMBER) -> st.SearchStrategy[str]:
    """So many rows and columns of numbers, one way or another."""
    row = st.lists(entries, min_size=columns, max_size=columns)
    table = st.lists(row, min_size=rows, max_size=rows)
    return st.tuples(table, st.sampled_from(_FRAMES)).map(lambda two: two[1](two[0]))


ODD_TABLES = st.tuples(st.integers(0, 7), st.integers(0, 7)).flatmap(lambda two: tables(*two))
ANSWERS = spoilt(st.one_of(_NUMBER, ODD_TABLES, _NOISE))
"""Answers to any question."""


@st.composite
def working(draw: st.DrawFn, grader: Grader) -> dict[str, str]:
    """Values for some of a problem's steps; most have the right shape and numbers that are carried on."""
    values = grader.variant.values
    found: dict[str, str] = {}
    for name in draw(st.lists(st.sampled_from(sorted(values.computed)), max_size=3, unique=True)):
        like = values[name]
        depth = depth_of(like)
        if depth > 2 or isinstance(like, str):
            continue
        rows, columns = (len(like), len(like[0])) if depth == 2 else (1, len(like) if depth else 1)
        hard = tables(rows, columns, _CARRIED_ON)
        found[name] = draw(st.one_of(hard, hard, hard, tables(rows, columns), ANSWERS))
    return found


@st.composite
def answers(draw: st.DrawFn, grader: Grader) -> tuple[str, str]:
    """A part, and an answer to it: of the right shape half of the time."""
    part = draw(st.sampled_from(sorted(one.id for one in walk(grader.variant.all_parts) if one.answer is not None)))
    answer = grader.parts[part].answer
    assert answer is not None
    if isinstance(answer, Claims | Essay) or answer.step is None or draw(st.booleans()):
        return part, draw(ANSWERS)
    value = answer.value(grader.variant.values)
    if isinstance(value, str) or depth_of(value) > 2:
        return part, draw(ANSWERS)
    rows, columns = (len(value), len(value[0])) if depth_of(value) == 2 else (1, len(value) if depth_of(value) else 1)
    return part, draw(st.one_of(tables(rows, columns, _CARRIED_ON), spoilt(tables(rows, columns))))
