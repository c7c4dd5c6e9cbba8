"""A tree whose words are made of the signs that platforms take for their own."""

from __future__ import annotations

from fractions import Fraction

from generator.export.tree import (
    Blocks,
    Choice,
    Claims,
    Computed,
    Criterion,
    Entry,
    Essay,
    Export,
    Kind,
    Mistake,
    Number,
    Option,
    Part,
    Problem,
    Statement,
    Variant,
)

WORDS = r"A & B <b>x</b> ]]> {{params.y}} {{{z}}} {@v@} [[w]] [u] [t](r) }#~ $5 or $$6 \(q\) \n 100% `c` *e* _f_ |g| #h [sound:i.mp3] 🦊 שלום"
"""What stands in every text."""

TITLE = "T & <i> {{t}} $1 [x] :: " + "long " * 40


def paragraph(begin: str = "") -> Blocks:
    """Return a paragraph of all the signs."""
    return [{"p": [begin + WORDS, {"tex": r"\frac{{1}}{2} < x \lbrack y\rbrack"}, {"code": WORDS}]}]


def hostile_tree() -> Export:
    """Return a sheet with a question of each simple kind."""
    answers: dict[Kind, Variant] = {
        "number": Variant(
            "AAAAA",
            [*paragraph(), {"table": [[["a|b"], [{"tex": r"\|x\| |y|"}]]], "header": 0}, {"code": WORDS}],
            Computed((Entry(Number("3/2", r"\frac{3}{2}", "1.5", "0")),), symbol="y"),
            (Mistake("m", Fraction(1, 2), paragraph("M"), (Number("2", "2", "2", "0"),)),),
            paragraph("S"),
        ),
        "choice": Variant(
            "AAAAA",
            paragraph(),
            Choice(
                (
                    Option("o1", paragraph("1"), right=True),
                    Option("o2", paragraph("2"), right=False, feedback=paragraph("F")),
                )
            ),
            solution=paragraph("S"),
        ),
        "claims": Variant(
            "AAAAA", paragraph(), Claims((Statement("s1", paragraph("1"), verdict=True, reason=paragraph("R")),), 1, 1)
        ),
        "essay": Variant("AAAAA", paragraph(), Essay(paragraph("E"), (Criterion("c", 2, [WORDS]),), 3)),
    }
    parts = tuple(
        Part(f"hostile.{kind}", kind, 2, TITLE, "(a)", ("two words", "standard"), (variant,))
        for kind, variant in answers.items()
    )
    return Export("hostile", TITLE, "en", paragraph(), (Problem("hostile", TITLE, parts, ("AAAAA",)),))
