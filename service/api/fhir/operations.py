"""``/fhir/metadata`` and ``/fhir/$find-subject-tx-implications``: FHIR without a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint

from service import __version__
from service.adapters.fhir_operation import (
    Asked,
    Given,
    from_parameters,
    from_query,
    read_asked,
    read_condition,
    read_treatments,
)
from service.adapters.fhir_out import FHIR_JSON, Answered, Remarks, to_parameters
from service.adapters.fhir_out.capability import capability_statement
from service.adapters.v1.case import read_case
from service.adapters.v1.warnings import placed_notices
from service.api.fhir import operation_examples as examples
from service.api.http.metrics import count_answer
from service.api.http.negotiation import FHIR_PATHS, fhir_response
from service.api.http.problems import ProblemError, detail_of
from service.api.http.reading import json_body
from service.api.openapi.contract import fhir_body, problems
from service.api.openapi.document import fhir_content
from service.api.state import State, state
from service.engine.match import match
from service.errors import Fault, InputError

Json = dict[str, Any]
blueprint = Blueprint("fhir-operations", "fhir-operations", description="FHIR operations.")
FIND = "/fhir/$find-subject-tx-implications"
#: The path of the reference server of the Genomics Operations.
FIND_THERE = "/fhir/subject-operations/phenotype-operations/$find-subject-tx-implications"
_FOUND = {200: {"content": fhir_content("Parameters", examples.IMPLICATIONS)}}


@blueprint.route("/fhir/metadata")
@blueprint.doc(
    operationId="fhirMetadata",
    responses={200: {"content": fhir_content("CapabilityStatement", examples.CAPABILITY)}},
)
@blueprint.response(200)
def metadata() -> Response:
    """Return what is answered as FHIR."""
    rules = (rule.rule for rule in current_app.url_map.iter_rules())
    prefix = f"{FHIR_PATHS}$"
    operations = {rule.removeprefix(prefix) for rule in rules if rule.startswith(prefix)}
    day = state().knowledge.meta["newest_review"]
    return fhir_response(capability_statement(operations, version=__version__, date=day))


@blueprint.route(FIND, methods=["GET"])
@blueprint.doc(
    operationId="findSubjectTxImplications",
    parameters=examples.FIND_PARAMETERS,
    responses=_FOUND,
)
@blueprint.response(200)
@problems(blueprint, 400, 422)
def get_find() -> Response:
    """Return what somatic variants imply for therapy, as FHIR TherapeuticImplications."""
    return _find(from_query(request.args.items(multi=True)), in_body=False)


@blueprint.route(FIND_THERE, methods=["GET"])
@blueprint.doc(
    operationId="findSubjectTxImplicationsThere",
    parameters=examples.FIND_PARAMETERS,
    responses=_FOUND,
)
@blueprint.response(200)
@problems(blueprint, 400, 422)
def get_find_there() -> Response:
    """Return the same at the path of the reference server."""
    return _find(from_query(request.args.items(multi=True)), in_body=False)


@blueprint.route(FIND, methods=["POST"])
@blueprint.doc(
    operationId="postFindSubjectTxImplications",
    requestBody=fhir_body("Parameters", examples.QUESTION),
    responses=_FOUND,
)
@blueprint.response(200)
@problems(blueprint, 400, 413, 415, 422)
def post_find() -> Response:
    """Return the same for a Parameters resource."""
    given, faults = from_parameters(json_body(FHIR_JSON))
    if faults:
        raise ProblemError("invalid-parameters", detail_of(faults), faults)
    return _find(given, in_body=True)


def _find(given: list[Given], *, in_body: bool) -> Response:
    asked, faults = read_asked(given, in_body=in_body)
    if asked is None:
        raise ProblemError("invalid-parameters", detail_of(faults), faults)
    shared = state()
    kb = shared.knowledge
    drugs, faults = read_treatments(asked.treatments, kb.drug_names, kb.records["drugs"])
    answers = []
    for condition in asked.conditions or (None,):
        try:
            answers.append(_answer(shared, asked, condition))
        except InputError as error:
            faults += _placed(error.faults, asked, condition)
    if faults:
        raise InputError(tuple(dict.fromkeys(faults)))
    chosen = drugs if asked.treatments else None
    return fhir_response(to_parameters(kb, answers, release=asked.release, drugs=chosen))


def _answer(shared: State, asked: Asked, condition: Given | None) -> Answered:
    kb = shared.knowledge
    data = {
        "tumor_type": read_condition(condition),
        "biomarkers": [variant.text for variant in asked.variants],
    }
    read = read_case(kb, data, today=shared.today())
    report = match(kb.rulebook, read.case, explain="brief")
    count_answer(read, report)
    notices = placed_notices(kb.rulebook, read, report.case)
    return Answered(report, Remarks(asked.subject, notices=notices))


def _placed(faults: Iterable[Fault], asked: Asked, condition: Given | None) -> Iterator[Fault]:
    """Yield the faults of a case with their places in the question."""
    for fault in faults:
        _, part, number, *_ = [*fault.pointer.split("/"), "", ""]
        if part == "biomarkers":
            yield replace(fault, pointer=asked.variants[int(number)].place)
        else:
            yield replace(fault, pointer=condition.place if condition else "?conditions")
