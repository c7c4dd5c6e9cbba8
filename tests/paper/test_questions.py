"""Plain questions in a sheet's file: what becomes of each kind, pools, and how a slip in them is pointed out."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from generator.document.keyless import without_key
from generator.errors import InputError
from generator.grading.grader import Grader
from generator.paper.paper import draw_entries, exercise, make_paper
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import find_sheet
from generator.problem import audit
from generator.problem.drawing import draw_variant
from generator.render.renderer import FORMATS, renderer
from tests.tiny_class import worksheet

PICTURE = Path(__file__).parent.parent / "render" / "square.png"

KINDS = {
    "number": (
        """kind = "number"
text = "What is the mean of $1, 2, 2$?"
symbol = '\\mu'
answer = "5/3"
accept = 1.7
points = 2
solution = '''It is $<answer>$.'''
mistakes = [{ value = 5, feedback = "did not divide by 3" }]
""",
        ("5/3", "1.7", "1.667", "10/6"),
        ("4", "1.6"),
        {"5": "did not divide by 3"},
    ),
    "vector": (
        """kind = "vector"
text = "Give $v$."
answer = [1, "-1/2"]
points = 2
mistakes = [{ value = [1, "1/2"], feedback = "lost a sign" }]
""",
        ("1, -1/2", "[1 -0.5]"),
        ("2, 2",),
        {"1, 1/2": "lost a sign"},
    ),
    "matrix": (
        """kind = "matrix"
text = "Transpose it."
answer = [[1, "1/2"], [0, "2*sqrt(3)"]]
points = 4
mistakes = [{ value = [[1, 0], ["1/2", "2*sqrt(3)"]], feedback = "copied it" }]
""",
        ("[1, 1/2; 0, 2*sqrt(3)]",),
        ("[7, 7; 7, 7]",),
        {"[1, 0; 1/2, 2√3]": "copied it"},
    ),
    "shape": (
        """kind = "shape"
text = "Which shape has $W$?"
answer = [128, 4]
points = 1
mistakes = [{ value = [4, 128], feedback = "exchanged rows and columns" }]
""",
        ("[128, 4]", "128x4"),
        ("[128, 5]",),
        {"[4, 128]": "exchanged rows and columns"},
    ),
    "fields": (
        """kind = "fields"
text = "Give both."
labels = ['\\mu', '\\sigma']
answer = ["1/3", 2]
accept = [0.33, 2]
points = 2
mistakes = [{ value = ["1/3", 4], feedback = "gave the variance" }]
""",
        ("1/3; 2", "0.33; 2"),
        ("1; 1", "0.3; 7"),
        {"1/3; 4": "gave the variance"},
    ),
    "choice": (
        """kind = "choice"
text = "Which loss?"
in_order = true
points = 1
options = ["Hinge", { text = "Cross-entropy", right = true }, { text = "Squares", feedback = "thought of regression" }]
""",
        ("B", "(b)"),
        ("A",),
        {"C": "thought of regression"},
    ),
    "several": (
        """kind = "choice"
text = "Which are convex?"
in_order = true
points = 2
options = [
  { text = "$x^2$", right = true },
  { text = "$-x^2$", feedback = "took a concave function for a convex one" },
  { text = '$\\lvert x \\rvert$', right = true },
]
""",
        ("A, C", "ca", "(C) and (A)"),
        ("A", "B"),
        {"ABC": "took a concave function for a convex one"},
    ),
    "claims": (
        """kind = "claims"
text = "True or false?"
points = 4
claims = [
  { claim = "ReLU is linear.", true = false, reason = "$f(-1) + f(1) = 1$." },
  { claim = "A linear layer is affine.", true = true, reason = "It is $Wx + b$." },
]
""",
        ("F T",),
        ("T F",),
        {},
    ),
    "essay": (
        """kind = "essay"
text = "Why?"
answer = "Because."
rubric = [[1, "it says why"], [1, "and so on"]]
""",
        (),
        (),
        {},
    ),
}


def sheet_in(folder: Path, *questions: str) -> Sheet:
    """The sheet of these questions, each with its number as its id unless it has one."""
    tables = [
        text if text.startswith("[[") else f'[[question]]\nid = "q{place}"\n{text}'
        for place, text in enumerate(questions, start=1)
    ]
    path = folder / "quiz.toml"
    path.write_text("\n".join(['title = "Quiz"', *tables]), encoding="utf-8")
    return find_sheet(str(path))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_marked(kind: str, tmp_path: Path) -> None:
    text, right, wrong, mistakes = KINDS[kind]
    (entry,) = sheet_in(tmp_path, text).entries
    variant = draw_variant(entry.problem, 1)
    audit.confirm(variant)
    grader = Grader(variant, entry)
    for answer in right:
        assert grader.mark("answer", answer).status == "correct", answer
    for answer in wrong:
        marked = grader.mark("answer", answer)
        assert marked.status in ("wrong", "partial")
        assert not marked.diagnosis
    for answer, feedback in mistakes.items():
        assert feedback in grader.mark("answer", answer).message
    if kind == "essay":
        assert grader.mark("answer", "words").status == "human"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
def test_each_kind_is_in_every_format_and_its_answer_in_the_key_alone(kind: str, form: str, tmp_path: Path) -> None:
    document = make_paper(sheet_in(tmp_path, KINDS[kind][0]), 1).document
    writer = renderer(FORMATS[form])
    key, student = writer.document(document), writer.document(without_key(document))
    assert key != student
    for feedback in KINDS[kind][3].values():
        assert feedback in key
        assert feedback not in student


def test_the_order_is_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "quiz.toml").write_text(
        f"""title = "Quiz"
[[question]]
id = "first"
{KINDS["number"][0]}
[[problem]]
id = "layer-norm"
[[pool]]
id = "third"
pick = 1
[[pool.question]]
id = "inner"
{KINDS["vector"][0]}
[[question]]
id = "last"
{KINDS["essay"][0]}
""",
        encoding="utf-8",
    )
    sheet = find_sheet(str(tmp_path / "quiz.toml"))
    assert [entry.problem.id for entry in sheet.entries] == ["first", "layer-norm", "third", "last"]


def test_parts_refer_to_each_other(tmp_path: Path) -> None:
    sheet = sheet_in(
        tmp_path,
        """[[question]]
id = "layer"
text = "A layer."
[[question.part]]
id = "shape"
kind = "shape"
text = "Its shape?"
answer = [4, 2]
points = 1
[[question.part]]
id = "count"
kind = "number"
text = "By your answer to [](#shape), how many weights?"
answer = 8
points = 2
solution = "With [](#shape): $4 \\\\cdot 2 = <answer>$."
""",
    )
    (paper,) = make_paper(sheet, 1).document.exercises
    assert [part.label for part in paper.parts] == ["a", "b"]
    for form in FORMATS.values():
        assert "By your answer to (a), how many" in str(renderer(form).node(paper))


def test_a_part_that_another_one_refers_to_is_not_left_out(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        (Path(__file__).parent.parent.parent / "templates" / "author" / "minimal.py.j2")
        .read_text(encoding="utf-8")
        .replace("{{ id }}", "own")
        .replace("{{ title }}", "Own")
        .replace("{{ file }}", "own.py"),
        encoding="utf-8",
    )
    source = (tmp_path / "own.py").read_text(encoding="utf-8")
    assert "    yield Part(" in source
    more = '    yield Part("words", "Look at [](#mean) again.", Essay("So.", [(1, "it")]))\n'
    before, first, rest = source.partition("    yield Part(")
    name = rest.split('"')[1]
    (tmp_path / "own.py").write_text(
        before.replace("import Mistake", "import Essay, Mistake") + more.replace("mean", name) + first + rest,
        encoding="utf-8",
    )
    path = tmp_path / "quiz.toml"
    path.write_text('title = "Q"\n[[problem]]\nfile = "own.py"\n', encoding="utf-8")
    assert "Look at (b) again." in str(
        renderer(FORMATS["md"]).node(make_paper(find_sheet(str(path)), 1).document.exercises)
    )
    path.write_text(f'title = "Q"\n[[problem]]\nfile = "own.py"\nwithout = ["{name}"]\n', encoding="utf-8")
    with pytest.raises(InputError, match="leave out words too"):
        make_paper(find_sheet(str(path)), 1)


# ------------------------------------------------------------------------------------------------ pools

POOL = """[[pool]]
id = "pool"
pick = 2
""" + "".join(
    f'[[pool.question]]\nid = "n{n}"\nkind = "number"\ntext = "{n}?"\nanswer = {n}\npoints = 1\n'
    f'mistakes = [{{ name = "off", value = {n + 1}, feedback = "added one" }}]\n'
    for n in range(5)
)


def test_a_pool_asks_other_students_other_questions_and_each_the_same_again(tmp_path: Path) -> None:
    sheet = sheet_in(tmp_path, POOL)
    drawn = {}
    for source in map(str, range(200)):
        (variant,) = draw_entries(sheet, source)
        assert draw_entries(sheet, source)[0].params == variant.params
        asked = [part.id for part in variant.parts]
        assert asked == sorted(asked)
        drawn[tuple(asked)] = variant
    assert len(drawn) == 10
    for variant in drawn.values():
        grader = Grader(variant, sheet.entries[0])
        for part in variant.parts:
            assert grader.mark(part.id, part.id[1:]).status == "correct"
            assert "added one" in grader.mark(part.id, str(int(part.id[1:]) + 1)).message


def test_a_class_with_a_pool_is_verified_graded_replaced_and_found_by_its_ids(tmp_path: Path) -> None:
    sheet_in(tmp_path, POOL, KINDS["number"][0])
    sheet, out = tmp_path / "quiz.toml", tmp_path / "out"
    (tmp_path / "class.csv").write_text("id,name\n" + "".join(f"s{n},S {n}\n" for n in range(8)), encoding="utf-8")
    made = worksheet(
        "generate", sheet, "--roster", tmp_path / "class.csv", "--seed", "1", "--formats", "md", "--workers", "1", "--out", out,
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert "variants" not in made.output
    records = [json.loads(line) for line in (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [tuple(record["problems"][0]["params"]["questions"]) for record in records]
    assert len(set(asked)) == len(records), "ten pairs are enough for eight students"
    assert not any(record["problems"][1].get("again") for record in records)
    assert worksheet("verify", out, "--sheet", sheet, "--workers", "1").exit_code == 0
    rows = [
        [record["student"]["id"], "pool", part, part[1:]]
        for record, parts in zip(records, asked, strict=True)
        for part in parts
    ]
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["student", "problem", "part", "answer"], *rows])
    graded = worksheet(
        "grade", out, tmp_path / "answers.csv", "--sheet", sheet, "--out", tmp_path / "graded", "--workers", "1"
    )
    assert graded.exit_code == 0, graded.output
    feedback = [path.read_text(encoding="utf-8") for path in (tmp_path / "graded" / "feedback").glob("*.md")]
    assert [text.count("**Right.**") for text in feedback] == [2] * len(records)
    key = worksheet("key", records[0]["id"], "--in", out, "--sheet", sheet)
    assert all(f"{part[1:]}?" in key.output for part in asked[0])
    replaced = worksheet("replace", "s3", "--in", out, "--sheet", sheet)
    assert replaced.exit_code == 0, replaced.output
    report = worksheet("report", out)
    assert report.exit_code == 0, report.output


def test_a_class_of_plain_questions_alone_draws_nothing_again_and_misses_no_aim(tmp_path: Path) -> None:
    sheet_in(tmp_path, *(text for text, *_ in KINDS.values()))
    (tmp_path / "class.csv").write_text("id,name\n" + "".join(f"s{n},S {n}\n" for n in range(120)), encoding="utf-8")
    out = tmp_path / "out"
    made = worksheet(
        "generate", tmp_path / "quiz.toml", "--roster", tmp_path / "class.csv", "--seed", "1", "--formats", "md",
        "--workers", "1", "--out", out,
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert "note:" not in made.output
    report = worksheet("report", out, "--json")
    assert json.loads(report.output)["aims"]["missed"] == 0


# --------------------------------------------------------------------------------------------- pictures


def test_pictures_lie_beside_the_texts_and_those_of_the_key_apart(tmp_path: Path) -> None:
    shutil.copy(PICTURE, tmp_path / "a picture.png")
    shutil.copy(PICTURE, tmp_path / "solved.png")
    text = KINDS["number"][0].replace('"What is', '"![Seen by all](<a picture.png>)\\n\\nWhat is')
    text = text.replace("It is $<answer>$.", "It is $<answer>$.\n\n![Seen in the key](solved.png){width=40%}\n")
    sheet = sheet_in(tmp_path, text)
    assert {"a picture.png", "solved.png"} <= sheet.sources.keys()
    out = tmp_path / "out"
    made = worksheet("generate", tmp_path / "quiz.toml", "--seed", "1", "--formats", "tex,md,html", "--out", out)
    assert made.exit_code == 0, made.output
    (shared,), (solved,) = (out / "images").iterdir(), (out / "key-images").iterdir()
    assert shared.read_bytes() == PICTURE.read_bytes()
    for form in ("tex", "md"):
        student, key = ((out / f"{stem}.{form}").read_text(encoding="utf-8") for stem in ("worksheet", "key"))
        assert f"images/{shared.name}" in student
        assert f"key-images/{solved.name}" in key
        assert "solved" not in student
    student, key = ((out / f"{stem}.html").read_text(encoding="utf-8") for stem in ("worksheet", "key"))
    assert student.count("data:image/png;base64,") == 1
    assert key.count("data:image/png;base64,") == 2
    assert "img-src data:" in student
    assert 'alt="Seen in the key"' not in student


def test_a_changed_picture_is_told_when_papers_are_made_again(tmp_path: Path) -> None:
    shutil.copy(PICTURE, tmp_path / "one.png")
    sheet_in(tmp_path, KINDS["number"][0].replace('"What is', '"![One](one.png)\\n\\nWhat is'))
    out = tmp_path / "out"
    assert worksheet("generate", tmp_path / "quiz.toml", "--formats", "md", "--out", out).exit_code == 0
    record = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "one.png").write_bytes(PICTURE.read_bytes() + b"more")
    result = worksheet("key", record["id"], "--in", out, "--sheet", tmp_path / "quiz.toml")
    assert result.exit_code == 2
    assert "one.png: not as it was" in result.output


@pytest.mark.slow
def test_papers_with_pictures_code_and_links_are_set_together(tmp_path: Path) -> None:
    shutil.copy(PICTURE, tmp_path / "one.png")
    question = KINDS["number"][0].replace(
        'text = "What is the mean of $1, 2, 2$?"',
        "text = '''\nSee [the page](https://example.org/a_b#c):\n\n```\nx = 'y' --z\n```\n\n![One](one.png){width=30%}\n'''",
    )
    sheet_in(tmp_path, question, POOL)
    (tmp_path / "class.csv").write_text("id,name\na,A\nb,B\nc,C\n", encoding="utf-8")
    made = worksheet(
        "generate", tmp_path / "quiz.toml", "--roster", tmp_path / "class.csv", "--seed", "1", "--formats", "pdf",
        "--workers", "1", "--out", tmp_path / "out",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert "warning" not in made.output
    for pdf in (tmp_path / "out").glob("?/*.pdf"):
        with pikepdf.open(pdf) as document:
            links = [str(link.A.URI) for page in document.pages for link in page.get("/Annots", [])]
            pictures = [name for page in document.pages for name in page.get_images()]
        assert links == ["https://example.org/a_b#c"]
        assert len(pictures) == 1
    assert worksheet("verify", tmp_path / "out", "--sheet", tmp_path / "quiz.toml", "--workers", "1").exit_code == 0


# ------------------------------------------------------------------------------------------------ slips

SLIPS: dict[str, tuple[str, str, str, str]] = {
    "no id": ("number", 'id = "q1"\n', "", "line 2: question 1, id: expected lower-case words joined by hyphens; got None"),
    "an unknown kind": ("number", '"number"', '"nubmer"', "line 4: question 'q1', kind: expected one of number, vector"),
    "a misspelt key": ("number", "answer =", "anwser =", "line 7: question 'q1' (number), anwser: there is no such key here; did you mean answer?"),
    "a float": ("number", '"5/3"', "1.67", "line 7: question 'q1' (number), answer: 1.67 is not exact; write it as a text"),
    "a date": ("number", '"5/3"', "2024-05-03", "line 7: question 'q1' (number), answer: expected an exact number"),
    "a wrong decimal": ("number", "accept = 1.7", "accept = 1.66", "line 8: question 'q1' (number), accept: 1.66 is not the answer rounded: 5/3 is 1.6667"),
    "no points": ("number", "points = 2\n", "", "question 'q1' (number), points: missing"),
    "points as text": ("number", "points = 2", 'points = "two"', "line 9: question 'q1' (number), points: expected a whole number from 1 to 1000; got 'two'"),
    "a mistake that is right": ("number", "value = 5,", 'value = "10/6",', "line 11: question 'q1' (number), mistake 1, value: this is the right answer"),
    "two mistakes alike": ("vector", 'feedback = "lost a sign" }', 'feedback = "a" }, { value = [1, "2/4"], feedback = "b" }', "mistake 2, value: the mistake"),
    "a mistake of another shape": ("matrix", 'value = [[1, 0], ["1/2", "2*sqrt(3)"]]', "value = [1, 2]", "mistake 1, value[1]: expected a list of numbers; got 1"),
    "an unknown slot": ("number", "<answer>", "<answr>", "line 10: question 'q1' (number), solution: the slot <answr> has no value; did you mean answer?"),
    "an unknown command of TeX": ("number", "$1, 2, 2$", "$\\\\foo$", "line 5: question 'q1' (number), text: the formula"),
    "half a formula": ("number", "$1, 2, 2$", "$1, 2, 2", "line 5: question 'q1' (number), text: a dollar sign opens no formula"),
    "no right option": ("choice", ", right = true", "", "options: expected at least one right option"),
    "two options alike": ("choice", '"Hinge"', '"Cross-entropy"', "option 2, text: two options have the text 'Cross-entropy'"),
    "labels that are too few": ("fields", ", '\\sigma'", "", "labels: expected 2 names, one for each number of the answer"),
    "points that claims cannot have": ("claims", "points = 4", "points = 3", "points: expected 2 points or more for each of the 2 claims"),
    "an essay without points": ("essay", 'rubric = [[1, "it says why"], [1, "and so on"]]\n', "", "rubric: missing; give rubric"),
    "a rubric that adds up to less": ("essay", 'kind = "essay"', 'kind = "essay"\npoints = 3', "rubric: it adds up to 2, and the question is worth 3"),
    "a picture without words": ("number", "What is", "![](one.png)\\n\\nWhat is", "the picture one.png has no alternative text"),
    "a picture that is not there": ("number", "What is", "![One](one.png)\\n\\nWhat is", "line 5: question 'q1' (number), text: the picture one.png cannot be read"),
    "a part that is not asked": ("number", "What is", "By [](#other), what is", "[](#other) refers to a part that is not asked here"),
    "an id of the catalogue": ("number", '"q1"', '"layer-norm"', "has the id 'layer-norm', which a problem of the catalogue has"),
    "a shape with a hole": ("shape", "[128, 4]", "[128, 0]", "answer: expected positive whole numbers, the sizes of a shape"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_file_line_and_key(slip: str, tmp_path: Path) -> None:
    kind, old, new, told = SLIPS[slip]
    sheet_in(tmp_path, KINDS[kind][0])
    path = tmp_path / "quiz.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = worksheet("check", path, "--variants", "1")
    assert result.exit_code == 2, result.output
    assert f"Error: {path}" in result.output
    assert told in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pick = 2", "pick = 6", "line 4: pool 'pool', pick: expected at most 5, the number of its questions; got 6"),
        ("pick = 2\n", "", "pool 'pool', pick: missing"),
        ('id = "n1"', 'id = "n0"', "line 13: pool 'pool', question 2, id: two questions have the id 'n0'"),
        (
            "points = 1",
            "points = 3",
            "expected questions of equal points, since each student gets others; got n0 3, n1 1",
        ),
    ],
)
def test_a_slip_in_a_pool_is_told(old: str, new: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        sheet_in(tmp_path, POOL.replace(old, new, 1))
    assert told in str(error.value)


# --------------------------------------------------------------------------------------- worksheet new


@pytest.mark.slow
def test_the_start_that_new_writes_passes_its_check_and_is_generated(tmp_path: Path) -> None:
    assert worksheet("new", "quiz.toml", "--dir", tmp_path).exit_code == 0
    again = worksheet("new", "quiz.toml", "--dir", tmp_path)
    assert again.exit_code == 2
    assert "exists already" in again.output
    checked = worksheet("check", tmp_path / "quiz.toml", "--variants", "5")
    assert checked.exit_code == 0, checked.output
    made = worksheet("generate", tmp_path / "quiz.toml", "--seed", "1", "--out", tmp_path / "out")
    assert made.exit_code == 0, made.output
    assert (tmp_path / "out" / "worksheet.pdf").is_file()


def test_what_the_docs_show_can_be_asked(tmp_path: Path) -> None:
    docs = (Path(__file__).parent.parent.parent / "docs" / "questions.md").read_text(encoding="utf-8")
    shown = [text.partition("```")[0] for text in docs.split("```toml\n")[1:]]
    assert len(shown) == 3
    (tmp_path / "quiz.toml").write_text("".join(shown[:2]), encoding="utf-8")
    assert [entry.problem.id for entry in find_sheet(str(tmp_path / "quiz.toml")).entries] == [
        "mean",
        "layer-norm",
        "linear",
    ]


def test_a_question_is_shown_solved_and_marked_by_file_and_id(tmp_path: Path) -> None:
    sheet_in(tmp_path, KINDS["number"][0])
    name = f"{tmp_path / 'quiz.toml'}:q1"
    (tmp_path / "params.json").write_text("{}", encoding="utf-8")
    assert "What is the mean" in worksheet("show", name).output
    assert json.loads(worksheet("solve", name, tmp_path / "params.json").output)["answers"] == {"answer": "5/3"}
    assert "did not divide by 3" in worksheet("mark", name, tmp_path / "params.json", "answer", "5").output
    missing = worksheet("show", f"{tmp_path / 'quiz.toml'}:q2")
    assert missing.exit_code == 2
    assert "asks no problem 'q2'; it asks q1" in missing.output


def test_the_second_opinion_of_a_question_is_its_own_exact_answer(tmp_path: Path) -> None:
    for kind, (text, *_) in KINDS.items():
        (entry,) = sheet_in(tmp_path, text).entries
        variant = draw_variant(entry.problem, 1)
        assert not audit.disagreements(variant), kind
        made: Any = exercise(variant, 1, entry)
        assert made.points == sum(part.points for part in made.parts)


def test_a_rubric_says_how_the_points_of_a_number_are_divided(tmp_path: Path) -> None:
    text = KINDS["number"][0] + 'rubric = [[1, "the sum"], [1, "divided by 3"]]\n'
    (made,) = make_paper(sheet_in(tmp_path, text), 1).document.exercises
    assert made.parts[0].key is not None
    assert [criterion.points for criterion in made.parts[0].key.rubric] == [1, 1]
    key = str(renderer(FORMATS["md"]).node(made))
    assert "- **1 pt** divided by 3" in key
    assert "divided by 3" not in str(renderer(FORMATS["md"]).node(without_key(made)))


@pytest.mark.parametrize("layout", ["worksheet", "exam", "handout"])
def test_questions_have_the_sheet_s_layout(layout: str, tmp_path: Path) -> None:
    sheet_in(tmp_path, *(f"page_break = true\nintro = 'Read this.'\n{text}" for text, *_ in KINDS.values()), POOL)
    path = tmp_path / "quiz.toml"
    path.write_text(f'layout = "{layout}"\nfont_size = 14\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    out = tmp_path / "out"
    made = worksheet("generate", path, "--seed", "1", "--formats", "tex,md,html", "--out", out)
    assert made.exit_code == 0, made.output
    assert (out / "worksheet.md").read_text(encoding="utf-8").count("Read this.") == len(KINDS)


@pytest.mark.slow
def test_a_fixed_layout_is_measured_with_its_pictures(tmp_path: Path) -> None:
    shutil.copy(PICTURE, tmp_path / "one.png")
    sheet_in(tmp_path, KINDS["number"][0].replace('"What is', '"![One](one.png)\\n\\nWhat is'))
    path = tmp_path / "quiz.toml"
    path.write_text('layout = "exam"\nfixed = true\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    made = worksheet("generate", path, "--seed", "1", "--formats", "pdf", "--out", tmp_path / "out")
    assert made.exit_code == 0, made.output


def test_the_key_ticks_all_right_options(tmp_path: Path) -> None:
    document = make_paper(sheet_in(tmp_path, KINDS["several"][0]), 1).document
    key, student = (str(renderer(FORMATS["md"]).node(one.exercises)) for one in (document, without_key(document)))
    assert "Tick every right option" in student
    assert key.count("[x]") == 2
    assert r"\text{(A), (C)}" in key
    assert "[x]" not in student
