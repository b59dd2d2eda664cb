"""The shape of a row of an answer: a regimen, its level, and the assertions behind it."""

from __future__ import annotations

from marshmallow import fields, validate

from service.api.shapes.fields import maybe, one_of, text, texts
from service.api.shapes.requests import Strict
from service.engine.levels import APPLICABILITY_ORDER
from service.engine.report import OPENED_BY_ORDER
from service.engine.tumors import RELATION_ORDER

HOLDS = ("met", "undetermined")


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
