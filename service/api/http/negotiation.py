"""Which of JSON and FHIR a client wants, and a FHIR resource as its answer."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Response, request
from werkzeug.datastructures import MIMEAccept

from service.adapters.fhir_out import FHIR_JSON

JSON = "application/json"
FHIR_PATHS = "/fhir/"
_OTHER_FHIR = re.compile(r";\s*fhirversion\s*=\s*(?!4\.0)", re.I)


def accepted() -> MIMEAccept:
    """Return the media types that the client accepts, without their parameters.

    A FHIR client names the version with the type (``fhirVersion=4.0``); another version than R4 is
    not given here, and so not accepted.
    Source: FHIR R4, RESTful API, "FHIR version".
    """
    given = request.accept_mimetypes
    return MIMEAccept(
        [(name.split(";")[0], quality) for name, quality in given if not _OTHER_FHIR.search(name)]
    )


def accepts_fhir() -> bool:
    """Tell whether the client would rather have FHIR than the JSON of this contract."""
    return accepted().best_match([JSON, FHIR_JSON]) == FHIR_JSON


def speaks_fhir() -> bool:
    """Tell whether errors are given as FHIR: on its paths, and to a client that asks for it."""
    return request.path.startswith(FHIR_PATHS) or accepts_fhir()


def fhir_response(resource: dict[str, Any], status: int = 200) -> Response:
    """Return a FHIR resource under the media type that was asked for.

    Source: FHIR R4, RESTful API, "Content Types and encodings": a generic ``application/json`` in
    ``Accept`` is answered as such.
    """
    best = accepted().best_match([FHIR_JSON, JSON])
    response = Response(orjson.dumps(resource), status, mimetype=best or FHIR_JSON)
    response.vary.add("Accept")
    return response
