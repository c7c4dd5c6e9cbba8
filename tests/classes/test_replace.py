"""Another paper for one student: unlike all others, old and new on record, and nothing half done."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from generator.classes import replace as class_replace
from generator.paper.secret import Secret
from tests.tiny_class import generate, ids, records, tree, worksheet, write_class, write_sheet


@pytest.fixture
def own(tmp_path: Path) -> Path:
    write_sheet(tmp_path, names=("sums", "more"))
    write_class(tmp_path, ids(5))
    assert generate(tmp_path, formats="tex,md").exit_code == 0
    return tmp_path


def replaced(folder: Path, student: str = "s3", *options: str | Path, out: str = "out") -> Result:
    return worksheet("replace", student, "--in", folder / out, "--sheet", folder / "quiz.toml", *options)


def verified(folder: Path) -> Result:
    return worksheet("verify", folder / "out", "--sheet", folder / "quiz.toml", "--workers", "1")


def variants(record: dict[str, Any]) -> list[str]:
    return [problem["canonical"] for problem in record["problems"]]


def test_one_student_has_another_paper_and_nobody_else(own: Path) -> None:
    before, files = records(own / "out"), tree(own / "out")
    done = replaced(own)
    assert done.exit_code == 0, done.output
    after = records(own / "out")
    old, new = before["s3"], after["s3"]
    assert done.stdout == f"s3 has the paper {new['id']} in place of {old['id']}\n"
    assert [one["id"] for one in new["replaced"]] == [old["id"]]
    assert new["id"] != old["id"]
    assert not {*variants(new)} & {one for record in before.values() for one in variants(record)}
    assert {name: after[name] for name in after if name != "s3"} == {
        name: before[name] for name in before if name != "s3"
    }
    changed = {name for name, content in tree(own / "out").items() if content != files.get(name)}
    assert changed == {
        "index.csv", "manifest.jsonl", "manifest.sha256",
        *(f"s3/{stem}.{form}" for stem in ("worksheet", "key") for form in ("tex", "md")),
    }  # fmt: skip
    assert f'"{new["id"]}","s3"' in (own / "out" / "index.csv").read_text()
    found = verified(own)
    assert found.exit_code == 0, found.output
    assert not (own / "out" / ".run").exists()


def test_both_papers_are_found(own: Path) -> None:
    old_key = (own / "out" / "s3" / "key.md").read_text()
    old = records(own / "out")["s3"]["id"]
    replaced(own)
    new = records(own / "out")["s3"]["id"]
    new_key = (own / "out" / "s3" / "key.md").read_text()
    for identity, key in ((old, old_key), (new, new_key)):
        for place in ("out", "none"):
            found = worksheet("key", identity, "--in", own / place, "--sheet", own / "quiz.toml")
            assert found.exit_code == 0, found.output
            assert found.stdout.rstrip().partition("## 1.")[2] == key.rstrip().partition("## 1.")[2]


def test_again_and_again(own: Path) -> None:
    seen = {one for record in records(own / "out").values() for one in variants(record)}
    given = [records(own / "out")["s3"]["id"]]
    for _ in range(3):
        assert replaced(own).exit_code == 0
        record = records(own / "out")["s3"]
        assert [one["id"] for one in record["replaced"]] == given
        assert not seen & {*variants(record)}
        seen |= {*variants(record)}
        given.append(record["id"])
    assert verified(own).exit_code == 0


def test_the_class_goes_on_with_the_new_paper(own: Path) -> None:
    replaced(own)
    before = records(own / "out")
    files = tree(own / "out")
    assert generate(own, formats="tex,md").exit_code == 0
    assert tree(own / "out") == files
    write_class(own, [*ids(7)])
    assert generate(own, formats="tex,md").exit_code == 0
    after = records(own / "out")
    assert {name: after[name] for name in before} == before
    assert verified(own).exit_code == 0


def test_of_a_tight_problem_a_variant_that_is_left(tmp_path: Path) -> None:
    write_sheet(tmp_path, most_a=3, most_b=2)
    write_class(tmp_path, ids(5))
    generate(tmp_path)
    everybody = {variants(record)[0] for record in records(tmp_path / "out").values()}
    assert len(everybody) == 5
    assert replaced(tmp_path).exit_code == 0
    assert variants(records(tmp_path / "out")["s3"])[0] not in everybody
    last = replaced(tmp_path)
    assert last.exit_code == 0
    assert "note: sums has too few variants: somebody else has the same" in last.stderr
    assert verified(tmp_path).exit_code == 0
    given = records(tmp_path / "out")["s3"]
    assert variants(given) not in [variants(one) for one in given["replaced"]]


@pytest.mark.parametrize("moment", ["staging", "first move", "fourth move", "removal", "end"])
def test_stopped_at_any_moment(own: Path, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has changed, or `verify` names it as not finished, or all is done; the same command ends with the same files."""
    (own / "out" / "keys.pdf").write_text("of the old papers")  # to be removed
    before = tree(own / "out")
    shutil.copytree(own / "out", own / "whole")
    assert replaced(own, out="whole").exit_code == 0
    calls = {"replace": 0, "unlink": 0, "rmtree": 0}
    last = {"first move": ("replace", 1), "fourth move": ("replace", 4), "removal": ("unlink", 1), "end": ("rmtree", 3)}

    def counted(name: str, real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            calls[name] += "replacement" in str(arguments[0]) or name == "unlink"
            if (name, calls[name]) == last.get(moment):
                raise KeyboardInterrupt
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        if moment == "staging":
            patch.setattr(class_replace, "manifest_hash", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
        patch.setattr(Path, "replace", counted("replace", Path.replace))
        patch.setattr(Path, "unlink", counted("unlink", Path.unlink))
        patch.setattr(shutil, "rmtree", counted("rmtree", shutil.rmtree))
        stopped = replaced(own)
    assert stopped.exit_code == (2 if moment == "staging" else 130), stopped.output
    if moment == "staging":
        assert "cannot go on in" in stopped.stderr
        assert tree(own / "out") == before
    if moment != "end":
        assert verified(own).exit_code == 1  # keys.pdf is none of a run's, or the replacement is not finished
        assert replaced(own).exit_code == 0
    assert tree(own / "out") == tree(own / "whole")
    assert verified(own).exit_code == 0


def test_a_replacement_that_is_none(own: Path) -> None:
    (own / "out" / ".run" / "replacement").mkdir(parents=True)
    for done in (replaced(own), generate(own, formats="tex,md")):
        assert done.exit_code == 2
        assert "is not what the command replace writes; remove it" in done.stderr


def test_the_command_of_the_class_goes_on_too(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = records(own / "out")["s3"]["id"]
    with monkeypatch.context() as patch:
        patch.setattr(class_replace, "finish_replacement", lambda _: None)
        replaced(own)
    assert records(own / "out")["s3"]["id"] == old
    assert verified(own).exit_code == 1
    assert generate(own, formats="tex,md").exit_code == 0
    assert [one["id"] for one in records(own / "out")["s3"]["replaced"]] == [old]
    assert verified(own).exit_code == 0


def test_bound_pdfs_have_the_old_paper(own: Path) -> None:
    for name in ("worksheets.pdf", "keys.pdf", "bound.json", "report.html"):
        (own / "out" / name).write_text("{}")
    done = replaced(own)
    assert "keys.pdf, worksheets.pdf had the old paper and were removed" in done.stderr
    assert not {"worksheets.pdf", "keys.pdf", "bound.json", "report.html"} & tree(own / "out").keys()


def test_what_is_made_of_other_sections_stays(own: Path) -> None:
    (own / "class.csv").write_text(
        "id,name,section,email\n" + "".join(f"s{n},N{n},Lab {n},n{n}@x\n" for n in range(1, 6))
    )
    options = ("--by", "section", "--zip", "--mail")
    assert generate(own, *options, formats="tex,md").exit_code == 0
    out = own / "out"
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.glob("*.zip")}
    done = replaced(own)
    assert "note: worksheets-Lab-3.zip had the old paper and was removed" in done.stderr
    assert {path.name for path in out.glob("*.zip")} == {f"worksheets-Lab-{n}.zip" for n in (1, 2, 4, 5)}
    assert (out / "mail.csv").is_file()
    assert verified(own).exit_code == 0
    assert generate(own, *options, formats="tex,md").exit_code == 0
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.glob("*.zip")}
    assert {path.name for path in after if after[path] != before[path]} == {"worksheets-Lab-3.zip"}
    assert verified(own).exit_code == 0


def test_what_is_made_of_other_forms_stays(own: Path) -> None:
    (own / "class.csv").write_text("id,name\n" + "".join(f"s{n},N{n}\n" for n in range(1, 6)))
    options = ("--forms", "3", "--by", "form", "--zip", "--mail")
    assert generate(own, *options, out="forms").exit_code == 0
    done = replaced(own, "form-B", out="forms")
    assert "note: worksheets-form-B.zip had the old paper and was removed" in done.stderr
    assert {path.name for path in (own / "forms").glob("*.zip")} == {"worksheets-form-A.zip", "worksheets-form-C.zip"}
    assert records(own / "forms")["form-B"]["id"] in (own / "forms" / "forms.csv").read_text()
    assert generate(own, *options, out="forms").exit_code == 0
    assert (own / "forms" / "worksheets-form-B.zip").is_file()


def test_a_class_that_was_never_finished(own: Path) -> None:
    out = own / "new"
    (out / ".run").mkdir(parents=True)
    (out / ".run" / "plan.json").write_text("{}")
    done = replaced(own, out="new")
    assert done.exit_code == 2
    assert "a run in" in done.stderr
    assert "did not finish: give its command again first" in done.stderr


@pytest.mark.slow
def test_the_pdfs_are_replaced(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    assert generate(tmp_path, formats="pdf").exit_code == 0
    before = tree(tmp_path / "out")
    assert replaced(tmp_path, "s1").exit_code == 0
    after = tree(tmp_path / "out")
    assert after["s1/worksheet.pdf"] != before["s1/worksheet.pdf"]
    assert after["s2/worksheet.pdf"] == before["s2/worksheet.pdf"]
    assert verified(tmp_path).exit_code == 0


def test_a_form(own: Path) -> None:
    made = worksheet(
        "generate", own / "quiz.toml", "--forms", "3", "--formats", "md", "--out", own / "forms", "--workers", "1"
    )
    assert made.exit_code == 0, made.output
    assert replaced(own, "form-B", out="forms").exit_code == 0
    assert "Form B" in (own / "forms" / "form-B" / "worksheet.md").read_text()


def test_a_form_that_was_given_out_over_a_class_list(own: Path) -> None:
    made = worksheet(
        "generate", own / "quiz.toml", "--forms", "2", "--roster", own / "class.csv", "--formats", "md",
        "--out", own / "forms", "--workers", "1",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    table = (own / "forms" / "forms.csv").read_text()
    assert replaced(own, "form-B", out="forms").exit_code == 0
    record = records(own / "forms")["form-B"]
    assert (own / "forms" / "forms.csv").read_text() == table.replace(record["replaced"][0]["id"], record["id"])
    assert record["id"] not in table
    found = worksheet("verify", own / "forms", "--sheet", own / "quiz.toml", "--workers", "1")
    assert found.exit_code == 0, found.output


@pytest.mark.parametrize(
    ("student", "edit", "message"),
    [
        ("s9", None, "STUDENT: no paper in .* is that of 's9': expected an id as in index.csv, such as s1"),
        ("s3", {"version": "0.2.0"}, "were made by version 0.2.0"),
        ("s3", {"secret": "", "stream": ""}, "were drawn without a secret"),
        ("s3", {"secret": "00000000"}, "are drawn with the secret 00000000, and this one is"),
        (
            "s3",
            {"sources": {"quiz.toml": "0", "sums.py": "0", "more.py": "0"}},
            "not as it was when the papers were made",
        ),
    ],
)
def test_what_cannot_be_replaced(own: Path, student: str, edit: dict[str, Any] | None, message: str) -> None:
    manifest = own / "out" / "manifest.jsonl"
    made = [json.loads(line) | (edit or {}) for line in manifest.read_text().splitlines()]
    manifest.write_text("".join(json.dumps(one) + "\n" for one in made))
    before = tree(own / "out")
    done = replaced(own, student)
    assert done.exit_code == 2, done.output
    assert re.search(message, done.stderr)
    assert tree(own / "out") == before
    assert not (own / "out" / ".run").exists()


def test_a_sheet_of_ones_own_is_asked_for(own: Path) -> None:
    done = worksheet("replace", "s3", "--in", own / "out")
    assert done.exit_code == 2
    assert "--sheet: the papers are of a sheet of your own: name its file, quiz.toml" in done.stderr


def test_where_there_is_no_class(tmp_path: Path) -> None:
    done = worksheet("replace", "s1", "--in", tmp_path)
    assert done.exit_code == 2
    assert "expected the folder of a class" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_paper_that_cannot_be_made_changes_nothing(own: Path, tmp_path: Path) -> None:
    (own / "other").write_text(Secret(bytes(32)).key.hex())
    (own / "other").chmod(0o600)
    before = tree(own / "out")
    done = replaced(own, "s3", "--secret", own / "other")
    assert done.exit_code == 2
    assert "name its file" in done.stderr
    assert tree(own / "out") == before
