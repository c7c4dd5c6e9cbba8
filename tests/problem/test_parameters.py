"""Readers of parameters: what they take, and what they say of what they do not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator import InputError, list_of, permutation, require_length, require_together, whole


def test_a_permutation_has_every_number_once() -> None:
    assert permutation(4)([3, 1, 4, 2], field="order") == (3, 1, 4, 2)


@pytest.mark.parametrize(
    "raw", [[1, 2, 3], [1, 2, 2, 4], [1, 2, 3, 3, 4], [0, 1, 2, 3], ["1/2", 1, 2, 3], [1, 2, 3, 4, "1/2"]]
)
def test_what_is_no_permutation_is_refused(raw: Any) -> None:
    with pytest.raises(InputError, match=re.escape("order: expected the numbers 1 to 4 in some order; got [")):
        permutation(4)(raw, field="order")


def test_a_list_is_read_item_by_item() -> None:
    assert list_of(whole(1))([3, "1"], field="sizes") == (3, 1)
    assert list_of(whole(1))([], field="sizes") == ()
    with pytest.raises(InputError, match=re.escape("sizes: expected a list; got 3")):
        list_of(whole(1))(3, field="sizes")
    with pytest.raises(InputError, match=re.escape("sizes[2]: expected an integer from 1")):
        list_of(whole(1))([1, 0], field="sizes")


def test_requirements_name_the_parameter() -> None:
    require_length("w", [1, 2], 2, "unit of x")
    with pytest.raises(InputError, match="^w: expected 3 entries, one for each unit of x; got 2$"):
        require_length("w", [1, 2], 3, "unit of x")
    require_together(row=1, scale=2, shift=0)
    require_together(row=None, scale=None, shift=None)
    with pytest.raises(InputError, match="^scale: missing; row, scale and shift are given together or not at all$"):
        require_together(row=1, scale=None, shift=0)
