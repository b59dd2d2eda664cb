"""The shapes of the questions that set two answers side by side: what-if and compare, changes."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from service.api.shapes.answers import (
    KnowledgeBaseStampSchema,
    WarningSchema,
)
from service.api.shapes.case_answers import SetApartSchema
from service.api.shapes.differences import DifferenceSchema, EventSchema, ShortRowSchema
from service.api.shapes.faults import Coded, Length
from service.api.shapes.fields import Day, maybe, text, texts
from service.api.shapes.requests import (
    ChangeSchema,
    MatchRequestSchema,
    Strict,
)

MAX_CHANGES = 20


class WhatIfRequestSchema(Strict):
    """A case and the changes of fact, applied one after the other."""

    case = fields.Nested(MatchRequestSchema, required=True)
    changes = fields.List(
        fields.Nested(ChangeSchema),
        required=True,
        validate=Length(min=1, max=MAX_CHANGES),
    )


class SideSchema(Strict):
    """One side of a comparison: a day, a version of the knowledge base, or both."""

    as_of = Day(metadata={"description": "That of the case when left out."})
    kb_version = fields.String(
        validate=Length(min=1, max=40),
        metadata={"description": "The current one when left out."},
    )

    @validates_schema
    def _says_something(self, data: Any, **_: Any) -> None:
        if not data:
            message = "Missing data: give as_of, kb_version or both."
            raise ValidationError(Coded(message, "required"))


class CompareRequestSchema(Strict):
    """A case, and the two sides of the question."""

    case = fields.Nested(MatchRequestSchema, required=True)
    from_ = fields.Nested(SideSchema, required=True, data_key="from")
    to = fields.Nested(SideSchema, required=True)


class ShortAnswerSchema(Strict):
    """An answer in short."""

    as_of = fields.Date(required=True)
    tumor_type = text()
    findings = texts()
    therapies = fields.List(fields.Nested(ShortRowSchema), required=True)
    resistance = fields.List(fields.Nested(ShortRowSchema), required=True)
    cautions = fields.List(fields.Nested(ShortRowSchema), required=True)
    result_hash = text()


class DifferencesSchema(Strict):
    """What differs between two answers."""

    added = fields.List(fields.Nested(DifferenceSchema), required=True)
    gone = fields.List(fields.Nested(DifferenceSchema), required=True)
    changed = fields.List(fields.Nested(DifferenceSchema), required=True)
    unchanged = fields.Integer(required=True)


class WhatIfAnswerSchema(Strict):
    """The answer before and after the changes, and what differs."""

    knowledge_base = fields.Nested(KnowledgeBaseStampSchema, required=True)
    intended_use = text()
    complete = fields.Boolean(required=True)
    before = fields.Nested(ShortAnswerSchema, required=True)
    after = fields.Nested(ShortAnswerSchema, required=True)
    differences = fields.Nested(DifferencesSchema, required=True)
    set_apart = fields.List(fields.Nested(SetApartSchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class ComparedSideSchema(ShortAnswerSchema):
    """An answer in short, with the knowledge base that gave it."""

    kb_version = text()


class CompareAnswerSchema(Strict):
    """The answers of both sides, and what differs."""

    intended_use = text()
    complete = fields.Boolean(required=True)
    before = fields.Nested(ComparedSideSchema, required=True)
    after = fields.Nested(ComparedSideSchema, required=True)
    differences = fields.Nested(DifferencesSchema, required=True)
    set_apart = fields.List(fields.Nested(SetApartSchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class RecordChangeSchema(Strict):
    """A record that is not the same in two releases."""

    kind = text()
    id = text()
    change = fields.String(required=True, validate=validate.OneOf(("added", "removed", "changed")))
    fields_ = fields.List(fields.String(), required=True, data_key="fields")


class ReleaseSchema(Strict):
    """A release of the knowledge and what it changed since the one before that is kept."""

    version = text()
    since_version = text()
    reviewed_until = fields.Date(required=True)
    changes = fields.List(fields.Nested(RecordChangeSchema), required=True)


class AuthorisationEventSchema(EventSchema):
    """A dated event with what it is about."""

    jurisdiction = maybe()
    regimen = text()
    statement = text()


class ChangesAnswerSchema(Strict):
    """What changed: releases of the knowledge, and events of authorisations."""

    since = text()
    versions = texts()
    releases = fields.List(fields.Nested(ReleaseSchema), required=True)
    events = fields.List(fields.Nested(AuthorisationEventSchema), required=True)
    intended_use = text()
