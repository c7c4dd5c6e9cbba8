"""Ids of papers: what a typing error does, and what they are made of."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import InputError
from generator.paper.ids import PaperId, Redraws, read_id, sheet_code
from generator.problem.draw import ALPHABET, stream

redraws = st.dictionaries(st.integers(1, 200), st.integers(1, 10**6), max_size=6).map(
    lambda found: tuple(sorted(found.items()))
)
"""Mostly such as no class needs: usual are one problem of the first ten, and once."""


def identities(redraws: st.SearchStrategy[Redraws]) -> st.SearchStrategy[PaperId]:
    return st.builds(
        lambda sheet, seed, student, redraws: PaperId(sheet_code(sheet), stream(seed, student), redraws),
        st.text(),
        st.integers(),
        st.text(),
        redraws,
    )


ids = identities(st.one_of(st.just(()), redraws))


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


@given(identities(redraws.filter(bool)))
def test_the_beginning_of_a_long_id_is_none(identity: PaperId) -> None:
    first_group, second_group, *_ = str(identity).split("-")
    with pytest.raises(InputError, match="or its end is missing: such an id is longer"):
        read_id(f"{first_group}-{second_group}")


@given(ids, st.text(ALPHABET, min_size=1, max_size=8))
def test_no_paper_has_two_ids(identity: PaperId, more: str) -> None:
    """Whatever letters are an id are written so."""
    for typed in (str(identity), str(PaperId(identity.sheet, identity.stream)) + more, str(identity) + more):
        with suppress(InputError):
            assert str(read_id(typed)).replace("-", "") == typed.replace("-", "")


def test_one_problem_drawn_again_makes_an_id_three_letters_longer() -> None:
    lengths = {
        len(str(PaperId("WK", stream(seed), ((place, times),))))
        for seed in range(5) for place in range(1, 15) for times in range(1, 15)
    }  # fmt: skip
    assert lengths == {len("WKCMN-QJR83-425")}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "has 10 characters"),
        ("7K4QM", "has 10 characters"),
        ("7K4QM-2RT9D", "its last character does not fit"),
        ("7K4QM-2RT9C-42X", "its first 10 do not fit together"),
        ("X" * 500, "has 10 characters, like 7K4QM-2RT9C, or a few more"),
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
    assert str(PaperId(sheet_code("discussion04"), stream(7, "ada"))) == "WKCMN-QJR82"
    assert str(PaperId(sheet_code("discussion04"), stream(7, "ada"), ((3, 1),))) == "WKCMN-QJR83-425"
    assert str(PaperId(sheet_code("discussion04"), stream(7, "ada"), ((1, 300), (5, 2)))) == "WKCMN-QJR83-2GN25-3R"


def test_streams_differ() -> None:
    known = {
        stream(seed, student, again) for seed in range(20) for student in ("", "ada", "grace") for again in range(5)
    }
    assert len(known) == 300
