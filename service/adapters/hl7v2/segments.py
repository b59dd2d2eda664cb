"""The segments of a message with their fields, cut by the library ``hl7``.

What the library does not do is done before it (``wire``) and after it (``escapes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import hl7

from service.adapters.hl7v2.escapes import Delimiters
from service.adapters.hl7v2.wire import RawMessage
from service.errors import Fault, InputError

_DEFAULTS = "^~\\&"
#: What HL7 calls null: the receiver shall forget what it knows.
NULL = '""'


@dataclass(frozen=True, slots=True)
class Repetition:
    """One value of a field: its components, each with its sub-components, still escaped."""

    components: tuple[tuple[str, ...], ...]
    marks: Delimiters

    def text(self, number: int = 1) -> str:
        """Return a component, counted from 1; empty when there is none, and for HL7's null."""
        if not 0 < number <= len(self.components):
            return ""
        said = self.marks.subcomponent.join(self.components[number - 1])
        return "" if said.strip() == NULL else self.marks.unescaped(said).strip()

    @property
    def whole(self) -> str:
        """Return all of it as text."""
        parts = (self.marks.subcomponent.join(part) for part in self.components)
        return self.marks.unescaped(self.marks.component.join(parts)).strip()

    @property
    def is_null(self) -> bool:
        """Tell whether it is HL7's null."""
        return self.components == ((NULL,),)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a message.

    Args:
        place: ``OBX-3``: its name, and which of its name in the message it is.
        raw: as it came.
        fields: of the library, counted from 0 (the name).
    """

    name: str
    place: str
    raw: str
    fields: Any
    marks: Delimiters

    def repetitions(self, number: int) -> tuple[Repetition, ...]:
        """Return the values of a field; one that is not sent has none."""
        if number >= len(self.fields):
            return ()
        found = tuple(
            Repetition(tuple(_components(value)), self.marks) for value in self.fields[number]
        )
        return () if len(found) == 1 and found[0].components == (("",),) else found

    def text(self, number: int, component: int = 1) -> str:
        """Return a component of the first value of a field; empty when there is none."""
        found = self.repetitions(number)
        return found[0].text(component) if found else ""


def _components(value: Any) -> Iterator[tuple[str, ...]]:
    """Yield the components of a repetition; the library gives a text where there is one only."""
    if isinstance(value, str):
        yield (value,)
        return
    for part in value:
        yield (part,) if isinstance(part, str) else tuple(str(one) for one in part)


def read_segments(message: RawMessage, prefix: str = "") -> tuple[Segment, ...]:
    """Cut a message into segments.

    Args:
        prefix: of the places, when several messages came.

    Raises:
        InputError: its MSH does not say how it is parted.
    """
    header = message.lines[0]
    marks = _delimiters(header, message.codec)
    rest = header[4:].partition(marks.field)[2]
    signs = marks.component + marks.repetition + marks.escape + marks.subcomponent
    first = f"MSH{marks.field}{signs}{marks.field}{rest}"
    parsed = hl7.parse("\r".join((first, *message.lines[1:])))
    count: dict[str, int] = {}
    found = []
    for line, fields in zip(message.lines, parsed, strict=True):
        name = line[:3]
        count[name] = count.get(name, 0) + 1
        found.append(Segment(name, f"{prefix}{name}-{count[name]}", line, fields, marks))
    return tuple(found)


def _delimiters(header: str, codec: str) -> Delimiters:
    field = header[3:4]
    said = header[4:].partition(field)[0] if field else ""
    said = said.replace("\\\\", "\\")  # doubled by a program that wrote it down
    signs = (said + _DEFAULTS[len(said) :])[:4]
    all_signs = field + signs
    is_fine = bool(said) and len(set(all_signs)) == len(all_signs) == 5
    if not is_fine or any(sign.isalnum() or sign.isspace() for sign in all_signs):
        message = f"MSH does not say how the message is parted: {header[:12]!r}"
        raise InputError((Fault("MSH-1", "unreadable", message),))
    component, repetition, escape, subcomponent = tuple(signs)
    return Delimiters(field, component, repetition, escape, subcomponent, codec)
