"""A FHIR document to a case for each subject: which reader reads which resource.

Resources are recognised by their type and codes; what no reader wants is ignored with its reason,
and ``fates`` sees to it that everything has a fate.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from service.adapters.fhir_in import codes
from service.adapters.fhir_in.attempts import Tools, leave, put_apart
from service.adapters.fhir_in.classification import Significances
from service.adapters.fhir_in.components import ignored, status_reason
from service.adapters.fhir_in.consequences import Consequences
from service.adapters.fhir_in.elements import concept, objects, text, value_of
from service.adapters.fhir_in.fates import settle, texts_of
from service.adapters.fhir_in.genes import FhirVocabulary, GeneCodes
from service.adapters.fhir_in.hybridisation import read_hybridisation
from service.adapters.fhir_in.latest import keep_latest
from service.adapters.fhir_in.marker_tests import MarkerTests
from service.adapters.fhir_in.markers import HybridNumber, marker_parts, marker_test, read_marker
from service.adapters.fhir_in.mentions import named_genes
from service.adapters.fhir_in.missing import set_missing_apart
from service.adapters.fhir_in.outcome import FhirReading, Notebook, SubjectReading
from service.adapters.fhir_in.own_results import is_own_marker, read_own_marker
from service.adapters.fhir_in.patients import read_patient
from service.adapters.fhir_in.references import References
from service.adapters.fhir_in.reports import Reports
from service.adapters.fhir_in.resources import Resource, walk
from service.adapters.fhir_in.subjects import Subject, subjects_of
from service.adapters.fhir_in.tumors import TumorTypes
from service.adapters.fhir_in.variants import read_variant
from service.engine.reading import Item
from service.engine.vocabulary import MarkerTest

_HOLDERS = frozenset({"DiagnosticReport", "Composition"})
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
    subjects = subjects_of(walked.resources, tools.references, whole).values()
    for subject in subjects:
        read = _SubjectReader(tools, subject, tumor_type).read(today)
        readings += (replace(one, items=(*one.items, *walked.lost)) for one in read)
    if not readings:
        whole.warn("nothing_read", "the document says nothing about a subject", "")
    whole.items += walked.lost
    housed = {item.location for subject in subjects for item in subject.all_resources}
    settle((item for item in walked.resources if item.location not in housed), whole)
    return FhirReading(
        tuple(readings), tuple(whole.ignored), tuple(whole.warnings), tuple(whole.items)
    )


class _SubjectReader:
    """Reads the resources about one subject."""

    def __init__(self, tools: Tools, subject: Subject, tumor_type: Any) -> None:
        self._tools = tools
        self._subject = subject
        self._tumor_type = tumor_type
        self._notebook = Notebook()
        self._tumors = TumorTypes(tools, self._notebook)
        self._reports = Reports(tools, subject.resources)
        self._consequences = Consequences(tools, subject.resources)
        self._significances = Significances(tools, subject.resources)
        self._numbers: list[HybridNumber] = []

    def read(self, today: dt.date | None) -> list[SubjectReading]:
        """Return one reading for each tumour type, one without when none was found."""
        for resource in self._subject.resources:
            self._read(resource)
        self._consequences.leave_others(self._tools, self._notebook)
        read_hybridisation(self._tools, self._numbers, self._notebook)
        keep_latest(self._tools, self._notebook)
        set_missing_apart(self._tools, self._subject.resources, self._notebook)
        self._reports.read_texts(self._tools, self._notebook)
        settle(self._subject.all_resources, self._notebook)
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
        found = (item for item in self._notebook.items if item.fate == "finding")
        case["biomarkers"] = [item.given for item in found]
        if patient:
            case["patient"] = dict(patient)
        holder = self._subject.patient
        return SubjectReading(
            subject=self._subject.reference,
            case=case,
            items=tuple(self._notebook.items),
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
        elif not any(True for _ in texts_of(resource)) and resource.type not in _HOLDERS:
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
            self._leave_unused(resource, *apart)
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
            if self._consequences.has_variant(resource):  # read with it
                self._notebook.account(Item(resource.location, "", "context"))
        elif _is_variant(resource, self._notebook):
            consequences = self._consequences.of(resource)
            significances, notebook = self._significances, self._notebook
            read_variant(self._tools, resource, consequences, significances, notebook)
        else:
            self._read_other(resource)

    def _read_other(self, resource: Resource) -> None:
        """Read a marker test or a tumour type; leave every other Observation."""
        if is_own_marker(resource):
            read_own_marker(self._tools, resource, self._notebook)
            return
        code = concept(resource.body.get("code"))
        test = marker_test(self._tools, resource, self._notebook)
        parts = marker_parts(self._tools, resource, self._notebook)
        no_result = codes.code_in(code, codes.NO_RESULTS)
        if test is not None:
            self._read_marker(resource, test, parts)
        elif no_result is not None:
            self._leave(resource, "not_a_result", codes.NO_RESULTS[no_result.code])
        elif self._tumors.is_tumor_type(resource):
            self._read_tumor_observation(resource)
        elif parts:
            self._notebook.account(Item(resource.location, "", "context"))
            self._read_parts(resource, parts)
        else:
            self._leave_unknown(resource)

    def _read_tumor_observation(self, resource: Resource) -> None:
        if self._tumor_type is not None:
            self._leave(resource, "tumor_type_given", "the caller names the tumour type")
        elif self._tumors.read_observation(resource):
            self._notebook.account(Item(resource.location, "", "context"))
        else:
            message = "its tumour type is not known here"
            self._leave(resource, "unknown_tumor_type", message)

    def _read_marker(
        self, resource: Resource, test: MarkerTest, parts: list[tuple[Resource, MarkerTest]]
    ) -> None:
        """Read a marker test, and the tests among its components that were not read with it."""
        numbers = read_marker(self._tools, resource, test, self._notebook, is_panel=bool(parts))
        self._numbers += numbers
        taken = {number.location for number in numbers}
        self._read_parts(resource, [pair for pair in parts if pair[0].location not in taken])

    def _read_parts(self, resource: Resource, parts: list[tuple[Resource, MarkerTest]]) -> None:
        """Read components that are marker tests; what another component says is set apart."""
        for part, test in parts:
            self._numbers += read_marker(self._tools, part, test, self._notebook)
        read = {part.location for part, _ in parts} | {n.location for n in self._numbers}
        for node, step in objects(resource.body, "component"):
            place, code = resource.at(step), concept(node.get("code"))
            value = value_of(node)
            if place in read or value.is_missing or codes.component_name(code) is not None:
                continue
            said = " ".join((code.label, *value.strings))
            self._leave_unknown_part(resource, place, said)

    def _leave_unknown_part(self, resource: Resource, place: str, said: str) -> None:
        message = f"{said[:80]!r} is no test that is known here"
        genes = sorted(self._tools.genes.named_in_text(said))
        if genes:
            put_apart(
                self._notebook, resource, "unknown_test", message, place, gene=genes[0], text=said
            )
        else:
            leave(self._notebook, resource, "unknown_test", message, place, text=said)

    def _leave_unused(self, resource: Resource, reason: str, message: str) -> None:
        """Leave a result that may not be used; one that is not understood may matter."""
        genes = named_genes(self._tools, resource)
        is_result = bool(genes.covered) or (_has_variant_code(resource) and not genes.others)
        if reason == "modifier_extension" and is_result:
            gene, said = min(genes.covered, default=None), genes.said
            put_apart(self._notebook, resource, "modifier_extension", message, gene=gene, text=said)
        else:
            self._leave(resource, reason, message)

    def _leave_unknown(self, resource: Resource) -> None:
        label = concept(resource.body.get("code")).label or "a test without a code"
        message = f"{label!r} is no test that is known here"
        genes = named_genes(self._tools, resource)
        if genes.covered:
            gene = min(genes.covered)
            put_apart(self._notebook, resource, "unknown_test", message, gene=gene, text=genes.said)
        else:
            self._leave(resource, "unknown_test", message)


def _has_variant_code(resource: Resource) -> bool:
    code = concept(resource.body.get("code"))
    return codes.code_in(code, frozenset({codes.VARIANT})) is not None


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
