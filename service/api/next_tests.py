"""``GET`` and ``POST /v1/test-plan``: which missing results would decide the most, and how."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from service.adapters.v1.plan import write_plan
from service.adapters.v1.warnings import write_notice
from service.api.examples import reasoning as examples
from service.api.http.queries import query_data, query_fault
from service.api.http.reading import json_body, read_request
from service.api.openapi.contract import CASE_PARAMETERS, body, problems
from service.api.shapes.answers import KnowledgeBaseStampSchema, WarningSchema
from service.api.shapes.differences import ShortRegimenSchema
from service.api.shapes.faults import Length
from service.api.shapes.fields import TextOr, text
from service.api.shapes.requests import BiomarkerSchema, CaseQuerySchema, MatchRequestSchema, Strict
from service.api.state import state
from service.engine.plan import plan_tests
from service.errors import InputError

blueprint = Blueprint("test-plan", "test-plan", description="What to test next.")


class TestPlanRequestSchema(MatchRequestSchema):
    """A case; without biomarkers nothing has been tested."""

    biomarkers = fields.List(
        TextOr(BiomarkerSchema, max_length=500),
        load_default=list,
        validate=Length(max=500),
    )


class DecidedSchema(Strict):
    """A regimen that a result would help to decide."""

    regimen = fields.Nested(ShortRegimenSchema, required=True)
    applicability = fields.String(required=True, validate=validate.OneOf(("on_label", "guideline")))
    assertions = fields.List(fields.String(), required=True)


class AssayMethodSchema(Strict):
    """A way of measuring; days are typical, as the source says."""

    id = text()
    name = text()
    technology = text()
    scope = fields.String(required=True, validate=validate.OneOf(("panel", "gene")))
    measures = fields.List(fields.String(), required=True)
    specimen = text()
    typical_days = fields.List(fields.Integer(), required=True)
    source = text()


class DeviceSchema(Strict):
    """A companion diagnostic that a label names."""

    id = text()
    name = text()
    technology = fields.String(required=True, allow_none=True)
    specimen = fields.String(required=True, allow_none=True)


class NeededTestSchema(Strict):
    """A missing result and what it would decide, labels first."""

    gene = text()
    assay = text()
    on_label_decisions = fields.Integer(required=True)
    would_decide = fields.List(fields.Nested(DecidedSchema), required=True)
    methods = fields.List(fields.Nested(AssayMethodSchema), required=True)
    companion_diagnostics = fields.List(fields.Nested(DeviceSchema), required=True)
    reason = text()


class GivenSchema(Strict):
    """A gene and an assay."""

    gene = text()
    assay = text()


class PlannedTestSchema(Strict):
    """One test of the panel; ``gene`` is null where it reads many."""

    method = text()
    name = text()
    gene = fields.String(required=True, allow_none=True)
    specimen = text()
    typical_days = fields.List(fields.Integer(), required=True)
    gives = fields.List(fields.Nested(GivenSchema), required=True)


class PanelSchema(Strict):
    """The smallest set of tests for every on-label decision."""

    tests = fields.List(fields.Nested(PlannedTestSchema), required=True)
    covers = fields.List(fields.String(), required=True)
    method = text()


class TestPlanAnswerSchema(Strict):
    """What to test next in a tumour type, or for a case."""

    knowledge_base = fields.Nested(KnowledgeBaseStampSchema, required=True)
    intended_use = text()
    tumor_type = text()
    findings = fields.List(fields.String(), required=True)
    tests = fields.List(fields.Nested(NeededTestSchema), required=True)
    panel = fields.Nested(PanelSchema, required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


_BODY = TestPlanRequestSchema()
_QUERY = CaseQuerySchema()


@blueprint.route("/v1/test-plan", methods=["POST"])
@blueprint.doc(
    operationId="testPlan", requestBody=body(TestPlanRequestSchema, examples.TEST_PLAN_REQUEST)
)
@blueprint.response(200, TestPlanAnswerSchema, example=examples.TEST_PLAN_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_test_plan() -> Response:
    """Plan the tests of a case: what is reported already is not asked for again."""
    return _respond(_BODY, json_body())


@blueprint.route("/v1/test-plan", methods=["GET"])
@blueprint.doc(operationId="testPlanByQuery", parameters=CASE_PARAMETERS)
@blueprint.response(200, TestPlanAnswerSchema, example=examples.TEST_PLAN_ANSWER)
@problems(blueprint, 422)
def get_test_plan() -> Response:
    """Plan the tests of a tumour type."""
    try:
        return _respond(_QUERY, query_data())
    except InputError as error:
        raise InputError(tuple(query_fault(fault) for fault in error.faults)) from error


def _respond(schema: Schema, data: Any) -> Response:
    shared = state()
    kb = shared.knowledge
    read, _ = read_request(kb, schema, data, shared.today())
    content = write_plan(kb, plan_tests(kb.rulebook, read.case))
    content["warnings"] = [write_notice(notice) for notice in read.notices]
    return Response(orjson.dumps(content), mimetype="application/json")
