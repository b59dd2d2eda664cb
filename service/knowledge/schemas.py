"""The shape of every record of the seed data (marshmallow): field names, types, allowed words.

Cross-record rules (does this class exist?) are in ``lint``. Unknown keys are refused everywhere.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.engine.assays import ASSAY_OF_KIND
from service.engine.authorisation import SILENT_EVENTS, STATUS_AFTER
from service.engine.levels import SUPPORT_APPLICABILITY

EFFECTS = ("sensitivity", "resistance", "no_benefit")
EVENT_TYPES = (*STATUS_AFTER, *sorted(SILENT_EVENTS))
SOURCE_KINDS = (
    "label", "approval_page", "press_release", "epar", "guideline", "paper", "federal_register",
    "news", "database", "specification",
)  # fmt: skip
VERIFICATIONS = ("opened", "corroborated", "recalled")
ONCOGENICITY = (
    "oncogenic", "likely_oncogenic", "likely_neutral", "neutral", "inconclusive", "resistance",
)  # fmt: skip
JURISDICTIONS = ("US", "EU")
AUTHORITIES = {"US": "FDA", "EU": "EMA"}

_Id = validate.Regexp(r"^[a-z0-9][a-z0-9.\-]*$")


def _required_text() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1))


def _optional_text() -> fields.String:
    return fields.String(load_default=None, allow_none=True)


def _texts() -> fields.List[str]:
    return fields.List(fields.String(), load_default=list)


class GeneSchema(Schema):
    """A gene or marker."""

    symbol = _required_text()
    name = fields.String(load_default="")
    hgnc = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"^HGNC:\d+$")
    )
    entrez = _optional_text()
    uniprot = _optional_text()
    aliases = _texts()
    protein_refseq = _optional_text()
    transcripts = _texts()
    exons = fields.Dict(
        keys=fields.Integer(),
        values=fields.List(fields.Integer(), validate=validate.Length(equal=2)),
        load_default=dict,
    )
    exons_source = _optional_text()
    kinase_domain = fields.List(
        fields.Integer(), load_default=None, allow_none=True, validate=validate.Length(equal=2)
    )
    kinase_domain_source = _optional_text()
    protein_name = _optional_text()
    negative_covers = fields.List(fields.String(), load_default=lambda: ["sequence_variant"])
    other_numberings = fields.List(fields.Dict(), load_default=list)


class CodingExonSchema(Schema):
    """The coding part of an exon, and where its first base lies in both assemblies."""

    exon = fields.Integer(required=True)
    first = fields.Integer(required=True)
    last = fields.Integer(required=True)
    grch37 = fields.Integer(required=True)
    grch38 = fields.Integer(required=True)


class CodingBasesSchema(Schema):
    """A run of the coding strand, and what it was read from."""

    first = fields.Integer(required=True)
    basis = fields.String(required=True, validate=validate.OneOf(("assembly", "transcript")))
    bases = fields.String(required=True, validate=validate.Regexp(r"^[ACGT ]+$"))


class CodonSchema(Schema):
    """One codon that follows from published changes (IUPAC letters)."""

    codon = fields.Integer(required=True)
    bases = fields.String(required=True, validate=validate.Regexp(r"^[ACGTNRYH]{3}$"))


class CodingSequenceSchema(Schema):
    """The coding sequence of a gene with its exons in both assemblies."""

    gene = _required_text()
    transcript = _required_text()
    chromosome = _required_text()
    strand = fields.String(required=True, validate=validate.OneOf(("+", "-")))
    sha256 = _required_text()
    exons = fields.List(fields.Nested(CodingExonSchema), required=True)
    bases = fields.List(fields.Nested(CodingBasesSchema), required=True)
    codons = fields.List(fields.Nested(CodonSchema), load_default=list)


class VariantSchema(Schema):
    """A curated variant with its oncogenicity."""

    gene = _required_text()
    variant = _required_text()
    oncogenicity = fields.String(required=True, validate=validate.OneOf(ONCOGENICITY))
    functional_class = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("I", "II", "III"))
    )
    structural_class = _optional_text()
    sources = _texts()
    notes = _optional_text()


class RuleSchema(Schema):
    """The rule of a biomarker class; which fields go together is checked by ``lint``."""

    variants = _texts()
    excluded_variants = _texts()
    positions = fields.List(fields.Integer(), load_default=list)
    region = fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=None)
    exons = fields.List(fields.Integer(), load_default=list)
    consequences = _texts()
    alts = _texts()
    net = fields.String(load_default=None, validate=validate.OneOf(("gain", "loss")))
    oncogenicity = _texts()
    any_mutation = fields.Boolean(load_default=False)
    fusion = fields.Boolean(load_default=False)
    copy_number = _texts()
    ihc = _texts()
    ish = _texts()
    status = _texts()
    score = fields.Dict(load_default=None)
    any_of = _texts()
    all_of = _texts()
    opposite = _optional_text()


class BiomarkerClassSchema(Schema):
    """A named set of alterations."""

    name = _required_text()
    gene = _optional_text()
    rule = fields.Nested(RuleSchema, required=True)
    description = fields.String(load_default="")
    source = _optional_text()


class StatusRowSchema(Schema):
    """One row of a status table."""

    ihc = _optional_text()
    ish = _optional_text()
    statuses = fields.List(fields.String(), required=True)
    discordant = fields.Boolean(load_default=False)


class StatusTableSchema(Schema):
    """From graded results to a status, for some tumour types."""

    id = fields.String(required=True, validate=_Id)
    gene = _required_text()
    applies_to = fields.List(fields.String(), required=True)
    source = _required_text()
    rows = fields.List(fields.Nested(StatusRowSchema), required=True)
    counts_sequencing = fields.Boolean(load_default=False)


class TumorTypeSchema(Schema):
    """An OncoTree node."""

    code = _required_text()
    name = _required_text()
    parent = _optional_text()
    tissue = _optional_text()
    ncit = _optional_text()
    umls = _optional_text()


class TumorGroupSchema(Schema):
    """A group above the tissues (TISSUE, SOLID, BLOOD)."""

    code = _required_text()
    name = _required_text()
    parent = _optional_text()
    members = _texts()


class TumorSynonymSchema(Schema):
    """Another word for a tumour type."""

    term = _required_text()
    code = _required_text()


class TumorCodeSchema(Schema):
    """A code of another system and the tumour types it may mean."""

    system = _required_text()
    code = _required_text()
    topography = _optional_text()
    candidates = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    source = _required_text()


class DrugSchema(Schema):
    """An active substance or a drug group."""

    name = _required_text()
    kind = fields.String(required=True, validate=validate.OneOf(("drug", "group")))
    rxnorm = _optional_text()
    ncit = _optional_text()
    brands = _texts()
    groups = _texts()
    aliases = _texts()
    notes = _optional_text()


class EndpointSchema(Schema):
    """One number of a study."""

    endpoint = _required_text()
    arm = _optional_text()
    comparator = _optional_text()
    population = _optional_text()
    value = fields.Float(load_default=None, allow_none=True)
    unit = _optional_text()
    ci_low = fields.Float(load_default=None, allow_none=True)
    ci_high = fields.Float(load_default=None, allow_none=True)
    ci_level = fields.Float(load_default=None, allow_none=True)
    n = fields.Integer(load_default=None, allow_none=True)
    note = _optional_text()


class StudySchema(Schema):
    """A study and its results."""

    id = fields.String(required=True, validate=_Id)
    name = _required_text()
    nct = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^NCT\d{8}$"))
    pmid = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^\d{5,9}$"))
    phase = _optional_text()
    design = _optional_text()
    arms = _texts()
    n = fields.Integer(load_default=None, allow_none=True)
    result = _optional_text()
    endpoints = fields.List(fields.Nested(EndpointSchema), load_default=list)


class SourceSchema(Schema):
    """A document that facts were taken from."""

    id = fields.String(required=True, validate=_Id)
    kind = fields.String(required=True, validate=validate.OneOf(SOURCE_KINDS))
    title = _required_text()
    publisher = _optional_text()
    url = fields.Url(load_default=None, allow_none=True, schemes={"http", "https"})
    pmid = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"^\d{5,9}$"))
    accessed_on = fields.Date(load_default=None, allow_none=True)
    verification = fields.String(required=True, validate=validate.OneOf(VERIFICATIONS))


class ClaimSchema(Schema):
    """What a companion diagnostic is approved to select for."""

    drug = _required_text()
    biomarker = _required_text()


class DiagnosticSchema(Schema):
    """A companion diagnostic device."""

    id = fields.String(required=True, validate=_Id)
    name = _required_text()
    maker = _optional_text()
    pma = _optional_text()
    specimen = _optional_text()
    technology = _optional_text()
    claims = fields.List(fields.Nested(ClaimSchema), load_default=list)
    source = _optional_text()


class ConditionSchema(Schema):
    """A yes/no clinical fact that criteria may ask for."""

    name = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]*$"))
    description = _required_text()


class AssayMethodSchema(Schema):
    """A way of measuring biomarkers: one gene at a time, or a panel of them."""

    id = fields.String(required=True, validate=_Id)
    name = _required_text()
    technology = _required_text()
    scope = fields.String(required=True, validate=validate.OneOf(("panel", "gene")))
    measures = fields.List(
        fields.String(validate=validate.OneOf(tuple(ASSAY_OF_KIND))),
        required=True,
        validate=validate.Length(min=1),
    )
    specimen = _required_text()
    typical_days = fields.List(
        fields.Integer(validate=validate.Range(min=0, max=90)),
        required=True,
        validate=validate.Length(equal=2),
    )
    source = _required_text()


class EscatSchema(Schema):
    """The tier that a published source gives a biomarker in a tumour type."""

    biomarker = _required_text()
    tumor_type = _required_text()
    tier = fields.String(
        required=True,
        validate=validate.Regexp(r"^(I-[ABC]|II-[AB]|III-[ABC]|IV-[AB]|V|X)$"),
    )
    source = _required_text()
    where = _required_text()


class EventSchema(Schema):
    """One dated step of an authorisation."""

    date = fields.Date(required=True)
    type = fields.String(required=True, validate=validate.OneOf(EVENT_TYPES))
    source = _required_text()
    note = fields.String(load_default="")
    by = _optional_text()


class EvidenceSchema(Schema):
    """A study behind an assertion."""

    study = _required_text()


class CitationSchema(Schema):
    """A source and where in it the fact stands."""

    id = _required_text()
    where = _required_text()


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
    companion_diagnostics = _texts()
    sources = fields.List(
        fields.Nested(CitationSchema), required=True, validate=validate.Length(min=1)
    )
    reviewed_on = fields.Date(required=True)
    formulation = _optional_text()
    preferred_by = _optional_text()
    test_required = fields.Boolean(load_default=True)
    notes = _optional_text()


SCHEMAS: dict[str, Schema] = {
    "genes": GeneSchema(),
    "coding_sequences": CodingSequenceSchema(),
    "variants": VariantSchema(),
    "biomarker_classes": BiomarkerClassSchema(),
    "status_tables": StatusTableSchema(),
    "tumor_types": TumorTypeSchema(),
    "tumor_groups": TumorGroupSchema(),
    "tumor_synonyms": TumorSynonymSchema(),
    "tumor_codes": TumorCodeSchema(),
    "drugs": DrugSchema(),
    "studies": StudySchema(),
    "sources": SourceSchema(),
    "diagnostics": DiagnosticSchema(),
    "conditions": ConditionSchema(),
    "assay_methods": AssayMethodSchema(),
    "escat": EscatSchema(),
}
ASSERTION = AssertionSchema()


def load_record(schema: Schema, data: Any) -> tuple[dict[str, Any] | None, Any]:
    """Return a record in its validated shape, or ``None`` and the messages by field."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        return None, error.normalized_messages()  # type: ignore[no-untyped-call]
    return loaded, {}
