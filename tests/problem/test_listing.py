"""Problems listed from their files are those of the catalogue."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.problem import listing
from generator.problem.catalogue import listed_catalogue
from generator.problem.listing import Listed, listed_problems


def test_what_is_read_is_what_the_problems_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert listed_problems() == listed_catalogue()
    by_file = CliRunner().invoke(main, ["list"]).output
    monkeypatch.setattr(listing, "_read", lambda _: None)
    assert listed_problems() is None
    assert CliRunner().invoke(main, ["list"]).output == by_file


@pytest.mark.parametrize(
    "problem",
    [
        "Problem(id=NAME, title='T', topic='sums', variants=3)",
        "Problem(id='x', title='T', topic='sums', variants=3 * 4)",
        "Problem(id='x', title='T')",
        "made('x')",
        "Problem()",
        "Problem(id='x', title='T', topic='sums', **MORE)",
    ],
)
def test_what_is_not_literal_is_not_guessed(problem: str) -> None:
    assert listing._read(f"PROBLEM = {problem}") is None
    assert listing._read("PROBLEM = Problem(id='x', title='T', topic='sums', variants=3, counted=True)") == Listed(
        "x", "T", "sums", {"standard": "3 variants"}
    )


def test_listing_needs_no_sympy() -> None:
    code = (
        "import sys; from generator.cli import main; main(['list'], standalone_mode=False);"
        "sys.exit(bool({'sympy', 'numpy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "dropout" in done.stdout
