"""Measurements of a Phenopacket to items: each is read as the laboratory test that it is in FHIR.

An assay is known by its code or its label, a value by its ontology class or its quantity; a
measurement that is no test of a marker is set apart by name. Of two results of one marker that
contradict each other the later one counts, where both have a timestamp.

Source: GA4GH Phenopacket Schema 2.0, Measurement, Value, ComplexValue, TimeElement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from service.adapters.fhir_in import SubjectReading, read_fhir
from service.adapters.fhir_in.genes import FhirVocabulary
from service.adapters.v1.notice import Notice
from service.engine.reading import Item

Json = dict[str, Any]
#: Prefix of a CURIE, in lower case -> address of its code system.
_SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomedct": "http://snomed.info/sct",
    "snomed": "http://snomed.info/sct",
    "sctid": "http://snomed.info/sct",
}
_PERCENT = frozenset({"percent", "percentage", "%"})
_PLACE = re.compile(
    r"Bundle\.entry\[(?P<entry>\d+)\]\.resource(?:\.component\[(?P<part>\d+)\])?(?P<value>\.value)?"
)


def read_measurements(
    vocabulary: FhirVocabulary, measurements: Sequence[tuple[Json, str]]
) -> tuple[tuple[Item, ...], tuple[Notice, ...]]:
    """Read measurements.

    Args:
        measurements: each with its JSON pointer.

    Returns:
        Their items, and what must be said about how they were read.
    """
    told = [pair for pair in measurements if not _is_unfilled(pair[0])]
    items = [
        _unfilled(vocabulary, measurement, place)
        for measurement, place in measurements
        if _is_unfilled(measurement)
    ]
    notices = [Notice("ambiguous_result", item.message, item.place) for item in items]
    if told:
        entries = [{"resource": _observation(measurement)} for measurement, _ in told]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        (reading,) = read_fhir(vocabulary, bundle, tumor_type="TISSUE").subjects
        items += _items(reading, told)
        notices += _notices(reading, told)
    return tuple(items), tuple(notices)


def _is_unfilled(measurement: Json) -> bool:
    """Tell whether a quantity has a unit and no number.

    ProtoJSON leaves a number of 0 out, and so does a program that had no number.
    """
    quantity = _child(_child(measurement, "value"), "quantity")
    return bool(quantity) and "value" not in quantity


def _unfilled(vocabulary: FhirVocabulary, measurement: Json, place: str) -> Item:
    text = labels_of(measurement)
    covered = vocabulary.reader.names.all_in(text)
    gene = covered[0].symbol if covered else None
    message = f"the quantity of {text[:80] or 'a measurement'} has no number: 0, or not filled in"
    return Item(
        place, text, "set_apart", reason="ambiguous_result", message=message, gene=gene,
        may_matter=gene is not None,
    )  # fmt: skip


def _items(reading: SubjectReading, given: Sequence[tuple[Json, str]]) -> Iterator[Item]:
    for item in reading.items:
        measurement, place = _at(item.place, given)
        yield replace(item, place=place, text=item.text or labels_of(measurement))


def _notices(reading: SubjectReading, given: Sequence[tuple[Json, str]]) -> Iterator[Notice]:
    warned = {warning.location for warning in reading.warnings}
    for warning in reading.warnings:
        place = _at(warning.location, given)[1]
        yield Notice(warning.code, warning.message, place, warning.suggestions)
    for item in reading.items:
        if item.fate == "set_apart" and item.place not in warned:
            measurement, place = _at(item.place, given)
            message = f"not used: {labels_of(measurement)}: {item.message}"
            yield Notice("not_used", message, place)


def _at(location: str, given: Sequence[tuple[Json, str]]) -> tuple[Json, str]:
    """Return the measurement that a location lies in, and the JSON pointer of the location."""
    found = _PLACE.match(location)
    if found is None:
        return {}, location
    measurement, place = given[int(found["entry"])]
    if found["part"] is not None:
        place = f"{place}/complexValue/typedQuantities/{found['part']}"
    elif found["value"]:
        place = f"{place}/value"
    return measurement, place


def _observation(measurement: Json) -> Json:
    value = _child(measurement, "value")
    typed = _child(measurement, "complexValue").get("typedQuantities")
    parts = [part for part in typed if isinstance(part, dict)] if isinstance(typed, list) else []
    observed = _child(measurement, "timeObserved").get("timestamp")
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": _concept(_child(measurement, "assay")),
        **_value(value),
        **({"effectiveDateTime": observed} if isinstance(observed, str) else {}),
        "component": [{"code": _concept(_child(part, "type")), **_value(part)} for part in parts],
    }


def _value(node: Json) -> Json:
    """Return the value of an Observation: a quantity of 0 is a value like every other."""
    quantity = _child(node, "quantity")
    if "value" in quantity:
        unit = _child(quantity, "unit")
        identifier, label = (unit.get(key) for key in ("id", "label"))
        words = label if isinstance(label, str) else ""
        if isinstance(identifier, str) and identifier.upper().startswith("UCUM:"):
            words = identifier.partition(":")[2]
        bare = "%" if words.strip().lower() in _PERCENT else words
        return {"valueQuantity": {"value": quantity["value"], "unit": bare}}
    coded = _concept(_child(node, "ontologyClass"))
    return {"valueCodeableConcept": coded} if coded else {}


def _concept(term: Json) -> Json:
    """Return an ontology class as a CodeableConcept."""
    identifier, label = term.get("id"), term.get("label")
    prefix, colon, code = identifier.partition(":") if isinstance(identifier, str) else ("", "", "")
    if not colon:
        prefix, code = "", prefix
    coding = {"system": _SYSTEMS.get(prefix.lower(), prefix), "code": code} if code else None
    text = {"text": label} if isinstance(label, str) and label else {}
    return {**({"coding": [coding]} if coding else {}), **text}


def _child(node: Json, key: str) -> Json:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def labels_of(part: Any, depth: int = 0) -> str:
    """Return the labels in a part, for a message."""
    if not isinstance(part, dict) or depth > 4:
        return ""
    own = part.get("label")
    below = (labels_of(value, depth + 1) for value in part.values())
    found = [own if isinstance(own, str) else "", *below]
    return ", ".join(word for word in found if word)[:200]
