"""How the pages of a worksheet look: paper, layout, size of type, and what stands in heads and feet."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from generator.errors.language import ENGLISH

PaperSize: TypeAlias = Literal["letter", "a4"]
LayoutName: TypeAlias = Literal["worksheet", "exam", "handout"]

PAPERS: tuple[PaperSize, ...] = get_args(PaperSize)
LAYOUTS: tuple[LayoutName, ...] = get_args(LayoutName)

SMALLEST_TYPE, LARGEST_TYPE = 10, 18
"""The sizes of type that a sheet may ask for, in points."""

USUAL_TYPE, _TYPE_OF_HANDOUTS = 11, 10


@dataclass(frozen=True, slots=True)
class Logo:
    """An image for the head of the first page: the name of its file, and the file's bytes."""

    name: str
    content: bytes = field(repr=False)

    @property
    def file(self) -> str:
        """The name of the copy that stands beside a document."""
        return f"logo.{self.name.rpartition('.')[2].lower()}"

    @property
    def is_picture(self) -> bool:
        """Whether browsers and readers of Markdown show it: a PDF they do not."""
        return not self.file.endswith(".pdf")

    @property
    def data_uri(self) -> str:
        """The whole image as an address, for a page that loads nothing."""
        kind = "png" if self.file.endswith(".png") else "jpeg"
        return f"data:image/{kind};base64,{b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class PageStyle:
    """How the pages of a worksheet and its key look; ``language`` is that of labels and messages.

    ``font_size`` is in points; 0 stands for the layout's own.  ``places`` are the heights reserved for the parts of a fixed
    layout, in points by the names of their places; without them a fixed layout has every part as high as it is.
    """

    paper: PaperSize = "letter"
    language: str = ENGLISH
    layout: LayoutName = "worksheet"
    fixed: bool = False
    font_size: int = 0
    show_points: bool = True
    department: str = ""
    date: str = ""
    header: str = ""
    footer: str = ""
    logo: Logo | None = None
    places: tuple[tuple[str, int], ...] = ()

    @property
    def is_exam(self) -> bool:
        """Whether there is a cover page, and each problem begins a page."""
        return self.layout == "exam"

    @property
    def is_handout(self) -> bool:
        """Whether the questions stand alone, without room for answers."""
        return self.layout == "handout"

    def type_size(self, *, key: bool) -> int:
        """The size of type in points; a key's is one point less than its worksheet's."""
        size = self.font_size or (_TYPE_OF_HANDOUTS if self.is_handout else USUAL_TYPE)
        return max(size - 1, SMALLEST_TYPE) if key else size

    def latex_options(self, *, key: bool) -> tuple[str, ...]:
        """The options of the style ``worksheet``."""
        options = [f"{self.paper}paper", *(["key"] if key else [self.layout] if self.layout != "worksheet" else [])]
        return (*options, "fixed") if self.fixed and not key else tuple(options)


PLAIN_STYLE = PageStyle()


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place of the same height on every student's paper; a height of 0 is not known yet."""

    place: str
    height: int
