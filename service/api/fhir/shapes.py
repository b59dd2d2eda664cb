"""The shapes of the answer to a FHIR document: what was read, what not, an answer a subject."""

from __future__ import annotations

from marshmallow import fields

from service.adapters.fhir_in.fates import LEFT
from service.api.shapes.answers import KnowledgeBaseStampSchema, MatchAnswerSchema
from service.api.shapes.case_answers import EchoedBiomarkerSchema
from service.api.shapes.fields import maybe, one_of, text, texts
from service.api.shapes.problem import ProblemSchema
from service.api.shapes.requests import PatientSchema, Strict
from service.engine.reading import REASONS

_LOCATION = {"description": "FHIRPath-like place: Bundle.entry[3].resource.component[1]"}


class ExtractedSchema(Strict):
    """One thing that was read, with its place."""

    kind = one_of("biomarker", "tumor_type")
    location = text(metadata=_LOCATION)
    resource_type = text()
    reference = maybe()
    read_from = text(
        metadata={"description": "component or kind of test; for a tumour type the kind of place"}
    )
    biomarker_index = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of the case that was matched."}
    )
    biomarker = fields.Nested(EchoedBiomarkerSchema, required=True, allow_none=True)
    findings = texts()
    tumor_type = fields.Raw(
        required=True,
        allow_none=True,
        metadata={"description": "As a request of /v1/match takes it: text, or system and code."},
    )
    oncotree = maybe()
    confidence = one_of("high", "low")
    allele_frequency = fields.Float(
        required=True, allow_none=True, metadata={"description": "A fraction, 0 to 1."}
    )
    specimen = maybe()
    effective = maybe()
    agreeing = texts(metadata={"description": "Other forms or places that say the same."})


class IgnoredSchema(Strict):
    """A resource or component that was not used."""

    location = text(metadata=_LOCATION)
    resource_type = text()
    reference = maybe()
    reason = one_of(*sorted({*REASONS, *LEFT}))
    message = text()


class FhirWarningSchema(Strict):
    """Something that was read and must be known about how."""

    code = text()
    message = text()
    location = text(metadata=_LOCATION)
    suggestions = texts()


class SubjectResultSchema(Strict):
    """One subject with one tumour type; several types of one subject are several results."""

    subject = maybe()
    patient = fields.Nested(
        PatientSchema,
        required=True,
        metadata={"description": "Sex and age that a Patient resource gives; may be empty."},
    )
    extracted = fields.List(fields.Nested(ExtractedSchema), required=True)
    ignored = fields.List(fields.Nested(IgnoredSchema), required=True)
    warnings = fields.List(fields.Nested(FhirWarningSchema), required=True)
    answer = fields.Nested(MatchAnswerSchema, required=True, allow_none=True)
    problem = fields.Nested(ProblemSchema, required=True, allow_none=True)


class FhirAnswerSchema(Strict):
    """The answer to a FHIR document."""

    knowledge_base = fields.Nested(KnowledgeBaseStampSchema, required=True)
    intended_use = text()
    results = fields.List(fields.Nested(SubjectResultSchema), required=True)
    ignored = fields.List(fields.Nested(IgnoredSchema), required=True)
    warnings = fields.List(fields.Nested(FhirWarningSchema), required=True)
