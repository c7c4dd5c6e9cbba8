"""Where the answers of a paper are, and how the assignments are set up, as ``gscope-cli`` reads both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.export.tree import Export, Part
from generator.paper.fixed_layout import FixedPaper, Region


@dataclass(frozen=True)
class Assignment:
    """An assignment on the site: its title, its section of the rubric, and its files."""

    title: str
    section: str
    template: str
    outline: Mapping[str, Any]
    scans: str


def numbered(export: Export) -> Iterator[tuple[str, Part]]:
    """Yield all parts with their numbers in Gradescope, such as ``2.1``."""
    for place, problem in enumerate(export.problems, start=1):
        for number, part in enumerate(problem.parts, start=1):
            yield f"{place}.{number}", part


def outline(export: Export, paper: FixedPaper) -> dict[str, Any]:
    """Return the regions of a paper as percent of its pages, from the top."""
    questions = [
        {
            "title": problem.title,
            "weight": sum(part.points for part in problem.parts),
            "parts": [
                {
                    "title": part.title,
                    "weight": part.points,
                    "regions": [_percent(paper, paper.regions[_place(place, part)])],
                }
                for part in problem.parts
            ],
        }
        for place, problem in enumerate(export.problems, start=1)
    ]
    return {
        "name": _percent(paper, paper.regions["name"]),
        "sid": _percent(paper, paper.regions["id"]),
        "questions": questions,
    }


def _place(number: int, part: Part) -> str:
    """Return the name of a part's place: that of problem 1 (f)(i) is ``1f-i-answer``."""
    return f"{number}{'-'.join(re.findall(r'[a-z]+', part.label))}-answer"


def _percent(paper: FixedPaper, region: Region) -> dict[str, float | int]:
    def share(value: float, of: float) -> float:
        return round(min(max(100 * value / of, 0.0), 100.0), 1)

    return {
        "x1": share(region.left, paper.width),
        "x2": share(region.right, paper.width),
        "y1": share(region.top, paper.height),
        "y2": share(region.bottom, paper.height),
        "page_number": region.page,
    }


def setup(export: Export, assignments: list[Assignment]) -> dict[str, Any]:
    """Return all that the unofficial program needs to set up the assignments."""
    return {
        "course_id": 0,
        "scoring": "negative",
        "assignments": [
            {
                "title": one.title,
                "template": one.template,
                "questions": [],
                "outline": one.outline,
                "scans": [one.scans],
            }
            for one in assignments
        ],
        "rubric": {
            "doc": "rubric.md",
            "map": {
                one.section: {f"Q{number}": [one.title, number] for number, _ in numbered(export)}
                for one in assignments
            },
        },
    }
