"""Ids of papers: what a typing error does, and what they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError
from generator.identity import ALPHABET, PaperId, read_id, sheet_code, stream

ids = st.builds(
    lambda sheet, seed, student: PaperId(sheet_code(sheet), stream(seed, student)), st.text(), st.integers(), st.text()
)


@given(ids)
def test_an_id_is_read_back_however_it_is_typed(identity: PaperId) -> None:
    for typed in (str(identity), str(identity).lower(), str(identity).replace("-", ""), f" {identity} "):
        assert read_id(typed) == identity


@given(ids, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_noticed(identity: PaperId, place: int, letter: str) -> None:
    letters = str(identity).replace("-", "")
    typed = letters[:place] + letter + letters[place + 1 :]
    if typed != letters:
        with pytest.raises(InputError, match="typing error"):
            read_id(typed)


@given(ids, st.integers(0, 8))
def test_two_characters_that_changed_places_are_noticed(identity: PaperId, place: int) -> None:
    letters = str(identity).replace("-", "")
    typed = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    if typed != letters:
        with pytest.raises(InputError, match="typing error"):
            read_id(typed)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "has 10 characters"),
        ("7K4QM", "has 10 characters"),
        ("O0I1L-UZ234", "only the characters .*got '0', '1', 'I', 'L'"),
        ("../../etc", "only the characters"),
    ],
)
def test_what_is_no_id_is_told_why(typed: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_id(typed)


def test_streams_are_pinned() -> None:
    """Another stream would give every student of every class another paper."""
    assert stream(1) == "F6K2V89"
    assert str(PaperId(sheet_code("discussion04"), stream(7, "ada", 2))) == "WKTEK-3B3K4"


def test_streams_differ() -> None:
    known = {
        stream(seed, student, again) for seed in range(20) for student in ("", "ada", "grace") for again in range(5)
    }
    assert len(known) == 300
