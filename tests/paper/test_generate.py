"""Generating a sheet: the files, their bytes, the manifest, and what happens when something is in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import __version__
from generator.cli import main
from generator.errors import EngineError
from generator.paper import generate
from generator.tex import pdf
from tests.tiny_class import ROOT

PROBLEMS = ["model-size", "layer-norm", "batch-norm", "dropout", "l2-regularization"]
TEXTS = {"worksheet.tex", "worksheet.sty", "worksheet.md", "key.tex", "key.md"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["generate", *arguments])


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_files_are_there_and_the_same_twice(tmp_path: Path) -> None:
    first = run("discussion04", "--seed", "5", "--out", str(tmp_path / "one"))
    assert first.exit_code == 0, first.output
    assert first.stderr == ""
    assert run("discussion04", "--seed", "5", "--out", str(tmp_path / "two")).exit_code == 0
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one == two
    others = {"worksheet.html", "key.html", "worksheet.pdf", "key.pdf", "manifest.json"}
    assert {*TEXTS, *others} < set(one)
    assert all(name.startswith(("figures/", "key-figures/")) for name in set(one) - {*TEXTS, *others})
    assert first.output.split() == [str(tmp_path / "one" / name) for name in _written_order(one, first.output)]
    assert one["worksheet.pdf"].startswith(b"%PDF-")


def _written_order(found: dict[str, bytes], output: str) -> list[str]:
    order = sorted(found, key=lambda name: output.index(os.sep + name))
    assert len(order) == len(output.split())
    return order


OTHERWISE = """
import sys, zlib
pack = zlib.compress
zlib.compress = lambda data, *_, **__: pack(data, 9)
from generator.cli import main
main(["generate", "discussion04", "--formats", "tex,md,html,pdf", "--out", sys.argv[1]])
"""
"""Where zlib is of another make, it packs the same into other bytes; and sets are in another order in each process."""


@pytest.mark.slow
def test_the_same_bytes_on_other_machines(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-c", OTHERWISE, str(tmp_path / seed)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
    assert run("discussion04", "--formats", "tex,md,html,pdf", "--out", str(tmp_path / "here")).exit_code == 0
    assert files(tmp_path / "1") == files(tmp_path / "2") == files(tmp_path / "here")


def test_another_seed_gives_another_sheet(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        run("discussion04", "--seed", seed, "--formats", "md", "--out", str(tmp_path / seed))
    assert (tmp_path / "1" / "worksheet.md").read_bytes() != (tmp_path / "2" / "worksheet.md").read_bytes()


def test_the_default_folder_names_sheet_and_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("discussion04", "--seed", "9", "--formats", "md").exit_code == 0
    assert run("discussion04", "--original", "--formats", "md").exit_code == 0
    assert (tmp_path / "output" / "discussion04" / "9" / "worksheet.md").is_file()
    assert (tmp_path / "output" / "discussion04" / "original" / "worksheet.md").is_file()


@pytest.mark.parametrize("choice", [["--seed", "3"], ["--original"]])
def test_the_manifest_is_complete_and_solves_to_itself(tmp_path: Path, choice: list[str]) -> None:
    sheet = "discussion04" if choice == ["--original"] else "discussion04-extended"
    run(sheet, *choice, "--formats", "tex", "--out", str(tmp_path))
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["sheet"] == sheet
    assert manifest["seed"] == (3 if choice[0] == "--seed" else "original")
    assert manifest["version"] == __version__
    assert [problem["id"] for problem in manifest["problems"]] == PROBLEMS
    for problem in manifest["problems"]:
        solved = CliRunner().invoke(main, ["solve", problem["id"], "-"], input=json.dumps(problem["params"]))
        assert solved.exit_code == 0, solved.output
        again = json.loads(solved.output)
        assert again["values"] == problem["values"]
        assert again["answers"] == problem["answers"]


def test_the_markdown_finds_its_figures(tmp_path: Path) -> None:
    run("discussion04", "--seed", "3", "--formats", "md", "--out", str(tmp_path))
    for name in ("worksheet.md", "key.md"):
        text = (tmp_path / name).read_text()
        named = [part.split(")")[0] for part in text.split("](")[1:]]
        assert named
        for figure in named:
            assert (tmp_path / figure).is_file()
    assert "key" not in (tmp_path / "worksheet.md").read_text().lower().split("](figures/")[1]


def test_the_students_files_do_not_mention_a_key(tmp_path: Path) -> None:
    run("discussion04", "--seed", "3", "--out", str(tmp_path))
    for name in ("worksheet.md", "worksheet.tex"):
        text = (tmp_path / name).read_text()
        for word in ("If you got", "Model answer", "boxed", r"\answerbox{", r"\CorrectChoice", "key-figures"):
            assert word not in text


def test_files_of_an_earlier_run_do_not_stay_beside_a_new_key(tmp_path: Path) -> None:
    run("discussion04", "--seed", "1", "--formats", "tex,md", "--out", str(tmp_path))
    (tmp_path / "notes.txt").write_text("mine")
    run("discussion04", "--seed", "2", "--formats", "tex", "--out", str(tmp_path))
    assert {name for name in files(tmp_path) if not name.startswith(("figures/", "key-figures/"))} == {
        "worksheet.tex",
        "worksheet.sty",
        "key.tex",
        "manifest.json",
        "notes.txt",
    }
    assert not any(name.startswith(("figures/", "key-figures/")) for name in files(tmp_path))


def test_a_missing_engine_is_found_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_embedded_program", lambda: None, raising=False)
    monkeypatch.setenv("PATH", "")

    def too_late(*_: object) -> None:
        raise AssertionError("the work had begun")

    monkeypatch.setattr(generate, "make_paper", too_late)
    result = run("discussion04", "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "pdflatex" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_failing_engine_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise EngineError("worksheet: TeX failed")

    monkeypatch.setattr(generate, "compile_papers", fail)
    result = run("discussion04", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "TeX failed" in result.stderr
    assert files(tmp_path) == {}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("discussion04", "--formats", "md", "--out", str(tmp_path / "file" / "out"))
    assert result.exit_code == 2
    assert "cannot be made" in result.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    result = run("discussion04", "--formats", "md", "--out", str(tmp_path))
    tmp_path.chmod(0o700)
    assert result.exit_code == 2
    assert "not writable" in result.stderr


@pytest.mark.parametrize("formats", ["odt", "", "tex,,odt"])
def test_unknown_formats(formats: str, tmp_path: Path) -> None:
    result = run("discussion04", "--formats", formats, "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "--formats" in result.stderr


def test_what_stands_in_the_way_is_found_before_anything_changes(tmp_path: Path) -> None:
    run("discussion04", "--seed", "1", "--formats", "tex,md", "--out", str(tmp_path))
    (tmp_path / "key.md").unlink()
    (tmp_path / "key.md").mkdir()
    before = files(tmp_path)
    result = run("discussion04", "--seed", "2", "--formats", "tex,md", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "key.md is a folder where a file is to be written" in result.stderr
    assert files(tmp_path) == before


def test_a_file_where_the_figures_belong(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("mine")
    result = run("discussion04", "--formats", "md", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "figures is a file where a folder is needed" in result.stderr
    assert files(tmp_path) == {"figures": b"mine"}


def test_an_outdated_file_that_became_a_folder(tmp_path: Path) -> None:
    run("discussion04", "--formats", "tex", "--out", str(tmp_path))
    (tmp_path / "key.tex").unlink()
    (tmp_path / "key.tex").mkdir()
    result = run("discussion04", "--formats", "md", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "key.tex is a folder" in result.stderr


def test_an_edited_manifest_cannot_make_us_remove_other_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("discussion04", "--formats", "tex", "--out", str(out))
    for name in ("thesis.tex", "out/notes.md"):
        (tmp_path / name).write_text("mine")
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"] |= dict.fromkeys(["../thesis.tex", "notes.md", "figures/../../thesis.tex"], "0")
    (out / "manifest.json").write_text(json.dumps(manifest))
    run("discussion04", "--formats", "md", "--out", str(out))
    assert (tmp_path / "thesis.tex").read_text() == (out / "notes.md").read_text() == "mine"


def test_nothing_is_written_when_a_move_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("generator.paper.files._write", full)
    result = run("discussion04", "--formats", "md", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert files(tmp_path) == {}


def test_a_guided_sheets_manifest_has_the_intermediate_answers(tmp_path: Path) -> None:
    sheet = tmp_path / "quiz.toml"
    sheet.write_text('title = "Quiz"\n[[problem]]\nid = "layer-norm"\nguided = true\n')
    run(str(sheet), "--formats", "md", "--out", str(tmp_path / "out"))
    (problem,) = json.loads((tmp_path / "out" / "manifest.json").read_text())["problems"]
    assert {"mean", "variance", "std", "normalized", "output"} <= set(problem["answers"])
