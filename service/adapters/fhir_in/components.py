"""The components of a variant by their meaning, and the Observation's status and result.

One place decides what may enter a case at all: only a final, amended or corrected result does.
Source: FHIR R4, ObservationStatus; ``modifierExtension`` ("an application that does not
understand it must not use the element").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.elements import (
    Json,
    Value,
    child,
    concept,
    objects,
    short,
    text,
    value_of,
)
from service.adapters.fhir_in.outcome import Ignored, Notebook
from service.adapters.fhir_in.resources import MAX_REFERENCE, Resource

_USED = frozenset({"final", "amended", "corrected", "appended"})
#: Status -> reason word.
_APART = {
    "entered-in-error": "entered_in_error",
    "cancelled": "cancelled",
    "registered": "not_final",
    "preliminary": "not_final",
    "partial": "not_final",
    "unknown": "not_final",
}


@dataclass(frozen=True, slots=True)
class Component:
    """A component that is known here.

    Args:
        soft: it comes from another resource (MolecularConsequence) and may name another transcript.
    """

    name: str
    value: Value
    location: str
    soft: bool = False


Components = Mapping[str, list[Component]]


def components_of(resource: Resource, notebook: Notebook, *, soft: bool = False) -> Components:
    """Return the components of an Observation by name; what is odd about them is a warning."""
    found: dict[str, list[Component]] = {}
    for node, step in objects(resource.body, "component"):
        location = resource.at(step)
        code = concept(node.get("code"))
        named = codes.component_name(code)
        if named is None:
            if not code.codings:
                message = f"the component has no code: {short(code.text or 'no words either')}"
                notebook.ignored.append(ignored(resource, "no_code", message, location))
            continue
        if named.remark:
            notebook.warn("unexpected_code", named.remark, location)
        if "modifierExtension" in node:
            message = "a modifier extension that is not known here may change its meaning"
            notebook.ignored.append(ignored(resource, "modifier_extension", message, location))
            continue
        found.setdefault(named.name, []).append(
            Component(named.name, value_of(node), location, soft)
        )
    return found


def ignored(resource: Resource, reason: str, message: str, location: str | None = None) -> Ignored:
    """Return the entry of something of a resource that was not used."""
    place = location or resource.location
    return Ignored(place, resource.type, resource.reference, reason, message)


def status_reason(resource: Resource) -> tuple[str, str] | None:
    """Return (reason, message) when the status forbids to use a resource."""
    if "modifierExtension" in resource.body:
        message = "a modifier extension that is not known here may change its meaning"
        return "modifier_extension", message
    status = text(resource.body, "status").lower()
    if status in _USED or not status:
        return None
    reason = _APART.get(status, "not_final")
    return reason, f"its status is {short(status)}: it is no final result"


def result_of(resource: Resource, notebook: Notebook) -> codes.Word | None:
    """Return the word of an Observation's value; ``None`` when there is none that is known.

    Two codes that disagree give ``""``. A display that denies its code is a warning.
    """
    value = value_of(resource.body)
    differs = codes.display_differs(value.concept)
    if differs:
        message = f"the display {differs[:60]!r} is not what its code means; the code counts"
        notebook.warn("code_display_mismatch", message, resource.at("value"))
    return codes.result_word(value.concept, value.text)


def interpretation_of(node: Json) -> codes.Word | None:
    """Return the word of ``Observation.interpretation`` when all of them agree."""
    given = node.get("interpretation")
    items = given if isinstance(given, list) else [given]
    words = {codes.result_word(concept(item)) for item in items} - {None}
    return words.pop() if len(words) == 1 else None


def specimen_of(resource: Resource) -> str | None:
    """Return the specimen that an Observation names."""
    return text(child(resource.body, "specimen"), "reference")[:MAX_REFERENCE] or None


def day_of(resource: Resource) -> str | None:
    """Return the day of an Observation (YYYY-MM-DD, or less when less is said)."""
    started = text(child(resource.body, "effectivePeriod"), "start")
    said = text(resource.body, "effectiveDateTime") or text(resource.body, "effectiveInstant")
    return (said or started)[:10] or None
