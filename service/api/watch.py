"""``GET /v1/knowledge-base/watch``: what is under review, when an answer is due, what is late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from service.api.examples import reasoning as examples
from service.api.openapi.contract import problems, query
from service.api.shapes.fields import parse_day
from service.api.shapes.watch import WatchAnswerSchema
from service.api.state import state
from service.errors import Fault, InputError
from service.intended_use import INTENDED_USE
from service.knowledge.watch import WatchItem, in_order

blueprint = Blueprint("watch", "watch", description="What is expected, and what is overdue.")


@blueprint.route("/v1/knowledge-base/watch")
@blueprint.doc(
    operationId="knowledgeBaseWatch",
    parameters=[query("as_of", "a day (YYYY-MM-DD); today when left out", "2026-11-30")],
)
@blueprint.response(200, WatchAnswerSchema, example=examples.WATCH_ANSWER)
@problems(blueprint, 422)
def knowledge_base_watch() -> Response:
    """Return the watch list in the order of the days, each with its state on a day."""
    shared = state()
    text = request.args.get("as_of")
    day = parse_day(text) if text is not None else shared.today()
    if day is None:
        raise InputError((Fault("?as_of", "invalid_value", "a day as YYYY-MM-DD"),))
    items = [_item_on(item, day) for item in in_order(shared.knowledge.watch)]
    content = {"as_of": day.isoformat(), "items": items, "intended_use": INTENDED_USE}
    return Response(orjson.dumps(content), mimetype="application/json")


def _item_on(item: WatchItem, day: dt.date) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "what": item.what,
        "drugs": list(item.drugs),
        "jurisdiction": item.jurisdiction,
        "due": item.due.isoformat(),
        "due_kind": item.due_kind,
        "state": item.state_on(day),
        "answered_on": item.answered_on.isoformat() if item.answered_on else None,
        "answer": item.answer,
        "assertion": item.assertion,
        "source": item.source,
        "checked_on": item.checked_on.isoformat(),
    }
