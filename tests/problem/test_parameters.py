"""Readers of parameters: what they take, and what they say of what they do not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator import InputError, permutation


def test_a_permutation_has_every_number_once() -> None:
    assert permutation(4)([3, 1, 4, 2], field="order") == (3, 1, 4, 2)


@pytest.mark.parametrize(
    "raw", [[1, 2, 3], [1, 2, 2, 4], [1, 2, 3, 3, 4], [0, 1, 2, 3], ["1/2", 1, 2, 3], [1, 2, 3, 4, "1/2"]]
)
def test_what_is_no_permutation_is_refused(raw: Any) -> None:
    with pytest.raises(InputError, match=re.escape("order: expected the numbers 1 to 4 in some order; got [")):
        permutation(4)(raw, field="order")
