"""``POST /v1/what-if``: change facts of a case, see which regimens come, go or change."""

from __future__ import annotations

import orjson
from flask import Response
from flask_smorest import Blueprint

from service.adapters.v1.answer import INTENDED_USE
from service.adapters.v1.changes import read_changes
from service.adapters.v1.notice import Notice
from service.adapters.v1.summary import summarize, write_differences
from service.adapters.v1.warnings import write_notice
from service.api.examples import reasoning as examples
from service.api.http.reading import json_body, read_question
from service.api.openapi.contract import body, problems
from service.api.shapes.reasoning import WhatIfAnswerSchema, WhatIfRequestSchema
from service.api.state import state
from service.engine.change import Change, apply_changes
from service.engine.compare import compare_reports
from service.engine.match import match
from service.engine.reading import is_complete
from service.errors import InputError

blueprint = Blueprint("what-if", "what-if", description="Change a fact and see what changes.")
_BODY = WhatIfRequestSchema()


@blueprint.route("/v1/what-if", methods=["POST"])
@blueprint.doc(
    operationId="whatIf", requestBody=body(WhatIfRequestSchema, examples.WHAT_IF_REQUEST)
)
@blueprint.response(200, WhatIfAnswerSchema, example=examples.WHAT_IF_ANSWER)
@problems(blueprint, 400, 413, 415, 422)
def post_what_if() -> Response:
    """Answer a case before and after changes of fact."""
    shared = state()
    kb = shared.knowledge
    read, loaded, faults = read_question(kb, _BODY, json_body(), shared.today())
    changes: list[Change] = []
    notices: list[Notice] = []
    has_sound_changes = not any(fault.pointer.startswith("/changes") for fault in faults)
    try:
        changes, notices = read_changes(kb, loaded.get("changes", ()) if has_sound_changes else ())
    except InputError as error:
        faults.extend(error.faults)
    if read is None or faults:
        raise InputError(tuple(faults))
    before = match(kb.rulebook, read.case)
    after = match(kb.rulebook, apply_changes(kb.rulebook, read.case, changes))
    complete = is_complete(read.items)
    content = {
        "knowledge_base": {
            "version": kb.version,
            "content_hash": kb.content_hash,
            "as_of": read.case.as_of.isoformat(),
        },
        "intended_use": INTENDED_USE,
        "before": summarize(before, kb.content_hash, complete=complete),
        "after": summarize(after, kb.content_hash, complete=complete),
        "differences": write_differences(compare_reports(before, after)),
        "warnings": [write_notice(notice) for notice in (*read.notices, *notices)],
    }
    return Response(orjson.dumps(content), mimetype="application/json")
