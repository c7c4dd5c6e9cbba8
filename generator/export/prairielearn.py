"""A course folder of PrairieLearn: a question for each part, and an assessment that asks them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from math import gcd, lcm
from typing import Any

from generator.errors.language import using
from generator.export.identities import uuid_of
from generator.export.losses import Losses
from generator.export.prairielearn_page import PAGES, PrairieLearnHtml
from generator.export.prairielearn_question import Shown, Writer, page_of
from generator.export.rules.prairielearn import check
from generator.export.target import Options, Target, Written
from generator.export.together import parts_together, variants_together
from generator.export.tree import Blocks, Claims, Export, Part, Problem
from generator.render.paths import templates_folder

COLORS = ("blue1", "green1", "purple1", "orange1", "turquoise1", "red1", "yellow1", "pink1", "brown1", "gray1")
TERM = "Term"
SET = "Worksheet"


def write(export: Export, options: Options) -> Written:
    """Write a sheet as a course folder."""
    with using(export.language):
        return _Course(export, options).written()


class _Course:
    def __init__(self, export: Export, options: Options) -> None:
        self._export = export
        self._options = options
        self._losses = Losses()
        self._files: dict[str, bytes] = {}

    def written(self) -> Written:
        """Return the folder."""
        export = self._export
        zones = [self._zone(problem) for problem in export.problems]
        titles = dict.fromkeys(problem.title for problem in export.problems)
        self._json("infoCourse.json", {
            "name": export.sheet,
            "title": export.title,
            "topics": [{"name": name, "color": COLORS[place % len(COLORS)]} for place, name in enumerate(titles)],
            "assessmentSets": [{"abbreviation": "WS", "name": SET, "heading": "Worksheets", "color": "blue1"}],
        })  # fmt: skip
        term = f"courseInstances/{TERM}"
        self._json(f"{term}/infoCourseInstance.json", {"uuid": self._uuid(TERM, of_sheet=False), "longName": TERM})
        assessment = {
            "uuid": self._uuid("assessment"), "type": "Homework", "title": export.title, "set": SET, "number": "1",
            "zones": [zone for zone in zones if zone["questions"]],
        }  # fmt: skip
        if export.instructions:
            assessment["text"] = PrairieLearnHtml(export.figures).blocks(export.instructions)
        self._json(f"{term}/assessments/{export.sheet}/infoAssessment.json", assessment)
        return Written(self._files, self._losses.lines, self._next_step())

    def _next_step(self) -> str:
        return (
            "Copy the folders questions and courseInstances into your course's repository (for a new course infoCourse.json too), "
            "and in PrairieLearn choose Sync and Pull from remote git repository; then give the assessment its dates."
        )

    def _uuid(self, *names: str, of_sheet: bool = True) -> str:
        return uuid_of("prairielearn", *([self._export.sheet] if of_sheet else []), *names)

    def _json(self, path: str, content: Any) -> None:
        self._files[path] = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

    # --------------------------------------------------------------------------------------- assessments

    def _zone(self, problem: Problem) -> dict[str, Any]:
        zone: dict[str, Any] = {"title": problem.title, "questions": []}
        if problem.pick:
            zone["numberChoose"] = problem.pick
        together = parts_together(problem, problem.parts) if self._options.together else []
        if together:
            self._together(problem, together)
            zone["questions"].append(self._asked(problem.id, together))
            self._losses.add(LEFT_OUT, len(problem.parts) - len(together))
            return zone
        for part in problem.parts:
            self._alone(problem, part)
            zone["questions"].append(self._asked(part.id.replace(".", "/", 1), [part]))
        return zone

    def _asked(self, name: str, parts: Sequence[Part]) -> dict[str, Any]:
        """Return a question of an assessment with its points."""
        by_machine = sum(map(_points, parts))
        by_hand = sum(part.points for part in parts) - by_machine
        found: dict[str, Any] = {"id": name}
        if by_machine:
            found |= {"autoPoints": by_machine, "triesPerVariant": 1}
        if by_hand:
            found["manualPoints"] = by_hand
        return found

    # ----------------------------------------------------------------------------------------- questions

    def _alone(self, problem: Problem, part: Part) -> None:
        """Write a question with one part."""
        html = PrairieLearnHtml(self._export.figures)
        writer = Writer(html, part, hints=self._options.hints is not False)
        variants = []
        for variant in part.variants:
            shown = writer.shown(variant, variant.prompt)
            variants.append(_record(variant.id, shown.params, [shown], self._solution(html, variant.solution)))
        page = _section("params", PAGES[page_of(part)])
        self._lost(part)
        self._question(problem, part.id.replace(".", "/", 1), part.title, [part], page, variants, html)

    def _together(self, problem: Problem, parts: Sequence[Part]) -> None:
        """Write a question with all parts of a problem."""
        html = PrairieLearnHtml(self._export.figures)
        hints = self._options.hints is not False
        writers = [Writer(html, part, f"p{place}", hints=hints) for place, part in enumerate(parts, start=1)]
        variants = []
        for whole in variants_together(problem, parts):
            shown = [writer.shown(one.variant, one.prompt) for writer, one in zip(writers, whole.parts, strict=True)]
            _weigh(parts, shown)
            params: dict[str, Any] = {f"part{place}": one.params for place, one in enumerate(shown, start=1)}
            params["preamble"] = html.question(whole.preamble)
            params["parts"] = [part.id.partition(".")[2] for part in parts]
            variants.append(_record(whole.id, params, shown, self._solution(html, whole.solution)))
        page = "<pl-question-panel>{{{params.preamble}}}</pl-question-panel>\n" + "".join(
            _section(f"params.part{place}", f"<p><strong>{html.words(part.label)}</strong></p>\n{PAGES[page_of(part)]}")
            for place, part in enumerate(parts, start=1)
        )
        for part in parts:
            self._lost(part)
        self._question(problem, problem.id, problem.title, parts, page, variants, html)

    def _question(
        self,
        problem: Problem,
        name: str,
        title: str,
        parts: Sequence[Part],
        page: str,
        variants: Sequence[dict[str, Any]],
        html: PrairieLearnHtml,
    ) -> None:
        folder = f"questions/{name}"
        info = {"uuid": self._uuid(name), "type": "v3", "title": title, "topic": problem.title}
        if not sum(map(_points, parts)):
            info["gradingMethod"] = "Manual"
        page += "<pl-submission-panel>{{{feedback.mistake}}}</pl-submission-panel>\n"
        if self._options.solutions is not False:
            page += "<pl-answer-panel>{{{params.solution}}}</pl-answer-panel>\n"
        self._json(f"{folder}/info.json", info)
        self._json(f"{folder}/variants.json", variants)
        self._files[f"{folder}/question.html"] = page.encode()
        self._files[f"{folder}/server.py"] = _server()
        for figure, file in html.public.items():
            self._files[f"{folder}/clientFilesQuestion/{file}"] = self._export.figures[figure].content

    def _solution(self, html: PrairieLearnHtml, content: Blocks) -> str:
        return html.blocks(content) if self._options.solutions is not False else ""

    def _lost(self, part: Part) -> None:
        """Count what PrairieLearn cannot do for a part."""
        page = page_of(part)
        if page == "decimals":
            self._losses.add(DECIMALS)
        elif page == "essay":
            self._losses.add(ESSAYS)
        elif page == "claims" and part.points > _points(part):
            self._losses.add(REASONS)


def _points(part: Part) -> int:
    """Return the points of a part that PrairieLearn gives itself."""
    if part.kind == "essay":
        return 0
    if part.kind == "claims":
        answer = part.variants[0].answer
        assert isinstance(answer, Claims)
        return min(part.points, answer.verdict_points * len(answer.statements))
    return part.points


def _weigh(parts: Sequence[Part], shown: Sequence[Shown]) -> None:
    """Give the fields of each part whole weights that together are in proportion to its points."""
    counts = [len(one.fields) for one in shown]
    whole = lcm(*(count for count in counts if count))
    weights = [_points(part) * whole // count if count else 0 for part, count in zip(parts, counts, strict=True)]
    common = gcd(*weights) or 1
    for one, weight in zip(shown, weights, strict=True):
        one.params["weight"] = weight // common


def _record(name: str, params: dict[str, Any], shown: Sequence[Shown], solution: str) -> dict[str, Any]:
    """Return a variant as the server reads it."""

    def joined(key: str) -> dict[str, Any]:
        return {name: value for one in shown for name, value in getattr(one, key).items()}

    return {
        "id": name,
        "params": {**params, "solution": solution},
        "correct": joined("correct"),
        "answers": joined("answers"),
        "near": joined("near"),
        "mistakes": [mistake for one in shown for mistake in one.mistakes],
    }


def _section(name: str, page: str) -> str:
    return f"{{{{#{name}}}}}\n{page}{{{{/{name}}}}}\n"


@cache
def _server() -> bytes:
    return (templates_folder() / "export" / "prairielearn" / "server.py.j2").read_bytes()


ESSAYS = (
    "essay is to be marked by hand in PrairieLearn",
    "essays are to be marked by hand in PrairieLearn",
)
REASONS = (
    "question has reasons for verdicts that are to be marked by hand in PrairieLearn",
    "questions have reasons for verdicts that are to be marked by hand in PrairieLearn",
)
DECIMALS = (
    "matrix with more than 12 entries is compared in decimals, not exactly",
    "matrices with more than 12 entries are compared in decimals, not exactly",
)
LEFT_OUT = (
    "part is left out, for not every variant asks it and all are in one question",
    "parts are left out, for not every variant asks them and all are in one question",
)

TARGET = Target(
    "prairielearn",
    "PrairieLearn",
    "",
    write,
    check,
    takes=frozenset({"hints", "solutions", "together"}),
    answers_return=True,
)
