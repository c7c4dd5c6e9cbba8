r"""The size of a classifier: shapes of its activations, number of its parameters, and which of them costs more.

Normalization as in Ioffe and Szegedy (2015), residual blocks as in He et al. (2016); Adam's two moments as in
Kingma and Ba (2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import (
    InputError,
    Level,
    Problem,
    Values,
    one_of,
    optional,
    permutation,
    read_vector,
    required,
    some_of,
    whole,
)
from generator.problems.model_size import networks as net
from generator.problems.model_size.check import check
from generator.problems.model_size.comparison import FOLLOW_UPS, REASON
from generator.problems.model_size.concepts import CLAIMS, MEMORY_QUESTIONS, SOFTMAX_QUESTIONS
from generator.problems.model_size.levels import EASY, HARD, STANDARD, Setting
from generator.problems.model_size.mistakes import MISTAKES
from generator.problems.model_size.networks import Operations, Size
from generator.problems.model_size.questions import parts, preamble
from generator.problems.model_size.sampler import sample, sample_easy, sample_hard
from generator.problems.model_size.sizes import counts_of
from generator.problems.model_size.solution import (
    activations,
    activations_per_example,
    adam_crossover,
    biases,
    blank_sides,
    break_even,
    break_even_adam,
    budget_quotient,
    classes,
    crossover,
    dimensions,
    exponential_sum,
    exponentials,
    inputs,
    largest_batch,
    linear_outputs,
    linear_sizes,
    logits_activation,
    logits_option,
    memory,
    norm_parameters,
    norm_sizes,
    output_widths,
    parameters,
    probabilities,
    shapes,
    weights,
)
from generator.problems.model_size.templates import plain


def require(
    features: Size,
    operations: Operations,
    blanks: tuple[str, ...],
    follow_ups: tuple[str, ...],
    budget: Any = None,
    candidates: Any = (),
    compare_at: Any = "large",
) -> None:
    """Added activations of one width, one blank for each pair of Linears, a budget where it is asked for, and so on."""
    net.check_widths(features, operations, field="operations")
    pairs = len(linear_outputs(operations)) - 1
    if blanks and len(blanks) != pairs:
        raise InputError(
            f"expected {pairs} sides, one for each two Linears in a row; got {len(blanks)}", field="blanks"
        )
    if "largest_batch" in follow_ups and budget is None:
        raise InputError("missing; the follow-up largest_batch needs it", field="budget")
    last = max(map(int, candidates), default=0)
    if last > len(operations):
        raise InputError(f"expected activations from 1 to {len(operations)}; got {last}", field="candidates")
    stored, learned = counts_of(features, operations)
    if isinstance(compare_at, tuple) and any(int(size) * stored == learned for size in compare_at):
        raise InputError(
            f"expected batch sizes other than {learned // stored}, where both are equal", field="compare_at"
        )
    if budget is not None and int(budget) < stored + learned:
        raise InputError(f"expected at least {stored + learned}, for one example; got {budget}", field="budget")


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The network and its batch; what is asked beside, and where the blanks are, does not make it another one."""
    return params["batch"], params["features"], params["operations"]


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to count, and what is asked beside."""
    sizes = {v.batch, v.features, *v.linear_outputs}
    forced = sum(operation["op"] == "Add" for operation in v.operations)
    return {
        "activations": len(v.operations),
        "blanks": len(v.dimensions),
        "all sizes different": len(sizes) == 2 + len(v.linear_outputs) - forced,
        "digits of K and C": (len(str(v.activations_per_example.p)), len(str(v.parameters.p))),
        "parameters lead": bool(v.activations < v.parameters),
        "logits": len(v.get("logits", ())),
        "follow-ups": len(v.follow_ups),
        "claims": len(v.claims),
    }


def _signature(setting: Setting) -> Mapping[str, Any]:
    """That of every variant of a level."""
    (template, tables), *_ = setting.endings[0]
    operations = template([table[0] for table in tables], setting.classes[0])
    return {
        "activations": len(operations),
        "blanks": sum(operation["op"] == "Linear" for operation in operations),
        "all sizes different": True,
        "digits of K and C": (len(str(setting.stored[0])), len(str(setting.learned[0]))),
        "parameters lead": True,
        "logits": 3,
        "follow-ups": 2,
        "claims": 2,
    }


def _read_sides(raw: Any, *, field: str) -> tuple[str, ...]:
    side = one_of(("in", "out"))
    if not isinstance(raw, list | tuple):
        raise InputError(f"expected a list of sides; got {raw!r}", field=field)
    return tuple(side(item, field=f"{field}[{place}]") for place, item in enumerate(raw, start=1))


def _read_compare_at(raw: Any, *, field: str) -> Any:
    if raw == "large":
        return raw
    size = whole(1, net.LARGEST_SIZE)
    if not isinstance(raw, list | tuple):
        return size(raw, field=field)
    sizes = tuple(size(item, field=f"{field}[{place}]") for place, item in enumerate(raw, start=1))
    if len(sizes) != 2 or sizes[0] == sizes[1]:
        raise InputError(f"expected one batch size, or two that differ; got {list(raw)}", field=field)
    return sizes


def _read_candidates(raw: Any, *, field: str) -> tuple[Any, ...]:
    if not isinstance(raw, list | tuple):
        raise InputError(f"expected three numbers of activations; got {raw!r}", field=field)
    place = whole(1, net.LARGEST_SIZE)
    found = tuple(place(item, field=f"{field}[{position}]") for position, item in enumerate(raw, start=1))
    if len(found) != 3 or len({*found}) < 3:
        raise InputError(f"expected three different activations; got {list(raw)}", field=field)
    return found


PROBLEM = Problem(
    id="model-size",
    title="Model size",
    topic="architecture",
    parameters={
        "batch": required(whole(1, net.LARGEST_SIZE)),
        "features": required(whole(1, net.LARGEST_SIZE)),
        "operations": required(net.read_operations),
        "logits": optional(read_vector),
        "blanks": optional(_read_sides, ()),
        "softmax_question": optional(one_of(SOFTMAX_QUESTIONS), "to_probabilities"),
        "candidates": optional(_read_candidates),
        "order": optional(permutation(4)),
        "compare_at": optional(_read_compare_at, "large"),
        "memory_question": optional(one_of((REASON, *MEMORY_QUESTIONS)), REASON),
        "follow_ups": optional(some_of(FOLLOW_UPS), ()),
        "budget": optional(whole(1, 10**12)),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[
        linear_outputs,
        output_widths,
        classes,
        inputs,
        shapes,
        linear_sizes,
        norm_sizes,
        blank_sides,
        dimensions,
        logits_activation,
        logits_option,
        exponentials,
        exponential_sum,
        probabilities,
        activations_per_example,
        activations,
        weights,
        biases,
        norm_parameters,
        parameters,
        crossover,
        break_even,
        adam_crossover,
        break_even_adam,
        memory,
        budget_quotient,
        largest_batch,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "batch": 4,
        "features": 52,
        "operations": plain((128, 256, 20), 1000),
    },
    canonical=canonical,
    signature=signature,
    standard=_signature(STANDARD),
    # The numbers of variants are exact: tests/test_model_size_space.py sizes all networks, and leaves out those of which the
    # audit finds that two mistakes, or a mistake and the key, give the same.
    easy=Level(sample_easy, _signature(EASY), variants=10_843_128, counted=True),
    hard=Level(sample_hard, _signature(HARD), variants=5_473_432, counted=True),
    variants=568_701_688,
    counted=True,
)
