"""The course secret: 32 random bytes in a file of the course staff, with which graded papers are drawn.

Whoever has it can make every key of the course; nobody else can make one, with this program or any other.  It never leaves the
process that reads its file: what workers are sent are the streams of single papers, and manifests hold its fingerprint.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import NoReturn

from platformdirs import user_config_path

from generator.errors import InputError, expected

VARIABLE = "PROBLEMWRIGHT_SECRET"
"""The environment variable that names a file with a secret."""

_BYTES = 32
_PURPOSES = (b"fingerprint", b"nonce", b"tag", b"stream")


@dataclass(frozen=True)
class Secret:
    """A course secret; neither its representation nor a message shows it, and it cannot be pickled."""

    key: bytes = field(repr=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a course secret is not sent to other processes")

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits that tell secrets apart, and nothing about them."""
        return self.digest(b"fingerprint", "")[:4].hex()

    def digest(self, purpose: bytes, text: str) -> bytes:
        """Return 32 bytes that nobody without the secret can tell from random ones: keyed BLAKE2b."""
        assert purpose in _PURPOSES
        return blake2b(text.encode(), digest_size=32, key=self.key, person=purpose).digest()


def default_path() -> Path:
    """Return the file of the secret in the user's configuration folder."""
    return user_config_path("problemwright", appauthor=False) / "secret"


def path_named(option: Path | None) -> Path | None:
    """Return the file that the option names, or else the environment variable; None where neither does."""
    if option is not None:
        return option
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named) if named else None


def read_secret(path: Path) -> Secret:
    """Return the secret in a file.

    Raises :class:`InputError` where there is none, where it has another form, or where others may read it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(4 * _BYTES)
    except FileNotFoundError as error:
        raise InputError(
            f"there is no file {path}: make a secret with `worksheet secret new`, or give the one that the course has",
            field="--secret",
        ) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", field="--secret") from error
    if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError(
            f"{path} may be read by others (its mode is {stat.S_IMODE(mode):o}): say `chmod 600 {path}`, and make another "
            "secret for the next papers if somebody may have read it",
            field="--secret",
        )
    text = content.strip()
    if not re.fullmatch(rb"[0-9a-f]{64}", text):
        got = f"{len(text)} bytes" + (" of other text" if len(text) == 2 * _BYTES else "")
        raise InputError(
            f"{path} is no course secret: {expected(f'{2 * _BYTES} hexadecimal digits', got)}; take it from a copy, or "
            "make another one with `worksheet secret new`",
            field="--secret",
        )
    return Secret(bytes.fromhex(text.decode()))


def new_secret(path: Path) -> Secret:
    """Make a secret and write it into a file that only its owner can read; one that is there is never overwritten.

    Raises :class:`InputError` where there is a file already, or none can be written.
    """
    key = secrets.token_bytes(_BYTES)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key.hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())  # before any paper is drawn with it
    except FileExistsError as error:
        raise InputError(
            f"{path} is there already: papers may have been drawn with it, and only with it can their class go on; name "
            "another file with --secret",
            field="--secret",
        ) from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}", field="--secret") from error
    return Secret(key)
