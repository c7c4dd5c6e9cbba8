r"""A recurrent network, unrolled: the forward pass, backpropagation through time, and three small companions.

Werbos, *Backpropagation Through Time: What It Does and How to Do It* (1990); Pascanu, Mikolov and Bengio, *On the difficulty of
training recurrent neural networks* (2013), section 2 and algorithm 1 (clipping by norm); Gers, Schmidhuber and Cummins, *Learning to
Forget* (2000), the LSTM with a forget gate; Cho and others, *Learning Phrase Representations using RNN Encoder-Decoder* (2014), section
2.3, the gated unit, with the update gate as PyTorch's ``nn.GRU`` has it.  Gates get logarithms, so that their values are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import isqrt
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Choice, Content, Draw, Figure, InputError, Level, Matrix, Number, Part, Problem, Values, Vector,
    absolute, equal, expected, eye, maximum, minimum, one_of, optional, outer, read_matrix, read_number, read_vector,
    require_length, required, some_of, sqrt, stack, steps, where, whole,
)  # fmt: skip
from generator.document.figures.scene import Symbol
from generator.document.figures.unrolled import Unrolled, UnrolledStep, unrolled_scene
from generator.numbers import notation
from generator.problems._numeric import complex_slopes

# ------------------------------------------------------------------------------------------ the sampler

HALF = Fraction(1, 2)
SCALAR = {"linear": (HALF, -HALF, 2, -2, -1, 3), "relu": (2, 3, HALF, -1)}
"""The weights of networks with one unit."""
ENTRIES = (1, -1, 2, HALF)
SIGNED = (-3, -2, -1, 1, 2, 3)
LONG: Sequence[tuple[Any, int]] = [
    (HALF, 6), (HALF, 8), (HALF, 10), (2, 8), (2, 10), (-2, 5), (-HALF, 5), (3, 4), (3, 5), (Fraction(1, 3), 5),
    (Fraction(1, 10), 6), (Fraction(3, 2), 4),
]  # fmt: skip
"""Weights of long chains, and how many steps they have."""
WHOLE_NORMS = {
    2: ((3, 4), (6, 8), (5, 12), (8, 15), (9, 12), (12, 16)),
    3: ((2, 3, 6), (1, 4, 8), (4, 4, 7), (2, 6, 9), (6, 6, 7), (2, 4, 4), (1, 2, 2), (4, 8, 8)),
}
GATES: Sequence[Any] = (Fraction(1, 4), Fraction(1, 3), HALF, 2, 3, 4, 5, 9)
CANDIDATES: Sequence[Any] = (Fraction(1, 3), HALF, 2, 3)
LENGTHS = {
    (1, "linear", 3): range(14, 29),
    (1, "relu", 4): range(31, 51),
    (1, "relu", 5): range(22, 42),
    (2, "linear", 3): range(17, 44),
    (2, "relu", 3): range(26, 59),
    (2, "relu", 4): range(2, 35),
}
"""What the numbers of a network may have to be written, so that no paper is much more work than another."""
COMPANIONS = range(21, 30)
"""The same for what stands beside the network."""
LARGEST_VALUE = 10**30
"""Of anything that somebody gives."""
LARGEST_STATE, LARGEST_ERROR, LARGEST_GRADIENT = 30, 12, 200


NETWORKS = [(1, "relu", 4), *2 * [(1, "relu", 5)], *3 * [(2, "linear", 3)]]
"""Those of the standard level.  A shut ReLU cuts off the steps up to its own: of 4 steps it can only be the first one, of 5 the second one, too."""


def _sample(
    draw: Draw, level: str, networks: Sequence[tuple[int, str, int]], entries: Sequence[int], cells: Sequence[str]
) -> Mapping[str, Any]:
    """A network of so many units, activation and steps, a long chain, a gradient to clip, and one step of a gated cell."""
    network = _network(draw, *draw.choice(networks))
    given = {**network, **_companions(draw, draw.choice(entries), draw.choice(cells))}
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _network(draw: Draw, size: int, activation: str, length: int) -> dict[str, Any]:
    """A network found by trial, whose numbers stay small and hide no usual mistake."""
    for _ in range(2000):
        W = _weights(draw, size, activation)
        U, v = ([draw.choice(SIGNED) for _ in range(size)] for _ in range(2))
        h0 = [draw.integer(-1, 3) for _ in range(size)]
        x = [draw.integer(-3, 3) for _ in range(length)]
        y = draw.integer(-5, 8)
        if _is_pleasant(W, U, h0, x, activation, v, y):
            return {"W": W, "U": U, "h0": h0, "x": x, "activation": activation, "v": v, "y": y}
    draw.require(False, "no network has small numbers")
    return {}


def _weights(draw: Draw, size: int, activation: str) -> list[list[Any]]:
    """One weight, or two by two that are not symmetric, with a 0 beside the diagonal in half of the draws."""
    if size == 1:
        return [[draw.choice(SCALAR[activation])]]
    W = [[draw.choice(ENTRIES) for _ in range(size)] for _ in range(size)]
    if draw.choice((True, False)):
        row = draw.integer(0, 1)
        W[row][1 - row] = 0
    return W


def _is_pleasant(
    W: Sequence[Sequence[Any]], U: Sequence[int], h0: Sequence[int], x: Sequence[int], activation: str,
    v: Sequence[int], y: int,
) -> bool:  # fmt: skip
    """Run the network forward and backward: small numbers, as long to write as on other papers, and every unit, step and gate counts."""
    size, relu = len(W), activation == "relu"
    units, denominator = range(size), 2 if size == 1 and not relu else 4
    if size > 1 and W[0][1] == W[1][0]:
        return False
    states, gates, numbers = [h0], [], []
    for entry in x:
        kept = [sum(W[i][j] * states[-1][j] for j in units) for i in units]
        z = [kept[i] + U[i] * entry for i in units]
        if any(abs(one) > LARGEST_STATE or one.denominator > denominator or (relu and not one) for one in z):
            return False
        gates.append([int(one > 0 or not relu) for one in z])
        states.append([one * gate for one, gate in zip(z, gates[-1], strict=True)])
        numbers += [*kept, *z, *states[-1]]
    output = sum(v[i] * states[-1][i] for i in units)
    if not 0 < abs(output - y) <= LARGEST_ERROR or not _shows_its_units(states[1:], gates, relu=relu):
        return False
    adjoint = [(output - y) * one for one in v]
    deltas, terms, products = [], [], []
    for step in reversed(range(len(x))):
        deltas.append([one * gate for one, gate in zip(adjoint, gates[step], strict=True)])
        terms.append([one * h for one in deltas[-1] for h in states[step]])
        products.append([one * x[step] for one in deltas[-1]])
        numbers += [*adjoint, *adjoint, *deltas[-1], *terms[-1], *products[-1]]
        adjoint = [sum(W[i][j] * deltas[-1][i] for i in units) for j in units]
    of_W, of_U = ([sum(column) for column in zip(*rows, strict=True)] for rows in (terms, products))
    if not (all(map(any, zip(*deltas, strict=True))) and any(map(any, terms[1:])) and any(of_W) and any(of_U)):
        return False
    if max(map(abs, (*of_W, *of_U))) > LARGEST_GRADIENT:
        return False
    if size == 1:  # here the key writes every product out, with the weight
        numbers += [*([W[0][0]] * (2 * len(x) - 1)), *(2 * [one for row in (*states[:-1], *deltas) for one in row])]
    return _written(output, (output - y) ** 2, *numbers, *of_W, *of_U) in LENGTHS[size, activation, len(x)]


def _shows_its_units(states: Sequence[Sequence[Any]], gates: Sequence[Sequence[int]], *, relu: bool) -> bool:
    """Return whether two units are equal in at most half of the steps, and ReLU is shut somewhere: of a single unit at one step."""
    shut = [gate for gate in gates if not all(gate)]
    if len(states[0]) == 1:
        return len(shut) == relu
    return bool(shut) == relu and 2 * sum(len(set(state)) == 1 for state in states) <= len(states)


def _written(*numbers: Any) -> int:
    """How many digits and bars numbers have beyond their first digits."""
    digits = sum(len(str(abs(one.numerator))) - 1 for one in numbers)
    return digits + sum(len(str(one.denominator)) for one in numbers if one.denominator > 1)


def _companions(draw: Draw, entries: int, cell: str) -> dict[str, Any]:
    """A long chain, a gradient of so many entries with a whole norm and a threshold below its largest, and a cell whose gates differ."""
    while True:
        w_long, k_long = draw.choice(LONG)
        sizes = draw.choice(WHOLE_NORMS[entries])
        threshold: Any = draw.choice(range(2, max(sizes)) or (Fraction(3, 2),))
        ratios = draw.sample(GATES, 2 if cell == "lstm" else 1)
        m, previous, cell_steps = draw.choice(CANDIDATES), draw.sign() * draw.integer(2, 6), draw.choice((2, 3))
        sigma = [Fraction(k, k + 1) for k in map(Fraction, ratios)]
        kept, let_in = sigma if cell == "lstm" else (sigma[0], 1 - sigma[0])
        candidate = (m**2 - 1) * Fraction(1) / (m**2 + 1)
        norm = isqrt(sum(size**2 for size in sizes))
        factor = Fraction(threshold, norm)
        clipping = [norm, norm, factor, factor, *sizes, *sizes, *(factor * size for size in sizes)]
        gating = [kept, kept, let_in, let_in, candidate, candidate, kept * previous + let_in * candidate]
        if _written(w_long**k_long, w_long, *clipping, *gating, kept, kept**cell_steps) in COMPANIONS:
            return {
                "w_long": w_long, "k_long": k_long, "raw": [draw.sign() * size for size in draw.shuffled(sizes)],
                "threshold": threshold, "cell": cell, "gate_ratios": ratios, "candidate_ratio": m, "previous": previous,
                "cell_steps": cell_steps,
            }  # fmt: skip


sample_easy = partial(_sample, level="easy", networks=[(1, "linear", 3)], entries=[2], cells=["gru"])
sample = partial(_sample, level="standard", networks=NETWORKS, entries=[2, 3], cells=["lstm", "gru"])
sample_hard = partial(
    _sample, level="hard", networks=[(2, "relu", 3), (2, "relu", 4)], entries=[3], cells=["lstm", "gru"]
)


def require(
    W: Array, U: Array, h0: Array, x: Array, activation: str, v: Array, w_long: Any, k_long: Any, threshold: Any, cell: str,
    gate_ratios: Array, candidate_ratio: Any,
) -> None:  # fmt: skip
    """A square W, an entry of U, h₀ and v for each unit, moderate numbers, a positive threshold, and the gates that the cell has."""
    if W.shape[0] != W.shape[1]:
        raise InputError(expected("a square table", " by ".join(map(str, W.shape))), field="W")
    for field, vector in (("U", U), ("h0", h0), ("v", v)):
        require_length(field, vector, len(W), "row of W")
    if abs(run(W, U, h0, x, activation)).max() > LARGEST_VALUE:
        raise InputError(f"a state is larger than {LARGEST_VALUE:.0e}; use smaller weights or fewer inputs", field="W")
    if abs(w_long) ** k_long > LARGEST_VALUE:
        raise InputError(
            f"its power is larger than {LARGEST_VALUE:.0e}; use a smaller weight or fewer steps", field="w_long"
        )
    if threshold <= 0:
        raise InputError(expected("a positive threshold", threshold), field="threshold")
    gates = {"lstm": ("forget gate", "input gate"), "gru": ("update gate",)}[cell]
    if len(gate_ratios) != len(gates):
        wanted = f"{len(gates)} number{'s' * (len(gates) > 1)}, for the {' and the '.join(gates)} of a cell {cell!r}"
        raise InputError(expected(wanted, len(gate_ratios)), field="gate_ratios")
    for field, ratios in (("gate_ratios", gate_ratios), ("candidate_ratio", [candidate_ratio])):
        for ratio in ratios:
            if ratio <= 0:
                raise InputError(expected("a positive number, whose logarithm is taken", ratio), field=field)


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  The states begin with h₀; everything else with step 1.


def run(W: Array, U: Array, h0: Array, x: Array, activation: str) -> Array:
    """The states from h₀ on."""
    states = [h0]
    for entry in x:
        z = W @ states[-1] + U * entry
        states.append(maximum(z, 0) if activation == "relu" else z)
    return stack(states)


def back(loss_slope: Any, v: Array, W: Array, gates: Array) -> Array:
    """The derivatives with respect to the states h₁ to h_T, found from the last one backwards."""
    found = [loss_slope * v]
    for gate in reversed(gates[1:]):
        found.append(W.T @ (gate * found[-1]))
    return stack(found[::-1])


def times_states(deltas: Array, states: Array) -> Array:
    """For each step the derivative at its pre-activation times a state."""
    return stack([outer(delta, state) for delta, state in zip(deltas, states, strict=True)])


def gated(cell: str, sigma: Array, candidate: Any, previous: Any) -> Any:
    """One step of the cell: f c + i g, or (1 − z) n + z h."""
    kept, let_in = sigma if cell == "lstm" else (sigma[0], 1 - sigma[0])
    return kept * previous + let_in * candidate


SOLUTION = steps(
    states=run,
    preactivations=lambda W, U, x, states: stack([W @ h + U * entry for h, entry in zip(states[:-1], x, strict=True)]),
    output=lambda v, states: v @ states[-1],
    error=lambda output, y: output - y,
    loss=lambda error: error**2 / 2,
    loss_slope=lambda error: error,
    gates=lambda preactivations, activation: where(
        (preactivations > 0) if activation == "relu" else equal(preactivations, preactivations), 1, 0
    ),
    last_adjoint=lambda loss_slope, v: loss_slope * v,
    adjoints=back,
    deltas=lambda adjoints, gates: adjoints * gates,
    terms=lambda deltas, states: times_states(deltas, states[:-1]),
    term_rows=lambda terms: terms.reshape(len(terms), -1),
    gradient_W=lambda terms: terms.sum(axis=0),
    gradient_U=lambda deltas, x: (deltas * x[:, None]).sum(axis=0),
    growth=lambda w_long, k_long: w_long**k_long,
    vanish=lambda w_long: "vanishes" if abs(w_long) < 1 else "explodes" if abs(w_long) > 1 else "neither",
    raw_norm=lambda raw: sqrt((raw**2).sum()),
    clip_factor=lambda raw_norm, threshold: threshold / raw_norm if raw_norm > threshold else 1,
    clipped=lambda raw, clip_factor: clip_factor * raw,
    sigma=lambda gate_ratios: gate_ratios / (gate_ratios + 1),
    candidate=lambda candidate_ratio: (candidate_ratio**2 - 1) / (candidate_ratio**2 + 1),
    cell_state=gated,
    carry=lambda sigma, cell_steps: sigma[0] ** cell_steps,
)


def scalar(W: Array) -> bool:
    """The network has one unit."""
    return len(W) == 1


def is_relu(activation: str) -> bool:
    """The activation is ReLU."""
    return activation == "relu"


def is_linear(activation: str) -> bool:
    """There is no activation."""
    return activation == "linear"


def is_lstm(cell: str) -> bool:
    """The cell is an LSTM."""
    return cell == "lstm"


def is_gru(cell: str) -> bool:
    """The cell is a GRU."""
    return cell == "gru"


def power(W: Array, count: int) -> Array:
    """A matrix to a power."""
    found = eye(len(W))
    for _ in range(count):
        found = found @ W
    return found


def plainly(values: Array) -> Any:
    """A matrix or a vector as it is printed: a single number without its brackets."""
    return values.flatten()[0] if values.size == 1 else values


def not_one(w_long: Any) -> bool:
    """The size of the long network's weight is neither 0 nor 1."""
    return bool(abs(w_long) not in (0, 1))


def steps_beyond(w_long: Any) -> int:
    """After how many steps a power of the weight is below 1/1000, or above 1000."""
    size = abs(w_long) if abs(w_long) > 1 else 1 / abs(w_long)
    count = 1
    while size**count <= 1000 and count < 10_000:
        count += 1
    return count


def largest_step(terms: Array) -> Any:
    """The step with the largest term, counted from 0."""
    return absolute(terms.flatten()).argmax()


BANK = Bank.beside(
    __file__,
    scalar,
    is_relu,
    is_linear,
    is_lstm,
    is_gru,
    not_one,
    steps_beyond,
    T=lambda x: len(x),
    twice_T=lambda x: 2 * len(x),
    before_last=lambda x: len(x) - 1,
    last_input=lambda x: x[-1],
    weights=lambda W, U, v: W.size + U.size + v.size,
    y_raised=lambda y: y + 1,
    mirrored=lambda output, y: 2 * output - y,
    largest_step=lambda terms: largest_step(terms) + 1,
    largest_delta=lambda terms, deltas: deltas[largest_step(terms), 0],
    largest_state=lambda terms, states: states[largest_step(terms), 0],
    largest_term=lambda terms: terms[largest_step(terms), 0, 0],
    nonzero_terms=lambda terms: sum(any(term.flatten()) for term in terms),
    truncated=lambda terms: plainly(terms[-2:].sum(axis=0)),
    input_slope=lambda U, deltas: U @ deltas[0],
    input_change=lambda U, deltas: U @ deltas[0] / 100,
    output_slope=lambda error, states: plainly(error * states[-1]),
    start_slope=lambda W, deltas: plainly(W.T @ deltas[0]),
    path_of_input=lambda W, U, x: plainly(power(W, len(x) - 1) @ U),
    beyond=lambda w_long: "above 1000" if abs(w_long) > 1 else "below 1/1000",
    size_long=lambda w_long: abs(w_long),
    power_beyond=lambda w_long: abs(w_long) ** steps_beyond(w_long),
    opposite=lambda w_long: -w_long,
    twice_k=lambda k_long: 2 * k_long,
    by_value=lambda raw, threshold: maximum(minimum(raw, threshold), -threshold),
    large_threshold=lambda raw: absolute(raw).sum(),
    half_threshold=lambda threshold: threshold / 2,
    cut_off=lambda raw_norm, threshold: raw_norm - threshold,
    cell_limit=lambda sigma, candidate: sigma[-1] * candidate / (1 - sigma[0]),
)

# ------------------------------------------------------------------------------ what students do instead


def is_clipped(raw_norm: Any, threshold: Any) -> bool:
    return bool(raw_norm > threshold)


def has_shut_gate(gates: Array) -> bool:
    return not all(gates.flatten())


MISTAKES = [
    BANK.mistake(
        "start_at_zero",
        states=lambda W, U, h0, x, activation: run(W, U, 0 * h0, x, activation),
        applies=lambda h0: any(h0),
    ),
    BANK.mistake(
        "relu_forgotten",
        states=lambda W, U, h0, x: run(W, U, h0, x, "linear"),
        applies=has_shut_gate,
    ),
    BANK.mistake("half_forgotten", loss=lambda error: error**2),
    BANK.mistake("factor_two", loss_slope=lambda error: 2 * error),
    BANK.mistake(
        "relu_slope_ignored",
        gates=lambda preactivations: 0 * preactivations + 1,
        applies=has_shut_gate,
    ),
    BANK.mistake(
        "no_chain", adjoints=lambda loss_slope, v, x: stack([loss_slope * v for _ in x]), applies=lambda x: len(x) > 1
    ),
    BANK.mistake(
        "w_not_transposed",
        adjoints=lambda loss_slope, v, W, gates: back(loss_slope, v, W.T, gates),
        applies=lambda W, x: W != W.T and len(x) > 1,
    ),
    BANK.mistake("same_step_state", terms=lambda deltas, states: times_states(deltas, states[1:])),
    BANK.mistake("last_step_only", gradient_W=lambda terms: terms[-1], applies=lambda x: len(x) > 1),
    BANK.mistake("power_as_product", growth=lambda w_long, k_long: w_long * k_long),
    BANK.mistake("one_norm", raw_norm=lambda raw: absolute(raw).sum(), applies=is_clipped),
    BANK.mistake("unit_norm", clip_factor=lambda raw_norm: 1 / raw_norm, applies=is_clipped),
    BANK.mistake(
        "clipped_by_value",
        clipped=lambda raw, threshold: maximum(minimum(raw, threshold), -threshold),
        applies=is_clipped,
    ),
    BANK.mistake("sigma_is_ratio", sigma=lambda gate_ratios: gate_ratios),
    BANK.mistake("sigma_complement", sigma=lambda gate_ratios: 1 / (gate_ratios + 1)),
    BANK.mistake("tanh_half", candidate=lambda candidate_ratio: (candidate_ratio - 1) / (candidate_ratio + 1)),
    BANK.mistake(
        "gates_exchanged",
        cell_state=lambda cell, sigma, candidate, previous: gated(
            cell, sigma[::-1] if cell == "lstm" else 1 - sigma, candidate, previous
        ),
    ),
    BANK.mistake("input_gate_forgotten", cell_state=lambda sigma, candidate, previous: sigma[0] * previous + candidate),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    W: np.ndarray, U: np.ndarray, h0: np.ndarray, x: np.ndarray, activation: str, v: np.ndarray, y: float, w_long: float,
    k_long: float, raw: np.ndarray, threshold: float, cell: str, gate_ratios: np.ndarray, candidate_ratio: float,
    previous: float, cell_steps: float,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: the loss with weights of its own at each step and an offset at each state, differentiated by complex steps; gates by exp and tanh."""
    count, size = len(x), len(W)

    def states(Ws: np.ndarray, Us: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        found = [h0 + 0j]
        for own_W, own_U, entry, offset in zip(Ws, Us, x, offsets, strict=True):
            z = np.einsum("ij,j->i", own_W, found[-1]) + own_U * entry
            found.append((z if activation == "linear" else z * (z.real > 1e-12)) + offset)
        return np.array(found)

    def loss(Ws: np.ndarray, Us: np.ndarray, offsets: np.ndarray) -> complex:
        return complex(0.5 * (np.dot(v, states(Ws, Us, offsets)[-1]) - y) ** 2)

    Ws, Us, still = np.tile(W, (count, 1, 1)), np.tile(U, (count, 1)), np.zeros((count, size))
    terms = complex_slopes(lambda one: loss(one, Us, still), Ws)
    adjoints = complex_slopes(lambda one: loss(Ws, Us, one), still)
    sigma = 1 / (1 + np.exp(-np.log(gate_ratios)))
    mixing = (1 - sigma[0]) if cell == "gru" else sigma[-1]
    return {
        "states": states(Ws, Us, still).real,
        "loss": loss(Ws, Us, still).real,
        "last_adjoint": adjoints[-1],
        "adjoints": adjoints,
        "term_rows": terms.reshape(count, -1),
        "gradient_W": complex_slopes(lambda one: loss(np.tile(one, (count, 1, 1)), Us, still), W),
        "gradient_U": complex_slopes(lambda one: loss(Ws, np.tile(one, (count, 1)), still), U),
        "growth": np.prod(np.full(int(k_long), w_long)),
        "vanish": ("neither", "explodes", "vanishes")[int(np.sign(np.log(np.abs(w_long))))],
        "clipped": raw if np.linalg.norm(raw) <= threshold else threshold * raw / np.linalg.norm(raw),
        "cell_state": sigma[0] * previous + mixing * np.tanh(np.log(candidate_ratio)),
        "carry": np.exp(cell_steps * np.log(sigma[0])),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    size = "scalar" if scalar(v.W) else "vectors"
    numbers = BANK.text(f"numbers.{size}", v, count=len(v.W))
    return [BANK.text(f"preamble.{v.activation}", v, numbers=numbers), BANK.text("drawing", v), unrolled_figure(v)]


def unrolled_figure(v: Values) -> Figure:
    """The network with the shared weights on every arrow; the key has the states above and the derivatives below."""

    def text(vector: Array) -> str:
        return notation.plain(vector[0]) if len(vector) == 1 else f"({', '.join(map(notation.plain, vector))})"

    found = Unrolled(
        title="The network, unrolled: states above, derivatives of the loss below",
        start=(Symbol("h", "0"),),
        steps=[
            UnrolledStep((Symbol("h", f"{t}"),), (Symbol("x", f"{t}"),), text(state), text(adjoint))
            for t, (state, adjoint) in enumerate(zip(v.states[1:], v.adjoints, strict=True), start=1)
        ],
        end=(Symbol("L"),),
        recurrent=(Symbol("W"),),
        incoming=(Symbol("U"),),
        outgoing=(Symbol("v"),),
        description="The same weights W and U stand on the arrows of every step.",
        apart=42 if scalar(v.W) else 54,
    )
    return Figure("unrolled", unrolled_scene(found, filled=False), unrolled_scene(found, filled=True))


def column(values: Array) -> Any:
    """A vector as a column, a single number as it is."""
    return values[0] if len(values) == 1 else values[:, None]


def forward_rows(v: Values) -> Iterator[Mapping[str, Any]]:
    """The numbers of each step forward."""
    rows = zip(v.states[:-1], v.x, v.preactivations, v.states[1:], strict=True)
    for t, (h, x, z, after) in enumerate(rows, start=1):
        numbers = {"h": h, "u": v.U, "kept": v.W @ h, "new": v.U * x, "z": z, "next": after}
        columns = {name: column(vector) for name, vector in numbers.items()}
        yield {"t": t, "p": t - 1, "w": plainly(v.W), "x": x, **columns}


def backward_rows(v: Values) -> list[Mapping[str, Any]]:
    """The numbers of each step back, from the last one; for its own step what comes back, its term and what the input adds."""
    rows = zip(v.gates, v.adjoints, v.deltas, v.states[:-1], v.terms, v.x, [v.h0, *v.adjoints[:-1]], strict=True)
    return [
        {
            "s": t, "t": t - 1, "p": t - 1, "w": plainly(v.W), "x": x, "term": plainly(term),
            **{
                name: column(vector)
                for name, vector in {
                    "gate": gate, "a": a, "delta": delta, "h": h, "product": delta * x, "before": before,
                }.items()
            },
        }
        for t, (gate, a, delta, h, term, x, before) in enumerate(rows, start=1)
    ]  # fmt: skip


def parts(v: Values) -> Iterator[Part]:
    size, last = "scalar" if scalar(v.W) else "vectors", len(v.x)
    kind = f"{size}_{v.activation}"

    def d(symbol: str) -> str:
        return rf"\frac{{\partial L}}{{\partial {symbol}}}"

    def each(first: str, final: str) -> str:
        return first if first == final else rf"{first}, \dots, {final}"

    each_step = [{**row, "t": row["s"]} for row in backward_rows(v)]
    back_steps = backward_rows(v)[:0:-1]
    shown = {"last": last, "out": column(v.v), "first": column(v.last_adjoint)}
    states = Matrix("states", each("h_0", f"h_{last}"))
    yield BANK.part("states", v, states, case=kind, for_each=[*forward_rows(v)], **shown)
    yield BANK.part("loss", v, Number("loss", "L"), **shown)
    yield BANK.part("last_adjoint", v, Vector("last_adjoint", d(f"h_{last}"), like="U"), **shown)
    adjoints = Matrix("adjoints", each(d("h_1"), d(f"h_{last}")))
    yield BANK.part("adjoints", v, adjoints, case=kind, for_each=back_steps, **shown)
    yield BANK.part("term_rows", v, Matrix("term_rows"), case=size, for_each=each_step, **shown)
    of_W = [BANK.text("worked.sum_W", v, total=plainly(v.gradient_W))]
    gradient = Matrix("gradient_W", d("W"), like="" if size == "scalar" else "W")
    yield BANK.part("gradient_W", v, gradient, case=size, for_each=each_step, steps=of_W)
    of_U = [BANK.text("worked.sum_U", v, total=column(v.gradient_U))]
    yield BANK.part("gradient_U", v, Vector("gradient_U", d("U"), like="U"), case=size, for_each=each_step, steps=of_U)
    yield BANK.part("growth", v, Number("growth", rf"\frac{{\partial h_{{{v.k_long}}}}}{{\partial h_0}}"))
    yield BANK.part("vanish", v, Choice("vanish", BANK.texts("trends", v)))
    yield BANK.part("clipped", v, Vector("clipped", r"\tilde g", like="raw"))
    symbol = {"lstm": "c", "gru": "h"}[v.cell] + r"_{\mathrm{new}}"
    yield BANK.part("cell_state", v, Number("cell_state", symbol), case=v.cell, rest=1 - v.sigma[0])
    yield BANK.part("carry", v, Number("carry"), case=v.cell)
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [value for name, value in params.items() if name not in ("question", "claims")]


def signature(v: Values) -> Mapping[str, Any]:
    """Whether there is an activation to differentiate or a matrix to multiply with, and how many claims there are to judge."""
    return {"parts": sum((v.activation == "relu", len(v.W) > 1)), "claims": len(v.claims)}


PROBLEM = Problem(
    id="rnn-unrolled",
    title="A recurrent network, unrolled",
    topic="sequence models",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "W": required(read_matrix),
        "U": required(read_vector),
        "h0": required(read_vector),
        "x": required(read_vector),
        "activation": required(one_of(("linear", "relu"))),
        "v": required(read_vector),
        "y": required(read_number),
        "w_long": required(read_number),
        "k_long": required(whole(1, 1000)),
        "raw": required(read_vector),
        "threshold": required(read_number),
        "cell": required(one_of(("lstm", "gru"))),
        "gate_ratios": required(read_vector),
        "candidate_ratio": required(read_number),
        "previous": required(read_number),
        "cell_steps": required(whole(1, 1000)),
        "question": optional(one_of(BANK["question"]), "below_thousandth"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "W": [[2]],
        "U": [1],
        "h0": [1],
        "x": [1, -2, 3],
        "activation": "linear",
        "v": [1],
        "y": 5,
        "w_long": "1/2",
        "k_long": 10,
        "raw": [6, -8],
        "threshold": 5,
        "cell": "lstm",
        "gate_ratios": [3, 2],
        "candidate_ratio": 3,
        "previous": 4,
        "cell_steps": 3,
        "question": "largest_term",
        "claims": ["weights_of_their_own", "keeps_exactly"],
    },
    canonical=canonical,
    signature=signature,
    standard={"parts": 1, "claims": 2},
    possible={"vanish": 2},
    variants=1_000_000,
    easy=Level(sample_easy, {"parts": 0, "claims": 2}, possible={"vanish": 2}, variants=1_000_000),
    hard=Level(sample_hard, {"parts": 2, "claims": 2}, possible={"vanish": 2}, variants=1_000_000),
)
