"""A small player of QTI 2.1: what an answer earns and what is said of it, by the response processing of the file alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"


@dataclass
class Play:
    """One attempt at an item: its responses and outcomes by their identifiers."""

    item: ET.Element
    responses: dict[str, Any]
    outcomes: dict[str, Any] = field(default_factory=dict)

    def run(self) -> tuple[Decimal, list[str]]:
        """Return the score, and the HTML of the feedback that is shown."""
        for one in self.item.findall(f"{QTI}outcomeDeclaration"):
            default = one.findtext(f"{QTI}defaultValue/{QTI}value")
            single = one.attrib["cardinality"] == "single"
            self.outcomes[one.attrib["identifier"]] = Decimal(default or 0) if single else []
        processing = self.item.find(f"{QTI}responseProcessing")
        assert processing is not None
        self._rules(list(processing))
        chosen = self.outcomes["FEEDBACK"]
        said = [
            "".join(one.itertext())
            for one in self.item.findall(f"{QTI}modalFeedback")
            if one.attrib["identifier"] in chosen
        ]
        return self.outcomes["SCORE"], said

    def _rules(self, rules: list[ET.Element]) -> None:
        for rule in rules:
            if rule.tag == f"{QTI}setOutcomeValue":
                self.outcomes[rule.attrib["identifier"]] = self._value(rule[0])
            else:
                assert rule.tag == f"{QTI}responseCondition", rule.tag
                for branch in rule:
                    if branch.tag == f"{QTI}responseElse" or self._value(branch[0]):
                        self._rules(list(branch)[1 if branch.tag != f"{QTI}responseElse" else 0 :])
                        break

    def _value(self, node: ET.Element) -> Any:
        inner = [self._value(child) for child in node]
        match node.tag.removeprefix(QTI):
            case "variable":
                return (self.outcomes | self.responses).get(node.attrib["identifier"])
            case "baseValue":
                return Decimal(node.text or "") if node.attrib["baseType"] in ("float", "integer") else node.text
            case "correct":
                return right(self.item, node.attrib["identifier"])
            case "and":
                return all(inner)
            case "isNull":
                return inner[0] is None
            case "sum":
                return sum(inner, Decimal(0))
            case "multiple":
                return [one for given in inner for one in (given if isinstance(given, list) else [given])]
            case "match":
                return inner[0] is not None and _sorted(inner[0]) == _sorted(inner[1])
            case "equal":
                return inner[0] is not None and self._equal(node, Decimal(str(inner[0])), inner[1])
        raise AssertionError(node.tag)

    def _equal(self, node: ET.Element, ours: Decimal, theirs: Decimal) -> bool:
        if node.attrib["toleranceMode"] == "exact":
            return ours == theirs
        below, above = map(Decimal, node.attrib["tolerance"].split())
        return theirs - below <= ours <= theirs + above


def _sorted(value: Any) -> list[Any]:
    return sorted(value) if isinstance(value, list) else [value]


def right(item: ET.Element, name: str) -> Any:
    """Return the correct response to an interaction: one value, or a list."""
    for one in item.findall(f"{QTI}responseDeclaration"):
        if one.attrib["identifier"] == name:
            values = [value.text or "" for value in one.iter(f"{QTI}value")]
            return values if one.attrib["cardinality"] == "multiple" else values[0] if values else None
    raise AssertionError(name)


def asked(item: ET.Element) -> list[str]:
    """Return the interactions by their responses, in the order of the text."""
    return [one.attrib["responseIdentifier"] for one in item.iter() if "responseIdentifier" in one.attrib]


def play(item: ET.Element, responses: dict[str, Any]) -> tuple[Decimal, list[str]]:
    """Return the score of an answer, and what is said of it."""
    return Play(item, responses).run()
