"""An answer with entries that are empty or cannot be read goes through practice: checked, solved, pointed at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.grading.nesting import depth_of
from generator.problem.catalogue import catalogue
from tests.practice.student import practice_in


def with_gaps(value: Any) -> str:
    rows = value if depth_of(value) == 2 else (value,)
    return "\n".join(
        " & ".join(("?" if j == 0 else "") if i == 0 and j < 2 else "7" for j, _ in enumerate(row))
        for i, row in enumerate(rows)
    )


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_gaps_are_stored_marked_and_pointed_at(name: str, tmp_path: Path) -> None:
    practice = practice_in(tmp_path, problems=[name])
    attempt = practice.start(name, guided=True)
    for part_id, part in attempt.parts.items():
        if part.kind not in ("vector", "matrix", "numbers"):
            continue
        text = with_gaps(part.answer.value(attempt.variant.values))
        if "7" not in text:
            continue
        practice.check(attempt, part_id, text)
        latest = practice.state(attempt).parts[part_id].latest
        assert latest is not None
        assert latest.marked.unread is not None
        assert [one["typed"] for one in latest.marked.unread] == ["?", ""][: text.split("\n")[0].count("&") + 1]
        practice.solution(attempt, part_id)
        practice.wrong_step(attempt, part_id)
    practice.store.close()
