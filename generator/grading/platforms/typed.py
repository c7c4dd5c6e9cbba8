"""What a student gave on a platform, as the text that she would have typed on our own page.

A platform has fields of its own: several blanks in one cell, the text of an option in place of its letter.  What they say can
only be put together when the part is known.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from generator.document import nodes
from generator.errors import InputError
from generator.grading.answer_file import Style
from generator.grading.grader import Grader
from generator.grading.nesting import depth_of
from generator.grading.platforms.pieces import GAP, gaps_of
from generator.grading.reading.choices import read_truths
from generator.numbers.tokens import UnreadableError
from generator.problem.answers import Answer, Matrix, Number, Vector
from generator.problem.choices import LETTERS, Choice, Offered
from generator.problem.words import Claims, Essay

FIELD = "\x1f"
"""What stands between the cells of one answer."""

_ESCAPED = re.compile(r"\\([,\\])")


def as_typed(text: str, style: Style, grader: Grader, part: str) -> str:
    """Return the answer to a part as a text that the grader reads.

    Raise :class:`InputError` where a part that has one value was given several, in columns of their own.
    """
    if not style or not text.strip():
        return text
    answer = grader.answer(part)
    if isinstance(answer, Essay):
        return _ESCAPED.sub(r"\1", text) if style == "canvas" else text.replace(FIELD, "\n")
    is_single = isinstance(answer, Number | Offered) or (isinstance(answer, Choice) and not answer.several)
    if is_single and style == "fields" and len(set(text.split(FIELD))) > 1:
        raise InputError(f"was answered in {text.count(FIELD) + 1} columns of one row, with different answers")
    if isinstance(answer, Choice | Offered):
        return _letters(text, style, answer, grader)
    if style == "canvas" and text.strip().startswith(r"\("):
        return html.unescape(text)  # a matrix that was chosen, whose rows end in backslashes
    fields = _fields(text, style)
    if isinstance(answer, Claims):
        return _verdicts(fields, len(answer.claims)) if len(fields) > 1 else fields[0]
    if len(fields) == 1:
        return fields[0]
    whole = _ESCAPED.sub(r"\1", text) if style == "canvas" else ", ".join(fields)
    return _joined(fields, answer, grader) or whole


def _fields(text: str, style: Style) -> list[str]:
    """Return the values of one cell; a cell that has one alone is itself."""
    if style == "fields":
        return text.split(FIELD)
    if style == "canvas":
        blanks = _split_blanks(text)
        return blanks if all(map(_is_balanced, blanks)) else [_ESCAPED.sub(r"\1", text)]
    if style == "moodle" and GAP.match(text):
        return [*gaps_of(text).values()]
    return [text]


def _split_blanks(text: str) -> list[str]:
    return [_ESCAPED.sub(r"\1", one).strip() for one in re.split(r"(?<!\\),", text)]


def _verdicts(fields: Sequence[str], count: int) -> str:
    """Return the verdicts on so many claims; of more fields the others have reasons, which a person marks."""
    if len(fields) > count:
        fields = [one for one in fields if _is_verdict(one)]
    return " ".join(one.strip() or "?" for one in fields)


def _is_verdict(text: str) -> bool:
    try:
        read_truths(text, 1)
    except UnreadableError:
        return False
    return True


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in ("()", "[]", "{}"))


def _joined(fields: Sequence[str], answer: Answer, grader: Grader) -> str:
    """Return the values of blanks as one answer; empty where they are not as many as it has entries."""
    values = grader.variant.values
    right: Any = answer.value(values)
    if isinstance(answer, Vector) and len(right) == len(fields):
        return " & ".join(fields)
    if isinstance(answer, Matrix) and len(right) * len(right[0]) == len(fields):
        width = len(right[0])
        return "\n".join(" & ".join(fields[start : start + width]) for start in range(0, len(fields), width))
    return _labelled(fields, right) if getattr(answer, "labels", ()) else ""


def _labelled(fields: Sequence[str], right: Any) -> str:
    if all(isinstance(value, str) for value in right):  # letters for each label
        return "; ".join(fields) if len(fields) == len(right) else ""
    if depth_of(right) < 2:
        return " & ".join(fields) if len(fields) == len(right) else ""
    sizes = [len(shape) for shape in right]
    if len(fields) == len(right):
        return "; ".join(fields)
    if len(fields) != sum(sizes):
        return ""
    shapes, start = [], 0
    for size in sizes:
        shapes.append(", ".join(fields[start : start + size]))
        start += size
    return "; ".join(f"[{shape}]" for shape in shapes)


# ------------------------------------------------------------------------------------ options

_LETTERED = re.compile(r"\s*\(?(?P<letter>[A-Ha-h])[).:]\s")
_NOT_READ = re.compile(r"\s+|\\[()\[\]]|\$|\\(?:left|right|,|;|!)|[\u200b\u2060]")
_SAME = str.maketrans({"−": "-", "–": "-", "\u2019": "'"})


def _letters(text: str, style: Style, answer: Choice | Offered, grader: Grader) -> str:
    """Return the letters of the options that are chosen by their texts; the text itself where it names none."""
    options = _options(answer, grader)
    whole = _letter(text, options) or (_letter(_ESCAPED.sub(r"\1", text), options) if style == "canvas" else "")
    if whole or not (isinstance(answer, Choice) and answer.several):
        return whole or text
    pieces = _pieces(text, style)
    letters = [_letter(piece, options) for piece in pieces]
    if all(letters):
        return ", ".join(letters)
    rest, chosen = _plain(text), []
    for plain, letter in sorted(options.items(), key=lambda option: -len(option[0])):
        if plain and plain in rest:
            rest = rest.replace(plain, "", 1)
            chosen.append(letter)
    return ", ".join(sorted(chosen)) if chosen and not rest.strip(",;") else text


def _pieces(text: str, style: Style) -> list[str]:
    if style == "fields":
        return text.split(FIELD)
    if style == "canvas":
        return _split_blanks(text)
    separator = {"google": r",\s", "microsoft": ";", "moodle": r";\s?"}.get(style, r",\s")
    return [one for one in re.split(separator, text) if one.strip()]


def _options(answer: Choice | Offered, grader: Grader) -> dict[str, str]:
    """Return the letter of each option by its text; of options with one text none."""
    (space,) = answer.spaces(grader.variant.values)
    assert isinstance(space, nodes.ChoiceSpace)
    texts = [_plain(_words(option)) for option in space.options]
    return {text: LETTERS[place] for place, text in enumerate(texts) if texts.count(text) == 1}


def _letter(text: str, options: dict[str, str]) -> str:
    found = options.get(_plain(text))
    if found:
        return found
    lettered = _LETTERED.match(text)
    if lettered is not None and _plain(text[lettered.end() :]) in options:
        return lettered["letter"].upper()
    return ""


def _plain(text: str) -> str:
    unescaped = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    return _NOT_READ.sub("", unescaped).translate(_SAME).casefold()


def _words(node: Any) -> str:
    """Return what stands in blocks, words and the source of formulas."""
    if isinstance(node, tuple):
        return " ".join(map(_words, node))
    if isinstance(node, nodes.Text | nodes.Code | nodes.CodeBlock):
        return node.text
    if isinstance(node, nodes.Math | nodes.Display):
        return node.tex
    return " ".join(_words(child) for child in nodes.children(node))
