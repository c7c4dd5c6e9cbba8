r"""What a classifier and a detector are judged by: a confusion matrix, a ranking by scores, and boxes with their overlaps.

Precision, recall and F1 as in van Rijsbergen, *Information Retrieval* (1979), chapter 7; the ROC curve and its area as in Fawcett,
*An introduction to ROC analysis* (2006); average precision without interpolation, as in scikit-learn; intersection over union and
non-maximum suppression as in torchvision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from itertools import combinations, pairwise
from math import ceil, floor, gcd
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Matrix, Number, Part, Problem, Values, Vector,
    array, expected, maximum, minimum, one_of, optional, read_matrix, read_number, read_vector, require_length, required,
    say, some_of, steps,
)  # fmt: skip
from generator.document.figures.plot import nice_ticks
from generator.document.figures.scene import Symbol
from generator.document.figures.squared_paper import Outline, SquaredPaper, Tick, squared_paper_scene
from generator.document.prose import Say
from generator.numbers import notation
from generator.numbers.exact import to_float
from generator.problems._tables import table_of_rows

Box = tuple[int, int, int, int]
"""x₁, y₁, x₂, y₂."""

THRESHOLDS = tuple(map(Fraction, ("1/2", "2/5", "1/3", "1/4")))
SIDE = 16
"""Of the picture that boxes lie in."""
TRIES = 4000
"""For a block; a few dozen are usual."""

LENGTH = {"easy": range(56, 70), "standard": range(88, 111), "hard": range(86, 108)}
"""What the numbers of a paper may have to be written, so that none is much more work than another."""
SHARED = {3: (3,), 4: (4, 5)}
"""For each number of boxes: how many pairs have a common area."""

# ------------------------------------------------------------------------------------------ the sampler


def _sample(
    draw: Draw, level: str, classes: int, examples: Sequence[tuple[int, int]], tied: bool, boxes: int
) -> Mapping[str, Any]:
    """A confusion matrix, a ranking and boxes, each drawn again until it is good."""
    confusion = _confusion(draw.fork("confusion"), classes)
    groups = _ranking(draw.fork("ranking"), *draw.choice(examples), tied)
    found, threshold = _boxes(draw.fork("boxes"), boxes)
    draw.require(_length(confusion, groups, found) in LENGTH[level], "much more or less to write than on other papers")
    steps_down = sorted(draw.sample(range(1, 20), len(groups)), reverse=True)
    given = {
        "confusion": confusion,
        "scores": [
            Fraction(step, 20) for step, group in zip(steps_down, groups, strict=True) for _ in range(sum(group))
        ],
        "labels": [label for positive, negative in groups for label in (1,) * positive + (0,) * negative],
        "boxes": found,
        "iou_threshold": threshold,
    }
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _confusion(draw: Draw, classes: int) -> list[list[int]]:
    """A matrix whose averages of F1 differ, with small denominators."""
    places = range(classes)
    for _ in range(TRIES):
        code = draw.integer(0, 9**classes * 5 ** (classes * (classes - 1)) - 1)
        rows = []
        for i in places:
            row = []
            for j in places:
                code, entry = divmod(code, 9 if i == j else 5)
                row.append(entry + 4 if i == j else entry)
            rows.append(row)
        hits, actual, predicted = sums_of(rows)
        twice = [one + other for one, other in zip(actual, predicted, strict=True)]
        if any(n // gcd(2 * tp, n) > 15 for tp, n in zip(hits, twice, strict=True)):
            continue
        f1 = [Fraction(2 * tp, n) for tp, n in zip(hits, twice, strict=True)]
        macro, examples = Fraction(sum(f1)) / classes, sum(actual)
        p, r = (sum(map(Fraction, hits, sums)) / classes for sums in (predicted, actual))
        weighted = sum(one * n for one, n in zip(f1, actual, strict=True)) / examples
        means = {macro, weighted, 2 * p * r / (p + r), Fraction(sum(hits), examples)}
        if macro.denominator <= 180 and len(means) == 4 and not any(map(int.__eq__, actual, predicted)):
            return rows
    draw.require(False, "no confusion matrix is good")
    return []


def sums_of(rows: Sequence[Sequence[int]]) -> tuple[list[int], list[int], list[int]]:
    """The diagonal of a matrix, its sums of rows and those of columns."""
    return (
        [row[k] for k, row in enumerate(rows)], [sum(row) for row in rows], [sum(column) for column in zip(*rows, strict=True)],
    )  # fmt: skip


def _ranking(draw: Draw, positives: int, negatives: int, tied: bool) -> tuple[tuple[int, int], ...]:
    """Positives and negatives of each distinct score downwards."""
    known = rankings(positives, negatives, tied)
    return draw.choice(known[draw.choice([*known])])


@cache
def rankings(positives: int, negatives: int, tied: bool) -> Mapping[Fraction, Sequence[tuple[tuple[int, int], ...]]]:
    """The good rankings with so many examples by their areas; with ``tied`` one positive has the score of one negative."""
    count = positives + negatives - tied
    found: dict[Fraction, list[tuple[tuple[int, int], ...]]] = {}
    for chosen in combinations(range(count), positives):
        for place in chosen if tied else (None,):
            groups = tuple((int(k in chosen), int(k not in chosen or k == place)) for k in range(count))
            if sum(negative for _, negative in groups) != negatives:
                continue
            area = auc(roc(array(groups)))
            averages = [average(array(groups)) for average in (average_precision, mean_over_all_cuts, trapezoids)]
            if 2 * area in (0, 1, 2) or len(set(averages)) < 3 or averages[0].q > 240:
                continue
            found.setdefault(Fraction(area.p, area.q), []).append(groups)
    return found


def _boxes(draw: Draw, count: int) -> tuple[list[Box], Fraction]:
    """Three boxes of one size in a row, each shifted by the same vector, and perhaps a fourth one; what is kept is drawn first."""
    kept = draw.choice(KEPT[count])
    for _ in range(TRIES):
        across, shift = draw.choice(draw.choice(SHIFTS))
        far, near = (Fraction(across - by, across + by) for by in (2 * shift, shift))
        threshold = draw.choice([one for one in THRESHOLDS if far < one < near])
        sides, shifts = (across, draw.integer(3, 8)), (shift, 0)
        if draw.integer(0, 1):
            sides, shifts = sides[::-1], shifts[::-1]
        x, y = (draw.integer(0, SIDE - side - 2 * by) for side, by in zip(sides, shifts, strict=True))
        chain = [(x + k * shifts[0], y + k * shifts[1]) for k in range(3)]
        if draw.integer(0, 1):
            chain.reverse()
        boxes = [(left, low, left + sides[0], low + sides[1]) for left, low in chain]
        if count == 4:
            boxes.insert(draw.integer(0, 3), _another(draw, boxes[draw.integer(0, 2)]))
        if min(map(min, boxes)) >= 0 and max(map(max, boxes)) <= SIDE and _is_good(boxes, threshold, kept):
            return boxes, threshold
    draw.require(False, "no boxes are good")
    return [], THRESHOLDS[0]


def _another(draw: Draw, near: Box) -> Box:
    """A box anywhere, or near another one."""
    if draw.integer(0, 1):
        x, y = draw.integer(0, SIDE - 3), draw.integer(0, SIDE - 3)
        return x, y, x + draw.integer(3, 8), y + draw.integer(3, 8)
    left, low, right, high = (side + draw.integer(-2, 2) for side in near)
    return left, low, right, high


def _is_good(boxes: Sequence[Box], threshold: Fraction, wanted: Sequence[int]) -> bool:
    """Whether these are kept, no overlap is just the threshold, and it matters that suppressed boxes suppress nobody."""
    if any(not 3 <= box[k + 2] - box[k] <= 8 for box in boxes for k in (0, 1)):
        return False
    table = [[Fraction(*_common(one, other)) for other in boxes] for one in boxes]
    shared = sum(0 < iou < 1 for row in table for iou in row) // 2
    if any(threshold in row for row in table) or shared not in SHARED[len(boxes)]:
        return False
    alone = [k + 1 for k in range(len(boxes)) if all(table[k][j] <= threshold for j in range(k))]
    kept: list[int] = []
    for k in range(len(boxes)):
        if all(table[k][j - 1] <= threshold for j in kept):
            kept.append(k + 1)
    return kept == [*wanted] != alone and len(set(boxes)) == len(boxes)


def _common(one: Box, other: Box) -> tuple[int, int]:
    """The areas of the intersection and of the union."""
    width, height = (max(0, min(one[k + 2], other[k + 2]) - max(one[k], other[k])) for k in (0, 1))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height, sum(areas) - width * height


def _length(confusion: Sequence[Sequence[int]], groups: Sequence[tuple[int, int]], boxes: Sequence[Box]) -> int:
    """How many bars of fractions, and digits beyond the first of each number, have to be written."""
    written: list[Any] = []
    for tp, row, column in zip(*sums_of(confusion), strict=True):
        written += [f"{tp}/{row} {tp}/{column} {row} {column} {tp}"]
        written += [Fraction(tp, row), Fraction(tp, column), *2 * [Fraction(2 * tp, row + column)]]
    positives, negatives = (sum(counts) for counts in zip(*groups, strict=True))
    tp = fp = 0
    for positive, negative in groups:
        tp, fp = tp + positive, fp + negative
        written += [Fraction(tp, positives), Fraction(fp, negatives), Fraction(tp, tp + fp) if positive else 0, "10"]
        written += [Fraction(2 * tp - positive, 2 * positives), "1/1"] if negative else []
    for one, other in combinations(boxes, 2):
        overlap, union = _common(one, other)
        written += [overlap, overlap, union, union - overlap, Fraction(overlap, union), "1000"] if overlap else []
    text = " ".join(map(str, written))
    return text.count("/") + sum(len(number) - 1 for number in re.findall(r"\d+", text))


SHIFTS = (((5, 1),), ((4, 1), (8, 2)), ((7, 2),), ((3, 1), (6, 2)), ((8, 3),), ((5, 2),), ((7, 3),))
"""The side of the boxes in a row, and by how much they are shifted along it; those with the same IoU together."""
KEPT = {3: ((1, 3),), 4: ((1, 3, 4), (1, 2, 4), (1, 4), (1, 3))}
"""What of so many boxes can be kept if a suppressed one is to matter: of three the second is suppressed, and the third is not."""

sample_easy = partial(_sample, level="easy", classes=2, examples=[(3, 3)], tied=False, boxes=3)
sample = partial(_sample, level="standard", classes=3, examples=[(3, 4), (3, 5), (4, 4), (4, 5)], tied=False, boxes=4)
sample_hard = partial(sample, level="hard", tied=True)


def require(confusion: Array, scores: Array, labels: Array, boxes: Array, iou_threshold: Any) -> None:
    """A square of counts, examples of both labels, boxes with an area, and a threshold from 0 to 1."""
    require_confusion(confusion)
    require_length("labels", labels, len(scores), "score")
    for label in labels:
        if label not in (0, 1):
            raise InputError(expected("labels 1 (positive) and 0 (negative)", label), field="labels")
    if not 0 < labels.sum() < len(labels):
        raise InputError("both a positive (1) and a negative example (0) are needed", field="labels")
    if len(boxes) < 2 or boxes.shape[1] != 4:
        wanted = "two boxes or more, each a row x1, y1, x2, y2"
        raise InputError(expected(wanted, " by ".join(map(str, boxes.shape))), field="boxes")
    for place, (left, low, right, high) in enumerate(boxes, start=1):
        if not (left < right and low < high):
            raise InputError(f"box {place} has no area: x1 < x2 and y1 < y2 are needed", field="boxes")
    if not 0 <= iou_threshold <= 1:
        raise InputError(expected("a number from 0 to 1", iou_threshold), field="iou_threshold")


def require_confusion(confusion: Array) -> None:
    """Raise :class:`InputError` unless it is a square of counts in which each class occurs and is predicted."""
    classes = len(confusion)
    if classes < 2 or confusion.shape != (classes, classes):
        wanted = "a square matrix of two classes or more"
        raise InputError(expected(wanted, " by ".join(map(str, confusion.shape))), field="confusion")
    for entry in confusion.flatten():
        if not entry.is_Integer or entry < 0:
            raise InputError(expected("counts of examples, whole numbers from 0", entry), field="confusion")
    for place, (row, column) in enumerate(zip(confusion.sum(axis=1), confusion.sum(axis=0), strict=True), start=1):
        if row == 0:
            raise InputError(f"no example belongs to class {place}: its recall is 0/0", field="confusion")
        if column == 0:
            raise InputError(f"class {place} is never predicted: its precision is 0/0", field="confusion")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def harmonic_mean(precision: Array, recall: Array) -> Array:
    """2PR/(P + R) class by class; 0 where both are 0."""
    return array([2 * p * r / (p + r) if p + r else 0 for p, r in zip(precision, recall, strict=True)])


def by_score(scores: Array, labels: Array) -> Array:
    """How many positives and negatives have each distinct score, from the largest score down."""
    found: dict[Any, list[int]] = {}
    for score, label in sorted(zip(scores, labels, strict=True), key=lambda pair: pair[0], reverse=True):
        found.setdefault(score, [0, 0])[0 if label == 1 else 1] += 1
    return array([*found.values()])


def running(groups: Array) -> list[tuple[Any, Any]]:
    """True and false positives at each threshold: of all scores so far."""
    found = [(groups[0][0], groups[0][1])]
    for positive, negative in groups[1:]:
        found.append((found[-1][0] + positive, found[-1][1] + negative))
    return found


def roc(groups: Array) -> Array:
    """The points (FPR, TPR) from (0, 0) on."""
    counts = running(groups)
    positives, negatives = counts[-1]
    return array([(0, 0), *((fp / negatives, tp / positives) for tp, fp in counts)])


def auc(roc: Array) -> Any:
    """The area below straight lines from point to point."""
    return sum((x - last_x) * (y + last_y) / 2 for (last_x, last_y), (x, y) in pairwise(roc))


def cuts(groups: Array) -> Array:
    """Recall and precision at each threshold, from the largest score down."""
    counts = running(groups)
    return array([(tp / counts[-1][0], tp / (tp + fp)) for tp, fp in counts])


def average_precision(groups: Array) -> Any:
    """The precision at each threshold, weighted with the rise of the recall there."""
    return sum((r - last_r) * p for (last_r, _), (r, p) in pairwise([(0, 1), *cuts(groups)]))


def intersections(boxes: Array) -> Array:
    """The common area of each two boxes."""
    x1, y1, x2, y2 = boxes.T
    width, height = (
        maximum(minimum(high[:, None], high[None, :]) - maximum(low[:, None], low[None, :]), 0)
        for low, high in ((x1, x2), (y1, y2))
    )
    return width * height


def areas(boxes: Array) -> Array:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def pairs(table: Array) -> Array:
    """The entries above the diagonal, row by row."""
    return array([table[i][j] for i, j in combinations(range(len(table)), 2)])


def suppressed(iou_table: Array, iou_threshold: Any) -> Array:
    """The boxes that are kept, from 1: no kept box before them overlaps them by more than the threshold."""
    kept: list[int] = []
    for k, row in enumerate(iou_table):
        if not any(row[j - 1] > iou_threshold for j in kept):
            kept.append(k + 1)
    return array(kept)


SOLUTION = steps(
    hits=lambda confusion: array([row[k] for k, row in enumerate(confusion)]),
    predicted=lambda confusion: confusion.sum(axis=0),
    actual=lambda confusion: confusion.sum(axis=1),
    accuracy=lambda hits, actual: hits.sum() / actual.sum(),
    precision=lambda hits, predicted: hits / predicted,
    recall=lambda hits, actual: hits / actual,
    f1=harmonic_mean,
    macro_f1=lambda f1: f1.mean(),
    micro_f1=lambda accuracy: accuracy,
    groups=by_score,
    roc=roc,
    auc=auc,
    average_precision=average_precision,
    overlaps=intersections,
    unions=lambda boxes, overlaps: areas(boxes)[:, None] + areas(boxes)[None, :] - overlaps,
    ious=lambda overlaps, unions: pairs(overlaps / unions),
    iou_table=lambda overlaps, unions: overlaps / unions,
    kept=suppressed,
)

# ------------------------------------------------------------------------------ what students do instead


def f1_of_means(precision: Array, recall: Array) -> Any:
    p, r = precision.mean(), recall.mean()
    return 2 * p * r / (p + r)


def precision_for_fpr(groups: Array) -> Array:
    """Of the examples that are predicted positive the share of negatives, in the place of the FPR."""
    counts = running(groups)
    return array([(0, 0), *((fp / (tp + fp), tp / counts[-1][0]) for tp, fp in counts)])


def mean_over_all_cuts(groups: Array) -> Any:
    return cuts(groups)[:, 1].mean()


def trapezoids(groups: Array) -> Any:
    """The area below straight lines between the cuts, from recall 0 and precision 1 on."""
    return sum((r - last_r) * (p + last_p) / 2 for (last_r, last_p), (r, p) in pairwise([(0, 1), *cuts(groups)]))


def ties_won(scores: Array, labels: Array) -> Array:
    """Each tie taken apart, its positives first."""
    taken = [[group] if 0 in group else [(group[0], 0), (0, group[1])] for group in by_score(scores, labels)]
    return array([one for several in taken for one in several])


def has_ties(groups: Array) -> bool:
    """A positive and a negative example have one score."""
    return any(positive and negative for positive, negative in groups)


def still_suppressing(iou_table: Array, iou_threshold: Any) -> Array:
    """The boxes that no box before them, kept or not, overlaps by more than the threshold."""
    return array([k + 1 for k, row in enumerate(iou_table) if not any(one > iou_threshold for one in row[:k])])


def against_the_best(iou_table: Array, iou_threshold: Any) -> Array:
    """The first box, and those that it does not suppress."""
    return array([1, *(k + 1 for k, one in enumerate(iou_table[0]) if k > 0 and not one > iou_threshold)])


def misordered_pairs(scores: Array, labels: Array) -> list[tuple[int, int]]:
    """The numbers of a negative and a positive example, for each pair in which the negative one has the larger score."""
    numbered = [*enumerate(zip(scores, labels, strict=True), start=1)]
    return [(i, j) for i, (s, label) in numbered for j, (t, other) in numbered if not label and other and s > t]


def survivor(iou_table: Array, iou_threshold: Any, kept: Array) -> tuple[int, int, int] | None:
    """A box that is kept, a more confident one that overlaps it by more than the threshold, and the one that suppressed that."""
    for k in map(int, kept):
        for j in range(1, k):
            if iou_table[k - 1][j - 1] > iou_threshold:
                return k, j, next(int(i) for i in kept if i < j and iou_table[j - 1][int(i) - 1] > iou_threshold)
    return None


def has_survivor(boxes: Array, iou_threshold: Any) -> bool:
    """A box is kept that a suppressed one overlaps by more than the threshold."""
    overlaps = intersections(boxes)
    table = overlaps / (areas(boxes)[:, None] + areas(boxes)[None, :] - overlaps)
    return survivor(table, iou_threshold, suppressed(table, iou_threshold)) is not None


def of_survivor(place: int) -> Any:
    def one(iou_table: Array, iou_threshold: Any, kept: Array) -> Any:
        found = survivor(iou_table, iou_threshold, kept)
        return found[place] if found else 0

    return one


BANK = Bank.beside(
    __file__,
    has_survivor,
    has_ties=lambda scores, labels: has_ties(by_score(scores, labels)),
    misordered=lambda scores, labels: len(misordered_pairs(scores, labels)),
    misordered_pairs=lambda scores, labels: ", ".join(map(str, misordered_pairs(scores, labels))),
    all_pairs=lambda labels: labels.sum() * (len(labels) - labels.sum()),
    tied_pairs=lambda groups: (groups[:, 0] * groups[:, 1]).sum(),
    survivor=of_survivor(0),
    fallen=of_survivor(1),
    suppressor=of_survivor(2),
    weakest=lambda f1: f1.argmin() + 1,
    weakest_f1=lambda f1: f1.min(),
    class_count=lambda f1: len(f1),
    box_count=lambda boxes: len(boxes),
    count=lambda labels: len(labels),
    example_count=lambda actual: actual.sum(),
    commonest=lambda actual: actual.max() / actual.sum(),
    first_hits=lambda hits: hits[0],
    first_predicted=lambda predicted: predicted[0],
    first_actual=lambda actual: actual[0],
    first_share=lambda actual: actual[0] / actual.sum(),
    first_iou=lambda ious: ious[0],
    first_jaccard=lambda hits, predicted, actual: hits[0] / (predicted[0] + actual[0] - hits[0]),
    smallest_score=lambda scores: scores.min(),
    largest_score=lambda scores: scores.max(),
)

MISTAKES = [
    BANK.mistake("axes_exchanged", predicted=lambda confusion: confusion.sum(axis=1)),
    BANK.mistake("arithmetic_mean", f1=lambda precision, recall: (precision + recall) / 2),
    BANK.mistake("f1_of_means", macro_f1=f1_of_means, applies=lambda hits: hits.sum() > 0),
    BANK.mistake("weighted_by_support", macro_f1=lambda f1, actual: (f1 * actual).sum() / actual.sum()),
    BANK.mistake("micro_is_macro", micro_f1=lambda macro_f1: macro_f1),
    BANK.mistake("roc_axes_exchanged", roc=lambda groups: roc(groups)[:, ::-1]),
    BANK.mistake("precision_for_fpr", roc=precision_for_fpr),
    BANK.mistake("area_above_the_curve", auc=lambda roc: 1 - auc(roc)),
    BANK.mistake("mean_over_all_cuts", average_precision=mean_over_all_cuts),
    BANK.mistake("trapezoids", average_precision=trapezoids),
    BANK.mistake("ties_won", groups=ties_won, applies=has_ties),
    BANK.mistake("overlap_counted_twice", unions=lambda boxes: areas(boxes)[:, None] + areas(boxes)[None, :]),
    BANK.mistake("smaller_box", unions=lambda boxes: minimum(areas(boxes)[:, None], areas(boxes)[None, :])),
    BANK.mistake("suppressed_still_suppress", kept=still_suppressing),
    BANK.mistake(
        "best_box_only",
        kept=against_the_best,
        applies=lambda iou_table, iou_threshold, kept: against_the_best(iou_table, iou_threshold) != kept,
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    confusion: np.ndarray, scores: np.ndarray, labels: np.ndarray, boxes: np.ndarray, iou_threshold: float
) -> Mapping[str, Any]:
    """numpy: examples counted one condition at a time, AUC by pairs, IoU by cells of a grid, and boxes removed in a loop."""
    classes = np.arange(len(confusion))[:, None]
    true, guess = (places.ravel() == classes for places in np.indices(confusion.shape))
    tp, fp, fn = ((confusion.ravel() * chosen).sum(axis=1) for chosen in (true & guess, ~true & guess, true & ~guess))
    f1 = 2 * tp / (2 * tp + fp + fn)
    up, down = scores[labels == 1], scores[labels == 0]
    levels = np.unique(scores)[::-1]
    tpr, fpr = ((one[None, :] >= levels[:, None]).mean(axis=1) for one in (up, down))
    wins = (up[:, None] > down[None, :]).mean() + (up[:, None] == down[None, :]).mean() / 2
    at_positives = [labels[scores >= score].mean() for score in up]

    # The lines through all sides of the boxes cut the plane into cells, each within a box or outside it.
    lines = [np.unique(boxes[:, [axis, axis + 2]]) for axis in (0, 1)]
    inside = [
        (boxes[:, axis, None] <= ruled[:-1]) & (ruled[1:] <= boxes[:, axis + 2, None])
        for axis, ruled in enumerate(lines)
    ]
    cells = inside[0][:, :, None] & inside[1][:, None, :]
    size = np.outer(np.diff(lines[0]), np.diff(lines[1]))
    both = np.array([[(size * (a & b)).sum() for b in cells] for a in cells])
    either = np.array([[(size * (a | b)).sum() for b in cells] for a in cells])
    left, kept = [*range(len(boxes))], []
    while left:
        best = left.pop(0)
        kept.append(best + 1)
        left = [k for k in left if both[best, k] / either[best, k] <= iou_threshold + 1e-12]
    return {
        "predicted": tp + fp,
        "actual": tp + fn,
        "accuracy": np.trace(confusion) / confusion.sum(),
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "f1": f1,
        "macro_f1": f1.mean(),
        "micro_f1": 2 * tp.sum() / (2 * tp.sum() + fp.sum() + fn.sum()),
        "roc": np.stack([np.concatenate([[0.0], rates]) for rates in (fpr, tpr)], axis=1),
        "auc": wins,
        "average_precision": np.mean(at_positives),
        "ious": pairs_of(both / either),
        "kept": kept,
    }


def pairs_of(table: np.ndarray) -> np.ndarray:
    return table[np.triu_indices(len(table), 1)]


# -------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    yield matrix_part(v)
    yield ranking_part(v)
    yield detection_part(v)
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def matrix_part(v: Values) -> Part:
    names = {"tp": "hits", "column": "predicted", "row": "actual", "p": "precision", "r": "recall", "f": "f1"}
    rows = [{"k": k + 1, **{slot: v[name][k] for slot, name in names.items()}} for k in range(len(v.hits))]
    for row in rows:
        row |= {"p_share": share(row["tp"], row["column"]), "r_share": share(row["tp"], row["row"])}
    right, examples, like = v.hits.sum(), v.actual.sum(), "rows of confusion"
    return BANK.part(
        "matrix",
        v,
        classes=len(rows),
        examples=examples,
        parts=[
            BANK.part("accuracy", v, Number("accuracy"), right=right, share=share(right, examples)),
            BANK.part("predicted", v, Vector("predicted", like=like)),
            BANK.part("actual", v, Vector("actual", like=like)),
            BANK.part("precision", v, Vector("precision", "P", like=like), for_each=rows),
            BANK.part("recall", v, Vector("recall", "R", like=like), for_each=rows),
            BANK.part("f1", v, Vector("f1", "F_1", like=like), for_each=rows),
            BANK.part("macro_f1", v, Number("macro_f1"), total=v.f1.sum(), classes=len(rows)),
            BANK.part("micro_f1", v, Number("micro_f1"), right=right, wrong=examples - right),
        ],
    )


def share(count: Any, of: Any) -> Say:
    """A fraction, and what it is in lowest terms if they are others."""
    reduced = count / of
    equals = "" if reduced.q == of > 1 else " = <reduced>"
    return say(rf"$\frac{{<count>}}{{<of>}}{equals}$", count=count, of=of, reduced=reduced)


def ranking_part(v: Values) -> Part:
    tp, fp = array(running(v.groups)).T
    precisions = [p for (_, p), group in zip(cuts(v.groups), v.groups, strict=True) for _ in range(int(group[0]))]
    counts = {"positives": tp[-1], "negatives": fp[-1]}
    return BANK.part(
        "ranking",
        v,
        count=len(v.labels),
        table=ranking_table(v),
        figures=[roc_figure(v)],
        parts=[
            BANK.part("roc", v, Matrix("roc", r"(\mathrm{FPR}, \mathrm{TPR})"), tp=tp, fp=fp, **counts),
            BANK.part("auc", v, Number("auc"), pieces=trapezium_pieces(v.roc)),
            BANK.part("average_precision", v, Number("average_precision"), precisions=array(precisions), **counts),
        ],
    )


def detection_part(v: Values) -> Part:
    count, sizes = len(v.boxes), areas(v.boxes)
    places = [*combinations(range(count), 2)]
    comma = "," if count > 9 else ""
    labels = tuple(rf"\mathrm{{IoU}}_{{{i + 1}{comma}{j + 1}}}" for i, j in places)
    overlapping = [
        {
            "i": i + 1, "j": j + 1, "overlap": v.overlaps[i][j], "first": sizes[i], "second": sizes[j],
            "union": v.unions[i][j], "iou": iou,
        }
        for (i, j), iou in zip(places, v.ious, strict=True)
        if v.overlaps[i][j] != 0
    ]  # fmt: skip
    return BANK.part(
        "detection",
        v,
        count=count,
        figures=[boxes_figure(v)],
        parts=[
            BANK.part("ious", v, Fields("ious", labels), for_each=overlapping),
            BANK.part("kept", v, Vector("kept", r"\text{kept}", at_most=count), for_each=[*decisions(v)]),
        ],
    )


def trapezium_pieces(points: Array) -> Content:
    """Width times mean height of each piece of the area, added up."""
    pieces = [(x - last_x, (y + last_y) / 2) for (last_x, last_y), (x, y) in pairwise(points) if x != last_x]
    slots = {f"{name}{k}": one for k, pair in enumerate(pieces) for name, one in zip("bh", pair, strict=True)}
    return say("$" + " + ".join(rf"<b{k}> \cdot <h{k}>" for k in range(len(pieces))) + "$", **slots)


def decisions(v: Values) -> Iterator[Mapping[str, Any]]:
    """For each box after the first whether it is kept, and why."""
    kept = [1]
    for k in range(2, len(v.boxes) + 1):
        above = [j for j in kept if v.iou_table[k - 1][j - 1] > v.iou_threshold]
        if above:
            text = BANK.text("decision.falls", v, k=k, j=above[0], iou=v.iou_table[k - 1][above[0] - 1])
        else:
            text = BANK.text("decision.stays", v, k=k, others=say("$" + ", ".join(map(str, kept)) + "$"))
            kept.append(k)
        yield {"decision": text}


def ranking_table(v: Values) -> Say:
    """Scores and labels, a column for each example."""
    rows = {
        "example": [str(k + 1) for k in range(len(v.labels))],
        "score": [f"${decimal(score)}$" for score in v.scores],
        "label": [str(label) for label in v.labels],
    }
    return table_of_rows({BANK.text(f"table.{name}", v).text: row for name, row in rows.items()})


def decimal(score: Any) -> str:
    """A score as a decimal where it has at most three places, else as it is."""
    places = next((n for n in range(4) if (score * 10**n).is_Integer), None)
    return notation.tex(score) if places is None else f"{to_float(score):.{places}f}"


def roc_figure(v: Values) -> Figure:
    """The unit square, ruled for the counts of both labels; in the key with the curve."""
    positives, negatives = (int(one) for one in v.groups.sum(axis=0))
    said = " ".join(f"({notation.plain(x)}, {notation.plain(y)})" for x, y in v.roc)
    points = [(to_float(x), to_float(y)) for x, y in v.roc]
    paper = SquaredPaper(
        title="Paper for the ROC curve",
        x_ticks=shares(negatives),
        y_ticks=shares(positives),
        width=130,
        height=130,
        description=f"A square with the FPR across, ruled at multiples of 1/{negatives}, and the TPR up, at multiples of 1/{positives}.",
        x_name=("FPR",),
        y_name=("TPR",),
    )
    curve = Outline(points=points, said=f"The curve passes through {said}.", marks=True)
    return Figure(
        "roc-curve",
        squared_paper_scene(paper),
        squared_paper_scene(replace(paper, title="ROC curve", outlines=[curve])),
    )


def shares(count: int) -> list[Tick]:
    """The multiples of 1/count from 0 to 1, or of 1/10 where they would be too many."""
    count = count if count <= 12 else 10
    return [(k / count, notation.plain(Fraction(k, count))) for k in range(count + 1)]


def ruled(low: float, high: float) -> list[Tick]:
    """Ticks from below the one number to above the other, at whole numbers unless they would be too many."""
    step = nice_ticks(high - low + 2, most=21, whole=True)[1]
    first, last = floor(low / step), ceil(high / step)
    return [(step * k, f"{step * k:g}") for k in range(first, last + 1)]


def boxes_figure(v: Values) -> Figure:
    """The boxes on squared paper."""
    boxes = [tuple(map(to_float, box)) for box in v.boxes]
    texts = [[notation.plain(side) for side in box] for box in v.boxes]
    x_ticks, y_ticks = (ruled(min(box[axis] for box in boxes), max(box[axis + 2] for box in boxes)) for axis in (0, 1))
    wide, high = (ticks[-1][0] - ticks[0][0] for ticks in (x_ticks, y_ticks))
    square = min(16.0, 240 / wide, 170 / high)
    outlines = [
        Outline(
            points=[(x1, y1), (x2, y1), (x2, y2), (x1, y2), (x1, y1)],
            said=f"Box {number}: from ({text[0]}, {text[1]}) to ({text[2]}, {text[3]}).",
            name=str(number),
        )
        for number, ((x1, y1, x2, y2), text) in enumerate(zip(boxes, texts, strict=True), start=1)
    ]
    scene = squared_paper_scene(
        SquaredPaper(
            title="The boxes", x_ticks=x_ticks, y_ticks=y_ticks, width=square * wide, height=square * high,
            outlines=outlines, x_name=(Symbol("x"),), y_name=(Symbol("y"),),
            description="Boxes on squared paper, each with its number at its lower left corner.",
        )
    )  # fmt: skip
    return Figure("boxes", scene)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The matrix, the order of the labels by score, and the boxes; not the scores themselves, nor the questions in words."""
    groups = by_score(params["scores"], params["labels"])
    return [params["confusion"], groups, params["boxes"], params["iou_threshold"]]


def signature(v: Values) -> Mapping[str, Any]:
    """How many classes and boxes there are, whether scores are tied, and how many claims to judge."""
    return {"classes": len(v.hits), "ties": has_ties(v.groups), "boxes": len(v.boxes), "claims": len(v.claims)}


PROBLEM = Problem(
    id="classification-metrics",
    title="Counting right and wrong",
    topic="evaluation",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "confusion": required(read_matrix),
        "scores": required(read_vector),
        "labels": required(read_vector),
        "boxes": required(read_matrix),
        "iou_threshold": required(read_number),
        "question": optional(one_of(BANK["question"]), "misordered"),
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
        "confusion": [[12, 0, 0], [3, 4, 1], [1, 2, 5]],
        "scores": ["9/10", "4/5", "7/10", "3/5", "1/2", "2/5", "3/10"],
        "labels": [1, 0, 1, 1, 0, 0, 0],
        "boxes": [[0, 0, 4, 4], [1, 0, 5, 4], [2, 0, 6, 4], [6, 1, 10, 5]],
        "iou_threshold": "2/5",
        "claims": ["monotone_map", "threshold_precision"],
    },
    canonical=canonical,
    signature=signature,
    standard={"classes": 3, "ties": False, "boxes": 4, "claims": 2},
    possible={"kept": 4},
    variants=1_000_000,
    easy=Level(
        sample_easy, {"classes": 2, "ties": False, "boxes": 3, "claims": 2}, possible={"kept": 1}, variants=100_000
    ),
    hard=Level(
        sample_hard, {"classes": 3, "ties": True, "boxes": 4, "claims": 2}, possible={"kept": 4}, variants=1_000_000
    ),
)
