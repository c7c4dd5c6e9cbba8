"""What the tests against PyTorch share: variants of all levels, and their parameters as tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from generator.numbers.exact import to_float
from generator.problem import drawing
from generator.problem.audit import as_floats
from generator.problem.catalogue import find_problem
from generator.problem.problem import Variant

torch = pytest.importorskip("torch", reason="the oracle extra is not installed")

VARIANTS = 200
OF_OTHER_LEVELS = 60

TINY = 1e-300
"""In the place of ε = 0, where the library refuses 0."""


def variants(problem: str, *, all_levels: bool = False) -> Iterator[Variant]:
    """The printed variant, those of some seeds, and with ``all_levels`` fewer of the other levels."""
    found = find_problem(problem)
    yield found.printed()
    for level in found.levels if all_levels else ("standard",):
        for seed in range(1, (VARIANTS if level == "standard" else OF_OTHER_LEVELS) + 1):
            yield drawing.draw_variant(found, seed, level=level)


def tensors(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with numbers, vectors and matrices as tensors, and the rest as it is."""
    floats = {name: as_floats(value) for name, value in params.items()}
    return {
        name: torch.tensor(value, dtype=torch.float64) if not isinstance(value, str | tuple) else value
        for name, value in floats.items()
    }


def tensor(value: Any) -> Any:
    """An exact value of any shape as a tensor."""
    return torch.tensor(to_float(value), dtype=torch.float64)


def learned(*given: Any) -> list[Any]:
    """Copies of tensors, to be differentiated with respect to."""
    return [one.clone().requires_grad_() for one in given]


def array(value: Any) -> Any:
    """A tensor's numbers, for :func:`generator.problem.audit.agrees`."""
    return value.detach().numpy()
