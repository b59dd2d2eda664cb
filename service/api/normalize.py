"""``POST /v1/normalize``: what was understood of tumour type and biomarkers, or why not."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response
from flask_smorest import Blueprint

from service.adapters.v1.biomarkers import fault_of, notices_of
from service.adapters.v1.case import not_covered, read_biomarkers, read_tumor_alone
from service.adapters.v1.contradictions import contradictions_of
from service.api.examples import match as examples
from service.api.http.reading import json_body, load
from service.api.openapi.contract import body, problems
from service.api.shapes.answers import NormalizeAnswerSchema
from service.api.shapes.requests import NormalizeRequestSchema
from service.api.state import state
from service.errors import Fault, InputError
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
blueprint = Blueprint(
    "normalize", "normalize", description="Read a tumour type and biomarkers without matching."
)
_BODY = NormalizeRequestSchema()


@blueprint.route("/v1/normalize", methods=["POST"])
@blueprint.doc(
    operationId="normalize", requestBody=body(NormalizeRequestSchema, examples.NORMALIZE_REQUEST)
)
@blueprint.response(200, NormalizeAnswerSchema, example=examples.NORMALIZE_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_normalize() -> Response:
    """Read a tumour type and biomarkers; what is refused is a warning with its reason."""
    shared = state()
    loaded, faults = load(_BODY, json_body())
    if faults:
        raise InputError(tuple(faults))
    items = read_biomarkers(shared.knowledge, loaded.get("biomarkers", ()))
    refused: list[Fault] = []
    if loaded.get("unreadable") != "set_apart":
        refused = [fault_of(item) for item in items if item.is_not_understood]
    notices = notices_of(items)
    shown: Json = {}
    tumor = None
    if "tumor_type" in loaded:
        tumor, beside, said, faults = read_tumor_alone(shared.knowledge, loaded["tumor_type"])
        items, notices, refused = [*beside, *items], [*said, *notices], [*faults, *refused]
        shown = {"tumor_type": None}
    around = tumor.code if tumor is not None else None
    notices += contradictions_of(shared.knowledge.rulebook, items, around)
    shown |= shared.writer.normalized(items, [*notices, *not_covered(items)], refused, tumor)
    content = shown | {"intended_use": INTENDED_USE}
    return Response(orjson.dumps(content), mimetype="application/json")
