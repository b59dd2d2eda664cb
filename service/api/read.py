"""``POST /v1/read`` and ``/v1/match/report``: a whole report in any format that is read here.

Nothing of it is stored, and nothing of it is lost: every part has one fate.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from service.adapters.intake.documents import Document, ReportCase, Sent
from service.adapters.intake.formats import FORMATS, find_format
from service.adapters.intake.outline import write_document
from service.adapters.v1.biomarkers import fault_of
from service.adapters.v1.case import ReadCase
from service.adapters.v1.json_text import JsonError
from service.adapters.v1.notice import Notice
from service.adapters.v1.tumor import TUMOR_POINTER
from service.adapters.v1.warnings import write_notice
from service.api.examples import reports as examples
from service.api.http.defaults import query_defaults
from service.api.http.problems import ProblemError
from service.api.http.queries import query_fault
from service.api.http.reading import load, read_request
from service.api.http.uploads import sent_parts
from service.api.openapi.contract import DEFAULT_PARAMETERS, UNREADABLE_PARAMETER, problems
from service.api.shapes.reports import ReadAnswerSchema, ReportAnswerSchema
from service.api.shapes.requests import MatchRequestSchema, PatientSchema
from service.api.state import State, state
from service.errors import Fault, InputError

Json = dict[str, Any]
blueprint = Blueprint("read", "read", description="Read a whole report, and match it.")
_CASE = MatchRequestSchema()
_PATIENT = PatientSchema()
_BODY: Json = {"required": True, "content": examples.BODIES}


@blueprint.route("/v1/read", methods=["POST"])
@blueprint.doc(operationId="readReport", parameters=[UNREADABLE_PARAMETER], requestBody=_BODY)
@blueprint.response(200, ReadAnswerSchema, example=examples.READ_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_read() -> Response:
    """Read a report: what became of each part of it, and the cases that it holds."""
    shared = state()
    name, document = _read(shared)
    _check_patients(document)
    if query_defaults().get("unreadable") == "refuse":
        _refuse(document)
    content = write_document(shared.writer, document, name)
    return Response(orjson.dumps(content), mimetype="application/json")


@blueprint.route("/v1/match/report", methods=["POST"])
@blueprint.doc(operationId="matchReport", parameters=DEFAULT_PARAMETERS, requestBody=_BODY)
@blueprint.response(200, ReportAnswerSchema, example=examples.REPORT_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_report() -> Response:
    """Read a report of one case and answer it; the query adds to it and names the tumour type."""
    shared = state()
    given = query_defaults()
    name, document = _read(shared)
    case = _only_case(document)
    is_lifted = "tumor_type" not in given
    data = _with_query(case, given)
    try:
        read, loaded = read_request(
            shared.knowledge,
            _CASE,
            data,
            shared.today(),
            items=document.items,
            unreadable="set_apart",
        )
    except InputError as error:
        raise InputError(tuple(_placed(case, given, fault) for fault in error.faults)) from error
    if is_lifted:
        read = _from_report(shared, read, case)
    content = write_document(shared.writer, document, name)
    if is_lifted:
        content["warnings"] += [write_notice(notice) for notice in read.notices[-1:]]
    answer = shared.answer(shared.knowledge, read, loaded["explain"]).content
    content = content | {"answer": orjson.Fragment(answer)}
    return Response(orjson.dumps(content), mimetype="application/json")


def _read(shared: State) -> tuple[str, Document]:
    """Read the report of the request.

    Raises:
        ProblemError: it is of no format that is read, too large, or broken JSON.
        InputError: its container is broken.
    """
    request.max_content_length = shared.settings.max_batch_bytes
    parts = sent_parts(shared.settings.max_batch_bytes)
    first = next(iter(parts.values()))
    found = find_format(request.mimetype, first)
    if found is None:
        known = ", ".join(media for one in FORMATS for media in one.media)
        what = request.mimetype or "this"
        message = f"{what} is not read here; send one of {known}"
        raise ProblemError("unsupported-media-type", message)
    if found.name == "text" and len(first) > shared.settings.max_body_bytes:
        limit = shared.settings.max_body_bytes
        raise ProblemError("too-large", f"a text holds at most {limit} bytes")
    sent = Sent(parts, shared.settings.max_batch_bytes, shared.today())
    try:
        return found.name, found.read(shared.knowledge, sent)
    except JsonError as error:
        raise ProblemError("broken-json", str(error)) from error


def _check_patients(document: Document) -> None:
    """Refuse what cannot be true of a patient: ``unreadable`` is about biomarkers only."""
    faults = [
        replace(fault, pointer=f"/patient{fault.pointer}")
        for case in document.cases
        for fault in load(_PATIENT, dict(case.patient))[1]
    ]
    if faults:
        raise InputError(tuple(faults))


def _refuse(document: Document) -> None:
    faults = tuple(fault_of(item) for item in document.items if item.is_not_understood)
    if faults:
        raise InputError(faults)


def _only_case(document: Document) -> ReportCase:
    """Return the case of a report.

    Raises:
        InputError: it holds none, or several.
    """
    if len(document.cases) != 1:
        names = tuple(str(case.id) for case in document.cases)
        message = f"{len(names)} cases; a report holds one, /v1/match/batch takes many"
        raise InputError((Fault("", "not_one_case", message, names[:10]),))
    (case,) = document.cases
    if case.faults:
        raise InputError(case.faults)
    return case


def _with_query(case: ReportCase, given: Json) -> Json:
    """Return the case with what the query says; of two words about one fact the query's counts.

    Raises:
        InputError: no tumour type is named, or several are.
    """
    if "tumor_type" not in given and len(case.tumor_types) != 1:
        names = tuple(str(tumor) for tumor in case.tumor_types)
        said = f"{len(names)} tumour types" if names else "no tumour type"
        code = "two_tumor_types" if names else "no_tumor_type"
        message = f"the report names {said}: name it in the query"
        raise InputError((Fault("?tumor_type", code, message, names),))
    patient = {**case.patient, **given.get("patient", {})}
    return {**case.frame(), **given, **({"patient": patient} if patient else {})}


def _placed(case: ReportCase, given: Json, fault: Fault) -> Fault:
    """Return a fault with its place in the query or in the report."""
    name = fault.pointer.split("/")[1] if fault.pointer.startswith("/") else ""
    return query_fault(fault) if name in given else case.located(fault)


def _from_report(shared: State, read: ReadCase, case: ReportCase) -> ReadCase:
    """Say that the tumour type was lifted out of the report."""
    types = shared.knowledge.rulebook.tumors.types
    message = f"the tumour type was taken from the report: {types[read.tumor.code].name}"
    notice = Notice("tumor_type_from_report", message, TUMOR_POINTER)
    tumor = replace(read.tumor, resolved_by="report")  # type: ignore[type-var]
    return replace(read, tumor=tumor, notices=(*read.notices, notice))
