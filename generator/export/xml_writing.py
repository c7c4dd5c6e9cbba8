"""XML as text: elements with everything escaped, and whole files that were read again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import ParseError, fromstring

from generator.errors import InputError

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def tag(name: str, attributes: Mapping[str, str] | None = None, *content: str) -> str:
    """Return an element; ``content`` is XML, and attributes are any text."""
    given = "".join(f' {key}="{escape(value)}"' for key, value in (attributes or {}).items())
    inner = "".join(content)
    return f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>"


def words(text: str) -> str:
    """Return any text as the content of an element."""
    return escape(text, quote=False)


def document(root: str) -> bytes:
    """Return an element as a file, in normal form C; raises :class:`InputError` for what XML cannot hold."""
    text = unicodedata.normalize("NFC", root)
    found = re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]", text)
    if found:
        near = text[max(found.start() - 30, 0) : found.start()]
        raise InputError(f"the control character U+{ord(found[0]):04X} after {near!r} cannot be exported; take it out")
    try:
        fromstring(text)  # noqa: S314 - our own
    except ParseError as error:
        raise ValueError(f"what was written is no XML: {error}") from error
    return (DECLARATION + text).encode()
