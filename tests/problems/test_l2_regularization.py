"""L2 regularization: the printed sheet's key, ridge by hand, the user's own numbers, and the banks of questions."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from sympy import Integer, Rational, log, sqrt

from generator.document.keyless import without_key
from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.solve import solution
from generator.problem import audit, drawing
from generator.problem.choices import Choice
from generator.problem.draw import Draw
from generator.problem.parts import walk
from generator.problem.problem import LEVELS, Variant
from generator.problems.l2_regularization import BANK, FORMS, LABELS, OBJECTIVES, PAIRS, PROBLEM, _concepts
from generator.render.renderer import FORMATS, figures_in, renderer

SMALL = {"X": [[1], [1], [2]], "y": [2, 6, 8], "lambdas": [0, 2, 6, 18]}
TEST_DATA = {"X_test": [[1], [1]], "y_test": [2, 3]}
PLANE = {"X": [[1, 0], [1, 1], [0, 1]], "y": [8, 8, 0], "lambdas": [0, 1]}
FOR_QUESTIONS = {"pair_y": [8, 8, 0], "labels": [9, 3], "odds": 2}
STEP = {"weights": [5, -10], "gradient": [10, 20], "rate": "1/10", "decay": 1}
ESSAYS = ("norm_question", "training_question", "test_question")
BOWL = {"curvature": [2, 8], "bottom": [4, 5], "strength": 1}


def variant(raw: dict[str, Any]) -> Variant:
    return PROBLEM.variant(PROBLEM.read(raw))


def wrong(of: Variant, name: str) -> dict[str, Any]:
    """The values that the mistake of this name leads to."""
    return next(dict(values) for mistake, values in of.wrong if mistake.name == name)


def key_of(of: Variant) -> str:
    return str(renderer(FORMATS["md"]).node(exercise(of, 1)))


# --------------------------------------------------------------------------------------- the printed sheet


def test_printed_key() -> None:
    of = PROBLEM.printed()
    assert of.values.theta == ((Integer(3),), (Integer(2),), (Integer(1),), (Rational(1, 2),))
    assert of.values.norm_squared == (9, 4, 1, Rational(1, 4))
    assert of.values.train_sse == (2, 4, 10, Rational(29, 2))
    assert of.values.test_sse == (1, 0, 1, Rational(9, 4))
    assert of.values.best_lambda == 1
    assert of.answers()["large_lambda"] == "0"
    assert of.answers()["small_lambda"] == "theta*"


def test_printed_key_as_text() -> None:
    found = solution(PROBLEM, PROBLEM.original)
    assert found["values"]["theta"] == [["3"], ["2"], ["1"], ["1/2"]]
    assert found["values"]["norm_squared"] == ["9", "4", "1", "1/4"]
    assert found["values"]["train_sse"] == ["2", "4", "10", "29/2"]
    assert found["values"]["test_sse"] == ["1", "0", "1", "9/4"]
    assert found["answers"]["large_lambda"] == "0"
    assert found["answers"]["small_lambda"] == "theta*"
    assert r"\lVert\theta_\lambda\rVert \le \lVert\theta^\star\rVert" in found["answers"]["norm"]
    assert "never better" in found["answers"]["training"]
    assert "underfit" in found["answers"]["test"]


def test_printed_sheet_has_the_printed_parts() -> None:
    parts = PROBLEM.printed().parts
    assert [part.id for part in parts] == ["large_lambda", "small_lambda", "moderate_lambda"]
    assert [part.id for part in parts[2].parts] == ["norm", "training", "test"]
    assert isinstance(parts[0].answer, Choice)
    assert list(parts[0].answer.options) == ["0", "1", "1000000", "theta*"]


def test_only_the_key_shows_the_sweep() -> None:
    with_key = exercise(PROBLEM.printed(), 1)
    (scene,) = figures_in(with_key).values()
    assert all(name in scene.description for name in ("norm", "training error", "test error"))
    assert figures_in(without_key(with_key)) == {}
    assert r"\frac{29}{2}" in key_of(PROBLEM.printed())


# --------------------------------------------------------------------------------------- a user's numbers


def test_ridge_of_one_feature_by_hand() -> None:
    values = variant({**SMALL, **TEST_DATA}).values
    assert values.coefficients == (4, 3, 2, 1)  # 24 / (6 + λ)
    assert values.train_residuals[1] == (-1, 3, 2)
    assert values.train_sse == (8, 14, 32, 62)
    assert values.test_sse == (5, 1, 1, 5)
    assert values.best_lambda == 2  # the first of equals


def test_ridge_where_a_coefficient_grows() -> None:
    found = solution(PROBLEM, PLANE)["values"]
    assert found["theta"] == [["8", "0"], ["5", "1"]]
    assert found["norm_squared"] == ["64", "26"]
    assert found["train_sse"] == ["0", "14"]
    assert "test_sse" not in found
    assert "best_lambda" not in found


def test_more_features_than_examples() -> None:
    of = variant({"X": [[1, 1]], "y": [2], "lambdas": ["1/2", 1]})
    assert of.values.theta == ((Rational(4, 5),) * 2, (Rational(2, 3),) * 2)
    assert audit.disagreements(of) == []


def test_numbers_that_are_not_rational() -> None:
    of = variant({"X": [[1], [1]], "y": ["sqrt(2)", 0], "lambdas": ["log(2)", "sqrt(2)"]})
    assert of.values.theta[0][0].equals(sqrt(2) / (2 + log(2)))
    assert of.values.theta[1][0] == sqrt(2) - 1
    assert audit.disagreements(of) == []


def test_one_strength_and_no_test_data_still_make_a_key() -> None:
    for raw in ({**SMALL, "lambdas": [0]}, {**SMALL, "lambdas": [3, "1/3"], "ask_sweep": "yes"}, PLANE):
        of = variant(raw)
        assert "training error" in key_of(of)
        assert all(part.id != "test_error" for part in walk(of.parts))


def test_exact_fits_draw_a_plot_of_zeros() -> None:
    of = variant({"X": [[1]], "y": [0], "lambdas": [0, 1], "X_test": [[1]], "y_test": [0]})
    assert figures_in(exercise(of, 1))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"X": [[1], [1, 2], [2]]}, "X"),
        ({"X": []}, "X"),
        ({"y": [1, 2]}, "y"),
        ({"y": "eval(1)"}, "y"),
        ({"lambdas": []}, "lambdas"),
        ({"lambdas": [0, -1]}, "lambdas[2]"),
        ({"lambdas": [0, "1 - sqrt(2)"]}, "lambdas[2]"),
        ({"lambdas": [0.5]}, "lambdas[1]"),
        ({"X": [[1, 2], [2, 4], [3, 6]]}, "lambdas"),
        ({"X": [[0], [0], [0]]}, "lambdas"),
        ({"X": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}, "lambdas"),
        ({"X_test": [[1]]}, "y_test"),
        ({"y_test": [1]}, "X_test"),
        ({**TEST_DATA, "X_test": [[1, 2], [1, 2]]}, "X_test"),
        ({**TEST_DATA, "y_test": [1]}, "y_test"),
        ({"order": [1, 2, 3, 3]}, "order"),
        ({"norm_question": "everything"}, "norm_question"),
        ({"norm_question": "logistic"}, "labels"),
        ({"norm_question": "which_minimizer"}, "pair_y"),
        ({"pair_y": [1, 2]}, "pair_y"),
        ({"pair_y": [0, 0, 0]}, "pair_y"),
        ({"labels": [9, 3]}, "odds"),
        ({"labels": [9, 0], "odds": 2}, "labels"),
        ({"labels": [9, 3], "odds": 3}, "odds"),
        ({"labels": [9, 3], "odds": 1}, "odds"),
        ({**STEP, "gradient": [1]}, "gradient"),
        ({**STEP, "decay": -1}, "decay"),
        ({"weights": [1]}, "gradient"),
        ({**BOWL, "curvature": [0, 1]}, "curvature"),
        ({**BOWL, "bottom": [1, 2, 3]}, "bottom"),
        ({**BOWL, "strength": "-1/2"}, "strength"),
        ({**PLANE, "ask_sweep": "yes"}, "ask_sweep"),
        ({"alpha": 1}, "alpha"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        variant({**SMALL, **changed})
    assert caught.value.field == field


def test_dependent_columns_are_fine_with_a_penalty() -> None:
    of = variant({"X": [[1, 2], [2, 4]], "y": [1, 2], "lambdas": [1]})
    assert of.values.theta == ((Rational(5, 26), Rational(5, 13)),)


# ------------------------------------------------------------------------------------------- the follow-ups


def test_gradient_step_by_hand() -> None:
    of = variant({**SMALL, **STEP})
    assert of.values.stepped == (3, -10)  # 4/5 · (5, -10) - 1/10 · (10, 20)
    assert wrong(of, "decay without its factor 2")["stepped"] == (Rational(7, 2), -11)
    assert wrong(of, "decay without the learning rate")["stepped"] == (-6, 8)
    assert wrong(of, "step without the penalty")["stepped"] == (4, -12)
    assert wrong(of, "decayed after the step")["stepped"] == (Rational(16, 5), Rational(-48, 5))
    assert wrong(of, "uphill")["stepped"] == (7, -10)  # the whole gradient is (20, 0)
    assert wrong(of, "penalty pushes away")["stepped"] == (5, -14)
    assert wrong(of, "no learning rate")["stepped"] == (-15, -10)
    assert wrong(of, "change without the start")["stepped"] == (-2, 0)
    assert audit.disagreements(of) == []


def test_bowl_by_hand() -> None:
    of = variant({**SMALL, **BOWL})
    assert of.values.curved_minimizer == (2, 4)  # 2/4 · 4, 8/10 · 5
    assert wrong(of, "factor 2 of the bowl")["curved_minimizer"] == (Rational(8, 3), Rational(40, 9))
    assert wrong(of, "shrinkage inverted")["curved_minimizer"] == (2, 1)
    assert wrong(of, "half of the bowl kept")["curved_minimizer"] == (Rational(4, 3), Rational(10, 3))
    assert wrong(of, "soft threshold in the bowl")["curved_minimizer"] == (Rational(7, 2), Rational(39, 8))
    assert audit.disagreements(of) == []


def test_logistic_regression_with_counts() -> None:
    values = variant({**SMALL, "labels": [9, 3], "odds": 2}).values
    assert values.logistic_optimum == log(3)
    assert values.logistic_minimizer == log(2)
    assert values.logistic_slope == -1
    assert values.logistic_lambda == 1 / (2 * log(2))
    assert values.logistic_probabilities == (Rational(3, 4), Rational(2, 3))


@pytest.mark.parametrize("numbers", LABELS)
def test_every_pair_of_counts_is_confirmed(numbers: tuple[int, int, int]) -> None:
    of = variant({**SMALL, "labels": numbers[:2], "odds": numbers[2]})
    assert audit.disagreements(of) == []
    assert of.values.logistic_lambda.is_positive


def test_pair_by_hand() -> None:
    values = variant({**SMALL, "pair_y": [8, 8, 0]}).values
    assert values.pair_before == (8, 0)
    assert values.pair_after == (5, 1)
    assert values.pair_norms_squared == (64, 26)
    assert "targets $(8, 8, 0)$" in str(BANK.all_claims("claims")["every_coordinate"].reason)


# -------------------------------------------------------------------------------------------- the mistakes


@pytest.mark.parametrize(
    ("mistake", "coefficients"),
    [
        ("factor 2 of the loss dropped", ["4", "12/5", "4/3", "4/7"]),  # 24 / (6 + 2λ)
        ("factor 2 of the penalty dropped", ["4", "24/7", "8/3", "8/5"]),  # 24 / (6 + λ/2)
        ("mean for the sum", ["4", "2", "1", "2/5"]),  # 24 / (6 + 3λ)
        ("strength in the numerator", ["4", "13/3", "5", "7"]),  # (24 + λ) / 6
        ("absolute value for the square", ["4", "23/6", "7/2", "5/2"]),  # (24 - λ/2) / 6
        ("square of the sum", ["3/2", "4/3", "12/11", "12/17"]),  # 24 / (16 + λ)
    ],
)
def test_wrong_minimizers_by_hand(mistake: str, coefficients: list[str]) -> None:
    assert encode(wrong(variant(SMALL), mistake)["coefficients"]) == coefficients


def test_soft_threshold_can_give_exactly_0() -> None:
    of = variant({**SMALL, "y": [-2, -6, -8], "lambdas": [6, 48, 60]})
    assert wrong(of, "absolute value for the square")["coefficients"] == (Rational(-7, 2), 0, 0)


def test_wrong_errors_by_hand() -> None:
    of = variant({**SMALL, **TEST_DATA})
    assert wrong(of, "penalty counted as error")["train_sse"] == (8, 32, 56, 80)
    assert encode(wrong(of, "averaged errors")["train_sse"]) == ["8/3", "14/3", "32/3", "62/3"]
    assert encode(wrong(of, "averaged errors")["test_sse"]) == ["5/2", "1/2", "1/2", "5/2"]
    assert wrong(of, "halved errors")["train_sse"] == (4, 7, 16, 31)
    assert wrong(of, "residuals not squared")["train_sse"] == (4, 6, 8, 12)
    assert wrong(of, "error for the strength")["best_lambda"] == 1
    assert wrong(of, "test always improves")["best_lambda"] == 18
    assert wrong(of, "chosen on the training data")["best_lambda"] == 0


@pytest.mark.parametrize(
    ("objective", "form", "right", "swapped"),
    [
        ("plain", "limit", ("0", "theta*"), ("theta*", "0")),
        ("half", "limit", ("0", "theta*"), ("theta*", "0")),
        ("mean", "limit", ("0", "theta*"), ("theta*", "0")),
        ("inverse", "limit", ("theta*", "0"), ("0", "theta*")),
        ("towards_one", "limit", ("1", "theta*"), ("theta*", "1")),
        ("plain", "setting", ("1000000", "1/1000000"), ("1/1000000", "1000000")),
        ("inverse", "setting", ("1/1000000", "1000000"), ("1000000", "1/1000000")),
        ("towards_one", "setting", ("1000000", "1/1000000"), ("1/1000000", "1000000")),
    ],
)
def test_extremes(objective: str, form: str, right: tuple[str, str], swapped: tuple[str, str]) -> None:
    of = variant({**SMALL, "objective": objective, "form": form})
    assert (of.values.large_lambda, of.values.small_lambda) == right
    mistaken = wrong(of, "extremes swapped")
    assert (mistaken["large_lambda"], mistaken["small_lambda"]) == swapped
    assert audit.disagreements(of) == []


def test_wrong_extremes() -> None:
    plain = variant(SMALL)
    assert wrong(plain, "penalty taken for a reward")["large_lambda"] == "1000000"
    assert wrong(plain, "pulled to 1")["large_lambda"] == "1"
    centred = variant({**SMALL, "objective": "towards_one"})
    assert wrong(centred, "pulled to 0 by habit")["large_lambda"] == "0"
    assert "pulled to 1" not in [mistake.name for mistake, _ in centred.wrong]
    inverse = variant({**SMALL, "objective": "inverse"})
    assert wrong(inverse, "penalty taken for a reward")["small_lambda"] == "1000000"
    assert wrong(inverse, "penalty taken for a reward")["large_lambda"] == "theta*"


def test_options_stand_in_the_order_drawn() -> None:
    text = str(renderer(FORMATS["md"]).node(exercise(variant({**SMALL, "order": [4, 1, 3, 2]}), 1)))
    places = [text.index(option) for option in (r"the minimizer of $L$ alone", "$0$\n", r"1\,000\,000", "$1$ in every")]
    assert places == sorted(places)


# ----------------------------------------------------------------------------------------------- the draws


@pytest.mark.slow
@pytest.mark.parametrize(("level", "halves"), [("easy", 0), ("standard", 1), ("hard", 2)])
def test_the_sweep_helps_first_and_then_underfits(level: str, halves: int) -> None:
    redraws = 0
    for seed in range(200):
        drawn = drawing.draw_variant(PROBLEM, seed, level=level)
        redraws += sum(drawn.redraws.values())
        v = drawn.values
        train, test = v.train_sse, v.test_sse
        assert list(v.norm_squared) == sorted(v.norm_squared, reverse=True)
        assert list(train) == sorted(train)
        assert 10 <= train[0] <= 80
        assert train[-1] < 500
        assert min(test) not in (test[0], test[-1])
        assert list(test).count(min(test)) == 1
        assert max(test) < 1000
        assert v.lambdas[0] == 0
        assert list(v.lambdas) == sorted(set(v.lambdas))
        assert v.lambdas[-1] < 100
        assert [theta.q for theta in v.coefficients].count(2) == halves
        assert {int(theta.q) for theta in v.coefficients} <= {1, 2}
        assert max(abs(y) for y in (*v.y, *v.y_test)) <= 60
        assert 0 not in (*v.y, *v.y_test)
        assert all(result.is_Integer for result in (*v.stepped, *v.curved_minimizer))
        assert len({abs(row[0]) for row in v.X}) > 1
    assert redraws <= 200


def test_the_order_of_the_examples_makes_no_other_exercise() -> None:
    drawn = drawing.draw_variant(PROBLEM, 3)
    X, y = drawn.params["X"], drawn.params["y"]
    reordered = PROBLEM.variant({**drawn.params, "X": X[::-1], "y": y[::-1]})
    other = PROBLEM.variant({**drawn.params, "y": 2 * y})
    assert reordered.canonical == drawn.canonical != other.canonical


def test_every_drawn_pair_has_a_coefficient_that_grows() -> None:
    for a, b in PAIRS:
        values = variant({**SMALL, "pair_y": [3 * a + b, 0, a + 3 * b]}).values
        assert values.pair_after == (a, b)
        assert all(entry.is_Integer for entry in values.pair_before)


def test_a_mirrored_example_leaves_the_sweep_as_it_is() -> None:
    mirrored = variant({**SMALL, **TEST_DATA, "X": [[-1], [1], [2]], "y": [-2, 6, 8]}).values
    plain = variant({**SMALL, **TEST_DATA}).values
    assert (mirrored.theta, mirrored.train_sse) == (plain.theta, plain.train_sse)


def test_sweeps_are_minimal_by_another_way() -> None:
    """Exact fractions: no neighbour on a fine grid around θ has a smaller objective."""
    for seed in range(40):
        p = drawing.draw_variant(PROBLEM, seed)
        x = [Fraction(str(row[0])) for row in p.params["X"]]
        y = [Fraction(str(target)) for target in p.params["y"]]

        def objective(t: Fraction, strength: Fraction, x: list[Fraction] = x, y: list[Fraction] = y) -> Fraction:
            return sum(((b - t * a) ** 2 for a, b in zip(x, y, strict=True)), strength * t * t)

        for entry, strength in zip(p.values.coefficients, p.params["lambdas"], strict=True):
            t, s = Fraction(str(entry)), Fraction(str(strength))
            assert all(objective(t, s) < objective(t + step, s) for step in (Fraction(1, 100), Fraction(-1, 100)))


@pytest.mark.parametrize("level", LEVELS)
def test_the_drawn_questions_vary_and_do_not_answer_each_other(level: str) -> None:
    seen: dict[str, set[Any]] = {}
    for seed in range(300):
        params = _concepts(Draw("words", level, seed), level)
        for name in ("objective", "form", "order", *ESSAYS, "claims"):
            seen.setdefault(name, set()).add(params[name])
        asked = {f"{name}.{params[name]}" for name in ESSAYS}
        assert not any(asked & {*BANK["claims"][claim].not_with} for claim in params["claims"])
    assert seen["objective"] == set(OBJECTIVES)
    assert seen["form"] == set(FORMS)
    for group in ESSAYS:
        assert seen[group] == {name for name, entry in BANK[group].items() if entry.is_drawn_at(level)}
    assert {claim for pair in seen["claims"] for claim in pair} == set(BANK["claims"]) - {"curvature"}
    assert len(seen["order"]) == 24


@pytest.mark.slow
def test_most_variants_ask_for_the_minimizer_of_the_printed_objective() -> None:
    asked = Counter(
        (v.params["objective"], v.params["form"]) for v in (drawing.draw_variant(PROBLEM, s) for s in range(200))
    )
    assert asked["plain", "limit"] > 100
    assert asked["inverse", "limit"] + asked["inverse", "setting"] < 50


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("form", FORMS)
def test_exactly_one_option_is_right_for_every_optimum_that_the_question_allows(objective: str, form: str) -> None:
    """Each coordinate of the optimum is between 2 and 10; the loss is half its squared distance."""
    of = variant({**SMALL, "objective": objective, "form": form})

    def minimizer(strength: float, optimum: float) -> float:
        loss, penalty = (
            (strength, 1.0) if objective == "inverse" else (1.0, strength / (2 if objective == "half" else 1))
        )
        centre = 1.0 if objective == "towards_one" else 0.0
        return (loss * optimum + 2 * penalty * centre) / (loss + 2 * penalty)

    for optimum in (2.0, 3.7, 10.0):
        for step, strength in (("large_lambda", 1e7), ("small_lambda", 1e-7)):
            if form == "limit":
                options = {"0": 0.0, "1": 1.0, "1000000": 1e6, "theta*": optimum}
                near = [name for name, at in options.items() if abs(at - minimizer(strength, optimum)) < 0.5]
            else:
                goal = minimizer(1e-9 if (strength < 1) != (objective == "inverse") else 1e9, optimum)
                goal = optimum if step == "small_lambda" else (1.0 if objective == "towards_one" else 0.0)
                options = {"1/1000000": 1e-6, "1": 1.0, "1000000": 1e6}
                near = [name for name, at in options.items() if abs(goal - minimizer(at, optimum)) < 0.1]
            assert near == [of.values[step]]


def test_three_runs_are_told_by_their_numbers() -> None:
    """12 labels in all and odds 2: the numbers 2, 9 and 12, in the order drawn."""
    text = key_of(variant({**SMALL, **FOR_QUESTIONS, "norm_question": "three_runs", "order": [3, 4, 1, 2]}))
    assert "$9$ (run A), $12$ (run B) and $2$ (run C)" in text
    assert "Run $B$ had $\\lambda = 0$, run $A$ had $\\lambda = 1$ and run $C$ had" in text


@pytest.mark.parametrize(
    ("group", "question", "shown"),
    [
        ("norm_question", "norm_from_losses", r"= 9 + \frac{4}{2} = 11"),
        ("norm_question", "other_centre", r"\frac{2 + 9}{2} = \frac{11}{2}"),
        ("training_question", "between", r"= 3 + 2 \cdot 9 = 21"),
        ("training_question", "parabola", r"\frac{4}{9}\, S\, (\theta^\star)^2"),
        ("training_question", "pair_errors", "is $14$ with $\\theta_A = (5, 1)$ and $0$ with"),
        ("test_question", "best_strength", r"\lambda = \frac{7}{2}"),
        ("test_question", "shrunk_estimate", r"s = \frac{9}{9 + 2} = \frac{9}{11}"),
        ("test_question", "intercept", r"b = \bar y = \frac{8+8+0}{3} = \frac{16}{3}"),
    ],
)
def test_numbers_in_answers_by_hand(group: str, question: str, shown: str) -> None:
    """With 9 positive and 3 negative labels, odds of 2 and the targets (8, 8, 0)."""
    assert shown in key_of(variant({**SMALL, **FOR_QUESTIONS, group: question}))


def test_concepts_do_not_shift_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PROBLEM.sample(Draw(PROBLEM.id, 12))
    monkeypatch.setattr("generator.problems.l2_regularization._concepts", lambda draw, level: {})
    numbers = PROBLEM.sample(Draw(PROBLEM.id, 12))
    assert {name: whole[name] for name in numbers} == numbers
    assert "norm_question" not in numbers


# ---------------------------------------------------------------------------------------------- the banks


@pytest.mark.parametrize(
    ("bank", "question"),
    [(bank, question) for bank in ("norm_question", "training_question", "test_question") for question in BANK[bank]],
)
def test_every_question_renders_and_is_worth_the_same(bank: str, question: str) -> None:
    of = variant({**SMALL, **TEST_DATA, **FOR_QUESTIONS, bank: question})
    assert audit.disagreements(of) == []
    for form in FORMATS.values():
        assert renderer(form).node(exercise(of, 1))
    part = next(part for part in walk(of.parts) if part.id == bank.removesuffix("_question"))
    assert part.worth == {"norm": 3, "training": 2, "test": 2}[part.id]


@pytest.mark.parametrize(
    ("targets", "a", "b", "penalized"),
    [([8, 8, 0], "(5, 1)", "(8, 0)", "A"), ([0, 8, 8], "(0, 8)", "(1, 5)", "B")],
)
def test_roles_of_the_pair_are_told_by_the_norm(targets: list[int], a: str, b: str, penalized: str) -> None:
    text = key_of(variant({**SMALL, "norm_question": "which_minimizer", "pair_y": targets}))
    assert rf"$\theta_A = {a}$ and $\theta_B = {b}$" in text
    assert rf"$\theta_{penalized} = \theta_1$" in text


@pytest.mark.parametrize("claim", BANK["claims"])
def test_every_claim_renders(claim: str) -> None:
    of = variant({**SMALL, **FOR_QUESTIONS, "claims": [claim]})
    for form in FORMATS.values():
        assert renderer(form).node(exercise(of, 1))
    verdict = "☒ True" if BANK.all_claims("claims")[claim].verdict else "☒ False"
    assert verdict in key_of(of)


def test_the_students_copy_does_not_name_the_best_strength() -> None:
    of = drawing.draw_variant(PROBLEM, 4)
    sheet = str(renderer(FORMATS["md"]).node(without_key(exercise(of, 1))))
    assert "Which of these" in sheet
    assert "x]" not in sheet
    assert "The sweep as a picture" not in sheet


def test_the_guided_sweep_asks_for_the_sums_and_the_norms() -> None:
    variant = PROBLEM.variant(PROBLEM.read({"X": [[2], [-1]], "y": [5, 1], "lambdas": [0, 4], "ask_sweep": "yes"}))
    guided = {
        part.id: part.answer.value(variant.values) for part in walk(variant.all_parts) if part.guided and part.answer
    }
    assert encode(guided) == {"sums": ["5", "9"], "norms": ["81/25", "1"]}
    assert not {"sums", "norms"} & {part.id for part in walk(variant.parts)}
