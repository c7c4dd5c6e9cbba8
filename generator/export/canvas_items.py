"""Questions in QTI 1.2 as Canvas reads it: one item of each type, from what it asks and what is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b

from generator.export.exact_numbers import plain
from generator.export.identities import number_of
from generator.export.tree import Number
from generator.export.xml_writing import tag, words

GENERAL, WRONG = "general_fb", "general_incorrect_fb"
"""The names that Canvas knows feedback by: what everybody sees, and what is seen beside a wrong answer."""

FULL = 100
LONGEST_TITLE = 255


def ident(*names: str) -> str:
    """Return an identifier of letters, digits and underscores that stands for names."""
    return f"pw_{blake2b(chr(0).join(names).encode(), digest_size=12).hexdigest()}"


@dataclass(frozen=True)
class Item:
    """A question: ``text`` is the HTML of what it asks, and ``names`` make its identifiers.

    ``feedback`` is HTML by what it is for: :data:`GENERAL`, or :data:`WRONG`.
    """

    names: tuple[str, ...]
    title: str
    points: int
    text: str
    feedback: Mapping[str, str] = field(default_factory=dict)

    @property
    def ident(self) -> str:
        """The item's identifier."""
        return ident(*self.names)

    def answer_ids(self, roles: Sequence[str]) -> list[str]:
        """Return a number for each answer, as Canvas wants; all are different."""
        found: list[str] = []
        for role in roles:
            again = 0
            while (one := str(number_of(*self.names, role, str(again)))) in found:
                again += 1
            found.append(one)
        return found


@dataclass(frozen=True)
class Answer:
    """An option: its HTML, whether it is right, and the HTML of what is said of it."""

    role: str
    text: str
    right: bool
    feedback: str = ""


def numerical(item: Item, key: Number) -> str:
    """Return a question for a decimal number.

    The importer takes every interval as a right answer, so that only the key may stand here; and ``vargt`` in place of ``vargte``
    would make a precision of it.
    """
    exact, tolerance = Decimal(key.decimal), Decimal(key.tolerance)
    condition = tag(
        "or",
        None,
        _comparison("varequal", plain(exact)),
        tag(
            "and",
            None,
            _comparison("vargte", plain(exact - tolerance)),
            _comparison("varlte", plain(exact + tolerance)),
        ),
    )
    response = tag(
        "response_str", {"ident": "response1", "rcardinality": "Single"},
        tag("render_fib", {"fibtype": "Decimal"}, tag("response_label", {"ident": "answer1"})),
    )  # fmt: skip
    return _written(item, "numerical_question", [response], [_condition(condition)], item.answer_ids(["key"]))


def choice(item: Item, answers: Sequence[Answer], *, kind: str = "multiple_choice_question") -> str:
    """Return a question with one right option: of several, or true and false."""
    ids = item.answer_ids([one.role for one in answers])
    right = next(one for one, answer in zip(ids, answers, strict=True) if answer.right)
    return _written(
        item, kind, [_options(ids, answers, "Single")], [_condition(_comparison("varequal", right))], ids, _said(ids, answers)
    )  # fmt: skip


def several(item: Item, answers: Sequence[Answer]) -> str:
    """Return a question where every right option is to be ticked, and no other."""
    ids = item.answer_ids([one.role for one in answers])
    each = [
        _comparison("varequal", one) if answer.right else tag("not", None, _comparison("varequal", one))
        for one, answer in zip(ids, answers, strict=True)
    ]
    return _written(
        item, "multiple_answers_question", [_options(ids, answers, "Multiple")],
        [_condition(tag("and", None, *each))], ids, _said(ids, answers),
    )  # fmt: skip


def blanks(item: Item, accepted: Mapping[str, Sequence[str]]) -> str:
    """Return a question whose text has blanks by their names; ``accepted`` are the texts that each takes."""
    roles = [f"{name}={text}" for name, texts in accepted.items() for text in texts]
    ids = item.answer_ids(roles)
    rest = iter(ids)
    responses, conditions = [], []
    for (name, texts), share in zip(accepted.items(), _shares(len(accepted)), strict=True):
        labels = []
        for text, one in zip(texts, rest, strict=False):
            labels.append(tag("response_label", {"ident": one}, _material(text, "text/plain")))
            compared = _comparison("varequal", one, f"response_{name}")
            conditions.append(_condition(compared, action="Add", score=share))
        responses.append(
            tag(
                "response_lid", {"ident": f"response_{name}"},
                tag("material", None, tag("mattext", None, name)), tag("render_choice", None, *labels),
            )
        )  # fmt: skip
    return _written(item, "fill_in_multiple_blanks_question", responses, conditions, ids)


def essay(item: Item) -> str:
    """Return a question to answer in words, which a person marks."""
    response = tag(
        "response_str", {"ident": "response1", "rcardinality": "Single"},
        tag("render_fib", None, tag("response_label", {"ident": "answer1", "rshuffle": "No"})),
    )  # fmt: skip
    nothing = tag("respcondition", {"continue": "No"}, tag("conditionvar", None, tag("other")))
    return _written(item, "essay_question", [response], [nothing], [])


# ---------------------------------------------------------------------------------------------- the XML


def _written(
    item: Item,
    kind: str,
    responses: Sequence[str],
    conditions: Sequence[str],
    ids: Sequence[str],
    said: Mapping[str, str] | None = None,
) -> str:
    said = said or {}
    fields = {"question_type": kind, "points_possible": str(item.points)}
    if ids:
        fields["original_answer_ids"] = ",".join(ids)
    fields["assessment_question_identifierref"] = f"{item.ident}_ref"
    wrong = item.feedback.get(WRONG)
    return tag(
        "item", {"ident": item.ident, "title": title(item.title)},
        tag("itemmetadata", None, metadata(fields)),
        tag("presentation", None, _material(item.text), *responses),
        tag(
            "resprocessing", None,
            tag("outcomes", None, tag("decvar", {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"})),
            *([_shown_after("other", GENERAL)] if GENERAL in item.feedback else []),
            *[_shown_after(_comparison("varequal", one), f"{one}_fb") for one in said],
            *conditions,
            *([_shown_after("other", WRONG)] if wrong else []),
        ),
        *[_feedback(name, html) for name, html in (*item.feedback.items(), *((f"{one}_fb", html) for one, html in said.items()))],
    )  # fmt: skip


def title(text: str) -> str:
    """Return a title as long as Canvas takes it."""
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


def metadata(fields: Mapping[str, str]) -> str:
    """Return labelled values."""
    return tag(
        "qtimetadata",
        None,
        *[
            tag("qtimetadatafield", None, tag("fieldlabel", None, key), tag("fieldentry", None, words(value)))
            for key, value in fields.items()
        ],
    )


def _material(text: str, kind: str = "text/html") -> str:
    return tag("material", None, tag("mattext", {"texttype": kind}, words(text)))


def _comparison(name: str, value: str, response: str = "response1") -> str:
    return tag(name, {"respident": response}, value)


def _condition(inner: str, action: str = "Set", score: str = str(FULL)) -> str:
    return tag(
        "respcondition", {"continue": "No"},
        tag("conditionvar", None, inner), tag("setvar", {"action": action, "varname": "SCORE"}, score),
    )  # fmt: skip


def _shown_after(inner: str, name: str) -> str:
    return tag(
        "respcondition", {"continue": "Yes"},
        tag("conditionvar", None, tag("other") if inner == "other" else inner),
        tag("displayfeedback", {"feedbacktype": "Response", "linkrefid": name}),
    )  # fmt: skip


def _feedback(name: str, html: str) -> str:
    return tag("itemfeedback", {"ident": name}, tag("flow_mat", None, _material(html)))


def _options(ids: Sequence[str], answers: Sequence[Answer], cardinality: str) -> str:
    labels = [
        tag("response_label", {"ident": one}, _material(answer.text))
        for one, answer in zip(ids, answers, strict=True)
    ]  # fmt: skip
    return tag("response_lid", {"ident": "response1", "rcardinality": cardinality}, tag("render_choice", None, *labels))


def _said(ids: Sequence[str], answers: Sequence[Answer]) -> dict[str, str]:
    return {one: answer.feedback for one, answer in zip(ids, answers, strict=True) if answer.feedback}


def _shares(count: int) -> Iterator[str]:
    """Yield the percentage of each blank, with two decimals; together they are 100."""
    before = Decimal(0)
    for place in range(1, count + 1):
        until = (Decimal(FULL) * place / count).quantize(Decimal("0.01"))
        yield str((until - before).quantize(Decimal("0.01")))
        before = until
