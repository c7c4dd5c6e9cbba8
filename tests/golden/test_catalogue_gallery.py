"""docs/gallery.md shows every problem as it is now.

After a change that is meant to show, ``python -m pytest tests/golden/test_catalogue_gallery.py --renew`` writes it again.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.problem.catalogue import catalogue
from tests.golden.catalogue_gallery import gallery, sources

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_and_its_drawings_are_those_of_the_catalogue(renew: bool) -> None:
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


@pytest.mark.parametrize("name", catalogue())
def test_a_family_says_how_many_variants_it_has(name: str) -> None:
    assert [level for level, one in catalogue()[name].levels.items() if one.variants is None] == []
