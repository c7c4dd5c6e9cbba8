"""PyTorch as an oracle: convolutions, pooling, normalizations and initializations."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest

from generator.numbers.exact import to_float
from generator.problem.audit import agrees
from generator.problem.catalogue import find_problem
from tests.catalogue.oracle import TINY, array, learned, tensor, tensors, torch, variants

pytestmark = pytest.mark.heavy


def layer_of(given: Any, channels: int) -> Any:
    """The library's layer of a printed one, on the device that keeps shapes and no numbers."""
    window = {name: int(given[name]) for name in ("stride", "padding", "dilation")}
    if given["type"] == "maxpool":
        return torch.nn.MaxPool2d(int(given["kernel"]), **window)
    return torch.nn.Conv2d(
        channels,
        int(given["out"]),
        int(given["kernel"]),
        **window,
        groups=int(given["groups"]),
        bias=bool(given["bias"]),
        device="meta",
    )


def multiply_adds(layer: Any, x: Any) -> int:
    """What the library counts; one that has no weights is not counted."""
    counter = torch.utils.flop_counter.FlopCounterMode(display=False)
    with counter:
        layer(x)
    return int(counter.get_total_flops()) // 2


def test_shapes_parameters_and_multiply_adds_of_convolutions() -> None:
    import torch.utils.flop_counter

    for variant in variants("conv-shapes", all_levels=True):
        values = variant.values
        x = torch.empty(1, *map(int, variant.params["input"]), device="meta")
        shapes, parameters, macs = [], [], []
        for given in variant.params["layers"]:
            layer = layer_of(given, x.shape[1])
            parameters.append(sum(one.numel() for one in layer.parameters()))
            macs.append(multiply_adds(layer, x))
            x = layer(x)
            shapes.append(list(x.shape[1:]))
        assert agrees(values.shapes, shapes)
        assert agrees(values.flat, x.flatten(1).shape[1])
        assert agrees(values.parameters, parameters)
        assert agrees(values.total, sum(parameters))
        assert agrees(values.macs, macs)
        assert agrees(values.total_macs, sum(macs))
        first = variant.params["layers"][0]
        channels, out, kernel = (int(one) for one in (variant.params["input"][0], first["out"], first["kernel"]))
        if first["groups"] == 1:
            depthwise = torch.nn.Conv2d(channels, channels, kernel, groups=channels, bias=False, device="meta")
            pointwise = torch.nn.Conv2d(channels, out, 1, bias=False, device="meta")
            whole = torch.nn.Conv2d(channels, out, kernel, bias=False, device="meta")
            ratio = (depthwise.weight.numel() + pointwise.weight.numel()) / whole.weight.numel()
            assert agrees(values.separable_ratio, ratio)


def test_receptive_fields() -> None:
    """An output's gradient is not 0 where its field is: along one axis, with weights 1, far from the edges."""
    for variant in variants("conv-shapes", all_levels=True):
        (x,) = learned(torch.ones(1, 1, 600, dtype=torch.float64))
        signal = x
        for layer, jump, field in zip(variant.params["layers"], variant.values.jump, variant.values.field, strict=True):
            weights = torch.ones(1, 1, int(layer["kernel"]), dtype=torch.float64)
            signal = torch.nn.functional.conv1d(
                signal, weights, stride=int(layer["stride"]), dilation=int(layer["dilation"])
            )
            starts = []
            for place in (0, 1):
                (gradient,) = torch.autograd.grad(signal[0, 0, place], [x], retain_graph=True)
                reached = gradient[0, 0].nonzero()
                starts.append(int(reached.min()))
                assert agrees(field, int(reached.max()) - int(reached.min()) + 1)
            assert agrees(jump, starts[1] - starts[0])


def test_convolution_and_pooling_forward_and_backward() -> None:
    functional = torch.nn.functional
    for variant in variants("conv-by-hand", all_levels=True):
        given, values = tensors(variant.params), variant.values
        image, kernel, bias = learned(given["X"][None, None], given["K"][None, None], given["b"].reshape(1))
        convolved = functional.conv2d(image, kernel, bias)
        convolved.retain_grad()
        pooled, places = functional.max_pool2d(convolved, int(given["size"]), int(given["stride"]), return_indices=True)
        (pooled * given["G"]).sum().backward()
        assert agrees(values.C, array(convolved[0, 0]))
        assert agrees(values.P, array(pooled[0, 0]))
        width = convolved.shape[3]
        assert agrees(values.places, [[int(one) // width + 1, int(one) % width + 1] for one in places.flatten()])
        assert agrees(values.dC, array(convolved.grad[0, 0]))
        assert agrees(values.dK, array(kernel.grad[0, 0]))
        assert agrees(values.db, float(bias.grad))
        assert agrees(values.dX, array(image.grad[0, 0]))


def test_backward_through_normalizations() -> None:
    functional, modes = torch.nn.functional, set()
    for variant in variants("norm-backward", all_levels=True):
        given, values = tensors(variant.params), variant.values
        x, gamma, beta = learned(given["X"], given["gamma"], torch.zeros_like(given["gamma"]))
        if given["mode"] == "layer":
            output = functional.layer_norm(x, (x.shape[1],), gamma, beta, eps=0)
        else:
            output = functional.batch_norm(x, None, None, gamma, beta, training=True, eps=TINY)
        (output * given["G"]).sum().backward()
        assert agrees(values.dgamma, array(gamma.grad))
        assert agrees(values.dbeta, array(beta.grad))
        assert agrees(values.dX, array(x.grad))
        axis = 1 if given["mode"] == "layer" else 0
        assert agrees(values.mean, array(x.mean(axis)))
        assert agrees(values.std, array(x.std(axis, correction=0)))
        modes.add(given["mode"])
    assert modes == {"layer", "batch"}


def by_group(x: Any, groups: int) -> tuple[Any, Any]:
    """The means and the reciprocal deviations of each example's groups of channels."""
    examples, channels, *space = x.shape
    _, mean, inverse = torch.native_group_norm(x, None, None, examples, channels, prod(space), groups, 0.0)
    return mean, inverse


def test_five_normalizations() -> None:
    for variant in variants("norm-axes", all_levels=True):
        given, values = tensors(variant.params), variant.values
        x, groups = given["X"], int(given["groups"])
        channels, *space = x.shape[1:]
        place = tuple(int(one) - 1 for one in given["target"])
        layers = {
            "BatchNorm": torch.nn.BatchNorm2d(channels, eps=TINY, dtype=torch.float64),
            "LayerNorm": torch.nn.LayerNorm([channels, *space], eps=0, dtype=torch.float64),
            "InstanceNorm": torch.nn.InstanceNorm2d(channels, eps=TINY, dtype=torch.float64),
            "GroupNorm": torch.nn.GroupNorm(groups, channels, eps=0, dtype=torch.float64),
            "RMSNorm": torch.nn.RMSNorm([channels, *space], eps=0, dtype=torch.float64),
        }
        _, mean, inverse = torch.native_batch_norm(x, None, None, None, None, True, 0.1, TINY)
        statistics = {
            "BatchNorm": (mean, inverse, (place[1],)),
            "LayerNorm": (*by_group(x, 1), (place[0], 0)),
            "InstanceNorm": (*by_group(x, channels), place[:2]),
            "GroupNorm": (*by_group(x, groups), (place[0], place[1] // (channels // groups))),
        }
        for number, name in enumerate(given["norms"]):
            with torch.no_grad():
                normalized = layers[name](x)[place]
            assert agrees(values.output[number], float(given["gamma"] * normalized + given["beta"])), name
            assert agrees(values.affine[number], sum(one.numel() for one in layers[name].parameters())), name
            if name in statistics:
                mean, inverse, group = statistics[name]
                assert agrees(values.number[number], mean.numel()), name
                assert agrees(values.size[number], x.numel() // mean.numel()), name
                assert agrees(values.centre[number], float(mean[group])), name
                assert agrees(values.scale[number], float(1 / inverse[group])), name


def test_initializations() -> None:
    init = torch.nn.init
    torch.manual_seed(0)
    for variant in variants("initialization", all_levels=True):
        params, values = variant.params, variant.values
        fans = [int(one) for one in params["fan"]]
        weight = torch.nn.Linear(*fans, device="meta").weight
        fan_in, fan_out = init._calculate_fan_in_and_fan_out(weight)
        assert [fan_in, fan_out] == fans
        assert agrees(values.he_var, init.calculate_gain("relu") ** 2 / fan_in)
        assert agrees(values.xavier_var, init.calculate_gain("linear") ** 2 * 2 / (fan_in + fan_out))
        drawn = init.xavier_uniform_(torch.empty(weight.shape, dtype=torch.float64))
        bound = to_float(values.xavier_bound)
        assert 0.9 * bound < float(drawn.abs().max()) <= bound
        conv = {name: int(value) for name, value in params["conv"].items()}
        kernel = torch.nn.Conv2d(conv["in"], conv["out"], conv["kernel"], groups=conv["groups"], device="meta").weight
        fan_in, fan_out = init._calculate_fan_in_and_fan_out(kernel)
        # From the weight's shape alone the library cannot know the groups: its fan_out is for all of the outputs.
        assert agrees(values.conv_fan, [fan_in, fan_out / conv["groups"]])
        assert agrees(values.conv_std, init.calculate_gain("relu") / fan_in**0.5)


def test_variances_of_random_networks() -> None:
    """The printed network, three thousand times: the second moments forward, and of the gradients backward."""
    torch.manual_seed(0)
    variant = find_problem("initialization").printed()
    params, values, count = variant.params, variant.values, 3000
    widths = [int(width) for width in params["widths"]]
    signal = torch.full((count, widths[0], 1), to_float(params["q0"]) ** 0.5, dtype=torch.float64)
    found: list[Any] = []
    for width, variance in zip(widths[1:], params["varw"], strict=True):
        weights = torch.randn(count, width, signal.shape[1], dtype=torch.float64) * to_float(variance) ** 0.5
        if found:
            signal = torch.relu(signal) if params["relu"] else signal
        signal = weights.requires_grad_() @ signal
        signal.retain_grad()
        found.append(signal)
    signal.backward(torch.randn_like(signal) * to_float(params["g0"]) ** 0.5)
    forward, backward = tensor(values.forward), tensor(values.backward)
    assert torch.allclose(torch.stack([one.detach().square().mean() for one in found]), forward, rtol=0.05)
    assert torch.allclose(torch.stack([one.grad.square().mean() for one in found]), backward, rtol=0.05)
