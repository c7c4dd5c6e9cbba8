"""The keys of a sheet that say how its papers look, and the options of ``worksheet generate`` that override them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from generator.document.page_style import LARGEST_TYPE, LAYOUTS, PAPERS, SMALLEST_TYPE, Logo, PageStyle
from generator.document.picture_files import FORMATS, is_damaged
from generator.errors import InputError, expected, near
from generator.errors.language import find_language

STYLE_KEYS = tuple(one.name for one in fields(PageStyle) if one.name != "places")
"""The keys of a sheet that say how its papers look."""

PROBLEM_KEYS = ("title", "intro", "page_break", "room", "minutes")
"""The keys of a problem that do."""

ROOM = {"less": 0.5, "more": 2.0}
LEAST_ROOM, MOST_ROOM = 0.1, 10
"""Of the factor by which a problem's room to write is multiplied."""

MOST_MINUTES = 1000
"""Of a problem, or a sheet."""

LARGEST_LOGO = 2 * 2**20
"""Bytes: each student's paper has a copy of it."""

LONGEST_WORDS = 200
_LONGEST = {"header": 60, "footer": 120}
"""Characters of a text: those in the head and foot of pages must fit in a line."""

Fault: TypeAlias = Callable[[str, str], InputError]
"""Makes the error about a key from what is wrong with it."""


@dataclass(frozen=True)
class ProblemStyle:
    """How a problem of a sheet looks: its title and introduction, whether it begins a page, and a factor for its room to write.

    ``minutes`` are what an exam's cover recommends, if it is not 0.
    """

    title: str = ""
    intro: str = ""
    page_break: bool | None = None
    room: float = 1
    minutes: int = 0

    def starts_page(self, style: PageStyle) -> bool:
        """Whether the problem begins a page: as it says itself, or else in an exam."""
        return style.is_exam if self.page_break is None else self.page_break

    def lines(self, count: int) -> int:
        """The number of lines to write on or to work in, with the factor."""
        return max(1, round(count * self.room)) if count else 0


PLAIN_PROBLEM = ProblemStyle()


def check_known(key: str, known: Collection[str], fault: InputError) -> None:
    """Raise an error about an unknown key, with the key that may be meant."""
    if key not in known:
        raise InputError(f"{fault}{near(key, known) or ';'} known are {', '.join(sorted(known))}")


def read_style(table: Mapping[str, Any], folder: Path, fault: Fault) -> PageStyle:
    """Return the style that the keys of ``table`` ask for; a logo is looked for in ``folder``."""
    options = {key: table[key] for key in STYLE_KEYS if key in table}
    for key, value in options.items():
        options[key] = _READERS.get(key, partial(_words, most=_LONGEST.get(key, LONGEST_WORDS)))(
            value, partial(fault, key)
        )
    if options.get("fixed") and options.get("layout") != "exam":
        raise fault("fixed", 'only an exam has a fixed layout: say layout = "exam" too, or leave out fixed')
    if options.get("logo"):
        options["logo"] = _logo(folder / options["logo"], partial(fault, "logo"))
    return PageStyle(**{key: value for key, value in options.items() if value != ""})


def override(table: Mapping[str, Any], options: Mapping[str, Any], folder: Path) -> PageStyle:
    """Return the style of a sheet's keys with options of the command in their place; errors name the option."""
    found = {key: table[key] for key in STYLE_KEYS if key in table and key != "logo"}
    if options.get("layout", "exam") != "exam" and "fixed" not in options:
        found.pop("fixed", None)
    logo = options.get("logo", table.get("logo", ""))
    place = Path() if "logo" in options else folder
    return read_style({**found, **options, "logo": logo}, place, lambda key, message: _of_option(key, message))


def _of_option(key: str, message: str) -> InputError:
    return InputError(message.replace('layout = "exam"', "--layout exam"), field=f"--{key.replace('_', '-')}")


def read_problem_style(table: Mapping[str, Any], style: PageStyle, fault: Fault) -> ProblemStyle:
    """Return how one of the sheet's problems looks."""
    title = _words(table.get("title", ""), partial(fault, "title"))
    if "title" in table and not title.strip():
        raise fault("title", expected("a text", repr(table["title"])))
    intro = table.get("intro", "")
    if not isinstance(intro, str):
        raise fault("intro", expected("a text", repr(intro)))
    page_break = table.get("page_break")
    if page_break is not None and not isinstance(page_break, bool):
        raise fault("page_break", expected("true or false", repr(page_break)))
    minutes = table.get("minutes", 0)
    if "minutes" in table and (type(minutes) is not int or not 1 <= minutes <= MOST_MINUTES):
        raise fault("minutes", expected(f"a whole number from 1 to {MOST_MINUTES}", repr(minutes)))
    room = _room(table["room"], style, fault) if "room" in table else 1
    return ProblemStyle(title, intro, page_break, room, minutes)


def _room(value: object, style: PageStyle, fault: Fault) -> float:
    if style.is_handout:
        raise fault("room", 'a handout has no room to write: say layout = "worksheet" or "exam", or leave out room')
    if isinstance(value, str) and value in ROOM:
        return ROOM[value]
    if isinstance(value, int | float) and not isinstance(value, bool) and LEAST_ROOM <= value <= MOST_ROOM:
        return value
    raise fault(
        "room", expected(f'"less", "more", or a number from {LEAST_ROOM:g} to {MOST_ROOM} to multiply by', repr(value))
    )


_OneFault: TypeAlias = Callable[[str], InputError]


def _words(value: object, fault: _OneFault, most: int = LONGEST_WORDS) -> str:
    if not isinstance(value, str):
        raise fault(expected("a text", repr(value)))
    if len(value) > most:
        raise fault(expected(f"a text of at most {most} characters", f"{len(value)} characters"))
    return value


def _date(value: object, fault: _OneFault) -> str:
    if isinstance(value, dt.date):  # TOML's own dates stand without quotes
        return value.isoformat() if type(value) is dt.date else str(value)
    return _words(value, fault)


def _one_of(names: tuple[str, ...]) -> Callable[[object, _OneFault], str]:
    def read(value: object, fault: _OneFault) -> str:
        if not isinstance(value, str) or value not in names:
            hint = near(value, names) if isinstance(value, str) else ""
            raise fault(expected(" or ".join(f'"{name}"' for name in names), repr(value)) + hint)
        return value

    return read


def _language(value: object, fault: _OneFault) -> str:
    try:
        return find_language(_words(value, fault)).code
    except InputError as error:
        raise fault(str(error)) from error


def _yes_or_no(value: object, fault: _OneFault) -> bool:
    if not isinstance(value, bool):
        raise fault(expected("true or false", repr(value)))
    return value


def _font_size(value: object, fault: _OneFault) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not SMALLEST_TYPE <= value <= LARGEST_TYPE:
        raise fault(expected(f"a whole number of points from {SMALLEST_TYPE} to {LARGEST_TYPE}", repr(value)))
    return value


_READERS: Mapping[str, Callable[[Any, _OneFault], Any]] = {
    "paper": _one_of(PAPERS),
    "language": _language,
    "layout": _one_of(LAYOUTS),
    "fixed": _yes_or_no,
    "font_size": _font_size,
    "show_points": _yes_or_no,
    "date": _date,
}


def _logo(path: Path, fault: _OneFault) -> Logo:
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise fault(expected("a PNG, JPEG or PDF file", repr(path.name)))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise fault(f"there is no image {path} ({error.strerror}); it must stand beside the sheet") from error
    if not content.startswith(FORMATS[ending]):
        raise fault(f"{path.name} is not what its ending says: it does not begin like a {ending[1:].upper()} file")
    if len(content) > LARGEST_LOGO:
        raise fault(expected(f"an image of at most {LARGEST_LOGO // 2**20} MiB", f"{len(content) / 2**20:.1f} MiB"))
    if is_damaged(content, ending):
        raise fault(f"{path.name} is damaged: save it again")
    return Logo(path.name, content)
