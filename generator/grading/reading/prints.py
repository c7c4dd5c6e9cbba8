"""What programs print around the numbers of a vector or matrix: labels of rows and columns, in R, Julia and pandas; and tables in Markdown.

Each is replaced by spaces, so that positions stay.
"""

from __future__ import annotations

import re
from string import ascii_lowercase

_R_HEADER = re.compile(r"^[ ]*(?:\[,[0-9]{1,3}\][ ]*){1,40}$", re.MULTILINE)
_R_ROW = re.compile(r"^[ ]*\[[0-9]{1,3},\](?=[ ])", re.MULTILINE)
_R_VECTOR = re.compile(r"^[ ]*\[[0-9]{1,3}\](?=[ ]+[-.0-9])", re.MULTILINE)
_JULIA = re.compile(
    r"^[ ]*(?:[0-9]{1,3}[×x][0-9]{1,3}|[0-9]{1,3}-element)[ ][A-Z][A-Za-z]{1,20}\{[^\n{}]{0,40}\}:?[ ]*$", re.MULTILINE
)
_SERIES_END = re.compile(r"^(?:Name:[^\n]{0,40}, )?dtype: [a-z0-9]{1,12}\s*\Z", re.MULTILINE)
_INDEX = re.compile(r"[ ]*\w{1,30}(?=[ ])")
_ANGLES = re.compile(r"\s*<[^<>]*>\s*")
_LABEL = re.compile(
    r"(?:^|(?<=[\s,;]))(?:\((?P<inside>[0-9]{1,3}|[a-z]{1,4})\)|(?P<label>[0-9]{1,3}|[a-z]{1,4})[.)])(?=\s)",
    re.IGNORECASE,
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_DASH = re.compile(r"^[ ]*[-–*][ ]+(?=[\[(])", re.MULTILINE)
_BULLET = re.compile(r"^[ ]*[•*·◦▪][ ]+", re.MULTILINE)
_TENSORFLOW = re.compile(
    r"\s*<tf\.(?:Tensor|Variable)[^<>=]{0,60}: shape=\([0-9, ]{0,40}\), dtype=[a-z0-9]{1,12}, numpy=(?P<value>[^<>]*)>\s*"
)
_BETWEEN_BARS = re.compile(r"^[ ]*\|?[^|\n]*[^|\s][^|\n]*(?:[ ]\|[ ][^|\n]*[^|\s][^|\n]*){1,40}\|?[ ]*$")
_LINE_OF_TABLE = re.compile(r"^[ ]*[+|][-+=]{2,200}[+|][ ]*$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w*")
_RULE = re.compile(r"^[ ]*\|(?:[ ]*:?-{2,20}:?[ ]*\|){1,40}[ ]*$", re.MULTILINE)


def without_labels(text: str) -> str:
    """Return the text with such labels replaced by spaces."""
    text = without_tensorflow(text)
    if _ANGLES.fullmatch(text) is not None:
        text = text.replace("<", "(").replace(">", ")")
    text = _without_bullets(text)
    text = _LINE_OF_TABLE.sub(_blank, text)
    rule = _RULE.search(text)
    if rule is not None and not any(map(str.isdigit, text[: rule.start()])):  # a header of names, or an empty one
        text = " " * rule.start() + text[rule.start() :]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    framed = all(line[0] == line[-1] == "|" for line in lines)
    if rule is None and lines and (framed or len(lines) > 1) and all(map(_BETWEEN_BARS.match, lines)):
        text = "\n".join(map(_without_bars, text.split("\n")))
    if rule is not None:
        text = "\n".join(map(_without_bars, _RULE.sub(_blank, text).split("\n")))
    for pattern in (_JULIA, _R_HEADER, _R_ROW):
        text = pattern.sub(_blank, text)
    if _R_VECTOR.match(text) is not None:
        text = _R_VECTOR.sub(_blank, text).replace("\n", " ")
    return _without_index(text)


def without_tensorflow(text: str) -> str:
    """Return what follows ``numpy=`` in ``<tf.Tensor: shape=(), dtype=float32, numpy=0.5>``; any other text as it is."""
    printed = _TENSORFLOW.fullmatch(text)
    if printed is None:
        return text
    start, end = printed.span("value")
    return " " * start + text[start:end] + " " * (len(text) - end)


def _without_bullets(text: str) -> str:
    lines = text.strip().split("\n")
    return _BULLET.sub(_blank, text) if len(lines) > 1 and all(map(_BULLET.match, lines)) else text


def without_list_numbers(text: str) -> str:
    """Return the text without the labels of a list: ``1. 5``, ``2. 7`` in lines, ``(a) 5 (b) 7`` in one; and without its dashes."""
    lines = text.strip().split("\n")
    if len(lines) > 1 and all(map(_DASH.match, lines)):
        return _DASH.sub(_blank, text)
    labels = list(_LABEL.finditer(text))
    names = [(found["inside"] or found["label"]).casefold() for found in labels]
    orders = ([str(number) for number in range(1, len(names) + 1)], list(ascii_lowercase), list(_ROMAN))
    if not names or text[: labels[0].start()].strip() or not any(names == order[: len(names)] for order in orders):
        return text
    for found in labels:
        text = text[: found.start()] + _blank(found) + text[found.end() :]
    return text


def _without_bars(line: str) -> str:
    """Return a row of a table in Markdown with ``&`` between its cells."""
    ends = line.find("|"), line.rfind("|")
    return "".join((" " if place in ends else "&") if char == "|" else char for place, char in enumerate(line))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _without_index(text: str) -> str:
    """Return a table of pandas without the numbers of its rows and columns."""
    ended = _SERIES_END.sub(_blank, text)
    lines = ended.split("\n")
    filled = [place for place, line in enumerate(lines) if line.strip()]
    if len(filled) < 2:
        return text
    words = {place: lines[place].split() for place in filled}
    columns = len(words[filled[0]])
    if ended != text:
        body = filled
    elif words[filled[0]] == [str(place) for place in range(columns)] or all(map(_NAME.fullmatch, words[filled[0]])):
        body = filled[1:]
    else:
        return text
    width = 2 if ended != text else columns + 1
    index = [words[place][0] for place in body]
    if index != [str(row) for row in range(len(body))] and not all(map(_NAME.fullmatch, index)):
        return text
    if any(len(words[place]) != width for place in body):
        return text
    for place in filled:
        lines[place] = " " * len(lines[place]) if place not in body else _INDEX.sub(_blank, lines[place], count=1)
    return "\n".join(lines)
