"""What protects a page of this machine alone from other sites: the check of the host, and the headers of every response."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import Flask, Response, abort, request

from generator.errors.language import phrase

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


def policy(directives: Mapping[str, str]) -> str:
    """Return a content security policy as a header states it."""
    return "; ".join(f"{name} {value}".strip() for name, value in directives.items())


def headers_with(directives: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a response whose policy has these directives too, or in place of the usual ones."""
    return {
        "Content-Security-Policy": policy({**_POLICY, **directives}),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


HEADERS = headers_with({})
"""Sent with every response of the practice page."""


def guard(app: Flask, hosts: Collection[str], headers: Mapping[str, str] = HEADERS) -> None:
    """Refuse requests for other names than ``hosts``, and send the headers with every response that has none of its own.

    A page elsewhere whose name was made to point here sends its own name as the host.
    """

    @app.before_request
    def check_host() -> None:
        if request.host not in hosts:
            abort(400, phrase("practice.other_address"))

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")  # going back shows the present state, not the past
        return response
