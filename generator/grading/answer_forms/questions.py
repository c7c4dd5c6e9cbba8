"""The questions of a form to make at Google or Microsoft, each with the tag by which its answers are read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from generator.errors.language import phrase
from generator.grading.answer_forms.asked import AskedPart, AskedSheet
from generator.grading.platforms.tags import PAPER, STUDENT, Tag

Maker: TypeAlias = Literal["google", "microsoft"]


def questions_text(asked: AskedSheet, maker: Maker) -> str:
    """Return the list of questions, a block for each: its kind, its title to paste, a description, its options."""
    return "\n".join(_lines(asked, maker))


def _lines(asked: AskedSheet, maker: Maker) -> Iterator[str]:
    yield asked.title
    yield phrase("form.paste_google") if maker == "google" else phrase("form.paste_microsoft")
    yield ""
    yield from _question(
        1, _kind(maker, "line"), f"{phrase('form.student_id')} {Tag(STUDENT)}", phrase("form.only_anonymous")
    )
    yield from _question(2, _kind(maker, "line"), f"{phrase('form.paper_id')} {Tag(PAPER)}", phrase("form.paper_where"))
    for number, part in enumerate(asked.parts, start=3):
        title = f"{part.name} {part.title} {asked.tag(part)}"
        yield from _question(
            number, _kind(maker, _field(part)), title, part.how, part.letters if "choice" in part.kind else ()
        )


def _question(number: int, kind: str, title: str, about: str, options: object = ()) -> Iterator[str]:
    yield f"{number}. [{kind}]"
    yield f"   {title}"
    yield f"   {about}"
    if isinstance(options, str) and options:
        yield f"   {phrase('form.options', options=' / '.join(options))}"
    yield ""


def _field(part: AskedPart) -> str:
    if part.kind in ("choice", "choices"):
        return part.kind
    return "lines" if part.kind in ("matrix", "essay") else "line"


def _kind(maker: Maker, field: str) -> str:
    """Return what the maker of forms calls a kind of question."""
    if maker == "google":
        return {
            "line": phrase("form.google_line"),
            "lines": phrase("form.google_lines"),
            "choice": phrase("form.google_choice"),
            "choices": phrase("form.google_choices"),
        }[field]
    return {
        "line": phrase("form.microsoft_line"),
        "lines": phrase("form.microsoft_lines"),
        "choice": phrase("form.microsoft_choice"),
        "choices": phrase("form.microsoft_choices"),
    }[field]
