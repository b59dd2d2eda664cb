"""``POST`` and ``GET /v1/match``: a case in, a reasoned answer out."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema

from service.api import examples
from service.api.answers import MatchAnswerSchema
from service.api.contract import QUERY_PARAMETERS, body, problems
from service.api.reading import json_body, query_data, read_request
from service.api.schemas import MatchQuerySchema, MatchRequestSchema
from service.api.state import State, state
from service.engine.match import match

blueprint = Blueprint("match", "match", description="Match a case to therapies.")
_BODY = MatchRequestSchema()
_QUERY = MatchQuerySchema()
_LISTS = {
    "biomarker": "biomarkers",
    "jurisdiction": "jurisdictions",
    "prior_therapy": "prior_therapies",
}
_PATIENT = {
    "prior_therapy": "prior_therapies",
    "age_years": "age_years",
    "sex": "sex",
    "menopausal_status": "menopausal_status",
    "disease_stage": "disease_stage",
    "treatment_setting": "treatment_setting",
    "line_of_therapy": "line_of_therapy",
}


def answer_bytes(shared: State, schema: Schema, data: Any) -> bytes:
    """Return the answer to a request as JSON.

    Raises:
        InputError: with every fault of the request.
    """
    read, loaded = read_request(shared.knowledge, schema, data, shared.today())
    explain = loaded["explain"]
    report = match(shared.knowledge.rulebook, read.case, explain=explain)
    return shared.writer.to_bytes(read, report, echo=explain == "full")


@blueprint.route("/v1/match", methods=["POST"])
@blueprint.doc(operationId="match", requestBody=body(MatchRequestSchema, examples.MATCH_REQUEST))
@blueprint.response(200, MatchAnswerSchema, example=examples.MATCH_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_match() -> Response:
    """Answer a case given as JSON."""
    return Response(answer_bytes(state(), _BODY, json_body()), mimetype="application/json")


@blueprint.route("/v1/match", methods=["GET"])
@blueprint.doc(operationId="matchByQuery", parameters=QUERY_PARAMETERS)
@blueprint.response(200, MatchAnswerSchema, example=examples.MATCH_ANSWER)
@problems(blueprint, 422)
def get_match() -> Response:
    """Answer a case given in the address, for one-line use and for sharing; has an ETag."""
    content = answer_bytes(state(), _QUERY, query_data(_LISTS, _PATIENT))
    response = Response(content, mimetype="application/json")
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
