"""Closes the progress files that tests open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.practice import student


@pytest.fixture(autouse=True)
def _progress_is_closed() -> Iterator[None]:
    """Close the stores that a test left open: Python warns about them, in the middle of another test."""
    yield
    while student.OPENED:
        student.OPENED.pop().close()
