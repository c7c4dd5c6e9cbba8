"""The networks that are drawn, by their hidden widths and their number of classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from generator.problems.model_size.networks import Operation


def _linear(out: int) -> Operation:
    return {"op": "Linear", "out": out}


_NORM, _RELU, _DROPOUT, _SOFTMAX, _LOG = ({"op": name} for name in ("Norm", "ReLU", "Dropout", "Softmax", "Log"))


def plain(widths: Sequence[int], classes: int) -> list[Operation]:
    """A block of Linear, Norm and ReLU for each width, then Dropout and the classifier."""
    blocks = [operation for width in widths for operation in (_linear(width), _NORM, _RELU)]
    return [*blocks, _DROPOUT, _linear(classes)]


def dropout_blocks(widths: Sequence[int], classes: int) -> list[Operation]:
    """Two blocks that end in Dropout, one without a norm, then the classifier."""
    blocks = [operation for width in widths[:2] for operation in (_linear(width), _NORM, _RELU, _DROPOUT)]
    return [*blocks, _linear(widths[2]), _RELU, _linear(classes)]


def residual(widths: Sequence[int], classes: int) -> list[Operation]:
    """A block that widens and comes back, its input added to its output; He et al. (2016), figure 2."""
    outer, inner = widths
    block = [_linear(inner), _NORM, _RELU, _DROPOUT, _linear(outer), _NORM, {"op": "Add", "with": 2}]
    return [_linear(outer), _RELU, *block, _RELU, _linear(classes)]


def with_softmax(widths: Sequence[int], classes: int) -> list[Operation]:
    """A block of Linear, Norm and ReLU for each width, the classifier, and the softmax as an operation of its own."""
    return [*plain(widths, classes)[:-2], _linear(classes), _SOFTMAX]


def mixed_with_softmax(widths: Sequence[int], classes: int) -> list[Operation]:
    """Blocks that lose an operation each, the classifier, and the softmax as an operation of its own."""
    blocks = ((_NORM, _RELU, _DROPOUT), (_NORM, _RELU), (_RELU,))
    return [*_hidden(widths, blocks), _linear(classes), _SOFTMAX]


def with_log_softmax(widths: Sequence[int], classes: int) -> list[Operation]:
    """Blocks of which the last has no norm, the classifier, and the log-probabilities that a likelihood is made of."""
    blocks = (*[(_NORM, _RELU)] * (len(widths) - 1), (_RELU,))
    return [*_hidden(widths, blocks), _linear(classes), _SOFTMAX, _LOG]


def normalized_late(widths: Sequence[int], classes: int) -> list[Operation]:
    """Blocks of which the first has no norm, the classifier, and the log-probabilities."""
    blocks = ((_RELU,), *[(_NORM, _RELU)] * (len(widths) - 1))
    return [*_hidden(widths, blocks), _linear(classes), _SOFTMAX, _LOG]


def _hidden(widths: Sequence[int], blocks: Sequence[Sequence[Operation]]) -> list[Operation]:
    return [one for width, block in zip(widths, blocks, strict=True) for one in (_linear(width), *block)]


def residual_with_softmax(widths: Sequence[int], classes: int) -> list[Operation]:
    """A residual block without Dropout, the classifier, and the softmax as an operation of its own."""
    return [operation for operation in residual(widths, classes) if operation != _DROPOUT] + [_SOFTMAX]


def residual_then_dropout(widths: Sequence[int], classes: int) -> list[Operation]:
    """A residual block whose input is normalized and whose output goes through Dropout."""
    outer, inner = widths
    block = [_linear(inner), _NORM, _RELU, _linear(outer), {"op": "Add", "with": 3}]
    return [_linear(outer), _NORM, _RELU, *block, _RELU, _DROPOUT, _linear(classes)]


def residual_with_log_softmax(widths: Sequence[int], classes: int) -> list[Operation]:
    """A residual block with nothing after the sum, as in He et al. (2016b), the classifier, and the log-probabilities."""
    outer, inner = widths
    block = [_linear(inner), _NORM, _RELU, _linear(outer), _NORM, {"op": "Add", "with": 2}]
    return [_linear(outer), _RELU, *block, _linear(classes), _SOFTMAX, _LOG]


Template: TypeAlias = Callable[[Sequence[int], int], list[Operation]]
"""A network by its hidden widths and its number of classes."""
