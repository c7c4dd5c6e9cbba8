"""PyTorch as an oracle: metrics of classifiers and rankings, ensembles, early stopping and scaling."""

from __future__ import annotations

import pytest

from generator.problem.audit import agrees
from tests.catalogue.oracle import TINY, array, tensors, torch, variants

pytestmark = pytest.mark.heavy


def test_confusion_matrices_of_one_hot_examples() -> None:
    for variant in variants("classification-metrics", all_levels=True):
        values = variant.values
        counts = tensors(variant.params)["confusion"].long()
        classes = len(counts)
        true, predicted = torch.cartesian_prod(torch.arange(classes), torch.arange(classes)).repeat_interleave(
            counts.flatten(), dim=0
        ).T  # fmt: skip
        theirs, ours = (torch.nn.functional.one_hot(one, classes).double() for one in (true, predicted))
        hits = (theirs * ours).sum(0)
        assert agrees(values.confusion, array(theirs.T @ ours))
        assert agrees(values.accuracy, float((true == predicted).double().mean()))
        assert agrees(values.precision, array(hits / ours.sum(0)))
        assert agrees(values.recall, array(hits / theirs.sum(0)))
        assert agrees(values.macro_f1, float((2 * hits / (ours.sum(0) + theirs.sum(0))).mean()))


def test_the_area_below_the_roc_curve() -> None:
    for variant in variants("classification-metrics", all_levels=True):
        given = tensors(variant.params)
        positive, negative = (given["scores"][given["labels"] == label] for label in (1, 0))
        thresholds = torch.cat([torch.tensor([torch.inf]), given["scores"].unique().flip(0)])
        tpr, fpr = ((one[None, :] >= thresholds[:, None]).double().mean(1) for one in (positive, negative))
        assert agrees(variant.values.roc, array(torch.stack([fpr, tpr], dim=1)))
        assert agrees(variant.values.auc, float(torch.trapezoid(tpr, fpr)))


def test_early_stopping_by_running_minima() -> None:
    for variant in variants("model-selection", all_levels=True):
        given = tensors(variant.params)
        _, best = torch.cummin(given["validation"], dim=0)
        waited = torch.arange(len(best)) - best
        stop = int((waited == int(given["patience"])).nonzero()[0])
        assert agrees(variant.values.stop_epoch, stop + 1)
        assert agrees(variant.values.kept_epoch, int(best[stop]) + 1)


def test_scaling_is_batch_normalization_at_inference() -> None:
    for variant in variants("model-selection", all_levels=True):
        given, values = tensors(variant.params), variant.values
        variance, mean = torch.var_mean(given["train"], correction=0)
        normalized = torch.nn.functional.batch_norm(
            given["test"][:, None], mean[None], variance[None], training=False, eps=TINY
        )
        assert agrees(values.normalized_test, array(normalized[:, 0]))
        assert agrees(values.data_std, float(variance.sqrt()))


def test_the_variance_of_an_average_of_correlated_models() -> None:
    for variant in variants("model-selection", all_levels=True):
        given = tensors(variant.params)
        count, rho = int(given["members"]), given["correlation"]
        covariance = given["member_variance"] * torch.full(
            (count, count), float(rho), dtype=torch.float64
        ).fill_diagonal_(1)
        weights = torch.full((count,), 1 / count, dtype=torch.float64)
        assert agrees(variant.values.ensemble_variance, float(weights @ covariance @ weights), 1e-6)
        errors = torch.distributions.Categorical(
            probs=torch.outer(given["probabilities"], given["noise_probabilities"]).flatten()
        )
        squares = (given["truth"] + given["noise"][None, :] - given["predictions"][:, None]) ** 2
        assert agrees(variant.values.expected_error, float((errors.probs * squares.flatten()).sum()))
