"""The page of an attempt opens, whatever the problem asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.app import create_app
from generator.problem.catalogue import catalogue


@pytest.mark.parametrize("name", catalogue())
def test_every_page_opens(name: str, tmp_path: Path) -> None:
    problem = catalogue()[name]
    practice = Practice(Store(tmp_path / "practice.sqlite3"), [problem], seed=iter(range(1, 100)).__next__)
    browser = create_app(practice, key=b"k" * 32).test_client()
    for level in problem.levels:
        attempt = practice.start(name, level, guided=True)
        assert browser.get(f"/attempts/{attempt.id}").status_code == 200
    practice.store.close()
