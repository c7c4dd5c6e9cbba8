"""A question of PrairieLearn: its page, and the variants that its server draws from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from generator.errors.language import phrase
from generator.export.exact_numbers import plain
from generator.export.prairielearn_page import PrairieLearnHtml
from generator.export.tree import Block, Blocks, Choice, Claims, Computed, Entry, Essay, Mistake, Part, Variant

MOST_EXACT = 12
"""The entries that are asked for exactly; a larger matrix is compared in decimals."""

_LARGEST_INTEGER = 2**53
_MOST_PLACES = 40
_NEAREST = Decimal("1e-9")


@dataclass(frozen=True)
class Shown:
    """A part of one variant: what its page is filled with, the right answers, and the known mistakes.

    ``fields`` are the names of what is marked, ``answers`` the exact numbers by the names of what is typed, which are
    others only in a matrix of decimals; ``near`` says how near those must be.
    """

    params: dict[str, Any]
    fields: tuple[str, ...] = ()
    correct: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[dict[str, Any], ...] = ()


def page_of(part: Part) -> str:
    """Return which of the pages all variants of a part have."""
    if part.kind == "choice":
        return "several" if any(getattr(one.answer, "several", False) for one in part.variants) else "one"
    if part.kind in ("claims", "essay"):
        return part.kind
    most = max(len(_computed(one).entries) for one in part.variants)
    is_large = most > MOST_EXACT and part.kind in ("vector", "matrix") and not _are_integers(part)
    return "decimals" if is_large else "computed"


def _computed(variant: Variant) -> Computed:
    assert isinstance(variant.answer, Computed)
    return variant.answer


def _are_integers(part: Part) -> bool:
    """Tell whether fields for integers take the key and all mistakes of every variant."""
    numbers = [
        number
        for one in part.variants
        for number in (
            *(entry.number for entry in _computed(one).entries),
            *(theirs for mistake in one.mistakes for theirs in mistake.numbers),
        )
    ]
    return all(_INTEGER.fullmatch(one.exact) and abs(int(one.exact)) < _LARGEST_INTEGER for one in numbers)


_INTEGER = re.compile(r"-?\d+")


class Writer:
    """Fills the page of a part: ``prefix`` begins the names of its fields, and ``weight`` is that of one of them.

    ``hints`` are the sentences about mistakes, which earn their shares without them too.
    """

    def __init__(self, html: PrairieLearnHtml, part: Part, prefix: str = "", *, hints: bool = True) -> None:
        self._html = html
        self._part = part
        self._prefix = prefix
        self._hints = hints
        self._page = page_of(part)
        self._integers = self._page == "computed" and _are_integers(part)

    def shown(self, variant: Variant, prompt: Blocks, weight: int = 1) -> Shown:
        """Return a variant whose prompt is given."""
        match variant.answer:
            case Computed() as answer:
                made = self._decimals(variant, answer) if self._page == "decimals" else self._exact(variant, answer)
            case Choice() as answer:
                made = self._choice(answer)
            case Claims() as answer:
                made = self._claims(answer)
            case Essay() as answer:
                made = Shown({"file": f"{self._prefix}answer.html", "grading": self._grading(answer)})
        note = made.params.pop("note", "")
        small = f"<p><small>{self._html.words(note)}</small></p>" if note else ""
        made.params.update(prompt=self._html.question(prompt) + small, weight=weight)
        return made

    def _name(self, place: int, count: int) -> str:
        return f"{self._prefix}y{place if count > 1 else ''}"

    # ------------------------------------------------------------------------------------------- numbers

    def _exact(self, variant: Variant, answer: Computed) -> Shown:
        count = len(answer.entries)
        names = tuple(self._name(place, count) for place in range(1, count + 1))
        is_grid = self._part.kind in ("vector", "matrix")
        size = 10 if count > 1 else 20
        rows: list[dict[str, Any]] = []
        for place, (name, entry) in enumerate(zip(names, answer.entries, strict=True)):
            row, column = divmod(place, answer.columns)
            if column == 0 if is_grid else entry.place <= 1:
                rows.append({"cells": []})
            label = self._html.label(entry.label if entry.place <= 1 else "")
            if (is_grid and answer.rows == 1 and column == 0) or (count == 1 and not label):
                label = self._html.label(answer.symbol)
            spoken = "" if label else self._spoken(entry, answer, row, column)
            rows[-1]["cells"].append({
                "name": name, "label": label, "spoken": spoken, "size": size,
                "integer": self._integers, "exact": not self._integers,
            })  # fmt: skip
        exact = {name: entry.number.exact for name, entry in zip(names, answer.entries, strict=True)}
        correct = {
            name: int(text) if self._integers else {"_type": "sympy", "_value": text, "_variables": []}
            for name, text in exact.items()
        }
        params: dict[str, Any] = {"rows": rows, "note": "" if self._integers else phrase("export.exact_only")}
        if self._part.kind == "matrix" and answer.rows > 1 and answer.symbol:
            params["symbol"] = self._html.label(answer.symbol)
        return Shown(params, names, correct, exact, {}, self._mistakes(variant, names, names))

    def _spoken(self, entry: Entry, answer: Computed, row: int, column: int) -> str:
        """Return the words for a field without a label, for those who cannot see where it stands."""
        if self._part.kind == "matrix":
            return phrase("reading.row_and_column", row=row + 1, column=column + 1)
        if len(answer.entries) == 1:
            return phrase("worksheet.answer")
        return phrase("practice.entry_field", place=entry.place or column + 1)

    def _decimals(self, variant: Variant, answer: Computed) -> Shown:
        """Return a large matrix, whose entries PrairieLearn names itself: its name and their numbers, by row."""
        name = f"{self._prefix}y"
        names = tuple(f"{name}{place}" for place in range(1, len(answer.entries) + 1))
        near = nearness(variant)
        digits = next(digits for digits in range(_MOST_PLACES) if Decimal(5).scaleb(-digits - 1) <= near)
        numbers = [float(entry.number.decimal) for entry in answer.entries]
        rows = [numbers[start : start + answer.columns] for start in range(0, len(numbers), answer.columns)]
        params = {
            "name": name,
            "label": self._html.label(answer.symbol),
            "near": plain(near),
            "note": phrase("export.places", places=digits),
        }
        exact = {each: entry.number.exact for each, entry in zip(names, answer.entries, strict=True)}
        correct = {name: {"_type": "ndarray", "_value": rows}}
        mistakes = self._mistakes(variant, names, (name,))
        return Shown(params, (name,), correct, exact, dict.fromkeys(names, plain(near)), mistakes)

    def _mistakes(self, variant: Variant, names: Sequence[str], fields: Sequence[str]) -> tuple[dict[str, Any], ...]:
        def said(mistake: Mistake) -> str:
            label = f"<strong>{self._html.words(self._part.label)}</strong> " if self._prefix else ""
            text = self._html.blocks(mistake.feedback)
            return text.replace("<p>", f"<p>{label}", 1) if self._hints else ""

        return tuple(
            {
                "id": mistake.id,
                "part": self._part.id,
                "share": float(mistake.share),
                "feedback": said(mistake),
                "fields": list(fields),
                "answers": {name: number.exact for name, number in zip(names, mistake.numbers, strict=True)},
            }
            for mistake in variant.mistakes
        )

    # --------------------------------------------------------------------------------------------- words

    def _choice(self, answer: Choice) -> Shown:
        options = [
            {
                "correct": _flag(one.right),
                "feedback": self._html.option(one.feedback) if self._hints else "",
                "text": self._html.option(one.text),
            }
            for one in answer.options
        ]
        name = f"{self._prefix}y"
        return Shown({"name": name, "order": "fixed" if answer.in_order else "random", "options": options}, (name,))

    def _claims(self, answer: Claims) -> Shown:
        count = len(answer.statements)
        statements = []
        for place, one in enumerate(answer.statements, start=1):
            statements.append(
                {
                    "name": self._name(place, count),
                    "text": self._html.question(one.text),
                    "holds": _flag(one.verdict),
                    "fails": _flag(not one.verdict),
                    "reason": f"{self._prefix}reason{place}.html" if answer.reason_points else "",
                }
            )
        words = {"yes": "worksheet.true", "no": "worksheet.false", "because": "worksheet.because"}
        params = {"statements": statements, "grading": self._reasons(answer)}
        params |= {key: self._html.words(phrase(word)) for key, word in words.items()}
        return Shown(params, tuple(one["name"] for one in statements))

    def _reasons(self, answer: Claims) -> str:
        items = [list(one.reason) for one in answer.statements]
        return self._html.blocks([{"ordered": items}]) if answer.reason_points else ""

    def _grading(self, answer: Essay) -> str:
        """Return what those who mark an essay see: an answer that earns all points, and what earns them."""
        lines: list[Blocks] = [[{"p": [f"{one.points}: ", *one.text]}] for one in answer.rubric]
        rubric: list[Block] = [{"list": lines}] if lines else []
        return self._html.blocks([*answer.sample, *rubric])


def _flag(value: bool) -> str:
    return "true" if value else "false"


def nearness(variant: Variant) -> Decimal:
    """Return how near all decimals of a matrix must be: as its most demanding entry says, and less than half the way to a mistake."""
    answer = _computed(variant)
    found = min((one for entry in answer.entries if (one := Decimal(entry.number.tolerance))), default=_NEAREST)
    for mistake in variant.mistakes:
        for entry, theirs in zip(answer.entries, mistake.numbers, strict=True):
            way = abs(Decimal(entry.number.decimal) - Decimal(theirs.decimal))
            while way and found * 2 >= way:
                found /= 10
    return found
