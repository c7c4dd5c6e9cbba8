"""The sentences that a student reads about an answer, in Markdown; none of them gives away the right answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module

from generator.document import prose
from generator.document.nodes import Code, Math, Paragraph, Text
from generator.errors.language import begin_sentence, phrase
from generator.grading.diagnose import Diagnosis
from generator.grading.nesting import Index, Unread, indices_text, shape_text
from generator.problem.mistake import Mistake
from generator.problem.solution import Values
from generator.render.escaping import markdown_code
from generator.render.renderer import FORMATS, count_of, renderer

_CONTEXT = 20
"""Characters shown on either side of the place that cannot be read."""


@cache
def warm_up() -> None:
    """Load and compile now, which takes longer than any mark, and not when the first mistake is found."""
    import_module("sympy.tensor.tensor")  # which sympy's first sum of three terms loads
    renderer(FORMATS["md"]).node((Paragraph((Text("ready"),)), Math("x"), Code("x")))


def not_right() -> str:
    """Return the message where nothing more is known."""
    return phrase("marking.not_right")


def right(rounded: bool) -> str:
    """Say that the answer is right."""
    return phrase("marking.right_rounded") if rounded else phrase("marking.right")


def rounding(decimals: bool) -> str:
    """Say that the answer is right except for its rounding."""
    return phrase("marking.too_few_digits") if decimals else phrase("marking.rounded")


def invalid(text: str, position: int, reason: str) -> str:
    """Say why an answer cannot be read, and where."""
    before, after = text[max(0, position - _CONTEXT) : position], text[position : position + _CONTEXT]
    if not before.strip() and not after.strip():
        return phrase("marking.unreadable", reason=_plain(reason))
    if not before.strip():
        place = phrase("marking.at", after=markdown_code(after))
    elif not after.strip():
        place = phrase("marking.after", before=markdown_code(before))
    else:
        place = phrase("marking.at_after", after=markdown_code(after), before=markdown_code(before))
    return phrase("marking.unreadable_there", reason=_plain(reason), place=place)


def _plain(text: str) -> str:
    return str(renderer(FORMATS["md"]).node((Text(text),)))


def marked_by_a_person(worth: int) -> str:
    """Say that an answer in words is not marked here."""
    return phrase("marking.by_a_person", points=count_of(worth, "point"))


def verdicts(right: Sequence[bool], reasons: int) -> str:
    """Say which verdicts on claims are wrong."""
    wrong = [str(place) for place, one in enumerate(right, start=1) if not one]
    message = (
        phrase("marking.wrong_verdict", claims=phrase("words.comma").join(wrong))
        if wrong
        else phrase("marking.verdicts_right")
    )
    return f"{message} {phrase('marking.reasons', points=count_of(reasons, 'point'))}" if reasons else message


_MOST_UNREAD = 6
"""Entries that cannot be read, of which a message says what was typed."""


def unread(entries: Mapping[Index, Unread], shape: tuple[int, ...]) -> list[str]:
    """Return sentences on the entries that are empty, and on those that cannot be read: what was typed, and why."""
    empty = [index for index, entry in entries.items() if not entry.typed]
    sentences = []
    if empty:
        where = begin_sentence(indices_text(empty, shape))
        sentences.append(phrase("marking.entries_empty", count=len(empty), where=where))
    others = [(index, entry) for index, entry in entries.items() if entry.typed]
    for index, entry in others[:_MOST_UNREAD]:
        where = begin_sentence(indices_text([index], shape))
        sentences.append(
            phrase(
                "marking.entry_unreadable", where=where, typed=markdown_code(entry.typed), reason=_plain(entry.reason)
            )
        )
    if len(others) > _MOST_UNREAD:
        sentences.append(phrase("marking.more_unreadable", count=len(others) - _MOST_UNREAD))
    return sentences


def wrong_shape(given: tuple[int, ...] | None, asked: tuple[int, ...] | None) -> str:
    """Say that the answer has another shape."""
    if not given or not asked:
        return phrase("marking.other_shape")
    return phrase("marking.wrong_shape", given=shape_text(given), asked=shape_text(asked))


def right_entries(right: int, total: int, where: str) -> str:
    """Say how many entries are right, and which are not."""
    return phrase("marking.right_entries", count=total, right=right, where=where)


def coarse_entries(where: str, count: int, *, decimals: bool) -> str:
    """Say which entries would be right if they were not rounded so far."""
    key = "marking.coarse_entries" if decimals else "marking.rounded_entries"
    return phrase(key, count=count, where=begin_sentence(where))


def causes(diagnosis: Diagnosis, values: Values) -> list[str]:
    """Return what the student did instead, as far as it is known."""
    if not diagnosis.causes:
        return [diagnosis.observation] if diagnosis.observation else []
    where = f" {phrase('marking.only_there', where=diagnosis.where)}" if diagnosis.where else ""
    mistakes = [_joined_mistakes(cause, values) for cause in diagnosis.causes]
    if len(mistakes) == 1:
        key = "marking.one_mistake" if len(diagnosis.causes[0]) == 1 else "marking.two_mistakes"
        key = "marking.could_be" if diagnosis.doubtful else key
        return [phrase(key, mistake=mistakes[0], where=where)]
    listed = "\n".join(f"- {phrase('marking.listed_mistake', mistake=one)}" for one in mistakes)
    return [f"{phrase('marking.several_mistakes', where=where)}\n\n{listed}\n"]


def _joined_mistakes(cause: Sequence[Mistake], values: Values) -> str:
    return phrase("marking.and_mistake").join(feedback(mistake, values) for mistake in cause)


def feedback(mistake: Mistake, values: Values) -> str:
    """Return what continues "you …"."""
    return str(renderer(FORMATS["md"]).node(prose.inline(mistake.said, values)))


def first_wrong(name: str, cause: Diagnosis, values: Values) -> str:
    """Say which of the earlier values went wrong first, and how; ``name`` is what the step is called."""
    reason = " ".join(causes(cause, values))
    return phrase("marking.first_wrong", name=name) + (f" {reason}" if reason else "")


def follows(names: str) -> str:
    """Say that the answer follows from earlier values."""
    return phrase("marking.follows", names=names)


def follows_mostly(names: str, where: str) -> str:
    """Say that the answer follows from earlier values in most entries."""
    return phrase("marking.follows_mostly", names=names, where=where)


def another_mistake() -> str:
    """Say that there is another mistake after an earlier wrong value."""
    return phrase("marking.another_mistake")


def joined(sentences: Iterable[str]) -> str:
    """Return the sentences as one text."""
    text = " ".join(sentence for sentence in sentences if sentence).replace("\n ", "\n\n").strip()
    return text or not_right()
