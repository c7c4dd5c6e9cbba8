r"""Code as it was typed: every sign prints as itself, and every line is a line.

LaTeX joins ``--`` and ``''`` to other signs in a typewriter font too, and ends no line that is too long; ``verbatim`` cannot
stand where the text of a part does.  So lines are words of ``\codeline``, each with the number of blanks before it, and places to break it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup

from generator.render.author_signs import author_latex
from generator.render.escaping import escape_xml, one_line, safe

LONGEST = 24
"""Characters of a word of code that is not broken."""


@lru_cache(maxsize=1 << 10)
def latex_code(text: str) -> Markup:
    """A name from a program, within a line of LaTeX."""
    return safe(" ".join(map(_latex_word, one_line(text).split(" "))))


def latex_code_lines(text: str) -> Markup:
    """The lines of a program for LaTeX, one command each."""
    return safe("\n".join(_latex_line(line) for line in text.split("\n")))


def _latex_line(line: str) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    words = "\\ ".join(_latex_word(word) for word in line[blanks:].split(" "))
    return rf"  \codeline{{{blanks}}}{{{words}}}"


def _latex_word(word: str) -> str:
    """Return a word that may be broken, if it is long: after signs between names, and within names that are long themselves."""
    names = _NAMES.findall(word) if len(word) > LONGEST else [word]
    pieces = [name[start : start + LONGEST] for name in names for start in range(0, len(name), LONGEST)]
    return r"\allowbreak{}".join("".join(map(_latex_sign, _JOINED.split(one_line(piece)))) for piece in pieces)


_NAMES = re.compile(r"[^._(,/=:]*[._(,/=:]+|[^._(,/=:]+")
_JOINED = re.compile(r"(['`\"-])")
_SIGNS = {"'": r"\textquotesingle{}", "`": r"\textasciigrave{}", "-": "-{}"}


def _latex_sign(piece: str) -> str:
    return _SIGNS.get(piece) or author_latex(piece)


def html_lines(text: str) -> Markup:
    """The lines of a program for HTML."""
    return safe("\n".join(escape_xml_line(line) for line in text.split("\n")))


def escape_xml_line(line: str) -> str:
    """A line with its blanks, which HTML keeps in code."""
    blanks = len(line) - len(line.lstrip(" "))
    return " " * blanks + " ".join(map(escape_xml, line[blanks:].split(" ")))


def fenced_lines(text: str) -> Markup:
    """The lines of a program for Markdown, in a fence that they cannot close."""
    longest = max(map(len, re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return safe("\n".join([fence, *map(_unseen_left_out, text.split("\n")), fence]))


def _unseen_left_out(line: str) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return " " * blanks + " ".join(map(one_line, line[blanks:].split(" ")))


_IN_URL = {"%": r"\%", "#": r"\#", "&": r"\&", "{": r"\%7B", "}": r"\%7D", "\\": r"\%5C", "^": r"\%5E", "~": r"\%7E"}


def latex_url(url: str) -> Markup:
    """An address for LaTeX's \\href, which stands within other commands."""
    return safe("".join(_IN_URL.get(sign, sign) for sign in url))
