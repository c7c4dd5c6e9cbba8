"""The bar shows on a terminal how much is done, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from generator.cli.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_counts_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar(3) as advance:
        advance(2)
    assert "0/3" in terminal.getvalue()
    assert "2/3" in terminal.getvalue()
    with progress_bar() as advance:
        advance(2, 5, "layer-norm")
    assert "papers" in terminal.getvalue()
    assert "2/5" in terminal.getvalue().partition("layer-norm")[2]


def test_nothing_is_shown_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with progress_bar(3) as advance:
        advance(2)
        advance(1, 3)
    assert log.getvalue() == ""
