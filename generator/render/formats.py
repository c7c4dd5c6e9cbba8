"""The formats: where a format's templates are, how it writes plain words, and the filters its templates use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.document.keyless import without_key
from generator.errors import InputError
from generator.errors.language import phrase
from generator.render.author_signs import formula as latex_formula
from generator.render.author_signs import latex, titled
from generator.render.code import fenced_lines, html_lines, latex_code, latex_code_lines, latex_url
from generator.render.counted import counted, either
from generator.render.escaping import (
    blanks,
    by_row,
    by_sentence,
    css_string,
    deeper,
    escape_markdown,
    escape_xml,
    file_name,
    fitting,
    indented,
    markdown_code,
    markdown_math,
    markdown_paragraph,
    markdown_words,
    most_columns,
    quoted,
)
from generator.render.letters import greek
from generator.render.page_labels import labelled
from generator.render.pictures import data_uri, latex_file, latex_width, page_file
from generator.render.qr import page_codes


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One output format: its folder of templates, its file ending, and how it writes plain words.

    ``delimiters`` are those of Jinja's blocks, variables and comments.  A format with ``drawings`` shows figures
    in its own text, by the templates of SVG, which find ``in_page`` defined there.  ``companions`` are files of the folder
    that a document needs beside it, copied as they are.  Macros that the folder lacks are those of the ``base``, another folder.
    """

    name: str
    folder: str
    extension: str
    escape: Callable[[str], str]
    delimiters: tuple[str, str, str, str, str, str]
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    drawings: bool = False
    companions: tuple[str, ...] = ()
    base: str = ""


def _formula(tex: str) -> Any:
    from generator.render.mathml import formula  # the library that it reads TeX with is loaded for HTML alone

    return formula(tex)


def _display_formula(tex: str) -> Any:
    from generator.render.mathml import formula

    return formula(tex, display=True)


def _pieces(tex: str) -> tuple[str, ...]:
    from generator.render.mathml import pieces

    return pieces(tex)


def _beyond(blocks: tuple[Any, ...], asked: tuple[Any, ...]) -> tuple[Any, ...]:
    """The blocks that the key completes: all that are not as in ``asked``, the same without the key."""
    return tuple(block for block, blank in zip(blocks, asked, strict=True) if block is not blank)


_JINJA = ("{%", "%}", "{{", "}}", "{#", "#}")
_FOR_TEX = ("<%", "%>", "<<", ">>", "<#", "#>")

FORMATS = {
    "tex": Format(
        "tex",
        "latex",
        "tex",
        latex,
        _FOR_TEX,
        {
            "greek": greek,
            "by_sentence": by_sentence,
            "formula": latex_formula,
            "by_row": lambda tex: by_row(latex_formula(tex)),
            "fitting": lambda tex: fitting(latex_formula(tex)),
            "most_columns": most_columns,
            "page_codes": page_codes,
            "titled": titled,
            "either": either,
            "counted": counted,
            "code": latex_code,
            "code_lines": latex_code_lines,
            "url": latex_url,
            "picture_file": latex_file,
            "picture_width": latex_width,
        },
        companions=("worksheet.sty",),
    ),
    "md": Format(
        "md",
        "markdown",
        "md",
        escape_markdown,
        _JINJA,
        {
            "inline_math": markdown_math,
            "code": markdown_code,
            "indented": indented,
            "quoted": quoted,
            "words": markdown_words,
            "paragraph": markdown_paragraph,
            "file_name": file_name,
            "code_lines": fenced_lines,
            "picture_file": page_file,
        },
    ),
    "html": Format(
        "html",
        "html",
        "html",
        escape_xml,
        _JINJA,
        {
            "formula": _formula,
            "display_formula": _display_formula,
            "pieces": _pieces,
            "without_key": without_key,
            "beyond": _beyond,
            "css_string": css_string,
            "code_lines": html_lines,
            "data_uri": data_uri,
            "labelled": labelled,
        },
        drawings=True,
    ),
}
"""The formats of a whole worksheet."""

SVG = Format("svg", "svg", "svg", escape_xml, _JINJA)
"""Figures, for the formats that show pictures in files."""


DOCX = Format(
    "docx",
    "docx",
    "md",
    escape_markdown,
    _JINJA,
    {**FORMATS["md"].filters, "deeper": deeper, "blanks": blanks},
    base="markdown",
)
"""Word: what is rendered is Markdown, which pandoc converts."""

WRITTEN = (*FORMATS, "pdf", "docx")
"""The formats of a worksheet's files."""


def text_format(name: str) -> Format:
    """Return the format of the text that a file of this format is made from."""
    return {"pdf": FORMATS["tex"], "docx": DOCX}.get(name) or FORMATS[name]


def count_of(number: int, noun: str) -> str:
    """``1 point``, ``2 points``, in the current language."""
    return phrase(f"count.{noun.replace(' ', '_')}", count=number)


def parse_formats(text: str) -> tuple[str, ...]:
    """``"tex,md,html,pdf,docx"`` as names, each known."""
    known = WRITTEN
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise InputError(f"there is no format {name!r}; there are {', '.join(known)}", field="--formats")
    if not names:
        raise InputError(f"name at least one of {', '.join(known)}", field="--formats")
    return names
