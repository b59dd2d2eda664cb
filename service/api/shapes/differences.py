"""The shape of a regimen's row in short, and of how it differs between two answers."""

from __future__ import annotations

from marshmallow import fields, validate

from service.api.shapes.fields import maybe, text, texts
from service.api.shapes.requests import ChangeSchema, Strict
from service.engine.compare import FIELDS
from service.engine.report import OPENED_BY_ORDER, SECTIONS


class ShortRegimenSchema(Strict):
    """A regimen by name."""

    id = text()
    name = text()


class ShortLevelSchema(Strict):
    """Levels without their reason."""

    amp_asco_cap = text()
    oncokb_style = text()


class ShortRowSchema(Strict):
    """A regimen's standing in an answer, without its documents."""

    regimen = fields.Nested(ShortRegimenSchema, required=True)
    applicability = text()
    level = fields.Nested(ShortLevelSchema, required=True)
    status = maybe()
    biomarker_criteria = text()
    clinical_criteria = text()
    needs = texts()
    opened_by = fields.String(required=True, validate=validate.OneOf(OPENED_BY_ORDER))
    conflict = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "Assertions of resistance that stand against it."},
    )
    assertions = texts()


class EventSchema(Strict):
    """A dated event of an authorisation; ``reason`` says why it ended or was narrowed."""

    assertion = text()
    date = fields.Date(required=True)
    type = text()
    source = text()
    note = fields.String(required=True)
    reason = fields.String(required=True)


class DifferenceSchema(Strict):
    """A regimen that is not the same in two answers."""

    section = fields.String(required=True, validate=validate.OneOf(SECTIONS))
    regimen = fields.Nested(ShortRegimenSchema, required=True)
    fields_ = fields.List(
        fields.String(validate=validate.OneOf(tuple(FIELDS))), required=True, data_key="fields"
    )
    before = fields.Nested(ShortRowSchema, required=True, allow_none=True)
    after = fields.Nested(ShortRowSchema, required=True, allow_none=True)
    reason = text()
    events = fields.List(fields.Nested(EventSchema), required=True)


class CounterfactualSchema(Strict):
    """One change of fact and what it would do to therapies."""

    change = fields.Nested(ChangeSchema, required=True)
    differences = fields.List(fields.Nested(DifferenceSchema), required=True)
