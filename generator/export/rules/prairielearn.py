"""What PrairieLearn asks of a course folder, as far as files alone show it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "infoCourse.json": (
        frozenset({"name", "title", "topics"}),
        frozenset({
            "comment", "uuid", "timezone", "options", "assessmentSets", "assessmentModules", "tags", "sharingSets",
        }),
    ),
    "infoCourseInstance.json": (
        frozenset({"uuid", "longName"}),
        frozenset({
            "comment", "shortName", "timezone", "allowIssueReporting", "selfEnrollment", "hideInEnrollPage", "userRoles",
            "publishing", "allowAccess", "groupAssessmentsBy", "shareSourcePublicly", "studentLabels",
        }),
    ),
    "infoAssessment.json": (
        frozenset({"uuid", "type", "title", "set", "number"}),
        frozenset({
            "comment", "allowIssueReporting", "multipleInstance", "shuffleQuestions", "allowAccess", "accessControl", "text",
            "maxPoints", "maxBonusPoints", "allowPersonalNotes", "autoClose", "zones", "constantQuestionValue",
            "allowRealTimeGrading", "requireHonorCode", "honorCode", "showQuestionTitles", "groups", "advanceScorePerc",
            "gradeRateMinutes", "module", "shareSourcePublicly", "tools",
        }),
    ),
    "info.json": (
        frozenset({"uuid", "type", "title", "topic"}),
        frozenset({
            "comment", "tags", "authors", "gradingMethod", "singleVariant", "showCorrectAnswer", "partialCredit", "options",
            "externalGradingOptions", "dependencies", "workspaceOptions", "sharingSets", "sharePublicly",
            "shareSourcePublicly", "preferences",
        }),
    ),
}  # fmt: skip
"""The keys of each file: those that it needs, and those that it may have; others are refused."""

_COLOR = re.compile(r"(red|pink|purple|blue|turquoise|green|yellow|orange|brown|gray)[123]")
_ELEMENTS = frozenset({
    "pl-question-panel", "pl-submission-panel", "pl-answer-panel", "pl-figure", "pl-symbolic-input",
    "pl-integer-input", "pl-matrix-component-input", "pl-multiple-choice", "pl-checkbox", "pl-answer", "pl-rich-text-editor",
})  # fmt: skip
_TAG = re.compile(r"\{\{\{?\s*([#/^]?)\s*([\w.]*)\s*\}?\}\}")
_FIGURE = re.compile(r'<pl-figure file-name="([^"]*)" alt="([^"]*)"')


def check(folder: Path) -> Iterator[str]:
    """Yield what is against PrairieLearn's rules in a course folder."""
    if not (folder / "infoCourse.json").is_file():
        yield "infoCourse.json is missing: is this the folder of a course?"
        return
    yield from _Course(folder).faults()


class _Course:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._uuids: dict[str, str] = {}
        self._topics: set[str] = set()
        self._sets: set[str] = set()
        self._manual: dict[str, bool] = {}

    def faults(self) -> Iterator[str]:
        """Yield the faults of the course, its questions and its assessments."""
        folder = self._folder
        yield from self._course(folder / "infoCourse.json")
        infos = sorted((folder / "questions").rglob("info.json"))
        if not infos:
            yield "questions: there is none"
        for info in infos:
            yield from self._question(info)
        assessments = sorted(folder.glob("courseInstances/*/assessments/*/infoAssessment.json"))
        if not assessments:
            yield "courseInstances: there is no assessment"
        for path in sorted(folder.glob("courseInstances/*/infoCourseInstance.json")):
            yield from self._info(path)[1]
        for path in assessments:
            yield from self._assessment(path)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _info(self, path: Path) -> tuple[dict[str, Any], list[str]]:
        """Return the table in a file, and what is wrong with its keys."""
        name = self._name(path)
        found, faults = _table(path, name)
        needed, allowed = KEYS[path.name]
        faults += [f"{name}: {key!r} is missing" for key in sorted(needed - found.keys()) if found]
        faults += [f"{name}: the key {key!r} is not known" for key in sorted(found.keys() - needed - allowed)]
        identity = found.get("uuid")
        if isinstance(identity, str):
            try:
                uuid.UUID(identity)
            except ValueError:
                faults.append(f"{name}: {identity!r} is no UUID")
            other = self._uuids.setdefault(identity, name)
            if other != name:
                faults.append(f"{name}: its uuid is that of {other} too")
        return found, faults

    def _course(self, path: Path) -> Iterator[str]:
        found, faults = self._info(path)
        yield from faults
        self._topics = {topic.get("name", "") for topic in found.get("topics", [])}
        self._sets = {one.get("name", "") for one in found.get("assessmentSets", [])}
        for one in [*found.get("topics", []), *found.get("assessmentSets", [])]:
            if not _COLOR.fullmatch(str(one.get("color", ""))):
                yield f"infoCourse.json: {one.get('name')!r} has the color {one.get('color')!r}, which is not known"
        if len(self._topics) < len(found.get("topics", [])):
            yield "infoCourse.json: two topics have one name"

    def _question(self, path: Path) -> Iterator[str]:
        found, faults = self._info(path)
        yield from faults
        name = self._name(path.parent)
        question = name.removeprefix("questions/")
        self._manual[question] = found.get("gradingMethod") == "Manual"
        if found.get("type") != "v3":
            yield f"{name}: its type is {found.get('type')!r}, not 'v3'"
        if found.get("topic") not in self._topics:
            yield f"{name}: infoCourse.json has no topic {found.get('topic')!r}"
        page = path.parent / "question.html"
        if not page.is_file():
            yield f"{name}: question.html is missing"
            return
        text = page.read_text(encoding="utf-8")
        yield from (f"{name}/question.html: {fault}" for fault in _page_faults(text))
        yield from _public_faults(path.parent, name)
        if (path.parent / "variants.json").is_file():
            if not (path.parent / "server.py").is_file():
                yield f"{name}: server.py is missing, which draws from variants.json"
            yield from self._variants(path.parent, name, text)

    def _variants(self, folder: Path, name: str, page: str) -> Iterator[str]:
        try:
            variants = json.loads((folder / "variants.json").read_bytes())
        except ValueError as error:
            yield f"{name}/variants.json: no JSON: {error}"
            return
        if not isinstance(variants, list) or not variants:
            yield f"{name}/variants.json: expected a list of variants"
            return
        ids = [one.get("id") for one in variants]
        if len({*ids}) < len(ids):
            yield f"{name}/variants.json: two variants have one id"
        computes = re.search(r"<pl-(symbolic|integer|matrix-component)-input", page)
        for one in variants:
            where = f"{name}/variants.json {one.get('id')}"
            if computes and not one.get("answers"):
                yield f"{where}: it has no answer"
            for text in _texts(one.get("params", {})):
                for file, alt in _FIGURE.findall(text):
                    if not (folder / "clientFilesQuestion" / file).is_file():
                        yield f"{where}: the picture {file} is missing"
                    if not alt.strip():
                        yield f"{where}: the picture {file} has no description"
            yield from (f"{where}: {fault}" for fault in _option_faults(one.get("params", {})))
            yield from (f"{where}: {fault}" for fault in _mistake_faults(one))

    def _assessment(self, path: Path) -> Iterator[str]:
        found, faults = self._info(path)
        yield from faults
        name = self._name(path)
        if found.get("type") not in ("Homework", "Exam"):
            yield f"{name}: its type is {found.get('type')!r}, not 'Homework' or 'Exam'"
        if found.get("set") not in self._sets:
            yield f"{name}: infoCourse.json has no assessment set {found.get('set')!r}"
        for zone in found.get("zones", []):
            questions = zone.get("questions", [])
            if not 1 <= zone.get("numberChoose", 1) <= len(questions):
                yield f"{name}: a zone chooses {zone.get('numberChoose')} of {len(questions)} questions"
            for one in questions:
                identity = one.get("id")
                if identity not in self._manual:
                    yield f"{name}: there is no question {identity!r}"
                elif self._manual[identity] and "autoPoints" in one:
                    yield f"{name}: {identity} is marked by hand, and has points that are given by machine"
                if not one.get("autoPoints", 0) + one.get("manualPoints", 0) > 0:
                    yield f"{name}: {identity} has no points"


def _table(path: Path, name: str) -> tuple[dict[str, Any], list[str]]:
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        return {}, [f"{name}: no JSON: {error}"]
    return (found, []) if isinstance(found, dict) else ({}, [f"{name}: expected a table of keys"])


def _page_faults(text: str) -> Iterator[str]:
    """Yield what is wrong with a page: its sections must close, and its elements be known."""
    opened: list[str] = []
    for sign, name in _TAG.findall(text):
        if sign in ("#", "^"):
            opened.append(name)
        elif sign == "/" and (not opened or opened.pop() != name):
            yield f"the section {name} ends where it has not begun"
    yield from (f"the section {name} does not end" for name in opened)
    if text.count("{{") != len(_TAG.findall(text)):
        yield "there are braces that are no place of Mustache"
    for name in sorted({*re.findall(r"<(pl-[a-z-]+)", text)} - _ELEMENTS):
        yield f"the element {name} is not known"
    for name in sorted({*re.findall(r"<(pl-[a-z-]+)", text)}):
        if text.count(f"<{name}") - len(re.findall(rf"<{name}-", text)) != text.count(f"</{name}>"):
            yield f"{name} does not end"


def _public_faults(folder: Path, name: str) -> Iterator[str]:
    """Yield the files of a question that students can fetch and that are no pictures."""
    for path in sorted((folder / "clientFilesQuestion").rglob("*")):
        if path.is_file() and path.suffix not in (".png", ".jpg", ".jpeg", ".svg"):
            yield f"{name}: students can fetch clientFilesQuestion/{path.name}, which is no picture"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _option_faults(params: Any) -> Iterator[str]:
    """Yield what is wrong with options: one must be right, and no two the same."""
    for options in _lists_of_options(params):
        texts = [one.get("text") for one in options]
        if len({*texts}) < len(texts):
            yield "two options are the same"
        if not any(one.get("correct") == "true" for one in options):
            yield "no option is right"


def _lists_of_options(params: Any) -> Iterator[list[dict[str, Any]]]:
    if isinstance(params, Mapping):
        for key, value in params.items():
            if key == "options" and isinstance(value, list):
                yield value
            else:
                yield from _lists_of_options(value)


def _mistake_faults(variant: Mapping[str, Any]) -> Iterable[str]:
    answers = variant.get("answers", {})
    for mistake in variant.get("mistakes", []):
        theirs = mistake.get("answers", {})
        if not 0 <= mistake.get("share", -1) <= 1:
            yield f"the mistake {mistake.get('id')} has the share {mistake.get('share')!r}, which is not from 0 to 1"
        if not {*theirs} <= {*answers}:
            yield f"the mistake {mistake.get('id')} is about fields that there are not"
        elif all(answers[name] == text for name, text in theirs.items()):
            yield f"the mistake {mistake.get('id')} is the right answer"
