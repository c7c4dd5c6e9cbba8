"""The program's messages as HTML: their formulas are MathML, whichever way Markdown has them."""

from __future__ import annotations

import pytest

from generator.practice.terminal.document import Writer
from generator.render.escaping import markdown_math
from generator.render.messages import message_html


@pytest.mark.parametrize("tex", ["(w_i x_i)_i", r"\{1\}", r"\sqrt{\sigma^2 + \varepsilon}", r"y_{\mathrm{drop}}"])
def test_a_formula_within_backticks_is_that_formula(tex: str) -> None:
    message = f"Your {markdown_math(tex)} is wrong."
    page = message_html(message)
    assert "<math" in page
    assert not {"`", "‘", "$", "\\"} & set(page)
    printed = " ".join(line.plain for line in Writer().markdown(message))
    assert not {"`", "‘", "$", "\\"} & set(printed)


def test_a_formula_wider_than_a_phone_scrolls_by_itself() -> None:
    matrix = r"\begin{bmatrix} 4 & -17 & 11 & 10 & 67 & 4 & 11 & 5 \end{bmatrix}"
    assert '<span class="wide" tabindex="0" role="group"' in message_html(f"It leads to ${matrix}$.")
    assert "wide" not in message_html("It leads to $4$.")
