"""Submits answers to an exported course as PrairieLearn would: run with a Python that has pl-e2e-test and PrairieLearn's own package.

Arguments: the course's folder, PrairieLearn's repository, and how many variants to try.  Prints what went otherwise than it should, and in the end
the number of submissions.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import chevron
import lxml.html
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
        data = self._harness._phase_data("prepare", self._base)
        backend.process("prepare", self._harness._template(self._source, data), data)
        self._base.update(params=data["params"], correct_answers=data["correct_answers"])
        self.page = chevron.render(self._source, data)
        self.params = data["params"]

    def submit(self, typed: dict[str, str]) -> dict[str, Any]:
        """Return what becomes of what was typed into the fields."""
        harness = self._harness
        data = harness._phase_data("parse", self._base, raw_submitted_answers=typed, submitted_answers=typed)
        harness._process("parse", self._source, data, self._server)
        if data["format_errors"]:
            return {"score": None, "feedback": "", "errors": data["format_errors"]}
        kept = {
            name: data[name] for name in ("submitted_answers", "raw_submitted_answers", "format_errors", "feedback")
        }
        data = harness._phase_data("grade", {**self._base, **kept})
        harness._process("grade", self._source, data, self._server)
        _aggregate_score(data, True)
        kept = {
            name: data[name]
            for name in ("submitted_answers", "raw_submitted_answers", "feedback", "partial_scores", "score")
        }
        panel = harness._render(
            self._source, self._base, self._server, panel="submission", show_correct=True, submission=kept
        )
        return {"score": data["score"], "feedback": words(panel), "errors": data["format_errors"]}


def words(html: str) -> str:
    """Return the words of a page, without its layout."""
    return " ".join(str(lxml.html.fragment_fromstring(html, create_parent=True).text_content()).split())


def unusual(exact: str) -> str:
    """Return another form of a number."""
    return f"2*({exact}) - ({exact})/1"


def tried(site: Site, variant: dict[str, Any]) -> int:
    """Submit the key, in two forms, each mistake, and a wrong answer; return how many that were."""
    answers: dict[str, str] = variant["answers"]
    decimals = bool(variant["near"])
    integers = "<pl-integer-input" in site.page
    where = variant["id"]
    rest: dict[str, str] = dict.fromkeys(answers, "0")
    count = 0

    def expect(what: str, typed: dict[str, str], score: float | None, sentence: str = "") -> None:
        nonlocal count
        count += 1
        found = site.submit({**rest, **typed})
        if score is None:
            good = found["score"] is None or not found["score"]
        else:
            good = found["score"] is not None and found["score"] >= score - 1e-9
        if not good or (sentence and sentence not in found["feedback"]):
            sys.stdout.write(json.dumps([where, what, typed, found["score"], found["errors"]], default=str) + "\n")

    def text(exact: str) -> str:
        import sympy

        return str(sympy.N(sympy.sympify(exact), 15)) if decimals else exact

    expect("key", {name: text(exact) for name, exact in answers.items()}, 1)
    if not decimals and not integers:
        expect("unusual", {name: unusual(exact) for name, exact in answers.items()}, 1)
        expect("float", dict.fromkeys(answers, "0.123"), None)
    expect("wrong", dict.fromkeys(answers, "987654321"), None)
    for mistake in variant["mistakes"]:
        typed = {name: text(exact) for name, exact in mistake["answers"].items()}
        sentence = words(mistake["feedback"])
        expect(mistake["id"], typed, mistake["share"], sentence)
    return count


def main() -> None:
    """Try all questions whose answers are numbers, in questions of one part."""
    course, repository, most = Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        backend = PrairieLearnBackend.from_clone(repository, course, folder)
        count = 0
        for path in sorted((course / "questions").rglob("variants.json")):
            variants = json.loads(path.read_bytes())
            for seed, variant in enumerate(variants[:most]):
                site = Site(path.parent, course, backend, seed)
                assert site.params["variant"] == variant["id"]
                fields = lxml.html.fragment_fromstring(site.page, create_parent=True).xpath("//@answers-name")
                if variant["answers"] and len(fields) == len(variant["correct"]):
                    count += tried(site, variant)
    sys.stdout.write(f"{count}\n")


main()
