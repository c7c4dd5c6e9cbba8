"""Fields and the one text that they make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.grading.reading.answers import read_matrix, read_vector
from generator.practice.web.fields import (
    MAX_FIELD,
    MAX_SIDE,
    Grid,
    Kind,
    answer_in,
    draft_from_text,
    draft_in_form,
    grid_of,
    reasons_draft,
    reasons_text,
    self_marks_in,
    switched_to_grid,
    switched_to_text,
)

CELLS = st.from_regex(r"-?[1-9][0-9]{0,3}(/[1-9][0-9]?)?|[1-9]√[2357]", fullmatch=True)


@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
    )
)
def test_a_grid_s_text_is_read_as_the_grid_and_makes_it_again(rows: list[list[str]]) -> None:
    draft = {"rows": str(len(rows)), "columns": str(len(rows[0]))}
    draft |= {f"{i}.{j}": cell for i, row in enumerate(rows, 1) for j, cell in enumerate(row, 1)}
    said = answer_in("matrix", 0, draft)
    assert said.missing == ()
    value = read_matrix(said.text).value
    assert [len(value), len(value[0])] == [len(rows), len(rows[0])]
    if len(rows) * len(rows[0]) > 1:
        assert draft_from_text("matrix", 0, said.text) == draft


@given(st.lists(CELLS, min_size=2, max_size=8))
def test_a_vector_too(cells: list[str]) -> None:
    draft = {"rows": "1", "columns": str(len(cells)), **{f"1.{j}": cell for j, cell in enumerate(cells, 1)}}
    said = answer_in("vector", 0, draft)
    assert len(read_vector(said.text).value) == len(cells)
    assert draft_from_text("vector", 0, said.text) == draft


@pytest.mark.parametrize("text", ["1, 2; 3, 4", "[[1, 2], [3, 4]]", "1 & 2\n3", "x & " * 20])
def test_what_is_no_grid_s_text_is_shown_as_text(text: str) -> None:
    assert draft_from_text("matrix", 0, text) == {"as-text": "yes", "text": text}


@pytest.mark.parametrize("side", ["", "0", "13", "-1", "2.0", "x", "٣", "1e1", "999999999999"])
def test_a_side_is_a_whole_number_up_to_the_most(side: str) -> None:
    assert grid_of("matrix", {"rows": side, "columns": "2"}) is None
    assert grid_of("matrix", {"rows": str(MAX_SIDE), "columns": " 2 "}) is not None


@pytest.mark.parametrize(
    ("kind", "draft", "text", "missing"),
    [
        ("numbers", {"1": "3", "2": "1/2"}, "3 & 1/2", ()),
        ("numbers", {"2": "1/2"}, " & 1/2", ("field 1",)),
        ("shapes", {"1": "[4, 128]", "2": "4x3"}, "[4, 128]; 4x3", ()),
        ("claims", {"1": "T", "2": "F", "reason.1": "so"}, "T F", ()),
        ("claims", {"2": "F"}, "? F", ("claim 1",)),
        ("claims", {"reason.1": "so"}, "", ()),
        ("choice", {"1": "B"}, "B", ()),
        ("vector", {"columns": "2", "1.1": "5"}, "5 & ", ("entry 2",)),
        ("vector", {"1.1": "5"}, "", ()),
    ],
)
def test_what_the_fields_say(kind: Kind, draft: dict[str, str], text: str, missing: tuple[str, ...]) -> None:
    said = answer_in(kind, 2, draft)
    assert (said.text, said.missing) == (text, missing)


def test_to_text_and_back_loses_nothing() -> None:
    draft = {"rows": "1", "columns": "2", "1.1": "1", "1.2": "2"}
    as_text = switched_to_text("matrix", draft)
    assert answer_in("matrix", 0, as_text).text == "1 & 2"
    assert draft == switched_to_grid("matrix", as_text, None)
    assert switched_to_text("matrix", {**draft, "text": "7"})["text"] == "7"


@pytest.mark.parametrize(
    ("kind", "text", "cells"),
    [
        ("matrix", "1 2; 3 4", {"rows": "2", "columns": "2", "1.1": "1", "1.2": "2", "2.1": "3", "2.2": "4"}),
        ("vector", "[1, 2/3]", {"rows": "1", "columns": "2", "1.1": "1", "1.2": "2/3"}),
        ("vector", "1\n2", {"rows": "1", "columns": "2", "1.1": "1", "1.2": "2"}),
    ],
)
def test_a_text_goes_into_the_fields_of_a_grid(kind: Kind, text: str, cells: dict[str, str]) -> None:
    typed = {"as-text": "yes", "text": text, "reason.1": "so"}
    assert switched_to_grid(kind, typed, None) == {"reason.1": "so", **cells}


@pytest.mark.parametrize("text", ["1 2; 3", "1, 2, 3", "(", "1 " * 13])
def test_a_text_that_fits_in_no_fields_stays(text: str) -> None:
    typed = {"as-text": "yes", "text": text}
    assert switched_to_grid("vector", typed, Grid(1, 2)) == typed


def test_only_the_part_s_own_fields_are_kept_and_not_without_end() -> None:
    posted = {
        "mean/text": "1",
        "mean_of_all/text": "2",
        "mean/empty": " ",
        "mean/long": "x" * (MAX_FIELD + 1),
        "do": "save",
    }
    assert draft_in_form(posted, "mean") == {"text": "1", "long": "x" * MAX_FIELD}


def test_reasons_come_back_to_their_claims() -> None:
    draft = {"reason.2": "since\nit is 2. so", "reason.3": "yes"}
    assert reasons_draft(reasons_text(draft, 3)) == {"reason.2": "since it is 2. so", "reason.3": "yes"}


def test_own_marks_are_whole_numbers() -> None:
    assert self_marks_in({"own.1": "2", "own.2": "-1", "own.4": "1000000"}, 4) == [2, -1, -1, -1]
