"""The shapes of the questions that set two answers side by side: what-if and compare, changes."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from service.api.answers import (
    KnowledgeBaseStampSchema,
    WarningSchema,
)
from service.api.fields import Day, TextOr
from service.api.schemas import (
    MAX_TEXT,
    BiomarkerSchema,
    MatchRequestSchema,
    PatientSchema,
    Strict,
    TumorCodeSchema,
)
from service.engine.compare import FIELDS

MAX_CHANGES = 20
_SECTIONS = ("therapies", "resistance")


def _text() -> fields.String:
    return fields.String(required=True)


def _maybe() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _texts(**kwargs: Any) -> fields.List[str]:
    return fields.List(fields.String(), required=True, **kwargs)


class ChangeSchema(Strict):
    """One change of a case: exactly one of the fields."""

    biomarker = TextOr(
        BiomarkerSchema,
        max_length=MAX_TEXT,
        metadata={
            "description": (
                "A result that is added; it takes the place of what it contradicts, and a graded "
                "one (IHC, ISH, copy number, score) that of the same gene and assay."
            )
        },
    )
    without = TextOr(
        BiomarkerSchema,
        max_length=MAX_TEXT,
        metadata={"description": "A result of the case that is taken away."},
    )
    tumor_type = TextOr(
        TumorCodeSchema,
        max_length=MAX_TEXT,
        metadata={"description": "The tumour type is this one instead."},
    )
    patient = fields.Nested(
        PatientSchema,
        metadata={"description": "These facts take the place; null makes a fact unknown."},
    )


class WhatIfRequestSchema(Strict):
    """A case and the changes of fact, applied one after the other."""

    case = fields.Nested(MatchRequestSchema, required=True)
    changes = fields.List(
        fields.Nested(ChangeSchema),
        required=True,
        validate=validate.Length(min=1, max=MAX_CHANGES),
    )


class SideSchema(Strict):
    """One side of a comparison: a day, a version of the knowledge base, or both."""

    as_of = Day(metadata={"description": "That of the case when left out."})
    kb_version = fields.String(
        validate=validate.Length(min=1, max=40),
        metadata={"description": "The current one when left out."},
    )

    @validates_schema
    def _says_something(self, data: Any, **_: Any) -> None:
        if not data:
            raise ValidationError("Missing data: give as_of, kb_version or both.")


class CompareRequestSchema(Strict):
    """A case, and the two sides of the question."""

    case = fields.Nested(MatchRequestSchema, required=True)
    from_ = fields.Nested(SideSchema, required=True, data_key="from")
    to = fields.Nested(SideSchema, required=True)


class ShortRegimenSchema(Strict):
    """A regimen by name."""

    id = _text()
    name = _text()


class ShortLevelSchema(Strict):
    """Levels without their reason."""

    amp_asco_cap = _text()
    oncokb_style = _text()


class ShortRowSchema(Strict):
    """A regimen's standing in an answer, without its documents."""

    regimen = fields.Nested(ShortRegimenSchema, required=True)
    applicability = _text()
    level = fields.Nested(ShortLevelSchema, required=True)
    status = _maybe()
    biomarker_criteria = _text()
    clinical_criteria = _text()
    needs = _texts()
    conflict = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "Assertions of resistance that stand against it."},
    )
    assertions = _texts()


class ShortAnswerSchema(Strict):
    """An answer in short."""

    as_of = fields.Date(required=True)
    tumor_type = _text()
    findings = _texts()
    therapies = fields.List(fields.Nested(ShortRowSchema), required=True)
    resistance = fields.List(fields.Nested(ShortRowSchema), required=True)
    result_hash = _text()


class EventSchema(Strict):
    """A dated event of an authorisation."""

    assertion = _text()
    date = fields.Date(required=True)
    type = _text()
    source = _text()
    note = fields.String(required=True)


class DifferenceSchema(Strict):
    """A regimen that is not the same in two answers."""

    section = fields.String(required=True, validate=validate.OneOf(_SECTIONS))
    regimen = fields.Nested(ShortRegimenSchema, required=True)
    fields_ = fields.List(
        fields.String(validate=validate.OneOf(tuple(FIELDS))), required=True, data_key="fields"
    )
    before = fields.Nested(ShortRowSchema, required=True, allow_none=True)
    after = fields.Nested(ShortRowSchema, required=True, allow_none=True)
    reason = _text()
    events = fields.List(fields.Nested(EventSchema), required=True)


class DifferencesSchema(Strict):
    """What differs between two answers."""

    added = fields.List(fields.Nested(DifferenceSchema), required=True)
    gone = fields.List(fields.Nested(DifferenceSchema), required=True)
    changed = fields.List(fields.Nested(DifferenceSchema), required=True)
    unchanged = fields.Integer(required=True)


class WhatIfAnswerSchema(Strict):
    """The answer before and after the changes, and what differs."""

    knowledge_base = fields.Nested(KnowledgeBaseStampSchema, required=True)
    intended_use = _text()
    before = fields.Nested(ShortAnswerSchema, required=True)
    after = fields.Nested(ShortAnswerSchema, required=True)
    differences = fields.Nested(DifferencesSchema, required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class ComparedSideSchema(ShortAnswerSchema):
    """An answer in short, with the knowledge base that gave it."""

    kb_version = _text()


class CompareAnswerSchema(Strict):
    """The answers of both sides, and what differs."""

    intended_use = _text()
    before = fields.Nested(ComparedSideSchema, required=True)
    after = fields.Nested(ComparedSideSchema, required=True)
    differences = fields.Nested(DifferencesSchema, required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class RecordChangeSchema(Strict):
    """A record that is not the same in two releases."""

    kind = _text()
    id = _text()
    change = fields.String(required=True, validate=validate.OneOf(("added", "removed", "changed")))
    fields_ = fields.List(fields.String(), required=True, data_key="fields")


class ReleaseSchema(Strict):
    """A release of the knowledge and what it changed since the one before that is kept."""

    version = _text()
    since_version = _text()
    reviewed_until = fields.Date(required=True)
    changes = fields.List(fields.Nested(RecordChangeSchema), required=True)


class AuthorisationEventSchema(EventSchema):
    """A dated event with what it is about."""

    jurisdiction = _maybe()
    regimen = _text()
    statement = _text()


class ChangesAnswerSchema(Strict):
    """What changed: releases of the knowledge, and events of authorisations."""

    since = _text()
    versions = _texts()
    releases = fields.List(fields.Nested(ReleaseSchema), required=True)
    events = fields.List(fields.Nested(AuthorisationEventSchema), required=True)
    intended_use = _text()
