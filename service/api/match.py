"""``POST`` and ``GET /v1/match``: a case in, a reasoned answer out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema

from service.adapters.v1.case import ReadCase
from service.api.examples import match as examples
from service.api.fhir import match as fhir
from service.api.fhir.bundles import AS_BUNDLE, asked_release, bundle_response
from service.api.fhir.operation_examples import RELEASE
from service.api.fhir.shapes import FhirAnswerSchema
from service.api.http.metrics import count_answer
from service.api.http.negotiation import accepts_fhir
from service.api.http.queries import query_data, query_fault
from service.api.http.reading import json_body, read_request
from service.api.openapi.contract import DEFAULT_PARAMETERS, QUERY_PARAMETERS, body, problems
from service.api.shapes.answers import MatchAnswerSchema
from service.api.shapes.requests import VersionedQuerySchema, VersionedRequestSchema
from service.api.state import State, state
from service.engine.reading import Item
from service.errors import Fault, InputError
from service.knowledge.store import KnowledgeBase

blueprint = Blueprint("match", "match", description="Match a case to therapies.")
_BODY = VersionedRequestSchema()
_QUERY = VersionedQuerySchema()
Json = dict[str, Any]
#: A JSON case says these itself, but for the release of a FHIR answer.
FHIR_PARAMETERS = [
    *(
        {**parameter, "description": f"{parameter['description']} (with a FHIR document only)"}
        for parameter in DEFAULT_PARAMETERS
    ),
    RELEASE,
]


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """The answer to a request as JSON, and where the time went.

    Args:
        timing: a ``Server-Timing`` header, milliseconds.
    """

    content: bytes
    timing: str


def answer(
    shared: State, schema: Schema, data: Any, items: Sequence[Item] | None = None
) -> TimedAnswer:
    """Answer a request.

    Args:
        items: what a reader of another format has read; the biomarkers of ``data`` are not read.

    Raises:
        InputError: with every fault of the request.
    """
    started = time.perf_counter()
    knowledge, read, loaded = _understand(shared, schema, data, items)
    read_seconds = time.perf_counter() - started
    found = shared.answer(knowledge, read, loaded["explain"])
    steps = {"read": read_seconds, "match": found.match_seconds, "write": found.write_seconds}
    count_answer(read, found.report)
    timing = ", ".join(f"{name};dur={1000 * seconds:.3f}" for name, seconds in steps.items())
    return TimedAnswer(found.content, timing)


def _understand(
    shared: State, schema: Schema, data: Any, items: Sequence[Item] | None = None
) -> tuple[KnowledgeBase, ReadCase, Json]:
    knowledge, faults = _choose(shared, data)
    try:
        read, loaded = read_request(
            knowledge,
            schema,
            data,
            shared.today(),
            items=items,
            unreadable="refuse" if items is None else "set_apart",
        )
    except InputError as error:
        raise InputError((*error.faults, *faults)) from error
    if faults:
        raise InputError(faults)
    return knowledge, read, loaded


def _choose(shared: State, data: Any) -> tuple[KnowledgeBase, tuple[Fault, ...]]:
    """Return the knowledge base that is asked for; the current one and a fault if it is unknown."""
    version = data.get("kb_version") if isinstance(data, dict) else None
    if not isinstance(version, str):
        return shared.knowledge, ()
    try:
        return shared.knowledge_of(version, "/kb_version"), ()
    except InputError as error:
        return shared.knowledge, error.faults


@blueprint.route("/v1/match", methods=["POST"])
@blueprint.doc(
    operationId="match",
    parameters=FHIR_PARAMETERS,
    requestBody={
        "required": True,
        "content": {
            **body(VersionedRequestSchema, examples.MATCH_REQUEST)["content"],
            **fhir.CONTENT,
        },
    },
    responses=AS_BUNDLE,
)
@blueprint.response(
    200, {"anyOf": [MatchAnswerSchema, FhirAnswerSchema]}, example=examples.MATCH_ANSWER
)
@problems(blueprint, 400, 413, 415, 422)
def post_match() -> Response:
    """Answer a case given as JSON, or a FHIR document as /fhir/$match-therapies does."""
    if fhir.is_fhir():
        return fhir.respond()
    faults = tuple(_foreign_parameters())
    try:
        response = _answer_as_asked(_BODY, json_body())
    except InputError as error:
        raise InputError((*faults, *error.faults)) from error
    if faults:
        raise InputError(faults)
    return response


@blueprint.route("/v1/match", methods=["GET"])
@blueprint.doc(
    operationId="matchByQuery",
    parameters=[*QUERY_PARAMETERS, RELEASE],
    responses=AS_BUNDLE,
)
@blueprint.response(200, MatchAnswerSchema, example=examples.MATCH_ANSWER)
@problems(blueprint, 422)
def get_match() -> Response:
    """Answer a case given in the address, for one-line use and for sharing; has an ETag."""
    try:
        return _answer_as_asked(_QUERY, query_data())
    except InputError as error:
        raise InputError(tuple(query_fault(fault) for fault in error.faults)) from error


def _answer_as_asked(schema: Schema, data: Any) -> Response:
    """Answer in JSON, or in FHIR to a client that would rather have it."""
    release = asked_release()
    if accepts_fhir():
        knowledge, read, loaded = _understand(state(), schema, data)
        return bundle_response(knowledge, read, loaded["explain"], release)
    given = answer(state(), schema, data)
    response = Response(given.content, mimetype="application/json")
    response.headers["Server-Timing"] = given.timing
    response.vary.add("Accept")
    return response


def _foreign_parameters() -> Iterator[Fault]:
    """Yield a fault for each parameter that is given beside a JSON case."""
    for parameter in DEFAULT_PARAMETERS:
        if parameter["name"] in request.args:
            message = "this is a parameter of FHIR documents; put it in the case"
            yield Fault(f"?{parameter['name']}", "unknown_parameter", message)
