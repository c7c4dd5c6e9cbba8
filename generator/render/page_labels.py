"""Headings of parts and names of groups in a page: each says of which problem and part it is, so that no two are alike."""

from __future__ import annotations

import re
from collections import Counter

from markupsafe import Markup

from generator.errors.language import phrase
from generator.render.escaping import escape_xml, safe

_STEP = re.compile(
    r'<section class="problem" id="problem-(?P<problem>\d+)"'
    r'|<ol\b(?P<list> class="parts")?'
    r"|(?P<end></ol>)"
    r'|<h3 class="label">(?P<heading>[^<]*)</h3>'
    r"|(?P<summary><summary>[^<]*)</summary>"
    r'| aria-label="(?P<name>[^"]*)"'
    r"|<math\b.*?</math>|<svg\b[^>]*>",
    re.DOTALL,
)


def labelled(page: Markup) -> Markup:
    """Return the page with a heading of the right level for each part, and names that occur once.

    ``Space for the answer`` becomes ``Space for the answer, problem 2, part (a)``; of several in a part each has a number.
    Formulas and drawings keep their names, which are what they show.
    """
    return safe(_STEP.sub(_Place().step, page))


class _Place:
    """The place in a page, and which names were given before it."""

    def __init__(self) -> None:
        self._problem = ""
        self._parts: list[str] = []
        self._lists: list[bool] = []
        self._given: Counter[tuple[str, str]] = Counter()

    def step(self, found: re.Match[str]) -> str:
        """Return what stands in the place of a match, and go on behind it."""
        text = found[0]
        if found["problem"]:
            self._problem = found["problem"]
        elif text.startswith("<ol"):
            self._lists.append(bool(found["list"]))
            self._parts += [""] if found["list"] else []
        elif found["end"]:
            if self._lists and self._lists.pop():
                self._parts.pop()
        elif found["heading"] and self._parts:
            return self._heading(found["heading"])
        elif found["summary"] and self._problem:
            return f'{found["summary"]}<span class="unseen"> {escape_xml(phrase("place.of", place=self._where))}</span></summary>'
        elif found["name"] and self._problem:
            return f' aria-label="{self._unique(found["name"])}"'
        return text

    @property
    def _where(self) -> str:
        part = " ".join(filter(None, self._parts))
        if part:
            return phrase("place.part", problem=self._problem, part=part)
        return phrase("place.problem", problem=self._problem)

    def _heading(self, label: str) -> str:
        self._parts[-1] = ""
        outer = " ".join(filter(None, self._parts))
        if outer:
            before = phrase("place.heading_within", problem=self._problem, part=outer)
        else:
            before = phrase("place.heading", problem=self._problem)
        self._parts[-1] = label
        level = f"h{2 + len(self._parts)}"
        return f'<{level} class="label"><span class="unseen">{escape_xml(before)} </span>{label}</{level}>'

    def _unique(self, name: str) -> str:
        self._given[name, self._where] += 1
        count = self._given[name, self._where]
        return f"{name}{f' {count}' if count > 1 else ''}, {escape_xml(self._where)}"
