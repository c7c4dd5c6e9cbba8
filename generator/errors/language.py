"""The words that students read, from one table for each language: ``templates/languages/en.toml``, ``de.toml`` and so on.

English is the table that the others are checked against: each has the same keys, with the same ``{placeholders}``.  A text
that depends on a number has a form for each way in which the language counts.  Which language is meant is said once,
around the work: ``with using(language): …``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from pathlib import Path
from string import Formatter
from sys import intern
from typing import Any, TypeAlias

from generator.errors import InputError, expected, near

ENGLISH = "en"

Pieces: TypeAlias = tuple[tuple[str, str], ...]
"""A text in pieces: words, and the name of the placeholder that follows them, empty at the end."""


@dataclass(frozen=True, eq=False)
class Language:
    """One language: its code, as HTML and PDF give it, and its texts by ``page.key``.

    A text that depends on ``count`` is a mapping of ``forms`` to texts; ``form_of`` returns the place of a number's form.
    """

    code: str
    texts: Mapping[str, str | Mapping[str, str]]
    forms: tuple[str, ...] = ("one", "other")
    form_of: Callable[[int], int] = field(default=lambda number: int(number != 1), repr=False)

    def form(self, key: str, count: object = None) -> str:
        """Return the form of a text for a number; empty where the text has no forms."""
        if isinstance(self.texts[key], str):
            return ""
        return self.forms[self.form_of(count) if isinstance(count, int) else -1]

    def text(self, key: str, form: str = "") -> str:
        """Return the text of a key in one of its forms, its placeholders not yet filled."""
        text = self.texts[key]
        return text if isinstance(text, str) else text[form]

    def phrase(self, key: str, values: Mapping[str, object]) -> str:
        """Return the text of a key with its placeholders filled."""
        return self.text(key, self.form(key, values.get("count"))).format_map(values)

    def pieces(self, key: str, form: str) -> Pieces:
        """Return the text of a key in pieces, for a format that has to escape the words and not the values."""
        return tuple((words, name or "") for words, name, _, _ in Formatter().parse(self.text(key, form)))


# ------------------------------------------------------------------------------------ the current one


def phrase(key: str, /, **values: object) -> str:
    """Return the text of a key in the current language, with its placeholders filled."""
    return current().phrase(key, values)


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return phrase("words.and", first=phrase("words.comma").join(parts[:-1]), last=parts[-1])


def begin_sentence(text: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def current() -> Language:
    """Return the language that texts are in: English, unless it is said otherwise."""
    return _current.get() or english()


@contextmanager
def using(language: str | Language) -> Iterator[None]:
    """Have all texts in a language, given by its code, until the end of the block."""
    found = language if isinstance(language, Language) else find_language(language)
    before = _current.set(found)
    try:
        yield
    finally:
        _current.reset(before)


_current: ContextVar[Language | None] = ContextVar("language", default=None)

# ------------------------------------------------------------------------------------------ the tables


def languages() -> tuple[str, ...]:
    """Return the codes of the languages there are."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def english() -> Language:
    """Return the table that the others are checked against."""
    return find_language(ENGLISH)


@cache
def find_language(code: str) -> Language:
    """Return a language by its code; raise :class:`InputError` where there is none, or its file is at fault."""
    if code not in languages():
        known = ", ".join(languages())
        raise InputError(f"there is no language {code!r}{near(code, languages())}; there are {known}")
    path = _folder() / f"{code}.toml"
    return read_language(path.read_text(encoding="utf-8"), path, None if code == ENGLISH else english())


def read_language(text: str, path: Path, like: Language | None) -> Language:
    """Return the language in the text of a file; raise :class:`InputError` where it is not ``like`` the English one."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error
    forms, form_of = _plural(path, table.pop("plural", None))
    texts: dict[str, str | Mapping[str, str]] = {}
    for page, entries in table.items():
        if not isinstance(entries, dict):
            raise InputError(f"{path}: {page}: {expected('a table of texts, [' + page + ']', repr(entries))}")
        for name, entry in entries.items():
            texts[f"{page}.{name}"] = _checked(path, f"{page}.{name}", entry, forms)
    language = Language(intern(path.stem), texts, forms, form_of)  # so that records leave out the usual one
    if like is not None:
        _compare(path, language, like)
    return language


def _checked(path: Path, key: str, entry: Any, forms: tuple[str, ...]) -> str | Mapping[str, str]:
    if isinstance(entry, str):
        _names(path, key, entry)
        return entry
    if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
        raise InputError(f"{path}: {key}: {expected('a text, or a text for each form of a number', repr(entry))}")
    if tuple(sorted(entry)) != tuple(sorted(forms)):
        raise InputError(f"{path}: {key}: {expected('the forms ' + ', '.join(forms), ', '.join(entry) or 'none')}")
    for form, text in entry.items():
        _names(path, f"{key}.{form}", text)
    return entry


def _names(path: Path, key: str, text: str) -> frozenset[str]:
    """Return the placeholders of a text."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise InputError(f"{path}: {key}: {error}; a brace that is printed is written twice") from error
    names = [name for _, name, _, _ in pieces if name is not None]
    if odd := [name for name in names if not name.isidentifier()]:
        raise InputError(f"{path}: {key}: {expected('a name between braces', '{' + odd[0] + '}')}")
    if any(conversion or form for _, _, form, conversion in pieces):
        raise InputError(f"{path}: {key}: a placeholder has a name alone, as in {{count}}")
    return frozenset(names)


def _compare(path: Path, ours: Language, english: Language) -> None:
    """Raise for the first key that is missing, unknown, or has other placeholders than in English."""
    for key in ours.texts:
        if key not in english.texts:
            raise InputError(f"{path}: {key}: there is no such key{near(key, english.texts)}; remove it")
    for key, text in english.texts.items():
        if key not in ours.texts:
            raise InputError(f"{path}: {key}: missing; in English it is {_one(text)!r}")
        theirs, found = _placeholders(path, key, text), _placeholders(path, key, ours.texts[key])
        if theirs != found:
            named = ", ".join(f"{{{name}}}" for name in sorted(theirs)) or "no placeholder"
            got = ", ".join(f"{{{name}}}" for name in sorted(found)) or "none"
            raise InputError(f"{path}: {key}: {expected(named, got)}")


def _one(text: str | Mapping[str, str]) -> str:
    return text if isinstance(text, str) else list(text.values())[-1]


def _placeholders(path: Path, key: str, text: str | Mapping[str, str]) -> frozenset[str]:
    """Return the placeholders of a text; ``count`` may be left out of any form, as in ``one row``."""
    if isinstance(text, str):
        return _names(path, key, text)
    return frozenset().union(*(_names(path, key, form) for form in text.values())) | {"count"}


def _plural(path: Path, table: Any) -> tuple[tuple[str, ...], Callable[[int], int]]:
    """Return the forms that a language has, and the function from a number to the place of its form.

    The rule is written as in the files of gettext: ``n % 10 == 1 && n % 100 != 11 ? 0 : 1``.
    """
    if table is None:
        table = {"forms": ["one", "other"], "rule": "n != 1"}
    wanted = 'forms = ["one", "other"] and rule = "n != 1", as in gettext'
    if not isinstance(table, dict) or set(table) != {"forms", "rule"}:
        raise InputError(f"{path}: plural: {expected(wanted, repr(table))}")
    forms, rule = table["forms"], table["rule"]
    if not isinstance(forms, list) or not forms or not all(isinstance(one, str) for one in forms):
        raise InputError(f"{path}: plural.forms: {expected('a list of names', repr(forms))}")
    try:
        form_of: Callable[[int], int] = c2py(rule)
        places = {form_of(number) for number in range(200)}
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: plural.rule: {error}; {expected(wanted, repr(rule))}") from error
    if not places <= set(range(len(forms))):
        raise InputError(f"{path}: plural.rule: {expected(f'0 to {len(forms) - 1}, a place in forms', sorted(places))}")
    return tuple(forms), form_of


def _folder() -> Path:
    """Return the folder of the tables: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates" / "languages"
    return inside if inside.is_dir() else package.parent / "templates" / "languages"
