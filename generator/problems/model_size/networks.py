r"""Networks as lists of operations: how they are read, the widths of their activations, how they are listed.

An operation is a small table: ``{"op": "Linear", "out": 128}``, ``{"op": "Norm"}``, ``{"op": "ReLU"}``,
``{"op": "Dropout"}``, ``{"op": "Add", "with": 2}`` (z₂ is added), ``{"op": "Softmax"}`` or ``{"op": "Log"}``.  Each
takes the activation before it, the first one the input; operation i gives z_i.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from generator import InputError, expected, whole
from generator.document.figures.network_rows import Operation as Box

Operation: TypeAlias = Mapping[str, Any]
Operations: TypeAlias = Sequence[Operation]

LARGEST_SIZE = 10**6
"""No user's batch or layer is larger."""

_NUMBER = {"Linear": "out", "Norm": None, "ReLU": None, "Dropout": None, "Add": "with", "Softmax": None, "Log": None}
"""The operations, and the name of the number that one comes with."""

_BLANK = r"\underline{\hspace{2em}}"
_LONGEST_ROW = 5

# -------------------------------------------------------------------------------------------- reading


def network(text: str) -> list[Operation]:
    """The operations of a short text: ``Linear 128, Norm, ReLU, Linear 10``."""
    found: list[Operation] = []
    for name, *number in map(str.split, text.split(", ")):
        found.append({"op": name, **{str(_NUMBER[name]): int(one) for one in number}})
    return found


def read_operations(raw: Any, *, field: str) -> tuple[Operation, ...]:
    """A list of at least two operations.

    Raises :class:`InputError` naming the operation, from 1, that cannot be understood.
    """
    if not isinstance(raw, list | tuple):
        raise InputError(expected("a list of operations", type(raw).__name__), field=field)
    if len(raw) < 2:
        raise InputError(
            f"expected at least two operations; with {len(raw)} there is no activation before the last", field=field
        )
    found = tuple(_read_operation(item, place, f"{field}[{place}]") for place, item in enumerate(raw, start=1))
    if not positions("Linear", found):
        raise InputError("expected at least one Linear; without one there is nothing to count", field=field)
    return found


def _read_operation(raw: Any, place: int, field: str) -> Operation:
    if not isinstance(raw, Mapping) or "op" not in raw:
        raise InputError(f'expected an operation such as {{"op": "Linear", "out": 128}}; got {raw!r}', field=field)
    name = raw["op"]
    if not isinstance(name, str) or name not in _NUMBER:
        raise InputError(f"unknown operation {name!r}; there are {', '.join(_NUMBER)}", field=field)
    key = _NUMBER[name]
    for other in raw:
        if other not in ("op", key):
            knows = f"only {key!r}" if key else "nothing more"
            raise InputError(f"{name} takes {knows}; got {other!r}", field=field)
    if key is None:
        return {"op": name}
    if key not in raw:
        raise InputError(f"{name} needs {key!r}", field=field)
    if name == "Add" and place == 1:
        raise InputError("there is no earlier activation to add", field=field)
    return {"op": name, key: whole(1, LARGEST_SIZE if key == "out" else place - 1)(raw[key], field=field)}


def check_widths(operations: Operations, widths: Sequence[Any], *, field: str) -> None:
    """Raise :class:`InputError` where activations of different widths are added."""
    for place in positions("Add", operations):
        adds = int(operations[place]["with"])
        before, other = widths[place - 1], widths[adds - 1]
        if before != other:
            raise InputError(
                f"cannot add z_{adds} of {other} features to z_{place} of {before}", field=f"{field}[{place + 1}]"
            )


# -------------------------------------------------------------------------------------------- the widths


def positions(name: str, operations: Operations) -> list[int]:
    """Where, from 0, the operations of this name are."""
    return [place for place, operation in enumerate(operations) if operation["op"] == name]


def output_widths(
    features: Any,
    operations: Operations,
    linear_outputs: Sequence[Any] = (),
    *,
    dropout: Callable[[Any], Any] = lambda width: width,
    add: Callable[[Any, Any], Any] = lambda width, _other: width,
) -> list[Any]:
    """The width of each z: a Linear sets it, everything else keeps it.  Mistakes give the Linears other outputs, or replace the rest."""
    widths: list[Any] = []
    width = features
    outputs = iter(linear_outputs or [operations[place]["out"] for place in positions("Linear", operations)])
    for operation in operations:
        match operation["op"]:
            case "Linear":
                width = next(outputs)
            case "Dropout":
                width = dropout(width)
            case "Add":
                width = add(width, widths[int(operation["with"]) - 1])
        widths.append(width)
    return widths


def logits_place(operations: Operations) -> int:
    """The number of the activation that holds the logits: the last, unless a softmax, or its logarithm, follows."""
    names = tuple(operation["op"] for operation in operations)
    after = 2 if names[-2:] == ("Softmax", "Log") else 1 if names[-1] == "Softmax" else 0
    return len(names) - after


# ------------------------------------------------------------------------------------------- the blanks


def default_sides(linears: int) -> tuple[str, ...]:
    """Where the printed sheet leaves its blanks: the first Linear's output, then always the input."""
    return ("out", *["in"] * (linears - 2))[: max(linears - 1, 0)]


def blanks(sides: Sequence[str]) -> list[tuple[int, int]]:
    """The blanks as (Linear from 0, 0 for its input or 1 for its output).

    ``sides`` says, for each pair of Linears in a row, whose number of the two equal ones is left out; the
    output of the last Linear, the number of classes, is always left out.
    """
    return [*sorted((i, 1) if side == "out" else (i + 1, 0) for i, side in enumerate(sides)), (len(sides), 1)]


# ------------------------------------------------------------------------------- the list and the drawing


def boxes(
    operations: Operations, sizes: Sequence[Sequence[Any]], left_out: Sequence[tuple[int, int]]
) -> tuple[Box, ...]:
    """The operations with what is written in them."""
    found = []
    linear = 0
    for operation in operations:
        if operation["op"] == "Linear":
            entering, leaving = map(str, sizes[linear])
            blank = [(linear, end) in left_out for end in (0, 1)]
            linear += 1
            found.append(Box("Linear", linear, entering, leaving, *blank))
        else:
            found.append(Box(operation["op"], adds=int(operation.get("with", 0))))
    return tuple(found)


def listing(operations: Sequence[Box], *, filled: bool) -> str:
    r"""All operations with the activations that they give, as one TeX array: ``z_1\colon\; \mathrm{Linear}_1(52, 128)``."""
    table = rows([operation.kind for operation in operations])
    lines = (
        " & ".join(rf"z_{{{place + 1}}}\colon\; {_label(place, operations[place], filled=filled)}" for place in row)
        for row in table
    )
    columns = "l" * max(map(len, table))
    return rf"\begin{{array}}{{{columns}}} " + r" \\ ".join(lines) + r" \end{array}"


def _label(place: int, box: Box, *, filled: bool) -> str:
    if box.kind == "Add":
        return rf"z_{{{place}}} + z_{{{box.adds}}}"
    if box.kind != "Linear":
        return rf"\mathrm{{{box.kind}}}"
    ends = ((box.inputs, box.blank_inputs), (box.outputs, box.blank_outputs))
    inside = ", ".join(_BLANK if blank and not filled else size for size, blank in ends)
    return rf"\mathrm{{Linear}}_{{{box.number}}}({inside})"


def rows(kinds: Sequence[str]) -> list[list[int]]:
    """The operations' places, from 0, in rows that begin at a Linear."""
    found: list[list[int]] = []
    for place, kind in enumerate(kinds):
        if not found or kind == "Linear" or len(found[-1]) == _LONGEST_ROW:
            found.append([])
        found[-1].append(place)
    return found
