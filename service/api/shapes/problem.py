"""The shape of a problem (RFC 9457) and of one fault in it."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields


class FaultSchema(Schema):
    """One mistake of a request."""

    class Meta:
        unknown = RAISE

    pointer = fields.String(
        required=True,
        metadata={
            "description": (
                "JSON pointer into the body; or ?parameter of the query, followed by /1 for the "
                "second value (counted from 0) of one that is repeated"
            )
        },
    )
    code = fields.String(required=True)
    message = fields.String(required=True)
    suggestions = fields.List(fields.String(), required=True)


class ProblemSchema(Schema):
    """An RFC 9457 problem."""

    class Meta:
        unknown = RAISE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema), required=True)
