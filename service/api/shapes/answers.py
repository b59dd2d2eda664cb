"""The shapes of answers, for ``openapi.yaml`` and the tests that hold real answers against it."""

from __future__ import annotations

from marshmallow import fields

from service.api.shapes.case_answers import (
    CaseAnswerSchema,
    NormalizedFindingSchema,
    SetApartSchema,
    TumorTypeAnswerSchema,
)
from service.api.shapes.differences import CounterfactualSchema
from service.api.shapes.fields import CaseId, text, texts
from service.api.shapes.problem import ProblemSchema
from service.api.shapes.requests import Strict
from service.api.shapes.rows import RowSchema


class KnowledgeBaseStampSchema(Strict):
    """Which knowledge answered, and for which day."""

    version = text()
    content_hash = text()
    as_of = fields.Date(required=True)


class ExcludedSchema(Strict):
    """A near assertion and the rule that dropped it."""

    assertion = text()
    regimen = text()
    rule = text()
    reason = text()


class SuggestedTestSchema(Strict):
    """A missing result that would decide assertions."""

    gene = text()
    assay = text()
    would_decide = texts()
    reason = text()


class WarningSchema(Strict):
    """Something that must be said about how the input was read."""

    code = text()
    message = text()
    pointer = text()
    suggestions = texts()


class MatchAnswerSchema(Strict):
    """The answer to a case; keys stand in this order."""

    knowledge_base = fields.Nested(KnowledgeBaseStampSchema, required=True)
    intended_use = text()
    complete = fields.Boolean(
        required=True,
        metadata={"description": "False when a result that may count was not understood."},
    )
    case = fields.Nested(CaseAnswerSchema, required=True)
    therapies = fields.List(fields.Nested(RowSchema), required=True)
    resistance = fields.List(fields.Nested(RowSchema), required=True)
    cautions = fields.List(
        fields.Nested(RowSchema),
        required=True,
        metadata={"description": "What is known against a regimen in other tumour types only."},
    )
    excluded = fields.List(fields.Nested(ExcludedSchema), required=True)
    suggested_tests = fields.List(fields.Nested(SuggestedTestSchema), required=True)
    set_apart = fields.List(fields.Nested(SetApartSchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
    counterfactuals = fields.List(
        fields.Nested(CounterfactualSchema),
        required=True,
        metadata={"description": "Single changes of fact; filled with explain=full."},
    )
    result_hash = fields.String(
        required=True,
        metadata={"description": "Of what was answered; the same for every spelling and explain."},
    )


class NormalizeAnswerSchema(Strict):
    """Findings in the order of the input; what was not understood is a warning with its reason."""

    tumor_type = fields.Nested(
        TumorTypeAnswerSchema,
        allow_none=True,
        metadata={"description": "When one was sent; null when it was refused."},
    )
    complete = fields.Boolean(required=True)
    findings = fields.List(fields.Nested(NormalizedFindingSchema), required=True)
    set_apart = fields.List(fields.Nested(SetApartSchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
    intended_use = text()


class BatchItemSchema(Strict):
    """The result of one case of a batch: an answer, or a problem."""

    id = CaseId(required=True, allow_none=True, metadata={"type": ["string", "integer"]})
    status = fields.Integer(required=True)
    answer = fields.Nested(MatchAnswerSchema)
    problem = fields.Nested(ProblemSchema)


class FileRecordsSchema(Strict):
    """What became of the records of a file: rows, cells or alleles; the fates add up."""

    file = text()
    items = fields.Integer(required=True, metadata={"description": "Records that were read."})
    finding = fields.Integer(required=True)
    not_covered = fields.Integer(required=True)
    set_apart = fields.Integer(required=True)
    context = fields.Integer(required=True)
    no_content = fields.Integer(required=True)


class BatchAnswerSchema(Strict):
    """Results in the order of the cases."""

    results = fields.List(fields.Nested(BatchItemSchema), required=True)
    set_apart = fields.List(
        fields.Nested(SetApartSchema),
        required=True,
        metadata={"description": "Of files, all samples together; always empty for JSON."},
    )
    files = fields.List(
        fields.Nested(FileRecordsSchema),
        required=True,
        metadata={"description": "One for each file that was sent; always empty for JSON."},
    )
    intended_use = text()
