"""Where an author's code stands: the lines that messages name, and what an error of a function of hers is about."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

from generator.errors import AuthoringError, Rejected, WorksheetError, authoring_error, line_of_error


class AuthorCode:
    """A piece of an author's code that runs: ``with AuthorCode(source, "step mean", mean): …``.

    An error raised within gets the ``item`` that it is about and the author's line: the one that was running, or else
    that of the ``function`` or of the ``text``.  An exception of Python's becomes an :class:`AuthoringError`.
    """

    __slots__ = ("_function", "_item", "_source", "_text")

    def __init__(self, source: str, item: str, function: Callable[..., Any] | None = None, text: str = "") -> None:
        self._source = source
        self._item = item
        self._function = function
        self._text = text

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, (Rejected, KeyboardInterrupt, GeneratorExit)):
            return
        if isinstance(error, TimeoutError):  # for whoever set the limit
            if self._item and not getattr(error, "__notes__", ()):
                error.add_note(self._item)
            return
        item = next(iter(getattr(error, "__notes__", ())), self._item)
        ours = isinstance(error, WorksheetError)
        located = error if isinstance(error, WorksheetError) else authoring_error(error, self._source)
        text = located.text if isinstance(located, AuthoringError) else ""
        located.locate(
            line=line_of_error(error, self._source)
            or line_with(self._source, text or self._text)
            or (line_of_function(self._function, self._source) if self._function is not None else "")
        )
        located.locate(item=item or part_around(self._source, located.line))
        if not ours:
            raise located from error


def _code_of(function: Any) -> CodeType | None:
    while isinstance(function, partial):
        function = function.func
    return getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)


def file_of(*functions: Any) -> str:
    """Return the file of the first of the functions that was written in one."""
    return next((code.co_filename for code in map(_code_of, functions) if code is not None), "")


def line_of_function(function: Any, source: str) -> str:
    """Return where a function is defined, if it is an author's: ``sums.py, line 12``."""
    code = _code_of(function)
    if code is None or (source and Path(code.co_filename).parent != Path(source).parent):
        return ""
    return f"{Path(code.co_filename).name}, line {code.co_firstlineno}"


def line_of_part(source: str, part: str) -> str:
    """Return where a part of this id is made."""
    quoted = rf"""r?["']{re.escape(part)}["']"""
    return _line_matching(source, rf"\bPart\(\s*(?:id=)?{quoted}") or _line_matching(source, quoted)


def part_around(source: str, line: str) -> str:
    """Return the part in whose making a line stands: ``part square``; nothing if it is in none."""
    if not line.startswith(f"{Path(source).name}, "):
        return ""
    number = int(line.rpartition(" ")[2])
    try:
        tree = ast.parse(Path(source).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, SyntaxError):
        return ""
    found = ""
    for node in ast.walk(tree):  # a part's parts come after it
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Part":
            ids = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "id")]
            if node.lineno <= number <= (node.end_lineno or 0) and ids and isinstance(ids[0], ast.Constant):
                found = f"part {ids[0].value!s}"
    return found


def line_of_argument(source: str, name: str) -> str:
    """Return where ``Problem(...)`` is given an argument by this name, on a line of its own."""
    return _line_matching(source, rf"(?m)^\s+{name}\s*=(?!=)")


def line_of_mistake(source: str, mistake: str) -> str:
    """Return where a mistake of this name is made."""
    return _line_matching(source, rf"""\b[Mm]istake\(\s*(?:name=)?r?["']{re.escape(mistake)}["']""")


def line_with(source: str, text: str, after: str = "") -> str:
    """Return the first line that has the text, ``after`` another line if there is one."""
    if not text.strip():
        return ""
    first = int(after.rpartition(" ")[2]) if after.startswith(f"{Path(source).name}, ") else 1
    pattern = re.escape(text.strip().partition("\n")[0])
    return _line_matching(source, pattern, first) or _line_matching(source, pattern)


@contextmanager
def bank_lines(path: Path) -> Iterator[None]:
    """Add to an error about a bank, which names entry and key, the line of that key."""
    try:
        yield
    except AuthoringError as error:
        if at := re.search(r"\(at line (\d+)", error.message):
            error.locate(line=f"{path.name}, line {at[1]}")
        if group := re.search(r"\[(\w+)\.…\]", error.message):
            error.locate(line=_line_matching(str(path), rf"(?m)^\s*\[{group[1]}\."))
        named = re.match(rf"{re.escape(path.name)}, ([\w.-]+)(?:, ([^:,]+))?", error.message)
        if named is not None:
            entry, key = named.groups()
            header = _line_matching(str(path), rf"(?m)^\s*\[{re.escape(entry)}[\].]")
            if not header:  # symbols.mean is a key of [symbols]
                table, _, name = entry.rpartition(".")
                header = _line_matching(str(path), rf"(?m)^\s*\[{re.escape(table)}\]") if table else ""
                if header or not table:
                    key = key or name
            first = int(header.rpartition(" ")[2]) if header else 1
            at_key = _line_matching(str(path), rf'(?m)^\s*"?{re.escape(key)}"?\s*=', first) if key else ""
            at_text = line_with(str(path), error.text, header) if error.text else ""
            error.locate(line=at_text or at_key or header)
        raise


def _line_matching(source: str, pattern: str, first: int = 1) -> str:
    try:
        written = Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    begin = sum(map(len, written.splitlines(keepends=True)[: first - 1]))
    found = re.compile(pattern).search(written, begin)
    start = found.end() - len(found[0].lstrip()) if found else 0
    return f"{Path(source).name}, line {written.count(chr(10), 0, start) + 1}" if found else ""
