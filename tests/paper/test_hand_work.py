"""The hand-work cost counts operations, entries and digits, and nothing that merely names something."""

from __future__ import annotations

import pytest

from generator.document.nodes import (
    Display,
    Exercise,
    Fillable,
    Key,
    Math,
    Paragraph,
    Question,
    Table,
    Text,
    every_question,
)
from generator.paper.hand_work import cost_of_formula, hand_work
from generator.paper.paper import make_paper
from generator.paper.sheet_file import find_sheet


@pytest.mark.parametrize(
    ("tex", "cost"),
    [
        ("4", 0),
        ("-4", 0),
        ("x", 0),
        ("12", 1),
        (r"18\,044", 4),
        (r"1\,234\,567", 6),
        ("0.25", 2),
        ("1+9+2 = 12", 2 + 1),
        ("1+(-5)+(-1)", 2),
        ("a - -3", 1),
        ("2 = -3", 0),
        ("2 > -3", 0),
        (r"2 \leq -3", 0),
        (r"x \to -3", 0),
        (r"2 \cdot -3", 1),
        (r"\lambda - 3", 1),
        (r"\frac{1}{2} - 3", 2),
        (r"\frac{-1+3}{5} = \frac{2}{5}", 3),
        (r"\left(\frac{7}{2}\right)^2+4^2", 1 + 1 + 1 + 1),
        (r"x^{10}", 2),
        (r"\sqrt{\sigma^2 + \varepsilon} = \sqrt{10}", 3 + 2),
        (r"2+\frac{2\sqrt{6}}{3}", 3),
        (r"\log 3 - \log 2", 3),
        (r"48 \cdot 16 + 16 \cdot 256", 3 + 1 + 1 + 1 + 2),
        (r"\begin{bmatrix} 1 & -9 & 2 \end{bmatrix}", 3),
        (r"\begin{bmatrix} 1 & 2 \\ -3 & 40 \end{bmatrix}", 5),
        (r"\begin{bmatrix} 1 & 2 \\ \frac{1}{2} & 4 \\ \end{bmatrix}", 5),
        (
            r"\frac{3}{5} \begin{bmatrix} -10 & 15 \end{bmatrix} - \frac{1}{10} \begin{bmatrix} -30 & 20 \end{bmatrix}",
            12,
        ),
        (r"\begin{aligned} a &= -1 \\ b &= 2 \end{aligned}", 0),
        (r"z_{11}, z_{12} : [13, 10]", 2),
        (r"x_12", 0),
        (r"W_{\mathrm{out-12}} + b_1", 1),
        (r"\text{row-wise 12}", 0),
        (r"\mathrm{Var}[m] - 3", 1),
        (r"\hat x^\top - y^{\star} = x^{(12)}", 1),
        (r"1/(1 - p) = 4", 2),
    ],
)
def test_the_cost_of_a_formula(tex: str, cost: int) -> None:
    assert cost_of_formula(tex) == cost


def test_formulas_counted_together_cost_what_they_cost_alone() -> None:
    alone = [
        Display(tex) for tex in ("1+", "-2", r"\cdot", "-3", "4", "5", r"\begin{bmatrix} 1 & 2 \end{bmatrix}", "-6")
    ]
    questions = [Question("any", "a", 1, (), key=Key(steps=((one,),))) for one in alone]
    exercises = [Exercise("any", 1, "Any", 2, (), (question,)) for question in questions]
    together = Exercise("any", 1, "Any", 2, (), tuple(questions))
    assert hand_work(every_question(together)) == sum(map(hand_work, map(every_question, exercises))) == 1 + 1 + 2


def test_the_cost_of_an_exercise_is_that_of_all_worked_steps() -> None:
    formula = (Math("1+2"),)
    steps = (
        (Paragraph((Text("12 + 12 is "), Math("12+12 = 24"))),),
        (Display("3 \\cdot 4"),),
        (Table((formula,), ((formula, formula),)),),
        (Fillable((Display("1+1"),), (Display("1+1+1"),)),),
    )
    inner = Question("inner", "i", 1, (Display("100"),), key=Key(steps=((Display("5+6"),),)))
    outer = Question("outer", "a", 1, (Display("100"),), parts=(inner,), key=Key(steps=steps))
    silent = Question("silent", "b", 1, (Display("100"),))
    exercise = Exercise("any", 1, "Any", 2, (Display("100"),), (outer, silent))
    assert hand_work(every_question(exercise)) == (1 + 1 + 1 + 1) + 1 + 3 + 2 + 1


def test_every_problem_of_the_printed_sheet_costs_something() -> None:
    paper = make_paper(find_sheet("discussion04-extended"), 7)
    costs = {exercise.id: hand_work(every_question(exercise)) for exercise in paper.document.exercises}
    assert min(costs.values()) > 20, costs
