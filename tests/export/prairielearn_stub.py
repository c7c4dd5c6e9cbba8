"""A stand-in for PrairieLearn: it draws a variant, fills the page, reads what is typed as PrairieLearn's elements do, and marks it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import chevron
import sympy

from tests.export.prairielearn_numbers import FormatError, entry, exact, integer

VOID = {"br", "hr", "img", "input"}


@dataclass
class Element:
    """An element of a page, with its attributes and the text within."""

    name: str
    attributes: dict[str, str]
    inner: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, *names: str) -> Iterator[Element]:
        """Yield the elements of these names within."""
        for one in self.inner:
            if one.name in names:
                yield one
            yield from one.all(*names)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].inner.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            found = self.open.pop()
            assert found.name == tag, f"{found.name} is open where {tag} ends"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def read_page(html: str) -> Element:
    """Return a page, all of whose elements must end where they should."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, reader.open[-1].name
    return reader.open[0]


def _weighted_score(data: dict[str, Any]) -> None:
    parts = data["partial_scores"].values()
    data["score"] = sum(one["score"] * one.get("weight", 1) for one in parts) / sum(
        one.get("weight", 1) for one in parts
    )


@contextmanager
def _modules(folder: Path) -> Iterator[None]:
    package, utils = ModuleType("prairielearn"), ModuleType("prairielearn.sympy_utils")
    package.set_weighted_score_data = _weighted_score  # type: ignore[attr-defined]
    utils.json_to_sympy = lambda table: sympy.sympify(table["_value"])  # type: ignore[attr-defined]
    before = Path.cwd()
    sys.modules |= {"prairielearn": package, "prairielearn.sympy_utils": utils}
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        del sys.modules["prairielearn"], sys.modules["prairielearn.sympy_utils"]


@dataclass(frozen=True)
class Marked:
    """A marked submission: the score, and what the student reads about it."""

    score: float
    feedback: str


class Question:
    """A question with the variant of a seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._server: dict[str, Any] = {}
        self._folder = folder
        self._page = (folder / "question.html").read_text(encoding="utf-8")
        self.data: dict[str, Any] = {"params": {}, "correct_answers": {}, "variant_seed": seed}
        with _modules(folder):
            exec((folder / "server.py").read_text(encoding="utf-8"), self._server)  # noqa: S102
            self._server["generate"](self.data)
        self.page = self.shown()

    def shown(self, **more: Any) -> Element:
        """Return the page as students see it, or with ``more`` data."""
        return read_page(chevron.render(self._page, {**self.data, **more}))

    @property
    def fields(self) -> list[Element]:
        """The elements that are marked by machine."""
        kinds = ("symbolic-input", "integer-input", "matrix-component-input", "multiple-choice", "checkbox")
        return list(self.page.all(*(f"pl-{kind}" for kind in kinds)))

    @property
    def filled(self) -> dict[str, str]:
        """Something in each editor and the first option of each choice, without which PrairieLearn takes no submission."""
        choices = self.page.all("pl-multiple-choice", "pl-checkbox")
        written = {one.attributes["file-name"]: "<p>Because.</p>" for one in self.page.all("pl-rich-text-editor")}
        return {**written, **{one.attributes["answers-name"]: "0" for one in choices}}

    def submit(self, typed: Mapping[str, str]) -> Marked:
        """Return what becomes of what was typed; of a choice it is the number of the option, from 0 on, or several; of an editor its file's name."""
        data = {
            **self.data, "submitted_answers": {}, "partial_scores": {}, "format_errors": {}, "feedback": {}, "score": 0.0,
        }  # fmt: skip
        for element in self.page.all("pl-rich-text-editor"):
            if not typed.get(element.attributes["file-name"]) and element.attributes.get("allow-blank") != "true":
                raise FormatError("nothing is written")
        for element in self.fields:
            self._element(element, typed, data)
        _weighted_score(data)
        with _modules(self._folder):
            self._server["grade"](data)
        shown = self.shown(**data)
        return Marked(data["score"], " ".join(one.text for one in shown.all("pl-submission-panel")))

    def _element(self, element: Element, typed: Mapping[str, str], data: dict[str, Any]) -> None:
        name = element.attributes["answers-name"]
        correct = data["correct_answers"].get(name)
        match element.name:
            case "pl-symbolic-input":
                given = exact(typed.get(name, ""))
                data["submitted_answers"][name] = {"_type": "sympy", "_value": str(given), "_variables": []}
                score = float(sympy.sympify(correct["_value"]).equals(given) is True)
            case "pl-integer-input":
                number = data["submitted_answers"][name] = integer(typed.get(name, ""))
                score = float(number == correct)
            case "pl-matrix-component-input":
                score = self._matrix(element, typed, data)
            case _:
                flags = [one.attributes["correct"] == "true" for one in element.all("pl-answer")]
                chosen = {int(one) for one in typed.get(name, "").split()}
                if not chosen:
                    raise FormatError("nothing is chosen")
                score = float(chosen == {place for place, flag in enumerate(flags) if flag})
        data["partial_scores"][name] = {"score": score, "weight": int(element.attributes["weight"])}

    def _matrix(self, element: Element, typed: Mapping[str, str], data: dict[str, Any]) -> float:
        name, near = element.attributes["answers-name"], float(element.attributes["atol"])
        assert element.attributes["rtol"] == "0"
        numbers = [number for row in data["correct_answers"][name]["_value"] for number in row]
        right = 0
        for place, number in enumerate(numbers, start=1):
            given = float(entry(typed.get(f"{name}{place}", "")))
            data["submitted_answers"][f"{name}{place}"] = given
            right += abs(given - number) <= near
        return right / len(numbers)
