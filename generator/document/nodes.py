"""The document: frozen nodes that hold meaning and no formatting.

A worksheet and its key are one :class:`Worksheet`.  Whatever only the key may show stands in a field marked with
:data:`KEY`; :func:`~generator.document.keyless.without_key` empties every such field before any template sees the
document.  Formats turn nodes into text by a macro of the node's name (see :mod:`generator.render.renderer`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, TypeAlias

from generator.document.figures.scene import Scene
from generator.document.page_style import PLAIN_STYLE, PageStyle, Reserved

KEY = {"key": True}
"""Field metadata: only the key shows this; its empty value is the field's default."""

# ---------------------------------------------------------------------------------------------- inline


class PersonName(str):
    """A name of a person: a format that lacks letters of it prints others, as near as may be."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula within a line, as TeX source."""

    tex: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that must not be overlooked."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed words, or a term where it is introduced."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A name from a program."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a page of the web, or to an address of mail."""

    url: str
    children: tuple[Inline, ...]


Inline: TypeAlias = Text | Math | Strong | Emphasis | Code | Link

# ----------------------------------------------------------------------------------------------- block


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Display:
    """A formula on a line of its own, as TeX source."""

    tex: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order; each item is blocks."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list in order; each item is blocks."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every cell is a run of inlines."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of a program, as they were typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture from a file, with the words that stand for it where it cannot be seen.

    ``width`` is in hundredths of the line's; 0 is that of the picture, or the line's if it is wider.  Documents find a copy
    of the file in ``folder``; without one, nobody knows where the picture is, and the words stand for it.
    """

    source: str
    alt: str
    width: int = 0
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing: as the student gets it, and as the key completes it.

    One that stands in a solution only is ``completed`` from the start.
    """

    name: str
    scene: Scene
    completed: Scene | None = field(default=None, metadata=KEY)

    @property
    def shown(self) -> Scene:
        """The drawing that this document shows."""
        return self.completed or self.scene

    @property
    def file(self) -> str:
        """Its file without the ending; what only the key shows has a folder of its own."""
        return f"{'key-figures' if self.completed else 'figures'}/{self.name}"


@dataclass(frozen=True, slots=True)
class Fillable:
    """Blocks with blanks to fill in, and the same blocks as the key fills them."""

    blank: tuple[Block, ...]
    filled: tuple[Block, ...] = field(default=(), metadata=KEY)


Block: TypeAlias = Paragraph | Display | Bullets | Numbered | Table | CodeBlock | Image | Figure | Fillable

# --------------------------------------------------------------------------- where the answer is written
# ``in_key`` says whether the key shows it too: what is ticked there, unlike what is left empty.


@dataclass(frozen=True, slots=True)
class NumberSpace:
    """A blank for one number, after its symbol (TeX, may be empty)."""

    in_key: ClassVar[bool] = False

    symbol: str


@dataclass(frozen=True, slots=True)
class GridSpace:
    """A blank of a vector's or matrix's shape, after its symbol (TeX, may be empty)."""

    in_key: ClassVar[bool] = False

    symbol: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class FieldsSpace:
    """Several labelled blanks; the labels are TeX."""

    in_key: ClassVar[bool] = False

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinesSpace:
    """Ruled lines for sentences."""

    in_key: ClassVar[bool] = False

    count: int


@dataclass(frozen=True, slots=True)
class WorkSpace:
    """Room to work, in lines; nothing is ruled."""

    in_key: ClassVar[bool] = False

    lines: int


@dataclass(frozen=True, slots=True)
class ChoiceSpace:
    """Options to tick; the key ticks those in ``correct`` (positions from 0)."""

    in_key: ClassVar[bool] = True

    options: tuple[tuple[Block, ...], ...]
    correct: tuple[int, ...] = field(default=(), metadata=KEY)


@dataclass(frozen=True, slots=True)
class ClaimSpace:
    """One claim to call true or false, with a line for the reason where it ``has_room``."""

    in_key: ClassVar[bool] = True

    text: tuple[Block, ...]
    verdict: bool | None = field(default=None, metadata=KEY)
    reason: tuple[Block, ...] = field(default=(), metadata=KEY)
    has_room: bool = True


Space: TypeAlias = NumberSpace | GridSpace | FieldsSpace | LinesSpace | WorkSpace | ChoiceSpace | ClaimSpace

# ------------------------------------------------------------------------------------------- the key


@dataclass(frozen=True, slots=True)
class BoxedAnswer:
    """The exact answer, as TeX."""

    tex: str


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """An answer in words that would get all points."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a rubric."""

    points: int
    text: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class MistakeNote:
    """A mistake and the answer it leads to (TeX), for "if you got …, you …"."""

    wrong: str
    feedback: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """The part of a question that only the key has."""

    answer: BoxedAnswer | ModelAnswer | None = None
    steps: tuple[tuple[Block, ...], ...] = ()
    rubric: tuple[Criterion, ...] = ()
    notes: tuple[MistakeNote, ...] = ()


# ------------------------------------------------------------------------------------------ the whole


@dataclass(frozen=True, slots=True)
class Question:
    """A part of a problem: what is asked, where to answer, and perhaps parts of its own.

    ``label`` is "a", "b" … at the first level, "i", "ii" … below it.  In a fixed layout there are places ``reserved`` for
    what is asked and for the answer.
    """

    id: str
    label: str
    points: int
    body: tuple[Block, ...]
    spaces: tuple[Space, ...] = ()
    parts: tuple[Question, ...] = ()
    key: Key | None = field(default=None, metadata=KEY)
    shows_points: bool = True
    reserved: Reserved | None = None
    reserved_answer: Reserved | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """A whole problem on a sheet; one that ``starts_page`` begins a page of the student's copy.

    The cover of an exam recommends its ``minutes``, if they are not 0.
    """

    id: str
    number: int
    title: str
    points: int
    preamble: tuple[Block, ...]
    parts: tuple[Question, ...]
    shows_points: bool = True
    starts_page: bool = False
    reserved: Reserved | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A sheet for one student; with its key unless :func:`~generator.document.keyless.without_key` has been there.

    ``student`` and ``student_id`` are the printed name and id; empty, the worksheet leaves room to write them.
    ``form`` is the letter of a form, which stands beside the title.  Of a paper that ``is_public`` anyone can make the key.
    ``accessible_copy`` names the file with the document as a page for the browser, if there is one.
    """

    title: str
    course: str
    instructions: tuple[Block, ...]
    variant: str
    points: int
    exercises: tuple[Exercise, ...]
    has_key: bool = field(default=False, metadata=KEY)
    student: str = ""
    student_id: str = ""
    form: str = ""
    is_public: bool = False
    style: PageStyle = PLAIN_STYLE
    accessible_copy: str = ""

    @property
    def language(self) -> str:
        """The code of the language of all that is not an author's text."""
        return self.style.language

    def __post_init__(self) -> None:
        for name in ("student", "student_id"):
            object.__setattr__(self, name, PersonName(getattr(self, name)))


def every_question(node: Exercise | Question) -> Iterator[Question]:
    """Yield the questions of an exercise, each before its parts."""
    for part in node.parts:
        yield part
        yield from every_question(part)


# ------------------------------------------------------------------------------------------- any node


def children(node: Any) -> list[Any]:
    """Return the values of a node's fields, in their order; none for what is not a node."""
    kind: Any = type(node)
    return [getattr(node, name) for name in _fields(kind)]


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
