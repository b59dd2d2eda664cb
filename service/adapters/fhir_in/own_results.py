"""Markers that this service wrote itself, read back by their names.

A Bundle of ``fhir_out`` codes each marker in a system of its own, and gives the name of the finding
as the text of its value: the name says what LOINC's codes do, and what they cannot (ultralow, a
combined score).
"""

from __future__ import annotations

from service.adapters.fhir_in.attempts import Tools, attempt, keep, put_apart_as_refused
from service.adapters.fhir_in.elements import concept, objects, text, value_of
from service.adapters.fhir_in.outcome import Notebook
from service.adapters.fhir_in.resources import Resource
from service.adapters.fhir_out.codes import MARKERS, TUMOR

_TUMOR_TYPE = TUMOR[1]


def is_own_marker(resource: Resource) -> bool:
    """Tell whether an Observation is a marker that ``fhir_out`` wrote."""
    codings = concept(resource.body.get("code")).codings
    return any(c.system == MARKERS and c.code != _TUMOR_TYPE for c in codings)


def read_own_marker(tools: Tools, resource: Resource, notebook: Notebook) -> None:
    """Read a marker by the name of its finding."""
    words = [(value_of(resource.body).concept.text, resource.at("value"))]
    for node, step in objects(resource.body, "interpretation"):
        words.append((text(node, "text"), resource.at(step)))
    name, location = next(((said, place) for said, place in words if said), ("", ""))
    tried = attempt(tools, None, name)
    if tried.error is None:
        keep(notebook, resource, tried, location=location, read_from="own_marker")
        return
    message = f"{name[:60]!r} is not understood: {tried.error.message}"
    place = location or resource.location
    put_apart_as_refused(notebook, resource, tried.error, place, message)
