"""The audit: what it holds against a variant, and that nobody hands one out without it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sympy

from generator.errors import AuditError, AuthoringError
from generator.numbers import exact as ex
from generator.paper import generate
from generator.paper.sheet import Entry, Sheet
from generator.paper.sheet_file import find_sheet
from generator.paper.solve import solution
from generator.problem import audit, drawing
from generator.problem.catalogue import find_problem
from generator.problem.mistake import Mistake
from generator.problem.parameters import optional, read_number, required
from generator.problem.parts import Part
from generator.problem.problem import Problem, Variant


def double(n: ex.Scalar) -> ex.Scalar:
    return ex.multiply(2, n)


def problem(**changes: Any) -> Problem:
    """Twice a number; the mistake is to give the number itself."""
    from generator.problem.answers import Number

    plain: dict[str, Any] = {
        "id": "double",
        "title": "Double",
        "topic": "arithmetic",
        "parameters": {"n": required(read_number)},
        "sample": lambda draw: {"n": draw.integer(1, 9)},
        "solution": [double],
        "mistakes": [Mistake("not doubled", "gave the number itself", double=lambda n: n)],
        "check": lambda n: {"double": n + n},
        "parts": lambda v: [Part("double", "What is twice $<n>$?", Number("double"), 1)],
        "original": {"n": 3},
        "variants": 9,
    }
    return Problem(**{**plain, **changes})


def texts(variant: Variant) -> list[str]:
    looks = (audit.disagreements, audit.hidden_mistakes, audit.bad_signature)
    return [str(finding) for look in looks for finding in look(variant)]


def test_nothing_against_a_sound_variant() -> None:
    assert texts(problem().printed()) == []


@pytest.mark.parametrize(
    ("opinion", "message"),
    [
        ({"double": 7.0}, "double: the key says 6, the second opinion 7.0"),
        ({"double": [6.0]}, "the second opinion [6.0]"),
        ({"double": "6"}, "the second opinion 6"),
        ({"double": float("nan")}, "the second opinion nan"),
        ({}, "part double: check() has no opinion on double"),
        ({"double": 6.0, "treble": 9.0}, "check() has an opinion on treble, which no step computed"),
    ],
)
def test_a_key_that_is_not_confirmed(opinion: Mapping[str, Any], message: str) -> None:
    def check(n: float) -> Mapping[str, Any]:
        return opinion

    broken = problem(check=check).printed()
    assert any(message in text for text in texts(broken))
    with pytest.raises(AuditError, match="^double: "):
        audit.confirm(broken)


def test_a_longer_opinion_does_not_confirm_a_shorter_answer() -> None:
    assert audit.agrees((ex.exact(1), ex.exact(2)), [1.0, 2.0])
    assert not audit.agrees((ex.exact(1), ex.exact(2)), [1.0, 2.0, 3.0])
    assert not audit.agrees((ex.exact(1), ex.exact(2)), [1.0])


def test_a_mistake_that_does_not_show() -> None:
    hidden = problem(mistakes=[Mistake("harmless", "added", double=lambda n: ex.add(n, n))])
    assert texts(hidden.printed()) == ["the mistake 'harmless' gives the same as the right answer"]
    with pytest.raises(AuditError, match="no good draw in 200 attempts: .*harmless"):
        drawing.draw_variant(hidden, 1)


def test_two_mistakes_alike() -> None:
    twice = [Mistake(name, "gave it", double=lambda n: n) for name in ("one", "other")]
    assert texts(problem(mistakes=twice).printed()) == ["the mistake 'other' gives the same as the mistake 'one'"]


def test_another_difficulty_is_drawn_again() -> None:
    fair = problem(signature=lambda v: {"small": bool(v.n <= 3)}, standard={"small": True})
    assert {int(drawing.draw_variant(fair, seed).params["n"]) for seed in range(30)} == {1, 2, 3}
    assert texts(fair.variant(fair.read({"n": 8}))) == ["small is False, not True"]


def test_a_number_too_large_for_a_page() -> None:
    large = problem().variant(problem().read({"n": 10**10}))
    assert texts(large) == ["double has a number larger than 1000000000"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"standard": {"small": True}}, "standard= needs signature="),
        ({"mistakes": [Mistake("typo", "x", dubble=lambda n: n)]}, "'typo' names dubble"),
        ({"mistakes": [Mistake("typo", "x", double=lambda m: m)]}, "'typo' names m"),
        ({"mistakes": [Mistake("typo", "x", double=lambda n: n, applies=lambda k: True)]}, "'typo' names k"),
        ({"mistakes": [Mistake("same", "x", double=lambda n: n)] * 2}, "two mistakes are called 'same'"),
    ],
)
def test_an_authors_slip_is_named_at_once(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(AuthoringError, match=message):
        problem(**changes)


def test_solving_is_audited() -> None:
    with pytest.raises(AuditError, match="double: "):
        solution(problem(check=lambda n: {"double": n}), {"n": "1/100000"})
    assert "confirmed" not in solution(problem(), {"n": 5})
    assert solution(problem(), {"n": 10**20})["confirmed"] is False


def test_the_printed_numbers_are_audited(tmp_path: Path) -> None:
    sheet = Sheet("quiz", "Quiz", (Entry(problem(check=lambda n: {"double": n})),))
    with pytest.raises(AuditError, match="double: "):
        generate.generate_sheet(sheet, "original", ("md",), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_parts_within_parts_are_left_out_too() -> None:
    from generator.problem.answers import Number

    def never(extra: ex.Scalar) -> ex.Scalar:
        return extra

    inner = [
        Part("asked", "x", Number("double"), 1),
        Part("guided", "x", Number("double"), 1, guided=True),
        Part("absent", "x", Number("never"), 1),
    ]
    nested = problem(
        parameters={"n": required(read_number), "extra": optional(read_number)},
        solution=[double, never],
        parts=lambda v: [Part("outer", "x", parts=inner)],
    )
    (outer,) = nested.printed().parts
    assert [part.id for part in outer.parts] == ["asked"]
    (outer,) = nested.printed().all_parts
    assert [part.id for part in outer.parts] == ["asked", "guided"]


def test_the_built_in_sheet_uses_problems_of_the_catalogue() -> None:
    assert all(entry.problem is find_problem(entry.problem.id) for entry in find_sheet("discussion04").entries)


# ------------------------------------------------------------------- mistakes are told apart part by part


def followed(mistakes: list[Mistake], solved: list[str]) -> Problem:
    """Twice a number, and the inverse of that."""
    from generator.problem.answers import Number

    def inverse(double: ex.Scalar) -> ex.Scalar:
        solved.append(str(double))
        return ex.divide(ex.ONE, double)

    parts = [Part(name, "?", Number(name), 1) for name in ("double", "inverse")]
    return problem(
        solution=[double, inverse],
        mistakes=mistakes,
        parts=lambda v: parts,
        check=lambda n: {"double": 2 * n, "inverse": 0.5 / n},
    )


def test_mistakes_alike_in_every_part_are_found() -> None:
    mistakes = [
        Mistake("one", "x", double=lambda n: n),
        Mistake("other", "x", double=lambda n: ex.subtract(ex.multiply(2, n), n)),
        Mistake("right after all", "x", inverse=lambda double: ex.divide(2, ex.multiply(2, double))),
    ]
    assert sorted(texts(followed(mistakes, []).printed())) == [
        "the mistake 'other' gives the same as the mistake 'one'",
        "the mistake 'right after all' gives the same as the right answer",
    ]


def test_a_mistake_that_cannot_be_carried_through() -> None:
    mistakes = [
        Mistake("nothing", "x", inverse=lambda: ex.divide(ex.ONE, ex.ZERO)),
        Mistake("alone", "x", double=lambda n: n),
    ]
    variant = followed(mistakes, []).printed()
    assert texts(variant) == ["the mistake 'nothing' cannot be carried through"]
    assert [mistake.name for mistake, _ in variant.mistaken_answers()] == ["alone"]


def test_answers_that_end_alike_are_compared_whole() -> None:
    from generator.problem.answers import Vector

    def pair(n: ex.Scalar) -> ex.Vector:
        return (n, n)

    mistakes = [Mistake(name, "x", pair=lambda n: (n, ex.add(n, ex.ONE))) for name in ("one", "other")]
    mistakes.append(Mistake("third", "x", pair=lambda n: (ex.ZERO, ex.add(n, ex.ONE))))
    mistakes.append(Mistake("fourth", "x", pair=lambda n: (ex.ZERO, n)))
    nested = problem(
        solution=[pair],
        mistakes=mistakes,
        parts=lambda v: [Part("pair", "?", Vector("pair"), 1)],
        check=lambda n: {"pair": [n, n]},
    )
    assert texts(nested.printed()) == ["the mistake 'other' gives the same as the mistake 'one'"]


# ---------------------------------------------------------------------- the quick look, and what it leaves


def test_a_float_in_the_key_is_not_confirmed_by_a_float() -> None:
    def double(n: ex.Scalar) -> Any:
        return sympy.Float(6)

    with pytest.raises(AuthoringError, match=r"step double: test_audit.py, line \d+: gives 6\.0+, which is not exact"):
        texts(problem(solution=[double]).printed())


def test_of_mistakes_alike_the_first_is_named_whichever_step_they_replace() -> None:
    mistakes = [
        Mistake("at length", "x", double=lambda n: ex.multiply(2, n), inverse=lambda n: ex.divide(ex.ONE, n)),
        Mistake("by its inverse", "x", inverse=lambda n: ex.divide(ex.ONE, n)),
        Mistake("by way of the double", "x", inverse=lambda double: ex.divide(2, double)),
    ]
    assert texts(followed(mistakes, []).printed()) == [
        "the mistake 'by its inverse' gives the same as the mistake 'at length'",
        "the mistake 'by way of the double' gives the same as the mistake 'at length'",
    ]
