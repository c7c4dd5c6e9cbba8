"""PyTorch as an oracle: autograd, its losses and its optimizers, for the problems about gradients."""

from __future__ import annotations

import math
from typing import Any

import pytest

from generator.numbers.exact import to_float
from generator.problem.audit import agrees
from tests.catalogue.oracle import array, learned, tensor, tensors, torch, variants

pytestmark = pytest.mark.heavy


def test_softmax_cross_entropy() -> None:
    functional = torch.nn.functional
    for variant in variants("softmax-cross-entropy", all_levels=True):
        given, values = tensors(variant.params), variant.values
        labels = given["labels"].long() - 1
        smoothing, classes = float(given["smoothing"]), given["A"].shape[1]
        (logits,) = learned(given["A"].log())
        assert agrees(values.probs, array(functional.softmax(logits, dim=1)))
        assert agrees(values.probs_T, array(functional.softmax(logits[0] / given["T"], dim=0)))
        for epsilon, loss, gradient in (
            (0.0, values.loss, values.dlogits),
            (smoothing, values.loss_smooth, values.dlogits_smooth),
        ):
            found = functional.cross_entropy(logits, labels, label_smoothing=epsilon)
            assert agrees(loss, float(found.detach()))
            assert agrees(gradient, array(*torch.autograd.grad(found, [logits])))
        raised = logits.detach()[0].clone()
        raised[labels[0]] += to_float(values.raise_half)
        assert float(functional.softmax(raised, dim=0)[labels[0]]) == pytest.approx(0.5)
        at_gap = to_float(values.gap) * functional.one_hot(labels[:1], classes).double()
        (at_gap,) = learned(at_gap)
        functional.cross_entropy(at_gap, labels[:1], label_smoothing=smoothing).backward()
        assert agrees(((0,) * classes,), array(at_gap.grad))


def test_backpropagation_through_one_hidden_layer() -> None:
    for variant in variants("backprop-mlp", all_levels=True):
        given, values = tensors(variant.params), variant.values
        hidden = torch.nn.Linear(*given["W1"].T.shape, dtype=torch.float64)
        output = torch.nn.Linear(*given["W2"].T.shape, dtype=torch.float64)
        names = {"W1": hidden.weight, "b1": hidden.bias, "W2": output.weight, "b2": output.bias}
        for name, parameter in names.items():
            parameter.data = given[name].clone()
        (x,) = learned(given["x"])
        z = hidden(x)
        a = torch.relu(z)
        y = output(a)
        for inner in (z, a, y):
            inner.retain_grad()
        loss = 0.5 * torch.nn.functional.mse_loss(y, given["t"], reduction="sum")  # the library's own has no half
        loss.backward()
        assert agrees(values.loss, float(loss.detach()))
        for name, inner in {"z": z, "a": a, "y": y}.items():
            assert agrees(values[name], array(inner))
            assert agrees(values[f"d{name}"], array(inner.grad))
        assert agrees(values.dx, array(x.grad))
        for name, parameter in names.items():
            assert agrees(values[f"d{name}"], array(parameter.grad))
        torch.optim.SGD(names.values(), lr=float(given["rate"])).step()
        for name, parameter in names.items():
            assert agrees(values[f"{name}_new"], array(parameter))
        assert agrees(values.y_new, array(output(torch.relu(hidden(given["x"])))))


OPERATIONS = {
    "add": torch.add,
    "mul": torch.mul,
    "max": torch.maximum,
    "square": torch.square,
    "exp": torch.exp,
}


def evaluated(nodes: Any, known: dict[str, Any]) -> list[Any]:
    """The value of each node of a graph, in order."""
    known = dict(known)
    for name, operation, arguments in nodes:
        known[name] = OPERATIONS[operation](*(known[one] for one in arguments))
    return [known[name] for name, *_ in nodes]


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # which the library's forward mode uses itself
def test_a_computational_graph() -> None:
    for variant in variants("computational-graph", all_levels=True):
        nodes, values = variant.params["nodes"], variant.values
        used = dict.fromkeys(one for _, _, arguments in nodes for one in arguments)
        names = [name for name in used if name in variant.params["inputs"]]
        inputs = learned(*(tensor(variant.params["inputs"][name]) for name in names))
        found = evaluated(nodes, dict(zip(names, inputs, strict=True)))
        known = {
            **dict(zip(names, inputs, strict=True)),
            **{node[0]: one for node, one in zip(nodes, found, strict=True)},
        }
        assert agrees(values.forward, [float(one.detach()) for one in found])
        local = []
        for _, operation, arguments in nodes:
            ends = learned(*(known[one].detach() for one in arguments))
            local += torch.autograd.grad(OPERATIONS[operation](*ends), ends)
        assert agrees(values.locals, [float(one) for one in local])
        assert agrees(values.adjoints, [float(one) for one in torch.autograd.grad(found[-1], found, retain_graph=True)])
        assert agrees(values.gradient, [float(one) for one in torch.autograd.grad(found[-1], inputs)])
        seed = tuple(tensor(entry) for entry in variant.params["seed"])

        def graph(*given: Any, nodes: Any = nodes, names: list[str] = names) -> tuple[Any, ...]:
            return tuple(evaluated(nodes, dict(zip(names, given, strict=True))))

        _, pushed = torch.func.jvp(graph, tuple(one.detach() for one in inputs), seed)
        assert agrees(values.tangents, [float(one) for one in pushed])
        assert agrees(values.directional, float(pushed[-1]))


def test_linear_layers() -> None:
    functional = torch.nn.functional
    of_two = 0
    for variant in variants("linear-layer-gradients", all_levels=True):
        given, values = tensors(variant.params), variant.values
        names = [name for name in ("X", "W1", "b1", "W2", "b2") if name in given]
        leaf = dict(zip(names, learned(*(given[name] for name in names)), strict=True))
        hidden = functional.linear(leaf["X"], leaf["W1"].T, leaf["b1"])  # the library stores the transpose
        hidden.retain_grad()
        output = functional.linear(hidden, leaf["W2"].T, leaf["b2"]) if "W2" in leaf else hidden
        output.retain_grad()
        if "T" in given:
            loss = functional.mse_loss(output, given["T"], reduction="sum") / (2 * len(given["X"]))
        else:
            loss = (output * given["G"]).sum()
        loss.backward()
        assert agrees(values.Y, array(output))
        assert agrees(values.G, array(output.grad))
        for name, one in leaf.items():
            assert agrees(values[f"d{name}"], array(one.grad))
        of_first = [leaf[name] for name in ("X", "W1", "b1")] + [leaf[name].grad for name in ("W1", "b1", "X")]
        assert agrees(values.shapes, [tuple(one.shape) for one in of_first])
        if "W2" in leaf:
            of_two += 1
            assert agrees(values.dH, array(hidden.grad))
            merged = functional.linear(given["X"], tensor(values.W_eff).T, tensor(values.b_eff))
            assert agrees(values.Y, array(merged))
    assert of_two >= 200


def two_steps(
    theta: Any, gradients: tuple[Any, Any], make: Any, start: str = "", **options: Any
) -> tuple[Any, list[dict[str, Any]]]:
    """The weights after each of two steps of an optimizer, and copies of its state; a state called ``start`` begins at 0."""
    parameter = torch.nn.Parameter(theta.clone())
    optimizer = make([parameter], **options)
    if start:
        optimizer.state[parameter][start] = torch.zeros_like(theta)
    weights, states = [], []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
        weights.append(parameter.detach().clone())
        states.append({name: value.clone() for name, value in optimizer.state[parameter].items() if value is not None})
    return torch.stack(weights), states


def test_optimizers() -> None:
    optim = torch.optim
    for variant in variants("optimizers", all_levels=True):
        given, values = tensors(variant.params), variant.values
        theta, rate, momentum = given["theta0"], float(given["rate"]), float(given["momentum"])
        printed = (given["g1"], given["g2"])
        of_adam = (given.get("h1", given["g1"]), given.get("h2", given["g2"]))
        damped = {"momentum": momentum, "dampening": momentum}

        weights, states = two_steps(theta, printed, optim.SGD, lr=rate, momentum=momentum)
        assert agrees(values.sgd, array(weights))
        assert agrees(values.buf, [array(state["momentum_buffer"]) for state in states])

        # With dampening the library's first buffer is the gradient itself: given a buffer of zeros, it is the averaged form.
        weights, states = two_steps(theta, printed, optim.SGD, "momentum_buffer", lr=rate, **damped)
        assert agrees(values.sgd_ema, array(weights))
        assert agrees(values.ema, [array(state["momentum_buffer"]) for state in states])
        equal = to_float(values.equal_rate)
        weights, _ = two_steps(theta, printed, optim.SGD, "momentum_buffer", lr=equal, **damped)
        assert agrees(values.sgd, array(weights))

        alpha = float(given["alpha"])
        weights, states = two_steps(theta, printed, optim.RMSprop, lr=rate, alpha=alpha, eps=0)
        assert agrees(values.rms, array(weights))
        assert agrees(values.sq_avg, [array(state["square_avg"]) for state in states])

        betas = (float(given["beta1"]), float(given["beta2"]))
        weights, states = two_steps(theta, of_adam, optim.Adam, lr=rate, betas=betas, eps=0)
        assert agrees(values.adam, array(weights))
        for moment, corrected, beta in (("exp_avg", "mhat", betas[0]), ("exp_avg_sq", "vhat", betas[1])):
            unbiased = [array(state[moment]) / (1 - beta ** float(state["step"])) for state in states]
            assert agrees(values[corrected], unbiased)

        decay = float(given["decay"])
        weights, _ = two_steps(theta, of_adam, optim.AdamW, lr=rate, betas=betas, eps=0, weight_decay=decay)
        assert agrees(values.adamw, array(weights))


def test_generative_models() -> None:
    normal, divergence = torch.distributions.Normal, torch.distributions.kl_divergence
    for variant in variants("generative-models", all_levels=True):
        given, values = tensors(variant.params), variant.values
        mu, logvar = learned(given["mu"], 2 * given["k"] * math.log(2))
        sigma = (logvar / 2).exp()
        kl = divergence(normal(mu, sigma), normal(torch.zeros_like(mu), torch.ones_like(mu))).sum()
        z = mu + sigma * given["noise"]
        loss = 0.5 * torch.nn.functional.mse_loss(z, given["x"], reduction="sum") + kl
        loss.backward()
        assert agrees(values.kl, float(kl.detach()))
        assert agrees(values.z, array(z))
        assert agrees(values.gradient_mu, array(mu.grad))
        assert agrees(values.gradient_logvar, array(logvar.grad))

        p, q = given["p"], given["q"]
        # What a discriminator maximizes is the negative cross-entropy with soft labels: real outcomes and fakes, by weight.
        best = tensor(values.discriminator)
        value = -torch.nn.functional.binary_cross_entropy(best, p / (p + q), weight=p + q, reduction="sum")
        assert agrees(values.value, float(value))
        middle = torch.log((p + q) / 2)
        halves = [torch.nn.functional.kl_div(middle, one, reduction="sum") for one in (p, q)]
        assert agrees(values.js, float(sum(halves)) / 2)

        betas = given["betas"]
        kept = torch.cumprod(1 - betas, dim=0)
        assert agrees(values.alpha_bars, array(kept))
        assert agrees(values.noisy, float(kept[-1].sqrt() * given["x0"] + (1 - kept[-1]).sqrt() * given["eps"]))
        # The posterior by the conditional of two jointly Gaussian numbers, x before and after the last step.
        root, before = (1 - betas[-1]).sqrt(), kept[-2]
        joint = torch.stack(
            [torch.stack([1 - before, root * (1 - before)]), torch.stack([root * (1 - before), 1 - kept[-1]])]
        )
        gain = joint[0, 1] / joint[1, 1]
        mean = before.sqrt() * given["x0"]
        assert agrees(values.posterior_mean, float(mean + gain * (tensor(values.noisy) - root * mean)))
        assert agrees(values.posterior_variance, float(joint[0, 0] - gain * joint[1, 0]))


def rates_by_library(params: dict[str, Any], until: int) -> list[float]:
    """The learning rates of the library's schedulers, step by step: a linear rise, then the decay that is asked for."""
    schedulers = torch.optim.lr_scheduler
    peak, warmup, total = (float(params[name]) for name in ("peak", "warmup", "total"))
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    length = int(total - warmup)
    decay = {
        "linear": lambda: schedulers.PolynomialLR(optimizer, total_iters=length, power=1),
        "cosine": lambda: schedulers.CosineAnnealingLR(optimizer, T_max=length),
        "step": lambda: schedulers.StepLR(optimizer, step_size=int(params["every"]), gamma=float(params["drop"])),
    }[params["schedule"]]()
    rates = [peak * step / warmup for step in range(int(warmup))]
    while len(rates) <= until:
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        decay.step()
    return rates


def test_residuals_and_schedules() -> None:
    averaged, functional = torch.optim.swa_utils, torch.nn.functional
    for variant in variants("residuals-and-schedules", all_levels=True):
        given, values = tensors(variant.params), variant.values
        for skip, states, gradient in (
            (1, "residual_states", "residual_gradient"),
            (0, "plain_states", "plain_gradient"),
        ):
            (start,) = learned(given["x"])
            found = [start]
            for slope, shift in zip(given["slopes"], given["shifts"], strict=True):
                found.append(skip * found[-1] + slope * torch.relu(found[-1] + shift))
            assert agrees(values[states], [float(one.detach()) for one in found])
            assert agrees(values[gradient], float(torch.autograd.grad(found[-1], start)[0]))

        asked = [int(step) for step in variant.params["asked_steps"]]
        rates = rates_by_library(dict(variant.params), max(asked))
        assert agrees(values.rates, [rates[step] for step in asked])

        model = torch.nn.Linear(1, 1, bias=False, dtype=torch.float64)
        model.weight.data[:] = given["weights"][0]
        average = averaged.AveragedModel(model, multi_avg_fn=averaged.get_ema_multi_avg_fn(float(given["momentum"])))
        averages = []
        for weight in given["weights"]:
            model.weight.data[:] = weight
            average.update_parameters(model)
            averages.append(float(average.module.weight.detach()))
        assert agrees(values.ema, averages)

        most = 2 ** (int(given["bits"]) - 1) - 1
        restored = torch.fake_quantize_per_tensor_affine(
            given["vector"].float(), to_float(values.scale), 0, -most, most
        )
        assert array(restored - given["vector"].float()) == pytest.approx(to_float(values.errors), abs=1e-5)
        restored = torch.fake_quantize_per_tensor_affine(
            given["activations"].float(),
            to_float(values.affine_scale),
            int(values.zero_point),
            0,
            2 ** int(given["bits"]) - 1,
        )
        assert array(restored - given["activations"].float()) == pytest.approx(to_float(values.affine_errors), abs=1e-4)

        logits = given["similarity_ratios"].log()
        assert agrees(values.contrast, array(functional.softmax(logits, dim=1).diagonal()))
        assert agrees(values.contrast_loss, float(functional.cross_entropy(logits, torch.arange(len(logits)))))
