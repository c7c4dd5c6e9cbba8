r"""Gaps in the text of a Moodle question: ``{1:NUMERICAL:=2.5:0~%50%5:0#Half of it.}``.

Within a gap ``}`` and ``#`` have a backslash, ``~`` is written as an entity, and Moodle reads entities once more than elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from generator.errors.language import phrase
from generator.export.gaps import SIZES, laid_out
from generator.export.known_entries import digits_needed, wrong_numbers
from generator.export.moodle_xml import MoodleHtml
from generator.export.tree import Blocks, Choice, Claims, Computed, Part, Variant

MOST_GAPS = 30
"""The numbers that are asked for in gaps; longer answers are marked by hand."""

PERCENTS = (90, 80, 75, 70, 60, 50, 40, 30, 25, 20, 10, 5, 0)
"""The whole percentages that Moodle knows, short of all."""


_CHOICES = {
    (False, True): "MULTICHOICE_V", (False, False): "MULTICHOICE_VS",
    (True, True): "MULTIRESPONSE", (True, False): "MULTIRESPONSE_S",
}  # fmt: skip
"""The gap's type, by whether several options may be right and whether they stay in order."""


@dataclass(frozen=True)
class Gaps:
    """The gaps for a part, what each is worth, and what stands before them; ``write`` is given a weight for each."""

    points: tuple[Fraction, ...]
    write: Callable[[MoodleHtml, Sequence[int]], str]
    before: Blocks = ()


def fits(part: Part) -> bool:
    """Return whether gaps can ask for the answer to a part."""
    return all(_fits(one) for one in part.variants)


def _fits(variant: Variant) -> bool:
    match variant.answer:
        case Computed(entries=entries):
            return len(entries) <= MOST_GAPS
        case Claims(verdict_points=points):
            return points > 0
        case Choice(options=options):
            pictures = any("figure" in block for option in options for block in option.text)
            return can_be_chosen(variant.answer) and not pictures
    return False


def can_be_chosen(choice: Choice) -> bool:
    """Return whether there is a right option, and another."""
    return any(option.right for option in choice.options) and len(choice.options) > 1


def gaps(part: Part, variant: Variant, before: Blocks = (), *, hints: bool) -> Gaps:
    """Return the gaps for a part that they fit."""
    match variant.answer:
        case Computed() as answer:
            count = len(answer.entries)
            return Gaps((Fraction(part.points, count),) * count, _numbers(part, variant, answer, hints=hints), before)
        case Claims() as claims:
            return Gaps((Fraction(claims.verdict_points),) * len(claims.statements), _verdicts(claims), before)
        case Choice() as choice:
            return Gaps((Fraction(part.points),), _options(choice, hints=hints), before)
    raise ValueError(f"no gaps for {part.kind}")


def _numbers(
    part: Part, variant: Variant, answer: Computed, *, hints: bool
) -> Callable[[MoodleHtml, Sequence[int]], str]:
    def written(html: MoodleHtml, weights: Sequence[int]) -> str:
        note = (
            ""
            if part.kind in SIZES
            else f"<p>{html.words(phrase('export.decimals_only', count=digits_needed(answer)))}</p>"
        )
        found = [_numeric(html, answer, variant, at, weight, hints=hints) for at, weight in enumerate(weights)]
        return note + laid_out(html, part.kind, answer, found.__getitem__)

    return written


def _verdicts(claims: Claims) -> Callable[[MoodleHtml, Sequence[int]], str]:
    def written(html: MoodleHtml, weights: Sequence[int]) -> str:
        items = (
            f"<li>{html.blocks(one.text)}<p>{_verdict(html, one.verdict, weight)}</p></li>"
            for one, weight in zip(claims.statements, weights, strict=True)
        )
        return f"<ol>{''.join(items)}</ol>"

    return written


def _options(choice: Choice, *, hints: bool) -> Callable[[MoodleHtml, Sequence[int]], str]:
    def written(html: MoodleHtml, weights: Sequence[int]) -> str:
        return f"<p>{_choice(html, choice, weights[0], hints=hints)}</p>"

    return written


def _numeric(html: MoodleHtml, answer: Computed, variant: Variant, place: int, weight: int, *, hints: bool) -> str:
    key = answer.entries[place].number
    found = [f"={key.decimal}:{key.tolerance}"]
    for one in wrong_numbers(answer, variant.mistakes, place):
        percent = next(share for share in PERCENTS if one.share * 100 >= share)
        feedback = _within_gap(_in_line(html, one.feedback)) if hints else ""
        if percent or feedback:
            found.append(
                f"%{percent}%{one.number.decimal}:{one.number.tolerance}" + (f"#{feedback}" if feedback else "")
            )
    return _gap(weight, "NUMERICAL", found)


def _verdict(html: MoodleHtml, verdict: bool, weight: int) -> str:
    options = [(True, phrase("worksheet.true")), (False, phrase("worksheet.false"))]
    written = [("=" if value == verdict else "") + _within_gap(html.words(words)) for value, words in options]
    return _gap(weight, "MULTICHOICE_V", written)


def _choice(html: MoodleHtml, choice: Choice, weight: int, *, hints: bool) -> str:
    """Return a gap that asks to choose; of several right options a wrong one cancels a right one."""
    kind = _CHOICES[choice.several, choice.in_order]
    found = []
    for option in choice.options:
        feedback = _within_gap(_in_line(html, option.feedback)) if hints else ""
        text = _within_gap(_in_line(html, option.text))
        found.append(("=" if option.right else "") + text + (f"#{feedback}" if feedback else ""))
    return _gap(weight, kind, found)


def _gap(weight: int, kind: str, alternatives: Iterable[str]) -> str:
    return f"{{{weight}:{kind}:{'~'.join(alternatives)}}}"


def _in_line(html: MoodleHtml, content: Blocks) -> str:
    """Return blocks as HTML; a single paragraph without its element."""
    return html.line(content[0]["p"]) if len(content) == 1 and "p" in content[0] else html.blocks(content)


def _within_gap(content: str) -> str:
    r"""Return HTML for a gap, which must not end in a backslash: the sign after it would not count."""
    if content.startswith(("=", "%")):
        content = f"\N{WORD JOINER}{content}"  # else it would be what the option is worth
    escaped = content.replace("&", "&amp;").replace("}", r"\}").replace("#", r"\#").replace("~", "&#126;")
    return escaped + (" " if escaped.endswith("\\") else "")


def weights(points: Sequence[Fraction]) -> list[int]:
    """Return whole numbers above 0 in the ratio of these points, the points themselves where those are whole."""
    below = lcm(*(one.denominator for one in points))
    whole = [int(one * below) for one in points]
    common = gcd(*whole) or 1
    return whole if below == 1 else [one // common for one in whole]
