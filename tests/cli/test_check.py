"""``worksheet check`` shared out to workers finds what one process finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli.check import PIECE
from generator.problem.catalogue import problem_in_file
from generator.problem.drawing import draw_variant
from tests.cli.broken_problems import CHECKED, SOUND
from tests.tiny_class import worksheet

VARIANTS = 2 * PIECE + 5


def checked(what: object, *options: object) -> tuple[int, str]:
    """The exit code, and what is printed but for the milliseconds."""
    result = worksheet("check", what, "--variants", VARIANTS, *options)
    return result.exit_code, re.sub(r" +\d+\.\d(?= +\d\.\d\d +\d+$)", "", result.output, flags=re.MULTILINE)


@pytest.mark.slow
def test_workers_find_what_one_process_finds() -> None:
    alone = checked("layer-norm", "--workers", 1)
    assert alone[0] == 0
    assert re.search(rf"^layer-norm \(hard\) +{VARIANTS} +{VARIANTS} ", alone[1], re.MULTILINE)
    assert checked("layer-norm", "--workers", 3) == alone


@pytest.mark.heavy
def test_a_cluster_finds_what_one_process_finds(cluster: Callable[..., str]) -> None:
    assert checked("layer-norm", "--cluster", cluster()) == checked("layer-norm", "--workers", 1)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.slow
def test_a_fault_of_one_variant_is_found_in_whichever_piece_it_is(workers: int, tmp_path: Path) -> None:
    path = tmp_path / "tiny.py"
    path.write_text(SOUND, encoding="utf-8")
    problem = problem_in_file(path)
    drawn = [draw_variant(problem, seed).params for seed in range(1, VARIANTS + 1)]
    bad, seed = next((one, place + 1) for place, one in enumerate(drawn) if place > PIECE and drawn.count(one) == 1)
    wrong = f"if a == {bad['a']} and b == {bad['b']}: return {{'square': 0.5}}\n    {CHECKED}"
    path.write_text(SOUND.replace(CHECKED, wrong), encoding="utf-8")
    code, said = checked(path, "--workers", workers)
    assert (code, said.count("FAILED")) == (1, 1)
    assert f"tiny, seed {seed}:" in said
