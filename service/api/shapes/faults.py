"""The messages of marshmallow with the code of the contract that each stands for.

A message is a text that carries its code, so that nobody reads the code out of its words. Fields
get theirs when a schema binds them; validators are of the classes here.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

#: Keys of ``Field.error_messages`` that are no wrong type.
_FIELD_CODES = {"required": "required", "validator_failed": "invalid_value"}


class Coded(str):
    """A message with the code of its fault; formatting keeps the code.

    Args:
        suggestions: what is allowed instead.
    """

    code: str
    suggestions: tuple[str, ...]

    def __new__(cls, message: str, code: str, suggestions: tuple[str, ...] = ()) -> Coded:
        coded = super().__new__(cls, message)
        coded.code, coded.suggestions = code, suggestions
        return coded

    def __deepcopy__(self, memo: object) -> Coded:  # schemas copy their fields
        return self

    def format(self, *args: object, **kwargs: object) -> Coded:
        return Coded(super().format(*args, **kwargs), self.code, self.suggestions)


def out_of_range(message: str) -> Coded:
    """Return a message about a size."""
    return Coded(message, "out_of_range")


class Length(validate.Length):
    """How long a text or a list may be."""

    message_min = out_of_range(validate.Length.message_min)
    message_max = out_of_range(validate.Length.message_max)
    message_all = out_of_range(validate.Length.message_all)
    message_equal = out_of_range(validate.Length.message_equal)


class Range(validate.Range):
    """Between which bounds a number lies."""

    message_min = out_of_range(validate.Range.message_min)
    message_max = out_of_range(validate.Range.message_max)
    message_all = out_of_range(validate.Range.message_all)


class OneOf(validate.OneOf):
    """Which words are allowed; they are the suggestions."""

    def _format_error(self, value: Any) -> Coded:
        words = tuple(str(choice) for choice in self.choices)
        return Coded(super()._format_error(value), "invalid_value", words)


def give_codes(field: fields.Field[Any]) -> None:
    """Let the messages of a field, and of the fields within it, carry their codes."""
    field.error_messages = {
        key: message
        if isinstance(message, Coded)
        else Coded(str(message), _FIELD_CODES.get(key, "invalid_type"))
        for key, message in field.error_messages.items()
    }
    for name in ("inner", "key_field", "value_field"):
        within = getattr(field, name, None)
        if isinstance(within, fields.Field):
            give_codes(within)


class CodedSchema(Schema):
    """A shape whose messages carry the codes of the contract."""

    error_messages: dict[str, str] = {  # noqa: RUF012 - so marshmallow has it
        "unknown": Coded("Unknown field.", "unknown_field"),
        "type": Coded("Invalid input type.", "invalid_type"),
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let the messages of a field carry their codes."""
        give_codes(field_obj)
