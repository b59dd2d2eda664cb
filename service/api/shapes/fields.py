"""The kinds of fields that requests have beyond marshmallow's own; JSON is taken at its word.

A number in quotes is text, ``"no"`` is no ``false``, and a day has one form.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.api.shapes.faults import Coded, OneOf, Range, out_of_range
from service.engine.patient_facts import PatientFact

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(text: str) -> dt.date | None:
    """Return the day of a text YYYY-MM-DD; ``None`` when it is none."""
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _wrong(message: str) -> ValidationError:
    return ValidationError(Coded(message, "invalid_type"))


class Day(fields.Date):
    """A day as YYYY-MM-DD, and in no other form of ISO 8601."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        day = parse_day(value) if isinstance(value, str) else None
        if day is None:
            raise _wrong("Not a valid day; it is written YYYY-MM-DD.")
        return day


class Number(fields.Float):
    """A JSON number; text is none."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class WholeNumber(fields.Integer):
    """A JSON number without a fraction; text is none."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class YesNo(fields.Boolean):
    """``true`` or ``false``; no word for them."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class TextOr(fields.Field[Any]):
    """A string, or an object of the given shape."""

    def __init__(
        self, schema: type[Schema], *, max_length: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.inner = schema()
        self.max_length = max_length

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            if not value.strip():
                raise ValidationError(out_of_range("Shorter than minimum length 1."))
            if self.max_length is not None and len(value) > self.max_length:
                message = f"Longer than maximum length {self.max_length}."
                raise ValidationError(out_of_range(message))
            return value
        if isinstance(value, dict):
            return self.inner.load(value)
        raise _wrong("Not a valid string or object.")


class CaseId(fields.Field[Any]):
    """The caller's identifier of a case: text or a whole number."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise _wrong("Not a valid identifier: text or a whole number.")
        return value


class Unread(fields.Raw):
    """A value that is documented in a shape and read later, so that its faults stay its own."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shape = schema()


def fact_field(fact: PatientFact) -> fields.Field[Any]:
    """Return the field of a plain fact about a patient; ``null`` is unknown."""
    if fact.kind == "word":
        return fields.String(allow_none=True, validate=OneOf(fact.words))
    number = WholeNumber if fact.kind == "whole" else Number
    return number(allow_none=True, validate=Range(min=fact.low, max=fact.high))


def text(**kwargs: Any) -> fields.String:
    """Return a required text of an answer."""
    return fields.String(required=True, **kwargs)


def maybe() -> fields.String:
    """Return a required text that may be null."""
    return fields.String(required=True, allow_none=True)


def texts(**kwargs: Any) -> fields.List[str]:
    """Return a required list of texts."""
    return fields.List(fields.String(), required=True, **kwargs)


def one_of(*words: str) -> fields.String:
    """Return a required text that is one of some words."""
    return fields.String(required=True, validate=validate.OneOf(words))
