"""The shapes of the catalogue, of the knowledge base itself, and of the health of the process."""

from __future__ import annotations

from marshmallow import fields

from service.api.shapes.fields import one_of, text
from service.api.shapes.requests import Strict


class PageSchema(Strict):
    """One page of a list."""

    items = fields.List(fields.Dict(), required=True)
    total = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "cursor"})
    intended_use = text()


class RecordSchema(Strict):
    """One record of the catalogue."""

    record = fields.Dict(required=True)
    intended_use = text()


class KnowledgeBaseSchema(Strict):
    """What answers here: version, hash, counts, age."""

    version = text()
    content_hash = text()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    oldest_review = fields.Date(required=True)
    newest_review = fields.Date(required=True)
    days_since_newest_review = fields.Integer(required=True)
    intended_use = text()


class HealthSchema(Strict):
    """Whether the process can answer."""

    status = one_of("ok")
    version = text()
    intended_use = text()
