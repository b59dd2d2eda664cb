"""The shapes of CDS Hooks requests; what clients add to them (extensions) is left alone.

Source: CDS Hooks 2.0, "HTTP Request", "Feedback"; the contexts of the three hooks in its library.
"""

from __future__ import annotations

import re
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from service.api.shapes.faults import Coded, CodedSchema, Length, OneOf

MAX_ITEMS = 200
_TEXT = Length(min=1, max=1000)
#: Of FHIR: 1 to 64 letters, digits, hyphens and dots; some servers take more.
_ID = validate.Regexp(
    re.compile(r"[A-Za-z0-9\-._~:]{1,128}\Z"),
    error=Coded("Not a valid identifier.", "invalid_type"),
)
_WHEN = validate.Regexp(
    re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})\Z", re.ASCII),
    error=Coded(
        "Not a valid time; it is written as in ISO 8601, with a time zone.", "invalid_type"
    ),
)


class Open(CodedSchema):
    """A shape that others may extend."""

    class Meta:
        unknown = EXCLUDE


class PatientViewSchema(Open):
    """The context of ``patient-view``."""

    userId = fields.String(required=True, validate=_TEXT)  # noqa: N815 - the name of the format
    patientId = fields.String(required=True, validate=_ID)  # noqa: N815


class OrderSignSchema(PatientViewSchema):
    """The context of ``order-sign``."""

    draftOrders = fields.Dict(required=True)  # noqa: N815


class OrderSelectSchema(OrderSignSchema):
    """The context of ``order-select``."""

    selections = fields.List(
        fields.String(validate=_TEXT), required=True, validate=Length(max=MAX_ITEMS)
    )


CONTEXTS: dict[str, type[Schema]] = {
    "patient-view": PatientViewSchema,
    "order-select": OrderSelectSchema,
    "order-sign": OrderSignSchema,
}


class HookRequestSchema(Open):
    """A call of a service. ``fhirServer`` and its token are not read: nothing is fetched."""

    hook = fields.String(required=True, validate=OneOf(tuple(CONTEXTS)))
    hookInstance = fields.String(required=True, validate=_TEXT)  # noqa: N815
    context = fields.Dict(required=True, keys=fields.String())
    prefetch = fields.Dict(load_default=dict, allow_none=True, keys=fields.String())

    @validates_schema(skip_on_field_errors=False)
    def _check_context(self, data: dict[str, Any], **_: Any) -> None:
        shape = CONTEXTS.get(data.get("hook", ""))
        context = data.get("context")
        messages = shape().validate(context) if shape and context is not None else {}
        if messages:
            raise ValidationError({"context": messages})


class ReasonCodeSchema(Open):
    """A coded reason."""

    code = fields.String(required=True, validate=_TEXT)
    system = fields.String(allow_none=True)


class OverrideReasonSchema(Open):
    """Why a card was overridden. The comment is not even loaded."""

    reason = fields.Nested(ReasonCodeSchema, allow_none=True, load_default=None)


class FeedbackItemSchema(Open):
    """What became of one card."""

    card = fields.String(required=True, validate=_TEXT)
    outcome = fields.String(required=True, validate=OneOf(("accepted", "overridden")))
    acceptedSuggestions = fields.List(  # noqa: N815
        fields.Dict(), load_default=list, validate=Length(max=MAX_ITEMS)
    )
    overrideReason = fields.Nested(  # noqa: N815
        OverrideReasonSchema, allow_none=True, load_default=None
    )
    outcomeTimestamp = fields.String(required=True, validate=_WHEN)  # noqa: N815


class FeedbackSchema(Open):
    """Feedback on cards of a service."""

    feedback = fields.List(
        fields.Nested(FeedbackItemSchema),
        required=True,
        validate=Length(min=1, max=MAX_ITEMS),
    )
