"""The shape of an assertion: its regimen and effect, dated events, evidence and sources."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.engine.authorisation import SILENT_EVENTS, STATUS_AFTER
from service.engine.jurisdictions import AUTHORITIES, JURISDICTIONS
from service.engine.levels import SUPPORT_APPLICABILITY
from service.knowledge.schema_fields import optional_text, required_text

EFFECTS = ("sensitivity", "resistance", "no_benefit")

EVENT_TYPES = (*STATUS_AFTER, *sorted(SILENT_EVENTS))

#: What the day of an event is: that of the decision, of its announcement, the last possible one,
#: one that was computed, or one that was remembered.
PRECISIONS = ("decision", "announced", "at_latest", "computed", "recalled")


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


ASSERTION = AssertionSchema()
