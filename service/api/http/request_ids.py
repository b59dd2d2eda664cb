"""A name for each request: the one it came with, or a new one; it goes back in the answer."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, request

HEADER = "X-Request-ID"
#: As proxies make them: a UUID, or as many hexadecimal digits. Anything else could carry a name.
_TAKEN = re.compile(r"[0-9A-Fa-f-]{16,64}")


def name_requests(app: Flask) -> None:
    """Give every request of an application an id, in ``g.request_id`` and in its answer."""
    app.before_request(_take)
    app.after_request(_give)


def request_id() -> str:
    """Return the id of the current request."""
    if "request_id" not in g:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _TAKEN.fullmatch(given) else secrets.token_hex(16)
    name: str = g.request_id
    return name


def _take() -> None:
    request_id()


def _give(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response
