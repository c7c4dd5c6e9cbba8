"""What papers are drawn from, and papers found by their ids with the secret."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.paper.ids import read_id
from generator.paper.origin import Redraws, origin_of, public_origin, secret_origin
from generator.paper.secret import Secret
from generator.paper.sheet_file import find_sheet
from tests.tiny_class import SECRET

SHEET = find_sheet("discussion04")
OTHER = Secret(bytes(32))

few = st.dictionaries(st.integers(1, 5), st.integers(1, 2), max_size=2).map(lambda found: tuple(sorted(found.items())))


@settings(max_examples=40)
@given(st.integers(0), st.text(max_size=8), few, st.integers(0, 3))
def test_who_has_the_secret_needs_the_id_alone(seed: int, student: str, redraws: Redraws, replacement: int) -> None:
    origin = secret_origin(SECRET, SHEET, seed, student, redraws, replacement)
    assert origin_of(SECRET, SHEET, read_id(str(origin.id))) == origin


@pytest.mark.parametrize("redraws", [((3, 1),), ((5, 150),), ((1, 2), (2, 1), (4, 2))])
def test_problems_drawn_again(redraws: Redraws) -> None:
    origin = secret_origin(SECRET, SHEET, 1, "ada", redraws)
    assert origin_of(SECRET, SHEET, origin.id) == origin


def test_another_secret_or_sheet_finds_nothing() -> None:
    large = replace(SHEET, entries=SHEET.entries * 6)
    for seed in range(5):
        origin = secret_origin(SECRET, SHEET, seed, "ada")
        assert origin_of(OTHER, SHEET, origin.id) is None
        assert origin_of(SECRET, replace(SHEET, name="other"), origin.id) is None
        assert origin_of(SECRET, large, origin.id) is None


def test_everything_that_tells_papers_apart_changes_the_numbers() -> None:
    renamed = replace(SHEET, name="other")
    origins = [
        secret_origin(SECRET, SHEET, 1, "ada"),
        secret_origin(SECRET, SHEET, 2, "ada"),
        secret_origin(SECRET, SHEET, 1, "bob"),
        secret_origin(SECRET, SHEET, 1, "ada", replacement=1),
        secret_origin(SECRET, renamed, 1, "ada"),
        secret_origin(OTHER, SHEET, 1, "ada"),
        public_origin(SHEET, 1, "ada"),
        public_origin(renamed, 1, "ada"),
    ]
    assert len({origin.stream for origin in origins}) == len({origin.id for origin in origins}) == len(origins)


def test_other_problems_change_the_id_and_no_numbers() -> None:
    """The id says what is asked, so that a key is never that of a sheet that was changed since."""
    whole, fewer = (
        secret_origin(SECRET, sheet, 1, "ada") for sheet in (SHEET, replace(SHEET, entries=SHEET.entries[1:]))
    )
    assert whole.stream == fewer.stream
    assert whole.id != fewer.id


def test_a_stream_does_not_tell_the_secret() -> None:
    origin = secret_origin(SECRET, SHEET, 1, "ada")
    assert origin.stream not in repr(origin)
    assert origin.stream != secret_origin(Secret(bytes.fromhex(origin.stream)), SHEET, 1, "ada").stream


def test_secret_streams_are_pinned() -> None:
    """Other streams would give every student of every class another paper."""
    origin = secret_origin(SECRET, SHEET, 7, "ada")
    assert origin.id.stream == "ESBQ6F"
    assert origin.stream[:16] == "177bc5df48423aaa"
    assert SECRET.fingerprint == "be90a439"
