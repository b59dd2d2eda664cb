"""``POST /v1/what-if``: change facts of a case, see which regimens come, go or change."""

from __future__ import annotations

import orjson
from flask import Response
from flask_smorest import Blueprint

from service.adapters.v1.changes import ReadChanges, read_changes
from service.adapters.v1.fates import write_set_apart
from service.adapters.v1.summary import summarize, write_differences
from service.adapters.v1.warnings import write_notice
from service.api.examples import reasoning as examples
from service.api.http.reading import json_body, read_question
from service.api.openapi.contract import body, problems
from service.api.shapes.reasoning import WhatIfAnswerSchema, WhatIfRequestSchema
from service.api.state import state
from service.engine.change import apply_changes
from service.engine.compare import compare_reports
from service.engine.match import match
from service.engine.reading import Unreadable, is_complete
from service.errors import InputError
from service.intended_use import INTENDED_USE

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
    changes = ReadChanges()
    unreadable: Unreadable = (loaded.get("case") or {}).get("unreadable") or "refuse"
    has_sound_changes = not any(fault.pointer.startswith("/changes") for fault in faults)
    try:
        asked = loaded.get("changes", ()) if has_sound_changes else ()
        changes = read_changes(kb, asked, unreadable=unreadable)
    except InputError as error:
        faults.extend(error.faults)
    if read is None or faults:
        raise InputError(tuple(faults))
    before = match(kb.rulebook, read.case)
    after = match(kb.rulebook, apply_changes(kb.rulebook, read.case, changes.changes))
    items = (*read.items, *changes.items)
    complete = is_complete(items)
    content = {
        "knowledge_base": {
            "version": kb.version,
            "content_hash": kb.content_hash,
            "as_of": read.case.as_of.isoformat(),
        },
        "intended_use": INTENDED_USE,
        "complete": complete,
        "before": summarize(before, kb.content_hash, complete=is_complete(read.items)),
        "after": summarize(after, kb.content_hash, complete=complete),
        "differences": write_differences(compare_reports(before, after)),
        "set_apart": write_set_apart(items, echo=loaded["case"]["explain"] == "full"),
        "warnings": [write_notice(notice) for notice in (*read.notices, *changes.notices)],
    }
    return Response(orjson.dumps(content), mimetype="application/json")
