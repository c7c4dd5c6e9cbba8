"""A sheet in another language: on record, so that keys, checks, marks and runs that go on are in it, with the numbers of the English one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main

SHEET = 'title = "Quiz"\nlanguage = "de"\n\n[[problem]]\nid = "dropout"\n'


def worksheet(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def done(*arguments: object) -> str:
    result = worksheet(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "quiz.toml"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_labels_and_instructions_are_german_and_the_numbers_the_same(sheet: Path, tmp_path: Path) -> None:
    done("generate", sheet, "--seed", 3, "--formats", "md,html,tex", "--out", tmp_path / "de")
    done("generate", sheet, "--seed", 3, "--formats", "md", "--language", "en", "--out", tmp_path / "en")
    text = (tmp_path / "de" / "key.md").read_text("utf-8")
    for words in ("Lösung zur Variante ", "Punkte)", "**Lösung.**", "*Häufige falsche Antworten*"):
        assert words in text
    assert "Geben Sie exakte Werte an" in (tmp_path / "de" / "worksheet.md").read_text("utf-8")
    page = (tmp_path / "de" / "worksheet.html").read_text("utf-8")
    assert '<html lang="de">' in page
    assert "Zu den Aufgaben" in page
    assert "Seite \\thepage\\ von" in (tmp_path / "de" / "worksheet.sty").read_text("utf-8")
    german, english = (json.loads((tmp_path / one / "manifest.json").read_text()) for one in ("de", "en"))
    assert german["language"] == "de"
    assert "language" not in english
    assert german["id"] == english["id"]
    assert german["problems"][0]["params"] == english["problems"][0]["params"]
    assert "Solution." in (tmp_path / "en" / "key.md").read_text("utf-8")


def test_the_record_says_the_language_where_the_sheet_is_not_there(sheet: Path, tmp_path: Path) -> None:
    done("generate", sheet, "--seed", 3, "--formats", "md", "--out", tmp_path / "de")
    identity = json.loads((tmp_path / "de" / "manifest.json").read_text())["id"]
    before = (tmp_path / "de" / "key.md").read_text("utf-8")
    sheet.unlink()
    done("key", identity, "--in", tmp_path / "de", "--formats", "md", "--out", tmp_path / "again")
    again = (tmp_path / "again" / "key.md").read_text("utf-8")
    assert again.split("\n", 1)[1] == before.split("\n", 1)[1]  # but for the title, which only the sheet has
    assert "in Ordnung" not in done("verify", tmp_path / "de")  # what instructors read is English


def test_a_class_is_made_verified_and_graded_in_german(sheet: Path, tmp_path: Path) -> None:
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\ns1,Ada\ns2,Ben\n", encoding="utf-8")
    out = tmp_path / "class"
    run = ("generate", sheet, "--seed", 3, "--roster", roster, "--formats", "md", "--out", out, "--workers", 2)
    done(*run)
    before = (out / "s1" / "key.md").read_bytes()
    (out / "s1" / "key.md").unlink()
    done(*run)
    assert (out / "s1" / "key.md").read_bytes() == before
    assert b"L\xc3\xb6sung f\xc3\xbcr Ada" in before
    done("verify", out)
    answers = tmp_path / "answers.csv"
    part = next(
        part for part in json.loads((out / "manifest.jsonl").read_text().splitlines()[0])["problems"][0]["answers"]
    )
    answers.write_text(f"student,problem,part,answer\ns1,Aufgabe 1,{part},2√\ns2,1,Teil (a),7\n", encoding="utf-8")
    done("grade", out, answers, "--out", tmp_path / "marks")
    feedback = (tmp_path / "marks" / "feedback" / "s1.md").read_text("utf-8")
    assert "# quiz: Rückmeldung für Ada" in feedback
    assert "Das ist nicht lesbar und kostet nichts" in feedback
    assert "**Keine Antwort abgegeben.**" in feedback
    assert "This" not in feedback


def test_an_unknown_language_is_refused_with_the_line(sheet: Path, tmp_path: Path) -> None:
    sheet.write_text(SHEET.replace('"de"', '"dde"'), encoding="utf-8")
    result = worksheet("generate", sheet, "--out", tmp_path / "x")
    assert result.exit_code == 2
    assert "language: there is no language 'dde'; did you mean de?; there are de, en" in result.output
    assert "line 2" in result.output
    result = worksheet("generate", "discussion04", "--language", "xx", "--out", tmp_path / "x")
    assert result.exit_code == 2
    assert "--language: there is no language 'xx'; there are de, en" in result.output
    assert not (tmp_path / "x").exists()
    result = worksheet("practice", "--language", "xx")
    assert result.exit_code == 2
    assert "--language: there is no language 'xx'" in result.output
