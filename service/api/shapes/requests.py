"""The shapes of requests (marshmallow); ``openapi.yaml`` is generated from them.

Requests are loaded with these. The shapes of answers are in ``answers``: those are written by
``adapters.v1`` and the tests hold them against their shapes.
"""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from service.api.shapes.faults import Coded, CodedSchema, Length, OneOf
from service.api.shapes.fields import CaseId, Day, TextOr, Unread, YesNo, fact_field
from service.engine.jurisdictions import JURISDICTIONS
from service.engine.patient_facts import PATIENT_FACTS
from service.engine.reading import Unreadable
from service.knowledge.tumor_terms import SYSTEMS

EXPLAIN = ("none", "brief", "full")
UNREADABLE = get_args(Unreadable)
#: What ``result`` may say; the last two are how laboratories say the first two.
RESULTS = ("detected", "not_detected", "indeterminate", "positive", "negative")
MAX_BIOMARKERS = 500
MAX_TEXT = 500


def unreadable_field() -> fields.String:
    """Return the field that says what happens to a biomarker that is not understood."""
    return fields.String(
        allow_none=True,
        validate=OneOf(UNREADABLE),
        metadata={
            "description": "What happens to a biomarker that is not understood: the request is "
            "refused, or it is set apart and the answer says so. JSON refuses when left out; "
            "files and documents set apart."
        },
    )


class Strict(CodedSchema):
    """A shape in which unknown fields are mistakes."""

    class Meta:
        unknown = RAISE


class TumorCodeSchema(Strict):
    """A tumour type as a code of a named system."""

    system = fields.String(required=True, validate=OneOf(SYSTEMS))
    code = fields.String(required=True, validate=Length(min=1, max=100))


class BiomarkerSchema(Strict):
    """One biomarker in fields; ``gene`` or ``alteration`` names the gene."""

    gene = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(max=100),
        metadata={"description": "Symbol or alias; may be left out where `alteration` names it."},
    )
    alteration = fields.String(
        load_default=None,
        allow_none=True,
        validate=Length(max=MAX_TEXT),
        metadata={"description": "What was found; a dash or `None` is an empty field, no result."},
    )
    result = fields.String(
        load_default=None,
        allow_none=True,
        validate=OneOf(RESULTS),
        metadata={"description": "`positive` is `detected`, `negative` is `not_detected`."},
    )
    assay = fields.String(load_default=None, allow_none=True, validate=Length(max=100))
    origin = fields.String(
        allow_none=True,
        validate=OneOf(("germline", "somatic", "unknown")),
        metadata={"description": "Germline variants are used for genes whose classes ask for it."},
    )

    @validates_schema
    def _check_names_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("gene") and not data.get("alteration"):
            raise ValidationError(Coded("Missing data for required field.", "required"), "gene")


_PatientFacts: type[Schema] = Strict.from_dict(
    {fact.name: fact_field(fact) for fact in PATIENT_FACTS}, name="PatientFacts"
)


class PatientSchema(_PatientFacts):  # type: ignore[misc, valid-type]
    """Clinical context; what is left out is unknown, never "no"."""

    prior_therapies = fields.List(
        fields.String(validate=Length(min=1, max=200)),
        allow_none=True,
        validate=Length(max=100),
        metadata={"description": "Drugs or drug groups; an empty list means none were given."},
    )
    conditions = fields.Dict(
        keys=fields.String(),
        values=YesNo(),
        allow_none=True,
        metadata={"description": "Yes/no facts that criteria ask for, see /v1/conditions."},
    )


class MatchRequestSchema(Strict):
    """A case."""

    tumor_type = TextOr(
        TumorCodeSchema,
        max_length=MAX_TEXT,
        required=True,
        metadata={"description": "OncoTree code, name, synonym, or {system, code}."},
    )
    biomarkers = fields.List(
        TextOr(BiomarkerSchema, max_length=MAX_TEXT),
        required=True,
        validate=Length(max=MAX_BIOMARKERS),
        metadata={"description": "Objects, or strings as a laboratory would print them."},
    )
    patient = fields.Nested(PatientSchema, allow_none=True)
    jurisdictions = fields.List(
        fields.String(validate=OneOf(JURISDICTIONS)),
        allow_none=True,
        metadata={"description": "Whose authorisations count; all when left out."},
    )
    as_of = Day(
        allow_none=True, metadata={"description": "Day of the question; today when left out."}
    )
    explain = fields.String(load_default="brief", validate=OneOf(EXPLAIN))
    unreadable = unreadable_field()


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


class CaseQuerySchema(MatchRequestSchema):
    """A case as a query string, in which no biomarker is an empty list."""

    biomarkers = fields.List(
        TextOr(BiomarkerSchema, max_length=MAX_TEXT),
        load_default=list,
        validate=Length(max=MAX_BIOMARKERS),
    )


def _kb_version() -> fields.String:
    return fields.String(
        allow_none=True,
        validate=Length(min=1, max=40),
        metadata={"description": "Which knowledge base answers; the current one when left out."},
    )


class VersionedRequestSchema(MatchRequestSchema):
    """A case, and by which version of the knowledge it is answered."""

    kb_version = _kb_version()


class VersionedQuerySchema(CaseQuerySchema):
    """The same as a query string."""

    kb_version = _kb_version()


class NormalizeRequestSchema(Strict):
    """A tumour type, biomarkers, or both, to be read."""

    tumor_type = TextOr(
        TumorCodeSchema,
        max_length=MAX_TEXT,
        metadata={"description": "OncoTree code, name, synonym, or {system, code}."},
    )
    biomarkers = fields.List(
        TextOr(BiomarkerSchema, max_length=MAX_TEXT),
        validate=Length(max=MAX_BIOMARKERS),
    )

    unreadable = unreadable_field()

    @validates_schema
    def has_something(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a request that asks nothing."""
        if not data.keys() & {"tumor_type", "biomarkers"}:
            raise ValidationError(
                Coded("Missing data for required field.", "required"), "biomarkers"
            )


class BatchCaseSchema(VersionedRequestSchema):
    """A case of a batch with the caller's identifier."""

    id = CaseId(
        allow_none=True,
        metadata={"description": "Given back as it came.", "type": ["string", "integer"]},
    )


class BatchRequestSchema(Strict):
    """A batch; each case is judged on its own."""

    cases = fields.List(Unread(BatchCaseSchema), required=True, validate=Length(max=1000))
    unreadable = unreadable_field()
