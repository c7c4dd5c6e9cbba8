"""PyTorch as an oracle: what training keeps for each parameter, what checkpoints compute again, and a language model's losses."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from generator.numbers.exact import to_float
from generator.problem.audit import agrees
from generator.problem.catalogue import find_problem
from tests.catalogue.oracle import array, learned, tensor, torch, variants

pytestmark = pytest.mark.heavy

OPTIMIZERS = {
    "sgd": lambda weights: torch.optim.SGD(weights, lr=0.1),
    "momentum": lambda weights: torch.optim.SGD(weights, lr=0.1, momentum=0.9),
    "adam": lambda weights: torch.optim.Adam(weights, lr=0.1),
}


def size(*tensors: Any) -> int:
    return sum(one.numel() * one.element_size() for one in tensors)


def bytes_kept(precision: str, optimizer: str) -> list[float]:
    """Of one step with 32 parameters: the bytes of each kind, a parameter."""
    weights = torch.randn(4, 8, dtype=torch.bfloat16 if precision == "mixed" else torch.float32, requires_grad=True)
    weights.square().sum().backward()
    master = weights.detach().float().requires_grad_() if precision == "mixed" else weights
    master.grad = weights.grad.float()
    method = OPTIMIZERS[optimizer]([master])
    method.step()
    state = [one for kept in method.state.values() for one in kept.values() if torch.is_tensor(one) and one.dim()]
    copies = [master] if precision == "mixed" else []
    return [found / weights.numel() for found in (size(weights), size(weights.grad), size(*copies), size(*state))]


def test_bytes_of_a_parameter() -> None:
    seen = set()
    for variant in variants("training-memory", all_levels=True):
        run = variant.params["precision"], variant.params["optimizer"]
        if run not in seen:
            assert agrees(variant.values.per_parameter, bytes_kept(*run)), run
        seen.add(run)
    assert len(seen) == 6


def test_checkpoints_compute_every_layer_twice_and_change_no_gradient() -> None:
    variant = find_problem("training-memory").printed()
    layers, length = int(variant.params["layers"]), int(variant.values.best_segment)
    calls: Counter[int] = Counter()
    stack = [torch.nn.Linear(3, 3, dtype=torch.float64) for _ in range(layers)]
    for place, layer in enumerate(stack):
        layer.register_forward_hook(lambda *_, place=place: calls.update([place]))
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    (plain,) = torch.autograd.grad(torch.nn.Sequential(*stack)(x).sum(), [x])
    assert set(calls.values()) == {1}
    calls.clear()
    signal = x
    with torch.utils.checkpoint.set_checkpoint_early_stop(enable=False):  # the library would leave the last layer out
        for start in range(0, layers, length):
            segment = torch.nn.Sequential(*stack[start : start + length])
            signal = torch.utils.checkpoint.checkpoint(segment, signal, use_reentrant=False)
        (again,) = torch.autograd.grad(signal.sum(), [x])
    assert torch.allclose(plain, again)
    assert set(calls.values()) == {2}
    assert len(calls) == layers


def test_cross_entropy_and_perplexity() -> None:
    for variant in variants("language-model-scores", all_levels=True):
        p = 0.5 ** tensor(variant.params["halvings"])
        logits = torch.stack([p, 1 - p], dim=1).log()
        loss = torch.nn.functional.cross_entropy(logits, torch.zeros(len(p), dtype=torch.long))
        assert agrees(variant.values.nats, float(loss))
        assert agrees(variant.values.perplexity, float(loss.exp()))


def test_skip_gram_with_negative_sampling() -> None:
    functional = torch.nn.functional
    for variant in variants("language-model-scores", all_levels=True):
        others = tensor(variant.params["others"])
        (v,) = learned(tensor(variant.params["b"]).log())
        targets = torch.tensor([1.0] + [0.0] * (len(others) - 1), dtype=torch.float64)
        loss = functional.binary_cross_entropy_with_logits(others @ v, targets, reduction="sum")
        loss.backward()
        assert agrees(variant.values.sigmas, array(torch.sigmoid(others @ v)))
        assert agrees(variant.values.pair_loss, float(loss.detach()))
        assert agrees(variant.values.gradient_center, array(v.grad))


def test_beams_of_width_two() -> None:
    for variant in variants("language-model-scores", all_levels=True):
        start, table = tensor(variant.params["start"]), tensor(variant.params["table"])
        prefixes, scores = torch.empty(1, 0, dtype=torch.long), torch.zeros(1, dtype=torch.float64)
        for place in range(int(variant.params["length"])):
            after = table[prefixes[:, -1]] if place else start[None]
            scores, best = (scores[:, None] + after.log()).flatten().topk(2)
            prefixes = torch.cat([prefixes[best // len(start)], (best % len(start))[:, None]], dim=1)
        assert variant.values.beam == "".join("ABC"[one] for one in prefixes[0])
        assert abs(float(scores[0].exp()) - to_float(variant.values.beam_probability)) < 1e-9
