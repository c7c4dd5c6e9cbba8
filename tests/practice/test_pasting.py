"""A matrix that is pasted into a grid is read as a typed one is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.grading.reading.answers import read_like
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.app import create_app
from generator.practice.web.fields import Grid, Kind
from generator.practice.web.pasting import read_pasted
from generator.problem.catalogue import catalogue
from tests.practice.forms import Browser

CELLS = st.from_regex(r"-?[1-9][0-9]{0,2}(/[1-9][0-9]?)?|[1-9]√[2357]|\?|", fullmatch=True)
WIDE = Grid(2, 3)


def filled(text: str, kind: Kind = "matrix", grid: Grid = WIDE, place: tuple[int, int] = (1, 1)) -> list[list[str]]:
    """The grid after pasting, with a dot where nothing was filled in."""
    pasted = read_pasted(text, kind, grid, place)
    return [[pasted.cells.get((i, j), ".") for j in range(1, grid.columns + 1)] for i in range(1, grid.rows + 1)]


SIX = [["1", "-2", "1/2"], ["0.5", "√3", "4"]]


@pytest.mark.parametrize(
    "text",
    [
        "1\t-2\t1/2\n0.5\t√3\t4",
        "1, -2, 1/2; 0.5, √3, 4",
        "1 -2 1/2\r\n0.5 √3 4\r\n",
        "[[1, -2, 1/2], [0.5, √3, 4]]",
        "array([[1, -2, 1/2],\n       [0.5, √3, 4]])",
        "tensor([[1, -2, 1/2],\n        [0.5, √3, 4]], dtype=torch.float64)",
        "\\begin{bmatrix} 1 & -2 & 1/2 \\\\[4pt] 0.5 & √3 & 4 \\end{bmatrix}",
        "Y = [1 -2 1/2; 0.5 √3 4]",
    ],
)
@pytest.mark.parametrize("place", [(1, 1), (2, 2)])
def test_a_matrix_of_the_grid_s_shape_fills_the_grid(text: str, place: tuple[int, int]) -> None:
    assert filled(text, place=place) == SIX
    assert read_pasted(text, "matrix", WIDE, place).message == ""


def test_an_entry_stays_as_it_is_typed() -> None:
    assert filled("1 + 2√3, 2*sqrt(5)/3, 1e-3; ?, , 7//") == [["1 + 2√3", "2*sqrt(5)/3", "1e-3"], ["?", "", "7//"]]


@pytest.mark.parametrize("text", ["1 2 3 4", "1\n2\n3\n4", "[1, 2, 3, 4]", "(1; 2; 3; 4)"])
def test_a_row_or_a_column_fills_a_vector(text: str) -> None:
    assert filled(text, "vector", Grid(1, 4)) == [["1", "2", "3", "4"]]


def test_a_smaller_matrix_fills_what_is_right_and_below_and_says_so() -> None:
    assert filled("7, 8", place=(2, 2)) == [[".", ".", "."], [".", "7", "8"]]
    said = read_pasted("7, 8", "matrix", WIDE, (2, 2)).message
    assert (
        said
        == "What you pasted has 1 row of 2 entries, the grid has 2 rows of 3 entries: the other fields are as they were."
    )


@pytest.mark.parametrize(
    ("text", "kind", "grid", "said"),
    [
        ("1 2; 3 4; 5 6", "matrix", WIDE, "What you pasted has 3 rows of 2 entries; the grid has 2 rows of 3 entries."),
        ("1 2; 3 4", "vector", Grid(1, 4), "What you pasted has 2 rows of 2 entries; the grid has 4 entries."),
        ("1 2 3", "vector", Grid(1, 2), "What you pasted has 3 entries; the grid has 2 entries."),
        ("[1, 2", "matrix", WIDE, "What you pasted cannot be read: '[' is not closed by ']'."),
        ("1, 2; 3", "matrix", WIDE, "What you pasted cannot be read: row 2 has 1 entries, row 1 has 2 (at “3”)."),
    ],
)
def test_what_does_not_fit_or_cannot_be_read_fills_nothing_and_says_why(
    text: str, kind: Kind, grid: Grid, said: str
) -> None:
    pasted = read_pasted(text, kind, grid, (1, 1))
    assert (dict(pasted.cells), pasted.message) == ({}, said)


def test_what_fits_in_the_grid_but_not_at_the_place_says_so() -> None:
    said = read_pasted("1 2 3", "matrix", WIDE, (1, 2)).message
    assert (
        said
        == "What you pasted has 1 row of 3 entries; the grid has 2 rows of 3 entries, and does not fit at this place."
    )


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=2, max_size=2))
def test_pasted_and_typed_are_the_same(rows: list[list[str]]) -> None:
    """What the grid then holds is what the same text would be read as."""
    text = "\n".join("\t".join([*row, "5"]) for row in rows)  # at the end of a line, nothing is no entry
    cells = filled(text)
    like = ((0, 0, 0), (0, 0, 0))
    in_grid = "\n".join(" & ".join(row) for row in cells)
    assert read_like(in_grid, like).value == read_like(text, like).value


# -------------------------------------------------------------------------------------------- the page


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with Store(tmp_path / "practice.sqlite3") as store:
        yield Practice(store, list(catalogue().values()), seed=lambda: 7)


@pytest.fixture
def browser(practice: Practice) -> Browser:
    return Browser(create_app(practice, key=b"k" * 32).test_client())


def test_the_page_says_which_field_gets_what(practice: Practice, browser: Browser) -> None:
    url = browser.begin("layer-norm")
    browser.get(url)
    fields = {"pasted": "1 2", "row": "2", "column": "4", "output/1.1": "5"}
    answer: Any = browser.post(f"{url}/parts/output/pasted", fields, code=200).json
    assert answer["cells"] == {"output/2.4": "1", "output/2.5": "2"}
    assert "the grid has 3 rows of 5 entries" in answer["message"]
    assert 'value="5"' in browser.get(url)  # what stands in the fields is saved as by a preview
    assert practice.state(practice.load(url.split("/")[2])).parts["output"].latest is None


@pytest.mark.parametrize(
    "pasted", ["", " ", "x" * 200_000, "[" * 5000, "<b>1</b> 2", "1;" * 9000, "\x00 1", "9" * 5000]
)
@pytest.mark.slow
def test_nothing_that_is_pasted_is_too_much(browser: Browser, pasted: str) -> None:
    url = browser.begin("layer-norm")
    browser.get(url)
    answer: Any = browser.post(
        f"{url}/parts/output/pasted", {"pasted": pasted, "row": "x", "column": "99"}, code=200
    ).json
    assert set(answer) == {"cells", "message"}


def test_only_a_grid_can_be_pasted_into(browser: Browser) -> None:
    url = browser.begin("layer-norm")
    browser.get(url)
    browser.post(f"{url}/parts/claims/pasted", {"pasted": "1 2"}, code=400)
    browser.post(f"{url}/parts/nothing/pasted", {"pasted": "1 2"}, code=404)
    browser.post(f"{url}/parts/output/pasted", {"pasted": "1 2", "csrf_token": "x"}, code=400)
