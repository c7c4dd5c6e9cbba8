"""Answers questions of an exported course as PrairieLearn does: run with a Python that has pl-e2e-test and PrairieLearn's own package.

Arguments: the course's folder, and PrairieLearn's repository.  Each line of the standard input is a submission, each line of the output what
became of it; ``tests.export.test_prairielearn_itself`` compares both with the stand-in, ``tests.export.prairielearn_stub``.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from base64 import b64encode
from hashlib import sha1
from pathlib import Path
from typing import Any

import chevron
import lxml.html
import prairielearn as pl
from prairielearn_e2e.backend import PrairieLearnBackend
from prairielearn_e2e.harness import QuestionHarness, _aggregate_score
from prairielearn_e2e.server import ServerModule


class Site:
    """One question with one of its variants."""

    def __init__(self, question: Path, course: Path, backend: PrairieLearnBackend, seed: int) -> None:
        random.seed(seed)
        self._harness = QuestionHarness(question, backend, course_root=course)
        self._server = ServerModule(question / "server.py", course)
        self._source = (question / "question.html").read_text(encoding="utf-8")
        self._base = self._harness._base(seed, {})
        data = self._harness._phase_data("generate", self._base)
        self._server.invoke("generate", data)
        self._base.update(params=data["params"], correct_answers=data["correct_answers"])
        self._options = options(chevron.render(self._source, data))
        data = self._harness._phase_data("prepare", self._base)
        backend.process("prepare", self._harness._template(self._source, data), data)
        self._base.update(params=data["params"], correct_answers=data["correct_answers"])
        self._harness._render(self._source, self._base, self._server, panel="question", show_correct=False)
        self._shown: set[str] = set()

    def submit(self, typed: dict[str, str]) -> dict[str, Any]:
        """Return what becomes of what was typed into the fields; of a choice it is the numbers of the options, from 0 on."""
        raw = dict(self._sent(name, text) for name, text in typed.items())
        harness = self._harness
        data = harness._phase_data("parse", self._base, raw_submitted_answers=raw, submitted_answers=raw)
        harness._process("parse", self._source, data, self._server)
        if data["format_errors"]:
            self._panel(data)
            return {"variant": data["params"]["variant"], "score": None, "feedback": ""}
        kept = {
            name: data[name] for name in ("submitted_answers", "raw_submitted_answers", "format_errors", "feedback")
        }
        data = harness._phase_data("grade", {**self._base, **kept})
        harness._process("grade", self._source, data, self._server)
        _aggregate_score(data, True)
        self._panel(data)
        said = words(data["feedback"].get("mistake", ""))
        return {"variant": data["params"]["variant"], "score": data["score"], "feedback": said}

    def _sent(self, name: str, text: str) -> tuple[str, str | list[str]]:
        """Return what the page sends for a field."""
        if name.endswith(".html"):
            return field_of_editor(name), b64encode(text.encode()).decode()
        return name, self._chosen(name, text) if name in self._options else text

    def _panel(self, data: dict[str, Any]) -> None:
        """Show the submission, which must hold what the student is told about it; each sentence is tried once, for this takes long."""
        said = words(data["feedback"].get("mistake", ""))
        if said in self._shown:
            return
        self._shown.add(said)
        names = ("submitted_answers", "raw_submitted_answers", "feedback", "partial_scores", "score", "format_errors")
        kept = {name: data[name] for name in names if name in data}
        panel = self._harness._render(
            self._source, self._base, self._server, panel="submission", show_correct=True, submission=kept
        )
        assert said in words(panel)

    def _chosen(self, name: str, places: str) -> str | list[str]:
        """Return the keys of options, which stand in another order on each student's page."""
        texts = [self._options[name][int(place)] for place in places.split()]
        keys = [one["key"] for text in texts for one in self._base["params"][name] if one["html"].strip() == text]
        assert len(keys) == len(texts), (name, texts)
        return keys if isinstance(self._base["correct_answers"][name], list) else "".join(keys)


def options(page: str) -> dict[str, list[str]]:
    """Return the texts of the options of each choice of a page."""
    found = lxml.html.fragment_fromstring(page, create_parent=True)
    return {
        one.get("answers-name"): [pl.inner_html(answer).strip() for answer in one.iter("pl-answer")]
        for one in found.iter("pl-multiple-choice", "pl-checkbox")
    }


def field_of_editor(file: str) -> str:
    """Return the name of an editor's field."""
    return f"_rich_text_editor_{sha1(file.encode(), usedforsecurity=False).hexdigest()}"


def words(html: str) -> str:
    """Return the words of a page, without its layout."""
    return " ".join(str(lxml.html.fragment_fromstring(html, create_parent=True).text_content()).split())


def main() -> None:
    """Answer what is asked, question by question."""
    course, repository = Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        backend = PrairieLearnBackend.from_clone(repository, course, folder)
        open_sites: dict[tuple[str, int], Site] = {}
        for line in sys.stdin:
            asked = json.loads(line)
            which = (asked["question"], asked["seed"])
            if which not in open_sites:
                open_sites[which] = Site(course / "questions" / asked["question"], course, backend, asked["seed"])
            sys.stdout.write(json.dumps(open_sites[which].submit(asked["typed"])) + "\n")


main()
