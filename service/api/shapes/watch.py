"""The shapes of the watch list."""

from __future__ import annotations

from marshmallow import fields, validate

from service.api.shapes.fields import maybe, text, texts
from service.api.shapes.requests import Strict
from service.knowledge.watch import DUE_KINDS, KINDS, STATES


class WatchItemSchema(Strict):
    """Something that is expected, with its state on the day that was asked about."""

    id = text()
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    what = text()
    drugs = texts()
    jurisdiction = maybe()
    due = text()
    due_kind = fields.String(required=True, validate=validate.OneOf(DUE_KINDS))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    answered_on = maybe()
    answer = maybe()
    assertion = maybe()
    source = text()
    checked_on = text()


class WatchAnswerSchema(Strict):
    """The watch list on a day."""

    as_of = text()
    items = fields.List(fields.Nested(WatchItemSchema), required=True)
    intended_use = text()
