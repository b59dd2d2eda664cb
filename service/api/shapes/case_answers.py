"""The shape of a case as it was understood: tumour type and findings."""

from __future__ import annotations

from marshmallow import fields, validate

from service.api.shapes.fields import TextOr, maybe, one_of, text, texts
from service.api.shapes.requests import Strict
from service.engine.reading import REASONS


class TumorTypeAnswerSchema(Strict):
    """The tumour type as it was understood."""

    code = text()
    name = text()
    lineage = texts()
    resolved_by = fields.String(
        required=True,
        metadata={
            "description": "code, name, synonym or the code system with explain=full and on "
            "/v1/normalize; else code, so that the bytes do not depend on the words; report when "
            "it was lifted out of a report."
        },
    )
    set_aside = fields.List(
        fields.String(),
        metadata={"description": "With explain=full: words of stage, course and biomarkers."},
    )


class EchoedBiomarkerSchema(Strict):
    """A biomarker as it was given."""

    gene = fields.String(allow_none=True)
    alteration = fields.String(allow_none=True)
    result = fields.String(allow_none=True)
    assay = fields.String(allow_none=True)
    origin = fields.String(allow_none=True)


class FindingSchema(Strict):
    """A finding as it was understood."""

    input_index = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Null for a biomarker that stood in the tumour type."},
    )
    input = TextOr(EchoedBiomarkerSchema, required=True)
    gene = text()
    hgnc_id = maybe()
    kind = one_of(
        "sequence_variant", "fusion", "copy_number", "expression", "in_situ_hybridization", "status"
    )
    result = one_of("detected", "not_detected", "indeterminate")
    name = text()
    hgvs_p = maybe()
    hgvs_p_short = maybe()
    consequence = maybe()
    classes = texts()
    status = one_of("recognized", "uncharacterized", "unresolved", "not_covered")
    oncogenicity = maybe()
    assay = maybe()
    values = texts()
    partner = maybe()
    reported_as = fields.String(
        metadata={"description": "What the report calls an exact variant, when it says so."}
    )
    origin = fields.String(
        validate=validate.OneOf(("germline", "somatic")),
        metadata={"description": "Where a variant comes from, when it says so and a class asks."},
    )
    one_of = fields.List(
        fields.String(),
        metadata={
            "description": "Genes one of which was found; `gene` is the word for them (RAS)."
        },
    )


class NormalizedFindingSchema(FindingSchema):
    """A finding with the way by which the text became it."""

    understood_by = texts()


class CaseFindingSchema(FindingSchema):
    """A finding of an answer; with explain=full also the way by which the text became it."""

    understood_by = fields.List(fields.String())


class NotCoveredSchema(Strict):
    """Genes and markers of the case about which nothing is curated; they decide nothing."""

    count = fields.Integer(required=True)
    genes = texts()


class CaseAnswerSchema(Strict):
    """The case as it was understood."""

    tumor_type = fields.Nested(TumorTypeAnswerSchema, required=True)
    findings = fields.List(fields.Nested(CaseFindingSchema), required=True)
    not_covered = fields.Nested(NotCoveredSchema, required=True)


class SetApartSchema(Strict):
    """What was not used, for one reason: grouped, or with ``explain=full`` each at its place."""

    reason = one_of(*sorted(REASONS))
    gene = maybe()
    count = fields.Integer(
        metadata={"description": "Of a group; with explain=full of those beyond the first 100."}
    )
    place = fields.String(
        metadata={"description": "JSON pointer, maf:3:HGVSp_Short, line 4; with explain=full."}
    )
    text = fields.String(metadata={"description": "What stood there; with explain=full."})
