"""``POST /v1/match/va-spec``: a case in, GA4GH VA-Spec statements out."""

from __future__ import annotations

import orjson
from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields

from service.adapters.ga4gh.va_spec import to_statements
from service.adapters.v1.warnings import to_warnings
from service.api.examples import exchange as exchange_examples
from service.api.examples import match as examples
from service.api.http.metrics import count_answer
from service.api.http.reading import json_body, read_request
from service.api.openapi.contract import body, problems
from service.api.shapes.answers import KnowledgeBaseStampSchema, WarningSchema
from service.api.shapes.requests import MatchRequestSchema, Strict
from service.api.state import state
from service.engine.match import match
from service.intended_use import INTENDED_USE

blueprint = Blueprint("va-spec", "va-spec", description="Matches as GA4GH VA-Spec statements.")
_BODY = MatchRequestSchema()


class StatementsAnswerSchema(Strict):
    """One VA-Spec statement a match, in the order of the answer."""

    knowledge_base = fields.Nested(KnowledgeBaseStampSchema, required=True)
    intended_use = fields.String(required=True)
    statements = fields.List(
        fields.Dict(), required=True, metadata={"description": "Statement of GA4GH VA-Spec 1.0"}
    )
    left_out = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Assertions that matched without a finding: no subject"},
    )
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


@blueprint.route("/v1/match/va-spec", methods=["POST"])
@blueprint.doc(
    operationId="matchAsStatements", requestBody=body(MatchRequestSchema, examples.MATCH_REQUEST)
)
@blueprint.response(200, StatementsAnswerSchema, example=exchange_examples.STATEMENTS_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_va_spec() -> Response:
    """Answer a case with VA-Spec statements; what was dropped or suggested is not among them."""
    shared = state()
    kb = shared.knowledge
    read, loaded = read_request(kb, _BODY, json_body(), shared.today())
    report = match(kb.rulebook, read.case, explain=loaded["explain"])
    count_answer(read, report)
    statements, left_out = to_statements(kb, report)
    content = {
        "knowledge_base": {
            "version": kb.version,
            "content_hash": kb.content_hash,
            "as_of": read.case.as_of.isoformat(),
        },
        "intended_use": INTENDED_USE,
        "statements": statements,
        "left_out": left_out,
        "warnings": to_warnings(kb.rulebook, read, report.case, echo=True),
    }
    return Response(orjson.dumps(content), mimetype="application/json")
