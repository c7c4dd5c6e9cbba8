r"""A scalar computational graph: forward, local derivatives, the reverse pass, one direction forward, and what each mode costs.

Baydin, Pearlmutter, Radul and Siskind, *Automatic Differentiation in Machine Learning: a Survey* (2018), section 3; Griewank and Walther,
*Evaluating Derivatives* (2008), chapter 3.
"""

# ruff: noqa: A002, A006 - a step of the problem is called locals

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Number, Part, Problem, Values, Vector,
    array, exp, expected, one_of, optional, read_number, read_vector, require_length, required, say, some_of, steps,
)  # fmt: skip
from generator.document.figures.graph import GraphNode, graph_scene
from generator.numbers import notation
from generator.problems._numeric import slopes

Node = tuple[str, str, tuple[str, ...]]
"""A name, an operation and the names of its arguments."""

OPERATIONS = {"add": 2, "mul": 2, "max": 2, "square": 1, "exp": 1}
"""How many arguments each operation takes."""

_SPELLINGS = {
    "+": "add", "plus": "add", "*": "mul", "×": "mul", "times": "mul", "·": "mul", "^2": "square", "**2": "square", "²": "square", "sq": "square", "sqr": "square", "sum": "add", "product": "mul", "prod": "mul",
    "multiply": "mul", "maximum": "max", "exponential": "exp",
}  # fmt: skip
LARGEST = 150
HALF = Fraction(1, 2)

# --------------------------------------------------------------------------------------------- reading


def read_nodes(raw: Any, *, field: str) -> tuple[Node, ...]:
    """A list of ``[name, operation, [arguments]]``, each after what it needs."""
    if not isinstance(raw, list | tuple) or not raw:
        raise InputError(expected('a list of nodes such as ["a", "mul", ["x", "y"]]', repr(raw)[:80]), field=field)
    found: list[Node] = []
    for place, one in enumerate(raw, start=1):
        where = f"{field}[{place}]"
        if isinstance(one, list | tuple) and len(one) > 2 and all(isinstance(name, str) for name in one):
            one = [*one[:2], one[2:]]
        if not isinstance(one, list | tuple) or len(one) != 3 or not isinstance(one[2], list | tuple):
            raise InputError(expected('a node such as ["a", "mul", ["x", "y"]]', repr(one)[:80]), field=where)
        name, operation, arguments = str(one[0]), str(one[1]).lower(), tuple(map(str, one[2]))
        operation = _SPELLINGS.get(operation, operation)
        if operation not in OPERATIONS:
            raise InputError(f"unknown operation {one[1]!r}; there are {', '.join(OPERATIONS)}", field=where)
        if len(arguments) != OPERATIONS[operation]:
            raise InputError(f"{operation} takes {OPERATIONS[operation]} arguments; got {len(arguments)}", field=where)
        if name in [node[0] for node in found]:
            raise InputError(f"the name {name!r} is taken", field=where)
        found.append((name, operation, arguments))
    return tuple(found)


def read_inputs(raw: Any, *, field: str) -> Mapping[str, Any]:
    """A number for each input by its name."""
    if not isinstance(raw, Mapping) or not raw:
        raise InputError(expected("a table of inputs and their numbers", repr(raw)[:80]), field=field)
    return {str(name): read_number(value, field=f"{field}.{name}") for name, value in raw.items()}


# ------------------------------------------------------------------------------------------ the sampler

TEMPLATES: Mapping[str, Sequence[Node]] = {
    "sum-product": (
        ("a", "add", ("x", "y")), ("b", "mul", ("y", "z")), ("c", "max", ("b", "x")), ("d", "mul", ("a", "c")),
        ("e", "square", ("a",)), ("f", "add", ("d", "e")),
    ),
    "shared-exp": (
        ("a", "mul", ("x", "y")), ("b", "exp", ("w",)), ("c", "add", ("a", "b")), ("d", "max", ("a", "b")),
        ("e", "mul", ("c", "d")), ("g", "square", ("y",)), ("f", "add", ("e", "g")),
    ),
    "two-squares": (
        ("a", "mul", ("x", "y")), ("b", "exp", ("w",)), ("c", "add", ("a", "b")), ("d", "max", ("c", "y")),
        ("e", "square", ("d",)), ("g", "mul", ("b", "x")), ("f", "add", ("e", "g")),
    ),
    "deep": (
        ("a", "mul", ("x", "y")), ("b", "exp", ("w",)), ("c", "add", ("a", "b")), ("d", "max", ("c", "x")),
        ("e", "square", ("d",)), ("g", "add", ("b", "y")), ("h", "mul", ("g", "a")), ("f", "add", ("e", "h")),
    ),
    "product-end": (
        ("a", "add", ("x", "y")), ("b", "exp", ("w",)), ("c", "mul", ("a", "b")), ("d", "square", ("a",)),
        ("e", "max", ("b", "y")), ("g", "add", ("c", "d")), ("h", "mul", ("y", "e")), ("f", "add", ("g", "h")),
    ),
}  # fmt: skip

SEEDS = (
    (1, -1, 0),
    (1, 0, -1),
    (0, 1, 1),
    (1, 1, 0),
    (2, -1, 0),
    (1, 0, 2),
    (0, 2, -1),
    (1, 2, 0),
    (0, 1, -2),
    (-1, 0, 1),
)


def _sample(draw: Draw, level: str, templates: Sequence[str], numbers: Sequence[int]) -> Mapping[str, Any]:
    """One of the templates with small inputs; w is the logarithm of a whole number."""
    nodes = TEMPLATES[draw.choice(templates)]
    inputs: dict[str, Any] = {
        name: f"log({draw.integer(2, 7)})" if name == "w" else draw.choice(numbers) for name in inputs_of(nodes)
    }
    draw.require(not tied(nodes, read_inputs(inputs, field="inputs")), "both arguments of max are equal")
    given = {"nodes": nodes, "inputs": inputs, "seed": draw.choice(SEEDS)}
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


EASY = tuple(number for number in range(-5, 7) if number)
SMALL = tuple(number for number in range(-6, 7) if number)
sample_easy = partial(_sample, level="easy", templates=["sum-product"], numbers=EASY)
sample = partial(_sample, level="standard", templates=["shared-exp", "two-squares"], numbers=SMALL)
sample_hard = partial(_sample, level="hard", templates=["deep", "product-end"], numbers=SMALL)


def accept(
    nodes: Sequence[Node], inputs: Mapping[str, Any], forward: Array, locals: Array, adjoints: Array, gradient: Array,
    tangents: Array, directional: Any,
) -> bool:  # fmt: skip
    """a node is 0 or repeated, a square hides its 2, a gradient is 0 or equals another, or numbers are unusually small or large"""
    known = values_of(nodes, inputs)
    squared = [known[arguments[0]] for _, operation, arguments in nodes if operation == "square"]
    if not all(forward) or any(abs(value) <= 1 for value in squared) or directional == 0:
        return False
    values = [*forward, *adjoints, *gradient]
    if max(map(abs, values)) > LARGEST or not all(gradient) or len(set(gradient)) < len(gradient):
        return False
    digits = sum(len(f"{abs(value)}") for value in (*values, *locals, *tangents))
    plain = [value for value, (_, operation, _) in zip(forward, nodes, strict=True) if operation != "max"]
    return len(set(plain)) == len(plain) and 6 * len(nodes) <= digits <= 7.7 * len(nodes)


def require(nodes: Sequence[Node], inputs: Mapping[str, Any], seed: Array) -> None:
    """Inputs that are all there, one direction for each, and no tie where max has no derivative."""
    names = inputs_of(nodes)
    for name in names:
        if name not in inputs:
            raise InputError(f"the nodes need the input {name!r}", field="inputs")
    for name in inputs:
        if name not in names:
            raise InputError(f"no node uses {name!r}", field="inputs")
    require_length("seed", seed, len(names), "input, in the order of first use")
    if name := tied(nodes, inputs):
        raise InputError(f"{name}: both arguments of max are equal, where it has no derivative", field="inputs")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  Nodes and edges are in the order of the list of nodes.


def inputs_of(nodes: Sequence[Node]) -> list[str]:
    """The names of the inputs in the order of first use."""
    made = {name for name, _, _ in nodes}
    return list(dict.fromkeys(name for _, _, arguments in nodes for name in arguments if name not in made))


def tied(nodes: Sequence[Node], inputs: Mapping[str, Any]) -> str:
    """The first maximum whose arguments are equal; an empty text if there is none."""
    known = values_of(nodes, inputs)
    pairs = {name: arguments for name, operation, arguments in nodes if operation == "max"}
    return next((name for name, (first, second) in pairs.items() if known[first] == known[second]), "")


COMPUTED: Mapping[str, Callable[..., Any]] = {
    "add": lambda u, v: u + v,
    "mul": lambda u, v: u * v,
    "max": lambda u, v: max(v, u),
    "square": lambda u: u**2,
    "exp": exp,
}

DERIVATIVES: Mapping[str, Callable[..., tuple[Any, ...]]] = {
    "add": lambda u, v: (1, 1),
    "mul": lambda u, v: (v, u),
    "max": lambda u, v: (1, 0) if u > v else (0, 1),
    "square": lambda u: (2 * u,),
    "exp": lambda u: (exp(u),),
}


def values_of(nodes: Sequence[Node], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all inputs and nodes by name."""
    known = dict(inputs)
    for name, operation, arguments in nodes:
        known[name] = COMPUTED[operation](*(known[one] for one in arguments))
    return known


def local_derivatives(
    nodes: Sequence[Node],
    inputs: Mapping[str, Any],
    changed: Mapping[str, Callable[..., tuple[Any, ...]]] | None = None,
) -> Array:
    """The derivative on each edge; mistakes have other rules for some operations."""
    known, rules = values_of(nodes, inputs), {**DERIVATIVES, **(changed or {})}
    return array(
        [local for _, operation, arguments in nodes for local in rules[operation](*(known[one] for one in arguments))]
    )


def edges(nodes: Sequence[Node]) -> list[tuple[str, str]]:
    """All edges, from an argument to a node."""
    return [(argument, name) for name, _, arguments in nodes for argument in arguments]


def backward(nodes: Sequence[Node], locals: Array, *, first_only: bool = False) -> dict[str, Any]:
    """The adjoint of every node and input; with ``first_only`` what only the earliest consumer contributes."""
    found: dict[str, Any] = {nodes[-1][0]: 1}
    pairs = [*zip(edges(nodes), locals, strict=True)]
    for name in reversed([*inputs_of(nodes), *(node[0] for node in nodes[:-1])]):
        shares = [found[consumer] * local for (argument, consumer), local in pairs if argument == name]
        found[name] = shares[0] if first_only else sum(shares)
    return found


def onward(nodes: Sequence[Node], locals: Array, seed: Array) -> Array:
    """The derivative of each node in the direction of the seed."""
    found: dict[str, Any] = dict(zip(inputs_of(nodes), seed, strict=True))
    for (argument, name), local in zip(edges(nodes), locals, strict=True):
        found[name] = found.get(name, 0) + local * found[argument]
    return array([found[name] for name, _, _ in nodes])


def edges_from(nodes: Sequence[Node], source: str) -> int:
    """How many edges leave an input or a node that depends on it."""
    reached = {source}
    for name, _, arguments in nodes:
        if reached & {*arguments}:
            reached.add(name)
    return sum(argument in reached for argument, _ in edges(nodes))


SOLUTION = steps(
    forward=lambda nodes, inputs: array([values_of(nodes, inputs)[name] for name, _, _ in nodes]),
    locals=lambda nodes, inputs: local_derivatives(nodes, inputs),
    adjoints=lambda nodes, locals: array([backward(nodes, locals)[name] for name, _, _ in nodes]),
    gradient=lambda nodes, locals, adjoints: array(
        [
            sum(
                local * adjoint
                for ((argument, _), local, adjoint) in zip(
                    edges(nodes), locals, of_consumers(nodes, adjoints), strict=True
                )
                if argument == name
            )
            for name in inputs_of(nodes)
        ]
    ),
    tangents=lambda nodes, locals, seed: onward(nodes, locals, seed),
    directional=lambda tangents: tangents[-1],
    reverse_count=lambda nodes: len(edges(nodes)),
    forward_count=lambda nodes: sum(edges_from(nodes, name) for name in inputs_of(nodes)),
)


def of_consumers(nodes: Sequence[Node], adjoints: Array) -> list[Any]:
    """For each edge the adjoint of the node that it leads to."""
    known = dict(zip((name for name, _, _ in nodes), adjoints, strict=True))
    return [known[consumer] for _, consumer in edges(nodes)]


def margin(nodes: Sequence[Node], inputs: Mapping[str, Any]) -> Any:
    """By how much the larger argument of max exceeds the other."""
    known = values_of(nodes, inputs)
    first, second = next(arguments for _, operation, arguments in nodes if operation == "max")
    return abs(known[first] - known[second])


BANK = Bank.beside(
    __file__,
    margin,
    value=lambda forward: forward[-1],
    edge_count=lambda nodes: len(edges(nodes)),
    input_count=lambda nodes: len(inputs_of(nodes)),
)

# ------------------------------------------------------------------------------ what students do instead


def other_rule(operation: str, rule: Callable[..., tuple[Any, ...]]) -> Callable[..., Array]:
    """The local derivatives with another rule for one operation."""
    return lambda nodes, inputs: local_derivatives(nodes, inputs, {operation: rule})


def uses(operation: str) -> Callable[..., bool]:
    return lambda nodes: any(one == operation for _, one, _ in nodes)


MISTAKES = [
    BANK.mistake("product rule swapped", locals=other_rule("mul", lambda u, v: (u, v)), applies=uses("mul")),
    BANK.mistake("maximum passes both", locals=other_rule("max", lambda u, v: (1, 1)), applies=uses("max")),
    BANK.mistake(
        "maximum passes the smaller",
        locals=other_rule("max", lambda u, v: (0, 1) if u > v else (1, 0)),
        applies=uses("max"),
    ),
    BANK.mistake("maximum halved", locals=other_rule("max", lambda u, v: (HALF, HALF)), applies=uses("max")),
    BANK.mistake("square without its 2", locals=other_rule("square", lambda u: (u,)), applies=uses("square")),
    BANK.mistake("exp passes through", locals=other_rule("exp", lambda u: (1,)), applies=uses("exp")),
    BANK.mistake("sum halved", locals=other_rule("add", lambda u, v: (HALF, HALF)), applies=uses("add")),
    BANK.mistake(
        "fan-out overwritten",
        adjoints=lambda nodes, locals: array([backward(nodes, locals, first_only=True)[name] for name, _, _ in nodes]),
        gradient=lambda nodes, locals: array(
            [backward(nodes, locals, first_only=True)[name] for name in inputs_of(nodes)]
        ),
    ),
    BANK.mistake(
        "a reverse pass for each input", reverse_count=lambda nodes: len(inputs_of(nodes)) * len(edges(nodes))
    ),
    BANK.mistake("nodes counted", reverse_count=lambda nodes: len(nodes)),
    BANK.mistake("one forward pass", forward_count=lambda nodes: len(edges(nodes))),
    BANK.mistake("all edges every pass", forward_count=lambda nodes: len(inputs_of(nodes)) * len(edges(nodes))),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(nodes: Sequence[Node], inputs: Mapping[str, float], seed: np.ndarray) -> Mapping[str, Any]:
    """numpy: the function run in floats, every derivative by differences, and the counts by paths."""
    names = inputs_of(nodes)
    start = np.array([float(inputs[name]) for name in names])
    floats: Mapping[str, Callable[..., float]] = {
        "add": lambda u, v: u + v, "mul": lambda u, v: u * v, "max": max, "square": lambda u: u * u, "exp": np.exp,
    }  # fmt: skip

    def run(values: np.ndarray, fixed: Mapping[str, float] | None = None) -> dict[str, float]:
        known = dict(zip(names, map(float, values), strict=True))
        for name, operation, arguments in nodes:
            known[name] = float(floats[operation](*(known[one] for one in arguments)))
            known |= {name: fixed[name]} if fixed and name in fixed else {}
        return known

    known = run(start)
    last = nodes[-1][0]

    def locals_of(operation: str, arguments: Sequence[str]) -> np.ndarray:
        return slopes(lambda one: float(floats[operation](*one)), np.array([known[name] for name in arguments]))

    def adjoint(name: str) -> float:
        return float(slopes(lambda one: run(start, {name: float(one[0])})[last], np.array([known[name]]))[0])

    def tangent(name: str) -> float:
        return float(slopes(lambda one: run(start + one[0] * np.asarray(seed))[name], np.array([0.0]))[0])

    gradient = slopes(lambda one: run(one)[last], start)
    after = {source: _reached(nodes, source) for source in names}
    return {
        "forward": [known[name] for name, _, _ in nodes],
        "locals": [slope for _, operation, arguments in nodes for slope in locals_of(operation, arguments)],
        "adjoints": [adjoint(name) for name, _, _ in nodes],
        "gradient": gradient,
        "tangents": [tangent(name) for name, _, _ in nodes],
        "directional": float(gradient @ np.asarray(seed)),
        "reverse_count": len({(argument, name) for name, _, arguments in nodes for argument in arguments}),
        "forward_count": sum(
            sum(argument in reached for _, _, arguments in nodes for argument in arguments)
            for reached in after.values()
        ),
    }


def _reached(nodes: Sequence[Node], source: str) -> set[str]:
    """The source and what lies on a path from it."""
    found, open_ = {source}, [source]
    while open_:
        one = open_.pop()
        for name, _, arguments in nodes:
            if one in arguments and name not in found:
                found.add(name)
                open_.append(name)
    return found


# -------------------------------------------------------------------------------------------- the prose

_SIGNS = {"add": "{0} + {1}", "mul": r"{0} \cdot {1}", "max": r"\max({0}, {1})", "square": "{0}^2", "exp": "e^{{{0}}}"}
_SHORT = {"add": "+", "mul": "×", "max": "max", "square": "²", "exp": "exp"}


def preamble(v: Values) -> Content:
    formulas = r",\; ".join(
        f"{name} = {_SIGNS[operation].format(*arguments)}" for name, operation, arguments in v.nodes
    )
    given = r",\; ".join(f"{name} = {notation.tex(value)}" for name, value in v.inputs.items())
    text = "preamble.with_exp" if "w" in v.inputs else "preamble.without_exp"
    return [
        BANK.text(text, v),
        f"$${formulas}$$",
        BANK.text("given", v),
        f"$${given}.$$",
        BANK.text("rules", v),
        graph_figure(v),
    ]


def graph_figure(v: Values) -> Figure:
    """The graph, with blanks for values above and adjoints below the nodes; the key has the local derivatives on the edges too."""
    names = [name for name, _, _ in v.nodes]
    values, adjoints = dict(zip(names, v.forward, strict=True)), dict(zip(names, v.adjoints, strict=True))
    locals_ = iter(v.locals)
    nodes = [GraphNode(name, (name,)) for name in v.inputs]
    nodes += [
        GraphNode(
            name,
            (f"{name} {_SHORT[operation]}",),
            arguments,
            notation.plain(values[name]),
            notation.plain(adjoints[name]),
            tuple(notation.plain(next(locals_)) for _ in arguments),
        )
        for name, operation, arguments in v.nodes
    ]
    description = (
        "Arrows lead " + "; ".join(f"from {' and '.join(arguments)} to {name}" for name, _, arguments in v.nodes) + "."
    )
    title = "The graph: values above, adjoints below"
    return Figure(
        "graph",
        graph_scene(title, nodes, description, filled=False),
        graph_scene(title, nodes, description, filled=True),
    )


def parts(v: Values) -> Iterator[Part]:
    names = tuple(name for name, _, _ in v.nodes)
    arrows = tuple(rf"\frac{{\partial {name}}}{{\partial {argument}}}" for argument, name in edges(v.nodes))
    bars = tuple(rf"\bar {name}" for name in names)
    dots = tuple(rf"\dot {name}" for name in names)
    inputs = inputs_of(v.nodes)
    known = dict(zip(names, v.adjoints, strict=True))
    rows = []
    for place, name in enumerate(inputs):
        pairs = [
            (consumer, local)
            for (argument, consumer), local in zip(edges(v.nodes), v.locals, strict=True)
            if argument == name
        ]
        shares = array([known[consumer] * local for consumer, local in pairs])
        total = say(" = <sum>", sum=v.gradient[place]) if len(pairs) > 1 else say("")
        rows.append({"shares": shares, "total": total, "symbol": say(name)})
    vector = ", ".join(inputs)
    yield BANK.part("forward", v, Fields("forward", names))
    yield BANK.part("locals", v, Fields("locals", arrows))
    yield BANK.part("adjoints", v, Fields("adjoints", bars))
    yield BANK.part("gradient", v, Vector("gradient", rf"\nabla f({vector})", like="seed"), for_each=rows)
    yield BANK.part("tangents", v, Fields("tangents", dots))
    yield BANK.part("directional", v, Number("directional", r"D_v f"))
    yield BANK.part("reverse_count", v, Number("reverse_count"))
    yield BANK.part(
        "forward_count", v, Number("forward_count"), counts=array([edges_from(v.nodes, name) for name in inputs])
    )
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The graph and its numbers; not the questions in words."""
    return [params[name] for name in ("nodes", "inputs", "seed")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many nodes there are, and how many claims to judge."""
    return {"nodes": len(v.nodes), "claims": len(v.claims)}


PROBLEM = Problem(
    id="computational-graph",
    title="A graph, forward and backward",
    topic="automatic differentiation",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "nodes": required(read_nodes),
        "inputs": required(read_inputs),
        "seed": required(read_vector),
        "question": optional(one_of(BANK["question"]), "losing_argument"),
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
        "nodes": TEMPLATES["shared-exp"],
        "inputs": {"x": 2, "y": 3, "w": "log(4)"},
        "seed": [1, -1, 0],
        "claims": ["one_pass", "keeps_values"],
    },
    canonical=canonical,
    signature=signature,
    standard={"nodes": 7, "claims": 2},
    possible={"reverse_count": 1, "forward_count": 1},
    variants=1_500,
    easy=Level(
        sample_easy, {"nodes": 6, "claims": 2}, possible={"reverse_count": 1, "forward_count": 1}, variants=1_000
    ),
    hard=Level(
        sample_hard, {"nodes": 8, "claims": 2}, possible={"reverse_count": 1, "forward_count": 2}, variants=2_000
    ),
)
