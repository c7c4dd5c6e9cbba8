"""A reader of STACK questions that knows the format and nothing of its writer: values by seed, texts, trees and tests.

What Maxima would do with the values is done by sympy here, on this reader's own reading of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias
from xml.etree import ElementTree as ET

import sympy

Value: TypeAlias = tuple[tuple[Any, ...], ...]
"""Numbers by row."""


@dataclass(frozen=True)
class Outcome:
    """What a tree gives for an answer."""

    score: Decimal
    note: str
    feedback: str


class Question:
    """A question; ``seeds`` are those of its variants."""

    def __init__(self, element: ET.Element) -> None:
        self.element = element
        self.identity = element.findtext("idnumber") or ""
        self.name = element.findtext("name/text") or ""
        self.points = int(element.findtext("defaultgrade") or "")
        self.variables = element.findtext("questionvariables/text") or ""
        self.seeds = [int(one.text or "") for one in element.findall("deployedseed")] or [1]
        self.inputs = {one.findtext("name") or "": one.findtext("tans") or "" for one in element.findall("input")}
        self.trees = {one.findtext("name") or "": one for one in element.findall("prt")}

    def place(self, seed: int) -> int:
        """Return the number of the variant that a seed has."""
        found = re.search(r"n1: mod\(stack_seed-1,(\d+)\)\+1;", self.variables)
        return (seed - 1) % int(found[1]) + 1 if found else 1

    @cache  # noqa: B019 - questions of one test
    def values(self, seed: int) -> Mapping[str, Value]:
        """Return the variables in a variant."""
        found = {}
        for line in self.variables.splitlines()[1:]:
            name, _, written = line.removesuffix(";").partition(": ")
            if written.endswith("[n1]"):
                written = _split(written.removesuffix("[n1]")[1:-1])[self.place(seed) - 1]
            found[name] = value_of(written)
        return found

    def text(self, tag: str, seed: int) -> str:
        """Return the HTML of an element in a variant."""
        return shown(self.element.findtext(f"{tag}/text") or "", self.place(seed))

    def outcome(self, tree: str, answer: Value, seed: int) -> Outcome:
        """Return what a tree gives for an answer to its input."""
        values = dict(self.values(seed))
        nodes = {one.findtext("name"): one for one in self.trees[tree].findall("node")}
        distances = dict(
            line.removesuffix(";").split(": ")
            for line in (self.trees[tree].findtext("feedbackvariables/text") or "").splitlines()
        )
        name = "0"
        while True:
            node = nodes[name]
            way = "true" if _passes(node, answer, values, distances) else "false"
            following = node.findtext(f"{way}nextnode")
            if following == "-1":
                feedback = shown(node.findtext(f"{way}feedback/text") or "", self.place(seed))
                score = Decimal(node.findtext(f"{way}score") or "")
                return Outcome(score, node.findtext(f"{way}answernote") or "", feedback)
            name = following or ""


def read_questions(content: bytes) -> dict[str, Question]:
    """Return the questions by their idnumbers."""
    root = ET.fromstring(content)  # noqa: S314 - written a moment ago
    found = [Question(one) for one in root if one.get("type") == "stack"]
    assert len({one.identity for one in found}) == len(found)
    return {one.identity: one for one in found}


def _passes(node: ET.Element, answer: Value, values: Mapping[str, Value], distances: Mapping[str, str]) -> bool:
    kind, sans, tans = (node.findtext(tag) or "" for tag in ("answertest", "sans", "tans"))
    if kind == "AlgEquiv":
        assert sans.startswith("ans")
        return same(answer, values[tans])
    assert kind == "NumAbsolute"
    assert node.findtext("testoptions") == "1"
    found = re.fullmatch(r"(?:list_matrix_entries\()?\(ans\d+-(\w+)\)/(\w+)\)?", distances[sans])
    assert found is not None, distances[sans]
    pairs = zip(_flat(answer), _flat(values[found[1]]), _flat(values[found[2]]), strict=True)
    return all(
        abs(sympy.N(ours - theirs, 30)) <= around * (1 + sympy.Rational(1, 10**9)) for ours, theirs, around in pairs
    )


def _flat(value: Value) -> list[Any]:
    return [one for row in value for one in row]


def same(ours: Value, theirs: Value) -> bool:
    """Return whether two answers are equal."""
    if [len(row) for row in ours] != [len(row) for row in theirs]:
        return False
    pairs = zip(_flat(ours), _flat(theirs), strict=True)
    return all(a == b or abs(digits(a) - digits(b)) < _EQUAL for a, b in pairs)


@cache
def digits(number: Any) -> Any:
    """Return forty digits of a number."""
    return sympy.N(number, 40)


_EQUAL = sympy.Float("1e-25")


@cache
def number_of(written: str) -> Any:
    """Return a number as Maxima writes it."""
    assert re.fullmatch(r"(?:sqrt|log|%e|%pi|[\d.+\-*/^() ])+", written), written
    return sympy.sympify(written.replace("^", "**").replace("%e", "E").replace("%pi", "pi"))


def value_of(written: str) -> Value:
    """Return a number or a matrix as Maxima writes it."""
    if written.startswith("matrix("):
        return tuple(tuple(map(number_of, _split(row[1:-1]))) for row in _split(written[7:-1]))
    return ((number_of(written),),)


def _split(content: str) -> list[str]:
    """Return what commas part that stand in no bracket."""
    found, depth = [""], 0
    for sign in content:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [one.strip() for one in found]


def shown(castext: str, place: int) -> str:
    """Return the HTML that a variant shows: the branches of ``[[if]]`` that hold."""

    def chosen(match: re.Match[str]) -> str:
        pieces = re.split(r'\[\[(?:if|elif) test="([^"]*)"\]\]', match[0].removesuffix("[[/if]]"))
        for test, content in zip(pieces[1::2], pieces[2::2], strict=True):
            if f"n1={place}" in test.split(" or "):
                return content
        return ""

    return re.sub(r"\[\[if test=.*?\[\[/if\]\]", chosen, castext, flags=re.DOTALL)
