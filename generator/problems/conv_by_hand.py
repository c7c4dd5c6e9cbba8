r"""A small convolution and max pooling, forward and backward, for one image of one channel.

LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to document recognition* (1998); the backward pass as in
Dumoulin and Visin, *A guide to convolution arithmetic for deep learning* (2016), chapter 4.  What deep learning calls a
convolution is a cross-correlation: the kernel is not flipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Matrix, Number, Part, Problem, Values,
    array, equal, expected, one_of, optional, read_matrix, read_number, required, some_of, steps, whole,
)  # fmt: skip
from generator.document.figures.grids import Grid, grids_scene
from generator.document.figures.scene import Symbol
from generator.numbers import notation
from generator.problems._numeric import slopes as slopes_of

PIXELS = (-2, -1, -1, 0, 0, 0, 1, 1, 2, 2, 3)
WEIGHTS = (-2, -1, 1, 2)

# ------------------------------------------------------------------------------------------ the sampler


def _sample(draw: Draw, level: str, sizes: Sequence[tuple[int, int]], stride: int) -> Mapping[str, Any]:
    """An image, a kernel that is not its own half-turn, and an upstream gradient without zeros."""
    rows, columns = draw.choice(sizes)
    K = [[draw.choice(WEIGHTS) for _ in range(2)] for _ in range(2)]
    if draw.integer(1, 4) == 1:
        K[draw.integer(0, 1)][draw.integer(0, 1)] = 0
    draw.require([row[::-1] for row in K[::-1]] != K, "the kernel is its own half-turn")
    outputs = [(length - 1 - 2) // stride + 1 for length in (rows, columns)]
    given: dict[str, Any] = {
        "X": [[draw.choice(PIXELS) for _ in range(columns)] for _ in range(rows)],
        "K": K,
        "b": draw.sign() * draw.integer(1, 2),
        "size": 2,
        "stride": stride,
        "G": [[draw.sign() * draw.integer(1, 3) for _ in range(outputs[1])] for _ in range(outputs[0])],
    }
    C = correlated(array(given["X"]), array(K), given["b"])
    draw.require(not has_ties(C, 2, stride), "a window has two largest entries")
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


sample_easy = partial(_sample, level="easy", sizes=[(3, 5)], stride=2)
sample = partial(_sample, level="standard", sizes=[(5, 5)], stride=2)
sample_hard = partial(_sample, level="hard", sizes=[(4, 5)], stride=1)


def accept(C: Array, places: Array, offsets: Array, dK: Array, db: Any, overlaps: bool) -> bool:
    """a feature above 12, a gradient of the bias that is 0 or 1, or maxima that all lie alike"""
    if abs(C).max() > 12 or db in (0, 1) or equal(dK, 0).sum() > 1 or len(set(offsets)) == 1:
        return False
    return not overlaps or 1 < len(set(places)) < len(places)


def require(X: Array, K: Array, b: Any, size: Any, stride: Any, G: Array) -> None:
    """A kernel and pooling windows that fit into the image, and one entry of the gradient for each window."""
    if any(length > side for length, side in zip(K.shape, X.shape, strict=True)):
        raise InputError(expected(f"a kernel no larger than the image, {_by(X.shape)}", _by(K.shape)), field="K")
    C = correlated(X, K, b)
    if size > min(C.shape):
        raise InputError(expected(f"a pooling window that fits into {_by(C.shape)}", size), field="size")
    outputs = pooled(C, size, stride).shape
    if G.shape != outputs:
        raise InputError(expected(f"the shape of the pooled output, {_by(outputs)}", _by(G.shape)), field="G")
    if has_ties(C, size, stride):
        raise InputError("a pooling window has two largest entries, where max has no derivative", field="X")


def _by(shape: Sequence[Any]) -> str:
    return " by ".join(map(str, shape))


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  Windows are known by their first entry, from 0.


def windows(X: Array, rows: Any, columns: Any, stride: Any = 1) -> list[tuple[int, int, Array]]:
    """All windows of this size with the row and the column of their first entry, in the order of reading."""
    rows, columns, stride = int(rows), int(columns), int(stride)
    down, across = X.shape
    return [
        (i, j, X[i : i + rows, j : j + columns])
        for i in range(0, down - rows + 1, stride)
        for j in range(0, across - columns + 1, stride)
    ]


def pooled(C: Array, size: Any, stride: Any, choose: Callable[[Array], Any] = Array.max) -> Array:
    """One number of each pooling window, its largest."""
    found = array([choose(window) for _, _, window in windows(C, size, size, stride)])
    return found.reshape((C.shape[0] - int(size)) // int(stride) + 1, -1)


def correlated(X: Array, K: Array, b: Any = 0) -> Array:
    """The cross-correlation of an image with a kernel, plus a bias."""
    found = array([(patch * K).sum() + b for _, _, patch in windows(X, *K.shape)])
    return found.reshape(X.shape[0] - K.shape[0] + 1, -1)


def has_ties(C: Array, size: Any, stride: Any) -> bool:
    return any(equal(window, window.max()).sum() > 1 for _, _, window in windows(C, size, size, stride))


def offset(window: Array) -> tuple[int, int]:
    """Row and column of the largest entry within a window, from 0."""
    return divmod(int(window.flatten().argmax()), window.shape[1])


def scattered(shape: tuple[int, ...], pieces: Iterable[tuple[int, int, Array]]) -> Array:
    """The sum of arrays, each placed with its first entry at a row and a column of zeros of this shape."""
    total = [[0] * shape[1] for _ in range(shape[0])]
    for i, j, piece in pieces:
        for u, row in enumerate(piece):
            for v, entry in enumerate(row):
                total[i + u][j + v] += entry
    return array(total)


def of_windows(C: Array, G: Array, size: Any, stride: Any, share: Callable[[Array, Any], Array]) -> Array:
    """The gradient of C, added up from the ``share`` that each window gets of its entry of G."""
    found = zip(windows(C, size, size, stride), G.flatten(), strict=True)
    return scattered(C.shape, [(i, j, share(window, g)) for (i, j, window), g in found])


def alone(g: Any, place: tuple[int, int], window: Array) -> Array:
    """A window of zeros but for one entry."""
    rows, columns = window.shape
    return array([[g if (i, j) == place else 0 for j in range(columns)] for i in range(rows)])


def scattered_kernel(X: Array, K: Array, dC: Array) -> Array:
    """The gradient of the image: each entry of dC times the kernel, on its patch."""
    return scattered(X.shape, ((i, j, K * d) for i, row in enumerate(dC) for j, d in enumerate(row)))


SOLUTION = steps(
    C=correlated,
    P=lambda C, size, stride: pooled(C, size, stride),
    offsets=lambda C, size, stride: array([offset(window) for _, _, window in windows(C, size, size, stride)]),
    places=lambda C, size, stride, offsets: array(
        [(i + u + 1, j + v + 1) for (i, j, _), (u, v) in zip(windows(C, size, size, stride), offsets, strict=True)]
    ),
    overlaps=lambda size, stride: bool(stride < size),
    dC=lambda C, G, size, stride: of_windows(C, G, size, stride, lambda window, g: alone(g, offset(window), window)),
    dK=lambda X, dC: correlated(X, dC),
    db=lambda dC: dC.sum(),
    dX=scattered_kernel,
)


def turned(K: Array) -> Array:
    """An array turned by half."""
    return array([row[::-1] for row in K[::-1]])


def runner_up(C: Array, size: Any, stride: Any) -> Any:
    """By how much the first window's second largest entry lies below its largest."""
    first, second, *_ = sorted(windows(C, size, size, stride)[0][2].flatten(), reverse=True)
    return first - second


def several_positions(X: Array, K: Array) -> bool:
    """The kernel has more than one position."""
    return bool(X.shape != K.shape)


def several_weights(K: Array) -> bool:
    """The kernel has more than one entry."""
    return bool(K.size > 1)


def real_windows(size: Any) -> bool:
    """A pooling window has more than one entry."""
    return bool(size > 1)


def kernel_sum_differs(K: Array) -> bool:
    """The entries of the kernel do not add up to their number."""
    return bool(K.sum() != K.size)


BANK = Bank.beside(
    __file__,
    runner_up,
    several_positions,
    several_weights,
    real_windows,
    kernel_sum_differs,
    rows=lambda X: X.shape[0],
    columns=lambda X: X.shape[1],
    positions=lambda C: C.size,
    windows=lambda G: G.size,
    weights=lambda K: K.size,
    parameters=lambda K: K.size + 1,
    dense=lambda X, C: X.size * C.size + C.size,
    average_first=lambda C, size: C[: int(size), : int(size)].mean(),
    share=lambda size: 1 / size**2,
    first_raised=lambda P: P[0, 0] + 1,
    pixel_change=lambda dX: dX[1, 1] / 100,
    turned_kernel=lambda K: turned(K),
    kernel_sum=lambda K: K.sum(),
    image_sum=lambda dX: dX.sum(),
    euler=lambda G, P: (G * P).sum(),
)

# ------------------------------------------------------------------------------ what students do instead


def overwritten(C: Array, G: Array, size: Any, stride: Any) -> Array:
    """The gradient where the share of a later window replaces that of an earlier one."""
    total = [[0] * C.shape[1] for _ in range(C.shape[0])]
    for (i, j, window), g in zip(windows(C, size, size, stride), G.flatten(), strict=True):
        u, v = offset(window)
        total[i + u][j + v] = g
    return array(total)


def largest_in_size(C: Array, size: Any, stride: Any) -> Array:
    return pooled(C, size, stride, lambda window: max(window.flatten(), key=abs))


MISTAKES = [
    BANK.mistake("kernel flipped", C=lambda X, K, b: correlated(X, turned(K), b)),
    BANK.mistake("bias forgotten", C=lambda X, K: correlated(X, K)),
    BANK.mistake(
        "largest in size", P=largest_in_size, applies=lambda C, P, size, stride: largest_in_size(C, size, stride) != P
    ),
    BANK.mistake(
        "spread evenly",
        dC=lambda C, G, size, stride: of_windows(C, G, size, stride, lambda window, g: 0 * window + g / size**2),
    ),
    BANK.mistake(
        "copied to the window",
        dC=lambda C, G, size, stride: of_windows(C, G, size, stride, lambda window, g: 0 * window + g),
    ),
    BANK.mistake(
        "placed at the corner",
        dC=lambda C, G, size, stride: of_windows(C, G, size, stride, lambda window, g: alone(g, (0, 0), window)),
    ),
    BANK.mistake(
        "times the maximum",
        dC=lambda C, G, size, stride: of_windows(
            C, G, size, stride, lambda window, g: alone(g * window.max(), offset(window), window)
        ),
    ),
    BANK.mistake(
        "overlap overwritten",
        dC=overwritten,
        applies=lambda C, G, size, stride, dC: overwritten(C, G, size, stride) != dC,
    ),
    BANK.mistake("kernel gradient flipped", dK=lambda X, dC: turned(correlated(X, dC))),
    BANK.mistake("bias gradient of one", db=lambda: 1),
    BANK.mistake("input gradient flipped", dX=lambda X, K, dC: scattered_kernel(X, turned(K), dC)),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(X: np.ndarray, K: np.ndarray, b: float, size: float, stride: float, G: np.ndarray) -> Mapping[str, Any]:
    """numpy: sliding windows, and gradients by central differences of Σ G·P, which is linear until a maximum moves."""
    q, r = int(size), int(stride)

    def features(X: np.ndarray = X, K: np.ndarray = K, b: float = b) -> np.ndarray:
        return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(X, K.shape), K) + b

    def pooling(C: np.ndarray) -> np.ndarray:
        """The entries of each pooling window, in a row."""
        return np.lib.stride_tricks.sliding_window_view(C, (q, q))[::r, ::r].reshape(*G.shape, -1)

    def loss(C: np.ndarray) -> float:
        return float((pooling(C).max(axis=2) * G).sum())

    C = features()
    ordered = np.sort(pooling(C), axis=2)
    lead = (ordered[..., -1:] - ordered[..., :-1]).min(initial=1.0)  # of the maxima, so that no step moves one
    slopes = partial(slopes_of, step=min(0.01, lead / (5 * max(1.0, abs(X).max(), abs(K).max()))))
    rows, columns = np.divmod(pooling(C).argmax(axis=2), q)
    i, j = np.indices(G.shape) * r
    return {
        "C": C,
        "P": pooling(C).max(axis=2),
        "places": np.stack([(i + rows).ravel() + 1, (j + columns).ravel() + 1], axis=1),
        "dC": slopes(loss, C),
        "dK": slopes(lambda moved: loss(features(K=moved)), K),
        "db": slopes(lambda moved: loss(features(b=moved.item())), np.array([b])).item(),
        "dX": slopes(lambda moved: loss(features(X=moved)), X),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    case = "overlapping" if v.overlaps else "apart"
    return [BANK.text("preamble", v, pooling=BANK.text(f"pooling.{case}", v)), grid_figure(v)]


def grid_figure(v: Values) -> Figure:
    """The image with the kernel's first window, and the feature map with the pooling windows, filled in the key."""
    size = int(v.size)
    corners = [(i, j) for i, j, _ in windows(v.C, size, size, v.stride)]
    framed = corners if not v.overlaps else corners[:1]
    rows, columns = v.K.shape
    image = Grid(
        name=(Symbol("X"),),
        cells=_texts(v.X),
        shaded=[(i, j) for i in range(rows) for j in range(columns)],
    )

    def scene(filled: bool) -> Any:
        blank = [[""] * len(row) for row in v.C]
        features = Grid(
            name=(Symbol("C"),),
            cells=_texts(v.C) if filled else blank,
            marked=[(int(i) - 1, int(j) - 1) for i, j in v.places] if filled else [],
            windows=[(corner, size, size) for corner in framed],
        )
        return grids_scene(
            "The image under the kernel, and the feature map",
            [image, Grid(name=(Symbol("K"),), cells=_texts(v.K)), features],
            "The image X, its first patch shaded; the kernel K; and the feature map C, pooling windows framed.",
        )

    return Figure("convolution", scene(filled=False), scene(filled=True))


def _texts(values: Array) -> list[list[str]]:
    return [[notation.plain(entry) for entry in row] for row in values]


def parts(v: Values) -> Iterator[Part]:
    down, across = v.P.shape
    names = tuple(f"P_{{{i}{j}}}" for i in range(1, down + 1) for j in range(1, across + 1))
    first = v.X[: v.K.shape[0], : v.K.shape[1]]
    yield BANK.part("C", v, Matrix("C", "C"), patch=first, products=(first * v.K).flatten(), c=v.C[0, 0])
    yield BANK.part("P", v, Matrix("P", "P", like="G"))
    yield BANK.part("places", v, Fields("places", names))
    yield BANK.part(
        "dC", v, Matrix("dC", r"\frac{\partial L}{\partial C}"), case="overlapping" if v.overlaps else "apart"
    )
    yield BANK.part("dK", v, Matrix("dK", r"\frac{\partial L}{\partial K}", like="K"), entry=v.dK[0, 0])
    yield BANK.part("db", v, Number("db", r"\frac{\partial L}{\partial b}"))
    yield BANK.part("dX", v, Matrix("dX", r"\frac{\partial L}{\partial X}", like="X"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in ("X", "K", "b", "size", "stride", "G")]


def signature(v: Values) -> Mapping[str, Any]:
    """The sizes, and how many claims there are to judge."""
    return {"features": v.C.shape, "pooled": v.P.shape, "claims": len(v.claims)}


PROBLEM = Problem(
    id="conv-by-hand",
    title="A convolution by hand",
    topic="convolutional networks",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "X": required(read_matrix),
        "K": required(read_matrix),
        "b": required(read_number),
        "size": required(whole(1, 9)),
        "stride": required(whole(1, 9)),
        "G": required(read_matrix),
        "question": optional(one_of(BANK["question"]), "why_shared"),
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
        "X": [[1, 0, 2, 0, -1], [0, 2, 1, -1, 0], [1, -1, 0, 2, 1], [2, 0, 1, 0, 3], [-1, 1, 0, 1, 0]],
        "K": [[1, 2], [-1, 1]],
        "b": -1,
        "size": 2,
        "question": "runner_up",
        "stride": 2,
        "G": [[1, -2], [3, 2]],
        "claims": ["unused_pixels", "places_stay"],
    },
    canonical=canonical,
    signature=signature,
    standard={"features": (4, 4), "pooled": (2, 2), "claims": 2},
    variants=1_000_000,
    easy=Level(sample_easy, {"features": (2, 4), "pooled": (1, 2), "claims": 2}, variants=1_000_000),
    hard=Level(sample_hard, {"features": (3, 4), "pooled": (2, 3), "claims": 2}, variants=1_000_000),
)
