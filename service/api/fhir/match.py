"""``POST /fhir/$match-therapies``: a FHIR R4 document in, an answer for each subject out."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from service.adapters.fhir_out import FHIR_JSON, Release
from service.api.fhir import examples as fhir_examples
from service.api.fhir.answers import DocumentAnswer, SubjectAnswer, answer_document
from service.api.fhir.bundles import AS_BUNDLE, asked_release, document_bundle_response
from service.api.fhir.operation_examples import RELEASE
from service.api.fhir.shapes import FhirAnswerSchema
from service.api.http.defaults import query_defaults
from service.api.http.negotiation import accepts_fhir
from service.api.http.problems import detail_of, problem_dict
from service.api.http.reading import json_body
from service.api.openapi.contract import DEFAULT_PARAMETERS, problems
from service.api.state import State, state
from service.intended_use import INTENDED_USE

Json = dict[str, Any]
blueprint = Blueprint("fhir", "fhir", description="Match FHIR genomics.")
_SCHEMA = {
    "type": "object",
    "description": "a FHIR R4 Bundle, DiagnosticReport, Observation, Condition or Parameters",
}
#: The body of an operation that takes a FHIR document.
CONTENT: Json = {FHIR_JSON: {"schema": _SCHEMA, "example": fhir_examples.BUNDLE}}


@blueprint.route("/fhir/$match-therapies", methods=["POST"])
@blueprint.doc(
    operationId="matchFhir",
    parameters=[*DEFAULT_PARAMETERS, RELEASE],
    requestBody={
        "required": True,
        "content": {"application/json": CONTENT[FHIR_JSON], **CONTENT},
    },
    responses=AS_BUNDLE,
)
@blueprint.response(200, FhirAnswerSchema, example=fhir_examples.ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_match_therapies() -> Response:
    """Answer every subject of a FHIR document; the query adds to it and names the tumour type."""
    return respond()


def is_fhir() -> bool:
    """Tell whether the request holds a FHIR document."""
    return request.mimetype == FHIR_JSON


def respond() -> Response:
    """Answer the FHIR document of the request.

    Raises:
        InputError: it is of no type that is read.
        ProblemError: it is no JSON, or too large.
    """
    shared = state()
    release = asked_release()
    answered = answer_document(shared, json_body(FHIR_JSON), query_defaults())
    return write(shared, answered, release)


def write(shared: State, answered: DocumentAnswer, release: Release) -> Response:
    """Choose how an answer is written; the one place where formats are chosen."""
    if accepts_fhir():
        return document_bundle_response(shared.knowledge, answered, release)
    response = Response(orjson.dumps(to_dict(shared, answered)), mimetype="application/json")
    response.vary.add("Accept")
    return response


def to_dict(shared: State, answered: DocumentAnswer) -> Json:
    """Return an answer as nested dicts (static parts are ``orjson.Fragment``)."""
    kb = shared.knowledge
    return {
        "knowledge_base": {
            "version": kb.version,
            "content_hash": kb.content_hash,
            "as_of": answered.as_of.isoformat(),
        },
        "intended_use": INTENDED_USE,
        "results": [_result(shared, each, answered.explain) for each in answered.subjects],
        "ignored": [item.to_json() for item in answered.reading.ignored],
        "warnings": [item.to_json() for item in answered.reading.warnings],
    }


def _result(shared: State, subject: SubjectAnswer, explain: str) -> Json:
    reading = subject.reading
    answer = problem = None
    if subject.read is not None and subject.report is not None:
        is_full = explain == "full"
        answer = shared.writer.to_dict(subject.read, subject.report, echo=is_full)
    else:
        problem = problem_dict(
            "invalid-request", detail_of(subject.faults), request.path, subject.faults
        )
    return {
        "subject": reading.subject,
        "patient": reading.case.get("patient", {}),
        "extracted": list(reading.extracted),
        "ignored": [item.to_json() for item in reading.ignored],
        "warnings": [item.to_json() for item in reading.warnings],
        "answer": answer,
        "problem": problem,
    }
