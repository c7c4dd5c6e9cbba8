"""A reader of QTI 1.2 as Canvas imports it, which shares nothing with the writer, and a student who answers."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
MANIFEST = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"


@dataclass(frozen=True)
class Question:
    """An item: its type, its points, and the HTML of what it asks."""

    xml: ET.Element
    ident: str
    kind: str
    points: int
    text: str

    @property
    def tag(self) -> str:
        """``problem.part VARIANT`` from the small print, with the number of a claim or ``reasons`` after it."""
        (found,) = re.findall(r"<small>\(id ([^)]+)\)</small>", self.text)
        return str(found)

    @property
    def options(self) -> dict[str, str]:
        """The HTML of each option, by its number."""
        return {one.attrib["ident"]: _text(one) for one in self.xml.iter(f"{QTI}response_label")}

    @property
    def blanks(self) -> list[str]:
        """The names of the blanks, in the order of the text."""
        return re.findall(r"\[([^\[\]]+)\]", self.text)

    @property
    def feedback(self) -> dict[str, str]:
        """The HTML of what is said, by its name."""
        return {one.attrib["ident"]: _text(one) for one in self.xml.iter(f"{QTI}itemfeedback")}

    def right(self) -> set[str]:
        """Return the numbers of the options that must be chosen, all and no others."""
        condition = next(one for one in self._conditions() if one.find(f"{QTI}setvar") is not None)
        conditionvar = condition.find(f"{QTI}conditionvar")
        assert conditionvar is not None
        return {
            one.text or ""
            for one in [*conditionvar.findall(f"{QTI}varequal"), *conditionvar.findall(f"{QTI}and/{QTI}varequal")]
        }

    def interval(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return the least number that counts as right, the exact one, and the largest."""
        numbers = {
            name: [Decimal(one.text or "") for one in self.xml.iter(f"{QTI}{name}")]
            for name in ("vargte", "varequal", "varlte")
        }
        assert all(len(one) == 1 for one in numbers.values()), numbers
        return numbers["vargte"][0], numbers["varequal"][0], numbers["varlte"][0]

    def score_of_number(self, typed: str) -> int:
        """Return what a typed decimal earns, of 1."""
        least, exact, most = self.interval()
        value = Decimal(typed)
        return int(value == exact or least <= value <= most)

    def score_of_blanks(self, typed: list[str]) -> Decimal:
        """Return what texts in the blanks earn, of 1: Canvas compares them without regard to case."""
        total = Decimal(0)
        for blank, text in zip(self.blanks, typed, strict=True):
            response = next(
                one for one in self.xml.iter(f"{QTI}response_lid") if one.attrib["ident"] == f"response_{blank}"
            )
            labels = {_text(one).casefold(): one.attrib["ident"] for one in response.iter(f"{QTI}response_label")}
            chosen = labels.get(text.casefold())
            for condition in self._conditions():
                compared = condition.find(f"{QTI}conditionvar/{QTI}varequal")
                score = condition.find(f"{QTI}setvar")
                if compared is not None and score is not None and chosen and compared.text == chosen:
                    assert compared.attrib["respident"] == f"response_{blank}"
                    assert score.attrib["action"] == "Add"
                    total += Decimal(score.text or "")
        return total / 100

    def _conditions(self) -> list[ET.Element]:
        return list(self.xml.iter(f"{QTI}respcondition"))


@dataclass(frozen=True)
class Drawn:
    """Questions of which a student gets ``pick``, each for ``points``."""

    ident: str
    pick: int
    points: int
    questions: list[Question]


@dataclass(frozen=True)
class Quiz:
    """A quiz as it arrives, with all files of the package."""

    title: str
    points: Decimal
    settings: dict[str, str]
    groups: list[Drawn]
    files: dict[str, bytes]

    @property
    def questions(self) -> list[Question]:
        """All questions, in the order of the file."""
        return [one for group in self.groups for one in group.questions]

    def by_tag(self, tag: str) -> list[Question]:
        """Return the questions of a part's variant: ``problem.part VARIANT``."""
        return [one for one in self.questions if f"{one.tag} ".startswith(f"{tag} ")]


def read(content: bytes) -> Quiz:
    """Return the quiz in a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        files = {name: archive.read(name) for name in names}
    assert names[0] == "imsmanifest.xml"
    resources = ET.fromstring(files["imsmanifest.xml"]).iter(f"{MANIFEST}resource")  # noqa: S314 - our own
    quiz = next(one for one in resources if one.attrib["type"] == "imsqti_xmlv1p2")
    ident = quiz.attrib["identifier"]
    root = ET.fromstring(files[f"{ident}/{ident}.xml"])  # noqa: S314 - our own
    assessment = root.find(f"{QTI}assessment")
    assert assessment is not None
    section = assessment.find(f"{QTI}section")
    assert section is not None
    groups = []
    for one in section:
        if one.tag == f"{QTI}item":
            question = _question(one)
            groups.append(Drawn(question.ident, 1, question.points, [question]))
        else:
            pick = int(one.findtext(f".//{QTI}selection_number") or 0)
            points = int(one.findtext(f".//{QTI}points_per_item") or 0)
            groups.append(Drawn(one.attrib["ident"], pick, points, list(map(_question, one.findall(f"{QTI}item")))))
    settings = {
        one.tag.rpartition("}")[2]: one.text or ""
        for one in ET.fromstring(files[f"{ident}/assessment_meta.xml"])  # noqa: S314 - our own
    }
    return Quiz(assessment.attrib["title"], Decimal(settings["points_possible"]), settings, groups, files)


def _question(item: ET.Element) -> Question:
    fields = {
        one.findtext(f"{QTI}fieldlabel"): one.findtext(f"{QTI}fieldentry") or ""
        for one in item.iter(f"{QTI}qtimetadatafield")
    }
    text = item.findtext(f"{QTI}presentation/{QTI}material/{QTI}mattext") or ""
    return Question(item, item.attrib["ident"], fields["question_type"], int(fields["points_possible"]), text)


def _text(element: ET.Element) -> str:
    return element.findtext(f".//{QTI}mattext") or ""


def plain(html: str) -> str:
    """Return what a page of this HTML shows."""
    return "".join(ET.fromstring(f"<div>{html}</div>").itertext())  # noqa: S314 - our own
