"""``POST /v1/normalize``: what was understood of each biomarker, its classes, or why not."""

from __future__ import annotations

import orjson
from flask import Response
from flask_smorest import Blueprint

from service.adapters.v1_in import read_biomarkers
from service.adapters.v1_out import INTENDED_USE
from service.api import examples
from service.api.answers import NormalizeAnswerSchema
from service.api.contract import body, problems
from service.api.reading import json_body, load
from service.api.schemas import NormalizeRequestSchema
from service.api.state import state
from service.errors import InputError

blueprint = Blueprint("normalize", "normalize", description="Read biomarkers without matching.")
_BODY = NormalizeRequestSchema()


@blueprint.route("/v1/normalize", methods=["POST"])
@blueprint.doc(
    operationId="normalize", requestBody=body(NormalizeRequestSchema, examples.NORMALIZE_REQUEST)
)
@blueprint.response(200, NormalizeAnswerSchema, example=examples.NORMALIZE_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_normalize() -> Response:
    """Read biomarkers; one that is refused is a warning with its reason, never an error."""
    shared = state()
    loaded, faults = load(_BODY, json_body())
    if faults:
        raise InputError(tuple(faults))
    read, notices, refused = read_biomarkers(shared.knowledge, loaded["biomarkers"])
    content = shared.writer.normalized(read, notices, refused) | {"intended_use": INTENDED_USE}
    return Response(orjson.dumps(content), mimetype="application/json")
