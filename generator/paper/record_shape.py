"""What a line of a manifest must be to be a record: read and checked before anything is solved from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from generator.errors import InputError

Check = Callable[[Any], bool]
Rule = tuple[str, Check]
"""What is expected, in words, and whether a value is that."""


def read_record(line: bytes) -> dict[str, Any]:
    """The record on a line, or in the file of a single paper; what is needed to solve it again is of the right kind.

    Raises :class:`InputError` saying what was expected where, and what came.
    """
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"is no record: {error.msg} at character {error.pos + 1}; expected JSON") from error
    except UnicodeDecodeError as error:
        raise InputError(f"is no record: byte {error.start + 1} is not UTF-8; expected JSON") from error
    except (RecursionError, ValueError) as error:
        raise InputError("is no record: nested too deeply, or a number too long") from error
    if not isinstance(found, dict):
        raise InputError(f"is no record: expected an object; got {told(found)}")
    _check(found, _RECORD, "")
    _check(found, _PERHAPS, "", needed=False)
    if "student" in found:
        _check(found["student"], _STUDENT, "student, ")
        for name in found["student"].keys() - _STUDENT.keys():
            raise InputError(f"is no record: student: there is no such key as {told(name)}")
    for place, problem in enumerate(found["problems"], start=1):
        _check(problem, _PROBLEM, f"problem {place}, ")
        _check(problem, _ASKED, f"problem {place}, ", needed=False)
    return found


def read_class_record(line: bytes) -> dict[str, Any]:
    """The same of a class's manifest, where every record says whose paper it is."""
    record = read_record(line)
    if "student" not in record:
        raise InputError("is no record: student: missing; expected an object")
    return record


def _check(table: Mapping[str, Any], rules: Mapping[str, Rule], where: str, *, needed: bool = True) -> None:
    for key, (expected, fits) in rules.items():
        if key not in table:
            if needed:
                raise InputError(f"is no record: {where}{key}: missing; expected {expected}")
        elif not fits(table[key]):
            raise InputError(f"is no record: {where}{key}: expected {expected}; got {told(table[key])}")


def told(value: Any) -> str:
    """A value of a manifest in a message."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _has_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _has_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_count, value.values()))


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_table, value))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_TEXT: Rule = ("a text", _is_text)
_TABLE: Rule = ("an object", _is_table)
_COUNT: Rule = ("a number from 0", _is_count)
_TEXTS: Rule = ("a list of texts", _are_texts)

_RECORD: Mapping[str, Rule] = {
    "sheet": _TEXT,
    "seed": ('a number from 0, or "original"', lambda value: _is_count(value) or value == "original"),
    "id": _TEXT,
    "version": _TEXT,
    "files": ("an object of texts", _has_texts),
    "problems": ("a list of problems", _are_tables),
}
_PERHAPS: Mapping[str, Rule] = {
    "student": _TABLE,
    "form": _TEXT,
    "again": _COUNT,
    "sources": ("an object of texts", _has_texts),
}
_STUDENT: Mapping[str, Rule] = dict.fromkeys(("id", "name", "section", "email"), _TEXT)
_PROBLEM: Mapping[str, Rule] = {"id": _TEXT, "params": _TABLE, "values": _TABLE, "answers": _TABLE}
_ASKED: Mapping[str, Rule] = {
    "level": _TEXT,
    "again": _COUNT,
    "guided": ("true or false", lambda value: isinstance(value, bool)),
    "points": ("an object of numbers", _has_counts),
    "choices": _TEXTS,
    "without": _TEXTS,
}
