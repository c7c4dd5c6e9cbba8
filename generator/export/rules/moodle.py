"""What Moodle's importer demands of a file of questions, and what it drops without a word."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from generator.errors import shown

FRACTIONS = {
    "100": Fraction(100), "90": Fraction(90), "83.33333": Fraction(250, 3), "80": Fraction(80), "75": Fraction(75),
    "70": Fraction(70), "66.66667": Fraction(200, 3), "60": Fraction(60), "50": Fraction(50), "40": Fraction(40),
    "33.33333": Fraction(100, 3), "30": Fraction(30), "25": Fraction(25), "20": Fraction(20), "16.66667": Fraction(50, 3),
    "14.28571": Fraction(100, 7), "12.5": Fraction(25, 2), "11.11111": Fraction(100, 9), "10": Fraction(10), "5": Fraction(5),
    "0": Fraction(0),
}  # fmt: skip
"""The percentages that an answer may be worth, as they are written; all but 100 and 0 may be negative."""

NUMBER = r"-?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?"
TYPES = ("category", "numerical", "multichoice", "cloze", "essay", "stack")
FORMATS = ("html", "moodle_auto_format", "plain_text", "markdown")
_PLAIN = ("name", "tag", "category", "stackversion", "questionvariables", "feedbackvariables")
"""Elements whose text is no HTML."""

NAME_LENGTH, ID_LENGTH = 255, 100
BEGINNING = b"<?xml"

_CLOSE = Fraction(2, 100_000)
_SINGLE_DOLLARS = re.compile(r"(?<![\\$])\$(?!\$)[^$<>]+(?<!\\)\$(?!\$)")
_PICTURE = re.compile(r"@@PLUGINFILE@@/([^\"'<>?\s]+)")
_IMAGE = re.compile(r"<img\b[^>]*>")
_GAP_BEGINS = re.compile(r"\{(?P<weight>\d*):(?P<type>[A-Z_]+):")
_GAP_ENDS = re.compile(r"(?<!\\)\}")
_ALTERNATIVE = re.compile(
    r"(?P<share>=|%-?\d+(?:[.,]\d*)?%)?(?P<answer>.+?)(?:(?<![\\&])#(?P<feedback>.*))?", re.DOTALL
)
_GAP_TYPES = re.compile(
    r"NUMERICAL|NM|SHORTANSWER(_C)?|SAC?|MWC?|(MULTICHOICE(_[VH]?S?)?|MC[VH]?S?)|(MULTIRESPONSE(_H?S?)?|MRH?S?)"
)


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a file."""
    content = path.read_bytes()
    if not content.startswith(BEGINNING):
        yield "the file does not begin with <?xml on its first byte"
        return
    try:
        root = fromstring(content)  # noqa: S314 - expat bounds what entities grow to
    except ParseError as error:
        yield f"no XML: {error}"
        return
    if root.tag != "quiz":
        yield f"the outermost element is {root.tag}, not quiz"
        return
    if not any(one.get("type") != "category" for one in root.iter("question")):
        yield "there is no question in it"
    category, ids = "", set[tuple[str, str]]()
    for place, question in enumerate(root.iter("question"), start=1):
        if question.get("type") == "category":
            category = text_of(question.find("category"))
            if not category:
                yield f"question {place}: a category without a name"
            continue
        where = f"question {place}, {shown(text_of(question.find('name')))}"
        for fault in (*faults_of(question), *_faults_of_identity(question, category, ids)):
            yield f"{where}: {fault}"


def text_of(element: Element | None) -> str:
    """Return the text of an element that has one as Moodle has it."""
    return (element.findtext("text") or "").strip() if element is not None else ""


def _faults_of_identity(question: Element, category: str, ids: set[tuple[str, str]]) -> Iterator[str]:
    identity = question.findtext("idnumber") or ""
    if len(identity) > ID_LENGTH:
        yield f"its idnumber has more than {ID_LENGTH} characters"
    if identity and (category, identity) in ids:
        yield f"the idnumber {identity} is that of another question of its category: Moodle drops it"
    ids.add((category, identity))


def faults_of(question: Element) -> Iterator[str]:
    """Yield what is wrong with a question, whatever its type and by its type."""
    kind = question.get("type", "")
    if kind not in TYPES:
        yield f"no type {shown(kind)}"
        return
    name = text_of(question.find("name"))
    if not name:
        yield "it has no name"
    if len(name) > NAME_LENGTH:
        yield f"its name has more than {NAME_LENGTH} characters"
    if not text_of(question.find("questiontext")):
        yield "it asks nothing"
    yield from _faults_of_texts(question)
    if kind in ("numerical", "multichoice", "essay", "stack"):
        points = question.findtext("defaultgrade") or ""
        if not re.fullmatch(r"\d+(\.\d+)?", points):
            yield f"defaultgrade is no number: {shown(points)}"
    by_type = {"numerical": _numerical, "multichoice": _multichoice, "cloze": _cloze, "essay": _essay}
    if kind in by_type:
        yield from by_type[kind](question)


def _faults_of_texts(question: Element) -> Iterator[str]:
    for element in question.iter():
        if element.find("text") is None or element.tag in _PLAIN:
            continue
        if element.get("format") not in FORMATS:
            yield f"{element.tag} has no format"
        content = element.findtext("text") or ""
        yield from _faults_of_pictures(element, content)
        if _SINGLE_DOLLARS.search(content):
            yield f"{element.tag} has a formula in single dollars, which Moodle does not set"


def _faults_of_pictures(element: Element, content: str) -> Iterator[str]:
    files = {one.get("name", ""): one.text or "" for one in element.findall("file")}
    for name in _PICTURE.findall(content):
        if unescape(name) not in files:
            yield f"{element.tag} shows {name}, whose file is not in it"
    for name, encoded in files.items():
        if not _is_base64(encoded):
            yield f"the file {name} is no base64"
    for image in _IMAGE.findall(content):
        if not re.search(r'\balt="\s*[^"\s][^"]*"', image):
            yield "a picture has no description"


def _is_base64(encoded: str) -> bool:
    try:
        return bool(b64decode("".join(encoded.split()), validate=True))
    except binascii.Error:
        return False


def _share(written: str) -> Fraction | None:
    """Return a percentage; None where Moodle knows none that is near it."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", written):
        return None
    value = Fraction(written)
    return value if any(abs(abs(value) - known) <= _CLOSE for known in FRACTIONS.values()) else None


def _answers(question: Element) -> Iterator[tuple[str, Element]]:
    for answer in question.findall("answer"):
        yield answer.get("fraction", ""), answer


def _faults_of_shares(question: Element) -> Iterator[str]:
    for share, _ in _answers(question):
        if _share(share) is None:
            yield f"a fraction of {shown(share)}: Moodle knows only {', '.join(FRACTIONS)}, and stops"


def _numerical(question: Element) -> Iterator[str]:
    yield from _faults_of_shares(question)
    answers = list(_answers(question))
    if not any(_share(share) == 100 for share, _ in answers):
        yield "no answer earns all points"
    read = [(answer.findtext("text") or "", answer.findtext("tolerance") or "0") for _, answer in answers]
    yield from _faults_of_numbers(read)


def _faults_of_numbers(answers: list[tuple[str, str]]) -> Iterator[str]:
    """Yield what is wrong with values and tolerances, in the order in which Moodle tries them."""
    before: list[tuple[Decimal, Decimal]] = []
    for value, tolerance in answers:
        if value == "*":
            continue
        if not re.fullmatch(NUMBER, value) or not re.fullmatch(NUMBER, tolerance):
            yield f"{shown(f'{value}:{tolerance}')} is no number with a tolerance"
            continue
        number = Decimal(value.replace(",", "."))
        if any(abs(number - other) <= around for other, around in before):
            yield f"the answer {value} is never reached: an earlier one takes it"
        before.append((number, Decimal(tolerance.replace(",", "."))))


def _multichoice(question: Element) -> Iterator[str]:
    yield from _faults_of_shares(question)
    shares = [_share(share) or Fraction(0) for share, _ in _answers(question)]
    if len(shares) < 2:
        yield "fewer than two options"
    if any(not text_of(answer) for _, answer in _answers(question)):
        yield "an option without words"
    if (question.findtext("single") or "true") in ("true", "1"):
        if not any(share == 100 for share in shares):
            yield "no option earns all points"
    elif abs(sum((share for share in shares if share > 0), Fraction(0)) - 100) > 1:
        yield "the right options do not earn all points together"


def _essay(question: Element) -> Iterator[str]:
    if question.findtext("responseformat") not in ("editor", "editorfilepicker", "plain", "monospaced", "noinline"):
        yield "no responseformat that Moodle knows"


# ------------------------------------------------------------------------------------------------ gaps


def _cloze(question: Element) -> Iterator[str]:
    content = text_of(question.find("questiontext"))
    start, count = 0, 0
    while begins := _GAP_BEGINS.search(content, start):
        count += 1
        start = begins.end()
        ends = _GAP_ENDS.search(content, start)
        if ends is None:
            yield f"gap {count} does not end"
            return
        if not _GAP_TYPES.fullmatch(begins["type"]):
            yield f"gap {count}: no type {begins['type']}"
            continue
        for fault in _faults_of_gap(begins["type"], content[start : ends.start()]):
            yield f"gap {count}: {fault}"
        start = ends.end()
    if not count:
        yield "a cloze without gaps"


def _faults_of_gap(kind: str, content: str) -> Iterator[str]:
    found = [_ALTERNATIVE.fullmatch(one) for one in re.split(r"(?<!\\)~", content)]
    alternatives = [one for one in found if one is not None]
    if len(alternatives) < len(found):
        yield "an answer without a value"
    shares = [one["share"] or "" for one in alternatives]
    if "=" not in shares and not any(share.strip("%") == "100" for share in shares):
        yield "no answer earns all points"
    for share in shares:
        if share.startswith("%") and _share(share.strip("%").replace(",", ".")) is None:
            yield f"a fraction of {share}, which Moodle does not know"
    if kind in ("NUMERICAL", "NM"):
        values = [(one["answer"].partition(":")[0], one["answer"].partition(":")[2] or "0") for one in alternatives]
        yield from _faults_of_numbers(values)
    elif kind.startswith("M") and kind not in ("MW", "MWC") and len(alternatives) < 2:
        yield "fewer than two options"
    for one in alternatives:
        if re.search(r"(?<!\\)(?:\\\\)*[{]\d*:[A-Z_]+:", one[0]):
            yield "a gap begins in it: an earlier brace does not end"
        left_open = one[0].replace(r"\{", "").count("{") - one[0].replace(r"\\}", "").count(r"\}")
        if left_open > 0:
            yield "a brace in it is not escaped"
