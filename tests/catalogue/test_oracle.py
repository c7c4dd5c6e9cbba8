"""PyTorch as an oracle: what the layers of a real library compute from the same numbers.  The problems of Discussion 04."""

from __future__ import annotations

from typing import Any

import pytest

from generator.problem.audit import agrees
from tests.catalogue.oracle import TINY, VARIANTS, tensors, torch, variants

pytestmark = pytest.mark.heavy


def test_layer_norm() -> None:
    for variant in variants("layer-norm"):
        given = tensors(variant.params)
        layer = torch.nn.LayerNorm(len(given["gamma"]), eps=float(given["epsilon"]), dtype=torch.float64)
        layer.weight.data, layer.bias.data = given["gamma"], given["beta"]
        with torch.no_grad():
            assert agrees(variant.values.output, layer(given["X"]).numpy())
            if "transformed_output" in variant.values:
                row = given["X"][int(given["row"]) - 1] * given["scale"] + given["shift"]
                assert agrees(variant.values.transformed_output, layer(row).numpy())


def test_batch_norm() -> None:
    followed = 0
    for variant in variants("batch-norm"):
        given = tensors(variant.params)
        layer = torch.nn.BatchNorm1d(
            len(given["gamma"]),
            eps=max(float(given["epsilon"]), TINY),
            momentum=float(given.get("momentum", 0.1)),
            dtype=torch.float64,
        )
        layer.weight.data, layer.bias.data = given["gamma"], given["beta"]
        if "running_mean" in given:
            followed += 1
            layer.running_mean.copy_(given["running_mean"])
            layer.running_var.copy_(given["running_variance"])
        with torch.no_grad():
            if "example" in given:
                layer.eval()
                assert agrees(variant.values.inference_output, layer(given["example"][None])[0].numpy())
            layer.train()
            assert agrees(variant.values.output, layer(given["X"]).numpy())
            if "momentum" in given:
                assert agrees(variant.values.new_running_mean, layer.running_mean.numpy())
                assert agrees(variant.values.new_running_variance, layer.running_var.numpy())
    assert followed >= VARIANTS // 2


def test_dropout_scaling() -> None:
    """The library's survivors are scaled by the same factor; its mask is ours once we know its survivors."""
    torch.manual_seed(0)
    for variant in variants("dropout"):
        given = tensors(variant.params)
        ones = torch.ones(1000, dtype=torch.float64)
        scaled = torch.nn.functional.dropout(ones, p=float(given["p"]), training=True)
        factor = float(scaled.max())
        mask = torch.ones_like(given["x"])
        mask[[int(place) - 1 for place in variant.params["dropped"]]] = 0
        assert agrees(variant.values.y_drop, float((given["w"] * mask) @ given["x"]))
        assert agrees(variant.values.y_corr, float((given["w"] * mask * factor) @ given["x"]))
        identity = torch.nn.Dropout(float(given["p"])).eval()
        assert agrees(variant.values.y_orig, float(given["w"] @ identity(given["x"])))


def test_parameter_counts_and_shapes() -> None:
    for variant in variants("model-size"):
        batch, width = int(variant.params["batch"]), int(variant.params["features"])
        x = torch.zeros(batch, width)
        outputs: list[Any] = []
        parameters = 0
        for operation in variant.params["operations"]:
            layer: Any
            match operation["op"]:
                case "Linear":
                    layer = torch.nn.Linear(x.shape[1], int(operation["out"]))
                case "Norm":
                    layer = torch.nn.BatchNorm1d(x.shape[1])
                case "ReLU":
                    layer = torch.nn.ReLU()
                case "Dropout":
                    layer = torch.nn.Dropout()
                case "Softmax":
                    layer = torch.nn.Softmax(dim=1)
                case "Add":
                    layer = torch.nn.Identity()
                    x = x + outputs[int(operation["with"]) - 1]
            parameters += sum(tensor.numel() for tensor in layer.parameters())
            with torch.no_grad():
                x = layer(x)
            outputs.append(x)
        assert agrees(variant.values.shapes, [list(output.shape) for output in outputs])
        assert agrees(variant.values.parameters, parameters)
        assert agrees(variant.values.activations, sum(output.numel() for output in outputs[:-1]))


def test_ridge_is_where_the_gradient_vanishes() -> None:
    for variant in variants("l2-regularization"):
        given = tensors(variant.params)
        for strength, theta in zip(variant.params["lambdas"], variant.values.theta, strict=True):
            point = torch.tensor([float(entry) for entry in theta], dtype=torch.float64, requires_grad=True)
            loss = ((given["y"] - given["X"] @ point) ** 2).sum() + float(strength) * (point**2).sum()
            loss.backward()
            assert torch.allclose(point.grad, torch.zeros_like(point), atol=1e-9)
