"""The shape of a case as it was understood: tumour type and findings."""

from __future__ import annotations

from marshmallow import fields

from service.api.shapes.fields import TextOr, maybe, one_of, text, texts
from service.api.shapes.requests import Strict


class TumorTypeAnswerSchema(Strict):
    """The tumour type as it was understood."""

    code = text()
    name = text()
    lineage = texts()
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

    gene = text()
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
    status = one_of("recognized", "uncharacterized", "unresolved")
    oncogenicity = maybe()
    assay = maybe()
    values = texts()
    partner = maybe()


class NormalizedFindingSchema(FindingSchema):
    """A finding with the way by which the text became it."""

    understood_by = texts()


class CaseFindingSchema(FindingSchema):
    """A finding of an answer; with explain=full also the way by which the text became it."""

    understood_by = fields.List(fields.String())


class CaseAnswerSchema(Strict):
    """The case as it was understood."""

    tumor_type = fields.Nested(TumorTypeAnswerSchema, required=True)
    findings = fields.List(fields.Nested(CaseFindingSchema), required=True)
