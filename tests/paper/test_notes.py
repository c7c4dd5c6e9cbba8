"""The key's notes on wrong answers: each says which mistake leads to it, and what tells it from another one."""

from __future__ import annotations

from generator.document.nodes import MistakeNote, every_question
from generator.errors.language import find_language, using
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.problem import Variant
from generator.render.renderer import FORMATS, renderer

DECODER = find_problem("transformer-size")
ATTENTION = find_problem("attention")
WITH_SHIFT = next(
    variant
    for variant in (drawing.draw_variant(DECODER, seed) for seed in range(1, 50))
    if variant.params["norm"] == "layer"
)
"""One norm for two, and no shift, make the same block, and another model."""


def notes_of(variant: Variant, part: str, entry: Entry | None = None) -> dict[str, str]:
    """What each wrong answer is followed by, as Markdown."""
    (question,) = (one for one in every_question(exercise(variant, 1, entry)) if one.id == part)
    assert question.key is not None
    return {note.wrong: _markdown(note) for note in question.key.notes}


def _markdown(note: MistakeNote) -> str:
    return " ".join(str(renderer(FORMATS["md"]).node(note)).split())


def test_a_number_of_another_part_is_named_as_such() -> None:
    wrong, _ = notes_of(WITH_SHIFT, "block")
    block, total = wrong.split(r",\; \text{in (d):}\; ")
    values = {mistake.name: values for mistake, values in WITH_SHIFT.wrong}["one_norm"]
    numbers = [int(one.replace(r"\,", "")) for one in (block, total)]
    assert numbers == [values["block"], values["total"]]


def test_the_label_is_that_of_the_paper() -> None:
    entry = Entry(DECODER, without=("attention", "mlp"))
    notes = notes_of(WITH_SHIFT, "block", entry)
    (wrong,) = (wrong for wrong, said in notes.items() if "counted one norm" in said)
    assert r"\text{in (b):}" in wrong


def test_what_nothing_on_the_paper_tells_apart_is_one_note() -> None:
    entry = Entry(DECODER, only=("block",))
    ((wrong, said),) = (
        (wrong, said) for wrong, said in notes_of(WITH_SHIFT, "block", entry).items() if "counted one norm" in said
    )
    assert "," not in wrong.replace(r"\,", "")
    assert "; or you left out the shift" in said
    with using(find_language("de")):
        (said,) = (said for said in notes_of(WITH_SHIFT, "block", entry).values() if "one norm" in said)
        assert "; oder: " in said


def test_a_wrong_row_that_two_mistakes_share_names_neither() -> None:
    """The first row is the one without a mask both for whoever forgot it and for whoever hid the earlier tokens."""
    for level in ("easy", "standard", "hard"):
        for seed in range(1, 8):
            variant = drawing.draw_variant(ATTENTION, seed, level=level)
            notes = notes_of(variant, "causal_output")
            (forgotten,) = (wrong for wrong, said in notes.items() if "left out the mask" in said)
            (past,) = (wrong for wrong, said in notes.items() if "hid the earlier tokens" in said)
            assert r"\text{row 1} =" not in past
            assert not forgotten.startswith(r"\text{row 1} =") or r",\;" in forgotten
            # With two tokens forgetting the mask leaves the second row right.
            assert (r"\text{the rest right}" in forgotten) == (level == "easy")
