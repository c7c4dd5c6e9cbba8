"""Questions in QTI 2.1: an item says what it asks, what is right, and what each answer earns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from html import escape

from generator.errors.language import phrase
from generator.export.accepted_texts import FEWEST, digits_of
from generator.export.exact_numbers import apart_from, plain
from generator.export.gaps import SIZES, laid_out
from generator.export.html import Html
from generator.export.identities import tag as name_tag
from generator.export.tree import Blocks, Choice, Claims, Computed, Essay, Mistake, Number, Part, Variant
from generator.export.xml_writing import tag, words

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA = {
    "xmlns": NAMESPACE,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
}

MOST_ENTRIES = 60
"""The entries that are typed one by one; a larger matrix is an answer in words."""

_WIDTH = "12"
_PRECISION = Decimal("0.0001")


@dataclass(frozen=True)
class Said:
    """Feedback: its identifier, and its HTML."""

    name: str
    html: str


@dataclass(frozen=True)
class Asked:
    """An item in its pieces, in the order of the file."""

    declarations: Sequence[str]
    body: str
    processing: Sequence[str]
    feedback: Sequence[Said] = ()


class Items:
    """Writes the variants of parts as items."""

    def __init__(self, html: Html, *, hints: bool, solutions: bool) -> None:
        self._html = html
        self._hints = hints
        self._solutions = solutions

    def item(self, name: str, part: Part, variant: Variant) -> str:
        """Return a variant as an item of this identifier."""
        asked = self._asked(part, variant)
        feedback = list(asked.feedback)
        processing = list(asked.processing)
        if self._solutions and variant.solution:
            feedback.append(Said("SOLUTION", self._html.blocks(variant.solution)))
            processing.append(_say("SOLUTION"))
        prompt = self._html.blocks(variant.prompt)
        body = f"{prompt}{asked.body}<p><small>{escape(name_tag(part, variant))}</small></p>"
        return tag(
            "assessmentItem",
            {**SCHEMA, "identifier": name, "title": part.title, "adaptive": "false", "timeDependent": "false"},
            *asked.declarations,
            _outcome("SCORE", "0"),
            _outcome("MAXSCORE", str(part.points)),
            tag("outcomeDeclaration", {"identifier": "FEEDBACK", "cardinality": "multiple", "baseType": "identifier"}),
            tag("itemBody", None, body),
            tag("responseProcessing", None, *processing),
            *[
                tag("modalFeedback", {"outcomeIdentifier": "FEEDBACK", "showHide": "show", "identifier": one.name}, one.html)
                for one in feedback
            ],
        )  # fmt: skip

    def _asked(self, part: Part, variant: Variant) -> Asked:
        match variant.answer:
            case Choice() as choice:
                return self._choice(part, choice)
            case Claims() as claims:
                return self._claims(claims)
            case Essay() as essay:
                return self._words("", essay.lines)
            case Computed() as answer:
                if len(answer.entries) > MOST_ENTRIES:
                    return self._words(self._sentence(phrase("export.by_row")), answer.rows + 1)
                return self._numbers(part, variant, answer)
        raise TypeError(f"no answer: {variant.answer!r}")

    def _sentence(self, text: str) -> str:
        return f"<p>{words(text)}</p>"

    # ------------------------------------------------------------------------------------------- numbers

    def _numbers(self, part: Part, variant: Variant, answer: Computed) -> Asked:
        kind = "integer" if part.kind in SIZES else "float"
        keys = [one.number for one in answer.entries]
        names = [_response(place) for place in range(1, len(keys) + 1)]
        declared = [
            _declaration(name, "single", kind, [key.decimal]) for name, key in zip(names, keys, strict=True)
        ]  # fmt: skip
        rules = [tag("responseIf", None, _all_equal(kind, names, keys), _score(str(part.points)))]
        said = []
        for name, mistake in zip(_names(variant.mistakes), _apart(keys, variant.mistakes), strict=True):
            found = [_all_equal(kind, names, mistake.numbers), _score(share_of(part.points, mistake.share))]
            if self._hints:
                found.append(_say(name))
                said.append(Said(name, self._html.blocks(mistake.feedback)))
            rules.append(tag("responseElseIf", None, *found))
        digits = max(map(digits_of, keys), default=FEWEST)
        how = (
            phrase("export.typed_sizes") if kind == "integer"
            else phrase("export.typed_number" if len(keys) == 1 else "export.typed_numbers", digits=digits)
        )  # fmt: skip
        gaps = laid_out(
            self._html,
            part.kind,
            answer,
            lambda place: tag("textEntryInteraction", {"responseIdentifier": names[place], "expectedLength": _WIDTH}),
        )
        return Asked(declared, self._sentence(how) + gaps, [tag("responseCondition", None, *rules)], said)

    # ------------------------------------------------------------------------------------------- options

    def _choice(self, part: Part, choice: Choice) -> Asked:
        right = [one.id for one in choice.options if one.right]
        cardinality = "multiple" if choice.several else "single"
        options = "".join(
            tag("simpleChoice", {"identifier": one.id}, self._html.blocks(one.text)) for one in choice.options
        )
        body = tag(
            "choiceInteraction",
            {
                "responseIdentifier": "RESPONSE",
                "shuffle": "false" if choice.in_order else "true",
                "maxChoices": "0" if choice.several else "1",
            },
            options,
        )
        rules = [tag("responseIf", None, _match("RESPONSE"), _score(str(part.points)))]
        said = []
        if self._hints and not choice.several:
            for one in choice.options:
                if one.feedback and not one.right:
                    name = f"FB_{one.id}"
                    chosen = tag("match", None, _variable("RESPONSE"), _value("identifier", one.id))
                    rules.append(tag("responseElseIf", None, chosen, _say(name)))
                    said.append(Said(name, self._html.blocks(one.feedback)))
        declared = [_declaration("RESPONSE", cardinality, "identifier", right)]
        return Asked(declared, body, [tag("responseCondition", None, *rules)], said)

    def _claims(self, claims: Claims) -> Asked:
        declared, body, rules = [], [], []
        for place, one in enumerate(claims.statements, start=1):
            name = _response(place)
            declared.append(_declaration(name, "single", "identifier", ["true" if one.verdict else "false"]))
            body.append(self._html.blocks(_numbered(place, one.text)))
            options = [
                tag("simpleChoice", {"identifier": verdict}, words(phrase(key)))
                for verdict, key in (("true", "worksheet.true"), ("false", "worksheet.false"))
            ]
            given = {"responseIdentifier": name, "shuffle": "false", "maxChoices": "1"}
            body.append(tag("choiceInteraction", given, *options))
            added = tag("sum", None, _variable("SCORE"), _value("float", str(claims.verdict_points)))
            scored = tag("setOutcomeValue", {"identifier": "SCORE"}, added)
            rules.append(tag("responseCondition", None, tag("responseIf", None, _match(name), scored)))
            if claims.reason_points:
                reason = f"REASON_{place}"
                declared.append(_declaration(reason, "single", "string", ()))
                body += [self._sentence(phrase("export.reason")), _lines(reason, 2)]
        return Asked(declared, "".join(body), rules)

    def _words(self, before: str, lines: int) -> Asked:
        declared = [_declaration("RESPONSE", "single", "string", ())]
        nothing = tag("responseIf", None, tag("isNull", None, _variable("RESPONSE")), _score("0"))
        return Asked(declared, before + _lines("RESPONSE", lines), [tag("responseCondition", None, nothing)])


def share_of(points: int, share: Fraction) -> str:
    """Return the points of a share as a decimal, rounded down."""
    exact = points * share
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    return plain(decimal.quantize(_PRECISION, ROUND_DOWN))


def _numbered(place: int, content: Blocks) -> Blocks:
    if content and "p" in content[0]:
        return [{"p": [f"{place}. ", *content[0]["p"]]}, *content[1:]]
    return [{"p": [f"{place}."]}, *content]


def _names(mistakes: Sequence[Mistake]) -> Iterator[str]:
    """Yield a name for the feedback on each mistake; all are different."""
    seen: list[str] = []
    for one in mistakes:
        again = seen.count(one.id)
        seen.append(one.id)
        yield f"FB_{one.id}" + (f"-{again + 1}" if again else "")


def _apart(keys: Sequence[Number], mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Return mistakes with tolerances that let in no number of another, nor of the key."""
    return [
        replace(
            one,
            numbers=tuple(
                apart_from(number, [key, *(other.numbers[place] for other in mistakes)])
                for place, (number, key) in enumerate(zip(one.numbers, keys, strict=True))
            ),
        )
        for one in mistakes
    ]


# ---------------------------------------------------------------------------------------------- the XML


def _response(place: int) -> str:
    return f"RESPONSE_{place}"


def _declaration(name: str, cardinality: str, kind: str, right: Sequence[str]) -> str:
    correct = [tag("correctResponse", None, *[tag("value", None, words(one)) for one in right])] if right else []
    return tag("responseDeclaration", {"identifier": name, "cardinality": cardinality, "baseType": kind}, *correct)


def _outcome(name: str, value: str) -> str:
    default = tag("defaultValue", None, tag("value", None, value))
    return tag("outcomeDeclaration", {"identifier": name, "cardinality": "single", "baseType": "float"}, default)


def _variable(name: str) -> str:
    return tag("variable", {"identifier": name})


def _value(kind: str, text: str) -> str:
    return tag("baseValue", {"baseType": kind}, words(text))


def _match(name: str) -> str:
    return tag("match", None, _variable(name), tag("correct", {"identifier": name}))


def _equal(kind: str, name: str, number: Number) -> str:
    mode = (
        {"toleranceMode": "absolute", "tolerance": f"{number.tolerance} {number.tolerance}"}
        if number.tolerance != "0" and kind == "float"
        else {"toleranceMode": "exact"}
    )
    return tag("equal", mode, _variable(name), _value(kind, number.decimal))


def _all_equal(kind: str, names: Sequence[str], numbers: Sequence[Number]) -> str:
    found = [_equal(kind, name, number) for name, number in zip(names, numbers, strict=True)]
    return found[0] if len(found) == 1 else tag("and", None, *found)


def _score(points: str) -> str:
    return tag("setOutcomeValue", {"identifier": "SCORE"}, _value("float", points))


def _say(name: str) -> str:
    added = tag("multiple", None, _variable("FEEDBACK"), _value("identifier", name))
    return tag("setOutcomeValue", {"identifier": "FEEDBACK"}, added)


def _lines(name: str, count: int) -> str:
    return tag("extendedTextInteraction", {"responseIdentifier": name, "expectedLines": str(max(count, 1))})
