r"""Choosing a model: bias and variance, averages of models, cross-validation, early stopping, and scaling without leakage.

The decomposition and the variance of an average as in Hastie, Tibshirani and Friedman, *The Elements of Statistical Learning*
(2009), sections 7.3 and 15.2, cross-validation as in its section 7.10; early stopping with patience as in Goodfellow, Bengio and
Courville, *Deep Learning* (2016), algorithm 7.1; scaling as scikit-learn's ``StandardScaler`` does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from math import gcd
from operator import mul
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Choice, Draw, Figure, InputError, Level, Number, Part, Problem, Values, Vector,
    array, concatenate, equal, expected, one_of, optional, read_matrix, read_number, read_vector, require_length, required,
    say, some_of, sqrt, steps, whole,
)  # fmt: skip
from generator.document.figures.number_line import Spot, number_line_scene
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.document.prose import Say
from generator.numbers import notation
from generator.numbers.exact import to_float
from generator.problems._tables import table_of_rows

CORRELATIONS = tuple(map(Fraction, ("1/10", "1/5", "1/4", "1/3", "2/5", "3/5")))
"""Without 1/2, where the shared part of the variance equals the rest."""
ABOVE = tuple(map(Fraction, ("3/10", "2/5", "1/2", "7/10", "3/4", "6/5", "13/10")))
"""By how much the bound on the variance exceeds its limit."""
SIMPLE = ((-5, 1, 1, 3), (-4, 1, 1, 1, 1), (-3, -1, 0, 1, 3))
PATTERNS = (*SIMPLE, (-3, -1, 1, 3), (-1, -1, -1, 3), (-2, 0, 0, 2), (-1, 0, 1), (-6, 2, 2, 2), (-3, 0, 3))
"""Deviations of training data from their mean; the first ones have a deviation without a root."""
LENGTH = {"easy": range(53, 72), "standard": range(70, 93), "hard": range(70, 96)}
"""What the numbers of a paper may have to be written, so that none is much more work than another."""

# ------------------------------------------------------------------------------------------ the sampler


def _sample(
    draw: Draw, level: str, outcomes: int, epochs: int, patience: Sequence[int], folds: Sequence[int],
    patterns: Sequence[Sequence[int]],
) -> Mapping[str, Any]:  # fmt: skip
    """Five blocks of numbers, each with a stream of its own."""
    blocks = (
        _moments(draw.fork("moments"), outcomes),
        _ensemble(draw.fork("ensemble")),
        _folds(draw.fork("folds"), draw.choice(folds)),
        _losses(draw.fork("losses"), epochs, draw.choice(patience)),
        _data(draw.fork("data"), patterns),
    )
    given = {name: value for block in blocks for name, value in block.items()}
    draw.require(_length(given) in LENGTH[level], "much more or less to write than on other papers")
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _moments(draw: Draw, outcomes: int) -> dict[str, Any]:
    """Predictions around a mean that misses the truth by more than 1, and noise of mean 0."""
    mean = draw.integer(0, 9) if outcomes == 2 else Fraction(draw.integer(1, 18), 2)
    bias = draw.integer(2, 8) - (mean % 1)
    noise, chances = draw.choice(NOISES if outcomes == 2 else [*NOISES, *SKEWED])
    for _ in range(4000):
        weights, a = draw.choice(WEIGHTS[outcomes]), sorted({draw.integer(-3, 12) for _ in range(outcomes)})
        if len(a) < outcomes or sum(map(mul, weights, a)) != mean * sum(weights) or sum(a) == mean * outcomes:
            continue
        q = [Fraction(weight, sum(weights)) for weight in weights]
        variance = sum(p * (x - mean) ** 2 for x, p in zip(a, q, strict=True))
        extra = sum(p * x**2 for x, p in zip(noise, chances, strict=True))
        if variance not in (0, 1, bias**2) and extra != bias**2 - bias:
            return {
                "predictions": a, "probabilities": q, "truth": mean + draw.sign() * bias, "noise": noise,
                "noise_probabilities": chances,
            }  # fmt: skip
    draw.require(False, "no predictions are good")
    return {}


WEIGHTS = {
    count: [
        weights
        for total in (3, 4, 5, 8)
        for weights in product(range(1, total), repeat=count)
        if sum(weights) == total and gcd(*weights) == 1 and len(set(weights)) > 1
    ]
    for count in (2, 3, 4)
}
"""Probabilities of so many predictions in thirds, quarters, fifths or eighths, not all of them alike."""
NOISES = [((-one, one), (Fraction(1, 2),) * 2) for one in range(1, 6)]
SKEWED = [((-one, 2 * one), (Fraction(2, 3), Fraction(1, 3))) for one in range(1, 4)]


def _ensemble(draw: Draw) -> dict[str, Any]:
    """Members of which averaging needs more than a few to come close to the limit."""
    for _ in range(500):
        rho, sigma2, members = draw.choice(CORRELATIONS), draw.integer(4, 30), draw.integer(2, 10)
        shared, own, above = rho * sigma2, (1 - rho) * sigma2, draw.choice(ABOVE)
        variance, least = shared + own / members, own / above
        if shared.denominator <= 2 and variance.denominator <= 12 and least.denominator > 1 and 3 < least < 60:
            return {"correlation": rho, "member_variance": sigma2, "members": members, "bound": shared + above}
    draw.require(False, "no ensemble is good")
    return {}


def _folds(draw: Draw, folds: int) -> dict[str, Any]:
    """Errors of three candidates, whose means differ, and which neither the largest nor a lucky fold decides."""
    for _ in range(500):
        rows = [[draw.integer(8, 30) for _ in range(folds)] for _ in range(3)]
        sums, lowest = [sum(row) for row in rows], [min(row) for row in rows]
        lucky = lowest.index(min(lowest))
        if len({*sums}) == 3 and len({*lowest}) == 3 and (sums[lucky] == min(sums) or sums[lucky] != max(sums)):
            return {"fold_errors": rows}
    draw.require(False, "no folds are good")
    return {}


def _losses(draw: Draw, epochs: int, patience: int) -> dict[str, Any]:
    """Losses that fall up to the epoch that is kept, interrupted at times, and wander from then on."""
    kept = draw.integer(2, epochs - 1 - patience)
    for _ in range(500):
        best = draw.integer(42, 60)
        losses, waited = [best], 0
        for epoch in range(2, epochs + 1):
            if epoch == kept or (epoch < kept and (waited + 1 == patience or draw.integer(0, 2))):
                best, waited = best - draw.integer(1, 6), 0
                losses.append(best)
            elif epoch <= kept + patience:
                waited += 1
                losses.append(best + draw.integer(1, 9))
            else:
                losses.append(best + draw.integer(-6, 14))
        if len({*losses}) == epochs and min(losses) > 9:
            return {"validation": losses, "patience": patience}
    draw.require(False, "no losses are good")
    return {}


def _data(draw: Draw, patterns: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Training data with a pleasant deviation, and two points for the test that are not their mean."""
    pattern, mean, scale = draw.choice(patterns), draw.integer(2, 9), draw.integer(1, 3)
    train = [mean + scale * one for one in draw.shuffled(pattern)]
    low, high = sorted(draw.sample([k for k in range(-6, 7) if k], 2))
    test = [mean + scale * low, mean + scale * high]
    draw.require(sigma2_of(train) != 1, "the deviation is 1")
    return {"train": train, "test": test}


def _length(given: Mapping[str, Any]) -> int:
    """How many bars of fractions, and digits beyond the first of each number, have to be written."""
    a, q, rho, sigma2 = (given[name] for name in ("predictions", "probabilities", "correlation", "member_variance"))
    mean = sum(x * p for x, p in zip(a, q, strict=True))
    bias = mean - given["truth"]
    squares = [(x - mean) ** 2 for x in a]
    products = [p * square for p, square in zip(q, squares, strict=True)]
    extra = sum(p * x**2 for x, p in zip(given["noise"], given["noise_probabilities"], strict=True))
    shared, own, bound = rho * sigma2, (1 - rho) * sigma2, given["bound"]
    written = [
        *2 * [x * p for x, p in zip(a, q, strict=True)], mean, mean, given["truth"], bias, *2 * [bias**2], *squares, *products,
        *2 * [sum(products)], *2 * [extra], bias**2 + sum(products) + extra, rho, sigma2, *4 * [shared], *3 * [own], "1/1",
        given["members"], shared + own / given["members"], bound, *2 * [bound - shared], own / (bound - shared),
    ]  # fmt: skip
    for row in given["fold_errors"]:
        written += [*row, sum(row), Fraction(sum(row), len(row)), "1000"]
    center = Fraction(sum(given["train"]), len(given["train"]))
    written += [*given["train"], *((x - center) ** 2 for x in given["train"]), center]
    written += ["1/1" for x in given["test"] if ((x - center) ** 2 / sigma2_of(given["train"])).denominator > 1]
    text = " ".join(map(str, written))
    return text.count("/") + sum(len(number) - 1 for number in re.findall(r"\d+", text))


def sigma2_of(data: Sequence[int]) -> Fraction:
    center = Fraction(sum(data), len(data))
    return Fraction(sum((x - center) ** 2 for x in data)) / len(data)


sample_easy = partial(
    _sample, level="easy", outcomes=2, epochs=8, patience=(2,), folds=(4,), patterns=SIMPLE
)  # fmt: skip
sample = partial(_sample, level="standard", outcomes=3, epochs=10, patience=(2, 3), folds=(4, 5), patterns=PATTERNS)
sample_hard = partial(_sample, level="hard", outcomes=4, epochs=12, patience=(2, 3), folds=(4, 5), patterns=PATTERNS)


def require(
    predictions: Array, probabilities: Array, truth: Any, noise: Array, noise_probabilities: Array, correlation: Any,
    member_variance: Any, members: Any, bound: Any, fold_errors: Array, validation: Array, patience: Any, train: Array,
    test: Array,
) -> None:  # fmt: skip
    """Distributions, noise of mean 0, a bound that can be reached, candidates to choose among, a training that stops, and spread data."""
    for name, values, chances in (
        ("probabilities", predictions, probabilities),
        ("noise_probabilities", noise, noise_probabilities),
    ):
        require_length(name, chances, len(values), "value")
        if any(one < 0 for one in chances) or chances.sum() != 1:
            raise InputError(expected("probabilities, from 0, that add up to 1", [*map(str, chances)]), field=name)
    if (noise * noise_probabilities).sum() != 0:
        raise InputError(expected("noise with mean 0", (noise * noise_probabilities).sum()), field="noise")
    if not 0 <= correlation <= 1:
        raise InputError(expected("a correlation from 0 to 1", correlation), field="correlation")
    if member_variance <= 0:
        raise InputError(expected("a variance above 0", member_variance), field="member_variance")
    limit = correlation * member_variance
    if bound < limit or (bound == limit and correlation < 1):
        raise InputError(f"no number of members reaches {bound}: the variance stays above {limit}", field="bound")
    if not 2 <= len(fold_errors) <= MOST_CANDIDATES:
        wanted = f"2 to {MOST_CANDIDATES} candidates, one a row"
        raise InputError(expected(wanted, len(fold_errors)), field="fold_errors")
    if stopped(validation, patience) is None:
        message = f"training never stops: there are no {patience} epochs in a row without a new best loss"
        raise InputError(message, field="validation")
    if equal(train, train[0]).all():
        raise InputError("all training data are equal: their deviation is 0", field="train")


MOST_CANDIDATES = 8
"""Options of a choice."""


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def weighted(values: Array, chances: Array) -> Any:
    return (values * chances).sum()


def stopped(validation: Array, patience: Any) -> tuple[int, int] | None:
    """The epochs after which training stops and that is kept, from 1; None if it never stops."""
    best = 0
    for epoch, loss in enumerate(validation):
        if loss < validation[best]:
            best = epoch
        if epoch - best == patience:
            return epoch + 1, best + 1
    return None


def stopping(validation: Array, patience: Any) -> Array:
    """The epochs after which training stops and that is kept."""
    found = stopped(validation, patience)
    if found is None:
        raise InputError("training never stops", field="validation")
    return array(found)


def rounded_up(number: Any) -> Any:
    """The least whole number, 1 or more, that is not less."""
    return max(1, -int(-number // 1))


def place_of_least(values: Array) -> str:
    """The number of the least value, from 1, as the key of a choice."""
    return str(values.argmin() + 1)


SOLUTION = steps(
    mean_prediction=lambda predictions, probabilities: weighted(predictions, probabilities),
    bias=lambda mean_prediction, truth: mean_prediction - truth,
    bias_squared=lambda bias: bias**2,
    variance=lambda predictions, probabilities, mean_prediction: weighted((predictions - mean_prediction) ** 2, probabilities),
    noise_variance=lambda noise, noise_probabilities: weighted(noise**2, noise_probabilities),
    expected_error=lambda bias_squared, variance, noise_variance: bias_squared + variance + noise_variance,
    shared=lambda correlation, member_variance: correlation * member_variance,
    own=lambda correlation, member_variance: (1 - correlation) * member_variance,
    ensemble_variance=lambda shared, own, members: shared + own / members,
    ensemble_limit=lambda shared: shared,
    least_members=lambda shared, own, bound: rounded_up(own / (bound - shared)) if own else 1,
    cv_means=lambda fold_errors: fold_errors.mean(axis=1),
    chosen=lambda cv_means: place_of_least(cv_means),
    stopping=stopping,
    stop_epoch=lambda stopping: stopping[0],
    kept_epoch=lambda stopping: stopping[1],
    fitted_on=lambda train: train,
    data_mean=lambda fitted_on: fitted_on.mean(),
    data_std=lambda fitted_on, data_mean: sqrt(((fitted_on - data_mean) ** 2).mean()),
    normalized_test=lambda test, data_mean, data_std: (test - data_mean) / data_std,
)  # fmt: skip

# ------------------------------------------------------------------------------ what students do instead


def never_interrupted(validation: Array, patience: Any) -> Array:
    """Epochs without a new best, counted from the beginning whatever comes between."""
    waits = [epoch for epoch in range(1, len(validation)) if validation[epoch] >= validation[:epoch].min()]
    stop = waits[int(patience) - 1] + 1
    return array([stop, validation[:stop].argmin() + 1])


def one_epoch_more(validation: Array, patience: Any) -> Array:
    stop, _ = stopping(validation, patience)
    return array([stop + 1, validation[: int(stop) + 1].argmin() + 1])


def best_of_table(validation: Array) -> Any:
    return validation.argmin() + 1


def misses_something(validation: Array, patience: Any) -> bool:
    """A loss that is never seen, after training stopped, is below that of the kept epoch."""
    found = stopped(validation, patience)
    return found is not None and best_of_table(validation) > found[0]


def needed_patience(validation: Array) -> Any:
    """The least patience with which training goes on up to the least loss of the table."""
    best, longest = 0, 0
    for epoch in range(1, int(best_of_table(validation))):
        if validation[epoch] < validation[best]:
            best = epoch
        longest = max(longest, epoch - best)
    return longest + 1


def scaled_with(data: Array, test: Array) -> Array:
    return (test - data.mean()) / data.std()


def how_extreme(train: Array, test: Array, normalized_test: Array) -> str:
    """How the first test value compares if the test data leak into mean and deviation."""
    leaked, right = abs(scaled_with(concatenate([train, test]), test)[0]), abs(normalized_test[0])
    return "less extreme" if leaked < right else "more extreme" if leaked > right else "just as extreme"


def luckiest(fold_errors: Array) -> str:
    """The candidate with the least error of all on a single fold."""
    return place_of_least(fold_errors.min(axis=1))


BANK = Bank.beside(
    __file__,
    misses_something,
    missed_epoch=lambda validation: best_of_table(validation),
    missed_loss=lambda validation: validation.min(),
    needed_patience=needed_patience,
    leaked_first=lambda train, test: scaled_with(concatenate([train, test]), test)[0],
    leaked_is=how_extreme,
    twice_members=lambda members: 2 * members,
    twice_variance=lambda shared, own, members: shared + own / (2 * members),
    independent=lambda member_variance, members: member_variance / members,
    constant=lambda predictions: predictions[0],
    constant_error=lambda predictions, truth, noise_variance: (predictions[0] - truth) ** 2 + noise_variance,
    constant_is=lambda predictions, truth, noise_variance, expected_error: (
        "better" if (predictions[0] - truth) ** 2 + noise_variance < expected_error else "no better"
    ),
    lead=lambda cv_means: sorted(cv_means)[1] - cv_means.min(),
    fold_range=lambda fold_errors, chosen: max(fold_errors[int(chosen) - 1]) - min(fold_errors[int(chosen) - 1]),
    fold_count=lambda fold_errors: fold_errors.shape[1],
    longer=lambda patience: patience + 1,
    moved_truth=lambda truth: truth + 1,
    shift=lambda truth: abs(truth) + 2,
    unrun=lambda validation, stop_epoch: len(validation) - stop_epoch,
    training_count=lambda train: len(train),
    second_moment=lambda predictions, probabilities: weighted(predictions**2, probabilities),
    error_of_mean=lambda bias_squared, noise_variance: bias_squared + noise_variance,
    remaining=lambda shared, own, members: own / members,
    ten_means=lambda data_mean: 10 * data_mean,
    ten_stds=lambda data_std: 10 * data_std,
)

MISTAKES = [
    BANK.mistake("unweighted_mean", mean_prediction=lambda predictions: predictions.mean()),
    BANK.mistake("bias_not_squared", bias_squared=lambda bias: abs(bias)),
    BANK.mistake(
        "spread_about_truth",
        variance=lambda predictions, probabilities, truth: weighted((predictions - truth) ** 2, probabilities),
    ),
    BANK.mistake(
        "standard_deviation",
        variance=lambda predictions, probabilities, mean_prediction: sqrt(
            weighted((predictions - mean_prediction) ** 2, probabilities)
        ),
    ),
    BANK.mistake("noise_forgotten", expected_error=lambda bias_squared, variance: bias_squared + variance),
    BANK.mistake(
        "bias_added_unsquared",
        expected_error=lambda bias, variance, noise_variance: abs(bias) + variance + noise_variance,
    ),
    BANK.mistake("members_independent", ensemble_variance=lambda member_variance, members: member_variance / members),
    BANK.mistake("parts_exchanged", ensemble_variance=lambda shared, own, members: own + shared / members),
    BANK.mistake("limit_zero", ensemble_limit=lambda: 0),
    BANK.mistake(
        "floor_members",
        least_members=lambda shared, own, bound: own / (bound - shared) // 1,
        applies=lambda own: own != 0,
    ),
    BANK.mistake(
        "interrupted_waits",
        stopping=never_interrupted,
        applies=lambda validation, patience, stopping: never_interrupted(validation, patience) != stopping,
    ),
    BANK.mistake("one_epoch_more", stopping=one_epoch_more),
    BANK.mistake("last_epoch_kept", kept_epoch=lambda stop_epoch: stop_epoch),
    BANK.mistake(
        "best_of_table",
        kept_epoch=best_of_table,
        applies=lambda validation, kept_epoch: best_of_table(validation) != kept_epoch,
    ),
    BANK.mistake("leaked", fitted_on=lambda train, test: concatenate([train, test])),
    BANK.mistake(
        "test_statistics", fitted_on=lambda test: test, applies=lambda test: not equal(test, test[0]).all()
    ),
    BANK.mistake(
        "sample_deviation",
        data_std=lambda fitted_on, data_mean: sqrt(((fitted_on - data_mean) ** 2).sum() / (len(fitted_on) - 1)),
    ),
    BANK.mistake(
        "largest_error",
        chosen=lambda cv_means: str(cv_means.argmax() + 1),
        applies=lambda cv_means, chosen: str(cv_means.argmax() + 1) != chosen,
    ),
    BANK.mistake(
        "best_single_fold",
        chosen=luckiest,
        applies=lambda fold_errors, chosen: luckiest(fold_errors) != chosen,
    ),
]  # fmt: skip


# ------------------------------------------------------------------------------------ the second opinion


def check(
    predictions: np.ndarray, probabilities: np.ndarray, truth: float, noise: np.ndarray, noise_probabilities: np.ndarray,
    correlation: float, member_variance: float, members: float, bound: float, fold_errors: np.ndarray,
    validation: np.ndarray, patience: float, train: np.ndarray, test: np.ndarray,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: all pairs of prediction and noise, the full covariance matrix, losses by slices, numpy's mean and deviation."""
    chances = np.outer(probabilities, noise_probabilities)
    errors = (truth + noise[None, :] - predictions[:, None]) ** 2
    mean = float(np.average(predictions, weights=probabilities))
    second = float(np.average(predictions**2, weights=probabilities))

    def variance_of_average(count: int) -> float:
        """wᵀΣw with w = 1/M; of large ensembles the sum of the entries of Σ without the matrix."""
        if count > 300:
            return member_variance * (1 + (count - 1) * correlation) / count
        covariance = member_variance * (correlation + (1 - correlation) * np.eye(count))
        weights = np.full(count, 1 / count)
        return float(weights @ covariance @ weights)

    own = (1 - correlation) * member_variance
    guess = max(1, int(own / (bound - correlation * member_variance))) if own else 1
    enough = [n for n in range(max(1, guess - 2), guess + 4) if variance_of_average(n) <= bound * (1 + 1e-12)]
    wait = int(patience)
    stop = next(
        n
        for n in range(wait + 1, len(validation) + 1)
        if validation[n - wait : n].min() >= validation[: n - wait].min()
    )
    return {
        "mean_prediction": mean,
        "bias_squared": (mean - truth) ** 2,
        "variance": second - mean**2,
        "noise_variance": float(np.average(noise**2, weights=noise_probabilities)),
        "expected_error": float((chances * errors).sum()),
        "ensemble_variance": variance_of_average(int(members)),
        "ensemble_limit": correlation * member_variance,
        "least_members": min(enough, default=0),
        "cv_means": np.average(fold_errors, axis=1),
        "chosen": str(int(np.argmax(fold_errors.mean(axis=1) <= fold_errors.mean(axis=1).min() + 1e-9)) + 1),
        "stop_epoch": stop,
        "kept_epoch": int(validation[:stop].argmin()) + 1,
        "normalized_test": (test - np.mean(train)) / np.std(train),
    }


# -------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    products = array([p * (a - v.mean_prediction) ** 2 for a, p in zip(v.predictions, v.probabilities, strict=True)])
    yield BANK.part(
        "decomposition",
        v,
        predicted=table(v, prediction=v.predictions, probability=v.probabilities),
        added=table(v, noise=v.noise, probability=v.noise_probabilities),
        parts=[
            BANK.part("mean_prediction", v, Number("mean_prediction"), products=v.predictions * v.probabilities),
            BANK.part("bias_squared", v, Number("bias_squared")),
            BANK.part("variance", v, Number("variance"), steps=[BANK.text("worked.variance", v, products=products)],
                      squares=(v.predictions - v.mean_prediction) ** 2),
            BANK.part("noise_variance", v, Number("noise_variance"), squares=v.noise**2,
                      products=v.noise**2 * v.noise_probabilities),
            BANK.part("expected_error", v, Number("expected_error"), steps=[predictions_figure(v)]),
        ],
    )  # fmt: skip
    yield BANK.part(
        "ensemble",
        v,
        parts=[
            BANK.part("ensemble_variance", v, Number("ensemble_variance")),
            BANK.part("ensemble_limit", v, Number("ensemble_limit")),
            BANK.part("least_members", v, Number("least_members", "M"), room_left=v.bound - v.shared, ratio=v.own / (v.bound - v.shared) if v.own else v.own),
        ],
    )  # fmt: skip
    rows = [
        {"c": k + 1, "row": row, "total": row.sum(), "folds": len(row), "mean": mean}
        for k, (row, mean) in enumerate(zip(v.fold_errors, v.cv_means, strict=True))
    ]
    options = {str(k + 1): BANK.text("candidate", v, k=str(k + 1)) for k in range(len(v.fold_errors))}
    yield BANK.part(
        "folds",
        v,
        candidates=len(rows),
        parts=[
            BANK.part("cv_means", v, Vector("cv_means", like="rows of fold_errors"), for_each=rows),
            BANK.part("chosen", v, Choice("chosen", options, in_order=True), least=v.cv_means.min()),
        ],
    )
    bests = [k + 1 for k in range(int(v.stopping[0])) if k == 0 or v.validation[k] < min(v.validation[:k])]
    yield BANK.part(
        "early_stopping",
        v,
        table=table(v, epoch=range(1, len(v.validation) + 1), loss=v.validation),
        figures=loss_figure(v),
        parts=[
            BANK.part("stop_epoch", v, Number("stop_epoch"), bests=say(", ".join(map(str, bests))), last=bests[-1]),
            BANK.part("kept_epoch", v, Number("kept_epoch"), loss=v.validation[bests[-1] - 1]),
        ],
    )  # fmt: skip
    yield BANK.part(
        "normalized_test", v, Vector("normalized_test", like="test"), differences=v.train - v.data_mean,
        squares=(v.train - v.data_mean) ** 2, above=v.test - v.data_mean, count=len(v.train),
    )  # fmt: skip
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def table(v: Values, **rows: Iterable[Any]) -> Say:
    """A table with a row for each of these names of the bank."""
    return table_of_rows({BANK.text(f"table.{name}", v).text: row for name, row in rows.items()})


def predictions_figure(v: Values) -> Figure:
    """The predictions as dots, with their probabilities, and where their mean and the truth lie."""
    spots = [
        Spot(to_float(a), notation.plain(p), f"A dot at {notation.plain(a)} with the probability {notation.plain(p)}.")
        for a, p in zip(v.predictions, v.probabilities, strict=True)
    ]
    lines = (("truth", v.truth), ("mean", v.mean_prediction))
    spots += [
        Spot(to_float(at), f"{name} {notation.plain(at)}", f"A line at {notation.plain(at)}, the {name}.", row)
        for row, (name, at) in enumerate(lines, start=1)
    ]
    return Figure("predictions", number_line_scene("Predictions, their mean and the truth", spots, "A number line."))


def loss_figure(v: Values) -> list[Figure]:
    """Loss against epoch; in the key with the epochs that is kept and after which training stops.  None of losses below 0."""
    values = tuple(to_float(v.validation))
    if min(values) < 0 or max(values) == 0 or len(values) > 30:
        return []
    plot = Plot(
        title="Loss against epoch",
        x_name=("epoch",),
        positions=tuple(str(k + 1) for k in range(len(values))),
        series=(Series(("validation loss",), values),),
    )
    stop, kept = v.stopping
    noted = ((str(epoch), words) for epoch, words in ((kept, "kept"), (stop, "stop")) if epoch <= len(values))
    return [Figure("losses", plot_scene(plot), plot_scene(replace(plot, noted=tuple(noted))))]


# ------------------------------------------------------------------------------------- what makes it fair

NUMBERS = (
    "predictions", "probabilities", "truth", "noise", "noise_probabilities", "correlation", "member_variance", "members", "bound",
    "fold_errors", "validation", "patience", "train", "test",
)  # fmt: skip


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers, the training data in any order; not the questions in words."""
    return [sorted(params[name]) if name == "train" else params[name] for name in NUMBERS]


def signature(v: Values) -> Mapping[str, Any]:
    """How many predictions, epochs and claims there are."""
    return {"predictions": len(v.predictions), "epochs": len(v.validation), "claims": len(v.claims)}


PROBLEM = Problem(
    id="model-selection",
    title="Bias, variance, and when to stop",
    topic="generalization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "predictions": required(read_vector),
        "probabilities": required(read_vector),
        "truth": required(read_number),
        "noise": required(read_vector),
        "noise_probabilities": required(read_vector),
        "correlation": required(read_number),
        "member_variance": required(read_number),
        "members": required(whole(1)),
        "bound": required(read_number),
        "fold_errors": required(read_matrix),
        "validation": required(read_vector),
        "patience": required(whole(1)),
        "train": required(read_vector),
        "test": required(read_vector),
        "question": optional(one_of(BANK["question"]), "more_members"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=lambda v: BANK.text("preamble", v),
    parts=parts,
    original={
        "predictions": [2, 6, 10],
        "probabilities": ["1/2", "1/4", "1/4"],
        "truth": 3,
        "noise": [-1, 1],
        "noise_probabilities": ["1/2", "1/2"],
        "correlation": "1/4",
        "member_variance": 12,
        "members": 6,
        "bound": "37/10",
        "fold_errors": [[12, 18, 15, 11], [14, 17, 16, 15], [10, 22, 15, 12]],
        "validation": [50, 42, 45, 38, 40, 36, 37, 39, 41, 30],
        "patience": 3,
        "train": [1, 7, 7, 9],
        "test": [0, 12],
        "question": "missed",
        "claims": ["noise_floor", "ensemble_zero"],
    },
    canonical=canonical,
    signature=signature,
    standard={"predictions": 3, "epochs": 10, "claims": 2},
    possible={"noise_variance": 8, "stop_epoch": 6, "kept_epoch": 6},
    variants=1_000_000,
    easy=Level(
        sample_easy,
        {"predictions": 2, "epochs": 8, "claims": 2},
        possible={"bias_squared": 7, "noise_variance": 5, "stop_epoch": 4, "kept_epoch": 4},
        variants=1_000_000,
    ),
    hard=Level(
        sample_hard,
        {"predictions": 4, "epochs": 12, "claims": 2},
        possible={"noise_variance": 8, "stop_epoch": 8, "kept_epoch": 8},
        variants=1_000_000,
    ),
)
