"""Which of JSON and FHIR a client wants, and a FHIR resource as its answer."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from service.adapters.fhir_out import FHIR_JSON

JSON = "application/json"
FHIR_PATHS = "/fhir/"


def accepts_fhir() -> bool:
    """Tell whether the client would rather have FHIR than the JSON of this contract."""
    return request.accept_mimetypes.best_match([JSON, FHIR_JSON]) == FHIR_JSON


def speaks_fhir() -> bool:
    """Tell whether errors are given as FHIR: on its paths, and to a client that asks for it."""
    return request.path.startswith(FHIR_PATHS) or accepts_fhir()


def fhir_response(resource: dict[str, Any], status: int = 200) -> Response:
    """Return a FHIR resource under the media type that was asked for.

    Source: FHIR R4, RESTful API, "Content Types and encodings": a generic ``application/json`` in
    ``Accept`` is answered as such.
    """
    best = request.accept_mimetypes.best_match([FHIR_JSON, JSON])
    return Response(orjson.dumps(resource), status, mimetype=best or FHIR_JSON)
