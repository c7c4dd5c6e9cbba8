"""What a student would type into the fields of the practice page, from a variant's own values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from generator.numbers.encoding import encode
from generator.practice.attempts import Attempt
from generator.practice.web.fields import Kind, grid_in_question, grid_of, kind_of
from generator.problem.choices import Choice
from generator.problem.solution import Values

LETTERS = "ABCDEFGH"


def kind_of_part(attempt: Attempt, part_id: str) -> Kind:
    """What kind of fields the part has."""
    return kind_of(attempt.parts[part_id].answer, attempt.variant.values)


def _text(value: Any) -> str:
    """A number, a word or a list of words as it is typed."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return value if isinstance(value, str) else _plain(value)


def typed_fields(attempt: Attempt, part_id: str, values: Values) -> dict[str, str]:
    """The fields of a part, by their names in the form, with the answer that these values give."""
    answer, kind = attempt.parts[part_id].answer, kind_of_part(attempt, part_id)
    value = answer.value(values)
    match kind:
        case "number" | "words":
            fields = {"text": _text(value)}
        case "vector":
            fields = {"columns": str(len(value)), **{f"1.{place}": _plain(x) for place, x in enumerate(value, 1)}}
        case "matrix":
            cells = {f"{i}.{j}": _plain(x) for i, row in enumerate(value, 1) for j, x in enumerate(row, 1)}
            fields = {"rows": str(len(value)), "columns": str(len(value[0])), **cells}
        case "numbers" | "subsets":
            fields = {str(place): x if isinstance(x, str) else _plain(x) for place, x in enumerate(value, 1)}
        case "shapes":
            fields = {str(place): f"[{', '.join(map(str, shape))}]" for place, shape in enumerate(value, 1)}
        case "choice":
            assert isinstance(answer, Choice)
            fields = {"1": LETTERS[list(answer.options).index(value)]}
        case "claims":
            verdicts = {str(place): "T" if verdict else "F" for place, verdict in enumerate(value, 1)}
            fields = {**verdicts, **{f"reason.{place}": "for this reason" for place in verdicts}}
        case "essay":
            fields = {"text": "The statistics are its own."}
    if kind in ("vector", "matrix"):
        fields = _where_it_fits(attempt, part_id, kind, fields)
    return {f"{part_id}/{name}": text for name, text in fields.items()}


def _where_it_fits(attempt: Attempt, part_id: str, kind: Kind, fields: dict[str, str]) -> dict[str, str]:
    """The grid's fields; without those of its shape where the question gives that; as a text where it has another one."""
    stated, grid = grid_in_question(attempt.parts[part_id].answer, attempt.variant.values), grid_of(kind, fields)
    if stated is None:
        return fields
    cells = {name: text for name, text in fields.items() if "." in name}
    if grid == stated:
        return cells
    rows: dict[str, list[str]] = {}
    for name, text in cells.items():
        rows.setdefault(name.partition(".")[0], []).append(text)
    return {"as-text": "yes", "text": "\n".join(" & ".join(row) for row in rows.values())}


def first_changed(attempt: Attempt, values: Values) -> tuple[str, dict[str, str]]:
    """The first part that a mistake changes, and what it makes a student type there."""
    for part_id, part in attempt.parts.items():
        if part.answer.step is None or part.answer.step not in values:
            continue
        try:
            fields = typed_fields(attempt, part_id, values)
        except ValueError:  # it leads to none of the options
            continue
        if fields != typed_fields(attempt, part_id, attempt.variant.values):
            return part_id, fields
    raise AssertionError("a mistake that changes nothing")


def _plain(value: Any) -> str:
    return str(encode(value))


class Browser:
    """A test client that sends a page's token with its forms, as a browser would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, url: str, code: int = 200) -> str:
        """A page."""
        answer = self.client.get(url)
        assert answer.status_code == code, answer.text
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        self._token = found[1] if found else self._token
        return answer.text

    def post(self, url: str, fields: Mapping[str, str | list[str]] | None = None, code: int = 303) -> TestResponse:
        """A form; the token is that of the last page."""
        answer = self.client.post(url, data={"csrf_token": self._token, **(fields or {})})
        assert answer.status_code == code, answer.text
        return answer

    def begin(self, problem: str, **fields: str) -> str:
        """A new attempt; its address."""
        self.get("/")
        return str(self.post("/attempts", {"problem": problem, **fields}).location)


_VOID = frozenset(("meta", "link", "input", "br", "hr", "img"))


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop().tag == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        last = self.open[-1][-1] if len(self.open[-1]) else None
        if last is None:
            self.open[-1].text = (self.open[-1].text or "") + data
        else:
            last.tail = (last.tail or "") + data


def tree(page: str) -> Element:
    """A page as elements, each of which has to be closed where it was opened."""
    parser = _Tree()
    parser.feed(page)
    assert len(parser.open) == 1, f"<{parser.open[-1].tag}> is never closed"
    return parser.open[0]


def by_id(page: Element, name: str) -> Element | None:
    """The element with this id."""
    found = [element for element in page.iter() if element.get("id") == name]
    assert len(found) < 2, f"{name} stands {len(found)} times on the page"
    return found[0] if found else None


def text_of(element: Element) -> str:
    """What stands in it, with single spaces."""
    return " ".join("".join(element.itertext()).split())
