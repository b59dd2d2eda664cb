"""The shape of every record of the seed data (marshmallow): field names, types, allowed words.

Cross-record rules (does this class exist?) are in ``lint``. Unknown keys are refused everywhere.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.engine.assays import ASSAY_OF_KIND
from service.engine.authorisation import SILENT_EVENTS, STATUS_AFTER
from service.engine.jurisdictions import AUTHORITIES, JURISDICTIONS
from service.engine.levels import SUPPORT_APPLICABILITY
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
from service.knowledge.tumor_lexicon import LANGUAGES, WORD_ROLES
from service.knowledge.watch import DUE_KINDS
from service.knowledge.watch import KINDS as WATCH_KINDS

EFFECTS = ("sensitivity", "resistance", "no_benefit")
EVENT_TYPES = (*STATUS_AFTER, *sorted(SILENT_EVENTS))
#: What the day of an event is: that of the decision, of its announcement, the last possible one,
#: one that was computed, or one that was remembered.
PRECISIONS = ("decision", "announced", "at_latest", "computed", "recalled")
SOURCE_KINDS = (
    "label", "approval_page", "press_release", "epar", "guideline", "paper", "federal_register",
    "news", "database", "specification",
)  # fmt: skip
VERIFICATIONS = ("opened", "corroborated", "recalled")


class TumorTypeSchema(Schema):
    """An OncoTree node."""

    code = required_text()
    name = required_text()
    parent = optional_text()
    tissue = optional_text()
    ncit = optional_text()
    umls = optional_text()
    may_be = texts()


class TumorGroupSchema(Schema):
    """A group above the tissues (TISSUE, SOLID, BLOOD)."""

    code = required_text()
    name = required_text()
    parent = optional_text()
    members = texts()


class TumorSynonymSchema(Schema):
    """Another word for a tumour type."""

    term = required_text()
    code = required_text()


class TumorCodeSchema(Schema):
    """A code of another system and the tumour types it may mean."""

    system = required_text()
    code = required_text()
    topography = optional_text()
    candidates = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    biomarkers = texts()
    source = required_text()
    is_equal = fields.Boolean(load_default=False)


class TumorWordSchema(Schema):
    """A word of tumour texts that OncoTree's names do not hold: what it is, and in English."""

    word = required_text()
    role = fields.String(required=True, validate=validate.OneOf(WORD_ROLES))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    means = optional_text()
    under = texts()


class TumorAmbiguousSchema(Schema):
    """A term or OncoTree code that means several types when it stands in a text."""

    term = required_text()
    candidates = fields.List(fields.String(), required=True, validate=validate.Length(min=2))


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


class EventSchema(Schema):
    """One dated step of an authorisation."""

    date = fields.Date(required=True)
    type = fields.String(required=True, validate=validate.OneOf(EVENT_TYPES))
    source = required_text()
    note = fields.String(load_default="")
    reason = fields.String(load_default="")
    by = optional_text()
    precision = fields.String(load_default="decision", validate=validate.OneOf(PRECISIONS))


class EvidenceSchema(Schema):
    """A study behind an assertion.

    ``population`` names the one whose figures are its own; ``result`` tells the study's result for
    this assertion, where that of the study as a whole speaks of another arm or population.
    """

    study = required_text()
    population = optional_text()
    result = optional_text()


class CitationSchema(Schema):
    """A source and where in it the fact stands."""

    id = required_text()
    where = required_text()


class ReplacedSchema(Schema):
    """A regimen whose place this one took, and the source that says so."""

    regimen = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    source = required_text()


class AssertionSchema(Schema):
    """One curated statement."""

    id = fields.String(required=True, validate=validate.Regexp(r"^A\d{4}$"))
    regimen = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    effect = fields.String(required=True, validate=validate.OneOf(EFFECTS))
    jurisdiction = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(JURISDICTIONS)
    )
    authority = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(tuple(AUTHORITIES.values()))
    )
    support = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(tuple(SUPPORT_APPLICABILITY))
    )
    statement = fields.String(required=True, validate=validate.Length(min=20, max=400))
    criteria = fields.Dict(required=True)
    events = fields.List(fields.Nested(EventSchema), load_default=list)
    evidence = fields.List(fields.Nested(EvidenceSchema), load_default=list)
    companion_diagnostics = fields.List(
        fields.String(),
        load_default=list,
        validate=validate.Length(max=0, error="it follows from the claims of diagnostics.yaml"),
    )
    sources = fields.List(
        fields.Nested(CitationSchema), required=True, validate=validate.Length(min=1)
    )
    reviewed_on = fields.Date(required=True)
    formulation = optional_text()
    preferred_by = optional_text()
    replaces = fields.List(fields.Nested(ReplacedSchema), load_default=list)
    known_since = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(min=1980, max=2100)
    )
    test_required = fields.Boolean(load_default=True)
    notes = optional_text()


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
ASSERTION = AssertionSchema()


def load_record(schema: Schema, data: Any) -> tuple[dict[str, Any] | None, Any]:
    """Return a record in its validated shape, or ``None`` and the messages by field."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        return None, error.normalized_messages()  # type: ignore[no-untyped-call]
    return loaded, {}
