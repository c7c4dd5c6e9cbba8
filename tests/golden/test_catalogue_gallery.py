"""docs/gallery.md shows every problem as it is now.

After a change that is meant to show, ``python -m pytest tests/golden/test_catalogue_gallery.py --renew`` writes it again; what it says of
levels whose variants nobody has counted is measured only where ``tests/golden/variants.json`` lacks them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.problem.catalogue import catalogue
from tests.golden.catalogue_gallery import SIZES, gallery, measured_sizes, sources

DOCS = Path(__file__).parents[2] / "docs"


def uncounted() -> dict[str, list[str]]:
    """The levels whose variants nobody has counted, by problem."""
    levels = {
        name: [level for level, one in problem.levels.items() if one.variants is None]
        for name, problem in catalogue().items()
    }
    return {name: found for name, found in levels.items() if found}


def test_the_page_and_its_drawings_are_those_of_the_catalogue(renew: bool) -> None:
    if renew:
        kept = json.loads(SIZES.read_text(encoding="utf-8")) if SIZES.exists() else {}
        if {name: [*levels] for name, levels in kept.items()} != uncounted():
            SIZES.write_text(json.dumps(measured_sizes(), indent=1) + "\n", encoding="utf-8")
    made = gallery()
    if renew:
        for old in DOCS.glob("gallery/*.svg"):
            old.unlink()
        for name, text in made.items():
            (DOCS / name).parent.mkdir(exist_ok=True)
            (DOCS / name).write_text(text, encoding="utf-8")
    assert sorted(made) == sorted(["gallery.md", *(f"gallery/{path.name}" for path in DOCS.glob("gallery/*.svg"))])
    for name, text in made.items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, (
            f"docs/{name} is not as the catalogue makes it; if it is meant to differ, run this test with --renew"
        )


def test_the_page_leads_nowhere_else() -> None:
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"\]\((gallery/[^)]*)\)", page) if not (DOCS / name).exists()] == []
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"^## (.*)", page, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) == headings
    assert len(headings) == len(catalogue())


@pytest.mark.parametrize("name", catalogue())
def test_a_family_names_the_papers_that_its_formulas_come_from(name: str) -> None:
    assert re.search(r"\b(19|20)\d\d\b", sources(catalogue()[name]))


def test_sizes_are_of_the_levels_that_nobody_has_counted() -> None:
    kept = json.loads(SIZES.read_text(encoding="utf-8"))
    assert {name: [*levels] for name, levels in kept.items()} == uncounted()
