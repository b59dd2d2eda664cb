"""The shape of every record of the seed data (marshmallow): field names, types, allowed words.

Cross-record rules (does this class exist?) are in ``lint``. Unknown keys are refused everywhere.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.engine.assays import ASSAY_OF_KIND
from service.engine.jurisdictions import JURISDICTIONS
from service.knowledge.family_schemas import (
    FamilySchema,
    GeneGroupSchema,
    MarkerTestSchema,
    PhraseSchema,
)
from service.knowledge.gene_schemas import (
    BiomarkerClassSchema,
    CodingSequenceSchema,
    FusionPartnerSchema,
    GeneSchema,
    KaryotypeSchema,
    PanelGeneSchema,
    StatusTableSchema,
    VariantSchema,
)
from service.knowledge.schema_fields import Id, optional_text, required_text, texts
from service.knowledge.tumor_schemas import (
    TumorAmbiguousSchema,
    TumorCodeSchema,
    TumorGroupSchema,
    TumorSynonymSchema,
    TumorTypeSchema,
    TumorWordSchema,
)
from service.knowledge.watch import DUE_KINDS
from service.knowledge.watch import KINDS as WATCH_KINDS

SOURCE_KINDS = (
    "label", "approval_page", "press_release", "epar", "guideline", "paper", "federal_register",
    "news", "database", "specification",
)  # fmt: skip
VERIFICATIONS = ("opened", "corroborated", "recalled")


class BoxedWarningSchema(Schema):
    """What the boxed warning of a label says, as short facts; none when the label has no box."""

    jurisdiction = fields.String(required=True, validate=validate.OneOf(JURISDICTIONS))
    facts = fields.List(fields.String(validate=validate.Length(min=5, max=160)), required=True)
    source = required_text()
    where = required_text()


class DrugSchema(Schema):
    """An active substance or a drug group."""

    name = required_text()
    kind = fields.String(required=True, validate=validate.OneOf(("drug", "group")))
    rxnorm = optional_text()
    ncit = optional_text()
    codes_source = texts()
    brands = texts()
    groups = texts()
    targets = fields.List(fields.String(), load_default=None, allow_none=True)
    aliases = texts()
    boxed_warning = fields.Nested(BoxedWarningSchema, load_default=None, allow_none=True)
    notes = optional_text()


class EndpointSchema(Schema):
    """One number of a study."""

    endpoint = required_text()
    arm = optional_text()
    comparator = optional_text()
    population = optional_text()
    value = fields.Float(load_default=None, allow_none=True)
    unit = optional_text()
    ci_low = fields.Float(load_default=None, allow_none=True)
    ci_high = fields.Float(load_default=None, allow_none=True)
    ci_level = fields.Float(load_default=None, allow_none=True)
    n = fields.Integer(load_default=None, allow_none=True)
    note = optional_text()


class StudySchema(Schema):
    """A study and its results."""

    id = fields.String(required=True, validate=Id)
    name = required_text()
    nct = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^NCT\d{8}$"))
    pmid = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^\d{5,9}$"))
    phase = optional_text()
    design = optional_text()
    arms = texts()
    n = fields.Integer(load_default=None, allow_none=True)
    result = optional_text()
    endpoints = fields.List(fields.Nested(EndpointSchema), load_default=list)


class SourceSchema(Schema):
    """A document that facts were taken from."""

    id = fields.String(required=True, validate=Id)
    kind = fields.String(required=True, validate=validate.OneOf(SOURCE_KINDS))
    title = required_text()
    publisher = optional_text()
    url = fields.Url(load_default=None, allow_none=True, schemes={"http", "https"})
    pmid = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^\d{5,9}$"))
    accessed_on = fields.Date(load_default=None, allow_none=True)
    verification = fields.String(required=True, validate=validate.OneOf(VERIFICATIONS))


class ClaimSchema(Schema):
    """What a companion diagnostic is approved to select for."""

    drug = required_text()
    biomarker = required_text()
    tumor_types = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    approved_on = fields.Date(load_default=None, allow_none=True)
    source = optional_text()


class DiagnosticSchema(Schema):
    """A companion diagnostic device."""

    id = fields.String(required=True, validate=Id)
    name = required_text()
    maker = optional_text()
    pma = optional_text()
    jurisdiction = fields.String(required=True, validate=validate.OneOf(JURISDICTIONS))
    specimen = optional_text()
    technology = optional_text()
    claims = fields.List(fields.Nested(ClaimSchema), load_default=list)
    source = optional_text()


class ConditionSchema(Schema):
    """A yes/no clinical fact that criteria may ask for."""

    name = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]*$"))
    description = required_text()


class AssayMethodSchema(Schema):
    """A way of measuring biomarkers: one gene at a time, or a panel of them."""

    id = fields.String(required=True, validate=Id)
    name = required_text()
    technology = required_text()
    scope = fields.String(required=True, validate=validate.OneOf(("panel", "gene")))
    measures = fields.List(
        fields.String(validate=validate.OneOf(tuple(ASSAY_OF_KIND))),
        required=True,
        validate=validate.Length(min=1),
    )
    specimen = required_text()
    typical_days = fields.List(
        fields.Integer(validate=validate.Range(min=0, max=90)),
        required=True,
        validate=validate.Length(equal=2),
    )
    source = required_text()


class EscatSchema(Schema):
    """The tier that a published source gives a biomarker in a tumour type."""

    biomarker = required_text()
    tumor_type = required_text()
    tier = fields.String(
        required=True,
        validate=validate.Regexp(r"^(I-[ABC]|II-[AB]|III-[ABC]|IV-[AB]|V|X)$"),
    )
    source = required_text()
    where = required_text()


class WatchSchema(Schema):
    """Something that is expected: an application under review, or a read-out."""

    id = fields.String(required=True, validate=Id)
    kind = fields.String(required=True, validate=validate.OneOf(WATCH_KINDS))
    what = required_text()
    drugs = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    jurisdiction = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(JURISDICTIONS)
    )
    due = fields.Date(required=True)
    due_kind = fields.String(required=True, validate=validate.OneOf(DUE_KINDS))
    source = required_text()
    checked_on = fields.Date(required=True)
    answered_on = fields.Date(load_default=None, allow_none=True)
    answer = optional_text()
    assertion = optional_text()


SCHEMAS: dict[str, Schema] = {
    "families": FamilySchema(),
    "genes": GeneSchema(),
    "marker_tests": MarkerTestSchema(),
    "phrases": PhraseSchema(),
    "gene_groups": GeneGroupSchema(),
    "coding_sequences": CodingSequenceSchema(),
    "fusion_partners": FusionPartnerSchema(),
    "karyotypes": KaryotypeSchema(),
    "panel_genes": PanelGeneSchema(),
    "variants": VariantSchema(),
    "biomarker_classes": BiomarkerClassSchema(),
    "status_tables": StatusTableSchema(),
    "tumor_types": TumorTypeSchema(),
    "tumor_groups": TumorGroupSchema(),
    "tumor_synonyms": TumorSynonymSchema(),
    "tumor_codes": TumorCodeSchema(),
    "tumor_words": TumorWordSchema(),
    "tumor_ambiguous": TumorAmbiguousSchema(),
    "drugs": DrugSchema(),
    "studies": StudySchema(),
    "sources": SourceSchema(),
    "diagnostics": DiagnosticSchema(),
    "conditions": ConditionSchema(),
    "assay_methods": AssayMethodSchema(),
    "escat": EscatSchema(),
    "watch": WatchSchema(),
}


def load_record(schema: Schema, data: Any) -> tuple[dict[str, Any] | None, Any]:
    """Return a record in its validated shape, or ``None`` and the messages by field."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        return None, error.normalized_messages()  # type: ignore[no-untyped-call]
    return loaded, {}
