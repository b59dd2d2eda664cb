"""The shapes of answers, for ``openapi.yaml`` and the tests that hold real answers against it."""

from __future__ import annotations

from marshmallow import fields, validate

from service.api.shapes.case_answers import (
    CaseAnswerSchema,
    NormalizedFindingSchema,
    SetApartSchema,
    TumorTypeAnswerSchema,
)
from service.api.shapes.differences import CounterfactualSchema
from service.api.shapes.fields import CaseId, maybe, one_of, text, texts
from service.api.shapes.problem import ProblemSchema
from service.api.shapes.requests import Strict
from service.engine.levels import APPLICABILITY_ORDER
from service.engine.report import OPENED_BY_ORDER
from service.engine.tumors import RELATION_ORDER

HOLDS = ("met", "undetermined")


class KnowledgeBaseStampSchema(Strict):
    """Which knowledge answered, and for which day."""

    version = text()
    content_hash = text()
    as_of = fields.Date(required=True)


class EscatSchema(Strict):
    """The ESCAT tier that a published source gives the biomarker in this tumour type."""

    tier = text()
    source = text()


class LevelSchema(Strict):
    """Levels of evidence side by side; ``oncokb_style`` and ``fda`` are our crosswalks."""

    amp_asco_cap = text()
    oncokb_style = text()
    reason = text()
    fda = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(("2",)),
        metadata={"description": "Only of what the FDA authorised in this tumour type."},
    )
    fda_reason = text()
    escat = fields.Nested(EscatSchema, required=True, allow_none=True)


class DrugAnswerSchema(Strict):
    """A drug of a regimen."""

    name = text()
    rxnorm = maybe()
    ncit = maybe()


class RegimenAnswerSchema(Strict):
    """A regimen: the set of drugs is its identity."""

    id = text()
    name = text()
    drugs = fields.List(fields.Nested(DrugAnswerSchema), required=True)


class EvidenceAnswerSchema(Strict):
    """A study behind an assertion."""

    study = text()
    id = text()
    nct = maybe()
    pmid = maybe()
    result = maybe()


class SourceAnswerSchema(Strict):
    """A document and where in it the fact stands."""

    title = text()
    url = maybe()
    accessed_on = fields.Date(required=True, allow_none=True)
    where = text()
    kind = text()
    verification = one_of("opened", "corroborated", "recalled")


class TraceLineSchema(Strict):
    """One evaluated leaf."""

    path = text()
    criterion = text()
    truth = one_of("true", "false", "unknown")
    fact = text()
    rule = text()
    source = maybe()


class MatchedAssertionSchema(Strict):
    """An assertion that holds, or may hold."""

    id = text()
    effect = one_of("sensitivity", "resistance", "no_benefit")
    applicability = one_of(*APPLICABILITY_ORDER)
    jurisdiction = maybe()
    authority = maybe()
    status = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(("approved", "accelerated", "conditional")),
    )
    since = fields.Date(required=True, allow_none=True)
    since_precision = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(("decision", "announced", "at_latest", "computed", "recalled")),
    )
    statement = text()
    tumor_relation = one_of(*RELATION_ORDER)
    matched_findings = fields.List(fields.Integer(), required=True)
    companion_diagnostics = texts()
    evidence = fields.List(fields.Nested(EvidenceAnswerSchema), required=True)
    sources = fields.List(fields.Nested(SourceAnswerSchema), required=True)
    reviewed_on = fields.Date(required=True)
    trace = fields.List(fields.Nested(TraceLineSchema), required=True)
    why = fields.String(required=True)
    level = fields.Nested(LevelSchema, required=True)
    biomarker_criteria = one_of(*HOLDS)
    clinical_criteria = one_of(*HOLDS)
    needs = texts()


class ConflictSchema(Strict):
    """Both sides of a regimen that has resistance in this case."""

    reason = text()
    resistance = texts()
    sensitivity = texts()


class SubtypeSchema(Strict):
    """A subtype of the tumour type that was given."""

    code = text()
    name = text()


class FirstChoiceSchema(Strict):
    """The guideline that names a regimen first for this case, and where."""

    source = text()
    words = text()


class HeadlineSchema(Strict):
    """The pivotal figure of the leading assertion; a hazard ratio has the unit HR."""

    study = text()
    endpoint = text()
    value = fields.Float(required=True)
    unit = text()
    ci = fields.List(
        fields.Float(allow_none=True),
        required=True,
        allow_none=True,
        validate=validate.Length(equal=2),
        metadata={"description": "Lower and upper bound of the confidence interval."},
    )
    against = maybe()


class RowSchema(Strict):
    """A regimen with its assertions, best first."""

    regimen = fields.Nested(RegimenAnswerSchema, required=True)
    applicability = one_of(*APPLICABILITY_ORDER)
    level = fields.Nested(LevelSchema, required=True)
    biomarker_criteria = one_of(*HOLDS)
    clinical_criteria = one_of(*HOLDS)
    needs = texts()
    subtypes = fields.List(
        fields.Nested(SubtypeSchema),
        required=True,
        metadata={"description": "Where the tumour type given is broader than what is covered."},
    )
    opened_by = one_of(*OPENED_BY_ORDER)
    first_choice = fields.Nested(FirstChoiceSchema, required=True, allow_none=True)
    headline = fields.Nested(HeadlineSchema, required=True, allow_none=True)
    conflict = fields.Nested(ConflictSchema, required=True, allow_none=True)
    assertions = fields.List(fields.Nested(MatchedAssertionSchema), required=True)


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
