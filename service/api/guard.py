"""What holds for every operation of the contract, and so is written once, around the views.

A query string holds the documented parameters and no others; a ``GET`` answer has an ETag; a client
that accepts nothing that is given here is told so; every answer has the security headers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from flask import Flask, Response, request
from werkzeug.routing import Rule

from service.api.http.negotiation import accepted
from service.api.http.problems import ProblemError
from service.api.http.scopes import is_about_a_case
from service.api.openapi.document import METHODS
from service.api.state import State
from service.errors import Fault, InputError

Json = dict[str, Any]
View = Callable[..., Response]
#: Parameter -> whether it may be repeated.
Parameters = Mapping[str, bool]

#: Where an unknown query parameter is a mistake; the other FHIR operations check their own.
STRICT = ("/v1/", "/fhir/$match-therapies")
#: Alive or not is true for the moment only.
UNCACHED = ("/healthz", "/readyz")
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def guard(app: Flask, document: Json, state: State) -> None:
    """Put the guards around every view that an OpenAPI document describes."""
    for rule in app.url_map.iter_rules():
        operations = document["paths"].get(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), {})
        for method in METHODS & {name.lower() for name in rule.methods or ()} & set(operations):
            view = app.view_functions[rule.endpoint]
            parameters = _parameters(operations[method])
            app.view_functions[rule.endpoint] = _guarded(view, rule, parameters)
    is_strict = state.settings.strict_privacy
    app.after_request(lambda response: _add_headers(response, is_strict=is_strict))


def query_faults(parameters: Parameters) -> Iterator[Fault]:
    """Yield what is wrong with the names in the query: unknown, or given twice."""
    for name in sorted(request.args):
        if name not in parameters:
            message = "there is no such parameter here"
            yield Fault(f"?{name[:80]}", "unknown_parameter", message, tuple(sorted(parameters)))
        elif not parameters[name] and len(request.args.getlist(name)) > 1:
            yield Fault(f"?{name}", "repeated_parameter", "this parameter is given once")


def _parameters(operation: Json) -> Parameters:
    return {
        parameter["name"]: parameter["schema"].get("type") == "array"
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    }


def _guarded(view: Any, rule: Rule, parameters: Parameters) -> View:
    is_strict = rule.rule.startswith(STRICT)  # a probe may add what it likes

    @wraps(view)
    def guarded(**values: Any) -> Response:
        faults = tuple(query_faults(parameters)) if is_strict else ()
        try:
            response: Response = view(**values)
        except InputError as error:
            raise InputError((*faults, *error.faults)) from error
        if faults:
            raise InputError(faults)
        _require_acceptable(response)
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            _make_cacheable(response)
        return response

    return guarded


def _require_acceptable(response: Response) -> None:
    given = response.mimetype or ""
    if request.headers.get("Accept", "*/*") in ("*/*", given):
        return
    if not accepted().quality(given):
        raise ProblemError("not-acceptable", f"this is answered as {given} only")


def _make_cacheable(response: Response) -> None:
    """Let a client ask again cheaply; never let it show an old answer."""
    if request.path in UNCACHED:
        response.headers["Cache-Control"] = "no-store"
        return
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)


def _keep_private(response: Response, *, is_strict: bool) -> None:
    """Let nobody keep an answer to a case but who asked, and not even them if it is strict."""
    is_kept = request.method in ("GET", "HEAD") and response.status_code in (200, 304)
    if is_kept and not is_strict:
        response.headers["Cache-Control"] = "private, no-cache"
        return
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("ETag", None)


def _add_headers(response: Response, *, is_strict: bool) -> Response:
    if is_about_a_case():
        _keep_private(response, is_strict=is_strict)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address of a GET holds the case
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    return response
