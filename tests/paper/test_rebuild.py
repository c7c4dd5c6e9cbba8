"""Papers weeks later: the key to an id, and whether a folder is still what was handed out."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from generator import __version__
from generator.classes.class_faults import manifest_hash
from generator.paper.ids import PaperId, read_id, sheet_code
from generator.tex.run import Engine
from tests.tiny_class import generate, ids, records, tree, worksheet, write_class, write_sheet


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two forms of the built-in sheet in ``class``, a single paper in ``single``."""
    folder = tmp_path_factory.mktemp("built-in")
    common = ("generate", "discussion04", "--formats", "tex,md", "--out")
    assert worksheet(*common, folder / "class", "--forms", "2", "--workers", "1").exit_code == 0
    assert worksheet(*common, folder / "single").exit_code == 0
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A class with a sheet and a problem of its own, in ``out``."""
    write_sheet(tmp_path)
    write_class(tmp_path, ids(5))
    assert generate(tmp_path, formats="tex,md").exit_code == 0
    return tmp_path


def change(folder: Path, student: str, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit one record of a manifest, and its hash too."""
    found = records(folder)
    edit(found[student])
    rewrite(folder, [json.dumps(record) + "\n" for record in found.values()])


def rewrite(folder: Path, lines: list[str]) -> None:
    (folder / "manifest.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "manifest.sha256").write_bytes(manifest_hash(folder))


# ------------------------------------------------------------------------------------------- key


@pytest.mark.parametrize("kind", ["class", "single"])
def test_the_key_to_an_id(built_in: Path, kind: str) -> None:
    if kind == "class":
        identity = records(built_in / "class")["form-B"]["id"]
        expected = (built_in / "class" / "form-B" / "key.md").read_text()
    else:
        identity = json.loads((built_in / "single" / "manifest.json").read_text())["id"]
        expected = (built_in / "single" / "key.md").read_text()
    found = worksheet("key", identity.lower().replace("-", " "), "--in", built_in)
    assert found.exit_code == 0, found.output
    assert "note: made again from" in found.stderr
    assert found.stdout.rstrip() == expected.rstrip()


def test_the_id_alone_is_enough(built_in: Path, tmp_path: Path) -> None:
    identity = json.loads((built_in / "single" / "manifest.json").read_text())["id"]
    found = worksheet("key", identity, "--in", tmp_path)
    assert found.exit_code == 0
    assert "drawn again from its id" in found.stderr
    assert found.stdout.rstrip() == (built_in / "single" / "key.md").read_text().rstrip()


def test_an_own_sheet_needs_its_file(own: Path) -> None:
    identity = records(own / "out")["s3"]["id"]
    expected = (own / "out" / "s3" / "key.md").read_text().rstrip()
    without = worksheet("key", identity, "--in", own / "out")
    assert without.exit_code == 2
    assert "--sheet" in without.stderr
    found = worksheet("key", identity, "--in", own / "out", "--sheet", own / "quiz.toml")
    assert found.stdout.rstrip() == expected
    (own / "out" / "manifest.jsonl").unlink()
    lost = worksheet("key", identity, "--in", own / "out", "--sheet", own / "quiz.toml")
    assert lost.exit_code == 0
    assert "## 1. Sums" in lost.stdout
    assert expected.partition("## 1.")[2] == lost.stdout.rstrip().partition("## 1.")[2], "the name is lost, no more"


def test_the_files_again(own: Path) -> None:
    identity = records(own / "out")["s3"]["id"]
    again = worksheet(
        "key",
        identity,
        "--in",
        own / "out",
        "--sheet",
        own / "quiz.toml",
        "--out",
        own / "again",
        "--formats",
        "tex,md",
    )
    assert again.exit_code == 0
    assert tree(own / "again") == tree(own / "out" / "s3")


@pytest.mark.slow
def test_the_pdfs_again(tmp_path: Path, engine: Engine) -> None:
    """Of a class in which problems were drawn again, too: the pages are the same, though their fonts hold fewer letters."""
    write_sheet(tmp_path, most_a=3, most_b=2)
    write_class(tmp_path, ids(6))
    assert generate(tmp_path, "--engine", engine.name, formats="pdf").exit_code == 0
    found = records(tmp_path / "out")
    assert any(record["again"] for record in found.values())
    for student, record in found.items():
        again = worksheet(
            "key", record["id"], "--in", tmp_path / "out", "--sheet", tmp_path / "quiz.toml",
            "--out", tmp_path / "again" / student, "--formats", "pdf", "--engine", engine.name,
        )  # fmt: skip
        assert again.exit_code == 0, again.output
        for stem in ("worksheet", "key"):
            first = tmp_path / "out" / student / f"{stem}.pdf"
            with pikepdf.open(first) as one, pikepdf.open(tmp_path / "again" / student / f"{stem}.pdf") as other:
                assert [page.mediabox for page in one.pages] == [page.mediabox for page in other.pages]
                assert one.docinfo["/Title"] == other.docinfo["/Title"]
            assert sha256(first.read_bytes()).hexdigest() == record["files"][f"{student}/{stem}.pdf"]


def test_a_record_of_an_older_version_with_fewer_parameters(own: Path) -> None:
    """The problem has got a parameter since, with a default."""
    identity = records(own / "out")["s3"]["id"]
    expected = (own / "out" / "s3" / "key.md").read_text().rstrip()
    for student in ids(5):
        change(own / "out", student, lambda record: record.update(version="0.0.1"))
    problem = (own / "sums.py").read_text()
    problem = problem.replace("required, whole", "optional, required, whole")
    problem = problem.replace(
        '"b": required(whole(1, 10**9))}', '"b": required(whole(1, 10**9)), "c": optional(whole(0, 9), 0)}'
    )
    problem = problem.replace("def total(a, b):\n    return a + b", "def total(a, b, c):\n    return a + b + c")
    problem = problem.replace("def check(a, b)", "def check(a, b, c)")
    (own / "sums.py").write_text(problem)
    commands = (["key", identity, "--in", own / "out"], ["verify", own / "out", "--workers", "1"])
    for command in commands:
        stopped = worksheet(*command, "--sheet", own / "quiz.toml")
        assert stopped.exit_code == 2, stopped.output
        assert "sums.py: not as it was when the papers were made" in stopped.stderr
        assert "--recorded" in stopped.stderr
    found, verified = (worksheet(*command, "--sheet", own / "quiz.toml", "--recorded") for command in commands)
    assert found.exit_code == 0, found.output
    assert found.stdout.rstrip() == expected
    assert verified.exit_code == 0, verified.output
    assert "note: as recorded: no paper was solved again" in verified.stderr
    assert "note: not as it was when the papers were made: sums.py" in verified.stderr


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        ("", "an id has 12 characters"),
        ("0OIL1", "an id has only the characters"),
        ("7K4QM-2RT9D", "typing error"),
        ("x" * 10_000, "an id has 12 characters"),
        ("../../etc", "an id has only the characters"),
    ],
)
def test_an_id_that_is_none(tmp_path: Path, identity: str, message: str) -> None:
    found = worksheet("key", identity, "--in", tmp_path)
    assert found.exit_code == 2
    assert message in found.stderr
    assert len(found.stderr) < 400


def test_an_id_of_a_sheet_that_nobody_knows(tmp_path: Path) -> None:
    stranger = str(PaperId(sheet_code("no such sheet"), read_id("WK47A-A2R8X").stream))
    found = worksheet("key", stranger, "--in", tmp_path / "nowhere")
    assert found.exit_code == 2
    assert "name the folder with --in, or the sheet's TOML file with --sheet" in found.stderr


@pytest.mark.parametrize(
    "edit",
    [
        {"problems": None},
        {"problems": [{"id": "../../x", "params": {}}]},
        {"problems": [{"id": "sums", "params": 3}]},
        {"problems": [{"id": "sums", "params": {"a": {"b": []}}}]},
        {"problems": [{"id": "sums", "params": {"a": 1, "b": 2}, "points": 3, "choices": 3}]},
        {"student": "Ada"},
        {"student": {"shoe size": 3}},
        {"sheet": "../../etc/passwd"},
        {"sheet": ["quiz"]},
    ],
)
def test_a_record_that_was_changed_is_told_of(own: Path, edit: dict[str, Any]) -> None:
    identity = records(own / "out")["s3"]["id"]
    change(own / "out", "s3", lambda record: record.update(edit))
    found = worksheet("key", identity, "--in", own / "out", "--sheet", own / "quiz.toml")
    assert found.exit_code == 2, found.output
    assert "manifest.jsonl, paper" in found.stderr
    verified = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1")
    assert verified.exit_code == 1
    assert "Traceback" not in verified.output


@pytest.mark.parametrize("content", ["{", "[" * 100_000, '{"id": "%s"', "\0", "%s" + " " * 9 * 2**20])
def test_a_manifest_that_is_none(own: Path, content: str) -> None:
    identity = records(own / "out")["s3"]["id"]
    (own / "out" / "manifest.jsonl").write_text(content.replace("%s", identity))
    for command in (["key", identity, "--in", own / "out"], ["verify", own / "out", "--workers", "1"]):
        found = worksheet(*command, "--sheet", own / "quiz.toml")
        assert found.exit_code in ({1, 2} if command[0] == "verify" else {0, 2}), found.output
        assert not isinstance(found.exception, (ValueError, RecursionError, MemoryError))


# ------------------------------------------------------------------------------------------- verify


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_fresh_run_is_as_it_was(own: Path, workers: str) -> None:
    found = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", workers)
    assert (found.exit_code, found.output) == (0, "5 papers and 25 files verified, no faults\n")


def test_a_fresh_run_of_a_built_in_sheet(built_in: Path) -> None:
    assert worksheet("verify", built_in / "class", "--workers", "2").exit_code == 0
    single = worksheet("verify", built_in / "single")
    assert single.exit_code == 0
    assert single.output.startswith("1 paper and ")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_files_that_changed_or_are_gone(own: Path, workers: str) -> None:
    with (own / "out" / "s2" / "key.md").open("ab") as file:
        file.write(b" ")
    (own / "out" / "s4" / "worksheet.tex").unlink()
    found = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", workers)
    assert found.exit_code == 1
    first, second = found.stderr.splitlines()
    assert first.startswith("FAILED s2 (")
    assert first.endswith("s2/key.md is not as it was written")
    assert second.startswith("FAILED s4 (")
    assert second.endswith("s4/worksheet.tex: No such file or directory")
    assert found.stdout == "5 papers and 25 files verified, 2 faults\n"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda record: record["problems"][0]["values"].update(total="7"), "sums, values: total is"),
        (lambda record: record["problems"][0]["answers"].update(total="7"), "sums, answers: total is"),
        (lambda record: record["problems"][0]["params"].update(a="7"), "sums, answers: total is"),
        (lambda record: record["problems"][0]["answers"].update(more="7"), "more is only in the manifest"),
        (lambda record: record["problems"][0]["answers"].clear(), "total is missing in the manifest"),
        (lambda record: record.update(id="WK47A-A2R8X"), "the id is not that of the seed and the student"),
        (lambda record: record.update(again=3), "again is 3, and of the problems 0"),
        (
            lambda record: record.update(stream="0" * 64),
            "the stream that its numbers are drawn from is not that of its id",
        ),
        (lambda record: record.update(secret=""), "the id is not that of the seed and the student"),
        (lambda record: record.update(seed=3), "the id is not that of the seed and the student"),
        (lambda record: record["student"].update(name="Mallory"), "s3/worksheet.md is not this paper's"),
        (lambda record: record["problems"][0].update(cost=1), "sums: cost is 1 in the manifest"),
        (lambda record: record["problems"][0].update(canonical="0"), "sums: canonical is"),
        (lambda record: record["problems"][0].update(letters={"total": {"right": [0], "of": 2}}), "sums: letters is"),
        (lambda record: record["files"].clear(), "does not name a worksheet and a key of each format"),
        (lambda record: record["files"].pop("s3/key.md"), "s3/key.md is missing in the manifest"),
        (lambda record: record["files"].update({"../../etc/passwd": ""}), "the manifest names a strange file"),
        (lambda record: record["files"].update({"/etc/passwd": ""}), "the manifest names a strange file"),
    ],
)
def test_a_manifest_that_was_changed(own: Path, edit: Callable[[dict[str, Any]], object], message: str) -> None:
    change(own / "out", "s3", edit)
    found = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1")
    assert found.exit_code == 1
    assert all(line.startswith("FAILED s3 (") for line in found.stderr.splitlines())
    assert message in found.stderr


def lines(folder: Path) -> list[str]:
    return (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)


def test_exercises_that_changed_places(own: Path) -> None:
    both = {student: record["problems"] for student, record in records(own / "out").items()}
    change(own / "out", "s2", lambda record: record.update(problems=both["s3"]))
    change(own / "out", "s3", lambda record: record.update(problems=both["s2"]))
    found = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1")
    for student in ("s2", "s3"):
        assert f"FAILED {student} (" in found.stderr
    assert found.stderr.count("the parameters are not those that are drawn for the paper") == 2


def test_records_that_are_gone_or_there_twice(own: Path) -> None:
    first, second, *others = lines(own / "out")
    rewrite(own / "out", [second, second, *others])
    found = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1")
    one, two = (json.loads(line) for line in (first, second))
    assert f"{two['student']['id']} ({two['id']}) has 2 equal records" in found.stderr
    assert f"{one['student']['id']} ({one['id']}) is only in index.csv" in found.stderr
    (own / "out" / "index.csv").unlink()
    assert "index.csv is missing" in worksheet("verify", own / "out", "--sheet", own / "quiz.toml").stderr


def test_of_another_version_only_what_both_know_is_compared(own: Path) -> None:
    def older(record: dict[str, Any]) -> None:
        record["version"] = "0.0.1"
        record["problems"][0]["values"] = {"forgotten": "1"}

    for student in ids(5):
        change(own / "out", student, older)
    assert worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1").exit_code == 0
    change(own / "out", "s3", lambda record: record["problems"][0]["answers"].update(total="7"))
    assert worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1").exit_code == 1


# ------------------------------------------------------------------------------------------- what verify once missed


def verified(own: Path) -> list[str]:
    """The lines of what is wrong."""
    found = worksheet("verify", own / "out", "--sheet", own / "quiz.toml", "--workers", "1")
    assert "Traceback" not in found.output
    assert (found.exit_code == 1) == ("FAILED" in found.stderr)
    return found.stderr.splitlines()


def edit_index(folder: Path, old: str, new: str) -> None:
    path = folder / "index.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8-sig")
    (folder / "manifest.sha256").write_bytes(manifest_hash(folder))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Name of s3", "Mallory", "name is 'Mallory' in index.csv and 'Name of s3' in manifest.jsonl"),
        ('"Name of s3","",""', '"Name of s3","","Mon"', "form is 'Mon' in index.csv and '' in manifest.jsonl"),
        ('"s3"\n', '"s4"\n', "folder is 's4' in index.csv and 's3' in manifest.jsonl"),
        ('"folder"', '"place"', "index.csv has no column 'folder'"),
        ('"s3","', '"s3"x,"', "index.csv cannot be read"),
    ],
)
def test_an_index_that_was_changed(own: Path, old: str, new: str, message: str) -> None:
    edit_index(own / "out", old, new)
    assert any(message in line for line in verified(own))


def test_lines_that_changed_places(own: Path) -> None:
    first, second, *others = lines(own / "out")
    rewrite(own / "out", [second, first, *others])
    assert verified(own) == ["FAILED index.csv has its lines in another order than manifest.jsonl"]


def test_what_is_on_no_paper_is_known_by_the_manifests_own_hash(own: Path) -> None:
    path = own / "out" / "manifest.jsonl"
    path.write_text(path.read_text().replace('"email":""', '"email":"mallory@example.org"', 1))
    assert verified(own) == ["FAILED manifest.jsonl is not as it was written"]
    (own / "out" / "manifest.sha256").write_text("nonsense")
    assert verified(own) == [
        "FAILED manifest.sha256 has no hash of manifest.jsonl", "FAILED manifest.sha256 has no hash of index.csv"
    ]  # fmt: skip
    (own / "out" / "manifest.sha256").unlink()
    assert verified(own) == ["FAILED manifest.sha256 is missing: what is on no paper cannot be compared"]


def test_the_manifests_hash_is_what_other_tools_read(own: Path) -> None:
    for line in (own / "out" / "manifest.sha256").read_text().splitlines():
        digest, name = line.split("  ")
        assert sha256((own / "out" / name).read_bytes()).hexdigest() == digest


def test_files_whose_hashes_were_taken_out_of_a_record(own: Path) -> None:
    latex = ("key.tex", "worksheet.sty", "worksheet.tex")

    def forget(record: dict[str, Any]) -> None:
        for name in latex:
            del record["files"][f"s3/{name}"]

    change(own / "out", "s3", forget)
    *there, last = verified(own)
    for name, fault in zip(latex, there, strict=True):
        assert fault.endswith(f"s3/{name} is there, and the manifest does not name it")
    assert last.endswith(
        "has the files key.md worksheet.md; the others: key.md key.tex worksheet.md worksheet.sty worksheet.tex"
    )
    for name in latex:
        (own / "out" / "s3" / name).unlink()
    assert verified(own) == [last]


def test_a_paper_that_is_in_no_record(own: Path) -> None:
    (own / "out" / "s9").mkdir()
    (own / "out" / "s9" / "key.md").write_text("another's")
    (own / "out" / "mine").mkdir()
    (own / "out" / "mine" / "notes.txt").write_text("not ours")
    assert verified(own) == ["FAILED s9/ has key.md, and the manifest no paper there"]


def test_a_run_that_was_stopped_after_the_manifest(own: Path) -> None:
    """The papers of the finished class are as they were, but the class is not what it is to be."""
    (own / "out" / ".run").mkdir()
    assert verified(own) == []
    (own / "out" / ".run" / "plan.json").write_text("{}")
    assert verified(own) == [f"FAILED the run in {own / 'out'} did not finish: give its command again to continue"]


def test_a_version_that_was_forged_is_told(own: Path) -> None:
    change(own / "out", "s3", lambda record: record.update(version="0.0.1"))
    note, fault = verified(own)
    assert note.startswith('note: made by version "0.0.1"')
    assert fault.startswith("FAILED s3 (")
    assert fault.endswith(f"is of the version 0.0.1; the others: {__version__}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "is no record: Input data was truncated"),
        ('{"student":', "is no record: Input data was truncated"),
        ("\0", "is no record: "),
        ("[" * 100_000, "is no record: "),
        ("[1]", "is no record: expected an object; got a list"),
        ("3", "is no record: expected an object; got an integer"),
        ("{}", "is no record: sheet: missing"),
    ],
)
def test_a_line_that_is_no_record(own: Path, line: str, message: str) -> None:
    first, _, *others = lines(own / "out")
    rewrite(own / "out", [first, line + "\n", *others])
    faults = verified(own)
    assert faults[0].startswith(f"FAILED record 2: {message}")
    assert "is only in index.csv" in faults[1]
    assert faults[2:] == [
        "FAILED s2/ has key.md, key.tex, worksheet.md, worksheet.sty, worksheet.tex, and the manifest no paper there"
    ]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda record: record.update(seed="one"), "seed: "),
        (lambda record: record.update(seed=True), "seed: expected"),
        (lambda record: record.update(files=["s3/key.md"]), "files: expected an object; got a list"),
        (lambda record: record.update(problems=[]), "problems: expected a list of problems; got none"),
        (lambda record: record.update(again=-1), "again: expected an integer >= 0"),
        (lambda record: record.pop("student"), "student: missing"),
        (lambda record: record["student"].pop("email"), "student, email: missing"),
        (lambda record: record["student"].update(shoe=3), "student: Object contains unknown field `shoe`"),
        (lambda record: record["problems"][0].pop("params"), "problem 1, params: missing"),
        (
            lambda record: record["problems"][0].update(points={"total": "3"}),
            "problem 1, points: expected an integer; got a text",
        ),
    ],
)
def test_a_record_of_the_wrong_shape(own: Path, edit: Callable[[dict[str, Any]], object], message: str) -> None:
    change(own / "out", "s3", edit)
    assert verified(own)[0].startswith(f"FAILED record 3: is no record: {message}")


def test_nothing_to_verify(tmp_path: Path) -> None:
    found = worksheet("verify", tmp_path)
    assert found.exit_code == 2
    assert "give a folder that generate wrote" in found.stderr
    (tmp_path / "manifest.jsonl").write_text("")
    empty = worksheet("verify", tmp_path)
    assert (empty.exit_code, "has no records" in empty.stderr) == (2, True)


def test_a_run_that_was_stopped_is_not_whole(tmp_path: Path) -> None:
    """Whether it was before there was a manifest, with every paper failed, or while PDFs were bound."""
    (tmp_path / ".run").mkdir()
    (tmp_path / ".run" / "plan.json").write_text("{}")
    for _ in range(2):
        found = worksheet("verify", tmp_path)
        assert found.exit_code == 1
        assert "FAILED the run in" in found.stderr
        assert "0 papers and 0 files verified, 1 fault" in found.stdout
        (tmp_path / "manifest.jsonl").write_text("")


def test_a_sheet_of_ones_own_is_asked_for_once(own: Path) -> None:
    found = worksheet("verify", own / "out", "--workers", "1")
    assert found.exit_code == 2
    assert found.stderr == ("Error: --sheet: sums is in a file of its own: name the sheet's file, quiz.toml\n")
