"""Errors over HTTP: RFC 9457 problem details, all faults at once, the only status-code table.

To a client that speaks FHIR the same is said as an OperationOutcome.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from service.adapters.fhir_out import to_outcome
from service.api.http.negotiation import fhir_response, speaks_fhir
from service.errors import Fault, InputError, NotFoundError

CONTENT_TYPE = "application/problem+json"
LOG = logging.getLogger("therapy_match")

#: Kind of problem -> (status, title). The ``type`` is ``urn:therapy-match:problem:<kind>``.
#: Of two kinds with one status, the last stands for a status that Flask itself gives.
PROBLEMS: dict[str, tuple[int, str]] = {
    "invalid-parameters": (400, "The parameters of this operation cannot be used"),
    "broken-encoding": (400, "The body is not packed as it says"),
    "broken-json": (400, "The body is not valid JSON"),
    "unauthorized": (401, "Who calls must be known here"),
    "forbidden": (403, "This key may not do that"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This method is not allowed here"),
    "not-acceptable": (406, "None of the accepted formats can be given"),
    "missing-prefetch": (412, "What the service needs was not sent along"),
    "too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "This content type is not read here"),
    "misdirected": (421, "This host name is not served here"),
    "invalid-request": (422, "The request cannot be understood"),
    "too-many-requests": (429, "Too many calls; wait a little"),
    "internal-error": (500, "Something went wrong on our side"),
    "not-ready": (503, "This process cannot answer everything now"),
}
_KIND_OF_STATUS = {status: kind for kind, (status, _) in PROBLEMS.items()}


class ProblemError(Exception):
    """A problem to be answered, of one of the kinds of the table."""

    def __init__(self, kind: str, detail: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.faults = tuple(faults)


def problem_dict(
    kind: str, detail: str, instance: str, faults: Iterable[Fault] = ()
) -> dict[str, Any]:
    """Return a problem as it stands in an answer (also as one item of a batch)."""
    status, title = PROBLEMS[kind]
    return {
        "type": f"urn:therapy-match:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": [
            {
                "pointer": fault.pointer,
                "code": fault.code,
                "message": fault.message,
                "suggestions": list(fault.suggestions),
            }
            for fault in faults
        ],
    }


def detail_of(faults: Iterable[Fault]) -> str:
    """Return one sentence that counts the faults."""
    count = len(tuple(faults))
    return f"{count} fault{'' if count == 1 else 's'}; see errors"


def kind_of(error: HTTPException) -> str:
    """Return the kind of problem of an error that the framework found."""
    code = error.code or 500
    return _KIND_OF_STATUS.get(code, "internal-error" if code >= 500 else "broken-json")


def register_handlers(app: Flask) -> None:
    """Answer every error of an application as a problem."""
    app.register_error_handler(InputError, _input_error)
    app.register_error_handler(NotFoundError, _not_found)
    app.register_error_handler(ProblemError, _problem_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _answer(kind: str, detail: str, faults: Iterable[Fault] = ()) -> Response:
    status, title = PROBLEMS[kind]
    if speaks_fhir():
        return fhir_response(to_outcome(kind, title, detail, faults), status)
    body = problem_dict(kind, detail, request.path, faults)
    return Response(orjson.dumps(body), status, content_type=CONTENT_TYPE)


def _input_error(error: InputError) -> Response:
    return _answer("invalid-request", detail_of(error.faults), error.faults)


def _not_found(error: NotFoundError) -> Response:
    return _answer("not-found", str(error))


def _problem_error(error: ProblemError) -> Response:
    response = _answer(error.kind, error.detail, error.faults)
    if error.kind == "unauthorized":  # a browser can send a key as the password of its own form
        scheme = "Basic" if "text/html" in request.headers.get("Accept", "") else "Bearer"
        response.headers["WWW-Authenticate"] = f'{scheme} realm="therapy-match"'
    return response


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return Response(error.get_body(), code, headers=dict(error.get_headers()))
    kind = kind_of(error)
    allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    details = {
        404: "there is no such path; /openapi.yaml lists them",
        405: f"allowed here: {allowed}",
    }
    response = _answer(kind, details.get(code) or error.description or PROBLEMS[kind][1])
    if code == 405:
        response.headers["Allow"] = allowed
    return response


def _unexpected(error: Exception) -> Response:
    LOG.exception("unexpected error at %s", request.url_rule)  # the rule; the path may hold more
    return _answer("internal-error", "The error was logged; nothing of the request was stored.")
