"""Moodle's XML: texts with the pictures in them, and the elements that all its questions have."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from html import escape
from xml.sax.saxutils import escape as escape_xml

from generator.errors import InputError
from generator.export.html import Html
from generator.export.tree import Blocks, Export

NAME_LENGTH = 250
"""What Moodle keeps of a question's name; a category has room for as much."""

_JOINER = "\N{WORD JOINER}"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GAP_IN_WORDS = re.compile(r"\{(?=#|\s*\d*\s*:)")
_FORMULA_IN_WORDS = re.compile(r"\\(?=[()\[\]])|\$(?=\$)")
_PICTURE_IN_WORDS = re.compile(r"@(?=@PLUGINFILE@@)")


class MoodleHtml(Html):
    """HTML as Moodle reads it; ``used`` are the pictures that it shows.

    What would be a gap, a picture or a formula in an author's words is broken up by a sign that is not seen.
    """

    table_attributes = ' class="table table-bordered w-auto"'

    def __init__(self, export: Export) -> None:
        super().__init__(export.figures, self._address)
        self.used: dict[str, None] = {}

    def _address(self, name: str) -> str:
        self.used[name] = None
        return f"@@PLUGINFILE@@/{file_name(name, self._figures[name].ending)}"

    def words(self, text: str) -> str:
        return super().words(self.plain(text)).replace("$", "&#36;")

    def plain(self, text: str) -> str:
        """Return words without what the platform would take for its own signs."""
        for pattern in (_GAP_IN_WORDS, _FORMULA_IN_WORDS, _PICTURE_IN_WORDS):
            text = pattern.sub(lambda found: found[0] + _JOINER, text)
        return text

    def tex(self, tex: str) -> str:
        return super().tex(_GAP_IN_WORDS.sub("{ {}", tex)).replace("$", "&#36;")

    def picture(self, name: str) -> str:
        alt = escape(self.plain(self._figures[name].alt)).replace("$", "&#36;")
        return self._image(name, alt)


def file_name(picture: str, ending: str) -> str:
    """Return the name of a picture's file."""
    return f"{picture}.{ending}"


class Texts:
    """Writes the texts of an export's questions, each with the pictures that it shows."""

    def __init__(self, export: Export, html: Callable[[Export], MoodleHtml] = MoodleHtml) -> None:
        self._export = export
        self._html = html
        self._encoded: dict[str, str] = {}

    def element(self, tag: str, write: Callable[[MoodleHtml], str], attributes: str = "", after: str = "") -> str:
        """Return an element whose text is what ``write`` makes with a writer of HTML; other elements may come ``after`` it."""
        html = self._html(self._export)
        content = write(html)
        files = "".join(map(self._file, html.used))
        return f'<{tag}{attributes} format="html">{text(content)}{files}{after}</{tag}>'

    def blocks(self, tag: str, content: Blocks, attributes: str = "", after: str = "") -> str:
        """Return an element of blocks."""
        return self.element(tag, lambda html: html.blocks(content), attributes, after)

    def _file(self, name: str) -> str:
        figure = self._export.figures[name]
        if not figure.content:
            raise InputError(f"the picture {name} has no PNG; a file for Moodle holds its pictures")
        if name not in self._encoded:
            self._encoded[name] = b64encode(figure.content).decode()
        address = escape(file_name(name, figure.ending))
        return f'<file name="{address}" path="/" encoding="base64">{self._encoded[name]}</file>'


def text(content: str) -> str:
    """Return the element of a text."""
    if not re.search("[<&>]", content):
        return f"<text>{content}</text>"
    return f"<text><![CDATA[{content.replace(']]>', ']]]]><![CDATA[>')}]]></text>"


def empty(tag: str) -> str:
    """Return an element of HTML with nothing in it."""
    return f'<{tag} format="html"><text></text></{tag}>'


def name(content: str, ending: str = "") -> str:
    """Return a name for teachers, at most as long as Moodle keeps it.

    Moodle takes what looks like a tag out of names; a blank after ``<`` keeps it.
    """
    plain = re.sub(r"<(?=\S)", "< ", " ".join(content.split()))
    room = NAME_LENGTH - len(ending)
    return (plain if len(plain) <= room else f"{plain[: room - 1]}…") + ending


def category(*names: str) -> str:
    """Return the category for the questions after it; the names are those of the categories that it is in, and its own."""
    path = "/".join(["$course$", "top", *(name(one).strip("/ ").replace("/", "//") or "-" for one in names)])
    return (
        f'<question type="category"><category><text>{escape_xml(path)}</text></category>'
        '<info format="html"><text></text></info></question>'
    )


def question(kind: str, title: str, elements: Iterable[str]) -> str:
    """Return a question."""
    return "\n".join(
        [f'<question type="{kind}"><name><text>{escape_xml(title)}</text></name>', *elements, "</question>"]
    )


def simple(values: Mapping[str, object]) -> str:
    """Return elements that have a plain value each."""
    return "".join(f"<{tag}>{escape_xml(str(value))}</{tag}>" for tag, value in values.items())


def tags(names: Iterable[str]) -> str:
    """Return the tags of a question."""
    found = "".join(f"<tag><text>{escape_xml(one)}</text></tag>" for one in dict.fromkeys(filter(None, names)))
    return f"<tags>{found}</tags>"


def decimal(share: Fraction, places: int) -> str:
    """Return a share as a decimal of at most so many places, rounded down."""
    scaled = share.numerator * 10**places // share.denominator
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")


def quiz(questions: Iterable[str]) -> bytes:
    """Return the file of questions; raises :class:`InputError` for a character that XML cannot hold."""
    content = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", *questions, "</quiz>", ""])
    wrong = _NOT_IN_XML.search(content)
    if wrong is not None:
        near = content[max(0, wrong.start() - 30) : wrong.start()].rpartition("\n")[2]
        raise InputError(
            f"a character that no file of Moodle can hold, {wrong[0]!r}, stands after {near!r}; leave it out"
        )
    return unicodedata.normalize("NFC", content).encode()
