"""Ids of papers: what a typing error does, and what they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError
from generator.paper.ids import NONCE, TAG, PaperId, read_id, sheet_code
from generator.problem.draw import ALPHABET, STREAM_LENGTH, stream


def letters(count: int) -> st.SearchStrategy[str]:
    return st.text(ALPHABET, min_size=count, max_size=count)


public = st.builds(PaperId, letters(2), letters(STREAM_LENGTH))
secret = st.builds(PaperId, letters(TAG), letters(NONCE))
ids = st.one_of(public, secret)


@given(ids)
def test_an_id_is_read_back_however_it_is_typed(identity: PaperId) -> None:
    for typed in (str(identity), str(identity).lower(), str(identity).replace("-", ""), f" {identity} "):
        assert read_id(typed) == identity


@given(ids, st.integers(0, 60), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_noticed(identity: PaperId, place: int, letter: str) -> None:
    letters = str(identity).replace("-", "")
    place %= len(letters)
    typed = letters[:place] + letter + letters[place + 1 :]
    if typed != letters:
        with pytest.raises(InputError, match="typing error"):
            read_id(typed)


@given(ids, st.integers(0, 60))
def test_two_characters_that_changed_places_are_noticed(identity: PaperId, place: int) -> None:
    letters = str(identity).replace("-", "")
    place %= len(letters) - 1
    typed = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    if typed != letters:
        with pytest.raises(InputError, match="typing error"):
            read_id(typed)


@given(public, secret)
def test_the_length_says_whether_there_is_a_secret(open_to_all: PaperId, of_class: PaperId) -> None:
    assert read_id(str(open_to_all)).is_public
    assert not read_id(str(open_to_all)).is_secret
    assert read_id(str(of_class)).is_secret
    assert not read_id(str(of_class)).is_public


@pytest.mark.parametrize("printed", ["WKCMN-QJR83-425", "WKCMN-QJR83-2GN25-3R"])
def test_ids_from_before_there_was_a_secret(printed: str) -> None:
    """Of papers of which problems were drawn again: their manifests have them."""
    identity = read_id(printed.lower())
    assert str(identity) == printed
    assert not identity.is_public
    assert not identity.is_secret


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "has 12 characters"),
        ("7K4QM", "has 12 characters"),
        ("7K4Q-M2RT-9CX", "has 12 characters"),
        ("7K4QM-2RT9D", "its last character does not fit"),
        ("7K4Q-M2RT-9CXD", "its last character does not fit"),
        ("X" * 500, "has 12 characters, like 7K4Q-M2RT-9CXC, or 10, like 7K4QM-2RT9C"),
        ("O0I1L-UZ234", "only the characters .*got '0', '1', 'I', 'L'"),
        ("../../etc", "only the characters"),
    ],
)
def test_what_is_no_id_is_told_why(typed: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_id(typed)


def test_public_streams_are_pinned() -> None:
    """Another stream would give everybody other numbers for a seed."""
    assert stream(1) == "F6K2V89"
    assert str(PaperId(sheet_code("discussion04"), stream(7, "ada"))) == "WKCMN-QJR82"


def test_streams_differ() -> None:
    known = {
        stream(seed, student, sheet)
        for seed in range(20)
        for student in ("", "ada", "grace")
        for sheet in ("", "quiz", "exam")
    }
    assert len(known) == 180
