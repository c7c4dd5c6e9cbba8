"""Code within a line of LaTeX: a name that is long may be broken, and none loses a sign."""

import pytest

from generator.render.code import LONGEST, latex_code

BREAK = r"\allowbreak{}"


@pytest.mark.parametrize("text", ["x.mean(dim=1)", "running_mean", "a b", "'a'--b", "x" * LONGEST])
def test_what_is_short_is_not_broken(text: str) -> None:
    assert BREAK not in latex_code(text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("torch.nn.functional.layer_norm(x, eps)", ["torch.", "nn.", "functional.", r"layer\_", "norm(", "x, eps)"]),
        ("x" * (2 * LONGEST + 1), ["x" * LONGEST, "x" * LONGEST, "x"]),
        ("https://pytorch.org/docs/stable", ["https://", "pytorch.", "org/", "docs/", "stable"]),
    ],
)
def test_a_long_name_may_be_broken_after_its_parts(text: str, pieces: list[str]) -> None:
    assert str(latex_code(text)).split(BREAK) == pieces
