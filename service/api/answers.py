"""The shapes of answers, for ``openapi.yaml`` and the tests that hold real answers against it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from service.api.difference_schemas import CounterfactualSchema
from service.api.fields import CaseId, TextOr
from service.api.problems import ProblemSchema
from service.api.schemas import Strict
from service.engine.levels import APPLICABILITY_ORDER
from service.engine.tumors import RELATION_ORDER

MET = ("met", "undetermined")


def _text(**kwargs: Any) -> fields.String:
    return fields.String(required=True, **kwargs)


def _maybe() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _texts() -> fields.List[str]:
    return fields.List(fields.String(), required=True)


def _one_of(*words: str) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(words))


class KnowledgeBaseStampSchema(Strict):
    """Which knowledge answered, and for which day."""

    version = _text()
    content_hash = _text()
    as_of = fields.Date(required=True)


class TumorTypeAnswerSchema(Strict):
    """The tumour type as it was understood."""

    code = _text()
    name = _text()
    lineage = _texts()
    resolved_by = fields.String(
        required=True,
        metadata={
            "description": "code, name, synonym or the code system with explain=full and on "
            "/v1/normalize; else code, so that the bytes do not depend on the words."
        },
    )
    set_aside = fields.List(
        fields.String(),
        metadata={"description": "With explain=full: words of stage, course and biomarkers."},
    )


class EchoedBiomarkerSchema(Strict):
    """A biomarker as it was given."""

    gene = _text()
    alteration = fields.String(allow_none=True)
    result = fields.String(allow_none=True)
    assay = fields.String(allow_none=True)


class FindingSchema(Strict):
    """A finding as it was understood."""

    input_index = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Null for a biomarker that stood in the tumour type."},
    )
    input = TextOr(EchoedBiomarkerSchema, required=True)
    gene = _text()
    hgnc_id = _maybe()
    kind = _one_of(
        "sequence_variant", "fusion", "copy_number", "expression", "in_situ_hybridization", "status"
    )
    result = _one_of("detected", "not_detected", "indeterminate")
    name = _text()
    hgvs_p = _maybe()
    hgvs_p_short = _maybe()
    consequence = _maybe()
    classes = _texts()
    status = _one_of("recognized", "uncharacterized", "unresolved")
    oncogenicity = _maybe()
    assay = _maybe()
    values = _texts()
    partner = _maybe()


class NormalizedFindingSchema(FindingSchema):
    """A finding with the way by which the text became it."""

    understood_by = _texts()


class CaseFindingSchema(FindingSchema):
    """A finding of an answer; with explain=full also the way by which the text became it."""

    understood_by = fields.List(fields.String())


class CaseAnswerSchema(Strict):
    """The case as it was understood."""

    tumor_type = fields.Nested(TumorTypeAnswerSchema, required=True)
    findings = fields.List(fields.Nested(CaseFindingSchema), required=True)


class EscatSchema(Strict):
    """The ESCAT tier that a published source gives the biomarker in this tumour type."""

    tier = _text()
    source = _text()


class LevelSchema(Strict):
    """Levels of evidence side by side; ``oncokb_style`` and ``fda`` are our crosswalks."""

    amp_asco_cap = _text()
    oncokb_style = _text()
    reason = _text()
    fda = _one_of("2", "3")
    fda_reason = _text()
    escat = fields.Nested(EscatSchema, required=True, allow_none=True)


class DrugAnswerSchema(Strict):
    """A drug of a regimen."""

    name = _text()
    rxnorm = _maybe()
    ncit = _maybe()


class RegimenAnswerSchema(Strict):
    """A regimen: the set of drugs is its identity."""

    id = _text()
    name = _text()
    drugs = fields.List(fields.Nested(DrugAnswerSchema), required=True)


class EvidenceAnswerSchema(Strict):
    """A study behind an assertion."""

    study = _text()
    id = _text()
    nct = _maybe()
    pmid = _maybe()
    result = _maybe()


class SourceAnswerSchema(Strict):
    """A document and where in it the fact stands."""

    title = _text()
    url = _maybe()
    accessed_on = fields.Date(required=True, allow_none=True)
    where = _text()
    kind = _text()
    verification = _one_of("opened", "corroborated", "recalled")


class TraceLineSchema(Strict):
    """One evaluated leaf."""

    path = _text()
    criterion = _text()
    truth = _one_of("true", "false", "unknown")
    fact = _text()
    rule = _text()
    source = _maybe()


class MatchedAssertionSchema(Strict):
    """An assertion that holds, or may hold."""

    id = _text()
    effect = _one_of("sensitivity", "resistance", "no_benefit")
    applicability = _one_of(*APPLICABILITY_ORDER)
    jurisdiction = _maybe()
    authority = _maybe()
    status = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(("approved", "accelerated", "conditional")),
    )
    since = fields.Date(required=True, allow_none=True)
    statement = _text()
    tumor_relation = _one_of(*RELATION_ORDER)
    matched_findings = fields.List(fields.Integer(), required=True)
    companion_diagnostics = _texts()
    evidence = fields.List(fields.Nested(EvidenceAnswerSchema), required=True)
    sources = fields.List(fields.Nested(SourceAnswerSchema), required=True)
    reviewed_on = fields.Date(required=True)
    trace = fields.List(fields.Nested(TraceLineSchema), required=True)
    why = fields.String(required=True)
    level = fields.Nested(LevelSchema, required=True)
    biomarker_criteria = _one_of(*MET)
    clinical_criteria = _one_of(*MET)
    needs = _texts()


class ConflictSchema(Strict):
    """Both sides of a regimen that has resistance in this case."""

    reason = _text()
    resistance = _texts()
    sensitivity = _texts()


class RowSchema(Strict):
    """A regimen with its assertions, best first."""

    regimen = fields.Nested(RegimenAnswerSchema, required=True)
    applicability = _one_of(*APPLICABILITY_ORDER)
    level = fields.Nested(LevelSchema, required=True)
    biomarker_criteria = _one_of(*MET)
    clinical_criteria = _one_of(*MET)
    needs = _texts()
    conflict = fields.Nested(ConflictSchema, required=True, allow_none=True)
    assertions = fields.List(fields.Nested(MatchedAssertionSchema), required=True)


class ExcludedSchema(Strict):
    """A near assertion and the rule that dropped it."""

    assertion = _text()
    regimen = _text()
    rule = _text()
    reason = _text()


class SuggestedTestSchema(Strict):
    """A missing result that would decide assertions."""

    gene = _text()
    assay = _text()
    would_decide = _texts()
    reason = _text()


class WarningSchema(Strict):
    """Something that must be said about how the input was read."""

    code = _text()
    message = _text()
    pointer = _text()
    suggestions = _texts()


class MatchAnswerSchema(Strict):
    """The answer to a case; keys stand in this order."""

    knowledge_base = fields.Nested(KnowledgeBaseStampSchema, required=True)
    intended_use = _text()
    case = fields.Nested(CaseAnswerSchema, required=True)
    therapies = fields.List(fields.Nested(RowSchema), required=True)
    resistance = fields.List(fields.Nested(RowSchema), required=True)
    excluded = fields.List(fields.Nested(ExcludedSchema), required=True)
    suggested_tests = fields.List(fields.Nested(SuggestedTestSchema), required=True)
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
    findings = fields.List(fields.Nested(NormalizedFindingSchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
    intended_use = _text()


class BatchItemSchema(Strict):
    """The result of one case of a batch: an answer, or a problem."""

    id = CaseId(required=True, allow_none=True, metadata={"type": ["string", "integer"]})
    status = fields.Integer(required=True)
    answer = fields.Nested(MatchAnswerSchema)
    problem = fields.Nested(ProblemSchema)


class SetApartSchema(Strict):
    """Rows of a file that were not used, for one reason."""

    reason = _text()
    gene = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)
    places = fields.List(
        fields.String(), required=True, metadata={"description": "The first 100: file:line:column"}
    )


class BatchAnswerSchema(Strict):
    """Results in the order of the cases."""

    results = fields.List(fields.Nested(BatchItemSchema), required=True)
    set_apart = fields.List(
        fields.Nested(SetApartSchema),
        required=True,
        metadata={"description": "Of files; always empty for JSON."},
    )
    intended_use = _text()


class PageSchema(Strict):
    """One page of a list."""

    items = fields.List(fields.Dict(), required=True)
    total = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "cursor"})
    intended_use = _text()


class RecordSchema(Strict):
    """One record of the catalogue."""

    record = fields.Dict(required=True)
    intended_use = _text()


class KnowledgeBaseSchema(Strict):
    """What answers here: version, hash, counts, age."""

    version = _text()
    content_hash = _text()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    oldest_review = fields.Date(required=True)
    newest_review = fields.Date(required=True)
    days_since_newest_review = fields.Integer(required=True)
    intended_use = _text()


class HealthSchema(Strict):
    """Whether the process can answer."""

    status = _one_of("ok")
    version = _text()
    intended_use = _text()
