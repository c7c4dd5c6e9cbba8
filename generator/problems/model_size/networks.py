r"""Networks as lists of operations: how they are read, which shapes go through them, how they are listed.

An operation is a small table: ``{"op": "Linear", "out": 128}``, ``{"op": "Norm"}``, ``{"op": "ReLU"}``,
``{"op": "Dropout"}``, ``{"op": "Add", "with": 2}`` (z₂ is added), ``{"op": "Softmax"}`` or ``{"op": "Log"}``.  Each
takes the activation before it, the first one the input; operation i gives z_i.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from generator.document.figures.network import Network
from generator.document.figures.network_rows import Operation as Box
from generator.errors import InputError
from generator.numbers import notation
from generator.numbers.encoding import read_number

Operation: TypeAlias = Mapping[str, Any]
Operations: TypeAlias = Sequence[Operation]
Size: TypeAlias = Any
"""How many features there are: a sympy Integer in a solution, an int in a sampler."""

LARGEST_SIZE = 10**6
"""No user's batch or layer is larger."""

_DETAIL = {"Linear": "out", "Norm": None, "ReLU": None, "Dropout": None, "Add": "with", "Softmax": None, "Log": None}

BLANK = r"\underline{\hspace{2em}}"
LONGEST_ROW = 5

# -------------------------------------------------------------------------------------------- reading


def read_operations(raw: Any, *, field: str) -> tuple[Operation, ...]:
    """A list of at least two operations.

    Raises :class:`InputError` naming the operation, from 1, that cannot be understood.
    """
    if not isinstance(raw, list | tuple):
        raise InputError(f"expected a list of operations; got {type(raw).__name__}", field=field)
    if len(raw) < 2:
        raise InputError(
            f"expected at least two operations; with {len(raw)} there is no activation before the last", field=field
        )
    found = tuple(_read_operation(item, place, f"{field}[{place}]") for place, item in enumerate(raw, start=1))
    if not linear_outputs(found):
        raise InputError("expected at least one Linear; without one there is nothing to size", field=field)
    return found


def _read_operation(raw: Any, place: int, field: str) -> Operation:
    if not isinstance(raw, Mapping) or "op" not in raw:
        raise InputError(f'expected an operation such as {{"op": "Linear", "out": 128}}; got {raw!r}', field=field)
    name = raw["op"]
    if not isinstance(name, str) or name not in _DETAIL:
        raise InputError(f"unknown operation {name!r}; there are {', '.join(_DETAIL)}", field=field)
    detail = _DETAIL[name]
    for key in raw:
        if key not in ("op", detail):
            knows = f"only {detail!r}" if detail else "nothing more"
            raise InputError(f"{name} takes {knows}; got {key!r}", field=field)
    if detail is None:
        return {"op": name}
    if detail not in raw:
        raise InputError(f"{name} needs {detail!r}", field=field)
    number = read_number(raw[detail], field=field)
    limit = LARGEST_SIZE if detail == "out" else place - 1
    if limit < 1:
        raise InputError("there is no earlier activation to add", field=field)
    if not number.is_Integer or not 1 <= number.p <= limit:
        what = f"an integer from 1 to {limit}" if detail == "out" else f"an earlier activation, 1 to {limit}"
        raise InputError(f"expected {what} as {detail!r}; got {number}", field=field)
    return {"op": name, detail: number}


def check_widths(features: Size, operations: Operations, *, field: str) -> None:
    """Raise :class:`InputError` where activations of different widths are added."""
    if "Add" not in kinds(operations):
        return
    widths = output_widths(features, operations, linear_outputs(operations))
    for place, operation in enumerate(operations, start=1):
        if operation["op"] == "Add":
            before, other = widths[place - 2], widths[int(operation["with"]) - 1]
            if before != other:
                raise InputError(
                    f"cannot add z_{operation['with']} of {other} features to z_{place - 1} of {before}",
                    field=f"{field}[{place}]",
                )


# -------------------------------------------------------------------------------------------- the shapes


def linear_outputs(operations: Operations) -> tuple[Size, ...]:
    """What each Linear puts out."""
    return tuple(operation["out"] for operation in operations if operation["op"] == "Linear")


def output_widths(
    features: Size,
    operations: Operations,
    outputs: Sequence[Size],
    *,
    dropout: Callable[[Size], Size] = lambda width: width,
    add: Callable[[Size, Size], Size] = lambda width, _other: width,
) -> tuple[Size, ...]:
    """The width of each z: a Linear sets it, everything else keeps it.

    ``dropout`` and ``add`` say otherwise, for those who believe otherwise.
    """
    widths: list[Size] = []
    width = features
    linears = iter(outputs)
    for operation in operations:
        match operation["op"]:
            case "Linear":
                width = next(linears)
            case "Dropout":
                width = dropout(width)
            case "Add":
                width = add(width, widths[int(operation["with"]) - 1])
        widths.append(width)
    return tuple(widths)


def logits_place(operations: Operations) -> int:
    """The number of the activation that holds the logits: the last, unless a softmax, or its logarithm, follows."""
    names = tuple(operation["op"] for operation in operations)
    after = 2 if names[-2:] == ("Softmax", "Log") else 1 if names[-1] == "Softmax" else 0
    return len(names) - after


def at(name: str, operations: Operations, values: Sequence[Any]) -> tuple[Any, ...]:
    """Those of the operations' ``values`` that stand at operations called ``name``."""
    return tuple(value for operation, value in zip(operations, values, strict=True) if operation["op"] == name)


# ------------------------------------------------------------------------------------------- the blanks


def default_sides(linears: int) -> tuple[str, ...]:
    """Where the printed sheet leaves its blanks: the first Linear's output, then always the input."""
    return ("out", *["in"] * (linears - 2))[: max(linears - 1, 0)]


def blanks(sides: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """The blanks as (Linear from 0, "in" or "out").

    ``sides`` says, for each pair of Linears in a row, whose number of the two equal ones is left out; the
    output of the last Linear, the number of classes, is always left out.
    """
    inner = [(place, "out") if side == "out" else (place + 1, "in") for place, side in enumerate(sides)]
    return (*sorted(inner, key=lambda blank: (blank[0], blank[1] == "out")), (len(sides), "out"))


# ------------------------------------------------------------------------------- the list and the drawing


def kinds(operations: Operations) -> tuple[str, ...]:
    """The names of the operations: what networks that differ in their sizes have in common."""
    return tuple([operation["op"] for operation in operations])


@lru_cache(maxsize=1 << 8)
def rows(kinds: Sequence[str]) -> Sequence[Sequence[int]]:
    """The operations' places, from 0, in rows that begin at a Linear."""
    found: list[list[int]] = []
    for place, kind in enumerate(kinds):
        if not found or kind == "Linear" or len(found[-1]) == LONGEST_ROW:
            found.append([])
        found[-1].append(place)
    return found


def labels(
    operations: Operations, sizes: Sequence[tuple[Size, Size]], left_out: Sequence[tuple[int, str]]
) -> list[str]:
    r"""Each operation in TeX, with blanks: ``\mathrm{Linear}_1(52, \underline{\hspace{2em}})``, ``z_8 + z_2``."""
    found = []
    linear = 0
    for place, operation in enumerate(operations):
        match operation["op"]:
            case "Linear":
                ends = zip(("in", "out"), sizes[linear], strict=True)
                inside = ", ".join(BLANK if (linear, end) in left_out else notation.tex(size) for end, size in ends)
                linear += 1
                found.append(rf"\mathrm{{Linear}}_{{{linear}}}({inside})")
            case "Add":
                found.append(rf"z_{{{place}}} + z_{{{int(operation['with'])}}}")
            case name:
                found.append(rf"\mathrm{{{name}}}")
    return found


def listing(operations: Operations, labels: Sequence[str]) -> str:
    """All operations with the activations that they give, as one TeX array."""
    table = rows(kinds(operations))
    lines = (" & ".join(rf"z_{{{place + 1}}}\colon\; {labels[place]}" for place in row) for row in table)
    columns = "l" * max(map(len, table))
    return rf"\begin{{array}}{{{columns}}} " + r" \\ ".join(lines) + r" \end{array}"


def conventions(operations: Operations) -> str:
    """What the words in the list mean, as Markdown; only of those that stand in it."""
    said = {
        "Linear": r"$\mathrm{Linear}(a, b)$ takes $a$ features in and puts $b$ out; it has a bias.",
        "Norm": r"Norm is batch normalization, with a learned scale $\gamma$ and a learned shift $\beta$ for each feature; "
        "it also keeps a running mean and a running variance of each feature for use at test time.",
        "Dropout": r"Dropout drops each entry with probability $\frac{1}{2}$.",
        "Add": "A sum of two activations is taken entry by entry.",
        "Softmax": "Softmax is taken over the classes.",
        "Log": "Log is the natural logarithm, taken entry by entry.",
    }
    present = {operation["op"] for operation in operations}
    return " ".join(text for name, text in said.items() if name in present)


def drawing(
    input_shape: str, operations: Operations, sizes: Sequence[tuple[Size, Size]], left_out: Sequence[tuple[int, str]]
) -> Network:
    """The network as it is drawn."""
    boxes = []
    linear = 0
    for operation in operations:
        if operation["op"] != "Linear":
            boxes.append(_box(operation["op"], int(operation.get("with", 0))))
            continue
        entering, leaving = sizes[linear]
        blank_in, blank_out = ((linear, end) in left_out for end in ("in", "out"))
        linear += 1
        boxes.append(Box("Linear", linear, str(int(entering)), str(int(leaving)), blank_in, blank_out))
    return Network(input_shape, tuple(boxes))


@lru_cache(maxsize=1 << 8)
def _box(kind: str, adds: int) -> Box:
    """An operation that has no sizes of its own."""
    return Box(kind, adds=adds)
