"""A sheet in the terms of platforms: questions, each with a pool of variants, as plain data that JSON can hold.

Nothing in it is LaTeX of a document, Markdown or HTML.  A text is a list of *blocks* and a block a small table: ``{"p": […]}`` is a
paragraph, ``{"list": […]}`` and ``{"ordered": […]}`` are lists of lists of blocks, ``{"table": […], "header": n}`` is a table of cells with n rows of
headings, ``{"code": …}`` lines of a program, ``{"figure": id}`` a picture and ``{"display": tex}`` a formula of its own.  Within a line
stand words, ``{"tex": …}``, ``{"code": …}``, ``{"em": […]}``, ``{"strong": […]}`` and ``{"link": […], "url": …}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from generator.paper.students import NOBODY, Student

Inline: TypeAlias = str | Mapping[str, Any]
Line: TypeAlias = Sequence[Inline]
Block: TypeAlias = Mapping[str, Any]
Blocks: TypeAlias = Sequence[Block]

Kind: TypeAlias = Literal["number", "fields", "vector", "matrix", "shape", "shapes", "choice", "claims", "essay"]

COMPUTED: tuple[Kind, ...] = ("number", "fields", "vector", "matrix", "shape", "shapes")
"""The kinds whose answers are numbers."""


@dataclass(frozen=True)
class Number:
    """An exact number, and how those write it who cannot.

    ``exact`` is a text that sympy reads, ``tex`` its notation.  ``decimal`` has 15 significant digits, and ``tolerance``, a
    decimal too, is how far an answer may be from it.
    """

    exact: str
    tex: str
    decimal: str
    tolerance: str


@dataclass(frozen=True)
class Entry:
    """One number of an answer; ``label`` is the TeX that it is asked for under, empty for an entry of a grid.

    ``place`` counts the sizes of a shape from 1 on, and is 0 elsewhere.
    """

    number: Number
    label: str = ""
    place: int = 0


@dataclass(frozen=True)
class Computed:
    """An answer in numbers, by row; ``rows`` and ``columns`` are those of a vector or a matrix, and ``symbol`` is its TeX."""

    entries: tuple[Entry, ...]
    rows: int = 1
    columns: int = 1
    symbol: str = ""


@dataclass(frozen=True)
class Option:
    """An option to tick; ``feedback`` says what leads to a wrong one, where that is known."""

    id: str
    text: Blocks
    right: bool
    feedback: Blocks = ()


@dataclass(frozen=True)
class Choice:
    """Options in the order of printing; where ``several`` may be right, all of them are to be ticked.

    Options that are not ``in_order`` may be shuffled.
    """

    options: tuple[Option, ...]
    several: bool = False
    in_order: bool = False


@dataclass(frozen=True)
class Statement:
    """A claim to call true or false, and the reason why it is so."""

    id: str
    text: Blocks
    verdict: bool
    reason: Blocks


@dataclass(frozen=True)
class Claims:
    """Claims to judge; a verdict and a reason have points of their own."""

    statements: tuple[Statement, ...]
    verdict_points: int
    reason_points: int


@dataclass(frozen=True)
class Criterion:
    """A line of a rubric: points, and what earns them."""

    id: str
    points: int
    text: Line


@dataclass(frozen=True)
class Essay:
    """An answer in words: one that would get all points, and how they are given."""

    sample: Blocks
    rubric: tuple[Criterion, ...]
    lines: int


Answer: TypeAlias = Computed | Choice | Claims | Essay


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that is known: its numbers, by the entries of the key, and the ``share`` of the points that it earns."""

    id: str
    share: Fraction
    feedback: Blocks
    numbers: tuple[Number, ...]


_PNG = b"\x89PNG\r\n\x1a\n"
_WIDTH_IN_PNG = slice(16, 20)
_PIXELS_PER_DOT = 0.6
"""TeX's drawings have 200 dots to the inch: with this, their letters are as large as those of a page, of 16 pixels."""


@dataclass(frozen=True)
class Figure:
    """A picture, with the words that stand for it.  ``svg`` is empty for one from a file; ``content`` is a PNG or JPEG, where it was wanted."""

    alt: str
    svg: str = ""
    content: bytes = field(default=b"", repr=False)
    ending: str = "png"

    @property
    def media_type(self) -> str:
        """The type of the content: ``image/png``."""
        return f"image/{'jpeg' if self.ending in ('jpg', 'jpeg') else self.ending}"

    @property
    def width(self) -> int | None:
        """The width on a page in its own unit, the CSS pixel: a drawing's PNG has more dots, and an author's picture is shown as it is."""
        if not self.svg or not self.content.startswith(_PNG):
            return None
        return round(int.from_bytes(self.content[_WIDTH_IN_PNG], "big") * _PIXELS_PER_DOT)


def figures_in(content: Blocks) -> Iterator[str]:
    """Yield the ids of the pictures in blocks."""
    for block in content:
        if "figure" in block:
            yield block["figure"]
        for key in ("list", "ordered"):
            for item in block.get(key, ()):
                yield from figures_in(item)


@dataclass(frozen=True)
class Variant:
    """One variant of a question, complete in itself; ``id`` is that of its numbers, the same for all parts of a problem.

    ``rubric`` says how the points of a computed answer are divided, and ``figures`` names all its pictures.  ``pieces`` are
    what the prompt is made of, each with the id of its question: what stands before the parts (of no question), those that
    are needed, with their labels, and at the end the part's own.
    """

    id: str
    prompt: Blocks
    answer: Answer
    mistakes: tuple[Mistake, ...] = ()
    solution: Blocks = ()
    rubric: tuple[Criterion, ...] = ()
    figures: tuple[str, ...] = ()
    pieces: tuple[tuple[str, Blocks], ...] = ()


@dataclass(frozen=True)
class Part:
    """A question: all its variants are of one kind and worth the same points.

    ``id`` is ``problem.part``; ``title`` is for teachers, ``label`` that of the printed sheet.
    """

    id: str
    kind: Kind
    points: int
    title: str
    label: str
    tags: tuple[str, ...]
    variants: tuple[Variant, ...]


@dataclass(frozen=True)
class Problem:
    """The parts of a problem; ``variants`` are the ids of all its variants, in the order of drawing.

    Of a pool of plain questions a paper asks so many as it is to ``pick``; it is 0 where all parts are asked.
    """

    id: str
    title: str
    parts: tuple[Part, ...]
    variants: tuple[str, ...]
    pick: int = 0


@dataclass(frozen=True)
class Export:
    """A sheet for platforms, with its pictures by their ids; ``omitted`` says what of the sheet is not in it, or in another form.

    ``student`` is whose file it is, where each has one of her own.
    """

    sheet: str
    title: str
    language: str
    instructions: Blocks
    problems: tuple[Problem, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    omitted: tuple[str, ...] = ()
    student: Student = NOBODY

    @property
    def parts(self) -> Iterator[Part]:
        """Yield all questions, in the order of the sheet."""
        for problem in self.problems:
            yield from problem.parts
