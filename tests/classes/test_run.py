"""A class in one run: the same bytes whoever makes it, nobody's paper moved by others, harmless names, clear messages."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import filelock
import pytest

from generator.classes import chunk as class_chunk
from generator.classes import folder as class_folder
from generator.classes import plan as class_plan
from generator.classes.roster import read_roster
from generator.classes.run import Order, generate_class
from generator.classes.workers import WorkerPool
from generator.paper.paper import assemble
from generator.paper.sheet_file import find_sheet
from generator.tex import chunk as pdf_chunk
from tests.tiny_class import (
    SECRET,
    first_number,
    generate,
    ids,
    records,
    run,
    tree,
    without_class_list,
    worksheet,
    write_class,
    write_sheet,
)


def made(folder: Path, pool: WorkerPool, out: str) -> dict[str, bytes]:
    order = Order(
        find_sheet(str(folder / "quiz.toml")), 1, read_roster(folder / "class.csv"), ("tex", "md"), folder / out, SECRET
    )
    assert generate_class(order, pool).failures == ()
    return tree(folder / out)


def test_the_same_bytes_whoever_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(20))
    alone = made(tmp_path, WorkerPool(1), "alone")
    assert len(alone) == 20 * 5 + 3
    assert made(tmp_path, WorkerPool(2), "two") == alone
    with ThreadPoolExecutor(3) as threads:
        assert made(tmp_path, WorkerPool(3, threads), "threads") == alone
        monkeypatch.setattr(class_plan.Job, "shares_folder", property(lambda job: False))
        assert made(tmp_path, WorkerPool(3, threads), "returned") == alone
        assert threads.submit(int, "3").result() == 3, "a lent executor is shut down by whoever lends it"
    assert not list(tmp_path.rglob(".run"))


def test_nobody_elses_paper_is_moved_by_who_joins_or_leaves(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(12))
    assert generate(tmp_path, formats="tex,md").exit_code == 0
    before = tree(tmp_path / "out")
    write_class(tmp_path, [*ids(30)[::-1]])
    assert generate(tmp_path, out="more", formats="tex,md").exit_code == 0
    after = tree(tmp_path / "more")
    papers = {name for name in before if "/" in name}
    assert len(papers) == 60
    assert all(before[name] == after[name] for name in papers)
    assert all(records(tmp_path / "more")[student] == record for student, record in records(tmp_path / "out").items())


def test_who_joins_yields_to_those_who_have_a_paper(tmp_path: Path) -> None:
    """So few variants that newcomers collide with somebody for sure."""
    write_sheet(tmp_path, most_a=4, most_b=5)
    write_class(tmp_path, ids(12))
    assert generate(tmp_path, formats="tex,md").exit_code == 0
    before = tree(tmp_path / "out")
    write_class(tmp_path, ids(18)[::-1])
    joined = generate(tmp_path, formats="tex,md")
    assert joined.exit_code == 0
    assert "had another paper" not in joined.stderr
    after = tree(tmp_path / "out")
    papers = {name for name in before if "/" in name}
    assert len(papers) == 60
    assert all(before[name] == after[name] for name in papers)
    assert len({record["problems"][0]["canonical"] for record in records(tmp_path / "out").values()}) == 18
    assert any(record["again"] for record in records(tmp_path / "out").values())
    assert generate(tmp_path, formats="tex,md").exit_code == 0  # the same class again: the same papers
    assert {name: content for name, content in tree(tmp_path / "out").items() if "/" in name} == {
        name: content for name, content in after.items() if "/" in name
    }


def test_what_a_run_changes_is_told(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(12))
    generate(tmp_path)
    write_class(tmp_path, ids(3))
    left = generate(tmp_path, "--replace")
    assert "and 1 more, who left the class, were removed" in left.stderr
    write_sheet(tmp_path, names=["sums", "more"])
    assert f"{', '.join(ids(3))} had another paper before" in generate(tmp_path, "--replace").stderr


def test_another_problem_on_the_sheet_changes_no_numbers(tmp_path: Path) -> None:
    write_sheet(tmp_path, names=["sums"])
    write_class(tmp_path, ids(5))
    generate(tmp_path)
    write_sheet(tmp_path, names=["more", "sums"])
    generate(tmp_path, out="both")
    one, both = records(tmp_path / "out"), records(tmp_path / "both")
    for student in ids(5):
        assert both[student]["problems"][1]["params"] == one[student]["problems"][0]["params"]


@pytest.mark.slow
def test_students_who_drew_alike_get_different_papers(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=4, most_b=4)
    write_class(tmp_path, ids(14))
    first = generate(tmp_path)
    assert first.exit_code == 0
    assert without_class_list(first.stderr) == ""
    found = records(tmp_path / "out")
    assert len({record["problems"][0]["canonical"] for record in found.values()}) == 14
    assert any(record["again"] for record in found.values())
    assert list(found) == ids(14)
    assert len({record["id"] for record in found.values()}) == 14
    verified = worksheet("verify", tmp_path / "out", "--sheet", tmp_path / "quiz.toml", "--workers", "1")
    assert verified.exit_code == 0, verified.output
    two = generate(tmp_path, "--workers", "2", out="two")
    assert two.exit_code == 0
    assert tree(tmp_path / "two") == tree(tmp_path / "out")
    write_class(tmp_path, ids(14)[::-1])
    generate(tmp_path, out="turned")
    assert records(tmp_path / "turned") == found


def test_a_space_too_small_is_told_with_its_size(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=3, most_b=1)
    write_class(tmp_path, ids(7))
    result = generate(tmp_path)
    assert result.exit_code == 0
    assert (
        without_class_list(result.stderr)
        == "note: sums has 3 variants, too few for 7 students: none is on more than 3 papers\n"
    )


def test_forms(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    result = worksheet("generate", tmp_path / "quiz.toml", "--forms", "4", "--formats", "md", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stdout == f"4 papers with keys in {tmp_path / 'out'}\n"
    folders = {name.partition("/")[0] for name in tree(tmp_path / "out") if "/" in name}
    assert folders == {"form-A", "form-B", "form-C", "form-D"}
    assert "Form C" in (tmp_path / "out" / "form-C" / "worksheet.md").read_text()


# ------------------------------------------------------------------------------------------- hostile class lists

HOSTILE = {
    "../../x": r"\input{/etc/passwd}",
    "CON": "{{7*7}} <% for %> << title >>",
    "a/b\\c": "<script>alert(1)</script>",
    "$(rm)": "[x](javascript:alert(1)) `code` **bold** | $x^2$",
    "😀": "🙂 שלום \u202eabc",
    "=1+1": '=HYPERLINK("http://x.org";"x")',
    "x" * 64: "%\\end{document}#&_^~",
    "-rf": "-rf",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_sheet(folder)
    with (folder / "class.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "name"), *HOSTILE.items()])
    (folder / "deep" / "er").mkdir(parents=True)
    result = generate(folder, out="deep/er/out", formats="tex,md,pdf")
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.slow
def test_names_create_nothing_outside(hostile: Path) -> None:
    found = {path.relative_to(hostile).as_posix() for path in hostile.rglob("*") if path.is_file()}
    outside = {name for name in found if not name.startswith("deep/er/out/") and "__pycache__" not in name}
    assert outside == {"quiz.toml", "sums.py", "class.csv"}
    folders = {path.name for path in (hostile / "deep/er/out").iterdir() if path.is_dir()}
    assert len(folders) == len(HOSTILE)
    assert all(name.isascii() and not name.startswith((".", "-")) and len(name) <= 60 for name in folders)


@pytest.mark.slow
def test_names_are_printed_and_not_obeyed(hostile: Path) -> None:
    out = hostile / "deep/er/out"
    found = records(out)
    assert {student: record["student"]["name"] for student, record in found.items()}.keys() == HOSTILE.keys()
    for student, record in found.items():
        place = next(iter(record["files"])).partition("/")[0]
        tex, md = ((out / place / f"worksheet.{ending}").read_text(encoding="utf-8") for ending in ("tex", "md"))
        assert r"\input{/etc" not in tex
        assert (
            "49" not in tex.partition("Sums")[0].partition(r"\begin{document}")[2] or "{{7*7}}" not in HOSTILE[student]
        )
        assert "<script>" not in md
        assert "[x](" not in md
        assert "\u202e" not in md + tex


@pytest.mark.slow
def test_the_index_is_safe_for_spreadsheets(hostile: Path) -> None:
    with (hostile / "deep/er/out/index.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"].removeprefix("'") for row in rows] == list(HOSTILE)
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
        assert (hostile / "deep/er/out" / row["folder"] / "key.md").is_file()
    assert (hostile / "deep/er/out/index.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_an_id_that_is_the_name_of_our_file(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ["s1", "Index.csv"])
    result = generate(tmp_path)
    assert result.exit_code == 2
    assert "the id Index.csv is the name of a file that a run writes" in result.stderr


# ------------------------------------------------------------------------------------------- folders


def test_a_folder_with_another_run(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert generate(tmp_path).exit_code == 0
    before = tree(tmp_path / "out")
    other_seed = generate(tmp_path, "--seed", "2")
    assert other_seed.exit_code == 2
    assert "holds a run of the sheet quiz with seed 1" in other_seed.stderr
    shutil.copy(tmp_path / "quiz.toml", tmp_path / "other.toml")
    other_sheet = worksheet(
        "generate", tmp_path / "other.toml", "--roster", tmp_path / "class.csv", "--out", tmp_path / "out"
    )
    assert other_sheet.exit_code == 2
    assert tree(tmp_path / "out") == before
    assert not (tmp_path / "out" / ".run").exists()


def test_a_folder_with_a_single_paper(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    worksheet("generate", tmp_path / "quiz.toml", "--formats", "md", "--out", tmp_path / "out")
    before = tree(tmp_path / "out")
    result = generate(tmp_path)
    assert result.exit_code == 2
    assert "holds a single paper" in result.stderr
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("content", ["\n", "[]", "not JSON", '{"sheet": 3}', "[" * 10_000])
def test_a_folder_with_a_strange_manifest(tmp_path: Path, content: str) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.jsonl").write_text(content)
    result = generate(tmp_path)
    assert result.exit_code == 2
    assert "is not what a run writes" in result.stderr


@pytest.mark.parametrize("out", ["file", "file/below", "/proc/nowhere"])
def test_a_folder_that_cannot_be_written_to(tmp_path: Path, out: str) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    (tmp_path / "file").write_text("mine")
    result = generate(tmp_path, out=out)
    assert result.exit_code == 2
    assert "--out: the folder" in result.stderr
    assert without_class_list(result.stderr).count("\n") == 1
    assert (tmp_path / "file").read_text() == "mine"


def test_a_file_in_the_place_of_a_student(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "s2").write_text("mine")
    result = generate(tmp_path)
    assert result.exit_code == 2
    assert "s2 is a file where a folder is needed; move it away" in result.stderr


def test_a_folder_of_the_name_that_a_run_takes_for_itself(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    (tmp_path / "out" / ".run").mkdir(parents=True)
    (tmp_path / "out" / ".run" / "mine.txt").write_text("mine")
    assert generate(tmp_path).exit_code == 0
    assert [path.name for path in (tmp_path / "out" / ".run").iterdir()] == ["mine.txt"]


def test_two_runs_at_once(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    plan = class_plan.Plan("quiz", 1, "", secret=SECRET.fingerprint)
    with class_folder.run_in(tmp_path / "out", plan):
        result = generate(tmp_path)
    assert result.exit_code == 2
    assert "another run is at work in" in result.stderr
    assert generate(tmp_path).exit_code == 0


def test_a_finished_run_again_ends_with_the_same_bytes(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=4, most_b=4)
    write_class(tmp_path, ids(13))
    generate(tmp_path)
    before = tree(tmp_path / "out")
    (tmp_path / "out" / "s1" / "key.md").write_text("scribbled")
    (tmp_path / "out" / "s2" / "key.md").unlink()
    assert generate(tmp_path).exit_code == 0
    assert tree(tmp_path / "out") == before


def test_files_of_who_left_are_removed_and_others_are_not(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(4))
    generate(tmp_path, formats="tex,md")
    (tmp_path / "out" / "s3" / "remark.txt").write_text("mine")
    write_class(tmp_path, ["s1", "s5"])
    assert generate(tmp_path, "--replace", formats="md").exit_code == 0
    names = {name for name in tree(tmp_path / "out") if "/" in name}
    assert names == {"s1/worksheet.md", "s1/key.md", "s5/worksheet.md", "s5/key.md", "s3/remark.txt"}
    assert not (tmp_path / "out" / "s2").exists()


def test_a_manifest_that_was_changed_cannot_make_us_remove_other_files(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    generate(tmp_path)
    (tmp_path / "key.md").write_text("mine")
    (tmp_path / "out" / "s1" / "thesis.md").write_text("mine")
    record = records(tmp_path / "out")["s1"]
    record["files"] |= {"../key.md": "", "s1/thesis.md": "", "s1/../../key.md": "", str(tmp_path / "key.md"): ""}
    (tmp_path / "out" / "manifest.jsonl").write_text(json.dumps(record))
    write_class(tmp_path, ["s2"])
    assert generate(tmp_path, "--replace").exit_code == 0
    assert (tmp_path / "key.md").read_text() == (tmp_path / "out" / "s1" / "thesis.md").read_text() == "mine"


# ------------------------------------------------------------------------------------------- stopped and continued


class _Refuses(Executor):
    """Does some tasks and then fails as a full disk does."""

    def __init__(self, tasks: int) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._left = tasks

    def submit(self, function, /, *arguments, **named):  # type: ignore[no-untyped-def]
        self._left -= 1
        if self._left < 0:
            raise OSError(28, "No space left on device")
        return self._pool.submit(function, *arguments, **named)


@pytest.mark.parametrize("tasks", [0, 1, 5, 8, 9])
def test_a_stopped_run_goes_on_and_nobody_can_tell(tmp_path: Path, tasks: int) -> None:
    write_sheet(tmp_path, most_a=5, most_b=4)
    write_class(tmp_path, ids(18))
    generate(tmp_path, out="whole")
    order = Order(
        find_sheet(str(tmp_path / "quiz.toml")),
        1,
        read_roster(tmp_path / "class.csv"),
        ("md",),
        tmp_path / "out",
        SECRET,
    )
    with pytest.raises(
        Exception, match="cannot go on in .*No space left on device.* mend it, and give the same command"
    ):
        generate_class(order, WorkerPool(1, _Refuses(tasks)))
    left = tree(tmp_path / "out")
    assert "manifest.jsonl" not in left
    assert (tmp_path / "out" / ".run" / "plan.json").exists()
    assert generate(tmp_path).exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    assert not (tmp_path / "out" / ".run").exists()


def test_a_stopped_run_does_not_make_again_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(16))
    order = Order(
        find_sheet(str(tmp_path / "quiz.toml")),
        1,
        read_roster(tmp_path / "class.csv"),
        ("md",),
        tmp_path / "out",
        SECRET,
    )
    with pytest.raises(Exception, match="No space left"):
        generate_class(order, WorkerPool(1, _Refuses(6)))
    kept = len(list((tmp_path / "out" / ".run").glob("first-*.jsonl")))
    assert kept >= 4
    (tmp_path / "out" / "s1" / "key.md").write_text("scribbled")  # in the first chunk
    asked: list[int] = []
    real = assemble

    def counted(*arguments):  # type: ignore[no-untyped-def]
        asked.append(1)
        return real(*arguments)

    monkeypatch.setattr(class_chunk, "assemble", counted)
    assert generate(tmp_path).exit_code == 0
    assert len(asked) == 2 * (8 - kept + 1)


def test_a_problem_file_that_changed_while_the_run_was_stopped(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(16))
    order = Order(
        find_sheet(str(tmp_path / "quiz.toml")),
        1,
        read_roster(tmp_path / "class.csv"),
        ("md",),
        tmp_path / "out",
        SECRET,
    )
    with pytest.raises(Exception, match="No space left"):
        generate_class(order, WorkerPool(1, _Refuses(6)))
    write_sheet(tmp_path, asking="more = 'Take your time.'")
    assert generate(tmp_path).exit_code == 0
    assert all("Take your time." in (tmp_path / "out" / student / "worksheet.md").read_text() for student in ids(16))


def test_a_class_list_that_changed_while_the_run_was_stopped(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(16))
    order = Order(
        find_sheet(str(tmp_path / "quiz.toml")),
        1,
        read_roster(tmp_path / "class.csv"),
        ("md",),
        tmp_path / "out",
        SECRET,
    )
    with pytest.raises(Exception, match="No space left"):
        generate_class(order, WorkerPool(1, _Refuses(6)))
    assert (tmp_path / "out" / "s1").exists()
    write_class(tmp_path, ["s16", "s2", "new"])
    generate(tmp_path, out="whole")
    assert generate(tmp_path).exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    assert not (tmp_path / "out" / "s1").exists()


def test_parts_that_a_power_cut_left_are_made_again(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(16))
    generate(tmp_path, out="whole")
    order = Order(
        find_sheet(str(tmp_path / "quiz.toml")),
        1,
        read_roster(tmp_path / "class.csv"),
        ("md",),
        tmp_path / "out",
        SECRET,
    )
    with pytest.raises(Exception, match="No space left"):
        generate_class(order, WorkerPool(1, _Refuses(7)))
    hidden = tmp_path / "out" / ".run"
    (hidden / "first-00000.jsonl").write_bytes(b"")
    (hidden / "first-00001.jsonl").write_bytes(b"\0" * 300)
    (hidden / "first-00002.jsonl").write_bytes(b'{"student":')
    (hidden / "again-00000.jsonl").write_bytes(b"\0")
    assert generate(tmp_path).exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


# ------------------------------------------------------------------------------------------- one student's failure


def failing(folder: Path, asking: str) -> tuple[str, dict[str, bytes]]:
    """A sheet on which something is wrong with s3's paper alone; and the files of all."""
    write_sheet(folder)
    write_class(folder, ids(9))
    assert generate(folder, out="whole").exit_code == 0
    number = first_number(folder / "whole", "s3")
    write_sheet(folder, asking=asking.replace("NUMBER", number))
    return number, tree(folder / "whole")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("raise ValueError('broken')", "ValueError: broken"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("more = '<nothing>'", "nothing"),
        ("def f(): f()\n        f()", "RecursionError"),
    ],
)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_fails_for_one_is_made_for_the_others(tmp_path: Path, fault: str, message: str, workers: str) -> None:
    _, whole = failing(tmp_path, f"if v.a == NUMBER:\n        {fault}")
    for _ in range(2):
        result = generate(tmp_path, "--workers", workers)
        assert result.exit_code == 1
        assert "8 papers with keys in" in result.stdout
        first, last = without_class_list(result.stderr).splitlines()
        assert first.startswith("FAILED s3: ")
        assert message in first
        assert last == "1 failed; the same command tries them again."
        others = {name: content for name, content in whole.items() if "/" in name and not name.startswith("s3/")}
        assert {name: content for name, content in tree(tmp_path / "out").items() if "/" in name} == others
        assert list(records(tmp_path / "out")) == [student for student in ids(9) if student != "s3"]
    write_sheet(tmp_path)
    mended = run(tmp_path, "--replace")  # another process, for this one has imported the broken problem
    assert mended[0] == 0, mended
    assert tree(tmp_path / "out") == whole


@pytest.mark.slow
def test_a_failure_does_not_change_who_yields(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=3, most_b=4, names=["plain"])
    write_class(tmp_path, ids(10))
    assert generate(tmp_path, out="whole").exit_code == 0
    whole = records(tmp_path / "whole")
    stays = next(student for student, record in whole.items() if not record["again"])
    params = whole[stays]["problems"][0]["params"]
    fault = f"if (v.a, v.b) == ({params['a']}, {params['b']}): more = '<nothing>'"
    write_sheet(tmp_path, most_a=3, most_b=4, names=["plain"], asking=fault)
    code, _, complained = run(tmp_path, "--workers", "1")
    assert code == 1
    assert f"FAILED {stays}" in complained
    found = records(tmp_path / "out")
    assert found.keys() == whole.keys() - {stays}
    for student, record in found.items():
        assert record["again"] == whole[student]["again"]


@pytest.mark.slow
def test_who_yields_and_then_fails_has_no_paper_left(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=3, most_b=4, names=["plain"])
    write_class(tmp_path, ids(10))
    assert generate(tmp_path, out="whole").exit_code == 0
    whole = records(tmp_path / "whole")
    yields = next(student for student, record in whole.items() if record["again"])
    params = whole[yields]["problems"][0]["params"]
    write_sheet(
        tmp_path, most_a=3, most_b=4, names=["plain"],
        asking=f"if (v.a, v.b) == ({params['a']}, {params['b']}): more = '<nothing>'",
    )  # fmt: skip
    code, _, complained = run(tmp_path, "--workers", "1")
    assert code == 1
    assert f"FAILED {yields}" in complained
    assert yields not in records(tmp_path / "out")
    assert not (tmp_path / "out" / yields).exists()


def test_many_failures_are_told_briefly(tmp_path: Path) -> None:
    write_sheet(tmp_path, asking="raise ValueError('always')")
    write_class(tmp_path, ids(100))
    result = generate(tmp_path, out="alike")
    assert result.exit_code == 1
    first, others, last = without_class_list(result.stderr).splitlines()
    assert first.endswith("ValueError: always")
    assert others == "  (the same for s2, s3, s4, s5, s6, s7, s8, s9, …: 99 more)"
    assert last == "100 failed; the same command tries them again."

    write_sheet(tmp_path, asking="raise ValueError(f'always with {v.a} and {v.b}')")
    result = generate(tmp_path, out="each")
    lines = without_class_list(result.stderr).splitlines()
    assert len(lines) == 22
    assert lines[-2] == "FAILED and 80 more"
    assert lines[-1] == "100 failed; the same command tries them again."


@pytest.mark.slow
@pytest.mark.parametrize("stuck", [r"\undefinedcommand", r"\def\a{\a}\a"])
def test_tex_that_fails_for_one_student(tmp_path: Path, stuck: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(tmp_path, f"if v.a == NUMBER: more = r'${stuck}$'")
    real = pdf_chunk.compile_class
    monkeypatch.setattr(class_chunk, "compile_class", lambda *given, **named: real(*given, **named, timeout=2))
    result = generate(tmp_path, formats="pdf")
    assert result.exit_code == 1
    assert "8 papers with keys in" in result.stdout
    assert "FAILED s3: worksheet: " in result.stderr
    reason = "TeX was still running after 2 seconds" if stuck.startswith("\\def") else "Undefined control sequence"
    assert reason in result.stderr
    assert "problem sums, part total" in result.stderr
    assert f"\n  ${stuck}$" in result.stderr, "the line at fault"
    assert result.stderr.count(reason) == 1, "the key is not tried, which would fail the same way, and take as long"
    assert {name for name in tree(tmp_path / "out") if name.endswith(".pdf")} == {
        f"{student}/{stem}.pdf" for student in ids(9) if student != "s3" for stem in ("worksheet", "key")
    }


# ------------------------------------------------------------------------------------------- messages


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--forms", "0"], "expected 1 to 26 forms"),
        (["--forms", "27"], "expected 1 to 26 forms"),
        (["--forms", "two"], "not a valid integer"),
        (["--workers", "0", "--forms", "2"], "x>=1"),
        (["--roster", "FOLDER"], "is a folder"),
        (["--roster", ""], "is a folder"),
        (["--roster", "FOLDER/none.csv"], "there is no such file"),
        (["--forms", "2", "--out", ""], "--out"),
        (["--out", ""], "--out"),
        (["--original", "--forms", "2"], "--original is one paper"),
        (["--roster", "FOLDER/class.csv", "--forms", "27"], "expected 1 to 26 forms"),
        (["--workers", "2", "--cluster", "tcp://x", "--forms", "2"], "exclude each other"),
        (["--workers", "2"], "is about a class"),
    ],
)
def test_what_was_asked_wrongly(
    tmp_path: Path, options: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    before = {path.name for path in tmp_path.iterdir()}
    options = [option.replace("FOLDER", str(tmp_path)) for option in options]
    result = worksheet("generate", tmp_path / "quiz.toml", "--formats", "md", *options)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert {path.name for path in tmp_path.iterdir()} - {"__pycache__"} == before


def test_a_class_of_one(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ["s1"])
    result = generate(tmp_path, "--workers", "2")
    assert result.exit_code == 0
    assert result.stdout == f"1 paper with keys in {tmp_path / 'out'}\n"


def test_a_cluster_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    write_sheet(tmp_path)
    found = worksheet(
        "generate", tmp_path / "quiz.toml", "--forms", "2", "--cluster", "tcp://x", "--out", tmp_path / "out"
    )
    assert found.exit_code == 2
    assert "pip install distributed" in found.stderr


@pytest.mark.heavy
def test_a_cluster_that_nobody_runs(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    write_sheet(tmp_path)
    options = ["--forms", "2", "--cluster", "nonsense://x", "--out", str(tmp_path / "out")]
    found = worksheet("generate", tmp_path / "quiz.toml", *options)
    assert found.exit_code == 2
    assert "no dask scheduler answers" in found.stderr


def test_a_file_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))

    def refuse(number: int) -> None:
        def acquire(_: filelock.FileLock) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(filelock.FileLock, "acquire", acquire)

    refuse(errno.EACCES)
    refused = generate(tmp_path)
    assert refused.exit_code == 2
    assert f"cannot go on in {tmp_path / 'out'} (Permission denied)" in refused.stderr
    refuse(errno.ENOLCK)
    told = generate(tmp_path)
    assert told.exit_code == 0
    assert "the file system has no locks" in told.stderr
    monkeypatch.undo()
    locked = generate(tmp_path)
    assert locked.exit_code == 0
    assert "locks" not in locked.stderr
    assert not (tmp_path / "out" / ".run").exists()
