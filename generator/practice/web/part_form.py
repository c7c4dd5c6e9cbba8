"""The form of one part of an attempt: its fields with what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from generator.document.keyless import without_key
from generator.document.nodes import ChoiceSpace, ClaimSpace, FieldsSpace, Question, Space
from generator.practice.attempts import AskedPart, Attempt
from generator.practice.progress import PartState, Submission
from generator.practice.web.blanks import Blank, ClaimField, Option, WorkingField
from generator.practice.web.fields import (
    AS_TEXT,
    COLUMNS,
    LETTERS,
    REASON,
    ROWS,
    TEXT,
    WORKING,
    Draft,
    Grid,
    Kind,
    Typed,
    blank_name,
    draft_of,
    grid_of,
    is_as_text,
    kind_of,
    reasons_in,
    reasons_of,
    spoken,
    typed,
)
from generator.practice.web.on_the_way import working_fields
from generator.practice.web.previews import Preview, preview
from generator.practice.web.stated import stated_grid

Mode: TypeAlias = Literal["practice", "exam", "over"]
"""Whether answers are marked at once, only taken (in an ``exam`` that runs), or taken no more (it is ``over``)."""


@dataclass(frozen=True)
class PartForm:
    """A part, where the student stands in it, and what stands in its fields.

    ``sent`` is what stood in them when they were kept last, None if nothing was since her last answer; ``shapes`` are those
    that she gave her earlier answers, which are likely the next one's too and give nothing away.
    """

    attempt: Attempt
    state: PartState
    mode: Mode = "practice"
    sent: Draft | None = None
    shapes: Mapping[Kind, Draft] = field(default_factory=dict)

    @property
    def asked(self) -> AskedPart:
        """The part itself."""
        return self.state.asked

    @property
    def id(self) -> str:
        """The part's id, which begins the names of its fields."""
        return self.asked.id

    @cached_property
    def kind(self) -> Kind:
        """What kind of fields it has."""
        return kind_of(self.asked.answer, self.attempt.variant.values)

    @cached_property
    def spaces(self) -> tuple[Space, ...]:
        """Where it is answered on paper, the key taken out."""
        return self.question.spaces

    @property
    def symbol(self) -> str:
        """What is asked for, as TeX; empty where it has no symbol."""
        return str(getattr(self.asked.answer, "symbol", ""))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The TeX of labelled fields."""
        return next((space.labels for space in self.spaces if isinstance(space, FieldsSpace)), ())

    @property
    def count(self) -> int:
        """How many labelled fields or claims there are."""
        return len(self.labels) or sum(isinstance(space, ClaimSpace) for space in self.spaces)

    @cached_property
    def draft(self) -> Draft:
        """What stands in the fields: what was sent last, or else the last answer."""
        draft = self._answered() if self.sent is None else self.sent
        if self.stated is not None and not is_as_text(self.kind, draft):
            return {**draft, ROWS: str(self.stated.rows), COLUMNS: str(self.stated.columns)}
        if self.kind in self.shapes and not draft.get(ROWS) and not draft.get(COLUMNS):
            return {**self.shapes[self.kind], **draft}
        return draft

    def _answered(self) -> Draft:
        if self.latest is None:
            return {}
        working = {f"{WORKING}{name}": text for name, text in self.latest.working.items()}
        reasons = reasons_in(self.latest.reasons)
        draft = draft_of(self.kind, self.count, self.latest.text)
        if self.stated is not None and grid_of(self.kind, draft) != self.stated:
            draft = {AS_TEXT: "yes", TEXT: self.latest.text}  # of another shape: it does not fit into the grid
        return {**draft, **working, **reasons}

    @cached_property
    def typed(self) -> Typed:
        """What the fields say."""
        return typed(self.kind, self.count, self.draft)

    @cached_property
    def stated(self) -> Grid | None:
        """The shape that the question itself gives; None where the student says it."""
        return (
            stated_grid(self.asked.answer, self.attempt.variant.values) if self.kind in ("vector", "matrix") else None
        )

    @property
    def grid(self) -> Grid | None:
        """The shape of the grid: that which is stated, or once it is typed."""
        return grid_of(self.kind, self.draft)

    @property
    def as_text(self) -> bool:
        """Whether a vector or matrix is typed as one text."""
        return is_as_text(self.kind, self.draft)

    @cached_property
    def preview(self) -> Preview:
        """How the fields are read."""
        return preview(self.kind, self.asked.answer, self.attempt.variant.values, self.labels, self.draft)

    # ------------------------------------------------------------------------------------------- fields

    @property
    def rows(self) -> tuple[tuple[Blank, ...], ...]:
        """The fields of a grid, by rows."""
        grid = self.grid
        if grid is None:
            return ()
        blanks = [self._cell(*place) for place in grid.places()]
        return tuple(tuple(blanks[start : start + grid.columns]) for start in range(0, len(blanks), grid.columns))

    def _cell(self, row: int, column: int) -> Blank:
        name = spoken(self.kind, column) if self.kind == "vector" else spoken(self.kind, row, column)
        right = self._right(column) if self.kind == "vector" else self._right(row, column)
        return self._blank(blank_name(row, column), name, right=right)

    @property
    def labelled(self) -> tuple[Blank, ...]:
        """The labelled fields."""
        return tuple(
            self._blank(blank_name(place), spoken(self.kind, place), label, self._right(place))
            for place, label in enumerate(self.labels, start=1)
        )

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen from."""
        space = next(space for space in self.spaces if isinstance(space, ChoiceSpace))
        chosen = self.draft.get(blank_name(1), "")
        marked = self.latest is not None and self.is_as_marked and self.mode != "exam"
        is_right = self.latest.marked.status == "correct" if marked and self.latest is not None else None
        return tuple(
            Option(letter, blocks, letter == chosen, is_right if letter == chosen else None)
            for letter, blocks in zip(LETTERS, space.options, strict=False)
        )

    @property
    def claims(self) -> tuple[ClaimField, ...]:
        """The claims to judge."""
        spaces = [space for space in self.spaces if isinstance(space, ClaimSpace)]
        return tuple(
            ClaimField(
                space.text,
                self._blank(blank_name(place), f"claim {place}", right=self._right(place)),
                self._blank(f"{REASON}{place}", f"reason for the verdict on claim {place}"),
            )
            for place, space in enumerate(spaces, start=1)
        )

    @property
    def shape(self) -> tuple[Blank, Blank]:
        """The fields for how many rows and columns there are; a vector has the second alone."""
        return self._blank(ROWS, "rows"), self._blank(COLUMNS, "entries" if self.kind == "vector" else "columns")

    @cached_property
    def working(self) -> tuple[WorkingField, ...]:
        """Fields for the intermediate values that the problem's guided version asks for on the way to this part."""
        return working_fields(self.attempt, self.asked, self.draft)

    @property
    def given_working(self) -> dict[str, str]:
        """The typed intermediate values that are asked for and can be read."""
        return {
            field.step: field.blank.value
            for field in self.working
            if field.blank.value.strip() and not field.preview.complaints
        }

    @property
    def has_unread_working(self) -> bool:
        """Whether an intermediate value was typed that cannot be read."""
        return any(field.preview.complaints for field in self.working)

    @property
    def reasons(self) -> str:
        """The typed reasons for the verdicts on claims."""
        return reasons_of(self.draft, self.count)

    def _blank(self, name: str, aloud: str, label: str = "", right: bool | None = None) -> Blank:
        return Blank(f"{self.id}/{name}", self.draft.get(name, ""), aloud, label, right)

    @cached_property
    def question(self) -> Question:
        """The part without its key."""
        return without_key(self.asked.question)

    # ------------------------------------------------------------------------------------------ the mark

    @property
    def latest(self) -> Submission | None:
        """The last answer, readable or not."""
        return self.state.latest

    @property
    def is_as_marked(self) -> bool:
        """Whether the fields still hold the answer that was marked last."""
        return self.latest is not None and self.latest.text == self.typed.text

    @property
    def is_taken(self) -> bool:
        """Whether the last answer is all that the fields hold, with reasons and working."""
        latest = self.latest
        now = (self.typed.text, self.reasons, self.given_working)
        return latest is not None and (latest.text, latest.reasons, dict(latest.working)) == now

    def _right(self, *place: int) -> bool | None:
        """Whether the marked answer is right at a place, where the fields still hold it."""
        if self.mode == "exam" or self.latest is None or not self.is_as_marked:
            return None
        entries: Any = self.latest.marked.entries
        try:
            for index in place:
                entries = entries[index - 1]
        except (IndexError, TypeError):  # it was a number, or had another shape
            return None
        return entries if isinstance(entries, bool) else None
