"""A reader of Moodle's XML that knows the format and nothing of its writer; and a student who answers the questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from xml.etree import ElementTree as ET

EPSILON = Decimal("1e-14")
"""What Moodle adds to each tolerance."""


@dataclass(frozen=True)
class Answer:
    """What may be given, the fraction of the points that it earns, and what is then said, as HTML."""

    text: str
    fraction: Decimal
    feedback: str
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Gap:
    """A question within a text, or one that is a question by itself."""

    weight: int
    kind: str
    answers: tuple[Answer, ...]

    def marked(self, number: Decimal | str) -> tuple[Decimal, str]:
        """Return what a number earns, and what is said: of the first answer that it is near enough to."""
        given = Decimal(number)
        for answer in self.answers:
            if abs(given - Decimal(answer.text)) <= answer.tolerance + EPSILON:
                return answer.fraction, answer.feedback
        return Decimal(0), ""


@dataclass(frozen=True)
class Question:
    """A question; ``gaps`` has the question itself where that is a number or a choice."""

    kind: str
    category: tuple[str, ...]
    name: str
    identity: str
    points: int
    text: str
    gaps: tuple[Gap, ...]
    element: ET.Element = field(repr=False)

    def html(self, tag: str) -> str:
        """Return the HTML of an element."""
        return self.element.findtext(f"{tag}/text") or ""


def read_quiz(content: bytes) -> dict[str, Question]:
    """Return the questions by their idnumbers."""
    found: dict[str, Question] = {}
    category: tuple[str, ...] = ()
    for element in ET.fromstring(content):  # noqa: S314 - written a moment ago
        if element.get("type") == "category":
            path = element.findtext("category/text") or ""
            category = tuple(one.replace("//", "/") for one in re.split(r"(?<!/)/(?!/)", path))
            continue
        one = _question(element, category)
        assert one.identity not in found, one.identity
        found[one.identity] = one
    return found


def _question(element: ET.Element, category: tuple[str, ...]) -> Question:
    kind = element.get("type") or ""
    text = element.findtext("questiontext/text") or ""
    gaps = tuple(_gaps(text)) if kind == "cloze" else ()
    if kind in ("numerical", "multichoice"):
        gaps = (Gap(1, kind, tuple(map(_answer, element.findall("answer")))),)
    return Question(
        kind,
        category,
        element.findtext("name/text") or "",
        element.findtext("idnumber") or "",
        sum(gap.weight for gap in gaps) if kind == "cloze" else int(element.findtext("defaultgrade") or ""),
        text,
        gaps,
        element,
    )


def _answer(element: ET.Element) -> Answer:
    return Answer(
        element.findtext("text") or "",
        Decimal(element.get("fraction") or "") / 100,
        element.findtext("feedback/text") or "",
        Decimal(element.findtext("tolerance") or "0"),
    )


def _gaps(text: str) -> Iterator[Gap]:
    start = 0
    while begin := re.compile(r"\{(\d*):([A-Z_]+):").search(text, start):
        alternatives, start = _until_closed(text, begin.end())
        yield Gap(int(begin[1] or 1), begin[2], tuple(_alternative(one, begin[2]) for one in alternatives))


def without_gaps(text: str) -> str:
    """Return a text with a sign for each of its gaps."""
    start = 0
    while begin := re.compile(r"\{(\d*):([A-Z_]+):").search(text, start):
        _, end = _until_closed(text, begin.end())
        text = f"{text[: begin.start()]}_{text[end:]}"
        start = begin.start()
    return text


def _until_closed(text: str, start: int) -> tuple[list[str], int]:
    """Return what stands between the tildes up to the brace that ends a gap, and where that is."""
    found = [""]
    for place in range(start, len(text)):
        sign, is_escaped = text[place], text[place - 1] == "\\"
        if sign == "}" and not is_escaped:
            return found, place + 1
        if sign == "~" and not is_escaped:
            found.append("")
        else:
            found[-1] += sign
    raise AssertionError("a gap without an end")


def _alternative(written: str, kind: str) -> Answer:
    fraction = Decimal(0)
    if written.startswith("="):
        fraction, written = Decimal(1), written[1:]
    elif share := re.match(r"%(-?\d+(?:\.\d*)?)%", written):
        fraction, written = Decimal(share[1]) / 100, written[share.end() :]
    parts = re.split(r"(?<![\\&])#", written, maxsplit=1)
    feedback = _undone(parts[1]) if len(parts) > 1 else ""
    if kind == "NUMERICAL":
        value, _, tolerance = parts[0].partition(":")
        return Answer(value, fraction, feedback, Decimal(tolerance or 0))
    return Answer(_undone(parts[0]), fraction, feedback)


def _undone(written: str) -> str:
    """Return the HTML that Moodle makes of what stands in a gap: entities are read, then two escapes undone."""
    return unescape(written).replace(r"\}", "}").replace(r"\#", "#")
