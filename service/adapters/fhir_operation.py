"""What ``$find-subject-tx-implications`` is asked, by an address or by a Parameters resource.

The operation is answered without any stored patient: the variants come with the question. What
needs stored results (ranges, test and specimen identifiers) is refused as not supported.

Source: OperationDefinition ``find-subject-tx-implications``, HL7 Genomics Reporting IG.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from service.adapters.fhir_in.codes import tumor_system
from service.adapters.fhir_out import FHIR_JSON, RELEASES, STU3, Release
from service.adapters.fhir_out.codes import LOINC, NCIT, RXNORM
from service.engine.tumors import ROOT
from service.errors import Fault

Json = dict[str, Any]
#: Parameter -> whether it may be repeated.
PARAMETERS: Mapping[str, bool] = {
    "subject": False,
    "variants": True,
    "conditions": True,
    "treatments": True,
    "genomicSourceClass": False,
    "release": False,
}
_NEEDS_STORED_RESULTS = frozenset(
    {
        "ranges",
        "haplotypes",
        "testIdentifiers",
        "testDateRange",
        "testDateRanges",
        "specimenIdentifiers",
    }
)
_SOURCE_CLASSES = {
    "somatic": True,
    f"{LOINC}|LA6684-0": True,
    "germline": False,
    f"{LOINC}|LA6683-2": False,
}
#: Values of ``_format`` that change nothing: only JSON is given.
_FORMATS = ("json", "application/json", FHIR_JSON, FHIR_JSON.replace("+", " "))
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_REFERENCE = re.compile(r"(?:urn:|https?://|[A-Z][A-Za-z]{1,40}/)\S{1,200}")
_VALUES = ("valueString", "valueUri", "valueCode", "valueId")
MAX_VALUES = 100


@dataclass(frozen=True, slots=True)
class Given:
    """A value of the question and where it stood (``?variants/0``, ``Parameters.parameter[1]``)."""

    name: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An understood question; the words of variants and conditions are not read yet."""

    subject: str
    variants: tuple[Given, ...]
    conditions: tuple[Given, ...]
    treatments: tuple[Given, ...]
    release: Release


class Drugs(Protocol):
    """Resolves drug names."""

    def find(self, name: str) -> str | None: ...
    def near(self, name: str) -> tuple[str, ...]: ...


def from_query(query: Iterable[tuple[str, str]]) -> list[Given]:
    """Return the values of an address; one parameter may hold several, with commas between."""
    given = []
    count: dict[str, int] = {}
    for name, text in query:
        parts = text.split(",") if PARAMETERS.get(name) else [text]
        for part in parts:
            number = count[name] = count.get(name, -1) + 1
            place = f"?{name[:80]}/{number}" if PARAMETERS.get(name) else f"?{name[:80]}"
            given.append(Given(name, part.strip(), place))
    return given


def from_parameters(document: Any) -> tuple[list[Given], list[Fault]]:
    """Return the values of a Parameters resource, and what has not the shape of one."""
    if not isinstance(document, dict) or document.get("resourceType") != "Parameters":
        return [], [Fault("", "invalid_type", "the body is a Parameters resource")]
    listed = document.get("parameter", [])
    if not isinstance(listed, list):
        return [], [Fault("Parameters.parameter", "invalid_type", "this is a list")]
    given, faults = [], []
    for index, item in enumerate(listed):
        place = f"Parameters.parameter[{index}]"
        name = item.get("name") if isinstance(item, dict) else None
        text = _text_of(item) if isinstance(item, dict) else None
        if not isinstance(name, str) or (text is None and name not in _NEEDS_STORED_RESULTS):
            message = "a parameter has a name and a valueString (a subject may be a valueReference)"
            faults.append(Fault(place, "invalid_type", message))
        else:
            given.append(Given(name, (text or "").strip(), place))
    return given, faults


def _text_of(item: Json) -> str | None:
    reference = item.get("valueReference")
    values = [item.get(name) for name in _VALUES]
    values.append(reference.get("reference") if isinstance(reference, dict) else None)
    return next((value for value in values if isinstance(value, str)), None)


def read_asked(given: Iterable[Given], *, in_body: bool) -> tuple[Asked | None, list[Fault]]:
    """Understand the parameters; ``None`` when any of them cannot be used.

    Args:
        in_body: they came as a Parameters resource, which is then the place of what is missing.
    """
    found: dict[str, list[Given]] = {name: [] for name in PARAMETERS}
    faults = []
    for value in given:
        if value.name in found:
            found[value.name].append(value)
        elif value.name != "_format" or value.text not in _FORMATS:
            faults.append(_unusable(value))
    faults += _faults_of_shape(found)
    for name in ("subject", "variants"):
        if not found[name]:
            place = "Parameters" if in_body else f"?{name}"
            faults.append(Fault(place, "required", f"{name} is needed"))
    release = found["release"][0].text if found["release"] else STU3.name
    if faults:
        return None, faults
    asked = Asked(
        subject=_reference(found["subject"][0].text),
        variants=tuple(found["variants"]),
        conditions=tuple(found["conditions"]),
        treatments=tuple(found["treatments"]),
        release=RELEASES[release],
    )
    return asked, []


def _unusable(value: Given) -> Fault:
    if value.name in _NEEDS_STORED_RESULTS:
        message = f"{value.name} needs stored results, and none are kept here; send variants"
        return Fault(value.place, "not_supported", message, ("variants",))
    message = "there is no such parameter here"
    return Fault(value.place, "unknown_parameter", message, tuple(PARAMETERS))


def _faults_of_shape(found: Mapping[str, list[Given]]) -> Iterator[Fault]:
    for name, values in found.items():
        if len(values) > (MAX_VALUES if PARAMETERS[name] else 1):
            code = "out_of_range" if PARAMETERS[name] else "repeated_parameter"
            yield _too_many(values[-1], code)
        for value in values:
            if not value.text:
                yield Fault(value.place, "required", f"{name} is empty")
    for value in found["subject"]:
        if value.text and not (_ID.fullmatch(value.text) or _REFERENCE.fullmatch(value.text)):
            message = "a subject is an identifier or a reference (Patient/1)"
            yield Fault(value.place, "invalid_value", message)
    for value in found["genomicSourceClass"]:
        if value.text not in _SOURCE_CLASSES:
            yield Fault(value.place, "invalid_value", "germline or somatic", ("somatic",))
        elif not _SOURCE_CLASSES[value.text]:
            message = "the knowledge here is about somatic findings; germline ones are not answered"
            yield Fault(value.place, "not_supported", message, ("somatic",))
    for value in found["release"]:
        if value.text not in RELEASES:
            yield Fault(value.place, "invalid_value", "no such release", tuple(RELEASES))


def _too_many(value: Given, code: str) -> Fault:
    if code == "out_of_range":
        return Fault(value.place, "out_of_range", f"at most {MAX_VALUES} values")
    return Fault(value.place, "repeated_parameter", "this parameter is given once")


def _reference(subject: str) -> str:
    return subject if _REFERENCE.fullmatch(subject) else f"Patient/{subject}"


def read_treatments(
    treatments: Iterable[Given], drugs: Drugs, records: Mapping[str, Json]
) -> tuple[frozenset[str], list[Fault]]:
    """Return the drugs that are meant by codes (``system|code``) or names, and what is unknown."""
    by_code = {
        (system, record[key]): name
        for name, record in records.items()
        for system, key in ((RXNORM, "rxnorm"), (NCIT, "ncit"))
        if record[key]
    }
    found, faults = set(), []
    for value in treatments:
        system, _, code = value.text.rpartition("|")
        name = by_code.get((system, code)) if system else drugs.find(code)
        if name is not None:
            found.add(name)
            continue
        near = drugs.near(code) if not system else ()
        message = f"{value.text[:120]!r} is no drug of this knowledge base"
        faults.append(Fault(value.place, "unknown_drug", message, near))
    return frozenset(found), faults


def read_condition(condition: Given | None) -> Any:
    """Return a condition as the tumour type of a v1 case; without one, the root of all types."""
    if condition is None:
        return ROOT
    system, _, code = condition.text.rpartition("|")
    if not system:
        return code
    return {"system": tumor_system(system, code) or system, "code": code}
