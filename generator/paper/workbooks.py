"""Workbooks (XLSX), read and written by openpyxl, which the extra ``export`` installs."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from generator.errors import InputError

INSTALL = "pip install 'problemwright[export]'"

MOST_BYTES = 256 * 2**20
"""Bytes of a workbook's parts, unpacked; a class's answers take some hundred thousand."""

MOST_ROWS, MOST_COLUMNS = 200_000, 2_000

LINE_END = "\u2028"
"""What stands for the end of a line within a cell, so that a row of the workbook is a line of the text."""

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(</)")


def workbook_as_csv(content: bytes) -> bytes:
    """Return the first sheet of a workbook as CSV, a line for each row.

    A formula is what was typed (``=28/3``), a date is in ISO form.  Raise :class:`InputError` where openpyxl is not
    installed or the workbook cannot be read.
    """
    openpyxl = _openpyxl("is a workbook, and reading one", "save it as 'CSV UTF-8' in the spreadsheet")
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    try:
        _check_size(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and rules that are not read
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            writer.writerows(_rows(book.worksheets[0]))
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"is a workbook that cannot be read ({type(error).__name__}): open it in a spreadsheet, and save it as 'CSV UTF-8'"
        ) from error
    return text.getvalue().encode()


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
            raise InputError(f"is a workbook of more than {MOST_BYTES // 2**20} MiB: save the table alone, as CSV")


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # the file may say that there are a million rows
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise InputError(f"is a workbook of more than {MOST_ROWS} rows or {MOST_COLUMNS} columns")
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", LINE_END)


def workbook(title: str, rows: Sequence[Sequence[str]], widths: Sequence[int], protected_rows: int = 1) -> bytes:
    """Return a workbook with one sheet whose cells are all texts, so that ``1/2`` typed into one does not become a date.

    The first rows stay in sight.  The same rows give the same bytes.  Raise :class:`InputError` without openpyxl.
    """
    openpyxl = _openpyxl("a workbook", "leave xlsx out of --formats")
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text) or None
            cell.data_type = "s" if text else "n"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number <= protected_rows:
                cell.font = Font(bold=True)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = width
    sheet.freeze_panes = sheet.cell(protected_rows + 1, 1)
    book.properties.created = book.properties.modified = datetime(*_LONG_AGO[:3])
    file = io.BytesIO()
    book.save(file)
    return _undated(file.getvalue())


def _undated(content: bytes) -> bytes:
    """Return a workbook without the time at which it was written."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", data)
            target.writestr(entry, data)
    return file.getvalue()


def _openpyxl(what: str, instead: str) -> Any:
    try:
        import openpyxl
        import openpyxl.utils
    except ImportError as error:
        raise InputError(f"{what} needs openpyxl, which is not installed here: {INSTALL}, or {instead}") from error
    return openpyxl
