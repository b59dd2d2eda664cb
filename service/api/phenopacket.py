"""``POST /v1/match/phenopacket``: a GA4GH Phenopacket in, the answer of ``/v1/match`` out."""

from __future__ import annotations

from dataclasses import replace

from flask import Response
from flask_smorest import Blueprint

from service.adapters.ga4gh.phenopacket import PhenopacketReading, read_phenopacket
from service.api.examples import exchange as exchange_examples
from service.api.examples import match as examples
from service.api.http.queries import query_data, query_fault
from service.api.http.reading import json_body, read_request
from service.api.openapi.contract import DEFAULT_PARAMETERS, problems
from service.api.shapes.answers import MatchAnswerSchema
from service.api.shapes.requests import MatchRequestSchema
from service.api.state import state
from service.errors import Fault, InputError

blueprint = Blueprint("phenopacket", "phenopacket", description="Match a GA4GH Phenopacket.")
_CASE = MatchRequestSchema()
_CONTENT = {
    "schema": {"type": "object", "description": "a Phenopacket of schema version 2"},
    "example": exchange_examples.PHENOPACKET,
}


@blueprint.route("/v1/match/phenopacket", methods=["POST"])
@blueprint.doc(
    operationId="matchPhenopacket",
    parameters=DEFAULT_PARAMETERS,
    requestBody={"required": True, "content": {"application/json": _CONTENT}},
)
@blueprint.response(200, MatchAnswerSchema, example=examples.MATCH_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_phenopacket() -> Response:
    """Answer the case of a phenopacket; the query adds to it and names the tumour type."""
    shared = state()
    given = query_data()
    reading = read_phenopacket(shared.knowledge, json_body())
    if given.get("unreadable") != "refuse":
        reading.set_broken_apart()
    if any(not fault.pointer for fault in reading.faults):
        raise InputError(tuple(reading.faults))  # nothing of it can be read
    has_tumor_type = "tumor_type" in given
    faults = [fault for fault in reading.faults if not (has_tumor_type and _is_of_disease(fault))]
    if not has_tumor_type:
        faults += _tumor_faults(reading)
    tumor = {"tumor_type": reading.tumor_types[0]} if reading.tumor_types else {}
    patient = {**reading.patient, **given.pop("patient", {})}
    data = {**tumor, **given, "patient": patient, "biomarkers": []}
    try:
        read, loaded = read_request(
            shared.knowledge, _CASE, data, shared.today(),
            items=reading.items, unreadable="set_apart",
        )  # fmt: skip
    except InputError as error:
        placed = (_placed(reading, fault, has_tumor_type) for fault in error.faults)
        raise InputError((*faults, *placed)) from error
    if faults:
        raise InputError(tuple(faults))
    read = replace(read, notices=(*read.notices, *reading.notices))
    content = shared.answer(shared.knowledge, read, loaded["explain"]).content
    return Response(content, mimetype="application/json")


def _is_of_disease(fault: Fault) -> bool:
    return fault.pointer.startswith("/diseases")


def _tumor_faults(reading: PhenopacketReading) -> list[Fault]:
    if len(reading.tumor_types) < 2:
        return []
    message = "several diseases; name the tumour type with ?tumor_type="
    return [Fault(reading.tumor_place, "two_tumor_types", message)]


#: Parts of a packet in which a fault can lie.
_PARTS = ("/interpretations", "/measurements", "/biosamples", "/diseases", "/subject")


def _placed(reading: PhenopacketReading, fault: Fault, has_tumor_type: bool) -> Fault:
    """Return a fault of the case with its place in the phenopacket or in the query."""
    is_of_tumor = fault.pointer.startswith("/tumor_type") and not has_tumor_type
    if is_of_tumor and reading.tumor_place:
        return replace(fault, pointer=reading.tumor_place)
    is_of_packet = fault.pointer.startswith(_PARTS)
    return fault if is_of_packet else query_fault(fault)
