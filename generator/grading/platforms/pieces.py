"""Questions that are not one part's: those with all parts of a problem, and claims that are asked one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from generator.errors import InputError
from generator.grading.platforms import stack
from generator.grading.platforms.tags import Tag
from generator.grading.reading.choices import read_truths
from generator.numbers.tokens import UnreadableError
from generator.paper.csv_tables import shown

GAP = re.compile(r"(?:^|;\s*)[^\W\d_]+\.?\s*(\d{1,3})\s*:\s*")
"""What stands before each value of a question with gaps in Moodle: ``part 2: ``, in any language."""


def answers_of(tag: Tag, text: str) -> Iterator[tuple[Tag, str]]:
    """Yield each part of a question with what was given for it, as Moodle writes the answer to a part.

    Raises :class:`InputError` where there are more values than the question has fields.
    """
    inputs = stack.inputs_of(text)
    if not tag.parts:
        given = text if inputs is None else _gaps(stack.values_of(_in_order(inputs, max(inputs, default=0))))
        if given:
            yield tag, given
        return
    fields = inputs if inputs is not None else gaps_of(text)
    count = sum(count for _, count in tag.parts)
    if max(fields, default=0) > count:
        raise InputError(
            f"has {max(fields)} values, and the question {count} fields by its tag {tag}: was it changed on the platform?"
        )
    values = _in_order(fields, count)
    start = 0
    for part, size in tag.parts:
        own, start = values[start : start + size], start + size
        if any(own):
            yield Tag(tag.problem, part, tag.variant), _gaps(own if inputs is None else stack.values_of(own))


def gaps_of(text: str) -> dict[int, str]:
    """Return the values of a question with gaps in Moodle, by their numbers."""
    if GAP.match(text) is None:
        return {1: text}
    numbered = GAP.split(text)[1:]
    values = (one.strip() for one in numbered[1::2])
    return {int(number): "" if one == "-" else one for number, one in zip(numbered[::2], values, strict=True)}


def _in_order(fields: dict[int, str], count: int) -> list[str]:
    return [fields.get(number, "") for number in range(1, count + 1)]


def _gaps(values: Sequence[str]) -> str:
    """Return values as Moodle writes those of gaps; one alone as it is."""
    if len(values) < 2:
        return "".join(values)
    return "; ".join(f"part {number}: {one or '-'}" for number, one in enumerate(values, start=1))


@dataclass(frozen=True)
class Verdict:
    """What a student said of a claim, which is the one with a ``number``, from 1 on, of a variant."""

    variant: str
    number: int
    text: str


def verdicts_together(given: Sequence[Verdict], key: Callable[[str], Sequence[bool]]) -> tuple[str, str]:
    """Return verdicts on single claims as one answer: to the variant that most of the claims are of, which is returned first.

    ``key`` says what is right in a variant.  A claim of another variant stands in the place of one that was not asked, as right or as
    wrong as it is.  Raises :class:`InputError` where a verdict cannot be read, or there are too many.
    """
    variants = [one.variant for one in given]
    usual = max(variants, key=variants.count)
    right = key(usual)
    answer: dict[int, bool] = {}
    others: list[bool] = []
    for one in given:
        said, theirs = _verdict(one.text), key(one.variant)
        if not 1 <= one.number <= len(theirs):
            raise InputError(f"expected a claim from 1 to {len(theirs)}; got {one.number}")
        if one.variant == usual and one.number not in answer:
            answer[one.number] = said
        else:
            others.append(said == theirs[one.number - 1])
    free = [number for number in range(1, len(right) + 1) if number not in answer]
    if len(others) > len(free):
        raise InputError(f"expected {len(right)} verdicts at most; got {len(given)}")
    for number, is_right in zip(free, others, strict=False):
        answer[number] = right[number - 1] == is_right
    words = {True: "true", False: "false", None: "?"}
    return usual, " ".join(words[answer.get(number)] for number in range(1, len(right) + 1))


def _verdict(text: str) -> bool:
    try:
        (said,) = read_truths(text, 1).value
    except UnreadableError as error:
        raise InputError(f"expected true or false; got {shown(text)}") from error
    return bool(said)
