"""The server of the page, for this machine alone, and the key that signs its cookies."""

from __future__ import annotations

import gc
import logging
import os
import secrets
import socket
import tempfile
import webbrowser
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from flask import Flask
from waitress import create_server

from generator.errors import InputError
from generator.practice.engine import Practice
from generator.practice.web.app import MAX_REQUEST, create_app

ADDRESS = "127.0.0.1"
"""The only address that is listened on: no other machine can connect."""

THREADS = 4
MAX_CONNECTIONS = 1000
"""Browsers keep idle connections open; waitress stops accepting others once there are so many."""
_KEY_BYTES = 32


def serve(
    practice: Practice, port: int, *, open_browser: bool = False, announce: Callable[[str], object] = print
) -> None:
    """Serve the page of a student's practice: see :func:`serve_app`."""
    key = secret_key(practice.store.path.with_suffix(".key"))
    serve_app(lambda hosts: create_app(practice, key=key, hosts=hosts), port, open_browser, announce)


def serve_app(
    make: Callable[[Collection[str]], Flask],
    port: int,
    open_browser: bool,
    announce: Callable[[str], object],
    threads: int = THREADS,
) -> None:
    """Serve an application on a port of this machine until interrupted; port 0 is any free one.

    ``make`` returns it for the names under which it may be requested; ``announce`` is called with the address.  Raise
    :class:`InputError` if the port is taken.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits a moment is nobody's concern
    listening = _listen(port)
    port = listening.getsockname()[1]
    hosts = (f"{ADDRESS}:{port}", f"localhost:{port}")
    server = create_server(
        make(hosts),
        sockets=[listening],
        threads=threads,
        connection_limit=MAX_CONNECTIONS,
        asyncore_use_poll=True,  # select() takes no more than 1024 files
        ident=None,
        max_request_body_size=4 * MAX_REQUEST,  # so that a form that is a little too large gets the page that says so
        max_request_header_size=16 * 1024,
    )
    gc.freeze()  # what is loaded by now stays: scanning it in every full collection would take 0.1 s
    address = f"http://{ADDRESS}:{port}/"
    announce(address)
    if open_browser:
        webbrowser.open(address)
    try:
        server.run()
    finally:
        server.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else a restart has to wait a minute
        listening.bind((ADDRESS, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise InputError(
            f"port {port} of this machine cannot be used: {error.strerror}; name another one", field="--port"
        ) from error
    return listening


def secret_key(path: Path) -> bytes:
    """Return the key in this file, which its owner alone may read; a new random one where there is none.

    It outlives restarts, so that a page that was open before one can still be sent.  Raise :class:`InputError` where the file
    cannot be used.
    """
    try:
        with suppress(FileNotFoundError):
            return _read_key(path)
        _write_key(path, secrets.token_hex(_KEY_BYTES).encode())
        return _read_key(path)
    except OSError as error:
        raise InputError(f"the key of the page's cookies, {path}, cannot be used: {error.strerror}") from error


def _read_key(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) < _KEY_BYTES:
        raise InputError(f"{path} holds no key; delete it, and a new one is created")
    return key


def _write_key(path: Path, key: bytes) -> None:
    """Write the file whole or not at all; one that another process has written meanwhile stays."""
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
