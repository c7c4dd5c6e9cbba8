"""PrairieLearn's submissions: a row for each, the answer as JSON by the names of the question's fields."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.errors import InputError
from generator.grading.platforms.tags import Tag
from generator.grading.platforms.typed import FIELD
from generator.paper.csv_tables import shown

LONGEST = 200_000
"""Characters of the JSON of an answer."""


def answers_of(qid: str, submitted: str, params: str) -> Iterator[tuple[Tag, str]]:
    """Yield each part that a question asks with what was typed into its fields, in the order of their names; of an option its text.

    A question is known by its folder, ``dropout/y_corr``, or ``dropout`` for one with several parts, and by its parameters, where the
    variant stands and the parts.  Raise :class:`InputError` where it is not what PrairieLearn writes.
    """
    options, fields = _object(params), _fields(submitted)
    variant = options.get("variant", "")
    variant = variant.upper() if isinstance(variant, str) and len(variant) <= 8 else ""
    names = [name for name in qid.strip().split("/") if name]
    if len(names) == 1:
        names = names[0].split(".", 1)
    parts = options.get("parts")
    if len(names) == 1 and isinstance(parts, list):
        for place, part in enumerate(parts, start=1):
            text = _answer(_of_part(fields, place), options)
            if text:
                yield Tag(names[0], str(part), variant), text
        return
    if len(names) < 2:
        raise InputError(
            f"column Question: expected the question's folder, such as dropout/y_corr; got {shown(qid)}, and no parts in the column Params "
            "(export the course again: earlier versions did not say which parts a question with several has)"
        )
    text = _answer(fields, options)
    if text:
        yield Tag(names[-2], names[-1], variant), text


def _of_part(fields: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    """Return the fields of a part of several, whose names begin with its number: ``p2y1``."""
    own = re.compile(rf"p{place}\D")
    found = {name: value for name, value in fields.items() if own.match(name)}
    files = fields.get("_files")
    if isinstance(files, list):
        theirs = [one for one in files if isinstance(one, Mapping) and own.match(str(one.get("name", "")))]
        found |= {"_files": theirs}
    return found


def _fields(submitted: str) -> Mapping[str, Any]:
    if not submitted.strip():
        return {}
    if len(submitted) > LONGEST:
        raise InputError(f"column Submitted answer: expected at most {LONGEST} characters; got {len(submitted)}")
    try:
        fields = json.loads(submitted)
    except (ValueError, RecursionError) as error:
        raise InputError(f"column Submitted answer: expected JSON; got {shown(submitted)}") from error
    if not isinstance(fields, Mapping):
        raise InputError(f"column Submitted answer: expected JSON with the fields' names; got {shown(submitted)}")
    return fields


def _answer(fields: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    texts = [*_texts(fields, options)]
    whole = FIELD.join(texts) if any(text.strip() for text in texts) else ""
    return whole.encode("utf-8", "replace").decode()  # JSON can have halves of characters


def _texts(fields: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    matrices = [
        name for name, value in fields.items() if isinstance(value, Mapping) and isinstance(value.get("_value"), list)
    ]
    entries = {
        one for one in fields for name in matrices if re.fullmatch(rf"{re.escape(name)}\d+", one)
    }  # of a matrix that is there whole
    for name, value in sorted(fields.items(), key=lambda item: _natural(item[0], fields)):
        if not name.startswith("_") and name not in entries:
            yield _option(value, options.get(name)) or _text(value)
    files = fields.get("_files")
    if isinstance(files, list):
        yield from (_file(one) for one in files if isinstance(one, Mapping))


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text[:LONGEST]) if text.strip() else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _natural(name: str, names: Iterable[str]) -> tuple[Any, ...]:
    """Return the place of a field: by the numbers in its name where all names have some, else as they come."""
    every = [*names]
    if all(re.search(r"\d$", one) for one in every if not one.startswith("_")):
        return tuple(int(piece) if piece.isdecimal() else 0 for piece in re.findall(r"\d{1,6}|\D+", name))
    return (every.index(name),)


def _text(value: Any) -> str:
    """Return a value as it would be typed: PrairieLearn writes what is not a number or a text as a table with its type."""
    if isinstance(value, Mapping):
        value = value.get("_value", "")
    if not isinstance(value, list):
        return _number_or_text(value)
    if value and all(isinstance(row, list) for row in value):
        return "[" + "; ".join(", ".join(map(_number_or_text, row)) for row in value) + "]"
    return "[" + ", ".join(map(_number_or_text, value)) + "]"


def _number_or_text(value: Any) -> str:
    if isinstance(value, list | Mapping):
        raise InputError(
            "column Submitted answer: expected numbers, texts, vectors and matrices as fields; got lists or tables within them"
        )
    return "" if value is None else str(value)


def _option(value: Any, offered: Any) -> str:
    """Return the texts of the options with these keys; empty where the field has none."""
    if not isinstance(offered, list):
        return ""
    texts = {one.get("key"): one.get("html") for one in offered if isinstance(one, Mapping)}
    keys = value if isinstance(value, list) else [value]
    found = [str(texts[key]) for key in keys if isinstance(key, str) and isinstance(texts.get(key), str)]
    return FIELD.join(found) if found and len(found) == len(keys) else ""


def _file(one: Mapping[str, Any]) -> str:
    """Return the text of a file, which the editor for essays hands in."""
    try:
        content = base64.b64decode(str(one.get("contents", "")), validate=True).decode("utf-8", errors="replace")
    except (binascii.Error, ValueError):
        return ""
    return html.unescape(re.sub(r"<[^<>]*>", " ", content)).strip()
