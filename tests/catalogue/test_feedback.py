"""A student's feedback on every problem: formulas are MathML, and no name of a function is shown."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from generator.grading.answer_file import Submitted
from generator.grading.paper_marking import Marking, mark_paper
from generator.numbers.encoding import encode
from generator.paper.paper import make_paper
from generator.paper.record import paper_record, record_line
from generator.paper.sheet import Entry, Sheet
from generator.paper.students import Student
from generator.problem.catalogue import catalogue
from generator.problem.choices import Choice
from generator.problem.words import Claims, Essay

STUDENT = Student("s1", "Ada")


def spoiled(value: Any) -> str:
    """An answer with its last number one too large."""
    text = json.dumps(encode(value))
    found = list(re.finditer(r'"([^"]+)"', text))[-1]
    return f"{text[: found.start(1)]}({found[1]})+1{text[found.end(1) :]}".replace('"', "")


@pytest.mark.slow
@pytest.mark.parametrize("guided", [False, True])
@pytest.mark.parametrize("problem", list(catalogue()))
def test_wrong_answers_are_shown_without_raw_tex_or_names_of_functions(problem: str, guided: bool) -> None:
    known = catalogue()[problem]
    sheet = Sheet("quiz", "Quiz", (Entry(known, guided=guided),))
    for seed in (1, 2):
        paper = make_paper(sheet, seed, STUDENT)
        (variant,) = paper.variants
        rows: list[Submitted] = []
        for question in paper.document.exercises[0].parts:
            for one in (question, *question.parts):
                part = next((p for p in _all(variant) if p.id == one.id and p.answer is not None), None)
                if part is None:
                    continue
                answer = part.answer
                if isinstance(answer, Essay):
                    text = "It stays the same."
                elif isinstance(answer, Claims):
                    text = " ".join("T" for _ in answer.claims)
                else:
                    text = "A" if isinstance(answer, Choice) else spoiled(answer.value(variant.values))
                rows.append(Submitted(row=len(rows) + 1, student="s1", problem="1", part=part.id, answer=text))
        line = record_line(paper_record(paper, "quiz", seed, {}, STUDENT))
        outcome = mark_paper(Marking(), line, STUDENT, rows, (), None)
        assert not outcome.refused_answers
        assert len(outcome.paper.problems[0].parts) == len(rows)
        page = outcome.files["feedback/s1.html"].decode()
        shown = re.sub(r"<(style|title)>.*?</\1>", "", page.partition("<main")[2], flags=re.DOTALL)
        words = re.sub(r"<[^>]*>", " ", re.sub(r'<div class="typed">.*?</div>', "", shown, flags=re.DOTALL))
        assert not {"\\", "$", "`"} & set(words)
        names = {name for name in known.graph.names if "_" in name}
        assert not [name for name in names if re.search(rf"\b{name}\b", words)]


def _all(variant: Any) -> Any:
    from generator.problem.parts import walk

    return walk(variant.all_parts)
