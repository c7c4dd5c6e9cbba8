"""The commands of the page about gradebooks, as a reader types them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from generator.cli.gradebooks import TARGETS
from generator.grading.platforms.read import FORMATS
from tests.tiny_class import worksheet

PAGE = (Path(__file__).parents[2] / "docs" / "gradebooks.md").read_text(encoding="utf-8")
FILES = {
    "class.csv": "id,name,email\nu1001,Ada Lovelace,ada@example.edu\n",
    "answers.csv": "student,problem,part,answer\nu1001,4,y_corr,1\n",
    "responses.csv": "Timestamp,Email Address,(id dropout.y_corr)\n2026/11/02 10:01:44 AM,ada@example.edu,1\n",
    "gradebook.csv": "Student,ID,SIS User ID,Discussion 04 (7)\n,,u1001,\n",
    "quiz.toml": 'title = "Quiz"\n[[question]]\nid = "seven"\nkind = "number"\ntext = "Seven?"\nanswer = 7\npoints = 2\n',
    "analysis.csv": (
        "name,id,sis_id,submitted,attempt,912001: <p>Seven?</p>(id seven.answer BEHPX),2.0,n correct,n incorrect,score\n"
        "Ada Lovelace,8801,u1001,2026-11-02 15:04:40 UTC,1,7,2.0,1,0,2.0\n"
    ),
    "vastused.csv": "Õpilane,Aeg,Vastus 1,Vastus 2,5,6,7\nu1001,,,1,,,\n",
}


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text)
    lines = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    assert len(lines) == 9
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        if words[0] in ("generate", "grade"):
            words += ["--workers", "1"]
        result = worksheet(*words)
        assert result.exit_code == 0, f"{line}: {result.output}"


def test_every_format_and_target_is_on_the_page() -> None:
    for name in FORMATS:
        assert f"| `{name}` |" in PAGE, name
    for target in TARGETS:
        assert re.search(rf"^## {target}", PAGE, re.MULTILINE | re.IGNORECASE), target
