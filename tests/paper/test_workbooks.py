"""Workbooks read as tables: what stands in cells, in which rows, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from generator.errors import InputError
from generator.paper import workbooks
from generator.paper.whole_tables import read_table
from generator.paper.workbooks import workbook, workbook_as_csv

openpyxl = pytest.importorskip("openpyxl")


def book(*rows: Sequence[object]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def read(path: Path, content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    file = path / "book.xlsx"
    file.write_bytes(content)
    table = read_table(file, lambda fields: "answer" in fields)
    return [*table.rows.items()]


def test_cells_are_what_was_typed(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["student", "answer"],
        ["s1", 12], ["s2", 12.0], ["s3", 0.1], ["s4", "=28/3"], ["s5", True], [None, None], ["s6", datetime(2026, 2, 1)],
        ["s7", "[1, 2\n3, 4]"], ['s"8', "a;b,\tc"],
    ]  # fmt: skip
    assert read(tmp_path, book(*rows)) == [
        (2, ("s1", "12")),
        (3, ("s2", "12")),
        (4, ("s3", "0.1")),
        (5, ("s4", "=28/3")),
        (6, ("s5", "TRUE")),
        (8, ("s6", "2026-02-01 00:00:00")),  # rows keep the numbers that the spreadsheet shows
        (9, ("s7", "[1, 2\n3, 4]")),
        (10, ('s"8', "a;b,\tc")),
    ]


def test_what_is_written_comes_back_and_has_no_clock(tmp_path: Path) -> None:
    rows = [["student", "answer"], ["00123", "1/2"], ["=1+1", "é\x07"], ["s", ""]]
    content = workbook("answers", rows, (10, 20))
    assert content == workbook("answers", rows, (10, 20))
    assert [cells for _, cells in read(tmp_path, content)] == [("00123", "1/2"), ("=1+1", "é"), ("s", "")]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {one.date_time[:3] for one in archive.infolist()} == {(1980, 1, 1)}
    made = openpyxl.load_workbook(io.BytesIO(content))
    assert {cell.data_type for row in made.active.iter_rows() for cell in row if cell.value} == {"s"}  # no formula


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as entry,
    ):
        for _ in range(workbooks.MOST_BYTES // 2**20 + 1):
            entry.write(b" " * 2**20)
    with pytest.raises(InputError, match="is a workbook of more than 256 MiB"):
        workbook_as_csv(file.getvalue())


def test_a_workbook_that_says_it_has_a_million_rows_is_read_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = book(["student", "answer"], ["s1", "1"])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert read(tmp_path, file.getvalue()) == [(2, ("s1", "1"))]
    monkeypatch.setattr(workbooks, "MOST_ROWS", 1)
    with pytest.raises(InputError, match="is a workbook of more than 1 rows"):
        workbook_as_csv(content)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100, book(["a"])[:-200]])
def test_what_is_broken_is_refused_with_the_remedy(content: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read .*save it as 'CSV UTF-8'"):
        workbook_as_csv(content)
