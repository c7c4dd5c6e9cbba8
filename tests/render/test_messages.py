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
