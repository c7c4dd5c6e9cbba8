"""Letters that a program read in a wrong encoding, and what they were."""

from __future__ import annotations

import re
import unicodedata
from html import unescape


def garbled(text: str) -> str:
    """Return the likely text where one is garbled, and nothing where it is not.

    Letters written as UTF-8 and read in another encoding (``ZoÃ«`` was ``Zoë``), or as on a page of HTML (``Zo&euml;``).
    """
    found = unescape(text)
    for _ in range(2):  # it may have happened twice
        found = _MANY.sub(lambda run: _decoded(run[0], "cp1252"), found)
    if found == text:
        found = _MAC.sub(lambda run: _decoded(run[0], "mac_roman"), found)
    return "" if found == text else found


_MANY = re.compile(r"[^\x00-\x7f]{2,}")
_MAC = re.compile(r"[√ƒ≈][^\x00-\x7f]")


def _decoded(run: str, encoding: str) -> str:
    """A run of letters as UTF-8 if it can be; the signs that the encoding lacks stand for themselves."""
    try:
        content = b"".join(
            letter.encode("latin-1") if "\x80" <= letter <= "\x9f" else letter.encode(encoding) for letter in run
        )
        text = content.decode()
    except UnicodeError:
        return run
    return text if all(unicodedata.category(letter)[0] in "LMP" for letter in text) else run
