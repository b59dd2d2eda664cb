"""The shape of tumour types, their groups, words and codes in other systems."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.knowledge.schema_fields import optional_text, required_text, texts
from service.knowledge.tumor_lexicon import LANGUAGES, WORD_ROLES


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
