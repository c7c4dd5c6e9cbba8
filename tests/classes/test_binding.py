"""A class bound into single PDFs: the order of the papers, right-hand pages, the index of the keys."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result

from generator.classes.binding import parse_print_order
from generator.cli import main
from generator.errors import InputError
from tests.tiny_class import without_class_list, worksheet

SHEET = 'title = "Quiz"\n[[problem]]\nid = "dropout"\n'
ROSTER = "id,name,section\ns1,Émile,B\ns2,zoe,A\ns3,Eve,B\ns4,Ada,A\n"


def run(folder: Path, *options: str, roster: str = ROSTER) -> Result:
    (folder / "quiz.toml").write_text(SHEET)
    (folder / "class.csv").write_text(roster)
    command = ["generate", str(folder / "quiz.toml"), "--roster", str(folder / "class.csv"), "--workers", "1"]
    return CliRunner().invoke(main, [*command, "--out", str(folder / "out"), *options])


def words(page: pikepdf.Page) -> str:
    """Every outline and link aside, what tells one page from another: its content."""
    return str(page.Contents.read_bytes()) if not isinstance(page.Contents, pikepdf.Array) else ""


@pytest.mark.slow
def test_worksheets_for_the_copier_and_keys_with_an_index(tmp_path: Path) -> None:
    result = run(tmp_path, "--formats", "pdf", "--one-key", "--print-order", "section,name", "--duplex")
    assert result.exit_code == 0, result.output
    singles = {name: pikepdf.open(tmp_path / "out" / name / "worksheet.pdf") for name in ("s1", "s2", "s3", "s4")}
    with pikepdf.open(tmp_path / "out" / "worksheets.pdf") as whole:
        place = 0
        for name in ("s4", "s2", "s1", "s3"):  # sections A, B; within them Ada, zoe, Émile, Eve
            assert place % 2 == 0
            for page in singles[name].pages:
                assert words(whole.pages[place]) == words(page)
                place += 1
            place += place % 2 if name != "s3" else 0
        assert place == len(whole.pages)
    keys = sum(len(pikepdf.open(tmp_path / "out" / name / "key.pdf").pages) for name in singles)
    with pikepdf.open(io.BytesIO((tmp_path / "out" / "keys.pdf").read_bytes())) as whole:
        assert len(whole.pages) == keys + 1
        assert len(whole.pages[0].Annots) >= 4


@pytest.mark.slow
def test_what_is_bound_no_longer_does_not_stay_behind(tmp_path: Path) -> None:
    assert run(tmp_path, "--formats", "pdf", "--one-key").exit_code == 0
    assert (tmp_path / "out" / "keys.pdf").exists()
    again = run(tmp_path, "--formats", "md", "--replace")
    assert again.exit_code == 0
    assert "keys.pdf of the run before was removed" in again.stderr
    assert not (tmp_path / "out" / "keys.pdf").exists()


def stamps(folder: Path) -> dict[str, int]:
    """When each file in the folder itself was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_file()}


@pytest.mark.slow
def test_what_is_bound_is_bound_again_only_if_its_content_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A handout has one page, so that its back stays empty.
    options = ("--formats", "pdf", "--one-key", "--print-order", "name", "--layout", "handout")
    assert run(tmp_path, *options).exit_code == 0
    before = stamps(tmp_path / "out")
    with monkeypatch.context() as patched:
        patched.setattr("generator.tex.binding.one_pdf", None)
        assert run(tmp_path, *options).exit_code == 0
    assert stamps(tmp_path / "out") == before
    assert run(tmp_path, *options, "--duplex").exit_code == 0
    after = stamps(tmp_path / "out")
    assert {name for name in before if before[name] != after[name]} == {"worksheets.pdf", "bound.json"}
    assert run(tmp_path, *options, "--duplex", roster=ROSTER + "s5,Zuse,A\n").exit_code == 0
    last = stamps(tmp_path / "out")
    assert last["worksheets.pdf"] != after["worksheets.pdf"]
    assert last["keys.pdf"] != after["keys.pdf"]
    with pikepdf.open(tmp_path / "out" / "keys.pdf") as keys:
        assert len(keys.pages[0].Annots) >= 5


@pytest.mark.slow
def test_what_is_bound_and_not_asked_for_stays(tmp_path: Path) -> None:
    assert run(tmp_path, "--formats", "pdf", "--one-key", "--print-order", "name").exit_code == 0
    before = stamps(tmp_path / "out")
    again = run(tmp_path, "--formats", "pdf", "--print-order", "name")
    assert again.exit_code == 0
    assert without_class_list(again.stderr) == ""
    assert stamps(tmp_path / "out") == before
    joined = run(tmp_path, "--formats", "pdf", "--print-order", "name", roster=ROSTER + "s5,Zuse,A\n")
    assert joined.exit_code == 0
    assert "keys.pdf stays, of the papers that were there before: ask for it too" in joined.stderr
    after = stamps(tmp_path / "out")
    assert after["keys.pdf"] == before["keys.pdf"]
    assert after["worksheets.pdf"] != before["worksheets.pdf"]
    verified = CliRunner().invoke(
        main, ["verify", str(tmp_path / "out"), "--sheet", str(tmp_path / "quiz.toml"), "--workers", "1"]
    )
    assert verified.exit_code == 0, verified.output


@pytest.mark.slow
def test_what_was_stopped_in_binding_does_not_stay_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*arguments: Any, **options: Any) -> None:
        (arguments[-2] / "keys.pdf").write_bytes(b"half")
        (arguments[-2] / "bound.json").write_bytes(b"{}")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("generator.classes.run.bind_class", stopped)
        assert run(tmp_path, "--formats", "pdf", "--one-key").exit_code == 130
    found = worksheet("verify", tmp_path / "out", "--sheet", tmp_path / "quiz.toml", "--workers", "1")
    assert found.exit_code == 1
    assert re.fullmatch("FAILED the run in .* did not finish: give its command again to continue\n", found.stderr)
    assert (tmp_path / "out" / ".run" / "bound.json").exists()
    assert run(tmp_path, "--formats", "pdf").exit_code == 0
    assert not (tmp_path / "out" / ".run").exists()


@pytest.mark.slow
def test_a_bound_pdf_that_was_changed_is_reported(tmp_path: Path) -> None:
    def verified() -> Result:
        return CliRunner().invoke(
            main, ["verify", str(tmp_path / "out"), "--sheet", str(tmp_path / "quiz.toml"), "--workers", "1"]
        )

    assert run(tmp_path, "--formats", "pdf", "--one-key", "--print-order", "name").exit_code == 0
    assert verified().exit_code == 0, verified().output
    keys, hashes = tmp_path / "out" / "keys.pdf", tmp_path / "out" / "bound.json"
    whole = keys.read_bytes()
    keys.write_bytes(whole.replace(b"/Type", b"/Tyqe", 1) + b"%")
    assert "keys.pdf is not as it was written" in verified().output
    assert verified().exit_code == 1
    keys.unlink()
    assert "keys.pdf is missing" in verified().output
    keys.write_bytes(whole)
    hashes.unlink()
    assert "worksheets.pdf has no hash" in verified().output
    assert run(tmp_path, "--formats", "pdf").exit_code == 0
    assert not hashes.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--formats", "md", "--one-key"), "add pdf to --formats"),
        (("--duplex",), "say --print-order too"),
        (("--print-order", "section,grade"), "expected some of section, name, id, email, seat, form; got grade"),
        (("--print-order", " "), "got nothing"),
    ],
)
def test_what_cannot_be_bound(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    result = run(tmp_path, *options)
    assert result.exit_code == 2
    assert message in result.output
    assert not (tmp_path / "out").exists()


def test_a_binding_without_a_class(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["generate", "discussion04", "--one-key", "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "--one-key is about a class" in result.output


def test_print_orders_are_columns() -> None:
    assert parse_print_order(" section, name,section") == ("section", "name")
    with pytest.raises(InputError):
        parse_print_order("")
