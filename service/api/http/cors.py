"""Leave for pages of other origins to call the API from a browser (the Fetch standard, CORS).

Only origins that the deployment names get it; with none named no header changes. Cookies are never
part of it: the service has none.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, request

METHODS = "GET, HEAD, POST"
#: Clients of clinical systems send a token everywhere, also where none is read.
REQUEST_HEADERS = (
    "Authorization, Content-Encoding, Content-Type, If-None-Match, X-API-Key, X-Request-ID"
)
EXPOSED_HEADERS = (
    "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Server-Timing, "
    "X-Request-ID"
)
SECONDS = "600"


def allow_origins(app: Flask, origins: Collection[str]) -> None:
    """Let pages of these origins read every answer, problems included.

    Args:
        origins: as browsers send them: ``https://sandbox.example.org``, without a path.

    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    if not origins:
        return
    allowed = frozenset(origins)

    def add_headers(response: Response) -> Response:
        response.vary.add("Origin")  # a shared cache must not give one origin's answer to another
        origin = request.headers.get("Origin")
        if origin not in allowed:
            return response
        response.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = METHODS
            response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = SECONDS
        else:
            response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
        return response

    app.after_request(add_headers)
