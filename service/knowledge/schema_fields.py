"""Field makers that the shapes of all records share."""

from __future__ import annotations

from marshmallow import fields, validate

Id = validate.Regexp(r"^[a-z0-9][a-z0-9.\-]*$")


def required_text() -> fields.String:
    """Return a text that must stand there and not be empty."""
    return fields.String(required=True, validate=validate.Length(min=1))


def optional_text() -> fields.String:
    """Return a text that may be left out."""
    return fields.String(load_default=None, allow_none=True)


def texts() -> fields.List[str]:
    """Return a list of texts that may be left out."""
    return fields.List(fields.String(), load_default=list)
