"""PyTorch as an oracle: attention, and the size and the cost of decoders."""

from __future__ import annotations

from typing import Any

import pytest

from generator.problem.audit import agrees
from tests.catalogue.oracle import array, tensors, torch, variants

pytestmark = pytest.mark.heavy


def test_scaled_dot_product_attention() -> None:
    attend = torch.nn.functional.scaled_dot_product_attention
    for variant in variants("attention", all_levels=True):
        given, values = tensors(variant.params), variant.values
        Q, V = given["Q"], given["V"]
        K = Q.shape[1] ** 0.5 * given["B"].log()
        assert agrees(values.scores, array(Q @ K.T))
        # With the identity as values, the outputs are the weights.
        assert agrees(values.weights, array(attend(Q, K, torch.eye(len(Q), dtype=torch.float64))))
        assert agrees(values.output, array(attend(Q, K, V)))
        assert agrees(values.causal_output, array(attend(Q, K, V, is_causal=True)))
        order = list(range(len(Q)))
        i, j = (int(place) - 1 for place in variant.params["swap"])
        order[i], order[j] = j, i
        assert agrees(values.swapped_output, array(attend(Q, K[order], V)[int(variant.params["token"]) - 1]))
        assert agrees(values.output, array(attend(Q, K[order], V[order])))
        assert values.swapped_both == "unchanged"


def test_many_heads() -> None:
    for variant in variants("attention", all_levels=True):
        batch, length, width, heads = (int(variant.params[name]) for name in ("batch", "length", "width", "heads"))
        values = variant.values
        layer = torch.nn.MultiheadAttention(width, heads, bias=False, batch_first=True, device="meta")
        assert agrees(values.projection_parameters, sum(one.numel() for one in layer.parameters()))
        assert agrees(values.head_width, layer.head_dim)
        x = torch.empty(batch, length, width, device="meta")
        output, weights = layer(x, x, x, average_attn_weights=False)
        assert agrees(values.shape_scores, tuple(weights.shape))
        assert agrees(values.shape_merged, tuple(output.shape))
        assert agrees(values.shape_heads, tuple(x.unflatten(-1, (heads, layer.head_dim)).transpose(1, 2).shape))


class Attention(torch.nn.Module):  # type: ignore[misc]
    """Grouped queries, for one token against a cache of keys and values."""

    def __init__(self, width: int, heads: int, kv_heads: int, bias: bool) -> None:
        super().__init__()
        head = width // heads
        self.heads, self.kv_heads = heads, kv_heads
        self.query = torch.nn.Linear(width, width, bias=bias)
        self.key = torch.nn.Linear(width, kv_heads * head, bias=bias)
        self.value = torch.nn.Linear(width, kv_heads * head, bias=bias)
        self.output = torch.nn.Linear(width, width, bias=bias)

    def forward(self, x: Any, keys: Any, values: Any) -> Any:
        """``keys`` and ``values`` have the axes heads, positions before the token, head width."""
        keys = torch.cat([keys, self.key(x).unflatten(-1, (self.kv_heads, -1)).transpose(0, 1)], dim=1)
        values = torch.cat([values, self.value(x).unflatten(-1, (self.kv_heads, -1)).transpose(0, 1)], dim=1)
        queries = self.query(x).unflatten(-1, (self.heads, -1)).transpose(0, 1)
        keys, values = (one.repeat_interleave(self.heads // self.kv_heads, dim=0) for one in (keys, values))
        return self.output((torch.softmax(queries @ keys.mT, dim=-1) @ values).transpose(0, 1).flatten(1))


class Block(torch.nn.Module):  # type: ignore[misc]
    """A pre-norm block."""

    def __init__(self, given: Any) -> None:
        super().__init__()
        width, hidden, bias = int(given["width"]), int(given["hidden"]), given["biases"]
        norm = torch.nn.LayerNorm if given["norm"] == "layer" else torch.nn.RMSNorm
        self.norms = torch.nn.ModuleList([norm(width), norm(width)])
        self.attention = Attention(width, int(given["heads"]), int(given["kv_heads"]), bias)
        gates = 2 if given["mlp_kind"] == "swiglu" else 1
        self.inner = torch.nn.ModuleList([torch.nn.Linear(width, hidden, bias=bias) for _ in range(gates)])
        self.down = torch.nn.Linear(hidden, width, bias=bias)

    def forward(self, x: Any, keys: Any, values: Any) -> Any:
        x = x + self.attention(self.norms[0](x), keys, values)
        first, *gate = (one(self.norms[1](x)) for one in self.inner)
        return x + self.down(torch.nn.functional.silu(first) * gate[0] if gate else torch.nn.functional.gelu(first))


class Decoder(torch.nn.Module):  # type: ignore[misc]
    """A whole model as it is described."""

    def __init__(self, given: Any) -> None:
        super().__init__()
        width, vocabulary, positions = (int(given[name]) for name in ("width", "vocabulary", "positions"))
        self.embedding = torch.nn.Embedding(vocabulary, width)
        self.positions = torch.nn.Embedding(positions, width) if positions else None
        self.blocks = torch.nn.ModuleList([Block(given) for _ in range(int(given["layers"]))])
        self.norm = torch.nn.LayerNorm(width) if given["norm"] == "layer" else torch.nn.RMSNorm(width)
        self.head = torch.nn.Linear(width, vocabulary, bias=False)
        if given["tied"]:
            self.head.weight = self.embedding.weight

    def forward(self, token: Any, cache: Any) -> Any:
        x = self.embedding(token)
        for block, (keys, values) in zip(self.blocks, cache, strict=True):
            x = block(x, keys, values)
        return self.head(self.norm(x))


def count(*modules: Any) -> int:
    return sum(one.numel() for module in modules for one in module.parameters())


def test_size_and_cost_of_decoders() -> None:
    from torch.utils.flop_counter import FlopCounterMode

    for variant in variants("transformer-size", all_levels=True):
        given, values = variant.params, variant.values
        with torch.device("meta"):
            model = Decoder(given)
            block = model.blocks[0]
            assert agrees(values.attention, count(block.attention))
            assert agrees(values.mlp, count(block.inner, block.down))
            assert agrees(values.block, count(block))
            assert agrees(values.total, count(model))  # shared parameters are counted once
            kv_heads, context, batch = (int(given[name]) for name in ("kv_heads", "context", "batch"))
            head = int(values.head_dim)
            before = [[torch.empty(kv_heads, context - 1, head) for _ in range(2)] for _ in model.blocks]
            counter = FlopCounterMode(display=False)
            with counter:
                logits = model(torch.zeros(1, dtype=torch.long), before)
            assert logits.shape == (1, int(given["vocabulary"]))
            assert agrees(values.flops_token, counter.get_total_flops())
            kind = {1: torch.int8, 2: torch.float16, 4: torch.float32}[int(given["bytes"])]
            cache = [torch.empty(2, batch, kv_heads, context, head, dtype=kind) for _ in model.blocks]
            assert agrees(values.cache_numbers, sum(one.numel() for one in cache))
            assert agrees(values.cache_bytes, sum(one.numel() * one.element_size() for one in cache))
            rank = int(given["rank"])
            adapters = [
                torch.nn.Linear(*shape, bias=False)
                for one in model.blocks
                for layer in (one.attention.query, one.attention.value)
                for shape in ((layer.in_features, rank), (rank, layer.out_features))
            ]
            assert agrees(values.lora, count(*adapters))
