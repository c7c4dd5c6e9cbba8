r"""A scalar computational graph: forward, local derivatives, the reverse pass, one direction forward, and what each mode costs.

Baydin, Pearlmutter, Radul and Siskind, *Automatic Differentiation in Machine Learning: a Survey* (2018), section 3; Griewank and Walther,
*Evaluating Derivatives* (2008), chapter 3.
"""

# ruff: noqa: A002, A006 - a step of the problem is called locals

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Number, Part, Problem, Values, Vector,
    array, equal, exp, expected, maximum, one_of, optional, read_number, read_vector, require_length, required, say, some_of,
    steps,
)  # fmt: skip
from generator.document.figures.graph import GraphNode, graph_scene
from generator.numbers import notation

Node = tuple[str, str, tuple[str, ...]]
"""A name, an operation and the names of its arguments."""

OPERATIONS = {"add": 2, "mul": 2, "max": 2, "square": 1, "exp": 1}
"""How many arguments each operation takes."""

SPELLINGS = {
    "+": "add", "plus": "add", "sum": "add", "*": "mul", "×": "mul", "·": "mul", "times": "mul", "multiply": "mul", "product": "mul",
    "prod": "mul", "^2": "square", "**2": "square", "²": "square", "sq": "square", "sqr": "square", "maximum": "max",
    "exponential": "exp",
}  # fmt: skip

# ------------------------------------------------------------------------------------------ reading it


def read_nodes(raw: Any, *, field: str) -> tuple[Node, ...]:
    """A list of ``[name, operation, [arguments]]``, each after the nodes that it needs."""
    example = 'such as ["a", "mul", ["x", "y"]]'
    if not isinstance(raw, list | tuple) or not raw:
        raise InputError(expected(f"a list of nodes {example}", repr(raw)[:80]), field=field)
    found: list[Node] = []
    for place, one in enumerate(raw, start=1):
        where = f"{field}[{place}]"
        if isinstance(one, list | tuple) and len(one) > 2 and all(isinstance(name, str) for name in one):
            one = [*one[:2], one[2:]]
        if not isinstance(one, list | tuple) or len(one) != 3 or not isinstance(one[2], list | tuple):
            raise InputError(expected(f"a node {example}", repr(one)[:80]), field=where)
        name, operation, arguments = str(one[0]), str(one[1]).lower(), tuple(map(str, one[2]))
        operation = SPELLINGS.get(operation, operation)
        if operation not in OPERATIONS:
            raise InputError(f"unknown operation {one[1]!r}; there are {', '.join(OPERATIONS)}", field=where)
        if len(arguments) != OPERATIONS[operation]:
            raise InputError(f"{operation} takes {OPERATIONS[operation]} arguments; got {len(arguments)}", field=where)
        if any(name in (node[0], *node[2]) for node in found) or name in arguments:
            raise InputError(f"the name {name!r} is taken, or used before it is computed", field=where)
        found.append((name, operation, arguments))
    return tuple(found)


def read_inputs(raw: Any, *, field: str) -> Mapping[str, Any]:
    """A number for each input by its name."""
    if not isinstance(raw, Mapping) or not raw:
        raise InputError(expected("a table of inputs and their numbers", repr(raw)[:80]), field=field)
    return {str(name): read_number(value, field=f"{field}.{name}") for name, value in raw.items()}


LARGEST_VALUE = 10**30
LONGEST_VALUE = 300  # characters
MOST_NODES = 30


def require_moderate(nodes: Sequence[Node], inputs: Mapping[str, Any]) -> None:
    """Refuse graphs that outgrow exact arithmetic, node by node, before anything larger is computed: squares of squares, exp of exp."""
    if len(nodes) > MOST_NODES:
        raise InputError(expected(f"at most {MOST_NODES} nodes", len(nodes)), field="nodes")
    known = dict(inputs)
    for name, operation, arguments in nodes:
        given = [known[one] for one in arguments]
        large = operation == "exp" and abs(given[0]) > 70
        if not large:
            known[name] = value = COMPUTED[operation](*given)
            large = abs(value) > LARGEST_VALUE or (not value.is_Integer and len(str(value)) > LONGEST_VALUE)
        if large:
            raise InputError(f"{name}: its value is too large, or too long to write exactly", field="inputs")


def require(nodes: Sequence[Node], inputs: Mapping[str, Any], seed: Array) -> None:
    """Inputs that are all there, one entry of the direction for each, and no tie where max has no derivative."""
    names = inputs_of(nodes)
    for name in names:
        if name not in inputs:
            raise InputError(f"the nodes need the input {name!r}", field="inputs")
    for name in inputs:
        if name not in names:
            raise InputError(f"no node uses {name!r}", field="inputs")
    require_length("seed", seed, len(names), "input, in the order of first use")
    require_moderate(nodes, inputs)
    if name := tied(nodes, inputs):
        raise InputError(f"{name}: both arguments of max are equal, where it has no derivative", field="inputs")


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

SEEDS = [seed for seed in product(range(-2, 3), repeat=3) if seed.count(0) == 1]
"""Directions along two of the three inputs."""

LARGEST = 150


def _sample(draw: Draw, level: str, templates: Sequence[str], numbers: Sequence[int]) -> Mapping[str, Any]:
    """One of the templates with small inputs; w is the logarithm of a whole number."""
    nodes = TEMPLATES[draw.choice(templates)]
    inputs: dict[str, Any] = {
        name: f"log({draw.integer(2, 7)})" if name == "w" else draw.choice(numbers) for name in inputs_of(nodes)
    }
    draw.require(not tied(nodes, read_inputs(inputs, field="inputs")), "both arguments of max are equal")
    given = {"nodes": nodes, "inputs": inputs, "seed": draw.choice(SEEDS)}
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


EASY = tuple(number for number in range(-7, 9) if number)
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
    return len(set(plain)) == len(plain) and 6.1 * len(nodes) <= digits <= 7.6 * len(nodes)


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  Nodes and edges are in the order of the list of nodes.


def inputs_of(nodes: Sequence[Node]) -> list[str]:
    """The names of the inputs in the order of first use."""
    made = {name for name, _, _ in nodes}
    return list(dict.fromkeys(name for _, _, arguments in nodes for name in arguments if name not in made))


def edges(nodes: Sequence[Node]) -> list[tuple[str, str]]:
    """All edges, from an argument to a node."""
    return [(argument, name) for name, _, arguments in nodes for argument in arguments]


COMPUTED: Mapping[str, Callable[..., Any]] = {
    "add": lambda u, v: u + v,
    "mul": lambda u, v: u * v,
    "max": maximum,
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


def maxima(nodes: Sequence[Node], inputs: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The two arguments of each maximum by its name."""
    known = values_of(nodes, inputs)
    return {name: (known[pair[0]], known[pair[1]]) for name, operation, pair in nodes if operation == "max"}


def tied(nodes: Sequence[Node], inputs: Mapping[str, Any]) -> str:
    """The first maximum whose arguments are equal; an empty text if there is none."""
    return next((name for name, pair in maxima(nodes, inputs).items() if equal(*pair)), "")


def local_derivatives(nodes: Sequence[Node], inputs: Mapping[str, Any], **changed: Callable[..., Any]) -> Array:
    """The derivative on each edge; in a mistake the rule of an operation is ``changed``."""
    known, rules = values_of(nodes, inputs), {**DERIVATIVES, **changed}
    return array(
        [local for _, operation, arguments in nodes for local in rules[operation](*(known[one] for one in arguments))]
    )


def uses_of(nodes: Sequence[Node], locals: Array, adjoints: Mapping[str, Any], name: str) -> list[tuple[Any, Any]]:
    """For each use of a value the local derivative, and the adjoint at the end of the edge."""
    pairs = zip(edges(nodes), locals, strict=True)
    return [(local, adjoints[consumer]) for (argument, consumer), local in pairs if argument == name]


def added(pairs: Sequence[tuple[Any, Any]]) -> Any:
    """The products of the pairs, added up."""
    return sum(first * second for first, second in pairs)


def reverse_pass(nodes: Sequence[Node], locals: Array, kept: int | None = None) -> dict[str, Any]:
    """The adjoints by name; in a mistake only the first use of each value is ``kept``."""
    known: dict[str, Any] = {nodes[-1][0]: 1}
    for name in [*reversed([node[0] for node in nodes[:-1]]), *inputs_of(nodes)]:
        known[name] = added(uses_of(nodes, locals, known, name)[:kept])
    return known


def of_nodes(nodes: Sequence[Node], known: Mapping[str, Any]) -> Array:
    """The entries of the nodes, in their order."""
    return array([known[name] for name, _, _ in nodes])


def of_inputs(nodes: Sequence[Node], known: Mapping[str, Any]) -> Array:
    """The entries of the inputs, in the order of first use."""
    return array([known[name] for name in inputs_of(nodes)])


def by_name(nodes: Sequence[Node], entries: Array) -> dict[str, Any]:
    """The entries of the nodes by name."""
    return dict(zip((name for name, _, _ in nodes), entries, strict=True))


def forward_mode(nodes: Sequence[Node], locals: Array, seed: Array) -> dict[str, Any]:
    """The derivatives in the direction of the seed by name."""
    known: dict[str, Any] = dict(zip(inputs_of(nodes), seed, strict=True))
    for (argument, name), local in zip(edges(nodes), locals, strict=True):
        known[name] = known.get(name, 0) + local * known[argument]
    return known


def edges_from(nodes: Sequence[Node], source: str) -> int:
    """How many edges leave an input or a node that depends on it."""
    reached = {source}
    for argument, name in edges(nodes):
        reached |= {name} if argument in reached else set()
    return sum(argument in reached for argument, _ in edges(nodes))


SOLUTION = steps(
    point=lambda nodes, inputs: of_inputs(nodes, inputs),
    forward=lambda nodes, inputs: of_nodes(nodes, values_of(nodes, inputs)),
    locals=lambda nodes, inputs: local_derivatives(nodes, inputs),
    adjoints=lambda nodes, locals: of_nodes(nodes, reverse_pass(nodes, locals)),
    gradient=lambda nodes, locals, adjoints: array(
        [added(uses_of(nodes, locals, by_name(nodes, adjoints), name)) for name in inputs_of(nodes)]
    ),
    tangents=lambda nodes, locals, seed: of_nodes(nodes, forward_mode(nodes, locals, seed)),
    directional=lambda tangents: tangents[-1],
    reverse_count=lambda nodes: len(edges(nodes)),
    forward_count=lambda nodes: sum(edges_from(nodes, name) for name in inputs_of(nodes)),
)


def uses(operation: str) -> Callable[..., bool]:
    return lambda nodes: any(one == operation for _, one, _ in nodes)


def margin(nodes: Sequence[Node], inputs: Mapping[str, Any]) -> Any:
    """By how much the larger argument of the first maximum exceeds the other."""
    (first, second), *_ = maxima(nodes, inputs).values()
    return abs(first - second)


BANK = Bank.beside(
    __file__,
    margin,
    has_maximum=uses("max"),
    value=lambda forward: forward[-1],
    edge_count=lambda nodes: len(edges(nodes)),
    input_count=lambda nodes: len(inputs_of(nodes)),
)

# ------------------------------------------------------------------------------ what students do instead


HALF = Fraction(1, 2)


def other_rule(name: str, operation: str, rule: Callable[..., Any]) -> Any:
    """A mistake in the local derivatives of one operation."""
    return BANK.mistake(
        name,
        locals=lambda nodes, inputs: local_derivatives(nodes, inputs, **{operation: rule}),
        applies=uses(operation),
    )


MISTAKES = [
    other_rule("product rule swapped", "mul", lambda u, v: (u, v)),
    other_rule("maximum passes both", "max", lambda u, v: (1, 1)),
    other_rule("maximum passes the smaller", "max", lambda u, v: (0, 1) if u > v else (1, 0)),
    other_rule("maximum halved", "max", lambda u, v: (HALF, HALF)),
    other_rule("square without its 2", "square", lambda u: (u,)),
    other_rule("exp passes through", "exp", lambda u: (1,)),
    other_rule("sum halved", "add", lambda u, v: (HALF, HALF)),
    BANK.mistake(
        "fan-out overwritten",
        adjoints=lambda nodes, locals: of_nodes(nodes, reverse_pass(nodes, locals, kept=1)),
        gradient=lambda nodes, locals: of_inputs(nodes, reverse_pass(nodes, locals, kept=1)),
    ),
    BANK.mistake(
        "a reverse pass for each input", reverse_count=lambda nodes: len(inputs_of(nodes)) * len(edges(nodes))
    ),
    BANK.mistake("nodes counted", reverse_count=lambda nodes: len(nodes)),
    BANK.mistake("one forward pass", forward_count=lambda nodes: len(edges(nodes))),
    BANK.mistake("all edges every pass", forward_count=lambda nodes: len(inputs_of(nodes)) * len(edges(nodes))),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(nodes: Sequence[Node], inputs: Mapping[str, Any], seed: np.ndarray) -> Mapping[str, Any]:
    """numpy: the function in complex numbers, where a step ih of anything shows its derivative; counts by powers of the adjacency matrix."""
    names = [*inputs_of(nodes), *(name for name, _, _ in nodes)]
    starts, made = names[: -len(nodes)], names[-len(nodes) :]
    rules: Mapping[str, Callable[..., complex]] = {
        "add": lambda u, v: u + v, "mul": lambda u, v: u * v, "max": lambda u, v: max(u, v, key=np.real),
        "square": lambda u: u * u, "exp": np.exp,
    }  # fmt: skip
    h = 1e-30

    def run(moved: Mapping[str, float]) -> dict[str, complex]:
        """The values of everything, some of it moved by so many steps."""
        known: dict[str, complex] = {name: float(inputs[name]) + 1j * h * moved.get(name, 0) for name in starts}
        for name, operation, arguments in nodes:
            known[name] = rules[operation](*(known[one] for one in arguments)) + 1j * h * moved.get(name, 0)
        return known

    known = run({})
    locals_, adjacent = [], np.zeros((len(names), len(names)))
    for name, operation, arguments in nodes:
        values = np.array([known[one] for one in arguments])
        locals_ += [rules[operation](*(values + 1j * h * move)).imag / h for move in np.eye(len(values))]
        for argument in arguments:
            adjacent[names.index(argument), names.index(name)] += 1
    along = run(dict(zip(starts, seed, strict=True)))
    slopes = {name: run({name: 1})[names[-1]].imag / h for name in names}
    reaches = np.linalg.matrix_power(np.eye(len(names)) + adjacent, len(names)) > 0
    return {
        "forward": [known[name].real for name in made],
        "locals": locals_,
        "adjoints": [slopes[name] for name in made],
        "gradient": [slopes[name] for name in starts],
        "tangents": [along[name].imag / h for name in made],
        "directional": sum(slopes[name] * entry for name, entry in zip(starts, seed, strict=True)),
        "reverse_count": adjacent.sum(),
        "forward_count": (reaches[: len(starts)] @ adjacent.sum(axis=1)).sum(),
    }


# -------------------------------------------------------------------------------------------- the prose

_SIGNS = {"add": "{0} + {1}", "mul": r"{0} \cdot {1}", "max": r"\max({0}, {1})", "square": "{0}^2", "exp": "e^{{{0}}}"}
_SHORT = {"add": "+", "mul": "×", "max": "max", "square": "²", "exp": "exp"}


def preamble(v: Values) -> Content:
    formulas = r",\; ".join(
        f"{name} = {_SIGNS[operation].format(*arguments)}" for name, operation, arguments in v.nodes
    )
    return [
        BANK.text("preamble.with_exp" if uses("exp")(v.nodes) else "preamble.without_exp", v),
        f"$${formulas}.$$",
        BANK.text("given", v, names=say(", ".join(inputs_of(v.nodes)))),
        BANK.text("rules", v),
        graph_figure(v),
    ]


def graph_figure(v: Values) -> Figure:
    """The graph, with blanks for values above and adjoints below the nodes; the key has the local derivatives on the edges too."""
    values, adjoints = by_name(v.nodes, v.forward), by_name(v.nodes, v.adjoints)
    locals_ = iter(v.locals)
    nodes = [GraphNode(name, (name,)) for name in inputs_of(v.nodes)]
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
    title = "The graph: values above, adjoints below"
    return Figure("graph", graph_scene(title, nodes, filled=False), graph_scene(title, nodes, filled=True))


def computed(v: Values) -> Iterator[Mapping[str, Any]]:
    """For each node what it computes, with numbers."""
    known = values_of(v.nodes, v.inputs)
    for name, operation, arguments in v.nodes:
        first, last = known[arguments[0]], known[arguments[-1]]
        formula = say(_SIGNS[operation].format("<u>", "<v>"), u=first, v=last)
        yield {"node": say(name), "formula": formula, "value": known[name]}


def backward(v: Values, name: str) -> Mapping[str, Any]:
    """How the adjoint of a node or an input is added up."""
    return {"node": say(name), "sum": written_out(uses_of(v.nodes, v.locals, by_name(v.nodes, v.adjoints), name))}


def onward(v: Values) -> Iterator[Mapping[str, Any]]:
    """How the derivative of each node in the direction of the seed is added up."""
    known = forward_mode(v.nodes, v.locals, v.seed)
    along = [*zip(edges(v.nodes), v.locals, strict=True)]
    for node, _, _ in v.nodes:
        pairs = [(local, known[argument]) for (argument, name), local in along if name == node]
        yield {"node": say(node), "sum": written_out(pairs)}


def written_out(pairs: Sequence[tuple[Any, Any]]) -> Content:
    """The products of the pairs, added up step by step."""
    products = " + ".join(rf"<first{place}> \cdot <second{place}>" for place in range(len(pairs)))
    numbers = {
        f"{which}{place}": one
        for place, pair in enumerate(pairs)
        for which, one in zip(("first", "second"), pair, strict=True)
    }
    return say(f"{products} = <total>", total=added(pairs), **numbers)


def parts(v: Values) -> Iterator[Part]:
    names = tuple(name for name, _, _ in v.nodes)
    arrows = tuple(rf"\frac{{\partial {name}}}{{\partial {argument}}}" for argument, name in edges(v.nodes))
    bars = tuple(rf"\bar {name}" for name in names)
    dots = tuple(rf"\dot {name}" for name in names)
    inputs = inputs_of(v.nodes)
    yield BANK.part("forward", v, Fields("forward", names), for_each=[*computed(v)])
    yield BANK.part("locals", v, Fields("locals", arrows))
    yield BANK.part("adjoints", v, Fields("adjoints", bars), for_each=[backward(v, name) for name in names[-2::-1]])
    gradient = Vector("gradient", rf"\nabla f({', '.join(inputs)})", like="point")
    yield BANK.part("gradient", v, gradient, for_each=[backward(v, name) for name in inputs])
    yield BANK.part("tangents", v, Fields("tangents", dots), for_each=[*onward(v)])
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
    variants=10_000,
    easy=Level(
        sample_easy, {"nodes": 6, "claims": 2}, possible={"reverse_count": 1, "forward_count": 1}, variants=5_000
    ),
    hard=Level(
        sample_hard, {"nodes": 8, "claims": 2}, possible={"reverse_count": 1, "forward_count": 2}, variants=10_000
    ),
)
