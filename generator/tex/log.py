"""What TeX's log says, put so that the author of a problem can act on it.

The templates mark where a problem and a part begin with comments such as ``% problem layer-norm, part output``;
the nearest one above a line names the place that a message is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.render.escaping import shortened

MATTERING_OVERFULL = 1.0
"""Points by which a box may stick out before a reader could see it."""

_LINE_SHOWN = 100

_ERROR = re.compile(r"^(?P<file>[^\n:]*\.\w+):(?P<line>\d+): (?P<message>.*)$")
_PLACE = re.compile(r"^\s*%\s*problem:? (?P<problem>[\w.-]+)(?:, part:? (?P<part>[\w.-]+))?\s*$")
_OWN_FILE = "document.tex"
_BROKEN = re.compile(r"(?:LaTeX|Package|Class|! )")
_PROGRAM = re.compile(r"(?<=^pdfTeX error: ).*?(?=\(file )")
_CONTROL_SEQUENCE = re.compile(r"(\\(?:[A-Za-z@]+|.))\s*$")
_OVERFULL = re.compile(r"^Overfull \\[hv]box \((?P<size>[\d.]+)pt too (?P<how>wide|high)\)(?P<rest>.*)$", re.MULTILINE)
_WARNING = re.compile(
    r"(?:LaTeX Warning: (?:(?:Reference|Citation|Hyper reference) .*undefined.*|Label .* multiply defined.*)"
    r"|LaTeX Font Warning: .*"
    r"|Missing character: .*"
    r"|Package worksheet Warning: .*"
    r"|pdfTeX warning.*)"
)
_CONTINUATION = re.compile(r"\n\(Font\)\s*")
_LINE_NUMBERS = re.compile(r"(\blines? |(?<=\d)--)(\d+)")
_LINE_NUMBER = re.compile(r"\blines? (\d+)")


def first_error(log: str, tex: str) -> str:
    """The first error as one message: where it came from, what TeX said and the source line at fault."""
    lines = log.split("\n")
    start = next((n for n, line in enumerate(lines) if line.startswith("!") or _ERROR.match(line)), None)
    if start is None:
        return "TeX failed and left no word why: is its installation whole?"
    located = _ERROR.match(lines[start])
    message = _complete(located["message"] if located else lines[start].lstrip("! "), lines, start)
    # An error without a line, such as a missing file, is followed by the emergency stop, which has one.
    own = (found for line in lines[start:] if (found := _ERROR.match(line)) and found["file"].endswith(_OWN_FILE))
    where = next(own, None)
    if where is None:
        inside = f" in {located['file'].rpartition('/')[2]}" if located else ""
        return f"TeX failed{inside}: {message}"
    return _located(message, int(where["line"]), tex)


def interrupted(log: str, tex: str) -> str:
    """Where TeX was when it was asked to stop: the line, its place and what stands there; or nothing is known."""
    for line in log.split("\n"):
        found = _ERROR.match(line)
        if found and found["message"].startswith("Interruption") and found["file"].endswith(_OWN_FILE):
            return _at(int(found["line"]), tex, "")
    return ""


def warnings(log: str, tex: str) -> tuple[str, ...]:
    """What a reader of the pages would notice, each once.

    Boxes that stick out by more than a point, characters and fonts that are missing, references to nothing.
    """
    return tuple(dict.fromkeys((*_overfull_boxes(log, tex), *_others(log, tex))))


def shifted(log: str, by: int) -> str:
    """The log with ``by`` added to the lines that its messages name."""
    return _LINE_NUMBERS.sub(lambda found: f"{found[1]}{int(found[2]) + by}", log)


def _overfull_boxes(log: str, tex: str) -> Iterator[str]:
    for box in _OVERFULL.finditer(log):
        if float(box["size"]) > MATTERING_OVERFULL:
            yield f"overfull box, {float(box['size']):.1f} pt too {box['how']}{_where(box['rest'], tex)}"


def _others(log: str, tex: str) -> Iterator[str]:
    for found in _WARNING.finditer(_CONTINUATION.sub(" ", log)):
        text = found[0].strip()
        place = _place(tex.split("\n"), int(number[1])) if (number := _LINE_NUMBER.search(text)) else ""
        yield f"{text} ({place})" if place else text


def _where(rest: str, tex: str) -> str:
    """TeX gives a line for boxes of a paragraph or a table, none for those of a page."""
    number = _LINE_NUMBER.search(rest)
    if number is None:
        return " on a page as a whole" if "output" in rest else ""
    place = _place(tex.split("\n"), int(number[1]))
    return f" at line {number[1]}" + (f" ({place})" if place else "")


def _located(message: str, number: int, tex: str) -> str:
    return f"TeX failed {_at(number, tex, f': {message}')}"


def _at(number: int, tex: str, then: str) -> str:
    """A line, what it belongs to, and below what stands there; ``then`` follows on the first of the two."""
    lines = tex.split("\n")  # as TeX counts: str.splitlines would also split at form feeds and the like
    place = _place(lines, number)
    written = lines[number - 1].strip() if number <= len(lines) else ""
    where = f" ({place})" if place else ""
    return f"at line {number}{where}{then}" + (f"\n  {shortened(written, _LINE_SHOWN)}" if written else "")


def _place(lines: Sequence[str], number: int) -> str:
    marks = (_PLACE.match(line) for line in reversed(lines[:number]))
    mark = next(filter(None, marks), None)
    if mark is None:
        return ""
    return f"problem {mark['problem']}" + (f", part {mark['part']}" if mark["part"] else "")


def _complete(message: str, lines: Sequence[str], start: int) -> str:
    """The whole message: TeX breaks long ones, and says in other lines which command or text it is about."""
    for line in lines[start + 1 :]:
        if not line.startswith("  ") or not line.strip() or not _BROKEN.match(message):
            break
        message = f"{message} {line.strip()}"
    message = _PROGRAM.sub("", message.strip())
    if message.startswith("Undefined control sequence") and start + 1 < len(lines):
        name = _CONTROL_SEQUENCE.search(lines[start + 1])
        return f"{message.rstrip('.')} {name[1]}" if name else message
    if start > 1 and lines[start - 2].startswith("Runaway"):
        return f"{message} It began with: {shortened(lines[start - 1].strip(), _LINE_SHOWN)}"
    if message.startswith("Emergency stop"):
        return "the document stops before \\end{document}"
    return message
