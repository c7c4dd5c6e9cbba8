"""What a person has to look at after a scan, as one HTML page with small pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.classes.scan.by_hand import FORMS
from generator.classes.scan.reading import Seen, thumbnail
from generator.classes.scan.sorting import Apart, Sorted
from generator.fairness.page import render_report

MOST_PICTURES = 400
"""Pages beyond it are listed without a picture; they are in the PDFs all the same."""


@dataclass(frozen=True)
class _Picture:
    """A page on the page: where it was scanned, what is said of it, and a picture if there is room for one."""

    place: str
    why: str
    image: str


def scan_page(found: Sorted, paths: Mapping[str, Path], files: Sequence[str]) -> str:
    """Return a page that needs nothing else; ``paths`` are the scans by their names, ``files`` what was written."""
    room = [MOST_PICTURES]

    def pictures(apart: Sequence[Apart]) -> list[_Picture]:
        return [_Picture(str(one.seen.place), one.why, image(one.seen)) for one in apart]

    def image(seen: Seen) -> str:
        if room[0] <= 0:
            return ""
        room[0] -= 1
        content = thumbnail(paths[seen.place.scan], seen.place.page, seen.turn)
        return f"data:image/jpeg;base64,{b64encode(content).decode()}" if content else ""

    unnumbered = [Apart(sheet.seen, f"a page of {copy.label}") for copy, sheet in found.unnumbered]
    return render_report(
        "scan.html.j2",
        found=found,
        scans=list(paths),
        files=files,
        forms=FORMS,
        unknown=pictures(found.unknown),
        unnumbered=pictures(unnumbered),
        doubled=pictures(_with_firsts(found)),
        keys=pictures(found.keys),
        blank=[str(one.seen.place) for one in found.blank],
        spare=[str(one.seen.place) for one in found.spare],
    )


def _with_firsts(found: Sorted) -> list[Apart]:
    """Each doubled page after the one that is in the student's file."""
    shown: list[Apart] = []
    for one in found.doubled:
        assert one.first is not None
        shown += [Apart(one.first, "in the student's file"), one]
    return shown
