"""What keeps the page to its one user: who may ask, with what, and what a browser may do with the answer."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Collection
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, abort, request, session
from flask_wtf import CSRFProtect

from generator.errors import InputError

LARGEST_REQUEST = 256 * 1024
"""Of a form, in bytes: every field of the largest part, as long as the reader allows, and the essays with it."""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Sent with every answer."""

_YEAR = 365 * 24 * 3600
_KEY_BYTES = 32


def protect(app: Flask, secret_key: bytes, hosts: Collection[str]) -> None:
    """Turn away what does not come from the page itself, and tell the browser to do the same.

    ``hosts`` are the names, with their ports, under which the page may be asked for: a page elsewhere whose name was made
    to point here asks under its own.  Every form that changes something carries a token, which the cookie signed with
    ``secret_key`` must match.
    """
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME=f"practice-{blake2b(secret_key, digest_size=4).hexdigest()}",  # cookies know no ports
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=_YEAR,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,  # a page left open over night can still be sent
    )
    allowed = frozenset(hosts)

    @app.before_request
    def only_by_its_own_name() -> None:
        if request.host not in allowed:
            abort(400, "This page is only to be had at the address that the command printed.")
        session.permanent = True  # a form that the browser brings back after it was closed can be sent

    @app.after_request
    def with_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # to go back shows what is, and not what was
        return response

    CSRFProtect(app)  # after the name was checked


def secret_key(path: Path) -> bytes:
    """The key kept in this file, which only its owner may read; a new random one where there is none.

    A page that was open before a restart is known after it, since its cookie was signed with the same key.  Raises
    :class:`InputError` where the file cannot be used.
    """
    try:
        with suppress(FileNotFoundError):
            return _read(path)
        _write_new(path, secrets.token_hex(_KEY_BYTES).encode())
        return _read(path)
    except OSError as error:
        raise InputError(f"the key of the page's cookies, {path}, cannot be used: {error.strerror}") from error


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) < _KEY_BYTES:
        raise InputError(f"{path} holds no key; delete it, and a new one is made")
    return key


def _write_new(path: Path, key: bytes) -> None:
    """Write the file whole or not at all; one that another process has put there meanwhile stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # readable by its owner alone
    draft = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
