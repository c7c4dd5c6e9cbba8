r"""The size and the cost of a decoder, counted from its description: parameters, key-value cache, FLOPs of a token, and adapters.

Blocks as in Vaswani and others, *Attention Is All You Need* (2017), with the norm first; grouped queries as in Ainslie and others, *GQA*
(2023); SwiGLU as in Shazeer, *GLU Variants Improve Transformer* (2020); adapters as in Hu and others, *LoRA* (2022), section 4.1; a
multiply-add is two operations, as in Hoffmann and others, *Training Compute-Optimal Large Language Models* (2022), appendix F.
"""

# ruff: noqa: A002, A006 - a parameter of the problem is called bytes

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from generator import (
    Bank, Content, Draw, Figure, InputError, Level, Number, Part, Problem, Values,
    expected, one_of, optional, read_flag, required, say, some_of, steps, whole,
)  # fmt: skip
from generator.document.figures.blocks import Block, Entry, blocks_scene

# ------------------------------------------------------------------------------------------ the sampler


EQUAL = {(2, 2): 1, (3, 3): 1, (4, 4): 1}
SHARED = {(6, 3): 5, (8, 4): 6, (4, 2): 1, (6, 2): 9, (8, 2): 8, (4, 1): 3, (6, 1): 5, (8, 1): 5}
MORE_SHARED = {
    (6, 3): 1, (8, 4): 1, (10, 5): 1, (12, 6): 1, (6, 2): 1, (9, 3): 1, (12, 4): 1, (8, 2): 2, (12, 3): 1, (10, 2): 2, (6, 1): 2,
    (12, 2): 1, (8, 1): 2, (9, 1): 2, (10, 1): 2, (12, 1): 2,
}  # fmt: skip
"""How often a model has so many query heads, and key and value heads: no quotient and no width of the keys is common."""


def _sample(
    draw: Draw,
    level: str,
    head_widths: Sequence[int],
    heads: Mapping[tuple[int, int], int],
    layers: tuple[int, int],
    vocabulary: Sequence[int],
    context: Sequence[int],
    bytes: Sequence[int],
) -> Mapping[str, Any]:
    """A description whose widths, vocabulary and context are all different, so that no two of them can be mixed up unseen."""
    query_heads, kv_heads = draw.weighted(heads)
    width = query_heads * draw.choice(head_widths)
    draw.require(width > 8, "no rank fits")
    mlp_kind = draw.choice(("gelu", "swiglu"))
    hidden = 4 * width if mlp_kind == "gelu" else width * draw.choice((4, 6) if width % 2 else (4, 5, 6)) // 2
    norm = draw.choice(("layer", "rms"))
    seen = draw.choice(context)
    given = {
        "layers": draw.integer(*layers),
        "width": width,
        "heads": query_heads,
        "kv_heads": kv_heads,
        "mlp_kind": mlp_kind,
        "hidden": hidden,
        "vocabulary": draw.choice(vocabulary),
        "tied": draw.choice((True, False)),
        "biases": norm == "layer" and draw.choice((True, False)),
        "norm": norm,
        "positions": draw.choice((0, 0, seen, 2 * seen)),
        "context": seen,
        "batch": draw.integer(2, 8),
        "bytes": draw.choice(bytes),
        "rank": draw.integer(2, min(8, (width - 1) // 4)),
    }
    draw.require(len({width, hidden, given["vocabulary"], seen}) == 4, "two of the sizes are equal")
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


sample_easy = partial(
    _sample,
    level="easy",
    head_widths=(4, 5, 6, 10),
    heads=EQUAL,
    layers=(3, 5),
    vocabulary=range(50, 201, 10),
    context=(10, 20),
    bytes=(2, 4),
)
sample = partial(
    _sample,
    level="standard",
    head_widths=(4, 5, 8, 8, 10, 10),
    heads=SHARED,
    layers=(3, 6),
    vocabulary=range(200, 1001, 50),
    context=range(50, 201, 10),
    bytes=(2, 4),
)
sample_hard = partial(
    _sample,
    level="hard",
    head_widths=(10, 16, 20, 25),
    heads=MORE_SHARED,
    layers=(6, 12),
    vocabulary=range(1000, 10_001, 500),
    context=range(100, 1001, 50),
    bytes=(1, 2),
)


LARGE, LARGEST = 10**6, 6 * 10**7
ALONE, SHARING, SHARING_AND_LARGE = (51, 66), (60, 75), (78, 90)
"""How many digits there may be to write: where no heads share keys, where they do, and where the model is large as well."""


def accept(
    heads: Any, kv_heads: Any, attention_weights: Any, attention_biases: Any, attention: Any, mlp_weights: Any, mlp_biases: Any,
    mlp: Any, norm_size: Any, block: Any, embedding: Any, position_table: Any, head: Any, total: Any, cache_numbers: Any,
    cache_bytes: Any, multiply_adds: Any, flops_token: Any, lora: Any,
) -> bool:  # fmt: skip
    """a total above sixty million, or unusually few or many digits to write"""
    numbers = (
        attention_weights, attention_biases, attention, mlp_weights, mlp_biases, mlp, norm_size, block, embedding, position_table,
        head, total, cache_numbers, cache_bytes, multiply_adds, flops_token, lora,
    )  # fmt: skip
    shared = SHARING_AND_LARGE if total >= LARGE else SHARING
    least, most = shared if grouped(heads, kv_heads) else ALONE
    return bool(total <= LARGEST) and least <= sum(len(f"{number}") for number in numbers if number) <= most


def require(width: Any, heads: Any, kv_heads: Any) -> None:
    """Heads that divide the width, and key and value heads that divide the heads."""
    if width % heads:
        raise InputError(expected(f"a divisor of the width {width}", heads), field="heads")
    if heads % kv_heads:
        raise InputError(expected(f"a divisor of the {heads} heads", kv_heads), field="kv_heads")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def products_of_a_token(
    layers: Any, attention_weights: Any, mlp_weights: Any, width: Any, vocabulary: Any, context: Any
) -> Any:
    """The multiply-adds of all matrices, of the scores, of the weighted sums and of the logits."""
    return layers * (attention_weights + mlp_weights + 2 * width * context) + width * vocabulary


def normed_block(attention: Any, mlp: Any, norm_size: Any) -> Any:
    """A block with a norm before the attention and one before the MLP."""
    return attention + mlp + 2 * norm_size


SOLUTION = steps(
    head_dim=lambda width, heads: width / heads,
    kv_width=lambda kv_heads, head_dim: kv_heads * head_dim,
    attention_weights=lambda width, kv_width: 2 * width**2 + 2 * width * kv_width,
    attention_biases=lambda width, kv_width, biases: 2 * (width + kv_width) if biases else 0,
    attention=lambda attention_weights, attention_biases: attention_weights + attention_biases,
    matrices=lambda mlp_kind: {"gelu": 2, "swiglu": 3}[mlp_kind],
    mlp_weights=lambda matrices, width, hidden: matrices * width * hidden,
    mlp_biases=lambda matrices, width, hidden, biases: (matrices - 1) * hidden + width if biases else 0,
    mlp=lambda mlp_weights, mlp_biases: mlp_weights + mlp_biases,
    norm_size=lambda norm, width: {"layer": 2, "rms": 1}[norm] * width,
    block=normed_block,
    embedding=lambda vocabulary, width: vocabulary * width,
    position_table=lambda positions, width: positions * width,
    head=lambda tied, vocabulary, width: 0 if tied else vocabulary * width,
    total=lambda layers, block, embedding, position_table, norm_size, head: (
        layers * block + embedding + position_table + norm_size + head
    ),
    cache_numbers=lambda layers, kv_width, context, batch: 2 * layers * kv_width * context * batch,
    cache_bytes=lambda cache_numbers, bytes: cache_numbers * bytes,
    cache_saving=lambda heads, kv_heads: heads / kv_heads,
    multiply_adds=products_of_a_token,
    flops_token=lambda multiply_adds: 2 * multiply_adds,
    lora=lambda layers, rank, width, kv_width: layers * (rank * 2 * width + rank * (width + kv_width)),
)


def grouped(heads: Any, kv_heads: Any) -> bool:
    """Several heads share the same keys and values."""
    return bool(heads > kv_heads)


def several_bytes(bytes: Any) -> bool:
    """A cached number takes more than one byte."""
    return bool(bytes > 1)


def low_rank(rank: Any, width: Any) -> bool:
    """The rank is below the width."""
    return bool(rank < width)


BANK = Bank.beside(
    __file__,
    grouped,
    low_rank,
    several_bytes,
    weights_of_block=lambda attention_weights, mlp_weights: attention_weights + mlp_weights,
    crossover=lambda attention_weights, mlp_weights, width: (attention_weights + mlp_weights) / (2 * width),
    one_matrix=lambda width, hidden: width * hidden,
    twice_width=lambda width: 2 * width,
    twice_batch=lambda batch: 2 * batch,
    twice_context=lambda context: 2 * context,
    twice_vocabulary=lambda vocabulary: 2 * vocabulary,
    twice_layers=lambda layers: 2 * layers,
    twice_rank=lambda rank: 2 * rank,
    more_multiply_adds=lambda layers, width, context: layers * 2 * width * context,
    per_word=lambda width, tied: width if tied else 2 * width,
    without_words=lambda total, embedding, head: total - embedding - head,
    tables=lambda tied: 1 if tied else 2,
    other_hidden=lambda matrices, hidden: matrices * hidden / (5 - matrices),
    other_matrices=lambda matrices: 5 - matrices,
    sum_of_scores=lambda layers, width, context: layers * width * context * (context + 1),
)

# ------------------------------------------------------------------------------ what students do instead


MISTAKES = [
    BANK.mistake("all_heads_have_keys", kv_width=lambda heads, head_dim: heads * head_dim, applies=grouped),
    BANK.mistake(
        "output_projection_forgotten",
        attention_weights=lambda width, kv_width: width**2 + 2 * width * kv_width,
        attention_biases=lambda width, kv_width, biases: width + 2 * kv_width if biases else 0,
    ),
    BANK.mistake(
        "every_head_full_width",
        attention_weights=lambda width, heads, kv_heads: (heads + 2 * kv_heads + 1) * width**2,
        attention_biases=lambda width, heads, kv_heads, biases: (heads + 2 * kv_heads + 1) * width if biases else 0,
        applies=lambda heads: heads > 1,
    ),
    BANK.mistake("attention_biases_forgotten", attention_biases=lambda: 0, applies=lambda biases: biases),
    BANK.mistake("two_matrices", matrices=lambda: 2, applies=lambda mlp_kind: mlp_kind == "swiglu"),
    BANK.mistake("three_matrices", matrices=lambda: 3, applies=lambda mlp_kind: mlp_kind == "gelu"),
    BANK.mistake("mlp_biases_forgotten", mlp_biases=lambda: 0, applies=lambda biases: biases),
    BANK.mistake("mlp_output_bias_only", mlp_biases=lambda width: width, applies=lambda biases: biases),
    BANK.mistake("one_norm", block=lambda attention, mlp, norm_size: attention + mlp + norm_size),
    BANK.mistake("rms_with_shift", norm_size=lambda width: 2 * width, applies=lambda norm: norm == "rms"),
    BANK.mistake("no_shift", norm_size=lambda width: width, applies=lambda norm: norm == "layer"),
    BANK.mistake("head_counted_again", head=lambda embedding: embedding, applies=lambda tied: tied),
    BANK.mistake("head_forgotten", head=lambda: 0, applies=lambda tied: not tied),
    BANK.mistake(
        "final_norm_forgotten",
        total=lambda layers, block, embedding, position_table, head: layers * block + embedding + position_table + head,
    ),
    BANK.mistake(
        "keys_only", cache_numbers=lambda layers, kv_width, context, batch: layers * kv_width * context * batch
    ),
    BANK.mistake(
        "one_layer",
        cache_numbers=lambda kv_width, context, batch: 2 * kv_width * context * batch,
        applies=lambda layers: layers > 1,
    ),
    BANK.mistake("numbers_not_bytes", cache_bytes=lambda cache_numbers: cache_numbers, applies=several_bytes),
    BANK.mistake("one_per_multiply_add", flops_token=lambda multiply_adds: multiply_adds),
    BANK.mistake(
        "scores_forgotten",
        multiply_adds=lambda layers, attention_weights, mlp_weights, width, vocabulary: (
            layers * (attention_weights + mlp_weights) + width * vocabulary
        ),
    ),
    BANK.mistake(
        "logits_forgotten",
        multiply_adds=lambda layers, attention_weights, mlp_weights, width, context: (
            layers * (attention_weights + mlp_weights + 2 * width * context)
        ),
    ),
    BANK.mistake(
        "lookup_as_product",
        multiply_adds=lambda layers, attention_weights, mlp_weights, width, vocabulary, context: (
            products_of_a_token(layers, attention_weights, mlp_weights, width, vocabulary, context) + width * vocabulary
        ),
    ),
    BANK.mistake(
        "product_not_sum",
        lora=lambda layers, rank, width, kv_width: layers * rank * width * (width + kv_width),
    ),
    BANK.mistake("full_update", lora=lambda layers, width, kv_width: layers * width * (width + kv_width)),
    BANK.mistake("one_factor", lora=lambda layers, rank, width: layers * rank * 2 * width),
]


# ------------------------------------------------------------------------------------ the second opinion


def entries(*shapes: tuple[int, ...]) -> int:
    """How many numbers tensors of these shapes hold, by numpy, without the memory for them."""
    return sum(np.broadcast_to(0.0, shape).size for shape in shapes)


def check(
    layers: float, width: float, heads: float, kv_heads: float, mlp_kind: str, hidden: float, vocabulary: float,
    tied: bool, biases: bool, norm: str, positions: float, context: float, batch: float, bytes: float, rank: float,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: the shapes of all tensors one by one, a cache of so many bytes, and the products of a token head by head."""
    L, d, H, G, m, V = (int(x) for x in (layers, width, heads, kv_heads, hidden, vocabulary))
    per_head = d // H
    queries = [(d, per_head)] * H
    keys = [(d, per_head)] * G
    projections = [*queries, *keys, *keys, (d, d)]
    mlp = [(d, m), *([(d, m)] if mlp_kind == "swiglu" else []), (m, d)]
    of_attention, of_mlp = (
        [*matrices, *([(one[1],) for one in matrices] if biases else [])] for matrices in (projections, mlp)
    )
    one_norm = [(d,), *([(d,)] if norm == "layer" else [])]
    block = [*of_attention, *of_mlp, *one_norm, *one_norm]
    around = [(V, d), (int(positions), d), *one_norm, *([] if tied else [(d, V)])]
    cache = np.broadcast_to(np.zeros((), f"V{int(bytes)}"), (L, 2, int(batch), G, int(context), per_head))
    full = np.broadcast_to(0.0, (L, 2, int(batch), H, int(context), per_head))
    seen = [(per_head, int(context)), (int(context), per_head)]
    products = L * entries(*projections, *mlp, *(shape for _ in range(H) for shape in seen)) + entries((d, V))
    adapted = [(d, d), (d, G * per_head)]
    return {
        "kv_width": sum(columns for _, columns in keys),
        "attention": entries(*of_attention),
        "mlp": entries(*of_mlp),
        "block": entries(*block),
        "total": L * entries(*block) + entries(*around),
        "cache_numbers": cache.size,
        "cache_bytes": cache.nbytes,
        "cache_saving": full.size / cache.size,
        "multiply_adds": products,
        "flops_token": 2 * products,
        "lora": L * sum(entries((rows, int(rank)), (int(rank), columns)) for rows, columns in adapted),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return [BANK.text("preamble", v), say(description_table(v)), BANK.text("rules", v), block_figure(v)]


def description_table(v: Values) -> str:
    """The description, one line an entry, in two columns side by side."""
    words = {"gelu": "GELU", "swiglu": "SwiGLU", "layer": "LayerNorm", "rms": "RMSNorm", True: "yes", False: "no"}
    rows = [
        ("layers (blocks)", v.layers, "vocabulary", v.vocabulary),
        ("width", v.width, "output layer tied", words[v.tied]),
        ("query heads", v.heads, "positions", f"table of {v.positions} rows" if v.positions else "rotary"),
        ("key and value heads", v.kv_heads, "context", v.context),
        ("MLP", words[v.mlp_kind], "batch", v.batch),
        ("MLP width", v.hidden, "bytes of a cached number", v["bytes"]),
        ("biases", words[v.biases], "LoRA rank", v.rank),
        ("norm", words[v.norm], "", ""),
    ]
    lines = ["| of the model | | of the model and its use | |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


def block_figure(v: Values) -> Figure:
    """A block as boxes, with the shapes of its matrices and a blank for two of them, which the key fills in."""
    width, hidden = f"{v.width}", f"{v.hidden}"
    inner = [Entry((f"gate {width} × {hidden}",))] if v.mlp_kind == "swiglu" else []
    norm = Block(("Norm",), style="norm")
    attention = Block(
        ("Attention",),
        [
            Entry((f"query {width} × {width}",)),
            Entry(("key",), f"{width} × {v.kv_width}"),
            Entry(("value, as the key",)),
            Entry((f"output {width} × {width}",)),
        ],
        "linear",
    )
    mlp = Block(
        ("MLP",),
        [*inner, Entry((f"up {width} × {hidden}",)), Entry(("down",), f"{hidden} × {width}")],
        "linear",
    )

    def scene(filled: bool) -> Any:
        described = (
            "One block, with a residual connection around the first norm and the attention, and another around the second norm and "
            "the MLP; matrices as inputs times outputs."
        )
        return blocks_scene(
            "A block of the decoder", [norm, attention, norm, mlp], described, filled=filled, residuals=[(0, 1), (2, 3)]
        )

    return Figure("decoder-block", scene(filled=False), scene(filled=True))


def parts(v: Values) -> Iterator[Part]:
    with_or_without = "biased" if v.biases else "unbiased"
    yield BANK.part("kv_width", v, Number("kv_width"))
    yield BANK.part("attention", v, Number("attention"), case=with_or_without)
    yield BANK.part("mlp", v, Number("mlp"), case=with_or_without, gates=v.matrices - 1)
    yield BANK.part("block", v, Number("block"), norm_text=BANK.text(f"norms.{v.norm}", v))
    yield BANK.part(
        "total",
        v,
        Number("total"),
        tied_text=BANK.text("heads.tied" if v.tied else "heads.untied", v),
        position_text=BANK.text("places.learned" if v.positions else "places.rotary", v),
    )
    yield BANK.part("cache_numbers", v, Number("cache_numbers"))
    yield BANK.part("cache_bytes", v, Number("cache_bytes"))
    if grouped(v.heads, v.kv_heads):
        yield BANK.part("cache_saving", v, Number("cache_saving"))
    yield BANK.part("multiply_adds", v, Number("multiply_adds"))
    yield BANK.part("flops_token", v, Number("flops_token"))
    yield BANK.part("lora", v, Number("lora"))
    yield Part("question", *BANK.essay("question", v))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


# ------------------------------------------------------------------------------------- what makes it fair

DESCRIBED = (
    "layers", "width", "heads", "kv_heads", "mlp_kind", "hidden", "vocabulary", "tied", "biases", "norm", "positions", "context",
    "batch", "bytes", "rank",
)  # fmt: skip


def canonical(params: Mapping[str, Any]) -> Any:
    """The description; not the questions in words."""
    return [params[name] for name in DESCRIBED]


def signature(v: Values) -> Mapping[str, Any]:
    """Whether heads share keys and values, how many digits the total has, and how many claims there are to judge."""
    return {"grouped": grouped(v.heads, v.kv_heads), "large": bool(v.total >= LARGE), "claims": len(v.claims)}


PROBLEM = Problem(
    id="transformer-size",
    title="Counting a decoder",
    topic="transformers",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "layers": required(whole(1, 1000)),
        "width": required(whole(1, 10**5)),
        "heads": required(whole(1, 10**4)),
        "kv_heads": required(whole(1, 10**4)),
        "mlp_kind": required(one_of(["gelu", "swiglu"])),
        "hidden": required(whole(1, 10**6)),
        "vocabulary": required(whole(1, 10**6)),
        "tied": required(read_flag),
        "biases": required(read_flag),
        "norm": required(one_of(["layer", "rms"])),
        "positions": required(whole(0, 10**6)),
        "context": required(whole(1, 10**6)),
        "batch": required(whole(1, 1000)),
        "bytes": required(whole(1, 16)),
        "rank": required(whole(1, 10**5)),
        "question": optional(one_of(BANK["question"]), "longer_than"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    accept=accept,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "layers": 3,
        "width": 40,
        "heads": 8,
        "kv_heads": 2,
        "mlp_kind": "swiglu",
        "hidden": 100,
        "vocabulary": 500,
        "tied": True,
        "biases": False,
        "norm": "rms",
        "positions": 0,
        "context": 100,
        "batch": 4,
        "bytes": 2,
        "rank": 2,
        "claims": ["fewer_keys", "tying_saves"],
    },
    canonical=canonical,
    signature=signature,
    standard={"grouped": True, "large": False, "claims": 2},
    possible={"cache_saving": 5},
    variants=100_000,
    easy=Level(sample_easy, {"grouped": False, "large": False, "claims": 2}, variants=100_000),
    hard=Level(sample_hard, {"grouped": True, "large": True, "claims": 2}, variants=100_000),
)
