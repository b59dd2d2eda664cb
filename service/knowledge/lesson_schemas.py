"""The shape of lessons and exercises (marshmallow): a case, what is asked, claims to be checked.

A claim is a sentence with an expectation in the shape of the test cases; the tests hold each one
against the engine. Cross-record rules (does this drug exist?) are in ``lint_lessons``.
"""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.engine.jurisdictions import JURISDICTIONS
from service.engine.levels import Applicability
from service.engine.patient_facts import PATIENT_FACTS, PatientFact
from service.engine.report import Met
from service.engine.tumors import Relation
from service.knowledge.assertion_schemas import EFFECTS
from service.knowledge.schema_fields import Id, optional_text, required_text, texts

_ASSERTION_ID = validate.Regexp(r"^A\d{4}$")
_AT_LEAST_ONE = validate.Length(min=1)
#: What a step that shows a case has: all of it or none.
_OF_A_CASE = ("case", "ask", "claims")


def _word(*words: str) -> fields.String:
    return fields.String(validate=validate.OneOf(words))


def _regimen(*, required: bool = False) -> fields.List[str]:
    return fields.List(fields.String(), required=required, validate=_AT_LEAST_ONE)


def _fact(fact: PatientFact) -> fields.Field[Any]:
    if fact.kind == "word":
        return _word(*fact.words)
    number = fields.Integer if fact.kind == "whole" else fields.Float
    return number(validate=validate.Range(min=fact.low, max=fact.high))


_PatientFacts: type[Schema] = Schema.from_dict(
    {fact.name: _fact(fact) for fact in PATIENT_FACTS}, name="LessonPatientFacts"
)


class PatientSchema(_PatientFacts):  # type: ignore[misc, valid-type]
    """The clinical context of a case, as a v1 request holds it; what is left out is unknown."""

    prior_therapies = fields.List(fields.String())
    conditions = fields.Dict(fields.String(), fields.Boolean())


class CaseSchema(Schema):
    """A v1 request whose biomarkers are texts and whose day is fixed, so that it stays true."""

    tumor_type = required_text()
    biomarkers = fields.List(fields.String(), required=True)
    patient = fields.Nested(PatientSchema)
    jurisdictions = fields.List(_word(*JURISDICTIONS))
    as_of = fields.Date(required=True)


class RowSchema(Schema):
    """A row that an answer must hold, and what must stand in it."""

    regimen = _regimen(required=True)
    assertion = fields.String(validate=_ASSERTION_ID)
    applicability = _word(*get_args(Applicability))
    effect = _word(*EFFECTS)
    biomarker_criteria = _word(*get_args(Met))
    clinical_criteria = _word(*get_args(Met))
    needs = fields.List(fields.String())
    amp_asco_cap = fields.String()
    oncokb_style = fields.String()
    status = fields.String(allow_none=True)
    since = fields.String()
    jurisdiction = _word(*JURISDICTIONS)
    tumor_relation = _word(*get_args(Relation))
    conflict = fields.String(allow_none=True, validate=validate.Equal(None))


class DropSchema(Schema):
    """A statement that a rule must have dropped."""

    assertion = fields.String(required=True, validate=_ASSERTION_ID)
    rule = fields.String(required=True, validate=validate.Regexp(r"^M\d+$"))


class FindingSchema(Schema):
    """A finding that a case must be read as."""

    name = required_text()
    classes = fields.List(fields.String())
    kind = fields.String()
    result = fields.String()
    status = fields.String()
    hgvs_p = fields.String()
    oncogenicity = fields.String()


class SuggestionSchema(Schema):
    """A test that an answer must suggest."""

    gene = required_text()
    assay = fields.String()


class LeafSchema(Schema):
    """A line of the trace of a listed statement, and its truth."""

    assertion = fields.String(required=True, validate=_ASSERTION_ID)
    criterion = required_text()
    truth = fields.String(required=True, validate=validate.OneOf(("true", "false", "unknown")))


class ExpectSchema(Schema):
    """What a claim expects of the answer; each field is a check of ``tests/cases.py``."""

    therapies = fields.List(fields.Nested(RowSchema))
    resistance = fields.List(fields.Nested(RowSchema))
    first_therapy = _regimen()
    not_therapies = fields.List(_regimen())
    conflict = fields.List(_regimen())
    absent = fields.List(fields.String(validate=_ASSERTION_ID))
    excluded = fields.List(fields.Nested(DropSchema))
    findings = fields.List(fields.Nested(FindingSchema))
    suggested_tests = fields.List(fields.Nested(SuggestionSchema))
    trace = fields.List(fields.Nested(LeafSchema))
    warnings = fields.List(fields.String())
    same_answer = fields.List(fields.Nested(CaseSchema))

    @validates_schema
    def _check_something(self, data: dict[str, Any], **_: Any) -> None:
        if not any(data.values()):
            raise ValidationError("a claim expects something")


class LessonClaimSchema(Schema):
    """A sentence about the answer, and what it means for the answer."""

    says = required_text()
    expect = fields.Nested(ExpectSchema, required=True)


class StepSchema(Schema):
    """A step: some words, and mostly a case with a question and the claims that answer it."""

    title = required_text()
    text = fields.String(required=True, validate=validate.Length(min=40, max=1200))
    case = fields.Nested(CaseSchema, load_default=None, allow_none=True)
    ask = optional_text()
    claims = fields.List(fields.Nested(LessonClaimSchema), load_default=list)
    look_at = texts()

    @validates_schema
    def _check_case(self, data: dict[str, Any], **_: Any) -> None:
        given = [name for name in _OF_A_CASE if data.get(name)]
        if given and len(given) < len(_OF_A_CASE):
            missing = next(name for name in _OF_A_CASE if name not in given)
            raise ValidationError("a case has a question in ask, and claims", missing)
        if data.get("look_at") and not given:
            raise ValidationError("a statement is looked at for a case", "look_at")


class LessonSchema(Schema):
    """One guided lesson; its number and its address are in the name of its file."""

    title = required_text()
    question = required_text()
    minutes = fields.Integer(required=True, validate=validate.Range(min=1, max=30))
    learn = fields.List(fields.String(), required=True, validate=_AT_LEAST_ONE)
    steps = fields.List(
        fields.Nested(StepSchema), required=True, validate=validate.Length(min=2, max=8)
    )


class ExerciseSchema(Schema):
    """A case of which one asks: which regimens are on label here?"""

    id = fields.String(required=True, validate=Id)
    title = required_text()
    case = fields.Nested(CaseSchema, required=True)


LESSON = LessonSchema()
EXERCISE = ExerciseSchema()
