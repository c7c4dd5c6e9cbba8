"""The kit for Gradescope: answers lie in their regions, on every form alike, and rubrics say what the key says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.export.rules.gradescope import check

pytestmark = pytest.mark.slow
FORMS = "AB"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["export", "gradescope", *map(str, arguments)])


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit of two forms."""
    folder = tmp_path_factory.mktemp("gradescope") / "kit"
    made = run("losses", "--open", "--variants", 2, "--layout", "exam", "--fixed", "--out", folder)
    assert made.exit_code == 0, made.output
    return folder


def outline(kit: Path, form: str = "A") -> Any:
    return json.loads((kit / f"outline-{form}.json").read_text())


def regions(found: Any) -> list[tuple[str, Any]]:
    parts = [
        (part["title"], region) for one in found["questions"] for part in one["parts"] for region in part["regions"]
    ]
    return [("name", found["name"]), ("sid", found["sid"]), *parts]


def test_nothing_is_against_the_rules(kit: Path) -> None:
    assert list(check(kit)) == []
    assert run(kit, "--check").exit_code == 0


def test_all_forms_have_the_same_regions(kit: Path) -> None:
    assert outline(kit, "A") == outline(kit, "B")
    assert (kit / "template-A.pdf").read_bytes() != (kit / "template-B.pdf").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_the_boxes_that_are_drawn_are_the_regions(kit: Path, form: str) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    pages = [page.render(scale=2).to_pil().convert("L") for page in pdfium.PdfDocument(kit / f"template-{form}.pdf")]
    for title, region in regions(outline(kit, form))[2:]:
        page = pages[region["page_number"] - 1]
        left, right = (round(region[key] / 100 * page.width) for key in ("x1", "x2"))
        top, bottom = (round(region[key] / 100 * page.height) for key in ("y1", "y2"))
        for edge in (top, bottom):
            strip = page.crop((left + 20, edge - 3, right - 20, edge + 4))
            assert np.asarray(strip).min(axis=0).max() < 235, (title, form)  # a line, all along
        inner = page.crop((left - 8, top + 8, left - 3, bottom - 8))
        assert np.asarray(inner).min() > 235, (title, form)


def test_the_outline_and_the_rubric_have_all_points(kit: Path) -> None:
    found = outline(kit)
    worth = {
        f"{place}.{number}": part["weight"]
        for place, one in enumerate(found["questions"], 1)
        for number, part in enumerate(one["parts"], 1)
    }
    text = (kit / "rubric.md").read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == [f"## Version {form}" for form in FORMS]
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### Q([\d.]+) .* \((\d+) pts\)$", section, re.MULTILINE)
        assert {number: int(points) for number, points in headings} == worth
        for block in re.split(r"^### ", section, flags=re.MULTILINE)[1:]:
            points = int(re.search(r"\((\d+) pts\)", block.splitlines()[0])[1])  # type: ignore[index]
            taken = [int(found) for found in re.findall(r"^- \*\*-?(\d+)\*\*: ", block, re.MULTILINE)]
            assert taken[0] == 0
            assert max(taken) == points or sum(taken) == points  # all is wrong, or everything is missing


def test_an_unofficial_program_reads_the_kit(kit: Path) -> None:
    gscope = pytest.importorskip("gscope.outline", reason="gscope-cli is not installed")
    from gscope import setup, spec

    payload = gscope.Outline.from_json(outline(kit)).payload()
    assert [question["weight"] for question in payload["question_data"]] == [
        one["weight"] for one in outline(kit)["questions"]
    ]
    loaded = setup.QuizSetup.load(kit / "setup.json")
    assert [one.title for one in loaded.assignments] == [f"Gradients and losses, form {form}" for form in FORMS]
    assert all(one.template.is_file() for one in loaded.assignments)
    names = json.loads((kit / "setup.json").read_text())["rubric"]["map"]
    _, questions = spec.from_markdown((kit / "rubric.md").read_text(), {"course_id": 1, **names})
    assert len(questions) == 2 * (len(regions(outline(kit))) - 2)


@pytest.mark.parametrize(
    ("file", "before", "after", "fault"),
    [
        ("outline-A.json", '"page_number": 2', '"page_number": 99', "on page 99 of"),
        ("outline-A.json", '"x1": 18', '"x1": 109', "not within its page"),
        ("outline-B.json", '"weight": 2', '"weight": 3', "and its parts"),
        ("rubric.md", "- **-1**: ", "- **-1** ", "expected '- **-1**: text'"),
        ("rubric.md", "### Q1.2 ", "### Q7.2 ", "nothing for Q1.2"),
    ],
)
def test_a_broken_kit_is_told(kit: Path, tmp_path: Path, file: str, before: str, after: str, fault: str) -> None:
    for one in kit.iterdir():
        (tmp_path / one.name).write_bytes(one.read_bytes())
    text = (tmp_path / file).read_text()
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after))
    assert any(fault in one for one in check(tmp_path)), list(check(tmp_path))


def test_a_sheet_without_fixed_places_is_refused(tmp_path: Path) -> None:
    result = run("losses", "--open", "--out", tmp_path / "kit")
    assert result.exit_code == 2
    assert "--layout exam --fixed" in result.output
    assert not (tmp_path / "kit").exists()


def test_the_same_command_gives_the_same_bytes(kit: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert run("losses", "--open", "--variants", 2, "--layout", "exam", "--fixed", "--out", again).exit_code == 0
    assert {one.name: one.read_bytes() for one in again.iterdir()} == {
        one.name: one.read_bytes() for one in kit.iterdir()
    }
