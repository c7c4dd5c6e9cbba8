"""What each difficulty is made of: networks, their widths, and how large all may be."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from generator.problems.model_size import templates as net


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


INPUTS = _sizes("10 12 15 18 20 24 25 28 30 32 35 36 40 42 45 48 50 52 54 55 56 60")
NARROW = _sizes("12 14 16 18 20 22 24 26 28 30 32 36 40 42 44 48 50 52 54 56 60 64 66 70 72 80 84 88 90 96")
WIDE = _sizes("100 110 112 120 124 128 130 140 144 150 160 170 180 190 192 200 210 220 224 230 240 250 256")
VAST = _sizes(
    "120 128 140 144 150 160 170 180 190 192 200 210 220 224 230 240 250 256 260 270 280 288 290 300 310 320 330 340 350 360"
)
"""Even widths, so that a Dropout that were to halve them could."""
Drawable: TypeAlias = tuple[net.Template, tuple[tuple[int, ...], ...]]
"""A network, with the tables of its hidden widths."""


@dataclass(frozen=True)
class Setting:
    """What one level is made of: networks by how they end, and how large all may be."""

    endings: tuple[tuple[Drawable, ...], ...]
    """That hold their logits in the last activation, in the one before it, and in the one before that."""
    classes: tuple[int, ...]
    stored: range
    """K."""
    learned: range
    """C."""
    crossover: range
    """C/K, rounded down: each is aimed at as often, so that no break-even is common, and none is in reach of a batch."""
    budgets: tuple[int, ...]


_PAIRS = ((WIDE, NARROW), (NARROW, WIDE))
_LAYERS = ((WIDE, WIDE, NARROW), (WIDE, NARROW, WIDE), (NARROW, WIDE, WIDE))
_BLOCKS = ((WIDE, WIDE),) * len(_LAYERS)
"""A residual network comes as often as each other one."""
EASY = Setting(
    endings=(
        tuple(product((net.plain,), _PAIRS)),
        tuple(product((net.with_softmax,), _PAIRS)),
        tuple(product((net.with_log_softmax, net.normalized_late), _PAIRS)),
    ),
    classes=(10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 45, 50, 60, 64, 70, 75, 80, 90),
    stored=range(100, 1000),
    learned=range(10_000, 25_000),
    crossover=range(15, 36),
    budgets=(50_000, 60_000, 70_000, 80_000, 90_000),
)
STANDARD = Setting(
    endings=(
        (*product((net.plain, net.dropout_blocks), _LAYERS), *product((net.residual,), _BLOCKS)),
        (
            *product((net.with_softmax, net.mixed_with_softmax), _LAYERS),
            *product((net.residual_with_softmax,), _BLOCKS),
        ),
        (
            *product((net.with_log_softmax, net.normalized_late), _LAYERS),
            *product((net.residual_with_log_softmax,), _BLOCKS),
        ),
    ),
    classes=(10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 45, 50, 60, 64, 70, 75, 80, 90),
    stored=range(1000, 10_000),
    learned=range(25_000, 100_000),
    crossover=range(27, 57),
    budgets=(150_000, 200_000, 250_000, 300_000, 350_000, 400_000),
)
HARD = Setting(
    endings=(
        ((net.residual, (VAST, VAST)), (net.residual_then_dropout, (VAST, VAST))),
        ((net.residual_with_softmax, (VAST, VAST)),),
        ((net.residual_with_log_softmax, (VAST, VAST)),),
    ),
    classes=(100, 120, 125, 140, 150, 160, 180, 200, 240, 250, 300, 400, 500),
    stored=range(1000, 10_000),
    learned=range(100_000, 250_000),
    crossover=range(48, 96),
    budgets=(500_000, 600_000, 700_000, 800_000, 900_000),
)
