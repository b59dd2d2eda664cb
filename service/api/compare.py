"""``POST /v1/compare``: one case on two days, or by two versions of the knowledge base."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import orjson
from flask import Response
from flask_smorest import Blueprint

from service.adapters.v1.case import ReadCase, read_case
from service.adapters.v1.fates import write_set_apart
from service.adapters.v1.summary import summarize, write_differences
from service.adapters.v1.warnings import write_notice
from service.api.examples import reasoning as examples
from service.api.http.reading import json_body, read_question
from service.api.openapi.contract import body, problems
from service.api.shapes.reasoning import CompareAnswerSchema, CompareRequestSchema
from service.api.state import State, state
from service.engine.compare import compare_reports
from service.engine.match import match
from service.engine.reading import is_complete
from service.engine.report import Report
from service.errors import Fault, InputError
from service.intended_use import INTENDED_USE
from service.knowledge.store import KnowledgeBase

blueprint = Blueprint("compare", "compare", description="Compare two days or two releases.")
_BODY = CompareRequestSchema()
_SIDES = {"from_": "/from", "to": "/to"}
_Side = tuple[KnowledgeBase, Report]


@blueprint.route("/v1/compare", methods=["POST"])
@blueprint.doc(
    operationId="compare", requestBody=body(CompareRequestSchema, examples.COMPARE_REQUEST)
)
@blueprint.response(200, CompareAnswerSchema, example=examples.COMPARE_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_compare() -> Response:
    """Answer a case twice: regimens added, gone or changed, each with the events between."""
    shared = state()
    read, loaded, faults = read_question(shared.knowledge, _BODY, json_body(), shared.today())
    knowledge: dict[str, KnowledgeBase] = {}
    for name, pointer in _SIDES.items():
        version = (loaded.get(name) or {}).get("kb_version")
        try:
            knowledge[name] = shared.knowledge_of(version, f"{pointer}/kb_version")
        except InputError as error:
            faults.extend(error.faults)
    if read is None or faults:
        raise InputError(tuple(faults))
    before, after = (
        _answer(shared, read, loaded, knowledge[name], loaded[name].get("as_of"), pointer)
        for name, pointer in _SIDES.items()
    )
    complete = is_complete(read.items)
    content = {
        "intended_use": INTENDED_USE,
        "complete": complete,
        "before": _write(before, complete=complete),
        "after": _write(after, complete=complete),
        "differences": write_differences(compare_reports(before[1], after[1])),
        "set_apart": write_set_apart(read.items, echo=loaded["case"]["explain"] == "full"),
        "warnings": [write_notice(notice) for notice in read.notices],
    }
    return Response(orjson.dumps(content), mimetype="application/json")


def _answer(
    shared: State,
    read: ReadCase,
    loaded: dict[str, Any],
    kb: KnowledgeBase,
    as_of: dt.date | None,
    pointer: str,
) -> _Side:
    """Answer the case with one knowledge base, which understands it by its own vocabulary."""
    case = read.case
    if kb is not shared.knowledge:
        try:
            case = read_case(kb, loaded["case"], today=shared.today()).case
        except InputError as error:
            message = f"the knowledge base {kb.version} does not understand the case"
            fault = Fault(f"{pointer}/kb_version", "not_understood_there", message)
            raise InputError((fault, *error.faults)) from error
    return kb, match(kb.rulebook, replace(case, as_of=as_of or case.as_of))


def _write(side: _Side, *, complete: bool) -> dict[str, Any]:
    kb, report = side
    summary = summarize(report, kb.content_hash, complete=complete)
    return {**summary, "kb_version": kb.version}
