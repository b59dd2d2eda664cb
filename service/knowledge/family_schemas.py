"""Shapes of families (how results are graded) and of laboratory tests of one marker."""

from __future__ import annotations

import re
from typing import get_args

from marshmallow import Schema, ValidationError, fields, validate

from service.engine.grading import Bare, Result
from service.knowledge.schema_fields import Id, optional_text, required_text, texts

_RESULT = validate.OneOf(get_args(Result))
_SCORE = validate.OneOf(("0", "1+", "2+", "3+"))
_WORDS = validate.Length(min=1)
#: How a test of the table is read; ``none``: known and not used, with the reason.
TEST_KINDS = (
    "ihc", "ish", "ish_ratio", "ish_copies", "status", "rearrangement", "variant_ihc", "mutations",
    "tps", "score", "none",
)  # fmt: skip
#: Words of a result that may be asked back: stains and sequences have two, any kind the third.
ASKED_BACK = ("positive", "negative", "detected")


class ScaleSchema(Schema):
    """A numeric scale: its words, unit and cut-offs."""

    name = required_text()
    words = texts()
    unit = fields.String(load_default="")
    unit_words = texts()
    ucum = fields.String(load_default="")
    unit_required = fields.Boolean(load_default=False)
    capped = fields.Boolean(load_default=False)
    joined = fields.Boolean(load_default=False)
    largest = fields.Float(load_default=100.0)
    positive_from = fields.Float(load_default=None, allow_none=True)
    called_positive_from = fields.Float(load_default=None, allow_none=True)
    called_high_from = fields.Float(load_default=None, allow_none=True)
    low_until = fields.Float(load_default=None, allow_none=True)
    out_of = fields.Integer(load_default=None, allow_none=True)
    categories = fields.List(
        fields.List(fields.Float(), validate=validate.Length(equal=2)), load_default=list
    )


class StatedStatusSchema(Schema):
    """A status in words, and the name of its finding."""

    label = required_text()
    values = fields.List(fields.String(), required=True)
    result = fields.String(required=True, validate=_RESULT)
    words = fields.List(fields.String(), required=True, validate=_WORDS)
    note = fields.String(load_default="")
    suggestions = texts()


class GroupSchema(Schema):
    """A dual-probe group that the stain decides."""

    positive = fields.List(fields.String(validate=_SCORE), required=True)
    negative = fields.List(fields.String(validate=_SCORE), required=True)


class ProbeSchema(Schema):
    """What in-situ hybridisation looks for, and its cut-offs."""

    target = fields.String(
        required=True, validate=validate.OneOf(("copies", "rearrangement", "none"))
    )
    ratio = fields.Float(load_default=None, allow_none=True)
    copies = fields.List(
        fields.Float(), load_default=lambda: [4.0, 6.0], validate=validate.Length(equal=2)
    )
    note = fields.String(load_default="")
    positive_from = fields.Float(load_default=None, allow_none=True)
    groups = fields.Dict(
        keys=fields.Integer(), values=fields.Nested(GroupSchema), load_default=dict
    )


class VariantStainSchema(Schema):
    """A stain that shows one variant."""

    variant = required_text()
    clones = fields.List(fields.String(), required=True, validate=_WORDS)


class SilenceSchema(Schema):
    """What a result without an assay leaves open, in words."""

    note = required_text()
    suggestions = fields.List(fields.String(), required=True, validate=_WORDS)


class StainedProteinsSchema(Schema):
    """Proteins whose stains together are the marker, and the words of their results."""

    proteins = fields.List(fields.String(), required=True, validate=_WORDS)
    lost = fields.List(fields.String(), required=True, validate=_WORDS)
    retained = fields.List(fields.String(), required=True, validate=_WORDS)
    lost_means = required_text()


class FamilySchema(Schema):
    """How results of the genes and markers of a family are graded."""

    id = fields.String(required=True, validate=Id)
    name = required_text()
    source = optional_text()
    gives = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(get_args(Bare))
    )
    scores = fields.Dict(
        keys=fields.String(validate=_SCORE),
        values=fields.String(validate=_RESULT),
        load_default=None,
        allow_none=True,
    )
    asks_back = fields.List(fields.String(validate=validate.OneOf(ASKED_BACK)), load_default=list)
    score_note = fields.String(load_default="")
    scales = fields.List(fields.Nested(ScaleSchema), load_default=list)
    unnamed_scale = texts()
    low_words = texts()
    clones = texts()
    statuses = fields.List(fields.Nested(StatedStatusSchema), load_default=list)
    probe = fields.Nested(ProbeSchema, load_default=None, allow_none=True)
    variant_stain = fields.Nested(VariantStainSchema, load_default=None, allow_none=True)
    membrane_scored = fields.Boolean(load_default=False)
    expression_word = fields.Boolean(load_default=False)
    number_is_score = fields.Boolean(load_default=False)
    expression_decides = fields.Boolean(load_default=True)
    assay = optional_text()
    has_loss = fields.Boolean(load_default=False)
    has_alleles = fields.Boolean(load_default=False)
    stained = fields.Nested(StainedProteinsSchema, load_default=None, allow_none=True)
    silence = fields.Nested(SilenceSchema, load_default=None, allow_none=True)


class WrittenSchema(Schema):
    """The finding whose test the code names when it is written."""

    kind = required_text()
    scale = fields.String(load_default="")
    display = fields.String(load_default="")


class MarkerTestSchema(Schema):
    """A laboratory test by its code: which gene, which assay, how its value is read.

    Without a gene a component names it; several genes are tested as one.
    """

    code = required_text()
    system = fields.String(required=True, validate=validate.OneOf(("loinc", "snomed")))
    kind = fields.String(required=True, validate=validate.OneOf(TEST_KINDS))
    genes = texts()
    alteration = fields.String(load_default="")
    reason = fields.String(load_default="")
    message = fields.String(load_default="")
    displays = texts()
    written = fields.Nested(WrittenSchema, load_default=None, allow_none=True)


def _check_pattern(pattern: str) -> None:
    """Refuse what is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValidationError(f"no regular expression: {error}") from error


class PhraseSchema(Schema):
    """A whole text that speaks about several genes or markers."""

    id = fields.String(required=True, validate=Id)
    means = fields.List(fields.String(), required=True, validate=_WORDS)
    patterns = fields.List(fields.String(validate=_check_pattern), required=True, validate=_WORDS)


class GeneGroupSchema(Schema):
    """A word that means one of several genes."""

    name = fields.String(required=True, validate=validate.Length(min=2, max=24))
    members = fields.List(fields.String(), required=True, validate=validate.Length(min=2, max=60))
    words = texts()
    protein_name = optional_text()
    sources = texts()
    notes = optional_text()
