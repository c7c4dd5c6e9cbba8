"""PrairieLearn's own programs on exported courses, and the stand-in beside them, which must answer as they do.

The programs come neither with pip nor with npm: these tests run where two variables of the environment name them (see docs/exports/prairielearn.md).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sympy

from generator.export.build import Wanted, build
from generator.export.prairielearn import write
from generator.export.target import Options
from generator.export.tree import Export
from generator.paper.sheet_file import find_sheet
from tests.export.hostile import hostile_tree
from tests.export.prairielearn_numbers import FormatError
from tests.export.prairielearn_stub import Question
from tests.export.sheets import hostile_sheet
from tests.export.trees import CASES, tree_of

pytestmark = pytest.mark.heavy
SCHEMAS = Path(__file__).parents[3] / "shared/schemas/prairielearn"
VARIANTS = 2


@pytest.fixture
def site() -> tuple[str, str]:
    """A Python with pl-e2e-test and PrairieLearn's package, and a clone of its repository."""
    found = os.environ.get("PRAIRIELEARN_PYTHON", ""), os.environ.get("PRAIRIELEARN_REPOSITORY", "")
    if not all(found):
        pytest.skip("PrairieLearn's own programs are not here: set PRAIRIELEARN_PYTHON and PRAIRIELEARN_REPOSITORY")
    return found


def course(tree: Export, folder: Path, options: Options) -> Path:
    for name, content in write(tree, options).files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


# ------------------------------------------------------------------------- the stand-in answers as the site does

ODD = [
    "", " ", "0.5", ".5", "5.", "1e3", "2e-3", "2,5", "1,000", "28/3", "28 / 3", "28:3", "3 1/2", "-5", "−5", "–5", "+5", "--5", "½", "1/0",
    "0/0", "2^3", "2**3", "2sqrt(5)", "sqrt 5", "sqrt(5)", "√5", "sqrt(-1)", "pi", "e", "E", "e^2", "exp(2)", "ln(2)", "log(2)", "log(8,2)", "abs(-3)",
    "|-3|", "5!", "x", "y = 5", "(1", "3*", "5%", "1_000", "0x10", "$5$", "<b>5</b>", "{{5}}", "[5]", "1;2", "infty", "None", "True", "10^(-5)", "1/2/3",
    "5 5", "1e400", "nan", "5/", "/5", "1/3+", "Rational(1,2)", "__import__('os')", "#5", "5\\",
]  # fmt: skip
"""What students type, rightly or not, into a field."""


@dataclass(frozen=True)
class Submission:
    """What is typed into a question, and what must come of it where that is known."""

    what: str
    question: str
    seed: int
    typed: dict[str, str]
    least: float = 0
    feedback: bool = False


def key_of(question: Question, variant: dict[str, Any]) -> dict[str, str]:
    """Return the right answers of a page."""
    found = as_typed(variant, variant["answers"])
    for element in question.fields:
        if element.name in ("pl-multiple-choice", "pl-checkbox"):
            flags = [one.attributes["correct"] == "true" for one in element.all("pl-answer")]
            found[element.attributes["answers-name"]] = " ".join(str(place) for place, flag in enumerate(flags) if flag)
    return {**question.filled, **found}


def as_typed(variant: dict[str, Any], answers: dict[str, str]) -> dict[str, str]:
    """Return exact numbers as their fields take them: those of a large matrix as decimals."""
    return {
        name: str(sympy.N(sympy.sympify(exact), 15)) if name in variant["near"] else exact
        for name, exact in answers.items()
    }


def submissions(folder: Path, *, odd: bool) -> Iterator[Submission]:
    """Yield what is tried with a course: in each question the key, another form of it, each mistake, and wrong answers; in one odd texts too."""
    paths = sorted((folder / "questions").rglob("variants.json"))
    for path in paths:
        name = str(path.parent.relative_to(folder / "questions"))
        for seed, variant in enumerate(json.loads(path.read_bytes())):
            question = Question(path.parent, seed)
            if not question.fields:
                continue
            key = key_of(question, variant)
            yield Submission("key", name, seed, key, least=1)
            exact = [one.attributes["answers-name"] for one in question.fields if one.name == "pl-symbolic-input"]
            if exact:
                others = {one: f"2*({key[one]}) - ({key[one]})/1" for one in exact}
                yield Submission("another form", name, seed, {**key, **others}, least=1)
            for mistake in variant["mistakes"]:
                typed = as_typed(variant, mistake["answers"])
                least = mistake["share"] if len({one["part"] for one in variant["mistakes"]}) == 1 else 0
                yield Submission(mistake["id"], name, seed, {**key, **typed}, least, feedback=True)
            numbers = dict.fromkeys(variant["answers"], "987654321")
            yield Submission("wrong numbers", name, seed, {**key, **numbers})
            yield from others_chosen(question, name, seed, key)
    if odd:
        yield from odd_texts(folder, paths)


def odd_texts(folder: Path, paths: list[Path]) -> Iterator[Submission]:
    """Yield submissions of odd texts: for each kind of field in the question with the fewest."""
    smallest: dict[str, tuple[int, Path]] = {}
    for path in paths:
        fields = Question(path.parent, 0).fields
        if fields and json.loads(path.read_bytes())[0]["answers"]:
            kind = fields[0].name
            smallest[kind] = min(smallest.get(kind, (len(fields), path)), (len(fields), path))
    for _, path in smallest.values():
        variant = json.loads(path.read_bytes())[0]
        key = key_of(Question(path.parent, 0), variant)
        name = path.parent.relative_to(folder / "questions")
        first = next(iter(variant["answers"]))
        for text in ODD:
            yield Submission(f"odd {text}", str(name), 0, {**key, first: text})
        yield Submission("nothing", str(name), 0, {})


def others_chosen(question: Question, name: str, seed: int, key: dict[str, str]) -> Iterator[Submission]:
    """Yield submissions with each other option, and with none."""
    for element in question.fields:
        if element.name not in ("pl-multiple-choice", "pl-checkbox"):
            continue
        field = element.attributes["answers-name"]
        for place in range(len([*element.all("pl-answer")])):
            yield Submission(f"option {place}", name, seed, {**key, field: str(place)})
        if element.name == "pl-checkbox":
            every = " ".join(str(place) for place in range(len([*element.all("pl-answer")])))
            yield Submission("all options", name, seed, {**key, field: every})
        yield Submission("no option", name, seed, {one: text for one, text in key.items() if one != field})


def of_stand_in(folder: Path, one: Submission) -> dict[str, Any]:
    question = Question(folder / "questions" / one.question, one.seed)
    variant = question.data["params"]["variant"]
    try:
        marked = question.submit(one.typed)
    except FormatError:
        return {"variant": variant, "score": None, "feedback": ""}
    return {"variant": variant, "score": marked.score, "feedback": " ".join(marked.feedback.split())}


def of_site(folder: Path, site: tuple[str, str], asked: list[Submission]) -> list[dict[str, Any]]:
    program = Path(__file__).with_name("prairielearn_site.py")
    lines = [json.dumps({"question": one.question, "seed": one.seed, "typed": one.typed}) for one in asked]
    done = subprocess.run(
        [site[0], "-W", "ignore", program, folder, site[1]],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def answers_are_the_same(folder: Path, site: tuple[str, str], *, odd: bool) -> None:
    asked = [*submissions(folder, odd=odd)]
    differing = []
    for one, theirs in zip(asked, of_site(folder, site, asked), strict=True):
        ours = of_stand_in(folder, one)
        if ours["score"] is not None and theirs["score"] is not None:
            ours["score"], theirs["score"] = round(ours["score"], 9), round(theirs["score"], 9)
        if ours != theirs:
            differing.append((one, ours, theirs))
        if one.least or one.feedback:
            assert theirs["score"] is not None, one
            assert theirs["score"] >= one.least - 1e-9, (one, theirs)
            assert not one.feedback or theirs["feedback"], one
    assert differing == []


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(("problem", "level"), CASES)
def test_stand_in_marks_as_prairielearn_does(
    problem: str, level: str, together: bool, site: tuple[str, str], tmp_path: Path
) -> None:
    folder = course(tree_of(problem, level, VARIANTS), tmp_path, Options(together=together))
    answers_are_the_same(folder, site, odd=level == "standard" and not together)


def test_stand_in_marks_plain_questions_as_prairielearn_does(site: tuple[str, str], tmp_path: Path) -> None:
    for name, tree in plain_trees(tmp_path).items():
        answers_are_the_same(course(tree, tmp_path / name, Options()), site, odd=False)


def plain_trees(folder: Path) -> dict[str, Export]:
    """Return trees in whose texts stand the signs that PrairieLearn takes for its own."""
    return {"tree": hostile_tree(), "sheet": build(hostile_sheet(folder), Wanted(count=1, with_png=False))}


# ------------------------------------------------------------------------------------------ its end-to-end test


def end_to_end(folder: Path, site: tuple[str, str], seeds: int) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("pl-e2e-test wants PrairieLearn's schemas, which are not here")
    shutil.copytree(SCHEMAS, folder / ".prairielearn/schemas")
    done = subprocess.run(
        [
            site[0], "-m", "prairielearn_e2e", "--course-root", ".", "--question-path", "questions",
            "--prairielearn-path", site[1], "--seed-count", str(seeds),
        ],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(("problem", "level"), CASES)
def test_questions_pass_the_end_to_end_test(
    problem: str, level: str, together: bool, site: tuple[str, str], tmp_path: Path
) -> None:
    course(tree_of(problem, level, VARIANTS), tmp_path, Options(together=together))
    end_to_end(tmp_path, site, 2 * VARIANTS)


def test_sheets_pass_the_end_to_end_test(site: tuple[str, str], tmp_path: Path) -> None:
    course(build(find_sheet("discussion04"), Wanted(count=VARIANTS)), tmp_path / "course", Options())
    end_to_end(tmp_path / "course", site, 2 * VARIANTS)
    for name, tree in plain_trees(tmp_path).items():
        end_to_end(course(tree, tmp_path / name, Options()), site, 2)
