"""The shape of the records about genes: variants, coding sequences, classes, status tables."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.knowledge.schema_fields import Id, optional_text, required_text, texts

ONCOGENICITY = (
    "oncogenic", "likely_oncogenic", "likely_neutral", "neutral", "inconclusive", "resistance",
)  # fmt: skip
_PAIR = validate.Length(equal=2)


class NumberingSchema(Schema):
    """Another numbering of a protein, and the accessions that use it."""

    name = required_text()
    offset = fields.Integer(required=True)
    protein = fields.String(load_default="")
    references = texts()


class NamedChangeSchema(Schema):
    """A structural change that has a name, by its exons and the words of reports."""

    name = required_text()
    words = texts()
    deleted = fields.List(fields.List(fields.Integer(), validate=_PAIR), load_default=list)
    duplicated = fields.List(fields.List(fields.Integer(), validate=_PAIR), load_default=list)


class GeneSchema(Schema):
    """A gene or marker."""

    symbol = required_text()
    name = fields.String(load_default="")
    hgnc = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"^HGNC:\d+$")
    )
    entrez = optional_text()
    uniprot = optional_text()
    aliases = texts()
    protein_refseq = optional_text()
    transcripts = texts()
    exons = fields.Dict(
        keys=fields.Integer(),
        values=fields.List(fields.Integer(), validate=validate.Length(equal=2)),
        load_default=dict,
    )
    exons_source = optional_text()
    kinase_domain = fields.List(
        fields.Integer(), load_default=None, allow_none=True, validate=validate.Length(equal=2)
    )
    kinase_domain_source = optional_text()
    protein_name = optional_text()
    in_blood = optional_text()
    symbol_is_sequenced = fields.Boolean(load_default=False)
    negative_covers = fields.List(fields.String(), load_default=lambda: ["sequence_variant"])
    other_numberings = fields.List(fields.Nested(NumberingSchema), load_default=list)
    fusion_end = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("3prime", "5prime", "either"))
    )
    named_changes = fields.List(fields.Nested(NamedChangeSchema), load_default=list)
    itd_region = fields.List(fields.Integer(), load_default=None, allow_none=True, validate=_PAIR)
    skipped_exons = fields.List(fields.Integer(), load_default=list)
    last_lof_codon = fields.Integer(load_default=None, allow_none=True)
    last_lof_codon_source = optional_text()
    families = texts()


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

    gene = required_text()
    transcript = required_text()
    chromosome = required_text()
    strand = fields.String(required=True, validate=validate.OneOf(("+", "-")))
    sha256 = required_text()
    exons = fields.List(fields.Nested(CodingExonSchema), required=True)
    bases = fields.List(fields.Nested(CodingBasesSchema), required=True)
    codons = fields.List(fields.Nested(CodonSchema), load_default=list)


class KaryotypeSchema(Schema):
    """Texts of cytogenetics that stand for one fusion, or for a change of copies."""

    name = required_text()
    gene = required_text()
    partner = optional_text()
    gene_is_first = fields.Boolean(load_default=False)
    copy_number = optional_text()
    texts = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


class PanelGeneSchema(Schema):
    """A gene, group or marker of usual panels that is listed beside others."""

    symbol = required_text()


class FusionPartnerSchema(Schema):
    """A gene that recurs as a fusion partner, and where it lies in both assemblies."""

    symbol = required_text()
    aliases = texts()
    chromosome = required_text()
    strand = fields.String(required=True, validate=validate.OneOf(("+", "-")))
    grch37 = fields.List(fields.Integer(), required=True, validate=validate.Length(equal=2))
    grch38 = fields.List(fields.Integer(), required=True, validate=validate.Length(equal=2))


class VariantSchema(Schema):
    """A curated variant with its oncogenicity."""

    gene = required_text()
    variant = required_text()
    oncogenicity = fields.String(required=True, validate=validate.OneOf(ONCOGENICITY))
    functional_class = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("I", "II", "III"))
    )
    structural_class = optional_text()
    sources = texts()
    notes = optional_text()


class RuleSchema(Schema):
    """The rule of a biomarker class; which fields go together is checked by ``lint``."""

    variants = texts()
    excluded_variants = texts()
    included_variants = texts()
    counts_unspecified = fields.Boolean(load_default=False)
    positions = fields.List(fields.Integer(), load_default=list)
    region = fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=None)
    exons = fields.List(fields.Integer(), load_default=list)
    consequences = texts()
    alts = texts()
    net = fields.String(load_default=None, validate=validate.OneOf(("gain", "loss")))
    oncogenicity = texts()
    skips_exon = fields.Integer(load_default=None, allow_none=True)
    coding_windows = texts()
    deleterious = fields.Boolean(load_default=False)
    origin = fields.String(load_default=None, validate=validate.OneOf(("germline", "somatic")))
    hits = fields.Integer(load_default=1, validate=validate.Range(min=1, max=2))
    any_mutation = fields.Boolean(load_default=False)
    fusion = fields.Boolean(load_default=False)
    copy_number = texts()
    ihc = texts()
    ish = texts()
    status = texts()
    score = fields.Dict(load_default=None)
    alleles = texts()
    any_of = texts()
    all_of = texts()
    opposite = optional_text()


class BiomarkerClassSchema(Schema):
    """A named set of alterations."""

    name = required_text()
    gene = optional_text()
    rule = fields.Nested(RuleSchema, required=True)
    description = fields.String(load_default="")
    source = optional_text()
    absence = fields.Boolean(load_default=False)
    reported_as = texts()
    loosely_reported_as = texts()
    otherwise_reported_as = texts()


class StatusRowSchema(Schema):
    """One row of a status table."""

    ihc = optional_text()
    ish = optional_text()
    statuses = fields.List(fields.String(), required=True)
    discordant = fields.Boolean(load_default=False)


class StatusTableSchema(Schema):
    """From graded results to a status, for some tumour types."""

    id = fields.String(required=True, validate=Id)
    gene = required_text()
    applies_to = fields.List(fields.String(), required=True)
    source = required_text()
    rows = fields.List(fields.Nested(StatusRowSchema), required=True)
    counts_sequencing = fields.Boolean(load_default=False)
