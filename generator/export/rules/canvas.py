"""What Canvas's importer wants of a zip of QTI 1.2, by the traps that are known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from generator.export.rules.package import MANIFEST, Package

BASE = "$IMS-CC-FILEBASE$/"
FOLDER = "web_resources/"
LONGEST_TITLE = 255
LEAST = Decimal("0.0001")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_NUMBER = re.compile(r"[1-9]\d{0,8}")
_BLANK = re.compile(r"\[([^\[\]]*)\]")
_FEEDBACK = re.compile(r"general_fb|correct_fb|general_incorrect_fb|\d+_fb")


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a zip for Canvas."""
    package = Package(path)
    manifest = package.xml(MANIFEST) if package.files else None
    if manifest is not None:
        if package.names[0] != MANIFEST:
            package.faults.append(f"{MANIFEST} is not the first file")
        quizzes = [one for one in package.resources(manifest) if one.get("type") == "imsqti_xmlv1p2"]
        if not quizzes:
            package.faults.append(f"{MANIFEST}: no quiz (a resource of the type imsqti_xmlv1p2)")
        for quiz in quizzes:
            _Quiz(package, quiz).check()
    yield from package.faults


class _Quiz:
    def __init__(self, package: Package, resource: Element) -> None:
        self._package = package
        self._ident = resource.get("identifier", "")
        file = resource.find("file")
        self._path = file.get("href", "") if file is not None else ""
        self._used: set[str] = set()

    def _fault(self, what: str) -> None:
        self._package.faults.append(f"{self._path}: {what}")

    def check(self) -> None:
        """Add what is wrong with the quiz to the faults of the package."""
        if not _IDENTIFIER.fullmatch(self._ident):
            self._fault(f"the identifier {self._ident!r} has other signs than letters, digits and _")
        root = self._package.xml(self._path)
        assessment = root.find("assessment") if root is not None else None
        if assessment is None:
            return
        if assessment.get("ident") != self._ident:
            self._fault(f"the assessment is called {assessment.get('ident')!r}, and the resource {self._ident!r}")
        self._settings(assessment)
        idents = [one.get("ident", "") for tag in ("section", "item") for one in assessment.iter(tag)]
        for one, count in Counter(idents).items():
            if count > 1:
                self._fault(f"{one!r} is there {count} times")
        items = list(assessment.iter("item"))
        if not items:
            self._fault("no question")
        for section in assessment.iter("section"):
            self._group(section)
        for item in items:
            self._item(item)
        pictures = {name for name in self._package.files if name.startswith(FOLDER)}
        for name in sorted(pictures - self._used):
            self._fault(f"no question shows {name}")

    def _settings(self, assessment: Element) -> None:
        """Compare the settings with the questions: the title, and the points of all that is drawn."""
        name = f"{self._path.rpartition('/')[0]}/assessment_meta.xml"
        root = self._package.xml(name)
        if root is None:
            return
        if root.findtext("title") != assessment.get("title"):
            self._fault(f"the title differs from that in {name}")
        total = Decimal(0)
        for section in assessment.iter("section"):
            selection = section.find("selection_ordering/selection")
            if selection is None:
                points = [_number(_field(one, "points_possible")) for one in section.findall("item")]
                total += sum(points, Decimal(0))
            else:
                drawn = _number(selection.findtext("selection_number") or "")
                total += drawn * _number(selection.findtext("selection_extension/points_per_item") or "")
        if _number(root.findtext("points_possible") or "") != total:
            self._fault(f"the questions are worth {total} points, in {name} {root.findtext('points_possible')}")

    def _group(self, section: Element) -> None:
        name = section.get("ident", "")
        selection = section.find("selection_ordering/selection")
        items = section.findall("item")
        if selection is None:
            return
        count = _number(selection.findtext("selection_number") or "")
        if not 1 <= count <= len(items):
            self._fault(f"{name}: {count} of {len(items)} questions are drawn")
        points = _number(selection.findtext("selection_extension/points_per_item") or "")
        if any(_number(_field(one, "points_possible")) != points for one in items):
            self._fault(f"{name}: the group gives {points} points, its questions others")

    def _item(self, item: Element) -> None:
        kind = _field(item, "question_type")
        name = item.get("ident", "")
        if not _NAME.fullmatch(name):
            self._fault(f"{name!r}: other signs than letters, digits, _, - and .")
        title = item.get("title", "")
        if not 0 < len(title) <= LONGEST_TITLE:
            self._fault(f"{name}: a title of {len(title)} letters")
        if _number(_field(item, "points_possible")) <= 0:
            self._fault(f"{name}: no points")
        checks: dict[str, Callable[[Element], Iterator[str]]] = {
            "numerical_question": _numerical,
            "multiple_choice_question": _choice,
            "true_false_question": _choice,
            "multiple_answers_question": _several,
            "fill_in_multiple_blanks_question": _blanks,
            "essay_question": _essay,
        }
        if kind not in checks:
            self._fault(f"{name}: no type of question that is written here: {kind!r}")
            return
        for fault in (*checks[kind](item), *_feedback(item), *self._texts(item)):
            self._fault(f"{name}: {fault}")

    def _texts(self, item: Element) -> Iterator[str]:
        for text in item.iter("mattext"):
            if text.get("texttype") != "text/html":
                continue
            try:
                root = fromstring(f"<div>{text.text or ''}</div>")  # noqa: S314 - expat refuses entities that grow
            except ParseError as error:
                yield f"a text is no HTML: {error}"
                continue
            for image in root.iter("img"):
                source = image.get("src", "")
                if not image.get("alt", "").strip():
                    yield f"the picture {source} has no description"
                file = f"{FOLDER}{source.removeprefix(BASE)}"
                self._used.add(file)
                if not source.startswith(BASE) or not self._package.files.get(file):
                    yield f"the picture {source} is not in {FOLDER}"


# ------------------------------------------------------------------------------------------ questions


def _field(item: Element, name: str) -> str:
    for one in item.iter("qtimetadatafield"):
        if one.findtext("fieldlabel") == name:
            return one.findtext("fieldentry") or ""
    return ""


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(-1)


def _conditions(item: Element) -> list[Element]:
    """Return the conditions that give points."""
    return [one for one in item.iter("respcondition") if one.find("setvar") is not None]


def _numerical(item: Element) -> Iterator[str]:
    values = ("varequal", "vargte", "vargt", "varlte", "varlt")
    conditions = [one for one in item.iter("respcondition") if any(one.find(f".//{tag}") is not None for tag in values)]
    if len(conditions) != 1:
        yield f"{len(conditions)} conditions with values: each of them counts as right, so there must be one"
        return
    if item.find(".//vargt") is not None or item.find(".//varlt") is not None:
        yield "vargt or varlt, which make a precision of the bounds"
    texts = [conditions[0].findtext(f".//{tag}") or "" for tag in ("varequal", "vargte", "varlte")]
    if not all(map(_DECIMAL.fullmatch, texts)):
        yield f"no decimals: {', '.join(texts)}"
        return
    exact, least, most = map(Decimal, texts)
    if exact - least != most - exact or least > exact:
        yield f"{least} to {most} is not evenly about {exact}"
    if 0 < abs(exact) < LEAST:
        yield f"{exact} is shown as 0"


def _options(item: Element) -> Iterator[str]:
    ids = [one.get("ident", "") for one in item.iter("response_label")]
    if len(ids) < 2:
        yield f"{len(ids)} options"
    if len({*ids}) < len(ids):
        yield "two options of one number"
    for one in ids:
        if not _NUMBER.fullmatch(one):
            yield f"the option {one!r} has no whole number as its name"
    texts = [one.findtext(".//mattext") or "" for one in item.iter("response_label")]
    if len({*texts}) < len(texts):
        yield "two options of one text"


def _right(condition: Element) -> set[str]:
    chosen = {one.text or "" for one in condition.iter("varequal")}
    return chosen - {one.text or "" for no in condition.iter("not") for one in no.iter("varequal")}


def _choice(item: Element) -> Iterator[str]:
    yield from _options(item)
    ids = {one.get("ident", "") for one in item.iter("response_label")}
    conditions = _conditions(item)
    if len(conditions) != 1 or len(_right(conditions[0])) != 1 or not _right(conditions[0]) <= ids:
        yield "not exactly one right option"
    if _field(item, "question_type") == "true_false_question" and len(ids) != 2:
        yield f"true or false has {len(ids)} options"


def _several(item: Element) -> Iterator[str]:
    yield from _options(item)
    ids = {one.get("ident", "") for one in item.iter("response_label")}
    conditions = _conditions(item)
    if len(conditions) != 1 or {one.text for one in conditions[0].iter("varequal")} != ids:
        yield "the condition does not have every option"
    elif not _right(conditions[0]):
        yield "no right option"


def _blanks(item: Element) -> Iterator[str]:
    text = item.findtext("presentation/material/mattext") or ""
    asked = _BLANK.findall(text)
    responses = list(item.iter("response_lid"))
    given = [one.get("ident", "").removeprefix("response_") for one in responses]
    if sorted(asked) != sorted(given):
        yield f"the text has the blanks {', '.join(asked)}, the answers are for {', '.join(given)}"
    if len(re.findall(r"[\[\]]", text)) != 2 * len(asked):
        yield "a square bracket that belongs to no blank"
    for response in responses:
        yield from _blank(response)
    ids = [one.get("ident", "") for one in item.iter("response_label")]
    if len({*ids}) < len(ids):
        yield "two answers of one number"
    scores: dict[str, set[Decimal]] = {}
    for condition in _conditions(item):
        for one in condition.iter("varequal"):
            scores.setdefault(one.get("respident", ""), set()).add(_number(condition.findtext("setvar") or ""))
            ids = [other for other in ids if other != one.text]
    if ids:
        yield f"answers that give nothing: {', '.join(ids)}"
    if {*scores} != {one.get("ident", "") for one in responses} or any(len(one) != 1 for one in scores.values()):
        yield "answers of one blank that do not give the same"
    total = sum((min(one) for one in scores.values()), Decimal(0))
    if not Decimal("99.9") <= total <= Decimal("100.1"):
        yield f"the blanks add up to {total}"


def _blank(response: Element) -> Iterator[str]:
    name = response.get("ident", "")
    texts = [one.findtext(".//mattext") or "" for one in response.iter("response_label")]
    if not texts or not all(map(str.strip, texts)):
        yield f"{name}: an answer without text"
    elif not _DECIMAL.fullmatch(texts[-1]):
        yield f"{name}: the last answer is {texts[-1]!r}, not the plain decimal"
    if len({one.casefold() for one in texts}) < len(texts):
        yield f"{name}: an answer twice"
    for one in response.iter("response_label"):
        if not _NUMBER.fullmatch(one.get("ident", "")):
            yield f"the answer {one.get('ident')!r} has no whole number as its name"


def _essay(item: Element) -> Iterator[str]:
    if _conditions(item):
        yield "an essay that gives points by itself"


def _feedback(item: Element) -> Iterator[str]:
    there = [one.get("ident", "") for one in item.iter("itemfeedback")]
    linked = {one.get("linkrefid", "") for one in item.iter("displayfeedback")}
    for one in there:
        if not _FEEDBACK.fullmatch(one):
            yield f"feedback that Canvas does not know: {one!r}"
    if linked != {*there} or len({*there}) < len(there):
        yield f"feedback shown: {', '.join(sorted(linked))}; there: {', '.join(there)}"
    labels = {one.get("ident", "") for one in item.iter("response_label")}
    for one in there:
        if one[0].isdigit() and one.removesuffix("_fb") not in labels:
            yield f"feedback for no option: {one!r}"
