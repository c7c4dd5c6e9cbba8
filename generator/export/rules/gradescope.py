"""What Gradescope asks of a kit: regions within their pages, points that add up, and lines that a rubric can have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pikepdf

from generator.classes.plan import GRADESCOPE

_LINE = re.compile(r"- \*\*(?:0|-\d+)\*\*: (?:(?!\*\*).)+")
_HEADING = re.compile(r"### Q(\d+(?:\.\d+)?) .+ \(\d+ pts\)")


def check(folder: Path) -> Iterator[str]:
    """Yield what is wrong with a kit, or with that in the folder of a class."""
    if (folder / GRADESCOPE).is_dir():
        folder = folder / GRADESCOPE
    outlines = sorted(folder.glob("outline*.json"))
    if not outlines:
        yield f"{folder} has no outline: a kit has outline-A.json"
    numbers: set[str] = set()
    for path in outlines:
        try:
            outline = json.loads(path.read_bytes())
            numbers |= {number for number, _ in _parts(outline)}
            yield from _outline(
                path.name, outline, _pages(folder / path.name.replace("outline", "template").replace(".json", ".pdf"))
            )
        except (ValueError, KeyError, TypeError, pikepdf.PdfError, OSError) as error:
            yield f"{path.name}: no outline of a PDF beside it: {error}"
    rubric = folder / "rubric.md"
    if rubric.is_file():
        yield from _rubric(rubric.read_text("utf-8"), numbers)
    else:
        yield f"{folder} has no rubric.md"


def _pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def _parts(outline: Any) -> Iterator[tuple[str, Any]]:
    for place, question in enumerate(outline["questions"], start=1):
        for number, part in enumerate(question["parts"], start=1):
            yield f"{place}.{number}", part


def _outline(name: str, outline: Any, pages: int) -> Iterator[str]:
    if outline["name"]["page_number"] != outline["sid"]["page_number"]:
        yield f"{name}: the regions of the name and of the student's ID are on different pages"
    found = [("name", outline["name"]), ("sid", outline["sid"])]
    for number, part in _parts(outline):
        if not part["regions"]:
            yield f"{name}: question {number} has no region"
        found += [(number, region) for region in part["regions"]]
    yield from _regions(name, found, pages)
    for question in outline["questions"]:
        total = sum(part["weight"] for part in question["parts"])
        if question["weight"] != total:
            yield f"{name}: {question['title']} is worth {question['weight']}, and its parts {total}"


def _regions(name: str, found: list[tuple[str, Any]], pages: int) -> Iterator[str]:
    for number, region in found:
        if not (0 <= region["x1"] < region["x2"] <= 100 and 0 <= region["y1"] < region["y2"] <= 100):
            yield f"{name}: the region of {number} is not within its page"
        if not 1 <= region["page_number"] <= pages:
            yield f"{name}: the region of {number} is on page {region['page_number']} of {pages}"
    for (one, ours), (other, theirs) in combinations(found, 2):
        if _overlap(ours, theirs):
            yield f"{name}: the regions of {one} and {other} overlap"


def _overlap(ours: Any, theirs: Any) -> bool:
    return bool(
        ours["page_number"] == theirs["page_number"]
        and ours["x1"] < theirs["x2"]
        and theirs["x1"] < ours["x2"]
        and ours["y1"] < theirs["y2"]
        and theirs["y1"] < ours["y2"]
    )


def _rubric(text: str, numbers: set[str]) -> Iterator[str]:
    there: set[str] = set()
    for place, line in enumerate(text.splitlines(), start=1):
        if line.startswith("### "):
            heading = _HEADING.fullmatch(line)
            if heading is None:
                yield f"rubric.md, line {place}: expected '### Q1.1 title (2 pts)'"
            else:
                there.add(heading[1])
        elif line.strip() and not line.startswith("#") and _LINE.fullmatch(line) is None:
            yield f"rubric.md, line {place}: expected '- **-1**: text', on one line and without other bold type"
    for number in sorted(numbers - there):
        yield f"rubric.md has nothing for Q{number}"
