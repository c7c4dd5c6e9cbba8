"""A language in which every text of the table stands between guillemets: what stands outside them is no word of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from generator.document.figures.scene import Label, Scene
from generator.document.nodes import Code, Exercise, Text, Worksheet
from generator.errors import language as module
from generator.errors.language import Language, english

CODE = "qq"
LISTS = ("labels.words", "words.months", "reading.true_words", "reading.false_words",
         "reading.words_beside_verdicts", "reading.words_beside_letters")  # fmt: skip
"""Lists of words that are read, or printed one by one."""
_WORD = re.compile(r"[^\W\d_]{2,}")


def bracketed(text: str) -> str:
    """Return a text between guillemets, but for one that has no word, and without the blanks at its ends."""
    if not _WORD.search(re.sub(r"\{\w+\}", "", text)):
        return text
    inner = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}«{inner}»{after}"


def pseudo() -> Language:
    texts: dict[str, Any] = {}
    for key, text in english().texts.items():
        if key in LISTS:
            texts[key] = text
        else:
            texts[key] = (
                bracketed(text) if isinstance(text, str) else {form: bracketed(one) for form, one in text.items()}
            )
    return Language(CODE, texts)


def install(monkeypatch: pytest.MonkeyPatch) -> Language:
    """Have the code :data:`CODE` stand for the language."""
    language, find = pseudo(), module.find_language
    monkeypatch.setattr(module, "find_language", lambda code: language if code == CODE else find(code))
    return language


def ours(text: str) -> str:
    """Return what stands between guillemets, with them."""
    found, depth = [], 0
    for char in text:
        depth += char == "«"
        if depth:
            found.append(char)
        depth -= char == "»"
    return "".join(found)


def outside(text: str) -> str:
    """Return what stands outside guillemets."""
    found, depth = [], 0
    for char in text:
        depth += char == "«"
        if not depth:
            found.append(char)
        elif depth == 1 and char == "«":
            found.append(" ")
        depth -= char == "»"
    return "".join(found)


_NO_WORDS = re.compile(
    r"\b[0-9A-Z]{3,5}(?:-[0-9A-Z]{4,6}){1,2}\b"  # the id of a paper
    r"|\([ivx]+\)|\b(?:row|column)s?\b(?= \d+ «)"
)


def words_outside(text: str, known: tuple[str, ...] = ()) -> list[str]:
    """Return the words outside guillemets, without those that are ``known`` to be an author's."""
    rest = _NO_WORDS.sub(" ", outside(text))
    for one in known:
        rest = rest.replace(one, " ")
    return _WORD.findall(rest)


def without_prose(node: Any) -> Any:
    """Return the same document without the words of authors and banks: of each text only what is ours."""
    if isinstance(node, str | int | float | bool) or node is None:
        return node
    if isinstance(node, tuple):
        return tuple(map(without_prose, node))
    if isinstance(node, Text):
        return Text(ours(node.text) or ".")
    if isinstance(node, Code):
        return Code(".")
    if isinstance(node, Label):
        return replace(node, words=tuple("." if isinstance(one, str) else one for one in node.words))
    if not is_dataclass(node) or isinstance(node, type):
        return node
    found = replace(node, **{one.name: without_prose(getattr(node, one.name)) for one in fields(node) if one.init})
    if isinstance(found, Exercise):
        return replace(found, title=".", id=".")
    if isinstance(found, Scene):
        return replace(found, title=ours(found.title) or ".", description=ours(found.description) or ".")
    if isinstance(found, Worksheet):
        return replace(found, title=".", course=".")
    return found


class _Page(HTMLParser):
    """Gathers what a page says, in its text, its attributes and its style."""

    SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-mark", "data-name")
    SILENT = ("script", "math", "svg", "code", "pre")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if not self._silent:
            self.said += [value or "" for name, value in attrs if name in self.SPOKEN]
        if tag in self.SILENT:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if self._in_style:
            strings = [one for rule in re.findall(r"content:([^;}]*)", data) for one in re.findall(r'"([^"]*)"', rule)]
            self.said += [re.sub(r"\\([0-9a-f]{6})", lambda sign: chr(int(sign[1], 16)), one) for one in strings]
        elif not self._silent:
            self.said.append(data)


def said_by_page(html: str) -> str:
    """Return all that a page says outside its formulas and drawings."""
    page = _Page()
    page.feed(html)
    return "\n".join(page.said)


def said_by_markdown(text: str) -> str:
    """Return the words of Markdown outside its formulas and code."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"\$`[^`]*`\$|\$[^$]*\$|`[^`]*`", " ", text)
    return re.sub(r"\]\([^)]*\)|&\w+;|\\", " ", text)


def texts_in(node: Any) -> Iterator[str]:
    """Yield the texts of a document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for one in node:
            yield from texts_in(one)
    elif is_dataclass(node) and not isinstance(node, type):
        for one in fields(node):
            yield from texts_in(getattr(node, one.name))


def said_by_latex(text: str) -> str:
    """Return the words of a document in LaTeX: what stands outside commands, formulas and drawings, whose descriptions stay."""
    preamble, body = text.split(r"\begin{document}")
    said = re.findall(r"\\(?:title|form|course|student|header|footer|date|department)\{(.*)\}", preamble)
    body = re.sub(r"(?m)(?<!\\)%.*$", "", body)
    body = re.sub(r"\\begin\{drawing\}\[\{(.*?)\}\]\n.*?\\end\{drawing\}", r" \1 ", body, flags=re.DOTALL)
    body = re.sub(r"\$[^$]*\$|\\\[.*?\\\]", " ", body, flags=re.DOTALL)
    body = re.sub(r"(?m)^\\answerbox\{.*(?:\n    .*)*|\\field\{.*\}$", " ", body)
    body = re.sub(
        r"\\(?:begin|end)\{[^}]*\}(?:\[[^\]]*\])?(?:\{[*clr{}0-9]*\})?|\\[A-Za-z]+\*?|\[[0-9a-z]*\]", " ", body
    )
    return "\n".join([*said, body])
