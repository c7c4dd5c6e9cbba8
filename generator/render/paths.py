"""Where the templates are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from generator.errors import TemplateError


@cache
def templates_folder() -> Path:
    """The folder with one sub-folder for each format, and ``sheets``."""
    package = Path(__file__).parent.parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise TemplateError("the templates are missing from the installation; install problemwright again")
