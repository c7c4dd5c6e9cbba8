r"""Words made harmless: what stands in a name, a title or a sentence is printed, never obeyed.

Each function takes plain text and returns source of its format that prints it.  Signs that would change
how other text is read (control characters, overriding of the writing direction) are left out everywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

_BLANKS = re.compile(r" *[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]\s*| {2,}")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)


def safe(text: str) -> Markup:
    """``Markup(text)``, several times faster."""
    return str.__new__(Markup, text)


def one_line(text: str) -> str:
    """The text on a single line, its blanks single, without characters that cannot be seen."""
    return _UNSEEN.sub("", _BLANKS.sub(" ", text))


def printable(text: str) -> str:
    """The text with its lines and blanks, without characters that cannot be seen."""
    return "\n".join([_UNSEEN.sub("", line) for line in text.expandtabs(4).split("\n")])


def shortened(text: str, most: int) -> str:
    """The text, cut where it is longer than ``most`` characters; an ellipsis says so, and is one of them."""
    return text if len(text) <= most else text[: most - 1] + "…"


# ------------------------------------------------------------------------------------------------ LaTeX


def by_sentence(text: str) -> Markup:
    """A paragraph of TeX with one sentence a line, as one likes to edit it."""
    return safe(_SENTENCE_END.sub(r"\1\n", text))


def by_row(tex: str) -> Markup:
    """A formula with one row of its matrices a line, as one likes to edit it."""
    return safe(tex.replace("\\\\ ", "\\\\\n    "))


WIDEST_FOR_CERTAIN = 40
"""The number of characters that fit into a line, whatever they are."""


def fitting(tex: str) -> Markup:
    r"""A formula that may be wider than its line in ``\fitmath``, which makes it narrower if it is."""
    signs = max(map(_signs, tex.split("\\\\")))
    return safe(tex if signs <= WIDEST_FOR_CERTAIN else rf"\fitmath{{{tex}}}")


def _signs(row: str) -> int:
    return len(_COMMAND.sub("x", _SPACE.sub("xx", _NO_SIGN.sub("", row))))


def most_columns(tex: str) -> int:
    """Return an upper bound of the number of columns of the matrices and tables in a text."""
    return 1 + max((row.count("&") for row in _ROW_END.split(tex)), default=0)


_ROW_END = re.compile(r"\\\\|\\(?:begin|end)|\n\n")
_NO_SIGN = re.compile(
    r"\\(?:begin|end)\{\w+\}|\\(?:text|math[a-z]+|[td]?frac|sqrt|left|right)(?![a-z])|\\[,;: ]|[{}^_ ]"
)
_SPACE = re.compile(r"&|\\q?quad(?![a-z])")
_COMMAND = re.compile(r"\\[A-Za-z]+")
# It begins with the character to look for and looks back from there: many times as fast as one that begins with a look back.
_SENTENCE_END = re.compile(r"([.?!])(?<=[a-z)$\]}].) (?=[A-Z$\\])")

# --------------------------------------------------------------------------------------------- Markdown


@lru_cache(maxsize=4096)
def escape_markdown(text: str) -> str:
    """Plain words for GitHub's Markdown: nothing in them is markup, HTML, mathematics or a link."""
    return markdown_paragraph(markdown_words(text))


def markdown_words(text: str) -> Markup:
    """Plain words within a paragraph, where no list can begin."""
    escaped = _MARKDOWN_SPECIAL.sub(lambda match: _MARKDOWN.get(match[0], "\\" + match[0]), one_line(text))
    return safe(escaped)


def markdown_paragraph(text: str) -> Markup:
    """A paragraph whose beginning is not taken for that of a list."""
    if start := _LIST_START.match(text):
        text = f"{start[1]}\\{text[start.end(1) :]}"
    return safe(text)


def file_name(stem: str) -> Markup:
    """A file's stem as it stands in a link."""
    return safe(quote(stem))


_MARKDOWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;", "://": "&#58;//", "www.": "www&#46;"}
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&$#|~]|://|(?i:www\.)")
_LIST_START = re.compile(r"( ?\d{0,9})[-+=.)]")


@lru_cache(maxsize=4096)
def markdown_math(tex: str) -> Markup:
    """A formula within a line.

    GitHub reads Markdown before mathematics: where it would take something for markup (a backslash before a
    sign, a star, an underscore that could open an emphasis), the form in backticks keeps the formula whole.
    """
    if "|" in tex:
        tex = _BAR.sub(lambda match: _BARS[match[0]], tex)
    return safe(f"$`{tex}`$" if _MARKDOWN_MANGLES.search(tex) else f"${tex}$")


_BAR = re.compile(r"\\?\|")
_BARS = {"|": r"\vert ", r"\|": r"\Vert "}  # a bar would end a table's cell
_MARKDOWN_MANGLES = re.compile(r"[\\*<>~_](?:(?<=[*<>~])|(?<=\\)[^A-Za-z]|(?<=_)(?<![A-Za-z0-9]_))")


def plain_math(markdown: str) -> str:
    """Markdown whose formulas in backticks, which are GitHub's, stand between dollars alone, as other readers expect."""
    return _MATH_IN_BACKTICKS.sub(r"$\1$", markdown)


_MATH_IN_BACKTICKS = re.compile(r"\$`([^`$]*)`\$")


def markdown_code(text: str) -> Markup:
    """A name in code, its backticks made harmless."""
    return safe("`" + one_line(text).replace("`", "'").replace("|", "¦") + "`")


def fenced(text: str) -> Markup:
    """Lines as they were typed, in a fence that they cannot close."""
    longest = max((len(found) for found in _BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return safe("\n".join([f"{fence}text", *(one_line(line) for line in text.strip().splitlines()), fence]))


_BACKTICKS = re.compile(r"`{3,}")


def indented(text: str, columns: int) -> Markup:
    """Blocks as the content of a list item whose marker is ``columns`` wide."""
    return safe(_LINE_START.sub("\n" + " " * columns, str(text).rstrip()))


def quoted(text: str) -> Markup:
    """Blocks as the content of a quotation, after its first mark."""
    return safe(str(text).strip().replace("\n", "\n> "))


def deeper(markdown: str) -> Markup:
    """Parts one heading deeper, as they stand within another part."""
    return safe(_PART_HEADING.sub("#", str(markdown)))


_PART_HEADING = re.compile(r"^(?=#{2,4} Part )", re.MULTILINE)


def blanks(tex: str) -> Markup:
    """A formula whose blanks are boxes: in Word they are replaced by what is typed."""
    return safe(_BLANK.sub(r"\\Box ", tex))


_BLANK = re.compile(r"\\underline\{\\hspace\{[^{}]*\}\}")

_LINE_START = re.compile(r"\n(?=[^\n])")

# -------------------------------------------------------------------------------------------------- XML


@lru_cache(maxsize=4096)
def escape_xml(text: str) -> str:
    """Plain words for SVG and HTML."""
    return str(Markup.escape(one_line(text)))


def css_string(text: str) -> Markup:
    """A string of CSS within a page: every sign but letters, digits and a few more by its code point."""
    escaped = _NOT_PLAIN_IN_CSS.sub(lambda match: f"\\{ord(match[0]):06x}", one_line(text))
    return safe(f'"{escaped}"')


_NOT_PLAIN_IN_CSS = re.compile(r"[^A-Za-z0-9 .,:-]")
