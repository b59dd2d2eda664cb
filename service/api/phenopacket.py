"""``POST /v1/match/phenopacket``: a GA4GH Phenopacket in, the answer of ``/v1/match`` out."""

from __future__ import annotations

from dataclasses import replace

from flask import Response
from flask_smorest import Blueprint

from service.adapters.ga4gh.phenopacket import PhenopacketReader, read_subject
from service.adapters.ga4gh.sample import Sample
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
    packet, given = json_body(), query_data()
    genes = shared.knowledge.rulebook.genes.values()
    names = shared.knowledge.reader.names
    reader = PhenopacketReader(
        lambda symbol: names.lookup(symbol) is not None,
        {gene.hgnc: gene.symbol for gene in genes if gene.hgnc},
    )
    sample = reader.read(packet, has_tumor_type="tumor_type" in given)
    if not isinstance(packet, dict):
        raise InputError(tuple(sample.faults))
    patient = {**read_subject(packet), **given.pop("patient", {})}
    data = sample.case({**given, "patient": patient})
    del data["id"]
    try:
        read, loaded = read_request(shared.knowledge, _CASE, data, shared.today())
    except InputError as error:
        faults = (_placed(sample, fault) for fault in error.faults)
        raise InputError((*sample.faults, *faults)) from error
    if sample.faults:
        raise InputError(tuple(sample.faults))
    read = replace(read, notices=(*read.notices, *reader.notices))
    content = shared.answer(shared.knowledge, read, loaded["explain"]).content
    return Response(content, mimetype="application/json")


def _placed(sample: Sample, fault: Fault) -> Fault:
    located = sample.located(fault)
    return located if located.pointer != fault.pointer else query_fault(fault)
