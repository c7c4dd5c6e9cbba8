"""The form of one part of an attempt: its fields with what stands in them, and the mark they got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from generator.document.keyless import without_key
from generator.document.nodes import ChoiceSpace, ClaimSpace, FieldsSpace, Question, Space
from generator.errors.language import phrase
from generator.grading.nesting import entries_of
from generator.practice.attempts import Attempt, AttemptPart
from generator.practice.store.state import PartState, Submission
from generator.practice.web.fields import (
    AS_TEXT,
    COLUMNS,
    LETTERS,
    REASON,
    ROWS,
    TEXT,
    WORKING,
    Draft,
    FormAnswer,
    Grid,
    Kind,
    answer_in,
    draft_from_text,
    field_name,
    grid_in_question,
    grid_of,
    is_as_text,
    kind_of,
    reasons_draft,
    reasons_text,
    spoken_name,
)
from generator.practice.web.form_fields import ClaimField, InputField, Option, WorkingField
from generator.practice.web.previews import Preview, preview, working_previews
from generator.render.spoken import spoken

Mode: TypeAlias = Literal["practice", "exam", "over"]
"""Whether answers are marked at once, only saved (in a running exam), or no longer accepted (after it)."""


@dataclass(frozen=True)
class PartForm:
    """A part with its state and what stands in its fields.

    ``saved`` are the fields as they were last saved, None if that was not since the last answer.  ``shapes`` are the shapes
    that the student gave earlier answers of a kind: likely this one's too, and no help, since they are the student's own.
    """

    attempt: Attempt
    state: PartState
    mode: Mode = "practice"
    saved: Draft | None = None
    shapes: Mapping[Kind, Draft] = field(default_factory=dict)

    @property
    def part(self) -> AttemptPart:
        """The part itself."""
        return self.state.part

    @property
    def id(self) -> str:
        """The part's id, with which the names of its fields start."""
        return self.part.id

    @cached_property
    def kind(self) -> Kind:
        """What kind of fields it has."""
        return kind_of(self.part.answer, self.attempt.variant.values)

    @cached_property
    def question(self) -> Question:
        """The part without its key."""
        return without_key(self.part.question)

    @property
    def spaces(self) -> tuple[Space, ...]:
        """The spaces for the answer on paper, without the key."""
        return self.question.spaces

    @property
    def label(self) -> str:
        """The part's label as on paper: ``(c)(i)``."""
        return "".join(f"({letter})" for letter in self.part.label.split())

    @property
    def symbol(self) -> str:
        """The TeX of what is asked for; empty where it has no symbol."""
        return str(getattr(self.part.answer, "symbol", ""))

    @property
    def spoken_symbol(self) -> str:
        """The symbol in words."""
        return spoken(self.symbol) if self.symbol else ""

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The TeX of labelled fields."""
        return next((space.labels for space in self.spaces if isinstance(space, FieldsSpace)), ())

    @property
    def count(self) -> int:
        """The number of labelled fields or claims."""
        return len(self.labels) or sum(isinstance(space, ClaimSpace) for space in self.spaces)

    # -------------------------------------------------------------------------------------------- what stands there

    @cached_property
    def draft(self) -> Draft:
        """What stands in the fields: what was saved last, or else the last answer."""
        draft = self._draft_of_latest() if self.saved is None else self.saved
        if self.known_grid is not None and not is_as_text(self.kind, draft):
            return {**draft, ROWS: str(self.known_grid.rows), COLUMNS: str(self.known_grid.columns)}
        if self.kind in self.shapes and not draft.get(ROWS) and not draft.get(COLUMNS):
            return {**self.shapes[self.kind], **draft}
        return draft

    def _draft_of_latest(self) -> Draft:
        if self.latest is None:
            return {}
        draft = draft_from_text(self.kind, self.count, self.latest.text)
        if self.known_grid is not None and grid_of(self.kind, draft) != self.known_grid:
            draft = {AS_TEXT: "yes", TEXT: self.latest.text}  # of another shape, as typed in the terminal
        working = {f"{WORKING}{name}": text for name, text in self.latest.working.items()}
        return {**draft, **working, **reasons_draft(self.latest.reasons)}

    @cached_property
    def known_grid(self) -> Grid | None:
        """The shape that the question itself gives; None where the student has to give it."""
        is_grid = self.kind in ("vector", "matrix")
        return grid_in_question(self.part.answer, self.attempt.variant.values) if is_grid else None

    @property
    def grid(self) -> Grid | None:
        """The shape of the grid; None before it is typed."""
        return grid_of(self.kind, self.draft)

    @property
    def as_text(self) -> bool:
        """Whether a vector or matrix is typed as one text."""
        return is_as_text(self.kind, self.draft)

    @cached_property
    def answer(self) -> FormAnswer:
        """The answer in the fields."""
        return answer_in(self.kind, self.count, self.draft)

    @property
    def reasons(self) -> str:
        """The typed reasons for the verdicts on claims."""
        return reasons_text(self.draft, self.count)

    @cached_property
    def preview(self) -> Preview:
        """How the fields are read."""
        return preview(self.kind, self.part.answer, self.attempt.variant.values, self.labels, self.draft)

    @property
    def readable_working(self) -> dict[str, str]:
        """The typed intermediate values that can be read, by step."""
        return {
            one.step: one.field.value for one in self.working if one.field.value.strip() and not one.preview.complaints
        }

    @property
    def has_unreadable_working(self) -> bool:
        """Whether an intermediate value was typed that cannot be read."""
        return any(one.preview.complaints for one in self.working)

    # ------------------------------------------------------------------------------------------- fields

    def _field(self, name: str, spoken: str, label: str = "", place: tuple[int, ...] | None = None) -> InputField:
        """Return a field; ``place`` is that of its entry in a marked answer, from 1."""
        right = None if place is None else self._right(*place)
        unread = self._unread.get(place, "") if place is not None and right is False else ""
        return InputField(f"{self.id}/{name}", self.draft.get(name, ""), spoken, label, right, unread)

    @property
    def number_field(self) -> InputField:
        """The field of a single number."""
        return self._field(TEXT, self.spoken_symbol or phrase("practice.your_answer_field"), self.symbol, ())

    @property
    def rows(self) -> tuple[tuple[InputField, ...], ...]:
        """The fields of a grid, by rows."""
        grid = self.grid
        if grid is None:
            return ()
        cells = [self._cell(row, column) for row, column in grid.places()]
        return tuple(tuple(cells[start : start + grid.columns]) for start in range(0, len(cells), grid.columns))

    def _cell(self, row: int, column: int) -> InputField:
        name = spoken_name(self.kind, row, column, of=self.spoken_symbol)
        return self._field(field_name(row, column), name, place=(column,) if self.kind == "vector" else (row, column))

    @property
    def shape_fields(self) -> tuple[InputField, InputField]:
        """The fields for the numbers of rows and columns; a vector has the second alone."""
        columns = phrase("practice.entries_field") if self.kind == "vector" else phrase("practice.columns")
        return self._field(ROWS, phrase("practice.rows_field")), self._field(COLUMNS, columns)

    @property
    def labelled_fields(self) -> tuple[InputField, ...]:
        """The labelled fields."""
        return tuple(
            self._field(field_name(place), spoken(label), label, (place,))
            for place, label in enumerate(self.labels, start=1)
        )

    @property
    def options(self) -> tuple[Option, ...]:
        """The options to choose from."""
        space = next(space for space in self.spaces if isinstance(space, ChoiceSpace))
        names = LETTERS if self.kind == "choices" else (field_name(1),)
        chosen = [self.draft.get(name, "") for name in names]
        right = None
        if self.latest is not None and self.is_unchanged and self.mode != "exam":
            right = self.latest.marked.status == "correct"
        if self.kind == "choices" and not right:
            right = None  # which of several are right is not said before the solution
        return tuple(
            Option(letter, blocks, letter in chosen, right if letter in chosen else None)
            for letter, blocks in zip(LETTERS, space.options, strict=False)
        )

    @property
    def claims(self) -> tuple[ClaimField, ...]:
        """The claims to judge."""
        spaces = [space for space in self.spaces if isinstance(space, ClaimSpace)]
        return tuple(
            ClaimField(
                space.text,
                self._field(field_name(place), phrase("practice.claim_field", place=place), place=(place,)),
                self._field(f"{REASON}{place}", phrase("practice.reason_field", place=place)),
            )
            for place, space in enumerate(spaces, start=1)
        )

    @cached_property
    def working(self) -> tuple[WorkingField, ...]:
        """The fields for intermediate values."""
        previews = working_previews(self.attempt.variant.values, self.draft)
        return tuple(
            WorkingField(
                step,
                self._field(f"{WORKING}{step}", spoken(symbol) if symbol else step.replace("_", " "), symbol),
                previews.get(step, Preview()),
            )
            for step, symbol in self.attempt.working_steps(self.id)
        )

    # ------------------------------------------------------------------------------------------ the mark

    @property
    def latest(self) -> Submission | None:
        """The last answer, readable or not."""
        return self.state.latest

    @property
    def is_unchanged(self) -> bool:
        """Whether the fields still hold the answer that was marked last."""
        return self.latest is not None and self.latest.text == self.answer.text

    @property
    def is_saved(self) -> bool:
        """Whether the last answer is all that the fields hold, with reasons and working."""
        latest = self.latest
        now = (self.answer.text, self.reasons, self.readable_working)
        return latest is not None and (latest.text, latest.reasons, dict(latest.working)) == now

    def _right(self, *place: int) -> bool | None:
        """Return whether the marked answer is right at a place, if the fields still hold it."""
        if self.mode == "exam" or self.latest is None or not self.is_unchanged:
            return None
        if not place:
            return {"correct": True, "partial": False, "wrong": False}.get(self.latest.marked.status)
        entries: Any = self.latest.marked.entries
        try:
            for index in place:
                entries = entries[index - 1]
        except (IndexError, TypeError):  # it was a number, or had another shape
            return None
        return entries if isinstance(entries, bool) else None

    @cached_property
    def _unread(self) -> Mapping[tuple[int, ...], str]:
        """What is the matter with entries of the marked answer that have no value, by their place."""
        marked = self.latest.marked if self.latest is not None else None
        listed = marked.unread if marked is not None and marked.unread is not None else ()
        is_typed = self.kind != "claims"  # whose verdicts are buttons
        unreadable, empty = phrase("practice.field_unreadable"), phrase("practice.field_empty")
        return {tuple(one["entry"]): unreadable if one["typed"] and is_typed else empty for one in listed}

    @property
    def wrong_entries(self) -> tuple[str, ...]:
        """The names of the wrong entries of a vector or matrix that was typed as a text, which has no fields to mark."""
        entries: Any = self.latest.marked.entries if self.latest is not None and self.as_text else None
        if not isinstance(entries, list | tuple) or not self.is_unchanged or self.mode == "exam":
            return ()
        depth = 1 if self.kind == "vector" else 2
        places = [tuple(place + 1 for place in index) for index in entries_of(entries, depth)]
        return tuple(spoken_name(self.kind, *place) for place in places if self._right(*place) is False)
