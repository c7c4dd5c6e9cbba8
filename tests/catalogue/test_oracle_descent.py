"""PyTorch as an oracle for gradient descent: its plain SGD on the quadratic, and the eigenvalues of its Hessian."""

from __future__ import annotations

from typing import Any

import pytest

from generator.problem.audit import agrees
from tests.catalogue.oracle import array, learned, tensors, torch, variants

pytestmark = pytest.mark.heavy


def quadratic(theta: Any, given: dict[str, Any]) -> Any:
    return 0.5 * (given["h"] * (theta - given["t"]) ** 2).sum()


def run(start: Any, rate: float, steps: int, given: dict[str, Any]) -> list[Any]:
    """The start and what each step of SGD makes of it."""
    (theta,) = learned(start)
    optimizer = torch.optim.SGD([theta], lr=rate)
    found = [theta.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        quadratic(theta, given).backward()
        optimizer.step()
        found.append(theta.detach().clone())
    return found


def test_gradient_descent_on_a_quadratic() -> None:
    for variant in variants("gradient-descent-quadratic", all_levels=True):
        given, values = tensors(variant.params), variant.values
        iterates = run(given["start"], float(given["rate"]), int(given["steps"]), given)
        assert agrees(values.iterates, array(torch.stack(iterates)))
        assert agrees(values.losses, [float(quadratic(theta, given)) for theta in iterates])
        hessian = torch.autograd.functional.hessian(lambda theta, given=given: quadratic(theta, given), given["t"])
        curvatures = torch.linalg.eigvalsh(hessian)
        assert agrees(values.extremes, [float(curvatures[0]), float(curvatures[-1])])
        stopped = run(0 * given["t"], float(given["early_rate"]), int(given["early_steps"]), given)[-1]
        assert agrees(values.early_theta, array(stopped))
        penalties = torch.tensor([float(one) for one in values.equivalent_lambda], dtype=torch.float64)
        (theta,) = learned(stopped)
        (quadratic(theta, given) + 0.5 * (penalties * theta**2).sum()).backward()
        assert float(theta.grad.abs().max()) < 1e-9 * float(given["h"].max() * given["t"].abs().max())
