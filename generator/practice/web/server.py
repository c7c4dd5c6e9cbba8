"""The server that the page runs in: for this machine alone."""

from __future__ import annotations

import gc
import socket
import webbrowser
from collections.abc import Callable

from waitress import create_server

from generator.errors import InputError
from generator.practice.engine import Practice
from generator.practice.web.app import create_app
from generator.practice.web.security import LARGEST_REQUEST, secret_key

ADDRESS = "127.0.0.1"
"""The only one that is listened at: no other machine can ask."""

THREADS = 4


def serve(practice: Practice, port: int, *, opened: bool = False, told: Callable[[str], object] = print) -> None:
    """Serve the page at this port of this machine until interrupted; 0 is any free one.

    ``told`` is given the address, ``opened`` opens it in the browser.  Raises :class:`InputError` if the port is taken.
    """
    key = secret_key(practice.store.path.with_suffix(".key"))
    listening = _listen(port)
    port = listening.getsockname()[1]
    hosts = (f"{ADDRESS}:{port}", f"localhost:{port}")
    server = create_server(
        create_app(practice, key=key, hosts=hosts),
        sockets=[listening],
        threads=THREADS,
        ident=None,
        max_request_body_size=4 * LARGEST_REQUEST,  # what is a little too large gets a page that says so
        max_request_header_size=16 * 1024,
    )
    gc.freeze()  # what is loaded by now is no rubbish: to look through it again and again would take a blink of the eye
    address = f"http://{ADDRESS}:{port}/"
    told(address)
    if opened:
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
