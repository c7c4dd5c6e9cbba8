"""The options of ``worksheet generate`` that override what a sheet says of its papers' look, and of follow-ups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from generator.document.page_style import LARGEST_TYPE, LAYOUTS, PAPERS, SMALLEST_TYPE

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--extended/--no-extended", default=None, help="Ask the follow-ups too, in place of what the sheet says."
    ),
    click.option("--paper", type=click.Choice(PAPERS), help="The size of the paper, in place of the sheet's."),
    click.option("--language", metavar="CODE", help="The language of labels, messages and feedback, such as de."),
    click.option("--layout", type=click.Choice(LAYOUTS), help="With room to answer, as an exam, or questions alone."),
    click.option("--fixed/--no-fixed", default=None, help="Of an exam: every answer in the same place on all papers."),
    click.option("--font-size", type=click.IntRange(SMALLEST_TYPE, LARGEST_TYPE), help="In points; 18 is large print."),
    click.option("--show-points/--no-show-points", default=None, help="Whether worksheets say what parts are worth."),
    click.option("--department", help="Words above the title."),
    click.option("--logo", metavar="FILE", help="An image beside the title: PNG, JPEG or PDF."),
    click.option("--date", help="A date, or other words, above the title."),
    click.option("--header", help="Words in the head of the pages, in place of the course."),
    click.option("--footer", help="Words in the foot of the pages."),
)

NAMES = (
    "extended",
    "paper",
    "language",
    "layout",
    "fixed",
    "font_size",
    "show_points",
    "department",
    "logo",
    "date",
    "header",
    "footer",
)


def style_options(command: Command) -> Command:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def take_overrides(options: dict[str, Any]) -> dict[str, Any]:
    """Take the given ones out of a command's options."""
    found = {name: options.pop(name) for name in NAMES}
    return {name: value for name, value in found.items() if value is not None}
