"""The shapes of a report that was read, and of one that was answered."""

from __future__ import annotations

from marshmallow import fields

from service.api.shapes.answers import FileRecordsSchema, MatchAnswerSchema, WarningSchema
from service.api.shapes.case_answers import NormalizedFindingSchema, SetApartSchema
from service.api.shapes.fields import CaseId, TextOr, maybe, one_of, text, texts
from service.api.shapes.requests import (
    MAX_TEXT,
    MatchRequestSchema,
    PatientSchema,
    Strict,
    TumorCodeSchema,
)
from service.engine.reading import FATES, REASONS

FORMATS = ("fhir", "phenopacket", "case", "vcf", "tables", "hl7v2", "text")


def _count() -> fields.Integer:
    return fields.Integer(required=True)


class CountsSchema(Strict):
    """How many items there are, and how many have each fate; the fates add up."""

    items = _count()
    finding = _count()
    not_covered = _count()
    set_apart = _count()
    context = _count()
    no_content = _count()


class ItemSchema(Strict):
    """One part of a report, and what became of it."""

    place = text(metadata={"description": "line 4, maf:3:HGVSp_Short, a JSON pointer, a location"})
    text = text()
    fate = one_of(*FATES)
    findings = fields.List(
        fields.Integer(), required=True, metadata={"description": "Indices into findings."}
    )
    reason = one_of(*sorted(REASONS))
    reason.allow_none = True
    gene = maybe()
    message = fields.String(required=True)
    suggestions = texts()


class SuggestedSchema(Strict):
    """What stood beside the results; a person confirms it."""

    tumor_type = TextOr(
        TumorCodeSchema,
        max_length=MAX_TEXT,
        required=True,
        allow_none=True,
        metadata={"description": "When exactly one was named."},
    )
    patient = fields.Nested(PatientSchema, required=True)
    report_date = maybe()
    specimen = maybe()


class LiftedCaseSchema(MatchRequestSchema):
    """A case as it was lifted out of a report."""

    tumor_type = TextOr(TumorCodeSchema, max_length=MAX_TEXT)


class ReportCaseSchema(Strict):
    """A case of a report, as ``POST /v1/match`` takes it once it has a tumour type."""

    id = CaseId(required=True, allow_none=True, metadata={"type": ["string", "integer"]})
    case = fields.Nested(
        LiftedCaseSchema,
        required=True,
        metadata={"description": "Without tumor_type when none was found, or several."},
    )


class ReadAnswerSchema(Strict):
    """What became of a report; nothing is left out."""

    format = one_of(*FORMATS)
    complete = fields.Boolean(required=True)
    counts = fields.Nested(CountsSchema, required=True)
    items = fields.List(fields.Nested(ItemSchema), required=True)
    findings = fields.List(fields.Nested(NormalizedFindingSchema), required=True)
    suggested = fields.Nested(SuggestedSchema, required=True)
    cases = fields.List(fields.Nested(ReportCaseSchema), required=True)
    set_apart = fields.List(fields.Nested(SetApartSchema), required=True)
    files = fields.List(
        fields.Nested(FileRecordsSchema),
        required=True,
        metadata={"description": "Of tables and VCF, one for each file; else empty."},
    )
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
    intended_use = text()


class ReportAnswerSchema(ReadAnswerSchema):
    """What became of a report, and the answer to its case."""

    answer = fields.Nested(MatchAnswerSchema, required=True)
