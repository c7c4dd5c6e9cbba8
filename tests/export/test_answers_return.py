"""Answers that students type on a platform are marked by the records next to the export, each part by the variant drawn for it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import Result

from tests.export import canvas_reader, moodle_reader, stack_reader
from tests.tiny_class import worksheet

SHEET = """title = "Quiz"
[[problem]]
id = "layer-norm"
[[problem]]
id = "dropout"
choices = ["y_drop"]
"""

Answers = Mapping[str, Mapping[str, str]]
"""The right answer in each variant of a part, as a student gives it on the platform."""


def exported(folder: Path, target: str, sheet: str = SHEET, *options: str, out: str = "quiz") -> Path:
    """Export a sheet, and return the export."""
    (folder / "quiz.toml").write_text(sheet)
    ending = {"canvas": ".zip", "moodle": ".xml", "stack": ".xml", "prairielearn": ""}[target]
    path = folder / f"{out}{ending}"
    result = worksheet("export", target, folder / "quiz.toml", "--variants", "3", "--out", path, *options)
    assert result.exit_code == 0, result.output
    return path


def answers_in_canvas(path: Path) -> tuple[Answers, dict[str, int]]:
    """Return the right answers to what Canvas marks itself, and the points of these parts."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    points = {}
    for question in canvas_reader.read(path.read_bytes()).questions:
        part, variant = question.tag.split()
        if question.kind == "numerical_question":
            found[part][variant] = f"{question.interval()[1]:.4f}"
        elif question.kind == "multiple_choice_question":
            (right,) = question.right()
            found[part][variant] = canvas_reader.plain(question.options[right])
        elif question.kind == "fill_in_multiple_blanks_question":
            found[part][variant] = ",".join(text.replace(",", "\\,") for text in accepted_in_blanks(question))
        else:
            continue
        points[part] = question.points
    return found, points


def accepted_in_blanks(question: canvas_reader.Question) -> list[str]:
    """Return a text for each blank that is right there."""
    found = []
    for blank in question.blanks:
        response = next(one for one in question.xml.iter() if one.attrib.get("ident") == f"response_{blank}")
        labels = [one.text or "" for one in response.iter(f"{canvas_reader.QTI}mattext") if one.text != blank]
        found.append(labels[0])
    assert question.score_of_blanks(found) > Decimal("0.99")
    return found


def answers_in_moodle(path: Path) -> tuple[Answers, dict[str, int]]:
    """Return the right answers to what Moodle marks itself, and the points of these parts: those of gaps are other weights."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    points = {}
    for question in moodle_reader.read_quiz(path.read_bytes()).values():
        if question.kind == "essay":
            continue
        ((part, variant),) = re.findall(r"\(id (\S+) (\w+)\)", question.text)
        right = [next(one.text for one in gap.answers if one.fraction == 1) for gap in question.gaps]
        if question.kind == "cloze":
            found[part][variant] = "; ".join(f"part {place}: {one}" for place, one in enumerate(right, start=1))
        else:
            found[part][variant] = re.sub("<[^>]*>", "", right[0])
        points[part] = 6 if part == "layer-norm.output" else question.points
    return found, points


def table(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def canvas_table(given: Mapping[str, Mapping[tuple[str, str], str]]) -> str:
    """Return a student analysis: what each student gave for a part and its variant; the other questions were not drawn."""
    asked = sorted({one for answers in given.values() for one in answers})
    header = ["name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt"]
    for number, (part, variant) in enumerate(asked, start=912001):
        header += [f"{number}: <p>What is it?</p> <small>(id {part} {variant})</small>", "2.0"]
    rows = [[*header, "n correct", "n incorrect", "score"]]
    for place, (student, answers) in enumerate(given.items(), start=8801):
        cells = [cell for one in asked for cell in (answers.get(one, ""), "0.0" if one in answers else "")]
        people = [student, str(place), student, "DL", "51", "dl", "2026-11-02 15:04:40 UTC", "1"]
        rows.append([*people, *cells, "1", "1", "2.0"])
    return table(rows)


def moodle_table(given: Mapping[str, Mapping[tuple[str, str], str]]) -> str:
    """Return a report of responses with the texts of the questions that were drawn."""
    count = max(map(len, given.values()))
    numbers = range(1, count + 1)
    columns = [name for number in numbers for name in (f"Question {number}", f"Response {number}")]
    rows = [["Last name", "First name", "Email address", "Status", "Started", "Completed", "Grade/10.00", *columns]]
    for student, answers in given.items():
        cells = [
            cell for (part, variant), text in answers.items() for cell in (f"What is it? (id {part} {variant})", text)
        ]
        cells += ["", "-"] * (count - len(answers))
        rows.append(["L", student, student, "Finished", "2 November 2026", "2 November 2026", "1.00", *cells])
    return table(rows)


def graded(path: Path, content: str, *options: str) -> tuple[Result, dict[str, dict[str, str]]]:
    """Grade a platform's file by the records next to an export; return the rows of the grades by student."""
    records = path.parent / f"{path.stem}-records"
    (path.parent / "answers.csv").write_text(content)
    result = worksheet("grade", records, path.parent / "answers.csv", "--workers", "1", *options)
    if not (records / "grades.csv").exists():
        return result, {}
    rows = csv.DictReader(io.StringIO((records / "grades.csv").read_text("utf-8-sig")))
    return result, {row["student"]: row for row in rows}


def points_of(row: Mapping[str, str]) -> float:
    return float(row["total"])


def one_of_each(right: Answers, first: int = 0) -> dict[tuple[str, str], str]:
    """Return the right answer to each part, to another variant each time."""
    return {
        (part, [*of_part][(first + place) % len(of_part)]): [*of_part.values()][(first + place) % len(of_part)]
        for place, (part, of_part) in enumerate(right.items())
    }


PLATFORMS = {
    "canvas": (answers_in_canvas, canvas_table, "canvas-analysis"),
    "moodle": (answers_in_moodle, moodle_table, "moodle-responses"),
}


@pytest.mark.parametrize("target", PLATFORMS)
def test_each_part_is_marked_by_the_variant_that_was_drawn(target: str, tmp_path: Path) -> None:
    read, write, form = PLATFORMS[target]
    path = exported(tmp_path, target)
    right, points = read(path)
    assert len(points) >= 3
    assert all(len(of_part) == 3 for of_part in right.values())
    ada = one_of_each(right)
    emmy = one_of_each(right, 1)
    assert len({variant for _, variant in ada}) > 1
    # A number that is right in another variant of the part is wrong in this one.
    others = [*right["dropout.y_corr"].items()]
    (variant, mine) = others[0]
    theirs = next(text for _, text in others if Decimal(text) != Decimal(mine))
    alan = {
        **{one: text for one, text in ada.items() if one[0] != "dropout.y_corr"},
        ("dropout.y_corr", variant): theirs,
    }
    result, found = graded(path, write({"ada@x.edu": ada, "emmy@x.edu": emmy, "alan@x.edu": alan}), "--from", form)
    assert result.exit_code == 0, result.output
    most = sum(points.values())
    assert points_of(found["ada@x.edu"]) == most
    assert points_of(found["emmy@x.edu"]) == most
    assert points_of(found["alan@x.edu"]) < most
    assert len(found) == 3  # one row a student, not one a variant


def test_marks_are_kept_and_a_person_adds_points(tmp_path: Path) -> None:
    path = exported(tmp_path, "moodle")
    right, points = answers_in_moodle(path)
    texts = moodle_reader.read_quiz(path.read_bytes())
    essay = next(one for one in texts.values() if one.kind == "essay")
    ((part, variant),) = re.findall(r"\(id (\S+) (\w+)\)", essay.text)
    whole = one_of_each(right)
    first = {one: text for one, text in whole.items() if one[0].startswith("layer-norm")}
    result, found = graded(path, moodle_table({"ada@x.edu": {**first, (part, variant): "Because of the batch."}}))
    assert result.exit_code == 0, result.output
    assert points_of(found["ada@x.edu"]) == points["layer-norm.output"]
    rest = {one: text for one, text in whole.items() if one not in first}
    result, found = graded(path, moodle_table({"ada@x.edu": rest}))
    assert result.exit_code == 0, result.output
    assert points_of(found["ada@x.edu"]) == sum(points.values())
    records = path.parent / "quiz-records"
    left = list(csv.DictReader(io.StringIO((records / "left.csv").read_text("utf-8-sig"))))
    (answered,) = [row for row in left if row["answer"]]
    lines = (records / "variants.jsonl").read_text().splitlines()
    assert json.loads(lines[int(answered["form"]) - 1])["form"] == answered["form"]
    (tmp_path / "given.csv").write_text(
        table([[*answered], [text if name != "points" else "1" for name, text in answered.items()]])
    )
    result = worksheet("grade", records, "--marks", tmp_path / "given.csv", "--workers", "1")
    assert result.exit_code == 0, result.output
    (row,) = csv.DictReader(io.StringIO((records / "grades.csv").read_text("utf-8-sig")))
    assert points_of(row) == sum(points.values()) + 1
    result = worksheet(
        "gradebook", "moodle", records, "--column", "Quiz", "--out", tmp_path / "points.csv", "--pending", "zero"
    )
    assert result.exit_code == 0, result.output
    assert f"{sum(points.values()) + 1}" in (tmp_path / "points.csv").read_text()


def test_of_several_attempts_the_best_may_be_another_variant(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas")
    right, _ = answers_in_canvas(path)
    one = ("dropout.y_corr", next(iter(right["dropout.y_corr"])))
    other = ("dropout.y_corr", [*right["dropout.y_corr"]][1])
    rows = list(
        csv.reader(io.StringIO(canvas_table({"ada": {one: "12345"}, "second": {other: right[other[0]][other[1]]}})))
    )
    rows[2][:3], rows[2][7] = rows[1][:3], "2"
    rows[1], rows[2] = rows[2], rows[1]
    for keep, total in (("best", 1), ("first", 0), ("last", 1)):
        result, found = graded(path, table(rows), "--attempt", keep, "--out", str(tmp_path / keep))
        assert result.exit_code == 0, result.output
        (row,) = csv.DictReader(io.StringIO((tmp_path / keep / "grades.csv").read_text("utf-8-sig")))
        assert points_of(row) == total, keep
        assert not found


def test_what_is_not_of_the_export_is_named_by_its_row(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas", SHEET, "--parts", "dropout.y_corr,dropout.y_orig")
    right, points = answers_in_canvas(path)
    assert {*right} == {"dropout.y_corr", "dropout.y_orig"}
    good = one_of_each(right)
    content = canvas_table({"ada": good, "emmy": {("losses.mse", "ZZZZZ"): "1", ("dropout.y_corr", "ZZZZZ"): "1"}})
    result, found = graded(path, content)
    assert result.exit_code == 1
    assert "no variant ZZZZZ of dropout" in result.output
    assert "no problem losses; it has layer-norm, dropout" in result.output
    assert points_of(found["ada"]) == sum(points.values())
    assert float(found["ada"]["of"]) == sum(points.values())  # what was not exported does not count
    variant = next(name for _, name in good)
    result, _ = graded(path, canvas_table({"ada": {("dropout.y_drop", variant): "A"}}))
    assert result.exit_code == 1
    assert "the export does not ask part (a) of problem 2" in result.output


def test_without_the_texts_of_its_questions_a_report_cannot_be_marked(tmp_path: Path) -> None:
    path = exported(tmp_path, "moodle")
    rows = [["Last name", "First name", "Email address", "Status", "Completed", "Response 1"]]
    rows.append(["L", "Ada", "ada@x.edu", "Finished", "2 November 2026", "2.5"])
    result, found = graded(path, table(rows))
    assert result.exit_code != 0
    assert "does not say which variant" in result.output
    assert "question texts" in result.output
    assert not found


QUESTIONS = """title = "Plain"
[[problem]]
id = "dropout"
choices = ["y_drop"]
without = ["closeness", "train_test"]
[[problem]]
id = "dropout"
without = ["closeness", "train_test"]
[[question]]
id = "seven"
kind = "number"
text = "Seven?"
answer = 7
points = 2
[[question]]
id = "three"
kind = "vector"
text = "Three numbers?"
answer = [1, "1/2", -2]
points = 3
"""


def test_a_problem_that_comes_twice_and_plain_questions(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas", QUESTIONS)
    right, points = answers_in_canvas(path)
    assert {"dropout.y_corr", "dropout-2.y_corr"} <= {*right}
    assert min(map(len, right.values())) == 1  # the plain question
    result, found = graded(path, canvas_table({"ada": one_of_each(right)}), "--sheet", str(tmp_path / "quiz.toml"))
    assert result.exit_code == 0, result.output
    assert points_of(found["ada"]) == sum(points.values())


def test_prairielearn_says_the_variant_in_its_parameters(tmp_path: Path) -> None:
    path = exported(tmp_path, "prairielearn")
    rows = [["UID", "UIN", "Username", "Question", "Params", "Submitted answer", "Submission date", "Role"]]
    for place, part in enumerate(("y_corr", "y_orig")):
        variants = json.loads((path / "questions" / "dropout" / part / "variants.json").read_text())
        one = variants[place]
        answers = {name: str(text) for name, text in one["answers"].items()}
        params = json.dumps({"variant": one["id"]})
        rows.append(
            ["ada@x.edu", "1", "ada", f"dropout/{part}", params, json.dumps(answers), "2026-11-02T15:04:40Z", "Student"]
        )
    result, found = graded(path, table(rows))
    assert result.exit_code == 0, result.output
    assert points_of(next(iter(found.values()))) == 2


def test_other_commands_take_the_records_or_say_what_they_need(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas")
    records = tmp_path / "quiz-records"
    second = json.loads((records / "variants.jsonl").read_text().splitlines()[1])
    result = worksheet("key", second["id"], "--in", records, "--sheet", tmp_path / "quiz.toml")
    assert result.exit_code == 0, result.output
    for command in (("verify", records), ("report", records), ("form", records)):
        result = worksheet(*command)
        assert result.exit_code == 2, (command, result.output)
        assert "variants of an export" in result.output
    again = exported(tmp_path, "canvas", SHEET, "--avoid", str(records), out="other")
    taken, others = (
        {variant for of_part in answers_in_canvas(one)[0].values() for variant in of_part} for one in (path, again)
    )
    assert not taken & others


def test_damaged_records_are_named(tmp_path: Path) -> None:
    exported(tmp_path, "canvas")
    records = tmp_path / "quiz-records" / "variants.jsonl"
    records.write_bytes(records.read_bytes()[:-200])
    (tmp_path / "answers.csv").write_text("student,problem,part,answer,form\nada,dropout,y_corr,1,2\n")
    result = worksheet("grade", records.parent, tmp_path / "answers.csv", "--workers", "1")
    assert result.exit_code == 2
    assert "variants.jsonl, record 3: is no record" in result.output
    assert not (records.parent / "grades.csv").exists()


def test_in_our_own_form_the_variant_is_a_column(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas")
    right, _ = answers_in_canvas(path)
    records = [json.loads(one) for one in (tmp_path / "quiz-records" / "variants.jsonl").read_text().splitlines()]
    rows = [["student", "problem", "part", "answer", "form"]]
    rows += [
        [f"s{one['form']}", "dropout", "y_corr", one["problems"][1]["answers"]["y_corr"], one["form"]]
        for one in records
    ]
    result, found = graded(path, table([*rows, ["none", "dropout", "y_corr", "1", ""]]))
    assert result.exit_code == 1
    assert "expected the variant that was answered, 1 to 3; got nothing" in result.output
    assert [points_of(found[f"s{place}"]) for place in (1, 2, 3)] == [1, 1, 1]
    assert len(right["dropout.y_corr"]) == 3


def test_more_variants_begin_with_the_same_records(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas")
    before = (tmp_path / "quiz-records" / "variants.jsonl").read_bytes()
    result = worksheet("export", "canvas", tmp_path / "quiz.toml", "--variants", "4", "--out", path)
    assert result.exit_code == 2
    result = worksheet("export", "canvas", tmp_path / "quiz.toml", "--variants", "4", "--out", path, "--force")
    assert result.exit_code == 0, result.output
    after = (tmp_path / "quiz-records" / "variants.jsonl").read_bytes()
    assert after.startswith(before)
    assert len(after.splitlines()) == 4


POOL = """title = "Pool"
[[pool]]
id = "primes"
pick = 2
[[pool.question]]
id = "two"
kind = "number"
text = "Two?"
answer = 2
points = 2
[[pool.question]]
id = "three"
kind = "number"
text = "Three?"
answer = 3
points = 2
[[pool.question]]
id = "five"
kind = "number"
text = "Five?"
answer = 5
points = 2
"""


def test_of_a_pool_of_plain_questions_those_count_that_were_drawn(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas", POOL)
    right, _ = answers_in_canvas(path)
    assert len(right) == 3
    asked = one_of_each(right)
    students = {
        f"{left_out}@x.edu": {one: text for place, (one, text) in enumerate(asked.items()) if place != left_out}
        for left_out in range(3)
    }
    students["one@x.edu"] = dict([[*asked.items()][2]])
    result, found = graded(path, canvas_table(students), "--sheet", str(tmp_path / "quiz.toml"))
    assert result.exit_code == 0, result.output
    assert {student: (row["total"], row["of"]) for student, row in found.items()} == {
        "0@x.edu": ("4", "4"), "1@x.edu": ("4", "4"), "2@x.edu": ("4", "4"), "one@x.edu": ("2", "4"),
    }  # fmt: skip


CLAIMS = """[[question]]
id = "claims"
kind = "claims"
text = "Which?"
claims = [{ claim = "One", true = true, reason = "So." }, { claim = "Two", true = false, reason = "Not so." }]
"""


def test_claims_that_canvas_draws_one_by_one_are_one_answer(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas", QUESTIONS + CLAIMS)
    questions = [one for one in canvas_reader.read(path.read_bytes()).questions if one.tag.startswith("claims.answer")]
    tags = [one.tag for one in questions]
    part, variant, _ = tags[0].split()
    assert tags == [f"{part} {variant} {piece}" for piece in ("1", "2", "reasons")]
    students = {
        "right": ("True", "False", "Because."), "half": ("True", "True", "Because."), "wrong": ("False", "True", ""), "first": ("True", "", ""),
    }  # fmt: skip
    rows = [
        [
            "name",
            "id",
            "sis_id",
            "submitted",
            "attempt",
            *(f"{n}: What? (id {tag})" for n, tag in enumerate(tags)),
            "n correct",
            "n incorrect",
            "score",
        ]
    ]
    rows += [[student, str(n), student, "2026-11-02 15:04:40 UTC", "1", *cells, "1", "1", "2"] for n, (student, cells) in enumerate(students.items())]  # fmt: skip
    result, found = graded(path, table(rows), "--sheet", str(tmp_path / "quiz.toml"))
    assert result.exit_code == 0, result.output
    assert "claims.answer: the reasons are left to a person" in result.output
    assert {student: points_of(row) for student, row in found.items()} == {
        "right": 2,
        "half": 1,
        "wrong": 0,
        "first": 1,
    }


@pytest.mark.slow
def test_claims_of_several_variants_are_one_answer(tmp_path: Path) -> None:
    path = exported(tmp_path, "canvas", TOGETHER)
    groups = [
        one.questions
        for one in canvas_reader.read(path.read_bytes()).groups
        if one.questions[0].kind == "true_false_question" and one.questions[0].tag.startswith("softmax-cross-entropy.")
    ]
    assert len(groups) == 2
    for place in range(3):
        drawn = [several[(place + at) % len(several)] for at, several in enumerate(groups)]
        right = [canvas_reader.plain(one.options[next(iter(one.right()))]) for one in drawn]
        assert {*right} <= {"True", "False"}
        wrong = ["False" if one == "True" else "True" for one in right]
        header = [
            "name",
            "id",
            "sis_id",
            "submitted",
            "attempt",
            *(f"{n}: What? (id {one.tag})" for n, one in enumerate(drawn)),
        ]
        rows = [[*header, "n correct", "n incorrect", "score"]]
        for student, cells in (("right", right), ("half", [right[0], wrong[1]]), ("wrong", wrong)):
            rows.append([student, student, student, "2026-11-02 15:04:40 UTC", "1", *cells, "1", "1", "2"])
        result, found = graded(path, table(rows), "--out", str(tmp_path / f"marks{place}"))
        assert result.exit_code == 0, result.output
        found = {
            row["student"]: row
            for row in csv.DictReader(io.StringIO((tmp_path / f"marks{place}/grades.csv").read_text("utf-8-sig")))
        }
        assert {student: points_of(row) for student, row in found.items()} == {"right": 2, "half": 1, "wrong": 0}
    assert "claims of several variants were marked as one answer" in result.output


def test_moodle_asks_reasons_of_another_variant(tmp_path: Path) -> None:
    """The verdicts are marked; the reasons, a question of its own with a draw of its own, are left to a person."""
    path = exported(tmp_path, "moodle", 'title = "Quiz"\n[[problem]]\nid = "softmax-cross-entropy"\n')
    texts = moodle_reader.read_quiz(path.read_bytes())
    reasons = [one for one in texts.values() if one.identity.endswith("-reasons")]
    verdicts = [one for one in texts.values() if one.kind == "cloze" and one.gaps[0].kind == "MULTICHOICE_V"]
    (tag,) = re.findall(r"\(id (.+?)\)", verdicts[0].text)
    (other,) = re.findall(r"\(id (.+?)\)", reasons[1].text)
    assert other.endswith(" reasons")
    right = [next(one.text for one in gap.answers if one.fraction == 1) for gap in verdicts[0].gaps]
    cell = "; ".join(f"part {place}: {one}" for place, one in enumerate(right, start=1))
    result, found = graded(
        path, moodle_table({"ada@x.edu": {tuple(tag.split()): cell, tuple(other.split(" ", 1)): "Because."}})
    )
    assert result.exit_code == 0, result.output
    assert points_of(found["ada@x.edu"]) == 2
    assert "the reasons are left to a person" in result.output


# ------------------------------------------------------------------------------- STACK, and --together


def stack_cell(question: stack_reader.Question, seed: int, number: int = 0) -> str:
    """Return the response of a student who types the key; of the input with a ``number`` another value."""
    values = question.values(seed)
    bits = [f"Seed: {seed}"]
    for place, (name, key) in enumerate(question.inputs.items(), start=1):
        rows = [[str(one).replace("**", "^").replace("E", "%e") for one in row] for row in values[key]]
        rows[-1][-1] += "+17" if place == number else ""
        grid = "matrix(" + ",".join(f"[{','.join(row)}]" for row in rows) + ")"
        is_grid = (
            next(one for one in question.element.findall("input") if one.findtext("name") == name).findtext("type")
            == "matrix"
        )
        bits.append(f"{name}: {grid if is_grid else rows[0][0]} [score]")
    bits += [f"{name}: # = 1 | {name}-key" for name in question.trees]
    return "; ".join(bits)


def stack_table(given: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return a report of responses: in place of the question's text there is STACK's note."""
    count = max(map(len, given.values()))
    columns = [name for number in range(1, count + 1) for name in (f"Question {number}", f"Response {number}")]
    rows = [["Last name", "First name", "Email address", "Status", "Started", "Completed", "Grade/10.00", *columns]]
    for student, cells in given.items():
        told = [text for pair in cells for text in pair]
        rows.append(["L", student, student, "Finished", "2 November 2026", "2 November 2026", "1.00", *told])
    return table(rows)


def all_automatic(row: Mapping[str, str]) -> float:
    """Return the points of a row that no person gives."""
    return float(row["of"]) - float(row["left to a person"])


TOGETHER = """title = "Quiz"
[[problem]]
id = "dropout"
choices = ["y_drop"]
[[problem]]
id = "softmax-cross-entropy"
"""


@pytest.mark.parametrize("options", [(), ("--together",)])
@pytest.mark.slow
def test_answers_to_stack_are_marked_by_the_variant_of_the_seed(options: tuple[str, ...], tmp_path: Path) -> None:
    path = exported(tmp_path, "stack", TOGETHER, *options)
    questions = stack_reader.read_questions(path.read_bytes())
    assert (len(questions) == 2) == bool(options)
    points = sum(one.points for one in questions.values())
    right, wrong = [], []
    for place, one in enumerate(questions.values()):
        seed = one.seeds[place % len(one.seeds)]
        right.append((one.text("questionnote", seed), stack_cell(one, seed)))
        wrong.append((one.text("questionnote", seed), stack_cell(one, seed, number=1)))
    nothing = [(right[0][0], "Seed: 1; prt1: !")]
    result, found = graded(path, stack_table({"ada": right, "emmy": wrong, "none": nothing}))
    assert result.exit_code == 0, result.output
    assert points_of(found["ada"]) == points
    assert 0 <= points_of(found["emmy"]) < points
    assert "none" not in found


@pytest.mark.slow
def test_answers_in_moodle_to_all_parts_together(tmp_path: Path) -> None:
    path = exported(tmp_path, "moodle", TOGETHER, "--together")
    given: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    of_problem: dict[str, int] = defaultdict(int)
    for one in moodle_reader.read_quiz(path.read_bytes()).values():
        ((problem, rest),) = re.findall(r"\(id (\S+) ([^)]+)\)", one.text)
        if one.kind == "essay" or not one.gaps:
            continue
        cells = [re.sub("<[^>]*>", "", next(it.text for it in gap.answers if it.fraction == 1)) for gap in one.gaps]
        cell = cells[0] if len(cells) == 1 else "; ".join(f"part {n}: {text}" for n, text in enumerate(cells, start=1))
        if ":" in rest:
            assert sum(int(count) for count in re.findall(r"=(\d+)", rest)) == len(one.gaps)
        student = f"s{of_problem[problem]}@x.edu"  # with the first variants, the second ones, the third ones
        of_problem[problem] += 1
        given[student][problem, rest] = cell
    assert {":" in rest for answers in given.values() for _, rest in answers} >= {True}
    assert len(given) == 3
    result, found = graded(path, moodle_table(given))
    assert result.exit_code == 0, result.output
    for row in found.values():
        assert points_of(row) == all_automatic(row)
    changed = dict(given["s0@x.edu"])
    first = next(name for name in changed if ":" in name[1])
    changed[first] += f"; part {changed[first].count('part') + 1}: 3"
    result, _ = graded(path, moodle_table({"s0@x.edu": changed}))
    assert result.exit_code == 1
    assert "was it changed on the platform?" in result.output


def test_answers_in_prairielearn_to_all_parts_together(tmp_path: Path) -> None:
    path = exported(tmp_path, "prairielearn", TOGETHER, "--together")
    rows = [["UID", "UIN", "Username", "Question", "Params", "Submitted answer", "Submission date", "Role"]]
    worth = 0
    for place, problem in enumerate(("softmax-cross-entropy", "dropout")):
        one = json.loads((path / "questions" / problem / "variants.json").read_text())[place]
        params = json.dumps({**one["params"], "variant": one["id"]})
        typed = json.dumps({name: {"_type": "sympy", "_value": text} for name, text in one["answers"].items()})
        rows.append(["ada@x.edu", "1", "ada", problem, params, typed, "2026-11-02T15:04:40Z", "Student"])
        parts = {re.match(r"p\d+", name)[0] for name in one["answers"]}  # type: ignore[index]
        worth += len(parts)
    result, found = graded(path, table(rows))
    assert result.exit_code == 0, result.output
    (row,) = found.values()
    marked = [text for name, text in row.items() if "(" in name and text not in ("", "0")]
    assert len(marked) == worth
    assert all_automatic(row) > points_of(row) > worth  # options and claims were not answered
