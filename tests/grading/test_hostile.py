"""Numbers of strangers in the working: what follows from them, and what mistakes make of that, ends soon."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from operator import add, mul
from typing import Any

import pytest
import sympy

from generator.errors import InputError
from generator.grading.grader import Grader
from generator.numbers import exact as ex
from generator.numbers import scalars
from generator.numbers.budget import Budget, TooInvolvedError, limited
from generator.numbers.surds import Terms, add_surds, multiply_surds
from generator.problem.catalogue import find_problem

KEY = "-1, -3, 4, 4; -1, -5/3, 0, 20/3; -√3/3, -1-2√3/3, 1-√3, 4√3"

LONG = "123456789012345678901234567891*√104729/999999999989"


CENTRED = (
    "√26+√687, -39√11+49√3, 6√37+70√5, -16√23+60√13, 40√19+7; √993+√902, 75√7-2, -69√2+51√19, 83√31+66√104729, √21+√973;"
    " 18√19+3√31, √929+√623, -45√13+57√11, 97√23+7√32771, 5√2147483647+3√2"
)
STRANGERS = [
    (
        "layer-norm",
        "std",
        "-7, 5, 1",
        {
            "centred": f"10, 9, 7√280+7√534, 2147483647*√2147483647/104729; 1, √17, -2, {LONG};"
            f" 32771*√2147483647/999999999989, 7, √2+√3, {LONG}"
        },
    ),
    ("layer-norm", "std", "1 2 3", {"variance": "100000000003+√2147483647, 3+√7, 32771/7+5√104729"}),
    ("layer-norm", "output", "1,2,3,4; 5,6,7,8; 9,1,2,3", {"mean": "5√60+4√538, √2+√3, 7√914+√703"}),
    ("batch-norm", "output", "1,2,3,4; 5,6,7,8; 9,1,2,3", {"centred": ";".join(",".join(row.split(",")[:4]) for row in CENTRED.split(";"))}),
    (
        "batch-norm",
        "normalized",
        "1,2,3,4; 5,6,7,8; 9,1,2,3",
        {
            "centred": ";".join(",".join(row.split(",")[:4]) for row in CENTRED.split(";")),
            "std": "√26+√687, √776+√587, 79*√37/19, 5√3",
        },
    ),
]  # fmt: skip


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The single terms that are added and multiplied, counted where it is done; nothing is known beforehand."""
    for remembered in (scalars._add, scalars._multiply, scalars._root, scalars._reciprocal):
        remembered.cache_clear()
    done: list[int] = []

    def counted(
        operation: Callable[[Terms, Terms], Any], cost: Callable[[int, int], int]
    ) -> Callable[[Terms, Terms], Any]:
        def operate(ours: Terms, theirs: Terms) -> Any:
            done.append(cost(len(ours), len(theirs)))
            return operation(ours, theirs)

        return operate

    monkeypatch.setattr("generator.numbers.scalars.multiply_surds", counted(multiply_surds, mul))
    monkeypatch.setattr("generator.numbers.scalars.add_surds", counted(add_surds, add))
    return done


@pytest.mark.parametrize(("name", "part", "text", "working"), STRANGERS)
def test_a_strangers_numbers_take_little_work(
    name: str, part: str, text: str, working: dict[str, str], work: list[int]
) -> None:
    grader = Grader(find_problem(name).printed())
    grader.mark(part, text)
    work.clear()
    marked = grader.mark(part, text, working=working)
    assert marked.status in ("wrong", "partial")
    assert sum(work) < 1300  # with no budget the last takes 1500; with no bound at all they never end


@pytest.mark.parametrize(("name", "part", "text", "working"), STRANGERS)
def test_the_mark_is_the_same_whatever_is_known_already(
    name: str, part: str, text: str, working: dict[str, str], work: list[int]
) -> None:
    first = Grader(find_problem(name).printed()).mark(part, text, working=working)
    again = Grader(find_problem(name).printed()).mark(part, text, working=working)
    assert sum(work) > 0
    assert first == again


def test_all_values_of_the_working_are_read_in_the_time_of_one_answer() -> None:
    involved = ", ".join(f"√(π+{i})" for i in range(60))
    grader = Grader(find_problem("layer-norm").printed())
    grader.mark("output", KEY, working={"mean": involved.rsplit(",", 57)[0]})
    with pytest.raises(InputError, match="takes too long to work out"):
        grader.mark("output", KEY, working={"mean": involved, "std": involved.replace("π", "e")})


@pytest.mark.parametrize("text", ["|√√(4.6)|", "√(√(774256)+\\frac{7268.8}{774256})", "ln(3.0)"])
def test_roots_of_decimals_are_compared_by_digits_and_not_by_symbols(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def symbolic(_: Any) -> Any:
        raise AssertionError("the size of a symbolic difference takes milliseconds, for each of two hundred pairs")

    monkeypatch.setattr(sympy.Expr, "__abs__", symbolic)
    for name, part in (("dropout", "y_corr"), ("model-size", "parameters")):
        assert Grader(find_problem(name).printed()).mark(part, text).status == "wrong"


def test_what_might_take_long_is_refused_only_where_that_is_asked() -> None:
    nested = ex.add(ex.root(ex.exact(2)), ex.root(ex.exact(3)))
    square = ex.add(ex.exact(3), ex.multiply(ex.exact(2), ex.root(ex.exact(2))))
    wide = ex.total(ex.root(ex.exact(n)) for n in (2, 3, 5, 7, 11))
    assert not ex.root(nested).is_Rational
    with limited(Budget(1000)):
        assert ex.root(square) == ex.add(ex.exact(1), ex.root(ex.exact(2)))
        with pytest.raises(TooInvolvedError):
            ex.root(nested)
        with pytest.raises(TooInvolvedError):
            ex.root(ex.exact(10**41 + 1))
        with pytest.raises(TooInvolvedError):
            ex.divide(ex.exact(1), wide)
    assert ex.divide(ex.exact(1), wide) is not None


def test_the_values_of_a_working_are_together_as_long_as_two_answers() -> None:
    grader = Grader(find_problem("layer-norm").printed())
    grader.mark("output", KEY, working={"mean": "1 " * 999, "variance": "1 " * 999})
    with pytest.raises(InputError, match="--working: the values have 4001 characters together; at most 4000 are read"):
        grader.mark("output", KEY, working={"mean": "1 " * 1000, "variance": "1 " * 1000, "std": "1"})


FIRST_MARKS = """
import sys
import jinja2
from generator.problem.catalogue import find_problem
from generator.grading.grader import Grader

graders = [Grader(find_problem(name).printed()) for name in ("model-size", "layer-norm")]
loaded = set(sys.modules)
jinja2.Environment.compile = None
mistaken = [graders[0].mark("parameters", "65352"), graders[1].mark("std", "4, 9, 3")]
unknown = graders[1].mark("std", "1+√2+√3+√5, 2/(1+√2+√3), √π")
late = {name for name in sys.modules if name not in loaded}
print([one.diagnosis for one in mistaken], unknown.status, sorted(late))
"""


def test_the_first_mark_of_a_program_loads_and_compiles_nothing() -> None:
    """Both would take longer than any mark."""
    found = subprocess.run([sys.executable, "-c", FIRST_MARKS], capture_output=True, text=True, check=False)
    assert found.stderr == ""
    assert found.stdout.strip() == "[('no biases',), ('no square root',)] wrong []"
