"""Elements of FHIR JSON, read with guards: whatever has another type is as if it were not there.

A tolerant reader cannot trust a schema: a list may be an object, a number may be text. Nothing
here raises. Source: FHIR R4 (4.0.1), data types CodeableConcept, Coding, Quantity, Ratio, Range.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of a concept; what is missing is empty."""

    system: str = ""
    code: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A CodeableConcept: its codings and the words that the user chose."""

    codings: tuple[Coding, ...] = ()
    text: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words for a reader, the user's own first."""
        found = (self.text, *(coding.display for coding in self.codings))
        return tuple(dict.fromkeys(word for word in found if word))

    @property
    def label(self) -> str:
        """Return the words for a message, else the codes; cut to a readable length."""
        codes = (f"{coding.system}|{coding.code}" for coding in self.codings)
        return (", ".join(self.words) or ", ".join(codes))[:80]

    def __bool__(self) -> bool:
        return bool(self.codings or self.text)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; the UCUM code when there is one."""

    value: float
    unit: str = ""
    comparator: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """The ``value[x]`` of an observation or component, whichever type it has."""

    concept: Concept = Concept()
    text: str = ""
    quantity: Quantity | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_missing(self) -> bool:
        """Tell whether nothing that can be read stands there."""
        return self == Value()

    @property
    def strings(self) -> tuple[str, ...]:
        """Return every text of the value: codes first, then displays and words."""
        codes = (coding.code for coding in self.concept.codings)
        found = (*codes, *(c.display for c in self.concept.codings), self.concept.text, self.text)
        return tuple(dict.fromkeys(word for word in found if word))


def objects(node: Any, key: str) -> Iterator[tuple[Json, str]]:
    """Yield the objects of a list below a node with their step (``component[1]``)."""
    values = node.get(key) if isinstance(node, dict) else None
    if isinstance(values, dict):
        values = [values]
    if isinstance(values, list):
        for index, value in enumerate(values):
            if isinstance(value, dict):
                yield value, f"{key}[{index}]"


def child(node: Any, key: str) -> Json:
    """Return the object below a node; an empty one when there is none."""
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, dict) else {}


def text(node: Any, key: str) -> str:
    """Return a text below a node, trimmed; empty when there is none."""
    value = node.get(key) if isinstance(node, dict) else None
    return value.strip() if isinstance(value, str) else ""


def number(value: Any) -> float | None:
    """Return a finite number, also one that was sent as text (``"0.066"``)."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def concept(node: Any) -> Concept:
    """Return a CodeableConcept; a bare Coding is read too."""
    if not isinstance(node, dict):
        return Concept()
    codings = tuple(_coding(item) for item, _ in objects(node, "coding"))
    if not codings and "code" in node:
        codings = (_coding(node),)
    return Concept(tuple(c for c in codings if c != Coding()), text(node, "text"))


def _coding(node: Json) -> Coding:
    code = node.get("code")  # some systems send ids as numbers
    is_id = isinstance(code, int) and not isinstance(code, bool)
    return Coding(
        text(node, "system"), str(code) if is_id else text(node, "code"), text(node, "display")
    )


def value_of(node: Json) -> Value:
    """Return the value of an observation or component."""
    words = text(node, "valueString") or text(node, "valueCode") or text(node, "valueMarkdown")
    for key in ("valueInteger", "valueDecimal"):
        found = number(node.get(key))
        if found is not None:
            return Value(quantity=Quantity(found))
    if isinstance(node.get("valueBoolean"), bool):
        words = "present" if node["valueBoolean"] else "absent"
    coded = concept(node.get("valueCodeableConcept")) or concept(node.get("valueCoding"))
    bounds = child(node, "valueRange")
    return Value(
        concept=coded,
        text=words,
        quantity=quantity(node.get("valueQuantity")) or ratio(node.get("valueRatio")),
        low=number(child(bounds, "low").get("value")),
        high=number(child(bounds, "high").get("value")),
    )


def quantity(node: Any) -> Quantity | None:
    """Return a Quantity that has a number."""
    found = number(node.get("value")) if isinstance(node, dict) else None
    if found is None:
        return None
    return Quantity(found, text(node, "code") or text(node, "unit"), text(node, "comparator"))


def ratio(node: Any) -> Quantity | None:
    """Return a Ratio as the number that it is."""
    above = quantity(child(node, "numerator"))
    below = quantity(child(node, "denominator"))
    if above is None or (below is not None and below.value == 0):
        return None
    if above.comparator or (below is not None and below.comparator):
        return None
    return Quantity(above.value / below.value if below else above.value)


def short(words: Any) -> str:
    """Return words for a message, cut to a readable length."""
    return str(words)[:80]
