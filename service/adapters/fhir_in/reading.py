"""A FHIR document to a case for each subject: which reader reads which resource.

Resources are recognised by their type and codes; what no reader wants is ignored with its reason.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import Tools, put_apart
from service.adapters.fhir_in.components import components_of, ignored, status_reason
from service.adapters.fhir_in.consequences import Consequences
from service.adapters.fhir_in.elements import concept, objects, text
from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.hybridisation import read_hybridisation
from service.adapters.fhir_in.marker_tests import MarkerTests
from service.adapters.fhir_in.markers import HybridNumber, marker_test, read_marker
from service.adapters.fhir_in.outcome import FhirReading, Notebook, SubjectReading
from service.adapters.fhir_in.own_results import is_own_marker, read_own_marker
from service.adapters.fhir_in.patients import read_patient
from service.adapters.fhir_in.references import References
from service.adapters.fhir_in.reports import Reports
from service.adapters.fhir_in.resources import Resource, walk
from service.adapters.fhir_in.subjects import Subject, subjects_of
from service.adapters.fhir_in.tumors import TumorTypes
from service.adapters.fhir_in.variants import read_variant

_NO_TUMOR = (
    "no tumour type was found in a Condition, the reason of a request, an Observation with an "
    "OncoTree code, or the context of an implication"
)


def read_fhir(
    vocabulary: FhirVocabulary,
    document: Any,
    *,
    tumor_type: Any = None,
    today: dt.date | None = None,
) -> FhirReading:
    """Read a FHIR R4 document: Observation, DiagnosticReport, Bundle, Condition or Parameters.

    Args:
        document: parsed JSON, of any shape.
        tumor_type: of every subject; the places of the document are then not looked at.
        today: day on which the age of a Patient is counted; without it no age is read.

    Returns:
        The subjects in order of appearance; may be empty.

    Raises:
        InputError: the document is of no type that is read, or exceeds the bounds. Everything else
            that is wrong is in ``ignored`` and ``warnings``.
    """
    walked = walk(document)
    tools = Tools(
        vocabulary,
        GeneCodes(vocabulary),
        References(walked.resources),
        MarkerTests(vocabulary.marker_tests),
    )
    whole = Notebook(ignored=walked.ignored, warnings=dict.fromkeys(walked.warnings))
    readings: list[SubjectReading] = []
    for subject in subjects_of(walked.resources, tools.references, whole).values():
        readings += _SubjectReader(tools, subject, tumor_type).read(today)
    if not readings:
        whole.warn("nothing_read", "the document says nothing about a subject", "")
    return FhirReading(tuple(readings), tuple(whole.ignored), tuple(whole.warnings))


class _SubjectReader:
    """Reads the resources about one subject."""

    def __init__(self, tools: Tools, subject: Subject, tumor_type: Any) -> None:
        self._tools = tools
        self._subject = subject
        self._tumor_type = tumor_type
        self._notebook = Notebook()
        self._tumors = TumorTypes(tools, self._notebook)
        self._reports = Reports(tools, subject.resources, self._notebook)
        self._consequences = Consequences(tools, subject.resources)
        self._numbers: list[HybridNumber] = []

    def read(self, today: dt.date | None) -> list[SubjectReading]:
        """Return one reading for each tumour type, one without when none was found."""
        for resource in self._subject.resources:
            self._read(resource)
        self._consequences.leave_others(self._notebook)
        read_hybridisation(self._tools, self._numbers, self._notebook)
        patient = read_patient(self._subject.patient, today)
        if self._tumor_type is not None:
            return [self._reading(patient, self._tumor_type, "")]
        chosen = self._tumors.choose()
        if not chosen:
            self._notebook.warn("no_tumor_type", _NO_TUMOR, "")
            return [self._reading(patient, None, "")]
        return [self._reading(patient, f.candidate.given, f.location) for f in chosen]

    def _reading(self, patient: Any, tumor_type: Any, place: str) -> SubjectReading:
        case: dict[str, Any] = {} if tumor_type is None else {"tumor_type": tumor_type}
        case["biomarkers"] = list(self._notebook.biomarkers)
        if patient:
            case["patient"] = dict(patient)
        holder = self._subject.patient
        return SubjectReading(
            subject=self._subject.reference,
            case=case,
            places=dict(self._notebook.places),
            sources=dict(self._notebook.sources),
            tumor_place=place,
            extracted=tuple(self._notebook.extracted),
            ignored=tuple(self._notebook.ignored),
            warnings=tuple(self._notebook.warnings),
            patient=holder.body if holder else None,
        )

    def _leave(self, resource: Resource, reason: str, message: str) -> None:
        self._notebook.ignored.append(ignored(resource, reason, message))

    def _read(self, resource: Resource) -> None:
        if resource.type == "Observation":
            self._read_observation(resource)
        elif resource.type == "FamilyMemberHistory":
            self._leave(resource, "family_history", "it is about a relative")
        elif resource.type in ("Condition", "ServiceRequest"):
            self._read_tumor(resource)
        elif resource.type not in ("DiagnosticReport", "Composition"):
            message = f"{resource.type[:40]} says nothing about a biomarker or a tumour type"
            self._leave(resource, "not_read", message)

    def _read_tumor(self, resource: Resource) -> None:
        if self._tumor_type is not None:
            self._leave(resource, "tumor_type_given", "the caller names the tumour type")
        elif resource.type == "Condition":
            self._tumors.read_condition(resource)
        elif self._reports.asks_for(resource):
            self._tumors.read_request(resource)
        else:
            self._leave(resource, "not_linked", "no result or report is based on this request")

    def _read_observation(self, resource: Resource) -> None:
        apart = status_reason(resource) or self._reports.why_void(resource)
        if apart is not None:
            self._leave(resource, *apart)
            return
        if not text(resource.body, "status"):
            message = "it has no status; read as a final result"
            self._notebook.warn("status_missing", message, resource.location)
        code = concept(resource.body.get("code"))
        if codes.code_in(code, codes.IMPLICATIONS):
            message = "an implication asserts what a result means; it is no result"
            self._leave(resource, "assertion_not_finding", message)
            if self._tumor_type is None:
                self._tumors.read_context(resource)
        elif codes.code_in(code, frozenset({codes.CONSEQUENCE})):
            return  # read with its variant
        elif _is_variant(resource, self._notebook):
            read_variant(self._tools, resource, self._consequences.of(resource), self._notebook)
        else:
            self._read_other(resource)

    def _read_other(self, resource: Resource) -> None:
        """Read a marker test or a tumour type; leave every other Observation."""
        if is_own_marker(resource):
            read_own_marker(self._tools, resource, self._notebook)
            return
        code = concept(resource.body.get("code"))
        test = marker_test(self._tools, resource, self._notebook)
        no_result = codes.code_in(code, codes.NO_RESULTS)
        if test is not None:
            self._numbers += read_marker(self._tools, resource, test, self._notebook)
        elif no_result is not None:
            self._leave(resource, "not_a_result", codes.NO_RESULTS[no_result.code])
        elif self._tumor_type is None and self._tumors.read_observation(resource):
            return
        elif not self._read_panel(resource):
            self._leave_unknown(resource)

    def _read_panel(self, resource: Resource) -> bool:
        """Read components that are marker tests themselves; tell whether there are any."""
        found = False
        for node, step in objects(resource.body, "component"):
            part = replace(resource, body={**resource.body, **node}, location=resource.at(step))
            if "component" not in node:
                part.body.pop("component")
            test = marker_test(self._tools, part, self._notebook)
            if test is not None:
                found = True
                self._numbers += read_marker(self._tools, part, test, self._notebook)
        return found

    def _leave_unknown(self, resource: Resource) -> None:
        label = concept(resource.body.get("code")).label or "a test without a code"
        message = f"{label!r} is no test that is known here"
        parts = components_of(resource, Notebook()).get("gene", ())
        if any(self._tools.genes.read(part.value).symbol for part in parts):
            put_apart(self._notebook, resource, "unknown_test", message)
        else:
            self._leave(resource, "unknown_test", message)


def _is_variant(resource: Resource, notebook: Notebook) -> bool:
    """Tell whether an Observation is a Variant, by its code or, with a warning, by its display."""
    code = concept(resource.body.get("code"))
    named = codes.code_in(code, frozenset({codes.VARIANT}))
    if named is not None:
        if named.remark:
            notebook.warn("unexpected_code", named.remark, resource.at("code"))
        return True
    display = next((w for w in code.words if w.lower() in codes.VARIANT_DISPLAYS), None)
    if display is not None:
        message = f"read by its display {display!r}; its code is not known"
        notebook.warn("unexpected_code", message, resource.at("code"))
    return display is not None
