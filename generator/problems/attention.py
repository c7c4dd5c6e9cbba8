r"""Scaled dot-product attention by hand: scores, weights, outputs, a causal mask, keys that change places, and shapes for many heads.

Vaswani and others, *Attention Is All You Need* (2017), equation 1 and section 3.2.2; shapes and scale as in PyTorch's
``scaled_dot_product_attention``, whose output the oracle tests compare.  Keys are √d times logarithms of small numbers, so that the
exponential of every scaled score is a fraction, and so is every weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce
from math import isqrt, prod
from typing import Any

import numpy as np
from sympy import factorint

from generator import (
    Array, Bank, Choice, Content, Draw, Figure, InputError, Level, Matrix, Number, Part, Problem, Shape, Values, Vector,
    array, exact, expected, log, one_of, optional, read_matrix, read_vector, require_length, required, some_of, sqrt,
    steps, whole,
)  # fmt: skip
from generator.document.figures.heat_map import HeatMap, heat_map_scene
from generator.document.figures.scene import Scene
from generator.numbers import notation
from generator.numbers.exact import to_float


def three_tokens(Q: Array) -> bool:
    """There are at least three tokens, so that a mask hides one from token 2."""
    return len(Q) >= 3


def one_exchanged(swap: Array, token: Any) -> bool:
    """The token that is asked for is one of the two whose keys change places."""
    return token in (*swap,)


def other_of(swap: Array, token: Any) -> Any:
    """The other one of the two exchanged tokens."""
    return swap[1] if token == swap[0] else swap[0]


BANK = Bank.beside(
    __file__,
    three_tokens,
    one_exchanged,
    i=lambda swap: swap[0],
    j=lambda swap: swap[1],
    n=lambda Q: len(Q),
    d=lambda Q: Q.shape[1],
    more=lambda Q: len(Q) + 1,
    visible=lambda exponentials: exponentials[1, :2].sum(),
    whole_sum=lambda exponentials: exponentials[1].sum(),
    factor=lambda exponentials: exponentials[1].sum() / exponentials[1, :2].sum(),
    highest=lambda V: V[:, 0].max(),
    lowest=lambda V: V[:, 0].min(),
    mean_value=lambda V: V.mean(axis=0),
    copied=lambda exponentials, swap, token: exponentials[token - 1, swap[0] - 1],
    asked_sum=lambda exponentials, token: exponentials[token - 1].sum(),
    asked_sum_with_copy=lambda exponentials, swap, token: (
        exponentials[token - 1].sum() + exponentials[token - 1, swap[0] - 1]
    ),
    share_of_copy=lambda exponentials, swap, token: (
        exponentials[token - 1, swap[0] - 1] / (exponentials[token - 1].sum() + exponentials[token - 1, swap[0] - 1])
    ),
    twice_length=lambda length: 2 * length,
    twice_heads=lambda heads: 2 * heads,
)

# ------------------------------------------------------------------------------------------ the sampler

COLUMNS = 4
HEADS = (2, 3, 4, 5, 6, 8)
HEAD_WIDTHS = (4, 5, 8, 10, 16, 20)
SMALLEST, LARGEST = Fraction(1, 4), 12  # exponential of a scaled score
SUM, PARTS = 24, 3  # the largest numerator and denominator of a row's sum
VALUES = (*range(-4, 0), *range(1, 10))
TRIES = 400
MOST_POWER = 100  # of somebody's own queries, as powers of numbers


def binary_row(draw: Draw) -> list[int]:
    """A query with one or two ones."""
    places = draw.sample(range(COLUMNS), draw.integer(1, 2))
    return [int(place in places) for place in range(COLUMNS)]


def signed_row(draw: Draw) -> list[int]:
    """A query with one or two ones, with a 1 and a −1, or with a single 2."""
    kind = draw.choice(("ones", "ones", "signed", "two"))
    if kind == "ones":
        return binary_row(draw)
    first, second = draw.sample(range(COLUMNS), 2)
    entries = {first: 2} if kind == "two" else {first: 1, second: -1}
    return [entries.get(place, 0) for place in range(COLUMNS)]


def exponentials_of(Q: Sequence[Sequence[int]], B: Sequence[Sequence[int]]) -> list[list[Fraction]]:
    """For each query and key the product of the key's entries, to the powers that the query has."""
    return [
        [prod((Fraction(b) ** q for b, q in zip(key, query, strict=True)), start=Fraction(1)) for key in B]
        for query in Q
    ]


def is_pleasant(a: Sequence[Sequence[Fraction]]) -> bool:
    """The numbers are small, each row is uneven, and no two rows are alike."""
    sums = [sum(row, Fraction(0)) for row in a]
    return (
        all(SMALLEST <= entry <= LARGEST for row in a for entry in row)
        and all(len(set(row)) > 1 for row in a)
        and all(one.numerator <= SUM and one.denominator <= PARTS for one in sums)
        and len({tuple(entry / one for entry in row) for row, one in zip(a, sums, strict=True)}) == len(a)
    )


def queries_and_keys(draw: Draw, tokens: int, row: Any, entries: Sequence[int]) -> tuple[Any, Any, Any]:
    """Queries, the numbers whose logarithms the keys are, and the exponentials of the scaled scores, redrawn until these are pleasant."""
    for _ in range(TRIES):
        Q = [row(draw) for _ in range(tokens)]
        B = [[draw.choice(entries) for _ in range(COLUMNS)] for _ in range(tokens)]
        if is_pleasant(a := exponentials_of(Q, B)):
            break
    draw.require(is_pleasant(a), "the exponentials are large, even or alike")
    return Q, B, a


def _sample(draw: Draw, level: str, tokens: int, row: Any, entries: Sequence[int]) -> Mapping[str, Any]:
    """Queries, keys and values; two tokens that differ in what the exchange moves; and five different sizes."""
    Q, B, a = queries_and_keys(draw, tokens, row, entries)
    signed = any(entry not in (0, 1) for query in Q for entry in query)
    draw.require(row is binary_row or signed, "all queries have ones only")
    columns = [sum(column) for column in zip(*a, strict=True)]
    draw.require(a != [[*column] for column in zip(*a, strict=True)], "the scores are symmetric")
    draw.require(columns != [sum(row) for row in a], "the sums of rows and columns are equal")
    V = [[draw.choice(VALUES) for _ in range(2)] for _ in range(tokens)]
    if tokens > 2 and draw.integer(0, 1):
        V[draw.integer(0, tokens - 1)][draw.integer(0, 1)] = 0
    swap = sorted(draw.sample(range(1, tokens + 1), 2))
    token = draw.choice(swap)
    first, second = (place - 1 for place in swap)
    draw.require(V[first] != V[second] and a[token - 1][first] != a[token - 1][second], "the exchange does not show")
    heads, head_width = draw.choice(HEADS), draw.choice(HEAD_WIDTHS)
    sizes = {"batch": draw.integer(2, 9), "length": draw.integer(6, 30), "width": heads * head_width, "heads": heads}
    draw.require(len({*sizes.values(), head_width}) == 5, "two sizes are equal")
    given = {"Q": Q, "B": B, "V": V, "swap": swap, "token": token, **sizes}
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


# The numbers of which keys are made are weighted so that no score is common.
sample_easy = partial(_sample, level="easy", tokens=2, row=binary_row, entries=(1, 1, 2, 2, 3, 3, 4, 5, 5))
sample = partial(_sample, level="standard", tokens=3, row=binary_row, entries=(1, 1, 2, 3, 5))
sample_hard = partial(_sample, level="hard", tokens=3, row=signed_row, entries=(1, 2, 3))


WORK = {2: (41, 55), 3: (72, 107)}
"""For each number of tokens how much there may be to write, so that all variants take about equally long."""


def marks(numbers: Array) -> int:
    """The digits of fractions beyond the first of each, and their bars."""
    return sum(len(f"{abs(x.p)}") - 1 + (len(f"{x.q}") if x.q > 1 else 0) for x in numbers.flatten())


def accept(
    ratios: Array, weights: Array, output: Array, causal_weights: Array, causal_output: Array, swapped_output: Array,
    length: Any, width: Any, head_width: Any, projection_parameters: Any,
) -> bool:  # fmt: skip
    """numbers that are unusually short or long"""
    logarithms = sum(len(factorint(x.p)) + len(factorint(x.q)) for x in ratios.flatten())
    sizes = sum(len(f"{size}") for size in (length, width, head_width, projection_parameters))
    written = 3 * marks(weights) + 2 * marks(swapped_output) + 2 * logarithms + sizes
    least, most = WORK[len(ratios)]
    return least <= written + sum(map(marks, (output, causal_weights, causal_output))) <= most


def require(Q: Array, B: Array, V: Array, swap: Array, token: Any, width: Any, heads: Any) -> None:
    """A key and a value for each of two tokens or more, positive rational entries of B, positions, and heads that divide the width."""
    tokens = len(Q)
    if tokens < 2:
        raise InputError(expected("at least two tokens, the rows of Q", tokens), field="Q")
    if B.shape != Q.shape:
        raise InputError(expected(f"the shape of Q, {tokens} by {Q.shape[1]}", B.shape), field="B")
    require_length("V", V, tokens, "token")
    for entry in Q.flatten():
        if not entry.is_Rational or abs(entry) > MOST_POWER:
            raise InputError(expected(f"fractions from -{MOST_POWER} to {MOST_POWER}", entry), field="Q")
    for entry in B.flatten():
        if not entry.is_Rational or entry <= 0:
            raise InputError(expected("positive fractions, whose logarithms the keys are", entry), field="B")
    require_positions(swap, token, tokens)
    if width % heads:
        raise InputError(expected(f"a divisor of the width {width}", heads), field="heads")


def require_positions(swap: Array, token: Any, tokens: int) -> None:
    """Two different positions, and one that may be one of them."""
    require_length("swap", swap, 2, "of the two positions")
    for field, place in (("swap", swap[0]), ("swap", swap[1]), ("token", token)):
        if not place.is_Integer or not 1 <= place <= tokens:
            raise InputError(expected(f"a position, 1 to {tokens}", place), field=field)
    if swap[0] == swap[1]:
        raise InputError(expected("two different positions", [*swap]), field="swap")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def ratios(Q: Array, B: Array) -> Array:
    """The exponentials of q·k/√d: the products of the entries of B to the powers in Q."""
    return array([[reduce(exact.multiply, key) for key in B**query] for query in Q])


def place_of_example(Q: Array, keys: Array, scores: Array, swap: Array, token: Any) -> tuple[int, int]:
    """The row and column, from 0, of a score that is not 0: now the one with the most products, now the first, so that no answer is common."""
    rows, columns = scores.shape
    places = [(i, j) for i in range(rows) for j in range(columns)]
    other = [place for place in places if scores[place] != 0] or places
    if token != swap.min():
        return other[0]
    return max(
        other, key=lambda place: sum(q != 0 and k != 0 for q, k in zip(Q[place[0]], keys[place[1]], strict=True))
    )


def one_score(Q: Array, keys: Array, scores: Array, swap: Array, token: Any) -> Any:
    """The score that the guided part asks for."""
    return scores[place_of_example(Q, keys, scores, swap, token)]


def masked(exponentials: Array, hidden: Any = lambda query, key: key > query, instead: Any = 0) -> Array:
    """The exponentials with those that are hidden from a query replaced, by 0 where −∞ is added to the score."""
    return array(
        [[instead if hidden(i, j) else entry for j, entry in enumerate(row)] for i, row in enumerate(exponentials)]
    )


def normalized(exponentials: Array) -> Array:
    """Each row divided by its sum."""
    return exponentials / exponentials.sum(axis=1)[:, None]


def exchanged(row: Array, swap: Array) -> Array:
    """A vector, two of its entries exchanged."""
    i, j = (int(place) - 1 for place in swap)
    order = [{i: j, j: i}.get(place, place) for place in range(len(row))]
    return row[order]


SOLUTION = steps(
    keys=lambda B: sqrt(len(B[0])) * log(B),
    power=lambda: 1,
    ratios=ratios,
    scores=lambda ratios, Q: sqrt(len(Q[0])) * log(ratios),
    one_score=one_score,
    scaled=lambda ratios, power: power * log(ratios),
    exponentials=lambda ratios, power: ratios**power,
    row_sums=lambda exponentials: exponentials.sum(axis=1),
    weights=lambda exponentials: normalized(exponentials),
    output=lambda weights, V: weights @ V,
    causal_exponentials=lambda exponentials: masked(exponentials),
    causal_weights=lambda causal_exponentials: normalized(causal_exponentials),
    causal_output=lambda causal_weights, V: causal_weights @ V,
    swapped_weights=lambda weights, swap, token: exchanged(weights[token - 1], swap),
    swapped_output=lambda swapped_weights, V: swapped_weights @ V,
    swapped_both=lambda: "unchanged",
    head_width=lambda width, heads: width / heads,
    shape_heads=lambda batch, length, heads, head_width: array([batch, heads, length, head_width]),
    shape_scores=lambda batch, length, heads: array([batch, heads, length, length]),
    shape_merged=lambda batch, length, width: array([batch, length, width]),
    projection_parameters=lambda width: 4 * width**2,
)

# ------------------------------------------------------------------------------ what students do instead


def root_is_whole(Q: Array) -> bool:
    """√d is a whole number, so that a power by it, or by its inverse, is a root at most."""
    d = Q.shape[1]
    return isqrt(d) ** 2 == d


MISTAKES = [
    BANK.mistake("no_scaling", power=lambda Q: sqrt(len(Q[0])), applies=root_is_whole),
    BANK.mistake("scale_by_d", power=lambda Q: 1 / sqrt(len(Q[0])), applies=root_is_whole),
    BANK.mistake("softmax_over_queries", weights=lambda exponentials: normalized(exponentials.T).T),
    BANK.mistake("keys_as_queries", ratios=lambda Q, B: ratios(Q, B).T),
    BANK.mistake("not_normalized", weights=lambda exponentials: exponentials),
    BANK.mistake(
        "weights_transposed",
        output=lambda weights, V: weights.T @ V,
        applies=lambda weights, output, V: bool(output != weights.T @ V),
    ),
    BANK.mistake("mask_forgotten", causal_exponentials=lambda exponentials: exponentials),
    BANK.mistake("mask_after_softmax", causal_weights=lambda exponentials: masked(normalized(exponentials))),
    BANK.mistake("mask_with_zero", causal_exponentials=lambda exponentials: masked(exponentials, instead=1)),
    BANK.mistake(
        "mask_the_past",
        causal_exponentials=lambda exponentials: masked(exponentials, hidden=lambda query, key: key < query),
    ),
    BANK.mistake("values_swapped_too", swapped_output=lambda output, token: output[token - 1]),
    BANK.mistake(
        "query_swapped",
        swapped_weights=lambda weights, swap, token: weights[other_of(swap, token) - 1],
        applies=one_exchanged,
    ),
    BANK.mistake("outputs_swapped", swapped_both=lambda: "exchanged"),
    BANK.mistake("heads_not_split", head_width=lambda width: width),
    BANK.mistake("times_heads", projection_parameters=lambda width, heads: 4 * width**2 * heads),
    BANK.mistake("no_output_projection", projection_parameters=lambda width: 3 * width**2),
]


# ------------------------------------------------------------------------------------ the second opinion


def attended(scores: np.ndarray, V: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Softmax over the keys, the largest score of each row subtracted, and the outputs."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights, weights @ V


def asked_score(Q: np.ndarray, K: np.ndarray, swap: np.ndarray, token: float) -> float:
    """The score of the guided part: of those that are not 0 the first, or the one with the most products."""
    scores = (Q @ K.T).flatten()
    products = ((Q[:, None] != 0) & (K != 0)).sum(axis=-1).flatten() if token == swap.min() else np.zeros(scores.size)
    return float(scores[np.where(abs(scores) > 1e-12, products, -1).argmax()])


def check(
    Q: np.ndarray, B: np.ndarray, V: np.ndarray, swap: np.ndarray, token: float,
    batch: float, length: float, width: float, heads: float,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: logarithms, a mask of −∞, rows that do change places, and tensors of zeros that are cut and turned."""
    tokens, d = Q.shape
    K = np.sqrt(d) * np.log(B)
    scores = Q @ K.T
    scaled = scores / np.sqrt(d)
    weights, output = attended(scaled, V)
    mask = np.where(np.tril(np.ones((tokens, tokens))) > 0, 0.0, -np.inf)
    places = np.arange(tokens)
    i, j = (int(place) - 1 for place in swap)
    places[[i, j]] = places[[j, i]]
    after_both = attended(Q @ K[places].T / np.sqrt(d), V[places])[1]
    # No memory is taken by a tensor of one number in all places.
    tensor = np.broadcast_to(0.0, (int(batch), int(length), int(width)))
    queries = tensor.reshape(*tensor.shape[:2], int(heads), -1).transpose(0, 2, 1, 3)
    keys = queries.swapaxes(-1, -2)
    return {
        "scaled": scaled,
        "one_score": asked_score(Q, K, swap, token),
        "exponentials": np.exp(scaled),
        "row_sums": np.exp(scaled).sum(axis=1),
        "weights": weights,
        "output": output,
        "causal_output": attended(scaled + mask, V)[1],
        "swapped_output": attended(Q @ K[places].T / np.sqrt(d), V)[1][int(token) - 1],
        "swapped_both": "unchanged" if np.allclose(after_both, output) else "exchanged",
        "shape_heads": queries.shape,
        "shape_scores": (*queries.shape[:-1], keys.shape[-1]),
        "shape_merged": queries.transpose(0, 2, 1, 3).reshape(tensor.shape).shape,
        "projection_parameters": sum(np.broadcast_to(0.0, (int(width), int(width))).size for _ in range(4)),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return [BANK.text("preamble", v), weights_figure(v)]


def weights_figure(v: Values) -> Figure:
    """The weights without and with the mask, queries down and keys across, to be filled in; what the mask hides is hatched."""
    names = [f"{token}" for token in range(1, len(v.Q) + 1)]
    hidden = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]

    def scene(filled: bool) -> Scene:
        maps = [
            HeatMap(
                name=(name,),
                rows=names,
                columns=names,
                values=to_float(weights) if filled else (),
                texts=[[notation.plain(entry) for entry in row] for row in weights] if filled else (),
                hatched=hatched,
            )
            for name, weights, hatched in (("all keys", v.weights, ()), ("causal mask", v.causal_weights, hidden))
        ]
        return heat_map_scene("Attention weights", maps, "Queries are rows, keys are columns.")

    return Figure("attention-weights", scene(filled=False), scene(filled=True))


def parts(v: Values) -> Iterator[Part]:
    tokens = range(len(v.Q))
    i, j = place_of_example(v.Q, v["keys"], v.scores, v.swap, v.token)
    yield BANK.part("one_score", v, Number("one_score"), row=i + 1, column=j + 1, q=v.Q[i], k=v["keys"][j])
    yield BANK.part("scaled", v, Matrix("scaled", "S"))
    yield BANK.part("exponentials", v, Matrix("exponentials"))
    yield BANK.part("row_sums", v, Vector("row_sums", like="rows of Q"))
    yield BANK.part(
        "weights",
        v,
        Matrix("weights", "A"),
        for_each=[{"t": t + 1, "a": v.exponentials[t], "total": v.row_sums[t], "w": v.weights[t]} for t in tokens],
    )
    rows = [{"t": t + 1, "w": v.weights[t], "o": v.output[t]} for t in tokens]
    yield BANK.part("output", v, Matrix("output", "O", like="V"), for_each=rows)
    causal = [
        {"t": t + 1, "w": v.causal_weights[t], "o": v.causal_output[t], "last": v.exponentials[t, : t + 1]}
        for t in tokens
    ]
    yield BANK.part("causal_output", v, Matrix("causal_output", r"O_{\text{causal}}", like="V"), for_each=causal)
    yield BANK.part("swapped_output", v, Vector("swapped_output", "o", like="columns of V"), w=v.weights[v.token - 1])
    yield BANK.part("swapped_both", v, Choice("swapped_both", BANK.texts("both", v)))
    yield BANK.part(
        "shapes",
        v,
        parts=[BANK.part(f"shape_{which}", v, Shape(f"shape_{which}")) for which in ("heads", "scores", "merged")],
    )
    yield BANK.part("projection_parameters", v, Number("projection_parameters"))
    yield Part("question", *BANK.essay("question", v))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in ("Q", "B", "V", "swap", "token", "batch", "length", "width", "heads")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many tokens there are, whether queries have ones and zeros only, and how many claims to judge."""
    ones = all(entry in (0, 1) for entry in v.Q.flatten())
    return {"tokens": len(v.Q), "ones": ones, "claims": len(v.claims)}


PROBLEM = Problem(
    id="attention",
    title="Scaled dot-product attention by hand",
    topic="transformers",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "Q": required(read_matrix),
        "B": required(read_matrix),
        "V": required(read_matrix),
        "swap": required(read_vector),
        "token": required(whole(1)),
        "batch": required(whole(1, 10**6)),
        "length": required(whole(1, 10**6)),
        "width": required(whole(1, 10**6)),
        "heads": required(whole(1, 10**6)),
        "question": optional(one_of(BANK["question"]), "mask_factor"),
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
        "Q": [[1, 0, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1]],
        "B": [[2, 1, 1, 1], [1, 2, 1, 3], [3, 1, 5, 1]],
        "V": [[6, 0], [0, 3], [4, -2]],
        "swap": [1, 2],
        "token": 1,
        "batch": 4,
        "length": 12,
        "width": 40,
        "heads": 5,
        "claims": ["shifted_keys", "doubled_queries"],
    },
    canonical=canonical,
    signature=signature,
    standard={"tokens": 3, "ones": True, "claims": 2},
    variants=100_000,
    easy=Level(sample_easy, {"tokens": 2, "ones": True, "claims": 2}, variants=100_000),
    hard=Level(sample_hard, {"tokens": 3, "ones": False, "claims": 2}, variants=100_000),
)
