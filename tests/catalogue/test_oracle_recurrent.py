"""PyTorch as an oracle for recurrent networks: `RNN`, `LSTMCell` and `GRUCell`, autograd and clipping by norm."""

from __future__ import annotations

from typing import Any

import pytest

from generator.numbers.exact import to_float
from generator.problem.audit import agrees
from tests.catalogue.oracle import array, learned, tensor, tensors, torch, variants

pytestmark = pytest.mark.heavy


def run(given: dict[str, Any], W: Any, U: Any) -> list[Any]:
    """The states from h₀ on, step by step."""
    states = [given["h0"]]
    for entry in given["x"]:
        z = W @ states[-1] + U * entry
        states.append(torch.relu(z) if given["activation"] == "relu" else z)
    return states


def test_a_recurrent_network_unrolled() -> None:
    for variant in variants("rnn-unrolled", all_levels=True):
        given, values = tensors(variant.params), variant.values
        W, U = learned(given["W"], given["U"])
        states = run(given, W, U)
        for state in states[1:]:
            state.retain_grad()
        loss = 0.5 * torch.nn.functional.mse_loss(given["v"] @ states[-1], given["y"])
        loss.backward()
        assert agrees(values.states, array(torch.stack(states)))
        assert agrees(values.loss, float(loss.detach()))
        assert agrees(values.adjoints, array(torch.stack([state.grad for state in states[1:]])))
        assert agrees(values.gradient_W, array(W.grad))
        assert agrees(values.gradient_U, array(U.grad))
        if given["activation"] == "relu":
            network = torch.nn.RNN(1, len(U), nonlinearity="relu", bias=False, dtype=torch.float64)
            network.weight_ih_l0.data, network.weight_hh_l0.data = given["U"][:, None], given["W"]
            found, _ = network(given["x"][:, None], given["h0"][None, :])
            assert agrees(values.states[1:], array(found))


def test_clipping_by_norm() -> None:
    for variant in variants("rnn-unrolled"):
        given = tensors(variant.params)
        (weights,) = learned(torch.zeros_like(given["raw"]))
        weights.grad = given["raw"].clone()
        torch.nn.utils.clip_grad_norm_([weights], float(given["threshold"]))
        assert agrees(variant.values.clipped, array(weights.grad), 1e-5)  # it adds 1e-6 to the norm


def test_gated_cells() -> None:
    seen = set()
    for variant in variants("rnn-unrolled"):
        params, values = variant.params, variant.values
        seen.add(params["cell"])
        gates, candidate = tensor(params["gate_ratios"]).log(), tensor(params["candidate_ratio"]).log()
        (state,) = learned(tensor(params["previous"]).reshape(1, 1))
        nothing = torch.zeros(1, 1, dtype=torch.float64)
        cell: Any
        if params["cell"] == "lstm":  # its biases are those of input gate, forget gate, candidate and output gate
            cell = torch.nn.LSTMCell(1, 1, dtype=torch.float64)
            biases = torch.stack([gates[1], gates[0], candidate, torch.zeros((), dtype=torch.float64)])
        else:  # reset gate, update gate, candidate
            cell = torch.nn.GRUCell(1, 1, dtype=torch.float64)
            biases = torch.stack([torch.zeros((), dtype=torch.float64), gates[0], candidate])
        for name, parameter in cell.named_parameters():
            parameter.data = biases if name == "bias_ih" else torch.zeros_like(parameter)
        if params["cell"] == "lstm":
            _, found = cell(nothing, (nothing, state))
        else:
            found = cell(nothing, state)
        assert agrees(values.cell_state, float(found.detach()))
        found.sum().backward()
        assert agrees(values.carry, float(state.grad) ** to_float(params["cell_steps"]))
    assert seen == {"lstm", "gru"}
